package lint

import (
	"strconv"
	"strings"

	"cozejwt/internal/lazyregexp"
)

var (
	diffBegins = lazyregexp.New(`(?m)\A(?:diff --(?:git|cc|combined) |Index: |--- \S[^\n]*\n\+\+\+ )`)
	// What git log, git show and git format-patch write before a diff.
	commitBegins = lazyregexp.New(`\A(?:commit [0-9a-f]{7,64}\b|From [0-9a-f]{40,64} )`)
	diffFollows  = lazyregexp.New(`(?m)^diff --git `)
	hunkBegins   = lazyregexp.New(`^@@ -[0-9]+(?:,([0-9]+))? \+([0-9]+)(?:,([0-9]+))? @@`)
	letterPrefix = lazyregexp.New(`^[abciow12]/`)
)

// IsDiff reports whether a text is a unified diff, by how it begins.
func IsDiff(text string) bool {
	text = strings.TrimLeft(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	return diffBegins().MatchString(text) || commitBegins().MatchString(text) && diffFollows().MatchString(text)
}

// A Change is what a diff changes in one file.
type Change struct {
	Path  string
	hunks []hunk
}

// A hunk is the new text of some lines.
type hunk struct {
	text  string
	first int // the number of its first line in the new file
	added []bool
}

// Changes reads a unified diff: the files that have new text in it. What is no part of one is
// passed over.
func Changes(diff string) []Change {
	r := diffReader{lines: strings.Split(strings.ReplaceAll(diff, "\r\n", "\n"), "\n")}
	for r.at < len(r.lines) {
		line := r.lines[r.at]
		r.at++
		switch {
		case strings.HasPrefix(line, "diff --git "):
			r.git = true
			r.file = nil
		case strings.HasPrefix(line, "--- ") && r.at < len(r.lines) && strings.HasPrefix(r.lines[r.at], "+++ "):
			r.begin(line[4:], r.lines[r.at][4:])
			r.at++
		case r.file != nil:
			if m := hunkBegins().FindStringSubmatch(line); m != nil {
				r.hunk(count(m[1]), count(m[3]), number(m[2]))
			}
		}
	}
	return r.changes
}

type diffReader struct {
	lines   []string
	at      int
	git     bool
	file    *Change
	changes []Change
}

func (r *diffReader) begin(before, after string) {
	before, after = pathIn(before), pathIn(after)
	if after == "/dev/null" {
		r.file = nil
		return
	}
	if (r.git || letterPrefix().MatchString(before)) && letterPrefix().MatchString(after) {
		after = after[2:]
	}
	r.changes = append(r.changes, Change{Path: after})
	r.file = &r.changes[len(r.changes)-1]
}

// pathIn is the path of a header of a diff: git quotes unusual ones, others add a time.
func pathIn(header string) string {
	if path, err := strconv.Unquote(header); err == nil && strings.HasPrefix(header, `"`) {
		return path
	}
	path, _, _ := strings.Cut(header, "\t")
	return path
}

// hunk reads the lines of a hunk, so many of the old and of the new text.
func (r *diffReader) hunk(before, after, first int) {
	h := hunk{first: first}
	var text strings.Builder
	for ; r.at < len(r.lines) && (before > 0 || after > 0); r.at++ {
		line := r.lines[r.at]
		mark := byte(' ')
		if line != "" {
			mark, line = line[0], line[1:]
		}
		switch mark {
		case '-':
			before--
			continue
		case '\\': // no newline at the end of the file
			continue
		case '+':
			after--
		case ' ':
			before--
			after--
		default:
			before, after = 0, 0
			r.at--
			continue
		}
		text.WriteString(line + "\n")
		h.added = append(h.added, mark == '+')
	}
	h.text = text.String()
	r.file.hunks = append(r.file.hunks, h)
}

// count is how many lines a side of a hunk has: one where the number is left out.
func count(digits string) int {
	if digits == "" {
		return 1
	}
	return number(digits)
}

func number(digits string) int {
	n, _ := strconv.Atoi(digits) // the digits of a pattern; too many are 0
	return n
}

// Added returns the findings in the lines that a change adds.
func Added(c Change, facts Facts) (found []Finding) {
	var all strings.Builder
	for _, h := range c.hunks {
		all.WriteString(h.text)
	}
	file := strings.ToLower(all.String())
	for _, h := range c.hunks {
		for _, f := range newPart(c.Path, h.text, file).findings(facts) {
			if f.Line <= len(h.added) && h.added[f.Line-1] {
				f.Line += h.first - 1
				found = append(found, f)
			}
		}
	}
	return found
}
