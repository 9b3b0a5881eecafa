package setup

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"cozejwt/envfile"
	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/internal/worktree"
	"cozejwt/keygen"
)

// reviewStep shows what will change and, once that is accepted, changes it.
var reviewStep = Step{
	ID: StepReview,
	Intro: func(s *Session) []i18n.Message {
		switch {
		case s.Seen.Written:
			return []i18n.Message{i18n.Msg("review.written")}
		case s.Seen.Review != nil && s.Seen.Review.unchanged():
			return []i18n.Message{i18n.Msg("review.unchanged", "path", s.Display(s.EnvPath))}
		}
		return []i18n.Message{i18n.Msg("review.brief")}
	},
	Shows:   showReview,
	Prepare: planReview,
	Fields: func(s *Session) []Field {
		f := Field{ID: "write", Flag: "--yes", Options: yesNo("write", "yes", "no"), Unanswered: ErrUnconfirmed}
		if s.Answers.Write {
			f.Value = "yes"
		}
		f.Put = func(s *Session, value string) { s.Answers.Write = value == "yes" }
		return []Field{f}
	},
	Work: applyReview,
}

// planReview works out what will change. It runs git and reads files, so it works
// on a copy of the session.
func planReview(s *Session) Job {
	s.Seen.Review = nil
	snapshot := *s
	return func(context.Context) (Effect, error) {
		if snapshot.Plan.restores {
			snapshot.keepPrevious()
		}
		review, err := NewReview(&snapshot)
		return func(s *Session) { s.Seen.Review, s.backupPath = review, snapshot.backupPath }, err
	}
}

// A Review is exactly what will change, file by file.
type Review struct {
	Changes  []Change
	Warnings []*fault.Fault

	edits  []envEdit
	ignore *worktree.Edit
}

// A Change is what becomes of one file. Diff is a unified diff in which the
// values of other people's variables are hidden; it is empty for a key file,
// which is never shown.
type Change struct {
	Path   string
	Action Action
	Diff   string
}

// An Action is what happens to a file.
type Action string

// The actions.
const (
	Created Action = "create"
	Edited  Action = "edit"
	Kept    Action = "keep" // as it is
	Saved   Action = "saved"
)

// An envEdit is what becomes of one .env. Before is nil for one that is not
// there yet.
type envEdit struct {
	path   string
	names  []credentials.Convention
	before []byte
	after  *envfile.File
}

func (e envEdit) same() bool { return e.before != nil && bytes.Equal(e.before, e.after.Bytes()) }

// ErrIncomplete is the fault of a review that comes before the answers.
var ErrIncomplete = fault.Usage("review.incomplete")

// NewReview works out what the answers change. It writes nothing.
func NewReview(s *Session) (*Review, error) {
	set := s.Set()
	if set.AppID == "" || set.KeyID == "" || set.APIBase == "" || s.Seen.Key == nil {
		return nil, ErrIncomplete
	}
	r := &Review{}
	for _, t := range s.targets() {
		if err := r.reviewEnv(s, t); err != nil {
			return nil, err
		}
	}
	r.reviewKeys(s)
	if err := r.reviewIgnore(s); err != nil {
		return nil, err
	}
	r.warn(s)
	return r, nil
}

func (r *Review) reviewEnv(s *Session, t target) error {
	before, err := envfile.Read(t.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fault.Unreadable(t.path, err)
	}
	if err == nil && before == nil {
		before = []byte{}
	}
	f, err := envfile.Parse(before)
	if err != nil {
		return fault.At(t.path, err)
	}
	var names []string
	for _, n := range t.names {
		names = append(names, n.VarNames()...)
	}
	old := f.Redacted(names...)
	for _, n := range t.names {
		if err := t.set.Write(f, n); err != nil {
			return fault.At(t.path, err)
		}
	}
	if second := credentials.FromFile(t.path, f).Second; second != nil {
		r.Warnings = append(r.Warnings, fault.Invalid("env.second_set", "path", s.Display(t.path), "name", second.Conventions[0].VarName(credentials.AppID)))
	}
	edit := envEdit{t.path, t.names, before, f}
	r.edits = append(r.edits, edit)
	r.Changes = append(r.Changes, change(s.Display(t.path), before == nil, edit.same(), old, f.Redacted(names...)))
	r.warnReaders(t.set)
	return nil
}

func (r *Review) warnReaders(set credentials.Set) {
	for _, pair := range set.Pairs(credentials.Default) {
		value := pair[1]
		if readers := envfile.Unserved(value); readers != nil {
			r.Warnings = append(r.Warnings, fault.Invalid("env.some_readers", "value", value, "readers", strings.Join(readers, ", ")))
		}
	}
}

func (r *Review) reviewKeys(s *Session) {
	for _, path := range []string{s.Answers.KeyFile, keygen.PublicPath(s.Answers.KeyFile)} {
		action := Kept
		switch {
		case s.Answers.DryRun && s.Seen.KeyIsNew:
			action = Created
		case s.Seen.KeyIsNew:
			action = Saved
		}
		r.Changes = append(r.Changes, Change{Path: s.Display(path), Action: action})
	}
}

