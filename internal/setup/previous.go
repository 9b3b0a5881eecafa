package setup

import (
	"errors"

	"cozejwt/internal/credentials"
	"cozejwt/internal/exchange"
	"cozejwt/internal/fault"
	"cozejwt/internal/keyfile"
	"cozejwt/internal/review"
	"cozejwt/internal/steps"
	"cozejwt/keygen"
)

// findPrevious remembers the credentials that the .env holds, where they are complete. They are
// not lost: what replaces them keeps them as a profile first, and a run that ends with a refusal
// puts them back.
func (s *Setup) findPrevious() {
	if held, err := exchange.LoadKey(s.Existing); err == nil {
		s.previous = &steps.Previous{File: s.Existing, Key: held.Key}
		s.PreviousKey = steps.Fingerprint(held.Key)
	}
}

// keeps are the credentials that a profile has to keep because the review replaces them; nil for
// none, and for what the service has refused and this run corrects.
func (s *Setup) keeps() *steps.Previous {
	if s.previous == nil || s.Key == nil {
		return nil
	}
	if s.Reason != nil && s.AppID == s.Existing.Set.AppID {
		return nil
	}
	new := credentials.EnvFile{Path: s.EnvPath, Set: s.Values()}
	if s.previous.File.Equal(new) && s.previous.Key.Equal(s.Key) {
		return nil
	}
	return s.previous
}

// canRestore reports whether the .env holds credentials for which no token was issued, in place
// of complete ones, although they were to be tested.
func (s *Setup) canRestore() bool {
	return s.previous != nil && s.Written && s.Token == nil && !s.Skipped && !s.KeepRefused
}

// ErrNotRestored is the fault of a .env that someone else has changed since.
var ErrNotRestored = fault.Invalid("restore.changed")

// restore puts the previous credentials back, byte for byte, with their key.
func (s *Setup) restore() error {
	for _, e := range s.Edits {
		if changed, err := e.ChangedSince(); err != nil || changed {
			return errors.Join(err, ErrNotRestored.With("path", s.Display(e.Path), "kept", s.Display(s.Kept)))
		}
	}
	if file := s.Existing.KeyFile(); s.previous.KeyFile() != file {
		saved, err := keyfile.Save(keyfile.Place{Project: s.Dir, Path: file, Named: true}, s.previous.Key, keygen.KeepCopy, s.Now())
		if err != nil {
			return err
		}
		s.Backups = append(s.Backups, saved.Kept...)
	}
	if err := (&review.Review{Edits: s.Edits}).Undo(nil); err != nil {
		return err
	}
	s.Written, s.Restored, s.Edits = false, true, nil
	return nil
}
