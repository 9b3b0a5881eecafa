package git_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cozejwt/internal/git"
)

func repository(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed here")
	}
	dir := t.TempDir()
	run(t, dir, "init", "-q")
	return dir
}

func run(t *testing.T, dir string, args ...string) {
	t.Helper()
	if out, err := exec.Command("git", append([]string{"-C", dir}, args...)...).CombinedOutput(); err != nil {
		t.Fatalf("git %v: %s", args, out)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestIgnorePlansWhatGitThenObeys(t *testing.T) {
	for name, test := range map[string]struct{ before, after string }{
		"no file":           {"", "/.env\n/.env.tmp-*\n/config/private_key*.pem*\n"},
		"other lines":       {"node_modules/\n", "node_modules/\n/.env\n/.env.tmp-*\n/config/private_key*.pem*\n"},
		"no newline at end": {"node_modules/", "node_modules/\n/.env\n/.env.tmp-*\n/config/private_key*.pem*\n"},
		"Windows lines":     {"a\r\n", "a\r\n/.env\r\n/.env.tmp-*\r\n/config/private_key*.pem*\r\n"},
		".env is ignored":   {".env*\n", ".env*\n/config/private_key*.pem*\n"},
		"as usual":          {".env\n*.pem\n", ".env\n*.pem\n/.env.tmp-*\n/config/private_key*.pem*\n"},
		"in a comment":      {"# keep /.env and /config/private_key*.pem* out\n", "# keep /.env and /config/private_key*.pem* out\n/.env\n/.env.tmp-*\n/config/private_key*.pem*\n"},
		"taken back":        {".env\n!.env\n", ".env\n!.env\n/.env\n/.env.tmp-*\n/config/private_key*.pem*\n"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := repository(t)
			if test.before != "" {
				write(t, filepath.Join(dir, ".gitignore"), test.before)
			}
			env, key := filepath.Join(dir, ".env"), filepath.Join(dir, "config", "private_key.pem")
			edit, err := git.Ignore(dir, env, key)
			if err != nil {
				t.Fatal(err)
			}
			if string(edit.Before) != test.before || string(edit.After) != test.after {
				t.Fatalf("after is %q, want %q", edit.After, test.after)
			}
			write(t, edit.Path, string(edit.After))
			for _, file := range []string{env, key, key + ".bak-20260101T000000Z", env + ".tmp-1", key + ".tmp-1", filepath.Join(dir, "config", "private_key_20261123_01234567.pem")} {
				if !git.Ignored(dir, file) {
					t.Errorf("git does not ignore %s", filepath.Base(file))
				}
			}
			if !strings.Contains(test.before, "*.pem\n") && git.Ignored(dir, filepath.Join(dir, "config", "public_key.pem")) {
				t.Error("the public key is ignored too")
			}
			if again, err := git.Ignore(dir, env, key); again != nil || err != nil {
				t.Errorf("planned again: %v, %v", again, err)
			}
		})
	}
}

func TestIgnoreLeavesFoldersWithoutGitAlone(t *testing.T) {
	dir := t.TempDir()
	if edit, err := git.Ignore(dir, filepath.Join(dir, ".env")); edit != nil || err != nil {
		t.Errorf("Ignore = %v, %v", edit, err)
	}
}

func TestIgnoreOfOddNames(t *testing.T) {
	dir := repository(t)
	file := filepath.Join(dir, "my [keys]", "a*b.pem")
	edit, err := git.Ignore(dir, file)
	if err != nil {
		t.Fatal(err)
	}
	write(t, edit.Path, string(edit.After))
	if !git.Ignored(dir, file) {
		t.Errorf("git does not ignore it with %q", edit.After)
	}
}

func TestTrackedFilesAreFound(t *testing.T) {
	dir := repository(t)
	env := filepath.Join(dir, ".env")
	write(t, env, "A=1\n")
	if git.Tracked(dir, env) {
		t.Error("tracked before it was added")
	}
	run(t, dir, "add", ".env")
	if !git.Tracked(dir, env) {
		t.Error("not tracked after it was added")
	}
	if git.Tracked(t.TempDir(), env) {
		t.Error("tracked in a folder without git")
	}
}

func TestACommittedFileStaysInTheHistory(t *testing.T) {
	dir := repository(t)
	env := filepath.Join(dir, ".env")
	write(t, env, "A=1\n")
	write(t, filepath.Join(dir, "another"), "")
	commit := func() {
		run(t, dir, "-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false", "commit", "-q", "-m", "a")
	}
	if git.Committed(dir, env) {
		t.Error("committed before the first commit")
	}
	run(t, dir, "add", "another")
	commit()
	if git.Committed(dir, env) {
		t.Error("committed with another file")
	}
	run(t, dir, "add", ".env")
	commit()
	run(t, dir, "rm", "-q", ".env")
	commit()
	if !git.Committed(dir, env) {
		t.Error("not committed after it was deleted again")
	}
	if git.Committed(t.TempDir(), env) {
		t.Error("committed in a folder without git")
	}
}

func TestTheRootIsTheFolderThatHasGit(t *testing.T) {
	dir := t.TempDir()
	below := filepath.Join(dir, "a", "b")
	if err := os.MkdirAll(below, 0o755); err != nil {
		t.Fatal(err)
	}
	if root, ok := git.Root(below); ok || root != "" {
		t.Errorf("without git it is %q, %v", root, ok)
	}
	write(t, filepath.Join(dir, ".git"), "gitdir: elsewhere\n") // as in a linked work tree
	for _, from := range []string{dir, below} {
		if root, ok := git.Root(from); !ok || root != dir {
			t.Errorf("from %s it is %q, %v", from, root, ok)
		}
	}
}
