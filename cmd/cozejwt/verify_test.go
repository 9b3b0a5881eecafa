//go:build unix

package main

import (
	"crypto/x509"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cozejwt/internal/coze"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/internal/testkey"
	"cozejwt/internal/verification"
)

func TestVerifyNamesWhatIsBroken(t *testing.T) {
	t.Parallel()
	for _, test := range broken {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := newProject(t)
			test.damage(p)
			r, code := p.verify()
			if got := strings.Join(r.bad(), ", "); got != test.bad {
				t.Errorf("failed: %s, want %s", got, test.bad)
			}
			if !strings.Contains(r.said(), test.says) {
				t.Errorf("it says %q, want %q", r.said(), test.says)
			}
			if code != test.exit || r.OK != (code == 0) {
				t.Errorf("exit code %d, ok %v; want %d", code, r.OK, test.exit)
			}
		})
	}
}

func TestVerifyOfAGoodSetIsAllPasses(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	p.git("init", "-q")
	p.write(".gitignore", ".env\nconfig/private*\n")
	r, code := p.verify()
	for _, c := range r.Checks {
		want := "pass"
		if c.ID == "token.permission" || c.ID == "api.call" { // none is asked for
			want = "skip"
		}
		if c.Status != want {
			t.Errorf("%s is %s, want %s: %s", c.ID, c.Status, want, c.Detail)
		}
	}
	if code != 0 || !r.OK || len(r.Checks) < 16 {
		t.Errorf("exit code %d, ok %v, %d checks", code, r.OK, len(r.Checks))
	}
}

// A work tree can be on a machine without git, as behind a graphical client.
func TestVerifySaysThatGitIsNotThereToAsk(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	p.git("init", "-q")
	p.env = append(p.env, "PATH="+t.TempDir())
	r, code := p.verify()
	for _, c := range r.Checks {
		if strings.HasSuffix(c.ID, ".ignored") && (c.Status != "skip" || !strings.Contains(c.Detail, "git is not installed")) {
			t.Errorf("%s is %s: %s", c.ID, c.Status, c.Detail)
		}
	}
	if code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
}

// Every request that verify makes goes through one server; offline there is
// none, though the proxy of every scheme leads to it as well.
func TestVerifyOfflineTouchesNoNetwork(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	trap := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("a request went out: %s %s", r.Method, r.URL)
	}))
	defer trap.Close()
	p.set("COZE_API_BASE", trap.URL)
	p.env = append(p.env, "HTTP_PROXY="+trap.URL, "HTTPS_PROXY="+trap.URL)
	r, code := p.verify("--offline")
	if code != 0 || !r.OK || len(r.bad()) > 0 {
		t.Errorf("exit code %d, bad %v", code, r.bad())
	}
	for _, c := range r.Checks {
		if c.ID == "token.exchange" || c.ID == "api.reachable" {
			t.Errorf("%s was made offline", c.ID)
		}
	}
}

