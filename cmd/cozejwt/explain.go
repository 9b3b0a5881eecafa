package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"cozejwt/internal/boundedfile"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/fault"
	"cozejwt/internal/lint"
	"cozejwt/internal/tty"
)

// maxPasted bounds the text that is explained, in bytes: above any stack trace.
const maxPasted = 1 << 20

func (a *app) explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "explain [TEXT|FILE]",
		Short:   a.lang.Text("cmd.explain.short"),
		Long:    a.lang.Text("cmd.explain.long"),
		Example: a.lang.Text("cmd.explain.example"),
		Args:    cobra.ArbitraryArgs,
		RunE:    func(_ *cobra.Command, args []string) error { return a.runExplain(args) },
	}
}

func (a *app) runExplain(args []string) error {
	text := strings.Join(args, " ")
	if len(args) == 1 {
		if info, err := os.Stat(text); err == nil && !info.IsDir() {
			return a.explainFile(text)
		}
	}
	if text == "" || text == "-" {
		pasted, err := a.pasted()
		if err != nil {
			return err
		}
		if text = pasted; lint.IsDiff(text) {
			return a.explainDiff(text)
		}
	}
	if strings.TrimSpace(text) == "" {
		return fault.Usage("explain.nothing")
	}
	e := diagnosis.Explain(text, clock())
	a.printExplanation(e)
	if info, err := os.Stat(text); err == nil && info.IsDir() && !e.Known() {
		a.say("explain.folder", "path", text)
	}
	return nil
}

// pasted is the text of the standard input, of a long log the end. A diff that is too long has one
// byte more than is explained.
func (a *app) pasted() (string, error) {
	if tty.Is(a.in) {
		if a.noInput {
			return "", fault.Usage("explain.nothing")
		}
		a.say("explain.paste")
	}
	data, err := io.ReadAll(io.LimitReader(a.in, maxPasted+1))
	if err == nil && len(data) > maxPasted && !lint.IsDiff(string(data)) {
		data, err = boundedfile.Last(io.MultiReader(bytes.NewReader(data), a.in), maxPasted)
	}
	return string(data), err
}

func (a *app) printExplanation(e diagnosis.Explanation) {
	var recognised, findings, causes, ids, fixes []string
	for _, m := range e.Recognised {
		recognised = append(recognised, a.lang.Say(m))
	}
	for _, m := range e.Findings {
		findings = append(findings, a.lang.Say(m))
	}
	for _, c := range e.Causes {
		causes = append(causes, c.Text(a.lang))
		ids = append(ids, c.ID)
		fixes = append(fixes, c.Fix(a.lang))
	}
	if a.json {
		printJSON(a.out, map[string]any{
			"known": e.Known(), "recognised": orEmpty(recognised), "findings": orEmpty(findings),
			"causes": orEmpty(causes), "cause_ids": orEmpty(ids), "fix": orEmpty(fixes), "log_id": e.LogID,
		})
		return
	}
	for _, line := range recognised {
		a.printWrapped(a.out, line)
	}
	for _, line := range findings {
		a.printWrapped(a.out, "- "+line)
	}
	for i, cause := range causes {
		a.printWrapped(a.out, fmt.Sprintf("%d. %s\n   → %s", i+1, cause, fixes[i]))
	}
	switch {
	case e.Known():
	case e.Foreign:
		a.printWrapped(a.out, a.lang.Text("explain.foreign"))
	default:
		a.printWrapped(a.out, a.lang.Text("explain.unknown"))
	}
	if e.LogID != "" {
		fmt.Fprintln(a.out, "logid "+e.LogID)
	}
}
