//go:build e2e && unix

package main

import (
	"os/exec"
	"strconv"
	"sync/atomic"
	"testing"
)

// killAt are the calls to the system that a switch makes of files and the
// network. strace counts them for each kind and thread.
var killAt = []string{"openat", "write", "fsync", "close", "renameat", "renameat2", "linkat", "unlinkat", "fchmod", "fchmodat", "fchown", "mkdirat", "connect", "newfstatat"}

func TestARotationThatIsKilledAtAnySystemCallLeavesAKeyThatWorks(t *testing.T) {
	t.Parallel()
	if out, err := exec.Command("strace", "-o", "/dev/null", "true").CombinedOutput(); err != nil {
		t.Skipf("strace cannot be used here: %v %s", err, out)
	}
	var switched, kept atomic.Bool
	t.Run("killed", func(t *testing.T) {
		for _, call := range killAt {
			t.Run(call, func(t *testing.T) {
				t.Parallel()
				for _, keyID := range killedAt(t, call) {
					switched.Store(switched.Load() || keyID == newKeyID)
					kept.Store(kept.Load() || keyID == testKeyID)
				}
			})
		}
	})
	if !switched.Load() || !kept.Load() {
		t.Errorf("killed after the switch: %v, before it: %v", switched.Load(), kept.Load())
	}
}

// killedAt kills a rotation at each system call of a kind, and returns the Key
// IDs that the .env then uses. Afterwards there is a way back.
func killedAt(t *testing.T, call string) (keyIDs []string) {
	r := newRotating(t)
	r.another("config/new.pem", newKeyID)
	before := r.read(".env")
	for n, code := 1, -1; code != 0; n++ {
		r.write(".env", before)
		_, code = r.runAs("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace="+call,
			"-e", "inject="+call+":signal=KILL:when="+strconv.Itoa(n),
			build(t, "."), "rotate", "--no-input", "--key-path", "config/new.pem", "--key-id", newKeyID, "--yes")
		set, err := r.named()
		if err != nil {
			t.Fatalf("killed at %s number %d: %v\n%s", call, n, err, r.read(".env"))
		}
		keyIDs = append(keyIDs, set.KeyID)
	}
	if out, code := r.run("rotate", "--no-input", "--rollback", "--yes"); code != 0 || r.read(".env") != before {
		t.Errorf("afterwards there is no way back: exit code %d, %s", code, out)
	}
	return keyIDs[:len(keyIDs)-1] // the last came to its end
}
