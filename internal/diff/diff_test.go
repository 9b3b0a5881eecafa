package diff

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/aymanbagabas/go-udiff"

	"cozejwt/internal/testgrowth"
)

// What two texts have in common changes nothing in their diff.
func TestUnifiedIsThatOfTheWholeTexts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	text := func(lines int) []string {
		all := make([]string, lines)
		for i := range all {
			all[i] = fmt.Sprint(r.IntN(1_000_000), "\n") // two alike may be in the diff either way
		}
		return all
	}
	check := func(before, after string) {
		if got, want := Unified("a", "b", before, after), udiff.Unified("a", "b", before, after); got != want {
			t.Fatalf("the diff of %q and %q is\n%s\nwant\n%s", before, after, got, want)
		}
	}
	for range 5000 {
		before := text(r.IntN(30))
		at := r.IntN(len(before) + 1)
		to := at + r.IntN(len(before)-at+1)
		after := append(append(append([]string{}, before[:at]...), text(r.IntN(4))...), before[to:]...)
		one, other := strings.Join(before, ""), strings.Join(after, "")
		check(one, other)
		check(strings.TrimSuffix(one, "\n"), other)
		check(one, strings.TrimSuffix(other, "\n"))
		check(strings.TrimSuffix(one, "\n"), strings.TrimSuffix(other, "\n"))
	}
	check("", "")
	check("", "a")
	check("ab\n", "b\n")
}

func TestALargeFileTakesLittleMemory(t *testing.T) {
	if testgrowth.RaceDetector {
		t.Skip("the race detector changes what is allocated")
	}
	text := strings.Repeat("#\n", 500_000)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got := Unified("a", "b", text+"A=1\n"+text, text+"A=2\n"+text)
	runtime.ReadMemStats(&after)
	if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 64 {
		t.Errorf("two texts of 2 MB take %d MiB", used)
	}
	if want := "--- a\n+++ b\n@@ -499998,7 +499998,7 @@\n #\n #\n #\n-A=1\n+A=2\n #\n #\n #\n"; got != want {
		t.Errorf("the diff is\n%s", got)
	}
}

func TestADiffHasNoSecretAndNoCommand(t *testing.T) {
	long := strings.Repeat("x ", longestLine)
	got := Unified("a", "b", "A=\x1b[2J\n"+long+"\n", "A=pat_"+strings.Repeat("a", 40)+"\n"+long+"1\n")
	if strings.Contains(got, "\x1b") || strings.Contains(got, "pat_") || len(got) > 2*longestLine {
		t.Errorf("the diff is %q", got)
	}
}
