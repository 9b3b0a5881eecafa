package tui

import (
	"github.com/charmbracelet/bubbles/help"
	"github.com/charmbracelet/lipgloss"
)

// The styles use the terminal's own 16 colours and attributes, which its owner
// has made readable on its background. Nothing is said by colour alone.
var (
	title      = lipgloss.NewStyle().Bold(true)
	accent     = lipgloss.NewStyle().Foreground(lipgloss.Color("6"))
	chosen     = lipgloss.NewStyle().Foreground(lipgloss.Color("6")).Bold(true)
	good       = lipgloss.NewStyle().Foreground(lipgloss.Color("2"))
	bad        = lipgloss.NewStyle().Foreground(lipgloss.Color("1"))
	warn       = lipgloss.NewStyle().Foreground(lipgloss.Color("3"))
	faint      = lipgloss.NewStyle().Faint(true)
	bold       = lipgloss.NewStyle().Bold(true)
	underlined = lipgloss.NewStyle().Underline(true)
)

func newHelp() help.Model {
	h := help.New()
	h.ShortSeparator = " · "
	h.Styles = help.Styles{
		Ellipsis: faint, ShortKey: bold, ShortDesc: faint, ShortSeparator: faint,
		FullKey: bold, FullDesc: faint, FullSeparator: faint,
	}
	return h
}
