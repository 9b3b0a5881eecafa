package main

import (
	"github.com/spf13/pflag"

	"cozejwt/internal/credentials"
)

// optionalValues are the flags for what a .env may leave out, by the fields of
// [credentials.Optionals].
type optionalValues struct{ Aud, AccountID, EnterpriseID string }

// optionalFlags registers them, but those that a plan has registered.
func (a *app) optionalFlags(f *pflag.FlagSet, o *optionalValues) {
	for _, flag := range []struct {
		to    *string
		field credentials.Field
	}{{&o.Aud, credentials.Aud}, {&o.AccountID, credentials.AccountID}, {&o.EnterpriseID, credentials.EnterpriseID}} {
		if name := flag.field.Flag()[len("--"):]; f.Lookup(name) == nil {
			f.StringVar(flag.to, name, "", a.lang.Text("flag."+string(flag.field)))
		}
	}
}

// set is the values as a set, to override that of a .env. The errors are those of
// [credentials.Set.CheckOptional].
func (o optionalValues) set() (credentials.Set, error) {
	return credentials.Set{Aud: o.Aud, AccountID: o.AccountID, EnterpriseID: o.EnterpriseID}.CheckOptional()
}
