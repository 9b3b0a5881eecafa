package setup_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cozejwt/internal/coze"
	"cozejwt/internal/setup"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testplan"
	"cozejwt/keygen"
)

const wrongKeyID = "_zzz-fghijklmnopqrstuvwxyz0123456789ABCDEFG"

// refused sets up a second app with a Key ID that nobody knows, up to the
// refusal.
func refused(t *testing.T, w *testplan.World, source string) *setup.Setup {
	t.Helper()
	s := w.Setup()
	app := s.AppID
	testplan.Must(t, testplan.Do(s, "region", map[string]string{"region": "custom", "api_base": w.Coze.Base}))
	testplan.Must(t, testplan.Do(s, "app", nil))
	testplan.Must(t, testplan.Do(s, "key", map[string]string{"key_source": source, "replace_key": "yes"}))
	testplan.Must(t, testplan.Do(s, "upload", nil))
	testplan.Must(t, testplan.Do(s, "app_id", map[string]string{"app_id": app}))
	testplan.Must(t, testplan.Do(s, "key_id", map[string]string{"key_id": wrongKeyID}))
	testplan.Must(t, testplan.Do(s, "review", testplan.Yes))
	err := testplan.Do(s, "test", nil)
	if _, ok := errors.AsType[*coze.Refusal](err); !ok {
		t.Fatalf("the test says %v", err)
	}
	s.Fail(s.Index("test"), s.Diagnose(err))()
	return s
}

