package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/plain"
	"cozejwt/internal/setup"
	"cozejwt/tui"
)

func (a *app) initCommand(name string) *cobra.Command {
	cmd := &cobra.Command{
		Use:     name,
		Short:   a.lang.Text("cmd.init.short"),
		Long:    a.lang.Text("cmd.init.long"),
		Example: a.lang.Text("cmd.init.example"),
	}
	given := a.planFlags(cmd.Flags(), setup.Create)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if name == programName && a.undecided(cmd) {
			return a.runStart(cmd.Context())
		}
		return a.runInit(cmd.Context(), given(), nil)
	}
	return cmd
}

// runInit sets up an app. Prepare, where there is one, changes the session
// before the flags are taken.
func (a *app) runInit(ctx context.Context, given map[string]string, prepare func(*setup.Session)) error {
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
func (a *app) planFlags(f *pflag.FlagSet, p setup.Plan) func() map[string]string {
	for _, flag := range p.Flags {
		added := f.VarPF(&rawValue{flag.Default, flag.Kind}, flag.Name, "", a.lang.Say(flag.Usage))
		if flag.Kind == setup.Switch {
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
	kind setup.Kind
}

func (v *rawValue) String() string { return v.text }
func (v *rawValue) Type() string   { return string(v.kind) }

func (v *rawValue) Set(text string) error {
	var err error
	switch v.kind {
	case setup.Number:
		_, err = strconv.Atoi(text)
	case setup.Switch:
		var on bool
		on, err = strconv.ParseBool(text)
		text = strconv.FormatBool(on)
	}
	v.text = text
	return err
}

// take puts the flags into the session, as answers to its questions.
func (a *app) take(s *setup.Session, given map[string]string) error {
	region, base, err := a.base()
	if err != nil {
		return err
	}
	if region != "" {
		s.TakeBase(region, base)
	}
	return s.Take(given)
}

// walk goes through the session's plan, full screen or line by line, and prints
// what came of it.
func (a *app) walk(ctx context.Context, s *setup.Session) error {
	if a.fullScreen() {
		return a.conclude(ctx, s, a.runWizard(ctx, s))
	}
	return a.conclude(ctx, s, a.front().Run(ctx, s))
}

// conclude prints the result of a run, or reports its error.
func (a *app) conclude(ctx context.Context, s *setup.Session, err error) error {
	if errors.Is(err, tui.ErrBack) {
		return err
	}
	if wanted, ok := errors.AsType[tui.Correction](err); ok {
		a.profile = s.Answers.Profile
		a.lang = a.lang.With(a.whichProject()...)
		return a.runFix(ctx, wanted.Refused)
	}
	if err != nil {
		return a.reportRun(ctx, s, err)
	}
	a.printRun(s)
	return nil
}

// front asks line by line.
func (a *app) front() *plain.Prompter {
	if a.lines == nil {
		a.lines = &plain.Prompter{In: a.in, Out: a.err, Lang: a.lang, NoInput: a.noInput, Summarized: !a.json}
	}
	return a.lines
}

func (a *app) runWizard(ctx context.Context, s *setup.Session) error {
	err := tui.Run(ctx, s, a.screen())
	if errors.Is(err, tui.ErrLeft) {
		if err := s.Restore(); err != nil {
			return err
		}
		if s.Ended() {
			a.printRun(s)
			return exitError{exitInterrupted}
		}
		a.say("left.title")
		for _, line := range s.Leftovers(true) {
			a.printWrapped(a.streams.err, "  "+a.lang.Say(line))
		}
		return exitError{exitInterrupted}
	}
	return err
}

// reportRun adds to an error what the session knows about it, and what is
// on the disk now.
func (a *app) reportRun(ctx context.Context, s *setup.Session, err error) error {
	if _, shown := errors.AsType[exitError](err); shown {
		return err
	}
	if !a.noInput {
		if stuck := s.Restore(); stuck != nil {
			return stuck
		}
	}
	if !a.json {
		for _, line := range s.Leftovers(!a.noInput) {
			fmt.Fprintln(a.err, a.lang.Say(line))
		}
	}
	if ctx.Err() != nil {
		return context.Canceled
	}
	if f, ok := errors.AsType[*fault.Fault](err); ok && f.Class == fault.ClassUsage {
		return err
	}
	return diagnosed{s.Diagnose(err)}
}

// printRun prints the result: a few lines that stay in the scrollback, or
// the JSON document.
func (a *app) printRun(s *setup.Session) {
	if a.json {
		printJSON(a.out, resultOf(s))
		return
	}
	for _, m := range s.Summary() {
		a.printWrapped(a.out, a.lang.Say(m))
	}
}

type tokenResult struct {
	OK        bool   `json:"ok"`
	ExpiresAt string `json:"expires_at"`
	LogID     string `json:"log_id"`
}

// valuesOf returns the credentials for JSON output, by field id. It leaves out the key path, which
// the output gives as an absolute private_key_path.
func valuesOf(set credentials.Set) map[string]any {
	values := map[string]any{}
	for _, v := range credentials.Variables {
		if value := set.Get(v.Field); v.Field != credentials.KeyPath && (value != "" || !v.Optional) {
			values[string(v.Field)] = value
		}
	}
	return values
}

func resultOf(s *setup.Session) map[string]any {
	r := valuesOf(s.Answers.Set)
	r["env_path"], r["private_key_path"], r["token"] = s.EnvPath, s.Answers.KeyFile, tokenResult{}
	if t := s.Observed.Token; t != nil {
		r["token"] = tokenResult{true, rfc3339(t.ExpiresAt), t.LogID}
	}
	var pruned, kept []string // of rotate --prune
	for _, k := range s.Observed.Old {
		if k.Deleted {
			pruned = append(pruned, k.File)
		} else {
			kept = append(kept, k.File)
		}
	}
	if pruned != nil {
		r["pruned"] = pruned
	}
	if kept != nil {
		r["kept"] = kept
	}
	return r
}

// rfc3339 is "" for a time that is not known.
func rfc3339(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
