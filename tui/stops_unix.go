//go:build unix

package tui

import (
	"io"
	"os"
	"os/signal"
	"syscall"

	tea "github.com/charmbracelet/bubbletea"
)

// watchStops lets the program be stopped and continued as any other is: SIGTSTP gives the terminal
// back before the process stops, and SIGCONT takes it again and draws, also where SIGSTOP left no
// time to give it back.
func watchStops(p *tea.Program) (stop func()) {
	signals, done := make(chan os.Signal, 8), make(chan struct{})
	signal.Notify(signals, syscall.SIGCONT)
	if !signal.Ignored(syscall.SIGTSTP) {
		signal.Notify(signals, syscall.SIGTSTP)
	}
	go func() {
		defer close(done)
		var stopped *pause
		for got := range signals {
			switch {
			case got == syscall.SIGCONT && stopped != nil:
				close(stopped.continued)
				stopped = nil
			case got == syscall.SIGCONT:
				p.Send(tea.Exec(&pause{}, nil)())
			case stopped == nil:
				stopped = &pause{continued: make(chan struct{})}
				p.Send(tea.Exec(stopped, nil)())
			}
		}
	}()
	return func() {
		signal.Stop(signals)
		close(signals)
		<-done
	}
}

// A pause is what happens while the program does not have the terminal: the process is stopped
// until it is continued. It is a tea.ExecCommand, which Bubble Tea runs between two messages.
type pause struct {
	continued chan struct{} // nil: it was stopped and continued already
}

// Run stops the process. SIGTSTP, which got here, would do nothing in a process group that no
// shell looks after.
func (p *pause) Run() error {
	if p.continued == nil {
		return nil
	}
	if err := syscall.Kill(os.Getpid(), syscall.SIGSTOP); err != nil {
		return err
	}
	<-p.continued
	return nil
}

func (*pause) SetStdin(io.Reader)  {}
func (*pause) SetStdout(io.Writer) {}
func (*pause) SetStderr(io.Writer) {}
