//go:build unix

package main

import (
	"crypto/x509"
	"encoding/pem"
	"os/exec"
	"strings"
	"testing"

	"cozejwt/internal/testkey"
)

// What is in the code is judged, and never shown: not the secret, and no line of it.
func TestSecretsInCodeAreFoundAndNotShown(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	der, err := x509.MarshalPKCS8PrivateKey(testkey.New())
	if err != nil {
		t.Fatal(err)
	}
	key := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	code := "// of the neighbor\nconst secretName = '" + pat() + "';\nconst key = `" + key + "`;\n"
	p.write("coze.ts", code)
	var diff strings.Builder
	diff.WriteString("--- a/coze.ts\n+++ b/coze.ts\n@@ -0,0 +1,100 @@\n")
	for line := range strings.Lines(code) {
		diff.WriteString("+" + line)
	}
	for _, args := range [][]string{{"coze.ts"}, {"--json", "coze.ts"}, {"--lang", "zh", "coze.ts"}, {}, {"--json"}} {
		cmd := exec.Command(build(t, "."), append([]string{"explain"}, args...)...)
		cmd.Env, cmd.Dir, cmd.Stdin = p.env, p.dir, strings.NewReader(diff.String())
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "coze.ts:2: ") || !strings.Contains(string(out), "coze.ts:3: ") {
			t.Errorf("%q: %v\n%s", args, err, out)
		}
		for _, hidden := range []string{pat()[4:20], key[40:60], "neighbor", "secretName"} {
			if strings.Contains(string(out), hidden) {
				t.Errorf("%q shows %q:\n%s", args, hidden, out)
			}
		}
	}
}

// A long log is explained by its end; code and a diff are judged as a whole or not at all.
func TestWhatIsTooLongToExplain(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	filler := strings.Repeat("ok\n", maxPasted/3+1)
	log := "code: 4016\n" + filler + "CozeAPIError: code: 4101, msg: no permission\n"
	p.write("app.log", log)
	p.write("coze.ts", filler)
	diff := "--- a/coze.ts\n+++ b/coze.ts\n@@ -0,0 +1 @@\n+x\n" + filler
	for _, test := range []struct {
		args  []string
		stdin string
		want  string
		code  int
	}{
		{[]string{"app.log"}, "", "4101 no permission", 0},
		{nil, log, "4101 no permission", 0},
		{[]string{"coze.ts"}, "", "coze.ts: larger than 1024 KiB, so it was not read", 3},
		{nil, diff, "the diff is larger than 1024 KiB, so it was not checked", 2},
	} {
		cmd := exec.Command(build(t, "."), append([]string{"explain"}, test.args...)...)
		cmd.Env, cmd.Dir, cmd.Stdin = p.env, p.dir, strings.NewReader(test.stdin)
		out, _ := cmd.CombinedOutput()
		if code := cmd.ProcessState.ExitCode(); code != test.code || !strings.Contains(string(out), test.want) || strings.Contains(string(out), "4016") {
			t.Errorf("%q: exit code %d\n%s", test.args, code, out)
		}
	}
}

// The path in a diff is anyone's: it stays on its line, and commands no terminal.
func TestThePathInADiffStaysOnItsLine(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	diff := "diff --git a/x b/x\n--- /dev/null\n+++ \"b/a\\n\\033]52;c;AA\\007/x.ts\"\n@@ -0,0 +1 @@\n+" + pat() + "\n"
	cmd := exec.Command(build(t, "."), "explain")
	cmd.Env, cmd.Dir, cmd.Stdin = p.env, p.dir, strings.NewReader(diff)
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "\na ]52;c;AA/x.ts:1: ") || strings.Contains(string(out), "\x1b") {
		t.Errorf("%v\n%q", err, out)
	}
}
