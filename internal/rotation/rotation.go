// Package rotation has the plans that replace the key of an app: rotate, back to the previous
// key, and delete the keys that are left behind. The rule of all of them: at every instant the
// .env on the disk names a key that was seen to work.
package rotation

import (
	"context"
	"crypto/rsa"
	"os"
	"path/filepath"
	"slices"
	"time"

	"cozejwt/internal/credentials"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/paths"
	"cozejwt/internal/profiles"
	"cozejwt/internal/review"
	"cozejwt/internal/steps"
	"cozejwt/keygen"
)

// A Rotation is one run of the plan "replace the key without downtime", while services sign
// with the old one.
type Rotation struct {
	steps.Base
	steps.Keys
	steps.Switch
	Previous credentials.Set // that the .env named when the rotation began
	Together bool            // the other .env files that name the key are switched with it

	worked         bool                  // the current credentials were seen to work before they are changed
	sameKeyFiles   []credentials.EnvFile // other .env files that name the previous key
	otherBaseFiles []string              // those that name it, but ask another API base
	tools          []string              // of the project that may hold the previous key
}

var (
	// ErrSameKeyID is the fault of a new Key ID that is the old one.
	ErrSameKeyID = fault.Usage("value.same_key_id")
	// ErrNoNewKey is the fault of a rotation without prompts for which no new key exists.
	ErrNoNewKey = fault.Usage("rotate.no_new_key")
)

// Open begins a rotation of the key that the .env at envPath names. The errors are those of
// [steps.OpenComplete].
func Open(deps steps.Deps, dir, envPath string) (*Rotation, error) {
	project, err := steps.OpenComplete(deps, dir, envPath)
	if err != nil {
		return nil, err
	}
	r := &Rotation{Base: steps.NewBase(project), Previous: project.Existing.Set, Together: true}
	r.Keys = steps.NewKeys(&r.Base, func() string { return filepath.Dir(r.Previous.KeyFile(r.EnvPath)) })
	r.Switch = steps.NewSwitch(&r.Base, &r.Previous, r.others, r.planReview, r.record)
	r.Run = project.NewRun(flow.Plan{
		Name: "rotate", Lasting: true, Steps: r.steps(),
		Summary: r.summary, Leftovers: r.leftovers, Diagnose: r.diagnose, Console: r.Page, English: r.EnglishConsole, Warm: r.Warm,
		Keep: r.keep, Resume: r.resume, Continues: r.continues,
	})
	if key, err := keygen.Load(r.Existing.KeyFile()); err == nil {
		r.InUse = key.Private
	}
	r.Preselect()
	r.KeyID, r.KeyFile = "", waitingKey(project)
	r.sameKeyFiles, r.otherBaseFiles = sameKeyFiles(r.Existing)
	r.NoteOrigin(flow.FromEnv)
	return r, nil
}

func (r *Rotation) steps() []flow.Step {
	return []flow.Step{
		r.currentStep(),
		r.Keys.Step(func() []i18n.Message {
			return []i18n.Message{r.ifWorked("new_key.brief", "new_key.brief.refused", "path", r.Display(r.Previous.KeyFile(r.EnvPath)))}
		}),
		r.UploadStep(steps.Uploading{
			Intro: func() []i18n.Message {
				return []i18n.Message{
					r.ifWorked("new_upload.brief", "new_upload.brief.refused", "app_id", r.AppID),
					r.ifWorked("new_upload.full", "new_upload.full.refused", "key_id", r.Previous.KeyID),
				}
			},
			Fixes: []diagnosis.FixAt{diagnosis.AtUpload, diagnosis.AtConsole},
		}),
		r.keyIDStep(),
		r.filesStep(),
		r.TestStep(true),
		r.Switch.Step(),
		r.doneStep(),
	}
}

// ifWorked is a text about the current key, which services sign with, or another where it was not seen to work.
func (r *Rotation) ifWorked(working, refused string, pairs ...string) i18n.Message {
	if r.worked {
		return i18n.Msg(working, pairs...)
	}
	return i18n.Msg(refused, pairs...)
}

// sameKeyFiles finds the other .env files that use the key of one: they would stop working once
// it is deleted in the console. One with another API base is not switched, because the new key
// is not tested there.
func sameKeyFiles(env credentials.EnvFile) (same []credentials.EnvFile, otherBase []string) {
	taken := []string{env.Path}
	for _, path := range credentials.Files(filepath.Dir(env.Path)) {
		held, err := credentials.Load(path)
		if err != nil || !held.Found() || slices.ContainsFunc(taken, func(t string) bool { return paths.Same(t, path) }) {
			continue
		}
		other := held // what it signs for and who owns its token may differ
		other.Set = env.Set
		other.Set.AppID, other.Set.KeyID, other.Set.KeyPath = held.Set.AppID, held.Set.KeyID, held.Set.KeyPath
		if !other.Equal(env) {
			continue
		}
		if other.Set.APIBase = held.Set.APIBase; !other.Equal(env) {
			otherBase = append(otherBase, path)
			continue
		}
		same, taken = append(same, held), append(taken, path)
	}
	return same, otherBase
}

