package plain_test

import (
	"context"
	"strings"
	"testing"

	"cozejwt/internal/coze"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/plain"
	"cozejwt/internal/steps"
)

// sits walks a plan with a person who types these lines.
func (c *course) sits(r *flow.Run, lines ...string) error {
	c.said.Reset()
	f := &plain.Prompter{In: strings.NewReader(strings.Join(lines, "\n") + "\n"), Out: c.said, Lang: i18n.English, Present: true}
	return f.Run(context.Background(), r)
}

// The words for yes and no of each language are understood where a question has these answers.
func TestYesAndNoAreUnderstoodInEachLanguage(t *testing.T) {
	for word, want := range map[string]string{"是": "yes", "y": "yes", " YES ": "yes", "好": "yes", "否": "no", "不": "no", "n": "no", "No": "no", "1": "no", "2": "yes", "": "no"} {
		c := newCourse(t)
		field := c.text("delete")
		field.Options, field.Value = flow.YesNo("delete", "no", "yes"), "no"
		must(t, c.sits(c.of(asks(steps.OldKeys, field)), word))
		c.wantDid("delete=" + want)
	}
	c := newCourse(t)
	must(t, c.sits(c.of(asks("region", c.choice())), "是", "no", "1"))
	c.wantDid("region=cn")
	c = newCourse(t)
	must(t, c.sits(c.of(asks("app_id", c.text("app_id"))), "no")) // a line of text is as it was typed
	c.wantDid("app_id=no")
}

// A question mark explains the step, wherever something is typed, and answers nothing.
func TestAQuestionMarkExplainsTheStep(t *testing.T) {
	for _, mark := range []string{"?", "？", " ? "} {
		c := newCourse(t)
		must(t, c.sits(c.of(asks(steps.AppID, c.text("app_id"))), mark, "1"))
		c.heard(i18n.English.Text("help.step.app_id"))
		c.wantDid("app_id=1")

		c = newCourse(t)
		must(t, c.sits(c.of(c.fails(flow.TokenOptional, 1, errPassing)), mark, ""))
		c.heard(i18n.English.Text("help.step.test"))
		c.wantDid("test")
	}
	c := newCourse(t)
	f := &plain.Prompter{In: strings.NewReader("?\n1\n"), Out: c.said, Lang: i18n.English, Present: true}
	if answer, err := f.Choose(context.Background(), c.of(), c.choice()); answer != "cn" || err != nil {
		t.Errorf("the answer is %q, %v", answer, err)
	}
	c.heard(i18n.English.Text("plain.no_help"))
}

// What was doubted is proposed until something else is typed; a no takes it back.
func TestADoubtedValueDoesNotStayTheProposal(t *testing.T) {
	for name, test := range map[string]struct {
		lines []string
		want  string
	}{
		"taken":                  {[]string{"odd", ""}, "key_id=odd"},
		"taken with a yes":       {[]string{"odd", "是"}, "key_id=odd"},
		"a no":                   {[]string{"odd", "否", ""}, "key_id=before"},
		"a mistake after it":     {[]string{"odd", "bad", ""}, "key_id=before"},
		"the same one once more": {[]string{"odd", "odd"}, "key_id=odd"},
		"another one":            {[]string{"odd", "good"}, "key_id=good"},
	} {
		c := newCourse(t)
		field := c.text("key_id")
		field.Check, field.Value = doubtful, "before"
		if err := c.sits(c.of(asks("key_id", field)), test.lines...); err != nil {
			t.Errorf("%s: %v\n%s", name, err, c.said)
		}
		c.wantDid(test.want)
	}
}

// A value that was doubted, given all the same, and then refused is no proposal of the next question.
func TestADoubtedValueThatWasRefusedIsNotProposed(t *testing.T) {
	for typed, proposed := range map[string]bool{"odd": false, "good": true} {
		c := newCourse(t)
		value := ""
		step := flow.Step{ID: steps.Region, Fixes: []diagnosis.FixAt{diagnosis.AtRegion}, Fields: func() []flow.Field {
			return []flow.Field{{ID: "region", Flag: "--region", Value: value, Check: doubtful, Put: func(v string) { value = v; c.did = append(c.did, v) }}}
		}}
		c.region = coze.Custom
		lines := []string{typed, "", "", "other"}
		if proposed {
			lines = []string{typed, "", "other"}
		}
		must(t, c.sits(c.of(step, c.fails(flow.TokenRequired, 1, errElsewhere)), lines...))
		said := c.said.String()
		again := said[strings.LastIndex(said, i18n.English.Text("field.region")):]
		if got := strings.Contains(again, "["+typed+"] > "); got != proposed {
			t.Errorf("%s is proposed after its refusal: %v\n%s", typed, got, c.said)
		}
	}
}

// What a question is about stands before it.
func TestAQuestionNamesItsSubjectFirst(t *testing.T) {
	c := newCourse(t)
	about := i18n.Msg("old.pem: Coze no longer accepts it.")
	field := c.text("delete")
	field.Options, field.About = flow.YesNo("delete", "no", "yes"), &about
	must(t, c.sits(c.of(asks(steps.OldKeys, field)), "1"))
	c.heard("\nold.pem: Coze no longer accepts it.\n" + i18n.English.Text("field.delete") + "\n")
}
