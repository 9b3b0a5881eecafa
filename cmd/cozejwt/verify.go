package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"cozejwt/internal/credentials"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/internal/plain"
	"cozejwt/internal/setup"
	"cozejwt/internal/verification"
	"cozejwt/keygen"
	"cozejwt/tui"
)

type verifyOptions struct {
	menu                           bool // there is one to return to
	offline, all, yes, otherRegion bool
	call                           bool
	permissions                    []string
	format, maxKeyAge              string
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
	f.StringVar(&o.maxKeyAge, "max-key-age", "", a.lang.Text("flag.max_key_age"))
	f.StringVar(&o.format, "format", "text", a.lang.Text("flag.verify_format"))
	f.BoolVar(&o.otherRegion, "other-region", false, a.lang.Text("flag.other_region"))
	return cmd
}

// checked holds the results of the checks of one .env file.
type checked struct {
	path    string
	results []verification.Result
}

func (a *app) runVerify(ctx context.Context, o verifyOptions) error {
	target, err := a.target(ctx)
	if err != nil {
		return err
	}
	target.Permissions, target.Call = o.permissions, o.call
	if target.MaxKeyAge, err = parseAge(o.maxKeyAge); err != nil {
		return err
	}
	if !slices.Contains(reportFormats, o.format) {
		return fault.Usage("verify.format", "format", o.format)
	}
	if a.fullScreen() && o.format == "text" && !o.all && !o.yes {
		return a.showVerify(ctx, target, o)
	}
	paths := []string{a.envPath()}
	if o.all {
		paths = append(paths, credentials.Profiles(a.dir)...)
	}
	sets, err := a.checkAll(ctx, target, slices.Compact(paths), o)
	if err != nil {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return a.printVerify(sets, o)
}

// showVerify is verify as a screen. What was seen last stays in the scrollback.
func (a *app) showVerify(ctx context.Context, s verification.Target, o verifyOptions) error {
	if o.otherRegion {
		s.AskOther = verification.OtherThan
	}
	results, err := tui.Verify(ctx, s, kindOf(o), a.lang, o.menu, a.bugReport)
	if errors.Is(err, tui.ErrLeft) {
		return context.Canceled
	}
	a.remember(s, results)
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
		Exchanger: a.env().Exchanger, KeyMade: a.keyMade,
	}, nil
}

