//go:build unix

package atomicfile_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"cozejwt/internal/atomicfile"
)

func TestABackupHasTheModeThatBothAllow(t *testing.T) {
	for _, test := range []struct{ file, asked, want fs.FileMode }{
		{0o600, 0o644, 0o600},
		{0o644, 0o600, 0o600},
		{0o644, 0o644, 0o644},
		{0o640, 0o644, 0o640},
		{0o444, 0o640, 0o440},
		{0o400, 0o600, 0o400},
	} {
		path := filepath.Join(t.TempDir(), "f")
		write(t, path, "text", 0o600)
		if err := os.Chmod(path, test.file); err != nil {
			t.Fatal(err)
		}
		kept, err := atomicfile.Backup(path, test.asked, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		wantFile(t, kept, "text", test.want)
	}
}

func TestAFullDiskLeavesTheOldFile(t *testing.T) {
	const room = 1 << 20
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	write(t, path, "old", 0o600)
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	small := before
	small.Cur = room
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &small); err != nil {
		t.Fatal(err)
	}
	replaced := atomicfile.WriteFile(path, bytes.Repeat([]byte("x"), room+1), 0o600)
	made := atomicfile.WriteNew(filepath.Join(dir, "new"), bytes.Repeat([]byte("x"), room+1), 0o600)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{replaced, made} {
		if !errors.Is(err, syscall.EFBIG) {
			t.Errorf("error is %v, want that it is too large", err)
		}
	}
	wantFile(t, path, "old", 0o600)
	wantNames(t, dir, "f")
}
