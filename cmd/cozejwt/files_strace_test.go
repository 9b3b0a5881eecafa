//go:build e2e && unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"cozejwt/internal/testkey"
)

// mostOpened is how many files verify opens for each profile: its .env twice, its key, and the public
// key beside that. What profiles have in common does not count.
const mostOpened = 4

func TestEachProfileOpensFewFiles(t *testing.T) {
	t.Parallel()
	if out, err := exec.Command("strace", "-o", "/dev/null", "true").CombinedOutput(); err != nil {
		t.Skipf("strace cannot be used here: %v %s", err, out)
	}
	few, many := openedFor(t, 10), openedFor(t, 110)
	// Go's runtime reads a file of /sys now and then: half a file a profile is none of the program's.
	if each := float64(many-few) / 100; each >= mostOpened+0.5 {
		t.Errorf("each profile opens %.2f files", each)
	}
}

// openedFor counts the files that verify opens in a project with so many profiles.
func openedFor(t *testing.T, profiles int) int {
	p := newProject(t)
	for n := range profiles {
		p.write(fmt.Sprintf(".env.p%d", n), fmt.Sprintf("COZE_CLIENT_ID=%d\nCOZE_PUBLIC_KEY=%s\nCOZE_PRIVATE_KEY_PATH=config/private_key.pem\nCOZE_API_BASE=%s\n", 1_000_000_000_000+n, testkey.KeyID, p.coze.Base))
	}
	trace := p.path("trace.log")
	cmd := exec.Command("strace", "-f", "-qq", "-e", "trace=openat", "-o", trace, build(t, "."), "verify", "--all", "--offline", "--json")
	cmd.Env, cmd.Dir = p.env, p.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%.2000s", err, out)
	}
	calls, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(calls), "openat(")
}
