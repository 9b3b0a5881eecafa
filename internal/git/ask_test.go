package git

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// One process answers for several files what one each does, also where a file is outside.
func TestSeveralFilesAreAskedAboutAtOnce(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	if out, err := exec.Command("git", "init", "-q", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	for name, text := range map[string]string{
		".gitignore":     "*.pem*\n!public_key.pem\n\\!odd\n/config/\n!config/in.txt\n",
		"sub/.gitignore": "!private_key.pem\n*.env\n",
		"sub/x":          "",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var files []string
	for _, name := range []string{
		".env", "private_key.pem", "private_key.pem.bak-1", "public_key.pem", "!odd", "config/in.txt", "config/deep/er", "sub/private_key.pem",
		"sub/a.env", "not/there/b.pem", "with space.pem", "密钥.pem",
	} {
		files = append(files, filepath.Join(dir, filepath.FromSlash(name)))
	}
	want := func(files []string) []bool {
		var all []bool
		for _, file := range files {
			all = append(all, Ignored(dir, file))
		}
		return all
	}
	if got := ignored(dir, files...); !slices.Equal(got, want(files)) || !slices.Contains(got, true) || !slices.Contains(got, false) {
		t.Errorf("of %q ignored are %v, one by one %v", files, got, want(files))
	}
	outside := append(slices.Clone(files), filepath.Join(t.TempDir(), "outside.pem"))
	if got := ignored(dir, outside...); !slices.Equal(got, want(outside)) || !got[1] {
		t.Errorf("with a file outside, ignored are %v, one by one %v", got, want(outside))
	}
	if got := ignored(dir); len(got) != 0 {
		t.Errorf("of no file: %v", got)
	}
}
