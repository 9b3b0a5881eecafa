package flow

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
func (p Plan) Stops(at int) []Stop {
	var stops []Stop
	for i, st := range p.Steps {
		stop := Stop{ID: st.ID}
		switch {
		case i == at:
			stop.State = Current
		case st.Skips():
			continue
		case i < at:
			stop.State = Passed
			if st.Answer != nil {
				stop.Answer = st.Answer()
			}
		}
		stops = append(stops, stop)
	}
	return stops
}

// Number is the place of the step at an index among the stops, and how many
// there are.
func (p Plan) Number(at int) (n, of int) {
	for i, stop := range p.Stops(at) {
		of++
		if stop.State == Current {
			n = i + 1
		}
	}
	return n, of
}
