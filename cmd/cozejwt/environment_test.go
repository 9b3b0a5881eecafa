//go:build unix

package main

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// On a terminal too, credentials of the environment are checked line by line: the screen offers to
// edit a .env, and there is none.
func TestTheEnvironmentIsCheckedWithoutTheScreen(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	dir := t.TempDir()
	env := append(slices.Clone(p.env), "COZE_CLIENT_ID="+p.app, "COZE_PUBLIC_KEY="+testKeyID, "COZE_API_BASE="+p.coze.Base,
		"COZE_PRIVATE_KEY_PATH="+p.path("config/private_key.pem"))
	term := startIn(t, dir, env, build(t, "."), "verify")
	if code := term.exit(); code != 3 || !strings.Contains(term.output(), "credentials in the environment") {
		t.Errorf("exit code %d\n%s", code, term.output())
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left are %v, %v", left, err)
	}
}

// A .env that is there and cannot be read counts: what is wrong with it is said, and the environment
// does not stand in for it.
func TestABrokenEnvFileIsNotReplacedByTheEnvironment(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	p.env = append(p.env, "COZE_CLIENT_ID="+p.app, "COZE_PUBLIC_KEY="+testKeyID, "COZE_API_BASE="+p.coze.Base,
		"COZE_PRIVATE_KEY_PATH="+p.path("config/private_key.pem"))
	for text, said := range map[string]string{
		"COZE_CLIENT_ID='\n": ".env, line 1",
		"PORT=3000\n":        "credentials in the environment",
	} {
		p.write(".env", text)
		cmd := exec.Command(build(t, "."), "token")
		cmd.Env, cmd.Dir = p.env, p.dir
		out, _ := cmd.CombinedOutput()
		if out := string(out); !strings.Contains(out, said) || strings.Contains(out, "environment") != strings.Contains(said, "environment") {
			t.Errorf("%q: %s", text, out)
		}
	}
}
