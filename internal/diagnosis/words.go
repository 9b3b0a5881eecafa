package diagnosis

import (
	"cmp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"

	"cozejwt/internal/lazyregexp"
)

// words are a pattern that a sentence is known by, in any case of letters. A pattern is only tried
// where one of the literals stands without which it cannot match: a long text is read once for the
// literals of all patterns, in place of once for each pattern.
type words struct {
	pattern  lazyregexp.Regexp
	literals func() []string
	lines    int // how many lines before and after a literal belong to a match
}

// is returns the words of a pattern (RE2 syntax).
func is(pattern string) words {
	w := words{pattern: lazyregexp.New(`(?i)` + pattern)}
	if strings.Contains(pattern, `(\n`) {
		w.lines = 3
	}
	w.literals = sync.OnceValue(func() []string {
		re, err := syntax.Parse(`(?i)`+pattern, syntax.Perl)
		if err != nil {
			panic(err)
		}
		return needed(re.Simplify())
	})
	return w
}

func (w words) isNone() bool { return w.pattern == nil }

// in reports whether a text holds the words.
func (w words) in(text string) bool { return newPassage(text).has(w) }

// A passage is a text to look for words in, also in lower case as far as it is ASCII: no other letter
// of a literal has two cases.
type passage struct{ text, lower string }

func newPassage(text string) passage {
	lower := []byte(text)
	for i, b := range lower {
		if 'A' <= b && b <= 'Z' {
			lower[i] = b + 'a' - 'A'
		}
	}
	return passage{text, string(lower)}
}

// cut returns a part of the passage.
func (p passage) cut(from, to int) passage { return passage{p.text[from:to], p.lower[from:to]} }

// has reports whether the words are in the passage.
func (p passage) has(w words) bool { return p.find(w) != nil }

// find returns the words and their groups as they stand in the passage first, nil for nowhere.
func (p passage) find(w words) []string {
	for _, s := range p.spans(w) {
		if m := w.pattern().FindStringSubmatch(p.text[s.from:s.to]); m != nil {
			return m
		}
	}
	return nil
}

// all returns where the words and their groups are, as FindAllStringSubmatchIndex does.
func (p passage) all(w words) [][]int {
	var all [][]int
	for _, s := range p.spans(w) {
		for _, m := range w.pattern().FindAllStringSubmatchIndex(p.text[s.from:s.to], -1) {
			for i := range m {
				m[i] += s.from * min(1, m[i]+1) // a group that is not there stays -1
			}
			if len(all) == 0 || m[0] >= all[len(all)-1][1] { // spans of one long line overlap
				all = append(all, m)
			}
		}
	}
	return all
}

// spans returns the lines in which the words can be, in order.
func (p passage) spans(w words) []span {
	if w.isNone() {
		return nil
	}
	var all, apart []span
	for _, l := range w.literals() {
		for at := 0; ; {
			i := strings.Index(p.lower[at:], l)
			if i < 0 {
				break
			}
			s := linesAround(p.text, at+i, w.lines)
			all = append(all, s)
			at = max(s.seen, at+i+1)
		}
	}
	slices.SortFunc(all, func(a, b span) int { return cmp.Compare(a.at, b.at) })
	for _, s := range all {
		if len(apart) == 0 || s.at >= apart[len(apart)-1].seen {
			apart = append(apart, s)
		}
	}
	return apart
}

// needed returns literals, in lower case, one of which is in every text that re matches; nil
// where there is no such list.
func needed(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		return []string{strings.ToLower(string(re.Rune))}
	case syntax.OpCapture, syntax.OpPlus:
		return needed(re.Sub[0])
	case syntax.OpConcat:
		var best []string
		for _, sub := range re.Sub {
			if literals := needed(sub); rarer(literals, best) > 0 {
				best = literals
			}
		}
		return best
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			literals := needed(sub)
			if literals == nil {
				return nil
			}
			all = append(all, literals...)
		}
		return all
	}
	return nil
}

// leastLiteral is how many bytes a literal has at least: shorter ones are in every text.
const leastLiteral = 3

// rarer compares two lists by how few texts have one of them: those with a literal that is too short
// are in most, then those with more literals, then those with shorter ones.
func rarer(a, b []string) int {
	return cmp.Or(
		cmp.Compare(min(shortest(a), leastLiteral), min(shortest(b), leastLiteral)),
		cmp.Compare(len(b), len(a)),
		cmp.Compare(shortest(a), shortest(b)),
	)
}

func shortest(literals []string) int {
	if len(literals) == 0 {
		return 0
	}
	return len(slices.MinFunc(literals, func(a, b string) int { return cmp.Compare(len(a), len(b)) }))
}

// A span is the lines around a literal: where that is, and where they begin and end. Another literal
// before seen has its line in them, so that it needs no span of its own.
type span struct{ at, from, to, seen int }

// How many bytes of a line count before and after a literal. Messages are shorter; a body or a bundle
// in one line can be much longer.
const (
	reachBefore = 512
	reachAfter  = 4 * reachBefore
)

// linesAround is the line of a place in a text, with n lines before and after it.
func linesAround(text string, at, n int) span {
	first, end := max(0, at-reachBefore*(n+1)), min(len(text), at+reachAfter*(n+1))
	from, to := at, at
	for range n + 1 {
		from = max(first, first+strings.LastIndexByte(text[first:from], '\n'))
		next := min(to+1, end)
		if length := strings.IndexByte(text[next:end], '\n'); length >= 0 {
			to = next + length
		} else {
			to = end
		}
	}
	if to == len(text) || text[to] == '\n' {
		return span{at, from, to, to}
	}
	return span{at, from, to, to - reachBefore}
}
