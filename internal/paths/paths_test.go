package paths_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"cozejwt/internal/paths"
	"cozejwt/internal/testfile"
)

func TestWithinIsRelativeInsideTheFolderAlone(t *testing.T) {
	for _, test := range []struct{ dir, path, want string }{
		{"/work", "/work/config/k.pem", "config/k.pem"},
		{"/work", "/work", "."},
		{"/work", "/etc/k.pem", "/etc/k.pem"},
		{"/work", "/work-two/k.pem", "/work-two/k.pem"},
		{"/work", "config/k.pem", "config/k.pem"},
		{".", "./config/k.pem", "config/k.pem"},
		{".", "", ""},
	} {
		dir, path, want := filepath.FromSlash(test.dir), filepath.FromSlash(test.path), test.want
		if want == test.path {
			want = path
		}
		if got := paths.Within(dir, path); got != want {
			t.Errorf("Within(%q, %q) = %q, want %q", dir, path, got, want)
		}
	}
}

func TestSameFileIsAboutTheFileNotItsName(t *testing.T) {
	dir := testfile.NewFolder(t)
	dir.Write("a", "same text")
	dir.Write("b", "same text")
	if err := os.Link(dir.Path("a"), dir.Path("other-name")); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		a, b string
		same bool
	}{
		{"a", "a", true},
		{"a", "other-name", true},
		{"a", "b", false},
		{"absent", "absent", true},
		{"absent", "a", false},
		{"a", "absent", false},
		{"absent", "absent-too", false},
	} {
		if got := paths.Same(dir.Path(row.a), dir.Path(row.b)); got != row.same {
			t.Errorf("Same(%s, %s) = %v", row.a, row.b, got)
		}
	}
}

func TestDroppedPathsAreUnderstood(t *testing.T) {
	dir := testfile.NewFolder(t)
	dir.Write("my keys/private_key (1).pem", "x")
	path := dir.Path("my keys/private_key (1).pem")
	home, err := os.UserHomeDir()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{path: path, "  " + path + " ": path, "'" + path + "'": path, `"` + path + `"`: path, "~": home, "~/k.pem": filepath.Join(home, "k.pem")}
	url := "file://" + strings.ReplaceAll(path, " ", "%20")
	if runtime.GOOS == "windows" {
		url = "file:///" + strings.ReplaceAll(filepath.ToSlash(path), " ", "%20")
	} else {
		want[strings.NewReplacer(" ", `\ `, "(", `\(`, ")", `\)`).Replace(path)] = path
	}
	want[url] = path
	for raw, want := range want {
		if got, err := paths.Parse(raw); err != nil || got != want {
			t.Errorf("%q is understood as %q, %v", raw, got, err)
		}
	}
	if _, err := paths.Parse(" "); !errors.Is(err, paths.ErrEmpty) {
		t.Errorf("nothing: error is %v", err)
	}
}

func TestABackslashThatIsOfTheNameStays(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("it separates folders there")
	}
	dir := testfile.NewFolder(t)
	dir.Write(`a\ b.pem`, "x")
	if got, err := paths.Parse(dir.Path(`a\ b.pem`)); err != nil || got != dir.Path(`a\ b.pem`) {
		t.Errorf("it is understood as %q, %v", got, err)
	}
}

func TestAPathStartsInTheProject(t *testing.T) {
	dir := t.TempDir()
	for path, want := range map[string]string{"a/../k.pem": filepath.Join(dir, "k.pem"), dir + "/x/./k": filepath.Join(dir, "x", "k"), ".": dir} {
		if got := paths.In(dir, path); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
}

func TestAPathIsShownAsPeopleNameIt(t *testing.T) {
	home, err := os.UserHomeDir()
	if err != nil {
		t.Fatal(err)
	}
	project := filepath.Join(home, "project")
	for path, want := range map[string]string{
		filepath.Join(project, "config", "k.pem"): "config/k.pem",
		filepath.Join(home, "Downloads", "k.pem"): "~/Downloads/k.pem",
	} {
		if got := paths.Display(project, path); got != want {
			t.Errorf("%s is shown as %s, want %s", path, got, want)
		}
	}
	if elsewhere := filepath.Join(t.TempDir(), "k.pem"); !strings.HasPrefix(elsewhere, home) && paths.Display(project, elsewhere) != elsewhere {
		t.Errorf("%s is shown as %s", elsewhere, paths.Display(project, elsewhere))
	}
}

func TestAFileHasOneNameHoweverItsFolderIsNamed(t *testing.T) {
	dir, links := testfile.NewFolder(t), testfile.NewFolder(t)
	testfile.Symlink(t, dir.Dir, links.Path("link"))
	if a, b := paths.Canonical(dir.Path(".env")), paths.Canonical(filepath.Join(links.Path("link"), ".env")); a != b {
		t.Errorf("it is %s and %s", a, b)
	}
	if gone := links.Path("gone/.env"); paths.Canonical(gone) != gone {
		t.Errorf("a folder that is gone: %s", paths.Canonical(gone))
	}
}

func TestAPathIsShownAsItIsTypedWhereThePersonStands(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	project, elsewhere := filepath.Join(here, "practice"), t.TempDir()
	for _, test := range []struct{ project, path, want string }{
		{project, filepath.Join(project, ".env"), "practice/.env"},
		{here, filepath.Join(here, ".env"), ".env"},
		{elsewhere, filepath.Join(elsewhere, "config", "k.pem"), "config/k.pem"},
	} {
		if got := paths.FromHere(test.project, test.path); got != test.want {
			t.Errorf("%s of %s is shown as %s, want %s", test.path, test.project, got, test.want)
		}
	}
}
