package main

import (
	"time"

	"github.com/spf13/pflag"

	"cozejwt/internal/diagnosis"
	"cozejwt/internal/exchange"
	"cozejwt/internal/fault"
	"cozejwt/internal/steps"
)

// waitAfterChange is how long the wizard waits where --wait says nothing. How long Coze needs is
// not documented; that it takes seconds is known.
const waitAfterChange = 30 * time.Second

// waitFlag registers --wait.
func (a *app) waitFlag(f *pflag.FlagSet) {
	if f.Lookup("wait") == nil {
		f.DurationVar(&a.wait, "wait", 0, a.lang.Text("flag.wait"))
		a.waits = append(a.waits, f.Lookup("wait"))
	}
}

// checkWait is the fault of a --wait that is no time to wait.
func (a *app) checkWait() error {
	if a.wait < 0 {
		return fault.Usage("wait.negative", "wait", a.wait.String())
	}
	return nil
}

// waiting says what refusal is tried again: as --wait says, else in the wizard and its prompts once
// something was changed in the console.
func (a *app) waiting() exchange.Waiting {
	w := exchange.Waiting{For: a.wait, Passes: diagnosis.Passes, Tell: func(t exchange.Try) {
		a.printWrapped(a.err, a.lang.Say(steps.AboutTry(t)))
	}}
	for _, f := range a.waits {
		if f.Changed {
			return w
		}
	}
	if !a.noInput {
		w.AfterChange = waitAfterChange
	}
	return w
}
