package diagnosis

import (
	"fmt"
	"reflect"
	"strings"
)

// CauseIDs lists the causes of all rules.
func CauseIDs() []string {
	var ids []string
	for _, r := range rules {
		for _, p := range r.causes {
			ids = append(ids, p.id)
		}
	}
	return ids
}

// RuleIDs lists the rules of what Coze answers.
func RuleIDs() []string {
	var ids []string
	for _, r := range rules {
		if !r.byProgram {
			ids = append(ids, r.id)
		}
	}
	return ids
}

// ShortLiterals lists the rules of which a pattern has no literal that can be looked up.
func ShortLiterals() []string {
	var ids []string
	for _, r := range rules {
		for _, w := range []words{r.says, r.within} {
			if !w.isNone() && shortest(w.made().lookup.literals) < leastLiteral {
				ids = append(ids, r.id)
			}
		}
	}
	return ids
}

// Literals are all that patterns are looked up by.
func Literals() []string { return known().literals }

// DifferencesIn lists the patterns that are found in a text at other places than a search of each of
// its lines finds them.
func DifferencesIn(text string) []string {
	var differences []string
	p := newPassage(text)
	p.at = known().find(p.lower) // as in a long text
	for _, w := range patterns {
		var want [][]int
		if w.lines > 0 {
			continue
		}
		for from := 0; from < len(text); {
			to := len(text)
			if length := strings.IndexByte(text[from+1:], '\n'); length >= 0 {
				to = from + 1 + length
			}
			for _, m := range w.made().pattern().FindAllStringSubmatchIndex(text[from:to], -1) {
				shift(m, from)
				want = append(want, m)
			}
			from = to
		}
		if got := p.all(w); !reflect.DeepEqual(got, want) {
			differences = append(differences, fmt.Sprintf("%s: at %d, want %d", w.made().pattern(), got, want))
		}
	}
	return differences
}
