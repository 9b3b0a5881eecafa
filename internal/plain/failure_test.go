package plain_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"cozejwt/internal/coze"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/internal/plain"
	"cozejwt/internal/setup"
)

var (
	// errElsewhere is fixed where an API base was typed.
	errElsewhere = coze.ErrRefused.With("host", "coze.example")
	// errPassing is fixed nowhere in a plan.
	errPassing = &coze.Refusal{Status: 500, Code: "internal_error", Message: "Service internal error.", LogID: "20260101"}
)

// fails is a step that asks for a token and fails so often with err.
func (c *course) fails(outcome setup.Outcome, times int, err error) setup.Step {
	return setup.Step{ID: setup.StepTest, Outcome: outcome, Work: func(*setup.Session) setup.Job {
		return func(context.Context) (setup.Effect, error) {
			c.did = append(c.did, "test")
			if times--; times >= 0 {
				return nil, err
			}
			return func(s *setup.Session) { s.Observed.Token = &coze.Token{AccessToken: "0123456789"} }, nil
		}
	}}
}

// refused is a session with a custom region, whose test fails once.
func (c *course) refused(outcome setup.Outcome, err error) *setup.Session {
	s := c.of(asks(setup.StepRegion, c.text("region")), c.fails(outcome, 1, err), setup.Step{ID: "old_keys", Work: c.job("next", nil)})
	s.Answers.Region = coze.Custom
	return s
}

func TestWhatIsTypedAfterAFailureDecides(t *testing.T) {
	required, optional := setup.TokenRequired, setup.TokenOptional
	for name, test := range map[string]struct {
		outcome setup.Outcome
		err     error
		anyway  bool
		lines   []string
		did     []string // after the question for the region
		ends    bool     // with the error
	}{
		"Enter asks the step that fixes it":         {required, errElsewhere, false, []string{"", "com"}, []string{"test", "region=com", "test", "next"}, false},
		"Enter retries what no step fixes":          {required, errPassing, false, []string{""}, []string{"test", "test", "next"}, false},
		"r retries":                                 {required, errElsewhere, false, []string{" R "}, []string{"test", "test", "next"}, false},
		"q ends it":                                 {required, errElsewhere, false, []string{"q"}, []string{"test"}, true},
		"a pipe that ends here ends it":             {required, errElsewhere, false, nil, []string{"test"}, true},
		"s goes on without a token":                 {required, errPassing, true, []string{"s"}, []string{"test", "next"}, false},
		"s is no answer where a token is needed":    {required, errPassing, false, []string{"s"}, []string{"test"}, true},
		"another word ends it":                      {required, errPassing, true, []string{"x"}, []string{"test"}, true},
		"Enter passes over a test that is optional": {optional, errElsewhere, false, []string{""}, []string{"test", "next"}, false},
		"r retries a test that is optional":         {optional, errElsewhere, false, []string{"r"}, []string{"test", "test", "next"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCourse(t)
			s := c.refused(test.outcome, test.err)
			s.Plan.Anyway = test.anyway
			err := c.run(s, i18n.English, append([]string{"cn"}, test.lines...)...)
			c.wantDid(append([]string{"region=cn"}, test.did...)...)
			if test.ends != errors.Is(err, test.err) || !test.ends && err != nil {
				t.Errorf("error is %v", err)
			}
			if skipped := slices.Contains(test.lines, "s") && test.anyway; s.Answers.SkipTest != skipped {
				t.Errorf("the test is skipped: %v", !skipped)
			}
		})
	}
}

func TestAFailureOffersWhatCanBeTyped(t *testing.T) {
	retry, untested, anyway := i18n.English.Text("plain.retry"), i18n.English.Text("plain.untested"), i18n.English.Text("plain.anyway")
	back, gone := i18n.English.Text("plain.after_refusal", "step", i18n.English.Text("step.region")), i18n.English.Text("current.refused")
	restore := i18n.English.Text("plain.restore")
	for name, test := range map[string]struct {
		outcome setup.Outcome
		err     error
		anyway  bool
		offers  []string
	}{
		"a step fixes it":   {setup.TokenRequired, errElsewhere, true, []string{back}},
		"no step fixes it":  {setup.TokenRequired, errPassing, false, []string{retry}},
		"a plan of profile": {setup.TokenRequired, errPassing, true, []string{retry, untested}},
		"optional":          {setup.TokenOptional, errElsewhere, false, []string{anyway, gone}},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCourse(t)
			s := c.refused(test.outcome, test.err)
			s.Plan.Anyway = test.anyway
			if err := c.run(s, i18n.English, "cn", "q"); !errors.Is(err, test.err) {
				t.Errorf("error is %v", err)
			}
			c.heard(test.err.Error())
			for _, text := range []string{retry, untested, anyway, back, gone, restore} {
				if said := strings.Contains(c.said.String(), text); said != slices.Contains(test.offers, text) {
					t.Errorf("it said %q: %v\n%s", text, said, c.said)
				}
			}
		})
	}
}

