package main

import (
	"github.com/spf13/cobra"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/i18n"
	"cozejwt/internal/tty"
)

func (a *app) completionCommand() *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:       "completion SHELL",
		Short:     a.lang.Text("cmd.completion.short"),
		Long:      a.lang.Text("cmd.completion.long"),
		Example:   a.lang.Text("cmd.completion.example"),
		ValidArgs: shells,
		Args:      cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs),
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(a.out, true)
			case "zsh":
				return root.GenZshCompletion(a.out)
			case "fish":
				return root.GenFishCompletion(a.out, true)
			}
			return root.GenPowerShellCompletionWithDesc(a.out)
		},
	}
}

// completeFlags makes the shell offer the values that the flags of a command can have here and now.
func (a *app) completeFlags(c *cobra.Command) {
	for name, f := range map[string]cobra.CompletionFunc{
		"region":    fixedValues(string(coze.CN), string(coze.COM), string(coze.Sandbox)),
		"lang":      fixedValues(i18n.Codes()...),
		"env-names": fixedValues(string(credentials.Default), string(credentials.SDK)),
		"bits":      fixedValues("2048", "3072", "4096"),
		"profile":   a.completeProfile,
	} {
		if c.LocalFlags().Lookup(name) != nil {
			_ = c.RegisterFlagCompletionFunc(name, f) // fails for a flag without a name alone
		}
	}
	if c.LocalFlags().Lookup("dir") != nil {
		_ = c.MarkFlagDirname("dir")
	}
}

func fixedValues(values ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)
}

// completeProfile offers the names of the project's profiles.
func (a *app) completeProfile(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, path := range credentials.Profiles(a.dir) {
		name := credentials.EnvFile{Path: path}.Profile()
		if name != tty.Line(name) {
			continue // a shell would show it as it is
		}
		if held, err := credentials.Load(path); err == nil && held.Set.AppID != "" {
			name = cobra.CompletionWithDesc(name, tty.Line("App ID "+held.Set.AppID))
		}
		names = append(names, name)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
