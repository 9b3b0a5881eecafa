//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cozejwt/internal/i18n"
	"cozejwt/internal/state"
	"cozejwt/internal/testfile"
)

// Every kind of file that is kept has its words in each language.
func TestEachKindThatIsKeptHasItsName(t *testing.T) {
	for _, kind := range []string{"draft", "rotation", "test", "trust", "lock", "token", "sandbox", "crash", "digest"} {
		for _, l := range i18n.Languages {
			if !l.Has("state.kind." + kind) {
				t.Errorf("%s has no name for %s", l, kind)
			}
		}
	}
}

// Only a yes deletes what is kept, and of another project nothing is deleted without --all.
func TestWhatIsKeptIsDeletedAfterAYes(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	stateHome := t.TempDir()
	p.env = append(p.env, "XDG_STATE_HOME="+stateHome)
	kept := filepath.Join(stateHome, "cozejwt")
	own := filepath.Join(kept, "trust", "own.json")
	other := filepath.Join(kept, "drafts", "create-other.json")
	crash := filepath.Join(kept, "crash.json")
	testfile.Write(t, own, `{"project":"`+p.dir+`","what":"host"}`)
	testfile.Write(t, other, `{"env_path":"/elsewhere/.env"}`)
	testfile.Write(t, crash, `{}`)
	left := func() (names string) {
		for _, path := range []string{own, other, crash} {
			if _, err := os.Stat(path); err == nil {
				names += " " + filepath.Base(path)
			}
		}
		return names
	}
	for _, test := range []struct{ args, answer, want string }{
		{"state --clear", "\r", " own.json create-other.json crash.json"},
		{"state --clear", "n\r", " own.json create-other.json crash.json"},
		{"state --clear", "y\r", " create-other.json crash.json"},
		{"state --clear --all", "y\r", ""},
	} {
		term := startIn(t, p.dir, p.env, build(t, "."), strings.Fields(test.args)...)
		term.wait("[y/N]")
		term.press(test.answer)
		if code := term.exit(); code != 0 || left() != test.want {
			t.Errorf("%s, %q: exit code %d, left are%s, want%s\n%s", test.args, test.answer, code, left(), test.want, term.output())
		}
	}
	if got := state.Files(filepath.Dir(own), "trust", nil); got != nil {
		t.Errorf("left are %v", got)
	}
}

// Each kind that is listed is removed: nothing of what --all shows is left behind.
func TestEachKindThatIsListedIsRemoved(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	stateHome, cacheHome := t.TempDir(), t.TempDir()
	p.env = append(p.env, "XDG_STATE_HOME="+stateHome, "XDG_CACHE_HOME="+cacheHome)
	kept := filepath.Join(stateHome, "cozejwt")
	files := map[string]string{
		"draft":    filepath.Join(kept, "drafts", "create-a.json"),
		"rotation": filepath.Join(kept, "rotations", "a", "20260102T150405.000Z.json"),
		"trust":    filepath.Join(kept, "trust", "a.json"),
		"lock":     filepath.Join(kept, "locks", "a.json"),
		"test":     filepath.Join(kept, "trials", "a.json"),
		"crash":    filepath.Join(kept, "crash.json"),
		"sandbox":  filepath.Join(kept, "sandbox.json"),
	}
	for _, path := range files {
		testfile.Write(t, path, `{}`)
	}
	term := startIn(t, p.dir, p.env, build(t, "."), "state", "--clear", "--all")
	term.wait("[y/N]")
	for kind := range files {
		if title := i18n.English.Text("state.kind." + kind); !strings.Contains(term.output(), title[:12]) {
			t.Errorf("%s is not listed:\n%s", kind, term.output())
		}
	}
	term.press("y\r")
	if code := term.exit(); code != 0 {
		t.Fatalf("exit code %d:\n%s", code, term.output())
	}
	for kind, path := range files {
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s is left: %s", kind, path)
		}
	}
}
