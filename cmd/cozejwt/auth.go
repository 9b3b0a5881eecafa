package main

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"cozejwt/internal/wrap"
)

// A way is one of Coze's ways to get an access token. Its texts are auth.<id>, auth.<id>.who and
// auth.<id>.lifetime; a lifetime without a text is not known here.
type way struct {
	id       string
	redirect string // whether the app needs a redirect URL: "yes", "no" or "unknown"
}

// ways are those of the official guide (docs.coze.cn, "authentication"), with the lifetimes of
// "oauth_jwt". The console asks for a redirect URL where an app is of the client type Web or
// mobile and desktop. Whether the device flow uses it is not known here, nor how long the tokens of
// apps with users live.
var ways = []way{
	{"pat", "no"},
	{"sat", "no"},
	{"code", "yes"},
	{"pkce", "yes"},
	{"device", "unknown"},
	{"jwt", "no"},
	{"channel", "no"},
	{"privilege", "no"},
}

// helpCommand is the help of the program, of one of its commands, or of a topic.
func (a *app) helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:       "help",
		Hidden:    true,
		ValidArgs: []string{"auth"},
		Run: func(cmd *cobra.Command, args []string) {
			if len(args) == 1 && args[0] == "auth" {
				a.printAuth()
				return
			}
			of, _, err := cmd.Root().Find(args)
			if err != nil {
				of = cmd.Root()
			}
			_ = of.Help()
		},
	}
}

// printAuth says which way of authentication is for whom.
func (a *app) printAuth() {
	if a.json {
		type row struct {
			ID       string `json:"id"`
			Name     string `json:"name"`
			For      string `json:"for"`
			Redirect string `json:"redirect_url"`
			Lifetime string `json:"lifetime"`
		}
		var rows []row
		for _, w := range ways {
			cells := a.cells(w)
			rows = append(rows, row{w.id, cells[0], cells[3], w.redirect, cells[2]})
		}
		printJSON(a.out, map[string]any{"ways": rows})
		return
	}
	rows := [][4]string{{a.lang.Text("auth.head.way"), a.lang.Text("auth.head.redirect"), a.lang.Text("auth.head.lifetime"), a.lang.Text("auth.head.who")}}
	for _, w := range ways {
		rows = append(rows, a.cells(w))
	}
	a.printWays(rows)
	fmt.Fprintln(a.out)
	a.printWrapped(a.out, a.lang.Text("auth.notes"))
}

// cells are a way's name, whether it needs a redirect URL, how long its tokens live, and who it is
// for.
func (a *app) cells(w way) [4]string {
	lifetime := "auth." + w.id + ".lifetime"
	if !a.lang.Has(lifetime) {
		lifetime = "auth.unknown"
	}
	return [4]string{
		a.lang.Text("auth." + w.id), a.lang.Text("auth." + w.redirect), a.lang.Text(lifetime), a.lang.Text("auth." + w.id + ".who"),
	}
}

// narrowTable is the width below which the last column of a table would have no room.
const narrowTable = 66

// printWays aligns the ways, one a row, the first of which has the headings. On a narrow terminal each row is a
// block of lines.
func (a *app) printWays(rows [][4]string) {
	width := a.width()
	if width > 0 && width < narrowTable {
		for _, row := range rows[1:] {
			fmt.Fprintln(a.out, row[0])
			for _, i := range []int{3, 1, 2} {
				fmt.Fprintln(a.out, "  "+wrap.Under(a.lang.Text("auth.cell", "head", rows[0][i], "cell", row[i]), width, 2))
			}
		}
		return
	}
	var columns [3]int
	for _, row := range rows {
		for i := range columns {
			columns[i] = max(columns[i], ansi.StringWidth(row[i]))
		}
	}
	for _, row := range rows {
		var b strings.Builder
		indent := 0
		for i, column := range columns {
			b.WriteString(padded(row[i], column+2))
			indent += column + 2
		}
		last := row[3]
		if width > 0 {
			last = wrap.Under(last, width, indent)
		}
		fmt.Fprintln(a.out, b.String()+last)
	}
}
