package internal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// layouts are those of package time by which people would be told a time.
var layouts = []string{
	"ANSIC", "DateOnly", "DateTime", "Kitchen", "RFC1123", "RFC1123Z", "RFC822", "RFC822Z", "RFC850", "RubyDate", "Stamp", "TimeOnly", "UnixDate",
}

// People read times through i18n.Moment and its kin, in their own zone; scripts read RFC 3339 in
// UTC. No other package has a layout of its own.
func TestTimesAreFormattedForPeopleInOnePlace(t *testing.T) {
	set := token.NewFileSet()
	seen := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		own := filepath.ToSlash(path) == "../internal/i18n/moment.go"
		ast.Inspect(file, func(n ast.Node) bool {
			if what := layoutIn(n); what != "" && own {
				seen++
			} else if what != "" {
				t.Errorf("%s: %s", set.Position(n.Pos()), what)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen == 0 {
		t.Error("the layouts of internal/i18n/moment.go were not recognised")
	}
}

// layoutIn says what a node formats a time with, "" for nothing that is wrong.
func layoutIn(n ast.Node) string {
	switch n := n.(type) {
	case *ast.BasicLit:
		if n.Kind == token.STRING && (strings.Contains(n.Value, "15:04") || strings.Contains(n.Value, "2006-01")) {
			return "a layout: " + n.Value
		}
	case *ast.SelectorExpr:
		if pkg, ok := n.X.(*ast.Ident); ok && pkg.Name == "time" && slices.Contains(layouts, n.Sel.Name) {
			return "time." + n.Sel.Name
		}
	case *ast.CallExpr:
		return localRFC3339(n)
	}
	return ""
}

// localRFC3339 says that a call formats a time for a script that was not made UTC just before.
func localRFC3339(call *ast.CallExpr) string {
	format, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || format.Sel.Name != "Format" || len(call.Args) != 1 {
		return ""
	}
	layout, ok := call.Args[0].(*ast.SelectorExpr)
	if !ok || !strings.HasPrefix(layout.Sel.Name, "RFC3339") {
		return ""
	}
	if of, ok := format.X.(*ast.CallExpr); ok {
		if utc, ok := of.Fun.(*ast.SelectorExpr); ok && utc.Sel.Name == "UTC" {
			return ""
		}
	}
	return "RFC 3339, but not in UTC"
}
