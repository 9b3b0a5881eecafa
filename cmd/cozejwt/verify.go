package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/fault"
	"cozejwt/internal/plain"
	"cozejwt/internal/rotation"
	"cozejwt/internal/setup"
	"cozejwt/internal/tty"
	"cozejwt/internal/verification"
	"cozejwt/tui"
)

type verifyOptions struct {
	menu                           bool // there is one to return to
	offline, all, yes, otherRegion bool
	call, verbose                  bool
	permissions                    []string
	format, maxKeyAge              string
	optional                       credentials.Set // in place of what the .env has
}

func (a *app) verifyCommand() *cobra.Command {
	var o verifyOptions
	cmd := &cobra.Command{
		Use:     "verify",
		Aliases: []string{"doctor"},
		Short:   a.lang.Text("cmd.verify.short"),
		Long:    a.lang.Text("cmd.verify.long"),
		Example: a.lang.Text("cmd.verify.example"),
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.runVerify(cmd.Context(), o) },
	}
	f := cmd.Flags()
	f.BoolVar(&o.offline, "offline", false, a.lang.Text("flag.offline"))
	f.BoolVar(&o.all, "all", false, a.lang.Text("flag.all"))
	f.BoolVar(&o.yes, "yes", false, a.lang.Text("flag.verify_yes"))
	f.StringArrayVar(&o.permissions, "permission", nil, a.lang.Text("flag.wanted"))
	f.BoolVar(&o.call, "call", false, a.lang.Text("flag.call"))
	f.BoolVarP(&o.verbose, "verbose", "v", false, a.lang.Text("flag.verify_verbose"))
	f.StringVar(&o.maxKeyAge, "max-key-age", "", a.lang.Text("flag.max_key_age"))
	f.StringVar(&o.format, "format", "text", a.lang.Text("flag.verify_format"))
	_ = cmd.RegisterFlagCompletionFunc("format", fixedValues(reportFormats...)) // fails for a flag without a name alone
	a.waitFlag(f)
	a.optionalFlags(f, &o.optional)
	f.BoolVar(&o.otherRegion, "other-region", false, a.lang.Text("flag.other_region"))
	return cmd
}

// checked holds the results of the checks of one .env file.
type checked struct {
	path    string
	results []verification.Result
}

func (a *app) runVerify(ctx context.Context, o verifyOptions) error {
	target, err := a.verifyTarget(ctx, o)
	if err != nil {
		return err
	}
	paths := []string{a.envPath()}
	if o.all {
		paths = credentials.Files(a.dir)
		if !slices.Contains(paths, a.envPath()) {
			paths = slices.Insert(paths, 0, a.envPath())
		}
	}
	if !o.offline {
		if err := a.maySign(ctx, o.yes, target.Override.Aud, loaded(paths...)); err != nil {
			return err
		}
	}
	if a.fullScreen() && o.format == "text" && !o.all && !o.yes && target.Environment == nil { // the screen offers to edit a .env
		return a.showVerify(ctx, target, o)
	}
	sets, err := a.checkAll(ctx, target, paths, o)
	if err != nil {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return a.printVerify(sets, o)
}

// verifyTarget is what the flags of verify say is to be checked.
func (a *app) verifyTarget(ctx context.Context, o verifyOptions) (verification.Target, error) {
	target, err := a.target(ctx)
	if err != nil {
		return target, err
	}
	target.Permissions, target.Call = o.permissions, o.call
	if target.MaxKeyAge, err = parseAge(o.maxKeyAge); err != nil {
		return target, err
	}
	if target.Override, err = o.optional.CheckOptional(); err != nil {
		return target, err
	}
	if !slices.Contains(reportFormats, o.format) {
		return target, fault.Usage("verify.format", "format", o.format)
	}
	target.Environment, err = a.environment(ctx)
	return target, err
}

// showVerify is verify as a screen. What was seen last stays in the scrollback.
func (a *app) showVerify(ctx context.Context, s verification.Target, o verifyOptions) error {
	if o.otherRegion {
		s.AskOther = coze.OtherBase
	}
	s.Waiting.Tell = nil // the screen is its own
	results, err := tui.Verify(ctx, s, kindOf(o), a.lang, o.menu, a.bugReport)
	if errors.Is(err, tui.ErrLeft) {
		return context.Canceled
	}
	if wanted, ok := errors.AsType[tui.Correction](err); ok {
		return a.runFix(ctx, wanted.Refused)
	}
	if err != nil {
		return err
	}
	return a.printVerify([]checked{{s.EnvPath, results}}, o)
}

// runFix corrects the credentials of the .env, which were refused.
func (a *app) runFix(ctx context.Context, refused diagnosis.Diagnosis) error {
	s, err := setup.OpenFix(a.env(), a.dir, a.envPath(), refused)
	if err != nil {
		return err
	}
	return a.walk(ctx, s)
}

func kindOf(o verifyOptions) verification.Kind {
	if o.offline {
		return verification.Offline
	}
	return verification.Live
}

// target is what the flags say is to be checked.
func (a *app) target(ctx context.Context) (verification.Target, error) {
	base, err := a.wantedBase(ctx)
	if err != nil {
		return verification.Target{}, err
	}
	return verification.Target{
		Dir: a.dir, EnvPath: a.envPath(), APIBase: base, Getenv: a.getenv,
		Exchanger: a.env().Exchanger, KeyMade: a.keyMade(),
		Locked: func(do func() error) error { return a.env().Locked(ctx, a.dir, do) },
	}, nil
}

// keyMade returns when the rotation that made a key was, zero for none on record. The records are
// read once.
func (a *app) keyMade() func(file string) time.Time {
	real := func(path string) string {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			return real
		}
		return path
	}
	made := sync.OnceValue(func() map[string]time.Time {
		all := map[string]time.Time{}
		for _, r := range slices.Backward(rotation.Records(stateDir(), a.envPath())) { // the newest counts
			all[real(r.New.File)] = r.Time
		}
		return all
	})
	return func(file string) time.Time { return made()[real(file)] }
}

