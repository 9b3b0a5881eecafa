//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

// unignorable is a project whose .gitignore git does not read, and a file with key text.
func unignorable(t *testing.T) *project {
	t.Helper()
	testfile.NeedGit(t)
	p := newProject(t)
	if out, err := exec.Command("git", "-C", p.dir, "init", "-q").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	testfile.Symlink(t, "rules", filepath.Join(p.dir, ".gitignore"))
	testfile.Write(t, filepath.Join(p.dir, "app.json"), `{"coze_api_base":"https://api.coze.cn","client_id":"`+testAppID+`","public_key_id":"`+testKeyID+`","private_key":"`+
		strings.ReplaceAll(string(keygen.EncodePrivate(testkey.RSA())), "\n", `\n`)+`"}`)
	return p
}

// Without a yes no key is written where git takes it, and without a terminal nobody asks.
func TestAKeyThatGitTakesNeedsAYes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		args []string
		made string
	}{
		{[]string{"keygen", "--key-path", "made/private_key.pem"}, "made/private_key.pem"},
		{[]string{"import", "app.json", "--profile", "made"}, "config/private_key_made.pem"},
		{[]string{"export", "--format", "k8s", "--out", "made.yaml"}, "made.yaml"},
	} {
		t.Run(test.args[0], func(t *testing.T) {
			t.Parallel()
			p := unignorable(t)
			made := func() bool {
				_, err := os.Stat(filepath.Join(p.dir, test.made))
				return err == nil
			}
			cmd := exec.Command(build(t, "."), test.args...)
			cmd.Dir, cmd.Env, cmd.Stdin = p.dir, p.env, strings.NewReader("y\n")
			out, _ := cmd.CombinedOutput()
			if code := cmd.ProcessState.ExitCode(); code != 3 || made() || strings.Contains(string(out), "[y/N]") {
				t.Errorf("in a pipe: exit code %d, made: %v\n%s", code, made(), out)
			}
			for _, no := range []string{"\r", "n\r"} {
				term := startIn(t, p.dir, p.env, build(t, "."), test.args...)
				term.wait("[y/N]")
				term.press(no)
				if code := term.exit(); code != 3 || made() {
					t.Errorf("%q: exit code %d, made: %v\n%s", no, code, made(), term.output())
				}
			}
			term := startIn(t, p.dir, p.env, build(t, "."), test.args...)
			term.wait("[y/N]")
			term.press("y\r")
			if code := term.exit(); code != 0 || !made() {
				t.Errorf("yes: exit code %d, made: %v\n%s", code, made(), term.output())
			}
			if _, err := os.Lstat(filepath.Join(p.dir, "rules")); err == nil {
				t.Error("the link was followed")
			}
		})
	}
}
