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
		return b.oneOwner()
	}}
}

// OptionalFlags are the flags for the values that a .env may leave out.
func OptionalFlags[S any](of func(S) *Base) []flow.Flag[S] {
	var flags []flow.Flag[S]
	for _, field := range credentials.Optionals() {
		flags = append(flags, ValueFlag(field, i18n.Msg("flag."+string(field)), of))
	}
	return flags
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
