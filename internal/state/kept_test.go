package state_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"cozejwt/internal/state"
	"cozejwt/internal/testfile"
)

func TestTheFilesOfAFolderAreListed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "kept")
	if got := state.Files(dir, "draft", nil); got != nil {
		t.Errorf("of no folder: %v", got)
	}
	for _, name := range []string{"b.json", "a.json"} {
		if err := (state.File[int]{Path: filepath.Join(dir, name)}).Write(1); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	got := state.Files(dir, "draft", filepath.Base)
	if len(got) != 2 || got[0].About != "a.json" || got[1].Path != filepath.Join(dir, "b.json") || got[0].Kind != "draft" || time.Since(got[0].Saved) > time.Hour {
		t.Errorf("listed are %v", got)
	}
	if got := state.Files(dir, "draft", nil); got[0].About != "" {
		t.Errorf("it is about %s", got[0].About)
	}
	if _, ok := state.FileOf(filepath.Join(dir, "folder"), "x"); ok {
		t.Error("a folder is a file")
	}
	if _, ok := state.FileOf(filepath.Join(dir, "none"), "x"); ok {
		t.Error("nothing is a file")
	}
}

func TestWhatIsDeletedLeavesNoFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "kept")
	for _, name := range []string{"a.json", "b.json"} {
		if err := (state.File[int]{Path: filepath.Join(dir, name)}).Write(1); err != nil {
			t.Fatal(err)
		}
	}
	all := state.Files(dir, "draft", nil)
	for i, k := range append(all, all[1]) { // the last is gone already
		if err := k.Delete(); err != nil {
			t.Fatal(err)
		}
		_, err := os.Stat(dir)
		if left := err == nil; left != (i == 0) {
			t.Errorf("after %d the folder is there: %v", i+1, left)
		}
	}
	testfile.Write(t, filepath.Join(dir, "in", "the way"), "")
	if err := (state.Kept{Path: filepath.Join(dir, "in")}).Delete(); err == nil {
		t.Error("a folder with a file in it is deleted")
	}
}
