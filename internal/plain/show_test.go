package plain_test

import (
	"context"
	"strings"
	"testing"

	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/plain"
	"cozejwt/internal/review"
	"cozejwt/internal/steps"
)

// says is a step with these words and exhibits.
func says(id string, intro []i18n.Message, exhibits ...flow.Exhibit) flow.Step {
	return flow.Step{
		ID:    id,
		Intro: func() []i18n.Message { return intro },
		Shows: func() []flow.Exhibit { return exhibits },
	}
}

// msg is a message whose text is its id.
func msg(ids ...string) []i18n.Message {
	var all []i18n.Message
	for _, id := range ids {
		all = append(all, i18n.Msg(id))
	}
	return all
}

func TestAStepSaysItsNumberItsTitleAndItsWords(t *testing.T) {
	c := newCourse(t)
	must(t, c.run(c.of(says("upload", msg("first words", "second words")), says("review", msg("third words"))), i18n.English))
	title := i18n.English.Text("step.upload")
	c.heard("\nStep 1/3  "+title+"\nfirst words\nsecond words\n", "\nStep 2/3  Review\nthird words\n", "\nStep 3/3  Done\n")
}

func TestEachExhibitIsShownAsText(t *testing.T) {
	change := review.Change{Path: ".env", Action: review.Created, Diff: "+A=1\n"}
	warning := fault.Usage("key.two_sources")
	for name, test := range map[string]struct {
		exhibit flow.Exhibit
		want    string // "" for nothing
	}{
		"link":               {flow.Link{URL: "https://example.com/apps"}, "https://example.com/apps\n"},
		"todo":               {flow.Todo(msg("open", "press")), "1. open\n2. press\n"},
		"app":                {flow.Choice{}, i18n.English.Text("app.existing.plain") + "\n"},
		"key by hand":        {steps.PublicKey{PEM: "PEM", ByHand: true}, "\nPEM\n"},
		"key by the sandbox": {steps.PublicKey{PEM: "PEM"}, ""},
		"review":             {&review.Review{Changes: []review.Change{change}}, "\ncreate .env\n+A=1\n"},
		"warning":            {&review.Review{Warnings: []*fault.Fault{warning}}, "\n! " + warning.Error() + "\n"},
		"checklist": {flow.Checklist{
			{Text: i18n.Msg("one"), Earned: true, Evidence: i18n.Msg("seen")},
			{Text: i18n.Msg("two"), Evidence: i18n.Msg("unseen")},
		}, "✓ one (seen)\n· two (unseen)\n"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCourse(t)
			must(t, c.run(c.of(says("upload", msg("words"), test.exhibit)), i18n.English))
			c.heard("words\n" + test.want + "\nStep 2/2")
		})
	}
}

func TestWithoutInputOnlyTheReviewAndTheEndAreShown(t *testing.T) {
	c := newCourse(t)
	s := c.of(says("upload", msg("to do by hand")), says("review", msg("to be written"), &review.Review{}))
	s.Steps[2] = says(steps.Done, msg("it is done"))
	must(t, c.unasked(s))
	c.heard("to be written", "it is done")
	c.notHeard("to do by hand", i18n.English.Text("plain.back"))
}

func TestTheLastStepLeavesOutWhatTheSummarySays(t *testing.T) {
	for _, summarized := range []bool{false, true} {
		c := newCourse(t)
		s := c.of(says("upload", msg("the token is good")))
		s.Steps[1] = says(steps.Done, msg("the token is good", "commit the change"))
		s.Summary = func() []i18n.Message { return msg("the token is good") }
		f := &plain.Prompter{In: strings.NewReader(""), Out: c.said, Lang: i18n.English, Summarized: summarized}
		must(t, f.Run(context.Background(), s))
		c.heard(i18n.English.Text("step.upload")+"\nthe token is good\n", "commit the change")
		if _, last, _ := strings.Cut(c.said.String(), "Done\n"); strings.Contains(last, "the token is good") == summarized {
			t.Errorf("summarized: %v\n%s", summarized, c.said)
		}
	}
}
