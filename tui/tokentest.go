package tui

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"cozejwt/internal/diagnosis"
	"cozejwt/internal/exchange"
	"cozejwt/internal/flow"
	"cozejwt/internal/setup"
	"cozejwt/internal/steps"
	"cozejwt/internal/wrap"
)

// testView asks for a token as soon as it opens, and shows what came of it.
type testView struct {
	wizard    *Wizard
	diagnosis *diagnosis.Diagnosis // of a refusal; nil: none
	cancelled bool
}

func (v *testView) update(msg tea.Msg) tea.Cmd {
	pressed, ok := msg.(tea.KeyMsg)
	w := v.wizard
	switch {
	case !ok || pressed.Paste || w.job != nil:
	case key.Matches(pressed, w.keys.retry):
		return v.again()
	case v.diagnosis != nil:
		return v.pressRefused(pressed)
	}
	return nil
}

// pressRefused does what a key means beside a refusal.
func (v *testView) pressRefused(pressed tea.KeyMsg) tea.Cmd {
	w := v.wizard
	switch {
	case key.Matches(pressed, w.keys.open) && v.fixedOnPage():
		return w.pressConsole(pressed)
	case key.Matches(pressed, w.keys.causes):
		w.details = !w.details
	case key.Matches(pressed, w.keys.untested) && v.passable():
		w.run.SkipTest()
		return w.advance()
	case key.Matches(pressed, w.keys.correct) && v.correctable():
		w.correct = v.diagnosis
		return tea.Quit
	case key.Matches(pressed, w.keys.restore) && w.run.CanUndo():
		return w.leave()
	case key.Matches(pressed, w.keys.keep) && w.run.CanUndo():
		w.run.Undo.Keep()
		return w.leave()
	}
	for _, s := range v.searches() {
		if pressed.String() == s.Key {
			return v.search(s)
		}
	}
	return nil
}

func (v *testView) again() tea.Cmd {
	if x := v.shown(); v.fixedOnPage() && x.Changed != nil {
		x.Changed()
	}
	v.diagnosis, v.cancelled = nil, false
	return v.wizard.work()
}

// fixedOnPage reports whether the refusal ends in the console, so that the screen stays until then.
func (v *testView) fixedOnPage() bool {
	return v.diagnosis != nil && v.diagnosis.FixAt() == diagnosis.AtPage
}

// looked tries again once the console was seen to let the app in.
func (v *testView) looked() tea.Cmd {
	if !v.fixedOnPage() || !v.shown().Admitted {
		return nil
	}
	return v.again()
}

// enter continues after a token, and after a refusal if the token is optional. Else it
// goes to the step that fixes the refusal.
func (v *testView) enter() tea.Cmd {
	switch {
	case v.cancelled:
		return v.again()
	case v.diagnosis == nil, v.wanted():
		return v.wizard.advance()
	}
	if target := v.wizard.run.StepToFix(v.diagnosis.FixAt()); target >= 0 {
		cmd := v.wizard.goTo(target)
		v.wizard.refused = v.diagnosis
		return cmd
	}
	return v.again()
}

func (v *testView) wanted() bool { return v.wizard.step().Outcome == flow.TokenOptional }

// passable reports whether the person may continue without a token.
func (v *testView) passable() bool { return v.diagnosis != nil && v.wizard.run.SkipTest != nil }

// correctable reports whether the profile that was refused can be corrected: this plan only
// takes it over.
func (v *testView) correctable() bool { return v.passable() && setup.Fixes(*v.diagnosis) }

// searches are the ways to look for what works in place of what was refused.
func (v *testView) searches() []*flow.Search {
	if v.diagnosis == nil || v.wizard.job != nil {
		return nil
	}
	return v.wizard.run.SearchesFor(*v.diagnosis)
}

// fixStep is the id of the step that fixes the refusal, "" for none.
func (v *testView) fixStep() string {
	at := v.wizard.run.StepToFix(v.diagnosis.FixAt())
	if at < 0 {
		return ""
	}
	return v.wizard.steps()[at].ID
}

// shown is the exchange that the step shows.
func (v *testView) shown() steps.Exchange {
	x, _ := flow.Shown[steps.Exchange](v.wizard.step())
	return x
}

