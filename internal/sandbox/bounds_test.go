package sandbox

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A page that is read costs nothing; each change counts, by hand or by a program.
func TestChangesAreCountedAndReadingIsNot(t *testing.T) {
	s, err := New("", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	for path, change := range map[string]string{"/open/trouble": "POST", "/sandbox/apps/1": "DELETE"} {
		s.changes = newAllowance(0, 2)
		ask := func(method string) *httptest.ResponseRecorder {
			r := httptest.NewRequest(method, "http://127.0.0.1:1"+path, nil)
			r.AddCookie(&http.Cookie{Name: "cozejwt_session_1", Value: s.session})
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			return w
		}
		for _, method := range []string{"GET", change, "GET", change, "GET"} {
			if ask(method).Code == http.StatusTooManyRequests {
				t.Errorf("%s %s is too many", method, path)
			}
		}
		if w := ask(change); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "1" {
			t.Errorf("the third %s %s: HTTP %d, retry after %q", change, path, w.Code, w.Header().Get("Retry-After"))
		}
	}
}

func TestWhatHasExpiredTakesNoMemory(t *testing.T) {
	now := time.Now()
	s, err := New("", func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	for n := range 5000 {
		now = now.Add(time.Second)
		s.granted[strconv.Itoa(n)] = grant{until: now.Add(time.Minute)}
		if err := s.useOnce(strconv.Itoa(n), now.Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	if len(s.used) > 1024 || len(s.granted) > 1024 {
		t.Errorf("after 5,000 exchanges it holds %d assertions and %d tokens", len(s.used), len(s.granted))
	}
	if s.tidy(); s.used["4999"].IsZero() || s.granted["4999"].until.IsZero() {
		t.Error("what has not expired is gone")
	}
}

// Each use pays for few others: what is still good is not gone through again and again.
func TestWhatIsGoodIsGoneThroughSeldom(t *testing.T) {
	now := time.Now()
	s, err := New("", func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	for n := range 3000 {
		if err := s.useOnce(strconv.Itoa(n), now.Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	if s.tidyAt != 4096 || len(s.used) != 3000 {
		t.Errorf("it holds %d and goes through them at %d", len(s.used), s.tidyAt)
	}
}

func TestTheJournalKeepsNoMoreThanTwiceWhatItShows(t *testing.T) {
	var j journal
	for range 10 * journalSize {
		j.add(Request{})
		if len(j.requests) > 2*journalSize {
			t.Fatalf("it holds %d", len(j.requests))
		}
	}
	if all := j.all(); len(all) != journalSize || all[0].ID != 10*journalSize {
		t.Errorf("it shows %d, the first is %d", len(all), all[0].ID)
	}
}

func TestASlowFollowerDoesNotHoldTheJournalUp(t *testing.T) {
	var j journal
	added, stop, ok := j.watch()
	if !ok {
		t.Fatal("it cannot be followed")
	}
	for range journalSize + 10 {
		j.add(Request{}) // returns though nobody reads
	}
	if first := <-added; first.ID != 1 || len(added) != journalSize-1 {
		t.Errorf("the first is %d, and %d wait", first.ID, len(added))
	}
	for range maxWatchers - 1 {
		if _, _, ok := j.watch(); !ok {
			t.Error("it cannot be followed by as many as may")
		}
	}
	if _, _, ok := j.watch(); ok {
		t.Error("more follow it than may")
	}
	stop()
	if _, _, ok := j.watch(); !ok {
		t.Error("who has stopped still follows it")
	}
}

func TestAJTIIsUsedOnceByItsIssuer(t *testing.T) {
	if onceKey("1", "x") == onceKey("2", "x") {
		t.Error("two issuers share their jtis")
	}
	if again := onceKey("1", "x"); again == onceKey("1", "y") || again != onceKey("1", "x") {
		t.Error("an issuer's jtis are not told apart")
	}
	if n := len(onceKey("1", strings.Repeat("x", 100_000))); n > 64 {
		t.Errorf("a long jti is kept in %d bytes", n)
	}
}

func TestAnAllowanceIsFullAtFirstAndComesBack(t *testing.T) {
	now := time.Now()
	a := newAllowance(2, 3)
	for i, step := range []struct {
		later time.Duration
		want  bool
	}{
		{0, true},
		{0, true},
		{0, true},
		{0, false},
		{400 * time.Millisecond, false},
		{100 * time.Millisecond, true},
		{0, false},
		{-time.Hour, false},
		{500 * time.Millisecond, true},
		{time.Hour, true},
		{0, true},
		{0, true},
		{0, false},
	} {
		if now = now.Add(step.later); a.take(now) != step.want {
			t.Errorf("step %d: not %t", i, step.want)
		}
	}
}
