package tui

import (
	"strings"

	"cozejwt/internal/wrap"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
)

// marked is [wrap.Hanging] with the mark in a colour. The text is not: many palettes
// have colours that are hard to read on their background.
func marked(colour lipgloss.Style, mark, text string, width int) string {
	return colour.Render(mark) + strings.TrimPrefix(wrap.Hanging(mark, text, width), mark)
}

// strong is marked with the text in bold.
func strong(colour lipgloss.Style, mark, text string, width int) string {
	return colour.Render(mark) + eachLine(bold, strings.TrimPrefix(wrap.Hanging(mark, text, width), mark))
}

// eachLine draws each line for itself: lipgloss would fill them up to the longest.
func eachLine(style lipgloss.Style, text string) string {
	all := strings.Split(text, "\n")
	for i := range all {
		all[i] = style.Render(all[i])
	}
	return strings.Join(all, "\n")
}

// wrapHard breaks lines at exactly width cells, for what must not be changed
// by so much as a space.
func wrapHard(text string, width int) string { return ansi.Hardwrap(text, width, true) }

// wrapPEM makes the lines of a PEM block fit. Readers do not mind where its
// lines end (RFC 7468 §2), so nothing has to be put together after a copy.
func wrapPEM(pem string, width int) string {
	lines := strings.Split(strings.TrimSpace(pem), "\n")
	if len(lines) < 3 || len(lines[1]) <= width {
		return pem
	}
	body := wrapHard(strings.Join(lines[1:len(lines)-1], ""), width)
	return lines[0] + "\n" + body + "\n" + lines[len(lines)-1] + "\n"
}

// link makes a URL that terminals can open in full (OSC 8), on as many lines as
// it takes. What only a browser needs of it, the sandbox's session, is not shown.
func link(url string, width int) string {
	shown, _, _ := strings.Cut(url, "?session=")
	pieces := strings.Split(wrapHard(shown, width), "\n")
	for i, piece := range pieces {
		pieces[i] = ansi.SetHyperlink(url, "id="+url) + underlined.Render(piece) + ansi.ResetHyperlink()
	}
	return strings.Join(pieces, "\n")
}

// trimLines drops the spaces that fill lines up: they would be copied along
// when text is selected.
func trimLines(s string) string {
	all := strings.Split(s, "\n")
	for i := range all {
		all[i] = strings.TrimRight(all[i], " ")
	}
	return strings.Join(all, "\n")
}
