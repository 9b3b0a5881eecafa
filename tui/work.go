package tui

import (
	"context"
	"slices"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"cozejwt/internal/exchange"
	"cozejwt/internal/flow"
)

// A job is what is under way beside the screen.
type job struct {
	short  bool // keys typed before it ends are for what comes after it
	began  time.Time
	cancel context.CancelFunc
	then   func(err error) tea.Cmd

	once sync.Once // around the work, which sets:
	done jobDone

	now chan struct{} // ends the pause before an exchange is tried again

	mu    sync.Mutex
	parts []exchange.Event // of an exchange, as far as they are done
	try   *exchange.Try    // that comes after the pause which is on; nil: none is
}

// pause notes the try that an exchange waits for, nil once it is made.
func (j *job) pause(try *exchange.Try) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.try = try; try == nil {
		j.parts = nil // each try has its own
	}
}

// pausing is the try that the job waits for, nil for none.
func (j *job) pausing() *exchange.Try {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.try
}

// retryNow ends a pause.
func (j *job) retryNow() {
	if j.pausing() == nil {
		return
	}
	select {
	case j.now <- struct{}{}:
	default: // it was asked for already
	}
}

func (j *job) report(e exchange.Event) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.parts = append(j.parts, e)
}

func (j *job) progress() []exchange.Event {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.parts)
}

// slow is how long a job takes before it is worth showing that it runs.
const slow = 150 * time.Millisecond

// working reports whether the work of a step is under way, which is shown.
func (w *Wizard) working() bool { return w.job != nil && !w.job.short }

// spin is the spinner, once the job has run for a while.
func (w *Wizard) spin() string {
	if w.job == nil || time.Since(w.job.began) < slow {
		return " "
	}
	return w.spinner.View()
}

// jobDone is the message that a job has ended.
type jobDone struct {
	job    *job
	effect flow.Effect
	err    error
}

// work begins the step's work, or continues where there is none.
func (w *Wizard) work() tea.Cmd {
	st := w.step()
	if st.Work == nil {
		return w.advance()
	}
	return w.begin(st.Work(), false, w.workDone)
}

// begin does a job beside the screen, and then what follows from how it ended.
func (w *Wizard) begin(do flow.Job, short bool, then func(error) tea.Cmd) tea.Cmd {
	ctx, cancel := context.WithCancel(w.ctx)
	j := &job{short: short, began: time.Now(), cancel: cancel, then: then, now: make(chan struct{}, 1)}
	ctx = exchange.WithProgress(ctx, j.report)
	ctx = exchange.WithTries(ctx, exchange.Tries{Tell: j.pause, Now: j.now})
	w.job = j
	return tea.Batch(w.spinner.Tick, func() tea.Msg {
		defer cancel()
		j.once.Do(func() {
			effect, err := do(ctx)
			j.done = jobDone{j, effect, err}
		})
		return j.done
	})
}

// settle calls off the job that is under way, waits until it has put its things in order, and
// records what it did: the program was ended from outside. Who pressed Ctrl+C twice does not wait.
func (w *Wizard) settle() {
	j := w.job
	if j == nil || w.leaving {
		return
	}
	j.cancel()
	j.once.Do(func() {}) // returns when the work does; one that has not begun never does
	w.job = nil
	if j.done.effect != nil {
		j.done.effect()
	}
}

func (w *Wizard) finish(done jobDone) tea.Cmd {
	if done.job != w.job {
		return nil
	}
	w.job = nil
	if !done.job.short {
		w.parts = done.job.progress()
	}
	w.version++
	if done.effect != nil {
		done.effect()
	}
	if w.leaving {
		return tea.Quit
	}
	cmds := []tea.Cmd{done.job.then(done.err)}
	for w.job == nil && len(w.typedAhead) > 0 {
		msg := w.typedAhead[0]
		w.typedAhead = w.typedAhead[1:]
		cmds = append(cmds, w.press(msg))
	}
	return tea.Batch(cmds...)
}

// workDone continues after the work of a step, or says why it could not be done.
func (w *Wizard) workDone(err error) tea.Cmd {
	switch {
	case err != nil:
		return w.view.failed(err)
	case w.step().Outcome != flow.TokenNone:
		return nil // the result is shown until Enter
	}
	return w.advance()
}

// lookAgain is the message to check again what a step depends on, such as a download folder; looked
// has the result.
type (
	lookAgain struct{ visit int } // of the step, as the wizard counts them
	looked    struct {
		visit, version int
		effect         flow.Effect
	}
)

// watch looks again, after a while, at what the step depends on.
func (w *Wizard) watch() tea.Cmd {
	if w.every == 0 || w.at < 0 || w.step().Look == nil {
		return nil
	}
	visit := w.visit
	return tea.Tick(w.every, func(time.Time) tea.Msg { return lookAgain{visit} })
}

func (w *Wizard) look(msg lookAgain) tea.Cmd {
	if msg.visit != w.visit {
		return nil
	}
	version, look := w.version, w.step().Look()
	return func() tea.Msg {
		effect, _ := look(w.ctx) // what cannot be seen now may be seen the next time
		return looked{msg.visit, version, effect}
	}
}

// applyLook records what was seen, unless an answer has changed what is looked for.
func (w *Wizard) applyLook(msg looked) tea.Cmd {
	if msg.visit != w.visit {
		return nil
	}
	if msg.effect != nil && w.job == nil && msg.version == w.version {
		msg.effect()
		switch v := w.view.(type) {
		case *formView:
			v.refresh()
		case *testView:
			return tea.Batch(v.looked(), w.watch())
		}
	}
	return w.watch()
}
