package testfile

import (
	"os"
	"path/filepath"
	"testing"
)

// A Folder is the project folder of a test. Names of files in it have slashes.
type Folder struct {
	Dir string

	t testing.TB
}

// NewFolder makes an empty one, which ends with the test.
func NewFolder(t testing.TB) Folder {
	t.Helper()
	return Folder{t.TempDir(), t}
}

// Path is where a file is.
func (f Folder) Path(name string) string { return filepath.Join(f.Dir, filepath.FromSlash(name)) }

// Write is [Write] for a file of the folder.
func (f Folder) Write(name, text string) {
	f.t.Helper()
	Write(f.t, f.Path(name), text)
}

// Read returns what a file holds.
func (f Folder) Read(name string) string {
	f.t.Helper()
	data, err := os.ReadFile(f.Path(name))
	if err != nil {
		f.t.Fatal(err)
	}
	return string(data)
}
