// Package mutation measures tests: it breaks one place of a package at a time
// and runs the package's own tests, which have to notice.
//
// All mutants of a package are compiled into one test binary; the variable
// COZEJWT_MUTANT of its environment says which of them is on. That costs one
// build a package in place of one a mutant. It never writes into the tree.
package mutation

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// variable is the environment variable that holds the number of the mutant.
const variable = "COZEJWT_MUTANT"

// A Mutant is one place in the source and its replacement.
type Mutant struct {
	File string // the base name
	Line int
	Func string // the function around it, "" at package level
	What string // such as "a < b: a <= b"

	start, end int // offsets of the text that is replaced
	order      int // among the mutants of its file, outer before inner
	// text returns the replacement. part returns the source between two nodes'
	// ends with the mutants within it applied.
	text func(on string, part func(from, to token.Pos) string) string
}

// Name identifies the mutant however the lines around it move.
func (m Mutant) Name() string { return m.File + ": " + m.Func + ": " + m.What }

// A source is a parsed file with the places that can be broken.
type source struct {
	path    string
	text    string
	file    *token.File
	mutants []Mutant
}

// read finds the mutants of a file.
func read(path string) (*source, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	fset := token.NewFileSet()
	parsed, err := parser.ParseFile(fset, path, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	s := &source{path: path, text: string(text), file: fset.File(parsed.Pos())}
	for _, decl := range parsed.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			if d.Body != nil {
				v := visitor{s, name(d), []*ast.FuncType{d.Type}}
				ast.Walk(v, d.Body)
			}
		case *ast.GenDecl:
			if d.Tok == token.VAR {
				ast.Walk(visitor{s, "", nil}, d)
			}
		}
	}
	return s, nil
}

func name(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return d.Name.Name
	}
	receiver := d.Recv.List[0].Type
	if star, ok := receiver.(*ast.StarExpr); ok {
		receiver = star.X
	}
	if index, ok := receiver.(*ast.IndexExpr); ok {
		receiver = index.X
	}
	return fmt.Sprintf("%s.%s", receiver, d.Name.Name)
}

// between is the source text of a range.
func (s *source) between(from, to token.Pos) string {
	return s.text[s.file.Offset(from):s.file.Offset(to)]
}

// apply returns the source with the chosen mutants built in; number says which
// number each of them answers to.
func (s *source) apply(chosen []Mutant, number func(Mutant) int) string {
	// Of two for the same text, one that renders only parts of it goes inside, or the other is lost.
	slices.SortFunc(chosen, func(a, b Mutant) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end), cmp.Compare(a.order, b.order))
	})
	return s.render(0, len(s.text), chosen, number)
}

func (s *source) render(from, to int, within []Mutant, number func(Mutant) int) string {
	var out strings.Builder
	for len(within) > 0 {
		m := within[0]
		within = within[1:]
		if m.start < from || m.end > to {
			continue
		}
		inner := within
		out.WriteString(s.text[from:m.start])
		on := fmt.Sprintf("(cozejwtMutant == %d)", number(m))
		out.WriteString(m.text(on, func(a, b token.Pos) string {
			return s.render(s.file.Offset(a), s.file.Offset(b), inner, number)
		}))
		from = m.end
	}
	out.WriteString(s.text[from:to])
	return out.String()
}

// choose returns n of the mutants of a package's files, the same for the same
// seed and source.
func choose(sources []*source, n int, seed uint64, leftOut func(Mutant) bool) []Mutant {
	var all []Mutant
	for _, s := range sources {
		for _, m := range s.mutants {
			if !leftOut(m) {
				all = append(all, m)
			}
		}
	}
	r := rand.New(rand.NewPCG(seed, 0))
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:min(n, len(all))]
}

// A visitor collects mutants. funcs are the function types around the node, for
// the results of a return.
type visitor struct {
	*source
	name  string
	funcs []*ast.FuncType
}

func (v visitor) Visit(n ast.Node) ast.Visitor {
	switch n := n.(type) {
	case *ast.FuncLit:
		v.funcs = append(slices.Clip(v.funcs), n.Type)
	case *ast.GenDecl:
		if n.Tok == token.CONST {
			return nil
		}
	case *ast.IfStmt:
		v.condition(n.Cond)
	case *ast.BinaryExpr:
		v.binary(n)
	case *ast.ReturnStmt:
		v.returned(n)
	case *ast.BlockStmt:
		v.removed(n.List)
	case *ast.CaseClause:
		v.removed(n.Body)
	}
	return v
}

// add adds a mutant that replaces the text of a node.
func (v visitor) add(n ast.Node, what string, text func(on string, part func(a, b token.Pos) string) string) {
	v.addAs(n, short(v.between(n.Pos(), n.End()))+": "+what, text)
}

