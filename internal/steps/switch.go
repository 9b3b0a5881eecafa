package steps

import (
	"context"
	"errors"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/exchange"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/review"
)

// A Switch changes the .env that services read, once the token test has shown that what it
// will name works. Each file is replaced in one instant; then the files are read again and
// tested, and where that fails they are put back.
type Switch struct {
	Undone bool   // what was written was taken back, because its test failed
	Record string // the file that was kept of the switch, "" for none

	base    *Base
	before  *credentials.Set // that the .env named; nil for none
	others  func() []string  // the other files that are switched
	prepare func() flow.Job
	record  func() func() (file string, err error)
}

// NewSwitch is the switch of a plan. Before is what the .env named, others are the files that
// are switched with it, prepare works out the review, and record returns what keeps a record
// before anything is written; it may be nil.
func NewSwitch(b *Base, before *credentials.Set, others func() []string, prepare func() flow.Job, record func() func() (string, error)) Switch {
	return Switch{base: b, before: before, others: others, prepare: prepare, record: record}
}

var (
	// ErrNotUndone is the fault of files that could not be put back.
	ErrNotUndone = fault.Invalid("switch.not_undone")
	// ErrChanged is the fault of a file that someone else has changed since it was switched, which
	// is not put back.
	ErrChanged = fault.Invalid("switch.changed")
)

// Undone shows a review whose change was taken back.
type Undone struct{}

// Step is the step that switches.
func (s *Switch) Step() flow.Step {
	b := s.base
	st := b.ReviewStep(func() []i18n.Message {
		about := b.AboutAudience()
		switch {
		case s.Undone:
			return []i18n.Message{i18n.Msg("switch.undone", "files", i18n.List(s.files()))}
		case b.Unchanged():
			return []i18n.Message{i18n.Msg("review.unchanged", "path", b.Display(b.EnvPath))}
		case b.Skipped:
			return append([]i18n.Message{i18n.Msg("switch.untested")}, about...)
		}
		return append([]i18n.Message{i18n.Msg("switch.brief", "host", coze.Audience(b.APIBase), "path", b.Display(b.EnvPath))}, about...)
	}, s.prepare, s.switchOver)
	shows := st.Shows
	st.Shows = func() []flow.Exhibit {
		if s.Undone {
			return append(shows(), Undone{})
		}
		return shows()
	}
	return st
}

// files are the names of the files that are switched.
func (s *Switch) files() []string {
	return s.base.DisplayAll(append([]string{s.base.EnvPath}, s.others()...))
}

// switchOver writes the files and tests each. The errors are ErrDeclined, ErrIncomplete,
// ErrNotUndone, ErrChanged, and those of writing and of the exchange.
func (s *Switch) switchOver() flow.Job {
	b := s.base
	project := b.Project
	project.Exchanger = b.Patient()
	w := switchWork{project, b.Review.Clone(), s.before, b.Skipped, func() (string, error) { return "", nil }}
	if s.record != nil {
		w.record = s.record()
	}
	refused := b.consented()
	b.AboutTo(b.Values())
	s.Undone, b.Token = false, nil
	return func(ctx context.Context) (flow.Effect, error) {
		if refused != nil {
			return nil, refused
		}
		return Locked(ctx, w.Project, func() (flow.Effect, error) { return s.do(ctx, w) })
	}
}

// A switchWork is what it takes to switch.
type switchWork struct {
	Project
	planned  *review.Review
	before   *credentials.Set
	untested bool
	record   func() (string, error)
}

// do writes the files and tests each, and puts them back where one fails.
func (s *Switch) do(ctx context.Context, w switchWork) (flow.Effect, error) {
	record, err := w.record()
	if err != nil {
		return nil, err
	}
	if err := w.planned.Apply(); err != nil {
		return nil, errors.Join(err, w.planned.Undo(w.before))
	}
	var last *exchange.Grant // nil: untested
	for _, edit := range w.planned.Tested(w.EnvPath) {
		if w.untested {
			break
		}
		grant, err := w.TestFile(ctx, edit.Path)
		if err == nil {
			last = &grant
			continue
		}
		if stuck := takeBack(w.planned, w.before, edit.Path); stuck != nil {
			return nil, unrecorded(stuck, record)
		}
		return func() { s.Undone = true }, err
	}
	return func() {
		s.Record = record
		s.base.applied(w.planned)
		if last != nil {
			s.base.granted(*last)
		}
	}, nil
}

// unrecorded advises another way back where no record is there to roll back to.
func unrecorded(stuck error, record string) error {
	if f, ok := errors.AsType[*fault.Fault](stuck); ok && record == "" && errors.Is(f, ErrNotUndone) {
		return f.Advise("switch.unrecorded")
	}
	return stuck
}

// takeBack puts back what was written, where the test of the file at tested has failed. The errors
// are ErrNotUndone, and ErrChanged for a file that stays as it is.
func takeBack(planned *review.Review, before *credentials.Set, tested string) error {
	changed := ""
	for _, e := range planned.Edits {
		if by, err := e.ChangedSince(); err == nil && by {
			changed = e.Path
		}
	}
	if err := planned.Undo(before); err != nil {
		return ErrNotUndone.With("path", tested).Because(err)
	}
	if changed != "" {
		return ErrChanged.With("path", changed)
	}
	return nil
}

// DiagnoseSwitch explains why a step of a plan that switches to a key from before has failed.
func (s *Switch) DiagnoseSwitch(err error) diagnosis.Diagnosis {
	f := s.base.Facts()
	f.KeyFromHere, f.KeyWorked = true, s.Undone && !s.base.Skipped
	return diagnosis.Diagnose(err, f)
}

// Lines say what was switched and the token that was issued.
func (s *Switch) Lines() []i18n.Message {
	lines := s.base.SetLines()
	for _, path := range s.base.DisplayAll(s.others()) {
		lines = append(lines, i18n.Msg("summary.also", "path", path))
	}
	if s.base.Token != nil {
		lines = append(lines, s.base.TokenLine())
	}
	if s.Record != "" {
		lines = append(lines, i18n.Msg("summary.record", "path", s.base.Display(s.Record)))
	}
	return lines
}
