package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cozejwt/internal/credentials"
	"cozejwt/internal/exchange"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/paths"
	"cozejwt/internal/plain"
	"cozejwt/internal/profiles"
	"cozejwt/internal/steps"
	"cozejwt/internal/tty"
)

func (a *app) profilesCommand() *cobra.Command {
	var test, yes bool
	cmd := &cobra.Command{
		Use:     "profiles",
		Short:   a.lang.Text("cmd.profiles.short"),
		Long:    a.lang.Text("cmd.profiles.long"),
		Example: a.lang.Text("cmd.profiles.example"),
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.runProfiles(cmd.Context(), test, yes) },
	}
	cmd.Flags().BoolVar(&test, "test", false, a.lang.Text("flag.test"))
	cmd.Flags().BoolVar(&yes, "yes", false, a.lang.Text("flag.trust"))
	return cmd
}

func (a *app) runProfiles(ctx context.Context, test, yes bool) error {
	env := a.env()
	if test {
		if err := a.maySign(ctx, yes, "", loaded(credentials.Files(a.dir)...)); err != nil {
			return err
		}
	}
	all := profiles.List(env.Exchanger, a.dir, a.envPath())
	var failed error
	if test {
		failed = a.try(ctx, env, all)
	}
	switch {
	case errors.Is(failed, context.Canceled):
		return failed
	case a.json:
		list := make([]map[string]any, len(all))
		for i, p := range all {
			list[i] = a.entryOf(p)
		}
		printJSON(a.out, map[string]any{"profiles": list})
	case len(all) == 0:
		a.say("profiles.none", "dir", a.dir)
	default:
		a.printProfiles(a.out, env, all)
	}
	return a.shown(failed)
}

// shown is the exit code for trouble that a list has told of already.
func (a *app) shown(err error) error {
	f, ok := errors.AsType[*fault.Fault](err)
	switch {
	case err == nil:
		return nil
	case ok && f.Class == fault.ClassUnreachable:
		return exitError{exitUnreachable}
	}
	return exitError{exitRefused}
}

// try asks for a token for each set, and says so as each is answered.
func (a *app) try(ctx context.Context, env steps.Deps, all []profiles.Profile) error {
	a.say("profiles.trying", "count", fmt.Sprint(len(all)))
	b := a.barOf(len(all))
	return profiles.Try(ctx, env.Exchanger, all, func(p profiles.Profile) {
		line := ""
		switch {
		case p.Failed != nil:
			line = a.lang.Text("profiles.refused", "name", a.nameOf(p), "message", p.Failed.Message(a.lang))
		case p.Flaw != nil:
			line = a.lang.Text("profiles.refused", "name", a.nameOf(p), "message", p.Flaw.Message(a.lang))
		case b.w == nil:
			line = a.lang.Text("profiles.granted", "name", a.nameOf(p))
		}
		if b.w == nil {
			fmt.Fprintln(a.err, line)
		}
		b.step(line)
	})
}

// nameOf is what a person calls a set: the profile's name, or its file.
func (a *app) nameOf(p profiles.Profile) string {
	if name := p.Profile(); name != "" {
		return name
	}
	return filepath.Base(p.Path)
}

// langOf is the language with the flags that a command about a profile needs.
func (a *app) langOf(p profiles.Profile) i18n.Speaker {
	if p.Profile() == "" {
		return a.lang
	}
	return a.of(p.Profile()).lang
}

// profileFits make room in the table of profiles. The name, which use takes, is kept longest; what
// is wrong with a pair stands below the table too.
var profileFits = []fit{{5, 10}, {5, 0}, {6, 0}, {3, 0}, {1, 10}, {4, 0}, {2, 0}}

// printProfiles draws the table, and under it what is wrong.
func (a *app) printProfiles(w *tty.Writer, env steps.Deps, all []profiles.Profile) {
	rows := [][]string{strings.Split(a.lang.Text("profiles.head"), "|")}
	for _, p := range all {
		active := ""
		if p.Active {
			active = "*"
		}
		rows = append(rows, []string{active, a.nameOf(p), p.Set.AppID, a.shortened(p.Set.KeyID), string(p.Region), a.show(p.KeyFile()), a.pairOf(p), a.lastTestOf(env, p.LastTest)})
	}
	if left := a.printTable(w, rows, profileFits...); left != nil {
		a.say("profiles.left_out", "names", i18n.List(left))
	}
	for _, p := range all {
		if p.Flaw != nil {
			fmt.Fprintf(w, "\n%s: %s\n", a.nameOf(p), p.Flaw.Message(a.lang))
			for _, fix := range p.Flaw.Fixes(a.langOf(p)) {
				fmt.Fprintf(w, "  → %s\n", fix)
			}
		}
		if p.Failed != nil {
			fmt.Fprintf(w, "\n%s: ", a.nameOf(p))
			fmt.Fprint(w, plain.Diagnosis(*p.Failed, a.langOf(p)))
		}
	}
}

// shortened is an id as it fits a terminal, which is enough to tell it from
// others; scripts get all of it.
func (a *app) shortened(id string) string {
	if r := []rune(id); tty.Is(a.streams.out) && len(r) > 12 {
		return string(r[:8]) + "…"
	}
	return id
}

// show shortens a path as the project's folder has it.
func (a *app) show(path string) string {
	return paths.Within(a.dir, path)
}

func (a *app) pairOf(p profiles.Profile) string {
	if p.Flaw != nil {
		return "✗"
	}
	return "✓"
}

func (a *app) lastTestOf(env steps.Deps, t *exchange.TestResult) string {
	if t == nil {
		return "-"
	}
	mark := "✓"
	if t.Refusal != "" {
		mark = "✗"
	}
	return mark + " " + a.lang.Say(flow.Ago(env.Now().Sub(t.Time)))
}

type testEntry struct {
	OK      bool   `json:"ok"`
	Time    string `json:"time"`
	Refusal string `json:"refusal"`
}

// entryOf is a profile in the JSON of profiles and import.
func (a *app) entryOf(p profiles.Profile) map[string]any {
	e := valuesOf(p.Set)
	e["name"], e["env_path"], e["region"], e["private_key_path"] = p.Profile(), p.Path, p.Region, p.KeyFile()
	e["pair_ok"], e["active"], e["problem"], e["last_test"] = p.Flaw == nil, p.Active, "", nil
	switch {
	case p.Failed != nil:
		e["problem"] = p.Failed.Message(a.lang)
	case p.Flaw != nil:
		e["problem"] = p.Flaw.Message(a.lang)
	}
	if p.LastTest != nil {
		e["last_test"] = testEntry{p.LastTest.Refusal == "", p.LastTest.Time.UTC().Format(time.RFC3339), p.LastTest.Refusal}
	}
	return e
}
