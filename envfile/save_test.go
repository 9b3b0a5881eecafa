package envfile_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"cozejwt/envfile"
	"cozejwt/internal/fault"
	"cozejwt/internal/testfile"
)

func TestSaveKeepsModeAndLink(t *testing.T) {
	dir := t.TempDir()
	real := filepath.Join(dir, "real.env")
	link := filepath.Join(dir, ".env")
	if err := os.WriteFile(real, []byte("A=1\n"), 0o640); err != nil {
		t.Fatal(err)
	}
	testfile.Symlink(t, "real.env", link)
	f, err := envfile.Load(link)
	if err != nil {
		t.Fatal(err)
	}
	before := f.Bytes()
	if err := f.Set("KEY", "x"); err != nil {
		t.Fatal(err)
	}
	if err := f.Save(link, before); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(link)
	if err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v, %v", info.Mode(), err)
	}
	testfile.WantMode(t, real, 0o640)
	if got, _ := os.ReadFile(real); string(got) != "A=1\nKEY=x\n" {
		t.Errorf("file holds %q", got)
	}
}

func TestSaveOfANewFileIsPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), ".env")
	f := parse(t, "KEY=x\n")
	if err := f.Save(path, nil); err != nil {
		t.Fatal(err)
	}
	testfile.WantMode(t, path, 0o600)
}

func TestSaveRefusesAFileThatChangedMeanwhile(t *testing.T) {
	path := filepath.Join(t.TempDir(), ".env")
	if err := os.WriteFile(path, []byte("A=2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	f := parse(t, "A=1\nKEY=x\n")
	if err := f.Save(path, []byte("A=1\n")); !errors.Is(err, envfile.ErrChanged) {
		t.Errorf("error is %v, want ErrChanged", err)
	}
	if got, _ := os.ReadFile(path); string(got) != "A=2\n" {
		t.Errorf("file holds %q", got)
	}
}

func TestSaveOfTheSameContentTouchesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), ".env")
	if err := os.WriteFile(path, []byte("A=1\n"), 0o400); err != nil {
		t.Fatal(err)
	}
	before, _ := os.Stat(path)
	f, err := envfile.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Save(path, f.Bytes()); err != nil {
		t.Fatal(err)
	}
	if after, _ := os.Stat(path); !os.SameFile(before, after) {
		t.Error("the file was replaced")
	}
}

func TestSaveRefusesAFileThatIsGone(t *testing.T) {
	path := filepath.Join(t.TempDir(), ".env")
	if err := parse(t, "A=1\nKEY=x\n").Save(path, []byte("A=1\n")); fault.ID(err) != "file.absent" {
		t.Errorf("error is %v", err)
	}
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file is there again: %v", err)
	}
}

func TestSaveRefusesAFileThatCameInBetween(t *testing.T) {
	dir := testfile.NewFolder(t)
	dir.Write(".env", "A=2\n")
	err := parse(t, "KEY=x\n").Save(dir.Path(".env"), nil)
	if f, ok := errors.AsType[*fault.Fault](err); !ok || !errors.Is(err, envfile.ErrChanged) || f.Value("path") != dir.Path(".env") {
		t.Errorf("error is %v, want ErrChanged", err)
	}
	if got := dir.Read(".env"); got != "A=2\n" {
		t.Errorf("file holds %q", got)
	}
}

// The link leads nowhere for a reader, because a folder on its way is missing. What lies at its end
// is a file that nobody has read.
func TestSaveOverwritesNothingThatWasNotRead(t *testing.T) {
	dir := testfile.NewFolder(t)
	dir.Write("real.env", "A=2\n")
	testfile.Symlink(t, filepath.FromSlash("absent/../real.env"), dir.Path(".env"))
	err := parse(t, "KEY=x\n").Save(dir.Path(".env"), nil)
	if f, ok := errors.AsType[*fault.Fault](err); !ok || !errors.Is(err, envfile.ErrChanged) || f.Value("path") != dir.Path(".env") {
		t.Errorf("error is %v, want ErrChanged", err)
	}
	if got := dir.Read("real.env"); got != "A=2\n" {
		t.Errorf("file holds %q", got)
	}
}

func TestSaveTakesAnEmptyFileForNothing(t *testing.T) {
	dir := testfile.NewFolder(t)
	dir.Write("empty.env", "")
	for file, before := range map[string][]byte{"empty.env": nil, "new.env": {}} {
		if err := parse(t, "KEY=x\n").Save(dir.Path(file), before); err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if got := dir.Read(file); got != "KEY=x\n" {
			t.Errorf("%s holds %q", file, got)
		}
	}
}

func TestSaveSaysWhatKeepsItFromWriting(t *testing.T) {
	dir := testfile.NewFolder(t)
	dir.Write("folder/file", "")
	for file, want := range map[string]string{"folder": "file.irregular", "absent/.env": "file.write"} {
		err := parse(t, "KEY=x\n").Save(dir.Path(file), nil)
		if f, ok := errors.AsType[*fault.Fault](err); !ok || f.ID != want || f.Value("path") != dir.Path(file) {
			t.Errorf("%s: error is %v, want %s", file, err, want)
		}
	}
}

func TestLoadOfNoFileIsEmpty(t *testing.T) {
	f, err := envfile.Load(filepath.Join(t.TempDir(), ".env"))
	if err != nil || len(f.Bytes()) != 0 || len(f.Names()) != 0 {
		t.Errorf("loaded %v, %v", f, err)
	}
}

func TestLoadNamesTheFileThatItCannotRead(t *testing.T) {
	dir := testfile.NewFolder(t)
	dir.Write("folder/file", "")
	dir.Write("broken.env", "stray\n")
	for file, want := range map[string]string{"folder": "file.irregular", "broken.env": "env.unreadable"} {
		got, err := envfile.Load(dir.Path(file))
		if f, ok := errors.AsType[*fault.Fault](err); got != nil || !ok || f.ID != want || f.Value("path") != dir.Path(file) {
			t.Errorf("%s: loaded %v, %v; want %s", file, got, err, want)
		}
	}
}
