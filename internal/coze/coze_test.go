package coze_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"cozejwt/internal/coze"
	"cozejwt/internal/testkey"
)

func TestParseBase(t *testing.T) {
	for in, want := range map[string]string{
		"https://api.coze.cn":     "https://api.coze.cn",
		" https://api.coze.cn/ ":  "https://api.coze.cn",
		"https://API.coze.cn":     "https://api.coze.cn",
		"http://127.0.0.1:8370":   "http://127.0.0.1:8370",
		"http://localhost:8370/":  "http://localhost:8370",
		"http://[::1]:8370":       "http://[::1]:8370",
		"https://gw.example:8443": "https://gw.example:8443",
	} {
		if got, err := coze.ParseBase(in); err != nil || got != want {
			t.Errorf("ParseBase(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
	for in, want := range map[string]error{
		"":                              coze.ErrBase,
		"api.coze.cn":                   coze.ErrBase,
		"ftp://api.coze.cn":             coze.ErrBase,
		"https://":                      coze.ErrBase,
		"https://u:p@api.coze.cn":       coze.ErrBase,
		"https://www.coze.cn":           coze.ErrBaseConsole,
		"https://www.coze.com/open":     coze.ErrBaseConsole,
		"https://api.coze.cn/v1":        coze.ErrBasePath,
		"https://api.coze.cn?x=1":       coze.ErrBasePath,
		"http://api.coze.cn":            coze.ErrBasePlain,
		"http://192.168.1.5:8080":       coze.ErrBasePlain,
		"http://127.0.0.1.example:8080": coze.ErrBasePlain,
	} {
		if _, err := coze.ParseBase(in); !errors.Is(err, want) {
			t.Errorf("ParseBase(%q): error is %v, want %v", in, err, want)
		}
	}
}

func TestRegionsAndTheirPages(t *testing.T) {
	for region, want := range map[coze.Region][2]string{
		coze.CN:      {"https://api.coze.cn", "https://www.coze.cn/open/oauth/apps"},
		coze.COM:     {"https://api.coze.com", "https://www.coze.com/open/oauth/apps"},
		coze.Sandbox: {"", ""},
		coze.Custom:  {"", ""},
	} {
		if region.Base() != want[0] || region.Console() != want[1] {
			t.Errorf("%s: %s, %s", region, region.Base(), region.Console())
		}
	}
	if coze.RegionOf("https://api.coze.com") != coze.COM || coze.RegionOf("http://127.0.0.1:1") != coze.Custom {
		t.Error("RegionOf is wrong")
	}
}

func TestAudienceIsTheHostAlone(t *testing.T) {
	for base, want := range map[string]string{
		"https://api.coze.cn":     "api.coze.cn",
		"https://api.coze.cn:443": "api.coze.cn",
		"http://127.0.0.1:8370":   "127.0.0.1:8370",
		"http://localhost:80":     "localhost",
	} {
		if got := coze.Audience(base); got != want {
			t.Errorf("Audience(%s) = %s, want %s", base, got, want)
		}
	}
}

func TestAssertionHasWhatTheServiceWants(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	a := coze.Assertion{
		AppID: "1234567890123", KeyID: "kid", Audience: "api.coze.cn", SessionName: "user-7",
		SessionContext: &coze.SessionContext{DeviceInfo: &coze.DeviceInfo{DeviceID: "d", CustomConsumer: "c"}},
	}
	signed, err := a.Sign(testkey.RSA(), now)
	if err != nil {
		t.Fatal(err)
	}
	claims := jwt.MapClaims{}
	token, err := jwt.ParseWithClaims(signed, claims, func(*jwt.Token) (any, error) { return &testkey.RSA().PublicKey, nil },
		jwt.WithValidMethods([]string{"RS256"}), jwt.WithTimeFunc(func() time.Time { return now }))
	if err != nil {
		t.Fatal(err)
	}
	header, _ := json.Marshal(token.Header)
	if string(header) != `{"alg":"RS256","kid":"kid","typ":"JWT"}` {
		t.Errorf("header is %s", header)
	}
	if jti := claims["jti"].(string); len(jti) < 32 {
		t.Errorf("jti is %q, shorter than advised", jti)
	}
	delete(claims, "jti")
	body, _ := json.Marshal(claims)
	want := `{"aud":"api.coze.cn","exp":1800000900,"iat":1800000000,"iss":"1234567890123",` +
		`"session_context":{"device_info":{"custom_consumer":"c","device_id":"d"}},"session_name":"user-7"}`
	if string(body) != want {
		t.Errorf("claims are\n%s, want\n%s", body, want)
	}
}

func TestAssertionsAreNeverAlike(t *testing.T) {
	a := coze.Assertion{AppID: "1", KeyID: "k", Audience: "x"}
	first, _ := a.Sign(testkey.RSA(), time.Unix(0, 0))
	second, _ := a.Sign(testkey.RSA(), time.Unix(0, 0))
	if first == second {
		t.Error("two assertions are the same")
	}
}

// serve answers every request with h, on loopback.
func serve(t *testing.T, h http.HandlerFunc) coze.Service {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return coze.Service{Base: server.URL}
}

func answering(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Tt-Logid", "2026log")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestExchangeSendsWhatTheServiceWants(t *testing.T) {
	for _, test := range []struct {
		name string
		req  coze.Request
		path string
		body string
	}{
		{
			"plain",
			coze.Request{},
			"/api/permission/oauth2/token",
			`{"grant_type":"urn:ietf:params:oauth:grant-type:jwt-bearer","duration_seconds":900}`,
		},
		{
			"account",
			coze.Request{AccountID: "a/1", TTL: time.Hour},
			"/api/permission/oauth2/account/a%2F1/token",
			`{"grant_type":"urn:ietf:params:oauth:grant-type:jwt-bearer","duration_seconds":3600}`,
		},
		{
			"enterprise",
			coze.Request{EnterpriseID: "e", TTL: coze.MaxTTL},
			"/api/permission/oauth2/enterprise_id/e/token",
			`{"grant_type":"urn:ietf:params:oauth:grant-type:jwt-bearer","duration_seconds":86399}`,
		},
		{
			"scope",
			coze.Request{Scope: coze.NewScope([]string{"Connector.botChat"}, []string{"7"})},
			"/api/permission/oauth2/token",
			`{"grant_type":"urn:ietf:params:oauth:grant-type:jwt-bearer","duration_seconds":900,"scope":{"account_permission":{"permission_list":["Connector.botChat"]},"attribute_constraint":{"connector_bot_chat_attribute":{"bot_id_list":["7"]}}}}`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got, auth, body string
			service := serve(t, func(w http.ResponseWriter, r *http.Request) {
				b, _ := io.ReadAll(r.Body)
				got, auth, body = r.Method+" "+r.URL.EscapedPath(), r.Header.Get("Authorization"), string(b)
				_, _ = io.WriteString(w, `{"access_token":"t"}`)
			})
			if _, err := service.Exchange(context.Background(), "J", test.req); err != nil {
				t.Fatal(err)
			}
			if got != "POST "+test.path || auth != "Bearer J" || body != test.body {
				t.Errorf("%s, %s, %s", got, auth, body)
			}
		})
	}
}

func TestExchangeRefusesLifetimesThatAreNotGranted(t *testing.T) {
	for _, ttl := range []time.Duration{time.Millisecond, -time.Second, coze.MaxTTL + time.Second} {
		if _, err := (coze.Service{Base: "http://127.0.0.1:1"}).Exchange(context.Background(), "J", coze.Request{TTL: ttl}); err == nil {
			t.Errorf("%s was asked for", ttl)
		}
	}
}

func TestExpiryInBothReadings(t *testing.T) {
	absolute := time.Now().Add(time.Hour).Truncate(time.Second)
	for body, want := range map[string]time.Time{
		`{"access_token":"t","expires_in":` + jsonInt(absolute.Unix()) + `}`: absolute,
		`{"access_token":"t","expires_in":3600}`:                             absolute,
		`{"access_token":"t","expires_in":"3600"}`:                           absolute,
		`{"access_token":"t","expires_in":3600.0}`:                           absolute,
		`{"access_token":"t"}`:                                               {},
		`{"access_token":"t","expires_in":0}`:                                {},
		`{"access_token":"t","expires_in":true}`:                             {},
		`{"access_token":"t","expires_in":""}`:                               {},
		`{"access_token":"t","expires_in":"soon"}`:                           {},
		`{"access_token":"t","expires_in":1e300}`:                            {},
	} {
		token, err := serve(t, answering(200, body)).Exchange(context.Background(), "J", coze.Request{})
		if err != nil {
			t.Errorf("%s: %v", body, err)
			continue
		}
		if d := token.ExpiresAt.Sub(want).Abs(); d > 5*time.Minute {
			t.Errorf("%s expires at %v, want %v", body, token.ExpiresAt, want)
		}
		if token.LogID != "2026log" {
			t.Errorf("%s: log id is %q", body, token.LogID)
		}
	}
}

func jsonInt(n int64) string {
	b, _ := json.Marshal(n)
	return string(b)
}

func TestRefusalsKeepTheServicesWords(t *testing.T) {
	for name, test := range map[string]struct {
		status        int
		body          string
		code, message string
	}{
		"token endpoint": {401, `{"error_code":"invalid_client","error_message":"invalid jwt: kid not been registred","error":"invalid_client"}`, "invalid_client", "invalid jwt: kid not been registred"},
		"other API":      {401, `{"code":4100,"msg":"authentication is invalid","detail":{"logid":"x"}}`, "4100", "authentication is invalid"},
		"code in words":  {401, `{"code":"invalid_client","msg":"no"}`, "invalid_client", "no"},
		"gateway, 429":   {429, `<html>slow down</html>`, "", "Too Many Requests"},
		"RFC 6749":       {400, `{"error":"invalid_grant","error_description":"no"}`, "invalid_grant", "no"},
		"status 200":     {200, `{"code":4101,"msg":"no permission"}`, "4101", "no permission"},
		"control chars":  {401, `{"error_code":"x\u001b[31m","error_message":"a\nb\u202ec"}`, "x[31m", "a bc"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := serve(t, answering(test.status, test.body)).Exchange(context.Background(), "J", coze.Request{})
			r, ok := errors.AsType[*coze.Refusal](err)
			if !ok {
				t.Fatalf("error is %v, want a refusal", err)
			}
			if r.Status != test.status || r.Code != test.code || r.Message != test.message || r.LogID != "2026log" || r.Date.IsZero() {
				t.Errorf("refusal is %+v", r)
			}
		})
	}
}

func TestWhatIsNotCozeIsSaidSo(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		body   string
		want   error
	}{
		"HTML":           {200, "<!doctype html><title>Sign in</title>", coze.ErrNotCoze},
		"empty":          {200, "", coze.ErrNotCoze},
		"JSON of others": {404, `{"detail":{"a":1}}`, coze.ErrNotCoze},
		"JSON array":     {200, `[]`, coze.ErrNotCoze},
		"bad gateway":    {502, "<html>Bad Gateway</html>", coze.ErrUpstream},
		"odd token":      {200, `{"access_token":"\u001b[31mx\u202e"}`, coze.ErrNotCoze},
		"redirect":       {302, "", coze.ErrRedirect},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := serve(t, answering(test.status, test.body)).Exchange(context.Background(), "J", coze.Request{}); !errors.Is(err, test.want) {
				t.Errorf("error is %v, want %v", err, test.want)
			}
		})
	}
}

