//go:build unix

package mutation

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// module writes a module of one package with a test, and goes there.
func module(t *testing.T, source, test string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module sample\n\ngo 1.26\n", "sample.go": source, "sample_test.go": test, "testdata/number": "7", ".git/HEAD": "x",
	} {
		path := filepath.Join(dir, name)
		if text == "" {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
}

const halves = `package sample

import "errors"

func half(n int) (int, error) {
	if n%2 == 1 {
		return 0, errors.New("odd")
	}
	for n > 100 {
		n = 100
	}
	return n - n/2, nil
}
`

// tested notices everything but the limit.
const tested = `package sample

import (
	"os"
	"testing"
)

func Test(t *testing.T) {
	if _, err := os.Stat("testdata/number"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("left", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if n, err := half(8); n != 4 || err != nil {
		t.Error(n, err)
	}
	if _, err := half(7); err == nil {
		t.Error("no error")
	}
}
`

func try(t *testing.T, opts Options) (Result, error) {
	t.Helper()
	if opts.LeftOut == nil {
		opts.LeftOut = func(string, Mutant) bool { return false }
	}
	return Try(context.Background(), ".", opts)
}

func survivors(r Result) (names []string) {
	for _, m := range r.Survivors {
		names = append(names, m.What)
	}
	slices.Sort(names)
	return names
}

func TestWhatTheTestsDoNotNoticeSurvives(t *testing.T) {
	module(t, halves, tested)
	r, err := try(t, Options{N: 60, Seed: 1, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"n = 100: removed", "n > 100: >="}; !slices.Equal(survivors(r), want) {
		t.Errorf("these survive: %q, want %q", survivors(r), want)
	}
	if r.Tried != 7 || r.Killed() != 5 || r.Tests <= 0 {
		t.Errorf("%d were tried, %d killed, and the tests took %s", r.Tried, r.Killed(), r.Tests)
	}
	if _, err := os.Stat("left"); err == nil {
		t.Error("the tests have written into the tree")
	}
}

func TestAMutantThatIsNamedIsNotTried(t *testing.T) {
	module(t, halves, tested)
	r, err := try(t, Options{N: 60, Seed: 1, Workers: 1, LeftOut: func(pkg string, m Mutant) bool {
		return pkg == "." && strings.HasPrefix(m.Name(), "sample.go: half: n = 100")
	}})
	if err != nil || r.Tried != 6 || len(r.Survivors) != 1 {
		t.Errorf("%d were tried, %q survive, %v", r.Tried, survivors(r), err)
	}
}

func TestWithoutTestsEverythingSurvives(t *testing.T) {
	module(t, halves, "")
	if r, err := try(t, Options{N: 3, Seed: 1, Workers: 1}); err != nil || r.Tried != 3 || r.Killed() != 0 {
		t.Errorf("%d were tried, %d killed, %v", r.Tried, r.Killed(), err)
	}
}

// A mutant that the compiler refuses is left out, with those of its line.
func TestAMutantThatDoesNotCompileIsLeftOut(t *testing.T) {
	module(t, strings.ReplaceAll(halves, "n - n/2", "n - n/2 - int(3-uint8(3))"), tested)
	r, err := try(t, Options{N: 60, Seed: 1, Workers: 2})
	if err != nil || r.Tried == 0 || r.Killed() == 0 {
		t.Errorf("%d were tried, %d killed, %v", r.Tried, r.Killed(), err)
	}
}

func TestTestsThatFailUnbrokenAreAnError(t *testing.T) {
	module(t, halves, strings.Replace(tested, "n != 4", "n != 5", 1))
	if _, err := try(t, Options{N: 3, Seed: 1, Workers: 1}); err == nil || !strings.Contains(err.Error(), "unbroken") {
		t.Errorf("error is %v", err)
	}
}

func TestSourceThatDoesNotCompileIsAnError(t *testing.T) {
	module(t, halves+"\nvar x int = \"\"\n", tested)
	if _, err := try(t, Options{N: 3, Seed: 1, Workers: 1}); err == nil || !strings.Contains(err.Error(), "go test -c") {
		t.Errorf("error is %v", err)
	}
	if _, err := Try(context.Background(), "./nowhere", Options{}); err == nil || !strings.Contains(err.Error(), "go list") {
		t.Errorf("error is %v", err)
	}
}

func TestTestsThatDoNotEndAreKilled(t *testing.T) {
	module(t, strings.Replace(halves, "for n > 100 {\n\t\tn = 100\n", "for n < 0 {\n", 1), strings.NewReplacer("half(8)", "half(0)", "n != 4", "n != 0").Replace(tested))
	r, err := try(t, Options{N: 60, Seed: 1, Workers: 1, Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	if slices.Contains(survivors(r), "n < 0: <=") || r.TimedOut == 0 {
		t.Errorf("these survive: %q; %d timed out", survivors(r), r.TimedOut)
	}
}
