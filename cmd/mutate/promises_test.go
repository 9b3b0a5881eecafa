package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cozejwt/internal/mutation"
)

// A line that moved or changed takes its row along: the run that breaks them takes minutes.
func TestTheLineOfEachPromiseIsThere(t *testing.T) {
	all, err := mutation.Promises(promises)
	if err != nil || len(all) == 0 {
		t.Fatalf("%d promises, %v", len(all), err)
	}
	for _, p := range all {
		source, err := os.ReadFile(filepath.Join("..", "..", p.File))
		if err != nil {
			t.Errorf("%s: %v", p.What, err)
		}
		if n := bytes.Count(source, []byte(p.Old)); n != 1 {
			t.Errorf("%s: %s has %q %d times, want once", p.What, p.File, p.Old, n)
		}
	}
}

// A mutant of a function that is gone would be left out of nothing.
func TestEachMutantThatIsLeftOutIsOfAFunctionThatIsThere(t *testing.T) {
	for name := range read(equal) {
		pkg, mutant, _ := strings.Cut(name, "\t")
		parts := strings.SplitN(mutant, ": ", 3)
		source, err := os.ReadFile(filepath.Join("..", "..", pkg, parts[0]))
		function := parts[1][strings.LastIndexByte(parts[1], '.')+1:]
		if err != nil || !bytes.Contains(source, []byte(function)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
