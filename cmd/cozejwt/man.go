package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cozejwt/internal/atomicfile"
	"cozejwt/internal/fault"
)

// manCommand is for packagers.
func (a *app) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "man FOLDER",
		Short:  a.lang.Text("cmd.man.short"),
		Hidden: true,
		Args:   cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			for _, c := range documented((&app{lang: a.lang}).root("help")) {
				path := filepath.Join(args[0], manualName(c)+".1")
				if err := atomicfile.WriteFile(path, []byte(manual(c)), 0o644); err != nil {
					return fault.Unwritable(path, err)
				}
			}
			return nil
		},
	}
}

// documented are the commands that have a page.
func documented(root *cobra.Command) []*cobra.Command {
	return slices.DeleteFunc(append(slices.Clone(root.Commands()), root), func(c *cobra.Command) bool { return c.Hidden })
}

func manualName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// manual is the page of a command in man(7). Cobra's own generator dates its pages, and
// reaches roff by way of Markdown.
func manual(c *cobra.Command) string {
	c.InitDefaultHelpFlag()
	var b strings.Builder
	section := func(title string) { fmt.Fprintf(&b, ".SH %s\n", title) }
	fmt.Fprintf(&b, ".TH %s 1 \"\" cozejwt\n", strings.ToUpper(manualName(c)))
	section("NAME")
	fmt.Fprintf(&b, "%s \\- %s\n", roff(manualName(c)), roff(c.Short))
	section("SYNOPSIS")
	fmt.Fprintf(&b, ".B %s\n[flags]\n", roff(c.UseLine()))
	section("DESCRIPTION")
	fmt.Fprintln(&b, roff(c.Long))
	if c.Example != "" {
		section("EXAMPLES")
		fmt.Fprintf(&b, ".nf\n%s\n.fi\n", roff(c.Example))
	}
	section("OPTIONS")
	manualFlags(&b, c.NonInheritedFlags())
	if inherited := c.InheritedFlags(); inherited.HasAvailableFlags() {
		section("OPTIONS OF EVERY COMMAND")
		manualFlags(&b, inherited)
	}
	section("SEE ALSO")
	var others []string
	for _, other := range documented(c.Root()) {
		if other != c {
			others = append(others, fmt.Sprintf(".BR %s (1)", roff(manualName(other))))
		}
	}
	fmt.Fprintln(&b, strings.Join(others, ",\n"))
	return b.String()
}

func manualFlags(b *strings.Builder, flags *pflag.FlagSet) {
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		value, usage := pflag.UnquoteUsage(f)
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		fmt.Fprintf(b, ".TP\n\\fB%s\\fR", roff(name))
		if value != "" {
			fmt.Fprintf(b, " \\fI%s\\fR", roff(value))
		}
		fmt.Fprintf(b, "\n%s\n", roff(usage))
	})
}

// roff escapes a text: backslashes, hyphens that are to stay ASCII, and what begins a line like a
// request (groff_char(7), man(7)).
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
