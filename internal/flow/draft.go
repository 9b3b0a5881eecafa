package flow

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"cozejwt/internal/diagnosis"
	"cozejwt/internal/i18n"
	"cozejwt/internal/paths"
	"cozejwt/internal/state"
)

// A Draft is what is kept of a run that was not finished: the answers and the step. No key,
// no token and no other secret is in it.
type Draft struct {
	EnvPath string    `json:"env_path"` // of the file that the run is about
	Step    string    `json:"step"`
	Saved   time.Time `json:"saved"`
	Kept
}

// Kept is what a plan keeps of itself in a draft.
type Kept struct {
	Answers json.RawMessage `json:"answers"`              // in the plan's own form
	Key     string          `json:"key_sha256,omitempty"` // of the public key that the answers are about
	Written bool            `json:"written,omitempty"`    // the file holds the answers
}

// Decode puts the answers of the draft into a value of the plan's type. Where they are of
// another form, the value keeps what it has.
func (k Kept) Decode(answers any) { _ = json.Unmarshal(k.Answers, answers) }

// A Store is where the draft of a run is kept.
type Store struct {
	Folder string // "" for nowhere
	Path   string // of the file that the run is about, absolute
	Now    func() time.Time
}

// draftLife is how long an unfinished run is worth resuming.
const draftLife = 14 * 24 * time.Hour

func (s Store) draft(plan string) state.File[Draft] {
	if s.Folder == "" {
		return state.File[Draft]{}
	}
	return state.File[Draft]{Path: filepath.Join(draftFolder(s.Folder), plan+"-"+state.Name(paths.Canonical(s.Path))+".json")}
}

func draftFolder(stateDir string) string { return filepath.Join(stateDir, "drafts") }

// Drafts lists the drafts of all plans and projects that a state folder has.
func Drafts(stateDir string) []state.Kept {
	return state.Files(draftFolder(stateDir), "draft", func(path string) string {
		d, _ := state.File[Draft]{Path: path}.Read()
		return d.EnvPath
	})
}

// A Save writes down what was noted, on any goroutine. What was noted later
// wins, whichever is written first.
type Save func()

// Arrive records that the run reached the step at an index, so that it can be
// resumed there. At the last step, the Save removes the draft.
func (r *Run) Arrive(at int) Save {
	r.Stops(at) // these keep their numbers
	if at < len(r.Steps)-1 {
		r.ended = false
		return r.SaveDraft(r.Steps[at].ID)
	}
	r.draftStep, r.ended = "", true
	return r.DropDraft()
}

// Ended reports whether the run has reached its last step, which shows what was done.
func (r *Run) Ended() bool { return r.ended }

// Pause keeps the answers of a run that is left, to be resumed where it is.
func (r *Run) Pause() Save {
	if r.draftStep == "" {
		return func() {}
	}
	return r.SaveDraft(r.draftStep)
}

// Fail notes that the work of the step was refused, so that the run resumes at the step that
// fixes it.
func (r *Run) Fail(at int, d diagnosis.Diagnosis) Save {
	if fix := r.StepToFix(d.FixAt()); d.Refusal != nil && fix >= 0 {
		at = fix
	}
	return r.SaveDraft(r.Steps[at].ID)
}

// SaveDraft keeps the run for later. A draft that cannot be written does not stop the run.
func (r *Run) SaveDraft(step string) Save {
	r.draftStep = step
	if !r.Lasting {
		return func() {}
	}
	d := Draft{r.Store.Path, step, r.Store.Now(), r.Keep()}
	return r.changeDraft(func(f state.File[Draft]) { _ = f.Write(d) })
}

// DropDraft forgets the run: it is finished, or was begun again.
func (r *Run) DropDraft() Save {
	if !r.Lasting {
		return func() {}
	}
	return r.changeDraft(state.File[Draft].Remove)
}

// A draftWriter keeps the changes of a draft in order.
type draftWriter struct {
	mu             sync.Mutex
	noted, written int
}

func (r *Run) changeDraft(change func(state.File[Draft])) Save {
	file, w := r.Store.draft(r.Name), &r.drafts
	w.mu.Lock()
	defer w.mu.Unlock()
	w.noted++
	n := w.noted
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if n > w.written {
			w.written = n
			change(file)
		}
	}
}

// FindDraft returns the unfinished run of this plan for its file, nil where there is none
// that is worth resuming.
func (r *Run) FindDraft() *Draft {
	if r.Begin != nil {
		return r.Begin
	}
	d, ok := r.Store.draft(r.Name).Read()
	if ok && paths.Canonical(d.EnvPath) == paths.Canonical(r.Store.Path) && r.worthResuming(d) && (r.Continues == nil || r.Continues(&d)) {
		return &d
	}
	return nil
}

func (r *Run) worthResuming(d Draft) bool {
	return r.Index(d.Step) > 0 && r.Store.Now().Sub(d.Saved) <= draftLife
}

// DraftsBeside lists the unfinished runs of this plan for other files in the folder of its
// own; the newest comes first.
func (r *Run) DraftsBeside() []*Draft {
	if r.Store.Folder == "" {
		return nil
	}
	var found []*Draft
	own := paths.Canonical(r.Store.Path)
	folder := draftFolder(r.Store.Folder)
	entries, _ := os.ReadDir(folder)
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), r.Name+"-") {
			continue
		}
		d, ok := state.File[Draft]{Path: filepath.Join(folder, entry.Name())}.Read()
		other := paths.Canonical(d.EnvPath)
		if ok && other != own && filepath.Dir(other) == filepath.Dir(own) && r.worthResuming(d) {
			found = append(found, &d)
		}
	}
	slices.SortFunc(found, func(a, b *Draft) int { return b.Saved.Compare(a.Saved) })
	return found
}

// ResumeField asks whether to resume the draft; "yes" is the proposal.
func (r *Run) ResumeField(d *Draft) Field {
	option := func(value string) Option {
		return Option{value, i18n.Msg("resume." + value), i18n.Msg("resume." + value + ".about")}
	}
	return Field{
		ID: "resume", Value: "yes", Hint: new(r.where("resume.where", d)),
		Options: []Option{option("yes"), option("no")},
		Put:     func(string) {},
	}
}

// where says when and at which step the run stopped, in a text of that id.
func (r *Run) where(id string, d *Draft) i18n.Message {
	return i18n.Msg(id).Within("ago", Ago(r.Store.Now().Sub(d.Saved))).Within("step", i18n.Msg("step."+d.Step))
}

// Stopped says when and at which step a run stopped.
func (r *Run) Stopped(d *Draft) i18n.Message { return r.where("start.resume.about", d) }

// Ago says how long ago something was, as roughly as a person would.
func Ago(d time.Duration) i18n.Message {
	for _, unit := range []struct {
		id string
		of time.Duration
	}{{"ago.days", 24 * time.Hour}, {"ago.hours", time.Hour}, {"ago.minutes", time.Minute}} {
		if d >= unit.of {
			return i18n.Msg(unit.id, "n", strconv.Itoa(int(d/unit.of)))
		}
	}
	return i18n.Msg("ago.now")
}
