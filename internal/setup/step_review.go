package setup

import (
	"context"
	"os"
	"path/filepath"
	"slices"

	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/internal/review"
)

// reviewStep shows what will change and, once that is accepted, changes it.
var reviewStep = Step{
	ID: StepReview,
	Intro: func(s *Session) []i18n.Message {
		switch {
		case s.Observed.Written:
			return []i18n.Message{i18n.Msg("review.written")}
		case s.unchanged():
			return []i18n.Message{i18n.Msg("review.unchanged", "path", s.Display(s.EnvPath))}
		case s.Answers.DryRun:
			return []i18n.Message{i18n.Msg("review.dry")}
		case s.Given("write"):
			return []i18n.Message{i18n.Msg("review.accepted")}
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

var (
	// ErrIncomplete is the fault of a review or a test that lacks an answer or the key.
	ErrIncomplete = fault.Usage("review.incomplete")
	// ErrUnconfirmed is the fault of a review that no one can be asked to accept.
	ErrUnconfirmed = fault.Usage("review.unconfirmed")
	// ErrDeclined is the fault of a review that was not accepted.
	ErrDeclined = fault.Usage("review.declined")
)

// planReview works out what will change. It runs git and reads files, so it works
// on a copy of the session.
func planReview(s *Session) Job {
	s.Observed.Review = nil
	snapshot := *s
	return func(context.Context) (Effect, error) {
		if snapshot.Plan.restores {
			snapshot.keepPrevious()
		}
		planned, err := snapshot.review()
		return func(s *Session) { s.Observed.Review, s.backupPath = planned, snapshot.backupPath }, err
	}
}

// review works out what the answers change. It writes nothing.
func (s *Session) review() (*review.Review, error) {
	set := s.Set()
	if set.AppID == "" || set.KeyID == "" || set.APIBase == "" || s.Observed.Key == nil {
		return nil, ErrIncomplete
	}
	key := review.Kept
	switch {
	case s.Answers.DryRun && s.Observed.KeyIsNew:
		key = review.Created
	case s.Observed.KeyIsNew:
		key = review.Saved
	}
	return review.New(review.Plan{
		Dir: s.Dir, Targets: s.targets(), KeyFile: s.Answers.KeyFile, Key: key,
		Values: s.Answers.Set, Example: s.example(), Others: s.otherBaseFiles, Display: s.Display,
	})
}

// example is the .env.example that is kept up with the .env, "" for none. The
// sandbox is another one on each machine, so it is not for a team.
func (s *Session) example() string {
	path := filepath.Join(s.Dir, ".env.example")
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() || s.Answers.NoExample || !s.Plan.restores || inSandbox(s) {
		return ""
	}
	return path
}

// applyReview writes what the review promised and nothing else.
func applyReview(s *Session) Job {
	planned, accepted, dry := s.Observed.Review, s.Answers.Write, s.Answers.DryRun
	return func(context.Context) (Effect, error) {
		if dry {
			return nil, nil
		}
		if err := consented(planned, accepted); err != nil {
			return nil, err
		}
		if err := planned.Apply(); err != nil {
			return nil, err
		}
		return func(s *Session) {
			s.Observed.Written = true
			s.applied(planned)
		}, nil
	}
}

func consented(planned *review.Review, accepted bool) error {
	switch {
	case !accepted:
		return ErrDeclined
	case planned == nil:
		return ErrIncomplete
	}
	return nil
}

// targets are the .env files to write. The profile that keeps the previous
// credentials comes first, so that they are safe if a later write fails.
func (s *Session) targets() []review.Target {
	names := []credentials.Convention{s.Answers.Names}
	if slices.Contains(s.existing.Conventions, s.Answers.Names) {
		names = s.existing.Conventions
	}
	all := []review.Target{{Path: s.EnvPath, Set: s.setFor(s.EnvPath, s.Set()), Conventions: names}}
	if s.backupPath != "" {
		kept := review.Target{Path: s.backupPath, Set: s.keptSet(s.backupPath), Conventions: s.existing.Conventions[:1]}
		all = append([]review.Target{kept}, all...)
	}
	if !s.Answers.Together {
		return all
	}
	for _, t := range s.sameKeyFiles {
		set := t.Set
		set.KeyID, set.KeyPath = s.Answers.KeyID, credentials.RelativeKeyPath(s.Dir, t.Path, s.Answers.KeyFile)
		all = append(all, review.Target{Path: t.Path, Set: s.setFor(t.Path, set), Conventions: t.Conventions})
	}
	return all
}

// setFor is the set that a .env is to hold: one that is put back is written as
// it was.
func (s *Session) setFor(path string, set credentials.Set) credentials.Set {
	if verbatim, ok := s.verbatim[path]; ok {
		return verbatim
	}
	return set
}
