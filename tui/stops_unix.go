//go:build unix

package tui

import (
	"os"
	"os/signal"
	"syscall"

	tea "github.com/charmbracelet/bubbletea"
)

// watchStops lets the program be stopped and continued as any other is: SIGTSTP gives the terminal
// back before the process stops, and SIGCONT takes it again and draws, also where SIGSTOP left no
// time to give it back. The program goes on reading: tea.Exec, or Program.RestoreTerminal of Bubble
// Tea v1.3.10, would make another reader each time and never close the descriptor of the one before
// (the epoll of muesli/cancelreader).
func watchStops(p *tea.Program, s *screen) (stop func()) {
	signals, done := make(chan os.Signal, 8), make(chan struct{})
	signal.Notify(signals, syscall.SIGCONT)
	if !signal.Ignored(syscall.SIGTSTP) {
		signal.Notify(signals, syscall.SIGTSTP)
	}
	go func() {
		defer close(done)
		for got := range signals {
			if got == syscall.SIGCONT {
				s.retake()
			} else {
				s.lend(func() { pause(signals) })
			}
			p.Send(tea.ClearScreen())
			p.Send(tea.WindowSize()()) // SIGWINCH does not reach a process that a shell has put aside
		}
	}()
	return func() {
		signal.Stop(signals)
		close(signals)
		<-done
	}
}

// pause stops the process until it is continued. SIGTSTP, which got here, would do nothing in a
// process group that no shell looks after.
func pause(signals <-chan os.Signal) {
	if syscall.Kill(os.Getpid(), syscall.SIGSTOP) != nil {
		return
	}
	for got := range signals {
		if got == syscall.SIGCONT {
			return
		}
	}
}
