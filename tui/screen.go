package tui

import (
	"os"
	"sync"
	"time"

	"github.com/charmbracelet/x/term"
)

// A screen is the terminal while a full-screen program has it.
type screen struct {
	out    *sharedOutput
	before *term.State // of the input; nil: it is no terminal
	closed chan struct{}
	once   sync.Once
}

// taken is the screen that is open, one at a time.
var taken struct {
	sync.Mutex
	screen *screen // nil: none
	left   bool    // the process is ending
}

// takeScreen opens a screen. It returns nil once LeaveScreen was called: a terminal that was put back
// stays so.
func takeScreen(out *sharedOutput) *screen {
	taken.Lock()
	defer taken.Unlock()
	if taken.left {
		return nil
	}
	s := &screen{out: out, closed: make(chan struct{})}
	if before, err := term.GetState(os.Stdin.Fd()); err == nil {
		s.before = before
	}
	taken.screen = s
	return s
}

// release ends the program's use of the terminal, which Bubble Tea restores only where it ends in
// order. What it did while the process was being stopped and continued may be half of it.
func (s *screen) release(inOrder bool) {
	if !inOrder || s.out.isOpen() {
		s.out.finish(leaveSequence)
	}
	s.restoreModes()
	taken.Lock()
	if taken.screen == s {
		taken.screen = nil
	}
	taken.Unlock()
	s.once.Do(func() { close(s.closed) })
}

// The sequences that enter and leave the alternate screen with what goes with it: pastes in
// brackets, and a hidden cursor.
const (
	alternate     = "\x1b[?1049"
	enterSequence = alternate + "h\x1b[?25l\x1b[?2004h"
	leaveSequence = "\x1b[?2004l" + alternate + "l\x1b[?25h"
)

func (s *screen) restoreModes() {
	if s.before != nil {
		_ = term.Restore(os.Stdin.Fd(), s.before)
	}
}

// LeaveScreen puts the terminal back as it was before the full-screen program that is running, if
// there is one, unless that has done so itself before the timeout. Nothing is drawn after it: the caller
// ends the process.
func LeaveScreen(timeout time.Duration) {
	taken.Lock()
	s := taken.screen
	taken.left = true
	taken.Unlock()
	if s == nil {
		return
	}
	select {
	case <-s.closed:
	case <-time.After(timeout):
		s.out.finish(leaveSequence)
		s.restoreModes()
	}
}

// lend gives the terminal back while do runs, and takes it again as it was. Nothing is written
// by others in between.
func (s *screen) lend(do func()) {
	s.out.mu.Lock()
	defer s.out.mu.Unlock()
	held, err := term.GetState(os.Stdin.Fd())
	if s.out.open {
		_, _ = s.out.File.WriteString(leaveSequence)
	}
	s.restoreModes()
	do()
	if s.out.over.Load() {
		return
	}
	if err == nil && s.before != nil {
		_ = term.Restore(os.Stdin.Fd(), held)
	}
	if s.out.open {
		_, _ = s.out.File.WriteString(enterSequence)
	}
}

// retake takes the terminal again from whoever had it without a word, as a shell after SIGSTOP.
func (s *screen) retake() {
	s.out.mu.Lock()
	defer s.out.mu.Unlock()
	if s.out.over.Load() || !s.out.open {
		return
	}
	if s.before != nil {
		_, _ = term.MakeRaw(os.Stdin.Fd())
	}
	_, _ = s.out.File.WriteString(leaveSequence + enterSequence)
}
