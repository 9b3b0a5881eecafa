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

// shown is the screen that is open; nil: none.
var shown atomic.Pointer[screen]

func takeScreen(out *sharedOutput) *screen {
	s := &screen{out: out, closed: make(chan struct{})}
	if before, err := term.GetState(os.Stdin.Fd()); err == nil {
		s.before = before
	}
	shown.Store(s)
	return s
}

// giveBack ends the program's use of the terminal, which Bubble Tea restores only where it ends in order.
func (s *screen) giveBack(inOrder bool) {
	if !inOrder {
		s.restore()
	}
	shown.CompareAndSwap(s, nil)
	s.once.Do(func() { close(s.closed) })
}

// original leaves the alternate screen and brackets no pastes, and the cursor is seen again.
const original = "\x1b[?2004l\x1b[?1049l\x1b[?25h"

func (s *screen) restore() {
	s.out.finish(original)
	if s.before != nil {
		_ = term.Restore(os.Stdin.Fd(), s.before)
	}
}

// LeaveScreen puts the terminal back as it was before the full-screen program that is running, if
// there is one, once that has had patience to do so itself. Nothing is drawn after it: the caller
// ends the process.
func LeaveScreen(patience time.Duration) {
	s := shown.Load()
	if s == nil {
		return
	}
	select {
	case <-s.closed:
	case <-time.After(patience):
		s.restore()
	}
}