func (r *Review) reviewIgnore(s *Session) error {
	files := []string{s.Answers.KeyFile}
	for _, e := range r.edits {
		files = append(files, e.path)
	}
	slices.Reverse(files)
	edit, err := worktree.Ignore(s.Dir, files...)
	if err != nil || edit == nil {
		return err
	}
	r.ignore = edit
	r.Changes = append(r.Changes, change(s.Display(edit.Path), edit.Before == nil, false, string(edit.Before), string(edit.After)))
	return nil
}

// warn names what the review does not mend.
func (r *Review) warn(s *Session) {
	for _, field := range credentials.Checked() {
		if _, notice, _ := credentials.Check(field, s.Answers.Get(field)); notice != nil {
			r.Warnings = append(r.Warnings, notice)
		}
	}
	for _, path := range s.otherBaseFiles {
		r.Warnings = append(r.Warnings, fault.Invalid("env.elsewhere", "path", s.Display(path)))
	}
	r.warnTracked(s, s.Answers.KeyFile)
	for _, e := range r.edits {
		r.warnTracked(s, e.path)
		if e.after.HasWindowsLines() {
			r.Warnings = append(r.Warnings, fault.Invalid("env.windows_lines", "path", s.Display(e.path)))
		}
		if e.after.HasBOM() {
			r.Warnings = append(r.Warnings, fault.Invalid("env.bom", "path", s.Display(e.path)))
		}
	}
}

func (r *Review) warnTracked(s *Session, path string) {
	if worktree.Tracked(s.Dir, path) {
		r.Warnings = append(r.Warnings, fault.Invalid("git.tracked", "path", s.Display(path)))
	}
}

func change(path string, isNew, same bool, before, after string) Change {
	before, after = i18n.Harmless(before), i18n.Harmless(after)
	switch {
	case isNew:
		return Change{path, Created, udiff.Unified("/dev/null", path, before, after)}
	case same:
		return Change{Path: path, Action: Kept}
	}
	return Change{path, Edited, udiff.Unified(path, path, before, after)}
}

// ErrUnconfirmed is the fault of a review that no one can be asked to accept.
var ErrUnconfirmed = fault.Usage("review.unconfirmed")

// ErrDeclined is the fault of a review that was not accepted.
var ErrDeclined = fault.Usage("review.declined")

// applyReview writes what the review promised and nothing else.
func applyReview(s *Session) Job {
	review, accepted, dry := s.Seen.Review, s.Answers.Write, s.Answers.DryRun
	return func(context.Context) (Effect, error) {
		if dry {
			return nil, nil
		}
		if err := review.consented(accepted); err != nil {
			return nil, err
		}
		if err := review.apply(); err != nil {
			return nil, err
		}
		return func(s *Session) {
			s.Seen.Written = true
			s.applied(review)
		}, nil
	}
}

// unchanged reports whether the .env files hold already what is to be written.
func (r *Review) unchanged() bool {
	return !slices.ContainsFunc(r.edits, func(e envEdit) bool { return !e.same() })
}

func (r *Review) consented(accepted bool) error {
	switch {
	case !accepted:
		return ErrDeclined
	case r == nil:
		return ErrIncomplete
	}
	return nil
}

// apply writes .gitignore first, so that no .env is at any time there for git
// to take.
func (r *Review) apply() error {
	if r.ignore != nil {
		if err := r.ignore.Write(); err != nil {
			return err
		}
	}
	for _, e := range r.edits {
		if err := os.MkdirAll(filepath.Dir(e.path), 0o755); err != nil {
			return fault.Unexpected("file.write", err, "path", e.path)
		}
		if err := e.after.Save(e.path, e.before); err != nil {
			return err
		}
	}
	return nil
}

// undo puts back what apply has changed. A file that names the new set already,
// from a run that was broken off, goes back to the former one.
func (r *Review) undo(former *credentials.Set) error {
	var all error
	for _, e := range slices.Backward(r.edits) {
		all = errors.Join(all, e.undo(former))
	}
	return all
}

func (e envEdit) undo(former *credentials.Set) error {
	now, err := envfile.Read(e.path)
	written := e.after.Bytes()
	switch {
	case e.before == nil && errors.Is(err, fs.ErrNotExist):
		return nil // apply did not come so far
	case err != nil:
		return fault.Unreadable(e.path, err)
	case !bytes.Equal(now, written):
		return nil // as it was, or someone else's by now
	case e.before == nil:
		return os.Remove(e.path)
	}
	f, err := envfile.Parse(e.before)
	if err != nil {
		return fault.At(e.path, err)
	}
	if e.same() && former != nil {
		for _, n := range e.names {
			if err := former.Write(f, n); err != nil {
				return fault.At(e.path, err)
			}
		}
	}
	return f.Save(e.path, written)
}

// changedSince reports whether someone else has changed the file after it was
// written.
func (e envEdit) changedSince() (bool, error) {
	now, err := envfile.Read(e.path)
	if err != nil {
		return false, fault.Unreadable(e.path, err)
	}
	return !bytes.Equal(now, e.after.Bytes()), nil
}

// tested are the edits of files that are read by services: those that change,
// and the .env itself.
func (r *Review) tested(envPath string) []envEdit {
	return slices.DeleteFunc(slices.Clone(r.edits), func(e envEdit) bool { return e.path != envPath && (e.same() || e.before == nil) })
}
