package atomicfile_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"cozejwt/internal/access"
	"cozejwt/internal/atomicfile"
	"cozejwt/internal/testfile"
)

func write(t *testing.T, path, text string, mode fs.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

func wantFile(t *testing.T, path, text string, mode fs.FileMode) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != text {
		t.Errorf("%s holds %q, want %q", filepath.Base(path), got, text)
	}
	testfile.WantMode(t, path, mode)
}

func wantNames(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if !slices.Equal(got, want) {
		t.Errorf("folder holds %v, want %v", got, want)
	}
}

func TestWriteFileReplacesWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	write(t, path, "old and longer", 0o644)
	if err := atomicfile.WriteFile(path, []byte("new"), 0o600); err != nil {
		t.Fatal(err)
	}
	wantFile(t, path, "new", 0o600)
	wantNames(t, filepath.Dir(path), "f")
}

func TestWriteFileFollowsLinks(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(dir, "real")
	write(t, target, "old", 0o600)
	for _, l := range [][2]string{{"real", "one"}, {"one", "two"}} {
		testfile.Symlink(t, l[0], filepath.Join(dir, l[1]))
	}
	if err := atomicfile.WriteFile(filepath.Join(dir, "two"), []byte("new"), 0o600); err != nil {
		t.Fatal(err)
	}
	wantFile(t, target, "new", 0o600)
	if to, err := os.Readlink(filepath.Join(dir, "two")); err != nil || to != "one" {
		t.Errorf("the link became %q, %v", to, err)
	}
}

func TestWriteFileFollowsLinksOutOfLinkedFolders(t *testing.T) {
	dir := t.TempDir()
	for _, folder := range []string{"app/releases/1", "app/shared", "shared"} {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write(t, filepath.Join(dir, "app/shared/f"), "old", 0o600)
	write(t, filepath.Join(dir, "shared/f"), "another's", 0o644)
	for name, to := range map[string]string{"app/current": "releases/1", "app/releases/1/f": "../../shared/f"} {
		testfile.Symlink(t, to, filepath.Join(dir, name))
	}
	if err := atomicfile.WriteFile(filepath.Join(dir, "app/current/f"), []byte("new"), 0o600); err != nil {
		t.Fatal(err)
	}
	wantFile(t, filepath.Join(dir, "app/shared/f"), "new", 0o600)
	wantFile(t, filepath.Join(dir, "shared/f"), "another's", 0o644)
}

func TestUpdateRefusesWhatIsNotAsItWasRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	if err := atomicfile.CompareAndSwap(path, []byte("read"), []byte("new"), 0o600); !errors.Is(err, atomicfile.ErrChanged) {
		t.Errorf("a file that is gone: error is %v", err)
	}
	if err := atomicfile.CompareAndSwap(path, nil, []byte("first"), 0o640); err != nil {
		t.Fatal(err)
	}
	for _, before := range [][]byte{nil, []byte("other")} {
		if err := atomicfile.CompareAndSwap(path, before, []byte("new"), 0o600); !errors.Is(err, atomicfile.ErrChanged) {
			t.Errorf("before %q: error is %v", before, err)
		}
	}
	wantFile(t, path, "first", 0o640)
	if err := atomicfile.CompareAndSwap(path, []byte("first"), []byte("second"), 0o600); err != nil {
		t.Fatal(err)
	}
	wantFile(t, path, "second", 0o640)
	wantNames(t, filepath.Dir(path), "f")
}

func TestWriteFileEndsLinkCircles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "circle")
	testfile.Symlink(t, "circle", path)
	if err := atomicfile.WriteFile(path, nil, 0o600); err == nil {
		t.Error("no error")
	}
}

func TestAnErrorNamesTheFileThatWasMeant(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(dir, "nowhere", "f")
	testfile.Symlink(t, target, filepath.Join(dir, "link"))
	err := atomicfile.WriteFile(filepath.Join(dir, "link"), nil, 0o600)
	if p, ok := errors.AsType[*fs.PathError](err); !ok || p.Path != target {
		t.Errorf("error is %v, want one about %s", err, target)
	}
}

func TestWriteFileLeavesNothingWhereItCannotWrite(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "taken") // a folder: nothing can be renamed over it
	if err := os.MkdirAll(filepath.Join(path, "full"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.WriteFile(path, []byte("new"), 0o600); err == nil {
		t.Error("no error")
	}
	wantNames(t, dir, "taken")
}

func TestWriteNewRefusesWhatIsThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	if err := atomicfile.WriteNew(path, []byte("first"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.WriteNew(path, []byte("second"), 0o600); !errors.Is(err, fs.ErrExist) {
		t.Errorf("error is %v, want ErrExist", err)
	}
	wantFile(t, path, "first", 0o600)
	wantNames(t, filepath.Dir(path), "f")
}

func TestABackupIsReadByNoMoreThanTheFileWas(t *testing.T) {
	path := filepath.Join(t.TempDir(), "[a] f")
	write(t, path, "secret", 0o600)
	if err := access.Set(path, 0o600); err != nil { // Windows makes a file for everyone
		t.Fatal(err)
	}
	kept, err := atomicfile.Backup(path, 0o644, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	wantFile(t, kept, "secret", 0o600)
	if all := atomicfile.Backups(path); len(all) != 1 || all[0] != kept {
		t.Errorf("backups are %q", all)
	}
}

func TestKeepLeavesTheFileAndACopy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	write(t, path, "old", 0o644) // what is kept must not stay open
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	first, err := atomicfile.Backup(path, 0o600, now)
	if err != nil {
		t.Fatal(err)
	}
	wantFile(t, first, "old", 0o600)
	second, err := atomicfile.Backup(path, 0o600, now)
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Base(first) != "f.bak-20260102T030405Z" || second != first+"-2" {
		t.Errorf("copies are %s and %s", first, second)
	}
	if err := atomicfile.WriteFile(path, []byte("new"), 0o600); err != nil {
		t.Fatal(err)
	}
	wantFile(t, path, "new", 0o600)
	wantFile(t, first, "old", 0o600)
}
