package atomicfile_test

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"cozejwt/internal/atomicfile"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testgrowth"
)

// aged writes a file that was last written so long ago.
func aged(t *testing.T, path string, age time.Duration) {
	t.Helper()
	write(t, path, "key", 0o600)
	at := time.Now().Add(-age)
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
}

func TestTheNextWriteRemovesWhatKilledRunsHaveLeft(t *testing.T) {
	for name, run := range map[string]func(path string) error{
		"WriteFile":      func(path string) error { return atomicfile.WriteFile(path, []byte("new"), 0o600) },
		"WriteNew":       func(path string) error { return atomicfile.WriteNew(path, []byte("new"), 0o600) },
		"CompareAndSwap": func(path string) error { return atomicfile.CompareAndSwap(path, nil, []byte("new"), 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for _, left := range []string{"f.tmp-cozejwt-1", "f.tmp-cozejwt-22"} {
				aged(t, filepath.Join(dir, left), atomicfile.StaleAfter+time.Minute)
			}
			aged(t, filepath.Join(dir, "f.tmp-cozejwt-3"), time.Minute)                 // it may be in use
			aged(t, filepath.Join(dir, "g.tmp-cozejwt-1"), 2*atomicfile.StaleAfter)     // of another file
			aged(t, filepath.Join(dir, "f.tmp-1"), 2*atomicfile.StaleAfter)             // of another program
			aged(t, filepath.Join(dir, "f.tmp-cozejwt-old"), 2*atomicfile.StaleAfter)   // no number
			aged(t, filepath.Join(dir, "f.tmp-cozejwt-"), 2*atomicfile.StaleAfter)      // no number
			aged(t, filepath.Join(dir, ".tmp-cozejwt-1"), 2*atomicfile.StaleAfter)      // of no file
			aged(t, filepath.Join(dir, "f.tmp-cozejwt-1.txt"), 2*atomicfile.StaleAfter) // what it begins with is not all
			if err := run(filepath.Join(dir, "f")); err != nil {
				t.Fatal(err)
			}
			wantNames(t, dir, ".tmp-cozejwt-1", "f", "f.tmp-1", "f.tmp-cozejwt-", "f.tmp-cozejwt-1.txt", "f.tmp-cozejwt-3", "f.tmp-cozejwt-old", "g.tmp-cozejwt-1")
		})
	}
}

func TestSweepRemovesFilesAloneAndFollowsTheLink(t *testing.T) {
	dir, elsewhere := t.TempDir(), t.TempDir()
	write(t, filepath.Join(elsewhere, "f"), "text", 0o600)
	write(t, filepath.Join(elsewhere, "f.tmp-cozejwt-1"), "text", 0o600)
	testfile.Symlink(t, filepath.Join(elsewhere, "f"), filepath.Join(dir, "link"))
	write(t, filepath.Join(dir, "f.tmp-cozejwt-1"), "text", 0o600)
	testfile.Symlink(t, filepath.Join(elsewhere, "f"), filepath.Join(dir, "f.tmp-cozejwt-2"))
	if err := os.Mkdir(filepath.Join(dir, "f.tmp-cozejwt-3"), 0o700); err != nil {
		t.Fatal(err)
	}
	atomicfile.Sweep(filepath.Join(dir, "f"), 0)
	atomicfile.Sweep(filepath.Join(dir, "link"), 0)
	atomicfile.Sweep(filepath.Join(dir, "nowhere", "f"), 0)
	wantNames(t, dir, "f.tmp-cozejwt-2", "f.tmp-cozejwt-3", "link")
	wantNames(t, elsewhere, "f")
}

func TestTemporaryFilesAreNamed(t *testing.T) {
	dir := t.TempDir()
	aged(t, filepath.Join(dir, "a.tmp-cozejwt-1"), time.Hour)
	aged(t, filepath.Join(dir, "a.tmp-cozejwt-2.tmp-cozejwt-3"), time.Hour)
	write(t, filepath.Join(dir, "b.tmp-cozejwt-2"), "text", 0o600)
	write(t, filepath.Join(dir, "b"), "text", 0o600)
	if got := atomicfile.Temporary(dir, time.Minute); !slices.Equal(got, []string{filepath.Join(dir, "a.tmp-cozejwt-1"), filepath.Join(dir, "a.tmp-cozejwt-2.tmp-cozejwt-3")}) {
		t.Errorf("they are %q", got)
	}
	if got := atomicfile.Temporary(dir, 0); len(got) != 3 {
		t.Errorf("all are %q", got)
	}
	if got := atomicfile.Temporary(filepath.Join(dir, "nowhere"), 0); got != nil {
		t.Errorf("of no folder they are %q", got)
	}
}

func TestManyFilesOfAFolderAreWrittenInProportion(t *testing.T) {
	testgrowth.Linear(t, func(files int) {
		dir := t.TempDir()
		for i := range files {
			if err := atomicfile.WriteFile(filepath.Join(dir, strconv.Itoa(i)), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	})
}
