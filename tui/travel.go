package tui

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"cozejwt/internal/flow"
	"cozejwt/internal/review"
	"cozejwt/internal/steps"
)

// show goes to a step and keeps the run for the case that it is left there.
func (w *Wizard) show(at int) tea.Cmd {
	w.refused, w.undo = nil, nil
	w.visit++
	return w.begin(w.arrive(at), true, func(err error) tea.Cmd { return w.makeCurrent(at, err) })
}

// start is show for the first step, before there is a screen: the steps that flags
// have answered are passed at once.
func (w *Wizard) start(at int) tea.Cmd {
	st := w.steps()[at]
	if st.Look != nil || st.Work == nil || !w.run.Answered(st) {
		return w.makeCurrent(at, w.arrive(at).Do(w.ctx))
	}
	if err := st.Work().Do(w.ctx); err != nil {
		w.run.Reopen(st)
		return w.makeCurrent(at, err)
	}
	return w.start(w.run.Next(at))
}

// makeCurrent makes the step at an index the current one and prepares it. Err is from arriving there.
func (w *Wizard) makeCurrent(at int, err error) tea.Cmd {
	w.at, w.status, w.followed, w.details = at, "", nil, false
	w.page.GotoTop()
	w.view = &waitingView{}
	if prepare := w.step().Prepare; err == nil && prepare != nil {
		return w.begin(prepare(), true, w.arrived)
	}
	return w.arrived(err)
}

// arrive notes where the run is before the step is seen: it is resumed there
// even if it is killed at once. Then it looks at what the step depends on.
func (w *Wizard) arrive(at int) flow.Job {
	st, save, look := w.steps()[at], w.run.Arrive(at), flow.Job(nil)
	if st.Look != nil {
		look = st.Look()
	}
	return func(ctx context.Context) (flow.Effect, error) {
		save()
		if look == nil {
			return nil, nil
		}
		return look(ctx)
	}
}

// saveCmd is the command that writes down what was noted of the run.
func saveCmd(save flow.Save) tea.Cmd {
	return func() tea.Msg { save(); return nil }
}

// open chooses the view for what the step does and shows; the standard form
// serves the others.
func (w *Wizard) open(st flow.Step) tea.Cmd {
	if st.Outcome != flow.TokenNone {
		w.view = &testView{wizard: w}
		return w.work()
	}
	if key, ok := flow.Shown[steps.PublicKey](st); ok {
		w.view = &uploadView{wizard: w, key: key}
		return nil
	}
	if _, ok := flow.Shown[*review.Review](st); ok {
		w.view = &reviewView{wizard: w}
		return nil
	}
	if w.at == len(w.steps())-1 {
		w.view = &doneView{wizard: w}
		return nil
	}
	form := newFormView(w, st)
	if w.field > 0 {
		form.focus(w.field)
		w.field = 0
	}
	w.view = form
	return nil
}

// arrived opens the step once it is known what it shows. One that flags have
// answered is passed, unless its work fails.
func (w *Wizard) arrived(err error) tea.Cmd {
	st := w.step()
	if err == nil && w.run.Answered(st) {
		return w.pass(st)
	}
	cmd := w.open(st)
	if err != nil {
		cmd = tea.Batch(cmd, w.view.failed(err))
	}
	return tea.Batch(cmd, w.watch())
}

func (w *Wizard) pass(st flow.Step) tea.Cmd {
	if st.Work == nil {
		return w.advance()
	}
	return w.begin(st.Work(), true, func(err error) tea.Cmd {
		if err == nil {
			return w.advance()
		}
		w.run.Reopen(st)
		return tea.Batch(w.open(st), w.view.failed(err))
	})
}

func (w *Wizard) advance() tea.Cmd {
	if w.at == len(w.steps())-1 {
		w.finished = true
		return tea.Quit
	}
	return w.show(w.run.Next(w.at))
}

func (w *Wizard) goBack() tea.Cmd {
	if w.undo != nil {
		return w.undo()
	}
	if w.view.back() {
		return nil
	}
	if w.atBeginning() {
		w.toMenu = w.menu
		if w.menu {
			return tea.Quit
		}
		return nil
	}
	return w.show(w.run.Back(w.at))
}

// atBeginning reports whether nothing comes before what is shown.
func (w *Wizard) atBeginning() bool {
	return w.at <= 0 || w.run.AtBeginning(w.at)
}

// leave ends the wizard; what was answered so far is kept for the next time.
// Work that is under way is called off and may put its things in order first;
// a second Ctrl+C does not wait for that.
func (w *Wizard) leave() tea.Cmd {
	save := w.run.Pause()
	if w.job != nil && !w.leaving {
		w.leaving = true
		w.job.cancel()
		return saveCmd(save)
	}
	return func() tea.Msg {
		save()
		return tea.Quit()
	}
}

// goTo jumps to the step of an index, to answer its questions again.
func (w *Wizard) goTo(at int) tea.Cmd {
	w.run.Reopen(w.steps()[at])
	return w.show(at)
}
