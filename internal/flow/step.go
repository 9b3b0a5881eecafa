// Package flow walks through a plan step by step: what a step says, shows, asks and does,
// where each answer came from, and where a run that was left continues. It knows no
// credentials and no terminal; the wizard, the line prompts and the flags all walk the
// same steps.
package flow

import (
	"context"

	"cozejwt/internal/diagnosis"
	"cozejwt/internal/i18n"
)

// A Step is one stop of a plan. Its functions belong to the plan, whose state they read; one
// that is nil has nothing to do. Its title is the text "step.<ID>".
type Step struct {
	ID string
	// Intro is what the person is told first.
	Intro func() []i18n.Message
	// Shows is what the step shows beside its words.
	Shows func() []Exhibit
	// Look sees what lies outside the plan and Fields depend on: on arrival, and again while
	// the step waits for an answer.
	Look func() Job
	// Prepare works out, on arrival, what the step shows.
	Prepare func() Job
	// Fields are what is asked. The list may grow with the answers.
	Fields func() []Field
	// Work is what is done when all is answered.
	Work func() Job
	// Provided reports whether the questions are answered without a person.
	Provided func() bool
	// Skip reports whether there is nothing to do here in this run.
	Skip func() bool
	// Answer is what was answered or found here, short; "" for nothing.
	Answer func() string
	// Fixes are the places that a person corrects at this step. Where two steps fix one, the
	// first does.
	Fixes []diagnosis.FixAt
	// Reopens are the answers, besides those of Fields, that are asked again with this step.
	Reopens []string
	// Outcome says whether the work asks for a token and the answer is shown.
	Outcome Outcome
}

// Outcome says whether a step's work requests a token.
type Outcome int

// The outcomes: no token; a token, required to continue; a token, where the person may
// continue after a refusal.
const (
	TokenNone Outcome = iota
	TokenRequired
	TokenOptional
)

// A Job is a step's work. It may run on any goroutine, so it keeps to the values that it was
// made with; the Effect it returns, which may be nil, changes the plan's state.
type Job func(ctx context.Context) (Effect, error)

// An Effect records in a plan's state what a Job did. Whoever owns the run calls it.
type Effect func()

// Do does the job and records what it did. The error is the job's.
func (j Job) Do(ctx context.Context) error {
	effect, err := j(ctx)
	if effect != nil {
		effect()
	}
	return err
}

// Nothing is the job of a step that has nothing to do.
var Nothing Job = func(context.Context) (Effect, error) { return nil, nil }

// Do returns the job of a function that touches no plan, and then records what came of it. Where
// the function fails, nothing is recorded.
func Do[R any](work func(context.Context) (R, error), then func(R)) Job {
	return func(ctx context.Context) (Effect, error) {
		result, err := work(ctx)
		if err != nil {
			return nil, err
		}
		return func() { then(result) }, nil
	}
}

// Both returns the job that does one and then another, which is left out where the first fails.
func Both(one, another Job) Job {
	return func(ctx context.Context) (Effect, error) {
		first, err := one(ctx)
		if err != nil {
			return first, err
		}
		second, err := another(ctx)
		return func() {
			for _, effect := range []Effect{first, second} {
				if effect != nil {
					effect()
				}
			}
		}, err
	}
}

// Says returns what the step tells the person first.
func (st Step) Says() []i18n.Message {
	if st.Intro == nil {
		return nil
	}
	return st.Intro()
}

// Exhibits returns what the step shows now.
func (st Step) Exhibits() []Exhibit {
	if st.Shows == nil {
		return nil
	}
	return st.Shows()
}

// Skips reports whether the step has nothing to do in this run.
func (st Step) Skips() bool { return st.Skip != nil && st.Skip() }

// An Exhibit is what a step shows beside its words: one of the types of this package or of
// the plan's own. A front draws each type in its own way and needs to know nothing else about
// the step.
type Exhibit any

// A Link is a page that is opened in a browser.
type Link struct{ URL string }

// A Todo is what a person does on that page, in order. Names of buttons stand in brackets,
// [] or 「」.
type Todo []i18n.Message

// A Choice offers another way through the step, by a key.
type Choice struct {
	Text   i18n.Message
	Undoes bool // it leads back from the other way
	Take   func()
}

// A Checklist is what has been achieved.
type Checklist []Item

// An Item is one point of a checklist. Earned says that this run has seen it to be so.
type Item struct {
	Text     i18n.Message
	Earned   bool
	Evidence i18n.Message
}

// Shown returns the exhibit of a type that the step shows; ok is false for none.
func Shown[E any](st Step) (shown E, ok bool) {
	for _, x := range st.Exhibits() {
		if shown, ok = x.(E); ok {
			return shown, true
		}
	}
	return shown, false
}
