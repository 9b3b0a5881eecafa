package setup

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
	Value   string // what stands there now: an earlier answer or a proposal
	Hint    *i18n.Message
	// Check tidies a raw answer. A notice is a doubt that may be passed over,
	// an error has to be fixed first.
	Check func(raw string) (value string, notice *fault.Fault, err error)
	Put   func(s *Session, value string)
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

// An Option is one choice of a field.
type Option struct {
	Value string
	Label i18n.Message
	About i18n.Message // who should choose it, or what it does
}

// Ask returns the step's fields as they are now.
func (st Step) Ask(s *Session) []Field {
	if st.Fields == nil {
		return nil
	}
	fields := st.Fields(s)
	for i := range fields {
		fields[i].Origin = s.Origin(fields[i].ID)
	}
	return fields
}

// Unanswered returns the fields that no flag has answered.
func (st Step) Unanswered(s *Session) []Field {
	return slices.DeleteFunc(st.Ask(s), func(f Field) bool { return f.Origin == FromFlag })
}

// Answered reports whether flags have answered all that the step asks, so that
// it has nothing to say to a person.
func (st Step) Answered(s *Session) bool {
	return len(st.Exhibits(s)) == 0 && len(st.Ask(s)) > 0 && len(st.Unanswered(s)) == 0
}

// Says returns what the step tells the person first.
func (st Step) Says(s *Session) []i18n.Message {
	if st.Intro == nil {
		return nil
	}
	return st.Intro(s)
}

// Answer checks a raw answer and puts it into the session.
func (f Field) Answer(s *Session, raw string) (notice *fault.Fault, err error) {
	value, notice, err := f.Verify(raw)
	if err != nil {
		return nil, err
	}
	f.Put(s, value)
	if f.Origin != FromFlag && (value != f.Value || f.Origin == "") {
		s.note(FromPerson, f.ID)
	}
	return notice, nil
}

// AnswerNow is Answer for who can wait for a Load.
func (f Field) AnswerNow(ctx context.Context, s *Session, raw string) (notice *fault.Fault, err error) {
	if f.Load == nil {
		return f.Answer(s, raw)
	}
	return nil, f.Load(raw).Do(ctx, s)
}

// Source says where the proposed value of a line of text came from; nil where
// there is nothing to say.
func (f Field) Source() *i18n.Message {
	if f.Options != nil || f.Value == "" {
		return nil
	}
	var m i18n.Message
	switch f.Origin {
	case FromEnv:
		m = i18n.Msg("origin.env")
	case FromExample:
		m = i18n.Msg("origin.example")
	case FromDraft:
		m = i18n.Msg("origin.draft")
	default:
		return nil
	}
	return &m
}

// Verify checks a raw answer and changes nothing.
func (f Field) Verify(raw string) (value string, notice *fault.Fault, err error) {
	if f.Options != nil {
		for _, o := range f.Options {
			if o.Value == raw {
				return raw, nil, nil
			}
		}
		return "", nil, fault.Usage("input.option", "value", raw, "flag", f.Flag)
	}
	if f.Check == nil {
		return raw, nil, nil
	}
	return f.Check(raw)
}

// At returns the index of the option that stands selected.
func (f Field) At() int {
	for i, o := range f.Options {
		if o.Value == f.Value {
			return i
		}
	}
	return 0
}

// yesNo are the options of a question with two answers, the first the default.
func yesNo(id string, first, second string) []Option {
	option := func(v string) Option {
		return Option{v, i18n.Msg("option." + v), i18n.Msg("field." + id + "." + v)}
	}
	return []Option{option(first), option(second)}
}
