package flow

import (
	"slices"
	"strconv"
	"strings"

	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
)

// Ticks is a question with any number of answers and a default, which nobody has to answer: it
// is neither a step nor a field, so a script and a person who only presses Enter pass it by. The
// question is the text "field.<ID>"; "ticks.<ID>", with {chosen}, says what is chosen,
// and "ticks.<ID>.plain" says it where no key changes it.
type Ticks struct {
	ID      string
	Options []Option
	Chosen  []string // values of options, in their order
	// Asks says that a front which asks line by line asks at this step. The others offer it by a
	// key at each step that shows it.
	Asks bool
	Put  func(chosen []string)
}

// Names are the labels of what is chosen, as one value of a text.
func (t Ticks) Names(l i18n.Speaker) string {
	var names []string
	for _, o := range t.Options {
		if slices.Contains(t.Chosen, o.Value) {
			names = append(names, l.Say(o.Label))
		}
	}
	return i18n.List(names)
}

// Numbers are the numbers of what is chosen, counted from 1, as Parse reads them.
func (t Ticks) Numbers() string {
	var numbers []string
	for i, o := range t.Options {
		if slices.Contains(t.Chosen, o.Value) {
			numbers = append(numbers, strconv.Itoa(i+1))
		}
	}
	return strings.Join(numbers, " ")
}

// Parse reads the options of a line that a person typed: numbers or values, with spaces or commas
// between them. An empty line means what is chosen already. The error is input.ticks for a word
// that is no option.
func (t Ticks) Parse(line string) (chosen []string, err error) {
	words := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" \t,，、", r) })
	if len(words) == 0 {
		return t.Chosen, nil
	}
	var ticked []string
	for _, word := range words {
		at := slices.IndexFunc(t.Options, func(o Option) bool { return strings.EqualFold(o.Value, word) })
		if n, err := strconv.Atoi(word); err == nil {
			at = n - 1
		}
		if at < 0 || at >= len(t.Options) {
			return nil, fault.Usage("input.ticks", "value", word, "last", strconv.Itoa(len(t.Options)))
		}
		ticked = append(ticked, t.Options[at].Value)
	}
	return t.in(func(value string) bool { return slices.Contains(ticked, value) }), nil
}

// Toggle returns what is chosen once the option of an index is ticked, or is not any more.
func (t Ticks) Toggle(chosen []string, at int) []string {
	return t.in(func(value string) bool { return slices.Contains(chosen, value) != (value == t.Options[at].Value) })
}

// in returns the values that are ticked, in the order of the options.
func (t Ticks) in(ticked func(value string) bool) (chosen []string) {
	for _, o := range t.Options {
		if ticked(o.Value) {
			chosen = append(chosen, o.Value)
		}
	}
	return chosen
}
