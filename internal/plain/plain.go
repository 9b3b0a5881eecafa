// Package plain walks a plan with line prompts: no cursor movement, no colour,
// fit for screen readers, for pipes and for scripts. It holds no knowledge of
// the steps; what it asks and says comes from the plan.
package plain

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"cozejwt/internal/i18n"
	"cozejwt/internal/setup"
)

// A Prompter asks on Out and reads the answers from In. With NoInput it asks
// nothing: what is neither given nor proposed is an error that names the flag.
type Prompter struct {
	In      io.Reader
	Out     io.Writer
	Lang    i18n.Language
	NoInput bool
	// Summarized says that the session's summary is printed after the run, so that
	// the last step need not say the same.
	Summarized bool

	reader  *bufio.Reader // of In
	reading chan typed    // gets the line that is being read; nil: none is
}

// Run walks the session's plan to its end. It returns the error of the step
// that could not be done.
func (f *Prompter) Run(ctx context.Context, s *setup.Session) error {
	if f.NoInput {
		if err := f.checkAnswered(ctx, s); err != nil {
			return err
		}
	}
	at, err := f.begin(ctx, s)
	if !f.NoInput && err == nil {
		f.say("%s\n", f.Lang.Text("plain.back"))
	}
	for err == nil {
		if !f.NoInput {
			s.Arrive(at)()
		}
		if err = f.step(ctx, s, at); errors.Is(err, errBack) {
			at, err = before(s, at), nil
			continue
		}
		if err != nil {
			at, err = f.afterFailure(ctx, s, at, err)
			continue
		}
		if at == len(s.Plan.Steps)-1 {
			s.DropDraft()()
			return nil
		}
		at = s.Plan.Next(s, at)
	}
	return err
}

// before is the step to return to: the last one before at that asks something,
// for the others would pass by at once. It is the first one where none does.
func before(s *setup.Session, at int) int {
	for first := s.Plan.First(s); at > first; {
		at = s.Plan.Back(s, at)
		if len(s.Plan.Steps[at].Unanswered(s)) > 0 {
			break
		}
	}
	return at
}

// checkAnswered finds what is missing before anything is made. The sandbox
// provides its own ids.
func (f *Prompter) checkAnswered(ctx context.Context, s *setup.Session) error {
	for _, st := range s.Plan.Steps {
		if st.Provided != nil && st.Provided(s) || st.Skip != nil && st.Skip(s) {
			continue
		}
		if err := perform(ctx, s, st.Look); err != nil {
			return err
		}
		for _, field := range st.Ask(s) {
			if field.Value == "" && !field.Optional {
				return field.Missing(f.Lang.Text("field." + field.ID))
			}
		}
	}
	return nil
}

func (f *Prompter) begin(ctx context.Context, s *setup.Session) (at int, err error) {
	d := s.FindDraft()
	if d == nil || f.NoInput {
		return s.Plan.First(s), nil
	}
	if s.Resumes {
		return s.Resume(d), nil
	}
	field := setup.ResumeField(s, d)
	answer, err := f.Choose(ctx, s, field)
	if err != nil || answer != "yes" {
		return s.Plan.First(s), err
	}
	return s.Resume(d), nil
}

// Choose asks a question that belongs to no step and returns the answer.
func (f *Prompter) Choose(ctx context.Context, s *setup.Session, field setup.Field) (answer string, err error) {
	field.Put = func(_ *setup.Session, v string) { answer = v }
	for {
		if err := f.ask(ctx, s, field); !errors.Is(err, errBack) { // there is nothing before it
			return answer, err
		}
	}
}

func (f *Prompter) step(ctx context.Context, s *setup.Session, at int) error {
	st := s.Plan.Steps[at]
	for _, job := range []func(*setup.Session) setup.Job{st.Look, st.Prepare} {
		if err := perform(ctx, s, job); err != nil {
			return err
		}
	}
	f.show(s, at)
	for i := 0; i < len(st.Ask(s)); i++ {
		if err := f.ask(ctx, s, st.Ask(s)[i]); err != nil {
			return err
		}
	}
	err := perform(ctx, s, st.Work)
	if err == nil && st.Outcome == setup.TokenOptional && !f.NoInput {
		f.say("%s\n", f.Lang.Say(s.TokenLine()))
	}
	return err
}

// perform does one of a step's jobs, where it has that.
func perform(ctx context.Context, s *setup.Session, job func(*setup.Session) setup.Job) error {
	if job == nil {
		return nil
	}
	return job(s).Do(ctx, s)
}

// ask gets one field answered: by its flag, by the person, or, without
// input, by what is proposed.
func (f *Prompter) ask(ctx context.Context, s *setup.Session, field setup.Field) error {
	if s.Given(field.ID) || f.NoInput {
		return f.useDefault(ctx, s, field)
	}
	f.say("\n%s\n", f.Lang.Text("field."+field.ID))
	if field.Hint != nil {
		f.say("%s\n", f.Lang.Say(*field.Hint))
	}
	if from := field.Source(); from != nil {
		f.say("%s\n", f.Lang.Say(*from))
	}
	for i, o := range field.Options {
		f.say("  %d) %s\n     %s\n", i+1, f.Lang.Say(o.Label), f.Lang.Say(o.About))
	}
	for {
		raw, err := f.read(ctx, field)
		if err != nil {
			return err
		}
		if isBack(raw) {
			return errBack
		}
		notice, err := field.AnswerNow(ctx, s, raw)
		if err == nil {
			f.notice(notice)
			return nil
		}
		f.Explain(err)
		if strings.Contains(raw, "-----BEGIN") && !strings.Contains(raw, "-----END") {
			f.swallowKey(ctx)
		}
	}
}

// useDefault uses the answer that is there. A value from a flag that cannot be
// right is an error, a doubtful one a notice.
func (f *Prompter) useDefault(ctx context.Context, s *setup.Session, field setup.Field) error {
	if field.Value == "" && !field.Optional {
		return field.Missing(f.Lang.Text("field." + field.ID))
	}
	notice, err := field.AnswerNow(ctx, s, field.Value)
	f.notice(notice)
	return err
}

func (f *Prompter) say(format string, args ...any) { fmt.Fprintf(f.Out, format, args...) }
