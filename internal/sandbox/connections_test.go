package sandbox

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

// served serves a server with so few connections that a test can take them all.
func served(t *testing.T, handler http.Handler, most int) (addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: handler}
	limited := limit(l, server, most)
	go func() { _ = server.Serve(limited) }()
	t.Cleanup(func() { _ = server.Close() })
	return l.Addr().String()
}

// ask makes a request on a connection that stays, and returns its answer.
func ask(t *testing.T, conn net.Conn) string {
	t.Helper()
	if _, err := fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	_ = conn.SetReadDeadline(deadline(t))
	answer := make([]byte, 15)
	if _, err := io.ReadFull(conn, answer); err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

func deadline(t *testing.T) time.Time {
	if at, ok := t.Deadline(); ok {
		return at.Add(-10 * time.Second)
	}
	return time.Time{}
}

func dial(t *testing.T, addr string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func TestConnectionsWithoutARequestGiveWay(t *testing.T) {
	addr := served(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), 4)
	for i := range 12 {
		conn := dial(t, addr)
		if i%3 == 0 {
			continue // says nothing at all
		}
		if got := ask(t, conn); got != "HTTP/1.1 200 OK" {
			t.Errorf("connection %d: %q", i, got)
		}
	}
}

func TestTheOneThatWaitedLongestGivesWay(t *testing.T) {
	c := &connections{most: 3}
	conns := make([]net.Conn, 4)
	for i := range conns {
		conns[i], _ = net.Pipe()
	}
	for _, step := range []struct {
		conn  int
		state http.ConnState
		spare int // -1: none
	}{
		{0, http.StateNew, -1},
		{0, http.StateActive, -1},
		{1, http.StateNew, -1},
		{1, http.StateActive, -1},
		{1, http.StateIdle, -1},
		{0, http.StateIdle, -1},
		{2, http.StateNew, 1},
		{1, http.StateClosed, -1},
		{2, http.StateActive, -1},
		{3, http.StateNew, 0},
		{0, http.StateClosed, -1},
		{3, http.StateActive, -1},
		{1, http.StateNew, -1},
		{1, http.StateActive, -1},
		{1, http.StateIdle, 1},
		{1, http.StateHijacked, -1},
		{2, http.StateIdle, -1},
		{3, http.StateClosed, -1},
	} {
		var want net.Conn
		if step.spare >= 0 {
			want = conns[step.spare]
		}
		if got := c.count(conns[step.conn], step.state); got != want {
			t.Fatalf("%v: another one gives way", step)
		}
	}
	if c.open != 1 || len(c.waiting) != 1 {
		t.Errorf("%d are open, %d wait", c.open, len(c.waiting))
	}
}

// A change that cannot be saved is not made either: what is answered from the memory is what the
// next run finds.
func TestAChangeThatIsNotSavedIsNotMade(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "sandbox.json")
	s, err := New(path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	public := string(keygen.EncodePublic(&testkey.New().PublicKey))
	call := func(method, path, body string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(method, "http://127.0.0.1"+path, strings.NewReader(body))
		if strings.HasPrefix(path, "/open") {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.AddCookie(&http.Cookie{Name: cookieName(r), Value: s.session})
		}
		s.ServeHTTP(w, r)
		return w
	}
	call("POST", "/sandbox/apps", `{"name":"kept"}`)
	app := s.Apps[0]
	keys := "/sandbox/apps/" + app.ID + "/keys"
	call("POST", keys, `{"public_key":`+quoted(public)+`}`)
	before := call("GET", "/sandbox/apps", "").Body.String()
	if err := os.RemoveAll(filepath.Dir(path)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Dir(path), nil, 0o600); err != nil { // a file in the place of the folder
		t.Fatal(err)
	}
	for _, change := range [][3]string{
		{"POST", "/sandbox/apps", `{"name":"other"}`},
		{"PATCH", "/sandbox/apps/" + app.ID, `{"deactivated":true}`},
		{"POST", keys, `{"public_key":` + quoted(string(keygen.EncodePublic(&testkey.New().PublicKey))) + `}`},
		{"DELETE", keys + "/" + app.Keys[0].ID, ""},
		{"DELETE", "/sandbox/apps/" + app.ID, ""},
		{"POST", ConsolePath + "/" + app.ID + "/disable", ""},
		{"POST", ConsolePath + "/" + app.ID + "/permissions", "permission=chat"},
		{"POST", ConsolePath + "/" + app.ID + "/delete", ""},
	} {
		w := call(change[0], change[1], change[2])
		if byHand := strings.HasPrefix(change[1], "/open"); w.Code != http.StatusInternalServerError || byHand && !strings.Contains(w.Body.String(), `role="alert"`) {
			t.Errorf("%s %s: HTTP %d, %s", change[0], change[1], w.Code, w.Body)
		}
		if now := call("GET", "/sandbox/apps", "").Body.String(); now != before {
			t.Errorf("%s %s: it holds now %s", change[0], change[1], now)
		}
	}
}

func quoted(text string) string { return `"` + strings.ReplaceAll(text, "\n", `\n`) + `"` }

// A listener without a place for another connection closes all the same.
func TestAFullListenerCloses(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	limited := limit(l, &http.Server{}, 1)
	dial(t, l.Addr().String())
	if _, err := limited.Accept(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	go func() {
		_, err := limited.Accept()
		ended <- err
	}()
	if err := limited.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; !errors.Is(err, net.ErrClosed) {
		t.Errorf("it accepts: %v", err)
	}
	if err := limited.Close(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("it closes twice: %v", err)
	}
}

// A connection that is not accepted gives its place back.
func TestAFailedAcceptTakesNoPlace(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	limited := limit(l, &http.Server{}, 1)
	for range 3 {
		if _, err := limited.Accept(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("it accepts: %v", err)
		}
	}
}
