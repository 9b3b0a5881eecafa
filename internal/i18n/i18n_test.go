package i18n

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var placeholder = regexp.MustCompile(`\{[a-z_0-9]+\}`)

func TestEveryLanguageHasEveryTextAndItsPlaceholders(t *testing.T) {
	for _, l := range Languages {
		for _, mistake := range lacks(catalogues[l.Code]()) {
			t.Errorf("%s: %s", l, mistake)
		}
	}
}

// lacks lists what a catalogue has otherwise than the first language's.
func lacks(catalogue map[string]string) (mistakes []string) {
	first := catalogues[Languages[0].Code]()
	for _, id := range slices.Sorted(maps.Keys(first)) {
		text, ok := catalogue[id]
		if !ok {
			mistakes = append(mistakes, id+" is missing")
			continue
		}
		want, got := placeholders(first[id]), placeholders(text)
		if !slices.Equal(want, got) {
			mistakes = append(mistakes, fmt.Sprintf("%s has the placeholders %v, not %v", id, got, want))
		}
		if strings.HasSuffix(id, ".fix") && strings.Count(first[id], "\n") != strings.Count(text, "\n") {
			mistakes = append(mistakes, id+" has another number of lines")
		}
	}
	for _, id := range slices.Sorted(maps.Keys(catalogue)) {
		if _, ok := first[id]; !ok {
			mistakes = append(mistakes, id+" is in no other language")
		}
	}
	return mistakes
}

func placeholders(text string) []string {
	names := placeholder.FindAllString(strings.ReplaceAll(text, commandBegin, " "), -1)
	slices.Sort(names)
	return slices.Compact(names)
}

func TestALanguageThatLacksATextIsNoticed(t *testing.T) {
	third := maps.Clone(catalogues[English.Code]())
	delete(third, "option.yes")
	third["summary.also"] = "no placeholder"
	third["of.its.own"] = "x"
	if got := lacks(third); len(got) != 3 {
		t.Errorf("noticed %q", got)
	}
}

// constructors are the calls whose first string names a text, with what stands
// before it in the catalogue.
var constructors = map[string]string{
	"Text": "", "Msg": "", "text": "", "say": "", "Lines": "", "recognise": "", "find": "",
	"T": "console.", "Count": "console.", // of the sandbox's pages
	"Usage": "fault.", "Invalid": "fault.", "Unreachable": "fault.", "Unexpected": "fault.",
}

// inTemplates are the texts that the sample code names.
func inTemplates(t *testing.T) (ids []string) {
	t.Helper()
	for _, kind := range []struct{ files, named, prefix string }{
		{"../snippet/web/*.tmpl", `\{text\.([a-z_.]+)\}`, "snippet."},
		{"../snippet/*.go", `\{text\.([a-z_.]+)\}`, "snippet."},
	} {
		files, err := filepath.Glob(kind.files)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v, %v", kind.files, files, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range regexp.MustCompile(kind.named).FindAllStringSubmatch(string(text), -1) {
				ids = append(ids, kind.prefix+m[1])
			}
		}
	}
	return ids
}

// filled are the placeholders that the code fills for each id, at every call that
// names it, and for a fault also where it is completed with With.
func filled(files []*ast.File) map[string][][]string {
	faults, declared := declaredFaults(files)
	all := map[string][][]string{}
	spread := map[string]bool{}              // ids that are filled from a list, which nobody can see through
	within := map[*ast.CallExpr][]ast.Expr{} // by the call that is completed: Msg(…).Within(name, message)
	note := func(id string, args []ast.Expr) {
		if names, ok := given(args); ok {
			all[id] = append(all[id], names)
		}
	}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if call.Ellipsis.IsValid() {
				if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
					spread[faults[nameOf(file, sel.X)]] = true
				}
				return true
			}
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Within" {
				if completed, ok := sel.X.(*ast.CallExpr); ok {
					within[completed] = append(within[call], call.Args...)
				}
				return true
			}
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "With" {
				if id := faults[nameOf(file, sel.X)]; id != "" {
					note(id, call.Args)
					return true
				}
				for _, id := range declared[file.Name.Name] { // a local variable: it may be any of them
					note(id, call.Args)
				}
				return true
			}
			if id, args := textOf(call); id != "" {
				note(id, slices.Concat(args, within[call]))
			}
			return true
		})
	}
	maps.DeleteFunc(all, func(id string, _ [][]string) bool { return spread[id] })
	return all
}