func (v *testView) failed(err error) tea.Cmd {
	if errors.Is(err, context.Canceled) {
		v.cancelled = true
		return nil
	}
	d := v.wizard.run.Diagnose(err)
	v.diagnosis = &d
	return saveCmd(v.wizard.run.Fail(v.wizard.at, d))
}

func (v *testView) body(width int) (string, []int) {
	w := v.wizard
	brief := w.briefText(w.step().Says(), width)
	switch {
	case w.working():
		text := brief + v.partsText(w.job.progress(), w.spin(), width)
		if try := w.job.pausing(); try != nil {
			text += "\n" + wrap.Text(w.lang.Say(steps.AboutTry(*try)), width)
		}
		return text, nil
	case v.cancelled:
		return brief + wrap.Text(w.text("wizard.cancelled"), width), nil
	case v.diagnosis != nil:
		parts, refusal := v.partsText(w.parts, bad.Render("✗"), width), w.diagnosisText(*v.diagnosis, width)+"\n"
		text := parts + "\n" + refusal
		if !w.spacious() {
			text = refusal + "\n" + parts
		}
		if v.wanted() {
			text += "\n" + wrap.Text(w.lang.Say(steps.AboutRefused(*v.diagnosis)), width)
		}
		if v.fixedOnPage() {
			text += "\n" + v.pageText(width)
		}
		if w.run.CanUndo() {
			text += "\n" + wrap.Text(w.text("restore.offer", "path", w.run.About), width)
		}
		return text, nil
	case v.shown().Token != nil:
		success := "wizard.success"
		if v.shown().Watched {
			success = "wizard.sandbox_success"
		}
		return brief + v.partsText(w.parts, "", width) + "\n" + marked(good, "✓ ", w.text(success), width) + "\n\n" + wrap.Text(w.lang.Say(v.shown().Line), width), nil
	}
	return brief, nil
}

// pageText says where the refusal is fixed, and what happens then.
func (v *testView) pageText(width int) string {
	w, text := v.wizard, ""
	if url := w.run.Page(); url != "" {
		text = w.address(url, width) + "\n"
	}
	if v.shown().Watched {
		return text + wrap.Text(w.text("wizard.watched"), width)
	}
	return text + wrap.Text(w.text("wizard.then_retry"), width)
}

// partsText lists the parts of the exchange: those that are done with their times,
// the next one with a mark, which is the one that failed where it failed.
func (v *testView) partsText(done []exchange.Event, mark string, width int) string {
	w := v.wizard
	host := v.shown().Host
	var b strings.Builder
	for i, part := range exchange.Parts {
		text := w.text("part."+string(part), "host", host)
		switch {
		case i < len(done):
			text = good.Render("✓") + " " + text + "  " + faint.Render(done[i].Elapsed.Round(time.Millisecond).String())
		case i == len(done):
			text = mark + " " + text
		default:
			text = "  " + faint.Render(text)
		}
		b.WriteString(ansi.Truncate(text, width, "…") + "\n")
	}
	return b.String()
}

func (v *testView) bindings() []key.Binding {
	k := v.wizard.keys
	switch {
	case v.cancelled:
		return []key.Binding{k.retry}
	case v.diagnosis == nil:
		return []key.Binding{k.next}
	}
	var b []key.Binding
	if v.fixedOnPage() && v.wizard.run.Page() != "" {
		b = append(b, k.open)
	}
	switch {
	case v.wanted():
		return append([]key.Binding{k.anyway, k.retry}, b...)
	case v.fixedOnPage():
		b = append(b, k.rewrite)
	case v.fixStep() != "":
		b = append(b, k.fixAt(v.fixStep()))
	}
	if !v.fixedOnPage() { // Enter does it
		b = append(b, k.retry)
	}
	for _, s := range v.searches() {
		b = append(b, k.searchBy(s))
	}
	if v.passable() {
		b = append(b, k.untested)
	}
	switch {
	case len(v.diagnosis.Causes) < 2:
	case v.wizard.details:
		b = append(b, k.fewer)
	default:
		b = append(b, k.causes)
	}
	if v.correctable() {
		b = append(b, k.correct)
	}
	if v.wizard.run.CanUndo() {
		b = append(b, k.restore, k.keep)
	}
	return b
}

func (v *testView) back() bool   { return false }
func (v *testView) typing() bool { return false }
