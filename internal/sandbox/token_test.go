package sandbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"cozejwt/internal/coze"
	"cozejwt/internal/testkey"
)

// send makes a request with a credential and returns the answer and its text.
func (p *served) send(method, path, credential, body string) (*http.Response, string) {
	p.t.Helper()
	req, err := http.NewRequest(method, p.Base+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	if credential != "" {
		req.Header.Set("Authorization", "Bearer "+credential)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return resp, string(text)
}

// claims are those of a good assertion, with some changed; nil takes one away.
func (p *served) claims(changed map[string]any) jwt.MapClaims {
	c := jwt.MapClaims{
		"iss": p.appID, "aud": coze.Audience(p.Base), "iat": p.now.Unix(), "exp": p.now.Add(time.Minute).Unix(), "jti": "once",
	}
	maps.Copy(c, changed)
	maps.DeleteFunc(c, func(_ string, v any) bool { return v == nil })
	return c
}

// sign makes an assertion of any claims.
func (p *served) sign(claims jwt.MapClaims) string { return p.signWith(nil, claims) }

func (p *served) signWith(header map[string]any, claims jwt.MapClaims) string {
	p.t.Helper()
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	token.Header["kid"] = p.keyID
	maps.Copy(token.Header, header)
	signed, err := token.SignedString(testkey.RSA())
	if err != nil {
		p.t.Fatal(err)
	}
	return signed
}

const (
	tokenPath = "/api/permission/oauth2/token"
	grantBody = `{"grant_type":"` + coze.GrantType + `"}`
)

func TestTheClaimsOfAnAssertionAreChecked(t *testing.T) {
	at := func(p *served, d time.Duration) int64 { return p.now.Add(d).Unix() }
	for name, test := range map[string]struct {
		changed func(*served) map[string]any
		want    string // "" for a token
	}{
		"all are there":     {func(*served) map[string]any { return nil }, ""},
		"no aud":            {func(*served) map[string]any { return map[string]any{"aud": nil} }, "aud is invalid"},
		"no exp":            {func(*served) map[string]any { return map[string]any{"exp": nil} }, "exp is required"},
		"no number for exp": {func(*served) map[string]any { return map[string]any{"exp": "soon"} }, "exp is required"},
		"no iat":            {func(*served) map[string]any { return map[string]any{"iat": nil} }, "iat is required"},
		"no number for iat": {func(*served) map[string]any { return map[string]any{"iat": "now"} }, "iat is required"},
		"no jti":            {func(*served) map[string]any { return map[string]any{"jti": nil} }, "jti is required"},
		"exp at iat":        {func(p *served) map[string]any { return map[string]any{"exp": at(p, 0)} }, "exp is not later than iat"},
		"expired just now": {func(p *served) map[string]any {
			return map[string]any{"iat": at(p, -time.Hour), "exp": at(p, -50*time.Second)}
		}, ""},
		"expired": {func(p *served) map[string]any {
			return map[string]any{"iat": at(p, -time.Hour), "exp": at(p, -70*time.Second)}
		}, "token is expired"},
		"a little early": {func(p *served) map[string]any { return map[string]any{"iat": at(p, 50*time.Second)} }, ""},
		"from the future": {func(p *served) map[string]any {
			return map[string]any{"iat": at(p, 70*time.Second), "exp": at(p, time.Hour)}
		}, "token used before issued"},
		"soon valid":          {func(p *served) map[string]any { return map[string]any{"nbf": at(p, 50*time.Second)} }, ""},
		"not valid yet":       {func(p *served) map[string]any { return map[string]any{"nbf": at(p, 70*time.Second)} }, "token is not valid yet"},
		"no number for nbf":   {func(*served) map[string]any { return map[string]any{"nbf": "now"} }, "token is not valid yet"},
		"too long":            {func(*served) map[string]any { return map[string]any{"jti": strings.Repeat("x", 16<<10)} }, "token is malformed"},
		"one of several auds": {func(p *served) map[string]any { return map[string]any{"aud": []string{"x", coze.Audience(p.Base)}} }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := newServed(t)
			resp, text := p.send("POST", tokenPath, p.sign(p.claims(test.changed(p))), grantBody)
			if test.want == "" {
				if resp.StatusCode != http.StatusOK || !strings.Contains(text, `"token_type":"Bearer"`) {
					t.Errorf("HTTP %d: %s", resp.StatusCode, text)
				}
				return
			}
			if resp.StatusCode != http.StatusUnauthorized || !strings.Contains(text, `"error_code":"invalid_client","error_message":"invalid jwt: `+test.want) {
				t.Errorf("HTTP %d: %s, want %s", resp.StatusCode, text, test.want)
			}
		})
	}
}

func TestWhatIsNoAssertionIsRefused(t *testing.T) {
	p := newServed(t)
	good := p.sign(p.claims(nil))
	hmac, err := jwt.NewWithClaims(jwt.SigningMethodHS256, p.claims(nil)).SignedString([]byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	for credential, want := range map[string]string{
		"":                          "empty jwt token",
		"nonsense":                  "token is malformed",
		good[:len(good)-4] + "AAAA": "signature is invalid",
		hmac:                        "signature is invalid",
		p.signWith(map[string]any{"crit": []string{"x"}, "x": 1}, p.claims(nil)): "crit is not supported",
	} {
		if resp, text := p.send("POST", tokenPath, credential, grantBody); resp.StatusCode != http.StatusUnauthorized || !strings.Contains(text, "invalid jwt: "+want) {
			t.Errorf("%q: HTTP %d: %s, want %s", credential, resp.StatusCode, text, want)
		}
	}
	if resp, text := p.send("POST", tokenPath, good, grantBody); resp.StatusCode != http.StatusOK {
		t.Errorf("what was refused has used up the jti: %s", text)
	}
}

func TestAJTIIsFreeAgainOnceItsAssertionHasExpired(t *testing.T) {
	p := newServed(t)
	for _, step := range []struct {
		after time.Duration // the first
		want  int
	}{{0, http.StatusOK}, {90 * time.Second, http.StatusUnauthorized}, {121 * time.Second, http.StatusOK}, {122 * time.Second, http.StatusUnauthorized}} {
		began := p.now
		p.now = began.Add(step.after)
		if resp, text := p.send("POST", tokenPath, p.sign(p.claims(map[string]any{"jti": "same"})), grantBody); resp.StatusCode != step.want {
			t.Errorf("after %s: HTTP %d: %s", step.after, resp.StatusCode, text)
		}
		p.now = began
	}
}

func TestATokenLastsAsLongAsWasAsked(t *testing.T) {
	for name, test := range map[string]struct {
		body string
		want time.Duration // 0 for a refusal
	}{
		"not said":     {grantBody, coze.DefaultTTL},
		"a second":     {`{"grant_type":"` + coze.GrantType + `","duration_seconds":1}`, time.Second},
		"the longest":  {`{"grant_type":"` + coze.GrantType + `","duration_seconds":86399}`, coze.MaxTTL},
		"longer":       {`{"grant_type":"` + coze.GrantType + `","duration_seconds":86400}`, 0},
		"below zero":   {`{"grant_type":"` + coze.GrantType + `","duration_seconds":-5}`, 0},
		"scope of bot": {`{"grant_type":"` + coze.GrantType + `","scope":{"attribute_constraint":{"connector_bot_chat_attribute":{"bot_id_list":["1"]}}}}`, coze.DefaultTTL},
	} {
		t.Run(name, func(t *testing.T) {
			p := newServed(t)
			resp, text := p.send("POST", tokenPath, p.sign(p.claims(nil)), test.body)
			var got struct {
				ExpiresIn int64 `json:"expires_in"`
			}
			if err := json.Unmarshal([]byte(text), &got); err != nil {
				t.Fatal(err)
			}
			if test.want == 0 {
				if resp.StatusCode != http.StatusBadRequest || got.ExpiresIn != 0 {
					t.Errorf("HTTP %d: %s", resp.StatusCode, text)
				}
				return
			}
			if want := p.now.Add(test.want).Unix(); got.ExpiresIn != want {
				t.Errorf("HTTP %d, expires at %d, want %d", resp.StatusCode, got.ExpiresIn, want)
			}
		})
	}
}

// The statuses are those of OAuth; a client takes its way by them.
func TestEachRefusalHasItsStatus(t *testing.T) {
	for change, want := range map[string]int{
		`{"deactivated":true}`:      http.StatusForbidden,
		`{"owner_logged_out":true}`: http.StatusForbidden,
		`{"authorised":false}`:      http.StatusForbidden,
		`{"type":"channel"}`:        http.StatusForbidden,
		`{"client_type":"mobile"}`:  http.StatusForbidden,
		`{"trouble":true}`:          http.StatusInternalServerError,
	} {
		p := newServed(t)
		p.call("PATCH", "/sandbox/apps/"+p.appID, change)
		_, err := p.exchange(p.assertion(), testkey.RSA(), p.now, coze.Request{})
		if r, ok := errors.AsType[*coze.Refusal](err); !ok || r.Status != want {
			t.Errorf("%s: error is %v, want HTTP %d", change, err, want)
		}
		if want == http.StatusInternalServerError && (err == nil || !strings.Contains(err.Error(), "internal_error: Service internal error.")) {
			t.Errorf("%s: error is %v", change, err)
		}
	}
}

func TestEachEndpointServesItsTypeOfApp(t *testing.T) {
	p := newServed(t)
	if _, err := p.exchange(p.assertion(), testkey.RSA(), p.now, coze.Request{AccountID: "7"}); err != nil {
		t.Errorf("for an account: %v", err)
	}
	p.call("PATCH", "/sandbox/apps/"+p.appID, `{"type":"privilege"}`)
	if _, err := p.exchange(p.assertion(), testkey.RSA(), p.now, coze.Request{EnterpriseID: "e"}); err != nil {
		t.Errorf("for an enterprise: %v", err)
	}
}

func TestAKeySaysWhenItWasLastUsed(t *testing.T) {
	p := newServed(t)
	used := func() time.Time {
		apps, err := p.Apps(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		return apps[0].Keys[0].LastUsed
	}
	if !used().IsZero() {
		t.Errorf("it was used at %s", used())
	}
	_, _ = p.exchange(p.assertion(), otherKey(), p.now, coze.Request{}) // a wrong signature is no use
	if !used().IsZero() {
		t.Errorf("a wrong signature used it at %s", used())
	}
	if _, err := p.exchange(p.assertion(), testkey.RSA(), p.now, coze.Request{}); err != nil {
		t.Fatal(err)
	}
	if !used().Equal(p.now) {
		t.Errorf("it was used at %s, want %s", used(), p.now)
	}
}
