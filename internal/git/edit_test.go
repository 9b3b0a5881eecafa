package git_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"cozejwt/internal/fault"
	"cozejwt/internal/git"
)

// plan is the edit for some files of a folder, which has to be one.
func plan(t *testing.T, dir string, names ...string) *git.Edit {
	t.Helper()
	var files []string
	for _, name := range names {
		files = append(files, filepath.Join(dir, filepath.FromSlash(name)))
	}
	edit, err := git.Ignore(dir, files...)
	if err != nil {
		t.Fatal(err)
	}
	if edit == nil {
		t.Fatal("nothing is planned")
	}
	return edit
}

func wantText(t *testing.T, path, want string) {
	t.Helper()
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("%s holds %q, %v; want %q", filepath.Base(path), got, err, want)
	}
}

// worktree is a folder that a repository was begun in, to which git itself need
// not say anything.
func worktree(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestAKeyIsIgnoredWithItsCopies(t *testing.T) {
	root := repository(t)
	for name, test := range map[string]struct{ before, file, added string }{
		"key of a rotation":       {"", "private_key_2.pem", "/private_key*.pem*\n"},
		"name of one's own":       {"", "my.pem", "/my.pem*\n"},
		"other ending":            {"", "private_key.txt", "/private_key.txt*\n"},
		"itself alone":            {"my.pem\n", "my.pem", "/my.pem*\n"},
		"not itself":              {"*.bak-*\n*.tmp-*\n", "my.pem", "/my.pem*\n"},
		"not its backups":         {"my.pem\n*.tmp-*\n", "my.pem", "/my.pem*\n"},
		"not what a crash leaves": {"my.pem\n*.bak-*\n", "my.pem", "/my.pem*\n"},
		"crash of a .env":         {".env\n", ".env", "/.env.tmp-*\n"},
		"only crash of a .env":    {".env.tmp-*\n", ".env", "/.env\n"},
		".env of a subfolder":     {"", "a/.env", "/a/.env\n/a/.env.tmp-*\n"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(root, name)
			write(t, filepath.Join(dir, ".gitignore"), test.before)
			edit := plan(t, dir, test.file)
			if want := test.before + test.added; string(edit.After) != want {
				t.Errorf("after is %q, want %q", edit.After, want)
			}
		})
	}
}

func TestFilesOutsideAreLeftToTheirOwner(t *testing.T) {
	dir := worktree(t)
	for _, outside := range []string{filepath.Join(dir, "..", "my.pem"), filepath.FromSlash("relative/my.pem")} {
		if edit, err := git.Ignore(dir, outside); edit != nil || err != nil {
			t.Errorf("%s: %v, %v", outside, edit, err)
		}
		edit, err := git.Ignore(dir, outside, filepath.Join(dir, "in.pem"))
		if err != nil || edit == nil || string(edit.After) != "/in.pem*\n" {
			t.Errorf("%s and one inside: %+v, %v", outside, edit, err)
		}
	}
}

func TestKeysOfOneFolderAreOneLine(t *testing.T) {
	edit := plan(t, worktree(t), "private_key.pem", "private_key_2.pem", ".env")
	if want := "/private_key*.pem*\n/.env\n/.env.tmp-*\n"; string(edit.After) != want {
		t.Errorf("after is %q, want %q", edit.After, want)
	}
}

func TestWithoutGitNothingIsPlannedTwice(t *testing.T) {
	t.Setenv("PATH", "")
	if git.Installed() {
		t.Skip("there is a git to ask even so")
	}
	dir := worktree(t)
	write(t, filepath.Join(dir, ".gitignore"), "  /my.pem*  \n")
	if edit, err := git.Ignore(dir, filepath.Join(dir, "my.pem")); edit != nil || err != nil {
		t.Errorf("planned again: %+v, %v", edit, err)
	}
}

func TestGitIsInstalledWhereItRuns(t *testing.T) {
	repository(t)
	if !git.Installed() {
		t.Error("it is not")
	}
}

func TestAnEditIsWrittenOnce(t *testing.T) {
	for name, before := range map[string]string{"no file": "", "empty": "", "other lines": "a\n"} {
		t.Run(name, func(t *testing.T) {
			dir := worktree(t)
			path := filepath.Join(dir, ".gitignore")
			if name != "no file" {
				write(t, path, before)
			}
			edit := plan(t, dir, "my.pem")
			if edit.Path != path || (edit.Before == nil) != (name == "no file") {
				t.Errorf("planned is %s with %#v before", edit.Path, edit.Before)
			}
			for range 2 { // it may have been written already
				if err := edit.Write(); err != nil {
					t.Error(err)
				}
				wantText(t, path, before+"/my.pem*\n")
			}
		})
	}
}

func TestAnEditLeavesWhatChangedSince(t *testing.T) {
	dir := worktree(t)
	edit := plan(t, dir, "my.pem")
	write(t, edit.Path, "another's\n")
	if err := edit.Write(); fault.ID(err) != "env.changed" {
		t.Errorf("error is %v", err)
	}
	wantText(t, edit.Path, "another's\n")
}

func TestAFileIsAddedOnce(t *testing.T) {
	dir := worktree(t)
	for range 2 {
		if err := git.Add(dir, filepath.Join(dir, "my.pem")); err != nil {
			t.Error(err)
		}
		wantText(t, filepath.Join(dir, ".gitignore"), "/my.pem*\n")
	}
}

// Ten at once add a line each to a file that none of them has found: who comes second plans again.
func TestAFileThatChangesWhileALineIsAddedIsNoError(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a file that another has open is not to be had there: the lock of the project keeps runs apart")
	}
	dir := worktree(t)
	errs := make(chan error)
	const all = 10
	for n := range all {
		go func() { errs <- git.Add(dir, filepath.Join(dir, fmt.Sprintf("key%d.pem", n))) }()
	}
	for range all {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if err := git.Add(dir, filepath.Join(dir, "a\nb")); fault.ID(err) != "path.control" {
		t.Errorf("a line break in a name: error is %v", err)
	}
}

func TestAnEditThatCannotBeReadOrWrittenIsAFault(t *testing.T) {
	dir := worktree(t)
	edit := plan(t, dir, "my.pem")
	nowhere := git.Edit{Path: filepath.Join(dir, "nowhere", ".gitignore"), After: edit.After}
	if err := nowhere.Write(); fault.ID(err) != "file.write" {
		t.Errorf("in no folder: error is %v", err)
	}
	if err := os.Mkdir(edit.Path, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := edit.Write(); fault.ID(err) != "file.irregular" {
		t.Errorf("a folder in its place: error is %v", err)
	}
	if planned, err := git.Ignore(dir, filepath.Join(dir, "my.pem")); fault.ID(err) != "file.irregular" || planned != nil {
		t.Errorf("planned with a folder in its place: %v, %v", planned, err)
	}
}
