package steps

import (
	"context"
	"path/filepath"

	"cozejwt/internal/console"
	"cozejwt/internal/credentials"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/keygen"
)

// A PublicKey is what is uploaded in the console.
type PublicKey struct {
	PEM    string
	Path   string // of its file
	ByHand bool   // a person uploads it; the sandbox takes it from here too
	// FromConsole changes the answer to where the key comes from: the console has made it. It
	// returns the step that asks for the file and which of its fields, and what takes the change
	// back.
	FromConsole func() (step string, field int, back func())
}

// An Uploading is how a plan gets its public key into the console.
type Uploading struct {
	Intro func() []i18n.Message // where a person uploads it
	// Left is what else there is to do in the console once it has the key, and what to show
	// beside that; nil for nothing.
	Left     func() (flow.Todo, []flow.Exhibit)
	MakesApp bool // where the console does not have it any more
	Fixes    []diagnosis.FixAt
}

// UploadStep tells how to upload the public key, or uploads it where the console acts. A key
// that the console made needs no upload.
func (k *Keys) UploadStep(u Uploading) flow.Step {
	b := k.base
	return flow.Step{
		ID: Upload,
		Intro: func() []i18n.Message {
			if said := b.Console().AboutUpload(b.AppID, b.KeyID, k.Uploaded); said != nil {
				return said
			}
			return u.Intro()
		},
		Shows: func() []flow.Exhibit {
			shown := append(b.Link(), k.publicKey())
			var left flow.Todo
			var beside []flow.Exhibit
			if u.Left != nil {
				left, beside = u.Left()
			}
			if todo := b.Console().UploadTodo(left); todo != nil {
				shown = append(append(shown, todo), beside...)
			}
			return shown
		},
		Look:    k.lookForUpload,
		Work:    func() flow.Job { return k.upload(u.MakesApp) },
		Skip:    k.SkipsUpload,
		Fixes:   u.Fixes,
		Reopens: []string{string(credentials.KeyID)}, // the page shows a Key ID for what is uploaded
	}
}

// Sharing is what there is to do besides where the token is for another account, an organization or
// an enterprise: its owner has to authorize the app, too. Nil where the owner is the app's.
func (b *Base) Sharing() flow.Todo {
	if b.AccountID == "" && b.EnterpriseID == "" {
		return nil
	}
	return flow.Todo{i18n.Msg("upload.todo.share")}
}

// SkipsUpload reports whether the console has made the key itself.
func (k *Keys) SkipsUpload() bool { return k.Source == ImportKey && !k.base.Console().Acts() }

func (k *Keys) publicKey() PublicKey {
	return PublicKey{
		PEM: k.publicPEM(), Path: k.base.Display(keygen.PublicPath(k.base.KeyFile)), ByHand: !k.base.Console().Acts(),
		FromConsole: func() (string, int, func()) {
			before := k.Source
			k.Source = ImportKey
			return Key, 1, func() { k.Source = before } // past the choice that was just made
		},
	}
}

func (k *Keys) publicPEM() string {
	if k.base.Key == nil {
		return ""
	}
	return string(keygen.EncodePublic(&k.base.Key.PublicKey))
}

// lookForUpload notices a public key that the person adds in the console while the step waits.
func (k *Keys) lookForUpload() flow.Job {
	c, appID, public := k.base.Console(), k.base.AppID, k.publicPEM()
	return k.base.Watch(func(ctx context.Context) (console.Found, error) { return c.FindKey(ctx, appID, public) }, func(found console.Found) {
		k.Uploaded = found.KeyID != ""
		if k.Uploaded {
			k.base.Provide(credentials.KeyID, found.KeyID)
		}
	})
}

func (k *Keys) upload(makesApp bool) flow.Job {
	if k.Dry && (k.base.Given(string(credentials.KeyID)) || k.base.KeyID != "" && !k.KeyIsNew) {
		return flow.Nothing // the Key ID is known, and nothing is uploaded
	}
	c, appID, public, name := k.base.Console(), k.base.AppID, k.publicPEM(), ""
	if makesApp {
		name = filepath.Base(k.base.Dir)
	}
	return flow.Do(func(ctx context.Context) (console.App, error) { return c.AddKey(ctx, appID, name, public) }, func(app console.App) {
		if app.KeyID == "" {
			k.base.changed = !c.Acts()                                                 // the person says so by going on
			k.base.upload = k.base.changed && !k.base.Given(string(credentials.KeyID)) // which comes from an upload before
			return
		}
		k.base.Provide(credentials.AppID, app.ID)
		k.base.Provide(credentials.KeyID, app.KeyID)
		k.Uploaded, k.base.changed = true, app.Delayed
	})
}
