//go:build e2e && unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A fresh copy of the sources and the README's first command, as written, end
// in a live token.
func TestREADMECommandRunsInAFreshClone(t *testing.T) { // alone: it compiles everything
	try, _ := setupCommands(t)
	clone := t.TempDir()
	if out, err := exec.Command("sh", "-c", "cd ../.. && tar -cf - --exclude=.git --exclude=practice . | tar -xf - -C "+clone).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	env := append(home(t), goEnv(t)...)
	term := start(t, answering, 80, 24, env, "sh", "-c", "cd "+clone+" && "+try)
	term.walk(9)
	term.press("\r")
	if code := term.exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	wantSet(t, filepath.Join(clone, "practice", ".env"))
}

// The registries are ours; the commands are as written.
func TestTheInstallCommandsOfTheREADMERun(t *testing.T) {
	t.Parallel()
	needNode(t)
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	p := npmProject{dir: t.TempDir(), env: append(home(t), goEnv(t)...)}
	if err := os.Symlink(mustAbs(t, "../.."), filepath.Join(p.dir, "clone")); err != nil {
		t.Fatal(err)
	}
	p.env = append(p.env, "PATH="+filepath.Join(venv(t), "bin")+":"+os.Getenv("PATH"),
		"npm_config_registry="+registry(t, packed(t)).URL, "PIP_NO_INDEX=1", "PIP_FIND_LINKS="+packed(t))
	for _, block := range shellBlock.FindAllStringSubmatch(string(text), -1) {
		if !strings.Contains(block[1], "npm install") {
			continue
		}
		script := strings.ReplaceAll(block[1], "go build ./cmd/cozejwt", "(cd clone && go build -o \"$OLDPWD\"/ ./cmd/cozejwt)")
		p.run(t, 0, "sh", "-ec", script+"./cozejwt --version; npx cozejwt --version; cozejwt --version")
		return
	}
	t.Error("the README has no install commands")
}

func mustAbs(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// goEnv is what the go command needs to build without a network of its own.
func goEnv(t *testing.T) (env []string) {
	t.Helper()
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPROXY", "GOTOOLCHAIN"} {
		out, err := exec.Command("go", "env", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		env = append(env, name+"="+strings.TrimSpace(string(out)))
	}
	return append(env, strings.TrimSpace("GOFLAGS=-trimpath "+os.Getenv("GOFLAGS"))) // a copy elsewhere compiles nothing again
}
