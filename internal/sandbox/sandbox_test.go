package sandbox_test

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/sandbox"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

var otherKey = sync.OnceValue(testkey.New)

// served is a sandbox with one app and one key, and its clock.
type served struct {
	sandbox.Client
	t            *testing.T
	appID, keyID string
	now          time.Time
}

func newServed(t *testing.T) *served {
	t.Helper()
	p := &served{t: t, now: time.Now()}
	s, err := sandbox.New("", func() time.Time { return p.now })
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	p.Client = sandbox.Client{Base: server.URL, Session: s.Session()}
	if p.appID, err = p.CreateApp(context.Background(), "my app"); err != nil {
		t.Fatal(err)
	}
	if p.keyID, err = p.AddKey(context.Background(), p.appID, keygen.EncodePublic(&testkey.RSA().PublicKey)); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *served) assertion() coze.Assertion {
	return coze.Assertion{AppID: p.appID, KeyID: p.keyID, Audience: coze.Audience(p.Base)}
}

func (p *served) exchange(a coze.Assertion, key *rsa.PrivateKey, at time.Time, req coze.Request) (coze.Token, error) {
	p.t.Helper()
	signed, err := a.Sign(key, at)
	if err != nil {
		p.t.Fatal(err)
	}
	return coze.Service{Base: p.Base}.Exchange(context.Background(), signed, req)
}

