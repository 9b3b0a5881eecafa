package tui

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"cozejwt/internal/flow"
	"cozejwt/internal/review"
	"cozejwt/internal/steps"
)

// reviewView shows exactly what will change. Enter writes it.
type reviewView struct {
	wizard *Wizard
	err    error
}

func (v *reviewView) enter() tea.Cmd {
	v.err = nil
	for _, f := range v.wizard.run.Ask(v.wizard.step()) {
		if _, err := f.Answer(v.wizard.run, f.Options[0].Value); err != nil {
			v.err = err
			return nil
		}
	}
	return v.wizard.work()
}

func (v *reviewView) body(width int) (string, []int) {
	w := v.wizard
	var b strings.Builder
	if v.err != nil {
		b.WriteString(w.problemText(v.err, width) + "\n\n")
	}
	b.WriteString(w.briefText(w.step().Says(), width))
	if r, ok := flow.Shown[*review.Review](w.step()); ok {
		for _, warning := range r.Warnings {
			b.WriteString(marked(warn, "! ", warning.Message(w.lang), width) + "\n")
		}
		for _, c := range r.Changes {
			b.WriteString(v.change(c))
		}
	}
	return b.String(), nil
}

func (v *reviewView) change(c review.Change) string {
	w := v.wizard
	text := w.text("action."+string(c.Action)) + " " + bold.Render(c.Path) + "\n"
	for _, line := range strings.Split(strings.TrimSuffix(c.Diff, "\n"), "\n") {
		if line == "" || strings.HasPrefix(line, "---") || strings.HasPrefix(line, "+++") || strings.HasPrefix(line, "@@") {
			continue // the file is named above
		}
		text += diffLine(wrapHard(line, w.width)) + "\n"
	}
	return text
}

func diffLine(line string) string {
	switch line[0] {
	case '+':
		return good.Render("+") + line[1:]
	case '-':
		return bad.Render("-") + line[1:]
	}
	return faint.Render(line)
}

func (v *reviewView) bindings() []key.Binding {
	k := v.wizard.keys
	_, undone := flow.Shown[steps.Undone](v.wizard.step())
	switch r, ok := flow.Shown[*review.Review](v.wizard.step()); {
	case undone:
		return []key.Binding{k.rewrite}
	case ok && r.Unchanged():
		return []key.Binding{k.next}
	}
	return []key.Binding{k.write}
}

func (v *reviewView) update(tea.Msg) tea.Cmd   { return nil }
func (v *reviewView) back() bool               { return false }
func (v *reviewView) failed(err error) tea.Cmd { v.err = err; return nil }
func (v *reviewView) typing() bool             { return false }
