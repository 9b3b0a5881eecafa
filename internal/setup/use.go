package setup

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/internal/profiles"
	"cozejwt/keygen"
)

// Use is the plan "switch the .env to another profile".
var Use = Plan{Name: "use", Anyway: true, Flags: useFlags, Summary: useSummary, Steps: []Step{profileStep, testStep, switchStep, usedStep}}

var (
	// ErrNoProfiles is the fault of a folder without a second set.
	ErrNoProfiles = fault.Usage("profile.none")
	// ErrNoProfile is the fault of a name that no profile has.
	ErrNoProfile = fault.Usage("profile.unknown")
	// ErrLinked is the fault of a .env that is a profile by another name.
	ErrLinked = fault.Usage("profile.linked")
)

// OpenUse begins the switch of the .env at envPath to another set.
func OpenUse(env Deps, dir, envPath string) (*Session, error) {
	s, err := Open(env, dir, envPath)
	if err != nil {
		return nil, err
	}
	s.Plan = Use
	if err := s.existing.Refused(); err != nil {
		return nil, err // it would be lost
	}
	if info, err := os.Lstat(envPath); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		for _, path := range credentials.Profiles(dir) {
			if credentials.SameFile(path, envPath) {
				return nil, ErrLinked.With("path", s.Display(envPath), "profile", s.Display(path))
			}
		}
	}
	s.Answers.Set, s.Answers.Region = credentials.Set{}, ""
	if s.Found() {
		previous := s.existing.Set
		s.Answers.Previous = &previous
	}
	if len(credentials.Profiles(dir)) == 0 {
		return nil, ErrNoProfiles.With("dir", dir)
	}
	return s, nil
}

// UseProfile answers the question which profile is wanted.
func (s *Session) UseProfile(name string) error {
	if err := credentials.CheckProfile(name); err != nil {
		return err
	}
	path := credentials.ProfilePath(s.Dir, name)
	if _, err := os.Stat(path); err != nil {
		return ErrNoProfile.With("profile", name, "known", i18n.List(profiles.Names(s.Dir)))
	}
	held, err := credentials.Load(path)
	if err == nil {
		err = held.Validate()
	}
	if err != nil {
		return err
	}
	base, err := coze.ParseBase(held.Set.APIBase)
	if err != nil {
		return err
	}
	key, err := keygen.Load(held.KeyFile())
	if err != nil {
		return err
	}
	s.Answers.Profile, s.Answers.Set = name, held.Set
	s.SetBase(base)
	s.Answers.KeyFile, s.Answers.Source, s.Observed.Key = held.KeyFile(), ReuseKey, key.Private
	s.verbatim = map[string]credentials.Set{}
	if filepath.Dir(path) == filepath.Dir(s.EnvPath) {
		s.verbatim[s.EnvPath] = held.Set // its path means the same there: as it is written
	}
	if !s.Found() {
		s.Answers.Names = held.Conventions[0]
	}
	s.backupPath = ""
	if s.Found() && !s.existing.Equal(held) {
		s.backupPath = s.placeToKeep()
	}
	return nil
}

// placeToKeep is the profile that is to hold the credentials of the .env, "" where
// one does already.
func (s *Session) placeToKeep() string {
	for _, path := range credentials.Profiles(s.Dir) {
		if held, err := credentials.Load(path); err == nil && s.existing.Equal(held) && !credentials.SameFile(path, s.EnvPath) {
			return ""
		}
	}
	region := "previous"
	if base, err := coze.ParseBase(s.existing.Set.APIBase); err == nil {
		region = string(s.Deps.RegionOf(base))
	}
	if credentials.IsAppID(s.existing.Set.AppID) {
		region += "-" + s.existing.Set.AppID
	}
	return profiles.Free(s.Dir, region)
}

var profileStep = Step{
	ID: StepProfile,
	Intro: func(s *Session) []i18n.Message {
		return []i18n.Message{i18n.Msg("profile.brief", "path", s.Display(s.EnvPath))}
	},
	Look: func(s *Session) Job {
		snapshot := *s
		return func(context.Context) (Effect, error) {
			var options []Option
			for _, name := range profiles.Names(snapshot.Dir) {
				options = append(options, profileOption(&snapshot, name))
			}
			return func(s *Session) { s.profiles = options }, nil
		}
	},
	Fields: func(s *Session) []Field {
		f := Field{ID: "profile", Value: s.Answers.Profile, Options: s.profiles}
		var names []string
		for _, o := range s.profiles {
			names = append(names, o.Value)
		}
		f.Unanswered = ErrNoProfile.With("profile", "", "known", i18n.List(names))
		f.Put = func(s *Session, value string) { s.Answers.Profile = value }
		return []Field{f}
	},
	Work: func(s *Session) Job {
		return s.apart(func(s *Session) error { return s.UseProfile(s.Answers.Profile) })
	},
	Skip: func(s *Session) bool { return s.Given("profile") },
}

func profileOption(s *Session, name string) Option {
	held, err := credentials.Load(credentials.ProfilePath(s.Dir, name))
	about := i18n.Msg("profile.about", "app_id", held.Set.AppID, "key_id", held.Set.KeyID, "base", held.Set.APIBase, "path", held.Set.KeyPath)
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		about = i18n.Msg("fault."+f.ID, f.Pairs...)
	}
	label := i18n.Msg("profile.label", "profile", name)
	if err == nil && s.existing.Equal(held) {
		label = i18n.Msg("profile.active", "profile", name, "path", s.Display(s.EnvPath))
	}
	return Option{Value: name, Label: label, About: about}
}

var usedStep = Step{ID: StepDone, Intro: usedSummary, Prepare: seeChecklist, Shows: showChecklist}

func usedSummary(s *Session) []i18n.Message {
	values := []string{"path", s.Display(s.EnvPath), "profile", s.Answers.Profile, "app_id", s.Answers.AppID, "key_id", s.Answers.KeyID}
	if s.unchanged() {
		return []i18n.Message{i18n.Msg("used.already", values...)}
	}
	return append([]i18n.Message{i18n.Msg("used.switched", values...)}, s.keptLines()...)
}
