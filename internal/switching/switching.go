// Package switching is the plan "switch the .env to another profile".
package switching

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/exchange"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/paths"
	"cozejwt/internal/profiles"
	"cozejwt/internal/review"
	"cozejwt/internal/steps"
)

// A Switching is one run of the plan.
type Switching struct {
	steps.Base
	steps.Switch
	Profile string // the one that is to be put into the .env, "" before it is chosen

	held    credentials.EnvFile // what that profile holds
	options []flow.Option       // the profiles, as they were when last looked at
}

var (
	// ErrNoProfiles is the fault of a folder without a second profile.
	ErrNoProfiles = fault.Usage("profile.none")
	// ErrNoProfile is the fault of a name that no profile has.
	ErrNoProfile = fault.Usage("profile.unknown")
	// ErrLinked is the fault of a .env that is a profile by another name.
	ErrLinked = fault.Usage("profile.linked")
)

// Open begins the switch of the .env at envPath to another profile. The errors are ErrLinked,
// ErrNoProfiles, those of reading the .env, and of one whose values cannot be kept.
func Open(deps steps.Deps, dir, envPath string) (*Switching, error) {
	project, err := steps.OpenProject(deps, dir, envPath)
	if err == nil {
		err = project.Existing.Refused() // it would be lost
	}
	if err != nil {
		return nil, err
	}
	all := credentials.Profiles(dir)
	if info, err := os.Lstat(envPath); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		for _, path := range all {
			if paths.Same(path, envPath) {
				return nil, ErrLinked.With("path", project.Display(envPath), "profile", project.Display(path))
			}
		}
	}
	if len(all) == 0 {
		return nil, ErrNoProfiles.With("dir", dir)
	}
	s := &Switching{Base: steps.NewBase(project)}
	var before *credentials.Set
	if s.Existing.Found() {
		s.Names, before = s.Existing.Conventions[0], &s.Existing.Set
	}
	s.Switch = steps.NewSwitch(&s.Base, before, func() []string { return nil }, s.planReview, nil)
	s.Run = project.NewRun(flow.Plan{
		Name:    "use",
		Steps:   []flow.Step{s.profileStep(), s.TestStep(true), s.Step(), s.DoneStep(s.done)},
		Summary: s.summary, Leftovers: s.LeftAsItWas, Diagnose: s.diagnose, Console: s.Page,
		SkipTest: func() { s.Skipped = true },
	})
	return s, nil
}

// Flags answer the questions of the plan, in the order in which they are taken.
var Flags = []flow.Flag[*Switching]{
	flow.On("skip-test", i18n.Msg("flag.skip_test"), func(s *Switching) { s.Skipped = true }),
	flow.On("yes", i18n.Msg("flag.yes"), func(s *Switching) { s.Accept() }),
}

// Take answers the plan's questions with the values of its flags, by their names. The errors are
// faults of usage, and those of the fields.
func (s *Switching) Take(values map[string]string) error { return flow.Take(s, Flags, values) }

// TakeProfile answers the question which profile is wanted. A name that was
// typed is consent: what is replaced is kept. The errors are those of UseProfile.
func (s *Switching) TakeProfile(name string) error {
	s.Accept("profile")
	chosen, err := chosenProfile(s.Project, name)
	if err == nil {
		s.use(chosen)
	}
	return err
}

// A chosen profile can be put into the .env.
type chosen struct {
	exchange.Loaded
	name, base string
}

// chosenProfile reads the profile of a name. The errors are ErrNoProfile, and those of a name
// that cannot be one, of its .env, its API base and its key.
func chosenProfile(p steps.Project, name string) (c chosen, err error) {
	if err := credentials.CheckProfile(name); err != nil {
		return c, err
	}
	path := credentials.ProfilePath(p.Dir, name)
	if _, err := os.Stat(path); err != nil {
		return c, ErrNoProfile.With("profile", name, "known", i18n.List(profiles.Names(p.Dir)))
	}
	c.name = name
	if c.Loaded, err = exchange.Load(path); err == nil {
		c.base, err = coze.ParseBase(c.Set.APIBase)
	}
	return c, err
}

