// Package testfile makes the files of tests, and asks what every system can tell
// of them: file modes are POSIX alone.
package testfile

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"cozejwt/internal/access"
)

// Write makes a file that its owner alone can read, and the folders above it.
func Write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := access.Set(path, 0o600); err != nil {
		t.Fatal(err)
	}
}

// WantMode fails where a file or folder has another mode. Windows has none: what
// is told there is whether a file is for its owner alone.
func WantMode(t testing.TB, path string, mode fs.FileMode) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" {
		if info.Mode().Perm() != mode {
			t.Errorf("%s has mode %04o, want %04o", filepath.Base(path), info.Mode().Perm(), mode)
		}
		return
	}
	if who, err := access.Of(path); err != nil || mode&0o077 == 0 && who.Open && !info.IsDir() {
		t.Errorf("%s: %+v, %v; want the owner alone", filepath.Base(path), who, err)
	}
}

// NeedGit skips the test where git does not run.
func NeedGit(t testing.TB) {
	t.Helper()
	if err := exec.Command("git", "version").Run(); err != nil {
		t.Skipf("no git here: %v", err)
	}
}

// Symlink makes a symbolic link, and skips the test where the system lets nobody
// make one.
func Symlink(t testing.TB, to, path string) {
	t.Helper()
	err := os.Symlink(to, path)
	if err == nil {
		_, err = os.Readlink(path) // Wine makes what it cannot read
	}
	if err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
}
