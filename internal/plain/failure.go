package plain

import (
	"context"
	"fmt"
	"strings"

	"cozejwt/internal/diagnosis"
	"cozejwt/internal/i18n"
	"cozejwt/internal/setup"
)

// afterFailure shows why the step failed and, where a person is there to answer,
// offers to go back to the step that fixes it. A refused test that is optional does
// not stop the plan.
func (f *Prompter) afterFailure(ctx context.Context, s *setup.Session, at int, err error) (int, error) {
	outcome := s.Plan.Steps[at].Outcome
	optional := outcome == setup.TokenOptional
	if outcome == setup.TokenNone || ctx.Err() != nil || f.NoInput && !optional {
		return at, err
	}
	d := s.Diagnose(err)
	f.Diagnosis(d)
	s.Fail(at, d)()
	if optional {
		f.say("%s\n", f.Lang.Text("current.refused"))
	}
	if f.NoInput {
		return s.Plan.Next(s, at), nil
	}
	target := f.offerAfterFailure(s, at, d)
	line, lineErr := f.Line(ctx)
	if lineErr != nil {
		return at, err
	}
	switch answer := strings.TrimSpace(strings.ToLower(line)); {
	case answer == "" && optional:
		return target, nil
	case answer == "":
		s.Reopen(s.Plan.Steps[target])
		return target, nil
	case answer == "r":
		return at, nil
	case answer == "s" && s.Plan.Anyway:
		s.Answers.SkipTest = true
		return s.Plan.Next(s, at), nil
	case answer == "k":
		s.Answers.KeepRefused = true
	}
	return at, err
}

// offerAfterFailure says what can be typed, and returns the step that Enter leads to.
func (f *Prompter) offerAfterFailure(s *setup.Session, at int, d diagnosis.Diagnosis) (target int) {
	target = s.Plan.Index(s.Plan.StepToFix(d.FixAt()))
	switch {
	case s.Plan.Steps[at].Outcome == setup.TokenOptional:
		target = s.Plan.Next(s, at)
		f.say("\n%s\n> ", f.Lang.Text("plain.anyway"))
	case target < 0:
		target = at
		f.say("\n%s\n> ", f.Lang.Text("plain.retry"))
		if s.Plan.Anyway {
			f.say("%s\n> ", f.Lang.Text("plain.untested"))
		}
	default:
		f.say("\n%s\n> ", f.Lang.Text("plain.after_refusal", "step", f.Lang.Text("step."+s.Plan.Steps[target].ID)))
	}
	if s.CanRestore() {
		f.say("%s\n> ", f.Lang.Text("plain.restore"))
	}
	return target
}

// Diagnosis prints what was refused, why, and what to do.
func (f *Prompter) Diagnosis(d diagnosis.Diagnosis) { fmt.Fprint(f.Out, Diagnosis(d, f.Lang)) }

// Diagnosis is what was refused, why, and what to do, a line each.
func Diagnosis(d diagnosis.Diagnosis, l i18n.Language) string {
	return d.Message(l) + "\n" + Causes(d, l)
}

// Causes is why something was refused and what to do, a line each.
func Causes(d diagnosis.Diagnosis, l i18n.Language) string {
	var b strings.Builder
	causes, fixes := d.Explain(l)
	for i, c := range causes {
		fmt.Fprintf(&b, "  %d. %s\n     → %s\n", i+1, c, fixes[i])
	}
	for _, fix := range fixes[len(causes):] {
		fmt.Fprintf(&b, "  → %s\n", fix)
	}
	if id := d.LogID(); id != "" {
		fmt.Fprintf(&b, "  logid: %s\n", id)
	}
	return b.String()
}

// Explain prints an error that a person can act on.
func (f *Prompter) Explain(err error) {
	f.Diagnosis(diagnosis.Diagnose(err, diagnosis.Facts{}))
}
