package keygen_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"cozejwt/internal/fault"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

// The private key is there, and nothing says that it is not.
func TestAPublicKeyThatCannotBeWrittenIsTheOneThatIsNamed(t *testing.T) {
	// With "_public" in it, the name is too long for a file.
	path := filepath.Join(t.TempDir(), strings.Repeat("x", 228)+".pem")
	key := testkey.New()
	saved, err := keygen.Save(path, key, keygen.Refuse, noon)
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok || !errors.Is(err, keygen.ErrPublicUnwritten) || f.Value("path") != saved.PublicPath || f.Value("private") != path || f.Value("error") == "" {
		t.Errorf("error is %v", err)
	}
	if there, err := keygen.Load(path); err != nil || !there.Private.Equal(key) {
		t.Errorf("the private key: %v", err)
	}
}
