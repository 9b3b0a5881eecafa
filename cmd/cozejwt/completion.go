package main

import (
	"github.com/spf13/cobra"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/i18n"
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

// complete makes the shell offer the values that flags and arguments can have
// here and now.
func (a *app) complete(root *cobra.Command) {
	fixed := func(values ...string) cobra.CompletionFunc {
		return cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)
	}
	profiles := func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		var names []string
		for _, path := range credentials.Profiles(a.dir) {
			held, err := credentials.Load(path)
			name := credentials.EnvFile{Path: path}.Profile()
			if err == nil && held.Set.AppID != "" {
				name = cobra.CompletionWithDesc(name, "App ID "+held.Set.AppID)
			}
			names = append(names, name)
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	}
	for _, c := range append(root.Commands(), root) {
		for name, f := range map[string]cobra.CompletionFunc{
			"region":    fixed(string(coze.CN), string(coze.COM), string(coze.Sandbox)),
			"lang":      fixed(i18n.Codes()...),
			"env-names": fixed(string(credentials.Default), string(credentials.SDK)),
			"bits":      fixed("2048", "3072", "4096"),
			"profile":   profiles,
		} {
			if c.Flag(name) != nil {
				_ = c.RegisterFlagCompletionFunc(name, f) // refused where an outer command has it
			}
		}
		if c.Flag("dir") != nil {
			_ = c.MarkFlagDirname("dir")
		}
	}
	use, _, _ := root.Find([]string{"use"})
	use.ValidArgsFunction = profiles
	imports, _, _ := root.Find([]string{"import"})
	imports.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return []string{"yaml", "yml", "json", "env"}, cobra.ShellCompDirectiveFilterFileExt
	}
}
