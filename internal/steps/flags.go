package steps

import (
	"strings"

	"cozejwt/internal/credentials"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
)

// A Stateful plan has a Base as a part of its state.
type Stateful interface{ own() *Base }

func (b *Base) own() *Base { return b }

// ValueFlag is the flag that answers the question for a value of the set.
func ValueFlag[S Stateful](field credentials.Field, usage i18n.Message) flow.Flag[S] {
	name := strings.TrimPrefix(field.Flag(), "--")
	return flow.Flag[S]{Name: name, Usage: usage, Kind: flow.Text, Take: func(s S, v string) error {
		if v == "" {
			return nil // $KEY_ID that is not set: asked as if it were not given
		}
		value, _, err := credentials.Check(field, v)
		if err != nil {
			return err
		}
		b := s.own()
		*b.At(field) = value
		b.Note(flow.FromFlag, string(field))
		return b.oneOwner()
	}}
}

// ValueFlags are the flags for values of the set.
func ValueFlags[S Stateful](fields ...credentials.Field) []flow.Flag[S] {
	var flags []flow.Flag[S]
	for _, field := range fields {
		flags = append(flags, ValueFlag[S](field, i18n.Msg("flag."+string(field))))
	}
	return flags
}

// Take agrees, where --yes was given, to what a plan without other flags asks: to write, or to delete
// what the service no longer accepts. The error is always nil.
func (b *Base) Take(values map[string]string) error {
	if values["yes"] == "true" {
		b.Accept("delete")
	}
	return nil
}

// oneOwner makes an owner that a flag has given take the place of the other kind of owner. The
// error is [credentials.ErrTwoOwners] where flags have given both.
func (b *Base) oneOwner() error {
	account, enterprise := b.Given(string(credentials.AccountID)), b.Given(string(credentials.EnterpriseID))
	switch {
	case account && enterprise:
		return credentials.ErrTwoOwners
	case account:
		b.EnterpriseID = ""
	case enterprise:
		b.AccountID = ""
	}
	return nil
}

// AboutAudience says for whom the JWT is where that is not the host of the API base.
func (b *Base) AboutAudience() []i18n.Message {
	if aud := b.Values().Aud; aud != "" {
		return []i18n.Message{i18n.Msg("review.audience", "aud", aud)}
	}
	return nil
}
