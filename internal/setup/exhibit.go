package setup

import (
	"cozejwt/internal/i18n"
	"cozejwt/internal/review"
	"cozejwt/internal/snippet"
)

// An Exhibit is what a step shows beside its words. A front draws each kind in
// its own way and needs to know nothing else about the step.
type Exhibit interface{ exhibit() }

// A Link is the console's page, which is opened in a browser.
type Link struct{ URL string }

// A PublicKey is what is uploaded in the console.
type PublicKey struct {
	PEM    string
	Path   string // of its file
	ByHand bool   // a person uploads it; the sandbox takes it from here too
}

// A Todo is what a person does in the console, in order. Names of buttons stand in
// brackets, [] or 「」.
type Todo []i18n.Message

// An AppChoice offers to use an app that exists already, or after all a new one; see
// UseExistingApp.
type AppChoice struct {
	Text i18n.Message
	New  bool // a new one
}

// A Checklist is the points that make a working set-up.
type Checklist []Item

// A Review is what will change.
type Review struct{ *review.Review }

// A Usage shows how to use the credentials after a first set-up.
type Usage struct{ Project snippet.Project }

func (Link) exhibit()      {}
func (Todo) exhibit()      {}
func (AppChoice) exhibit() {}
func (PublicKey) exhibit() {}
func (Review) exhibit()    {}
func (Checklist) exhibit() {}
func (Usage) exhibit()     {}

// Exhibits returns what the step shows now.
func (st Step) Exhibits(s *Session) []Exhibit {
	if st.Shows == nil {
		return nil
	}
	return st.Shows(s)
}

// Shown returns the exhibit of a kind that the step shows; ok is false for none.
func Shown[E Exhibit](st Step, s *Session) (shown E, ok bool) {
	for _, x := range st.Exhibits(s) {
		if shown, ok = x.(E); ok {
			return shown, true
		}
	}
	return shown, false
}

func showReview(s *Session) []Exhibit {
	if s.Observed.Review == nil {
		return nil
	}
	return []Exhibit{Review{s.Observed.Review}}
}

// showPage is the console's page, where one is known.
func showPage(s *Session) []Exhibit {
	if url := s.Console(); url != "" {
		return []Exhibit{Link{url}}
	}
	return nil
}