// textOf is the id of the text that a call makes a message or fault of, and the arguments that
// fill it; "" for another call.
func textOf(call *ast.CallExpr) (id string, args []ast.Expr) {
	prefix, ok := constructors[calledName(call)]
	if !ok || len(call.Args) == 0 {
		return "", nil
	}
	lit, ok := call.Args[0].(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", nil
	}
	id, _ = strconv.Unquote(lit.Value)
	args = call.Args[1:]
	if calledName(call) == "Unexpected" && len(args) > 0 {
		args = args[1:] // the error, which fills {error}
	}
	return prefix + id, args
}

// given are the placeholders of a call's arguments, not ok where they come from elsewhere.
func given(args []ast.Expr) (names []string, ok bool) {
	for i := 0; i < len(args); i += 2 {
		lit, ok := args[i].(*ast.BasicLit)
		if !ok {
			return nil, false
		}
		name, _ := strconv.Unquote(lit.Value)
		names = append(names, name)
	}
	return names, true
}

// declaredFaults are the ids of the faults in variables, such as keygen.ErrAbsent, by their names
// and by the package that declares them.
func declaredFaults(files []*ast.File) (faults map[string]string, declared map[string][]string) {
	faults, declared = map[string]string{}, map[string][]string{}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == len(v.Names) {
				for i, value := range v.Values {
					if call, ok := value.(*ast.CallExpr); ok && constructors[calledName(call)] == "fault." && len(call.Args) > 0 {
						if lit, ok := call.Args[0].(*ast.BasicLit); ok {
							id, _ := strconv.Unquote(lit.Value)
							faults[file.Name.Name+"."+v.Names[i].Name] = "fault." + id
							declared[file.Name.Name] = append(declared[file.Name.Name], "fault."+id)
						}
					}
				}
			}
			return true
		})
	}
	return faults, declared
}

// nameOf is a variable of a package with the package's name before it.
func nameOf(file *ast.File, x ast.Expr) string {
	switch x := x.(type) {
	case *ast.Ident:
		return file.Name.Name + "." + x.Name
	case *ast.SelectorExpr:
		if pkg, ok := x.X.(*ast.Ident); ok {
			return pkg.Name + "." + x.Sel.Name
		}
	}
	return ""
}

// A message that is not a fault is filled where it is made; a fault may be filled
// in several places, {path} and {error} by the fault package.
func TestEveryPlaceholderIsFilled(t *testing.T) {
	for id, calls := range filled(goFiles(t)) {
		text, ok := catalogues[English.Code]()[id]
		if !ok {
			continue
		}
		needed := placeholders(text + catalogues[English.Code]()[id+".fix"])
		if !strings.HasPrefix(id, "fault.") {
			for _, names := range calls {
				for _, p := range needed {
					if !slices.Contains(names, strings.Trim(p, "{}")) {
						t.Errorf("%s is said with %v, and needs %s", id, names, p)
					}
				}
			}
			continue
		}
		names := append(slices.Concat(calls...), "path", "file", "error", "field", "flag")
		for _, p := range needed {
			if !slices.Contains(names, strings.Trim(p, "{}")) {
				t.Errorf("%s needs %s, which nothing fills: %v", id, p, names)
			}
		}
	}
}

func calledName(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}

func goFiles(t *testing.T) []*ast.File {
	t.Helper()
	var files []*ast.File
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		files = append(files, f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestParse(t *testing.T) {
	for in, want := range map[string]Language{"en": English, "zh": Chinese, "ZH": Chinese, "zh_CN.UTF-8": Chinese, "zh-Hans": Chinese, "en_GB": English} {
		if got, ok := Parse(in); got != want || !ok {
			t.Errorf("Parse(%q) = %s, %v", in, got, ok)
		}
	}
	for _, in := range []string{"", "de_DE", "C", "zhx", "english"} {
		if got, ok := Parse(in); got != English || ok {
			t.Errorf("Parse(%q) = %s, %v", in, got, ok)
		}
	}
}

func TestDetectTakesTheFirstThatIsSet(t *testing.T) {
	for _, test := range []struct {
		env  map[string]string
		want Language
	}{
		{map[string]string{}, English},
		{map[string]string{"LANG": "zh_CN.UTF-8"}, Chinese},
		{map[string]string{"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, English},
		{map[string]string{"LC_MESSAGES": "zh_TW", "LANG": "en_US"}, Chinese},
	} {
		if got := Detect(func(name string) string { return test.env[name] }); got != test.want {
			t.Errorf("Detect(%v) = %s, want %s", test.env, got, test.want)
		}
	}
}

func TestCommandsNameTheProgramAsItWasStarted(t *testing.T) {
	npx := Reader{Language: English, Program: "npx cozejwt"}.With("--dir", "a b")
	for got, want := range map[string]string{
		npx.Command("token"): "npx cozejwt token --dir " + ShellQuoted("a b"),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
