package setup

import (
	"path/filepath"
	"slices"
	"strconv"

	"cozejwt/internal/credentials"
)

// A Stop is a step as it stands in the plan of a run.
type Stop struct {
	ID     string
	State  StopState
	Answer string // what was answered or found there, short; "" for nothing
}

// StopState is how far a run has come with a step.
type StopState int

// The states.
const (
	ToCome StopState = iota
	Current
	Passed
)

// Stops lists the steps of the run that have something to do, with the one of
// the index at as the current one. Steps that are skipped are left out, so the
// numbers of the others follow each other.
func (s *Session) Stops(at int) []Stop {
	var stops []Stop
	for i, st := range s.Plan.Steps {
		stop := Stop{ID: st.ID}
		switch {
		case i == at:
			stop.State = Current
		case st.skips(s):
			continue
		case i < at:
			stop.State = Passed
			stop.Answer = s.answerOf(st.ID)
		}
		stops = append(stops, stop)
	}
	return stops
}

// Number is the place of the step at an index among the stops, and how many
// there are.
func (s *Session) Number(at int) (n, of int) {
	for i, stop := range s.Stops(at) {
		of++
		if stop.State == Current {
			n = i + 1
		}
	}
	return n, of
}

// answerOf is what was answered or found at a step that is passed.
func (s *Session) answerOf(id string) string {
	a := s.Answers
	switch id {
	case StepRegion:
		return string(a.Region)
	case StepProfile:
		return a.Profile
	case StepKey:
		if s.Observed.Key != nil {
			return "RSA " + strconv.Itoa(s.Observed.Key.N.BitLen())
		}
	case StepReview:
		if s.Observed.Written {
			return filepath.Base(s.EnvPath)
		}
	}
	if slices.Contains(credentials.Checked(), credentials.Field(id)) { // a step that asks for a value has its id
		return a.Get(credentials.Field(id))
	}
	return ""
}
