package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"cozejwt/tui"
)

// graceful is how long a command may take to put its things in order after the first signal. One
// that comes sooner after it is no impatience: npm and terminals send the same one twice.
const graceful = time.Second

// longest is how long a command may take after a single signal: what hangs in a call of the system
// listens to nothing.
const longest = 10 * time.Second

// untilSignal returns a context that ends with the first signal to end the process. The next one,
// or a while, ends what does not listen to that, with the exit code of a shell, 128 and the signal's
// number; the terminal is restored before.
func untilSignal() (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	for _, s := range []os.Signal{syscall.SIGHUP, syscall.SIGQUIT} {
		if !signal.Ignored(s) { // as nohup has it
			signal.Notify(signals, s)
		}
	}
	ended := make(chan struct{})
	go func() {
		var s os.Signal
		select {
		case s = <-signals:
		case <-ended:
			return
		}
		cancel()
		first := time.Now()
		select {
		case s = <-signals:
			endBy(s, time.Until(first.Add(graceful)), ended)
		case <-time.After(longest):
			endBy(s, 0, ended)
		case <-ended:
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(ended)
		cancel()
	}
}

// endBy ends the process unless it ends by itself in time.
func endBy(s os.Signal, patience time.Duration, ended <-chan struct{}) {
	select {
	case <-ended:
		return
	case <-time.After(patience):
	}
	tui.LeaveScreen(0)
	code := exitInterrupted
	if number, ok := s.(syscall.Signal); ok {
		code = 128 + int(number)
	}
	os.Exit(code)
}
