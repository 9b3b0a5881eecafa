package setup

import (
	"cozejwt/internal/coze"
	"cozejwt/internal/diagnosis"
	"cozejwt/keygen"
)

// Fix is the plan that corrects credentials which a test has refused: Create, from the step
// on where they are corrected. An unfinished setup is not touched by it.
var Fix = fixPlan()

func fixPlan() Plan {
	p := Create
	p.Name, p.Lasting = "fix", false
	return p
}

// Fixes reports whether a step of Fix corrects what was refused.
func Fixes(refused diagnosis.Diagnosis) bool {
	return refused.Refusal != nil && Fix.StepToFix(refused.FixAt()) != ""
}

// OpenFix begins a run of Fix with the values that the .env holds, at the step that corrects
// what was refused.
func OpenFix(env Deps, dir, envPath string, refused diagnosis.Diagnosis) (*Session, error) {
	s, err := Open(env, dir, envPath)
	if err != nil {
		return nil, err
	}
	s.Plan = Fix
	s.Answers.Source, s.Answers.HasApp = ReuseKey, true
	begin := Draft{EnvPath: envPath, Step: Fix.StepToFix(refused.FixAt()), Saved: s.Deps.Now(), Answers: s.Answers}
	if refused.ID == "kid_unknown" && s.Answers.Region != coze.Sandbox {
		begin.Step = StepKeyID // a pasted Key ID is wrong more often than a key is missing; Esc leads to the upload
	}
	if key, err := keygen.Load(s.Answers.KeyFile); err == nil {
		begin.Key = fingerprint(key.Private)
	}
	s.begin, s.Resumes, s.Reason = &begin, true, &refused
	return s, nil
}
