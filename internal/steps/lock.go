package steps

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/internal/state"
)

// ErrHeld is the fault of Locked where another process is writing in the folder.
var ErrHeld = fault.Invalid("folder.held")

// betweenTries is how long Locked waits before it looks again whether a folder is free.
const betweenTries = 20 * time.Millisecond

// Locked does what compares and writes files of a project, while no other run does: two side by
// side would each replace what the other has just written. It waits as long as a call to the
// service may take. The errors are ErrHeld, that of the context, and those of do.
func (d Deps) Locked(ctx context.Context, dir string, do func() error) error {
	folder, notes := existing(dir), lockNotes(d.StateDir)
	if d.StateDir == "" {
		notes = os.TempDir()
	}
	ctx, cancel := context.WithTimeoutCause(ctx, cmp.Or(d.Timeout, coze.DefaultTimeout), ErrHeld)
	defer cancel()
	for {
		release, other, err := state.LockFolder(folder, notes, d.Now())
		if err == nil {
			defer release()
			return do()
		}
		if !errors.Is(err, state.ErrLocked) {
			return err
		}
		select {
		case <-time.After(betweenTries):
		case <-ctx.Done():
			if errors.Is(context.Cause(ctx), ErrHeld) {
				return held(dir, other)
			}
			return ctx.Err()
		}
	}
}

func lockNotes(stateDir string) string { return filepath.Join(stateDir, "locks") }

// LockNotes lists the notes of who had the lock of a project last. A note does not name its
// project: that of the folder dir is about it.
func LockNotes(stateDir, dir string) []state.Kept {
	own := state.Name(existing(dir)) + ".json"
	return state.Files(lockNotes(stateDir), "lock", func(path string) string {
		if filepath.Base(path) == own {
			return dir
		}
		return ""
	})
}

// existing is one name for a folder, or for the nearest one above it that is there.
func existing(dir string) string {
	for {
		if real, err := filepath.EvalSymlinks(dir); err == nil {
			return real
		}
		if above := filepath.Dir(dir); above != dir {
			dir = above
			continue
		}
		return dir
	}
}

func held(dir string, by state.Holder) error {
	if by.PID == 0 {
		return ErrHeld.With("dir", dir, "pid", "?", "since", "?")
	}
	return ErrHeld.With("dir", dir, "pid", strconv.Itoa(by.PID), "since", i18n.Moment(by.Since))
}

// Locked returns what do returns, which is done as [Deps.Locked] does it. The errors are do's and
// those of [Deps.Locked].
func Locked[R any](ctx context.Context, p Project, do func() (R, error)) (result R, err error) {
	err = p.Deps.Locked(ctx, p.Dir, func() error {
		result, err = do()
		return err
	})
	return result, err
}
