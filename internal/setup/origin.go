package setup

import "cozejwt/internal/credentials"

// An Origin is where an answer came from.
type Origin string

// The origins. An answer without one is a proposal of the plan's own.
const (
	FromEnv     Origin = "env"     // the project's .env
	FromExample Origin = "example" // a team's .env.example
	FromDraft   Origin = "draft"   // an unfinished run
	FromFlag    Origin = "flag"    // the command line: not asked again
	FromPerson  Origin = "person"
	FromSandbox Origin = "sandbox" // which gave the app or the key this id
)

// Origin returns where the answer to the field of an id came from, "" where
// nothing has answered it.
func (s *Session) Origin(id string) Origin { return s.origins[id] }

// Given reports whether a flag has answered the field of that id.
func (s *Session) Given(id string) bool { return s.origins[id] == FromFlag }

// note records where the answers to fields came from.
func (s *Session) note(from Origin, ids ...string) {
	for _, id := range ids {
		s.origins[id] = from
	}
}

// noteAnswers records where the values that are there now came from, but those
// that a flag has given.
func (s *Session) noteAnswers(from Origin) {
	answers := map[string]string{"region": string(s.Answers.Region), "key_source": string(s.Answers.Source), "import_key": s.Answers.Import}
	for _, v := range credentials.Variables {
		answers[string(v.Field)] = s.Answers.Get(v.Field)
	}
	for id, value := range answers {
		if value != "" && !s.Given(id) {
			s.note(from, id)
		}
	}
}
