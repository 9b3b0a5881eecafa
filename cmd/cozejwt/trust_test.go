//go:build unix

package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

// The answer is asked for once, and remembered for the same host and key.
func TestAHostThatOnlyTheProjectNamesIsAskedAbout(t *testing.T) {
	t.Parallel()
	dir, env := t.TempDir(), home(t)
	key := filepath.Join(t.TempDir(), "private_key.pem")
	if _, err := keygen.Save(key, testkey.RSA(), keygen.Refuse, time.Now()); err != nil {
		t.Fatal(err)
	}
	names := func(host string) {
		testfile.Write(t, filepath.Join(dir, ".env"), "COZE_CLIENT_ID="+testAppID+"\nCOZE_PUBLIC_KEY="+testKeyID+"\nCOZE_PRIVATE_KEY_PATH="+key+"\nCOZE_API_BASE=https://"+host+"\n")
	}
	token := func(answer string) (said string, code int) {
		t.Helper()
		term := start(t, answering, 80, 24, env, build(t, "."), "token", "--dir", dir, "--timeout", "2s")
		if answer != "" {
			term.wait("Continue? [y/N]")
			term.press(answer)
		}
		code = term.exit()
		return term.output(), code
	}
	names("coze.invalid")
	for _, no := range []string{"\r", "n\r", "no\r"} {
		if said, code := token(no); code != 2 || !strings.Contains(said, "coze.invalid, which is not Coze") {
			t.Errorf("%q: exit code %d: %s", no, code, said)
		}
	}
	if said, code := token("y\r"); code != 4 {
		t.Errorf("yes: exit code %d: %s", code, said)
	}
	if said, code := token(""); code != 4 || strings.Contains(said, "Continue?") {
		t.Errorf("asked again: exit code %d: %s", code, said)
	}
	names("other.invalid")
	if said, code := token("n\r"); code != 2 {
		t.Errorf("another host: exit code %d: %s", code, said)
	}
}

func TestExportShowsNoKeyOnATerminal(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	for _, format := range []string{"sdk-json", "fly", "k8s", "wrangler", "cozeloop", "one-api"} {
		term := start(t, answering, 100, 30, p.env, build(t, "."), "export", "--format", format, "--dir", p.dir)
		if code := term.exit(); code != 2 || strings.Contains(term.output(), "MII") || strings.Contains(term.output(), "LS0t") {
			t.Errorf("%s: exit code %d: %s", format, code, term.output())
		}
	}
}
