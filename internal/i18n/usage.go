package i18n

// usageTemplate is cobra's template of --help in one language.
func usageTemplate(usage, withCommand, withFlags, examples, flags, common, more string) string {
	return `{{if .Runnable}}` + usage + `:
  {{.UseLine}} ` + withFlags + `{{end}}{{if .HasAvailableSubCommands}}
  {{.CommandPath}} ` + withCommand + `{{end}}{{if .HasExample}}

` + examples + `:
{{.Example}}{{end}}{{if .HasAvailableSubCommands}}{{$root := .}}{{range .Groups}}

{{.Title}}:{{$group := .ID}}{{range $root.Commands}}{{if and .IsAvailableCommand (eq .GroupID $group)}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}

` + flags + `:
{{.LocalNonPersistentFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}

` + common + `:
{{.Root.PersistentFlags.FlagUsages | trimTrailingWhitespaces}}{{if .HasAvailableSubCommands}}

` + more + `{{end}}
`
}
