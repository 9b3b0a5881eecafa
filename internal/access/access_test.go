package access_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"cozejwt/internal/access"
	"cozejwt/internal/testfile"
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

func TestAFileThatIsNotThereHasNoAccess(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "nothing")
	if got, err := access.Of(path); !errors.Is(err, fs.ErrNotExist) || got != (access.Access{}) {
		t.Errorf("%+v, %v; want no access and that it does not exist", got, err)
	}
	if err := access.Set(path, 0o600); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("setting it: %v, want that it does not exist", err)
	}
}

func TestAnOpenFileIsAskedLikeItsPath(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "key")
	testfile.Write(t, path, "secret")
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	want, err := access.Of(path)
	if err != nil || want == (access.Access{}) {
		t.Errorf("by its path: %+v, %v", want, err)
	}
	if got, err := access.OfFile(f); err != nil || got != want {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS == "windows" { // where the handle of a closed file is also that of the process
		return
	}
	if got, err := access.OfFile(f); err == nil || got != (access.Access{}) {
		t.Errorf("after it was closed: %+v, %v; want an error", got, err)
	}
}
