package tui

import (
	"context"
	"errors"
	"testing"

	"cozejwt/internal/i18n"
	"cozejwt/internal/verification"
)

// What the last token test came to is noted in a file: the process must not end while that is written.
func TestTheEndOfTheChecklistWaitsForTheChecks(t *testing.T) {
	c := newChecklist(context.Background(), verification.Target{Dir: t.TempDir()}, verification.Offline, i18n.English, &desk{}, nil)
	c.begin()
	events := c.events
	if !c.settle() {
		t.Error("no checks are being made")
	}
	if _, more := <-events; more {
		t.Error("the checks are still being made")
	}
	c.events = nil
	if c.settle() {
		t.Error("checks are being made after their end")
	}
}

func TestTheEndOfTheChecklistCallsTheChecksOff(t *testing.T) {
	c := newChecklist(context.Background(), verification.Target{}, verification.Live, i18n.English, &desk{}, nil)
	ctx, cancel := context.WithCancel(context.Background())
	written := false
	c.cancel, c.events, c.crash = cancel, make(chan verification.Result), new(any)
	go func(events chan<- verification.Result) {
		defer close(events)
		<-ctx.Done()
		events <- verification.Result{ID: "token.exchange"}
		written = true
	}(c.events)
	if !c.settle() || !written {
		t.Errorf("the end has waited: %v", written)
	}
}

func TestTheEndOfTheChecklistWaitsForARepair(t *testing.T) {
	c := newChecklist(context.Background(), verification.Target{}, verification.Live, i18n.English, &desk{}, nil)
	begun, written := make(chan bool), false
	repair := c.repairs(func() error {
		close(begun)
		written = true
		return errors.New("refused")
	})
	done := make(chan any)
	go func() { done <- repair() }()
	<-begun
	c.settle()
	if !written {
		t.Error("the end has not waited")
	}
	if msg, ok := (<-done).(repaired); !ok || msg.err == nil {
		t.Errorf("the repair ends with %v", msg)
	}
	repair = c.repairs(func() error {
		t.Error("a repair begins after the end")
		return nil
	})
	c.settle()
	repair()
}
