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
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"cozejwt/internal/testkey"
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
	{"a killed run's temporary file", func(p *project) {
		p.write("config/private_key.pem.tmp-cozejwt-000001", good())
		old := time.Now().Add(-time.Hour)
		_ = os.Chtimes(filepath.Join(p.dir, "config", "private_key.pem.tmp-cozejwt-000001"), old, old)
	}, "env.leftover warn", "config/private_key.pem.tmp-cozejwt-000001: left by a run", 0},
	{"the shell overrides", func(p *project) { p.env = append(p.env, "COZE_PUBLIC_KEY=other") }, "env.shadowed warn", "unset COZE_PUBLIC_KEY", 0},
	{"personal token", func(p *project) { p.write(".env", p.read(".env")+"COZE_API_TOKEN="+pat()+"\n") }, "env.personal_token warn", "COZE_API_TOKEN is a personal access token", 0},
	{"personal token in pages", func(p *project) { p.write(".env", p.read(".env")+"NEXT_PUBLIC_COZE="+pat()+"\n") }, "env.personal_token warn", "everyone can read it", 0},

	// The App ID.
	{"Key ID as App ID", func(p *project) { p.set("COZE_CLIENT_ID", testkey.KeyID) }, "app_id.shape fail", "this is a Key ID", 3},
	{"masked App ID", func(p *project) { p.set("COZE_CLIENT_ID", "'1234***0123'") }, "app_id.shape fail", "masked", 3},
	{"placeholder App ID", func(p *project) { p.set("COZE_CLIENT_ID", "your_client_id") }, "app_id.shape fail", "placeholder", 3},
	{"full-width App ID", func(p *project) { p.set("COZE_CLIENT_ID", "１２３４５６７８９０１２３") }, "app_id.shape fail", "COZE_CLIENT_ID=1234567890123", 3},
	{"space around the App ID", func(p *project) { p.set("COZE_CLIENT_ID", `" `+p.app+` "`) }, "app_id.shape fail", "more than the value", 3},
	{"quotes inside the App ID", func(p *project) { p.set("COZE_CLIENT_ID", `'"`+p.app+`"'`) }, "app_id.shape fail", "more than the value", 3},
	{"invisible character in the App ID", func(p *project) { p.set("COZE_CLIENT_ID", p.app+"\u200b") }, "app_id.shape fail", "invisible", 3},
	{"token as App ID", func(p *project) { p.set("COZE_CLIENT_ID", "pat_abcdefghijklmnop") }, "app_id.shape fail", "this is a token", 3},
	{"odd App ID", func(p *project) { p.set("COZE_CLIENT_ID", "777777777") }, "token.exchange fail", "kid not been registred", 3},

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
	}, "token.exchange fail", "Find the private key that belongs", 3},
	{"app deactivated", func(p *project) { p.change(`{"deactivated":true}`) }, "token.exchange fail", "Enable it in the console", 3},
	{"app never authorised", func(p *project) { p.change(`{"authorised":false}`) }, "token.exchange fail", "Authorize (授权)", 3},
	{"channel app", func(p *project) { p.change(`{"type":"channel"}`) }, "token.exchange fail", "Create a new app: type Normal", 3},
	{"web app", func(p *project) { p.change(`{"client_type":"web"}`) }, "token.exchange fail", "Service app (服务类应用)", 3},
	{"privilege app", func(p *project) { p.change(`{"type":"privilege"}`) }, "token.exchange fail", "Create a new app: type Normal", 3},
	{"owner logged out", func(p *project) { p.refuses(403, "access_deny", "login session invalid") }, "token.exchange fail", "log in to the console", 3},
	{"service trouble", func(p *project) { p.refuses(500, "internal_error", "Service internal error.") }, "token.exchange fail", "Retry in a minute", 4},
	{"a permission that the app lacks", func(p *project) { p.args = []string{"--permission", "Connector.nothing"} }, "token.permission fail", "In the console, add it under Permissions", 3},
	{"words never heard", func(p *project) { p.refuses(403, "new_code", "new words") }, "token.exchange fail", "official guide", 3},
}
