//go:build e2e && unix

package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
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

// The endpoint of each language gives each user a token of their own session, and nobody
// else one.
func TestTheTokenEndpointOfEachLanguage(t *testing.T) {
	t.Parallel()
	for _, language := range snippet.WebNames() {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			p := newProject(t)
			g := behindGateway(p)
			base, _ := serveSnippet(t, p, language, credentials.Default)
			if token, resp, _ := visit(t, base, "").token(""); resp.StatusCode != http.StatusUnauthorized || token != "" {
				t.Errorf("a visitor who is not logged in gets %s, %q", resp.Status, token)
			}
			if token, resp, _ := visit(t, base, "").token("?user=alice&userId=alice&as=alice&session_name=alice"); resp.StatusCode == http.StatusOK || token != "" {
				t.Errorf("a visitor who names a user in the query gets %s, %q", resp.Status, token)
			}
			alice, bob := visit(t, base, "alice"), visit(t, base, "bob")
			first, resp, _ := alice.token("")
			if g.session(first) != "alice" {
				t.Errorf("alice's token is of the session %q: %s", g.session(first), resp.Status)
			}
			if kind, cache := resp.Header.Get("Content-Type"), resp.Header.Get("Cache-Control"); !strings.HasPrefix(kind, "application/json") || !strings.Contains(cache, "no-store") {
				t.Errorf("Content-Type %q, Cache-Control %q", kind, cache)
			}
			if token, resp, _ := bob.token(""); g.session(token) != "bob" {
				t.Errorf("bob's token is of the session %q: %s", g.session(token), resp.Status)
			}
			if again, _, _ := alice.token(""); again != first {
				t.Errorf("the second request gets %q, not the token that is still good", again)
			}
			if token, _, _ := alice.token("?user=bob&userId=bob&as=bob&session_name=bob"); token != "" && token != first {
				t.Errorf("alice gets a token of the session %q by a query", g.session(token))
			}
			wantTokensReplaced(t, p, g, base)
		})
	}
}

// wantTokensReplaced wants another token where the user, the time or the answer of Coze changes.
func wantTokensReplaced(t *testing.T, p *project, g *gateway, base string) {
	t.Helper()
	// A session that passes to another user gets no token of the previous one.
	shared := visit(t, base, "alice")
	shared.token("")
	shared.login("erin")
	if token, _, _ := shared.token(""); g.session(token) != "erin" {
		t.Errorf("erin's token is of the session %q", g.session(token))
	}

	// A token that is about to expire is replaced.
	g.change(func(g *gateway) { g.lifetime = 30 * time.Second })
	carol := visit(t, base, "carol")
	old, _, _ := carol.token("")
	if token, _, _ := carol.token(""); token == old || g.session(token) != "carol" {
		t.Errorf("a token that is good for 30 seconds more is given out again")
	}
	g.change(func(g *gateway) { g.refuses = true })
	token, resp, body := visit(t, base, "dave").token("")
	if resp.StatusCode != http.StatusBadGateway || token != "" || strings.Contains(body, "kid") || strings.Contains(body, p.dir) {
		t.Errorf("where Coze refuses, the page gets %s: %s", resp.Status, body)
	}
}

// The snippet in PHP gets a token with nothing but PHP.
func TestPHPSnippetRuns(t *testing.T) {
	t.Parallel()
	needProgram(t, "php")
	p := newProject(t)
	g := behindGateway(p)
	s, _ := snippet.Project{Dir: p.dir, Convention: credentials.Default, EnvPath: p.path(".env")}.In(i18n.Chinese, "php")
	p.write("app.php", s.Text+"echo $token;\n")
	php := exec.Command("sh", "-c", "set -a; . ./.env; set +a; exec php app.php")
	php.Dir, php.Env = p.dir, p.env
	out, err := php.CombinedOutput()
	if err != nil || g.session(string(out)) != "USER" {
		t.Errorf("%v: %s\n%s", err, out, s.Text)
	}
	p.write("config/private_key.pem", "no key")
	php = exec.Command("sh", "-c", "set -a; . ./.env; set +a; exec php app.php")
	php.Dir, php.Env = p.dir, p.env
	if out, err := php.CombinedOutput(); err == nil || !strings.Contains(string(out), "COZE_PRIVATE_KEY_PATH: no private key") {
		t.Errorf("without a key: %v: %s", err, out)
	}
}

