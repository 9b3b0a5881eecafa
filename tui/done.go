package tui

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"cozejwt/internal/snippet"
)

// doneView is the checklist that this run has earned, and what to do next.
type doneView struct {
	wizard *Wizard
}

func (v *doneView) enter() tea.Cmd { return v.wizard.advance() }

func (v *doneView) body(width int) (string, []int) {
	w := v.wizard
	var b strings.Builder
	b.WriteString(w.briefText(w.plan[w.at].Brief(w.session), false, width))
	for _, item := range w.session.Checklist() {
		mark, style := "· ", faint
		if item.Earned {
			mark, style = "✓ ", good
		}
		text := w.lang.Say(item.Text) + w.text("cause.evidence", "evidence", w.lang.Say(item.Evidence))
		b.WriteString(style.Render(mark) + strings.TrimPrefix(hanging("  ", text, width), "  ") + "\n")
	}
	b.WriteString("\n" + bold.Render(w.text("done.next")) + "\n  cozejwt token\n")
	s := snippet.For(w.session.Dir, w.session.Answers.Names)
	b.WriteString("\n" + bold.Render(w.text("done.snippet", "language", s.Language)) + "\n")
	b.WriteString(wrapHard(s.Text, w.width))
	return b.String(), nil
}

func (v *doneView) bindings() []key.Binding { return []key.Binding{v.wizard.keys.finish} }
func (v *doneView) update(tea.Msg) tea.Cmd  { return nil }
func (v *doneView) back() bool              { return false }
func (v *doneView) failed(error)            {}
func (v *doneView) typing() bool            { return false }
