package sandbox_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

// A change takes some seconds; what was there before is served until then.
func TestChangesTakeEffectLater(t *testing.T) {
	seconds := func(n int) time.Duration { return time.Duration(n) * time.Second }
	for name, test := range map[string]struct {
		change       func(*served)
		before, then string // what a token request is refused with, "" for a token
	}{
		"a new key": {func(p *served) {
			p.keyID, _ = p.AddKey(context.Background(), p.appID, keygen.EncodePublic(&otherKey().PublicKey))
		}, "kid not been registred", "signature is invalid"},
		"a deleted key": {func(p *served) {
			p.call("DELETE", "/sandbox/apps/"+p.appID+"/keys/"+p.keyID, "")
		}, "", "kid not been registred"},
		"a disabled app": {func(p *served) {
			p.call("PATCH", "/sandbox/apps/"+p.appID, `{"deactivated":true}`)
		}, "", "deactivated"},
		"a deleted app": {func(p *served) { p.call("DELETE", "/sandbox/apps/"+p.appID, "") }, "", "kid not been registred"},
		"nothing":       {func(*served) {}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := newServed(t)
			p.browser("en").post("/open/trouble", url.Values{"kind": {"delay"}})
			if err := p.refusal(); err != "" {
				t.Fatalf("what was there before is refused: %s", err)
			}
			test.change(p)
			for _, at := range []struct {
				after time.Duration
				want  string
			}{{0, test.before}, {seconds(7), test.before}, {seconds(1), test.then}, {seconds(60), test.then}} {
				p.now = p.now.Add(at.after)
				if err := p.refusal(); err != at.want && (at.want == "" || !strings.Contains(err, at.want)) {
					t.Errorf("%v later: %q, want %q", at.after, err, at.want)
				}
			}
		})
	}
}

// refusal is what a fresh token request is refused with, "" for a token.
func (p *served) refusal() string {
	if _, err := p.exchange(p.assertion(), testkey.RSA(), p.now, coze.Request{}); err != nil {
		return err.Error()
	}
	return ""
}

// A change puts off those before it that have not taken effect; those that have stay.
func TestALaterChangeKeepsWhatHasTakenEffect(t *testing.T) {
	p := newServed(t)
	first := p.keyID
	forget := func() { p.call("DELETE", "/sandbox/apps/"+p.appID+"/keys/"+first, "") }
	disable := func(yes string) { p.call("PATCH", "/sandbox/apps/"+p.appID, `{"deactivated":`+yes+`}`) }
	p.call("PUT", "/sandbox/trouble", `{"kind":"delay"}`)
	disable("true")
	p.now = p.now.Add(5 * time.Second)
	disable("false")
	p.now = p.now.Add(5 * time.Second)
	if err := p.refusal(); err != "" {
		t.Errorf("the first change took effect without the second: %s", err)
	}
	p.now = p.now.Add(5 * time.Second)
	disable("true")
	p.now = p.now.Add(10 * time.Second)
	forget()
	if err := p.refusal(); !strings.Contains(err, "deactivated") {
		t.Errorf("what had taken effect is taken back: %q", err)
	}
	p.call("PUT", "/sandbox/trouble", `{"kind":""}`)
	if err := p.refusal(); !strings.Contains(err, "kid not been") {
		t.Errorf("switched off, a change is still put off: %q", err)
	}
	if apps, err := p.Apps(context.Background()); err != nil || len(apps[0].Keys) != 0 {
		t.Errorf("the page shows %+v: %v", apps, err)
	}
}

func TestTheLastUseIsNotedWhileAChangeIsPutOff(t *testing.T) {
	p := newServed(t)
	p.call("PUT", "/sandbox/trouble", `{"kind":"delay"}`)
	p.call("PATCH", "/sandbox/apps/"+p.appID, `{"name":"renamed"}`)
	if err := p.refusal(); err != "" {
		t.Fatal(err)
	}
	if apps, err := p.Apps(context.Background()); err != nil || apps[0].Keys[0].LastUsed.IsZero() || apps[0].Name != "renamed" {
		t.Errorf("the page shows %+v: %v", apps[0].Keys[0], err)
	}
}
