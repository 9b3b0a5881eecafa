package main

import (
	"fmt"
	"path/filepath"
	"runtime"
	"runtime/debug"

	"cozejwt/internal/fault"
	"cozejwt/internal/lazyregexp"
	"cozejwt/internal/state"
	"cozejwt/tui"
)

// withoutPanic runs a command. A panic in it is a *tui.Crash, as one on the screens is.
func withoutPanic(run func() error) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = &tui.Crash{Value: value, Stack: debug.Stack()}
		}
	}()
	return run()
}

// A crashReport is what a maintainer needs of a panic. It has no arguments and no value but those
// of Go's own errors: they could be parts of a secret.
type crashReport struct {
	Version string   `json:"version"`
	Go      string   `json:"go"`
	System  string   `json:"system"`
	Problem string   `json:"problem"`
	Stack   []string `json:"stack"` // functions and lines, the innermost first
}

func crashFile() string { return filepath.Join(stateDir(), "crash.json") }

// crashed returns the fault of a panic, which names the file of its report.
func (a *app) crashed(crash *tui.Crash) error {
	problem := fmt.Sprintf("%T", crash.Value)
	if own, ok := crash.Value.(runtime.Error); ok {
		problem = own.Error()
	}
	f := fault.Unexpected("crash", nil, "error", problem)
	report := state.File[crashReport]{Path: crashFile()}
	err := report.Write(crashReport{version(), runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH, problem, frames(crash.Stack)})
	if err != nil {
		return f
	}
	return f.With("report", report.Path).Advise("crash.report")
}

// frame is a function of a stack as debug.Stack prints it, with its arguments, and the line after it.
var frame = lazyregexp.New(`(?m)^(\S.*)\(.*\)\n\t(?:.*[/\\])?([^/\\]+:\d+)`)

func frames(stack []byte) []string {
	var all []string
	for _, f := range frame().FindAllSubmatch(stack, 40) {
		all = append(all, string(f[1])+" "+string(f[2]))
	}
	return all
}
