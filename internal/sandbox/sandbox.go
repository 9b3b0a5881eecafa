// Package sandbox simulates Coze on this machine: token endpoints that
// really verify RS256 assertions, an HTTP API and a console page to add apps
// and keys. It answers in the real service's words where they are known, and
// says in a comment where they are not. It listens on loopback alone and never
// sees a private key.
package sandbox

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/fault"
)

// A Server is one sandbox. It is an [http.Handler].
type Server struct {
	now     func() time.Time
	handler http.Handler
	journal journal
	session string // that the console's address carries, so that a browser may change things
	changes *allowance

	mu   sync.Mutex
	file string // where state is kept; "" for nowhere
	state
	used    map[string]time.Time // onceKey of each assertion seen, until it expires
	granted map[string]grant     // by access token
	trouble Trouble
	delayed delayed
	tidyAt  int // how many of both there are when the expired ones are dropped next
}

// New returns a Server that keeps its apps in the file at path, which need not exist yet, or in
// memory where path is "". The error is the fault of a file that holds no apps.
func New(path string, now func() time.Time) (*Server, error) {
	s := &Server{now: now, file: path, used: map[string]time.Time{}, granted: map[string]grant{}, session: rand.Text(), changes: newAllowance(changesPerSecond, changesAtOnce)}
	if err := s.load(); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	token := s.noting(s.troubled(s.token))
	for _, path := range []string{"token", "account/{account}/token", "enterprise_id/{enterprise}/token"} {
		mux.HandleFunc("POST "+tokenPath+path, token)
	}
	s.endpoints(mux)
	mux.HandleFunc("GET /sandbox/apps", s.listApps)
	mux.HandleFunc("POST /sandbox/apps", s.createApp)
	mux.HandleFunc("PATCH /sandbox/apps/{app}", s.changeApp)
	mux.HandleFunc("DELETE /sandbox/apps/{app}", s.deleteApp)
	mux.HandleFunc("POST /sandbox/apps/{app}/authorize", s.authorizeApp)
	mux.HandleFunc("POST /sandbox/apps/{app}/keys", s.addKey)
	mux.HandleFunc("DELETE /sandbox/apps/{app}/keys/{key}", s.deleteKey)
	mux.HandleFunc("PUT /sandbox/trouble", s.setTrouble)
	mux.HandleFunc("GET /sandbox/trouble", func(w http.ResponseWriter, _ *http.Request) { reply(w, http.StatusOK, s.currentTrouble()) })
	s.console(mux)
	s.handler = localOnly(http.NewCrossOriginProtection().Handler(s.guarded(s.findable(mux))))
	return s, nil
}

// tokenPath is what the paths of the token endpoint begin with.
const tokenPath = "/api/permission/oauth2/"

func isTokenPath(path string) bool { return strings.HasPrefix(path, tokenPath) }

// maxBody is the length of a request that is read.
const maxBody = 64 << 10

