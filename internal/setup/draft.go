package setup

import (
	"crypto/rsa"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/i18n"
	"cozejwt/internal/state"
	"cozejwt/keygen"
)

// A Draft is what is kept of a run that was not finished: the answers and the
// step. No key, no token and no other secret is in it.
type Draft struct {
	EnvPath string    `json:"env_path"`
	Step    string    `json:"step"`
	Saved   time.Time `json:"saved"`
	Answers Answers   `json:"answers"`
	Key     string    `json:"key_sha256,omitempty"` // of the public key that the answers are about
	Written bool      `json:"written,omitempty"`    // the .env holds the answers
}

// draftLife is how long an unfinished run is worth resuming.
const draftLife = 14 * 24 * time.Hour

func (s *Session) draft() state.File[Draft] {
	return draftOf(s.Deps.StateDir, s.Plan.Name, s.EnvPath)
}

func draftOf(stateDir, plan, envPath string) state.File[Draft] {
	if stateDir == "" {
		return state.File[Draft]{}
	}
	return state.File[Draft]{Path: filepath.Join(stateDir, "drafts", plan+"-"+state.Name(canonical(envPath))+".json")}
}

// A Save writes down what was noted, on any goroutine. What was noted later
// wins, whichever is written first.
type Save func()

// Arrive records that the run reached the step at an index, so that it can be
// resumed there. At the last step, the Save removes the draft and releases the
// project folder.
func (s *Session) Arrive(at int) Save {
	if at < len(s.Plan.Steps)-1 {
		s.ended = false
		return s.SaveDraft(s.Plan.Steps[at].ID)
	}
	s.draftStep, s.ended = "", true
	drop, unlock := s.DropDraft(), s.Unlock
	return func() {
		drop()
		if unlock != nil {
			unlock()
		}
	}
}

// Ended reports whether the run has reached its last step, which shows what was done.
func (s *Session) Ended() bool { return s.ended }

// Pause keeps the answers of a run that is left, to be resumed where it is.
func (s *Session) Pause() Save {
	if s.draftStep == "" {
		return func() {}
	}
	return s.SaveDraft(s.draftStep)
}

// Fail notes that the work of the step was refused: the run is resumed where
// that is fixed.
func (s *Session) Fail(at int, d diagnosis.Diagnosis) Save {
	if step := s.Plan.StepToFix(d.FixAt()); d.Refusal != nil && step != "" {
		return s.SaveDraft(step)
	}
	return s.SaveDraft(s.Plan.Steps[at].ID)
}

// SaveDraft keeps the run for later. It is a convenience: where it cannot be
// kept, the run continues without.
func (s *Session) SaveDraft(step string) Save {
	s.draftStep = step
	if s.Answers.DryRun || !s.Plan.Lasting {
		return func() {}
	}
	d := Draft{s.EnvPath, step, s.Deps.Now(), s.Answers, fingerprint(s.Observed.Key), s.Observed.Written}
	return s.changeDraft(func(f state.File[Draft]) { _ = f.Write(d) })
}

// DropDraft forgets the run: it is finished, or was begun again.
func (s *Session) DropDraft() Save {
	if s.Answers.DryRun {
		return func() {}
	}
	return s.changeDraft(state.File[Draft].Remove)
}

// A draftWriter keeps the changes of a draft in order.
type draftWriter struct {
	mu             sync.Mutex
	noted, written int
}

func (s *Session) changeDraft(change func(state.File[Draft])) Save {
	stateDir, plan, envPath, w := s.Deps.StateDir, s.Plan.Name, s.EnvPath, s.drafts
	w.mu.Lock()
	defer w.mu.Unlock()
	w.noted++
	n := w.noted
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if n > w.written {
			w.written = n
			change(draftOf(stateDir, plan, envPath))
		}
	}
}

// fingerprint tells keys apart; it is "" for none.
func fingerprint(key *rsa.PrivateKey) string {
	if key == nil {
		return ""
	}
	return keygen.Fingerprint(&key.PublicKey)
}

// FindDraft returns the unfinished run for this .env, nil where there is none
// that is worth resuming.
func (s *Session) FindDraft() *Draft {
	if s.begin != nil {
		return s.begin
	}
	d, ok := s.draft().Read()
	if !ok || canonical(d.EnvPath) != canonical(s.EnvPath) {
		return nil
	}
	if !s.worthResuming(d) || !s.continues(d) {
		return nil
	}
	return &d
}

func (s *Session) worthResuming(d Draft) bool {
	return s.Plan.Index(d.Step) > 0 && s.Deps.Now().Sub(d.Saved) <= draftLife
}

// UnfinishedProfiles are the unfinished runs of this plan for the profiles of the project, without
// the one that the session is about; the newest comes first.
func (s *Session) UnfinishedProfiles() []*Draft {
	if s.Deps.StateDir == "" {
		return nil
	}
	var found []*Draft
	for _, path := range globIn(s.Deps.StateDir, "drafts/"+s.Plan.Name+"-*.json") {
		d, ok := state.File[Draft]{Path: path}.Read()
		here := canonical(filepath.Dir(d.EnvPath)) == canonical(s.Dir) && canonical(d.EnvPath) != canonical(s.EnvPath)
		if ok && here && d.Profile() != "" && s.worthResuming(d) {
			found = append(found, &d)
		}
	}
	slices.SortFunc(found, func(a, b *Draft) int { return b.Saved.Compare(a.Saved) })
	return found
}

