// Command minimal is the least that a Bubble Tea program can be: what the
// wizard's first frame, and its answer to a key, are measured against.
package main

import tea "github.com/charmbracelet/bubbletea"

type model struct{ pressed string }

func (model) Init() tea.Cmd { return nil }

func (m model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if key, ok := msg.(tea.KeyMsg); ok {
		m.pressed = key.String()
	}
	return m, nil
}

func (m model) View() string { return "first frame " + m.pressed }

func main() {
	if _, err := tea.NewProgram(model{}, tea.WithAltScreen()).Run(); err != nil {
		panic(err)
	}
}
