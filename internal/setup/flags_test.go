package setup_test

import (
	"slices"
	"strings"
	"testing"

	"cozejwt/internal/i18n"
	"cozejwt/internal/setup"
)

// common are the flags that every command has.
var common = []string{"region", "api-base"}

// A message that names a flag which does not exist sends people nowhere.
func TestAFieldThatNamesAFlagHasThatFlag(t *testing.T) {
	w := created(t)
	w.Write(".env.other", w.Read(".env"))
	for name, open := range map[string]func() (*setup.Session, error){
		"create":   func() (*setup.Session, error) { return setup.Open(w.env(), w.Dir, w.Path(".env")) },
		"rotate":   func() (*setup.Session, error) { return setup.OpenRotation(w.env(), w.Dir, w.Path(".env")) },
		"use":      func() (*setup.Session, error) { return setup.OpenUse(w.env(), w.Dir, w.Path(".env")) },
		"prune":    func() (*setup.Session, error) { return setup.OpenPrune(w.env(), w.Dir, w.Path(".env")) },
		"rollback": rolledBack(t),
	} {
		s, err := open()
		must(t, err)
		for _, st := range s.Plan.Steps {
			for _, f := range st.Ask(s) {
				flag := strings.TrimPrefix(f.Flag, "--")
				has := slices.ContainsFunc(s.Plan.Flags, func(g setup.Flag) bool { return g.Name == flag })
				if flag != "" && !has && !slices.Contains(common, flag) {
					t.Errorf("%s: %s names %s, which the plan does not have", name, f.ID, f.Flag)
				}
			}
		}
		for _, f := range s.Plan.Flags {
			if !i18n.English.Has(f.Usage.ID) {
				t.Errorf("%s: --%s has no help", name, f.Name)
			}
		}
	}
}

// rolledBack opens the way back in a project whose key was rotated.
func rolledBack(t *testing.T) func() (*setup.Session, error) {
	t.Helper()
	w := created(t)
	walk(t, w.rotation(), yes)
	return func() (*setup.Session, error) { return setup.OpenRollback(w.env(), w.Dir, w.Path(".env")) }
}
