package setup_test

import (
	"context"
	"testing"

	"cozejwt/internal/coze"
	"cozejwt/internal/sandbox"
	"cozejwt/internal/setup"
)

// practised is a sandbox in whose console a person works.
type practised struct {
	sandbox.Client
	byHand []string
}

func (p *practised) AppsByHand(context.Context) ([]string, error) { return p.byHand, nil }

func TestTheAppMadeInTheConsoleIsNoticedAndNoOther(t *testing.T) {
	w := newWorld(t)
	p := &practised{Client: w.coze, byHand: []string{"from before"}}
	deps := w.env()
	deps.Sandbox = func(context.Context) (setup.Sandbox, error) { return p, nil }
	s, err := setup.Open(deps, w.Dir, w.Path(".env"))
	must(t, err)
	s.TakeBase(coze.Sandbox, "")
	ask(t, s, "app")
	other, err := w.coze.CreateApp(t.Context(), "of another run")
	must(t, err)
	ask(t, s, "app")
	if s.Answers.AppID != "" {
		t.Fatalf("%s was taken, which another run created (%s)", s.Answers.AppID, other)
	}
	mine, err := w.coze.CreateApp(t.Context(), "by hand")
	must(t, err)
	p.byHand = append(p.byHand, mine)
	ask(t, s, "app")
	if s.Answers.AppID != mine || !s.Observed.AppExists {
		t.Errorf("App ID %q, there: %v; want %s", s.Answers.AppID, s.Observed.AppExists, mine)
	}
}
