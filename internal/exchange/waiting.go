package exchange

import (
	"context"
	"time"

	"cozejwt/internal/coze"
)

// Pause is how long to wait before a refusal is tried again. That changes in the console take
// seconds is known, how many is not.
const Pause = 5 * time.Second

// A Waiting says whether a refusal that passes by itself is tried again: Coze takes some seconds
// to learn of a new key or a new permission. The zero value never waits.
type Waiting struct {
	For time.Duration // all pauses together
	// AfterChange is For in a plan once the person has changed something in the console; unless For
	// is more.
	AfterChange time.Duration
	// Passes reports whether a refusal may pass by itself; nil for never.
	Passes func(error) bool
	// Tell is told of each pause, where the context has no one else; nil for no one.
	Tell func(Try)
	// Sleep waits for a pause, for a value of now or for the context, whose error it returns; nil
	// for the machine's clock. It is the tests'.
	Sleep func(ctx context.Context, pause time.Duration, now <-chan struct{}) error
}

// A Try is one that comes after a pause: the Number of those that there can be, from 1.
type Try struct {
	In         time.Duration
	Number, Of int
}

// Tries are a screen's part in the pauses: it is told of each, and of the try after it with a nil
// Try; a value of Now ends a pause.
type Tries struct {
	Tell func(*Try)
	Now  <-chan struct{}
}

type triesKey struct{}

// WithTries returns a context whose exchanges tell a screen of their pauses. Called off in a pause,
// they end with the refusal.
func WithTries(ctx context.Context, t Tries) context.Context {
	return context.WithValue(ctx, triesKey{}, t)
}

// again does what exchanges until it is not refused, or its refusal does not pass.
func (w Waiting) again(ctx context.Context, do func() (coze.Token, error)) (coze.Token, error) {
	pause := min(w.For, Pause)
	if pause <= 0 || w.Passes == nil {
		return do()
	}
	screen, onScreen := ctx.Value(triesKey{}).(Tries)
	tries := int(w.For / pause)
	for n := 1; ; n++ {
		token, err := do()
		if err == nil || n > tries || !w.Passes(err) {
			return token, err
		}
		switch try := (Try{pause, n, tries}); {
		case onScreen:
			screen.Tell(&try)
		case w.Tell != nil:
			w.Tell(try)
		}
		stopped := w.sleep(ctx, pause, screen.Now)
		switch {
		case stopped != nil && onScreen:
			return token, err
		case stopped != nil:
			return token, stopped
		case onScreen:
			screen.Tell(nil)
		}
	}
}

// Once waits a single time before all of what was refused is tried again, longer than between two
// tries. It reports whether that is to be done: not where nothing waits, nor where the pause was
// called off on a screen. The error is that of a context which ended the pause without one.
func (w Waiting) Once(ctx context.Context) (again bool, err error) {
	pause := min(w.For, 2*Pause)
	if pause <= 0 {
		return false, nil
	}
	screen, onScreen := ctx.Value(triesKey{}).(Tries)
	switch try := (Try{pause, 1, 1}); {
	case onScreen:
		screen.Tell(&try)
	case w.Tell != nil:
		w.Tell(try)
	}
	err = w.sleep(ctx, pause, screen.Now)
	switch {
	case err != nil && onScreen:
		return false, nil
	case onScreen:
		screen.Tell(nil)
	}
	return err == nil, err
}

func (w Waiting) sleep(ctx context.Context, pause time.Duration, now <-chan struct{}) error {
	if w.Sleep != nil {
		return w.Sleep(ctx, pause, now)
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
	case <-now:
	}
	return nil
}
