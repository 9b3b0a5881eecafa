package sandbox

import (
	_ "embed" // the page below
	"html/template"
	"net/http"
)

//go:embed console.html
var consolePage string

var consoleTemplate = template.Must(template.New("console").Parse(consolePage))

func (s *Server) console(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'")
	_ = consoleTemplate.Execute(w, map[string]any{"Apps": s.Apps, "Max": maxKeys, "Error": r.URL.Query().Get("error")})
}

// consoleAction does what a button of the page says and shows the page again.
func (s *Server) consoleAction(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	err := s.act(r)
	s.mu.Unlock()
	to := "/"
	if err != nil {
		to = "/?error=" + template.URLQueryEscaper(err.Error())
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

func (s *Server) act(r *http.Request) error {
	appID := r.FormValue("app")
	switch r.FormValue("do") {
	case "create":
		app := newApp(r.FormValue("name"))
		app.Authorized = false // as in the real console, a step of its own
		return s.add(app)
	case "delete":
		return s.remove(appID)
	case "add-key":
		_, err := s.registerKey(appID, r.FormValue("public_key"))
		return err
	case "delete-key":
		return s.forgetKey(appID, r.FormValue("key"))
	}
	app, err := s.app(appID)
	if err != nil {
		return err
	}
	switch r.FormValue("do") {
	case "authorize":
		app.Authorized = true
	case "deactivate":
		app.Deactivated = true
	case "activate":
		app.Deactivated = false
	}
	return s.save()
}
