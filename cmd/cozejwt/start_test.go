//go:build unix

package main

import (
	"strings"
	"testing"
)

// withStaging is a project whose profile staging has another key.
func withStaging(t *testing.T) *rotating {
	t.Helper()
	r := newRotating(t)
	r.another("config/staging.pem", newKeyID)
	r.write(".env.staging", strings.NewReplacer(testKeyID, newKeyID, "config/private_key.pem", "config/staging.pem").Replace(r.read(".env")))
	return r
}

func TestPlainCozejwtOffersWhatCanBeDone(t *testing.T) {
	t.Parallel()
	r := withStaging(t)
	term := r.start()
	for _, offer := range []string{".env.staging: App ID " + testAppID, "❯ 1. Check the current credentials", "Rotate the key", "Switch to another profile", "Set up a new app"} {
		term.wait(offer)
	}
	term.press("\r")
	term.wait("Credentials check")
	term.wait("run again")
	term.press("\x1b")
	term.wait("What would you like to do?")
	term.press("\r")
	term.wait("run again")
	term.press("q")
	term.exit()

	term = start(t, answering, 40, 12, append(r.env, "LC_ALL=zh_CN.UTF-8"), build(t, "."), "--dir", r.dir)
	term.wait("要做什么？")
	term.press("\x03")
	if code := term.exit(); code != 130 {
		t.Errorf("exit code %d", code)
	}
	before := r.read(".env")
	term = r.start()
	term.wait("Change the current credentials")
	term.press(strings.Repeat("\x1b[B", 3) + "\r")
	term.wait("Step 1/9  Region")
	term.press("\x03")
	term.exit()
	if r.read(".env") != before {
		t.Error("choosing to change the credentials changed .env")
	}
	term = r.start("--region", "cn") // whoever names a region has chosen
	term.wait("Step 2/9  Create the app")
}

func TestTheMenuOffersARotationThatWasLeft(t *testing.T) {
	t.Parallel()
	r := withStaging(t)
	before := r.read(".env")
	term := r.start()
	term.wait("❯ 1. Check the current credentials")
	term.press("\x1b[B\r")
	term.wait(rotateLine(1))
	term.wait("✓ Coze issued an access token")
	term.press("\x1b") // nothing comes before the first step but the menu
	term.wait("❯ 2. Rotate the key")
	term.press("\r")
	term.wait(rotateLine(1))
	term.wait("✓ Coze issued an access token")
	term.press("\r")
	term.wait(rotateLine(2))
	term.press("\r")
	term.wait(rotateLine(3))
	term.press("\x03")
	term.exit()

	term = r.start()
	term.wait("❯ 2. Resume the unfinished rotation")
	term.wait("just now")
	term.press("\x1b[B\r")
	term.wait("Step 1/4  Profile")
	term.press("\r")
	term.wait("✓ Coze issued an access token")
	term.press("\r")
	term.wait("Step 3/4  Review")
	term.press("\r")
	term.wait("is switched to profile staging")
	term.press("\r")
	if code := term.exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	r.wantNamed(newKeyID)
	if out, code := r.run("use", "custom-"+testAppID); code != 0 || r.read(".env") != before {
		t.Errorf("exit code %d: %s", code, out)
	}
}
