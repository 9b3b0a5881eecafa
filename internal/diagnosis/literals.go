package diagnosis

import (
	"iter"
	"slices"
	"strings"
	"sync"
)

// known are the literals of all patterns, by the hash of their first bytes, so that one reading of
// a text finds them all.
var known = sync.OnceValue(func() *dictionary {
	d := &dictionary{numbers: map[string]int{}}
	for _, w := range patterns {
		for _, l := range w.made().lookup.literals {
			if _, there := d.numbers[l]; there || len(l) < leastLiteral {
				continue
			}
			d.numbers[l] = len(d.literals)
			d.byStart[startOf(l)] = append(d.byStart[startOf(l)], len(d.literals))
			d.literals = append(d.literals, l)
		}
	}
	return d
})

// patterns are all that [is] has made.
var patterns []words

type dictionary struct {
	literals []string
	numbers  map[string]int // of the literals
	byStart  [1 << 12][]int // the numbers of those that begin alike
}

// startOf is the hash of the first three bytes.
func startOf(text string) int {
	return (int(text[0])<<7 ^ int(text[1])<<4 ^ int(text[2])) & (1<<12 - 1)
}

// find returns where each literal stands in a text, by its number.
func (d *dictionary) find(text string) [][]int32 {
	at := make([][]int32, len(d.literals))
	for i := 0; i+leastLiteral <= len(text); i++ {
		for _, n := range d.byStart[startOf(text[i:])] {
			if strings.HasPrefix(text[i:], d.literals[n]) {
				at[n] = append(at[n], int32(i))
			}
		}
	}
	return at
}

// indexedFrom is the length of a text, in bytes, from which it is worth reading it for all literals.
const indexedFrom = 2048

// places are where a literal stands in the passage, in order.
func (p passage) places(literal string) iter.Seq[int] {
	n, is := 0, false
	if p.at != nil {
		n, is = known().numbers[literal]
	}
	if !is {
		return func(yield func(int) bool) {
			for from := 0; ; from++ {
				i := strings.Index(p.lower[from:], literal)
				if i < 0 || !yield(from+i) {
					return
				}
				from += i
			}
		}
	}
	all := p.at[n]
	first, _ := slices.BinarySearch(all, int32(p.from))
	return func(yield func(int) bool) {
		for _, i := range all[first:] {
			if int(i)-p.from+len(literal) > len(p.lower) || !yield(int(i)-p.from) {
				return
			}
		}
	}
}
