//go:build unix

package main

import (
	"context"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"

	"cozejwt/keygen"
)

var rotateTitles = []string{"Current credentials", "Key pair", "Upload the public key", "Key ID", "Files", "Token test", "Review", "Done"}

func TestRotateWalksToANewKeyAndBack(t *testing.T) {
	t.Parallel()
	r := newRotating(t)
	before := r.read(".env")
	term := r.start("rotate")
	r.rotateTo(term, 7, newKeyID)
	if r.read(".env") != before {
		t.Error("the .env changed before the review")
	}
	term.wait("-COZE_PUBLIC_KEY=" + testKeyID)
	term.press("\r")
	term.wait(rotateLine(8))
	term.wait("What is left to do")
	r.wantNamed(newKeyID)
	term.press("\r")
	if code := term.exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	wantRestored(t, term)
	if _, err := keygen.Load(r.path("config/private_key.pem")); err != nil {
		t.Error("the old key is gone")
	}

	term = r.start("rotate", "--rollback")
	term.wait("Step 1/3  Token test")
	term.wait("✓ Coze issued an access token")
	term.press("\r")
	term.wait("Step 2/3  Review")
	term.press("\r")
	term.wait("uses the previous key again")
	term.press("\r")
	if code := term.exit(); code != 0 || r.read(".env") != before {
		t.Errorf("exit code %d, .env is\n%s", code, r.read(".env"))
	}
}

func TestRotateInTheSandboxNeedsEnterAlone(t *testing.T) {
	t.Parallel()
	r := newRotating(t)
	r.write(".env", "")
	if err := os.RemoveAll(r.path("config")); err != nil {
		t.Fatal(err)
	}
	if out, code := r.run("init", "--region", "sandbox", "--no-input", "--yes"); code != 0 {
		t.Fatal(out)
	}
	before := r.read(".env")
	term := r.start("rotate")
	for n := 1; n <= 8; n++ {
		if n == 5 {
			continue
		}
		term.wait(rotateLine(n))
		if n == 1 || n == 6 {
			term.wait("✓ The sandbox issued an access token")
		}
		term.press("\r")
	}
	if code := term.exit(); code != 0 || r.read(".env") == before {
		t.Errorf("exit code %d, .env is\n%s", code, r.read(".env"))
	}
	if out, code := r.run("token"); code != 0 {
		t.Errorf("exit code %d: %s", code, out)
	}
}

func TestRotateFixesANewKeyThatIsRefused(t *testing.T) {
	t.Parallel()
	r := newRotating(t)
	before := r.read(".env")
	term := r.start("rotate")
	r.rotateTo(term, 4, newKeyID)
	term.paste(newKeyID) // before anyone has uploaded it
	term.wait("❯ " + newKeyID)
	term.press("\r")
	term.wait("kid not been registred")
	term.wait("fix: Upload the public key")
	if r.read(".env") != before {
		t.Error("the .env changed")
	}
	term.press("\r")
	term.wait(rotateLine(3))
	r.upload(newKeyID)
	term.press("\r")
	term.wait(rotateLine(4))
	term.wait("❯ " + newKeyID)
	term.press("\r")
	term.wait("✓ Coze issued an access token")
	term.press("\r")
	term.wait(rotateLine(7))
	term.press("\r")
	term.wait(rotateLine(8))
	r.wantNamed(newKeyID)
}

func TestARotationThatIsKilledAtAnyStepIsResumed(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 8; n++ {
		if n == 5 {
			continue
		}
		t.Run(rotateTitles[n-1], func(t *testing.T) {
			t.Parallel()
			r := newRotating(t)
			term := r.start("rotate")
			r.rotateTo(term, n, newKeyID)
			if err := term.cmd.Process.Signal(syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			term.exit()
			if n == 8 {
				r.wantNamed(newKeyID)
				return
			}
			r.wantNamed(testKeyID)
			if n == 4 {
				term = r.start("rotate", "--fresh")
				term.wait(rotateLine(1))
				return
			}
			term = r.start("rotate")
			switch {
			case n == 1:
				r.rotateTo(term, 7, newKeyID)
			default:
				term.wait("Resume")
				term.wait("just now")
				term.press("\r")
				r.goOn(term, n)
			}
			term.wait(rotateLine(7))
			term.press("\r")
			term.wait(rotateLine(8))
			r.wantNamed(newKeyID)
			if keys, _ := filepath.Glob(r.path("config/private_key_*.pem")); len(keys) != 1 {
				t.Errorf("new keys are %v", keys)
			}
		})
	}
}

// A person who sits in a rotation holds nobody up.
func TestARotationThatWaitsHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	r := newRotating(t)
	r.another("config/new.pem", newKeyID)
	term := r.start("rotate")
	term.wait("✓ Coze issued an access token")
	if out, code := r.run("rotate", "--no-input", "--yes", "--key-path", "config/new.pem", "--key-id", newKeyID); code != 0 {
		t.Errorf("exit code %d, %s", code, out)
	}
	term.press("\x03")
	if code := term.exit(); code != 130 {
		t.Errorf("exit code %d", code)
	}
	r.wantNamed(newKeyID)
}

func TestServicesThatReadTheEnvNeverFailDuringARotation(t *testing.T) {
	t.Parallel()
	r := newRotating(t)
	r.another("config/new.pem", newKeyID)
	ctx, stop := context.WithCancel(context.Background())
	var tokens atomic.Int64
	failed := make(chan error, 1)
	go func() {
		defer close(failed)
		for ctx.Err() == nil {
			if err := r.service(); err != nil {
				failed <- err
				return
			}
			tokens.Add(1)
		}
	}()
	for range 5 {
		if out, code := r.run("rotate", "--no-input", "--key-path", "config/new.pem", "--key-id", newKeyID, "--yes"); code != 0 {
			t.Fatalf("exit code %d: %s", code, out)
		}
		if out, code := r.run("rotate", "--no-input", "--rollback", "--yes"); code != 0 {
			t.Fatalf("exit code %d: %s", code, out)
		}
	}
	stop()
	if err := <-failed; err != nil {
		t.Errorf("after %d tokens: %v", tokens.Load(), err)
	}
	if tokens.Load() < 50 {
		t.Errorf("only %d tokens were asked for", tokens.Load())
	}
}
