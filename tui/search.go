package tui

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"cozejwt/internal/diagnosis"
	"cozejwt/internal/exchange"
	"cozejwt/internal/flow"
	"cozejwt/internal/steps"
	"cozejwt/internal/wrap"
)

// searchView looks for what works in place of what a test has refused, and shows what came of it.
type searchView struct {
	wizard  *Wizard
	looks   *flow.Search
	refusal *testView        // Esc returns to it
	parts   []exchange.Event // of its exchange
	err     error            // why nothing was found out

	mu        sync.Mutex
	done, all int // requests
}

// search begins to look.
func (v *testView) search(looks *flow.Search) tea.Cmd {
	w := v.wizard
	s := &searchView{wizard: w, looks: looks, refusal: v, parts: w.parts}
	w.view = s
	w.page.GotoTop()
	return w.begin(looks.Work(s.report), false, s.ended)
}

func (v *searchView) report(done, all int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.done, v.all = done, all
}

func (v *searchView) ended(err error) tea.Cmd {
	v.wizard.parts = v.parts
	if errors.Is(err, context.Canceled) {
		v.back()
		return nil
	}
	v.err = err
	return nil
}

// enter takes what works, else it does what Enter does at the refusal.
func (v *searchView) enter() tea.Cmd {
	w := v.wizard
	if v.err != nil || v.looks.Found.Take == nil {
		v.back()
		return w.view.enter()
	}
	return w.goTo(v.looks.Found.Take())
}

func (v *searchView) back() bool {
	v.wizard.view, v.wizard.parts = v.refusal, v.parts
	return true
}

func (v *searchView) update(msg tea.Msg) tea.Cmd {
	if pressed, ok := msg.(tea.KeyMsg); ok && !pressed.Paste && key.Matches(pressed, v.wizard.keys.retry) {
		return v.refusal.search(v.looks)
	}
	return nil
}

func (v *searchView) body(width int) (string, []int) {
	w := v.wizard
	text := wrap.Text(w.lang.Say(v.looks.About()), width) + "\n\n"
	switch {
	case w.working():
		text += v.progress(width)
		if try := w.job.pausing(); try != nil {
			text += "\n" + wrap.Text(w.lang.Say(steps.AboutTry(*try)), width)
		}
		return text, nil
	case v.err != nil:
		return text + w.diagnosisText(diagnosis.Diagnose(v.err, diagnosis.Facts{}), width), nil
	}
	if !w.spacious() { // what came of it is all that is seen
		text = ""
	}
	for _, m := range v.looks.Found.Says {
		text += wrap.Text(w.lang.Say(m), width) + "\n"
	}
	text += "\n"
	for _, try := range v.looks.Found.Tries {
		mark, style := "✗ ", bad
		if try.Earned {
			mark, style = "✓ ", good
		}
		line := w.lang.Say(try.Text) + w.text("cause.evidence", "evidence", w.lang.Say(try.Evidence))
		text += marked(style, mark, line, width) + "\n"
	}
	return text, nil
}

// progress is a bar, where its length is known.
func (v *searchView) progress(width int) string {
	v.mu.Lock()
	done, all := v.done, v.all
	v.mu.Unlock()
	w := v.wizard
	if all == 0 {
		return w.spin()
	}
	const longest = 40
	cells := min(width-2, longest)
	full := cells * done / all
	bar := good.Render(strings.Repeat("█", full)) + faint.Render(strings.Repeat("░", cells-full))
	return w.spin() + " " + bar + "\n\n" + wrap.Text(w.text("pairs.progress", "done", strconv.Itoa(done), "all", strconv.Itoa(all)), width)
}

func (v *searchView) bindings() []key.Binding {
	k := v.wizard.keys
	var b []key.Binding
	switch fix := v.refusal.fixStep(); {
	case v.err == nil && v.looks.Found.Take != nil:
		b = append(b, k.review)
	case fix != "":
		b = append(b, k.fixAt(fix))
	}
	return append(b, k.retry)
}

func (v *searchView) failed(error) tea.Cmd { return nil }
func (v *searchView) typing() bool         { return false }
