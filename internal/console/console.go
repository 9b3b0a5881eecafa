// Package console is what can be done where OAuth apps are made and public keys are uploaded.
// In the real console the person acts, by the todos of a step; the sandbox acts from here. A
// plan asks its console and never which of the two it is.
package console

import (
	"context"
	"slices"

	"cozejwt/internal/coze"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
)

// A Server is a running sandbox.
type Server interface {
	APIBase() string
	Console() string
	CreateApp(ctx context.Context, name string) (appID string, err error)
	HasApp(ctx context.Context, appID string) (bool, error)
	AddKey(ctx context.Context, appID string, publicPEM []byte) (keyID string, err error)
	// AppsByHand lists the apps that a person created on its pages.
	AppsByHand(ctx context.Context) ([]string, error)
	// KeyID returns the id of a public key of an app, "" where it has none such.
	KeyID(ctx context.Context, appID string, publicPEM []byte) (string, error)
	// Admits reports whether an app is as it has to be for a token: authorized, not disabled.
	Admits(ctx context.Context, appID string) (bool, error)
	// Delays reports whether a change takes some seconds to take effect.
	Delays(ctx context.Context) (bool, error)
}

// Start starts or joins the sandbox. Calling it again is cheap.
type Start func(context.Context) (Server, error)

// A Console is that of a region.
type Console interface {
	// Acts reports whether apps are made and keys are added from here, and their ids come by
	// themselves.
	Acts() bool
	// Page is the URL of the list of apps, "" where none is known.
	Page() string
	// Later is how a person comes back to it after this run, the URL or a command; ok is false
	// where nothing is known.
	Later() (way i18n.Message, ok bool)
	// Open makes the console ready; what it finds is its API base and its page.
	Open(context.Context) (Found, error)

	// AboutApp is what is said of an app: what there is to do, or that it exists.
	AboutApp(App) []i18n.Message
	// AppTodo is what the person does to have the app; nil for nothing.
	AppTodo(has bool) flow.Todo
	// FindApp looks for the app of an id, and for one that was made by hand since before was
	// seen.
	FindApp(ctx context.Context, id string, before []string) (Found, error)
	// MakeApp returns the id of the app: the one that is given, where it exists.
	MakeApp(ctx context.Context, id, name string) (string, error)

	// Admits reports whether the app of an id is as it has to be for a token; seen is false where
	// the console cannot be looked at from here.
	Admits(ctx context.Context, id string) (admits, seen bool)

	// AboutUpload is what is said of a public key that is not uploaded by hand; nil where it is.
	AboutUpload(appID, keyID string, uploaded bool) []i18n.Message
	// UploadTodo is what the person does to upload a key, followed by what is left to do after
	// that; nil for nothing.
	UploadTodo(left flow.Todo) flow.Todo
	// FindKey returns the Key ID of a public key of an app, "" for none.
	FindKey(ctx context.Context, appID, publicPEM string) (Found, error)
	// AddKey uploads a public key, and makes the app where it is gone and a name is given. The
	// errors are ErrAppGone, and sandbox.upload with what the server said.
	AddKey(ctx context.Context, appID, name, publicPEM string) (App, error)
}

// An App is an app with the key that a run is about.
type App struct {
	ID, KeyID string
	Has       bool // the person had it before this run
	Exists    bool // the console has been seen to have it
	Delayed   bool // the key takes some seconds to take effect
}

// Found is what a look at the console has seen; Seen is false where nothing was looked at.
type Found struct {
	App
	Seen   bool
	Base   string // the API base of a console that was opened
	Page   string
	ByHand []string // the apps that were made by hand
}

// Of returns the console of a region. Page is that of a sandbox which runs already, "" for none.
func Of(region coze.Region, start Start, page string) Console {
	if region == coze.Sandbox {
		return local{start, page}
	}
	return real{region}
}

// real is a console in which the person acts.
type real struct{ region coze.Region }

func (r real) Acts() bool   { return false }
func (r real) Page() string { return r.region.Console() }

func (r real) Later() (way i18n.Message, ok bool) {
	return i18n.Msg("rotated.page", "url", r.Page()), r.Page() != ""
}

func (r real) Open(context.Context) (Found, error) { return Found{}, nil }

func (r real) AboutApp(app App) []i18n.Message {
	if app.Has {
		return []i18n.Message{i18n.Msg("app.existing.keys"), i18n.Msg("app.enterprise")}
	}
	return []i18n.Message{i18n.Msg("app.why"), i18n.Msg("app.guide"), i18n.Msg("app.guide.url", "url", r.region.Guide()), i18n.Msg("app.enterprise")}
}

func (r real) AppTodo(has bool) flow.Todo {
	first := i18n.Msg("app.todo.log_in")
	if r.Page() == "" {
		first = i18n.Msg("app.todo.find") // of another base, nothing is known
	}
	if has {
		return flow.Todo{first, i18n.Msg("app.todo.existing")}
	}
	return flow.Todo{first, i18n.Msg("app.todo.oauth"), i18n.Msg("app.todo.new"), i18n.Msg("app.todo.types"), i18n.Msg("app.todo.name")}
}

