package main

import (
	"github.com/spf13/pflag"

	"cozejwt/internal/credentials"
)

// optionalFlags registers a flag for each value that a .env may leave out, but those that a plan
// has registered. The values go into a set, to override those of a .env.
func (a *app) optionalFlags(f *pflag.FlagSet, into *credentials.Set) {
	for _, field := range credentials.Optionals() {
		if name := field.Flag()[len("--"):]; f.Lookup(name) == nil {
			f.StringVar(into.At(field), name, "", a.lang.Text("flag."+string(field)))
		}
	}
}