func TestCredentialsFollowNoRedirect(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("the request continued to %s with %q", r.URL, r.Header.Get("Authorization"))
	}))
	defer elsewhere.Close()
	service := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
	})
	if _, err := service.Exchange(context.Background(), "J", coze.Request{}); !errors.Is(err, coze.ErrRedirect) {
		t.Errorf("error is %v, want ErrRedirect", err)
	}
}

func TestTheWayToTheServiceIsToldApart(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	defer secure.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	release := make(chan struct{})
	mute := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-release }))
	defer mute.Close()
	defer close(release)
	short, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	left, leave := context.WithCancel(context.Background())
	leave()
	for name, test := range map[string]struct {
		ctx  context.Context
		base string
		want error
	}{
		"nothing listens":      {context.Background(), "http://" + closed.Addr().String(), coze.ErrRefused},
		"name does not exist":  {context.Background(), "https://no-such-host.invalid", coze.ErrDNS},
		"untrusted":            {context.Background(), secure.URL, coze.ErrTLS},
		"no TLS at all":        {context.Background(), strings.Replace(plain.URL, "http:", "https:", 1), coze.ErrTLS},
		"no answer in time":    {short, mute.URL, coze.ErrTimeout},
		"cancelled by someone": {left, mute.URL, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := (coze.Service{Base: test.base}).Exchange(test.ctx, "J", coze.Request{}); !errors.Is(err, test.want) {
				t.Errorf("error is %v, want %v", err, test.want)
			}
		})
	}
}

