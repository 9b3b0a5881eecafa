package i18n

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var placeholder = regexp.MustCompile(`\{[a-z_0-9]+\}`)

func TestCataloguesHaveTheSameEntriesAndPlaceholders(t *testing.T) {
	for id, en := range english {
		zh, ok := chinese[id]
		if !ok {
			t.Errorf("%s is missing in Chinese", id)
			continue
		}
		a, b := placeholder.FindAllString(en, -1), placeholder.FindAllString(zh, -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(slices.Compact(a), slices.Compact(b)) {
			t.Errorf("%s: placeholders %v in English, %v in Chinese", id, a, b)
		}
		if strings.HasSuffix(id, ".fix") && strings.Count(en, "\n") != strings.Count(zh, "\n") {
			t.Errorf("%s has another number of lines", id)
		}
	}
	for id := range chinese {
		if _, ok := english[id]; !ok {
			t.Errorf("%s is missing in English", id)
		}
	}
}

// constructors are the calls whose first string names a text, with what stands
// before it in the catalogue.
var constructors = map[string]string{
	"Text": "", "Msg": "", "text": "", "say": "", "Lines": "", "recognise": "", "find": "",
	"Usage": "fault.", "Check": "fault.", "Unreachable": "fault.", "Unexpected": "fault.",
}

// dynamic are the entries whose ids are put together at run time.
var dynamic = regexp.MustCompile(`^flag\.(app_id|key_id)$|^(step|region|key|field|action|option|resume|check|app_id|key_id|cause|fault|prune|start|ago|import|export|group|verify\.(env|app_id|key_id|key|api|clock|token|region))\.`)

func TestEveryTextThatIsUsedExistsAndIsNeeded(t *testing.T) {
	used := map[string]bool{}
	for _, file := range goFiles(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			prefix, ok := constructors[calledName(call)]
			lit, isLit := call.Args[0].(*ast.BasicLit)
			if !ok || !isLit || lit.Kind != token.STRING {
				return true
			}
			id, _ := strconv.Unquote(lit.Value)
			if !strings.Contains(id, ".") && prefix == "" || strings.ContainsAny(id, " %\n") || strings.HasSuffix(id, ".") {
				return true
			}
			used[prefix+id] = true
			return true
		})
	}
	for id := range used {
		if _, ok := english[id]; !ok {
			t.Errorf("the code uses %s, which no catalogue has", id)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(english)) {
		if !used[id] && !dynamic.MatchString(id) && !strings.HasPrefix(id, "evidence.") {
			t.Errorf("%s is in the catalogues, but no code uses it", id)
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
