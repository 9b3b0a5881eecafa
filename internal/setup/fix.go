package setup

import (
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/flow"
	"cozejwt/internal/steps"
	"cozejwt/keygen"
)

// Fixes reports whether a step of this plan corrects what was refused.
func Fixes(refused diagnosis.Diagnosis) bool {
	return refused.Refusal != nil && refused.FixAt() != diagnosis.AtService
}

// OpenFix begins a run that corrects credentials which a test has refused, with the values that
// the .env holds, at the step that corrects what was refused. An unfinished setup is not touched
// by it. The errors are those of [Open].
func OpenFix(deps steps.Deps, dir, envPath string, refused diagnosis.Diagnosis) (*Setup, error) {
	s, err := Open(deps, dir, envPath)
	if err != nil {
		return nil, err
	}
	s.Name, s.Lasting = "fix", false
	s.Source, s.HasApp = steps.ReuseKey, true
	begin := &flow.Draft{EnvPath: envPath, Step: s.stepToFix(refused), Saved: s.Now(), Kept: s.keep()}
	if refused.ID == "kid_unknown" && !s.Console().Acts() {
		begin.Step = steps.KeyID // a pasted Key ID is wrong more often than a key is missing; Esc leads to the upload
	}
	if key, err := keygen.Load(s.KeyFile); err == nil {
		begin.Key = steps.Fingerprint(key.Private)
	}
	s.Begin, s.Resumes, s.Reason = begin, true, &refused
	return s, nil
}

// stepToFix is the step that corrects what was refused; where only the console can, the test, which
// is done again once it is corrected there.
func (s *Setup) stepToFix(refused diagnosis.Diagnosis) string {
	if refused.FixAt() == diagnosis.AtPage {
		return steps.Test
	}
	return s.Steps[max(s.StepToFix(refused.FixAt()), 0)].ID
}
