package setup

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/gofrs/flock"

	"cozejwt/internal/durable"
	"cozejwt/internal/fault"
)

// ErrHeld is the fault of Lock where another run has the folder.
var ErrHeld = fault.Check("folder.held")

// holder says who has a project folder.
type holder struct {
	PID   int       `json:"pid"`
	Since time.Time `json:"since"`
}

// Lock takes the project folder for a change of the keys in use, until release:
// two rotations side by side would each replace what the other has just tested.
// The lock dies with its holder.
func (e Env) Lock(dir string) (release func(), err error) {
	if e.StateDir == "" {
		return func() {}, nil
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real // one folder, however it was named
	}
	path := filepath.Join(e.StateDir, "locks", digest(dir)+".lock")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fault.Unexpected("file.write", err, "path", path)
	}
	lock := flock.New(path)
	switch got, err := lock.TryLock(); {
	case err != nil:
		return nil, fault.Unexpected("file.write", err, "path", path)
	case !got:
		return nil, heldBy(dir, path+".json")
	}
	if data, err := json.Marshal(holder{os.Getpid(), e.Now()}); err == nil {
		_ = durable.WriteFile(path+".json", data, 0o600) // who is told of it is only told less
	}
	return func() { _ = lock.Unlock() }, nil
}

func heldBy(dir, note string) error {
	var who holder
	data, err := os.ReadFile(note)
	if err != nil || json.Unmarshal(data, &who) != nil {
		return ErrHeld.With("dir", dir, "pid", "?", "since", "?")
	}
	return ErrHeld.With("dir", dir, "pid", strconv.Itoa(who.PID), "since", who.Since.Local().Format(time.DateTime))
}
