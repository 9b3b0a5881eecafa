package sandbox_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"cozejwt/internal/coze"
	"cozejwt/internal/i18n"
	"cozejwt/internal/sandbox"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

// A browser has come by the printed address.
type browser struct {
	*served
	client *http.Client
	lang   string
}

func (p *served) browser(lang string) *browser {
	p.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	b := &browser{p, &http.Client{Jar: jar}, lang}
	b.get(strings.TrimPrefix(p.Console(), p.Base))
	return b
}

func (b *browser) do(req *http.Request) (int, string) {
	b.t.Helper()
	req.Header.Set("Accept-Language", b.lang)
	resp, err := b.client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

func (b *browser) get(path string) string {
	b.t.Helper()
	req, _ := http.NewRequest("GET", b.Base+path, nil)
	_, text := b.do(req)
	return text
}

func (b *browser) post(path string, values url.Values) (int, string) {
	b.t.Helper()
	req, _ := http.NewRequest("POST", b.Base+path, strings.NewReader(values.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", b.Base)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(req)
}

func (p *served) wantPage(text string, parts ...string) {
	p.t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			p.t.Errorf("the page lacks %q:\n%s", part, text)
		}
	}
}

func TestTheWholeWayByHand(t *testing.T) {
	p := newServed(t)
	b := p.browser("en")
	_, page := b.post("/open/oauth/apps", url.Values{"type": {"normal"}, "client_type": {"service"}, "name": {"<b>second</b>"}})
	p.wantPage(page, "&lt;b&gt;second", "Not authorized", "No keys yet")
	apps, err := p.Apps(context.Background())
	if err != nil || len(apps) != 2 {
		t.Fatalf("apps are %v, %v", apps, err)
	}
	at := "/open/oauth/apps/" + apps[1].ID
	_, page = b.post(at+"/keys", url.Values{"public_key": {string(keygen.EncodePublic(&otherKey().PublicKey))}})
	p.wantPage(page, "Public key</span> <code>")
	_, page = b.post(at+"/permissions", url.Values{"permission": {"chat", "getMetadata", "unknown"}})
	p.wantPage(page, "data-open", "Install and Authorize &lt;b&gt;second")
	b.post(at+"/authorize", nil)
	apps, _ = p.Apps(context.Background())
	app := apps[1]
	if !app.Authorized || len(app.Keys) != 1 || strings.Join(app.Permissions, " ") != "getMetadata chat" {
		t.Errorf("the app is %+v", app)
	}
	if _, err := p.exchange(coze.Assertion{AppID: app.ID, KeyID: app.Keys[0].ID, Audience: coze.Audience(p.Base)}, otherKey(), p.now, coze.Request{}); err != nil {
		t.Errorf("no token: %v", err)
	}
	p.wantPage(b.get(at), "Last used")
	_, page = b.post(at+"/disable", nil)
	p.wantPage(page, "Disabled", "Enable")
	_, page = b.post(at+"/keys/delete", url.Values{"key": {app.Keys[0].ID}})
	p.wantPage(page, "No keys yet")
	_, page = b.post(at+"/delete", nil)
	if strings.Contains(page, "second") {
		t.Errorf("the app is still there: %s", page)
	}
}

func TestMistakesInTheConsoleAreExplained(t *testing.T) {
	p := newServed(t)
	for _, lang := range i18n.Languages {
		b := p.browser(lang.Code)
		for name, form := range map[string]struct {
			path   string
			values url.Values
		}{
			"no name":         {"", url.Values{"type": {"normal"}, "client_type": {"service"}}},
			"name taken":      {"", url.Values{"type": {"normal"}, "client_type": {"service"}, "name": {"my app"}}},
			"unknown type":    {"", url.Values{"type": {"x"}, "client_type": {"service"}, "name": {"x"}}},
			"no key":          {"/" + p.appID + "/keys", url.Values{"public_key": {"nonsense"}}},
			"private key":     {"/" + p.appID + "/keys", url.Values{"public_key": {string(keygen.EncodePrivate(testkey.RSA()))}}},
			"no such key":     {"/" + p.appID + "/keys/delete", url.Values{"key": {"x"}}},
			"no such app":     {"/1/authorize", nil},
			"unknown failure": {"/open/trouble", url.Values{"kind": {"earthquake"}}},
		} {
			path := form.path
			if !strings.HasPrefix(path, "/open") {
				path = "/open/oauth/apps" + path
			}
			_, page := b.post(path, form.values)
			if !strings.Contains(page, `role="alert"`) || strings.Contains(page, "{path}") || strings.Contains(page, "console.") && strings.Contains(page, "console.error") {
				t.Errorf("%s, %s: %s", lang, name, page)
			}
			if strings.Contains(page, strings.Split(string(keygen.EncodePrivate(testkey.RSA())), "\n")[1]) {
				t.Errorf("%s: the private key is on the page", lang)
			}
		}
	}
}

func TestEveryTextOfThePagesIsThere(t *testing.T) {
	p := newServed(t)
	p.exchange(p.assertion(), testkey.RSA(), p.now, coze.Request{})
	p.exchange(p.assertion(), otherKey(), p.now, coze.Request{})
	for _, lang := range i18n.Languages {
		b := p.browser(lang.Code)
		for _, path := range []string{"/", "/open/oauth/apps", "/open/oauth/apps/new", "/open/oauth/apps/" + p.appID, "/open/requests", "/open/trouble", "/open/oauth/apps/nope"} {
			page := b.get(path)
			if !strings.Contains(page, `<html lang="`+strings.Replace(lang.Code, "zh", "zh-CN", 1)+`">`) || strings.Contains(page, ">console.") || strings.Contains(page, "{n}") {
				t.Errorf("%s in %s: %s", path, lang, page)
			}
		}
	}
	b := p.browser("fr, de;q=0.8")
	if page := b.get("/?lang=zh"); !strings.Contains(page, `lang="zh-CN"`) {
		t.Error("the language cannot be switched")
	}
}

func TestRequestsAreSeenAsTheyCome(t *testing.T) {
	p := newServed(t)
	b := p.browser("en")
	req, _ := http.NewRequest("GET", p.Base+"/open/requests/events", nil)
	resp, err := b.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	events := bufio.NewScanner(resp.Body)
	events.Scan() // the server is listening
	p.exchange(p.assertion(), otherKey(), p.now, coze.Request{})
	var text string
	for events.Scan() && !strings.Contains(text, "</li>") {
		text += events.Text() + "\n"
	}
	p.wantPage(text, "The signature does not match", "401", "RS256", p.keyID, "logid")
	if strings.Contains(text, "eyJ") {
		t.Error("the assertion itself is shown")
	}
}

// Each trouble is a refusal of its own until it is switched off.
func TestTroublesFailAsChosen(t *testing.T) {
	for kind, want := range map[sandbox.TroubleKind]string{
		sandbox.TroubleClock: "token is expired", sandbox.TroubleKey: "kid not been registred", sandbox.TroubleDisabled: "deactivated by the owner",
		sandbox.TroubleLogin: "login session invalid", sandbox.TroubleRate: "too many requests", sandbox.TroubleServer: "Service internal error",
		sandbox.TroublePortal: "text/html",
	} {
		t.Run(string(kind), func(t *testing.T) {
			p := newServed(t)
			b := p.browser("en")
			_, page := b.post("/open/trouble", url.Values{"kind": {string(kind)}, "minutes": {"90"}})
			p.wantPage(page, "Simulated failure")
			_, err := p.exchange(p.assertion(), testkey.RSA(), p.now, coze.Request{})
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("error is %v, want %s", err, want)
			}
			b.post("/open/trouble", url.Values{"kind": {""}})
			if _, err := p.exchange(p.assertion(), testkey.RSA(), p.now, coze.Request{}); err != nil {
				t.Errorf("switched off: %v", err)
			}
		})
	}
}

