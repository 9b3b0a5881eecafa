package tui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/setup"
	"cozejwt/internal/wrap"
)

// doneView is a card that says what works now and where things are, the
// commands to run next, and the checklist that this run has earned.
type doneView struct {
	wizard *Wizard
}

func (v *doneView) enter() tea.Cmd { return v.wizard.advance() }

func (v *doneView) body(width int) (string, []int) {
	w := v.wizard
	says := w.step().Says()
	var b strings.Builder
	if usage, first := flow.Shown[setup.Usage](w.step()); first && len(says) > 0 {
		b.WriteString(v.card(usage, w.lang.Say(says[0]), width) + "\n")
		b.WriteString(v.commandTable(width))
		if usage.Tried != nil {
			b.WriteString("\n" + marked(accent, "● ", usage.Tried(w.lang), width) + "\n")
		}
		b.WriteString("\n")
		says = says[1:]
	}
	b.WriteString(w.briefText(says, width))
	b.WriteString(v.checklist(width))
	return b.String(), nil
}

// card is what works now, where the key is, and until when the token is good.
func (v *doneView) card(usage setup.Usage, works string, width int) string {
	w := v.wizard
	inner := width - 6
	rows := []string{wrap.Text(works, inner)}
	mark := "  "
	if token := usage.Token; token != nil {
		mark = good.Render("✓ ")
		rows = append(rows, wrap.Text(w.text("done.key", "path", usage.KeyFile), inner),
			wrap.Text(w.text("done.token", "token", token.Redacted(), "expires", i18n.Moment(token.ExpiresAt)), inner))
	}
	text := strings.Join(rows, "\n")
	text = mark + strings.ReplaceAll(text, "\n", "\n  ")
	return lipgloss.NewStyle().Border(lipgloss.RoundedBorder()).BorderForeground(lipgloss.Color("2")).Padding(0, 1).Width(min(width, lipgloss.Width(text)+4) - 2).Render(text)
}

// nextCommand is one that a first set-up is followed by, and what it does.
type nextCommand struct{ line, about string }

func (v *doneView) commands() []nextCommand {
	l := v.wizard.lang
	return []nextCommand{
		{l.Command("token"), l.Text("done.command.token")},
		{l.Command("snippet"), l.Text("done.command.snippet")},
		{l.Command("verify", "--call"), l.Text("done.command.call")},
	}
}

// commandTable lists the commands, each with the key that copies it, and what
// they do: beside them where there is room for all, else below each.
func (v *doneView) commandTable(width int) string {
	var b strings.Builder
	column, about := 0, 0
	for _, c := range v.commands() {
		column, about = max(column, ansi.StringWidth(c.line)), max(about, ansi.StringWidth(c.about))
	}
	for i, c := range v.commands() {
		b.WriteString(bold.Render(string(rune('1'+i))) + "  " + strings.ReplaceAll(chosen.Render(wrapHard(c.line, max(width-3, 8))), "\n", "\n   "))
		if 3+column+2+about <= width {
			b.WriteString(strings.Repeat(" ", column-ansi.StringWidth(c.line)+2) + faint.Render(c.about))
		} else {
			b.WriteString("\n" + indent(eachLine(faint, wrap.Text(c.about, max(width-3, 8))), 3))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func (v *doneView) checklist(width int) string {
	w := v.wizard
	var b strings.Builder
	items, _ := flow.Shown[flow.Checklist](w.step())
	if open := slices.IndexFunc(items, func(i flow.Item) bool { return !i.Earned }); open < 0 && len(items) > 1 { // a recap
		text := w.text("check.all", "token", w.lang.Say(items[len(items)-1].Text))
		return v.point(good, "✓ ", text, width)
	}
	for _, item := range items {
		mark, style := "· ", faint
		if item.Earned {
			mark, style = "✓ ", good
		}
		text := w.lang.Say(item.Text) + w.text("cause.evidence", "evidence", w.lang.Say(item.Evidence))
		b.WriteString(v.point(style, mark, text, width))
	}
	return b.String()
}

// point is a dim line of the checklist after its mark.
func (*doneView) point(style lipgloss.Style, mark, text string, width int) string {
	return style.Render(mark) + eachLine(faint, strings.TrimPrefix(wrap.Hanging(mark, text, width), mark)) + "\n"
}

func (v *doneView) update(msg tea.Msg) tea.Cmd {
	w := v.wizard
	usage, ok := flow.Shown[setup.Usage](w.step())
	pressed, isKey := msg.(tea.KeyMsg)
	if !ok || !isKey || pressed.Paste {
		return nil
	}
	if usage.Call != nil && key.Matches(pressed, w.keys.call) {
		return w.begin(usage.Call(), false, func(error) tea.Cmd { return nil })
	}
	for i, command := range v.commands() {
		if pressed.String() == string(rune('1'+i)) {
			w.status = w.text("done.copied", "command", command.line)
			return func() tea.Msg { w.desk.Copy(command.line); return nil }
		}
	}
	return nil
}

func (v *doneView) bindings() []key.Binding {
	k := v.wizard.keys
	usage, ok := flow.Shown[setup.Usage](v.wizard.step())
	switch {
	case ok && usage.Call != nil:
		return []key.Binding{k.finish, k.call, k.commands}
	case ok:
		return []key.Binding{k.finish, k.commands}
	}
	return []key.Binding{k.finish}
}

func (v *doneView) back() bool           { return false }
func (v *doneView) failed(error) tea.Cmd { return nil }
func (v *doneView) typing() bool         { return false }
