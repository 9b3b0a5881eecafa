package tui

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"cozejwt/internal/flow"
	"cozejwt/internal/wrap"
)

// pageText is the console's address, and what there is to do there.
func (w *Wizard) pageText(withAddress bool, width int) string {
	var parts []string
	if url := w.run.Page(); withAddress && url != "" {
		parts = append(parts, w.address(url, width))
	}
	if list := w.todoText(width); list != "" {
		parts = append(parts, strings.TrimSuffix(list, "\n"))
	}
	var others []string
	if choice, offered := w.choice(); offered {
		others = append(others, wrap.Text(w.lang.Say(choice.Text), width))
	}
	if chosen := w.ticksText(width); chosen != "" {
		others = append(others, chosen)
	}
	if others != nil {
		parts = append(parts, strings.Join(others, "\n"))
	}
	return w.paragraphs(parts)
}

// address is a page to open. That of the sandbox is read only without its session, which is not shown.
func (w *Wizard) address(url string, width int) string {
	text := link(url, width)
	if strings.Contains(url, "?session=") {
		text += "\n" + eachLine(faint, wrap.Text(w.text("wizard.read_only"), width))
	}
	return text
}

func (w *Wizard) choice() (flow.Choice, bool) {
	if w.at < 0 {
		return flow.Choice{}, false
	}
	return flow.Shown[flow.Choice](w.step())
}

// pageKeys are the keys of a step that is done in the console.
func (w *Wizard) pageKeys() []key.Binding {
	b := []key.Binding{w.keys.next}
	if w.run.Page() != "" {
		b = append(b, w.keys.open)
	}
	if w.todo() != nil {
		b = append(b, w.keys.tick)
	}
	if choice, offered := w.choice(); offered && choice.Undoes {
		b = append(b, w.keys.newApp)
	} else if offered {
		b = append(b, w.keys.existing)
	}
	if _, offered := w.ticks(); offered {
		b = append(b, w.keys.tasks)
	}
	return b
}

// opened is the message that the browser was asked to show a page.
type opened struct{ err error }

// pressConsole opens the console's page in the browser. Some starters return
// only when the browser is closed, so nothing waits for them.
func (w *Wizard) pressConsole(msg tea.KeyMsg) tea.Cmd {
	url := w.run.Page()
	if !key.Matches(msg, w.keys.open) || url == "" {
		return nil
	}
	w.status = w.text("wizard.opened")
	return func() tea.Msg { return opened{w.desk.Open(url)} }
}