// call uses the HTTP API as a test of another language would.
func (p *served) call(method, path, body string) (int, string) {
	p.t.Helper()
	req, err := http.NewRequest(method, p.Base+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(text)
}

func TestGrantsATokenForARealSignature(t *testing.T) {
	p := newServed(t)
	token, err := p.exchange(p.assertion(), testkey.RSA(), p.now, coze.Request{TTL: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	if want := p.now.Add(time.Hour).Unix(); token.ExpiresAt.Unix() != want {
		t.Errorf("expires at %d, want %d", token.ExpiresAt.Unix(), want)
	}
	if len(token.LogID) < 20 {
		t.Errorf("log id is %q", token.LogID)
	}
}

func TestRefusesInTheServicesWords(t *testing.T) {
	change := func(body string) func(*served, *coze.Assertion) {
		return func(p *served, _ *coze.Assertion) { p.call("PATCH", "/sandbox/apps/"+p.appID, body) }
	}
	for name, test := range map[string]struct {
		with          func(*served, *coze.Assertion)
		key           func() *rsa.PrivateKey
		late          time.Duration
		req           coze.Request
		code, message string
	}{
		"unknown Key ID":   {with: func(_ *served, a *coze.Assertion) { a.KeyID = "x" }, code: "invalid_client", message: "invalid jwt: kid not been registred"},
		"another App ID":   {with: func(_ *served, a *coze.Assertion) { a.AppID = "1" }, code: "invalid_client", message: "invalid jwt: kid not been registred"},
		"key of another":   {key: otherKey, code: "invalid_client", message: "invalid jwt: signature is invalid"},
		"aud of another":   {with: func(_ *served, a *coze.Assertion) { a.Audience = "api.coze.cn" }, code: "invalid_client", message: "invalid jwt: aud is invalid"},
		"expired":          {late: -time.Hour, code: "invalid_client", message: "invalid jwt: token is expired"},
		"from the future":  {late: time.Hour, code: "invalid_client", message: "invalid jwt: token used before issued"},
		"deactivated":      {with: change(`{"deactivated":true}`), code: "access_deny", message: "app: my app is currently deactivated by the owner"},
		"never authorised": {with: change(`{"authorised":false}`), code: "access_deny", message: "app: my app is not authorized by the owner"},
		"web app":          {with: change(`{"client_type":"web"}`), code: "access_deny", message: "invalid app type"},
		"privilege app":    {with: change(`{"type":"privilege"}`), code: "access_deny", message: "invalid app type"},
		"channel app":      {with: change(`{"type":"channel"}`), code: "access_deny", message: "should bind connector id"},
		"enterprise":       {req: coze.Request{EnterpriseID: "e"}, code: "access_deny", message: "invalid app type"},
		"permission":       {req: coze.Request{Scope: coze.NewScope([]string{"nope"}, nil)}, code: "invalid_request", message: "invalid request: scope"},
		"key deleted": {with: func(p *served, _ *coze.Assertion) {
			p.call("DELETE", "/sandbox/apps/"+p.appID+"/keys/"+p.keyID, "")
		}, code: "invalid_client", message: "invalid jwt: kid not been registred"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newServed(t)
			a := p.assertion()
			if test.with != nil {
				test.with(p, &a)
			}
			key := testkey.RSA
			if test.key != nil {
				key = test.key
			}
			_, err := p.exchange(a, key(), p.now.Add(test.late), test.req)
			r, ok := errors.AsType[*coze.Refusal](err)
			if !ok || r.Code != test.code || !strings.Contains(r.Message, test.message) {
				t.Errorf("error is %v, want %s: %s", err, test.code, test.message)
			}
		})
	}
}

func TestRefusesBadRequests(t *testing.T) {
	p := newServed(t)
	for name, test := range map[string]struct{ body, want string }{
		"grant type":   {`{"grant_type":"password"}`, "not supported grant type: password"},
		"lifetime":     {`{"grant_type":"` + coze.GrantType + `","duration_seconds":86400}`, "invalid request: duration_seconds"},
		"lifetime 0":   {`{"grant_type":"` + coze.GrantType + `","duration_seconds":0}`, "invalid request: duration_seconds"},
		"no JSON":      {`hello`, "invalid request: body"},
		"wrong member": {`{"grant_type":7}`, "invalid request: body"},
	} {
		t.Run(name, func(t *testing.T) {
			signed, err := p.assertion().Sign(testkey.RSA(), p.now)
			if err != nil {
				t.Fatal(err)
			}
			req, _ := http.NewRequest("POST", p.Base+"/api/permission/oauth2/token", strings.NewReader(test.body))
			req.Header.Set("Authorization", "Bearer "+signed.Reveal())
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			text, _ := io.ReadAll(resp.Body)
			if !strings.Contains(string(text), test.want) {
				t.Errorf("answer is %s, want %s", text, test.want)
			}
		})
	}
	if _, text := p.call("POST", "/api/permission/oauth2/token", "{}"); !strings.Contains(text, "invalid jwt: empty jwt token") {
		t.Errorf("without a JWT: %s", text)
	}
}

func TestAnAssertionIsGoodOnce(t *testing.T) {
	p := newServed(t)
	signed, err := p.assertion().Sign(testkey.RSA(), p.now)
	if err != nil {
		t.Fatal(err)
	}
	service := coze.Service{Base: p.Base}
	if _, err := service.Exchange(context.Background(), signed, coze.Request{}); err != nil {
		t.Fatal(err)
	}
	_, err = service.Exchange(context.Background(), signed, coze.Request{})
	if r, ok := errors.AsType[*coze.Refusal](err); !ok || !strings.Contains(r.Message, "jti") {
		t.Errorf("the second use: %v", err)
	}
}

func TestAnAppHoldsThreeKeys(t *testing.T) {
	p := newServed(t)
	same, err := p.AddKey(context.Background(), p.appID, keygen.EncodePublic(&testkey.RSA().PublicKey))
	if err != nil || same != p.keyID {
		t.Errorf("the same key again: %s, %v; want %s", same, err, p.keyID)
	}
	for range 2 {
		if _, err := p.AddKey(context.Background(), p.appID, keygen.EncodePublic(&testkey.New().PublicKey)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := p.AddKey(context.Background(), p.appID, keygen.EncodePublic(&testkey.New().PublicKey)); err == nil || !strings.Contains(err.Error(), "3 keys") {
		t.Errorf("the fourth key: %v", err)
	}
}

func TestRefusesWhatIsNoPublicKey(t *testing.T) {
	p := newServed(t)
	if _, err := p.AddKey(context.Background(), p.appID, keygen.EncodePrivate(testkey.RSA())); err == nil {
		t.Error("a private key was taken")
	}
	if status, _ := p.call("POST", "/sandbox/apps/nope/keys", `{"public_key":"x"}`); status != http.StatusNotFound {
		t.Errorf("a key for no app: HTTP %d", status)
	}
}

func TestAnswersToNoOneElse(t *testing.T) {
	p := newServed(t)
	req, _ := http.NewRequest("GET", p.Base+"/sandbox/apps", nil)
	req.Host = "evil.example"
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("under a foreign name: HTTP %d", resp.StatusCode)
	}
	req, _ = http.NewRequest("POST", p.Base+"/sandbox/apps", strings.NewReader("{}"))
	req.Header.Set("Origin", "https://evil.example")
	resp, err = http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("from a foreign page: HTTP %d", resp.StatusCode)
	}
	for _, addr := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "nonsense"} {
		if l, err := sandbox.Listen(addr); !errors.Is(err, sandbox.ErrAddr) {
			t.Errorf("Listen(%s) = %v, %v", addr, l, err)
		}
	}
}

func TestKeepsAppsAndAddressBetweenRuns(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	first, err := sandbox.Serve(dir, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	id, err := sandbox.Client{Base: first.Base}.CreateApp(context.Background(), "kept")
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if bases := sandbox.Bases(dir); len(bases) != 1 || bases[0] != first.Base {
		t.Errorf("remembered %v, want %s", bases, first.Base)
	}
	second, err := sandbox.Open(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	apps, err := sandbox.Client{Base: second.Base}.Apps(context.Background())
	if err != nil || len(apps) != 1 || apps[0].ID != id {
		t.Errorf("apps are %v, %v", apps, err)
	}
	testfile.WantMode(t, filepath.Join(dir, "sandbox.json"), 0o600)
}

func TestOpenJoinsWhoServesAlready(t *testing.T) {
	dir := t.TempDir()
	first, err := sandbox.Serve(dir, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	if _, err := sandbox.Serve(dir, ""); !errors.Is(err, sandbox.ErrServed) {
		t.Errorf("serving twice: %v", err)
	}
	joined, err := sandbox.Open(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if joined.Owned || joined.Base != first.Base {
		t.Errorf("joined %+v", joined)
	}
}

func TestADamagedStateFileIsSaidSo(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "sandbox.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sandbox.Serve(dir, "127.0.0.1:0"); err == nil || !strings.Contains(err.Error(), "sandbox.json") {
		t.Errorf("error is %v", err)
	}
}

func TestATakenPortMovesTheSandbox(t *testing.T) {
	dir := t.TempDir()
	first, err := sandbox.Serve(dir, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	squatter, err := sandbox.Listen(strings.TrimPrefix(first.Base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer squatter.Close()
	second, err := sandbox.Open(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if bases := sandbox.Bases(dir); second.Base == first.Base || len(bases) != 2 || bases[0] != second.Base || bases[1] != first.Base {
		t.Errorf("served at %s, remembered %v", second.Base, bases)
	}
}

// A client that sends half a request keeps only itself waiting.
func TestHalfARequestHoldsNobodyUp(t *testing.T) {
	p := newServed(t)
	host := strings.TrimPrefix(p.Base, "http://")
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "PATCH /sandbox/apps/%s HTTP/1.1\r\nHost: %s\r\nContent-Length: 100\r\n\r\n{", p.appID, host)
	client := &http.Client{Timeout: time.Minute} // it would wait for as long
	resp, err := client.Get(p.Base + "/sandbox/apps")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("status %d", resp.StatusCode)
	}
}
