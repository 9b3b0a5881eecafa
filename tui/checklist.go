package tui

import (
	"context"
	"errors"
	"os"
	"slices"
	"sync"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/spinner"
	tea "github.com/charmbracelet/bubbletea"

	"cozejwt/internal/coze"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/i18n"
	"cozejwt/internal/setup"
	"cozejwt/internal/verification"
)

// Verify shows the checks of a target as they are made, full screen, and
// returns the last results when the person leaves. report makes the text that
// the copy key puts on the clipboard. Where there is a menu to return to, Esc ends
// it with ErrBack. Where the person wants to correct refused credentials, it ends
// with a Correction.
func Verify(ctx context.Context, s verification.Target, kind verification.Kind, lang i18n.Speaker, menu bool, report func([]verification.Result) string) ([]verification.Result, error) {
	out := &sharedOutput{File: os.Stdout}
	c := newChecklist(ctx, s, kind, lang, systemDesktop{out: out}, report)
	c.menu = menu
	err := runProgram(ctx, c, out)
	running := c.settle()
	crash, crashed := errors.AsType[*Crash](err)
	switch {
	case crashed:
		return nil, crash
	case errors.Is(err, tea.ErrProgramKilled), running:
		return nil, ErrLeft
	case err != nil:
		return nil, err
	}
	return c.rows, c.wish()
}

// A Correction says that the person wants to correct the credentials that were refused.
type Correction struct{ Refused diagnosis.Diagnosis }

func (c Correction) Error() string { return "to be corrected: " + c.Refused.ID }

// A checklist is the Bubble Tea model of the checks of one target.
type checklist struct {
	window
	ctx    context.Context
	target verification.Target
	kind   verification.Kind
	report func([]verification.Result) string

	rows    []verification.Result // in the order they are shown; Running until they are made
	events  chan verification.Result
	crash   *any            // what the checks panicked with, once events is closed
	cancel  func()          // calls the checks off
	repair  *sync.Once      // does the repair that was agreed to last; nil: none was
	cursor  string          // id of the check or group that is marked
	open    bool            // the check under the cursor shows its details
	opened  map[string]bool // groups that show their checks
	all     bool            // every group does
	asking  question
	problem string // why what was asked for could not be done
	margin  int    // columns left of everything
}

// A question is one that y answers and any other key declines.
type question int

const (
	nothing question = iota
	mayFix
	mayAskOther
)

// checkEvent is a check that has begun or ended; checksDone says that all have.
type (
	checkEvent verification.Result
	checksDone struct{}
	repaired   struct{ err error } // the end of a repair
)

func newChecklist(ctx context.Context, s verification.Target, kind verification.Kind, lang i18n.Speaker, desk Desktop, report func([]verification.Result) string) *checklist {
	return &checklist{window: newWindow(lang, desk), ctx: ctx, target: s, kind: kind, report: report}
}

func (c *checklist) running() bool { return c.events != nil }

// Init begins the checks.
func (c *checklist) Init() tea.Cmd { return c.begin() }

func (c *checklist) begin() tea.Cmd {
	c.rows, c.cursor, c.open, c.status = nil, "", false, ""
	c.opened = map[string]bool{}
	for _, id := range verification.CheckIDs(c.kind) {
		c.rows = append(c.rows, verification.Result{ID: id})
	}
	events := make(chan verification.Result)
	c.events, c.crash = events, new(any)
	ctx, cancel := context.WithCancel(c.ctx)
	c.cancel = cancel
	go func(crash *any) {
		defer close(events)
		defer func() { *crash = recover() }()
		defer cancel()
		verification.Run(ctx, c.target, c.kind, func(r verification.Result) { events <- r })
	}(c.crash)
	return tea.Batch(c.spinner.Tick, c.next())
}

func (c *checklist) next() tea.Cmd {
	events, crash := c.events, c.crash
	return func() tea.Msg {
		if r, ok := <-events; ok {
			return checkEvent(r)
		}
		if *crash != nil {
			panic(*crash) // runProgram looks after the panics of commands alone
		}
		return checksDone{}
	}
}

// Update routes: sizes, the checks' progress, and keys.
func (c *checklist) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		c.width, c.height = min(msg.Width, railWidth+railGap+maxWidth), msg.Height // the wizard's place
		c.margin, c.followed = (msg.Width-c.width)/2, nil
	case checkEvent:
		for i := range c.rows {
			if c.rows[i].ID == msg.ID {
				c.rows[i] = verification.Result(msg)
			}
		}
		return c, c.next()
	case repaired:
		if msg.err == nil {
			return c, c.begin()
		}
		c.problem = diagnosis.Diagnose(msg.err, diagnosis.Facts{}).Message(c.lang)
	case checksDone:
		c.events = nil
		c.focusFirstFailure()
	case spinner.TickMsg:
		return c, c.animate(msg, c.running())
	case tea.KeyMsg:
		if !msg.Paste {
			return c, c.press(msg)
		}
	}
	return c, nil
}

// focusFirstFailure puts the cursor on the first failure, or warning, and opens it.
func (c *checklist) focusFirstFailure() {
	for _, status := range []verification.Status{verification.Fail, verification.Warn} {
		for _, r := range c.rows {
			if r.Status == status {
				c.cursor, c.open = r.ID, true
				return
			}
		}
	}
}

// An entry is a line of the list: a group, or a check of one that is open.
type entry struct {
	group verification.Group
	check *verification.Result // nil for the group itself
}

