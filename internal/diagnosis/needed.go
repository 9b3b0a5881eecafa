package diagnosis

import (
	"cmp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"
)

// A lookup is how the places are found at which a pattern can match.
type lookup struct {
	literals []string // in lower case, one of which is in every match; nil where there is no such list
	lead     int      // how many bytes before such a literal a match begins at most
}

// unbounded is a lead without a bound.
const unbounded = 1 << 10

// lookupOf returns the lookup of a pattern that was simplified.
func lookupOf(re *syntax.Regexp) lookup {
	l := needed(re)
	if hasTextEnd(re) { // which would match at the ends of a part of the text
		l.lead = unbounded
	}
	return l
}

func needed(re *syntax.Regexp) lookup {
	if all := exactly(re); all != nil {
		return lookup{all, 0}
	}
	switch re.Op {
	case syntax.OpCapture, syntax.OpPlus:
		return needed(re.Sub[0])
	case syntax.OpConcat:
		return neededOfAll(re.Sub)
	case syntax.OpAlternate:
		var all lookup
		for _, sub := range re.Sub {
			l := needed(sub)
			if l.literals == nil {
				return lookup{}
			}
			all = lookup{append(all.literals, l.literals...), max(all.lead, l.lead)}
		}
		return all
	}
	return lookup{}
}

// neededOfAll is needed for patterns that match one after the other: the rarest of what each of them
// needs, and of what neighbours match together.
func neededOfAll(parts []*syntax.Regexp) (best lookup) {
	var run lookup // the parts since the last that is not exact
	width := 0     // of the parts before, at most
	for _, part := range parts {
		if run.literals == nil {
			run.lead = width
		}
		if run.literals = joined(run.literals, exactly(part)); rarer(run.literals, best.literals) > 0 {
			best = run
		}
		if l := needed(part); rarer(l.literals, best.literals) > 0 {
			best = lookup{l.literals, min(unbounded, width+l.lead)}
		}
		width = min(unbounded, width+widest(part))
	}
	return best
}

// mostExact is how many texts a list of exactly has at most.
const mostExact = 8

// exactly returns each text, in lower case, that re matches; nil where they are too many.
func exactly(re *syntax.Regexp) (all []string) {
	switch re.Op {
	case syntax.OpLiteral:
		return []string{strings.ToLower(string(re.Rune))}
	case syntax.OpCapture:
		return exactly(re.Sub[0])
	case syntax.OpCharClass:
		for i := 0; i < len(re.Rune); i += 2 {
			for r := re.Rune[i]; r <= re.Rune[i+1]; r++ {
				if len(all) == mostExact {
					return nil
				}
				all = append(all, strings.ToLower(string(r)))
			}
		}
	case syntax.OpEmptyMatch, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return []string{""}
	case syntax.OpQuest:
		if all = exactly(re.Sub[0]); all != nil && len(all) < mostExact {
			return append(all, "")
		}
		return nil
	case syntax.OpConcat:
		all = []string{""}
		for _, sub := range re.Sub {
			if all = joined(all, exactly(sub)); all == nil {
				return nil
			}
		}
	}
	return all
}

// joined returns each text of the first list with each of the second behind it; the second alone
// where there is no first; nil where they are too many.
func joined(first, second []string) (all []string) {
	if first == nil {
		return second
	}
	if len(first)*len(second) > mostExact {
		return nil
	}
	for _, a := range first {
		for _, b := range second {
			all = append(all, a+b)
		}
	}
	return all
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

// widest returns how many bytes a match of re has at most. A letter of ASCII counts as one, as its
// other case.
func widest(re *syntax.Regexp) (width int) {
	switch re.Op {
	case syntax.OpLiteral:
		return len(string(re.Rune))
	case syntax.OpCharClass:
		return utf8.RuneLen(re.Rune[len(re.Rune)-1])
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return utf8.UTFMax
	case syntax.OpCapture, syntax.OpQuest:
		return widest(re.Sub[0])
	case syntax.OpStar, syntax.OpPlus:
		return unbounded
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			width = min(unbounded, width+widest(sub))
		}
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			width = max(width, widest(sub))
		}
	}
	return width
}

// hasTextEnd reports whether re has the beginning or the end of the text in it.
func hasTextEnd(re *syntax.Regexp) bool {
	return re.Op == syntax.OpBeginText || re.Op == syntax.OpEndText || slices.ContainsFunc(re.Sub, hasTextEnd)
}
