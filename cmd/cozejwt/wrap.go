package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// printWrapped prints a text that breaks between words on a terminal, as wide as that is.
func (a *app) printWrapped(w io.Writer, text string) {
	if width := a.width(); width > 0 {
		text = wrapped(text, width)
	}
	fmt.Fprintln(w, text)
}

// width is how many cells a line on the terminal has room for, 0 where the output is none. The
// last cell stays free: a line that fills it is followed by an empty one on some terminals.
func (a *app) width() int {
	width, _, err := sizeOf(a.streams.out)
	if err != nil {
		return 0
	}
	return max(width-1, 0)
}

// wrapped breaks the lines of a text between words. What is broken stands as far from the left
// as its line.
func wrapped(text string, width int) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		body := strings.TrimLeft(line, " ")
		lead := line[:min(len(line)-len(body), width/2)]
		lines[i] = lead + hung(body, width, len(lead))
	}
	return strings.Join(lines, "\n")
}

// hung breaks a line that stands at a column.
func hung(line string, width, column int) string {
	return strings.ReplaceAll(ansi.Wrap(line, max(width-column, 20), ""), "\n", "\n"+strings.Repeat(" ", column))
}

// reflowed makes the lines of each paragraph as long as the width allows.
func reflowed(text string, width int) string {
	paragraphs := strings.Split(text, "\n\n")
	for i, p := range paragraphs {
		lines := strings.Split(p, "\n")
		joined := lines[0]
		for _, line := range lines[1:] {
			switch {
			case strings.HasPrefix(line, " "):
				joined += "\n"
			case isWide(joined[max(len(joined)-4, 0):]) && isWide(line):
			default:
				joined += " "
			}
			joined += line
		}
		paragraphs[i] = wrapped(joined, width)
	}
	return strings.Join(paragraphs, "\n\n")
}

// isWide reports whether a text ends, or begins, with a script that has no spaces between words.
func isWide(text string) bool { return ansi.StringWidth(text) < len(text) }
