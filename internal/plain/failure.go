package plain

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cozejwt/internal/diagnosis"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/steps"
	"cozejwt/internal/wrap"
)

// A way is one that a person can take after a failure. What is typed for it is "" for Enter.
type way struct {
	typed string
	take  func() (at int, err error) // the step at which the run goes on, or how it ends
}

// afterFailure shows why the step failed and, where a person is there to answer, offers what can
// be done: to quit ends the run with err, and so does the end of the input. A refused test that is optional does not stop
// the plan.
func (f *Prompter) afterFailure(ctx context.Context, r *flow.Run, at int, err error) (int, error) {
	outcome := r.Steps[at].Outcome
	optional := outcome == flow.TokenOptional
	if outcome == flow.TokenNone || ctx.Err() != nil || f.NoInput && !optional {
		return at, err
	}
	d := r.Diagnose(err)
	f.refused, f.doubtful = f.doubtful, nil
	f.Diagnosis(d)
	r.Fail(at, d)()
	if optional {
		f.tell("", f.Lang.Say(steps.AboutRefused(d)))
	}
	if f.NoInput {
		return r.Next(at), nil
	}
	ways := f.offer(ctx, r, at, d, err)
	for {
		line, lineErr := f.Line(ctx)
		typed := strings.TrimSpace(strings.ToLower(line))
		if isBack(line) {
			typed = ""
		}
		if lineErr == nil && means(line, i18n.Msg("plain.help_words")) {
			f.help()
			f.say("> ")
			continue
		}
		if lineErr != nil || means(line, i18n.Msg("plain.quit_words")) {
			return at, err
		}
		if chosen := slices.IndexFunc(ways, func(w way) bool { return w.typed == typed }); chosen >= 0 {
			return ways[chosen].take()
		}
		f.tell("! ", f.Lang.Text("fault.input.option", "value", line))
		f.say("> ")
	}
}

// offer says what can be typed after a failure, and returns it.
func (f *Prompter) offer(ctx context.Context, r *flow.Run, at int, d diagnosis.Diagnosis, err error) (ways []way) {
	say := func(text string) { f.say("\n%s\n> ", text) }
	to := func(step int) func() (int, error) {
		return func() (int, error) { r.Reopen(r.Steps[step]); return step, nil }
	}
	retry := func() (int, error) { return at, nil }
	if d.FixAt() == diagnosis.AtPage {
		retry = f.afterConsole(r, at)
	}
	ways = []way{{"r", retry}}
	target := r.StepToFix(d.FixAt())
	switch {
	case r.Steps[at].Outcome == flow.TokenOptional:
		say(f.Lang.Text("plain.anyway"))
		target = r.Next(at)
		ways = append(ways, way{"", func() (int, error) { return target, nil }})
	case target < 0:
		say(f.Lang.Text("plain.retry"))
		target = at
		ways = append(ways, way{"", retry})
		if r.SkipTest != nil {
			f.say("%s\n> ", f.Lang.Text("plain.untested"))
			ways = append(ways, way{"s", func() (int, error) { r.SkipTest(); return r.Next(at), nil }})
		}
	default:
		say(f.Lang.Text("plain.after_refusal", "step", f.Lang.Text("step."+r.Steps[target].ID)))
		ways = append(ways, way{"", to(target)})
	}
	for _, s := range r.SearchesFor(d) {
		f.say("%s\n> ", f.Lang.Say(s.Offer()))
		ways = append(ways, way{s.Key, func() (int, error) {
			if step, ok := f.search(ctx, s, target); ok {
				return to(step)()
			}
			return at, err
		}})
	}
	if r.CanUndo() {
		f.say("%s\n> ", f.Lang.Text("plain.restore"))
		ways = append(ways, way{"k", func() (int, error) { r.Undo.Keep(); return at, err }})
	}
	return ways
}

// afterConsole says where the console is, and returns the way back to the test once something was
// changed there.
func (f *Prompter) afterConsole(r *flow.Run, at int) func() (int, error) {
	if url := r.Page(); url != "" {
		f.say("%s\n", f.Lang.Text("plain.console", "url", url))
	}
	return func() (int, error) {
		if x, ok := flow.Shown[steps.Exchange](r.Steps[at]); ok && x.Changed != nil {
			x.Changed()
		}
		return at, nil
	}
}

// Diagnosis prints what was refused, why, and what to do.
func (f *Prompter) Diagnosis(d diagnosis.Diagnosis) {
	text := strings.TrimSuffix(Diagnosis(d, f.Lang), "\n")
	if f.Width > 0 {
		text = wrap.Text(text, f.Width)
	}
	f.say("%s\n", text)
}

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
