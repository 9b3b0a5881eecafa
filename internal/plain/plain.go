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
	"slices"
	"strconv"
	"strings"

	"cozejwt/internal/diagnosis"
	"cozejwt/internal/fault"
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

	lines chan string // what In holds, a line each, closed at its end
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

// errBack says that the person wants to return to the step before.
var errBack = errors.New("back")

// isBack reports whether a line is the word for that, in any of the languages. No
// value that is asked for looks like it.
func isBack(line string) bool { return means(line, i18n.Msg("plain.back_words")) }

// means reports whether a line is one of the words of a text, in any of the
// languages: people type the word they are used to.
func means(line string, words i18n.Message) bool {
	word := strings.ToLower(strings.TrimSpace(line))
	return slices.ContainsFunc(i18n.Languages, func(l i18n.Language) bool {
		return slices.Contains(strings.Fields(l.Say(words)), word)
	})
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

// show prints the step: its title, what it says, and what it shows.
func (f *Prompter) show(s *setup.Session, at int) {
	st := s.Plan.Steps[at]
	_, reviews := setup.Shown[setup.Review](st, s)
	if f.NoInput && !reviews && at < len(s.Plan.Steps)-1 {
		return // there is no one to instruct
	}
	n, of := s.Number(at)
	f.say("\n%s\n", f.Lang.Text("ui.step", "n", strconv.Itoa(n), "m", strconv.Itoa(of), "title", f.Lang.Text("step."+st.ID)))
	var summary []string
	if f.Summarized && at == len(s.Plan.Steps)-1 {
		for _, m := range s.Summary() {
			summary = append(summary, f.Lang.Say(m))
		}
	}
	for _, m := range st.Says(s) {
		if text := f.Lang.Say(m); !slices.Contains(summary, text) {
			f.say("%s\n", text)
		}
	}
	for _, x := range st.Exhibits(s) {
		f.exhibit(x)
	}
}

func (f *Prompter) exhibit(x setup.Exhibit) {
	switch x := x.(type) {
	case setup.Link:
		f.say("%s\n", x.URL)
	case setup.Todo:
		for i, m := range x {
			f.say("%d. %s\n", i+1, f.Lang.Say(m))
		}
	case setup.AppChoice:
		f.say("%s\n", f.Lang.Text("app.existing.plain"))
	case setup.PublicKey:
		if x.ByHand {
			f.say("\n%s\n", x.PEM)
		}
	case setup.Review:
		f.review(x)
	case setup.Checklist:
		f.checklist(x)
	}
}

func (f *Prompter) review(r setup.Review) {
	for _, c := range r.Changes {
		f.say("\n%s %s\n%s", f.Lang.Text("action."+string(c.Action)), c.Path, c.Diff)
	}
	for _, w := range r.Warnings {
		f.say("\n! %s\n", w.Message(f.Lang))
	}
}

func (f *Prompter) checklist(items setup.Checklist) {
	for _, item := range items {
		mark := "[ ]"
		if item.Earned {
			mark = "[x]"
		}
		f.say("%s %s%s\n", mark, f.Lang.Say(item.Text), f.Lang.Text("cause.evidence", "evidence", f.Lang.Say(item.Evidence)))
	}
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

// swallowKey reads the rest of a key that was pasted, so that none of its lines
// is taken for an answer.
func (f *Prompter) swallowKey(ctx context.Context) {
	for {
		line, err := f.line(ctx)
		if err != nil || strings.Contains(line, "-----END") {
			return
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

func (f *Prompter) notice(notice *fault.Fault) {
	if notice != nil {
		f.say("! %s\n", notice.Message(f.Lang))
	}
}

// read prompts for one line. An empty one means the proposal.
func (f *Prompter) read(ctx context.Context, field setup.Field) (string, error) {
	proposed := field.Value
	if field.Options != nil {
		proposed = strconv.Itoa(field.At() + 1)
	}
	if proposed != "" {
		f.say("[%s] ", proposed)
	}
	f.say("> ")
	line, err := f.line(ctx)
	if errors.Is(err, io.ErrUnexpectedEOF) && (field.Optional || field.Flag == "" && field.Unanswered == nil) {
		line, err = "", nil // no flag could say it, and there is a proposal
	}
	if err != nil {
		return "", errors.Join(field.Missing(f.Lang.Text("field."+field.ID)), err)
	}
	if strings.TrimSpace(line) == "" {
		line = proposed
	}
	if n, err := strconv.Atoi(strings.TrimSpace(line)); err == nil && n >= 1 && n <= len(field.Options) {
		return field.Options[n-1].Value, nil
	}
	if field.Options != nil {
		return strings.TrimSpace(line), nil
	}
	return line, nil
}

// line returns the next line of In. The reading goroutine outlives an
// interrupt, because a read from a terminal cannot be called back.
func (f *Prompter) line(ctx context.Context) (string, error) {
	if f.lines == nil {
		f.lines = make(chan string)
		go func() {
			defer close(f.lines)
			r := bufio.NewReader(f.In)
			for {
				line, err := r.ReadString('\n')
				if line != "" {
					f.lines <- strings.TrimRight(line, "\r\n")
				}
				if err != nil {
					return
				}
			}
		}()
	}
	select {
	case line, ok := <-f.lines:
		if !ok {
			return "", io.ErrUnexpectedEOF
		}
		return line, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

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
	line, lineErr := f.line(ctx)
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

// IsYes reports whether a line that was typed agrees, in any of the languages.
func IsYes(line string) bool { return means(line, i18n.Msg("plain.yes_words")) }

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

func (f *Prompter) say(format string, args ...any) { fmt.Fprintf(f.Out, format, args...) }
