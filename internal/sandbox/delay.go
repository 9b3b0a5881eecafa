package sandbox

import "time"

// changeDelay is how long a change takes with TroubleDelay. The guide says that changes take
// seconds, not how many; this is more than one pause between two tries.
const changeDelay = 8 * time.Second

// A delayed is the state by which requests are judged until the changes since then take effect, all
// at once: how the real service orders them is not known.
type delayed struct {
	before *state // nil: nothing is to come
	until  time.Time
}

// delay puts off what has just been changed.
func (s *Server) delay(before state) {
	if s.delayed.before == nil || !s.now().Before(s.delayed.until) {
		s.delayed.before = &before
	}
	s.delayed.until = s.now().Add(changeDelay)
}

// inEffect returns an app as requests are judged by it.
func (s *Server) inEffect(id string) (*App, error) {
	if s.delayed.before != nil && s.now().Before(s.delayed.until) {
		return s.delayed.before.app(id)
	}
	return s.app(id)
}

// switchTo makes requests fail in another way. Changes that were put off take effect.
func (s *Server) switchTo(t Trouble) {
	s.trouble, s.delayed = t, delayed{}
}
