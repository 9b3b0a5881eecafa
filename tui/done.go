package tui

import (
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"cozejwt/internal/setup"
)

// doneView is a card that says what works now and where things are, the
// commands to run next, and the checklist that this run has earned.
type doneView struct {
	wizard *Wizard
}

func (v *doneView) enter() tea.Cmd { return v.wizard.advance() }

func (v *doneView) body(width int) (string, []int) {
	w := v.wizard
	says := w.step().Says(w.session)
	var b strings.Builder
	if _, first := setup.Shown[setup.Usage](w.step(), w.session); first && len(says) > 0 {
		b.WriteString(v.card(w.lang.Say(says[0]), width) + "\n")
		for i, command := range v.commands() {
			label := string(rune('1' + i))
			b.WriteString(bold.Render(label) + "  " + strings.ReplaceAll(chosen.Render(wrapHard(command, max(width-3, 8))), "\n", "\n   ") + "\n")
		}
		b.WriteString("\n")
		says = says[1:]
	}
	b.WriteString(w.briefText(says, width))
	b.WriteString(v.checklist(width))
	return b.String(), nil
}

// card is what works now, where the key is, and until when the token is good.
func (v *doneView) card(works string, width int) string {
	w := v.wizard
	inner := width - 6
	rows := []string{wrap(works, inner)}
	mark := "  "
	if token := w.session.Observed.Token; token != nil {
		mark = good.Render("✓ ")
		rows = append(rows, wrap(w.text("done.key", "path", w.session.Display(w.session.Answers.KeyFile)), inner),
			wrap(w.text("done.token", "token", token.Redacted(), "expires", token.Expires(time.DateTime+" MST")), inner))
	}
	text := strings.Join(rows, "\n")
	text = mark + strings.ReplaceAll(text, "\n", "\n  ")
	return lipgloss.NewStyle().Border(lipgloss.RoundedBorder()).BorderForeground(lipgloss.Color("2")).Padding(0, 1).Width(min(width, lipgloss.Width(text)+4) - 2).Render(text)
}

// commands are what a first set-up is followed by.
func (v *doneView) commands() []string {
	l := v.wizard.lang
	return []string{l.Command("token"), l.Command("snippet"), l.Command("verify", "--call")}
}

func (v *doneView) checklist(width int) string {
	w := v.wizard
	var b strings.Builder
	items, _ := setup.Shown[setup.Checklist](w.step(), w.session)
	for _, item := range items {
		mark, style := "· ", faint
		if item.Earned {
			mark, style = "✓ ", good
		}
		text := w.lang.Say(item.Text) + w.text("cause.evidence", "evidence", w.lang.Say(item.Evidence))
		b.WriteString(style.Render(mark) + faint.Render(ansi.Truncate(text, max(width-2, 1), "…")) + "\n")
	}
	return b.String()
}

func (v *doneView) update(msg tea.Msg) tea.Cmd {
	w := v.wizard
	_, ok := setup.Shown[setup.Usage](w.step(), w.session)
	pressed, isKey := msg.(tea.KeyMsg)
	if !ok || !isKey || pressed.Paste {
		return nil
	}
	for i, command := range v.commands() {
		if pressed.String() == string(rune('1'+i)) {
			w.status = w.text("done.copied", "command", command)
			return func() tea.Msg { w.desk.Copy(command); return nil }
		}
	}
	return nil
}

func (v *doneView) bindings() []key.Binding {
	k := v.wizard.keys
	if _, ok := setup.Shown[setup.Usage](v.wizard.step(), v.wizard.session); ok {
		return []key.Binding{k.finish, k.commands}
	}
	return []key.Binding{k.finish}
}

func (v *doneView) back() bool           { return false }
func (v *doneView) failed(error) tea.Cmd { return nil }
func (v *doneView) typing() bool         { return false }
