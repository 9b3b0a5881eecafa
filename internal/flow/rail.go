package flow

import "slices"

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
	Skipped // it had something to do until an answer changed that
)

// Stops lists the steps of the run that have something to do, with the one of
// the index at as the current one. Steps that are skipped are left out, so the
// numbers of the others follow each other; one that was listed before stays, so
// that no number changes.
func (r *Run) Stops(at int) []Stop {
	var stops []Stop
	if len(r.listed) != len(r.Steps) {
		r.listed = make([]bool, len(r.Steps))
	}
	for i, st := range r.Steps {
		stop := Stop{ID: st.ID}
		switch {
		case i == at:
			stop.State = Current
		case st.Skips() && !r.listed[i]:
			continue
		case st.Skips():
			stop.State = Skipped
		case i < at:
			stop.State = Passed
			if st.Answer != nil {
				stop.Answer = st.Answer()
			}
		}
		r.listed[i] = true
		stops = append(stops, stop)
	}
	return stops
}

// Number is the place of the step at an index among the stops, and how many
// there are.
func (r *Run) Number(at int) (n, of int) {
	stops := r.Stops(at)
	return slices.IndexFunc(stops, func(s Stop) bool { return s.State == Current }) + 1, len(stops)
}
