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
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/plain"
	"cozejwt/internal/secret"
	"cozejwt/internal/steps"
)

var (
	// errElsewhere is fixed where an API base was typed.
	errElsewhere = coze.ErrRefused.With("host", "coze.example")
	// errPassing is fixed nowhere in a plan.
	errPassing = &coze.Refusal{Status: 500, Code: "internal_error", Message: "Service internal error.", LogID: "20260101"}
)

// fails is a step that asks for a token and fails so often with err.
func (c *course) fails(outcome flow.Outcome, times int, err error) flow.Step {
	var token *coze.Token
	shows := func() []flow.Exhibit {
		return []flow.Exhibit{steps.Exchange{Token: token, Line: i18n.Msg("summary.token", "token", "01234567…")}}
	}
	return flow.Step{ID: steps.Test, Outcome: outcome, Shows: shows, Work: func() flow.Job {
		return func(context.Context) (flow.Effect, error) {
			c.did = append(c.did, "test")
			if times--; times >= 0 {
				return nil, err
			}
			return func() { token = &coze.Token{AccessToken: secret.New("0123456789")} }, nil
		}
	}}
}

// refused is a run with a custom region, whose test fails once.
func (c *course) refused(outcome flow.Outcome, err error) *flow.Run {
	region := asks(steps.Region, c.text("region"))
	region.Fixes = []diagnosis.FixAt{diagnosis.AtRegion}
	c.region = coze.Custom
	return c.of(region, c.fails(outcome, 1, err), flow.Step{ID: "old_keys", Work: c.job("next", nil)})
}

// After a refusal that other answers may end, f looks for them.
func TestFLooksForWhatWorks(t *testing.T) {
	for name, test := range map[string]struct {
		found   int // the step that shows what works, -1 for nothing
		err     error
		offered bool
		lines   []string
		did     []string // after the question for the region
		ends    bool     // with the error
		prints  string
	}{
		"what works is taken":       {0, nil, true, []string{"f", "", "com"}, []string{"test", "searched", "taken", "region=com", "test", "next"}, false, "✓ a pair"},
		"in capitals":               {0, nil, true, []string{" F", "", "com"}, []string{"test", "searched", "taken", "region=com", "test", "next"}, false, "all was tried"},
		"nothing works":             {-1, nil, true, []string{"f", "com"}, []string{"test", "searched", "region=com", "test", "next"}, false, "all was tried"},
		"it cannot be found out":    {-1, coze.ErrRefused.With("host", "elsewhere"), true, []string{"f", "com"}, []string{"test", "searched", "region=com", "test", "next"}, false, "elsewhere"},
		"it is not taken":           {0, nil, true, []string{"f", "q"}, []string{"test", "searched"}, true, "Enter: review the change"},
		"a pipe that ends there":    {0, nil, true, []string{"f"}, []string{"test", "searched"}, true, ""},
		"it is not offered":         {0, nil, false, []string{"f"}, []string{"test"}, true, ""},
		"Enter does what it always": {0, nil, true, []string{"", "com"}, []string{"test", "region=com", "test", "next"}, false, "type f to try all keys"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCourse(t)
			r := c.refused(flow.TokenRequired, errElsewhere)
			text := func(words string) func() i18n.Message { return func() i18n.Message { return i18n.Msg(words) } }
			r.Searches = []*flow.Search{{
				Key: "f", Offer: text("plain.search"),
				Offers: func(diagnosis.Diagnosis) bool { return test.offered },
				Work: func(func(int, int)) flow.Job {
					c.did = append(c.did, "searched")
					return func(context.Context) (flow.Effect, error) { return nil, test.err }
				},
				About: text("trying"),
				Found: flow.Found{
					Tries: flow.Checklist{{Text: i18n.Msg("a pair"), Earned: true}},
					Says:  []i18n.Message{i18n.Msg("all was tried")},
					Take:  func() int { c.did = append(c.did, "taken"); return test.found },
				},
			}}
			if test.found < 0 {
				r.Searches[0].Found.Take = nil
			}
			err := c.run(r, i18n.English, append([]string{"cn"}, test.lines...)...)
			if ended := errors.Is(err, errElsewhere); ended != test.ends || err != nil && !ended {
				t.Errorf("ended with %v", err)
			}
			if want := append([]string{"region=cn"}, test.did...); !slices.Equal(c.did, want) {
				t.Errorf("did %q, want %q", c.did, want)
			}
			if !strings.Contains(c.said.String(), test.prints) {
				t.Errorf("printed\n%s\nwant %q", c.said.String(), test.prints)
			}
		})
	}
}

func TestWhatIsTypedAfterAFailureDecides(t *testing.T) {
	required, optional := flow.TokenRequired, flow.TokenOptional
	for name, test := range map[string]struct {
		outcome flow.Outcome
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
		"another word is asked again":               {required, errPassing, true, []string{"x", "r"}, []string{"test", "test", "next"}, false},
		"back is Enter":                             {required, errElsewhere, false, []string{"返回", "com"}, []string{"test", "region=com", "test", "next"}, false},
		"quit ends it":                              {required, errElsewhere, false, []string{" Quit", ""}, []string{"test"}, true},
		"Enter passes over a test that is optional": {optional, errElsewhere, false, []string{""}, []string{"test", "next"}, false},
		"r retries a test that is optional":         {optional, errElsewhere, false, []string{"r"}, []string{"test", "test", "next"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCourse(t)
			s := c.refused(test.outcome, test.err)
			passed := false
			if test.anyway {
				s.SkipTest = func() { passed = true }
			}
			err := c.run(s, i18n.English, append([]string{"cn"}, test.lines...)...)
			c.wantDid(append([]string{"region=cn"}, test.did...)...)
			if test.ends != errors.Is(err, test.err) || !test.ends && err != nil {
				t.Errorf("error is %v", err)
			}
			if skipped := slices.Contains(test.lines, "s") && test.anyway; passed != skipped {
				t.Errorf("the test is skipped: %v", passed)
			}
		})
	}
}

