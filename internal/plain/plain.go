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

	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/steps"
	"cozejwt/internal/wrap"

	"github.com/charmbracelet/x/ansi"
)

// A Prompter asks on Out and reads the answers from In. With NoInput it asks
// nothing: what is neither given nor proposed is an error that names the flag.
type Prompter struct {
	In      io.Reader
	Out     io.Writer
	Lang    i18n.Speaker
	NoInput bool
	// Present says that a person sits at In. Only they are asked what has a default and no flag: a
	// script has no line for it.
	Present bool
	// Summarized says that the session's summary is printed after the run, so that
	// the last step need not say the same.
	Summarized bool
	// Width is how many cells a line has room for; 0 leaves lines as they are.
	Width int

	reader  *bufio.Reader // of In
	reading chan typed    // gets the line that is being read; nil: none is
	told    bool          // how one returns to the step before

	at       string            // the id of the step that asks, "" for none
	doubtful map[string]string // the values of fields that the person gave in spite of a notice
	refused  map[string]string // those of them that were refused then: no proposal
}

// Run walks the session's plan to its end. It returns the error of the step
// that could not be done.
func (f *Prompter) Run(ctx context.Context, r *flow.Run) error {
	if f.NoInput {
		if err := f.checkAnswered(ctx, r); err != nil {
			return err
		}
	}
	at, err := f.begin(ctx, r)
	for err == nil {
		if !f.NoInput {
			r.Arrive(at)()
		}
		if err = f.step(ctx, r, at); errors.Is(err, errBack) {
			at, err = before(r, at), nil
			continue
		}
		if err != nil {
			at, err = f.afterFailure(ctx, r, at, err)
			continue
		}
		if at == len(r.Steps)-1 {
			r.DropDraft()()
			return nil
		}
		at = r.Next(at)
	}
	return err
}

// before is the step to return to: the last one before at that asks something,
// for the others would pass by at once. It is the first one where none does.
func before(r *flow.Run, at int) int {
	for first := r.First(); at > first; {
		at = r.Back(at)
		if len(r.Unanswered(r.Steps[at])) > 0 {
			break
		}
	}
	return at
}

// checkAnswered finds what is missing before anything is made. The sandbox
// provides its own ids.
func (f *Prompter) checkAnswered(ctx context.Context, r *flow.Run) error {
	var missing []flow.Field
	for _, st := range r.Steps {
		if st.Provided != nil && st.Provided() || st.Skips() {
			continue
		}
		if err := perform(ctx, st.Look); err != nil {
			return err
		}
		for _, field := range r.Ask(st) {
			if field.Value == "" && !field.Optional {
				missing = append(missing, field)
			}
		}
	}
	return f.missing(missing)
}

// missing is the fault of fields without a value. Those that flags can answer are named all at once.
func (f *Prompter) missing(fields []flow.Field) error {
	var flags []string
	for _, field := range fields {
		if field.Unanswered == nil && field.Flag != "" {
			flags = append(flags, field.Flag)
		}
	}
	switch {
	case len(fields) == 0:
		return nil
	case len(flags) < 2:
		return fields[0].Missing(f.Lang.Text("field." + fields[0].ID))
	}
	all := i18n.List(flags)
	return flow.ErrMissing.With("flag", all, "field", all)
}

func (f *Prompter) begin(ctx context.Context, r *flow.Run) (at int, err error) {
	d := r.FindDraft()
	if d == nil || f.NoInput {
		return r.First(), nil
	}
	if !r.Resumes {
		answer, err := f.Choose(ctx, r, r.ResumeField(d))
		if err != nil || answer != "yes" {
			return r.First(), err
		}
	}
	err = r.Resume(d, &at).Do(ctx)
	return at, err
}

// Choose asks a question that belongs to no step and returns the answer. The errors are those of
// the question: what Line returns, and the field's own where nobody can be asked.
func (f *Prompter) Choose(ctx context.Context, r *flow.Run, field flow.Field) (answer string, err error) {
	field.Put = func(v string) { answer = v }
	for {
		if err := f.ask(ctx, r, field); !errors.Is(err, errBack) { // there is nothing before it
			return answer, err
		}
	}
}

func (f *Prompter) step(ctx context.Context, r *flow.Run, at int) error {
	f.Lang = r.Speaker(f.Lang)
	st := r.Steps[at]
	f.at = st.ID
	for _, job := range []func() flow.Job{st.Look, st.Prepare} {
		if err := perform(ctx, job); err != nil {
			return err
		}
	}
	f.show(r, at)
	if t, ok := flow.Shown[flow.Ticks](st); ok && t.Asks && f.Present && !f.NoInput {
		if err := f.tick(ctx, t); err != nil {
			return err
		}
	}
	err := f.work(ctx, r, at)
	if err == nil && st.Outcome == flow.TokenOptional && !f.NoInput {
		if x, ok := flow.Shown[steps.Exchange](st); ok && x.Token != nil {
			f.tell("", f.Lang.Say(x.Line))
		}
	}
	return err
}

// work gets the fields of a step answered, and does its work. Where that adds a field, it may be done
// all the same, if the person says so.
func (f *Prompter) work(ctx context.Context, r *flow.Run, at int) error {
	st := r.Steps[at]
	for asked := 0; ; {
		for ; asked < len(r.Ask(st)); asked++ {
			f.tellBack(r, at)
			if err := f.ask(ctx, r, r.Ask(st)[asked]); err != nil {
				return err
			}
		}
		err := perform(ctx, st.Work)
		if err == nil || f.NoInput || asked == len(r.Ask(st)) {
			return err
		}
		f.Explain(err)
	}
}

