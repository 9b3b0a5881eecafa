//go:build unix

package keygen_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cozejwt/internal/fault"
	"cozejwt/keygen"
)

func TestAKeyThatCannotBeReadSaysWhy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "private_key.pem")
	if err := os.Symlink(path, path); err != nil {
		t.Fatal(err)
	}
	_, err := keygen.Load(path)
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok || !errors.Is(err, keygen.ErrUnreadable) || f.Value("path") != path || !strings.Contains(f.Value("error"), "symbolic links") {
		t.Errorf("error is %v", err)
	}
}
