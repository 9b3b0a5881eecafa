package main

import (
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cozejwt/internal/coze"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/internal/wrap"
)

// A command is a line of the help: under which heading it stands, its name, and what builds it.
type command struct {
	group, name string
	build       func() *cobra.Command
}

// commands stand in the order in which they are needed.
func (a *app) commands() []command {
	return []command{
		{"set_up", "init", func() *cobra.Command { return a.initCommand("init") }},
		{"set_up", "import", a.importCommand},
		{"set_up", "keygen", a.keygenCommand},
		{"use", "token", a.tokenCommand},
		{"use", "api", a.apiCommand},
		{"use", "exec", a.execCommand},
		{"use", "export", a.exportCommand},
		{"use", "snippet", a.snippetCommand},
		{"keep", "verify", a.verifyCommand},
		{"keep", "explain", a.explainCommand},
		{"keep", "match", a.matchCommand},
		{"keep", "permissions", a.permissionsCommand},
		{"keep", "rotate", a.rotateCommand},
		{"keep", "profiles", a.profilesCommand},
		{"keep", "use", a.useCommand},
		{"more", "sandbox", a.sandboxCommand},
		{"more", "state", a.stateCommand},
		{"more", "version", a.versionCommand},
		{"more", "completion", a.completionCommand},
		{"more", "man", a.manCommand},
	}
}

// programName stands for the program without a command.
const programName = "cozejwt"

// root builds the command tree, with texts in the reader's language. A command that was typed
// needs no other: they are built where none of their names was typed, for the help and the
// shell's completion. Building them all takes longer than all else before the first screen.
func (a *app) root(typed string) *cobra.Command {
	root := a.initCommand(programName)
	root.Long = a.lang.Text("cmd.root.long")
	root.Example = a.lang.Text("cmd.root.example")
	root.SilenceErrors, root.SilenceUsage = true, true
	root.SuggestionsMinimumDistance = 2
	cobra.EnableCommandSorting = false
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	root.SetUsageFunc(a.usage)
	root.SetHelpCommand(a.helpCommand())
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return usageError{error: err, command: c.CommandPath()} })
	root.PersistentPreRunE = func(*cobra.Command, []string) error { return a.prepare() }
	root.Version = version()
	root.Flags().Bool("version", false, a.lang.Text("flag.version"))
	a.commonFlags(root.PersistentFlags())
	a.finish(root)
	commands := a.commands()
	one := typed == programName || slices.ContainsFunc(commands, func(c command) bool { return c.name == typed })
	for _, c := range commands {
		if one && c.name != typed {
			continue
		}
		if !root.ContainsGroup(c.group) {
			root.AddGroup(&cobra.Group{ID: c.group, Title: a.lang.Text("group." + c.group)})
		}
		cmd := c.build()
		cmd.GroupID = c.group
		root.AddCommand(cmd)
		a.finish(cmd)
	}
	return root
}

func (a *app) commonFlags(f *pflag.FlagSet) {
	f.StringVar(&a.dir, "dir", ".", a.lang.Text("flag.dir"))
	f.StringVar(&a.envFile, "env-file", "", a.lang.Text("flag.env_file"))
	f.StringVar(&a.profile, "profile", "", a.lang.Text("flag.profile"))
	f.StringVar(&a.region, "region", "", a.lang.Text("flag.region"))
	f.StringVar(&a.apiBase, "api-base", "", a.lang.Text("flag.api_base"))
	f.StringVar(&a.language, "lang", "", a.lang.Text("flag.lang", "known", i18n.List(i18n.Codes())))
	f.BoolVar(&a.noInput, "no-input", false, a.lang.Text("flag.no_input"))
	f.BoolVar(&a.json, "json", a.json, a.lang.Text("flag.json"))
	f.BoolVar(&a.accessible, "accessible", false, a.lang.Text("flag.accessible"))
	f.BoolVar(&a.noColor, "no-color", false, a.lang.Text("flag.no_color"))
	f.BoolVar(&a.noBrowser, "no-browser", false, a.lang.Text("flag.no_browser"))
	f.DurationVar(&a.timeout, "timeout", coze.DefaultTimeout, a.lang.Text("flag.timeout"))
	f.BoolVar(&a.debug, "debug", false, a.lang.Text("flag.debug"))
}

// finish adds what is the same for each command: its arguments are checked in our words, --help
// is described in the reader's language, and the values of flags are completed.
func (a *app) finish(c *cobra.Command) {
	c.InitDefaultHelpFlag()
	c.Flags().Lookup("help").Usage = a.lang.Text("flag.help")
	c.DisableFlagsInUseLine = true
	if width := a.width(); width > 0 {
		c.Long = wrap.Paragraphs(c.Long, width)
	}
	check := c.Args
	if check == nil {
		check = cobra.NoArgs
	}
	c.Args = func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return argumentsError(cmd, args)
		}
		return nil
	}
	a.completeFlags(c)
}

// argumentsError is the fault of arguments that the command does not take.
func argumentsError(cmd *cobra.Command, args []string) error {
	path := cmd.CommandPath()
	if cmd.HasSubCommands() && len(args) > 0 {
		return usageError{error: fault.Usage("usage.command", "command", args[0]), command: path, meant: cmd.SuggestionsFor(args[0])}
	}
	_, takes, _ := strings.Cut(cmd.Use, " ")
	wrong := fault.Usage("usage.arguments", "args", takes, "count", strconv.Itoa(len(args)))
	switch {
	case takes == "":
		wrong = fault.Usage("usage.no_arguments", "count", strconv.Itoa(len(args)))
	case len(args) == 0:
		wrong = fault.Usage("usage.argument_missing", "args", takes)
	}
	return usageError{error: wrong, command: path, example: firstExample(cmd)}
}

// firstExample is the first command of a command's examples, without the comment behind it.
func firstExample(cmd *cobra.Command) string {
	line, _, _ := strings.Cut(strings.TrimSpace(cmd.Example), "\n")
	line, _, _ = strings.Cut(line, "  ")
	return line
}