func (r real) FindApp(context.Context, string, []string) (Found, error)    { return Found{}, nil }
func (r real) MakeApp(_ context.Context, id, _ string) (string, error)     { return id, nil }
func (r real) AboutUpload(string, string, bool) []i18n.Message             { return nil }
func (r real) FindKey(context.Context, string, string) (Found, error)      { return Found{}, nil }
func (r real) AddKey(context.Context, string, string, string) (App, error) { return App{}, nil }

func (r real) Admits(context.Context, string) (admits, seen bool) { return false, false }

func (r real) UploadTodo(left flow.Todo) flow.Todo {
	return append(flow.Todo{i18n.Msg("upload.todo.add")}, left...)
}

// local is the sandbox, which acts.
type local struct {
	start Start
	page  string
}

func (l local) Acts() bool   { return true }
func (l local) Page() string { return l.page }

// Later is a command: the sandbox's address is gone once this run ends.
func (l local) Later() (way i18n.Message, ok bool) { return i18n.Msg("rotated.sandbox"), true }

func (l local) Open(ctx context.Context) (Found, error) {
	server, err := l.start(ctx)
	if err != nil {
		return Found{}, err
	}
	return Found{Seen: true, Base: server.APIBase(), Page: server.Console()}, nil
}

func (l local) AboutApp(app App) []i18n.Message {
	if app.Exists {
		return []i18n.Message{i18n.Msg("app.exists", "app_id", app.ID)}
	}
	return []i18n.Message{i18n.Msg("app.sandbox"), i18n.Msg("app.by_hand")}
}

func (l local) AppTodo(bool) flow.Todo { return nil }

func (l local) FindApp(ctx context.Context, id string, before []string) (Found, error) {
	server, err := l.start(ctx)
	if err != nil {
		return Found{}, err
	}
	now, err := server.AppsByHand(ctx)
	if err != nil {
		return Found{}, err
	}
	for _, made := range now {
		if before != nil && !slices.Contains(before, made) {
			id = made
		}
	}
	exists, err := server.HasApp(ctx, id)
	return Found{App: App{ID: id, Exists: exists}, Seen: true, Page: server.Console(), ByHand: now}, err
}

func (l local) MakeApp(ctx context.Context, id, name string) (string, error) {
	server, err := l.start(ctx)
	if err != nil {
		return "", err
	}
	if id != "" {
		if has, err := server.HasApp(ctx, id); err != nil || has {
			return id, err
		}
	}
	return server.CreateApp(ctx, name)
}

func (l local) Admits(ctx context.Context, id string) (admits, seen bool) {
	server, err := l.start(ctx)
	if err != nil {
		return false, false
	}
	admits, err = server.Admits(ctx, id)
	return admits, err == nil
}

func (l local) AboutUpload(appID, keyID string, uploaded bool) []i18n.Message {
	if uploaded {
		return []i18n.Message{i18n.Msg("upload.exists", "app_id", appID, "key_id", keyID)}
	}
	return []i18n.Message{i18n.Msg("upload.sandbox"), i18n.Msg("upload.by_hand")}
}

func (l local) UploadTodo(flow.Todo) flow.Todo { return nil }

func (l local) FindKey(ctx context.Context, appID, publicPEM string) (Found, error) {
	if publicPEM == "" || appID == "" {
		return Found{}, nil
	}
	server, err := l.start(ctx)
	if err != nil {
		return Found{}, err
	}
	keyID, err := server.KeyID(ctx, appID, []byte(publicPEM))
	return Found{App: App{ID: appID, KeyID: keyID}, Seen: true, Page: server.Console()}, err
}

// ErrAppGone is the fault of a key for an app that the sandbox does not have.
var ErrAppGone = fault.Invalid("sandbox.app_gone")

func (l local) AddKey(ctx context.Context, appID, name, publicPEM string) (App, error) {
	server, err := l.start(ctx)
	if err != nil {
		return App{}, err
	}
	failed := func(err error) error { return fault.Unexpected("sandbox.upload", err, "url", server.Console()) }
	has, err := server.HasApp(ctx, appID)
	switch {
	case err != nil:
		return App{}, failed(err)
	case !has && name == "":
		return App{}, ErrAppGone.With("app_id", appID, "url", server.Console())
	case !has: // typed by hand, or deleted in between
		if appID, err = server.CreateApp(ctx, name); err != nil {
			return App{}, failed(err)
		}
	}
	keyID, err := server.AddKey(ctx, appID, []byte(publicPEM))
	if err != nil {
		return App{}, failed(err)
	}
	delayed, _ := server.Delays(ctx) // a server of an older version does not say
	return App{ID: appID, KeyID: keyID, Delayed: delayed}, nil
}
