package exchange_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/exchange"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testsandbox"
	"cozejwt/keygen"
)

// A place is a sandbox with an app, and an exchanger that knows it.
type place struct {
	exchange.Exchanger
	set credentials.Set
}

func newPlace(t *testing.T) *place {
	t.Helper()
	c := testsandbox.New(t)
	p := &place{Exchanger: exchange.Exchanger{
		Now: time.Now, StateDir: t.TempDir(), IsSandbox: func(base string) bool { return base == c.Base },
	}}
	p.set.APIBase = c.Base
	var err error
	if p.set.AppID, err = c.CreateApp(context.Background(), "app"); err != nil {
		t.Fatal(err)
	}
	if p.set.KeyID, err = c.AddKey(context.Background(), p.set.AppID, keygen.EncodePublic(&testkey.RSA().PublicKey)); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestTheLastTestIsRemembered(t *testing.T) {
	p := newPlace(t)
	public := &testkey.RSA().PublicKey
	if last := p.LastTestResult(p.set, public); last != nil {
		t.Errorf("before any test it is %+v", last)
	}
	grant, err := p.Test(context.Background(), p.set, testkey.RSA())
	if err != nil || grant.Token.AccessToken == "" || grant.Base != p.set.APIBase {
		t.Fatalf("%+v, %v", grant, err)
	}
	if last := p.LastTestResult(p.set, public); last == nil || last.Refusal != "" {
		t.Errorf("after a token it is %+v", last)
	}
	p.set.KeyID = testkey.KeyID
	_, err = p.Test(context.Background(), p.set, testkey.RSA())
	if _, refused := errors.AsType[*coze.Refusal](err); !refused {
		t.Fatalf("error is %v, want a refusal", err)
	}
	if last := p.LastTestResult(p.set, public); last == nil || !strings.Contains(last.Refusal, "kid") {
		t.Errorf("after a refusal it is %+v", last)
	}
	p.set.APIBase = "http://127.0.0.1:1"
	if _, err := p.Test(context.Background(), p.set, testkey.RSA()); !errors.Is(err, coze.ErrRefused) {
		t.Errorf("error is %v", err)
	}
	if last := p.LastTestResult(p.set, public); last != nil {
		t.Errorf("a host that cannot be reached has said %+v", last)
	}
}

func TestAFileIsTestedAsAProgramReadsIt(t *testing.T) {
	p := newPlace(t)
	dir := t.TempDir()
	path := filepath.Join(dir, ".env")
	if _, err := keygen.Save(filepath.Join(dir, "config", "private_key.pem"), testkey.RSA(), keygen.Refuse, time.Now()); err != nil {
		t.Fatal(err)
	}
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("COZE_CLIENT_ID=" + p.set.AppID + "\nCOZE_PUBLIC_KEY=" + p.set.KeyID + "\nCOZE_PRIVATE_KEY_PATH=config/private_key.pem\nCOZE_API_BASE=" + p.set.APIBase + "\n")
	if _, err := p.TestFile(context.Background(), path); err != nil {
		t.Errorf("error is %v", err)
	}
	write("COZE_CLIENT_ID=" + p.set.AppID + "\n")
	if _, err := p.TestFile(context.Background(), path); err == nil {
		t.Error("an incomplete file is tested")
	}
}

func TestResolveFollowsTheSandbox(t *testing.T) {
	p := newPlace(t)
	p.Locate = func(_ context.Context, base string) (string, error) { return base + "0", nil }
	if base, err := p.Resolve(context.Background(), "http://127.0.0.1:1"); err != nil || base != "http://127.0.0.1:10" {
		t.Errorf("%s, %v", base, err)
	}
	if _, err := p.Resolve(context.Background(), "no url"); err == nil {
		t.Error("what is no URL is resolved")
	}
	if p.RegionOf(p.set.APIBase) != coze.Sandbox || p.RegionOf(coze.CN.Base()) != coze.CN {
		t.Error("regions are mixed up")
	}
}