// A pageOf is what the SDKs of a page were given for a user.
type pageOf struct {
	Bot, Type, Token, Refreshed, Project, Web, Error string
	Scripts                                          []string
}

// The page gives its SDKs the tokens of whoever is logged in, from the route of each language, in
// Chromium. The test does not run beside others: a browser takes what a machine has.
func TestThePageOfTwoUsers(t *testing.T) {
	chromium := os.Getenv("CHROMIUM")
	if chromium == "" {
		chromium = "/usr/bin/chromium"
	}
	needProgram(t, chromium)
	packages := install(t)
	for _, language := range snippet.WebNames() {
		t.Run(language, func(t *testing.T) {
			p := newProject(t)
			g := behindGateway(p)
			site := siteOf(serveSnippet(t, p, language, credentials.Default))
			t.Cleanup(site.Close)
			browser := exec.Command("node", filepath.Join(packages, "page.mjs"), site.URL, "alice", "bob", "")
			browser.Stderr = os.Stderr
			out, err := browser.Output()
			if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			var got map[string]pageOf
			if err := json.Unmarshal(out, &got); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			got["alice"].check(t, g, "alice")
			got["bob"].check(t, g, "bob")
			if got["alice"].Token == got["bob"].Token {
				t.Error("both users have one token")
			}
			if nobody := got[""]; nobody.Token != "" || !strings.Contains(nobody.Error, "401") {
				t.Errorf("a visitor who is not logged in: %+v", nobody)
			}
		})
	}
}

// Where the .env names an account, the endpoint requests the tokens for it, in each language whose
// SDK can.
func TestTheEndpointRequestsTheTokensOfTheOwner(t *testing.T) {
	for _, language := range snippet.WebNames() {
		t.Run(language, func(t *testing.T) {
			p := newProject(t)
			g := behindGateway(p)
			p.write(".env", p.read(".env")+"COZE_ACCOUNT_ID=7301\n")
			base, _ := serveSnippet(t, p, language, credentials.Default)
			if token, resp, body := visit(t, base, "alice").token(""); g.session(token) != "alice" {
				t.Fatalf("alice gets %s: %s", resp.Status, body)
			}
			want := "/api/permission/oauth2/account/7301/token"
			if language == "python" {
				want = "/api/permission/oauth2/token" // coze-py has no parameter for it, which the snippet says
			}
			if got := g.paths[len(g.paths)-1]; got != want {
				t.Errorf("the token is requested at %s, want %s", got, want)
			}
		})
	}
}

// siteOf serves a page beside the endpoint that it requests its tokens from.
func siteOf(base, page string) *httptest.Server {
	target, _ := url.Parse(base)
	endpoint := httputil.NewSingleHostReverseProxy(target)
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			endpoint.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte("<!doctype html><title>page</title>\n" + page))
	}))
}

// check looks at what the page of a user has got.
func (u pageOf) check(t *testing.T, g *gateway, user string) {
	t.Helper()
	if u.Type != "token" || u.Bot != "BOT_ID" || u.Project != "PROJECT_ID" || u.Error != "" {
		t.Errorf("%s: %+v", user, u)
	}
	for what, token := range map[string]string{"token": u.Token, "onRefreshToken": u.Refreshed, "refreshToken": u.Web} {
		if g.session(token) != user {
			t.Errorf("%s: %s is of the session %q", user, what, g.session(token))
		}
	}
	for _, script := range u.Scripts {
		if !strings.HasPrefix(script, "https://lf-cdn.coze.cn/obj/unpkg/") {
			t.Errorf("the page loads %s", script)
		}
	}
}
