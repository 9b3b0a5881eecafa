package tui

import (
	"os"
	"sync"
	"sync/atomic"
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

// openScreen is the screen that is open; nil: none.
var openScreen atomic.Pointer[screen]

func takeScreen(out *sharedOutput) *screen {
	s := &screen{out: out, closed: make(chan struct{})}
	if before, err := term.GetState(os.Stdin.Fd()); err == nil {
		s.before = before
	}
	openScreen.Store(s)
	return s
}

// release ends the program's use of the terminal, which Bubble Tea restores only where it ends in order.
func (s *screen) release(inOrder bool) {
	if !inOrder {
		s.restore()
	}
	openScreen.CompareAndSwap(s, nil)
	s.once.Do(func() { close(s.closed) })
}

// leaveSequence leaves the alternate screen and brackets no pastes, and the cursor is seen again.
const leaveSequence = "\x1b[?2004l\x1b[?1049l\x1b[?25h"

func (s *screen) restore() {
	s.out.finish(leaveSequence)
	if s.before != nil {
		_ = term.Restore(os.Stdin.Fd(), s.before)
	}
}

// LeaveScreen puts the terminal back as it was before the full-screen program that is running, if
// there is one, unless that has done so itself before the timeout. Nothing is drawn after it: the caller
// ends the process.
func LeaveScreen(timeout time.Duration) {
	s := openScreen.Load()
	if s == nil {
		return
	}
	select {
	case <-s.closed:
	case <-time.After(timeout):
		s.restore()
	}
}