// ServeHTTP answers as Coze does, log id included.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Tt-Logid", logID(s.now()))
	// The body is read before any handler takes the lock: a client that sends half
	// of it keeps only itself waiting.
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil && strings.HasPrefix(r.URL.Path, "/open/") && localHost(r) {
		s.stop(w, r, "large", http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		http.Error(w, "the body is incomplete or larger than 64 KiB", http.StatusBadRequest)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	s.handler.ServeHTTP(w, r)
}

// tidy drops assertions and tokens that have expired, each time there are twice
// as many as were left the last time: on average, a request pays for two.
func (s *Server) tidy() {
	if len(s.used)+len(s.granted) < s.tidyAt {
		return
	}
	now := s.now()
	maps.DeleteFunc(s.used, func(_ string, until time.Time) bool { return now.After(until.Add(leeway)) })
	maps.DeleteFunc(s.granted, func(_ string, g grant) bool { return now.After(g.until) })
	s.tidyAt = max(2*(len(s.used)+len(s.granted)), 1024)
}

// localOnly refuses requests under a foreign host name: a web page could point
// its own name at 127.0.0.1 and so reach the API with the browser's help.
func localOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !localHost(r) {
			http.Error(w, "the sandbox answers on this machine only", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func localHost(r *http.Request) bool {
	u, err := url.Parse("//" + r.Host)
	return err == nil && coze.IsLoopback(u.Hostname())
}

// ErrAddr is the fault of an address that is not on loopback.
var ErrAddr = fault.Usage("sandbox.addr")

// Listen opens addr, which must be a loopback address with a port. The errors are ErrAddr, and the
// fault of an address that is taken.
func Listen(addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil || !coze.IsLoopback(host) {
		return nil, ErrAddr.With("addr", addr)
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fault.Unexpected("sandbox.listen", err, "addr", addr)
	}
	return l, nil
}

// logID has the shape of those seen: a time and hex digits.
func logID(now time.Time) string {
	b := make([]byte, 9)
	_, _ = rand.Read(b)
	return now.UTC().Format("20060102150405") + hex.EncodeToString(b)
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client may be gone
}

// The HTTP API, for tests and for the wizard.

func (s *Server) listApps(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	reply(w, http.StatusOK, map[string]any{"apps": s.Apps})
}

func (s *Server) createApp(w http.ResponseWriter, r *http.Request) {
	app := newApp("sandbox app")
	if !decode(w, r, app) {
		return
	}
	app.ByHand, app.Granted, app.Workspaces = false, []string{}, []string{}
	if app.Authorized {
		app.authorize([]string{workspaceID})
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	answer(w, http.StatusCreated, app, s.add(app))
}

func (s *Server) changeApp(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	app, err := s.app(r.PathValue("app"))
	if err != nil {
		answer(w, 0, nil, err)
		return
	}
	changed := *app
	if !decode(w, r, &changed) {
		return
	}
	changed.ID, changed.Keys, changed.ByHand, changed.Granted, changed.Workspaces = app.ID, app.Keys, app.ByHand, app.Granted, app.Workspaces
	if changed.Authorized && !app.Authorized {
		changed.authorize([]string{workspaceID})
	}
	err = s.edit(app.ID, func(a *App) { *a = changed })
	answer(w, http.StatusOK, &changed, err)
}

// authorizeApp lets the app's permissions count, in the workspaces that the body names or, where
// it names none, in the first.
func (s *Server) authorizeApp(w http.ResponseWriter, r *http.Request) {
	body := struct {
		Workspaces []string `json:"workspaces"`
	}{[]string{workspaceID}}
	if !decode(w, r, &body) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id := r.PathValue("app")
	err := s.edit(id, func(a *App) { a.authorize(body.Workspaces) })
	app, _ := s.app(id)
	answer(w, http.StatusOK, app, err)
}

func (s *Server) deleteApp(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	answer(w, http.StatusOK, struct{}{}, s.remove(r.PathValue("app")))
}

func (s *Server) setTrouble(w http.ResponseWriter, r *http.Request) {
	var t Trouble
	if !decode(w, r, &t) {
		return
	}
	if !t.valid() {
		reply(w, http.StatusBadRequest, map[string]string{"error": "unknown kind of trouble: " + string(t.Kind)})
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.switchTo(t)
	reply(w, http.StatusOK, t)
}

func (s *Server) addKey(w http.ResponseWriter, r *http.Request) {
	var body struct {
		PublicKey string `json:"public_key"`
	}
	if !decode(w, r, &body) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	key, err := s.registerKey(r.PathValue("app"), body.PublicKey)
	answer(w, http.StatusCreated, key, err)
}

func (s *Server) deleteKey(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	answer(w, http.StatusOK, struct{}{}, s.forgetKey(r.PathValue("app"), r.PathValue("key")))
}

func decode(w http.ResponseWriter, r *http.Request, v any) bool {
	if err := json.NewDecoder(r.Body).Decode(v); err != nil {
		reply(w, http.StatusBadRequest, map[string]string{"error": "body: " + err.Error()})
		return false
	}
	return true
}

// answer replies with v, or with what err says.
func answer(w http.ResponseWriter, status int, v any, err error) {
	if err == nil {
		reply(w, status, v)
		return
	}
	status = http.StatusBadRequest
	switch {
	case errors.Is(err, errNoApp), errors.Is(err, errNoKey):
		status = http.StatusNotFound
	case errors.Is(err, errFull), errors.Is(err, errMany):
		status = http.StatusConflict
	case fault.ID(err) == "file.write", fault.ID(err) == "file.irregular", fault.ID(err) == "file.descriptors": // the change was not saved, so it is not made
		status = http.StatusInternalServerError
	}
	reply(w, status, map[string]string{"error": err.Error()})
}
