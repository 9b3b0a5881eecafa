package sandbox

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/internal/permissions"
	"cozejwt/keygen"
)

// The console is the sandbox's web page, in the shape of the official guide's
// steps, with their wrong choices. It works without a script but for Generate Key,
// which makes the pair in the browser, as the real one does.

//go:embed web
var web embed.FS

// ConsolePath is where the list of apps is, as in the real console.
const ConsolePath = "/open/oauth/apps"

// console adds the pages and their forms.
func (s *Server) console(mux *http.ServeMux) {
	static := http.FileServerFS(web)
	for _, name := range []string{"console.css", "console.js", "demo.js", "favicon.svg"} {
		mux.HandleFunc("GET /open/"+name, func(w http.ResponseWriter, r *http.Request) {
			r.URL.Path = "/web/" + name
			static.ServeHTTP(w, r)
		})
	}
	get := func(path, name string, fill func(*page, *http.Request) error) {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) { s.show(w, r, name, fill) })
	}
	list := func(p *page, _ *http.Request) error { p.Apps = s.snapshot(); return nil }
	get("/{$}", "apps", list)
	get(ConsolePath, "apps", list)
	get(ConsolePath+"/new", "new", func(*page, *http.Request) error { return nil })
	get(ConsolePath+"/{app}", "app", func(p *page, r *http.Request) error {
		p.Dialog = r.URL.Query().Has("authorize")
		var err error
		p.App, err = s.snapshotOf(r.PathValue("app"))
		return err
	})
	get("/open/requests", "requests", func(p *page, _ *http.Request) error { p.Requests = s.journal.all(); return nil })
	get("/open/trouble", "trouble", func(*page, *http.Request) error { return nil })
	mux.HandleFunc("GET /open/requests/events", s.follow)

	post := func(path, done string, do func(*http.Request) (to string, err error)) {
		mux.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) { s.change(w, r, done, do) })
	}
	post(ConsolePath, "create", s.createByHand)
	post("/open/trouble", "trouble", s.troubleByHand)
	for action, do := range actions {
		post(ConsolePath+"/{app}/"+action, strings.ReplaceAll(action, "/", "."), func(r *http.Request) (string, error) {
			if err := r.ParseForm(); err != nil {
				return ConsolePath, errIncomplete
			}
			id := r.PathValue("app")
			to := ConsolePath + "/" + id
			switch action {
			case "permissions":
				to += "?authorize" // the guide's next step
			case "delete":
				to = ConsolePath
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			return to, do(s, id, r)
		})
	}
}

// actions are what the buttons of an app's page do. The lock is held.
var actions = map[string]func(s *Server, appID string, r *http.Request) error{
	"keys": func(s *Server, appID string, r *http.Request) error {
		public := r.FormValue("public_key")
		if key, err := keygen.ParsePublic([]byte(public)); err == nil && key.N.BitLen() < keygen.DefaultBits {
			return keygen.ErrWeak.With("bits", strconv.Itoa(key.N.BitLen()))
		}
		_, err := s.registerKey(appID, public)
		if id := fault.ID(err); strings.HasPrefix(id, "key.") && id != "key.private" {
			return errNotPublic // what else it is does not matter to a field for a public key
		}
		return err
	},
	"keys/delete": func(s *Server, appID string, r *http.Request) error { return s.forgetKey(appID, r.FormValue("key")) },
	"permissions": func(s *Server, appID string, r *http.Request) error {
		return s.edit(appID, func(a *App) {
			a.Permissions = []string{}
			for _, section := range permissions.Sections(a.offered()) {
				for _, point := range section.Points {
					if slices.Contains(r.Form["permission"], point) && !a.Allows(point) {
						a.Permissions = append(a.Permissions, point)
					}
				}
			}
		})
	},
	"authorize": func(s *Server, appID string, r *http.Request) error {
		return s.edit(appID, func(a *App) { a.authorize(r.Form["workspace"]) })
	},
	"disable": func(s *Server, appID string, _ *http.Request) error {
		return s.edit(appID, func(a *App) { a.Deactivated = true })
	},
	"enable": func(s *Server, appID string, _ *http.Request) error {
		return s.edit(appID, func(a *App) { a.Deactivated = false })
	},
	"delete": func(s *Server, appID string, _ *http.Request) error { return s.remove(appID) },
}

