// Package review works out what a run changes on the disk, file by file, shows
// it before anything is written, writes exactly that, and can take it back.
package review

import (
	"bytes"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"

	"cozejwt/envfile"
	"cozejwt/internal/atomicfile"
	"cozejwt/internal/credentials"
	"cozejwt/internal/disk"
	"cozejwt/internal/fault"
	"cozejwt/internal/git"
	"cozejwt/internal/i18n"
	"cozejwt/keygen"
)

// A Review is exactly what will change, file by file.
type Review struct {
	Changes  []Change
	Warnings []*fault.Fault

	Edits   []Edit
	ignore  func() error // nil: git ignores all
	example *Edit        // nil where none changes
}

// A Change is the change of one file. Diff is a unified diff in which the
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

// A Plan is what is to be on the disk.
type Plan struct {
	Dir     string                   // project folder, absolute
	Targets []Target                 // in the order in which they are written
	Values  credentials.Set          // as they were entered
	KeyFile string                   // of the private key; its public key lies beside it
	Key     Action                   // the change of the two
	Example string                   // .env.example that gets our variables as placeholders, "" for none
	Others  []string                 // .env files that name the key and are not changed
	Display func(path string) string // shortens a path for the reader
}

// A Target is a .env and the set that it is to hold, in each convention.
type Target struct {
	Path        string
	Set         credentials.Set
	Conventions []credentials.Convention
	// Was is what the file has held as far as the run knows; nil where it does not matter.
	Was *credentials.EnvFile
}

// ErrReplaced is the fault of a .env whose credentials someone else has changed during the run.
var ErrReplaced = fault.Invalid("env.replaced")

// replaced is the fault of a file that holds other credentials than it did, nil for none.
func replaced(was, now credentials.EnvFile) error {
	if was.Equal(now) {
		return nil
	}
	convention := credentials.Default
	if now.Found() {
		convention = now.Conventions[0]
	}
	var names []string
	for _, v := range credentials.Variables {
		if was.Set.Get(v.Field) != now.Set.Get(v.Field) {
			names = append(names, v.Names[convention])
		}
	}
	return ErrReplaced.With("path", now.Path, "names", i18n.List(names))
}

// An Edit is the change of one .env. Before is nil for one that does not
// exist yet.
type Edit struct {
	Path   string
	set    credentials.Set
	names  []credentials.Convention
	before []byte
	after  *envfile.File
	ours   bool // what the file holds was written by this edit: another run may write the same
}

// Then is the edit followed by a later one of the same file.
func (e Edit) Then(later Edit) Edit {
	e.after, e.ours = later.after, e.ours || later.ours
	return e
}

func (e Edit) same() bool { return e.before != nil && bytes.Equal(e.before, e.after.Bytes()) }

// New works out what the plan changes. It writes nothing. The errors are ErrReplaced, and faults of
// a file that cannot be read or edited.
func New(p Plan) (*Review, error) {
	r := &Review{}
	for _, t := range p.Targets {
		if err := r.reviewEnv(p, t); err != nil {
			return nil, err
		}
	}
	for _, path := range []string{p.KeyFile, keygen.PublicPath(p.KeyFile)} {
		r.Changes = append(r.Changes, Change{Path: p.Display(path), Action: p.Key})
	}
	if err := r.reviewIgnore(p); err != nil {
		return nil, err
	}
	r.warn(p)
	return r, r.reviewExample(p)
}

// reviewExample adds the variables that an example lacks. It is committed, so it
// gets no id and no secret; what the region is, everyone of the team needs.
func (r *Review) reviewExample(p Plan) error {
	if p.Example == "" {
		return nil
	}
	before, err := envfile.Read(p.Example)
	if err != nil {
		return fault.Unreadable(p.Example, err)
	}
	f, err := envfile.Parse(before)
	if err != nil {
		return fault.At(p.Example, err)
	}
	t := p.Targets[len(p.Targets)-1]
	names := t.Conventions[0].VarNames()
	old := f.Redacted(names...)
	if err := t.Set.WriteExample(f, t.Conventions[0]); err != nil {
		return fault.At(p.Example, err)
	}
	edit := Edit{Path: p.Example, set: t.Set, names: t.Conventions, before: before, after: f}
	if edit.same() {
		return nil
	}
	r.example = &edit
	r.Changes = append(r.Changes, change(p.Display(p.Example), false, false, old, f.Redacted(names...)))
	return nil
}

