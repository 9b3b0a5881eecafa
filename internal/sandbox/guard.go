package sandbox

import (
	"crypto/subtle"
	"maps"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// cookieName is the cookie that lets a browser change things. It is set where the
// address of a page carries the session. Cookies know no ports, so that its name
// has to: another sandbox may be served beside this one.
func cookieName(r *http.Request) string {
	_, port, _ := net.SplitHostPort(r.Host)
	return "cozejwt_session_" + port
}

// contentPolicy allows what comes from this server and nothing inline.
const contentPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guardHeaders are on each answer.
var guardHeaders = http.Header{
	"Content-Security-Policy": {contentPolicy},
	"X-Content-Type-Options":  {"nosniff"},
	"Referrer-Policy":         {"no-referrer"},
	"Cache-Control":           {"no-store"},
}

// guarded keeps web pages from the console and from the HTTP API. Programs on
// this machine, which send neither Origin nor Sec-Fetch headers, may use the API;
// a browser needs the session, which only the printed address carries.
func (s *Server) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		maps.Copy(w.Header(), guardHeaders)
		page := strings.HasPrefix(r.URL.Path, "/open/")
		changes := page && r.Method != http.MethodGet && r.Method != http.MethodHead
		api := strings.HasPrefix(r.URL.Path, "/sandbox/") && fromBrowser(r)
		if changes && !s.inSession(r) {
			s.stop(w, r, "session", http.StatusForbidden)
			return
		}
		if api && !s.inSession(r) {
			http.Error(w, "open the console by the address that cozejwt sandbox prints: it carries the session", http.StatusForbidden)
			return
		}
		if (changes || isChange(r)) && !s.changes.take(s.now()) {
			w.Header().Set("Retry-After", "1")
			if changes {
				s.stop(w, r, "busy", http.StatusTooManyRequests)
				return
			}
			http.Error(w, "too many changes at once", http.StatusTooManyRequests)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Each change is written to the disk: so many a second, and so many at once.
const (
	changesPerSecond = 50
	changesAtOnce    = 200
)

// allowance is a token bucket: it is full at first, and gets so much back each second.
type allowance struct {
	perSecond, most float64

	mu   sync.Mutex
	left float64
	at   time.Time // when left was counted
}

func newAllowance(perSecond, most float64) *allowance {
	return &allowance{perSecond: perSecond, most: most, left: most}
}

// take uses one where there is one. A clock that was set back gives nothing.
func (a *allowance) take(now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if passed := now.Sub(a.at).Seconds(); passed > 0 {
		a.left = min(a.most, a.left+passed*a.perSecond)
	}
	a.at = now
	if a.left < 1 {
		return false
	}
	a.left--
	return true
}

func isChange(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, "/sandbox/") && r.Method != http.MethodGet
}

func fromBrowser(r *http.Request) bool {
	return r.Header.Get("Origin") != "" || r.Header.Get("Sec-Fetch-Site") != "" || r.Header.Get("Sec-Fetch-Mode") != ""
}

func (s *Server) inSession(r *http.Request) bool {
	cookie, err := r.Cookie(cookieName(r))
	return err == nil && s.isSession(cookie.Value)
}

func (s *Server) isSession(text string) bool {
	return subtle.ConstantTimeCompare([]byte(text), []byte(s.session)) == 1
}

// begin turns the session of an address into a cookie and shows the page without
// it. It reports whether it did.
func (s *Server) begin(w http.ResponseWriter, r *http.Request) bool {
	query := r.URL.Query()
	if !query.Has("session") {
		return false
	}
	if s.isSession(query.Get("session")) {
		http.SetCookie(w, &http.Cookie{Name: cookieName(r), Value: s.session, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
	}
	query.Del("session")
	to := *r.URL
	to.RawQuery = query.Encode()
	if to.Path == "/" {
		to.Path = ConsolePath
	}
	http.Redirect(w, r, to.RequestURI(), http.StatusSeeOther)
	return true
}

// Session is what the address of the console carries, as session=….
func (s *Server) Session() string { return s.session }