// tellBack says, once, how one returns to a step that was asked before.
func (f *Prompter) tellBack(r *flow.Run, at int) {
	if f.NoInput || f.told || len(r.Unanswered(r.Steps[at])) == 0 || before(r, at) == at || len(r.Unanswered(r.Steps[before(r, at)])) == 0 {
		return
	}
	f.told = true
	f.tell("", f.Lang.Text("plain.back"))
}

// perform does one of a step's jobs, where it has that.
func perform(ctx context.Context, job func() flow.Job) error {
	if job == nil {
		return nil
	}
	return job().Do(ctx)
}

// ask gets one field answered: by its flag, by the person, or, without
// input, by what is proposed.
func (f *Prompter) ask(ctx context.Context, r *flow.Run, field flow.Field) error {
	if r.Given(field.ID) || f.NoInput {
		return f.useDefault(ctx, r, field)
	}
	f.pose(field)
	if field.Options == nil && field.Value != "" && field.Value == f.refused[field.ID] {
		field.Value = "" // Enter would send again what was refused
	}
	q := question{field: field, proposed: field.Value}
	for {
		raw, err := f.read(ctx, q.field)
		switch {
		case err != nil:
			return err
		case isBack(raw):
			return errBack
		case means(raw, i18n.Msg("plain.help_words")):
			f.help()
			continue
		}
		value, settled := f.settle(&q, raw)
		if !settled {
			continue
		}
		notice, err := q.field.AnswerNow(ctx, r, value)
		if err == nil {
			f.took(q, value, notice)
			return nil
		}
		f.Explain(err)
		if strings.Contains(value, "-----BEGIN") && !strings.Contains(value, "-----END") {
			f.swallowKey(ctx)
		}
	}
}

// pose writes a question: its subject, what is asked, a hint, where the proposal is from, the choices.
func (f *Prompter) pose(field flow.Field) {
	f.say("\n")
	if field.About != nil {
		f.tell("", f.said(*field.About))
	}
	f.tell("", f.Lang.Text("field."+field.ID))
	if field.Hint != nil {
		f.tell("", f.said(*field.Hint))
	}
	if from := field.Source(); from != nil {
		f.tell("", f.Lang.Say(*from))
	}
	f.options(field.Options)
}

// A question is a field that is asked. A value in doubt is its proposal until it is confirmed.
type question struct {
	field    flow.Field
	proposed string // before anything was in doubt
	doubted  bool
}

// settle is the value that an answer means, settled where the person has looked at it again or there
// is no doubt.
func (f *Prompter) settle(q *question, raw string) (value string, settled bool) {
	switch {
	case q.doubted && means(raw, i18n.Msg("plain.no_words")):
		q.field.Value, q.doubted = q.proposed, false
		return "", false
	case q.doubted && IsYes(raw):
		raw = q.field.Value
	}
	if f.doubts(&q.field, raw) {
		q.doubted = true
		return "", false
	}
	if q.doubted && raw != q.field.Value {
		q.field.Value, q.doubted = q.proposed, false // what was doubted is no proposal any more
	}
	return raw, true
}

// took notes an answer that was taken. One in doubt is remembered, in case Coze refuses it.
func (f *Prompter) took(q question, value string, notice *fault.Fault) {
	if !q.doubted {
		f.notice(notice)
		return
	}
	if f.doubtful == nil {
		f.doubtful = map[string]string{}
	}
	f.doubtful[q.field.ID] = value
}

// doubts reports whether a person should look at a value again: it then becomes the proposal, which
// Enter takes.
func (f *Prompter) doubts(field *flow.Field, raw string) bool {
	if !f.Present || field.Late || raw == field.Value {
		return false
	}
	value, notice, err := field.Verify(raw)
	if err != nil || notice == nil {
		return false
	}
	f.notice(notice)
	field.Value = value
	return true
}

// useDefault uses the answer that is there. A value from a flag that cannot be
// right is an error, a doubtful one a notice.
func (f *Prompter) useDefault(ctx context.Context, r *flow.Run, field flow.Field) error {
	if field.Value == "" && !field.Optional {
		return field.Missing(f.Lang.Text("field." + field.ID))
	}
	notice, err := field.AnswerNow(ctx, r, field.Value)
	f.notice(notice)
	return err
}

// options lists the choices of a question, each with its number.
func (f *Prompter) options(options []flow.Option) {
	for i, o := range options {
		f.tell(fmt.Sprintf("  %d) ", i+1), f.Lang.Say(o.Label))
		if about := f.Lang.Say(o.About); about != "" {
			f.tell("     ", about)
		}
	}
}

// said is what a message says where no key waits: a text of its own, where it has one.
func (f *Prompter) said(m i18n.Message) string {
	if id := m.ID + ".plain"; i18n.English.Has(id) {
		m.ID = id
	}
	return f.Lang.Say(m)
}

// tell prints a text behind a mark. Each of its lines stands under the first.
func (f *Prompter) tell(mark, text string) {
	for _, line := range strings.Split(text, "\n") {
		if f.Width > 0 {
			line = wrap.Hanging(mark, line, f.Width)
		} else {
			line = mark + line
		}
		f.say("%s\n", line)
		mark = strings.Repeat(" ", ansi.StringWidth(mark))
	}
}

func (f *Prompter) say(format string, args ...any) { fmt.Fprintf(f.Out, format, args...) }
