package diagnosis

import (
	"regexp/syntax"
	"strings"
	"sync"

	"cozejwt/internal/lazyregexp"
)

// words are a pattern that a sentence is known by, in any case of letters. A pattern is only tried
// where one of the literals stands without which it cannot match, and a long text is read once for
// the literals of all patterns.
type words struct {
	pattern lazyregexp.Regexp
	behind  lazyregexp.Regexp // the pattern behind any one byte at the beginning of a text
	lookup  func() lookup
	lines   int // how many lines before and after a literal belong to a match
}

// is returns the words of a pattern (RE2 syntax).
func is(pattern string) words {
	w := words{
		pattern: lazyregexp.New(`(?i)` + pattern),
		behind:  lazyregexp.New(`(?i)\A(?s:.)(?:` + pattern + `)`),
	}
	if strings.Contains(pattern, `(\n`) {
		w.lines = 3
	}
	w.lookup = sync.OnceValue(func() lookup {
		re, err := syntax.Parse(`(?i)`+pattern, syntax.Perl)
		if err != nil {
			panic(err)
		}
		return lookupOf(re.Simplify())
	})
	patterns = append(patterns, w)
	return w
}

func (w words) isNone() bool { return w.pattern == nil }

// in reports whether a text holds the words.
func (w words) in(text string) bool { return newPassage(text).has(w) }
