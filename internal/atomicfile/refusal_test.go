package atomicfile_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/atomicfile"
	"cozejwt/internal/testfile"
)

// wantPath fails where an error is not about the file of that name.
func wantPath(t *testing.T, err error, name string) {
	t.Helper()
	if p, ok := errors.AsType[*fs.PathError](err); !ok || filepath.Base(p.Path) != name {
		t.Errorf("error is %v, want one about %s", err, name)
	}
}

func TestNothingIsWrittenWhereTheFolderIsNone(t *testing.T) {
	t.Chdir(t.TempDir())
	dir := t.TempDir()
	testfile.Write(t, filepath.Join(dir, "file"), "text")
	for _, folder := range []string{"file", "nowhere"} {
		path := filepath.Join(dir, folder, "f")
		wantPath(t, atomicfile.WriteFile(path, []byte("new"), 0o600), "f")
		wantPath(t, atomicfile.WriteNew(path, []byte("new"), 0o600), "f")
		wantPath(t, atomicfile.CompareAndSwap(path, nil, []byte("new"), 0o600), "f")
	}
	if err := atomicfile.WriteNew("", []byte("new"), 0o600); err == nil {
		t.Error("a file without a name: no error")
	}
	wantPath(t, atomicfile.Link(filepath.Join(dir, "file"), filepath.Join(dir, "nowhere", "f")), "f")
	wantFile(t, filepath.Join(dir, "file"), "text", 0o600)
	wantNames(t, dir, "file")
	wantNames(t, ".")
}

func TestWhatCannotBeComparedIsNotCalledChanged(t *testing.T) {
	dir := t.TempDir()
	for name, make := range map[string]func(path string){
		"folder": func(path string) {
			if err := os.Mkdir(path, 0o755); err != nil {
				t.Fatal(err)
			}
		},
		"circle": func(path string) { testfile.Symlink(t, "circle", path) },
	} {
		make(filepath.Join(dir, name))
		err := atomicfile.CompareAndSwap(filepath.Join(dir, name), []byte("old"), []byte("new"), 0o600)
		if err == nil || errors.Is(err, atomicfile.ErrChanged) || !strings.Contains(err.Error(), name) {
			t.Errorf("error is %v, want one about the %s", err, name)
		}
	}
	wantNames(t, dir, "circle", "folder")
}

func TestOnlyAFileHasABackup(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "folder")
	if err := os.Mkdir(path, 0o755); err != nil {
		t.Fatal(err)
	}
	if kept, err := atomicfile.Backup(path, 0o600, time.Now()); err == nil || kept != "" {
		t.Errorf("of a folder: %q, %v", kept, err)
	}
	if kept, err := atomicfile.Backup(filepath.Join(dir, "nothing"), 0o600, time.Now()); !errors.Is(err, fs.ErrNotExist) || kept != "" {
		t.Errorf("of nothing: %q, %v", kept, err)
	}
	wantNames(t, dir, "folder")
}

func TestWhatIsNoFileIsNeitherLinkedNorCopied(t *testing.T) {
	dir := t.TempDir()
	path, kept := filepath.Join(dir, "f"), filepath.Join(dir, "kept")
	if err := atomicfile.Link(path, kept); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("nothing to link: error is %v", err)
	}
	if err := os.Mkdir(path, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Link(path, kept); err == nil {
		t.Error("a folder: no error")
	}
	wantNames(t, dir, "f")
	circle := filepath.Join(dir, "circle")
	testfile.Symlink(t, "circle", circle)
	if err := atomicfile.Link(circle, kept); err == nil || !strings.Contains(err.Error(), "circle") {
		t.Errorf("a circle: error is %v", err)
	}
	wantNames(t, dir, "circle", "f")
}

func TestRenamingMakesOnlyAFileThatIsNew(t *testing.T) {
	for name, test := range map[string]struct {
		there string // what is in the place of the new file
		to    string
		want  error
		names []string
	}{
		"free":      {"other", "f", nil, []string{"f", "other"}},
		"taken":     {"f", "f", fs.ErrExist, []string{"f"}},
		"no folder": {"other", "nowhere/f", fs.ErrNotExist, []string{"other"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := testfile.NewFolder(t)
			f.Write("tmp", "new")
			f.Write(test.there, "old")
			if err := atomicfile.RenameNew(f.Path("tmp"), f.Path(test.to)); !errors.Is(err, test.want) {
				t.Errorf("error is %v, want %v", err, test.want)
			}
			wantFile(t, f.Path(test.there), "old", 0o600)
			wantNames(t, f.Dir, test.names...)
			if test.want == nil {
				wantFile(t, f.Path(test.to), "new", 0o600)
			}
		})
	}
}
