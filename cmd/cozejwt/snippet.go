package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/internal/snippet"
)

func (a *app) snippetCommand() *cobra.Command {
	return &cobra.Command{
		Use:       "snippet [" + strings.Join(snippet.Names(), "|") + "]",
		Short:     a.lang.Text("cmd.snippet.short"),
		Long:      a.lang.Text("cmd.snippet.long"),
		Example:   a.lang.Text("cmd.snippet.example"),
		ValidArgs: snippet.Names(),
		Args:      cobra.MaximumNArgs(1),
		RunE:      func(_ *cobra.Command, args []string) error { return a.runSnippet(args) },
	}
}

// runSnippet prints the lines for a language, or for the one that the project's
// files suggest, with the names that the .env has.
func (a *app) runSnippet(args []string) error {
	held, err := credentials.Load(a.envPath())
	if err != nil {
		return err
	}
	names := credentials.Default
	if held.Found() {
		names = held.Conventions[0]
	}
	language := ""
	if len(args) == 1 {
		language = args[0]
	}
	project := snippet.Project{Dir: a.dir, Convention: names, EnvPath: a.envPath()}.Look()
	s, ok := project.In(language, a.lang.Command("token"))
	if !ok {
		return fault.Usage("snippet.language", "language", language, "known", i18n.List(snippet.Names()))
	}
	if a.json {
		printJSON(a.out, map[string]string{"language": s.Name, "text": s.Text})
		return nil
	}
	_, err = fmt.Fprint(a.out, s.Text)
	return err
}
