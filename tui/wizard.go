// Package tui is the wizard: it shows the steps of a plan full screen, one at
// a time, and turns keys into answers. What a step is, asks, does and proves is
// the engine's; this package routes and draws. It writes no file.
package tui

import (
	"context"
	"errors"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/charmbracelet/bubbles/help"
	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/spinner"
	"github.com/charmbracelet/bubbles/viewport"
	tea "github.com/charmbracelet/bubbletea"

	"cozejwt/internal/diagnosis"
	"cozejwt/internal/exchange"
	"cozejwt/internal/i18n"
	"cozejwt/internal/setup"
)

// ErrBack is returned where the person wants to return to the menu.
var ErrBack = errors.New("back to the menu")

// ErrLeft is returned by Run when the person left before the end.
var ErrLeft = errors.New("left before the end")

// Options say how the wizard is shown.
type Options struct {
	Lang      i18n.Language
	NoBrowser bool // pages are not opened; their addresses are shown anyway
	Menu      bool // Esc at the beginning returns to one, with ErrBack
}

// Run shows the wizard for a session until its plan is done or left.
func Run(ctx context.Context, s *setup.Session, p Options) error {
	return p.run(ctx, func(desk Desktop) *Wizard {
		w := New(ctx, s, p.Lang, desk)
		w.every = time.Second
		return w
	})
}

