package setup

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/durable"
	"cozejwt/internal/i18n"
	"cozejwt/keygen"
)

// A Draft is what is kept of a run that was not finished: the answers and the
// step. No key, no token and no other secret is in it.
type Draft struct {
	EnvPath string    `json:"env_path"`
	Step    string    `json:"step"`
	Saved   time.Time `json:"saved"`
	Answers Answers   `json:"answers"`
}

// draftLife is how long an unfinished run is worth taking up.
const draftLife = 14 * 24 * time.Hour

func (s *Session) draftPath() string {
	if s.Env.StateDir == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(s.EnvPath))
	return filepath.Join(s.Env.StateDir, "drafts", hex.EncodeToString(sum[:8])+".json")
}

// SaveDraft keeps the run for later. It is a convenience: where it cannot be
// kept, the run goes on without.
func (s *Session) SaveDraft(step string) {
	path := s.draftPath()
	if path == "" || s.Answers.DryRun {
		return
	}
	data, err := json.MarshalIndent(Draft{s.EnvPath, step, s.Env.Now(), s.Answers}, "", "  ")
	if err != nil || os.MkdirAll(filepath.Dir(path), 0o700) != nil {
		return
	}
	_ = durable.WriteFile(path, append(data, '\n'), 0o600)
}

// DropDraft forgets the run: it is finished, or was begun anew.
func (s *Session) DropDraft() {
	if path := s.draftPath(); path != "" {
		_ = os.Remove(path)
	}
}

// FindDraft returns the unfinished run for this .env, nil where there is none
// that is worth taking up.
func (s *Session) FindDraft() *Draft {
	path := s.draftPath()
	if path == "" {
		return nil
	}
	data, err := os.ReadFile(path)
	var d Draft
	if err != nil || json.Unmarshal(data, &d) != nil || d.EnvPath != s.EnvPath {
		return nil
	}
	if Create.Index(d.Step) <= 0 || s.Env.Now().Sub(d.Saved) > draftLife {
		return nil
	}
	return &d
}

// Resume takes the draft's answers, where no flag has given another, and
// returns the step to go on with: the draft's, or the key step where the key
// that the draft counts on is gone.
func (s *Session) Resume(d *Draft) int {
	names, dry, skip := s.Answers.Names, s.Answers.DryRun, s.Answers.SkipTest
	flags := s.Answers
	s.Answers = d.Answers
	s.Answers.Names, s.Answers.DryRun, s.Answers.SkipTest = names, dry, skip
	at := Create.Index(d.Step)
	if s.restoreGiven(flags) {
		at = 0 // another region: its own way from the beginning
	}
	if s.Answers.Region == coze.Sandbox {
		s.console = s.Answers.APIBase + "/"
	}
	if at <= Create.Index(StepKey) {
		return at
	}
	key, err := keygen.Load(s.Answers.KeyFile)
	if err != nil {
		return Create.Index(StepKey)
	}
	s.Seen.Key = key.Private
	s.Seen.KeyIsNew, s.Seen.Source = s.Answers.Source != ReuseKey, s.Answers.Source
	return min(at, Create.Index(StepReview)) // what a review promised is worked out anew
}

// restoreGiven lets the flags win over the draft. It reports whether they ask
// for another region than the draft's.
func (s *Session) restoreGiven(flags Answers) (elsewhere bool) {
	same := flags.Region == s.Answers.Region && (flags.APIBase == "" || flags.APIBase == s.Answers.APIBase)
	if s.Given["region"] && !same {
		s.Answers.Region, s.Answers.APIBase, elsewhere = flags.Region, flags.APIBase, true
	}
	if s.Given["key_path"] {
		s.Answers.KeyFile = flags.KeyFile
	}
	if s.Given["app_id"] {
		s.Answers.AppID = flags.AppID
	}
	if s.Given["key_id"] {
		s.Answers.KeyID = flags.KeyID
	}
	return elsewhere
}

// ResumeField asks whether to go on with the draft; "yes" is the proposal.
func ResumeField(s *Session, d *Draft) Field {
	age := "0m"
	if since := s.Env.Now().Sub(d.Saved).Truncate(time.Minute); since > 0 {
		age = strings.TrimSuffix(since.String(), "0s")
	}
	hint := i18n.Msg("field.resume.age", "age", age)
	option := func(value string) Option {
		return Option{value, i18n.Msg("resume." + value), i18n.Msg("resume." + value + ".about")}
	}
	return Field{
		ID: "resume", Value: "yes", Hint: &hint,
		Options: []Option{option("yes"), option("no")},
		Put:     func(*Session, string) {},
	}
}
