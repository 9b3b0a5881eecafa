// Package keyfile is the one way a private key gets into a project: git ignores it first,
// and no link leads it out of the project. Elsewhere keys are only read.
package keyfile

import (
	"crypto/rsa"
	"errors"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"cozejwt/internal/atomicfile"
	"cozejwt/internal/disk"
	"cozejwt/internal/fault"
	"cozejwt/internal/git"
	"cozejwt/keygen"
)

var (
	// ErrOutside is the fault of a path that a link leads out of the project, unless a
	// person has named it.
	ErrOutside = fault.Invalid("key.outside")
	// ErrNotIgnored is the fault of a key that git cannot be made to ignore.
	ErrNotIgnored = fault.Invalid("git.not_ignored")
)

// A Place is where a key goes.
type Place struct {
	Project string // folder, absolute
	Path    string // of the private key, absolute
	Named   bool   // a person has given the path in this run
	// Unignored says that a person has agreed to a key that git does not ignore, after
	// Save has returned an [Unignored] error.
	Unignored bool
}

// Unignored is the error of a key that git cannot be made to ignore. It wraps the fault
// that says why: ErrNotIgnored, git.ErrLinked, or one of what is in the place of
// .gitignore. A person may agree to that.
type Unignored struct{ fault error }

// Error is the text of the fault.
func (u Unignored) Error() string { return u.fault.Error() }

// Unwrap returns the fault.
func (u Unignored) Unwrap() error { return u.fault }

// Save saves a key as [keygen.Save] does, once git ignores it. The errors are ErrOutside, those of
// Write and of keygen.Save.
func Save(place Place, key *rsa.PrivateKey, existing keygen.Existing, now time.Time) (saved keygen.Saved, err error) {
	if strings.ContainsFunc(place.Path, unicode.IsControl) {
		return keygen.Saved{}, git.ErrControl.With("path", place.Path)
	}
	there, err := keygen.Load(place.Path)
	writes := err != nil || !there.Private.Equal(key) || there.Form != keygen.PKCS8 || there.Flaws != nil
	if real, outside := place.outside(); writes && outside {
		return keygen.Saved{}, ErrOutside.With("path", place.Path, "real", real)
	}
	err = Write(place.Project, place.Unignored, func() (err error) {
		saved, err = keygen.Save(place.Path, key, existing, now)
		return err
	}, place.Path)
	return saved, err
}

// Write calls write once git ignores the files with a secret at paths: those in the project, or
// elsewhere in its work tree. Where git cannot be made to, write is not called, unless a person has
// agreed. The errors are Unignored, git.ErrControl, and those of write.
func Write(project string, agreed bool, write func() error, paths ...string) error {
	for _, path := range paths {
		if err := ignore(project, path); err != nil && !(agreed && errors.As(err, new(Unignored))) {
			return err
		}
	}
	return write()
}

// RestorePublic makes the public key file of the private key at a place be its pair, as
// [keygen.RestorePublic] does. Beside a key that is somewhere else on the disk, nothing is made
// unless a person has named it. The errors are those of [keygen.RestorePublic].
func RestorePublic(place Place, key *rsa.PrivateKey, now time.Time) error {
	if _, outside := atomicfile.Outside(place.Project, place.Path); outside && !place.Named {
		return nil
	}
	return keygen.RestorePublic(place.Path, key, now)
}

// outside reports whether a path in the project really leads out of it, and whereto.
func (p Place) outside() (real string, outside bool) {
	if p.Named || !inside(p.Project, p.Path) {
		return "", false
	}
	return atomicfile.Outside(p.Project, p.Path)
}

// ignore makes git ignore what will be at a path. Errors: Unignored, git.ErrControl.
func ignore(project, path string) error {
	root, in := git.Root(project)
	if !in {
		return nil
	}
	if inside(root, path) && !inside(project, path) {
		project = root
	}
	if err := disk.MkdirAll(project, 0o755); err != nil { // the key would make it
		return fault.Unwritable(project, err)
	}
	if err := git.Add(project, path); err != nil {
		return refused(path, err)
	}
	if git.Takes(project, path) {
		return Unignored{ErrNotIgnored.With("path", path).Because(errOverruled).Advise("git.overruled")}
	}
	return nil
}

// errOverruled is the fault of a .gitignore whose line another rule takes back.
var errOverruled = fault.Invalid("git.overruled")

// inside reports whether a path is in a folder, by its name alone.
func inside(folder, path string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && filepath.IsLocal(rel)
}

// refused keeps the fault that says what is wrong with .gitignore, and says of any other
// error what it prevents.
func refused(path string, err error) error {
	switch fault.ID(err) {
	case "path.control":
		return err
	case "git.linked", "file.irregular", "env.changed":
		return Unignored{err}
	}
	return Unignored{ErrNotIgnored.With("path", path).Because(err)}
}

// Discard removes a copy of a key once the key file has been read back. Errors: those of
// [keygen.Load] for the key file, a key file that holds another key, and the fault file.remove.
func Discard(copied, file string, key *rsa.PrivateKey) error {
	saved, err := keygen.Load(file)
	if err != nil {
		return err
	}
	if !saved.Private.Equal(key) {
		return errors.New("the key that was saved is not the one that was read")
	}
	if err := disk.Remove(copied); err != nil {
		return fault.Unexpected("file.remove", err, "path", copied)
	}
	return nil
}
