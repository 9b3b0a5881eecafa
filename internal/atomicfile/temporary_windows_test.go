package atomicfile

import (
	"os"
	"path/filepath"
	"testing"

	"cozejwt/internal/access"
	"cozejwt/internal/disk"
	"cozejwt/internal/testfile"
)

// Whoever opens a file before its access list is set reads what is written later.
func TestATemporaryFileHasItsListBeforeItIsOpenedForOthers(t *testing.T) {
	there, absent := filepath.Join(t.TempDir(), "there"), filepath.Join(t.TempDir(), "absent")
	if err := os.WriteFile(there, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	testfile.Open(t, there)
	for _, test := range []struct {
		target string
		mode   os.FileMode
		open   bool // once it is protected
	}{{there, 0o600, false}, {absent, 0o600, false}, {there, 0o644, true}} {
		f, err := temporary(test.target, test.mode)
		if err != nil {
			t.Fatal(err)
		}
		if who, err := access.OfFile(f.File); err != nil || who.Open {
			t.Errorf("%s, %04o: %+v, %v; want this user alone", filepath.Base(test.target), test.mode, who, err)
		}
		if err := protect(f, test.target, test.mode); err != nil {
			t.Error(err)
		}
		if who, err := access.OfFile(f.File); err != nil || who.Open != test.open {
			t.Errorf("%s, %04o, protected: %+v, %v", filepath.Base(test.target), test.mode, who, err)
		}
		_ = f.Close()
	}
	f, err := temporary(absent, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if err := os.WriteFile(absent, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	gone := &disk.File{File: os.NewFile(f.Fd(), absent+".gone")}
	if err := protect(gone, absent, 0o644); err == nil {
		t.Error("a list that cannot be set is no error")
	}
}
