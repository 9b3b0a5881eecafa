package main

import (
	"testing"

	"cozejwt/internal/i18n"
)

// A command is found by the name that its line of the list gives it, and needs no other.
func TestACommandIsBuiltAloneByItsName(t *testing.T) {
	for _, c := range (&app{lang: i18n.Reader{Language: i18n.English}}).commands() {
		built := (&app{lang: i18n.Reader{Language: i18n.English}}).root(c.name).Commands()
		if len(built) != 1 || built[0].Name() != c.name || !built[0].Runnable() {
			t.Errorf("%s: %d commands are built", c.name, len(built))
		}
	}
}

func TestWhatWasTypedIsTheFirstArgumentThatBelongsToNoFlag(t *testing.T) {
	for _, row := range []struct {
		args []string
		want string
		own  int
	}{
		{nil, programName, 0},
		{[]string{"--region", "cn"}, programName, 2},
		{[]string{"--dir", "token", "verify"}, "verify", 3},
		{[]string{"--import-key", "token", "init"}, "init", 3},
		{[]string{"--no-input", "token", "--ttl", "60"}, "token", 4},
		{[]string{"--help", "verify"}, "help", 2},
		{[]string{"verify", "--help"}, "verify", 2},
		{[]string{"exec", "--ttl", "60", "node", "--help"}, "exec", 3},
		{[]string{"exec", "--", "node", "verify"}, "exec", 1},
		{[]string{"vrify"}, "vrify", 1},
	} {
		own, typed := (&app{}).ownArgs(row.args)
		if typed != row.want || len(own) != row.own {
			t.Errorf("%q: %q of %q, want %q and %d arguments", row.args, typed, own, row.want, row.own)
		}
	}
}
