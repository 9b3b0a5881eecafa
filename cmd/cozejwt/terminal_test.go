//go:build unix

package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
)

// A terminal is a program on a pseudo-terminal, with an emulator that shows
// what a person would see.
type terminal struct {
	t       testing.TB
	pty     *os.File
	cmd     *exec.Cmd
	changed chan struct{} // a token whenever something was drawn
	ended   chan struct{} // closed when the program's output has ended

	mu     sync.Mutex // for what follows
	screen *vt.Emulator
	raw    bytes.Buffer
}

// manners say how a terminal treats what programs ask it.
type manners int

const (
	answering manners = iota
	mute
)

// tooLate is when a wait in vain ends: shortly before the test's own deadline, so
// that the test can still say what it saw.
func tooLate(t testing.TB) <-chan time.Time {
	if t, ok := t.(interface{ Deadline() (time.Time, bool) }); ok {
		if deadline, ok := t.Deadline(); ok {
			return time.After(time.Until(deadline) - 10*time.Second)
		}
	}
	return nil
}

func start(t testing.TB, m manners, width, height int, env []string, program string, args ...string) *terminal {
	t.Helper()
	term := &terminal{
		t: t, cmd: exec.Command(program, args...), screen: vt.NewEmulator(width, height),
		changed: make(chan struct{}, 1), ended: make(chan struct{}),
	}
	term.cmd.Env = append([]string{"TERM=xterm-256color", "PATH=" + os.Getenv("PATH"), "TZ=UTC"}, env...)
	var err error
	term.pty, err = pty.StartWithSize(term.cmd, &pty.Winsize{Rows: uint16(height), Cols: uint16(width)})
	if err != nil {
		t.Fatal(err)
	}
	go term.draw()
	go term.answer(m)
	t.Cleanup(func() {
		_ = term.cmd.Process.Kill()
		_ = term.cmd.Wait()
		_ = term.pty.Close()
		if pipe, ok := term.screen.InputPipe().(io.Closer); ok {
			_ = pipe.Close() // ends answer; the emulator's own Close would race it
		}
	})
	return term
}

func (term *terminal) draw() {
	defer close(term.ended)
	buffer := make([]byte, 64<<10)
	for {
		n, err := term.pty.Read(buffer)
		term.mu.Lock()
		term.raw.Write(buffer[:n])
		_, _ = term.screen.Write(buffer[:n])
		term.mu.Unlock()
		select {
		case term.changed <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

// answer sends back what the emulator says to queries; a mute terminal says
// nothing.
func (term *terminal) answer(m manners) {
	to := io.Writer(term.pty)
	if m == mute {
		to = io.Discard
	}
	_, _ = io.Copy(to, term.screen)
}

func (term *terminal) text() string {
	term.mu.Lock()
	defer term.mu.Unlock()
	return term.screen.String()
}

func (term *terminal) output() string {
	term.mu.Lock()
	defer term.mu.Unlock()
	return term.raw.String()
}

// wait waits until the screen shows a text.
func (term *terminal) wait(text string) {
	term.t.Helper()
	limit := tooLate(term.t)
	for !strings.Contains(term.text(), text) {
		select {
		case <-term.changed:
		case <-term.ended:
			if strings.Contains(term.text(), text) {
				return
			}
			term.t.Fatalf("the program ended without showing %q:\n%s", text, term.text())
		case <-limit:
			term.t.Fatalf("never showed %q:\n%s", text, term.text())
		}
	}
}

func (term *terminal) press(keys string) {
	term.t.Helper()
	if _, err := io.WriteString(term.pty, keys); err != nil {
		term.t.Fatal(err)
	}
}

// paste pastes as a terminal with bracketed paste does.
func (term *terminal) paste(text string) { term.press("\x1b[200~" + text + "\x1b[201~") }

func (term *terminal) resize(width, height int) {
	term.t.Helper()
	term.mu.Lock()
	term.screen.Resize(width, height)
	term.mu.Unlock()
	if err := pty.Setsize(term.pty, &pty.Winsize{Rows: uint16(height), Cols: uint16(width)}); err != nil {
		term.t.Fatal(err)
	}
}

// exit waits for the program's end and returns its exit code.
func (term *terminal) exit() int {
	term.t.Helper()
	select {
	case <-term.ended:
	case <-tooLate(term.t):
		term.t.Fatalf("never ended:\n%s", term.text())
	}
	err := term.cmd.Wait()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		if exit.ExitCode() == raceFound {
			_, said, _ := strings.Cut(term.output(), "DATA RACE")
			term.t.Errorf("%.10000s", said)
		}
		return exit.ExitCode()
	}
	if err != nil {
		term.t.Fatal(err)
	}
	return 0
}

// raceFound is the exit code with which the race detector ends a program that had a race. What it has
// said stands among what the program has drawn.
const raceFound = 66

// wantRestored checks that the terminal is as it was: main screen, cursor
// shown, no bracketed paste.
func wantRestored(t *testing.T, term *terminal) {
	t.Helper()
	limit := tooLate(t)
	for unrestored(term.output()) != "" { // a program that has stopped has written more than was read of it
		select {
		case <-term.changed:
			continue
		case <-term.ended:
		case <-limit:
		}
		if mode := unrestored(term.output()); mode != "" {
			t.Errorf("%q was not taken back", mode)
		}
		return
	}
}

// unrestored is a mode of the terminal that the output has set and not taken back; "" for none.
func unrestored(out string) string {
	for _, pair := range [][2]string{{"\x1b[?1049h", "\x1b[?1049l"}, {"\x1b[?25l", "\x1b[?25h"}, {"\x1b[?2004h", "\x1b[?2004l"}} {
		if strings.LastIndex(out, pair[0]) > strings.LastIndex(out, pair[1]) {
			return pair[0]
		}
	}
	return ""
}

// build builds a command as a user would get it, once for all tests. The test
// binary would not do: its packages are initialised in another order.
func build(t testing.TB, pkg string) string {
	t.Helper()
	dir, err := once("build "+pkg, func(dir string) error {
		return tool(exec.Command("go", "build", "-o", filepath.Join(dir, "program"), pkg))
	})
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "program")
}
