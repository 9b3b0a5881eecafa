package internal_test

import (
	"slices"
	"strings"
	"testing"

	"cozejwt/internal/diagnosis"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/rotation"
	"cozejwt/internal/setup"
	"cozejwt/internal/steps"
	"cozejwt/internal/switching"
	"cozejwt/internal/testplan"
)

// A flagged plan is a run with the names and usages of its flags.
type flagged struct {
	run   *flow.Run
	flags map[string]i18n.Message
}

func flagsOf[S any](flags []flow.Flag[S]) map[string]i18n.Message {
	usages := map[string]i18n.Message{}
	for _, f := range flags {
		usages[f.Name] = f.Usage
	}
	return usages
}

// plans are all plans, each in a project in which it can be opened.
func plans(t *testing.T) map[string]flagged {
	t.Helper()
	w := testplan.Created(t)
	w.Write(".env.other", w.Read(".env"))
	rotate, err := rotation.Open(w.Deps(), w.Dir, w.Env())
	testplan.Must(t, err)
	rotated := testplan.Created(t)
	first, err := rotation.Open(rotated.Deps(), rotated.Dir, rotated.Env())
	testplan.Must(t, err)
	testplan.Walk(t, first, testplan.Yes)
	back, err := rotation.OpenRollback(rotated.Deps(), rotated.Dir, rotated.Env())
	testplan.Must(t, err)
	prune, err := rotation.OpenPrune(rotated.Deps(), rotated.Dir, rotated.Env())
	testplan.Must(t, err)
	use, err := switching.Open(w.Deps(), w.Dir, w.Env())
	testplan.Must(t, err)
	return map[string]flagged{
		"create":   {w.Setup().Run, flagsOf(setup.Flags)},
		"rotate":   {rotate.Run, flagsOf(rotation.Flags)},
		"rollback": {back.Run, flagsOf(rotation.Flags)},
		"prune":    {prune.Run, flagsOf(rotation.Flags)},
		"use":      {use.Run, flagsOf(switching.Flags)},
	}
}

// A message that names a flag which does not exist sends people nowhere.
func TestAFieldThatNamesAFlagHasThatFlag(t *testing.T) {
	common := []string{"region", "api-base"} // of every command
	for name, p := range plans(t) {
		for _, st := range p.run.Steps {
			for _, f := range p.run.Ask(st) {
				flag := strings.TrimPrefix(f.Flag, "--")
				if _, has := p.flags[flag]; flag != "" && !has && !slices.Contains(common, flag) {
					t.Errorf("%s: %s names %s, which the plan does not have", name, f.ID, f.Flag)
				}
			}
		}
		for flag, usage := range p.flags {
			if !i18n.English.Has(usage.ID) {
				t.Errorf("%s: --%s has no help", name, flag)
			}
		}
	}
}

func TestEveryPlaceIsFixedAtAStepOfThePlan(t *testing.T) {
	all := plans(t)
	for name, p := range all {
		ids := map[string]bool{}
		for _, st := range p.run.Steps {
			if ids[st.ID] {
				t.Errorf("%s: %s is there twice", name, st.ID)
			}
			ids[st.ID] = true
		}
	}
	for _, test := range []struct {
		plan  string
		place diagnosis.FixAt
		want  string
	}{
		{"create", diagnosis.AtRegion, steps.Region},
		{"create", diagnosis.AtConsole, steps.App},
		{"create", diagnosis.AtPage, ""},
		{"create", diagnosis.AtKey, steps.Key},
		{"create", diagnosis.AtUpload, steps.Upload},
		{"create", diagnosis.AtAppID, steps.AppID},
		{"create", diagnosis.AtKeyID, steps.KeyID},
		{"create", diagnosis.AtService, ""},
		{"rotate", diagnosis.AtConsole, steps.Upload},
		{"rotate", diagnosis.AtPage, ""},
		{"rotate", diagnosis.AtUpload, steps.Upload},
		{"rotate", diagnosis.AtKeyID, steps.KeyID},
		{"rotate", diagnosis.AtAppID, ""},
		{"rollback", diagnosis.AtKeyID, ""},
		{"use", diagnosis.AtKeyID, ""},
		{"prune", diagnosis.AtKeyID, ""},
	} {
		r, got := all[test.plan].run, ""
		if at := r.StepToFix(test.place); at >= 0 {
			got = r.Steps[at].ID
		}
		if got != test.want {
			t.Errorf("%s: %s is fixed at %q, want %q", test.plan, test.place, got, test.want)
		}
	}
}
