//go:build campaign

package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// Broken is the environment variable that says which call fails, counted from 1, and how, such as
// "3 ENOSPC". A fault is the name of one of Faults, Append, KillBefore or KillAfter.
const Broken = "COZEJWT_CAMPAIGN_BROKEN"

// Calls is the environment variable with the path of a file that gets a line for each call: its
// kind and the path of the file, with a tab between them.
const Calls = "COZEJWT_CAMPAIGN_CALLS"

// Appended is the environment variable with the path of a file and a text, with a tab between
// them, that the fault Append adds to the file.
const Appended = "COZEJWT_CAMPAIGN_APPENDED"

// Append fails nothing: before the call, someone else adds a text to a file.
const Append = "append"

// The faults that end the process.
const (
	KillBefore = "kill-before"
	KillAfter  = "kill-after"
)

// Short is the fault of a write that ends in the middle; of other calls it is ENOSPC.
const Short = "short"

// Faults are the errors by their names.
var Faults = map[string]error{
	"ENOSPC": syscall.ENOSPC, "EIO": syscall.EIO, "EACCES": syscall.EACCES, "EROFS": syscall.EROFS,
	"EDQUOT": syscall.EDQUOT, "EMFILE": syscall.EMFILE, "EINTR": syscall.EINTR, Short: errShort,
}

// errShort is ENOSPC in the middle of a write.
var errShort = fmt.Errorf("%w", syscall.ENOSPC)

var calls struct {
	sync.Mutex
	count int
	kill  bool // after the call that runs now
}

func before(op, name string) error {
	calls.Lock()
	defer calls.Unlock()
	calls.count++
	note(op, name)
	number, kind, _ := strings.Cut(os.Getenv(Broken), " ")
	if at, err := strconv.Atoi(number); err != nil || at != calls.count {
		return nil
	}
	switch kind {
	case Append:
		path, text, _ := strings.Cut(os.Getenv(Appended), "\t")
		appendTo(path, text)
		return nil
	case KillBefore:
		kill()
	case KillAfter:
		calls.kill = true
		return nil
	}
	err := Faults[kind]
	if op != opWrite && errors.Is(err, errShort) {
		err = syscall.ENOSPC
	}
	return &fs.PathError{Op: op, Path: name, Err: err}
}

func after() {
	calls.Lock()
	defer calls.Unlock()
	if calls.kill {
		kill()
	}
}

func written(err error, length int) int {
	if errors.Is(err, errShort) {
		return length / 2
	}
	return 0
}

func note(op, name string) {
	if path := os.Getenv(Calls); path != "" {
		appendTo(path, op+"\t"+name+"\n")
	}
}

func appendTo(path, text string) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return
	}
	_, _ = f.WriteString(text)
	_ = f.Close()
}

// kill ends the process as SIGKILL does.
func kill() {
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {}
}
