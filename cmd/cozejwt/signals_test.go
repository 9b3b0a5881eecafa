//go:build unix

package main

import (
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/charmbracelet/x/term"
)

// modes are the terminal's modes, as the kernel has them.
func (on *terminal) modes() term.State {
	on.t.Helper()
	s, err := term.GetState(on.pty.Fd())
	if err != nil {
		on.t.Fatal(err)
	}
	return *s
}

// cooked are the modes of a terminal that no program has changed.
func cooked(t *testing.T) term.State {
	t.Helper()
	term := start(t, answering, 80, 24, nil, "/bin/sh", "-c", "echo ready; read end")
	term.wait("ready")
	return term.modes()
}

func (on *terminal) signal(s syscall.Signal) {
	on.t.Helper()
	if err := on.cmd.Process.Signal(s); err != nil {
		on.t.Fatal(err)
	}
}

func TestASignalLeavesTheTerminalAsItWasAndKeepsTheAnswers(t *testing.T) {
	t.Parallel()
	before := cooked(t)
	if signal.Ignored(syscall.SIGHUP) { // under nohup: what is started would ignore it, too
		hangups := make(chan os.Signal, 1)
		signal.Notify(hangups, syscall.SIGHUP)
		t.Cleanup(func() { signal.Stop(hangups) })
	}
	for name, signals := range map[string][]syscall.Signal{
		"INT": {syscall.SIGINT}, "TERM": {syscall.SIGTERM}, "HUP": {syscall.SIGHUP}, "QUIT": {syscall.SIGQUIT},
		"TERM twice": {syscall.SIGTERM, syscall.SIGTERM}, "TERM and HUP": {syscall.SIGTERM, syscall.SIGHUP},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, env := t.TempDir(), home(t)
			args := []string{"--region", "cn", "--dir", dir}
			term := start(t, answering, 80, 24, env, build(t, "."), args...)
			term.walk(5)
			term.paste(testAppID)
			term.wait(testAppID)
			term.press("\r")
			term.wait(stepLine(6))
			for _, s := range signals {
				term.signal(s)
			}
			if code := term.exit(); code != 130 {
				t.Errorf("exit code %d", code)
			}
			wantRestored(t, term)
			if now := term.modes(); now != before {
				t.Errorf("the modes are %+v, want %+v", now, before)
			}
			if strings.Contains(term.output(), "goroutine") {
				t.Errorf("a stack is shown:\n%s", term.text())
			}
			term = start(t, answering, 80, 24, env, build(t, "."), args...)
			term.wait("Resume where you left off?")
		})
	}
}

// A program that was stopped and continued draws again, and takes keys.
func TestAStoppedProgramGivesTheTerminalBackUntilItIsContinued(t *testing.T) {
	t.Parallel()
	before := cooked(t)
	for _, first := range []syscall.Signal{syscall.SIGTSTP, syscall.SIGSTOP} {
		t.Run(first.String(), func(t *testing.T) {
			t.Parallel()
			term := start(t, answering, 80, 24, home(t), build(t, "."), "--region", "cn", "--dir", t.TempDir())
			term.wait(stepLine(2))
			readers := eventPolls(term.cmd.Process.Pid)
			for range 2 {
				term.signal(first)
				var status syscall.WaitStatus
				if _, err := syscall.Wait4(term.cmd.Process.Pid, &status, syscall.WUNTRACED, nil); err != nil || !status.Stopped() {
					t.Fatalf("it is not stopped: %v, %v", status, err)
				}
				if first == syscall.SIGTSTP {
					wantRestored(t, term)
					if now := term.modes(); now != before {
						t.Errorf("the modes are %+v, want %+v", now, before)
					}
				}
				term.mu.Lock()
				_, _ = term.screen.WriteString("\x1b[2J") // as another program would
				term.mu.Unlock()
				term.signal(syscall.SIGCONT)
				term.wait(stepLine(2))
			}
			if now := eventPolls(term.cmd.Process.Pid); now != readers {
				t.Errorf("%d readers are open, %d before", now, readers)
			}
			term.press("\x03")
			if code := term.exit(); code != 130 {
				t.Errorf("exit code %d", code)
			}
			wantRestored(t, term)
		})
	}
}

// eventPolls is how many epoll descriptors a process has, 0 where there is no /proc to tell.
func eventPolls(pid int) (count int) {
	all, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	for _, path := range all {
		if to, _ := os.Readlink(path); strings.Contains(to, "eventpoll") {
			count++
		}
	}
	return count
}

// Reading from the terminal does not listen to a signal: the next one ends the command.
func TestTheSecondSignalEndsWhatDoesNotListenToTheFirst(t *testing.T) {
	t.Parallel()
	term := start(t, answering, 80, 24, home(t), build(t, "."), "explain")
	term.wait("Paste")
	term.signal(syscall.SIGTERM)
	term.signal(syscall.SIGHUP)
	if code := term.exit(); code != 128+int(syscall.SIGHUP) && code != 128+int(syscall.SIGTERM) { // either may be seen first
		t.Errorf("exit code %d", code)
	}
}
