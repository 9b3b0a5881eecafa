package diagnosis_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/sandbox"
	"cozejwt/internal/secret"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testsandbox"
	"cozejwt/keygen"
)

// A provocation is a sandbox with one app, and a way to make it refuse.
type provocation struct {
	t    *testing.T
	coze sandbox.Client
	a    coze.Assertion
	at   time.Time
	req  coze.Request
}

func (p *provocation) change(body string) {
	p.t.Helper()
	r, _ := http.NewRequest(http.MethodPatch, p.coze.Base+"/sandbox/apps/"+p.a.AppID, strings.NewReader(body))
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	resp.Body.Close()
}

func (p *provocation) sign() string {
	p.t.Helper()
	signed, err := p.a.Sign(testkey.RSA(), p.at)
	if err != nil {
		p.t.Fatal(err)
	}
	return signed.Reveal()
}

func (p *provocation) exchange(assertion string) (coze.Token, error) {
	return coze.Service{Base: p.coze.Base}.Exchange(context.Background(), secret.New(assertion), p.req)
}

// send makes a call of the test's own, to the token endpoint or to another
// API, and returns what was refused.
func (p *provocation) send(method, path, bearer, body string) error {
	p.t.Helper()
	r, _ := http.NewRequest(method, p.coze.Base+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+bearer)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, _ := io.ReadAll(resp.Body)
	var no struct {
		ErrorCode    string `json:"error_code"`
		ErrorMessage string `json:"error_message"`
		Code         int
		Msg          string
	}
	if err := json.Unmarshal(data, &no); err != nil {
		p.t.Fatal(err)
	}
	if no.ErrorCode == "" {
		no.ErrorCode, no.ErrorMessage = strconv.Itoa(no.Code), no.Msg
	}
	return &coze.Refusal{Status: resp.StatusCode, Code: no.ErrorCode, Message: no.ErrorMessage}
}

// provoked says, for each rule, how the sandbox is brought to refuse so.
var provoked = map[string]func(*provocation) error{
	"kid_unknown":       func(p *provocation) error { p.a.KeyID = testkey.KeyID; return p.ask() },
	"connector_unbound": func(p *provocation) error { p.change(`{"type":"channel"}`); return p.ask() },
	"app_type":          func(p *provocation) error { p.change(`{"client_type":"web"}`); return p.ask() },
	"app_deactivated":   func(p *provocation) error { p.change(`{"deactivated":true}`); return p.ask() },
	"app_unauthorised":  func(p *provocation) error { p.change(`{"authorised":false}`); return p.ask() },
	"login_session":     func(p *provocation) error { p.change(`{"owner_logged_out":true}`); return p.ask() },
	"internal":          func(p *provocation) error { p.change(`{"trouble":true}`); return p.ask() },
	"jwt_empty":         func(p *provocation) error { _, err := p.exchange(""); return err },
	"jwt_malformed":     func(p *provocation) error { _, err := p.exchange("no.jwt.atall"); return err },
	"signature": func(p *provocation) error {
		signed, err := p.a.Sign(testkey.New(), p.at)
		if err != nil {
			return err
		}
		_, err = p.exchange(signed.Reveal())
		return err
	},
	"audience": func(p *provocation) error { p.a.Audience = "api.coze.cn"; return p.ask() },
	"jwt_time": func(p *provocation) error { p.at = p.at.Add(-time.Hour); return p.ask() },
	"jwt_reused": func(p *provocation) error {
		signed := p.sign()
		if _, err := p.exchange(signed); err != nil {
			return err
		}
		_, err := p.exchange(signed)
		return err
	},
	"request_scope": func(p *provocation) error { p.req.Scope = coze.NewScope([]string{"none"}, nil); return p.ask() },
	"request": func(p *provocation) error {
		return p.send("POST", "/api/permission/oauth2/token", p.sign(), "grant_type=jwt")
	},
	"request_duration": func(p *provocation) error {
		return p.send("POST", "/api/permission/oauth2/token", p.sign(), `{"grant_type":"`+coze.GrantType+`","duration_seconds":0}`)
	},
	"grant_type": func(p *provocation) error {
		return p.send("POST", "/api/permission/oauth2/token", p.sign(), `{"grant_type":"password"}`)
	},
	"authentication": func(p *provocation) error { return p.send("GET", "/v1/workspaces", "of-another-region", "") },
	"permission": func(p *provocation) error {
		p.req.Scope = coze.NewScope([]string{"Connector.botChat"}, nil)
		token, err := p.exchange(p.sign())
		if err != nil {
			return err
		}
		return p.send("GET", "/v1/workspaces", token.AccessToken.Reveal(), "")
	},
}

// Not provoked: "rate" and "denied", of which only the codes are known,
// "unknown" and "client", which are for words that no one has heard yet, what the console says, and what
// only API calls answer that the sandbox does not have.
var unprovoked = regexp.MustCompile(`^(client|kid_missing|jwt_algorithm|workflow_timeout|request_grant|jwt_early|key_limit|admin_only|other_account|token_region|network_blocked|request_body|workflow_unpublished|no_such_endpoint|token_expired|account_code|studio_key|studio_code|jwt_issuer|request_secret|other_flow|rate|denied|unknown|no_such_path|gateway_timeout|studio_path|token_unknown|bot_unpublished|not_found|login_invalid|no_access|api_\d+)$`)

func (p *provocation) ask() error {
	p.t.Helper()
	_, err := p.exchange(p.sign())
	return err
}

func TestEachRuleIsProvokedForReal(t *testing.T) {
	for _, id := range diagnosis.RuleIDs() {
		provoke, ok := provoked[id]
		if !ok {
			if !unprovoked.MatchString(id) {
				t.Errorf("nothing provokes the rule %s", id)
			}
			continue
		}
		t.Run(id, func(t *testing.T) {
			p := &provocation{t: t, coze: testsandbox.New(t), at: time.Now()}
			p.a.Audience = coze.Audience(p.coze.Base)
			var err error
			if p.a.AppID, err = p.coze.CreateApp(context.Background(), "app"); err != nil {
				t.Fatal(err)
			}
			if p.a.KeyID, err = p.coze.AddKey(context.Background(), p.a.AppID, keygen.EncodePublic(&testkey.RSA().PublicKey)); err != nil {
				t.Fatal(err)
			}
			err = provoke(p)
			if _, ok := errors.AsType[*coze.Refusal](err); !ok {
				t.Fatalf("the answer is %v, want a refusal", err)
			}
			if d := diagnosis.Diagnose(err, facts); d.ID != id {
				t.Errorf("%v is taken for %s", err, d.ID)
			}
		})
	}
}
