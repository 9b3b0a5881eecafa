package tui

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"cozejwt/internal/coze"
	"cozejwt/internal/doctor"
	"cozejwt/internal/setup"
)

// testView asks for a token as soon as it opens, and shows what came of it.
type testView struct {
	wizard    *Wizard
	diagnosis *doctor.Diagnosis // of a refusal; nil: none
	cancelled bool
}

func (v *testView) update(msg tea.Msg) tea.Cmd {
	pressed, ok := msg.(tea.KeyMsg)
	if ok && !pressed.Paste && key.Matches(pressed, v.wizard.keys.retry) && v.wizard.job == nil {
		return v.again()
	}
	return nil
}

func (v *testView) again() tea.Cmd {
	v.diagnosis, v.cancelled = nil, false
	v.wizard.session.Seen.Token = nil
	return v.wizard.work()
}

// enter goes on after a token, and after a refusal to the step that mends it.
func (v *testView) enter() tea.Cmd {
	switch {
	case v.cancelled:
		return v.again()
	case v.diagnosis == nil:
		return v.wizard.advance()
	}
	if target := v.mends(); target != setup.StepTest {
		return v.wizard.goTo(target)
	}
	return v.again()
}

func (v *testView) mends() string { return setup.StepFor(v.diagnosis.Mend()) }

func (v *testView) failed(err error) {
	if errors.Is(err, context.Canceled) {
		v.cancelled = true
		return
	}
	d := v.wizard.session.Diagnose(err)
	v.diagnosis = &d
}

func (v *testView) body(width int) (string, []int) {
	w := v.wizard
	brief := w.briefText(w.plan[w.at].Brief(w.session), false, width)
	switch {
	case w.job != nil:
		elapsed := time.Since(w.job.began).Truncate(time.Second).String()
		host := coze.Audience(w.session.Answers.APIBase)
		return brief + w.spinner.View() + " " + wrap(w.text("test.running", "host", host, "elapsed", elapsed), width-2), nil
	case v.cancelled:
		return brief + wrap(w.text("wizard.cancelled"), width), nil
	case v.diagnosis != nil:
		return v.refusal(width), nil
	case w.session.Seen.Token != nil:
		return brief + good.Render("✓ "+w.text("wizard.success")) + "\n\n" + wrap(w.lang.Say(w.session.TokenLine()), width), nil
	}
	return brief, nil
}

func (v *testView) refusal(width int) string {
	w, d := v.wizard, v.diagnosis
	var b strings.Builder
	b.WriteString(bad.Render(hanging("✗ ", d.Message(w.lang), width)) + "\n")
	causes, fixes := d.Explain(w.lang)
	if len(causes) > 0 {
		b.WriteString("\n" + bold.Render(w.text("wizard.causes")) + "\n")
	}
	for i, c := range causes {
		b.WriteString(hanging(string(rune('1'+i))+". ", c, width) + "\n")
		b.WriteString(faint.Render(hanging("   → ", fixes[i], width)) + "\n")
	}
	for _, fix := range fixes[len(causes):] {
		b.WriteString(hanging("→ ", fix, width) + "\n")
	}
	if id := d.LogID(); id != "" {
		b.WriteString("\n" + faint.Render("logid "+id) + "\n")
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
	case v.mends() == setup.StepTest:
		return []key.Binding{k.retry}
	}
	return []key.Binding{k.mend(v.mends()), k.retry}
}

func (v *testView) back() bool   { return false }
func (v *testView) typing() bool { return false }