func TestARunThatIsLeftAfterAFailureGoesOnAtTheStepThatFailed(t *testing.T) {
	c := newCourse(t)
	s := c.refused(setup.TokenRequired, errPassing)
	if err := c.run(s, i18n.English, "cn", "q"); !errors.Is(err, errPassing) {
		t.Errorf("error is %v", err)
	}
	if d := s.FindDraft(); d == nil || d.Step != setup.StepTest {
		t.Errorf("the run goes on at %+v", d)
	}
}

// The step that fixes it may stand before the one that the run was at.
func TestARunThatIsLeftAfterARefusalGoesOnWhereItIsFixed(t *testing.T) {
	k := newTalk(t)
	s, err := k.refusedAt("k")
	if err == nil {
		t.Fatalf("it went through:\n%s", k.said)
	}
	if want, d := s.Plan.StepToFix(s.Diagnose(err).FixAt()), s.FindDraft(); d == nil || d.Step != want {
		t.Errorf("the run goes on at %+v, want %s", d, want)
	}
}

func TestAFailureAfterAnInterruptIsNotExplained(t *testing.T) {
	c := newCourse(t)
	ctx, cancel := context.WithCancel(context.Background())
	s := c.of(setup.Step{ID: setup.StepTest, Outcome: setup.TokenRequired, Work: func(*setup.Session) setup.Job {
		return func(context.Context) (setup.Effect, error) { cancel(); return nil, errElsewhere }
	}})
	f := &plain.Prompter{In: strings.NewReader("r\n"), Out: c.said, Lang: i18n.English}
	if err := f.Run(ctx, s); !errors.Is(err, errElsewhere) {
		t.Errorf("error is %v", err)
	}
	c.notHeard(errElsewhere.Error())
}

func TestWithoutInputARefusedTestThatIsOptionalIsPassedOver(t *testing.T) {
	c := newCourse(t)
	must(t, c.unasked(c.of(c.fails(setup.TokenOptional, 1, errPassing), setup.Step{ID: "old_keys", Work: c.job("next", nil)})))
	c.wantDid("test", "next")
	c.heard(errPassing.Error(), i18n.English.Text("current.refused"))
	c.notHeard(i18n.English.Text("plain.anyway"))
}

func TestWithoutInputARefusedTestEndsTheRun(t *testing.T) {
	c := newCourse(t)
	if err := c.unasked(c.of(c.fails(setup.TokenRequired, 1, errPassing))); !errors.Is(err, errPassing) {
		t.Errorf("error is %v", err)
	}
	c.wantDid("test")
	c.notHeard(errPassing.Error())
}

func TestATestOfTheCurrentCredentialsSaysItsToken(t *testing.T) {
	for outcome, want := range map[setup.Outcome]bool{setup.TokenOptional: true, setup.TokenRequired: false} {
		c := newCourse(t)
		must(t, c.run(c.of(c.fails(outcome, 0, nil)), i18n.English))
		if said := strings.Contains(c.said.String(), "01234567…"); said != want {
			t.Errorf("outcome %d says its token: %v\n%s", outcome, said, c.said)
		}
	}
	c := newCourse(t)
	must(t, c.unasked(c.of(c.fails(setup.TokenOptional, 0, nil))))
	c.notHeard("01234567…")
}

func TestADiagnosisListsEachCauseWithItsFix(t *testing.T) {
	err := fault.Invalid("key.absent", "path", "a.pem").Because(errPassing)
	d := diagnosis.Diagnosis{Err: err, Refusal: errPassing, Causes: []diagnosis.Cause{{ID: "first"}, {ID: "second"}}}
	want := errPassing.Error() + `
  1. cause.first
     → cause.first.fix
  2. cause.second
     → cause.second.fix
  → ` + err.Fixes(i18n.English)[0] + `
  logid: 20260101
`
	if got := plain.Diagnosis(d, i18n.English); got != want {
		t.Errorf("it says\n%s, want\n%s", got, want)
	}
	if got := plain.Causes(diagnosis.Diagnosis{Refusal: &coze.Refusal{}}, i18n.English); got != "" {
		t.Errorf("without a cause or a log id it says %q", got)
	}
}