// Choose shows one question, full screen, and returns the answer.
func Choose(ctx context.Context, s *setup.Session, brief []i18n.Message, field setup.Field, p Options) (answer string, err error) {
	return answer, p.run(ctx, func(desk Desktop) *Wizard {
		w := newWizard(ctx, s, p.Lang, desk)
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
	// Signals end ctx; Bubble Tea's own handler would only race it.
	program := tea.NewProgram(w, tea.WithAltScreen(), tea.WithContext(ctx), tea.WithOutput(out), tea.WithoutSignalHandler(),
		tea.WithFPS(120)) // the first frame, and the answer to a key, come 8 ms earlier than by default
	_, err := program.Run()
	switch {
	case w.finished:
		return nil
	case w.toMenu:
		return ErrBack
	case w.correct != nil:
		return Correction{*w.correct}
	case errors.Is(err, tea.ErrProgramKilled), err == nil:
		return ErrLeft
	}
	return err
}

// A Wizard is the Bubble Tea model: which step is on, and its view.
type Wizard struct {
	ctx     context.Context
	session *setup.Session
	lang    i18n.Language
	desk    Desktop

	at      int
	visit   int           // number of step visits, to ignore late results
	version int           // counts the changes of the session
	every   time.Duration // between two looks at what a step depends on; 0: it is looked at once
	view    view
	ticked  map[string]int    // how many points of a step's list are done
	typed   map[string]string // what stood in a text field that was left without Enter

	job          *job           // under way; nil: none
	ahead        []tea.KeyMsg   // typed before the step was there, for the step
	first        func() tea.Cmd // what the wizard begins with
	status       string
	parts        []exchange.Event     // of the last exchange
	field        int                  // the field of the next step that gets the focus
	undo         func() tea.Cmd       // what Esc does where a key led away from another step; nil: goes back
	refused      *diagnosis.Diagnosis // why the person was sent back to this step; nil: they were not
	leaving      bool                 // as soon as the job that is under way has ended
	menu, toMenu bool                 // there is one to return to; Esc has done so
	correct      *diagnosis.Diagnosis // the refusal that is to be corrected by another run
	finished     bool

	width, height int
	keys          keymap
	help          help.Model
	glossary      bool // the page of words and keys is open
	details       bool // all causes of a refusal are explained
	spinner       spinner.Model
	page          viewport.Model
	followed      []int // the lines of the body that were last brought into view
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

// A job is what is under way beside the screen.
type job struct {
	short  bool // keys typed before it ends are for what comes after it
	began  time.Time
	cancel context.CancelFunc
	then   func(err error) tea.Cmd

	mu    sync.Mutex
	parts []exchange.Event // of an exchange, as far as they are done
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
	effect setup.Effect
	err    error
}

// New returns the wizard, at the first step or, where a run was not finished,
// at the question whether to resume it.
func New(ctx context.Context, s *setup.Session, lang i18n.Language, desk Desktop) *Wizard {
	w := newWizard(ctx, s, lang, desk)
	draft := s.FindDraft()
	if draft == nil {
		w.first = func() tea.Cmd { return w.start(s.Plan.First(s)) }
		return w
	}
	if s.Resumes {
		w.first = func() tea.Cmd {
			cmd := w.start(s.Resume(draft))
			w.refused = s.Reason
			return cmd
		}
		return w
	}
	w.ask(nil, setup.ResumeField(s, draft), func(answer string) tea.Cmd {
		if answer != "yes" {
			return tea.Batch(saving(s.DropDraft()), w.show(s.Plan.First(s)))
		}
		at := 0
		return w.begin(s.Resuming(draft, &at), true, func(error) tea.Cmd { return w.show(at) })
	})
	return w
}

func newWizard(ctx context.Context, s *setup.Session, lang i18n.Language, desk Desktop) *Wizard {
	w := &Wizard{
		ctx: ctx, session: s, lang: lang, desk: desk,
		typed: map[string]string{}, ticked: map[string]int{}, width: 80, height: 24,
		keys: newKeymap(lang), help: newHelp(), spinner: spinner.New(spinner.WithSpinner(spinner.MiniDot), spinner.WithStyle(accent)),
		page: viewport.New(80, 20), view: &waitingView{}, first: func() tea.Cmd { return nil },
	}
	w.page.KeyMap = scrollKeys()
	return w
}

// ask shows a question that belongs to no step.
func (w *Wizard) ask(brief []i18n.Message, field setup.Field, then func(answer string) tea.Cmd) {
	w.at = -1
	w.view = newQuestionView(w, brief, field, then)
}

func (w *Wizard) steps() []setup.Step { return w.session.Plan.Steps }

func (w *Wizard) step() setup.Step { return w.steps()[w.at] }

// Init begins what the first step does by itself.
func (w *Wizard) Init() tea.Cmd {
	if w.every == 0 {
		return w.first()
	}
	return tea.Batch(w.first(), tea.Tick(settled, func(time.Time) tea.Msg { return warm{} }))
}

// warm is the message that the first frame is there: a key made before would
// hold it up, as one of two cores is busy with it for a while.
type warm struct{}

// settled is how long the first frame takes on a slow machine.
const settled = 200 * time.Millisecond

// Update routes a message: sizes, jobs and the keys that mean the same
// everywhere are the wizard's, the rest is the view's.
func (w *Wizard) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		w.width, w.height = msg.Width, msg.Height
		w.followed = nil
		return w, nil
	case warm:
		w.session.Warm()
		return w, nil
	case jobDone:
		return w, w.finish(msg)
	case lookAgain:
		return w, w.look(msg)
	case looked:
		return w, w.saw(msg)
	case opened:
		if msg.err != nil {
			w.status = w.text("wizard.not_open")
		}
		return w, nil
	case spinner.TickMsg:
		if w.job == nil {
			return w, nil
		}
		var cmd tea.Cmd
		w.spinner, cmd = w.spinner.Update(msg)
		return w, cmd
	case tea.KeyMsg:
		return w, w.press(msg)
	}
	return w, w.view.update(msg)
}

func (w *Wizard) press(msg tea.KeyMsg) tea.Cmd {
	w.status = ""
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
		return w.readGlossary(msg)
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
	case key.Matches(msg, w.keys.leave) && w.at == len(w.steps())-1:
		return w.advance(), true // nothing is left to do
	case key.Matches(msg, w.keys.leave):
		return w.leave(), true
	case key.Matches(msg, w.keys.help):
		w.glossary = true
		w.page.GotoTop()
	case key.Matches(msg, w.keys.language):
		w.speak(w.lang.Next())
	case key.Matches(msg, w.keys.tick):
		return nil, w.tick()
	default:
		return nil, false
	}
	return nil, true
}

