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
	made  func() matcher // at the first use; nil for no words
	lines int            // how many lines before and after a literal belong to a match
}

type matcher struct {
	pattern lazyregexp.Regexp
	behind  lazyregexp.Regexp // the pattern behind any one byte at the beginning of a text
	lookup  lookup
}

// is returns the words of a pattern (RE2 syntax).
func is(pattern string) words {
	w := words{made: sync.OnceValue(func() matcher {
		re, err := syntax.Parse(`(?i)`+pattern, syntax.Perl)
		if err != nil {
			panic(err)
		}
		return matcher{
			pattern: lazyregexp.New(`(?i)` + pattern),
			behind:  lazyregexp.New(`(?i)\A(?s:.)(?:` + pattern + `)`),
			lookup:  lookupOf(re.Simplify()),
		}
	})}
	if strings.Contains(pattern, `(\n`) {
		w.lines = 5
	}
	patterns = append(patterns, w)
	return w
}

func (w words) isNone() bool { return w.made == nil }

// in reports whether a text holds the words.
func (w words) in(text string) bool { return newPassage(text).has(w) }

// alone is a pattern for what says nothing else on its line, as somebody types a message from
// memory. In a sentence about something else the same words mean less.
func alone(pattern string) string {
	return `^[\s"'“”「」【】.:：-]*((报错?|错误|提示|返回|error) ?[:：] ?)?(` + pattern + `)[\s"'“”「」【】.。!！,，]*$`
}
