package tui

import (
	"os"
	"strings"

	"github.com/charmbracelet/bubbles/help"
	"github.com/charmbracelet/lipgloss"

	"cozejwt/internal/tty"
)

// The styles use the terminal's own 16 colours and attributes, which its owner
// has made readable on its background. Colour is for marks: nothing is said by it
// alone, and what has to be read is in the foreground.
var (
	title      = lipgloss.NewStyle().Bold(true)
	accent     = lipgloss.NewStyle().Foreground(lipgloss.Color("6"))
	accentBold = accent.Bold(true)              // the mark of what is selected
	chosen     = lipgloss.NewStyle().Bold(true) // the text beside an accent mark
	good       = lipgloss.NewStyle().Foreground(lipgloss.Color("2"))
	bad        = lipgloss.NewStyle().Foreground(lipgloss.Color("1"))
	warn       = lipgloss.NewStyle().Foreground(lipgloss.Color("3"))
	faint      = lipgloss.NewStyle().Faint(true)
	bold       = lipgloss.NewStyle().Bold(true)
	underlined = lipgloss.NewStyle().Underline(true)
)

// ascii are stand-ins of the same width for what a terminal without Unicode
// cannot show.
var ascii = strings.NewReplacer("✓", "+", "✗", "x", "●", "*", "○", "-", "–", "-", "❯", ">", "→", ">", "·", "-", "•", "-", "…", ".", "━", "=", "─", "-",
	"│", "|", "┃", "|", "╭", "+", "╮", "+", "╰", "+", "╯", "+", "↑", "^", "↓", "v", "█", "#", "░", ".", "“", `"`, "”", `"`, "’", "'")

// Portable replaces the marks in a text where the terminal cannot show them:
// the Linux console's font has no check marks, and the locales C and POSIX
// have no UTF-8.
func Portable(text string, getenv func(string) string) string {
	if getenv("TERM") == "linux" {
		return ascii.Replace(text)
	}
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := getenv(name); v != "" {
			if v == "C" || v == "POSIX" {
				return ascii.Replace(text)
			}
			break
		}
	}
	return text
}

// forTerminal makes a screen ready for the terminal: what is not ours in it commands nothing.
func forTerminal(screen string) string { return tty.Styled(Portable(trimLines(screen), os.Getenv)) }

func newHelp() help.Model {
	h := help.New()
	h.ShortSeparator = " · "
	h.Styles = help.Styles{
		Ellipsis: faint, ShortKey: bold, ShortDesc: faint, ShortSeparator: faint,
		FullKey: bold, FullDesc: faint, FullSeparator: faint,
	}
	return h
}
