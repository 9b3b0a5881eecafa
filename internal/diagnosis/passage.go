package diagnosis

import (
	"cmp"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"
)

// A passage is a text to look for words in, also in lower case as far as it is ASCII: no other letter
// of a literal has two cases.
type passage struct {
	text, lower string
	at          [][]int32 // where each known literal stands in the text of which this is a part; nil: not looked up
	from        int       // where the passage begins in that text
}

func newPassage(text string) passage {
	lower := []byte(text)
	for i, b := range lower {
		if 'A' <= b && b <= 'Z' {
			lower[i] = b + 'a' - 'A'
		}
	}
	p := passage{text: text, lower: string(lower)}
	if len(text) >= indexedFrom {
		p.at = known().find(p.lower)
	}
	return p
}

// cut returns a part of the passage.
func (p passage) cut(from, to int) passage {
	return passage{p.text[from:to], p.lower[from:to], p.at, p.from + from}
}

// has reports whether the words are in the passage.
func (p passage) has(w words) bool {
	for range p.matches(w) {
		return true
	}
	return false
}

// find returns the words and their groups as they stand in the passage first, nil for nowhere.
func (p passage) find(w words) (groups []string) {
	for m := range p.matches(w) {
		for i := 0; i < len(m); i += 2 {
			groups = append(groups, p.text[max(0, m[i]):max(0, m[i+1])]) // -1 for a group that is not there
		}
		return groups
	}
	return nil
}

// all returns where the words and their groups are, as FindAllStringSubmatchIndex does.
func (p passage) all(w words) [][]int { return slices.Collect(p.matches(w)) }

// matches yields where the words and their groups are, in order and without overlaps.
func (p passage) matches(w words) iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		end := 0 // of the match before
		for m := range p.candidates(w) {
			if m[0] >= end {
				if end = m[1]; !yield(m) {
					return
				}
			}
		}
	}
}

// candidates yields matches in order. Some begin in the one before.
func (p passage) candidates(w words) iter.Seq[[]int] {
	switch {
	case w.isNone():
		return func(func([]int) bool) {}
	case w.made().lookup.lead > mostLead:
		return p.inSpans(w)
	}
	return func(yield func([]int) bool) {
		var places []int
		for _, l := range w.made().lookup.literals {
			places = slices.AppendSeq(places, p.places(l))
		}
		if len(places) > mostPlaces {
			for m := range p.inSpans(w) {
				if !yield(m) {
					return
				}
			}
			return
		}
		slices.Sort(places)
		next := 0 // the first byte at which no match was tried
		for _, at := range places {
			end := linesAfter(p.text, at, w.lines)
			for next = max(next, at-w.made().lookup.lead); next <= at; next++ {
				if m := p.matchAt(w, next, end); m != nil && !yield(m) {
					return
				}
			}
		}
	}
}

// mostPlaces is how many literals of a pattern may be in a passage of which each is tried: a try may
// read some lines to their end. With more, the lines are read once.
const mostPlaces = 256

// mostLead is the lead up to which a pattern is tried at each byte of it. With a longer one it is
// tried on lines.
const mostLead = 8

// matchAt returns where the words and their groups are if a match begins at a byte and does not go
// beyond the end; nil for none.
func (p passage) matchAt(w words, begin, end int) []int {
	if !utf8.RuneStart(p.text[begin]) {
		return nil
	}
	before, text := begin-1, p.text[max(0, begin-1):end] // with a byte more, which tells whether a word begins
	if begin == 0 {
		text = "\n" + text
	}
	m := w.made().behind().FindStringSubmatchIndex(text)
	if m == nil {
		return nil
	}
	shift(m, before)
	m[0] = begin
	return m
}

// shift moves the places of a match. A group that is not there stays -1.
func shift(m []int, by int) {
	for i := range m {
		if m[i] >= 0 {
			m[i] += by
		}
	}
}

// inSpans is candidates for a pattern that can match long before its literals.
func (p passage) inSpans(w words) iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		for _, s := range p.spans(w) {
			for _, m := range w.made().pattern().FindAllStringSubmatchIndex(p.text[s.from:s.to], -1) {
				if shift(m, s.from); !yield(m) {
					return
				}
			}
		}
	}
}

// spans returns the lines in which the words can be, in order.
func (p passage) spans(w words) []span {
	var all, apart []span
	for _, l := range w.made().lookup.literals {
		seen := 0
		for at := range p.places(l) {
			if at < seen {
				continue
			}
			s := linesAround(p.text, at, w.lines)
			all = append(all, s)
			seen = s.seen
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
	first, from := max(0, at-reachBefore*(n+1)), at
	for range n + 1 {
		from = max(first, first+strings.LastIndexByte(text[first:from], '\n'))
	}
	to := linesAfter(text, at, n)
	if to == len(text) || text[to] == '\n' {
		return span{at, from, to, to}
	}
	return span{at, from, to, to - reachBefore}
}

// linesAfter is the end of the line of a place in a text, or of the nth line after it.
func linesAfter(text string, at, n int) int {
	to, end := at, min(len(text), at+reachAfter*(n+1))
	for range n + 1 {
		next := min(to+1, end)
		length := strings.IndexByte(text[next:end], '\n')
		if length < 0 {
			return end
		}
		to = next + length
	}
	return to
}
