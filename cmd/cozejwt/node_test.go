//go:build e2e && unix

package main

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/credentials"
	"cozejwt/internal/i18n"
	"cozejwt/internal/snippet"
)

// needNode skips a test where there is no Node.js or no way to install what
// it needs, but not in CI, where both are there.
func needNode(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("npm"); err != nil {
		giveUp(t, "Node.js with npm is not installed here")
	}
}

func giveUp(t *testing.T, reason string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(reason)
	}
	t.Skip(reason)
}

// install puts the Node scripts and the packages they use, at the versions of
// the lock file, into a folder, once for all tests.
func install(t *testing.T) string {
	t.Helper()
	needNode(t)
	dir, err := once("npm ci", func(dir string) error {
		if err := os.CopyFS(dir, os.DirFS("testdata/node")); err != nil {
			return err
		}
		npm := exec.Command("npm", "ci", "--omit=dev", "--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")
		npm.Dir = dir
		return tool(npm)
	})
	if err != nil {
		giveUp(t, "npm ci: "+err.Error())
	}
	return dir
}

// serve runs a program that prints its address on its first line of stdout.
func serve(t *testing.T, cmd *exec.Cmd) (firstLine string) {
	t.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line)
}

// The official SDK gets a token with what the wizard wrote, node itself
// reading the .env.
func TestOfficialSDKAcceptsWhatTheWizardWrote(t *testing.T) {
	t.Parallel()
	node := install(t)
	dir, env := t.TempDir(), home(t)
	sandbox := exec.Command(build(t, "."), "sandbox", "--addr", "127.0.0.1:0", "--json")
	sandbox.Env = append(os.Environ(), env...)
	serve(t, sandbox)
	term := start(t, answering, 80, 24, env, build(t, "."), "--region", "sandbox", "--dir", dir)
	term.walk(9)
	term.press("\r")
	if code := term.exit(); code != 0 {
		t.Fatalf("the wizard ended with %d", code)
	}
	sdk := exec.Command("node", "--env-file="+filepath.Join(dir, ".env"), filepath.Join(node, "token.mjs"))
	sdk.Dir = dir // the key's path is relative to it
	out, err := sdk.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var got struct {
		ClientID  string    `json:"client_id"`
		KeyID     string    `json:"key_id"`
		TokenType string    `json:"token_type"`
		HasToken  bool      `json:"has_token"`
		ExpiresAt time.Time `json:"expires_at"`
	}
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	text, err := os.ReadFile(filepath.Join(dir, ".env"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"COZE_CLIENT_ID=" + got.ClientID, "COZE_PUBLIC_KEY=" + got.KeyID} {
		if !strings.Contains(string(text), line+"\n") {
			t.Errorf("node read %s from\n%s", line, text)
		}
	}
	if !got.HasToken || got.TokenType != "Bearer" || time.Until(got.ExpiresAt) <= 0 {
		t.Errorf("the token is %+v", got)
	}
}

// The snippet of the last step runs as it is.
func TestNodeSnippetRuns(t *testing.T) {
	t.Parallel()
	node := install(t)
	dir, env := t.TempDir(), append(os.Environ(), home(t)...)
	sandbox := exec.Command(build(t, "."), "sandbox", "--addr", "127.0.0.1:0", "--json")
	sandbox.Env = env
	serve(t, sandbox)
	for _, names := range []credentials.Convention{credentials.Default, credentials.SDK} {
		init := exec.Command(build(t, "."), "init", "--dir", dir, "--region", "sandbox", "--env-names", string(names), "--no-input", "--yes")
		init.Env = env
		if out, err := init.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		code, _ := snippet.Project{Dir: node, Convention: names, EnvPath: filepath.Join(dir, ".env")}.Look().In(i18n.English, "") // the folder has a package.json
		app := filepath.Join(node, t.Name()+".mjs")
		if err := os.WriteFile(app, []byte(code.Text+"console.log(token.access_token.length);\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		run := exec.Command("node", "--env-file=.env", app)
		run.Dir = dir
		if out, err := run.CombinedOutput(); err != nil || strings.TrimSpace(string(out)) != "64" {
			t.Errorf("%s in %s: %v: %s", names, code.Language, err, out)
		}
	}
}

// Node's own crypto verifies what is signed here.
func TestNodeCryptoVerifiesTheAssertion(t *testing.T) {
	t.Parallel()
	needNode(t)
	dir, env := t.TempDir(), append(os.Environ(), home(t)...)
	run := func(args ...string) (stdout string, code int) {
		t.Helper()
		cmd := exec.Command(build(t, "."), append(args, "--dir", dir)...)
		cmd.Env, cmd.Stderr = env, io.Discard
		out, _ := cmd.Output()
		return string(out), cmd.ProcessState.ExitCode()
	}
	run("keygen")
	base := serve(t, exec.Command("node", "testdata/node/endpoint.mjs", testAppID, testKeyID, filepath.Join(dir, "config", "public_key.pem")))
	out, code := run("init", "--api-base", base, "--no-input", "--app-id", testAppID, "--key-id", testKeyID, "--yes", "--json")
	if code != 0 || !strings.Contains(out, `"ok": true`) || !strings.Contains(out, "20261123node") {
		t.Errorf("exit code %d: %s", code, out)
	}
	if out, _ := run("token"); out != "from_node_crypto\n" {
		t.Errorf("token is %q", out)
	}
	out, code = run("init", "--api-base", base, "--no-input", "--app-id", testAppID, "--key-id", "x"+testKeyID[1:], "--yes", "--json")
	if code != 3 || !strings.Contains(out, "kid_unknown") {
		t.Errorf("exit code %d: %s", code, out)
	}
}
