// Package lazyregexp compiles regular expressions at their first use: the fifty
// of this program would cost each start more than all the files it reads.
package lazyregexp

import (
	"regexp"
	"sync"
)

// A Regexp returns a regular expression, compiled once.
type Regexp func() *regexp.Regexp

// New returns the regular expression of a pattern (RE2 syntax, see
// regexp/syntax). A pattern that does not compile panics at its first use.
func New(pattern string) Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}
