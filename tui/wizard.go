// Package tui is the wizard: it shows the steps of a plan full screen, one at
// a time, and turns keys into answers. What a step is, asks, does and proves is
// the engine's; this package routes and draws. It writes no file.
package tui

import (
	"context"
	"time"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/spinner"
	tea "github.com/charmbracelet/bubbletea"

	"cozejwt/internal/diagnosis"
	"cozejwt/internal/exchange"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
)

// A Wizard is the Bubble Tea model: which step is on, and its view.
type Wizard struct {
	window
	ctx context.Context
	run *flow.Run

	at      int
	visit   int           // number of step visits, to ignore late results
	version int           // counts the changes of the run
	every   time.Duration // between two looks at what a step depends on; 0: it is looked at once
	view    view
	ticked  map[string]int    // how many points of a step's list are done
	typed   map[string]string // what stood in a text field that was left without Enter

	job        *job                 // under way; nil: none
	typedAhead []tea.KeyMsg         // typed before the step was there, for the step
	first      func() tea.Cmd       // what the wizard begins with
	unopened   string               // the page that no browser showed, whole, for the person to open
	parts      []exchange.Event     // of the last exchange
	field      int                  // the field of the next step that gets the focus
	undo       func() tea.Cmd       // what Esc does where a key led away from another step; nil: goes back
	refused    *diagnosis.Diagnosis // why the person was sent back to this step; nil: they were not
	leaving    bool                 // as soon as the job that is under way has ended
	finished   bool

	details bool // all causes of a refusal are explained
}

// A view is what one step shows below the title.
type view interface {
	// update gets the messages that the wizard has no use for itself.
	update(msg tea.Msg) tea.Cmd
	// enter is called for the Enter key.
	enter() tea.Cmd
	// back reports whether Esc was used up within the view.
	back() bool
	// failed is told why the step's work could not be done.
	failed(err error) tea.Cmd
	// body draws the view, and names the lines that should be in sight, the
	// last most of all.
	body(width int) (text string, focus []int)
	// bindings are the keys that mean something here.
	bindings() []key.Binding
	// typing reports whether a text field has the focus.
	typing() bool
}

// A waitingView is shown until it is known what the step shows.
type waitingView struct{}

func (waitingView) update(tea.Msg) tea.Cmd   { return nil }
func (waitingView) enter() tea.Cmd           { return nil }
func (waitingView) back() bool               { return false }
func (waitingView) failed(error) tea.Cmd     { return nil }
func (waitingView) body(int) (string, []int) { return "", nil }
func (waitingView) bindings() []key.Binding  { return nil }
func (waitingView) typing() bool             { return false }

// New returns the wizard, at the first step or, where a run was not finished,
// at the question whether to resume it.
func New(ctx context.Context, r *flow.Run, lang i18n.Speaker, desk Desktop) *Wizard {
	w := newWizard(ctx, r, lang, desk)
	draft := r.FindDraft()
	if draft == nil {
		w.first = func() tea.Cmd { return w.start(r.First()) }
		return w
	}
	at := 0
	if r.Resumes {
		w.first = func() tea.Cmd {
			_ = r.Resume(draft, &at).Do(ctx) // it has no error of its own
			cmd := w.start(at)
			w.refused = r.Reason
			return cmd
		}
		return w
	}
	w.ask(nil, r.ResumeField(draft), func(answer string) tea.Cmd {
		if answer != "yes" {
			return tea.Batch(saveCmd(r.DropDraft()), w.show(r.First()))
		}
		return w.begin(r.Resume(draft, &at), true, func(error) tea.Cmd { return w.show(at) })
	})
	return w
}

func newWizard(ctx context.Context, r *flow.Run, lang i18n.Speaker, desk Desktop) *Wizard {
	return &Wizard{
		window: newWindow(lang, desk), ctx: ctx, run: r, typed: map[string]string{}, ticked: map[string]int{},
		view: &waitingView{}, first: func() tea.Cmd { return nil },
	}
}

// ask shows a question that belongs to no step.
func (w *Wizard) ask(brief []i18n.Message, field flow.Field, then func(answer string) tea.Cmd) {
	w.at = -1
	w.view = newQuestionView(w, brief, field, then)
}

func (w *Wizard) steps() []flow.Step { return w.run.Steps }

func (w *Wizard) step() flow.Step { return w.steps()[w.at] }