// A web page, which cannot know the session, reads and changes nothing.
func TestAnotherPageReachesNothing(t *testing.T) {
	p := newServed(t)
	foreign := func(method, path string, header map[string]string) int {
		req, _ := http.NewRequest(method, p.Base+path, strings.NewReader(`{}`))
		for k, v := range header {
			req.Header.Set(k, v)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s %s may be read elsewhere", method, path)
		}
		return resp.StatusCode
	}
	same := map[string]string{"Origin": p.Base, "Sec-Fetch-Site": "same-origin"}
	for _, test := range []struct {
		method, path string
		header       map[string]string
	}{
		{"GET", "/sandbox/apps", map[string]string{"Sec-Fetch-Site": "cross-site"}},
		{"GET", "/sandbox/apps", map[string]string{"Sec-Fetch-Mode": "no-cors"}},
		{"POST", "/sandbox/apps", map[string]string{"Origin": "https://evil.example"}},
		{"POST", "/sandbox/apps", same},
		{"PUT", "/sandbox/trouble", same},
		{"POST", "/open/oauth/apps", same},
		{"POST", "/open/oauth/apps", nil},
		{"POST", "/open/trouble", nil},
	} {
		if status := foreign(test.method, test.path, test.header); status != http.StatusForbidden {
			t.Errorf("%s %s with %v: HTTP %d", test.method, test.path, test.header, status)
		}
	}
	resp, err := http.Get(p.Base + "/")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	for name, want := range map[string]string{
		"Content-Security-Policy": "frame-ancestors 'none'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
	} {
		if got := resp.Header.Get(name); !strings.Contains(got, want) || strings.Contains(got, "unsafe-inline") {
			t.Errorf("%s is %q", name, got)
		}
	}
}

