package atomicfile_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"cozejwt/internal/atomicfile"
)

// open opens a file as a program does that shares nothing.
func open(t *testing.T, path string) syscall.Handle {
	t.Helper()
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		t.Fatal(err)
	}
	h, err := syscall.CreateFile(name, syscall.GENERIC_READ, 0, nil, syscall.OPEN_EXISTING, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestWriteFileWaitsForWhoHasTheFileOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	write(t, path, "old", 0o600)
	h := open(t, path)
	written := make(chan error, 1)
	go func() { written <- atomicfile.WriteFile(path, []byte("new"), 0o600) }()
	if err := syscall.CloseHandle(h); err != nil {
		t.Fatal(err)
	}
	if err := <-written; err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "new" {
		t.Errorf("the file holds %q, %v", text, err)
	}
}

func TestWriteFileLeavesAFileThatStaysOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	write(t, path, "old", 0o600)
	h := open(t, path)
	err := atomicfile.WriteFile(path, []byte("new"), 0o600)
	if err := syscall.CloseHandle(h); err != nil {
		t.Fatal(err)
	}
	if err == nil {
		t.Error("no error")
	}
	wantNames(t, filepath.Dir(path), "f")
	if text, err := os.ReadFile(path); err != nil || string(text) != "old" {
		t.Errorf("the file holds %q, %v", text, err)
	}
}
