package tui

import (
	"context"
	"errors"
	"os"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
)

// ErrBack is returned where the person wants to return to the menu.
var ErrBack = errors.New("back to the menu")

// ErrLeft is returned by Run when the person left before the end.
var ErrLeft = errors.New("left before the end")

// Options say how the wizard is shown.
type Options struct {
	Lang      i18n.Speaker
	NoBrowser bool // pages are not opened; their addresses are shown anyway
	Menu      bool // Esc at the beginning returns to one, with ErrBack
}

// Run shows the wizard for a run until its plan is done or left. The errors are ErrLeft,
// ErrBack where the start menu is wanted, a Correction, a *Crash, and those of the terminal.
func Run(ctx context.Context, r *flow.Run, p Options) error {
	return p.run(ctx, func(desk Desktop) *Wizard {
		w := New(ctx, r, p.Lang, desk)
		w.every = time.Second
		return w
	})
}

// Choose shows one question, full screen, and returns the answer. The errors are those of Run.
func Choose(ctx context.Context, r *flow.Run, brief []i18n.Message, field flow.Field, p Options) (answer string, err error) {
	return answer, p.run(ctx, func(desk Desktop) *Wizard {
		w := newWizard(ctx, r, p.Lang, desk)
		w.ask(brief, field, func(value string) tea.Cmd {
			answer, w.finished = value, true
			return tea.Quit
		})
		return w
	})
}

func (p Options) run(ctx context.Context, open func(Desktop) *Wizard) error {
	out := &sharedOutput{File: os.Stdout}
	w := open(systemDesktop{out, p.NoBrowser})
	w.menu = p.Menu
	err := runProgram(ctx, w, out, tea.WithFPS(120)) // the first frame, and the answer to a key, come 8 ms earlier than by default
	return w.ended(err)
}

// ended says how the program ended. One that was ended from outside keeps its answers.
func (w *Wizard) ended(err error) (result error) {
	crash, crashed := errors.AsType[*Crash](err)
	if crashed {
		defer func() {
			_ = recover() // what has panicked may do so again
			result = crash
		}()
	}
	w.settle()
	if !w.finished && !w.toMenu {
		w.run.Pause()()
	}
	switch {
	case w.finished:
		return nil
	case w.wish() != nil:
		return w.wish()
	case errors.Is(err, tea.ErrProgramKilled), err == nil:
		return ErrLeft
	}
	return err
}
