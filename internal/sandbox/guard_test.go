package sandbox

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func guardedServer(t *testing.T) *Server {
	t.Helper()
	s, err := New("", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// change asks for a change as the console's page does, with a cookie of a value.
func change(s *Server, host, session string, header map[string]string) int {
	r := httptest.NewRequest(http.MethodPost, "http://"+host+"/open/trouble", strings.NewReader("kind=none"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if session != "" {
		r.AddCookie(&http.Cookie{Name: cookieName(r), Value: session})
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Code
}

const ownHost = "127.0.0.1:8080"

func TestOnlyTheSessionItselfMayChangeThings(t *testing.T) {
	s := guardedServer(t)
	if status := change(s, ownHost, s.session, nil); status == http.StatusForbidden {
		t.Fatalf("with the session: HTTP %d", status)
	}
	for name, session := range map[string]string{
		"none": "", "another": "x", "longer": s.session + "x", "shorter": s.session[1:], "in capitals and small": strings.ToLower(s.session),
	} {
		if status := change(s, ownHost, session, nil); status != http.StatusForbidden {
			t.Errorf("%s: HTTP %d", name, status)
		}
	}
}

func TestASessionIsNobodyElsesToKnow(t *testing.T) {
	first, second := guardedServer(t).session, guardedServer(t).session
	if first == second || len(first) < 20 { // 128 bits in base32 are 26 characters
		t.Errorf("the sessions are %q and %q", first, second)
	}
}

func TestAnotherOriginChangesNothingWithTheSession(t *testing.T) {
	s := guardedServer(t)
	for name, header := range map[string]map[string]string{
		"another site":     {"Sec-Fetch-Site": "cross-site"},
		"the same site":    {"Sec-Fetch-Site": "same-site"},
		"an older browser": {"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
	} {
		if status := change(s, ownHost, s.session, header); status != http.StatusForbidden {
			t.Errorf("%s: HTTP %d", name, status)
		}
	}
}

func TestAForeignNameReachesNothing(t *testing.T) {
	s := guardedServer(t)
	for _, host := range []string{"evil.example:8080", "127.0.0.1.evil.example", "10.0.0.1:8080"} {
		if status := change(s, host, s.session, nil); status != http.StatusForbidden {
			t.Errorf("%s: HTTP %d", host, status)
		}
	}
}

func TestTheSessionsCookieStaysWhereItIs(t *testing.T) {
	s := guardedServer(t)
	for session, set := range map[string]bool{s.session: true, "x": false, "": false} {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://"+ownHost+"/open/oauth/apps?session="+session, nil))
		cookies := w.Result().Cookies()
		if (len(cookies) == 1) != set {
			t.Errorf("%q sets %d cookies", session, len(cookies))
			continue
		}
		if !set {
			continue
		}
		if c := cookies[0]; !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.Domain != "" || c.Value != s.session {
			t.Errorf("the cookie is %s", c)
		}
		if to := w.Header().Get("Location"); to != "/open/oauth/apps" {
			t.Errorf("it leads to %q, with the session in the address", to)
		}
	}
}

func TestAPageRunsWhatTheConsoleHasAlone(t *testing.T) {
	s, w := guardedServer(t), httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://"+ownHost+"/open/oauth/apps", nil))
	policy := map[string]string{}
	for _, directive := range strings.Split(w.Header().Get("Content-Security-Policy"), "; ") {
		name, value, _ := strings.Cut(directive, " ")
		policy[name] = value
	}
	for name, want := range map[string]string{
		"default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "connect-src": "'self'", "form-action": "'self'", "base-uri": "'none'", "frame-ancestors": "'none'",
	} {
		if policy[name] != want {
			t.Errorf("%s is %q, want %q", name, policy[name], want)
		}
	}
}
