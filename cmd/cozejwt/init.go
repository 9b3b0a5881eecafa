package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cozejwt/internal/coze"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/plain"
	"cozejwt/internal/setup"
	"cozejwt/internal/steps"
	"cozejwt/internal/tty"
	"cozejwt/tui"
)

func (a *app) initCommand(name string) *cobra.Command {
	cmd := &cobra.Command{
		Use:     name,
		Short:   a.lang.Text("cmd.init.short"),
		Long:    a.lang.Text("cmd.init.long"),
		Example: a.lang.Text("cmd.init.example"),
	}
	given := planFlags(a, cmd.Flags(), setup.Flags)
	a.waitFlag(cmd.Flags())
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if name == programName && a.undecided(cmd) {
			return a.runStart(cmd.Context())
		}
		return a.runInit(cmd.Context(), given(), nil)
	}
	return cmd
}

// runInit sets up an app. Prepare, where there is one, changes the run before the flags are
// taken.
func (a *app) runInit(ctx context.Context, given map[string]string, prepare func(*setup.Setup)) error {
	a.sandbox.inMemory = a.sandbox.inMemory || given["dry-run"] == "true"
	if err := a.mayGoOn(ctx, given, a.envPath()); err != nil {
		return err
	}
	s, err := setup.Open(a.env(), a.dir, a.envPath())
	if err != nil {
		return err
	}
	if prepare != nil {
		prepare(s)
	}
	if err := a.take(s, given); err != nil {
		return err
	}
	return a.walk(ctx, s)
}

// planFlags registers the flags of a plan. The function it returns gives the
// values of those that were used, by their names.
func planFlags[S any](a *app, f *pflag.FlagSet, flags []flow.Flag[S]) func() map[string]string {
	for _, flag := range flags {
		added := f.VarPF(&rawValue{flag.Default, flag.Kind}, flag.Name, "", a.lang.Say(flag.Usage))
		if flag.Kind == flow.Switch {
			added.NoOptDefVal = "true"
		}
	}
	return func() map[string]string {
		values := map[string]string{}
		f.Visit(func(flag *pflag.Flag) { values[flag.Name] = flag.Value.String() })
		return values
	}
}

// A rawValue is a flag's value as text, which the engine parses; Set only checks its kind.
type rawValue struct {
	text string
	kind flow.Kind
}

func (v *rawValue) String() string { return v.text }
func (v *rawValue) Type() string   { return string(v.kind) }

func (v *rawValue) Set(text string) error {
	var err error
	switch v.kind {
	case flow.Number:
		_, err = strconv.Atoi(text)
	case flow.Switch:
		var on bool
		on, err = strconv.ParseBool(text)
		text = strconv.FormatBool(on)
	}
	v.text = text
	return err
}

// A plan is one that a command walks.
type plan interface {
	Walk() *flow.Run
	Take(given map[string]string) error
	Result() steps.Result
}

// A baseTaker is a plan whose API base may be chosen.
type baseTaker interface {
	plan
	TakeBase(region coze.Region, base string)
}

// take puts the flags into the plan, as answers to its questions.
func (a *app) take(p baseTaker, given map[string]string) error {
	region, base, err := a.base()
	if err != nil {
		return err
	}
	if region != "" {
		p.TakeBase(region, base)
	}
	return p.Take(given)
}

// walk goes through a plan, full screen or line by line, and prints what came of it.
func (a *app) walk(ctx context.Context, p plan) error {
	if a.fullScreen() {
		return a.conclude(ctx, p, a.runWizard(ctx, p))
	}
	return a.conclude(ctx, p, a.front().Run(ctx, p.Walk()))
}

// conclude prints the result of a run, or reports its error. A tui.ErrBack and a tui.Correction
// are the caller's.
func (a *app) conclude(ctx context.Context, p plan, err error) error {
	if _, wanted := errors.AsType[tui.Correction](err); wanted || errors.Is(err, tui.ErrBack) {
		return err
	}
	if err != nil {
		if err = a.reportRun(ctx, p.Walk(), err); a.json {
			err = runError{err, happened(p.Result(), false)}
		}
		return err
	}
	a.printRun(p)
	return nil
}

// front asks line by line. All that is asked goes through one prompter, which reads ahead.
func (a *app) front() *plain.Prompter {
	a.lines.Lang, a.lines.NoInput, a.lines.Summarized = a.lang, a.noInput, !a.json
	a.lines.Present = tty.Is(a.in)
	a.lines.Width = 0
	if width, _, err := sizeOf(a.streams.err); err == nil {
		a.lines.Width = max(width-1, 0) // a full line would be broken by the terminal, too
	}
	return a.lines
}

func (a *app) runWizard(ctx context.Context, p plan) error {
	r := p.Walk()
	err := tui.Run(ctx, r, a.screen())
	if errors.Is(err, tui.ErrLeft) {
		if err := r.Restore(); err != nil {
			return err
		}
		if r.Ended() {
			a.printRun(p)
			return exitError{exitInterrupted}
		}
		a.say("left.title")
		for _, line := range r.Leftovers(true) {
			a.printWrapped(a.streams.err, "  "+a.lang.Say(line))
		}
		return exitError{exitInterrupted}
	}
	return err
}

// reportRun adds to an error what the run knows about it, and what is
// on the disk now.
func (a *app) reportRun(ctx context.Context, r *flow.Run, err error) error {
	if _, shown := errors.AsType[exitError](err); shown {
		return err
	}
	if stuck := r.Restore(); stuck != nil {
		return stuck
	}
	if !a.json {
		for _, line := range r.Leftovers(!a.noInput) {
			fmt.Fprintln(a.err, a.lang.Say(line))
		}
	}
	if ctx.Err() != nil {
		return context.Canceled
	}
	if f, ok := errors.AsType[*fault.Fault](err); ok && f.Class == fault.ClassUsage {
		return err
	}
	return diagnosed{r.Diagnose(err)}
}

// printRun prints the result: a few lines that stay in the scrollback, or
// the JSON document.
func (a *app) printRun(p plan) {
	if a.json {
		printJSON(a.out, resultOf(p))
		return
	}
	for _, m := range p.Walk().Summary() {
		a.printWrapped(a.out, a.lang.Say(m))
	}
}
