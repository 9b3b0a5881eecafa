package flow

import "cozejwt/internal/i18n"

// A Flag answers questions of a plan, whose state is an S, from the command line.
type Flag[S any] struct {
	Name    string // without its dashes
	Usage   i18n.Message
	Kind    Kind
	Default string // as the help shows it
	Take    func(s S, value string) error
}

// On is a flag that takes no value.
func On[S any](name string, usage i18n.Message, take func(S)) Flag[S] {
	return Flag[S]{Name: name, Usage: usage, Kind: Switch, Take: func(s S, _ string) error {
		take(s)
		return nil
	}}
}

// A Kind is what a flag takes, by the name that the help has for it.
type Kind string

// The kinds.
const (
	Text   Kind = "string"
	Number Kind = "int"
	Switch Kind = "bool"
)

// Take answers a plan's questions with the values of its flags, by their names, in the order
// of the flags. The error is the first one of a flag.
func Take[S any](s S, flags []Flag[S], values map[string]string) error {
	for _, f := range flags {
		value, given := values[f.Name]
		if !given || f.Kind == Switch && value != "true" {
			continue
		}
		if err := f.Take(s, value); err != nil {
			return err
		}
	}
	return nil
}
