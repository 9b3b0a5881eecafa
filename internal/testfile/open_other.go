//go:build !windows

package testfile

import (
	"os"
	"testing"
)

// Open lets everyone read a file.
func Open(t testing.TB, path string) {
	t.Helper()
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
}
