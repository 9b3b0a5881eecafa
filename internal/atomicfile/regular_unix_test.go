//go:build unix

package atomicfile_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"cozejwt/internal/atomicfile"
	"cozejwt/internal/testfile"
)

func isNotRegular(err error) bool {
	_, ok := errors.AsType[atomicfile.NotRegular](err)
	return ok
}

// As root, a rename would put a file in the place of a device. A pipe stands for one here.
func TestOnlyARegularFileIsReplaced(t *testing.T) {
	for name, there := range map[string]func(path string){
		"a pipe": func(path string) {
			if err := syscall.Mkfifo(path, 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"a link to a pipe": func(path string) {
			if err := syscall.Mkfifo(path+".pipe", 0o600); err != nil {
				t.Fatal(err)
			}
			testfile.Symlink(t, filepath.Base(path)+".pipe", path)
		},
		"a folder": func(path string) {
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "f")
			there(path)
			before, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := atomicfile.WriteFile(path, []byte("new"), 0o600); !isNotRegular(err) {
				t.Errorf("written: %v", err)
			}
			if err := atomicfile.CompareAndSwap(path, []byte{}, []byte("new"), 0o600); !isNotRegular(err) {
				t.Errorf("swapped: %v", err)
			}
			if after, err := os.Stat(path); err != nil || !os.SameFile(before, after) {
				t.Errorf("something else is there now: %v", err)
			}
			if left, _ := filepath.Glob(filepath.Join(dir, "*.tmp-*")); len(left) > 0 {
				t.Errorf("%q is left", left)
			}
		})
	}
}

func TestWhatIsNotRegularIsTold(t *testing.T) {
	n := atomicfile.NotRegular(fs.ModeNamedPipe | 0o600)
	if n.Irregular() != fs.ModeNamedPipe|0o600 || n.Error() != "not a regular file: prw-------" {
		t.Errorf("it says %q of %s", n.Error(), n.Irregular())
	}
}

func TestALinkLeadsOutsideOrNot(t *testing.T) {
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	in := func(parts ...string) string { return filepath.Join(append([]string{root}, parts...)...) }
	for _, dir := range []string{in("project", "keys"), in("elsewhere")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	testfile.Symlink(t, in("elsewhere"), in("project", "out"))
	testfile.Symlink(t, "keys", in("project", "within"))
	testfile.Symlink(t, in("elsewhere", "file"), in("project", "file-out"))
	testfile.Symlink(t, in("elsewhere", "none", "file"), in("project", "dangling"))
	testfile.Symlink(t, in("project"), in("alias"))
	for name, test := range map[string]struct {
		folder, path, real string
		outside            bool
	}{
		"a file":                    {in("project"), in("project", "f"), in("project", "f"), false},
		"a file in a folder to be":  {in("project"), in("project", "a", "b", "f"), in("project", "a", "b", "f"), false},
		"a link out":                {in("project"), in("project", "out", "f"), in("elsewhere", "f"), true},
		"below a link out":          {in("project"), in("project", "out", "a", "b"), in("elsewhere", "a", "b"), true},
		"a link within":             {in("project"), in("project", "within", "f"), in("project", "keys", "f"), false},
		"the file is a link out":    {in("project"), in("project", "file-out"), in("elsewhere", "file"), true},
		"to what is not there":      {in("project"), in("project", "dangling"), in("elsewhere", "none", "file"), true},
		"another name of it":        {in("alias"), in("alias", "f"), in("project", "f"), false},
		"another name of the place": {in("project"), in("alias", "f"), in("project", "f"), false},
		"a neighbour":               {in("project"), in("project2", "f"), in("project2", "f"), true},
		"above":                     {in("project"), in("f"), in("f"), true},
	} {
		if real, outside := atomicfile.Outside(test.folder, test.path); real != test.real || outside != test.outside {
			t.Errorf("%s: %s, outside %v; want %s, %v", name, real, outside, test.real, test.outside)
		}
	}
}
