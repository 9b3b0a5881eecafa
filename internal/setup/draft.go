package setup

import (
	"context"

	"cozejwt/internal/credentials"
	"cozejwt/internal/flow"
	"cozejwt/internal/steps"
	"cozejwt/keygen"
)

// A draft is what is kept of a run that was left. There is no secret in it.
type draft struct {
	steps.Answers
	Choices
}

// keep is what a draft of the run holds.
func (s *Setup) keep() flow.Kept {
	return s.Keep(draft{s.Answers(), s.Choices})
}

// resume takes the draft's answers. The step to continue with is the draft's, or the key step
// where the key that the draft counts on is gone.
func (s *Setup) resume(d *flow.Draft, at *int) flow.Job {
	var was draft
	d.Decode(&was)
	previous, file := s.previous, s.FileIn(was.Answers)
	return func(context.Context) (flow.Effect, error) {
		key, _ := keygen.Load(file) // nil for none
		if previous != nil {
			previous = previous.Recalled(was.PreviousKey)
		}
		return func() { *at = s.resumed(d, was, key, previous) }, nil
	}
}

// resumed puts the draft into the run, with what the disk holds now: the key at the key file, and the
// previous credentials. It returns the step to continue with.
func (s *Setup) resumed(d *flow.Draft, was draft, key *keygen.Key, previous *steps.Previous) int {
	s.Choices = was.Choices
	if s.previous = previous; s.previous != nil {
		s.PreviousKey = steps.Fingerprint(s.previous.Key)
	}
	own := was.Set
	own.KeyPath = credentials.RelativeKeyPath(s.Dir, s.EnvPath, was.KeyFile)
	if d.Written && s.Existing.Equal(credentials.EnvFile{Path: s.EnvPath, Set: own}) {
		s.previous = nil // the .env holds this run's own values: there is nothing to restore
	}
	return s.Recall(d, was.Answers, key, steps.Review)
}
