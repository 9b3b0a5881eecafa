//go:build e2e && unix

package main

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"cozejwt/internal/demofile"
	"cozejwt/internal/i18n"
	"cozejwt/internal/sandbox"
)

// The tests below do not run beside others: a browser takes what a machine has.

// A practice is a sandbox whose console is open in a browser.
type practice struct {
	t       *testing.T
	env     []string
	base    string
	actions io.Writer
	results *bufio.Scanner
}

func newPractice(t *testing.T) *practice {
	t.Helper()
	node := install(t)
	chromium := os.Getenv("CHROMIUM")
	if chromium == "" {
		chromium = "/usr/bin/chromium"
	}
	if _, err := exec.LookPath(chromium); err != nil {
		giveUp(t, "Chromium is not installed here")
	}
	p := &practice{t: t, env: home(t)}
	browser := exec.Command("node", filepath.Join(node, "console.mjs"), p.serve())
	browser.Stderr = os.Stderr
	stdin, err := browser.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := browser.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := browser.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stdin.Close() // ends it
		_ = browser.Wait()
	})
	p.actions, p.results = stdin, bufio.NewScanner(stdout)
	p.results.Buffer(nil, 1<<20)
	return p
}

// serve starts the sandbox and returns the address of its console.
func (p *practice) serve() string {
	t := p.t
	t.Helper()
	serving := exec.Command(build(t, "."), "sandbox", "--addr", "127.0.0.1:0", "--json")
	serving.Env = append(os.Environ(), p.env...)
	out, err := serving.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = serving.Process.Kill()
		_ = serving.Wait()
	})
	if err := serving.Start(); err != nil {
		t.Fatal(err)
	}
	var at struct {
		Base    string `json:"api_base"`
		Console string `json:"console"`
	}
	if err := json.NewDecoder(out).Decode(&at); err != nil {
		t.Fatal(err)
	}
	p.base = at.Base
	return at.Console
}

// do does something in the browser and returns what came of it.
func (p *practice) do(action ...string) map[string]any {
	p.t.Helper()
	if _, err := io.WriteString(p.actions, strings.Join(action, "\t")+"\n"); err != nil {
		p.t.Fatal(err)
	}
	if !p.results.Scan() {
		p.t.Fatalf("%s: the browser ended", action)
	}
	var result map[string]any
	if err := json.Unmarshal(p.results.Bytes(), &result); err != nil || result["error"] != nil {
		p.t.Fatalf("%s: %s, %v", action, p.results.Text(), err)
	}
	return result
}

func (p *practice) run(args ...string) (out string, code int) {
	p.t.Helper()
	cmd := exec.Command(build(p.t, "."), args...)
	cmd.Env = append(os.Environ(), p.env...)
	text, _ := cmd.CombinedOutput()
	return string(text), cmd.ProcessState.ExitCode()
}

func TestTheConsoleByHandEndsInALiveToken(t *testing.T) {
	p := newPractice(t)
	dir := t.TempDir()
	app := p.do("create", "by hand", "Normal", "Service app")["app_id"].(string)
	key := p.do("key", app, dir)
	p.do("authorize", app)
	out, code := p.run("init", "--dir", dir, "--region", "sandbox", "--no-input", "--yes", "--app-id", app, "--import-key", key["download"].(string), "--json")
	if code != 0 || !strings.Contains(out, `"ok": true`) || !strings.Contains(out, key["key_id"].(string)) {
		t.Fatalf("exit code %d: %s", code, out)
	}
	wantSet(t, filepath.Join(dir, ".env"))

	// The official SDK works with it.
	node := exec.Command(build(t, "."), "exec", "--dir", dir, "--", "node", filepath.Join(install(t), "chat.mjs"))
	node.Env = append(os.Environ(), p.env...)
	if out, err := node.CombinedOutput(); err != nil || !strings.Contains(string(out), `{"workspace":"Sandbox","bot":"Echo","said":"hello from the SDK","last":"done"}`) {
		t.Errorf("%v: %s", err, out)
	}
}

func TestTheWizardNoticesWhatIsDoneInTheBrowser(t *testing.T) {
	p := newPractice(t)
	dir := t.TempDir()
	term := start(t, answering, 80, 24, p.env, build(t, "."), "--region", "sandbox", "--dir", dir)
	term.wait("create it yourself in the browser")
	app := p.do("create", "by hand", "Normal", "Service app")["app_id"].(string)
	p.do("authorize", app)
	term.wait("The sandbox has the app " + app)
	term.press("\r")
	term.wait(stepLine(3))
	term.press("\r")
	term.wait("add it yourself in the browser")
	key := p.do("upload", app, filepath.Join(dir, "config", "public_key.pem"))["key_id"].(string)
	term.wait("has this public key")
	term.press("\r")
	term.wait(stepLine(5))
	term.wait(app)
	term.press("\r")
	term.wait(stepLine(6))
	term.wait(key)
	term.press("\r")
	term.wait(stepLine(7))
	term.press("\r")
	term.wait("✓ The sandbox issued an access token")
}

