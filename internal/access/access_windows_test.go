package access_test

import (
	"os"
	"path/filepath"
	"testing"

	"cozejwt/internal/access"
	"cozejwt/internal/testfile"
)

func TestWhoElseCanReadIsNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	testfile.Open(t, path)
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	unnamed := os.NewFile(f.Fd(), "/dev/stdout") // as Go calls what stdout is sent to
	for _, of := range []func() (access.Access, error){
		func() (access.Access, error) { return access.Of(path) },
		func() (access.Access, error) { return access.OfFile(unnamed) },
	} {
		if got, err := of(); err != nil || !got.Open || got.Accounts == "" {
			t.Errorf("%+v, %v; want everyone by name", got, err)
		}
	}
	if err := access.Set(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := access.Of(path); err != nil || got.Open {
		t.Errorf("%+v, %v; want nobody else", got, err)
	}
}

func TestTheListOfTheReplacedFileIsKept(t *testing.T) {
	dir := t.TempDir()
	from, path := filepath.Join(dir, "from"), filepath.Join(dir, "to")
	for _, p := range []string{from, path} {
		if err := os.WriteFile(p, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := access.Set(from, 0o600); err != nil {
		t.Fatal(err)
	}
	testfile.Open(t, path)
	if err := access.Inherit(path, from); err != nil {
		t.Fatal(err)
	}
	if got, err := access.Of(path); err != nil || got.Open {
		t.Errorf("%+v, %v; want nobody else", got, err)
	}
}
