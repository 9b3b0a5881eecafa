package setup

import (
	"context"
	"crypto/rsa"
	"os"
	"path/filepath"
	"slices"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/internal/profiles"
	"cozejwt/keygen"
)

const rotation = "rotate"

// Rotate is the plan "replace the key without downtime", while services sign with the old one.
// Its rule: at every instant the .env on the disk names a key that was seen to
// work.
var Rotate = Plan{Name: rotation, Flags: rotateFlags, Lasting: true, Summary: rotateSummary, Steps: []Step{
	currentStep,
	newKeyStep,
	newUploadStep,
	newKeyIDStep,
	filesStep,
	testStep,
	switchStep,
	rotatedStep,
}}

var (
	// ErrInUse is the fault of a key that a .env still uses: it cannot be the new key or be deleted.
	ErrInUse = fault.Usage("key.in_use")
	// ErrSameKeyID is the fault of a new Key ID that is the old one.
	ErrSameKeyID = fault.Usage("value.same_key_id")
	// ErrNoNewKey is the fault of a rotation without prompts for which no new key exists.
	ErrNoNewKey = fault.Usage("rotate.no_new_key")
)

// OpenRotation begins a rotation of the key that the .env at envPath names.
func OpenRotation(env Deps, dir, envPath string) (*Session, error) {
	s, err := openExisting(env, dir, envPath, Rotate)
	if err != nil {
		return nil, err
	}
	previous := s.existing.Set
	s.Answers.Previous = &previous
	if key, err := keygen.Load(s.existing.KeyFile()); err == nil {
		s.inUse = key.Private
	}
	s.Answers.KeyID, s.Answers.KeyFile, s.Answers.Together = "", s.waitingKey(), true
	s.findSameKeyFiles()
	return s, nil
}

// openExisting begins a session that needs the .env to hold complete credentials.
func openExisting(env Deps, dir, envPath string, plan Plan) (*Session, error) {
	if _, err := os.Stat(envPath); err != nil {
		return nil, fault.Invalid("env.absent", "path", envPath)
	}
	s, err := Open(env, dir, envPath)
	if err != nil {
		return nil, err
	}
	s.Plan = plan
	return s, s.existing.Validate()
}

// findSameKeyFiles finds the other .env files that use the key: they would stop
// working once it is deleted in the console. One with another API base is not
// switched, because the new key is not tested there.
func (s *Session) findSameKeyFiles() {
	s.sameKeyFiles, s.otherBaseFiles = nil, nil
	previous := credentials.EnvFile{Path: s.EnvPath, Set: *s.Answers.Previous}
	taken := []string{s.EnvPath}
	for _, path := range credentials.Files(filepath.Dir(s.EnvPath)) {
		held, err := credentials.Load(path)
		if err != nil || !held.Found() || slices.ContainsFunc(taken, func(t string) bool { return credentials.SameFile(t, path) }) {
			continue
		}
		base := held.Set.APIBase
		held.Set.APIBase = previous.Set.APIBase
		if !held.Equal(previous) {
			continue
		}
		if held.Set.APIBase = base; !held.Equal(previous) {
			s.otherBaseFiles = append(s.otherBaseFiles, path)
			continue
		}
		s.sameKeyFiles, taken = append(s.sameKeyFiles, held), append(taken, path)
	}
}

// newKeyFolder is where the new key goes beside one that stays in use: in a
// rotation, and for a second app. It is "" in a plan that has a path for its key.
func (s *Session) newKeyFolder() string {
	switch {
	case s.Answers.Previous != nil:
		return filepath.Dir(s.Answers.Previous.KeyFile(s.EnvPath))
	case s.Answers.NewApp && s.previous != nil:
		return filepath.Dir(s.previous.file.KeyFile())
	}
	return ""
}