// Select all ticks a group and the workspaces, and the shared link opens the dialog, in each language.
func TestAllOfAGroupIsSelectedAndTheLinkIsShared(t *testing.T) {
	p := newPractice(t)
	for _, locale := range []string{"en-US", "zh-CN"} {
		app := p.do("create", "by hand "+locale, "Normal", "Service app")["app_id"].(string)
		done := p.do("select", app, locale)
		if n := done["count"].(float64); n < 6 || !reflect.DeepEqual(done["steps"], []any{0.0, n, false, true, true}) {
			t.Errorf("%s: %v", locale, done)
		}
		apps, err := sandbox.Client{Base: p.base}.Apps(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		made := apps[len(apps)-1]
		if made.ID != app || !made.Authorized || len(made.Workspaces) != len(sandbox.Workspaces) || len(made.Granted) != int(done["count"].(float64)) || !slices.Contains(made.Granted, "createBot") {
			t.Errorf("%s: the app is %+v", locale, made)
		}
	}
}

// The zip of the console becomes a profile, and answers the key step, with its ids.
func TestTheDemoFileIsImportedWithItsKey(t *testing.T) {
	p := newPractice(t)
	dir := t.TempDir()
	app := p.do("create", "by hand", "Normal", "Service app")["app_id"].(string)
	p.do("authorize", app)
	file := p.do("demo", app, dir)["download"].(string)
	out, code := p.run("import", file, "--dir", dir, "--profile", "demo", "--no-input")
	if code != 0 || !strings.Contains(out, "The console made a new key for this download: Key ID ") {
		t.Fatalf("exit code %d: %s", code, out)
	}
	if out, code := p.run("verify", "--dir", dir, "--profile", "demo", "--call"); code != 0 {
		t.Errorf("exit code %d: %s", code, out)
	}
	if out, code := p.run("init", "--dir", dir, "--import-key", file, "--no-input", "--yes"); code != 0 || !strings.Contains(out, "The demo file made a key of its own") {
		t.Errorf("exit code %d: %s", code, out)
	}
	config, err := demofile.Config(file)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, demofile.ConfigName)
	if err := os.WriteFile(path, config, 0o600); err != nil {
		t.Fatal(err)
	}
	for sdk, program := range map[string]func(*testing.T, string) (*exec.Cmd, error){
		"@coze/api": nodeDemo, "coze-go": goDemo, "cozepy": pythonDemo,
	} {
		cmd, err := program(t, path)
		if err != nil {
			t.Logf("%s cannot be had here: %v", sdk, err)
			continue
		}
		if got := strings.TrimSpace(output(t, cmd)); got != app {
			t.Errorf("%s gets a token of %q, want %q", sdk, got, app)
		}
		row(t, sdk, "gets a token with the coze_oauth_config.json of the demo file")
	}
}

func nodeDemo(t *testing.T, config string) (*exec.Cmd, error) {
	return exec.Command("node", filepath.Join(install(t), "sdk.mjs"), "json", config), nil
}

// goDemo is an error where the module proxy does not have coze-go.
func goDemo(t *testing.T, config string) (*exec.Cmd, error) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/demo")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module demo\n\ngo 1.22\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	goTool := func(args ...string) error {
		cmd := exec.Command("go", args...)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
		return tool(cmd)
	}
	if err := goTool("get", "github.com/coze-dev/coze-go"); err != nil {
		return nil, err
	}
	if err := goTool("build", "-o", "demo", "."); err != nil {
		t.Fatal(err)
	}
	return exec.Command(filepath.Join(dir, "demo"), config), nil
}

// pythonDemo is an error where cozepy is not installed.
func pythonDemo(t *testing.T, config string) (*exec.Cmd, error) {
	t.Helper()
	return exec.Command("python3", "testdata/demo/main.py", config), tool(exec.Command("python3", "-c", "import cozepy"))
}

// troubleCauses are what verify says of each failure of the panel.
var troubleCauses = map[sandbox.TroubleKind]string{
	sandbox.TroubleClock: "clock", sandbox.TroubleKey: "The key was deleted or replaced", sandbox.TroublePermission: "may not read",
	sandbox.TroubleDisabled: "The app is disabled", sandbox.TroubleLogin: "login has expired", sandbox.TroubleRate: "Too many requests",
	sandbox.TroubleServer: "Coze has a problem of its own", sandbox.TroubleSlow: "timed out", sandbox.TroublePortal: "is not the Coze API",
	sandbox.TroubleDelay: "checks passed", // nothing was changed
}

