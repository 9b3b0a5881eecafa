package setup

import (
	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/keygen"
)

// Rollback is the plan "back to the previous key".
var Rollback = Plan{Name: "rollback", Flags: rotateFlags, Summary: switchSummary, Steps: []Step{testStep, switchStep, rolledBackStep}}

// ErrNoWayBack is the fault of a .env whose current key no recorded rotation introduced.
var ErrNoWayBack = fault.Invalid("rollback.nothing")

// OpenRollback begins the way back to the key that the last rotation replaced.
func OpenRollback(env Deps, dir, envPath string) (*Session, error) {
	s, err := openExisting(env, dir, envPath, Rollback)
	if err != nil {
		return nil, err
	}
	r, ok := s.lastRotation()
	if !ok {
		return nil, ErrNoWayBack.With("path", s.Display(envPath))
	}
	key, err := keygen.Load(r.Previous.File)
	if err != nil {
		return nil, err
	}
	now := s.existing.Set
	s.Answers.Previous, s.Answers.Together = &now, true
	s.Answers.KeyID, s.Answers.KeyFile, s.Answers.Source = r.Previous.KeyID, r.Previous.File, ReuseKey
	s.Observed.Key = key.Private
	s.verbatim = map[string]credentials.Set{}
	for _, f := range r.Files {
		if credentials.SameFile(f.Path, envPath) {
			f.Path = envPath
		}
		held, err := credentials.Load(f.Path)
		if err != nil || held.Set.KeyID != r.New.KeyID || !credentials.SameFile(held.KeyFile(), r.New.File) {
			continue // changed since the rotation: leave it alone
		}
		s.verbatim[f.Path] = f.Previous
		if f.Path != envPath {
			s.sameKeyFiles = append(s.sameKeyFiles, held)
		}
	}
	if base, err := coze.ParseBase(s.verbatim[envPath].APIBase); err == nil {
		s.SetBase(base)
	}
	return s, nil
}

// lastRotation finds the rotation that has made the .env what it is.
func (s *Session) lastRotation() (Record, bool) {
	for _, r := range s.Deps.Records(s.EnvPath) {
		if r.New.KeyID == s.existing.Set.KeyID && credentials.SameFile(r.New.File, s.existing.KeyFile()) {
			return r, true
		}
	}
	return Record{}, false
}

var rolledBackStep = Step{
	ID:      StepDone,
	Prepare: seeChecklist,
	Shows:   showChecklist,
	Intro: func(s *Session) []i18n.Message {
		return []i18n.Message{i18n.Msg("rolled_back.live", "path", s.Display(s.EnvPath), "key_id", s.Answers.KeyID)}
	},
}