func (s *Server) edit(appID string, change func(*App)) error {
	app, err := s.app(appID)
	if err != nil {
		return err
	}
	return s.attempt(func() error {
		change(app)
		return s.save()
	})
}

func (s *Server) createByHand(r *http.Request) (string, error) {
	name := strings.TrimSpace(r.FormValue("name"))
	app := newApp(name)
	app.Description, app.Permissions, app.Authorized = strings.TrimSpace(r.FormValue("description")), []string{}, false
	app.Granted, app.Workspaces = []string{}, []string{}
	app.Type, app.ClientType, app.ByHand = r.FormValue("type"), r.FormValue("client_type"), true
	if name == "" || !slices.Contains([]string{"normal", "channel", "privilege"}, app.Type) || !slices.Contains([]string{"service", "web", "mobile"}, app.ClientType) {
		return ConsolePath + "/new", errIncomplete
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.ContainsFunc(s.Apps, func(a *App) bool { return a.Name == name }) {
		return ConsolePath + "/new", errNameTaken
	}
	if err := s.add(app); err != nil {
		return ConsolePath + "/new", err
	}
	return ConsolePath + "/" + app.ID, nil
}

func (s *Server) troubleByHand(r *http.Request) (string, error) {
	minutes, _ := strconv.Atoi(r.FormValue("minutes"))
	t := Trouble{TroubleKind(r.FormValue("kind")), minutes}
	if t.Kind != TroubleClock {
		t.Minutes = 0
	}
	if !t.valid() || t.Kind == TroubleClock && t.Minutes == 0 {
		return "/open/trouble", errIncomplete
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.switchTo(t)
	return "/open/trouble", nil
}

// change does what a form says and leads to a page, which confirms it; where that fails, it shows the form's page with
// what is wrong.
func (s *Server) change(w http.ResponseWriter, r *http.Request, done string, do func(*http.Request) (string, error)) {
	to, err := do(r)
	if err != nil {
		to, _, _ = strings.Cut(to, "?")
		s.refuse(w, r, to, err)
		return
	}
	if done == "trouble" && r.FormValue("kind") == "" {
		done = "untroubled"
	}
	confirm(w, r, done)
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// refuse shows the page at a path again, with the error at its field and what was typed there.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, path string, err error) {
	p := s.page(r, "apps")
	p.URL, p.Error, p.Typed = path, p.explain(err), r.PostForm
	switch {
	case errors.Is(err, errNameTaken), errors.Is(err, errIncomplete) && path == ConsolePath+"/new":
		p.Wrong = "name"
	case errors.Is(err, errNotPublic), strings.HasPrefix(fault.ID(err), "key."):
		p.Wrong = "public_key"
	case errors.Is(err, errIncomplete) && path == "/open/trouble":
		p.Wrong = "minutes"
	}
	switch path {
	case ConsolePath + "/new":
		p.Name = "new"
	case "/open/trouble":
		p.Name = "trouble"
	case ConsolePath:
		p.Apps = s.snapshot()
	default:
		app, gone := s.snapshotOf(strings.TrimPrefix(path, ConsolePath+"/"))
		if p.Name, p.App = "app", app; gone != nil {
			p.Name, p.Apps = "apps", s.snapshot()
		}
	}
	if fault.ID(err) == "key.private" {
		p.Typed.Del("public_key") // not a character of it is sent back
	}
	status := http.StatusUnprocessableEntity
	if id := fault.ID(err); strings.HasPrefix(id, "file.") {
		status = http.StatusInternalServerError
	}
	draw(w, p, status)
}

var (
	errIncomplete = errors.New("incomplete form")
	errNameTaken  = errors.New("name taken")
	errNotPublic  = errors.New("not a public key")
)

// explain says what is wrong in the reader's language.
func (p page) explain(err error) string {
	for known, m := range map[error]i18n.Message{
		errIncomplete: i18n.Msg("console.error.incomplete"),
		errNameTaken:  i18n.Msg("console.error.name_taken"),
		errNotPublic:  i18n.Msg("console.error.not_public"),
		errNoApp:      i18n.Msg("console.error.no_app"),
		errNoKey:      i18n.Msg("console.error.no_key"),
		errFull:       i18n.Msg("console.error.full", "n", strconv.Itoa(maxKeys)),
		errMany:       i18n.Msg("console.error.many"),
	} {
		if errors.Is(err, known) {
			return p.Lang.Say(m)
		}
	}
	if f, ok := errors.AsType[*fault.Fault](err); ok && f.ID == "key.weak" {
		return string(p.T("error.weak", "bits", f.Value("bits")))
	} else if ok {
		return f.Message(p.Lang)
	}
	return err.Error()
}

// page begins a page in the language that the reader wants: the one that they
// have switched to, else the first of their browser's that there is.
func (s *Server) page(r *http.Request, name string) page {
	p := page{
		Lang: i18n.English, Langs: i18n.Languages, Name: name, URL: r.URL.Path, Origin: "http://" + r.Host, Changes: s.inSession(r),
		Trouble: s.currentTrouble(), Now: s.now(),
	}
	wanted := strings.FieldsFunc(r.Header.Get("Accept-Language"), func(c rune) bool { return c == ',' })
	if cookie, err := r.Cookie("lang"); err == nil {
		wanted = append([]string{cookie.Value}, wanted...)
	}
	for _, tag := range wanted {
		tag, _, _ = strings.Cut(strings.TrimSpace(tag), ";")
		if l, ok := i18n.Parse(tag); ok {
			p.Lang = l
			break
		}
	}
	return p
}

// choosesLanguage keeps the language that an address names and shows the page without it. It reports
// whether it did.
func choosesLanguage(w http.ResponseWriter, r *http.Request) bool {
	lang := r.URL.Query().Get("lang")
	if lang == "" {
		return false
	}
	http.SetCookie(w, &http.Cookie{Name: "lang", Value: url.QueryEscape(lang), Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
	http.Redirect(w, r, r.URL.EscapedPath(), http.StatusSeeOther) // escaped: a browser reads /\host as another host
	return true
}

// show draws a page.
func (s *Server) show(w http.ResponseWriter, r *http.Request, name string, fill func(*page, *http.Request) error) {
	if s.begin(w, r) || choosesLanguage(w, r) {
		return
	}
	p, status := s.page(r, name), http.StatusOK
	p.Done = confirmed(w, r)
	if err := fill(&p, r); err != nil {
		p.Name, p.Error, status = "apps", p.explain(err), http.StatusNotFound
		p.Apps = s.snapshot()
	}
	draw(w, p, status)
}

// draw answers with a page.
func draw(w http.ResponseWriter, p page, status int) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(p.html()) // the browser may be gone
}

// follow sends each new request as a server-sent event: a row of the page.
func (s *Server) follow(w http.ResponseWriter, r *http.Request) {
	added, stop, ok := s.journal.watch()
	if !ok {
		http.Error(w, "too many pages follow the requests", http.StatusServiceUnavailable)
		return
	}
	defer stop()
	w.Header().Set("Content-Type", "text/event-stream")
	p, connection := s.page(r, ""), http.NewResponseController(w)
	send := func(text string) bool {
		_ = connection.SetWriteDeadline(time.Now().Add(10 * time.Second)) // of this event, not of the page's life
		_, err := io.WriteString(w, text)
		return err == nil && connection.Flush() == nil
	}
	for ok := send(": here\n\n"); ok; {
		select {
		case entry := <-added:
			var row bytes.Buffer
			p.request(entry).inBody(&row)
			ok = send(fmt.Sprintf("id: %d\ndata: %s\n\n", entry.ID, strings.ReplaceAll(row.String(), "\n", "\ndata: ")))
		case <-time.After(20 * time.Second):
			ok = send(": still here\n\n")
		case <-r.Context().Done():
			return
		}
	}
}