// use puts the profile into the answers.
func (s *Switching) use(c chosen) {
	s.Profile, s.held, s.Set = c.name, c.EnvFile, c.EnvFile.Set
	s.SetBase(c.base)
	s.KeyFile, s.Key = c.EnvFile.KeyFile(), c.Key
	if !s.Existing.Found() {
		s.Names = c.Conventions[0]
	}
}

// profileStep asks which profile is wanted.
func (s *Switching) profileStep() flow.Step {
	return flow.Step{
		ID: steps.Profile,
		Intro: func() []i18n.Message {
			return []i18n.Message{i18n.Msg("profile.brief", "path", s.Display(s.EnvPath))}
		},
		Look: func() flow.Job {
			project := s.Project
			return flow.Do(func(context.Context) (options []flow.Option, err error) {
				for _, name := range profiles.Names(project.Dir) {
					options = append(options, optionOf(project, name))
				}
				return options, nil
			}, func(options []flow.Option) { s.options = options })
		},
		Fields: func() []flow.Field {
			var names []string
			for _, o := range s.options {
				names = append(names, o.Value)
			}
			return []flow.Field{{
				ID: "profile", Value: s.Profile, Options: s.options,
				Unanswered: ErrNoProfile.With("profile", "", "known", i18n.List(names)),
				Put:        func(value string) { s.Profile = value },
			}}
		},
		Work: func() flow.Job {
			project, name := s.Project, s.Profile
			return flow.Do(func(context.Context) (chosen, error) { return chosenProfile(project, name) }, s.use)
		},
		Skip:   func() bool { return s.Given("profile") },
		Answer: func() string { return s.Profile },
	}
}

func optionOf(p steps.Project, name string) flow.Option {
	held, err := credentials.Load(credentials.ProfilePath(p.Dir, name))
	about := i18n.Msg("profile.about", "app_id", held.Set.AppID, "key_id", held.Set.KeyID, "base", held.Set.APIBase, "path", held.Set.KeyPath)
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		about = i18n.Msg("fault."+f.ID, f.Pairs...)
	}
	label := i18n.Msg("profile.label", "profile", name)
	if err == nil && p.Existing.Equal(held) {
		label = i18n.Msg("profile.active", "profile", name, "path", p.Display(p.EnvPath))
	}
	return flow.Option{Value: name, Label: label, About: about}
}

// planReview keeps what the .env holds and is not a profile yet.
func (s *Switching) planReview() flow.Job {
	target := s.Target(s.Values())
	if filepath.Dir(s.held.Path) == filepath.Dir(s.EnvPath) {
		target.Set = s.held.Set // its path means the same there: as it is written
	}
	var keep *steps.Previous
	if s.Existing.Found() && !s.Existing.Equal(s.held) {
		keep = &steps.Previous{File: s.Existing}
	}
	return s.PlanReview(keep, review.Plan{Targets: []review.Target{target}})
}

func (s *Switching) diagnose(err error) diagnosis.Diagnosis {
	if offline, ok := errors.AsType[*fault.Fault](err); ok && offline.Class == fault.ClassUnreachable {
		err = offline.With("profile", s.Profile).AdviseAlso("use.offline")
	}
	return s.DiagnoseSwitch(err)
}

func (s *Switching) done() []i18n.Message {
	values := []string{"path", s.Display(s.EnvPath), "profile", s.Profile, "app_id", s.AppID, "key_id", s.KeyID}
	if s.Unchanged() {
		return []i18n.Message{i18n.Msg("used.already", values...)}
	}
	return append([]i18n.Message{i18n.Msg("used.switched", values...)}, s.KeptLines()...)
}

func (s *Switching) summary() []i18n.Message {
	if s.Token == nil {
		return append(s.done(), i18n.Msg("summary.untested"))
	}
	return append(s.done(), s.TokenLine())
}
