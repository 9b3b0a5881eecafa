package mutation

import (
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const sample = `package sample

import "errors"

const limit = 3 - 1

var errLarge = errors.New("too large")

type box struct{ n int }

func (b *box) put(n int) (int, error) {
	if n < limit && b.n != 7 { // a comment
		b.n = n
		return b.n - 1, nil
	}
	for range n {
		continue
	}
	return 0, errLarge
}
`

func written(t *testing.T, text string) *source {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sample.go")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := read(path)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestMutantsAreTheKnownKinds(t *testing.T) {
	var got []string
	for _, m := range written(t, sample).mutants {
		got = append(got, m.Name())
	}
	want := []string{
		"sample.go: box.put: n < limit && b.n != 7: always true",
		"sample.go: box.put: n < limit && b.n != 7: never true",
		"sample.go: box.put: n < limit && b.n != 7: without the left side",
		"sample.go: box.put: n < limit && b.n != 7: without the right side",
		"sample.go: box.put: n < limit: <=",
		"sample.go: box.put: b.n != 7: ==",
		"sample.go: box.put: b.n = n: removed",
		"sample.go: box.put: b.n - 1: +",
		"sample.go: box.put: continue: removed",
		"sample.go: box.put: return 0, errLarge: without the error",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the mutants are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestAllMutantsTogetherAreStillGo(t *testing.T) {
	s := written(t, sample)
	numbers := map[string]int{}
	for i, m := range s.mutants {
		numbers[m.key()] = i + 1
	}
	text := s.apply(s.mutants, func(m Mutant) int { return numbers[m.key()] })
	if _, err := parser.ParseFile(token.NewFileSet(), "sample.go", text, 0); err != nil {
		t.Errorf("%v in\n%s", err, text)
	}
	for number := range len(s.mutants) {
		if on := "cozejwtMutant == " + string(rune('0'+number+1)); number < 9 && !strings.Contains(text, on) {
			t.Errorf("mutant %d is not in\n%s", number+1, text)
		}
	}
}

func TestNoMutantIsLostWhateverTheirOrder(t *testing.T) {
	s := written(t, "package sample\n\nfunc less(a, b int) bool {\n\tif a < b {\n\t\treturn true\n\t}\n\treturn false\n}\n")
	numbers := map[string]int{}
	for i, m := range s.mutants {
		numbers[m.key()] = i + 1
	}
	slices.Reverse(s.mutants)
	text := s.apply(s.mutants, func(m Mutant) int { return numbers[m.key()] })
	for _, m := range s.mutants {
		if on := fmt.Sprintf("cozejwtMutant == %d)", numbers[m.key()]); !strings.Contains(text, on) {
			t.Errorf("%s is not in\n%s", m.Name(), text)
		}
	}
}

func TestASeedChoosesTheSameMutants(t *testing.T) {
	s := written(t, sample)
	all := func(Mutant) bool { return false }
	names := func(seed uint64) (names []string) {
		for _, m := range choose([]*source{s}, 5, seed, all) {
			names = append(names, m.Name())
		}
		return names
	}
	if first := names(1); len(first) != 5 || !slices.Equal(first, names(1)) {
		t.Errorf("seed 1 chooses %q and then %q", first, names(1))
	}
	if slices.Equal(names(1), names(2)) {
		t.Error("seeds 1 and 2 choose the same mutants")
	}
}

func TestAMutantThatIsLeftOutIsNotChosen(t *testing.T) {
	s := written(t, sample)
	chosen := choose([]*source{s}, 60, 1, func(m Mutant) bool { return strings.HasSuffix(m.What, ": removed") })
	if len(chosen) != len(s.mutants)-2 {
		t.Errorf("%d of %d are chosen", len(chosen), len(s.mutants))
	}
}
