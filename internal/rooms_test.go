// Package internal_test holds the rules between the rooms of the code.
package internal_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// mayImport says, for each room, which rooms of this module it may import.
// Arrows point one way; libraries are named in CONTRIBUTING.md.
var mayImport = map[string][]string{
	"internal/lazyregexp":  {},
	"internal/release":     {},
	"internal/mutation":    {},
	"internal/tty":         {"internal/lazyregexp", "internal/secret"},
	"internal/programs":    {},
	"internal/diff":        {"internal/lazyregexp", "internal/secret", "internal/tty"},
	"internal/permissions": {"internal/i18n", "internal/lazyregexp"},
	"internal/secret":      {"internal/lazyregexp"},
	"internal/i18n":        {"internal/lazyregexp", "internal/secret", "internal/tty"},
	"internal/fault":       {"internal/i18n"},
	"internal/access":      {"internal/disk"},
	"internal/testfile":    {"internal/access"},
	"internal/atomicfile":  {"internal/access", "internal/boundedfile", "internal/disk"},
	"internal/quietterm":   {},
	"internal/testkey":     {},
	"internal/testsandbox": {"internal/sandbox"},
	"keygen": {
		"internal/access", "internal/atomicfile", "internal/boundedfile", "internal/disk", "internal/fault", "internal/lazyregexp",
		"internal/secret",
	},
	"envfile":              {"internal/atomicfile", "internal/boundedfile", "internal/fault", "internal/lazyregexp", "internal/secret"},
	"internal/git":         {"internal/atomicfile", "internal/boundedfile", "internal/fault", "internal/lazyregexp"},
	"internal/keyfile":     {"keygen", "internal/atomicfile", "internal/disk", "internal/fault", "internal/git"},
	"internal/coze":        {"internal/fault", "internal/secret", "internal/tty"},
	"internal/credentials": {"envfile", "internal/fault", "internal/i18n", "internal/lazyregexp", "internal/secret"},
	"internal/snippet":     {"internal/credentials", "internal/i18n", "internal/paths"},
	"internal/formats": {
		"envfile", "internal/boundedfile", "internal/coze", "internal/credentials", "internal/fault", "internal/i18n", "internal/lazyregexp",
		"internal/secret",
	},
	"internal/state":      {"internal/atomicfile", "internal/boundedfile", "internal/disk", "internal/fault"},
	"internal/tokencache": {"internal/coze", "internal/disk", "internal/fault", "internal/secret", "internal/state"},
	"internal/diagnosis":  {"internal/coze", "internal/credentials", "internal/fault", "internal/i18n", "internal/lazyregexp", "internal/permissions"},
	"internal/exchange":   {"keygen", "internal/coze", "internal/credentials", "internal/fault", "internal/state"},
	"internal/verification": {
		"envfile", "keygen", "internal/access", "internal/atomicfile", "internal/coze", "internal/credentials", "internal/diagnosis",
		"internal/diff", "internal/disk", "internal/exchange", "internal/fault", "internal/formats", "internal/git", "internal/i18n",
		"internal/paths", "internal/permissions", "internal/secret",
	},
	"internal/profiles": {
		"envfile", "keygen", "internal/coze", "internal/credentials", "internal/demofile", "internal/diagnosis", "internal/exchange",
		"internal/fault", "internal/formats", "internal/keyfile", "internal/paths",
	},
	"internal/review": {
		"envfile", "keygen", "internal/atomicfile", "internal/credentials", "internal/diff", "internal/disk", "internal/fault", "internal/git",
		"internal/i18n",
	},
	"internal/sandbox": {
		"keygen", "internal/atomicfile", "internal/boundedfile", "internal/coze", "internal/disk", "internal/fault", "internal/i18n",
		"internal/lazyregexp", "internal/permissions", "internal/state",
	},
	"internal/paths":   {"internal/fault"},
	"internal/wrap":    {"internal/lazyregexp"},
	"internal/flow":    {"internal/diagnosis", "internal/fault", "internal/i18n", "internal/paths", "internal/state"},
	"internal/console": {"internal/coze", "internal/fault", "internal/flow", "internal/i18n"},
	"internal/steps": {
		"keygen", "internal/atomicfile", "internal/console", "internal/coze", "internal/credentials", "internal/demofile", "internal/diagnosis",
		"internal/exchange", "internal/fault", "internal/flow", "internal/formats", "internal/i18n", "internal/keyfile", "internal/paths",
		"internal/profiles", "internal/review", "internal/state",
	},
	"internal/setup": {
		"envfile", "keygen", "internal/atomicfile", "internal/console", "internal/coze", "internal/credentials", "internal/diagnosis",
		"internal/exchange", "internal/fault", "internal/flow", "internal/git", "internal/i18n", "internal/keyfile", "internal/matching",
		"internal/paths", "internal/permissions", "internal/profiles", "internal/review", "internal/snippet", "internal/steps",
	},
	"internal/rotation": {
		"keygen", "internal/coze", "internal/credentials", "internal/diagnosis", "internal/disk", "internal/exchange", "internal/fault",
		"internal/flow", "internal/i18n", "internal/paths", "internal/profiles", "internal/review", "internal/state", "internal/steps",
	},
	"internal/switching": {
		"internal/coze", "internal/credentials", "internal/diagnosis", "internal/exchange", "internal/fault", "internal/flow", "internal/i18n",
		"internal/paths", "internal/profiles", "internal/review", "internal/steps",
	},
	"internal/testplan": {
		"internal/console", "internal/coze", "internal/credentials", "internal/exchange", "internal/flow", "internal/sandbox", "internal/setup",
		"internal/steps", "internal/testfile", "internal/testkey", "internal/testsandbox",
	},
	"internal/plain": {"internal/diagnosis", "internal/fault", "internal/flow", "internal/i18n", "internal/review", "internal/steps", "internal/wrap"},
	"tui": {
		"internal/coze", "internal/credentials", "internal/diagnosis", "internal/exchange", "internal/fault", "internal/flow", "internal/i18n",
		"internal/lazyregexp", "internal/review", "internal/setup", "internal/steps", "internal/tty", "internal/verification", "internal/wrap",
	},
	"internal/boundedfile": {},
	"internal/matching": {
		"envfile", "keygen", "internal/boundedfile", "internal/coze", "internal/credentials", "internal/diagnosis", "internal/exchange",
		"internal/fault", "internal/formats", "internal/i18n", "internal/paths", "internal/secret",
	},
	"internal/disk":                      {},
	"internal/campaign":                  {},
	"internal/lint":                      {"internal/credentials", "internal/lazyregexp"},
	"internal/testgrowth":                {},
	"internal/demofile":                  {"internal/boundedfile", "internal/fault"},
	"internal/campaign/testdata/compose": {},
}

