package plain_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/plain"
)

// unfinished is a session whose steps were left at the second question.
func (c *course) unfinished() *flow.Run {
	c.t.Helper()
	again := func() *flow.Run {
		return c.of(asks("region", c.text("region")), asks("app_id", c.text("app_id")), flow.Step{ID: "key"})
	}
	if err := c.run(again(), i18n.English, "cn"); !errors.Is(err, flow.ErrMissing) {
		c.t.Fatalf("error is %v\n%s", err, c.said)
	}
	c.did = nil
	return again()
}

func TestAnUnfinishedRunGoesOnWhereItStopped(t *testing.T) {
	for name, lines := range map[string][]string{"yes": {"yes", "1"}, "Enter": {"", "1"}} {
		c := newCourse(t)
		must(t, c.run(c.unfinished(), i18n.English, lines...))
		if c.heard(i18n.English.Text("field.resume")); len(c.did) != 1 || c.did[0] != "app_id=1" {
			t.Errorf("%s: it did %q", name, c.did)
		}
	}
}

func TestAnUnfinishedRunIsBegunAgainOnDemand(t *testing.T) {
	c := newCourse(t)
	must(t, c.run(c.unfinished(), i18n.English, "no", "com", "1"))
	c.wantDid("region=com", "app_id=1")
}

func TestARunThatIsToBeResumedIsNotAskedAbout(t *testing.T) {
	c := newCourse(t)
	s := c.unfinished()
	s.Resumes = true
	must(t, c.run(s, i18n.English, "1"))
	c.wantDid("app_id=1")
	c.notHeard(i18n.English.Text("field.resume"))
}

func TestAnInterruptAtTheQuestionToResumeEndsTheRun(t *testing.T) {
	c := newCourse(t)
	s := c.unfinished()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	hung, _ := newPipe(t)
	c.said.Reset()
	f := &plain.Prompter{In: hung, Out: c.said, Lang: i18n.English}
	if err := f.Run(ctx, s); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
	c.notHeard(i18n.English.Text("plain.back"))
}

func TestWithoutInputAnUnfinishedRunIsNotResumed(t *testing.T) {
	c := newCourse(t)
	c.unfinished()
	region, app := c.text("region"), c.text("app_id")
	region.Value, app.Value = "com", "1"
	must(t, c.unasked(c.of(asks("region", region), asks("app_id", app), flow.Step{ID: "key"})))
	c.wantDid("region=com", "app_id=1")
	c.notHeard(i18n.English.Text("field.resume"), i18n.English.Text("plain.back"))
}

func TestARunThatEndsLeavesNothingToResume(t *testing.T) {
	c := newCourse(t)
	s := c.unfinished()
	if s.FindDraft() == nil {
		t.Fatal("the run that was left cannot be resumed")
	}
	value := c.text("app_id")
	value.Value = "1"
	must(t, c.unasked(c.of(asks("app_id", value), flow.Step{ID: "key"})))
	if s.FindDraft() != nil {
		t.Error("it can be resumed though it has ended")
	}
}

func TestWithoutInputARunThatFailsLeavesNothingToResume(t *testing.T) {
	c := newCourse(t)
	value := c.text("region")
	value.Value = "cn"
	s := c.of(asks("region", value), flow.Step{ID: "app_id", Work: c.job("work", errBroken)}, flow.Step{ID: "key"})
	if err := c.unasked(s); !errors.Is(err, errBroken) {
		t.Errorf("error is %v", err)
	}
	if d := s.FindDraft(); d != nil {
		t.Errorf("it can be resumed at %s", d.Step)
	}
}

func TestALineThatNobodyWaitedForIsTheNextOne(t *testing.T) {
	r, w := newPipe(t)
	f := &plain.Prompter{In: r, Out: &strings.Builder{}, Lang: i18n.English}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if line, err := f.Line(ctx); !errors.Is(err, context.Canceled) {
		t.Fatalf("the line is %q, %v", line, err)
	}
	_, err := w.WriteString("first\r\nsecond")
	must(t, err)
	must(t, w.Close())
	for _, want := range []string{"first", "second"} {
		if line, err := f.Line(context.Background()); line != want || err != nil {
			t.Errorf("the line is %q, %v; want %q", line, err, want)
		}
	}
	if line, err := f.Line(context.Background()); err == nil {
		t.Errorf("after the end, the line is %q", line)
	}
}
