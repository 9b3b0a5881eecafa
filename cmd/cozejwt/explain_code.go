package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"cozejwt/envfile"
	"cozejwt/internal/boundedfile"
	"cozejwt/internal/credentials"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/fault"
	"cozejwt/internal/lint"
	"cozejwt/internal/tty"
)

// explainFile explains the text of a file that was named: of source code and of a diff the lines,
// of anything else the error in it, at its end where it is long.
func (a *app) explainFile(path string) error {
	read := boundedfile.End
	if lint.IsSource(path) {
		read = boundedfile.Read
	}
	data, err := read(path, maxPasted)
	if err != nil {
		f := fault.Unreadable(path, err)
		if errors.As(err, new(boundedfile.TooLarge)) {
			f = f.Advise("explain.large_diff")
		}
		return f
	}
	text := string(data)
	switch {
	case lint.IsSource(path):
		facts := a.lintFacts()
		a.printFindings(lint.Code(path, text, facts), facts, a.lang.Text("explain.source", "path", path))
		return nil
	case lint.IsDiff(text):
		return a.explainDiff(text)
	case strings.TrimSpace(text) == "":
		return fault.Usage("explain.nothing")
	}
	a.printExplanation(diagnosis.Explain(text, clock()))
	return nil
}

// explainDiff judges the lines that a diff adds.
func (a *app) explainDiff(text string) error {
	if len(text) > maxPasted {
		return fault.Usage("explain.large_diff", "kib", strconv.Itoa(maxPasted>>10))
	}
	facts := a.lintFacts()
	changes := lint.Changes(text)
	var found []lint.Finding
	for _, c := range changes {
		found = append(found, lint.Added(c, facts)...)
	}
	a.printFindings(found, facts, a.lang.Text("explain.diff", "count", strconv.Itoa(len(changes))))
	return nil
}

// lintFacts are those of the project's .env; without one that can be read, nothing is known.
func (a *app) lintFacts() lint.Facts {
	file, err := envfile.Load(a.envPath())
	if err != nil {
		return lint.Facts{}
	}
	base, _ := file.Get(credentials.Default.VarName(credentials.APIBase))
	if !strings.HasPrefix(base, "https://") && !strings.HasPrefix(base, "http://") {
		return lint.Facts{}
	}
	return lint.Facts{Base: base}
}

// printFindings prints each finding as file:line with the reason, what to do, and the line that
// would be right.
func (a *app) printFindings(found []lint.Finding, facts lint.Facts, recognised string) {
	var places, whys, ids, fixes []string
	for _, f := range found {
		why := a.lang.Text("lint."+f.Rule, "base", facts.Base)
		places = append(places, fmt.Sprintf("%s:%d: %s", tty.Line(f.Path), f.Line, why))
		whys = append(whys, why)
		ids = append(ids, "code."+f.Rule)
		fixes = append(fixes, a.lang.Text("lint."+f.Rule+".fix")+"\n"+f.Right)
	}
	if a.json {
		printJSON(a.out, map[string]any{
			"known": len(found) > 0, "recognised": []string{recognised}, "findings": orEmpty(places),
			"causes": orEmpty(whys), "cause_ids": orEmpty(ids), "fix": orEmpty(fixes), "log_id": "",
		})
		return
	}
	a.printWrapped(a.out, recognised)
	for i, f := range found {
		a.printWrapped(a.out, places[i])
		a.printWrapped(a.out, "   → "+a.lang.Text("lint."+f.Rule+".fix"))
		for line := range strings.Lines(f.Right) { // never wrapped: it is copied
			fmt.Fprintln(a.out, "     "+strings.TrimSuffix(line, "\n"))
		}
	}
	if len(found) == 0 {
		a.printWrapped(a.out, a.lang.Text("explain.no_finding"))
	}
}
