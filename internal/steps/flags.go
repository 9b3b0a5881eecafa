package steps

import (
	"strings"

	"cozejwt/internal/credentials"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
)

// ValueFlag is the flag that answers the question for a value of the set, in a plan whose Base
// is given by of.
func ValueFlag[S any](field credentials.Field, usage i18n.Message, of func(S) *Base) flow.Flag[S] {
	name := strings.TrimPrefix(field.Flag(), "--")
	return flow.Flag[S]{Name: name, Usage: usage, Kind: flow.Text, Take: func(s S, v string) error {
		if v == "" {
			return nil // $KEY_ID that is not set: asked as if it were not given
		}
		value, _, err := credentials.Check(field, v)
		if err != nil {
			return err
		}
		b := of(s)
		*b.At(field) = value
		b.Note(flow.FromFlag, string(field))
		return nil
	}}
}
