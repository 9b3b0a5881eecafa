package programs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cozejwt/internal/programs"
	"cozejwt/internal/testfile"
)

func TestThePathLeadsOutOfTheProject(t *testing.T) {
	root := t.TempDir()
	project, tools := filepath.Join(root, "project"), filepath.Join(root, "tools")
	for _, dir := range []string{filepath.Join(project, "node_modules", ".bin"), tools} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	link := filepath.Join(root, "link")
	testfile.Symlink(t, filepath.Join(project, "node_modules"), link)
	linked := filepath.Join(root, "linked project")
	testfile.Symlink(t, project, linked)
	separator := string(os.PathListSeparator)
	kept := []string{tools, filepath.Join(root, "project2"), root, filepath.Join(root, "not there")}
	for name, entry := range map[string]string{
		"the project":             project,
		"a folder of it":          filepath.Join(project, "node_modules", ".bin"),
		"one by way of another":   filepath.Join(tools, "..", "project", "node_modules"),
		"a link into it":          filepath.Join(link, ".bin"),
		"one that comes later":    filepath.Join(project, "bin", "later"),
		"one later behind a link": filepath.Join(link, "later"),
		"a relative one":          "node_modules/.bin",
		"the current one":         ".",
		"an empty one":            "",
	} {
		for _, folder := range []string{project, linked} {
			path := strings.Join([]string{kept[0], entry, kept[1], kept[2], kept[3]}, separator)
			if got, want := programs.Outside(folder, path), strings.Join(kept, separator); got != want {
				t.Errorf("%s stays in the path of %s: %q", name, folder, got)
			}
		}
	}
}

func TestAProjectThatIsNotThereChangesNothing(t *testing.T) {
	dir := t.TempDir()
	if got := programs.Outside(filepath.Join(dir, "new", "project"), dir); got != dir {
		t.Errorf("the path becomes %q", got)
	}
}
