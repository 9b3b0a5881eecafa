package setup

import (
	"slices"

	"cozejwt/internal/doctor"
)

// The ids of the steps of the plan Create.
const (
	StepRegion = "region"
	StepApp    = "app"
	StepKey    = "key"
	StepUpload = "upload"
	StepAppID  = "app_id"
	StepKeyID  = "key_id"
	StepReview = "review"
	StepTest   = "test"
	StepDone   = "done"
)

// A Plan is the steps in their order.
type Plan []Step

// Create is the plan "create a new JWT app": from nothing to a live token.
var Create = Plan{
	regionStep,
	appStep,
	keyStep,
	uploadStep,
	appIDStep,
	keyIDStep,
	reviewStep,
	testStep,
	doneStep,
}

// Index returns where the step of that id is, -1 for nowhere.
func (p Plan) Index(id string) int {
	return slices.IndexFunc(p, func(st Step) bool { return st.ID == id })
}

// Next returns the step after i that has something to do, and the last one
// where none has.
func (p Plan) Next(s *Session, i int) int {
	for i++; i < len(p)-1 && p[i].passed(s); i++ {
	}
	return min(i, len(p)-1)
}

// Back returns the step before i that has something to do, and the first one
// where none has.
func (p Plan) Back(s *Session, i int) int {
	for i--; i > 0 && p[i].passed(s); i-- {
	}
	return max(i, 0)
}

func (st Step) passed(s *Session) bool { return st.Passed != nil && st.Passed(s) }

// StepFor returns the id of the step that mends what is wrong at a place.
func StepFor(place doctor.Place) string {
	switch place {
	case doctor.AtRegion:
		return StepRegion
	case doctor.AtConsole:
		return StepApp
	case doctor.AtKey:
		return StepKey
	case doctor.AtUpload:
		return StepUpload
	case doctor.AtAppID:
		return StepAppID
	case doctor.AtKeyID:
		return StepKeyID
	}
	return StepTest
}

// Reopen makes the questions of a step be asked again, also those that a flag
// has answered: the answer was not right.
func (s *Session) Reopen(st Step) {
	if st.ID == StepRegion {
		delete(s.Given, "api_base") // given, it is not even asked
	}
	for _, f := range st.Ask(s) {
		delete(s.Given, f.ID)
	}
}
