package tui

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"cozejwt/internal/setup"
)

// doneView is the checklist that this run has earned, and what to do next.
type doneView struct {
	wizard *Wizard
}

func (v *doneView) enter() tea.Cmd { return v.wizard.advance() }

func (v *doneView) body(width int) (string, []int) {
	w := v.wizard
	var b strings.Builder
	b.WriteString(w.briefText(w.step().Says(w.session), false, width))
	checklist, _ := setup.Shown[setup.Checklist](w.step(), w.session)
	for _, item := range checklist {
		mark, style := "· ", faint
		if item.Earned {
			mark, style = "✓ ", good
		}
		text := w.lang.Say(item.Text) + w.text("cause.evidence", "evidence", w.lang.Say(item.Evidence))
		b.WriteString(style.Render(mark) + strings.TrimPrefix(hanging("  ", text, width), "  ") + "\n")
	}
	if usage, ok := setup.Shown[setup.Usage](w.step(), w.session); ok {
		b.WriteString("\n" + v.next(usage))
	}
	return b.String(), nil
}

// next is what a first set-up is followed by.
func (v *doneView) next(usage setup.Usage) string {
	w := v.wizard
	token := w.lang.Command("token")
	s, _ := usage.Project.In("", token)
	return bold.Render(w.text("done.next")) + "\n  " + token + "\n\n" +
		bold.Render(w.text("done.snippet", "language", s.Language)) + "\n" + wrapHard(s.Text, w.width)
}

func (v *doneView) bindings() []key.Binding { return []key.Binding{v.wizard.keys.finish} }
func (v *doneView) update(tea.Msg) tea.Cmd  { return nil }
func (v *doneView) back() bool              { return false }
func (v *doneView) failed(error)            {}
func (v *doneView) typing() bool            { return false }
