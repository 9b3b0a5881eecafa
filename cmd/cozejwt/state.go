package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"cozejwt/internal/credentials"
	"cozejwt/internal/exchange"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/paths"
	"cozejwt/internal/rotation"
	"cozejwt/internal/sandbox"
	"cozejwt/internal/state"
	"cozejwt/internal/steps"
	"cozejwt/internal/tokencache"
	"cozejwt/internal/tty"
)

func (a *app) stateCommand() *cobra.Command {
	var all, clear bool
	cmd := &cobra.Command{
		Use:     "state",
		Short:   a.lang.Text("cmd.state.short"),
		Long:    a.lang.Text("cmd.state.long"),
		Example: a.lang.Text("cmd.state.example"),
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.runState(cmd.Context(), all, clear) },
	}
	cmd.Flags().BoolVar(&all, "all", false, a.lang.Text("flag.state_all"))
	cmd.Flags().BoolVar(&clear, "clear", false, a.lang.Text("flag.clear"))
	return cmd
}

// The faults of what cannot be cleared: nobody is there to say yes, and a sandbox that runs.
var (
	errClearUnasked   = fault.Usage("state.unasked")
	errSandboxRunning = fault.Usage("state.sandbox_running")
)

func (a *app) runState(ctx context.Context, all, clear bool) error {
	if clear && !a.asks() {
		return errClearUnasked
	}
	kept, served := a.kept()
	listed := kept
	if !all {
		listed = slices.DeleteFunc(slices.Clone(kept), func(k state.Kept) bool { return !a.isAboutProject(k) })
	}
	if a.json {
		printJSON(a.out, map[string]any{"kept": keptRows(listed)})
		return nil
	}
	a.printKept(listed)
	if others := len(kept) - len(listed); others > 0 {
		a.say("state.others", "count", strconv.Itoa(others))
	}
	if !clear || len(listed) == 0 {
		return nil
	}
	if served && slices.ContainsFunc(listed, func(k state.Kept) bool { return k.Kind == "sandbox" }) {
		return errSandboxRunning
	}
	if !a.agreed(ctx, a.lang.Text("state.ask", "count", strconv.Itoa(len(listed)))) {
		return nil
	}
	for _, k := range listed {
		if err := k.Delete(); err != nil {
			return err
		}
	}
	a.say("state.cleared", "count", strconv.Itoa(len(listed)))
	return nil
}

// kept lists all that is remembered on this machine, kind by kind. Served reports whether the
// sandbox runs.
func (a *app) kept() (kept []state.Kept, served bool) {
	kept = slices.Concat(
		flow.Drafts(stateDir()),
		rotation.AllRecords(stateDir()),
		exchange.TestResults(stateDir(), credentials.Files(a.dir)...),
		exchange.Digests(stateDir()),
		keptConsents(),
		steps.LockNotes(stateDir(), a.dir),
		tokencache.Cache{Dir: tokensDir()}.Kept(),
	)
	ofSandbox, served := sandbox.Kept(stateDir())
	kept = append(kept, ofSandbox...)
	if crash, ok := state.FileOf(crashFile(), "crash"); ok {
		kept = append(kept, crash)
	}
	return kept, served
}

// isAboutProject reports whether a file is about the project folder, its .env files or its work tree.
func (a *app) isAboutProject(k state.Kept) bool {
	switch k.About {
	case "":
		return false
	case a.dir, a.project():
		return true
	}
	dir := filepath.Dir(paths.Canonical(filepath.Join(a.dir, ".env"))) // links followed
	rel, err := filepath.Rel(dir, paths.Canonical(k.About))
	return err == nil && filepath.IsLocal(rel)
}

// A keptRow is a file for a script: About is "" where it is of no project.
type keptRow struct {
	Kind  string `json:"kind"`
	Path  string `json:"path"`
	About string `json:"about"`
	Saved string `json:"saved"`
}

func keptRows(kept []state.Kept) []keptRow {
	rows := []keptRow{}
	for _, k := range kept {
		rows = append(rows, keptRow{k.Kind, k.Path, k.About, rfc3339(k.Saved)})
	}
	return rows
}

// printKept lists files under what they are. Those of a kind stand together.
func (a *app) printKept(kept []state.Kept) {
	if len(kept) == 0 {
		fmt.Fprintln(a.out, a.lang.Text("state.none"))
		return
	}
	if tty.Is(a.streams.out) {
		fmt.Fprintln(a.out, a.lang.Text("state.folder", "path", paths.Display(a.dir, stateDir())))
	}
	rows := make([][]string, len(kept))
	for i, k := range kept {
		rows[i] = []string{"  " + a.keptPath(k.Path), i18n.Moment(k.Saved), a.aboutOf(k)}
	}
	lines, _ := tableLines(rows, a.width(), fit{2, 20}, fit{0, 16}, fit{2, 0})
	for i, k := range kept {
		if i == 0 || kept[i-1].Kind != k.Kind {
			a.printWrapped(a.out, a.lang.Text("state.kind."+k.Kind))
		}
		fmt.Fprintln(a.out, lines[i])
	}
}

// keptPath is the path of a file that is kept: complete for a script, and on a terminal without the
// folder that is named above.
func (a *app) keptPath(path string) string {
	if !tty.Is(a.streams.out) {
		return a.show(path)
	}
	if inside := paths.Within(stateDir(), path); inside != path {
		return inside
	}
	return paths.Display(a.dir, path)
}

// aboutOf says what of a project a file is about, "" for nothing.
func (a *app) aboutOf(k state.Kept) string {
	switch k.About {
	case "":
		return ""
	case a.dir, a.project():
		return a.lang.Text("state.about_project")
	}
	return a.lang.Text("state.about", "path", a.show(k.About))
}
