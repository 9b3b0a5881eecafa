package flow

import (
	"maps"
	"slices"

	"cozejwt/internal/diagnosis"
	"cozejwt/internal/i18n"
)

// A Plan is a list of steps, with what a front needs to know about them. Its functions read the
// plan's state; one that is nil does nothing.
type Plan struct {
	Name  string // of its drafts
	Steps []Step
	// Lasting plans wait for what a person does elsewhere: a run that was left is kept and
	// can be resumed.
	Lasting bool
	// Opening says what the plan is for, above the first step that is shown, where flags have
	// answered the step that says so; nil for nothing.
	Opening func() i18n.Message
	// Summary says how a run ended, in a few lines for the scrollback.
	Summary func() []i18n.Message
	// Leftovers says what exists so far, for a person who leaves before the end; resumes says
	// that the same command would continue from here.
	Leftovers func(resumes bool) []i18n.Message
	// Diagnose explains why the work of a step failed.
	Diagnose func(error) diagnosis.Diagnosis
	// Console returns the URL of the page that the person works on, "" where none is known.
	Console func() string
	// English reports that this page has no Chinese labels; nil where it has.
	English func() bool
	// Warm begins, beside everything else, what a later step would wait for.
	Warm func()
	// SkipTest passes over a test that was refused; nil where it cannot be passed over.
	SkipTest func()
	// Undo puts back what the run replaced; nil where it never does.
	Undo *Undo
	// Searches look for what works in place of what a test has refused.
	Searches []*Search
	// Keep returns what a draft holds besides its step.
	Keep func() Kept
	// Resume takes the answers of a draft, where no flag has given another. At gets the index
	// of the step to continue with.
	Resume func(d *Draft, at *int) Job
	// Continues reports whether a draft still fits what is there.
	Continues func(*Draft) bool
}

// An Undo puts back what a run replaced by something that was refused.
type Undo struct {
	Can  func() bool
	Do   func() error
	Keep func() // what was refused stays when the run is left
}

// A Run is one walk through a plan. It belongs to one goroutine; jobs run on others.
type Run struct {
	Plan
	Store   Store
	About   string               // what the run is about, as it is shown: the file
	Reason  *diagnosis.Diagnosis // why the run begins where it does; nil for no reason to tell
	Begin   *Draft               // what the run begins with in place of a draft; nil for nothing
	Resumes bool                 // an unfinished run is resumed without a question

	origins   map[string]Origin // by the ids of the fields
	ended     bool              // the last step was reached
	listed    []bool            // the steps that Stops has listed, by index
	drafts    draftWriter
	draftStep string // where the run would be resumed
}

// Walk is the run itself: a plan that embeds a Run can be walked by it.
func (r *Run) Walk() *Run { return r }

// Index returns where the step of that id is, -1 for nowhere.
func (p Plan) Index(id string) int {
	return slices.IndexFunc(p.Steps, func(st Step) bool { return st.ID == id })
}

// Next returns the step after i that has something to do, and the last one
// where none has.
func (p Plan) Next(i int) int {
	last := len(p.Steps) - 1
	for i++; i < last && p.Steps[i].Skips(); i++ {
	}
	return min(i, last)
}

// First returns the first step that has something to do.
func (p Plan) First() int { return p.Next(-1) }

// Back returns the step before i that has something to ask or to show, and the
// first one where none has.
func (r *Run) Back(i int) int {
	first := r.First()
	for i--; i > first && (r.Steps[i].Skips() || r.Answered(r.Steps[i])); i-- {
	}
	return max(i, first)
}

// AtBeginning reports whether no step before i has something to ask or to show, so that there is
// nothing to go back to.
func (r *Run) AtBeginning(i int) bool {
	before := r.Back(i)
	return before >= i || r.Answered(r.Steps[before])
}

// StepToFix returns the index of the step that fixes what is wrong at a place, -1 where
// nothing in the plan does and all there is to do is to try again.
func (p Plan) StepToFix(place diagnosis.FixAt) int {
	return slices.IndexFunc(p.Steps, func(st Step) bool { return slices.Contains(st.Fixes, place) })
}

// CanUndo reports whether the run has replaced something by what was refused.
func (r *Run) CanUndo() bool { return r.Undo != nil && r.Undo.Can() }

// Restore puts back what the run replaced, where it can. The errors are those of the plan.
func (r *Run) Restore() error {
	if !r.CanUndo() {
		return nil
	}
	if err := r.Undo.Do(); err != nil {
		return err
	}
	r.Pause()()
	return nil
}

// Page is the URL of the page that the person works on, "" where none is known.
func (r *Run) Page() string {
	if r.Console == nil {
		return ""
	}
	return r.Console()
}

// Ask returns the step's fields as they are now.
func (r *Run) Ask(st Step) []Field {
	if st.Fields == nil {
		return nil
	}
	fields := st.Fields()
	for i := range fields {
		fields[i].Origin = r.origins[fields[i].ID]
	}
	return fields
}

// Unanswered returns the fields that no flag has answered.
func (r *Run) Unanswered(st Step) []Field {
	return slices.DeleteFunc(r.Ask(st), func(f Field) bool { return f.Origin == FromFlag })
}

// Answered reports whether flags have answered all that the step asks, so that
// it has nothing to say to a person.
func (r *Run) Answered(st Step) bool {
	return len(st.Exhibits()) == 0 && len(r.Ask(st)) > 0 && len(r.Unanswered(st)) == 0
}

// Reopen makes the questions of a step be asked again, also those that a flag
// has answered: the answer was not right.
func (r *Run) Reopen(st Step) {
	for _, id := range st.Reopens {
		delete(r.origins, id)
	}
	for _, f := range r.Ask(st) {
		delete(r.origins, f.ID)
	}
}

// Speaker returns a speaker that names the labels of the console that the person works on.
func (r *Run) Speaker(s i18n.Speaker) i18n.Speaker {
	return s.Labels(r.English == nil || !r.English())
}

// An Origin is where an answer came from.
type Origin string

// The origins. An answer without one is a proposal of the plan's own.
const (
	FromEnv     Origin = "env"     // the project's .env
	FromExample Origin = "example" // a team's .env.example
	FromDraft   Origin = "draft"   // an unfinished run
	FromFlag    Origin = "flag"    // the command line: not asked again
	FromPerson  Origin = "person"
	FromDemo    Origin = "demo"    // the demo file of the console, with the key of the same file
	FromSandbox Origin = "sandbox" // which gave the app or the key this id
)

// Origin returns where the answer to the field of an id came from, "" where
// nothing has answered it.
func (r *Run) Origin(id string) Origin { return r.origins[id] }

// Given reports whether a flag has answered the field of that id.
func (r *Run) Given(id string) bool { return r.origins[id] == FromFlag }

// Note records where the answers to fields came from.
func (r *Run) Note(from Origin, ids ...string) {
	if r.origins == nil {
		r.origins = map[string]Origin{}
	}
	for _, id := range ids {
		r.origins[id] = from
	}
}

// NoteAnswers records where the values that are there now came from, but those
// that a flag has given. The answers are by the ids of their fields.
func (r *Run) NoteAnswers(from Origin, answers map[string]string) {
	maps.DeleteFunc(answers, func(id, value string) bool { return value == "" || r.Given(id) })
	r.Note(from, slices.Collect(maps.Keys(answers))...)
}
