//go:build unix

package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cozejwt/internal/i18n"
	"cozejwt/internal/testkey"
	"cozejwt/internal/verification"
	"cozejwt/keygen"
)

func pemOf(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func pkcs8(key any) string {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic(err)
	}
	return pemOf("PRIVATE KEY", der)
}

var (
	secondKey = sync.OnceValue(testkey.New)
	good      = func() string { return pkcs8(testkey.RSA()) }
	publicPEM = func() string { return string(keygen.EncodePublic(&testkey.RSA().PublicKey)) }
)

// broken are set-ups that people have: what is done to a good one, which
// checks fail or warn for it and no others, what is said first, and the exit
// code where it is not 3.
var broken = []struct {
	name   string
	damage func(*project)
	bad    string // "id status" of each, separated by commas
	says   string
	exit   int
}{
	// The file.
	{"no .env", func(p *project) { os.Remove(p.path(".env")) }, "env.exists fail", "cozejwt init", 3},
	{".env is a folder", func(p *project) { os.Remove(p.path(".env")); os.Mkdir(p.path(".env"), 0o755) }, "env.exists fail", "is a folder", 3},
	{"a line that is no pair", func(p *project) { p.write(".env", "A=1\nnonsense\n"+p.read(".env")) }, "env.readable fail", "line 2", 3},
	{"a quote never closed", func(p *project) { p.write(".env", "A=\"x\n"+p.read(".env")) }, "env.readable fail", "line 1", 3},
	{"starts with a BOM", func(p *project) { p.write(".env", "\ufeff"+p.read(".env")) }, "env.encoding warn", "starts with a BOM", 0},
	{"CRLF line endings", func(p *project) { p.write(".env", strings.ReplaceAll(p.read(".env"), "\n", "\r\n")) }, "env.encoding warn", "CRLF line endings", 0},
	{"App ID twice", func(p *project) { p.write(".env", "COZE_CLIENT_ID=1\n"+p.read(".env")) }, "env.twice warn", "duplicate COZE_CLIENT_ID", 0},
	{"App ID missing", func(p *project) { p.write(".env", strings.Replace(p.read(".env"), "COZE_CLIENT_ID", "X", 1)) }, "env.complete fail", "COZE_CLIENT_ID is missing", 3},
	{"Key ID missing", func(p *project) { p.write(".env", strings.Replace(p.read(".env"), "COZE_PUBLIC_KEY", "X", 1)) }, "env.complete fail", "COZE_PUBLIC_KEY is missing", 3},
	{"key path missing", func(p *project) { p.write(".env", strings.Replace(p.read(".env"), "COZE_PRIVATE_KEY_PATH", "X", 1)) }, "env.complete fail", "COZE_PRIVATE_KEY_PATH is missing", 3},
	{"API base missing", func(p *project) { p.write(".env", strings.Replace(p.read(".env"), "COZE_API_BASE", "X", 1)) }, "env.complete fail", "COZE_API_BASE is missing", 3},
	{"App ID empty", func(p *project) { p.set("COZE_CLIENT_ID", "") }, "env.complete fail", "COZE_CLIENT_ID is missing or empty", 3},
	{"nothing of ours", func(p *project) { p.write(".env", "A=1\n") }, "env.complete fail", "COZE_CLIENT_ID, COZE_PUBLIC_KEY", 3},
	{"readable by all", func(p *project) { p.chmod(".env", 0o644) }, "env.mode warn", "chmod 600", 0},
	{"not ignored by git", func(p *project) { p.git("init", "-q"); p.write(".gitignore", "*.pem\n") }, "env.ignored warn", "cozejwt verify --dir", 0},
	{"tracked by git", func(p *project) { p.git("init", "-q"); p.write(".gitignore", "*.pem\n"); p.git("add", ".env") }, "env.ignored fail", "git rm --cached", 3},
	{"in the git history", func(p *project) {
		p.git("init", "-q")
		p.write(".gitignore", "*.pem\n")
		p.git("add", ".env")
		p.git("commit", "-qm", "oops")
		p.git("rm", "-q", "--cached", ".env")
		p.write(".gitignore", "*.pem\n.env\n")
		p.git("commit", "-qm", "undo")
	}, "env.ignored fail", "rotate", 3},
	{".env.local says otherwise", func(p *project) { p.write(".env.local", "COZE_CLIENT_ID=999999999999\n") }, "env.conflict warn", ".env.local: COZE_CLIENT_ID differs", 0},
	{".env.production, same app, another key", func(p *project) {
		p.write(".env.production", strings.Replace(p.read(".env"), p.key, testkey.KeyID, 1))
	}, "env.conflict warn", "COZE_PUBLIC_KEY differs", 0},
	{"the shell overrides", func(p *project) { p.env = append(p.env, "COZE_PUBLIC_KEY=other") }, "env.shadowed warn", "unset COZE_PUBLIC_KEY", 0},

	// The App ID.
	{"Key ID as App ID", func(p *project) { p.set("COZE_CLIENT_ID", testkey.KeyID) }, "app_id.shape fail", "this is a Key ID", 3},
	{"masked App ID", func(p *project) { p.set("COZE_CLIENT_ID", "'1234***0123'") }, "app_id.shape fail", "masked", 3},
	{"placeholder App ID", func(p *project) { p.set("COZE_CLIENT_ID", "your_client_id") }, "app_id.shape fail", "placeholder", 3},
	{"full-width App ID", func(p *project) { p.set("COZE_CLIENT_ID", "１２３４５６７８９０１２３") }, "app_id.shape fail", "COZE_CLIENT_ID=1234567890123", 3},
	{"space around the App ID", func(p *project) { p.set("COZE_CLIENT_ID", `" `+p.app+` "`) }, "app_id.shape fail", "more than the value", 3},
	{"quotes inside the App ID", func(p *project) { p.set("COZE_CLIENT_ID", `'"`+p.app+`"'`) }, "app_id.shape fail", "more than the value", 3},
	{"invisible character in the App ID", func(p *project) { p.set("COZE_CLIENT_ID", p.app+"\u200b") }, "app_id.shape fail", "invisible", 3},
	{"token as App ID", func(p *project) { p.set("COZE_CLIENT_ID", "pat_abcdefghijklmnop") }, "app_id.shape fail", "this is a token", 3},
	{"odd App ID", func(p *project) { p.set("COZE_CLIENT_ID", "777") }, "app_id.shape warn, token.exchange fail", "kid not been registred", 3},

	// The Key ID.
	{"App ID as Key ID", func(p *project) { p.set("COZE_PUBLIC_KEY", p.app) }, "key_id.shape fail", "this is an App ID", 3},
	{"App ID and Key ID swapped", func(p *project) { p.set("COZE_PUBLIC_KEY", p.app); p.set("COZE_CLIENT_ID", p.key) }, "app_id.shape fail, key_id.shape fail", "this is a Key ID", 3},
	{"public key as Key ID", func(p *project) { p.set("COZE_PUBLIC_KEY", `"`+publicPEM()+`"`) }, "key_id.shape fail", "this is a public key", 3},
	{"private key as Key ID", func(p *project) { p.set("COZE_PUBLIC_KEY", `"`+good()+`"`) }, "key_id.shape fail", "this is a private key", 3},
	{"path as Key ID", func(p *project) { p.set("COZE_PUBLIC_KEY", "config/public_key.pem") }, "key_id.shape fail", "file path", 3},
	{"masked Key ID", func(p *project) { p.set("COZE_PUBLIC_KEY", "'_Abc****EFG'") }, "key_id.shape fail", "masked", 3},
	{"placeholder Key ID", func(p *project) { p.set("COZE_PUBLIC_KEY", "'<key id>'") }, "key_id.shape fail", "placeholder", 3},
	{"space inside the Key ID", func(p *project) { p.set("COZE_PUBLIC_KEY", "'abc def'") }, "key_id.shape fail", "space inside", 3},
	{"odd Key ID", func(p *project) { p.set("COZE_PUBLIC_KEY", "key-seven") }, "key_id.shape warn, token.exchange fail", "Paste the fingerprint", 3},

	// The API base.
	{"www in place of api", func(p *project) { p.set("COZE_API_BASE", "https://www.coze.cn") }, "api.base fail", "Use https://api.coze.cn", 3},
	{"plain http", func(p *project) { p.set("COZE_API_BASE", "http://api.coze.cn") }, "api.base fail", "Use https://api.coze.cn", 3},
	{"path behind the host", func(p *project) { p.set("COZE_API_BASE", p.coze.Base+"/v1") }, "api.base fail", "must be a host without a path", 3},
	{"slash at the end", func(p *project) { p.set("COZE_API_BASE", p.coze.Base+"/") }, "api.base warn", "second slash", 0},
	{"no scheme", func(p *project) { p.set("COZE_API_BASE", "api.coze.cn") }, "api.base fail", "not an https:// URL", 3},

	// The private key.
	{"no key file", func(p *project) { os.RemoveAll(p.path("config")) }, "key.exists fail", "not found", 3},
	{"key file of a near name", func(p *project) { os.Rename(p.path("config/private_key.pem"), p.path("config/private_key.pem1")) }, "key.exists fail", "private_key.pem1", 3},
	{"key path is a folder", func(p *project) { p.set("COZE_PRIVATE_KEY_PATH", "config"); p.chmod("config", 0o700) }, "key.format fail", "not a regular file", 3},
	{"empty key", func(p *project) { p.privateKey("") }, "key.format fail", "the file is empty", 3},
	{"public key as private", func(p *project) { p.privateKey(publicPEM()) }, "key.format fail", "this is a public key", 3},
	{"encrypted key", func(p *project) { p.privateKey(pemOf("ENCRYPTED PRIVATE KEY", []byte{48, 0})) }, "key.format fail", "passphrase", 3},
	{"EC key", func(p *project) {
		key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		p.privateKey(pkcs8(key))
	}, "key.format fail", "type EC", 3},
	{"Ed25519 key", func(p *project) {
		_, key, _ := ed25519.GenerateKey(rand.Reader)
		p.privateKey(pkcs8(key))
	}, "key.format fail", "type Ed25519", 3},
	{"OpenSSH key", func(p *project) { p.privateKey(pemOf("OPENSSH PRIVATE KEY", []byte("openssh-key-v1\x00"))) }, "key.format fail", "OpenSSH", 3},
	{"certificate", func(p *project) { p.privateKey(pemOf("CERTIFICATE", []byte{48, 0})) }, "key.format fail", "certificate", 3},
	{"cut off key", func(p *project) { p.privateKey(good()[:900]) }, "key.format fail", "damaged", 3},
	{"prose", func(p *project) { p.privateKey("ask Bob") }, "key.format fail", "no key inside", 3},
	{"1024 bits", func(p *project) { p.privateKey(pkcs8(testkey.Size(1024))) }, "key.strength fail", "1024 bits", 3},
	{"PKCS#1", func(p *project) {
		p.privateKey(pemOf("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(testkey.RSA())))
	}, "key.format fail", "PKCS#1", 3},
	{"key in one line with \\n", func(p *project) { p.privateKey(strings.ReplaceAll(good(), "\n", `\n`)) }, "key.format warn", "escaped newlines", 0},
	{"key with Windows line ends", func(p *project) { p.privateKey(strings.ReplaceAll(good(), "\n", "\r\n")) }, "key.format warn", "windows lines", 0},
	{"key with garbage behind it", func(p *project) { p.privateKey(good() + "garbage\n") }, "key.format warn", "extra text", 0},
	{"key in quotes", func(p *project) { p.privateKey(`"` + good() + `"`) }, "key.format warn", "quoted", 0},
	{"key readable by all", func(p *project) { p.chmod("config/private_key.pem", 0o644) }, "key.mode fail", "others on this machine", 3},
	{"key readable by the group", func(p *project) { p.chmod("config/private_key.pem", 0o640) }, "key.mode fail", "chmod 600", 3},
	{"public key of another pair", func(p *project) {
		p.write("config/public_key.pem", string(keygen.EncodePublic(&secondKey().PublicKey)))
	}, "key.pair fail", "not the public key of", 3},
	{"private key as public", func(p *project) { p.write("config/public_key.pem", good()) }, "key.pair warn", "Do not upload it", 0},
	{"key not ignored by git", func(p *project) { p.git("init", "-q"); p.write(".gitignore", ".env\n") }, "key.ignored fail", "cozejwt verify --dir", 3},
	{"key tracked by git", func(p *project) { p.git("init", "-q"); p.write(".gitignore", ".env\n"); p.git("add", "config") }, "key.ignored fail", "git rm --cached", 3},
	{"key in the git history", func(p *project) {
		p.git("init", "-q")
		p.git("add", "config")
		p.git("commit", "-qm", "oops")
		p.git("rm", "-q", "-r", "--cached", "config")
		p.write(".gitignore", ".env\nconfig/\n")
	}, "key.ignored fail", "in the git history", 3},

	// The way to the service.
	{"nothing listens", func(p *project) { p.set("COZE_API_BASE", "http://127.0.0.1:1") }, "api.reachable fail", "connection refused", 4},
	{"no such host", func(p *project) { p.set("COZE_API_BASE", "https://no-such-host.invalid") }, "api.reachable fail", "host not found (DNS)", 4},
	{"captive portal", func(p *project) { p.answers(200, "text/html", "<!doctype html><title>Sign in</title>") }, "api.reachable fail", "is not the Coze API", 4},
	{"redirect", func(p *project) { p.answers(302, "text/html", "") }, "api.reachable fail", "redirects to", 4},
	{"bad gateway", func(p *project) { p.answers(502, "text/html", "<h1>Bad Gateway</h1>") }, "api.reachable fail", "server error (HTTP 502)", 4},
	{"untrusted TLS", func(p *project) {
		server := httptest.NewTLSServer(http.NotFoundHandler())
		p.t.Cleanup(server.Close)
		p.set("COZE_API_BASE", server.URL)
	}, "api.reachable fail", "certificate not trusted", 4},
	{"https where http is spoken", func(p *project) { p.set("COZE_API_BASE", strings.Replace(p.coze.Base, "http:", "https:", 1)) }, "api.reachable fail", "certificate not trusted", 4},
	{"timed out", func(p *project) {
		release := make(chan struct{})
		server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
		p.t.Cleanup(func() { close(release); server.Close() })
		p.set("COZE_API_BASE", server.URL)
		p.args = []string{"--timeout", "50ms"}
	}, "api.reachable fail", "timed out", 4},
	{"proxy that is down", func(p *project) {
		p.set("COZE_API_BASE", "https://api.coze.cn")
		p.env = append(p.env, "HTTPS_PROXY=http://127.0.0.1:1")
	}, "api.reachable fail", "the proxy failed", 4},
	{"a server that grants everything", func(p *project) { p.answers(200, "application/json", `{"access_token":"x"}`) }, "api.reachable fail", "this is not the Coze API", 3},
	{"clock off by 45 s", func(p *project) { p.skew.Store(int64(-45 * time.Second)) }, "clock.skew warn", "timedatectl", 0},
	{"clock off by ten minutes", func(p *project) { p.skew.Store(int64(10 * time.Minute)) }, "clock.skew fail", "timedatectl", 3},

	// The service's no.
	{"key never uploaded", func(p *project) { p.set("COZE_PUBLIC_KEY", testkey.KeyID) }, "token.exchange fail", "upload the public key", 3},
	{"App ID of another app", func(p *project) {
		other, err := p.coze.CreateApp(context.Background(), "other")
		if err != nil {
			p.t.Fatal(err)
		}
		p.set("COZE_CLIENT_ID", other)
	}, "token.exchange fail", "kid not been registred", 3},
	{"private key of another pair", func(p *project) {
		p.privateKey(pkcs8(secondKey()))
		p.write("config/public_key.pem", string(keygen.EncodePublic(&secondKey().PublicKey)))
	}, "token.exchange fail", "Use the Key ID of the matching public key", 3},
	{"app deactivated", func(p *project) { p.change(`{"deactivated":true}`) }, "token.exchange fail", "Enable it in the console", 3},
	{"app never authorised", func(p *project) { p.change(`{"authorised":false}`) }, "token.exchange fail", "Authorize (授权)", 3},
	{"channel app", func(p *project) { p.change(`{"type":"channel"}`) }, "token.exchange fail", "Create a new app: type Normal", 3},
	{"web app", func(p *project) { p.change(`{"client_type":"web"}`) }, "token.exchange fail", "Service app (服务类应用)", 3},
	{"privilege app", func(p *project) { p.change(`{"type":"privilege"}`) }, "token.exchange fail", "Create a new app: type Normal", 3},
	{"owner logged out", func(p *project) { p.refuses(403, "access_deny", "login session invalid") }, "token.exchange fail", "log in to the console", 3},
	{"service trouble", func(p *project) { p.refuses(500, "internal_error", "Service internal error.") }, "token.exchange fail", "Retry in a minute", 4},
	{"a permission that the app lacks", func(p *project) { p.args = []string{"--permission", "Connector.nothing"} }, "token.permission fail", "In the console, add the permission", 3},
	{"words never heard", func(p *project) { p.refuses(403, "new_code", "new words") }, "token.exchange fail", "official guide", 3},
}

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
	if len(r.Checks) != 50 {
		t.Errorf("%d checks, want those of two sets", len(r.Checks))
	}
	if r, _ = p.verify("--all", "--profile", "staging"); len(r.Checks) != 50 {
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
	term.wait("All 21 checks passed.")
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
	a := &app{lang: i18n.English}
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