// pressWhileBusy keeps what is typed for a step that is not there yet, and calls
// work off on Esc.
func (w *Wizard) pressWhileBusy(msg tea.KeyMsg) {
	switch {
	case w.job.short:
		w.ahead = append(w.ahead, msg)
	case key.Matches(msg, w.keys.back):
		w.job.cancel()
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

// show goes to a step and keeps the run for the case that it is left there.
func (w *Wizard) show(at int) tea.Cmd {
	w.refused, w.undo = nil, nil
	w.visit++
	return w.begin(w.arrive(at), true, func(err error) tea.Cmd { return w.come(at, err) })
}

// start is show for the first step, before there is a screen: the steps that flags
// have answered are passed at once.
func (w *Wizard) start(at int) tea.Cmd {
	st := w.steps()[at]
	if st.Look != nil || st.Work == nil || !st.Answered(w.session) {
		return w.come(at, w.arrive(at).Do(w.ctx, w.session))
	}
	if err := st.Work(w.session).Do(w.ctx, w.session); err != nil {
		w.session.Reopen(st)
		return w.come(at, err)
	}
	return w.start(w.session.Plan.Next(w.session, at))
}

// come makes the step at an index the current one and prepares it. Err is from arriving there.
func (w *Wizard) come(at int, err error) tea.Cmd {
	w.at, w.status, w.followed, w.details = at, "", nil, false
	w.page.GotoTop()
	w.view = &waitingView{}
	if prepare := w.step().Prepare; err == nil && prepare != nil {
		return w.begin(prepare(w.session), true, w.arrived)
	}
	return w.arrived(err)
}

// arrive notes where the run is before the step is seen: it is resumed there
// even if it is killed at once. Then it looks at what the step depends on.
func (w *Wizard) arrive(at int) setup.Job {
	st, save, look := w.steps()[at], w.session.Arrive(at), setup.Job(nil)
	if st.Look != nil {
		look = st.Look(w.session)
	}
	return func(ctx context.Context) (setup.Effect, error) {
		save()
		if look == nil {
			return nil, nil
		}
		return look(ctx)
	}
}

// saving is the command that writes down what was noted of the run.
func saving(save setup.Save) tea.Cmd {
	return func() tea.Msg { save(); return nil }
}

// open chooses the view for what the step does and shows; the standard form
// serves the others.
func (w *Wizard) open(st setup.Step) tea.Cmd {
	if st.Outcome != setup.TokenNone {
		w.view = &testView{wizard: w}
		return w.work()
	}
	if key, ok := setup.Shown[setup.PublicKey](st, w.session); ok {
		w.view = &uploadView{wizard: w, key: key}
		return nil
	}
	if _, ok := setup.Shown[setup.Review](st, w.session); ok {
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

// work begins the step's work, or continues where there is none.
func (w *Wizard) work() tea.Cmd {
	st := w.step()
	if st.Work == nil {
		return w.advance()
	}
	return w.begin(st.Work(w.session), false, w.worked)
}

// begin does a job beside the screen, and then what follows from how it ended.
func (w *Wizard) begin(do setup.Job, short bool, then func(error) tea.Cmd) tea.Cmd {
	ctx, cancel := context.WithCancel(w.ctx)
	j := &job{short: short, began: time.Now(), cancel: cancel, then: then}
	ctx = exchange.WithProgress(ctx, j.report)
	w.job = j
	if !short {
		w.parts = nil
	}
	return tea.Batch(w.spinner.Tick, func() tea.Msg {
		defer cancel()
		effect, err := do(ctx)
		return jobDone{j, effect, err}
	})
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
		done.effect(w.session)
	}
	if w.leaving {
		return tea.Quit
	}
	cmds := []tea.Cmd{done.job.then(done.err)}
	for w.job == nil && len(w.ahead) > 0 {
		msg := w.ahead[0]
		w.ahead = w.ahead[1:]
		cmds = append(cmds, w.press(msg))
	}
	return tea.Batch(cmds...)
}

// worked continues after the work of a step, or says why it could not be done.
func (w *Wizard) worked(err error) tea.Cmd {
	switch {
	case err != nil:
		return w.view.failed(err)
	case w.step().Outcome != setup.TokenNone:
		return nil // the result is shown until Enter
	}
	return w.advance()
}

// arrived opens the step once it is known what it shows. One that flags have
// answered is passed, unless its work fails.
func (w *Wizard) arrived(err error) tea.Cmd {
	st := w.step()
	if err == nil && st.Answered(w.session) {
		w.view = &waitingView{}
		return w.pass(st)
	}
	cmd := w.open(st)
	if err != nil {
		cmd = tea.Batch(cmd, w.view.failed(err))
	}
	return tea.Batch(cmd, w.watch())
}

func (w *Wizard) pass(st setup.Step) tea.Cmd {
	if st.Work == nil {
		return w.advance()
	}
	return w.begin(st.Work(w.session), true, func(err error) tea.Cmd {
		if err == nil {
			return w.advance()
		}
		w.session.Reopen(st)
		return tea.Batch(w.open(st), w.view.failed(err))
	})
}

// lookAgain is the message to check again what a step depends on, such as a download folder; looked
// has the result.
type (
	lookAgain struct{ visit int } // of the step, as the wizard counts them
	looked    struct {
		visit, version int
		effect         setup.Effect
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
	version, look := w.version, w.step().Look(w.session)
	return func() tea.Msg {
		effect, _ := look(w.ctx) // what cannot be seen now may be seen the next time
		return looked{msg.visit, version, effect}
	}
}

// saw records what was seen, unless an answer has changed what is looked for.
func (w *Wizard) saw(msg looked) tea.Cmd {
	if msg.visit != w.visit {
		return nil
	}
	if msg.effect != nil && w.job == nil && msg.version == w.version {
		msg.effect(w.session)
		if form, ok := w.view.(*formView); ok {
			form.refresh()
		}
	}
	return w.watch()
}

func (w *Wizard) advance() tea.Cmd {
	if w.at == len(w.steps())-1 {
		w.finished = true
		return tea.Quit
	}
	return w.show(w.session.Plan.Next(w.session, w.at))
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
	return w.show(w.session.Plan.Back(w.session, w.at))
}

// atBeginning reports whether nothing comes before what is shown.
func (w *Wizard) atBeginning() bool {
	return w.at <= 0 || w.at == w.session.Plan.First(w.session)
}

// leave ends the wizard; what was answered so far is kept for the next time.
// Work that is under way is called off and may put its things in order first;
// a second Ctrl+C does not wait for that.
func (w *Wizard) leave() tea.Cmd {
	save := w.session.Pause()
	if w.job != nil && !w.leaving {
		w.leaving = true
		w.job.cancel()
		return saving(save)
	}
	return func() tea.Msg {
		save()
		return tea.Quit()
	}
}

// goTo jumps to the step of an id, to answer its questions again.
func (w *Wizard) goTo(id string) tea.Cmd {
	at := max(w.session.Plan.Index(id), 0)
	w.session.Reopen(w.steps()[at])
	return w.show(at)
}

// speak changes the language of the screen.
func (w *Wizard) speak(l i18n.Language) {
	w.lang, w.keys, w.status, w.followed = l, newKeymap(l), "", nil
}

func (w *Wizard) text(id string, pairs ...string) string { return w.lang.Text(id, pairs...) }
