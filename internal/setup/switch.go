package setup

import (
	"context"
	"errors"

	"cozejwt/internal/coze"
	"cozejwt/internal/exchange"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
)

// switchStep changes the .env that services read, once the token test has shown
// that what it will name works. Each file is replaced in one instant; then the
// files are read again and tested, and where that fails they are put back.
var switchStep = Step{
	ID: StepReview,
	Intro: func(s *Session) []i18n.Message {
		switch {
		case s.Observed.Undone:
			return []i18n.Message{i18n.Msg("switch.undone", "files", s.restoredFiles())}
		case s.unchanged():
			return []i18n.Message{i18n.Msg("review.unchanged", "path", s.Display(s.EnvPath))}
		case s.Answers.SkipTest:
			return []i18n.Message{i18n.Msg("switch.untested")}
		}
		return []i18n.Message{i18n.Msg("switch.brief", "host", coze.Audience(s.Answers.APIBase), "path", s.Display(s.EnvPath))}
	},
	Shows:   showReview,
	Prepare: planReview,
	Fields:  reviewStep.Fields,
	Work:    switchOver,
}

// ErrNotUndone is the fault of files that could not be put back.
var ErrNotUndone = fault.Invalid("switch.not_undone")

func switchOver(s *Session) Job {
	env, planned, accepted := s.Deps, s.Observed.Review, s.Answers.Write
	record, before, untested := s.record(), s.Answers.Previous, s.Answers.SkipTest
	envPath := s.EnvPath
	s.asked, s.Observed.Undone, s.Observed.Token = s.Set(), false, nil
	return func(ctx context.Context) (Effect, error) {
		if err := consented(planned, accepted); err != nil {
			return nil, err
		}
		kept, err := record.writeFor(env, envPath)
		if err != nil {
			return nil, err
		}
		if err := planned.Apply(); err != nil {
			return nil, errors.Join(err, planned.Undo(before))
		}
		var last exchange.Grant
		for _, edit := range planned.Tested(envPath) {
			if untested {
				break
			}
			if last, err = env.TestFile(ctx, edit.Path); err != nil {
				if stuck := planned.Undo(before); stuck != nil {
					return nil, ErrNotUndone.With("path", edit.Path).Because(stuck)
				}
				return func(s *Session) { s.Observed.Undone = true }, err
			}
		}
		return func(s *Session) {
			s.Observed.Written, s.Observed.Record = true, kept
			s.applied(planned)
			if !untested {
				s.granted(last)
			}
		}, nil
	}
}

// restoredFiles names the files that a switch has put back.
func (s *Session) restoredFiles() string {
	names := []string{s.Display(s.EnvPath)}
	if s.Answers.Together {
		for _, f := range s.sameKeyFiles {
			names = append(names, s.Display(f.Path))
		}
	}
	return i18n.List(names)
}

// record is what a rollback needs to know; nil in the plans that keep none.
func (s *Session) record() *Record {
	if s.Plan.Name != rotation {
		return nil
	}
	previous := *s.Answers.Previous
	r := &Record{
		Time: s.Deps.Now(), AppID: previous.AppID, Base: previous.APIBase,
		Previous: KeyRef{previous.KeyID, previous.KeyFile(s.EnvPath)},
		New:      KeyRef{s.Answers.KeyID, s.Answers.KeyFile},
		Files:    []Switched{{s.EnvPath, previous}},
	}
	if s.Answers.Together {
		for _, t := range s.sameKeyFiles {
			r.Files = append(r.Files, Switched{t.Path, t.Set})
		}
	}
	return r
}

func (r *Record) writeFor(env Deps, envPath string) (string, error) {
	if r == nil || env.StateDir == "" {
		return "", nil
	}
	return r.write(env, envPath)
}
