package main

import (
	"strconv"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cozejwt/internal/coze"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
)

// root builds the command tree. Texts are in the reader's language.
func (a *app) root() *cobra.Command {
	root := a.initCommand("cozejwt")
	root.Long = a.lang.Text("cmd.root.long")
	root.Example = a.lang.Text("cmd.root.example")
	root.SilenceErrors, root.SilenceUsage = true, true
	root.SuggestionsMinimumDistance = 2
	cobra.EnableCommandSorting = false // they stand in the order in which they are needed
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	root.SetUsageFunc(a.usage)
	root.SetHelpCommand(&cobra.Command{Use: "help", Hidden: true, Run: func(cmd *cobra.Command, _ []string) { _ = cmd.Root().Help() }})
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return usageError{err, c.CommandPath(), nil} })
	root.PersistentPreRunE = func(*cobra.Command, []string) error { return a.prepare() }
	root.Version = version()
	root.Flags().Bool("version", false, a.lang.Text("flag.version"))
	a.commonFlags(root.PersistentFlags())
	a.addGroup(root, "set_up", a.initCommand("init"), a.importCommand(), a.keygenCommand())
	a.addGroup(root, "use", a.tokenCommand(), a.apiCommand(), a.execCommand(), a.exportCommand(), a.snippetCommand())
	a.addGroup(root, "keep", a.verifyCommand(), a.explainCommand(), a.rotateCommand(), a.profilesCommand(), a.useCommand())
	a.addGroup(root, "more", a.sandboxCommand(), a.demoCommand(), a.versionCommand(), a.completionCommand(), a.manCommand())
	for _, c := range append(root.Commands(), root) {
		a.localise(c)
	}
	a.complete(root)
	return root
}

// addGroup adds commands under a heading of the help.
func (a *app) addGroup(root *cobra.Command, id string, commands ...*cobra.Command) {
	root.AddGroup(&cobra.Group{ID: id, Title: a.lang.Text("group." + id)})
	for _, c := range commands {
		c.GroupID = id
		root.AddCommand(c)
	}
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

// localise finishes what is the same for each command: its arguments are
// checked in our words, and --help is described in the reader's language.
func (a *app) localise(c *cobra.Command) {
	c.InitDefaultHelpFlag()
	c.Flags().Lookup("help").Usage = a.lang.Text("flag.help")
	c.DisableFlagsInUseLine = true
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
}

// argumentsError is the fault of arguments that the command does not take.
func argumentsError(cmd *cobra.Command, args []string) error {
	path := cmd.CommandPath()
	if !cmd.HasSubCommands() || len(args) == 0 {
		return usageError{fault.Usage("usage.arguments", "count", strconv.Itoa(len(args))), path, nil}
	}
	return usageError{fault.Usage("usage.command", "command", args[0]), path, cmd.SuggestionsFor(args[0])}
}
