// Package setup is the plan "create a new JWT app": from nothing to a live token, and the plan
// that corrects credentials which were refused, which has the same steps.
package setup

import (
	"path/filepath"
	"slices"
	"strings"

	"cozejwt/envfile"
	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/profiles"
	"cozejwt/internal/snippet"
	"cozejwt/internal/steps"
	"cozejwt/keygen"
)

// DefaultKeyPath is where the private key is kept, relative to the project.
const DefaultKeyPath = "config/private_key.pem"

// A Setup is one run of the plan.
type Setup struct {
	steps.Base
	steps.Keys
	Choices
	NoExample bool // .env.example is left alone

	KeepRefused bool // values that were refused stay in the .env when the run is left
	Restored    bool // the previous credentials are back in the .env

	previous  *steps.Previous           // what the .env held when the run began; nil where that was not complete
	appExists bool                      // the console has the app before the step makes one
	byHand    []string                  // apps made by hand in the console, as they were when first looked at; nil before that
	usage     snippet.Project           // that the credentials are for
	tried     func(i18n.Speaker) string // what a first call answered; nil where none was made
}

// Choices are what the person chose in this plan alone.
type Choices struct {
	// PreviousKey is the fingerprint of the key that the .env named when the run began, ""
	// for none.
	PreviousKey string `json:"previous_key_sha256,omitempty"`
	NewApp      bool   `json:"new_app,omitempty"` // beside the one whose credentials are there
	HasApp      bool   `json:"has_app,omitempty"` // made before this run, with its permissions
	// Tasks are what the app will do, by the ids of internal/permissions; none for the default.
	Tasks []string `json:"tasks,omitempty"`
}

// Open begins a run for the project folder dir, whose credentials are or will be in the file
// envPath. What the file holds is the first answer to each question. The errors are those of
// reading the file.
func Open(deps steps.Deps, dir, envPath string) (*Setup, error) {
	project, err := steps.OpenProject(deps, dir, envPath)
	if err != nil {
		return nil, err
	}
	s := &Setup{Base: steps.NewBase(project)}
	s.Keys = steps.NewKeys(&s.Base, s.newKeyFolder)
	s.KeyFile = filepath.Join(dir, filepath.FromSlash(DefaultKeyPath))
	s.Run = project.NewRun(flow.Plan{
		Name: "create", Lasting: true, Steps: s.steps(), Opening: s.opening,
		Summary: s.summary, Leftovers: s.leftovers, Diagnose: s.diagnose, Console: s.Page, English: s.EnglishConsole, Warm: s.Warm,
		Undo:     &flow.Undo{Can: s.canRestore, Do: s.restore, Keep: func() { s.KeepRefused = true }},
		Searches: []*flow.Search{s.pairs(), s.otherRegion()},
		Keep:     s.keep, Resume: s.resume,
	})
	if s.Found() {
		s.preselect()
		s.findPrevious()
		s.NoteOrigin(flow.FromEnv)
	} else {
		s.readExample()
		s.NoteOrigin(flow.FromExample)
	}
	return s, nil
}

func (s *Setup) steps() []flow.Step {
	return []flow.Step{
		s.regionStep(),
		s.appStep(),
		s.Keys.Step(func() []i18n.Message { return []i18n.Message{i18n.Msg("key.brief")} }),
		s.UploadStep(steps.Uploading{
			Intro:    func() []i18n.Message { return []i18n.Message{i18n.Msg("upload.brief")} },
			Left:     s.leftToDo,
			MakesApp: true,
			Fixes:    []diagnosis.FixAt{diagnosis.AtUpload},
		}),
		s.appIDStep(),
		s.ValueStep(credentials.KeyID, diagnosis.AtKeyID),
		s.reviewStep(),
		s.TestStep(false),
		s.doneStep(),
	}
}

// Found reports whether the .env holds credentials, or a part of them.
func (s *Setup) Found() bool { return s.Existing.Found() }

// keyOfItsOwn proposes a key file for a new profile whose default another .env uses: each app
// has a key of its own. A Key ID that is given is of a key that is there.
func (s *Setup) keyOfItsOwn() {
	name := s.Existing.Profile()
	if name == "" || s.Found() || s.Given("key_id") || s.Given("key_path") || s.Given("key_source") {
		return
	}
	if used, err := profiles.KeysInUse(s.Dir, s.EnvPath); err != nil || !used.Names(s.KeyFile) {
		return
	}
	ending := filepath.Ext(s.KeyFile)
	s.KeyFile = strings.TrimSuffix(s.KeyFile, ending) + "_" + name + ending
}

// readExample proposes what a team's .env.example holds, in a fresh clone: the
// names, the region and the App ID.
func (s *Setup) readExample() {
	f, err := envfile.Load(filepath.Join(s.Dir, ".env.example"))
	if err != nil {
		return // a proposal is not worth an error
	}
	set, names, ok := credentials.Read(f)
	if !ok {
		return
	}
	s.Names = names
	if base, err := coze.ParseBase(set.APIBase); err == nil && strings.HasPrefix(base, "https://") { // http is another machine's sandbox
		s.SetBase(base)
	}
	for _, field := range append(credentials.Checked(), credentials.Optionals()...) {
		if field == credentials.KeyID {
			continue // each of the team has a key of their own
		}
		if value, notice, err := credentials.Check(field, set.Get(field)); err == nil && notice == nil {
			*s.At(field) = value
		}
	}
}

// preselect proposes what the .env holds. Without its key, a Key ID is of no use.
func (s *Setup) preselect() {
	s.Preselect()
	s.Set.KeyID = ""
	if key, err := keygen.Load(s.KeyFile); err == nil {
		s.Set.KeyID = s.Existing.Set.KeyID
		s.Own(key.Private)
	}
}

// UseNewApp makes the run about another app than the one whose credentials are
// there: its ids are not proposed, and its key is not touched.
func (s *Setup) UseNewApp() {
	s.NewApp = true
	s.ForgetIDs()
	if s.previous != nil {
		s.KeyFile = ""
	}
}

// newKeyFolder is where the key of a second app goes, beside that of the first; "" where the
// run has a path for its key.
func (s *Setup) newKeyFolder() string {
	if !s.NewApp || s.previous == nil {
		return ""
	}
	return filepath.Dir(s.previous.File.KeyFile())
}

func (s *Setup) diagnose(err error) diagnosis.Diagnosis {
	f := s.Facts()
	f.KeyFromHere, f.KeyIsNew, f.Uploaded = s.Source != steps.ImportKey, s.KeyIsNew, s.Uploaded
	f.RegionOpen = s.regionIsOpen()
	return diagnosis.Diagnose(err, f)
}

// regionIsOpen reports whether nothing but a choice in this run says where the app is: its key was
// there before, and the .env was for no region or for another one.
func (s *Setup) regionIsOpen() bool {
	base, err := coze.ParseBase(s.Existing.Set.APIBase)
	return s.Region.Base() != "" && s.Source != steps.MakeKey && (err != nil || base != s.APIBase)
}

// UnfinishedProfiles are the unfinished runs of this plan for the profiles of the project; the
// newest comes first.
func (s *Setup) UnfinishedProfiles() []*flow.Draft {
	return slices.DeleteFunc(s.DraftsBeside(), func(d *flow.Draft) bool { return ProfileOf(d) == "" })
}

// ProfileOf is the profile that an unfinished run is about, "" for the .env of the project.
func ProfileOf(d *flow.Draft) string { return credentials.EnvFile{Path: d.EnvPath}.Profile() }