func TestAFailureOffersWhatCanBeTyped(t *testing.T) {
	retry, untested, anyway := i18n.English.Text("plain.retry"), i18n.English.Text("plain.untested"), i18n.English.Text("plain.anyway")
	back, gone := i18n.English.Text("plain.after_refusal", "step", i18n.English.Text("step.region")), i18n.English.Text("current.untested")
	restore := i18n.English.Text("plain.restore")
	for name, test := range map[string]struct {
		outcome flow.Outcome
		err     error
		anyway  bool
		offers  []string
	}{
		"a step fixes it":   {flow.TokenRequired, errElsewhere, true, []string{back}},
		"no step fixes it":  {flow.TokenRequired, errPassing, false, []string{retry}},
		"a plan of profile": {flow.TokenRequired, errPassing, true, []string{retry, untested}},
		"optional":          {flow.TokenOptional, errElsewhere, false, []string{anyway, gone}},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCourse(t)
			s := c.refused(test.outcome, test.err)
			if test.anyway {
				s.SkipTest = func() {}
			}
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
	s := c.refused(flow.TokenRequired, errPassing)
	if err := c.run(s, i18n.English, "cn", "q"); !errors.Is(err, errPassing) {
		t.Errorf("error is %v", err)
	}
	if d := s.FindDraft(); d == nil || d.Step != steps.Test {
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
	if want, d := s.Steps[s.StepToFix(s.Diagnose(err).FixAt())].ID, s.FindDraft(); d == nil || d.Step != want {
		t.Errorf("the run goes on at %+v, want %s", d, want)
	}
}

func TestAFailureAfterAnInterruptIsNotExplained(t *testing.T) {
	c := newCourse(t)
	ctx, cancel := context.WithCancel(context.Background())
	s := c.of(flow.Step{ID: steps.Test, Outcome: flow.TokenRequired, Work: func() flow.Job {
		return func(context.Context) (flow.Effect, error) { cancel(); return nil, errElsewhere }
	}})
	f := &plain.Prompter{In: strings.NewReader("r\n"), Out: c.said, Lang: i18n.English}
	if err := f.Run(ctx, s); !errors.Is(err, errElsewhere) {
		t.Errorf("error is %v", err)
	}
	c.notHeard(errElsewhere.Error())
}

func TestWithoutInputARefusedTestThatIsOptionalIsPassedOver(t *testing.T) {
	c := newCourse(t)
	must(t, c.unasked(c.of(c.fails(flow.TokenOptional, 1, errPassing), flow.Step{ID: "old_keys", Work: c.job("next", nil)})))
	c.wantDid("test", "next")
	c.heard(errPassing.Error(), i18n.English.Text("current.untested"))
	c.notHeard(i18n.English.Text("plain.anyway"))
}

func TestWithoutInputARefusedTestEndsTheRun(t *testing.T) {
	c := newCourse(t)
	if err := c.unasked(c.of(c.fails(flow.TokenRequired, 1, errPassing))); !errors.Is(err, errPassing) {
		t.Errorf("error is %v", err)
	}
	c.wantDid("test")
	c.notHeard(errPassing.Error())
}

func TestATestOfTheCurrentCredentialsSaysItsToken(t *testing.T) {
	for outcome, want := range map[flow.Outcome]bool{flow.TokenOptional: true, flow.TokenRequired: false} {
		c := newCourse(t)
		must(t, c.run(c.of(c.fails(outcome, 0, nil)), i18n.English))
		if said := strings.Contains(c.said.String(), "01234567…"); said != want {
			t.Errorf("outcome %d says its token: %v\n%s", outcome, said, c.said)
		}
	}
	c := newCourse(t)
	must(t, c.unasked(c.of(c.fails(flow.TokenOptional, 0, nil))))
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

// What is fixed in the console is tried again from where it is.
func TestWhatIsFixedInTheConsoleIsTriedAgain(t *testing.T) {
	unauthorized := &coze.Refusal{Status: 403, Code: "access_deny", Message: "app: x is not authorized by the owner"}
	for _, line := range []string{"", "r"} {
		c := newCourse(t)
		st, changed := c.fails(flow.TokenRequired, 1, unauthorized), 0
		st.Shows = func() []flow.Exhibit { return []flow.Exhibit{steps.Exchange{Changed: func() { changed++ }}} }
		r := c.of(st, flow.Step{ID: "old_keys", Work: c.job("next", nil)})
		r.Console = func() string { return coze.CN.Console() }
		must(t, c.run(r, i18n.English, line))
		c.wantDid("test", "test", "next")
		c.heard("Fix it in the console: " + coze.CN.Console())
		if changed != 1 {
			t.Errorf("after %q, it was told of %d changes", line, changed)
		}
	}
}
