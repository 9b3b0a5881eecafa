package tui

import (
	"strings"

	"cozejwt/internal/i18n"
	"cozejwt/internal/wrap"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/x/ansi"
)

// words are those of the field, in the order in which a person meets them.
var words = []string{"region", "app_id", "key_id", "kid", "iss", "aud", "scope", "permissions"}

// glossaryText explains the step, lists the keys that work where it was opened, and explains the
// words. The step is "" for a question of no step.
func glossaryText(l i18n.Speaker, step string, keys []key.Binding, width int) string {
	var b strings.Builder
	b.WriteString(title.Render(l.Text("help.title")) + "\n\n")
	if step != "" {
		b.WriteString(eachLine(bold, wrap.Text(l.Text("step."+step), width)) + "\n\n")
		b.WriteString(wrap.Text(l.Text("help.step."+step), width) + "\n\n")
	}
	b.WriteString(bold.Render(l.Text("help.keys")) + "\n\n")
	writeKeys(&b, keys)
	b.WriteString("\n" + bold.Render(l.Text("help.words")) + "\n\n")
	for _, word := range words {
		b.WriteString(wrap.Text(l.Text("help."+word), width) + "\n\n")
	}
	return b.String()
}

func writeKeys(b *strings.Builder, keys []key.Binding) {
	column := 0
	for _, k := range keys {
		column = max(column, ansi.StringWidth(k.Help().Key))
	}
	for _, k := range keys {
		label := k.Help().Key
		b.WriteString(bold.Render(label) + strings.Repeat(" ", column-ansi.StringWidth(label)+2) + k.Help().Desc + "\n")
	}
}
