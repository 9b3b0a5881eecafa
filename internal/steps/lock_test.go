package steps_test

import (
	"context"
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/steps"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testplan"
)

func TestWhoWritesSecondIsToldWhoWrites(t *testing.T) {
	w := testplan.New(t)
	deps := w.Deps()
	deps.Timeout = time.Millisecond
	for name, notes := range map[string]string{"a state folder": w.State, "no state folder": "", "one that cannot be written": "/dev/null/x"} {
		deps.StateDir = notes
		err := deps.Locked(t.Context(), w.Dir, func() error {
			return deps.Locked(t.Context(), w.Dir, func() error { return nil })
		})
		if !errors.Is(err, steps.ErrHeld) {
			t.Fatalf("%s: error is %v", name, err)
		}
		if pid := strconv.Itoa(os.Getpid()); strings.Contains(err.Error(), pid) != (name != "one that cannot be written") {
			t.Errorf("%s: it says %v", name, err)
		}
	}
	if err := deps.Locked(t.Context(), w.Dir, func() error { return nil }); err != nil {
		t.Errorf("once it is free: %v", err)
	}
}

// A run that waits goes on as soon as the other has written.
func TestWhoWritesSecondWaits(t *testing.T) {
	w := testplan.New(t)
	began, release := make(chan struct{}), make(chan struct{})
	first := make(chan error, 1)
	go func() {
		first <- w.Deps().Locked(context.Background(), w.Dir, func() error { close(began); <-release; return nil })
	}()
	<-began
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.Deps().Locked(ctx, w.Dir, func() error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("who is called off: error is %v", err)
	}
	done := false
	close(release)
	if err := w.Deps().Locked(t.Context(), w.Dir, func() error { done = true; return nil }); err != nil || !done {
		t.Errorf("done %v, %v", done, err)
	}
	if err := <-first; err != nil {
		t.Error(err)
	}
}

// One lock for a project, however it is named, and for one that is not there yet.
func TestAProjectHasOneLock(t *testing.T) {
	w := testplan.New(t)
	deps := w.Deps()
	deps.Timeout = time.Millisecond
	testfile.Symlink(t, w.Dir, w.Dir+"-link")
	t.Cleanup(func() { _ = os.Remove(w.Dir + "-link") })
	for _, other := range []string{w.Dir + "-link", w.Path("new/folder")} {
		err := deps.Locked(t.Context(), w.Dir, func() error {
			return deps.Locked(t.Context(), other, func() error { return nil })
		})
		if !errors.Is(err, steps.ErrHeld) {
			t.Errorf("%s: error is %v", other, err)
		}
	}
	want := errors.New("done")
	if err := deps.Locked(t.Context(), w.Dir, func() error { return want }); !errors.Is(err, want) {
		t.Errorf("error is %v", err)
	}
}
