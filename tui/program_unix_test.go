//go:build unix

package tui

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/charmbracelet/x/term"
	"github.com/creack/pty"
)

// The test binary is the program here; see TestMain.
func TestAPanicLeavesTheTerminalAsItWas(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, where := range places {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			control, terminal, err := pty.Open()
			if err != nil {
				t.Fatal(err)
			}
			defer control.Close()
			before, err := term.GetState(terminal.Fd())
			if err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(self)
			cmd.Env = append(os.Environ(), crashVariable+"="+where, "TERM=xterm-256color", "CI=1") // where CI is set, Bubble Tea asks the terminal nothing
			cmd.Stdin, cmd.Stdout, cmd.Stderr = terminal, terminal, terminal
			cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			said := make(chan string)
			go func() {
				text, _ := io.ReadAll(control)
				said <- string(text)
			}()
			err = cmd.Wait()
			if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != 1 {
				t.Errorf("it ends with %v", err)
			}
			after, err := term.GetState(terminal.Fd())
			if err != nil || *after != *before {
				t.Errorf("the modes are %+v, they were %+v; %v", after, before, err)
			}
			_ = terminal.Close()
			text := <-said
			if strings.LastIndex(text, "\x1b[?1049h") > strings.LastIndex(text, "\x1b[?1049l") || strings.LastIndex(text, "\x1b[?25l") > strings.LastIndex(text, "\x1b[?25h") {
				t.Errorf("the screen is not left: %q", text)
			}
			if !strings.HasSuffix(text, "ended in order: fragile: "+where) || strings.Contains(text, "goroutine") {
				t.Errorf("it says %q", text)
			}
		})
	}
}
