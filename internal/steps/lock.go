package steps

import (
	"errors"
	"path/filepath"
	"strconv"
	"time"

	"cozejwt/internal/fault"
	"cozejwt/internal/state"
)

// ErrHeld is the fault of Lock where another process has the folder.
var ErrHeld = fault.Invalid("folder.held")

// Lock takes the project folder for a change of the keys in use, until release:
// two rotations side by side would each replace what the other has just tested.
func (d Deps) Lock(dir string) (release func(), err error) {
	if d.StateDir == "" {
		return func() {}, nil
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real // one folder, however it was named
	}
	release, other, err := state.Lock(filepath.Join(d.StateDir, "locks", state.Name(dir)+".lock"), d.Now())
	if errors.Is(err, state.ErrLocked) {
		pid, since := "?", "?"
		if other.PID != 0 {
			pid, since = strconv.Itoa(other.PID), other.Since.Local().Format(time.DateTime)
		}
		return nil, ErrHeld.With("dir", dir, "pid", pid, "since", since)
	}
	return release, err
}
