package lint

import "strings"

// A span is a part of a text, from one byte to before another.
type span struct{ from, to int }

func (s span) in(text string) string { return strings.TrimSpace(text[s.from:s.to]) }

// arguments returns what stands between the bracket that opens at a place and the one that closes
// it, split at its own commas, and where it closes. It is false where the bracket is not closed.
func arguments(bare string, open int) (all []span, closes int, ok bool) {
	depth, from := 0, open+1
	for at := open; at < len(bare); at++ {
		switch bare[at] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		case ',':
			if depth == 1 {
				all = append(all, span{from, at})
				from = at + 1
			}
		}
		if depth == 0 {
			if last := (span{from, at}); last.in(bare) != "" {
				all = append(all, last)
			}
			return all, at, true
		}
	}
	return nil, 0, false
}