func (e entry) id() string {
	if e.check != nil {
		return e.check.ID
	}
	return "group." + e.group.ID
}

// entries are the lines of the list. A group that has trouble shows it, failures
// first; one that passed shows its checks only when it is opened.
func (c *checklist) entries() []entry {
	var all []entry
	for _, g := range verification.Groups(c.rows) {
		all = append(all, entry{group: g})
		shown := g.Trouble()
		if c.all || c.opened[g.ID] {
			shown = g.Results
		}
		for i := range shown {
			all = append(all, entry{g, &shown[i]})
		}
	}
	return all
}

// at is the line under the cursor; the first one where it is on none.
func (c *checklist) at(entries []entry) int {
	return max(slices.IndexFunc(entries, func(e entry) bool { return e.id() == c.cursor }), 0)
}

// marked is the check under the cursor, nil for a group.
func (c *checklist) marked() *verification.Result {
	entries := c.entries()
	return entries[c.at(entries)].check
}

// move puts the cursor some lines away.
func (c *checklist) move(by int) {
	entries := c.entries()
	at := min(max(c.at(entries)+by, 0), len(entries)-1)
	c.cursor, c.open = entries[at].id(), false
}

// toggle opens or closes what is under the cursor.
func (c *checklist) toggle() {
	entries := c.entries()
	if e := entries[c.at(entries)]; e.check == nil {
		c.opened[e.group.ID] = !c.opened[e.group.ID]
		c.cursor = e.id()
		return
	}
	c.open = !c.open
}

func (c *checklist) fixable() bool {
	r := c.marked()
	return r != nil && r.Repair != nil
}

// refusal is the refusal under the cursor that can be corrected, nil for none.
func (c *checklist) refusal() *diagnosis.Diagnosis {
	if r := c.marked(); r != nil && r.Diagnosis != nil && setup.Fixes(*r.Diagnosis) {
		return r.Diagnosis
	}
	return nil
}

func (c *checklist) press(msg tea.KeyMsg) tea.Cmd {
	c.status, c.problem = "", ""
	switch {
	case c.glossary && !key.Matches(msg, c.keys.quit):
		c.readGlossary(msg)
	case key.Matches(msg, c.page.KeyMap.PageDown, c.page.KeyMap.PageUp):
		c.page, _ = c.page.Update(msg)
	case c.asking != nothing && key.Matches(msg, c.keys.correct): // pressed twice
	case c.asking != nothing:
		return c.answered(key.Matches(msg, c.keys.yes))
	case key.Matches(msg, c.keys.menu) && c.menu && !c.running():
		c.toMenu = true
		return tea.Quit
	case key.Matches(msg, c.keys.quit, c.keys.leave):
		return tea.Quit
	case !c.look(msg) && !c.running(): // the others need the results
		return c.pressResult(msg)
	}
	return nil
}

// look does what a key means that changes only what is seen. It reports whether there is such a one.
func (c *checklist) look(msg tea.KeyMsg) bool {
	switch {
	case key.Matches(msg, c.keys.language):
		c.setLanguage(c.lang.Next())
	case key.Matches(msg, c.keys.help):
		c.openGlossary()
	case key.Matches(msg, c.keys.up):
		c.move(-1)
	case key.Matches(msg, c.keys.down):
		c.move(1)
	case key.Matches(msg, c.keys.details):
		c.toggle()
	case key.Matches(msg, c.keys.all):
		c.all = !c.all
	default:
		return false
	}
	return true
}

// pressResult does what a key means once all checks are made.
func (c *checklist) pressResult(msg tea.KeyMsg) tea.Cmd {
	switch {
	case key.Matches(msg, c.keys.again):
		return c.begin()
	case key.Matches(msg, c.keys.correct) && c.fixable():
		c.asking, c.open = mayFix, true
	case key.Matches(msg, c.keys.correct) && c.refusal() != nil:
		c.correct = c.refusal()
		return tea.Quit
	case key.Matches(msg, c.keys.other) && c.other() != "":
		c.asking = mayAskOther
	case key.Matches(msg, c.keys.report):
		text := c.report(c.rows)
		c.status = c.text("verify.copied")
		return func() tea.Msg { c.desk.Copy(text); return nil }
	}
	return nil
}

// other is the other region's API base, where asking it could tell something.
func (c *checklist) other() string {
	for _, r := range c.rows {
		if r.Fault != nil && r.Fault.ID == "region.unasked" {
			return r.Fault.Value("other")
		}
	}
	return ""
}

func (c *checklist) answered(yes bool) tea.Cmd {
	asked := c.asking
	c.asking = nothing
	switch {
	case !yes:
		return nil
	case asked == mayAskOther:
		c.target.AskOther = coze.OtherBase
		return c.begin()
	}
	return c.repairs(c.marked().Repair.Apply)
}

func (c *checklist) repairs(apply func() error) tea.Cmd {
	once := &sync.Once{}
	c.repair = once
	return func() (msg tea.Msg) {
		once.Do(func() { msg = repaired{apply()} })
		return msg
	}
}

// settle calls off the checks that are being made, and waits until they and a repair have written
// what they write: the process may end after it. It reports whether checks were being made.
func (c *checklist) settle() (running bool) {
	if c.repair != nil {
		c.repair.Do(func() {}) // returns when the repair does; one that has not begun never does
	}
	if !c.running() {
		return false
	}
	c.cancel()
	for range c.events { // until it is closed
	}
	return true
}
