//go:build unix

package keygen_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cozejwt/internal/fault"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
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

func TestALinkInThePlaceOfAKeyIsLeft(t *testing.T) {
	real := filepath.Join(t.TempDir(), "real.pem")
	path := real + ".link"
	testfile.Write(t, real, string(keygen.EncodePrivate(testkey.New())))
	if err := os.Symlink(real, path); err != nil {
		t.Fatal(err)
	}
	if _, err := keygen.Save(path, testkey.RSA(), keygen.KeepCopy, noon); !errors.Is(err, keygen.ErrLinked) {
		t.Errorf("error is %v", err)
	}
	if key, err := keygen.Load(real); err != nil || key.Private.Equal(testkey.RSA()) {
		t.Errorf("it was replaced: %v", err)
	}
}
