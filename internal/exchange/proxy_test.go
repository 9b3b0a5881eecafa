package exchange_test

import (
	"context"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/testkey"
)

func TestBehindAProxyTheJWTIsForTheHostBehindIt(t *testing.T) {
	p := newPlace(t)
	to, err := url.Parse(p.set.APIBase)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) }})
	t.Cleanup(server.Close)
	p.set.APIBase = server.URL
	if _, err := p.Test(context.Background(), p.set, testkey.RSA()); err == nil {
		t.Error("the proxy's host was taken for an aud")
	}
	behind := p.set
	behind.Aud = to.Host
	if _, err := p.Test(context.Background(), behind, testkey.RSA()); err != nil {
		t.Error(err)
	}
	public := &testkey.RSA().PublicKey
	if last := p.LastTestResult(p.set, public); last == nil || last.Refusal == "" {
		t.Errorf("without aud it is %+v", last)
	}
	if last := p.LastTestResult(behind, public); last == nil || last.Refusal != "" {
		t.Errorf("with aud it is %+v", last)
	}
}

func TestAnAudStaysWithItsProxy(t *testing.T) {
	p := newPlace(t)
	sandbox := p.set.APIBase
	for _, test := range []struct{ from, to, want string }{
		{"https://proxy.example", "https://proxy.example", "a"},
		{"https://proxy.example/", "https://proxy.example", "a"},
		{"https://proxy.example", "https://other.example", "a"},
		{"https://proxy.example", coze.CN.Base(), ""},
		{"https://proxy.example", sandbox, ""},
		{coze.CN.Base(), coze.CN.Base(), "a"},
	} {
		set := p.AtBase(credentials.Set{APIBase: test.from, Aud: "a", AccountID: "1"}, test.to)
		if set != (credentials.Set{APIBase: test.to, Aud: test.want, AccountID: "1"}) {
			t.Errorf("from %s to %s: %+v", test.from, test.to, set)
		}
	}
}