func TestTheFirstCallsOfAnSDK(t *testing.T) {
	p := newServed(t)
	token, err := p.exchange(p.assertion(), testkey.RSA(), p.now, coze.Request{})
	if err != nil {
		t.Fatal(err)
	}
	call := func(token, method, path, body string) string {
		req, _ := http.NewRequest(method, p.Base+path, strings.NewReader(body))
		req.Header.Set("Authorization", "Bearer "+token)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		text, _ := io.ReadAll(resp.Body)
		return string(text)
	}
	narrow, err := p.exchange(p.assertion(), testkey.RSA(), p.now, coze.Request{Scope: coze.NewScope([]string{"Connector.botChat"}, nil)})
	if err != nil {
		t.Fatal(err)
	}
	chat := func(bot string) string {
		return `{"bot_id":"` + bot + `","user_id":"u","stream":true,"additional_messages":[{"role":"user","content":"hello there"}]}`
	}
	for _, test := range []struct{ token, method, path, body, want string }{
		{"x", "GET", "/v1/users/me", "", `"code":4100`},
		{token.AccessToken.Reveal(), "GET", "/v1/users/me", "", `"user_id"`},
		{token.AccessToken.Reveal(), "GET", "/v1/workspaces", "", `"total_count":1`},
		{narrow.AccessToken.Reveal(), "GET", "/v1/workspaces", "", `"code":4101`},
		{token.AccessToken.Reveal(), "GET", "/v1/bots?workspace_id=7400000000000000002", "", sandbox.BotID},
		{token.AccessToken.Reveal(), "GET", "/v1/bots?workspace_id=1", "", `"code":4200`},
		{token.AccessToken.Reveal(), "POST", "/v3/chat", chat(sandbox.BotID), "event:conversation.message.delta"},
		{token.AccessToken.Reveal(), "POST", "/v3/chat", chat("7400000000000000000"), "Requested resource bot_id=7400000000000000000 does not exist"},
		{narrow.AccessToken.Reveal(), "POST", "/v3/chat", chat(sandbox.BotID), `"code":4101`},
		{token.AccessToken.Reveal(), "POST", "/v3/chat", "{}", `"code":4000`},
	} {
		if got := call(test.token, test.method, test.path, test.body); !strings.Contains(got, test.want) {
			t.Errorf("%s %s: %s, want %s", test.method, test.path, got, test.want)
		}
	}
}