func TestProxyTroubleIsSaidSo(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	client := coze.NewClient()
	proxy := "http://" + closed.Addr().String()
	client.Transport.(*http.Transport).Proxy = func(*http.Request) (*url.URL, error) { return url.Parse(proxy) }
	guarded := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusProxyAuthRequired) }))
	defer guarded.Close()
	for _, proxy = range []string{proxy, guarded.URL} {
		if _, err := (coze.Service{Base: "https://api.coze.cn", Client: client}).Exchange(context.Background(), "J", coze.Request{}); !errors.Is(err, coze.ErrProxy) {
			t.Errorf("%s: error is %v, want ErrProxy", proxy, err)
		}
	}
}

func TestALargeAnswerIsNotReadWhole(t *testing.T) {
	service := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		chunk := strings.Repeat("x", 1<<16)
		for range 64 {
			if _, err := io.WriteString(w, chunk); err != nil {
				return
			}
		}
	})
	if _, err := service.Exchange(context.Background(), "J", coze.Request{}); !errors.Is(err, coze.ErrNotCoze) {
		t.Errorf("error is %v, want ErrNotCoze", err)
	}
}

func TestMaskedShowsEightCharacters(t *testing.T) {
	if got := (coze.Token{AccessToken: "12345678secret"}).Redacted(); got != "12345678…" {
		t.Errorf("masked is %q", got)
	}
	if got := (coze.Token{AccessToken: "short"}).Redacted(); got != "…" {
		t.Errorf("masked is %q", got)
	}
}

