// Package diff shows the change of a text, without secrets and without terminal sequences.
package diff

import (
	"strconv"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"cozejwt/internal/lazyregexp"
	"cozejwt/internal/secret"
	"cozejwt/internal/tty"
)

// Unified returns the unified diff of two texts, each with the name that it is shown under, "" for texts
// that look the same.
func Unified(from, to, before, after string) string {
	before, after = shown(before), shown(after)
	skipped, alike := common(before, after)
	end := len(before) - alike
	return shift(udiff.Unified(from, to, before[skipped:end], after[skipped:len(after)-alike]), strings.Count(before[:skipped], "\n"))
}

// common is how many bytes two texts have in common at their beginnings and at their ends, in whole
// lines, without those that a diff shows around a change. udiff takes a hundred bytes for each line.
func common(before, after string) (first, last int) {
	shorter := min(len(before), len(after))
	for first < shorter && before[first] == after[first] {
		first++
	}
	first = lineAbove(before, first, udiff.DefaultContextLines)
	for last < shorter-first && before[len(before)-1-last] == after[len(after)-1-last] {
		last++
	}
	below := before[len(before)-last:]
	for range udiff.DefaultContextLines + 1 { // the first may be the end of a line
		_, below, _ = strings.Cut(below, "\n")
	}
	return first, len(below)
}

// lineAbove is where the line begins that is so many above the one at a byte.
func lineAbove(text string, at, lines int) int {
	for range lines + 1 {
		if at = strings.LastIndexByte(text[:at], '\n'); at < 0 {
			return 0
		}
	}
	return at + 1
}

var hunk = lazyregexp.New(`(?m)^@@ -(\d+)(,\d+)? \+(\d+)(,\d+)? @@`)

// shift counts the lines of a diff from further down.
func shift(unified string, lines int) string {
	if lines == 0 {
		return unified
	}
	return hunk().ReplaceAllStringFunc(unified, func(header string) string {
		m := hunk().FindStringSubmatch(header)
		moved := func(number string) string {
			n, _ := strconv.Atoi(number)
			return strconv.Itoa(n + lines)
		}
		return "@@ -" + moved(m[1]) + m[2] + " +" + moved(m[3]) + m[4] + " @@"
	})
}

// longestLine is how many bytes of a line a diff shows. Ours are shorter: a path has at most 4,096
// (PATH_MAX of Linux).
const longestLine = 5000

// shown is a text as a diff shows it.
func shown(text string) string {
	text = secret.HiddenInText(tty.Clean(text), "…")
	var b strings.Builder
	b.Grow(len(text))
	for line := range strings.Lines(text) {
		if len(line) > longestLine {
			cut := strings.ToValidUTF8(line[:longestLine], "") + "…"
			if strings.HasSuffix(line, "\n") {
				cut += "\n"
			}
			line = cut
		}
		b.WriteString(line)
	}
	return b.String()
}
