package tui

import (
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/rivo/uniseg"
)

// wrap breaks plain text into lines of at most width cells, where Unicode's
// rules allow it (UAX #14): between words, between most Chinese characters,
// and never before a closing mark. A numbered point hangs under its number.
func wrap(text string, width int) string {
	var out []string
	for _, line := range strings.Split(text, "\n") {
		mark := ""
		if len(line) > 3 && line[0] >= '1' && line[0] <= '9' && line[1:3] == ". " {
			mark, line = line[:3], line[3:]
		}
		out = append(out, hanging(mark, line, width))
	}
	return strings.Join(out, "\n")
}

// hanging wraps one line of text under a mark such as "✗ ".
func hanging(mark, text string, width int) string {
	indent := ansi.StringWidth(mark)
	lines := breakLine(text, max(width-indent, 8))
	return mark + strings.Join(lines, "\n"+strings.Repeat(" ", indent))
}

// marked is hanging with the mark in a colour. The text is not: many palettes
// have colours that are hard to read on their background.
func marked(colour lipgloss.Style, mark, text string, width int) string {
	return colour.Render(mark) + strings.TrimPrefix(hanging(mark, text, width), mark)
}

// strong is marked with the text in bold.
func strong(colour lipgloss.Style, mark, text string, width int) string {
	return colour.Render(mark) + bold.Render(strings.TrimPrefix(hanging(mark, text, width), mark))
}

func breakLine(text string, width int) []string {
	var lines []string
	line, used := "", 0
	flush := func() {
		lines = append(lines, strings.TrimRight(line, " "))
		line, used = "", 0
	}
	for state := -1; text != ""; {
		var segment string
		segment, text, _, state = uniseg.FirstLineSegmentInString(text, state)
		if used > 0 && used+ansi.StringWidth(strings.TrimRight(segment, " ")) > width {
			flush()
		}
		for ansi.StringWidth(strings.TrimRight(segment, " ")) > width { // a word longer than a line
			head := ansi.Truncate(segment, width, "")
			line, segment = head, segment[len(head):]
			flush()
		}
		line += segment
		used += ansi.StringWidth(segment)
	}
	return append(lines, strings.TrimRight(line, " "))
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