// waitingKey finds the newest key of a rotation that no .env names yet, "" for
// none. One that was in use once is old, not new.
func waitingKey(p steps.Project) string {
	newest, records := "", Records(p.StateDir, p.EnvPath)
	for _, path := range unusedKeys(p) {
		if slices.ContainsFunc(records, func(r Record) bool { return paths.Same(r.Previous.File, path) }) {
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
func unusedKeys(p steps.Project) []string {
	folder := filepath.Dir(p.Existing.KeyFile())
	entries, _ := os.ReadDir(folder)
	used, err := profiles.KeysInUse(p.Dir, p.EnvPath)
	if err != nil {
		return nil // any of them may be in use
	}
	var unused []string
	for _, e := range entries {
		path := filepath.Join(folder, e.Name())
		if keygen.IsDated(e.Name()) && !used.Names(path) {
			unused = append(unused, path)
		}
	}
	return unused
}

func modified(path string) time.Time {
	info, err := os.Stat(path)
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

// UseNewKey answers the question for the key with one that was made before, by
// keygen or by a rotation that was left. The errors are [steps.ErrInUse] and those of
// [keygen.Load].
func (r *Rotation) UseNewKey(path string) error {
	key, err := keygen.Load(path)
	if err != nil {
		return err
	}
	if r.InUse != nil && r.InUse.Equal(key.Private) {
		return steps.ErrInUse.With("path", path)
	}
	r.KeyFile = path
	r.Note(flow.FromFlag, "key_path")
	r.Keys.Take(steps.ReuseKey)
	return nil
}

// ReadyUnasked prepares a rotation that cannot prompt: it takes the new key that was
// made before. The error is ErrNoNewKey if none was made.
func (r *Rotation) ReadyUnasked() error {
	switch {
	case r.Console().Acts(), r.Source != "":
		return nil
	case r.KeyFile == "":
		return ErrNoNewKey
	}
	return r.UseNewKey(r.KeyFile)
}

// A draft is what is kept of a rotation that was left. There is no secret in it.
type draft struct {
	steps.Answers
	Previous *credentials.Set `json:"former,omitempty"`
}

func (r *Rotation) keep() flow.Kept {
	return r.Keep(draft{r.Answers(), &r.Previous})
}

// continues reports whether the .env has the credentials from before the unfinished
// rotation, or its new ones. Otherwise someone else has changed the key.
func (r *Rotation) continues(d *flow.Draft) bool {
	var was draft
	d.Decode(&was)
	now := r.Existing.Set
	return was.Previous != nil && (*was.Previous == now || now.KeyID == was.KeyID && paths.Same(r.Existing.KeyFile(), was.KeyFile))
}

func (r *Rotation) resume(d *flow.Draft, at *int) flow.Job {
	var was draft
	d.Decode(&was)
	file, env := r.FileIn(was.Answers), credentials.EnvFile{Path: r.EnvPath, Set: *was.Previous}
	return func(context.Context) (flow.Effect, error) {
		key, _ := keygen.Load(file) // nil for none
		same, otherBase := sameKeyFiles(env)
		return func() {
			r.Previous = *was.Previous
			r.sameKeyFiles, r.otherBaseFiles = same, otherBase
			*at = r.Recall(d, was.Answers, key, steps.Test)
		}, nil
	}
}

func (r *Rotation) diagnose(err error) diagnosis.Diagnosis {
	f := r.Facts()
	f.KeyFromHere, f.KeyIsNew, f.Uploaded = r.Source != steps.ImportKey, r.KeyIsNew, r.Uploaded
	f.KeyWorked = r.Undone
	f.AppWorks = r.worked && r.Asked() != r.Previous
	return diagnosis.Diagnose(err, f)
}

// load is the private key at a file, for an exchange.
func load(file string) func() (*rsa.PrivateKey, error) {
	return func() (*rsa.PrivateKey, error) {
		key, err := keygen.Load(file)
		if err != nil {
			return nil, err
		}
		return key.Private, nil
	}
}

// targets are the .env files to write.
func (r *Rotation) targets() []review.Target {
	all := []review.Target{r.Target(r.Values())}
	for _, t := range r.switchedWith() {
		set := t.Set
		set.KeyID, set.KeyPath = r.KeyID, credentials.RelativeKeyPath(r.Dir, t.Path, r.KeyFile)
		all = append(all, review.Target{Path: t.Path, Set: set, Conventions: t.Conventions, Was: &t})
	}
	return all
}

// switchedWith are the other .env files that are switched with this one.
func (r *Rotation) switchedWith() []credentials.EnvFile {
	if !r.Together {
		return nil
	}
	return r.sameKeyFiles
}

func (r *Rotation) others() []string { return pathsOf(r.switchedWith()) }

func pathsOf(files []credentials.EnvFile) []string {
	var all []string
	for _, f := range files {
		all = append(all, f.Path)
	}
	return all
}

func (r *Rotation) planReview() flow.Job {
	return r.PlanReview(nil, review.Plan{Targets: r.targets(), Others: r.otherBaseFiles, Key: r.KeyAction()})
}

// record keeps what a rollback needs to know.
func (r *Rotation) record() func() (string, error) {
	rec := Record{
		Time: r.Now(), AppID: r.Previous.AppID, Base: r.Previous.APIBase,
		Previous: KeyRef{r.Previous.KeyID, r.Previous.KeyFile(r.EnvPath)},
		New:      KeyRef{r.KeyID, r.KeyFile},
		Files:    []Switched{{r.EnvPath, r.Previous}},
	}
	for _, t := range r.switchedWith() {
		rec.Files = append(rec.Files, Switched{t.Path, t.Set})
	}
	stateDir, envPath := r.StateDir, r.EnvPath
	return func() (string, error) { return rec.write(stateDir, envPath) }
}
