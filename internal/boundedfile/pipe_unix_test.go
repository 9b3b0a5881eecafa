//go:build unix

package boundedfile_test

import (
	"errors"
	"io/fs"
	"path/filepath"
	"syscall"
	"testing"

	"cozejwt/internal/boundedfile"
)

func TestAPipeIsNotWaitedFor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := boundedfile.Read(path, 5)
	if odd, ok := errors.AsType[boundedfile.NotRegular](err); !ok || odd.Irregular()&fs.ModeNamedPipe == 0 {
		t.Errorf("error is %v", err)
	}
}
