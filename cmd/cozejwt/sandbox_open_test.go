//go:build unix

package main

import (
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"os/exec"
	"strings"
	"testing"
)

// While a wizard runs the sandbox, sandbox --open in a second terminal opens the wizard's console,
// with a session that may change things.
func TestSandboxOpenOpensTheConsoleOfARunningWizard(t *testing.T) {
	env, dir := home(t), t.TempDir()
	term := start(t, answering, 80, 24, env, build(t, "."), "--region", "sandbox", "--dir", dir)
	term.wait(stepLine(2))
	term.wait("no account needed") // what the tool is, though the first step is passed
	term.press("\x1b")             // there is nothing to go back to
	if strings.Contains(term.text(), "esc back") {
		t.Errorf("the first step that is shown offers to go back:\n%s", term.text())
	}

	cmd := exec.Command(build(t, "."), "sandbox", "--open", "--no-browser", "--json")
	cmd.Env = env
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("sandbox --open beside a wizard: %v", err)
	}
	var doc struct{ Console string }
	if err := json.Unmarshal(out, &doc); err != nil {
		t.Fatalf("%s: %v", out, err)
	}
	jar, _ := cookiejar.New(nil)
	resp, err := (&http.Client{Jar: jar}).Get(doc.Console)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %v, %v", doc.Console, resp, err)
	}
	_ = resp.Body.Close()
	if len(jar.Cookies(resp.Request.URL)) == 0 {
		t.Errorf("%s opens a read-only console", doc.Console)
	}
	term.press("\x03")
	term.exit()
}
