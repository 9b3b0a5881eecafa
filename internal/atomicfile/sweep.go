package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"cozejwt/internal/disk"
)

// temporaryMark stands between the name of a file and the number of a temporary file that will
// take its place. No other program names its files so.
const temporaryMark = ".tmp-cozejwt-"

// createTemporary makes a temporary file for the one at a path, by a function that makes no file
// that is there. What ignores a file and its backups by the beginning of their names ignores this.
func createTemporary(target string, create func(name string) (*disk.File, error)) (*disk.File, error) {
	for n := 0; ; n++ {
		f, err := create(fmt.Sprintf("%s%s%06d", target, temporaryMark, rand.N(1_000_000)))
		if !errors.Is(err, fs.ErrExist) || n == 1000 {
			return f, err
		}
	}
}

// createPrivate makes a file for its owner alone.
func createPrivate(name string) (*disk.File, error) {
	return disk.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
}

// StaleAfter is the age of a temporary file that no process writes any more: it takes
// milliseconds. Where one was stopped for as long in between, its write fails and says so.
const StaleAfter = time.Hour

// Temporary returns the temporary files in a folder that runs have left which were killed, of at
// least an age. They are complete or not, and may hold a key.
func Temporary(dir string, age time.Duration) []string {
	entries, _ := os.ReadDir(dir) // where it cannot be read, nothing is known of it
	var all []string
	for _, e := range entries {
		if isTemporary(e.Name()) && e.Type().IsRegular() && olderThan(e, age) {
			all = append(all, filepath.Join(dir, e.Name()))
		}
	}
	return all
}

// isTemporary reports whether a name is that of a temporary file of ours.
func isTemporary(name string) bool {
	target, number, ok := cutLast(name, temporaryMark)
	return ok && target != "" && number != "" && strings.Trim(number, "0123456789") == ""
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

func olderThan(e os.DirEntry, age time.Duration) bool {
	info, err := e.Info()
	return err == nil && time.Since(info.ModTime()) >= age
}

// Sweep removes the temporary files of the file at path that are of at least an age. Each write
// removes those older than StaleAfter. A caller whose lock keeps every other writer of the file
// away may pass 0: then all of them are of runs that were killed.
func Sweep(path string, age time.Duration) {
	target, err := resolve(path)
	if err != nil {
		return
	}
	remove(byTarget(filepath.Dir(target), age)[filepath.Base(target)])
}

// byTarget is Temporary by the name of the file that each would have replaced.
func byTarget(dir string, age time.Duration) map[string][]string {
	all := map[string][]string{}
	for _, path := range Temporary(dir, age) {
		of, _, _ := cutLast(filepath.Base(path), temporaryMark)
		all[of] = append(all[of], path)
	}
	return all
}

func remove(paths []string) {
	for _, path := range paths {
		_ = disk.Remove(path) // a later run tries again
	}
}

// A listing is what byTarget returned of a folder at a time.
type listing struct {
	at   time.Time
	left map[string][]string
}

// listings are those of the folders in which this process has written.
var listings = struct {
	sync.Mutex
	of map[string]listing
}{of: map[string]listing{}}

// sweepStale is Sweep for StaleAfter before each write. A folder is listed once in that time, and
// not for each of many files that are written into it.
func sweepStale(target string) {
	dir := filepath.Dir(target)
	listings.Lock()
	defer listings.Unlock()
	known, listed := listings.of[dir]
	if !listed || time.Since(known.at) >= StaleAfter {
		known = listing{time.Now(), byTarget(dir, StaleAfter)}
		listings.of[dir] = known
	}
	remove(known.left[filepath.Base(target)])
	delete(known.left, filepath.Base(target))
}
