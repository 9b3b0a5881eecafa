package main

import (
	"fmt"
	"slices"
	"strings"

	"cozejwt/internal/wrap"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// usage prints how a command is used, for cobra. Its own template counts bytes
// where a terminal counts columns, and speaks English.
func (a *app) usage(c *cobra.Command) error {
	var b strings.Builder
	section := func(title string) { fmt.Fprintf(&b, "\n%s\n", title) }
	fmt.Fprintln(&b, a.lang.Text("usage.usage"))
	line, flags := c.UseLine(), a.lang.Text("usage.flags_arg")
	if before, after, ok := strings.Cut(line, " -- "); ok { // what follows is another command's
		line = before + " " + flags + " -- " + after
	} else {
		line += " " + flags
	}
	fmt.Fprintln(&b, "  "+line)
	if c.HasAvailableSubCommands() {
		fmt.Fprintln(&b, "  "+c.CommandPath()+" "+a.lang.Text("usage.command_arg"))
	}
	if c.HasExample() {
		section(a.lang.Text("usage.examples"))
		fmt.Fprintln(&b, c.Example)
	}
	for _, group := range c.Groups() {
		section(a.lang.Text("usage.group", "name", group.Title))
		for _, sub := range c.Commands() {
			if sub.GroupID == group.ID && sub.IsAvailableCommand() {
				fmt.Fprintf(&b, "  %s  %s\n", padded(sub.Name(), sub.NamePadding()), sub.Short)
			}
		}
	}
	if c.HasAvailableLocalFlags() {
		section(a.lang.Text("usage.flags"))
		own, narrow := groups(c.LocalNonPersistentFlags())
		a.listFlags(&b, own)
		if narrow.HasFlags() {
			section(a.lang.Text("usage.narrow_flags"))
			a.listFlags(&b, narrow)
		}
	}
	section(a.lang.Text("usage.common_flags"))
	a.listFlags(&b, meant(c, c.Root().PersistentFlags()))
	if c.HasAvailableSubCommands() {
		section(a.lang.Text("usage.more"))
	}
	_, err := fmt.Fprint(c.OutOrStderr(), b.String())
	return err
}

// few are the flags of every command that mean something to the commands that use no credentials.
// The others are accepted there, for aliases and scripts, and not listed.
var few = map[string][]string{
	"version":    {"json", "lang"},
	"completion": {"lang"},
	"man":        {"lang"},
	"explain":    {"accessible", "dir", "env-file", "json", "lang", "no-color", "profile"},
}

// meant are the flags of every command that mean something to c.
func meant(c *cobra.Command, common *pflag.FlagSet) *pflag.FlagSet {
	names, ok := few[c.Name()]
	if !ok {
		return common
	}
	kept := pflag.NewFlagSet("", pflag.ContinueOnError)
	for _, name := range names {
		kept.AddFlag(common.Lookup(name))
	}
	return kept
}

// narrowFlags are those of a token that few programs need.
var narrowFlags = []string{"connector-id", "custom-consumer", "device-id"}

// groups splits a command's flags: those that many need, and those of narrowFlags.
func groups(flags *pflag.FlagSet) (own, narrow *pflag.FlagSet) {
	own, narrow = pflag.NewFlagSet("", pflag.ContinueOnError), pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.VisitAll(func(f *pflag.Flag) {
		if slices.Contains(narrowFlags, f.Name) {
			narrow.AddFlag(f)
		} else {
			own.AddFlag(f)
		}
	})
	return own, narrow
}

// listFlags prints flags in two columns.
func (a *app) listFlags(b *strings.Builder, flags *pflag.FlagSet) {
	var rows [][2]string
	width := 0
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		value, text := pflag.UnquoteUsage(f)
		name := "      --" + f.Name
		if f.Shorthand != "" {
			name = "  -" + f.Shorthand + ", --" + f.Name
		}
		if value != "" {
			name += " " + value
		}
		text = strings.TrimPrefix(strings.TrimPrefix(text, value+": "), value+"：")
		said := strings.TrimRight(a.lang.Text("usage.default", "value", ""), ")）") // by the text itself
		if shown := f.DefValue; shown != "" && shown != "false" && shown != "[]" && !strings.Contains(text, said) {
			text += a.lang.Text("usage.default", "value", shown)
		}
		rows = append(rows, [2]string{name, text})
		width = max(width, ansi.StringWidth(name))
	})
	for _, row := range rows {
		text := row[1]
		if terminal := a.width(); terminal > 0 {
			text = wrap.Under(text, terminal, width+3)
		}
		fmt.Fprintf(b, "%s   %s\n", padded(row[0], width), text)
	}
}

// padded fills text up to a number of columns.
func padded(text string, columns int) string {
	return text + strings.Repeat(" ", max(columns-ansi.StringWidth(text), 0))
}
