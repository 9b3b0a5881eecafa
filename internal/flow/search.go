package flow

import (
	"slices"

	"cozejwt/internal/diagnosis"
	"cozejwt/internal/i18n"
)

// A Search looks for answers that work in place of those that were refused. Its functions belong
// to the state of the plan.
type Search struct {
	// Key is the letter that begins it, and Name what the footer calls it.
	Key  string
	Name i18n.Message
	// Offer says in the line prompts what the letter does.
	Offer func() i18n.Message
	// Offers reports whether a refusal is one that other answers may end.
	Offers func(diagnosis.Diagnosis) bool
	// Work tries them, and sets Found; it reports, on any goroutine, how many of all tries are done.
	Work func(report func(done, all int)) Job
	// About says where they are tried.
	About func() i18n.Message

	Found Found
}

// Found is what came of a search.
type Found struct {
	Tries Checklist      // how each try came out; Earned ones work
	Says  []i18n.Message // of all of them
	// Take answers with what works, and returns the index of the step that shows it; nil where there
	// is nothing to take.
	Take func() (step int)
}

// SearchesFor returns the searches for what may work in place of what was refused.
func (p Plan) SearchesFor(refused diagnosis.Diagnosis) []*Search {
	return slices.DeleteFunc(slices.Clone(p.Searches), func(s *Search) bool { return !s.Offers(refused) })
}
