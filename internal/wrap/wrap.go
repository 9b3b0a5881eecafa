// Package wrap breaks plain text into lines for a terminal.
package wrap

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"cozejwt/internal/lazyregexp"

	"github.com/charmbracelet/x/ansi"
	"github.com/rivo/uniseg"
)

// narrowest is how many cells a line has at least.
const narrowest = 8

// Text breaks text into lines of at most width cells, where Unicode's rules allow it
// (UAX #14): between words, between most characters of Chinese and Japanese, and never before a
// closing mark; but not within a URL, a path, a command of this program or a label in brackets that
// fits on a line. What is broken hangs under its number, arrow or dash, or stands as far from the left as its
// line.
func Text(text string, width int) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		body := strings.TrimLeft(line, " ")
		mark := line[:min(len(line)-len(body), width/2)]
		if len(body) > 3 && body[0] >= '1' && body[0] <= '9' && body[1:3] == ". " {
			mark, body = mark+body[:3], body[3:]
		}
		for _, sign := range []string{"→ ", "- "} {
			if rest, ok := strings.CutPrefix(body, sign); ok {
				mark, body = mark+sign, rest
			}
		}
		lines[i] = Hanging(mark, body, width)
	}
	return strings.Join(lines, "\n")
}

// Hanging breaks one line of text under a mark such as "✗ ".
func Hanging(mark, text string, width int) string {
	column := ansi.StringWidth(mark)
	return mark + Under(text, width, column)
}

// Under breaks a line of text that stands at a column.
func Under(text string, width, column int) string {
	return strings.Join(broken(text, max(width-column, narrowest)), "\n"+strings.Repeat(" ", column))
}

func broken(text string, width int) []string {
	var rows [][]string
	var row []string
	used := 0
	flush := func() {
		rows = append(rows, row)
		row, used = nil, 0
	}
	for _, segment := range segments(text, width) {
		if used > 0 && used+cells(segment) > width {
			flush()
		}
		for cells(segment) > width { // a word longer than a line
			head := ansi.Truncate(segment, width, "")
			row, segment = []string{head}, segment[len(head):]
			flush()
		}
		row = append(row, segment)
		used += ansi.StringWidth(segment)
	}
	flush()
	keepCompany(rows, width)
	lines := make([]string, len(rows))
	for i, row := range rows {
		lines[i] = strings.TrimRight(strings.Join(row, ""), " ")
	}
	return lines
}

// keepCompany moves the last piece of the line before to a last line that is a single character of Chinese or Japanese, also
// with a stop behind it.
func keepCompany(rows [][]string, width int) {
	if len(rows) < 2 {
		return
	}
	before, last := rows[len(rows)-2], rows[len(rows)-1]
	moved := len(before) - 1
	if !isLonely(strings.Join(last, "")) || moved < 1 || cells(strings.Join(append([]string{before[moved]}, last...), "")) > width {
		return
	}
	rows[len(rows)-2], rows[len(rows)-1] = before[:moved], append([]string{before[moved]}, last...)
}

// isLonely reports whether a line has one wide character beside its punctuation.
func isLonely(line string) bool {
	letters := strings.TrimFunc(line, func(r rune) bool { return r == ' ' || unicode.IsPunct(r) })
	r, size := utf8.DecodeRuneInString(letters)
	return size > 0 && size == len(letters) && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}

// cells is how many cells a segment needs at the end of a line.
func cells(segment string) int { return ansi.StringWidth(strings.TrimRight(segment, " ")) }

// segments are the pieces of a text between which a line may be broken: those of Unicode's rules,
// without the breaks at which something would be copied wrong. What is wider than a line then is
// broken as Unicode allows, a URL at the edge.
func segments(text string, width int) []string {
	var pieces, parts []string
	kept := together().FindAllStringIndex(text, -1)
	at := 0
	for rest, state := text, -1; rest != ""; {
		var part string
		part, rest, _, state = uniseg.FirstLineSegmentInString(rest, state)
		parts = append(parts, part)
		at += len(part)
		for len(kept) > 0 && kept[0][1] <= at {
			kept = kept[1:]
		}
		inside := len(kept) > 0 && kept[0][0] < at
		if rest != "" && (inside || isASCII(text[at-1]) && isASCII(text[at])) {
			continue
		}
		switch whole := strings.Join(parts, ""); {
		case cells(whole) <= width:
			pieces = append(pieces, whole)
		case strings.Contains(whole, "://"):
			pieces = append(pieces, strings.SplitAfter(whole, " ")...)
		default:
			pieces = append(pieces, parts...)
		}
		parts = nil
	}
	return pieces
}

// together are a command of this program with its flags, and a label in brackets.
var together = lazyregexp.New(`cozejwt(?: [a-z]+)?(?: --?[a-z-]+(?:[= ][!-~]+)?)*|「[^」]*」|\[[^]]*\]`)

// isASCII reports whether a byte is one of a URL, a path or a flag.
func isASCII(b byte) bool { return b > ' ' && b <= '~' }

// Paragraphs makes the lines of each paragraph as long as the width allows.
func Paragraphs(text string, width int) string {
	paragraphs := strings.Split(text, "\n\n")
	for i, p := range paragraphs {
		lines := strings.Split(p, "\n")
		joined := lines[0]
		for _, line := range lines[1:] {
			joined += joint(joined, line) + line
		}
		paragraphs[i] = Text(joined, width)
	}
	return strings.Join(paragraphs, "\n\n")
}

// joint is what stands between two lines that are made one: nothing within a script that has no
// spaces but beside Latin letters; a line that is set in stays one.
func joint(before, after string) string {
	last, _ := utf8.DecodeLastRuneInString(before)
	first, _ := utf8.DecodeRuneInString(after)
	spaceless := func(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) }
	mark := func(r rune) bool { return r >= 0x3000 && unicode.IsPunct(r) }
	switch {
	case first == ' ':
		return "\n"
	case spaceless(last) && spaceless(first), mark(last), mark(first):
		return ""
	}
	return " "
}
