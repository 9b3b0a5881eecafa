package state_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"cozejwt/internal/fault"
	"cozejwt/internal/state"
	"cozejwt/internal/testfile"
)

type note struct {
	Text string `json:"text"`
}

func TestWhatIsWrittenIsReadByItsOwnerAlone(t *testing.T) {
	f := state.File[note]{Path: filepath.Join(t.TempDir(), "folder", "a.json")}
	if _, ok := f.Read(); ok {
		t.Error("read one that is not there")
	}
	if err := f.Write(note{"x"}); err != nil {
		t.Fatal(err)
	}
	if got, ok := f.Read(); !ok || got.Text != "x" {
		t.Errorf("read %v, %v", got, ok)
	}
	for path, want := range map[string]os.FileMode{f.Path: 0o600, filepath.Dir(f.Path): 0o700} {
		testfile.WantMode(t, path, want)
	}
	f.Remove()
	f.Remove()
	if _, ok := f.Read(); ok {
		t.Error("read one that was removed")
	}
}

func TestADamagedFileIsNone(t *testing.T) {
	f := state.File[note]{Path: filepath.Join(t.TempDir(), "a.json")}
	for _, text := range []string{"", "{", `{"text":1}`, "\x00"} {
		if err := os.WriteFile(f.Path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, ok := f.Read(); ok || got != (note{}) {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}

func TestNowhereNothingIsKept(t *testing.T) {
	f := state.File[note]{}
	f.Remove()
	if err := f.Write(note{"x"}); err != nil {
		t.Error(err)
	}
	if _, ok := f.Read(); ok {
		t.Error("something was kept")
	}
}

func TestAFolderThatCannotBeMadeIsAFault(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	write := func() error { return state.File[note]{Path: filepath.Join(file, "a.json")}.Write(note{}) }
	for name, err := range map[string]error{"write": write()} {
		if fault.ID(err) != "file.write" {
			t.Errorf("%s: error is %v", name, err)
		}
		if cause, ok := errors.AsType[*fs.PathError](err); !ok || cause.Path != file {
			t.Errorf("%s: the cause is %v, want one about the folder", name, cause)
		}
	}
}

func TestAFolderThatIsNotThereCannotBeLocked(t *testing.T) {
	release, other, err := state.LockFolder(filepath.Join(t.TempDir(), "gone"), t.TempDir(), time.Now())
	if fault.ID(err) != "folder.lock" || errors.Is(err, state.ErrLocked) || release != nil || other != (state.Holder{}) {
		t.Errorf("%+v, %v", other, err)
	}
}

func TestWhatIsNoJSONLeavesWhatWasKept(t *testing.T) {
	f := state.File[any]{Path: filepath.Join(t.TempDir(), "a.json")}
	if err := f.Write("kept"); err != nil {
		t.Fatal(err)
	}
	if err := f.Write(func() {}); fault.ID(err) != "file.write" {
		t.Errorf("error is %v", err)
	}
	if got, ok := f.Read(); !ok || got != "kept" {
		t.Errorf("the file holds %v, %v", got, ok)
	}
}

func TestTheSecondIsToldWhoHasTheLock(t *testing.T) {
	folder, notes, now := t.TempDir(), filepath.Join(t.TempDir(), "locks"), time.Now().Truncate(time.Second)
	release, _, err := state.LockFolder(folder, notes, now)
	if err != nil {
		t.Fatal(err)
	}
	_, other, err := state.LockFolder(folder, notes, now)
	if !errors.Is(err, state.ErrLocked) || other.PID != os.Getpid() || !other.Since.Equal(now) {
		t.Errorf("%v, %v", other, err)
	}
	release()
	release()
	again, _, err := state.LockFolder(folder, notes, now)
	if err != nil {
		t.Fatal(err)
	}
	again()
}

func TestNamesTellTheirPartsApart(t *testing.T) {
	if state.Name("a", "b") == state.Name("ab") || len(state.Name("a")) != 16 {
		t.Error(state.Name("a", "b"), state.Name("ab"))
	}
}
