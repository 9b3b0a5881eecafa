package release

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cozejwt/internal/testfile"
)

// linkedIn is a package of the module example.com/m@v1.0.0 that lies in a folder.
func linkedIn(module testfile.Folder, folder string) linked {
	l := linked{Dir: module.Path(folder)}
	l.Module = &struct {
		Path, Version, Dir string
		Main               bool
	}{Path: "example.com/m", Version: "v1.0.0", Dir: module.Dir}
	return l
}

func TestTheLicencesOfAPackageAreThoseBesideAndAboveIt(t *testing.T) {
	module := testfile.NewFolder(t)
	module.Write("LICENSE", "\nof all\n")
	module.Write("sub/none.txt", "no licence")
	module.Write("sub/deep/COPYING", "of deep")
	module.Write("sub/deep/NOTICE.txt", "more of deep\n")
	module.Write("other/LICENSE", "of another package")
	for _, test := range []struct {
		folder string
		want   notices
	}{
		{".", notices{"example.com/m@v1.0.0": "of all"}},
		{"sub", notices{"example.com/m@v1.0.0": "of all"}},
		{"sub/deep", notices{"example.com/m@v1.0.0": "of all", "example.com/m@v1.0.0/sub/deep": "of deep\n\nmore of deep"}},
	} {
		found := notices{}
		if err := found.add(linkedIn(module, test.folder)); err != nil || !maps.Equal(found, test.want) {
			t.Errorf("%s: found %q, %v; want %q", test.folder, found, err, test.want)
		}
	}
}

func TestAModuleWithoutALicenceFileIsQuotedFromItsReadme(t *testing.T) {
	module := testfile.NewFolder(t)
	module.Write("sub/LICENSE", "of sub")
	module.Write("README.md", "# m\n\nLicense: see below\n\n## Licence\n\nDo what you like.\n")
	found := notices{}
	want := notices{
		"example.com/m@v1.0.0":     "No licence file. README.md says:\n\n## Licence\n\nDo what you like.",
		"example.com/m@v1.0.0/sub": "of sub",
	}
	if err := found.add(linkedIn(module, "sub")); err != nil || !maps.Equal(found, want) {
		t.Errorf("found %q, %v; want %q", found, err, want)
	}
}

func TestAPackageWhoseLicenceCannotBeFoundIsAnError(t *testing.T) {
	for _, test := range []struct {
		name  string
		build func(testfile.Folder) linked
		want  string
	}{
		{"no README either", func(f testfile.Folder) linked {
			f.Write("m.go", "package m")
			return linkedIn(f, ".")
		}, "no licence: "},
		{"a README without the heading", func(f testfile.Folder) linked {
			f.Write("README.md", "# License of another kind\n")
			return linkedIn(f, ".")
		}, "neither a licence file nor a heading License"},
		{"a folder that is gone", func(f testfile.Folder) linked {
			f.Write("LICENSE", "of all")
			return linkedIn(f, "gone")
		}, "gone"},
		{"folders that have nothing to do with each other", func(f testfile.Folder) linked {
			l := linkedIn(f, ".")
			l.Module.Dir = "relative"
			return l
		}, "relative"},
		{"a licence that cannot be read", func(f testfile.Folder) linked {
			// It is the last, because the test ends here where there are no links.
			testfile.Symlink(t, "LICENSE", f.Path("LICENSE"))
			return linkedIn(f, ".")
		}, "LICENSE"},
	} {
		found := notices{}
		err := found.add(test.build(testfile.NewFolder(t)))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: the error is %v, want one with %q", test.name, err, test.want)
		}
	}
}

func TestLicenceFilesAreToldByTheirNames(t *testing.T) {
	folder := testfile.NewFolder(t)
	licences := []string{"AUTHORS", "COPYING.LESSER", "LICENCE", "LICENSE-MIT", "License.md", "NOTICE", "PATENTS"}
	for _, name := range licences {
		folder.Write(name, "text of "+name)
	}
	for _, name := range []string{"LICENSES", "README.md", "license.go", "unlicense", "copying/text"} {
		folder.Write(name, "not this")
	}
	text, err := licenceText(folder.Dir)
	if want := "text of " + strings.Join(licences, "\n\ntext of "); err != nil || text != want {
		t.Errorf("got %q, %v; want %q", text, err, want)
	}
	if text, err := licenceText(filepath.Join(folder.Dir, "copying")); err != nil || text != "" {
		t.Errorf("a folder without a licence has %q, %v", text, err)
	}
}

func TestANoticeIsMissedUnlessItHasTheWholeNameOfItsModule(t *testing.T) {
	text := []byte("head\n\na.example/m@v1.2.3\n====\n\nterms\n\nb.example/m@v1.0.0/sub\n====\n\nterms of a.example/m@v1.2\n")
	modules := []string{"a.example/m@v1.2.3", "a.example/m@v1.2", "b.example/m@v1.0.0", "c.example/m@v1.0.0"}
	if got := MissingNotices(text, modules); !slices.Equal(got, modules[1:]) {
		t.Errorf("missing are %q, want %q", got, modules[1:])
	}
	if got := MissingNotices(text, modules[:1]); got != nil {
		t.Errorf("missing are %q", got)
	}
}

func TestAGoCommandThatFailsSaysWhy(t *testing.T) {
	_, err := goTool(t.Context(), filepath.Join(t.TempDir(), "gone"), nil, "list")
	if err == nil || !strings.HasPrefix(err.Error(), "go list: ") {
		t.Errorf("the error is %v", err)
	}
	if _, err := Notices(t.Context(), filepath.Join(t.TempDir(), "gone")); err == nil {
		t.Error("notices of a folder that is gone")
	}
}
