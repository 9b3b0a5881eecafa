package tui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"cozejwt/internal/i18n"
	"cozejwt/internal/steps"
	"cozejwt/internal/verification"
)

// crashVariable tells the test binary to be a full-screen program that panics at a place.
const crashVariable = "COZEJWT_TEST_CRASH"

// fragile is a model that panics at a place.
type fragile struct{ where string }

var places = []string{"init", "update", "view", "command", "batch", "sequence", "batch in a sequence", "first frame"}

func (f fragile) at(where string) {
	if f.where == where {
		panic("fragile: " + where)
	}
}

func (f fragile) Init() tea.Cmd {
	f.at("init")
	breaks := func() tea.Msg { panic("fragile: " + f.where) }
	switch f.where {
	case "command":
		return breaks
	case "batch":
		return tea.Batch(func() tea.Msg { return nil }, breaks)
	case "sequence":
		return tea.Sequence(func() tea.Msg { return nil }, breaks)
	case "batch in a sequence":
		return tea.Sequence(func() tea.Msg { return nil }, tea.Batch(breaks, func() tea.Msg { return nil }))
	}
	return func() tea.Msg { return struct{}{} }
}

func (f fragile) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if msg == struct{}{} {
		f.at("update")
		return fragile{strings.TrimPrefix(f.where, "later ")}, nil
	}
	return f, nil
}

func (f fragile) View() string {
	f.at("first frame")
	f.at("view")
	return "drawn"
}

// crashAt runs a program that panics, and says how it ended.
func crashAt(where string) {
	if where == "view" {
		where = "later view"
	}
	err := runProgram(context.Background(), fragile{where}, &sharedOutput{File: os.Stdout})
	if crash, ok := errors.AsType[*Crash](err); ok && len(crash.Stack) > 0 {
		fmt.Printf("ended in order: %v", crash.Value)
	}
	os.Exit(1)
}

// A panicking view panics at each message.
type panicking struct{ waitingView }

func (panicking) update(tea.Msg) tea.Cmd { panic("fragile") }

func TestAPanicKeepsTheAnswers(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.to(steps.KeyID)
	d.wizard.run.DropDraft()()
	d.wizard.view = &panicking{}
	g := &guarded{model: d.wizard, quit: func() {}}
	g.Update(struct{}{})
	crash := g.crashed()
	if crash == nil || crash.Value != "fragile" {
		t.Fatalf("the panic is %v", crash)
	}
	if err := d.wizard.ended(crash); !errors.Is(err, crash) {
		t.Errorf("it ends with %v", err)
	}
	d.open(i18n.English, 80, 24)
	if d.step() != "resume" {
		t.Errorf("the next run begins at %s", d.step())
	}
}

func TestAPanicOfTheChecksIsThatOfACommand(t *testing.T) {
	c := newChecklist(context.Background(), verification.Target{}, 0, i18n.English, &desk{}, nil)
	c.events, c.crash = make(chan verification.Result), new(any)
	*c.crash = "fragile"
	close(c.events)
	defer func() {
		if recover() != "fragile" {
			t.Error("the checks end as if nothing had happened")
		}
	}()
	c.next()()
}

func TestOnlyTheFirstPanicIsReported(t *testing.T) {
	ended := 0
	g := &guarded{model: fragile{"update"}, quit: func() { ended++ }}
	g.Update(struct{}{})
	g.model = fragile{"view"}
	if g.View() != "" {
		t.Error("a frame is drawn")
	}
	if crash := g.crashed(); crash.Value != "fragile: update" || ended != 1 {
		t.Errorf("reported is %v, ended %d times", crash.Value, ended)
	}
}
