package tui

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"cozejwt/internal/coze"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/exchange"
	"cozejwt/internal/setup"
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
	case key.Matches(pressed, w.keys.causes) && v.diagnosis != nil:
		w.details = !w.details
	case key.Matches(pressed, w.keys.untested) && v.passable():
		w.session.Answers.SkipTest = true
		return w.advance()
	case key.Matches(pressed, w.keys.correct) && v.correctable():
		w.correct = v.diagnosis
		return tea.Quit
	case key.Matches(pressed, w.keys.restore) && w.session.CanRestore():
		return w.leave()
	case key.Matches(pressed, w.keys.keep) && w.session.CanRestore():
		w.session.Answers.KeepRefused = true
		return w.leave()
	}
	return nil
}

func (v *testView) again() tea.Cmd {
	v.diagnosis, v.cancelled = nil, false
	return v.wizard.work()
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
	if target := v.fixStep(); target != "" {
		cmd := v.wizard.goTo(target)
		v.wizard.refused = v.diagnosis
		return cmd
	}
	return v.again()
}

func (v *testView) wanted() bool { return v.wizard.step().Outcome == setup.TokenOptional }

// passable reports whether the person may continue without a token.
func (v *testView) passable() bool { return v.diagnosis != nil && v.wizard.session.Plan.Anyway }

// correctable reports whether the profile that was refused can be corrected: this plan only
// takes it over.
func (v *testView) correctable() bool { return v.passable() && setup.Fixes(*v.diagnosis) }

func (v *testView) fixStep() string { return v.wizard.session.Plan.StepToFix(v.diagnosis.FixAt()) }

func (v *testView) failed(err error) tea.Cmd {
	if errors.Is(err, context.Canceled) {
		v.cancelled = true
		return nil
	}
	d := v.wizard.session.Diagnose(err)
	v.diagnosis = &d
	return saving(v.wizard.session.Fail(v.wizard.at, d))
}

func (v *testView) body(width int) (string, []int) {
	w := v.wizard
	brief := w.briefText(w.step().Says(w.session), width)
	switch {
	case w.working():
		return brief + v.partsText(w.job.progress(), w.spin(), width), nil
	case v.cancelled:
		return brief + wrap(w.text("wizard.cancelled"), width), nil
	case v.diagnosis != nil:
		text := v.partsText(w.parts, bad.Render("✗"), width) + "\n" + w.diagnosisText(*v.diagnosis, width) + "\n"
		if v.wanted() {
			text += "\n" + wrap(w.text("current.refused"), width)
		}
		if w.session.CanRestore() {
			text += "\n" + wrap(w.text("restore.offer", "path", w.session.Display(w.session.EnvPath)), width)
		}
		return text, nil
	case w.session.Observed.Token != nil:
		return brief + v.partsText(w.parts, "", width) + "\n" + marked(good, "✓ ", w.text("wizard.success"), width) + "\n\n" + wrap(w.lang.Say(w.session.TokenLine()), width), nil
	}
	return brief, nil
}

// partsText lists the parts of the exchange: those that are done with their times,
// the next one with a mark, which is the one that failed where it failed.
func (v *testView) partsText(done []exchange.Event, mark string, width int) string {
	w := v.wizard
	host := coze.Audience(w.session.Answers.APIBase)
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
	case v.wanted():
		return []key.Binding{k.anyway, k.retry}
	}
	var b []key.Binding
	if v.fixStep() != "" {
		b = append(b, k.fixAt(v.fixStep()))
	}
	b = append(b, k.retry)
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
	if v.wizard.session.CanRestore() {
		b = append(b, k.restore, k.keep)
	}
	return b
}

func (v *testView) back() bool   { return false }
func (v *testView) typing() bool { return false }
