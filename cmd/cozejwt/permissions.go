package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/internal/permissions"
)

func (a *app) permissionsCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "permissions [PATH|TASK]",
		Short:             a.lang.Text("cmd.permissions.short"),
		Long:              a.lang.Text("cmd.permissions.long", "tasks", i18n.List(taskNames())),
		Example:           a.lang.Text("cmd.permissions.example"),
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: a.completePermissions,
		RunE: func(_ *cobra.Command, args []string) error {
			asked := permissions.Task{Endpoints: permissions.All()}
			if len(args) == 1 {
				var err error
				if asked, err = askedFor(args[0]); err != nil {
					return err
				}
			}
			if a.json {
				printJSON(a.out, map[string]any{"permissions": permissionRows(asked)})
				return nil
			}
			a.printPermissions(asked)
			return nil
		},
	}
}

// askedFor returns the task of a name, or one that calls the endpoints of a path.
func askedFor(name string) (permissions.Task, error) {
	if task, ok := permissions.TaskOf(name); ok {
		return task, nil
	}
	for _, task := range permissions.Tasks() { // as the list calls it, in any language
		for _, l := range i18n.Languages {
			if strings.EqualFold(l.Text("permission.task."+task.ID), strings.TrimSpace(name)) {
				return task, nil
			}
		}
	}
	if found := permissions.On(name); found != nil {
		return permissions.Task{Endpoints: found}, nil
	}
	known := permissions.Nearest(name)
	if known == nil {
		known = taskNames()
	}
	return permissions.Task{}, fault.Usage("permissions.unknown", "name", name, "known", i18n.List(known))
}

func taskNames() []string {
	var names []string
	for _, t := range permissions.Tasks() {
		names = append(names, t.ID)
	}
	return names
}

// completePermissions offers the tasks, each with what it is, and the paths.
func (a *app) completePermissions(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, t := range permissions.Tasks() {
		names = append(names, cobra.CompletionWithDesc(t.ID, a.lang.Text("permission.task."+t.ID)))
	}
	for _, e := range permissions.All() {
		if !slices.Contains(names, e.Path) {
			names = append(names, e.Path)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// A permissionRow is an endpoint for a script: Group is the console's own name, "" where it is not
// known. Points that belong to no endpoint have a row without method and path.
type permissionRow struct {
	Method string   `json:"method"`
	Path   string   `json:"path"`
	Points []string `json:"points"`
	Group  string   `json:"group"`
}

func permissionRows(t permissions.Task) []permissionRow {
	rows := []permissionRow{}
	for _, e := range t.Endpoints {
		rows = append(rows, permissionRow{e.Method, e.Path, orEmpty(e.Points), e.Group().Label})
	}
	for _, s := range permissions.Sections(t.Extra) {
		rows = append(rows, permissionRow{Points: s.Points, Group: s.Group.Label})
	}
	if t.AllOf.Known() {
		rows = append(rows, permissionRow{Points: []string{}, Group: t.AllOf.Label})
	}
	return rows
}

// printPermissions prints the points of a task under the headings of the console, each with the
// calls that need it; those of channel apps come last.
func (a *app) printPermissions(t permissions.Task) {
	if t.ID != "" {
		fmt.Fprintf(a.out, "%s\n\n", a.lang.Text("permission.task."+t.ID))
	}
	ordinary, channel, none := splitPoints(t)
	for _, s := range permissions.Sections(ordinary) {
		a.printSection(s, t)
	}
	if t.AllOf.Known() {
		fmt.Fprintf(a.out, "%s\n  %s\n\n", a.lang.Say(permissions.Section{Group: t.AllOf}.Heading()), a.lang.Text("permission.all_of"))
	}
	if len(none) > 0 {
		fmt.Fprintln(a.out, a.lang.Text("permission.none"))
		for _, e := range none {
			fmt.Fprintln(a.out, "  "+e.String())
		}
		fmt.Fprintln(a.out)
	}
	if len(channel) > 0 {
		fmt.Fprintln(a.out, a.lang.Text("permission.channel"))
		for _, s := range permissions.Sections(channel) {
			a.printPoints(s, t)
		}
		fmt.Fprintln(a.out)
	}
	a.printNotes(t)
}

// splitPoints returns the points of ordinary apps, those of channel apps, and the endpoints
// whose page names no point.
func splitPoints(t permissions.Task) (ordinary, channel []permissions.Point, none []permissions.Endpoint) {
	all := slices.Clone(t.Extra)
	for _, e := range t.Endpoints {
		all = append(all, e.Needs()...)
		if len(e.Points) == 0 {
			none = append(none, e)
		}
	}
	for _, p := range all {
		if permissions.KindOf(p.Name) == permissions.Channel {
			channel = append(channel, p)
		} else if t.Kind == permissions.Ordinary {
			ordinary = append(ordinary, p)
		}
	}
	return ordinary, channel, none
}

func (a *app) printSection(s permissions.Section, t permissions.Task) {
	fmt.Fprintln(a.out, a.lang.Say(s.Heading()))
	a.printPoints(s, t)
	fmt.Fprintln(a.out)
}

// printPoints lists the points of a section, each beside the calls that need it.
func (a *app) printPoints(s permissions.Section, t permissions.Task) {
	column := 0
	for _, p := range s.Points {
		column = max(column, ansi.StringWidth(p))
	}
	for _, p := range s.Points {
		lines := a.callsThatNeed(p, s, t)
		fmt.Fprintln(a.out, strings.TrimRight("  "+padded(p, column+2)+lines[0], " "))
		for _, line := range lines[1:] {
			fmt.Fprintln(a.out, "  "+padded("", column+2)+line)
		}
	}
}

// callsThatNeed lists the calls of a task that need a point of a section, a line each; there is
// at least one line.
func (a *app) callsThatNeed(point string, s permissions.Section, t permissions.Task) []string {
	var lines []string
	for _, e := range t.Endpoints {
		for _, p := range e.Needs() {
			if p.Name == point && p.Group == s.Group && (s.Group.Known() || p.Resource == s.Resource) {
				lines = append(lines, strings.TrimSpace(e.String()+"  "+a.noteOn(e)))
			}
		}
	}
	if lines == nil {
		return []string{""}
	}
	return lines
}

// noteOn says what is special about the points of an endpoint, "" for nothing.
func (a *app) noteOn(e permissions.Endpoint) string {
	switch {
	case e.Note == permissions.OneOfThePairs:
		return a.lang.Text("permission.note.pairs")
	case e.Level() == permissions.LevelEnterprise:
		return a.lang.Text("permission.note.enterprise")
	}
	return ""
}

// printNotes says on stderr what the points are of no use without.
func (a *app) printNotes(t permissions.Task) {
	if id := "permission.task." + t.ID + ".note"; a.lang.Has(id) {
		a.say(id)
	}
	if len(t.Endpoints) > 0 && len(t.Endpoints) < 5 {
		for _, e := range t.Endpoints {
			fmt.Fprintln(a.err, e.Guide())
		}
	}
	a.say("permission.then")
}
