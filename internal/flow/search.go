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
	// Work tries them; it reports, on any goroutine, how many of all tries are done.
	Work func(report func(done, all int)) Job
	// About says where they are tried.
	About func() i18n.Message
	// Tries says how each try came out; Earned ones work.
	Tries func() Checklist
	// Says what came of it.
	Says func() []i18n.Message
	// Step is the index of the step that shows what works once it is taken, -1 where there is
	// nothing to take.
	Step func() int
	// Take answers with what works.
	Take func()
}

// SearchesFor returns the searches for what may work in place of what was refused.
func (p Plan) SearchesFor(refused diagnosis.Diagnosis) []*Search {
	return slices.DeleteFunc(slices.Clone(p.Searches), func(s *Search) bool { return !s.Offers(refused) })
}
