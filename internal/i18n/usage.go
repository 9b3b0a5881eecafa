package i18n

// usageTemplate is cobra's template of --help in one language.
func usageTemplate(usage, withCommand, withFlags, examples, commands, flags, common, more string) string {
	return `{{if .Runnable}}` + usage + `:
  {{.UseLine}} ` + withFlags + `{{end}}{{if .HasAvailableSubCommands}}
  {{.CommandPath}} ` + withCommand + `{{end}}{{if .HasExample}}

` + examples + `:
{{.Example}}{{end}}{{if .HasAvailableSubCommands}}

` + commands + `:{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}

` + flags + `:
{{.LocalNonPersistentFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}

` + common + `:
{{.Root.PersistentFlags.FlagUsages | trimTrailingWhitespaces}}{{if .HasAvailableSubCommands}}

` + more + `{{end}}
`
}
