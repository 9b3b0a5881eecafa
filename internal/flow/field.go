package flow

import (
	"context"
	"slices"

	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
)

// A Field is one question: a choice where it has Options, else a line of text.
// Its question is the text "field.<ID>", its help "field.<ID>.help".
type Field struct {
	ID      string
	Flag    string // the flag that answers it, "" where there is none
	Options []Option
	Value   string        // an earlier answer or a proposal
	About   *i18n.Message // what the question is about: it stands before it
	Hint    *i18n.Message
	// Check tidies a raw answer. A notice is a doubt that may be passed over,
	// an error has to be fixed first.
	Check func(raw string) (value string, notice *fault.Fault, err error)
	Put   func(value string)
	// Fine says what is right about a value that passes Check; nil for nothing.
	Fine func(value string) i18n.Message
	// Unanswered is the fault where nobody can be asked, for a field that no
	// flag answers.
	Unanswered *fault.Fault
	// Optional says that an empty answer is allowed.
	Optional bool
	// Late says that an answer is checked when it is given, not as it is typed.
	Late bool
	// Load takes an answer in place of Check and Put where that reads files; nil
	// where it does not.
	Load func(raw string) Job
	// Origin says where Value came from; Ask fills it in.
	Origin Origin
}

// An Option is one choice of a field.
type Option struct {
	Value string
	Label i18n.Message
	About i18n.Message // who should choose it, or what it does
}

// YesNo are the options of a question with two answers, the first the default.
func YesNo(id string, first, second string) []Option {
	option := func(v string) Option {
		return Option{v, i18n.Msg("option." + v), i18n.Msg("field." + id + "." + v)}
	}
	return []Option{option(first), option(second)}
}

// Agree asks with those options whether what agreed points at is so. It proposes yes where it is.
func Agree(id string, agreed *bool, first, second string) Field {
	f := Field{ID: id, Options: YesNo(id, first, second), Put: func(value string) { *agreed = value == "yes" }}
	if *agreed {
		f.Value = "yes"
	}
	return f
}

// ErrMissing is the fault of a field that a flag could have answered.
var ErrMissing = fault.Usage("input.missing")

// Missing returns the fault of f where nobody can be asked, with the question
// in the reader's words.
func (f Field) Missing(question string) error {
	if f.Unanswered != nil {
		return f.Unanswered
	}
	return ErrMissing.With("flag", f.Flag, "field", question)
}

// Answer checks a raw answer and puts it into the plan. The errors are those of Verify.
func (f Field) Answer(r *Run, raw string) (notice *fault.Fault, err error) {
	value, notice, err := f.Verify(raw)
	if err != nil {
		return nil, err
	}
	f.Put(value)
	if f.Origin != FromFlag && (value != f.Value || f.Origin == "") {
		r.Note(FromPerson, f.ID)
	}
	return notice, nil
}

// AnswerNow is Answer for a caller that can wait for a Load. The errors are those of Answer and of
// the Load.
func (f Field) AnswerNow(ctx context.Context, r *Run, raw string) (notice *fault.Fault, err error) {
	if f.Load == nil {
		return f.Answer(r, raw)
	}
	return nil, f.Load(raw).Do(ctx)
}

// Source says where the proposed value of a line of text came from; nil where
// there is nothing to say.
func (f Field) Source() *i18n.Message {
	if f.Options != nil || f.Value == "" {
		return nil
	}
	switch f.Origin {
	case FromEnv, FromExample, FromDemo, FromDraft:
		return new(i18n.Msg("origin." + string(f.Origin)))
	}
	return nil
}

// Verify checks a raw answer and changes nothing. The errors are input.option for a value that
// is no option, and those of Check.
func (f Field) Verify(raw string) (value string, notice *fault.Fault, err error) {
	switch {
	case f.Options != nil && !slices.ContainsFunc(f.Options, func(o Option) bool { return o.Value == raw }):
		return "", nil, fault.Usage("input.option", "value", raw, "flag", f.Flag)
	case f.Options != nil, f.Check == nil:
		return raw, nil, nil
	}
	return f.Check(raw)
}

// At returns the index of the option that stands selected.
func (f Field) At() int {
	return max(0, slices.IndexFunc(f.Options, func(o Option) bool { return o.Value == f.Value }))
}
