package access_test

import (
	"os"
	"path/filepath"
	"testing"

	"cozejwt/internal/access"
)

func TestAFileForTheOwnerAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, []byte("secret"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := access.Set(path, 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := access.Of(path)
	if err != nil || got.Open {
		t.Errorf("%+v, %v; want the owner alone", got, err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "secret" {
		t.Errorf("the owner reads %q, %v", text, err)
	}
}
