package setup

import (
	"crypto/rsa"
	"errors"
	"path/filepath"
	"slices"

	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/keyfile"
	"cozejwt/internal/review"
	"cozejwt/keygen"
)

// previousSet is the complete credentials that the .env held when the run began.
// They are not lost: what replaces them keeps them as a profile first, and a run
// that ends with a refusal puts them back.
type previousSet struct {
	file credentials.EnvFile
	key  *rsa.PrivateKey
}

// findPrevious remembers the credentials that the .env holds, where they are
// complete.
func (s *Session) findPrevious() {
	if s.existing.Validate() != nil {
		return
	}
	if key, err := keygen.Load(s.existing.KeyFile()); err == nil {
		s.previous = &previousSet{s.existing, key.Private}
		s.Answers.PreviousKey = fingerprint(key.Private)
	}
}

// recallPrevious finds the key of the previous credentials in its backups: an
// earlier run, which this one continues, has put another in its place.
func (s *Session) recallPrevious(key string) {
	if s.previous == nil || key == "" || key == fingerprint(s.previous.key) {
		return
	}
	for _, path := range keygen.Backups(s.existing.KeyFile()) {
		if old, err := keygen.Load(path); err == nil && fingerprint(old.Private) == key {
			s.previous.key, s.Answers.PreviousKey = old.Private, key
			return
		}
	}
}

// keepPrevious chooses the profile that takes the credentials which the review
// replaces; none where they stay or a profile holds them, and none for what the service has
// refused and this run corrects.
func (s *Session) keepPrevious() {
	s.backupPath = ""
	if s.previous == nil || s.Observed.Key == nil {
		return
	}
	if s.Reason != nil && s.Answers.AppID == s.existing.Set.AppID {
		return
	}
	new := credentials.EnvFile{Path: s.EnvPath, Set: s.Set()}
	if s.previous.file.Equal(new) && s.previous.key.Equal(s.Observed.Key) {
		return
	}
	s.backupPath = s.placeToKeep()
}

// keyFile is where the previous key is: where the .env names it, or in a backup
// where a new one has taken its place.
func (p *previousSet) keyFile() string {
	file := p.file.KeyFile()
	for _, path := range append([]string{file}, keygen.Backups(file)...) {
		if key, err := keygen.Load(path); err == nil && key.Private.Equal(p.key) {
			return path
		}
	}
	return file
}

// keptSet is how the previous credentials are written into a profile.
func (s *Session) keptSet(path string) credentials.Set {
	set := s.existing.Set
	file := s.existing.KeyFile()
	if s.previous != nil {
		file = s.previous.keyFile()
	}
	if file != s.existing.KeyFile() || filepath.Dir(path) != filepath.Dir(s.EnvPath) {
		set.KeyPath = credentials.RelativeKeyPath(s.Dir, path, file)
	}
	return set
}

// applied adds to what this run has written what a review has written now, so
// that all of it can be taken back at once.
func (s *Session) applied(r *review.Review) {
	for _, e := range r.Edits {
		at := slices.IndexFunc(s.written, func(w review.Edit) bool { return w.Path == e.Path })
		if at < 0 {
			s.written = append(s.written, e)
			continue
		}
		s.written[at] = s.written[at].Then(e)
	}
	if s.backupPath != "" {
		s.Observed.Kept = s.backupPath
	}
}

// CanRestore reports whether the .env holds credentials that were refused, in
// place of complete ones.
func (s *Session) CanRestore() bool {
	return s.previous != nil && s.Observed.Refused != nil && s.Observed.Written && s.Plan.restores && !s.Answers.KeepRefused
}

// Restore puts the previous credentials back, byte for byte, with their key.
func (s *Session) Restore() error {
	if !s.CanRestore() {
		return nil
	}
	for _, e := range s.written {
		if changed, err := e.ChangedSince(); err != nil || changed {
			return errors.Join(err, ErrNotRestored.With("path", s.Display(e.Path), "kept", s.Display(s.Observed.Kept)))
		}
	}
	if s.previous.keyFile() != s.existing.KeyFile() {
		saved, err := keyfile.Save(keyfile.Place{Project: s.Dir, Path: s.existing.KeyFile(), Named: true}, s.previous.key, keygen.KeepCopy, s.Deps.Now())
		if err != nil {
			return err
		}
		s.Observed.Backups = append(s.Observed.Backups, saved.Kept...)
	}
	if err := (&review.Review{Edits: s.written}).Undo(nil); err != nil {
		return err
	}
	s.Observed.Written, s.Observed.Restored, s.written = false, true, nil
	s.Pause()()
	return nil
}

// ErrNotRestored is the fault of a .env that someone else has changed since.
var ErrNotRestored = fault.Invalid("restore.changed")
