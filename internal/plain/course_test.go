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
	"cozejwt/internal/steps"
)

// A course is a plan of a test's own, with what was answered and done in it.
type course struct {
	*talk
	did    []string
	region coze.Region
}

func newCourse(t *testing.T) *course { return &course{talk: newTalk(t)} }

// of is a run that walks these steps and a last one.
func (c *course) of(all ...flow.Step) *flow.Run {
	r := c.setup().NewRun(flow.Plan{
		Name: "course", Lasting: true, Steps: append(all, flow.Step{ID: steps.Done}),
		Diagnose: func(err error) diagnosis.Diagnosis { return diagnosis.Diagnose(err, diagnosis.Facts{Region: c.region}) },
		Summary:  func() []i18n.Message { return nil },
		Keep:     func() flow.Kept { return flow.Kept{Answers: []byte("{}")} },
	})
	r.Resume = func(d *flow.Draft, at *int) flow.Job {
		return func(context.Context) (flow.Effect, error) { return func() { *at = r.Index(d.Step) }, nil }
	}
	return r
}

// text is a question for a line, whose answer is noted.
func (c *course) text(id string) flow.Field {
	return flow.Field{ID: id, Flag: "--" + id, Put: func(v string) { c.did = append(c.did, id+"="+v) }}
}

// asks is a step with these questions.
func asks(id string, fields ...flow.Field) flow.Step {
	return flow.Step{ID: id, Fields: func() []flow.Field { return slices.Clone(fields) }}
}

// job notes that it was done, and ends with err.
func (c *course) job(what string, err error) func() flow.Job {
	return func() flow.Job {
		return func(context.Context) (flow.Effect, error) {
			c.did = append(c.did, what)
			return nil, err
		}
	}
}

// unasked walks a session without input.
func (c *course) unasked(s *flow.Run) error {
	c.said.Reset()
	f := &plain.Prompter{In: strings.NewReader(""), Out: c.said, Lang: i18n.English, NoInput: true}
	return f.Run(context.Background(), s)
}

func (c *course) wantDid(want ...string) {
	c.t.Helper()
	if !slices.Equal(c.did, want) {
		c.t.Errorf("it did %q, want %q:\n%s", c.did, want, c.said)
	}
}

func (c *course) notHeard(texts ...string) {
	c.t.Helper()
	for _, text := range texts {
		if strings.Contains(c.said.String(), text) {
			c.t.Errorf("it said %q:\n%s", text, c.said)
		}
	}
}

var errBroken = errors.New("broken")

func TestAStepLooksPreparesAsksAndWorksInThisOrder(t *testing.T) {
	c := newCourse(t)
	step := asks("app_id", c.text("app_id"))
	step.Look, step.Prepare, step.Work = c.job("look", nil), c.job("prepare", nil), c.job("work", nil)
	must(t, c.run(c.of(step), i18n.English, "1"))
	c.wantDid("look", "prepare", "app_id=1", "work")
	c.notHeard(i18n.English.Text("plain.back")) // nothing comes before
}

func TestAStepThatFailsEndsTheWalk(t *testing.T) {
	for name, test := range map[string]struct {
		fail func(*course, *flow.Step)
		did  []string
	}{
		"look":    {func(c *course, st *flow.Step) { st.Look = c.job("look", errBroken) }, []string{"look"}},
		"prepare": {func(c *course, st *flow.Step) { st.Prepare = c.job("prepare", errBroken) }, []string{"prepare"}},
		"work":    {func(c *course, st *flow.Step) { st.Work = c.job("work", errBroken) }, []string{"app_id=1", "work"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCourse(t)
			step := asks("app_id", c.text("app_id"))
			test.fail(c, &step)
			if err := c.run(c.of(step), i18n.English, "1", "r", "1"); !errors.Is(err, errBroken) {
				t.Errorf("error is %v", err)
			}
			c.wantDid(test.did...)
			c.notHeard(i18n.English.Text("plain.retry"))
		})
	}
}

func TestAStepThatIsSkippedIsNotAsked(t *testing.T) {
	c := newCourse(t)
	skipped := asks("app_id", c.text("app_id"))
	skipped.Skip = func() bool { return true }
	must(t, c.run(c.of(skipped, asks("key_id", c.text("key_id"))), i18n.English, "1"))
	c.wantDid("key_id=1")
	c.heard("Step 1/2  Key ID", "Step 2/2  Done")
}

func TestAnAnswerMayLeadToAnotherQuestion(t *testing.T) {
	c := newCourse(t)
	step := flow.Step{ID: "app_id", Fields: func() []flow.Field {
		fields := []flow.Field{c.text("app_id")}
		if len(c.did) > 0 {
			fields = append(fields, c.text("key_id"))
		}
		return fields
	}}
	must(t, c.run(c.of(step), i18n.English, "1", "2"))
	c.wantDid("app_id=1", "key_id=2")
}

func TestBackLeadsToTheLastStepThatAsks(t *testing.T) {
	c := newCourse(t)
	shows := flow.Step{ID: "upload", Intro: func() []i18n.Message { return []i18n.Message{i18n.Msg("plain.anyway")} }}
	s := c.of(asks("region", c.text("region")), asks("app_id", c.text("app_id")), shows, asks("key_id", c.text("key_id")))
	must(t, c.run(s, i18n.English, "cn", "1", "back", "2", "3"))
	c.wantDid("region=cn", "app_id=1", "app_id=2", "key_id=3")
	if n := strings.Count(c.said.String(), i18n.English.Text("plain.back")); n != 1 {
		t.Errorf("it says %d times how one goes back:\n%s", n, c.said)
	}
}

