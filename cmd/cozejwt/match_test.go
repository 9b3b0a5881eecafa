//go:build unix

package main

import (
	"strings"
	"testing"
)

// unmatched is a project whose .env names the key of another Key ID.
func unmatched(t *testing.T) *rotating {
	t.Helper()
	r := newRotating(t)
	r.another("config/second.pem", newKeyID)
	r.write(".env", strings.ReplaceAll(r.read(".env"), testKeyID, newKeyID))
	r.write(".env.old", strings.ReplaceAll(r.read(".env"), newKeyID, "_Gone"+newKeyID[5:]))
	return r
}

func TestMatchAsksBeforeItWritesThePair(t *testing.T) {
	t.Parallel()
	r := unmatched(t)
	before := r.read(".env")
	term := start(t, answering, 80, 24, r.env, build(t, "."), "match", "--dir", r.dir)
	for _, text := range []string{"Host: 127.0.0.1:", "KEY FILE", "config/second.pem", "✗ wrong key", "config/second.pem belongs to Key ID", "+COZE_PRIVATE_KEY_PATH=config/second.pem", "Write this pair to .env? [y/N]"} {
		term.wait(text)
	}
	term.press("\r")
	if code := term.exit(); code != 0 || r.read(".env") != before {
		t.Errorf("exit code %d:\n%s", code, r.read(".env"))
	}
	term = start(t, answering, 80, 24, r.env, build(t, "."), "match", "--dir", r.dir)
	term.wait("[y/N]")
	term.press("y\r")
	term.wait("now uses Key ID")
	if code := term.exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	r.wantNamed(newKeyID)
	if text := r.read(".env"); !strings.HasPrefix(text, "# ours\nDB='x y'\n") {
		t.Errorf("other lines have changed:\n%s", text)
	}
}

func TestTheGridFitsItsTerminal(t *testing.T) {
	t.Parallel()
	r := unmatched(t)
	for _, test := range []struct {
		width, height int
		lang          string
		want          []string
	}{
		{40, 12, "en", []string{"KEY FILE", "wrong key"}},
		{80, 24, "zh", []string{"密钥文件", "✗ 私钥不符", "[y/N]"}},
		{120, 36, "en", []string{"KEY FILE", "_New-fgh…", "_Gonefgh…", "unknown Key ID"}},
		{200, 50, "zh", []string{"_New-fgh…", "未知 Key ID"}},
	} {
		term := start(t, answering, test.width, test.height, r.env, build(t, "."), "match", "--dir", r.dir, "--lang", test.lang)
		term.wait("[y/N]")
		for _, text := range test.want {
			if !strings.Contains(term.output(), text) {
				t.Errorf("%dx%d %s lacks %q:\n%s", test.width, test.height, test.lang, text, term.output())
			}
		}
		term.press("\r")
		term.exit()
	}
}

func TestMatchAsksBeforeItSendsManyRequests(t *testing.T) {
	t.Parallel()
	r := unmatched(t)
	for answer, code := range map[string]int{"n\r": 2, "y\r": 0} {
		asked := r.coze.asked.Load()
		term := start(t, answering, 80, 24, r.env, build(t, "."), "match", "--dir", r.dir, "--max-pairs", "3")
		term.wait("4 requests to 127.0.0.1:")
		term.wait("Continue? [y/N]")
		if now := r.coze.asked.Load(); now != asked {
			t.Errorf("%d requests before the answer", now-asked)
		}
		term.press(answer)
		if code == 0 {
			term.wait("Write this pair")
			term.press("\r")
		}
		if got := term.exit(); got != code {
			t.Errorf("%q: exit code %d, want %d", answer, got, code)
		}
	}
}

func TestTheStartMenuOffersToMatch(t *testing.T) {
	t.Parallel()
	r := unmatched(t)
	term := r.start()
	term.wait("Match keys and Key IDs")
	term.press(strings.Repeat("\x1b[B", 7) + "\r") // after the sample code
	term.wait("config/second.pem belongs to Key ID")
	term.press("\r")
	term.exit()
}
