package plain

import (
	"context"
	"fmt"
	"strings"

	"cozejwt/internal/diagnosis"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
)

// afterFailure shows why the step failed and, where a person is there to answer,
// offers to go back to the step that fixes it. A refused test that is optional does
// not stop the plan.
func (f *Prompter) afterFailure(ctx context.Context, r *flow.Run, at int, err error) (int, error) {
	outcome := r.Steps[at].Outcome
	optional := outcome == flow.TokenOptional
	if outcome == flow.TokenNone || ctx.Err() != nil || f.NoInput && !optional {
		return at, err
	}
	d := r.Diagnose(err)
	f.Diagnosis(d)
	r.Fail(at, d)()
	if optional {
		f.say("%s\n", f.Lang.Text("current.refused"))
	}
	if f.NoInput {
		return r.Next(at), nil
	}
	target := f.offerAfterFailure(r, at, d)
	line, lineErr := f.Line(ctx)
	if lineErr != nil {
		return at, err
	}
	switch answer := strings.TrimSpace(strings.ToLower(line)); {
	case answer == "" && optional:
		return target, nil
	case answer == "":
		r.Reopen(r.Steps[target])
		return target, nil
	case answer == "r":
		return at, nil
	case answer == "s" && r.SkipTest != nil:
		r.SkipTest()
		return r.Next(at), nil
	case answer == "k" && r.Undo != nil:
		r.Undo.Keep()
	}
	return at, err
}

// offerAfterFailure says what can be typed, and returns the step that Enter leads to.
func (f *Prompter) offerAfterFailure(r *flow.Run, at int, d diagnosis.Diagnosis) (target int) {
	target = r.StepToFix(d.FixAt())
	switch {
	case r.Steps[at].Outcome == flow.TokenOptional:
		target = r.Next(at)
		f.say("\n%s\n> ", f.Lang.Text("plain.anyway"))
	case target < 0:
		target = at
		f.say("\n%s\n> ", f.Lang.Text("plain.retry"))
		if r.SkipTest != nil {
			f.say("%s\n> ", f.Lang.Text("plain.untested"))
		}
	default:
		f.say("\n%s\n> ", f.Lang.Text("plain.after_refusal", "step", f.Lang.Text("step."+r.Steps[target].ID)))
	}
	if r.CanUndo() {
		f.say("%s\n> ", f.Lang.Text("plain.restore"))
	}
	return target
}

// Diagnosis prints what was refused, why, and what to do.
func (f *Prompter) Diagnosis(d diagnosis.Diagnosis) { fmt.Fprint(f.Out, Diagnosis(d, f.Lang)) }

// Diagnosis is what was refused, why, and what to do, a line each.
func Diagnosis(d diagnosis.Diagnosis, l i18n.Speaker) string {
	return d.Message(l) + "\n" + Causes(d, l)
}

// Causes is why something was refused and what to do, a line each.
func Causes(d diagnosis.Diagnosis, l i18n.Speaker) string {
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
