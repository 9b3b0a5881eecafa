//go:build unix

package quietterm_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"syscall"
	"testing"

	_ "cozejwt/internal/quietterm"

	_ "github.com/charmbracelet/bubbletea" // asks in its init
	"github.com/creack/pty"
)

// The test starts itself once more, on a terminal and with no test to run: what is linked in
// asks before any test could.
func TestAProgramWithBubbleTeaAsksTheTerminalNothing(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run=^$")
	cmd.Env = append(os.Environ(), "TERM=xterm-256color", "CI=") // where CI is set, nothing asks anyway
	terminal, err := pty.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	said, err := io.ReadAll(terminal)
	if err != nil && !errors.Is(err, syscall.EIO) { // which is how Linux says that the program has ended
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v\n%q", err, said)
	}
	if bytes.Contains(said, []byte("\x1b")) {
		t.Errorf("it says %q", said)
	}
	if len(said) == 0 {
		t.Error("it says nothing, so it was not on the terminal")
	}
}