// Profile is the profile that the run is about, "" for the .env of the project.
func (d *Draft) Profile() string { return credentials.EnvFile{Path: d.EnvPath}.Profile() }

// continues reports whether the .env has the credentials from before the unfinished
// rotation, or its new ones. Otherwise someone else has changed the key.
func (s *Session) continues(d Draft) bool {
	if s.Answers.Previous == nil {
		return true
	}
	before, now := d.Answers.Previous, s.existing.Set
	return before != nil && (*before == now || now.KeyID == d.Answers.KeyID && credentials.SameFile(s.existing.KeyFile(), d.Answers.KeyFile))
}

// Resuming is Resume as a job: it reads key files. At gets the index of the step.
func (s *Session) Resuming(d *Draft, at *int) Job {
	return s.apart(func(s *Session) error {
		*at = s.Resume(d)
		return nil
	})
}

// Resume takes the draft's answers, where no flag has given another, and
// returns the step to continue with: the draft's, or the key step where the key
// that the draft counts on is gone.
func (s *Session) Resume(d *Draft) int {
	flags := s.Answers
	s.Answers = d.Answers
	s.Answers.Names, s.Answers.DryRun, s.Answers.SkipTest, s.Answers.Together = flags.Names, flags.DryRun, flags.SkipTest, flags.Together
	s.Answers.Write, s.Answers.Bits, s.Answers.NoExample = flags.Write, flags.Bits, flags.NoExample
	s.recallPrevious(d.Answers.PreviousKey)
	s.Observed.Written = d.Written
	if d.Written && s.existing.Equal(credentials.EnvFile{Path: s.EnvPath, Set: s.Set()}) {
		s.previous = nil // the .env holds this run's own values, which nobody wants back
	}
	at := s.Plan.Index(d.Step)
	if s.restoreGiven(flags) {
		at = s.Plan.First(s) // another region: its own way from the beginning
	}
	if s.begin != nil { // there was no run before
		s.noteAnswers(FromEnv)
	} else {
		s.noteAnswers(FromDraft)
	}
	if s.Answers.Region == coze.Sandbox {
		s.console = s.Answers.APIBase + "/"
	}
	if s.Answers.Previous != nil {
		s.findSameKeyFiles()
	}
	if at <= s.Plan.Index(StepKey) {
		return at
	}
	key, err := keygen.Load(s.Answers.KeyFile)
	if err != nil || fingerprint(key.Private) != d.Key || s.Given("key_source") {
		// The Key ID is of a key that is not the one which is used now.
		if !s.Given("key_id") {
			s.Answers.KeyID = ""
		}
		return s.Plan.Index(StepKey)
	}
	s.Observed.Key, s.keyIDOwner = key.Private, d.Key
	s.Observed.KeyIsNew, s.Observed.Source = s.Answers.Source != ReuseKey, s.Answers.Source
	// What a review promised is worked out again, and what a test has shown is
	// seen again before anything is changed.
	return min(at, s.Plan.Index(StepReview), s.Plan.Index(StepTest))
}

// restoreGiven lets the flags win over the draft. It reports whether they ask
// for another region than the draft's.
func (s *Session) restoreGiven(flags Answers) (elsewhere bool) {
	same := flags.Region == s.Answers.Region && (flags.APIBase == "" || flags.APIBase == s.Answers.APIBase)
	if s.Given("region") && !same {
		s.ChooseBase(flags.Region, flags.APIBase)
		elsewhere = true
	}
	if s.Given("key_path") {
		s.Answers.KeyFile = flags.KeyFile
	}
	if s.Given("key_source") {
		s.Answers.Source, s.Answers.Import = flags.Source, flags.Import
	}
	for _, field := range credentials.Checked() {
		if s.Given(string(field)) {
			*s.Answers.At(field) = flags.Get(field)
		}
	}
	return elsewhere
}

// ResumeField asks whether to resume the draft; "yes" is the proposal.
func ResumeField(s *Session, d *Draft) Field {
	hint := d.where("resume.where", s)
	option := func(value string) Option {
		return Option{value, i18n.Msg("resume." + value), i18n.Msg("resume." + value + ".about")}
	}
	return Field{
		ID: "resume", Value: "yes", Hint: &hint,
		Options: []Option{option("yes"), option("no")},
		Put:     func(*Session, string) {},
	}
}

// where says when and at which step the run stopped, in a text of that id.
func (d *Draft) where(id string, s *Session) i18n.Message {
	return i18n.Msg(id).Within("ago", Ago(s.Deps.Now().Sub(d.Saved))).Within("step", i18n.Msg("step."+d.Step))
}

// Stopped says when and at which step the run stopped.
func (d *Draft) Stopped(s *Session) i18n.Message { return d.where("start.resume.about", s) }

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