func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{`{"access_token":"t","expires_in":1}`, `{"code":4100}`, `{}`, `[]`, `x`, `{"error":{"a":1}}`, `{"detail":"x"}`} {
		f.Add(200, []byte(seed))
		f.Add(401, []byte(seed))
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		if status < 200 || status > 599 {
			return
		}
		token, err := coze.ReadAnswer(status, body)
		if (err == nil) != (token.AccessToken != "") {
			t.Errorf("token %q with error %v", token.AccessToken, err)
		}
		if r, ok := errors.AsType[*coze.Refusal](err); ok && strings.ContainsAny(r.Error(), "\x1b\n\r\u202e") {
			t.Errorf("not fit for a terminal: %q", r.Error())
		}
	})
}

func TestSessionContextIsAClaim(t *testing.T) {
	for name, test := range map[string]struct {
		context *coze.SessionContext
		want    string
	}{
		"none":      {coze.NewSessionContext("", "", ""), ""},
		"device":    {coze.NewSessionContext("d1", "", ""), `{"device_info":{"device_id":"d1"}}`},
		"consumer":  {coze.NewSessionContext("", "c1", ""), `{"device_info":{"custom_consumer":"c1"}}`},
		"connector": {coze.NewSessionContext("", "", "2001"), `{"connector_info":{"connector_id":"2001"}}`},
	} {
		signed, err := coze.Assertion{AppID: testkey.AppID, KeyID: testkey.KeyID, Audience: "api.coze.cn", SessionContext: test.context}.Sign(testkey.RSA(), time.Now())
		if err != nil {
			t.Fatal(err)
		}
		payload, err := base64.RawURLEncoding.DecodeString(strings.Split(signed, ".")[1])
		if err != nil {
			t.Fatal(err)
		}
		var claims struct {
			Context json.RawMessage `json:"session_context"`
		}
		if err := json.Unmarshal(payload, &claims); err != nil || string(claims.Context) != test.want {
			t.Errorf("%s: session_context is %s, %v; want %s", name, claims.Context, err, test.want)
		}
	}
}