func TestRoomsImportWhatTheyMay(t *testing.T) {
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if d != nil && d.IsDir() && d.Name() == "testdata" {
			return filepath.SkipDir // of other modules
		}
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		room := filepath.ToSlash(filepath.Dir(path))[len("../"):]
		if strings.HasPrefix(room, "cmd/") {
			return nil // wires everything
		}
		allowed, known := mayImport[room]
		if !known {
			t.Errorf("%s is a room without a rule", room)
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			if ours, ok := strings.CutPrefix(name, "cozejwt/"); ok && !slices.Contains(allowed, ours) {
				t.Errorf("%s imports %s", path, ours)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The fronts draw what a step shows and ask what it asks; which step it is they
// do not know. A new step works in each of them without a line of theirs.
func TestNoFrontKnowsAStepByItsID(t *testing.T) {
	plan, err := os.ReadFile("steps/base.go")
	if err != nil {
		t.Fatal(err)
	}
	ids := regexp.MustCompile(`(?m)^\t(\w+) += "(\w+)"`).FindAllStringSubmatch(string(plan), -1)
	if len(ids) < 10 {
		t.Fatalf("found %d ids", len(ids))
	}
	for _, front := range []string{"../tui", "plain", "../cmd/cozejwt"} {
		files, _ := filepath.Glob(front + "/*.go")
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, id := range ids {
				if regexp.MustCompile(`steps\.` + id[1] + `\b|\.ID [!=]= "` + id[2] + `"`).Match(text) {
					t.Errorf("%s knows the step %s", path, id[2])
				}
			}
		}
	}
}

// What SECURITY.md promises is held by tests that exist.
func TestPromisesAreHeldByTests(t *testing.T) {
	text, err := os.ReadFile("../SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	var tests strings.Builder
	err = filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") && !strings.HasSuffix(path, ".txtar") {
			return err
		}
		source, err := os.ReadFile(path)
		tests.WriteString(d.Name() + "\n" + string(source))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`(Test\\w+|\\w+\\.txtar)`").FindAllStringSubmatch(string(text), -1)
	if len(named) < 8 {
		t.Fatalf("found %d tests", len(named))
	}
	for _, m := range named {
		if !strings.Contains(tests.String(), m[1]) {
			t.Errorf("SECURITY.md names %s, which is not there", m[1])
		}
	}
}

// What is read from a disk or from the network has a bound: a project may be anyone's, and so may
// an answer. The rooms of the build read what is our own.
func TestNothingIsReadWithoutABound(t *testing.T) {
	reads := regexp.MustCompile(`\b(os\.ReadFile|fs\.ReadFile|ioutil\.\w+|io\.ReadAll)\(`)
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		switch filepath.ToSlash(filepath.Dir(path)) {
		case "../internal/boundedfile", "../internal/release", "../internal/mutation", "../internal/testfile", "../cmd/packages", "../cmd/mutate":
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for n, line := range strings.Split(string(text), "\n") {
			bounded := strings.Contains(line, "io.LimitReader(") || strings.Contains(line, "http.MaxBytesReader(")
			if reads.MatchString(line) && !bounded && !strings.Contains(line, "pem, _ :=") { // the sample code of a snippet
				t.Errorf("%s:%d reads without a bound: %s", path, n+1, strings.TrimSpace(line))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
