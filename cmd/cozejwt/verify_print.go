package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"cozejwt/internal/coze"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/internal/plain"
	"cozejwt/internal/verification"
)

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
			var b strings.Builder
			if o.verbose {
				a.printChecklist(&b, set.results)
			} else {
				a.printGroups(&b, set.results)
			}
			a.printWrapped(a.out, strings.TrimSuffix(b.String(), "\n"))
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
		fmt.Fprintln(w, strings.TrimRight(g.Status().Mark()+" "+title+gap+g.Line(a.lang), " "))
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
		fmt.Fprintln(w, verification.Skip.Mark(), a.unmade(unmade))
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
			fmt.Fprintln(w, verification.Skip.Mark(), a.unmade(unmade))
		}
	}
	fmt.Fprintln(w, verification.Summary(results, a.lang))
}

func (a *app) printResult(w io.Writer, r verification.Result, width int) {
	detail := r.Detail(a.lang)
	if r.Status == verification.Pass || r.Status == verification.Skip {
		title := r.Title(a.lang)
		gap := strings.Repeat(" ", width-ansi.StringWidth(title)+2)
		fmt.Fprintln(w, strings.TrimRight(r.Status.Mark()+" "+title+gap+detail, " "))
		return
	}
	a.printTrouble(w, r)
}

// printTrouble writes a failure or a warning: what was seen, why it matters and
// how to fix it.
func (a *app) printTrouble(w io.Writer, r verification.Result) {
	what := a.lang.Text("verify.trouble", "title", r.Title(a.lang), "detail", r.Detail(a.lang))
	fmt.Fprintf(w, "  %s %s\n", r.Status.Mark(), what)
	if why := r.Why(a.lang); why != "" {
		fmt.Fprintf(w, "    %s\n", why)
	}
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

// bugReport is the checklist with what Coze said word for word, ids and token masked, fit to be shown to
// others.
func (a *app) bugReport(results []verification.Result) string {
	var b strings.Builder
	fmt.Fprintf(&b, "cozejwt %s %s/%s\n", version(), runtime.GOOS, runtime.GOARCH)
	a.printChecklist(&b, results)
	for _, r := range results {
		if refusal := refusalOf(r); refusal != nil {
			fmt.Fprintf(&b, "\n%s\n%s\n", a.lang.Text("verify.report.answer", "request", refusal.Request, "status", strconv.Itoa(refusal.Status)), refusal.Message)
			fmt.Fprintf(&b, "code %s, logid %s\n", cmp.Or(refusal.Code, "-"), cmp.Or(refusal.LogID, "-"))
		}
	}
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

// refusalOf is what Coze answered to a request of a check, nil for none.
func refusalOf(r verification.Result) *coze.Refusal {
	if r.Diagnosis != nil {
		return r.Diagnosis.Refusal
	}
	if r.Fault == nil {
		return nil
	}
	refusal, _ := errors.AsType[*coze.Refusal](r.Fault)
	return refusal
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