// Init begins what the first step does by itself.
func (w *Wizard) Init() tea.Cmd {
	if w.every == 0 {
		return w.first()
	}
	return tea.Batch(w.first(), tea.Tick(firstFrame, func(time.Time) tea.Msg { return warm{} }))
}

// warm is the message that the first frame is there: a key made before would
// hold it up, as one of two cores is busy with it for a while.
type warm struct{}

// firstFrame is how long the first frame takes on a slow machine.
const firstFrame = 200 * time.Millisecond

// Update routes a message: sizes, jobs and the keys that mean the same
// everywhere are the wizard's, the rest is the view's.
func (w *Wizard) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	defer w.relabel()
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		w.width, w.height = msg.Width, msg.Height
		w.followed = nil
		return w, nil
	case warm:
		if w.run.Warm != nil {
			w.run.Warm()
		}
		return w, nil
	case jobDone:
		return w, w.finish(msg)
	case lookAgain:
		return w, w.look(msg)
	case looked:
		return w, w.applyLook(msg)
	case opened:
		if msg.err != nil {
			w.status, w.unopened = w.text("wizard.not_open"), w.run.Page()
		}
		return w, nil
	case spinner.TickMsg:
		return w, w.animate(msg, w.job != nil)
	case tea.KeyMsg:
		return w, w.press(msg)
	}
	return w, w.view.update(msg)
}

func (w *Wizard) press(msg tea.KeyMsg) tea.Cmd {
	w.status, w.unopened = "", ""
	if msg.Paste && (w.job == nil || !w.job.short) {
		return w.view.update(msg)
	}
	switch {
	case key.Matches(msg, w.keys.quit):
		return w.leave()
	case w.job != nil:
		w.pressWhileBusy(msg)
		return nil
	case w.glossary:
		w.readGlossary(msg)
		return nil
	case key.Matches(msg, w.keys.explain):
		w.openGlossary()
		return nil
	case key.Matches(msg, w.keys.back):
		return w.goBack()
	case key.Matches(msg, w.keys.next):
		return w.view.enter()
	}
	if !w.view.typing() {
		if cmd, meant := w.pressLetter(msg); meant {
			return cmd
		}
	}
	if w.scrolls(msg) {
		w.page, _ = w.page.Update(msg)
		return nil
	}
	return w.view.update(msg)
}

// pressLetter does what a key means wherever no text is typed.
func (w *Wizard) pressLetter(msg tea.KeyMsg) (cmd tea.Cmd, meant bool) {
	switch {
	case key.Matches(msg, w.keys.leave) && w.run.Ended():
		return w.advance(), true
	case key.Matches(msg, w.keys.leave):
		return w.leave(), true
	case key.Matches(msg, w.keys.help):
		w.openGlossary()
	case key.Matches(msg, w.keys.language):
		w.setLanguage(w.lang.Next())
	case key.Matches(msg, w.keys.tick):
		return nil, w.tick()
	default:
		t, offered := w.ticks()
		if offered = offered && key.Matches(msg, w.keys.tasks); offered {
			w.openTicks(t)
		}
		return nil, offered
	}
	return nil, true
}

// pressWhileBusy keeps what is typed for a step that is not there yet, calls
// work off on Esc, and ends a pause in it on r.
func (w *Wizard) pressWhileBusy(msg tea.KeyMsg) {
	switch {
	case w.job.short:
		w.typedAhead = append(w.typedAhead, msg)
	case key.Matches(msg, w.keys.back):
		w.job.cancel()
	case key.Matches(msg, w.keys.retry):
		w.job.retryNow()
	}
}

// scrolls reports whether a key moves the page: the page keys always do, the
// arrows where the view does not use them.
func (w *Wizard) scrolls(msg tea.KeyMsg) bool {
	if key.Matches(msg, w.page.KeyMap.PageDown, w.page.KeyMap.PageUp) {
		return true
	}
	for _, b := range w.view.bindings() {
		if key.Matches(msg, b) {
			return false
		}
	}
	return !w.view.typing() && key.Matches(msg, w.page.KeyMap.Down, w.page.KeyMap.Up)
}

// relabel names the console's labels as the region of the run has them, which a step may have
// changed.
func (w *Wizard) relabel() {
	if now := w.run.Speaker(w.lang); now != w.lang {
		w.setLanguage(now)
	}
}