func (v visitor) addAs(n ast.Node, what string, text func(on string, part func(a, b token.Pos) string) string) {
	v.mutants = append(v.mutants, Mutant{
		File: filepath.Base(v.path), Line: v.file.Line(n.Pos()), Func: v.name,
		What: what, start: v.file.Offset(n.Pos()), end: v.file.Offset(n.End()), order: len(v.mutants), text: text,
	})
}

// short is the first line of a source text.
func short(text string) string {
	line, _, cut := strings.Cut(text, "\n")
	if cut {
		line += " …"
	}
	return line
}

func (v visitor) condition(cond ast.Expr) {
	whole := func(part func(a, b token.Pos) string) string { return part(cond.Pos(), cond.End()) }
	v.add(cond, "always true", func(on string, part func(a, b token.Pos) string) string {
		return "(" + on + " || (" + whole(part) + "))"
	})
	v.add(cond, "never true", func(on string, part func(a, b token.Pos) string) string {
		return "(!" + on + " && (" + whole(part) + "))"
	})
}

// swapped are the operators that stand in for another.
var swapped = map[token.Token]token.Token{
	token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR,
	token.EQL: token.NEQ, token.NEQ: token.EQL,
}

func (v visitor) binary(n *ast.BinaryExpr) {
	sides := func(part func(a, b token.Pos) string) (x, y string) {
		return "(" + part(n.X.Pos(), n.X.End()) + ")", "(" + part(n.Y.Pos(), n.Y.End()) + ")"
	}
	switch other, compared := swapped[n.Op]; {
	case compared:
		v.add(n, other.String(), func(on string, part func(a, b token.Pos) string) string {
			x, y := sides(part)
			return fmt.Sprintf("(func() bool { if %s { return %s %s %s }; return %s %s %s }())", on, x, other, y, x, n.Op, y)
		})
	case n.Op == token.LAND || n.Op == token.LOR:
		v.neutral(n, n.X, "without the left side")
		v.neutral(n, n.Y, "without the right side")
	case n.Op == token.SUB:
		v.add(n, "+", func(on string, part func(a, b token.Pos) string) string {
			x, y := sides(part)
			return fmt.Sprintf("cozejwtEither(%s, %s + %s, %s - %s)", on, x, y, x, y)
		})
	}
}

// neutral adds the mutant in which one side of && or || decides nothing.
func (v visitor) neutral(n *ast.BinaryExpr, side ast.Expr, what string) {
	form := map[token.Token]string{token.LAND: "(%s || (%s))", token.LOR: "(!%s && (%s))"}[n.Op]
	v.addAs(side, short(v.between(n.Pos(), n.End()))+": "+what, func(on string, part func(a, b token.Pos) string) string {
		return fmt.Sprintf(form, on, part(side.Pos(), side.End()))
	})
}

// returned adds the mutant that forgets an error.
func (v visitor) returned(n *ast.ReturnStmt) {
	if len(v.funcs) == 0 || len(n.Results) == 0 {
		return
	}
	results := v.funcs[len(v.funcs)-1].Results
	if results == nil || results.NumFields() != len(n.Results) {
		return
	}
	kind, _ := results.List[len(results.List)-1].Type.(*ast.Ident)
	last := n.Results[len(n.Results)-1]
	if given, ok := last.(*ast.Ident); kind == nil || kind.Name != "error" || ok && given.Name == "nil" {
		return
	}
	v.add(n, "without the error", func(on string, part func(a, b token.Pos) string) string {
		// The error is still made, so that what makes it is still used.
		return fmt.Sprintf("if %s { _ = error(%s); %snil }; %s", on, part(last.Pos(), last.End()),
			part(n.Pos(), last.Pos()), part(n.Pos(), n.End()))
	})
}

// removed adds the mutants that leave a statement out.
func (v visitor) removed(list []ast.Stmt) {
	for _, stmt := range list {
		switch s := stmt.(type) {
		case *ast.ExprStmt:
			if call, ok := s.X.(*ast.CallExpr); ok {
				if called, ok := call.Fun.(*ast.Ident); ok && called.Name == "panic" {
					continue
				}
			}
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE || blank(s.Lhs) {
				continue
			}
		case *ast.BranchStmt:
			if s.Tok == token.FALLTHROUGH || s.Tok == token.GOTO {
				continue
			}
		case *ast.IncDecStmt, *ast.DeferStmt:
		default:
			continue
		}
		v.add(stmt, "removed", func(on string, part func(a, b token.Pos) string) string {
			return "if !" + on + " { " + part(stmt.Pos(), stmt.End()) + " }"
		})
	}
}

func blank(list []ast.Expr) bool {
	return !slices.ContainsFunc(list, func(e ast.Expr) bool {
		id, ok := e.(*ast.Ident)
		return !ok || id.Name != "_"
	})
}
