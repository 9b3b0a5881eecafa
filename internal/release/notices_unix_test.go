//go:build unix

package release

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cozejwt/internal/testfile"
)

// fakeGo stands in for the go command. It runs in the folder of the caller, writes down how it
// was called, and answers from files there: list-GOOS-GOARCH or list, and env.
const fakeGo = `#!/bin/sh
case "$1" in
list)
	echo "$GOOS/$GOARCH cgo=$CGO_ENABLED flags=$GOFLAGS" >>asked
	cat "list-$GOOS-$GOARCH" 2>/dev/null || cat list
	;;
env) cat env ;;
esac
`

// goAnswers returns a folder in which go lists the modules a.example/m on each system and
// b.example/m on Windows, and other packages that need no notice.
func goAnswers(t *testing.T) testfile.Folder {
	t.Helper()
	bin := testfile.NewFolder(t)
	bin.Write("go", fakeGo)
	if err := os.Chmod(bin.Path("go"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin.Dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
	f := testfile.NewFolder(t)
	f.Write("goroot/LICENSE", "terms of Go\n")
	f.Write("env", f.Path("goroot")+"\ngo1.2.3\n")
	listed := `{"ImportPath": "fmt", "Standard": true, "Dir": "gone", "Module": {"Path": "std", "Dir": "gone"}}
{"ImportPath": "odd", "Dir": "gone"}
{"ImportPath": "cozejwt", "Dir": "gone", "Module": {"Path": "cozejwt", "Dir": "gone", "Main": true}}
`
	for _, name := range []string{"a", "b"} {
		f.Write(name+"/LICENSE", "terms of "+name+"\n")
		listed += fmt.Sprintf("{\"Dir\": %q, \"Module\": {\"Path\": \"%s.example/m\", \"Version\": \"v1.0.0\", \"Dir\": %q}}\n", f.Path(name), name, f.Path(name))
		f.Write(map[string]string{"a": "list", "b": "list-windows-arm64"}[name], listed)
	}
	return f
}

func TestNoticesAreThoseOfAllSystemsTogether(t *testing.T) {
	f := goAnswers(t)
	t.Setenv("GOFLAGS", "-mod=vendor")
	t.Setenv("CGO_ENABLED", "1")
	got, err := Notices(t.Context(), f.Dir)
	if err != nil {
		t.Fatal(err)
	}
	want := `cozejwt contains the following software.

Go, go1.2.3
===========

terms of Go

a.example/m@v1.0.0
==================

terms of a

b.example/m@v1.0.0
==================

terms of b
`
	if string(got) != want {
		t.Errorf("the notices are\n%s\nwant\n%s", got, want)
	}
	asked := ""
	for _, p := range platforms {
		asked += p.os + "/" + p.arch + " cgo=0 flags=\n" // as a release is built
	}
	if got := f.Read("asked"); got != asked {
		t.Errorf("go was asked for\n%s\nwant\n%s", got, asked)
	}
}

func TestNoticesAreNotMadeWithoutAllTheirParts(t *testing.T) {
	for _, test := range []struct {
		name  string
		spoil func(testfile.Folder)
		want  string
	}{
		{"go list fails", func(f testfile.Folder) { remove(t, f.Path("list")) }, "go list: exit status 1: cat: "},
		{"go list says what is no JSON", func(f testfile.Folder) { f.Write("list", "{]") }, "invalid character"},
		{"a module has no licence", func(f testfile.Folder) { remove(t, f.Path("a/LICENSE")) }, "no licence: "},
		{"go env fails", func(f testfile.Folder) { remove(t, f.Path("env")) }, "go env: exit status 1: cat: "},
		{"Go has no licence", func(f testfile.Folder) { remove(t, f.Path("goroot/LICENSE")) }, "goroot/LICENSE"},
	} {
		f := goAnswers(t)
		test.spoil(f)
		got, err := Notices(t.Context(), f.Dir)
		if err == nil || !strings.Contains(err.Error(), test.want) || got != nil {
			t.Errorf("%s: the error is %v, want one with %q, and the notices %q", test.name, err, test.want, got)
		}
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}