// waitingKey finds the newest key of a rotation that no .env names yet, "" for
// none. One that was in use once is old, not new.
func (s *Session) waitingKey() string {
	newest, records := "", s.Deps.Records(s.EnvPath)
	for _, path := range s.unusedKeys() {
		if slices.ContainsFunc(records, func(r Record) bool { return credentials.SameFile(r.Previous.File, path) }) {
			continue
		}
		if _, err := keygen.Load(path); err == nil && (newest == "" || modified(path).After(modified(newest))) {
			newest = path
		}
	}
	return newest
}

// unusedKeys lists the keys beside the one in use that rotations have made and
// that no .env names.
func (s *Session) unusedKeys() []string {
	folder := filepath.Dir(s.existing.KeyFile())
	entries, _ := os.ReadDir(folder)
	used, err := profiles.KeysInUse(s.Dir, s.EnvPath)
	if err != nil {
		return nil // any of them may be in use
	}
	var paths []string
	for _, e := range entries {
		path := filepath.Join(folder, e.Name())
		if keygen.IsDated(e.Name()) && !used.Names(path) {
			paths = append(paths, path)
		}
	}
	return paths
}

func modified(path string) time.Time {
	info, err := os.Stat(path)
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

// currentStep tests the current credentials before anything is changed.
var currentStep = Step{
	ID:      StepCurrent,
	Outcome: TokenOptional,
	Intro: func(s *Session) []i18n.Message {
		f := s.Answers.Previous
		return []i18n.Message{
			i18n.Msg("current.brief", "path", s.Display(s.EnvPath), "host", coze.Audience(s.Answers.APIBase)),
			i18n.Msg("current.set", "app_id", f.AppID, "key_id", f.KeyID, "path", s.Display(f.KeyFile(s.EnvPath))),
		}
	},
	Work: func(s *Session) Job {
		file, set := s.Answers.Previous.KeyFile(s.EnvPath), *s.Answers.Previous
		set.APIBase = s.Answers.APIBase
		ask := s.ask(set, func() (*rsa.PrivateKey, error) {
			key, err := keygen.Load(file)
			if err != nil {
				return nil, err
			}
			return key.Private, nil
		})
		s.Observed.Worked = false
		return func(ctx context.Context) (Effect, error) {
			seen, err := ask(ctx)
			if err != nil {
				return nil, err
			}
			return func(s *Session) { seen(s); s.Observed.Worked = true }, nil
		}
	},
}

var newKeyStep = Step{
	ID: StepKey,
	Intro: func(s *Session) []i18n.Message {
		return []i18n.Message{i18n.Msg("new_key.brief", "path", s.Display(s.Answers.Previous.KeyFile(s.EnvPath)))}
	},
	Look: lookAtKeys,
	Fields: func(s *Session) []Field {
		fields := []Field{sourceField(s)}
		if s.Answers.Source == ImportKey {
			fields = append(fields, importField(s))
			if s.keys.discardable {
				fields = append(fields, discardField(s))
			}
		}
		return fields
	},
	Work: acquireKey,
}

var newUploadStep = Step{
	ID: StepUpload,
	Intro: func(s *Session) []i18n.Message {
		if inSandbox(s) {
			return sandboxUpload(s)
		}
		return []i18n.Message{
			i18n.Msg("new_upload.brief", "app_id", s.Answers.AppID),
			i18n.Msg("new_upload.full", "key_id", s.Answers.Previous.KeyID),
		}
	},
	Shows: showPublicKey,
	Look:  lookAtUpload,
	Work:  uploadToSandbox,
	Skip:  uploadStep.Skip,
}

var newKeyIDStep = Step{
	ID:       StepKeyID,
	Intro:    keyIDStep.Intro,
	Provided: inSandbox,
	Fields: func(s *Session) []Field {
		f := keyIDStep.Fields(s)[0]
		check, previous := f.Check, s.Answers.Previous.KeyID
		f.Check = func(raw string) (string, *fault.Fault, error) {
			value, notice, err := check(raw)
			if err == nil && value == previous {
				err = ErrSameKeyID.With("value", value)
			}
			return value, notice, err
		}
		return []Field{f}
	},
}

// filesStep asks whether the other .env files that name the old key come along.
var filesStep = Step{
	ID: StepFiles,
	Intro: func(s *Session) []i18n.Message {
		var names []string
		for _, t := range s.sameKeyFiles {
			names = append(names, s.Display(t.Path))
		}
		return []i18n.Message{i18n.Msg("files.brief", "path", s.Display(s.EnvPath), "others", i18n.List(names))}
	},
	Fields: func(s *Session) []Field {
		f := Field{ID: "together", Value: "yes", Options: yesNo("together", "yes", "no")}
		f.Options[0].Label, f.Options[1].Label = i18n.Msg("together.yes"), i18n.Msg("together.no")
		if !s.Answers.Together {
			f.Value = "no"
		}
		f.Put = func(s *Session, value string) { s.Answers.Together = value == "yes" }
		return []Field{f}
	},
	Skip: func(s *Session) bool { return len(s.sameKeyFiles) == 0 },
}

// rotatedStep says what is left to do, in the order in which it is safe.
var rotatedStep = Step{
	ID:      StepDone,
	Prepare: seeChecklist,
	Shows:   showChecklist,
	Intro: func(s *Session) []i18n.Message {
		lasts := s.Deps.Now().Add(coze.MaxTTL).Local().Format(time.DateTime + " MST")
		old := s.Answers.Previous
		next := i18n.Msg("rotated.next", "path", s.Display(s.EnvPath), "lasts", lasts, "key_id", old.KeyID)
		console := s.Console()
		if inSandbox(s) { // its address is gone once this run ends
			console = "cozejwt sandbox --open"
		}
		if console != "" {
			next = i18n.Msg("rotated.next_at", "path", s.Display(s.EnvPath), "lasts", lasts, "key_id", old.KeyID, "console", console)
		}
		lines := append([]i18n.Message{i18n.Msg("rotated.live", "path", s.Display(s.EnvPath)), next}, deployed(s.Observed.Tools)...)
		return append(lines, i18n.Msg("rotated.back", "path", s.Display(old.KeyFile(s.EnvPath))))
	},
}

// tools are what may hold a copy of the previous key, by the files that they
// have in a project.
var tools = []struct {
	name  string
	files []string
}{
	{"fly", []string{"fly.toml"}},
	{"github", []string{".github/workflows/*.yml", ".github/workflows/*.yaml"}},
	{"docker", []string{"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml", "Dockerfile"}},
	{"k8s", []string{"k8s/*.yaml", "k8s/*.yml", "kustomization.yaml", "deploy/*.yaml"}},
}

// toolsIn names the tools whose files are in the project folder dir.
func toolsIn(dir string) []string {
	var found []string
	for _, tool := range tools {
		for _, pattern := range tool.files {
			if len(globIn(dir, pattern)) > 0 {
				found = append(found, tool.name)
				break
			}
		}
	}
	return found
}

// deployed says how each tool gets the new key.
func deployed(tools []string) []i18n.Message {
	if len(tools) == 0 {
		return nil
	}
	lines := []i18n.Message{i18n.Msg("rotated.deployed")}
	for _, name := range tools {
		lines = append(lines, i18n.Msg("rotated.tool."+name))
	}
	return lines
}

// UseNewKey answers the question for the key with one that was made before, by
// keygen or by a rotation that was left.
func (s *Session) UseNewKey(path string) error {
	key, err := keygen.Load(path)
	if err != nil {
		return err
	}
	if s.inUse != nil && s.inUse.Equal(key.Private) {
		return ErrInUse.With("path", path)
	}
	s.Answers.KeyFile = path
	s.note(FromFlag, "key_path")
	s.takeSource(ReuseKey)
	return nil
}

// ReadyUnasked prepares a rotation that cannot prompt: it takes the new key that was
// made before. The error is ErrNoNewKey if none was made.
func (s *Session) ReadyUnasked() error {
	if s.Answers.Region == coze.Sandbox {
		return nil
	}
	switch {
	case s.Answers.Source == "" && s.Answers.KeyFile == "":
		return ErrNoNewKey
	case s.Answers.Source == "":
		return s.UseNewKey(s.Answers.KeyFile)
	}
	return nil
}
