package sandbox

import (
	"net/http"
	"strings"
)

// forPeople reports whether a person reads the answer: all below /open/ is the console, and a browser
// asks for HTML elsewhere.
func forPeople(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, "/open/") || r.Method == http.MethodGet && strings.Contains(r.Header.Get("Accept"), "text/html")
}

// findable answers a person who asks for a page that does not exist with one that leads back, and leaves all
// else to the mux.
func (s *Server) findable(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := mux.Handler(r); pattern == "" && forPeople(r) {
			s.stop(w, r, "missing", http.StatusNotFound)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// stop answers with a page that says why there is no other one, console.stop.NAME, and leads back.
func (s *Server) stop(w http.ResponseWriter, r *http.Request, name string, status int) {
	if r.Method == http.MethodGet && choosesLanguage(w, r) {
		return
	}
	p := s.page(r, name)
	p.Stopped = true
	if r.Method != http.MethodGet {
		p.URL = ConsolePath // the address of a form is no page to come back to
	}
	draw(w, p, status)
}