func TestVerifyYesFixesWhatItMayAndNothingElse(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	p.git("init", "-q")
	p.privateKey(pemOf("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(testkey.RSA())))
	p.chmod("config/private_key.pem", 0o644)
	p.write(".env", "# mine\nA=1\n"+p.read(".env"))
	p.set("COZE_API_BASE", p.coze.Base+"/v1")
	p.chmod(".env", 0o644)
	before := p.read("config/private_key.pem")
	r, code := p.verify("--yes")
	if code != 0 || !r.OK || len(r.bad()) > 0 {
		t.Errorf("exit code %d, bad %v", code, r.bad())
	}
	if got := p.read(".gitignore"); got != "/.env\n/.env.tmp-*\n/config/private_key*.pem*\n" {
		t.Errorf(".gitignore is %q", got)
	}
	want := fmt.Sprintf("# mine\nA=1\nCOZE_CLIENT_ID=%s\nCOZE_PUBLIC_KEY=%s\nCOZE_PRIVATE_KEY_PATH=config/private_key.pem\nCOZE_API_BASE=%s\n", p.app, p.key, p.coze.Base)
	if got := p.read(".env"); got != want {
		t.Errorf(".env is\n%s, want\n%s", got, want)
	}
	copies, _ := filepath.Glob(p.path("config/private_key.pem.bak-*"))
	if len(copies) != 1 {
		t.Fatalf("copies of the key: %v", copies)
	}
	if data, _ := os.ReadFile(copies[0]); string(data) != before {
		t.Error("the copy is not the old key")
	}
}

func TestVerifyWithoutYesChangesNothing(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	p.chmod("config/private_key.pem", 0o644)
	if _, code := p.verify(); code != 3 {
		t.Errorf("exit code %d", code)
	}
	if info, _ := os.Stat(p.path("config/private_key.pem")); info.Mode().Perm() != 0o644 {
		t.Errorf("mode became %o", info.Mode().Perm())
	}
}

func TestVerifyAllChecksEachProfile(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	p.write(".env.staging", strings.Replace(p.read(".env"), p.app, "999999999999", 1))
	p.write(".env.example", "COZE_CLIENT_ID=your_id\n")
	r, code := p.verify("--all")
	if got := strings.Join(r.bad(), ", "); got != "token.exchange fail" || code != 3 {
		t.Errorf("failed: %s, exit code %d", got, code)
	}
	if len(r.Checks) != 56 {
		t.Errorf("%d checks, want those of two sets", len(r.Checks))
	}
	if r, _ = p.verify("--all", "--profile", "staging"); len(r.Checks) != 56 {
		t.Errorf("from a profile: %d checks, want those of the same two sets", len(r.Checks))
	}
}

func TestVerifyOnATerminalIsALiveList(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	p.chmod(".env", 0o644)
	term := start(t, answering, 80, 24, p.env, build(t, "."), "verify", "--dir", p.dir)
	term.wait("❯ ! .env file mode")
	term.press("f")
	term.wait("Fix it? [y/N]")
	term.press("y")
	term.wait("24 checks passed, 4 skipped.")
	term.press("q")
	if code := term.exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	wantRestored(t, term)
	if !strings.Contains(term.text(), "✓ Coze") {
		t.Errorf("nothing is left in the scrollback:\n%s", term.text())
	}
}

func TestVerifyLeadsToTheStepThatCorrectsARefusedKeyID(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	p.set("COZE_PUBLIC_KEY", testKeyID)
	term := start(t, answering, 80, 24, p.env, build(t, "."), "verify", "--dir", p.dir)
	term.wait("f fix")
	term.press("f")
	term.wait("kid not been registred") // the reason comes along
	p.correctKeyID(term)
	term.press("\r")
	term.wait("Step 9/9  Done")
	term.press("\r")
	if code := term.exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if env := p.read(".env"); !strings.Contains(env, "COZE_PUBLIC_KEY="+p.key+"\n") {
		t.Errorf("the .env is\n%s", env)
	}
}

// correctKeyID answers the wizard, which has opened at the Key ID, up to the token.
func (p *project) correctKeyID(term *terminal) {
	p.t.Helper()
	term.wait("Step 6/9  Key ID")
	term.press("\x15")
	term.paste(p.key)
	term.wait("✓ 43 characters")
	term.press("\r")
	term.wait("Step 7/9  Review")
	term.press("\r")
	term.wait("✓ Coze issued an access token")
}

func TestARefusedSwitchLeadsToTheStepThatCorrectsTheProfile(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	p.write(".env.staging", strings.ReplaceAll(p.read(".env"), p.key, testKeyID))
	before := p.read(".env")
	term := start(t, answering, 80, 24, p.env, build(t, "."), "use", "--dir", p.dir)
	term.wait("Step 1/4  Profile")
	term.press("\r")
	term.wait("f fix")
	term.press("f")
	term.wait(".env.staging")
	p.correctKeyID(term)
	term.press("\x03")
	term.exit()
	if p.read(".env") != before {
		t.Error("the .env has changed")
	}
	if env := p.read(".env.staging"); !strings.Contains(env, "COZE_PUBLIC_KEY="+p.key+"\n") {
		t.Errorf(".env.staging is\n%s", env)
	}
}

func TestABugReportHasNoIDs(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	a := &app{lang: i18n.Reader{Language: i18n.English}}
	text := a.bugReport([]verification.Result{
		{ID: "app_id.shape", Status: verification.Pass, Seen: []string{"value", p.app}},
		{ID: "key_id.shape", Status: verification.Pass, Seen: []string{"value", p.key}},
		{ID: "token.exchange", Status: verification.Pass, Seen: []string{"token", "abcdefgh…", "expires", "x", "log_id", "y"}},
	})
	for _, secret := range []string{p.app, p.key, "abcdefgh"} {
		if strings.Contains(text, secret) {
			t.Errorf("the report shows %s:\n%s", secret, text)
		}
	}
}

// Most refusals of the real service have never been seen by who writes this: a report has their words.
func TestABugReportHasTheWordsOfARefusal(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	a := &app{lang: i18n.Reader{Language: i18n.English}}
	refused := &coze.Refusal{Status: 401, Code: "invalid_client", Message: "app " + p.app + " is odd", LogID: "2026x", Request: "POST /api/permission/oauth2/token"}
	call := &coze.Refusal{Status: 403, Code: "4101", Message: "no way", Request: "GET /v1/workspaces"}
	d := diagnosis.Diagnose(refused, diagnosis.Facts{})
	text := a.bugReport([]verification.Result{
		{ID: "app_id.shape", Status: verification.Pass, Seen: []string{"value", p.app}},
		{ID: "token.exchange", Status: verification.Fail, Diagnosis: &d, Fault: fault.Invalid("token.refused").Because(refused)},
		{ID: "api.call", Status: verification.Warn, Fault: fault.Invalid("api.refused").Because(call)},
	})
	for _, words := range []string{
		"answered POST /api/permission/oauth2/token with HTTP 401", "\napp " + masked(p.app) + " is odd\ncode invalid_client, logid 2026x\n",
		"answered GET /v1/workspaces with HTTP 403", "\nno way\ncode 4101, logid -\n",
	} {
		if !strings.Contains(text, words) {
			t.Errorf("the report lacks %q:\n%s", words, text)
		}
	}
}

func TestABarCountsProfilesAndLeavesTheTable(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	p.write(".env.good", p.read(".env"))
	p.write(".env.bad", strings.ReplaceAll(p.read(".env"), p.key, testKeyID))
	term := start(t, answering, 80, 24, p.env, build(t, "."), "profiles", "--test", "--dir", p.dir)
	if code := term.exit(); code != 3 {
		t.Errorf("exit code %d, want 3", code)
	}
	for _, count := range []string{" 0/3", " 1/3", " 2/3"} {
		if !strings.Contains(term.output(), count) {
			t.Errorf("the bar never shows %s:\n%q", count, term.output())
		}
	}
	screen := term.text()
	if strings.Contains(screen, "/3") || !strings.Contains(screen, "NAME") || !strings.Contains(screen, "kid not been registred") {
		t.Errorf("the screen at the end:\n%s", screen)
	}
}