// parseAge reads an age in days, such as 90d, or as Go writes a duration.
func parseAge(s string) (time.Duration, error) {
	if s == "" {
		return 0, nil
	}
	if days, ok := strings.CutSuffix(s, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && n > 0 && n < 100_000 {
			return time.Duration(n) * 24 * time.Hour, nil
		}
	}
	if d, err := time.ParseDuration(s); err == nil && d > 0 {
		return d, nil
	}
	return 0, fault.Usage("key.age", "age", s)
}

// checkAll checks the .env files, side by side. What a person agrees to is asked then, of one after
// the other, and what that changes is checked again.
func (a *app) checkAll(ctx context.Context, s verification.Target, paths []string, o verifyOptions) ([]checked, error) {
	if o.otherRegion {
		s.AskOther = coze.OtherBase
	}
	sets, targets, all := make([]checked, len(paths)), make([]verification.Target, len(paths)), make([]int, len(paths))
	for i, path := range paths {
		sets[i].path, targets[i], all[i] = path, a.targetOf(s, path), i
	}
	a.check(ctx, targets, all, sets, o)
	var again []int
	for i := range paths {
		fixed, err := a.fix(ctx, sets[i].results, o)
		if err != nil {
			return nil, err
		}
		if targets[i].AskOther == nil && a.mayAskOther(ctx, sets[i].results) {
			targets[i].AskOther, fixed = coze.OtherBase, true
		}
		if fixed {
			again = append(again, i)
		}
	}
	a.check(ctx, targets, again, sets, o)
	return sets, nil
}

// check makes the checks of the targets at the indexes. What these targets have in common is looked
// at once.
func (a *app) check(ctx context.Context, targets []verification.Target, at []int, sets []checked, o verifyOptions) {
	b := a.barOf(len(at))
	common := &verification.Project{}
	coze.SideBySide(len(at), coze.MostAtOnce, func(n int) {
		i := at[n]
		target := targets[i]
		target.Project = common
		sets[i].results = a.checkOnce(ctx, target, o, b.w == nil)
		b.step("")
	})
}

// targetOf is a target about another .env. Credentials of the environment stand in for one alone.
func (a *app) targetOf(s verification.Target, path string) verification.Target {
	s.EnvPath = path
	if path != a.envPath() {
		s.Environment = nil
	}
	return s
}

// checkOnce makes the checks; on a terminal it may say which is under way.
func (a *app) checkOnce(ctx context.Context, s verification.Target, o verifyOptions, say bool) []verification.Result {
	return verification.Run(ctx, s, kindOf(o), func(r verification.Result) {
		if say && r.Status == verification.Running && tty.Is(a.err) {
			a.say("verify.progress", "title", r.Title(a.lang))
		}
	})
}

// asks reports whether there is a person to ask.
func (a *app) asks() bool {
	return !a.noInput && !a.json && tty.Is(a.in) && tty.Is(a.err)
}

// agreed asks a question that only a yes agrees to.
func (a *app) agreed(ctx context.Context, question string) bool {
	fmt.Fprint(a.err, question)
	answer, _ := a.front().Line(ctx)
	return plain.IsYes(answer)
}

// mayAskOther asks whether the other region may see the credentials, where
// that could tell why they were refused.
func (a *app) mayAskOther(ctx context.Context, results []verification.Result) bool {
	if !a.asks() {
		return false
	}
	for _, r := range results {
		if r.Fault != nil && r.Fault.ID == "region.unasked" && r.Fault.Value("other") != "" {
			return a.agreed(ctx, a.lang.Text("verify.ask_other", "other", r.Fault.Value("other")))
		}
	}
	return false
}

// fix applies the repairs that the person, or --yes, agrees to.
func (a *app) fix(ctx context.Context, results []verification.Result, o verifyOptions) (fixed bool, err error) {
	if !o.yes && !a.asks() {
		return false, nil
	}
	for _, r := range results {
		if r.Repair == nil {
			continue
		}
		what := a.lang.Say(r.Repair.What)
		if !o.yes && !a.agreed(ctx, a.lang.Text("verify.can_fix", "what", what)+"\n"+r.Repair.Diff+a.lang.Text("verify.ask_fix")) {
			continue
		}
		if err := r.Repair.Apply(); err != nil {
			return fixed, err
		}
		a.say("verify.fixed", "what", what)
		fixed = true
	}
	return fixed, nil
}
