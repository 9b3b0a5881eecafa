package setup_test

import (
	"context"
	"errors"
	"testing"

	"cozejwt/internal/console"
	"cozejwt/internal/coze"
	"cozejwt/internal/sandbox"
	"cozejwt/internal/setup"
	"cozejwt/internal/testplan"
)

// practised is a sandbox in whose console a person works.
type practised struct {
	sandbox.Client
	byHand  []string
	refuses error // to say whether there is an app
}

func (p *practised) HasApp(ctx context.Context, id string) (bool, error) {
	if p.refuses != nil {
		return false, p.refuses
	}
	return p.Client.HasApp(ctx, id)
}

func (p *practised) AppsByHand(context.Context) ([]string, error) { return p.byHand, nil }

func TestTheAppMadeInTheConsoleIsNoticedAndNoOther(t *testing.T) {
	w := testplan.New(t)
	p := &practised{Client: w.Coze, byHand: []string{"from before"}}
	deps := w.Deps()
	deps.Sandbox = func(context.Context) (console.Server, error) { return p, nil }
	s, err := setup.Open(deps, w.Dir, w.Env())
	testplan.Must(t, err)
	s.TakeBase(coze.Sandbox, "")
	testplan.Ask(t, s, "app")
	other, err := w.Coze.CreateApp(t.Context(), "of another run")
	testplan.Must(t, err)
	testplan.Ask(t, s, "app")
	if s.AppID != "" {
		t.Fatalf("%s was taken, which another run created (%s)", s.AppID, other)
	}
	mine, err := w.Coze.CreateApp(t.Context(), "by hand")
	testplan.Must(t, err)
	p.byHand = append(p.byHand, mine)
	testplan.Ask(t, s, "app")
	if said := testplan.Step(s, "app").Says(); s.AppID != mine || said[0].ID != "app.exists" {
		t.Errorf("App ID %q, want %s", s.AppID, mine)
	}
	s.AppID = ""
	testplan.Ask(t, s, "app")
	if s.AppID != mine {
		t.Errorf("looked at again, the App ID is %q", s.AppID)
	}
	p.refuses = errors.New("no answer")
	testplan.Ask(t, s, "app")
	if said := testplan.Step(s, "app").Says(); s.AppID != mine || said[0].ID != "app.exists" {
		t.Errorf("what could not be seen is taken for gone: it says %s", said[0].ID)
	}
}
