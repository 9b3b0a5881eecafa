package setup

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"cozejwt/envfile"
	"cozejwt/internal/credset"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/internal/worktree"
	"cozejwt/keygen"
)

// reviewStep shows what will change and, once that is accepted, changes it.
var reviewStep = Step{
	ID: StepReview,
	Brief: func(s *Session) []i18n.Message {
		if s.Seen.Written {
			return []i18n.Message{i18n.Msg("review.written")}
		}
		return []i18n.Message{i18n.Msg("review.brief")}
	},
	Prepare: func(s *Session) (err error) {
		s.Seen.Review, err = NewReview(s)
		return err
	},
	Fields: func(s *Session) []Field {
		f := Field{ID: "write", Flag: "--yes", Options: yesNo("write", "yes", "no")}
		if s.Answers.Write {
			f.Value = "yes"
		}
		f.Put = func(s *Session, value string) { s.Answers.Write = value == "yes" }
		return []Field{f}
	},
	Work: applyReview,
}

// A Review is exactly what will change, file by file.
type Review struct {
	Changes  []Change
	Warnings []*fault.Fault

	env    envEdit
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

type envEdit struct {
	path   string
	before []byte
	after  *envfile.File
}

// ErrIncomplete is the fault of a review that comes before the answers.
var ErrIncomplete = fault.Usage("review.incomplete")

// NewReview works out what the answers change. It writes nothing.
func NewReview(s *Session) (*Review, error) {
	set := s.Set()
	if set.AppID == "" || set.KeyID == "" || set.APIBase == "" || s.Seen.Key == nil {
		return nil, ErrIncomplete
	}
	r := &Review{}
	if err := r.reviewEnv(s, set); err != nil {
		return nil, err
	}
	r.reviewKeys(s)
	if err := r.reviewIgnore(s); err != nil {
		return nil, err
	}
	r.warn(s)
	return r, nil
}

func (r *Review) reviewEnv(s *Session, set credset.Set) error {
	before, err := envfile.Read(s.EnvPath)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fault.Unreadable(s.EnvPath, err)
	}
	isNew := err != nil
	f, err := envfile.Parse(before)
	if err != nil {
		return withPath(err, s.EnvPath)
	}
	names := s.Answers.Names.Variables()
	old := f.Masked(names...)
	if err := set.Write(f, s.Answers.Names); err != nil {
		return withPath(err, s.EnvPath)
	}
	r.env = envEdit{s.EnvPath, before, f}
	r.Changes = append(r.Changes, change(s.Display(s.EnvPath), isNew, bytes.Equal(before, f.Bytes()), old, f.Masked(names...)))
	for _, value := range []string{set.AppID, set.KeyID, set.KeyPath, set.APIBase} {
		if readers := envfile.Unserved(value); readers != nil {
			r.Warnings = append(r.Warnings, fault.Check("env.some_readers", "value", value, "readers", strings.Join(readers, ", ")))
		}
	}
	return nil
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
	edit, err := worktree.Ignore(s.Dir, s.EnvPath, s.Answers.KeyFile)
	if err != nil || edit == nil {
		return err
	}
	r.ignore = edit
	r.Changes = append(r.Changes, change(s.Display(edit.Path), edit.Before == nil, false, string(edit.Before), string(edit.After)))
	return nil
}

// warn names what the review does not mend.
func (r *Review) warn(s *Session) {
	for _, check := range []struct {
		field credset.Field
		value string
	}{{credset.AppIDField, s.Answers.AppID}, {credset.KeyIDField, s.Answers.KeyID}} {
		if _, notice, _ := credset.Check(check.field, check.value); notice != nil {
			r.Warnings = append(r.Warnings, notice)
		}
	}
	for _, path := range []string{s.EnvPath, s.Answers.KeyFile} {
		if worktree.Tracked(s.Dir, path) {
			r.Warnings = append(r.Warnings, fault.Check("git.tracked", "path", s.Display(path)))
		}
	}
	if r.env.after.HasWindowsLines() {
		r.Warnings = append(r.Warnings, fault.Check("env.windows_lines", "path", s.Display(s.EnvPath)))
	}
	if r.env.after.HasBOM() {
		r.Warnings = append(r.Warnings, fault.Check("env.bom", "path", s.Display(s.EnvPath)))
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

func withPath(err error, path string) error {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f.With("path", path)
	}
	return err
}

// ErrDeclined is the fault of a review that was not accepted.
var ErrDeclined = fault.Usage("review.declined")

// applyReview writes what the review promised and nothing else: .gitignore
// first, so that the .env is at no time there for git to take.
func applyReview(s *Session) Job {
	review, accepted, dry := s.Seen.Review, s.Answers.Write, s.Answers.DryRun
	return func(context.Context) (Effect, error) {
		switch {
		case dry:
			return nil, nil
		case !accepted:
			return nil, ErrDeclined
		case review == nil:
			return nil, ErrIncomplete
		}
		if err := review.apply(); err != nil {
			return nil, err
		}
		return func(s *Session) { s.Seen.Written = true }, nil
	}
}

func (r *Review) apply() error {
	if r.ignore != nil {
		if err := r.ignore.Write(); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(filepath.Dir(r.env.path), 0o755); err != nil {
		return fault.Unexpected("file.write", err, "path", r.env.path)
	}
	return r.env.after.Save(r.env.path, r.env.before)
}
