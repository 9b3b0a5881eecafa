package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"cozejwt/envfile"
	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/plain"
	"cozejwt/internal/setup"
	"cozejwt/keygen"
	"cozejwt/tui"
)

// initOptions are the flags of init: an answer each to a question of the plan.
type initOptions struct {
	appID, keyID          string
	keyPath, importKey    string
	bits                  int
	reuseKey              bool
	envNames              string
	skipTest, dryRun, yes bool
	fresh                 bool
	newApp                bool // beside the one whose credentials are there
}

func (a *app) initCommand(name string) *cobra.Command {
	var o initOptions
	cmd := &cobra.Command{
		Use:     name,
		Short:   a.lang.Text("cmd.init.short"),
		Long:    a.lang.Text("cmd.init.long"),
		Example: a.lang.Text("cmd.init.example"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if name == "cozejwt" && a.undecided(cmd) {
				return a.runStart(cmd.Context(), o)
			}
			return a.runInit(cmd.Context(), o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.appID, "app-id", "", a.lang.Text("flag.app_id"))
	f.StringVar(&o.keyID, "key-id", "", a.lang.Text("flag.key_id"))
	f.StringVar(&o.keyPath, "key-path", "", a.lang.Text("flag.key_path"))
	f.IntVar(&o.bits, "bits", keygen.DefaultBits, a.lang.Text("flag.bits"))
	f.BoolVar(&o.reuseKey, "reuse-key", false, a.lang.Text("flag.reuse_key"))
	f.StringVar(&o.importKey, "import-key", "", a.lang.Text("flag.import_key"))
	f.StringVar(&o.envNames, "env-names", "", a.lang.Text("flag.env_names"))
	f.BoolVar(&o.skipTest, "skip-test", false, a.lang.Text("flag.skip_test"))
	f.BoolVar(&o.dryRun, "dry-run", false, a.lang.Text("flag.dry_run"))
	f.BoolVar(&o.yes, "yes", false, a.lang.Text("flag.yes"))
	f.BoolVar(&o.fresh, "fresh", false, a.lang.Text("flag.fresh"))
	return cmd
}

func (a *app) runInit(ctx context.Context, o initOptions) error {
	a.practice.fleeting = o.dryRun
	s, err := setup.Open(a.env(), a.dir, a.envPath())
	if err != nil {
		return err
	}
	if o.newApp {
		s.NewApp()
	}
	if err := a.answer(s, o); err != nil {
		return err
	}
	if o.fresh {
		s.DropDraft()
	}
	return a.walk(ctx, s)
}

// walk goes through the session's plan, full screen or line by line, and prints
// what came of it.
func (a *app) walk(ctx context.Context, s *setup.Session) error {
	if a.fullScreen() {
		return a.conclude(ctx, s, a.runWizard(ctx, s))
	}
	return a.conclude(ctx, s, a.front().Run(ctx, s))
}

// conclude prints what came of a run, or why it came to nothing.
func (a *app) conclude(ctx context.Context, s *setup.Session, err error) error {
	if err != nil {
		return a.explainRun(ctx, s, err)
	}
	a.printRun(s)
	return nil
}

// front asks line by line.
func (a *app) front() *plain.Front {
	if a.lines == nil {
		a.lines = &plain.Front{In: a.in, Out: a.err, Lang: a.lang, NoInput: a.noInput}
	}
	return a.lines
}

// answer puts the flags into the session, as answers to its questions.
func (a *app) answer(s *setup.Session, o initOptions) error {
	if _, err := keygen.ParseBits(strconv.Itoa(o.bits)); err != nil {
		return err
	}
	s.Answers.Bits, s.Answers.SkipTest, s.Answers.DryRun = o.bits, o.skipTest, o.dryRun
	region, base, err := a.base()
	if err != nil {
		return err
	}
	if region != "" {
		s.ChooseBase(region, base)
		s.Given["region"], s.Given["api_base"] = true, true
	}
	if o.envNames != "" {
		if s.Answers.Names, err = credentials.ParseConvention(o.envNames); err != nil {
			return err
		}
	}
	if err := a.answerKey(s, o); err != nil {
		return err
	}
	for _, id := range []struct {
		field credentials.Field
		value string
		to    *string
	}{{credentials.AppID, o.appID, &s.Answers.AppID}, {credentials.KeyID, o.keyID, &s.Answers.KeyID}} {
		if id.value == "" {
			continue
		}
		if *id.to, _, err = credentials.Check(id.field, id.value); err != nil {
			return err
		}
		s.Given[string(id.field)] = true
	}
	if o.yes || o.dryRun {
		s.Answers.Write, s.Given["write"] = true, true
	}
	return nil
}

func (a *app) answerKey(s *setup.Session, o initOptions) (err error) {
	if o.keyPath != "" {
		s.Answers.KeyFile, s.Given["key_path"] = a.inDir(o.keyPath), true
		if _, err := envfile.Quote(s.Answers.Names.VarName(credentials.KeyPath), s.Set().KeyPath); err != nil {
			return err // before a key is made that no .env could name
		}
	}
	switch {
	case o.importKey != "" && o.reuseKey:
		return fault.Usage("key.two_sources")
	case o.importKey != "":
		if s.Answers.Import, err = filepath.Abs(o.importKey); err != nil {
			return err
		}
		if _, err := keygen.Load(s.Answers.Import); err != nil {
			return err
		}
		s.Answers.Source, s.Given["import_key"], s.Given["key_source"] = setup.ImportKey, true, true
	case o.reuseKey:
		if _, err := keygen.Load(s.Answers.KeyFile); err != nil {
			return err
		}
		s.Answers.Source, s.Given["key_source"] = setup.ReuseKey, true
	}
	return nil
}

func (a *app) runWizard(ctx context.Context, s *setup.Session) error {
	err := tui.Run(ctx, s, a.screen())
	if errors.Is(err, tui.ErrLeft) {
		if err := s.Restore(); err != nil {
			return err
		}
		a.say("left.title")
		for _, line := range s.Leftovers() {
			fmt.Fprintln(a.err, "  "+a.lang.Say(line))
		}
		return errShown{exitInterrupted}
	}
	return err
}

// explainRun adds to an error what the session knows about it, and what is
// on the disk by now.
func (a *app) explainRun(ctx context.Context, s *setup.Session, err error) error {
	if _, shown := errors.AsType[errShown](err); shown {
		return err
	}
	if !a.noInput {
		if stuck := s.Restore(); stuck != nil {
			return stuck
		}
	}
	if !a.json {
		for _, line := range s.Leftovers() {
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
		fmt.Fprintln(a.out, a.lang.Say(m))
	}
}

type tokenResult struct {
	OK        bool   `json:"ok"`
	ExpiresAt string `json:"expires_at"`
	LogID     string `json:"log_id"`
}

type setResult struct {
	EnvPath        string      `json:"env_path"`
	AppID          string      `json:"app_id"`
	KeyID          string      `json:"key_id"`
	PrivateKeyPath string      `json:"private_key_path"`
	APIBase        string      `json:"api_base"`
	Token          tokenResult `json:"token"`
	Pruned         []string    `json:"pruned,omitempty"` // of rotate --prune: deleted, and left
	Kept           []string    `json:"kept,omitempty"`
}

func resultOf(s *setup.Session) setResult {
	r := setResult{
		EnvPath: s.EnvPath, AppID: s.Answers.AppID, KeyID: s.Answers.KeyID,
		PrivateKeyPath: s.Answers.KeyFile, APIBase: s.Answers.APIBase,
	}
	for _, k := range s.Seen.Old {
		if k.Deleted {
			r.Pruned = append(r.Pruned, k.File)
		} else {
			r.Kept = append(r.Kept, k.File)
		}
	}
	if t := s.Seen.Token; t != nil {
		r.Token = tokenResult{true, rfc3339(t.ExpiresAt), t.LogID}
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
