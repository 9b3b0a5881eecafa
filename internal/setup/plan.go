package setup

import (
	"slices"

	"cozejwt/internal/credentials"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/i18n"
)

// The ids of the steps. A step means the same in every plan that has it.
const (
	StepCurrent = "current"
	StepProfile = "profile"
	StepRegion  = "region"
	StepApp     = "app"
	StepKey     = "key"
	StepUpload  = "upload"
	StepAppID   = "app_id"
	StepKeyID   = "key_id"
	StepFiles   = "files"
	StepReview  = "review"
	StepTest    = "test"
	StepProbe   = "probe"
	StepOldKeys = "old_keys"
	StepDone    = "done"
)

// A Plan is a way to a working .env, step by step.
type Plan struct {
	Name  string
	Steps []Step
	Flags []Flag // in the order in which they are taken
	// Lasting plans wait for what a person does elsewhere: a run that was left
	// is kept and can be resumed.
	Lasting bool
	// Anyway says that a person may pass over a test that was refused.
	Anyway bool
	// restores says that a run which ends with a refusal puts back what it replaced.
	restores bool
	// Summary says how a run ended, for the scrollback.
	Summary func(*Session) []i18n.Message
}

// Create is the plan "create a new JWT app": from nothing to a live token.
var Create = Plan{Name: "create", Lasting: true, restores: true, Flags: createFlags, Summary: createSummary, Steps: []Step{
	regionStep,
	appStep,
	keyStep,
	uploadStep,
	appIDStep,
	keyIDStep,
	reviewStep,
	testStep,
	doneStep,
}}

// Index returns where the step of that id is, -1 for nowhere.
func (p Plan) Index(id string) int {
	return slices.IndexFunc(p.Steps, func(st Step) bool { return st.ID == id })
}

// Next returns the step after i that has something to do, and the last one
// where none has.
func (p Plan) Next(s *Session, i int) int {
	last := len(p.Steps) - 1
	for i++; i < last && p.Steps[i].skips(s); i++ {
	}
	return min(i, last)
}

// Back returns the step before i that has something to ask or to show, and the
// first one where none has.
func (p Plan) Back(s *Session, i int) int {
	first := p.First(s)
	for i--; i > first && (p.Steps[i].skips(s) || p.Steps[i].Answered(s)); i-- {
	}
	return max(i, first)
}

// First returns the first step that has something to do.
func (p Plan) First(s *Session) int {
	i := 0
	for i < len(p.Steps)-1 && p.Steps[i].skips(s) {
		i++
	}
	return i
}

func (st Step) skips(s *Session) bool { return st.Skip != nil && st.Skip(s) }

// fixSteps lists, for each place of a fix, the steps that can do it. The first one
// that the plan has is used.
var fixSteps = map[diagnosis.FixAt][]string{
	diagnosis.AtRegion:  {StepRegion},
	diagnosis.AtConsole: {StepApp, StepUpload},
	diagnosis.AtKey:     {StepKey},
	diagnosis.AtUpload:  {StepUpload},
	diagnosis.AtAppID:   {StepAppID},
	diagnosis.AtKeyID:   {StepKeyID},
}

// StepToFix returns the id of the step that fixes what is wrong at a place, "" where
// nothing in the plan does and all there is to do is to try again.
func (p Plan) StepToFix(place diagnosis.FixAt) string {
	for _, id := range fixSteps[place] {
		if p.Index(id) >= 0 {
			return id
		}
	}
	return ""
}

// Reopen makes the questions of a step be asked again, also those that a flag
// has answered: the answer was not right.
func (s *Session) Reopen(st Step) {
	switch st.ID {
	case StepRegion:
		delete(s.origins, "api_base") // given, it is not even asked
	case StepUpload:
		delete(s.origins, string(credentials.KeyID)) // the page shows a Key ID for what is uploaded
	}
	for _, f := range st.Ask(s) {
		delete(s.origins, f.ID)
	}
}