func TestBackWhereNothingWasAskedBeforeLeadsToTheBeginning(t *testing.T) {
	c := newCourse(t)
	begins := flow.Step{ID: "upload", Work: c.job("upload", nil)}
	must(t, c.run(c.of(begins, asks("key_id", c.text("key_id"))), i18n.English, "back", "3"))
	c.wantDid("upload", "upload", "key_id=3")
}

func TestBackAtTheFirstStepAsksItAgain(t *testing.T) {
	c := newCourse(t)
	must(t, c.run(c.of(asks("region", c.text("region"))), i18n.English, "back", "cn"))
	c.wantDid("region=cn")
}

func TestBackIsNoAnswerToAQuestionWithoutAStep(t *testing.T) {
	c := newCourse(t)
	field := flow.Field{ID: "start", Options: []flow.Option{{Value: "verify"}, {Value: "rotate"}}}
	f := &plain.Prompter{In: strings.NewReader("back\n2\n"), Out: c.said, Lang: i18n.English}
	if got, err := f.Choose(context.Background(), c.setup().Run, field); got != "rotate" || err != nil {
		t.Errorf("chosen is %q, %v", got, err)
	}
}

// What the prompts find missing without input is found before any step works.
func TestWithoutInputEachStepHasToBeAnswered(t *testing.T) {
	yes := func() bool { return true }
	no := func() bool { return false }
	for name, test := range map[string]struct {
		change func(*course, *flow.Step, *flow.Field)
		did    []string // nil: what is missing is an error
	}{
		"nothing":      {func(*course, *flow.Step, *flow.Field) {}, nil},
		"not provided": {func(_ *course, st *flow.Step, _ *flow.Field) { st.Provided = no }, nil},
		"not skipped":  {func(_ *course, st *flow.Step, _ *flow.Field) { st.Skip = no }, nil},
		"a value":      {func(_ *course, _ *flow.Step, f *flow.Field) { f.Value = "1" }, []string{"begin", "app_id=1"}},
		"optional":     {func(_ *course, _ *flow.Step, f *flow.Field) { f.Optional = true }, []string{"begin", "app_id="}},
		"skipped":      {func(_ *course, st *flow.Step, _ *flow.Field) { st.Skip = yes }, []string{"begin"}},
		"look": {func(c *course, st *flow.Step, f *flow.Field) {
			st.Look = func() flow.Job {
				return func(context.Context) (flow.Effect, error) { f.Value = "seen"; return nil, nil }
			}
		}, []string{"begin", "app_id=seen"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCourse(t)
			field, step := c.text("app_id"), flow.Step{ID: "app_id"}
			step.Fields = func() []flow.Field { return []flow.Field{field} }
			test.change(c, &step, &field)
			err := c.unasked(c.of(flow.Step{ID: "upload", Work: c.job("begin", nil)}, step))
			c.wantDid(test.did...)
			missing, _ := errors.AsType[*fault.Fault](err)
			if test.did == nil && (missing == nil || missing.Value("flag") != "--app_id" || missing.Value("field") != i18n.English.Text("field.app_id")) {
				t.Errorf("error is %v", err)
			}
			if test.did != nil && err != nil {
				t.Error(err)
			}
		})
	}
}

func TestWithoutInputTheSandboxProvidesItsIDs(t *testing.T) {
	c := newCourse(t)
	field, step := c.text("app_id"), flow.Step{ID: "app_id", Provided: func() bool { return true }}
	step.Fields = func() []flow.Field { return []flow.Field{field} }
	creates := flow.Step{ID: "app", Work: func() flow.Job {
		return func(context.Context) (flow.Effect, error) { field.Value = "given"; return nil, nil }
	}}
	must(t, c.unasked(c.of(creates, step)))
	c.wantDid("app_id=given")
}

func TestWithoutInputALookThatFailsIsSaidBeforeAnythingIsMade(t *testing.T) {
	c := newCourse(t)
	err := c.unasked(c.of(flow.Step{ID: "upload", Work: c.job("begin", nil)}, flow.Step{ID: "key", Look: c.job("look", errBroken)}))
	if !errors.Is(err, errBroken) {
		t.Errorf("error is %v", err)
	}
	c.wantDid("look")
}

// A value that is only worked out on the way may still be missing.
func TestWithoutInputAValueThatIsNotProvidedAfterAllIsMissing(t *testing.T) {
	c := newCourse(t)
	step := asks("app_id", c.text("app_id"))
	step.Provided = func() bool { return true }
	if err := c.unasked(c.of(step)); !errors.Is(err, flow.ErrMissing) {
		t.Errorf("error is %v", err)
	}
	c.wantDid()
}

// What was asked only after the work has failed is asked, and the work is done again.
func TestAStepMayAskMoreOnceItsWorkHasFailed(t *testing.T) {
	for answer, ends := range map[string]error{"yes": nil, "no": errBroken} {
		c := newCourse(t)
		agreed, failed := false, false
		st := flow.Step{
			ID: "app_id",
			Fields: func() []flow.Field {
				fields := []flow.Field{c.text("app_id")}
				if failed {
					fields = append(fields, flow.Field{ID: "exposed", Options: flow.YesNo("exposed", "no", "yes"), Put: func(v string) { agreed = v == "yes" }})
				}
				return fields
			},
			Work: func() flow.Job {
				return func(context.Context) (flow.Effect, error) {
					c.did = append(c.did, "work")
					if agreed {
						return nil, nil
					}
					return func() { failed = true }, errBroken
				}
			},
		}
		if err := c.run(c.of(st), i18n.English, "1", answer); !errors.Is(err, ends) {
			t.Errorf("%s: error is %v", answer, err)
		}
		c.wantDid("app_id=1", "work", "work")
	}
}
