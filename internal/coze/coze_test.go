package coze_test

import (
	"context"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"cozejwt/internal/coze"
	"cozejwt/internal/fault"
	"cozejwt/internal/secret"
	"cozejwt/internal/testkey"
)

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
	token, err := jwt.ParseWithClaims(signed.Reveal(), claims, func(*jwt.Token) (any, error) { return &testkey.RSA().PublicKey, nil },
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
			if _, err := service.Exchange(context.Background(), secret.New("J"), test.req); err != nil {
				t.Fatal(err)
			}
			if got != "POST "+test.path || auth != "Bearer J" || body != test.body {
				t.Errorf("%s, %s, %s", got, auth, body)
			}
		})
	}
}

func TestExchangeSaysWhoAsksAndInWhatForm(t *testing.T) {
	service := serve(t, func(w http.ResponseWriter, r *http.Request) {
		for name, want := range map[string]string{"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "cozejwt"} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s is %q", name, got)
			}
		}
		_, _ = io.WriteString(w, `{"access_token":"t"}`)
	})
	if _, err := service.Exchange(context.Background(), secret.New("J"), coze.Request{TTL: time.Second}); err != nil { // the shortest
		t.Error(err)
	}
}

func TestExchangeRefusesLifetimesThatAreNotGranted(t *testing.T) {
	for _, ttl := range []time.Duration{time.Millisecond, -time.Second, coze.MaxTTL + time.Second} {
		if _, err := (coze.Service{Base: "http://127.0.0.1:1"}).Exchange(context.Background(), secret.New("J"), coze.Request{TTL: ttl}); fault.ID(err) != "token.ttl" {
			t.Errorf("%s: error is %v", ttl, err)
		}
	}
}

func TestExchangeRefusesWhatItCannotAskFor(t *testing.T) {
	_, err := (coze.Service{Base: "http://127.0.0.1:1"}).Exchange(context.Background(), secret.New("J"), coze.Request{AccountID: "a", EnterpriseID: "e"})
	if fault.ID(err) != "token.two_owners" {
		t.Errorf("two owners: error is %v", err)
	}
	if _, err := (coze.Service{Base: "http://[::1"}).Exchange(context.Background(), secret.New("J"), coze.Request{}); !errors.Is(err, coze.ErrBase) {
		t.Errorf("no URL: error is %v", err)
	}
}

func TestAScopeIsWhatItNarrows(t *testing.T) {
	for _, test := range []struct {
		permissions, bots []string
		want              string
	}{
		{nil, nil, `null`},
		{[]string{"p"}, nil, `{"account_permission":{"permission_list":["p"]}}`},
		{nil, []string{"7"}, `{"attribute_constraint":{"connector_bot_chat_attribute":{"bot_id_list":["7"]}}}`},
	} {
		if got, err := json.Marshal(coze.NewScope(test.permissions, test.bots)); err != nil || string(got) != test.want {
			t.Errorf("%v, %v: %s, %v", test.permissions, test.bots, got, err)
		}
	}
}

func TestAKeyThatCannotSignIsToldSo(t *testing.T) {
	tiny := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: big.NewInt(3233), E: 17}, D: big.NewInt(2753), Primes: []*big.Int{big.NewInt(61), big.NewInt(53)}}
	if signed, err := (coze.Assertion{}).Sign(tiny, time.Unix(0, 0)); !signed.IsZero() || fault.ID(err) != "jwt.sign" {
		t.Errorf("signed %q, error %v", signed, err)
	}
}

