package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/internal/snippet"
)

// forWeb is the word before the language that asks for a token endpoint.
const forWeb = "web"

func (a *app) snippetCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "snippet [" + forWeb + "] [" + strings.Join(snippet.Names(), "|") + "]",
		Short:   a.lang.Text("cmd.snippet.short"),
		Long:    a.lang.Text("cmd.snippet.long"),
		Example: a.lang.Text("cmd.snippet.example"),
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 && args[0] == forWeb {
				args = args[1:]
			}
			return cobra.MaximumNArgs(1)(cmd, args)
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			switch {
			case len(args) == 0:
				return append(snippet.Names(), forWeb), cobra.ShellCompDirectiveNoFileComp
			case slices.Equal(args, []string{forWeb}):
				return snippet.WebNames(), cobra.ShellCompDirectiveNoFileComp
			}
			return nil, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 && args[0] == forWeb {
				return a.runWebSnippet(strings.Join(args[1:], ""))
			}
			return a.runSnippet(strings.Join(args, ""))
		},
	}
}

// runSnippet prints the lines for a language, "" for the one that the project's
// files suggest, with the names that the .env has.
func (a *app) runSnippet(language string) error {
	project, err := a.snippetProject()
	if err != nil {
		return err
	}
	s, ok := project.In(a.lang, language)
	if !ok {
		return unknownLanguage(language, snippet.Names())
	}
	a.sayIfSandbox(project.APIBase)
	if a.json {
		printJSON(a.out, map[string]string{"language": s.Name, "text": s.Text})
		return nil
	}
	_, err = fmt.Fprint(a.out, s.Text)
	return err
}

// runWebSnippet prints a token endpoint in a language, and the page that uses it.
func (a *app) runWebSnippet(language string) error {
	project, err := a.snippetProject()
	if err != nil {
		return err
	}
	w, ok := project.Web(a.lang, language)
	if !ok {
		return unknownLanguage(language, snippet.WebNames())
	}
	a.sayIfSandbox(project.APIBase)
	if a.json {
		printJSON(a.out, map[string]string{"language": w.Name, "text": w.Text, "page": w.Page})
		return nil
	}
	_, err = fmt.Fprintf(a.out, "%s\n%s", w.Text, w.Page)
	return err
}

func unknownLanguage(language string, known []string) error {
	return fault.Usage("snippet.language", "language", language, "known", i18n.List(known))
}

// snippetProject is the project as its snippets use it.
func (a *app) snippetProject() (snippet.Project, error) {
	held, err := credentials.Load(a.envPath())
	if err != nil {
		return snippet.Project{}, err
	}
	names := credentials.Default
	if held.Found() {
		names = held.Conventions[0]
	}
	return snippet.Project{Dir: a.dir, Convention: names, EnvPath: a.envPath(), APIBase: held.Set.APIBase, Owner: held.Set.Owner()}.Look(), nil
}