func (r *Review) reviewEnv(p Plan, t Target) error {
	before, err := envfile.Read(t.Path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fault.Unreadable(t.Path, err)
	}
	if err == nil && before == nil {
		before = []byte{}
	}
	f, err := envfile.Parse(before)
	if err != nil {
		return fault.At(t.Path, err)
	}
	if t.Was != nil {
		if err := replaced(*t.Was, credentials.FromFile(t.Path, f)); err != nil {
			return err
		}
	}
	var names []string
	for _, n := range t.Conventions {
		names = append(names, n.VarNames()...)
	}
	old := f.Redacted(names...)
	for _, n := range t.Conventions {
		if err := t.Set.Write(f, n); err != nil {
			return fault.At(t.Path, err)
		}
	}
	if second := credentials.FromFile(t.Path, f).Second; second != nil {
		r.Warnings = append(r.Warnings, fault.Invalid("env.second_set", "path", p.Display(t.Path), "name", second.Conventions[0].VarName(credentials.AppID)))
	}
	edit := Edit{Path: t.Path, set: t.Set, names: t.Conventions, before: before, after: f}
	r.Edits = append(r.Edits, edit)
	r.Changes = append(r.Changes, change(p.Display(t.Path), before == nil, edit.same(), old, f.Redacted(names...)))
	r.warnReaders(t.Set)
	return nil
}

func (r *Review) warnReaders(set credentials.Set) {
	for _, pair := range set.Pairs(credentials.Default) {
		value := pair[1]
		if readers := envfile.Unserved(value); readers != nil {
			r.Warnings = append(r.Warnings, fault.Invalid("env.some_readers", "value", value, "readers", i18n.List(readers)))
		}
	}
}

func (r *Review) reviewIgnore(p Plan) error {
	files := []string{p.KeyFile}
	for _, e := range r.Edits {
		files = append(files, e.Path)
	}
	slices.Reverse(files)
	edit, err := git.Ignore(p.Dir, files...)
	if err != nil || edit == nil {
		return err
	}
	// Other runs may add lines of theirs before the review is applied.
	r.ignore = func() error { return git.Add(p.Dir, files...) }
	before, after := edit.Shown()
	r.Changes = append(r.Changes, change(p.Display(edit.Path), edit.Before == nil, false, before, after))
	return nil
}

// warn names what the review does not fix.
func (r *Review) warn(p Plan) {
	for _, field := range credentials.Checked() {
		if _, notice, _ := credentials.Check(field, p.Values.Get(field)); notice != nil {
			r.Warnings = append(r.Warnings, notice)
		}
	}
	for _, path := range p.Others {
		r.Warnings = append(r.Warnings, fault.Invalid("env.elsewhere", "path", p.Display(path)))
	}
	r.warnTracked(p, p.KeyFile)
	for _, e := range r.Edits {
		r.warnTracked(p, e.Path)
		if e.after.HasWindowsLines() {
			r.Warnings = append(r.Warnings, fault.Invalid("env.windows_lines", "path", p.Display(e.Path)))
		}
		if e.after.HasBOM() {
			r.Warnings = append(r.Warnings, fault.Invalid("env.bom", "path", p.Display(e.Path)))
		}
	}
}

func (r *Review) warnTracked(p Plan, path string) {
	if git.Tracked(p.Dir, path) {
		r.Warnings = append(r.Warnings, fault.Invalid("git.tracked", "path", p.Display(path)))
	}
}

// Unchanged reports whether the .env files hold already what is to be written.
func (r *Review) Unchanged() bool {
	return !slices.ContainsFunc(r.Edits, func(e Edit) bool { return !e.same() })
}

// Clone returns the review for a job to apply, nil for nil: nobody else reads what Apply
// notes in it.
func (r *Review) Clone() *Review {
	if r == nil {
		return nil
	}
	c := *r
	c.Edits = slices.Clone(r.Edits)
	return &c
}

