package i18n

import (
	"go/ast"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// spoken are the ids that the code can say: those that it names, and those that it puts together
// at run time from words that stand in it ("cause." + id + ".fix").
type spoken struct {
	words     map[string]bool
	templates []*regexp.Regexp // with a group for each part that is not literal
	known     map[string]bool
}

var idLike = regexp.MustCompile(`^[a-z0-9_.-]+$`)

// says reports whether the code can say id. Plurals are put together with the number.
func (s spoken) says(id string) bool {
	if s.words[id] || s.words[id+"s"] {
		return true
	}
	if known, ok := s.known[id]; ok {
		return known
	}
	s.known[id] = false
	for _, template := range s.templates {
		m := template.FindStringSubmatch(id)
		if m != nil && !slices.ContainsFunc(m[1:], func(part string) bool { return !s.says(part) }) {
			s.known[id] = true
			break
		}
	}
	return s.known[id]
}

// read notes the words and templates of a file that is no catalogue.
func (s *spoken) read(file *ast.File) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if word := literal(n); idLike.MatchString(word) {
				s.words[word] = true
			}
		case *ast.BinaryExpr:
			if template := templateOf(n); regexp.MustCompile(`[a-z]{2}\\\.|\\\.[a-z]{2}`).MatchString(template) {
				s.templates = append(s.templates, regexp.MustCompile("^"+template+"$"))
			}
		}
		return true
	})
}

func literal(x ast.Expr) string {
	lit, ok := x.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	text, _ := strconv.Unquote(lit.Value)
	return text
}

func templateOf(x ast.Expr) string {
	if sum, ok := x.(*ast.BinaryExpr); ok && sum.Op == token.ADD {
		return templateOf(sum.X) + templateOf(sum.Y)
	}
	if text := literal(x); text != "" {
		return regexp.QuoteMeta(text)
	}
	return "(.+)"
}

// isCatalogue reports whether a file declares a part of a catalogue: the ids that are looked for.
func isCatalogue(file *ast.File) bool {
	return slices.ContainsFunc(file.Decls, func(d ast.Decl) bool {
		declared, ok := d.(*ast.GenDecl)
		if !ok || declared.Tok != token.VAR || file.Name.Name != "i18n" {
			return false
		}
		name := declared.Specs[0].(*ast.ValueSpec).Names[0].Name
		return strings.HasPrefix(name, "english") || strings.HasPrefix(name, "chinese")
	})
}

func spokenBy(t *testing.T) spoken {
	t.Helper()
	files := goFiles(t)
	s := spoken{words: constructed(files), known: map[string]bool{}}
	for _, file := range files {
		if !isCatalogue(file) {
			s.read(file)
		}
	}
	for _, id := range inTemplates(t) {
		s.words[id] = true
	}
	return s
}

// constructed are the ids that a call names whole.
func constructed(files []*ast.File) map[string]bool {
	used := map[string]bool{}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			prefix, ok := constructors[calledName(call)]
			id := literal(call.Args[0])
			if !ok || id == "" || !strings.Contains(id, ".") && prefix == "" || strings.ContainsAny(id, " %\n") || strings.HasSuffix(id, ".") {
				return true
			}
			used[prefix+id] = true
			return true
		})
	}
	return used
}

func TestEveryTextThatIsNamedExists(t *testing.T) {
	for id := range constructed(goFiles(t)) {
		if _, ok := catalogues[English.Code]()[id]; !ok {
			t.Errorf("the code uses %s, which no catalogue has", id)
		}
	}
}

func TestEveryTextIsNeeded(t *testing.T) {
	code := spokenBy(t)
	for _, id := range slices.Sorted(maps.Keys(catalogues[English.Code]())) {
		if !code.says(id) {
			t.Errorf("%s is in the catalogues, but no code uses it", id)
		}
	}
	for _, id := range []string{"cause.made_up", "cause.token.region.made_up", "fault.env.absents.fix", "step.upload.fix", "made_up"} {
		if code.says(id) {
			t.Errorf("%s is believed to be used", id)
		}
	}
}
