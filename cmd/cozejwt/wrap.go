package main

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

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
			joined += joint(joined, line) + line
		}
		paragraphs[i] = wrapped(joined, width)
	}
	return strings.Join(paragraphs, "\n\n")
}

// joint is what stands between two lines that are made one: nothing within Chinese, which has no
// spaces but beside Latin letters; a line that is set in stays one.
func joint(before, after string) string {
	last, _ := utf8.DecodeLastRuneInString(before)
	first, _ := utf8.DecodeRuneInString(after)
	han := func(r rune) bool { return unicode.Is(unicode.Han, r) }
	mark := func(r rune) bool { return r >= 0x3000 && unicode.IsPunct(r) }
	switch {
	case first == ' ':
		return "\n"
	case han(last) && han(first), mark(last), mark(first):
		return ""
	}
	return " "
}
