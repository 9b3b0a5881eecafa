//go:build e2e

package internal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// inputs are how many a fuzz target tries, where it is not usualInputs. They are
// counted, not timed: at the end of a time a slow machine reports its own deadline as
// a failure.
var inputs = map[string]int{
	"./keygen FuzzParse":                         200, // an input may hold a key, which is slow to check
	"./internal/coze FuzzAnswer":                 50_000,
	"./internal/formats FuzzRead":                50_000,
	"./internal/credentials FuzzCheck":           50_000,
	"./internal/sandbox FuzzPagesKeepTextAsText": 300, // each draws and parses every page
}

const usualInputs = 20_000

func TestFuzzTargetsFindNothing(t *testing.T) {
	targets := fuzzTargets(t)
	if len(targets) < 6 {
		t.Fatalf("the targets are %q", targets)
	}
	for _, target := range targets {
		t.Run(target, func(t *testing.T) {
			pkg, name, _ := strings.Cut(target, " ")
			count := usualInputs
			if n, ok := inputs[target]; ok {
				count = n
			}
			// A new input would else be minimized for a minute.
			run(t, "go", "test", pkg, "-run", "^$", "-fuzz", "^"+name+"$", "-fuzztime", strconv.Itoa(count)+"x", "-fuzzminimizetime", "10x")
		})
	}
}

// fuzzTargets lists the fuzz targets of the module, each as package and name.
func fuzzTargets(t *testing.T) (targets []string) {
	t.Helper()
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && strings.HasPrefix(f.Name.Name, "Fuzz") {
				targets = append(targets, "."+filepath.ToSlash(filepath.Dir(path))[len(".."):]+" "+f.Name.Name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return targets
}

// run runs a program at the top of the module.
func run(t *testing.T, args ...string) {
	t.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = ".."
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// underWine skips a test where there is no Wine, and gives it a prefix of its own.
func underWine(t *testing.T) {
	t.Helper()
	for _, program := range []string{"/usr/lib/wine/wine64", "x86_64-w64-mingw32-gcc"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("skipped: %s is not installed here", program)
		}
	}
	t.Setenv("WINEPREFIX", filepath.Join(t.TempDir(), "wine"))
	t.Setenv("GOFLAGS", strings.ReplaceAll(os.Getenv("GOFLAGS"), "-race", "")) // needs cgo
}

func TestTheWholeWayUnderWine(t *testing.T) {
	underWine(t)
	run(t, ".ci/wine", "story")
}

func TestTheRoomsPassTheirTestsUnderWine(t *testing.T) {
	underWine(t)
	out, err := exec.Command("go", "list", "../internal/...", "../envfile", "../keygen", "../tui").Output()
	if err != nil {
		t.Fatal(err)
	}
	args := []string{".ci/wine", "test"}
	for _, pkg := range strings.Fields(string(out)) {
		if pkg != "cozejwt/internal/i18n" { // its tests read the sources of the module as Unix has them
			args = append(args, pkg)
		}
	}
	run(t, args...)
}