func TestARefusedSetupIsTakenBack(t *testing.T) {
	for _, source := range []string{"reuse", "make"} {
		t.Run(source, func(t *testing.T) {
			w := testplan.Created(t)
			before := w.Read(".env")
			s := refused(t, w, source)
			if !strings.Contains(w.Read(".env"), wrongKeyID) || !s.CanUndo() {
				t.Fatal("the review did not write, or there is no way back")
			}
			testplan.Must(t, s.Restore())
			if after := w.Read(".env"); after != before {
				t.Errorf(".env is\n%s, want\n%s", after, before)
			}
			testplan.Must(t, w.Works(".env"))
			if left, _ := filepath.Glob(w.Path(".env.*")); left != nil {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestTheCredentialsThatASetupReplacesAreKeptAsAProfileThatWorks(t *testing.T) {
	for _, source := range []string{"reuse", "make"} {
		t.Run(source, func(t *testing.T) {
			w := testplan.Created(t)
			s := refused(t, w, source)
			if s.Kept == "" {
				t.Fatal("nothing was kept")
			}
			testplan.Must(t, w.Works(filepath.Base(s.Kept)))
			s.KeepRefused = true // and leaving does not change that
			testplan.Must(t, s.Restore())
			if !strings.Contains(w.Read(".env"), wrongKeyID) {
				t.Error("the new values are gone")
			}
		})
	}
}

func TestWhatSomeoneElseHasWrittenIsNotTakenBack(t *testing.T) {
	w := testplan.Created(t)
	s := refused(t, w, "reuse")
	w.Write(".env", w.Read(".env")+"OTHER=1\n")
	if err := s.Restore(); !errors.Is(err, setup.ErrNotRestored) {
		t.Errorf("error is %v", err)
	}
	if !strings.Contains(w.Read(".env"), "OTHER=1") {
		t.Error("the other program's line is gone")
	}
	testplan.Must(t, w.Works(filepath.Base(s.Kept)))
}

// What was complete does not leave the .env for what nobody has seen to work.
func TestCredentialsThatWereNotSeenToWorkGiveWay(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*testplan.World, *setup.Setup)
		back   bool
	}{
		"refused":                  {func(*testplan.World, *setup.Setup) {}, true},
		"unreachable":              {func(_ *testplan.World, s *setup.Setup) { s.Client = &http.Client{Transport: nobody{}} }, true},
		"the test is left out":     {func(_ *testplan.World, s *setup.Setup) { s.Skipped = true }, false},
		"kept on demand":           {func(_ *testplan.World, s *setup.Setup) { s.KeepRefused = true }, false},
		"nothing was there before": {nil, false},
	} {
		w := testplan.Created(t)
		if test.change == nil {
			w = testplan.New(t)
		}
		before, _ := os.ReadFile(w.Env())
		s := w.Setup()
		w.Custom(s, testkey.AppID, wrongKeyID)
		if test.change != nil {
			test.change(w, s)
		}
		testplan.Must(t, testplan.Do(s, "review", testplan.Yes))
		if !s.Skipped {
			if err := testplan.Do(s, "test", nil); err == nil {
				t.Fatalf("%s: a token was issued", name)
			}
		}
		testplan.Must(t, s.Restore())
		if after := w.Read(".env"); (after == string(before)) != test.back {
			t.Errorf("%s: .env is\n%s", name, after)
		}
	}
}

// A file that cannot be written leaves none that was written before it.
func TestAReviewThatCannotBeWrittenChangesNothing(t *testing.T) {
	for name, create := range map[string]func(*testing.T) *testplan.World{"over credentials": testplan.Created, "the first": testplan.New} {
		w := create(t)
		w.Write(".env.example", "A=\n")
		before, _ := os.ReadFile(w.Env())
		s := w.Setup()
		w.Custom(s, testkey.AppID, wrongKeyID)
		testplan.Must(t, testplan.Arrive(s, "review"))
		w.Write(".env.example", "A=\nB=\n")
		s.Accepted = true
		if err := testplan.Step(s, "review").Work().Do(t.Context()); err == nil || s.Written {
			t.Errorf("%s: error is %v", name, err)
		}
		if now, _ := os.ReadFile(w.Env()); string(now) != string(before) {
			t.Errorf("%s: .env is\n%s", name, now)
		}
		if left, _ := filepath.Glob(w.Path(".env.*")); len(left) != 1 {
			t.Errorf("%s: left are %v", name, left)
		}
	}
}

// nobody is a network without a host.
type nobody struct{}

func (nobody) RoundTrip(*http.Request) (*http.Response, error) { return nil, errors.New("no route") }

func TestARefusedRunIsResumedWhereTheRefusalIsFixed(t *testing.T) {
	w := testplan.New(t)
	s := w.Setup()
	w.Custom(s, testkey.AppID, testkey.KeyID)
	testplan.Must(t, testplan.Do(s, "review", testplan.Yes))
	err := testplan.Do(s, "test", nil)
	s.Fail(s.Index("test"), s.Diagnose(err))()
	next := w.Setup()
	if got := testplan.Resume(t, next, next.FindDraft()); got != s.Steps[s.StepToFix(s.Diagnose(err).FixAt())].ID {
		t.Errorf("resumed at %s", got)
	}
	testplan.Must(t, testplan.Do(next, "app_id", nil))
	testplan.Must(t, testplan.Do(next, "key_id", nil))
	testplan.Must(t, testplan.Arrive(next, "review"))
	if id := testplan.Step(next, "review").Says()[0].ID; id != "review.written" {
		t.Error("the review says that nothing was written")
	}
	testplan.Must(t, testplan.Do(next, "key_id", map[string]string{"key_id": wrongKeyID}))
	testplan.Must(t, testplan.Do(next, "review", testplan.Yes))
	if left, _ := filepath.Glob(w.Path(".env.*")); left != nil || next.CanUndo() {
		t.Errorf("this run's own refused values were kept: %v", left)
	}
}

func TestANewAppProposesNoOldIDsAndLeavesTheKeyInUse(t *testing.T) {
	w := testplan.Created(t)
	before, err := os.ReadFile(w.Path("config/private_key.pem"))
	testplan.Must(t, err)
	s := w.Setup()
	s.UseNewApp()
	if s.AppID != "" || s.KeyID != "" {
		t.Errorf("it proposes %s, %s", s.AppID, s.KeyID)
	}
	testplan.Must(t, testplan.Do(s, "region", map[string]string{"region": "sandbox"}))
	for _, id := range []string{"app", "key", "upload", "app_id", "key_id"} {
		testplan.Must(t, testplan.Do(s, id, nil))
	}
	testplan.Must(t, testplan.Do(s, "review", testplan.Yes))
	testplan.Must(t, testplan.Do(s, "test", nil))
	after, err := os.ReadFile(w.Path("config/private_key.pem"))
	testplan.Must(t, err)
	if string(after) != string(before) {
		t.Error("the key in use was replaced")
	}
	testplan.Must(t, w.Works(".env"))
	testplan.Must(t, w.Works(filepath.Base(s.Kept)))
}

func TestAKeyThatThisRunReplacesTwiceLeavesNoCopyUnmentioned(t *testing.T) {
	w := testplan.New(t)
	s := w.Setup()
	w.Custom(s, testkey.AppID, testkey.KeyID)
	path := w.Path("downloaded.pem")
	key, err := w.Generate(2048)
	testplan.Must(t, err)
	_, err = keygen.Save(path, key, keygen.Refuse, w.Now)
	testplan.Must(t, err)
	testplan.Must(t, testplan.Do(s, "key", map[string]string{"key_source": "import", "import_key": path, "discard": "no", "replace_key": "yes"}))
	var said strings.Builder
	for _, line := range s.Leftovers(true) {
		said.WriteString(strings.Join(line.Pairs, " ") + "\n")
	}
	backups, _ := filepath.Glob(w.Path("config/*.bak-*"))
	for _, b := range backups {
		if !strings.Contains(said.String(), filepath.Base(b)) {
			t.Errorf("%s is not mentioned in %s", b, said.String())
		}
	}
	if len(backups) == 0 {
		t.Error("no copy was kept")
	}
}
