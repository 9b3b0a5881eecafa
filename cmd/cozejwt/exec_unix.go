//go:build unix

package main

import (
	"os"
	"os/exec"
	"syscall"
)

// passedOn are the signals that a command gets through exec.
var passedOn = []os.Signal{
	syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGWINCH,
}

// fromTerminal reports whether a signal comes from the terminal, which sends it
// to all processes in the foreground.
func fromTerminal(s os.Signal, onTerminal bool) bool {
	return onTerminal && (s == syscall.SIGINT || s == syscall.SIGQUIT || s == syscall.SIGWINCH)
}

// exitStatus is the command's exit code, or 128 plus the signal that ended it, as in a shell.
func exitStatus(e *exec.ExitError) int {
	if w, ok := e.Sys().(syscall.WaitStatus); ok && w.Signaled() {
		return 128 + int(w.Signal())
	}
	return e.ExitCode()
}