// keyMade is when the rotation that made a key was, zero for none on record.
func (a *app) keyMade(file string) time.Time {
	for _, r := range a.env().Records(a.envPath()) {
		if credentials.SameFile(r.New.File, file) {
			return r.Time
		}
	}
	return time.Time{}
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

// atATime is how many sets are checked side by side.
const atATime = 16

// checkAll checks the .env files side by side; what a person has to agree to is
// asked one after the other.
func (a *app) checkAll(ctx context.Context, s verification.Target, paths []string, o verifyOptions) ([]checked, error) {
	if o.otherRegion {
		s.AskOther = verification.OtherThan
	}
	sets := make([]checked, len(paths))
	b := a.barOf(len(paths))
	var group errgroup.Group
	group.SetLimit(atATime)
	for i, path := range paths {
		of := s
		of.EnvPath = path
		group.Go(func() error {
			sets[i] = checked{path, a.checkOnce(ctx, of, o, b.w == nil)}
			b.step("")
			return nil
		})
	}
	_ = group.Wait()
	for i, path := range paths {
		of := s
		of.EnvPath = path
		results, err := a.settle(ctx, of, sets[i].results, o)
		if err != nil {
			return nil, err
		}
		sets[i].results = results
	}
	return sets, nil
}

// settle fixes what is agreed to, and checks again where that changes anything.
func (a *app) settle(ctx context.Context, s verification.Target, results []verification.Result, o verifyOptions) ([]verification.Result, error) {
	fixed, err := a.fix(results, o)
	if err != nil {
		return nil, err
	}
	if s.AskOther == nil && a.mayAskOther(results) {
		s.AskOther, fixed = verification.OtherThan, true
	}
	if fixed {
		results = a.checkOnce(ctx, s, o, true)
	}
	return results, nil
}

// checkOnce makes the checks; on a terminal it may say which is under way.
func (a *app) checkOnce(ctx context.Context, s verification.Target, o verifyOptions, say bool) []verification.Result {
	results := verification.Run(ctx, s, kindOf(o), func(r verification.Result) {
		if say && r.Status == verification.Running && isTerminal(a.err) {
			a.say("verify.progress", "title", r.Title(a.lang))
		}
	})
	a.remember(s, results)
	return results
}

// remember keeps how the live test came out, for the list of sets.
func (a *app) remember(s verification.Target, results []verification.Result) {
	held, err := credentials.Load(s.EnvPath)
	if err != nil {
		return
	}
	key, err := keygen.Load(held.KeyFile())
	if err != nil {
		return
	}
	for _, r := range results {
		switch {
		case r.ID != "token.exchange":
		case r.Status == verification.Pass:
			a.env().SaveTestResult(held.Set, &key.Private.PublicKey, nil)
		case r.Diagnosis != nil && r.Diagnosis.Refusal != nil:
			a.env().SaveTestResult(held.Set, &key.Private.PublicKey, r.Diagnosis.Refusal)
		}
	}
}

// asks reports whether there is a person to ask.
func (a *app) asks() bool {
	return !a.noInput && !a.json && isTerminal(a.in) && isTerminal(a.err)
}

// agreed asks a question that only a yes agrees to.
func (a *app) agreed(question string) bool {
	fmt.Fprint(a.err, question)
	answer, _ := bufio.NewReader(a.in).ReadString('\n') // a terminal hands over a line at a time
	return plain.IsYes(answer)
}

// mayAskOther asks whether the other region may see the credentials, where
// that could tell why they were refused.
func (a *app) mayAskOther(results []verification.Result) bool {
	if !a.asks() {
		return false
	}
	for _, r := range results {
		if r.Fault != nil && r.Fault.ID == "region.unasked" && r.Fault.Value("other") != "" {
			return a.agreed(a.lang.Text("verify.ask_other", "other", r.Fault.Value("other")))
		}
	}
	return false
}

// fix applies the repairs that the person, or --yes, agrees to.
func (a *app) fix(results []verification.Result, o verifyOptions) (fixed bool, err error) {
	if !o.yes && !a.asks() {
		return false, nil
	}
	for _, r := range results {
		if r.Repair == nil {
			continue
		}
		what := a.lang.Say(r.Repair.What)
		if !o.yes && !a.agreed(a.lang.Text("verify.can_fix", "what", what)+"\n"+r.Repair.Diff+a.lang.Text("verify.ask_fix")) {
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

func (a *app) printVerify(sets []checked, o verifyOptions) error {
	var all []verification.Result
	for _, set := range sets {
		all = append(all, set.results...)
	}
	class, ok := verification.Class(all)
	switch {
	case a.json:
		a.printVerifyJSON(sets, ok, o)
	case o.format == "github":
		a.printAnnotations(sets)
	case o.format == "junit":
		if err := a.printJUnit(sets); err != nil {
			return err
		}
	default:
		for _, set := range sets {
			if o.all {
				fmt.Fprintln(a.out, a.lang.Text("verify.profile", "path", filepath.Base(set.path)))
			}
			a.printGroups(a.out, set.results)
		}
	}
	switch {
	case ok:
		return nil
	case class == fault.ClassUnreachable:
		return exitError{exitUnreachable}
	}
	return exitError{exitRefused}
}

// order is how a checklist is printed: what failed last, where the eye is.
var order = []verification.Status{verification.Pass, verification.Skip, verification.Warn, verification.Fail}

var marks = map[verification.Status]string{verification.Pass: "✓", verification.Skip: "·", verification.Warn: "!", verification.Fail: "✗"}

// printGroups writes the checks so that they read in ten seconds: a line for a
// group that passed, what is wrong in the others.
func (a *app) printGroups(w io.Writer, results []verification.Result) {
	groups := verification.Groups(results)
	width := 0
	for _, g := range groups {
		width = max(width, ansi.StringWidth(g.Title(a.lang)))
	}
	for _, g := range groups {
		title := g.Title(a.lang)
		gap := strings.Repeat(" ", width-ansi.StringWidth(title)+3)
		fmt.Fprintln(w, strings.TrimRight(marks[g.Status()]+" "+title+gap+g.Line(a.lang), " "))
		for _, r := range g.Trouble() {
			a.printTrouble(w, r)
		}
	}
	var unmade []string
	for _, r := range results {
		if r.Unmade() {
			unmade = append(unmade, r.Title(a.lang))
		}
	}
	if unmade != nil {
		fmt.Fprintln(w, marks[verification.Skip], a.unmade(unmade))
	}
	fmt.Fprintln(w, "\n"+verification.Summary(results, a.lang))
}

// unmade names the checks that failures prevented: the first ones where there are many.
func (a *app) unmade(titles []string) string {
	const shown = 5
	if rest := len(titles) - shown; rest > 1 {
		return a.lang.Text("verify.unmade_many", "titles", i18n.List(titles[:shown]), "count", strconv.Itoa(rest))
	}
	return a.lang.Text("verify.unmade", "titles", i18n.List(titles))
}

// printChecklist writes every check, for a report.
func (a *app) printChecklist(w io.Writer, results []verification.Result) {
	width := verification.TitleWidth(results, a.lang)
	var unmade []string
	for _, status := range order {
		for _, r := range results {
			switch {
			case r.Status != status:
			case r.Unmade():
				unmade = append(unmade, r.Title(a.lang))
			default:
				a.printResult(w, r, width)
			}
		}
		if status == verification.Skip && unmade != nil {
			fmt.Fprintln(w, marks[verification.Skip], a.unmade(unmade))
		}
	}
	fmt.Fprintln(w, verification.Summary(results, a.lang))
}

func (a *app) printResult(w io.Writer, r verification.Result, width int) {
	detail := r.Detail(a.lang)
	if r.Status == verification.Pass || r.Status == verification.Skip {
		title := r.Title(a.lang)
		gap := strings.Repeat(" ", width-ansi.StringWidth(title)+2)
		fmt.Fprintln(w, strings.TrimRight(marks[r.Status]+" "+title+gap+detail, " "))
		return
	}
	a.printTrouble(w, r)
}

// printTrouble writes a failure or a warning: what was seen, why it matters and
// how to fix it.
func (a *app) printTrouble(w io.Writer, r verification.Result) {
	what := a.lang.Text("verify.trouble", "title", r.Title(a.lang), "detail", r.Detail(a.lang))
	fmt.Fprintf(w, "  %s %s\n    %s\n", marks[r.Status], what, r.Why(a.lang))
	if r.Diagnosis != nil {
		for line := range strings.Lines(plain.Causes(*r.Diagnosis, a.lang)) {
			fmt.Fprint(w, "  "+line)
		}
		return
	}
	for _, fix := range r.Fixes(a.lang) {
		fmt.Fprintf(w, "    → %s\n", fix)
	}
}

// bugReport is the checklist with ids and token masked, fit to be shown to
// others.
func (a *app) bugReport(results []verification.Result) string {
	var b strings.Builder
	fmt.Fprintf(&b, "cozejwt %s %s/%s\n", version(), runtime.GOOS, runtime.GOARCH)
	a.printChecklist(&b, results)
	text := b.String()
	for _, r := range results {
		pairs := slices.Clone(r.Seen)
		if r.Fault != nil {
			pairs = append(pairs, r.Fault.Pairs...)
		}
		if r.Diagnosis != nil {
			for _, c := range r.Diagnosis.Causes {
				pairs = append(pairs, c.Pairs...)
			}
		}
		text = maskPairs(text, pairs)
	}
	return text
}

// personal are the placeholders that hold ids and tokens.
var personal = []string{"value", "token", "app_id", "key_id", "clean"}

func maskPairs(text string, pairs []string) string {
	for i := 0; i+1 < len(pairs); i += 2 {
		if value := pairs[i+1]; slices.Contains(personal, pairs[i]) && value != "" {
			text = strings.ReplaceAll(text, value, masked(value))
		}
	}
	return text
}

// masked keeps two characters at each end, enough to tell values apart.
func masked(value string) string {
	r := []rune(value)
	if len(r) < 10 {
		return "…"
	}
	return string(r[:2]) + "…" + string(r[len(r)-2:])
}

func (a *app) printVerifyJSON(sets []checked, ok bool, o verifyOptions) {
	type entry struct {
		Profile string `json:"profile,omitempty"`
		ID      string `json:"id"`
		Status  string `json:"status"`
		Title   string `json:"title"`
		Detail  string `json:"detail"`
		Fix     string `json:"fix"`
	}
	checks := []entry{}
	for _, set := range sets {
		profile := ""
		if o.all {
			profile = filepath.Base(set.path)
		}
		for _, r := range set.results {
			checks = append(checks, entry{profile, r.ID, string(r.Status), r.Title(a.lang), r.Detail(a.lang), strings.Join(r.Fixes(a.lang), "\n")})
		}
	}
	printJSON(a.out, map[string]any{"ok": ok, "checks": checks})
}