func TestExpiryInBothReadings(t *testing.T) {
	absolute := time.Now().Add(time.Hour).Truncate(time.Second)
	for body, want := range map[string]time.Time{
		`{"access_token":"t","expires_in":` + jsonInt(absolute.Unix()) + `}`: absolute,
		`{"access_token":"t","expires_in":3600}`:                             absolute,
		`{"access_token":"t","expires_in":"3600"}`:                           absolute,
		`{"access_token":"t","expires_in":3600.0}`:                           absolute,
		`{"access_token":"t","expires_in":315360000}`:                        absolute.Add(10*365*24*time.Hour - time.Hour),
		`{"access_token":"t","expires_in":253402300799}`:                     time.Unix(253402300799, 0),
		`{"access_token":"t","expires_in":253402300800}`:                     {},
		`{"access_token":"t"}`:                                               {},
		`{"access_token":"t","expires_in":0}`:                                {},
		`{"access_token":"t","expires_in":true}`:                             {},
		`{"access_token":"t","expires_in":""}`:                               {},
		`{"access_token":"t","expires_in":"soon"}`:                           {},
		`{"access_token":"t","expires_in":1e300}`:                            {},
	} {
		token, err := serve(t, answering(200, body)).Exchange(context.Background(), secret.New("J"), coze.Request{})
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
		"code alone":     {401, `{"error_code":"invalid_client"}`, "invalid_client", ""},
		"words alone":    {401, `{"error_message":"no"}`, "", "no"},
		"status 200":     {200, `{"code":4101,"msg":"no permission"}`, "4101", "no permission"},
		"control chars":  {401, `{"error_code":"x\u001b[31m","error_message":"a\nb\u202ec"}`, "x[31m", "a bc"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := serve(t, answering(test.status, test.body)).Exchange(context.Background(), secret.New("J"), coze.Request{})
			r, ok := errors.AsType[*coze.Refusal](err)
			if !ok {
				t.Fatalf("error is %v, want a refusal", err)
			}
			if r.Status != test.status || r.Code != test.code || r.Message != test.message || r.LogID != "2026log" || r.Date.IsZero() || r.Request != "POST /api/permission/oauth2/token" {
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
		"no redirect":    {400, "<html>", coze.ErrNotCoze},
		"server's own":   {500, "<html>", coze.ErrUpstream},
		"first redirect": {300, "", coze.ErrRedirect},
		"token refused":  {400, `{"access_token":"t"}`, coze.ErrNotCoze},
		"token, space":   {200, `{"access_token":"a b"}`, coze.ErrNotCoze},
		"token, DEL":     {200, `{"access_token":"a\u007f"}`, coze.ErrNotCoze},
		"odd token":      {200, `{"access_token":"\u001b[31mx\u202e"}`, coze.ErrNotCoze},
		"redirect":       {302, "", coze.ErrRedirect},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := serve(t, answering(test.status, test.body)).Exchange(context.Background(), secret.New("J"), coze.Request{}); !errors.Is(err, test.want) {
				t.Errorf("error is %v, want %v", err, test.want)
			}
		})
	}
}

func TestATokenIsTakenFromAnAnswerWithOddMembers(t *testing.T) {
	token, err := coze.ReadAnswer(200, []byte(`{"access_token":"!t~","error_message":5,"detail":{"logid":"L"}}`))
	if err != nil || token.AccessToken != secret.New("!t~") || token.LogID != "L" {
		t.Errorf("token %+v, error %v", token, err)
	}
}

func TestMaskedShowsEightCharacters(t *testing.T) {
	if got := (coze.Token{AccessToken: secret.New("12345678secret")}).Redacted(); got != "12345678…" {
		t.Errorf("masked is %q", got)
	}
	for _, short := range []string{"", "short", "12345678"} {
		if got := (coze.Token{AccessToken: secret.New(short)}).Redacted(); got != "…" {
			t.Errorf("%q masked is %q", short, got)
		}
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
		if (err != nil) != token.AccessToken.IsZero() {
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
		payload, err := base64.RawURLEncoding.DecodeString(strings.Split(signed.Reveal(), ".")[1])
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

// Each call waits until as many run as may run at the same time.
func TestSideBySideKeepsToItsNumber(t *testing.T) {
	const atOnce, n = 3, 12
	var mu sync.Mutex
	running, done := 0, map[int]bool{}
	full := make(chan struct{})
	coze.SideBySide(n, atOnce, func(i int) {
		mu.Lock()
		running++
		if running > atOnce {
			t.Errorf("%d run at once", running)
		}
		if done[i] = true; len(done) == atOnce {
			close(full)
		}
		mu.Unlock()
		<-full
		mu.Lock()
		running--
		mu.Unlock()
	})
	if running != 0 || len(done) != n {
		t.Errorf("%d still run, %d are done", running, len(done))
	}
}
