package tui

import (
	"context"
	"testing"

	"cozejwt/internal/console"
	"cozejwt/internal/coze"
	"cozejwt/internal/i18n"
	"cozejwt/internal/steps"
)

var unauthorized = service{403, `{"error_code":"access_deny","error_message":"app: x is not authorized by the owner"}`, nil}

// watched is a sandbox whose app is let in or not.
type watched struct {
	console.Server
	admits bool
	seen   []string
}

func (w *watched) Admits(_ context.Context, appID string) (bool, error) {
	w.seen = append(w.seen, appID)
	return w.admits, nil
}

func TestARefusalThatEndsInTheConsoleStays(t *testing.T) {
	for _, lang := range []i18n.Language{i18n.English, i18n.Chinese} {
		d := newDriver(t, lang, 80, 30)
		*d.service = unauthorized
		d.to(steps.Test)
		d.wants(coze.CN.Console(), lang.Text("wizard.then_retry"), "o "+lang.Text("key.open"), "enter "+lang.Text("key.retry"))
		d.lacks(lang.Text("wizard.watched"))
		d.press("o")
		if d.desk.opened != coze.CN.Console() || d.step() != steps.Test {
			t.Errorf("opened %q, at %s", d.desk.opened, d.step())
		}
		d.press("enter")
		d.wants("not authorized")
		*d.service = granting
		d.press("enter")
		d.wants(lang.Text("wizard.success"))
	}
}

func TestTheSandboxIsWatchedUntilItLetsTheAppIn(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 30)
	*d.service = unauthorized
	server := &watched{}
	d.to(steps.Review)
	d.setup.Region, d.setup.Sandbox = coze.Sandbox, func(context.Context) (console.Server, error) { return server, nil }
	d.to(steps.Test)
	d.wants("the test runs again by itself")
	look := func() { d.send(lookAgain{d.wizard.visit}) }
	*d.service = granting
	look()
	d.wants("not authorized")
	server.admits = true
	look()
	d.wants("✓ The sandbox issued an access token")
	if look(); len(server.seen) != 3 || server.seen[0] != appID {
		t.Errorf("looked for %q", server.seen)
	}
}

// A refusal of other values is not ended by the console.
func TestWhatIsFixedAtAStepIsNotTriedAgainByItself(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 40)
	*d.service = refusing
	server := &watched{}
	d.to(steps.Review)
	d.setup.Region, d.setup.Sandbox = coze.Sandbox, func(context.Context) (console.Server, error) { return server, nil }
	d.to(steps.Test)
	server.admits = true
	*d.service = granting
	d.send(lookAgain{d.wizard.visit})
	d.wants("kid not been registred", "r retry")
	d.lacks("the test runs again by itself")
}