// Each wrong choice, and each failure of the panel, is told apart by verify.
func TestWrongChoicesEndInTheirOwnDiagnosis(t *testing.T) {
	p := newPractice(t)
	set := func(dir, app string) {
		t.Helper()
		if out, code := p.run("init", "--dir", dir, "--region", "sandbox", "--no-input", "--yes", "--app-id", app, "--skip-test"); code != 0 {
			t.Fatalf("exit code %d: %s", code, out)
		}
	}
	wants := func(what, dir, cause string, want int, flags ...string) {
		t.Helper()
		out, code := p.run(append([]string{"verify", "--dir", dir, "--call"}, flags...)...)
		if flat := strings.Join(strings.Fields(out), " "); code != want || !strings.Contains(flat, cause) {
			t.Errorf("%s: exit code %d, want %d and %q:\n%s", what, code, want, cause, out)
		}
	}
	for _, choice := range [][3]string{
		{"Connector", "Service app", "The app type is Connector"},
		{"Enterprise privilege", "Service app", "app type or client type is wrong"},
		{"Normal", "Web app", "app type or client type is wrong"},
		{"Normal", "Mobile or desktop app", "app type or client type is wrong"},
		{"Normal", "Service app", "The app was never authorized"},
	} {
		dir := t.TempDir()
		set(dir, p.do("create", choice[0]+" "+choice[1], choice[0], choice[1])["app_id"].(string))
		wants(choice[0]+", "+choice[1], dir, choice[2], 3)
	}
	dir := t.TempDir()
	app := p.do("create", "good", "Normal", "Service app")["app_id"].(string)
	p.do("authorize", app)
	set(dir, app)
	wants("nothing", dir, "checks passed", 0)
	for _, kind := range sandbox.Troubles {
		p.do("fail", string(kind))
		cause, code := troubleCauses[kind], 3
		switch kind {
		case sandbox.TroublePermission, sandbox.TroubleDelay:
			code = 0 // a warning: the token itself is good
		case sandbox.TroubleSlow:
			wants(string(kind), dir, cause, 4, "--timeout", "1s") // it answers after 10
			continue
		case sandbox.TroubleRate, sandbox.TroubleServer, sandbox.TroublePortal:
			code = 4
		}
		wants(string(kind), dir, cause, code)
	}
}

func TestTheConsoleIsForEveryone(t *testing.T) {
	p := newPractice(t)
	app := p.do("create", "by hand", "Normal", "Service app")["app_id"].(string)
	p.do("key", app, t.TempDir())
	p.do("authorize", app)
	for _, v := range p.do("audit", app, os.Getenv("SCREENSHOTS"))["violations"].([]any) {
		t.Error(v)
	}
}

// Each action is confirmed once, where the focus is, in each language.
func TestTheConsoleConfirmsEachAction(t *testing.T) {
	p := newPractice(t)
	for locale, lang := range map[string]i18n.Language{"en-US": i18n.English, "zh-CN": i18n.Chinese} {
		want := []any{"status " + lang.Text("console.done.create"), "again 0", "copied " + lang.Text("console.copied"), "status " + lang.Text("console.create_key.done")}
		for _, done := range []string{"permissions", "authorize", "disable", "enable", "keys.delete", "delete"} {
			want = append(want, "status "+lang.Text("console.done."+done))
		}
		if said := p.do("confirm", "confirmed "+locale, locale)["said"]; !reflect.DeepEqual(said, want) {
			t.Errorf("the console says %q, want %q", said, want)
		}
	}
}

// Without JavaScript, each thing that cannot work says so and is not shown.
func TestTheConsoleSaysWhatNeedsJavaScript(t *testing.T) {
	p := newPractice(t)
	app := p.do("create", "by hand", "Normal", "Service app")["app_id"].(string)
	at := "/open/oauth/apps/APP"
	want := map[string]any{at: 4.0, at + "?authorize": 5.0, "/open/requests": 1.0}
	if got := p.do("noscript", app); !reflect.DeepEqual(got, want) {
		t.Errorf("without JavaScript: %v, want %v", got, want)
	}
}

func TestAPageOfAnotherOriginReachesNothing(t *testing.T) {
	p := newPractice(t)
	for what, got := range p.do("intrude") {
		if got != "refused" && got != "unreadable" {
			t.Errorf("%s: the page read %v", what, got)
		}
	}
	apps, err := sandbox.Client{Base: p.base}.Apps(t.Context())
	if err != nil || len(apps) != 0 {
		t.Errorf("the page made %v, %v", apps, err)
	}
}
