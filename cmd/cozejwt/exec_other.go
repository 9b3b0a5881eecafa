//go:build !unix

package main

import (
	"os"
	"os/exec"
)

// passedOn is Ctrl+C alone: the console sends it to the command too.
var passedOn = []os.Signal{os.Interrupt}

func fromTerminal(os.Signal, bool) bool { return true }

func exitStatus(e *exec.ExitError) int { return e.ExitCode() }
