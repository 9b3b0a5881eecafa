//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var shellBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")

// setupCommands are the two commands on the README's first screen.
func setupCommands(t *testing.T) (try, test string) {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := shellBlock.FindAllStringSubmatch(string(text), 2)
	if len(blocks) < 2 {
		t.Fatal("the README has no two command blocks")
	}
	return strings.TrimSpace(blocks[0][1]), strings.TrimSpace(blocks[1][1])
}

// The READMEs of both languages give the same commands.
func TestBothREADMEsGiveTheSameCommands(t *testing.T) {
	comment := regexp.MustCompile(`(?m) +# .*$`)
	commands := func(name string) (blocks []string) {
		text, err := os.ReadFile("../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range shellBlock.FindAllStringSubmatch(string(text), -1) {
			blocks = append(blocks, comment.ReplaceAllString(block[1], ""))
		}
		return blocks
	}
	if en, zh := commands("README.md"), commands("README.zh-CN.md"); !slices.Equal(en, zh) {
		t.Errorf("English:\n%q\nChinese:\n%q", en, zh)
	}
}

// A fresh copy of the sources and the README's first command, as written, end
// in a live token.
func TestREADMECommandEndsInALiveToken(t *testing.T) {
	try, test := setupCommands(t)
	if strings.Contains(try, "\n") || strings.Contains(test, "\n") || !strings.HasPrefix(test, "go test ") {
		t.Fatalf("the commands are %q and %q", try, test)
	}
	clone := t.TempDir()
	if out, err := exec.Command("sh", "-c", "cd ../.. && tar -cf - --exclude=.git --exclude=practice . | tar -xf - -C "+clone).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	env := home(t)
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPROXY", "GOFLAGS", "GOTOOLCHAIN"} {
		out, err := exec.Command("go", "env", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		env = append(env, name+"="+strings.TrimSpace(string(out)))
	}
	term := start(t, answering, 80, 24, env, "sh", "-c", "cd "+clone+" && "+try)
	term.walk(9)
	term.press("\r")
	if code := term.exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	wantSet(t, filepath.Join(clone, "practice", ".env"))
}