// Apply writes .gitignore first, so that git ignores a new .env from the start. It stops
// at the first error.
func (r *Review) Apply() error {
	if r.ignore != nil {
		if err := r.ignore(); err != nil {
			return err
		}
	}
	for i := range r.Edits {
		if err := disk.MkdirAll(filepath.Dir(r.Edits[i].Path), 0o755); err != nil {
			return fault.Unwritable(r.Edits[i].Path, err)
		}
		if err := r.Edits[i].write(); err != nil {
			return err
		}
	}
	if r.example == nil {
		return nil
	}
	return r.example.after.Save(r.example.Path, r.example.before)
}

// write writes the file. What someone else has changed in it since the review stays, as long as
// that are not the credentials.
func (e *Edit) write() error {
	atomicfile.Sweep(e.Path, 0) // who writes a project's files holds its lock: what is there was left
	for {
		err := e.after.Save(e.Path, e.before)
		// For a new file, ErrNotExist means that the folder a link leads to is missing.
		gone := len(e.before) > 0 && errors.Is(err, fs.ErrNotExist)
		if !gone && !errors.Is(err, envfile.ErrChanged) {
			e.ours = !e.same() // also where an error came after it was written
			return err
		}
		if err := e.merge(); err != nil {
			return err
		}
	}
}

// merge makes the edit one of the file as it is now. The error is ErrReplaced where its
// credentials are others than at the review.
func (e *Edit) merge() error {
	now, err := envfile.Read(e.Path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fault.Unreadable(e.Path, err)
	}
	then, err := envfile.Parse(e.before)
	if err != nil {
		return fault.At(e.Path, err)
	}
	f, err := envfile.Parse(now)
	if err != nil {
		return fault.At(e.Path, err)
	}
	if err := replaced(credentials.FromFile(e.Path, then), credentials.FromFile(e.Path, f)); err != nil {
		return err
	}
	for _, n := range e.names {
		if err := e.set.Write(f, n); err != nil {
			return fault.At(e.Path, err)
		}
	}
	e.before, e.after = now, f
	return nil
}

// Undo puts back what Apply has changed. A file that names the new set already, from a run that was
// broken off, goes back to the previous one. The errors are those of all files that could not be
// put back, joined.
func (r *Review) Undo(previous *credentials.Set) error {
	var all error
	for _, e := range slices.Backward(r.Edits) {
		all = errors.Join(all, e.undo(previous))
	}
	return all
}

func (e Edit) undo(previous *credentials.Set) error {
	if !e.ours && !e.same() {
		return nil // Apply stopped before this file
	}
	now, err := envfile.Read(e.Path)
	written := e.after.Bytes()
	switch {
	case e.before == nil && errors.Is(err, fs.ErrNotExist):
		return nil // gone since
	case err != nil:
		return fault.Unreadable(e.Path, err)
	case !bytes.Equal(now, written):
		return nil // changed by someone else since
	case e.before == nil:
		return disk.Remove(e.Path)
	}
	f, err := envfile.Parse(e.before)
	if err != nil {
		return fault.At(e.Path, err)
	}
	if e.same() && previous != nil {
		for _, n := range e.names {
			if err := previous.Write(f, n); err != nil {
				return fault.At(e.Path, err)
			}
		}
	}
	return f.Save(e.Path, written)
}

// ChangedSince reports whether someone else has changed the file after it was written. The error is
// the fault of a file that cannot be read.
func (e Edit) ChangedSince() (bool, error) {
	now, err := envfile.Read(e.Path)
	if err != nil {
		return false, fault.Unreadable(e.Path, err)
	}
	return !bytes.Equal(now, e.after.Bytes()), nil
}

// Tested are the edits of files that are read by services: those that change,
// and the .env itself.
func (r *Review) Tested(envPath string) []Edit {
	return slices.DeleteFunc(slices.Clone(r.Edits), func(e Edit) bool { return e.Path != envPath && (e.same() || e.before == nil) })
}

// Now is what a file of the review holds once it is written.
func (r *Review) Now(path string) credentials.EnvFile {
	for _, e := range r.Edits {
		if e.Path == path {
			return credentials.FromFile(path, e.after)
		}
	}
	return credentials.EnvFile{Path: path}
}
