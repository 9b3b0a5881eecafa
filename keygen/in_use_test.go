package keygen_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/keygen"
)

// Keygen refuses where a key file is, and a new key needs a new Key ID: a key that a .env names is
// replaced by a rotation.
func TestAKeyInUseIsReplacedByARotation(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "empty.pem")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, empty := keygen.LoadInUse(path)
	_, absent := keygen.LoadInUse(filepath.Join(dir, "absent.pem"))
	for _, err := range []error{empty, absent, keygen.InUse(keygen.ErrWeak), keygen.InUse(fault.Invalid("key.openssh", "path", "k"))} {
		var f *fault.Fault
		if !errors.As(err, &f) {
			t.Fatalf("%v is no fault", err)
		}
		fixes := strings.Join(f.Fixes(i18n.English), "\n")
		if !strings.Contains(fixes, "cozejwt rotate") || strings.Contains(fixes, "cozejwt keygen") {
			t.Errorf("%s: %q", f.ID, fixes)
		}
	}
	other := errors.New("other")
	if got := keygen.InUse(other); got != other {
		t.Errorf("another error becomes %v", got)
	}
}
