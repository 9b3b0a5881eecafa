package verification_test

import (
	"testing"

	"cozejwt/internal/exchange"
)

// at changes the API base.
func (p *project) at(base string) { p.set(p.value("COZE_API_BASE"), base) }

// aud adds the host that the JWT is for.
func (p *project) aud(host string) { p.Write(".env", p.Read(".env")+"COZE_AUD="+host+"\n") }

// worked notes that a token was issued for the credentials.
func (p *project) worked() {
	p.t.Helper()
	p.target.StateDir = p.t.TempDir()
	held, err := exchange.Load(p.target.EnvPath)
	if err != nil {
		p.t.Fatal(err)
	}
	p.target.SaveTestResult(held.Set, &held.Key.PublicKey, nil)
}

func TestTheAudienceIsThatOfCoze(t *testing.T) {
	look(t, map[string]scene{
		"a region's aud":          {func(p *project) { p.at("https://api.coze.cn") }, "audience", "aud", "pass api.coze.cn"},
		"its own aud, written":    {func(p *project) { p.at("https://api.coze.cn"); p.aud("api.coze.cn") }, "audience", "aud", "pass api.coze.cn"},
		"another region's aud":    {func(p *project) { p.at("https://api.coze.cn"); p.aud("api.coze.com") }, "audience", "name aud host", "fail aud.other_host COZE_AUD api.coze.com api.coze.cn"},
		"a proxy's aud":           {func(p *project) { p.at("https://proxy.example"); p.aud("api.coze.cn") }, "audience", "aud", "pass api.coze.cn"},
		"a proxy without aud":     {func(p *project) { p.at("https://proxy.example") }, "audience", "name host", "warn aud.proxy COZE_AUD proxy.example"},
		"a proxy on this machine": {func(p *project) { p.at("http://127.0.0.1:8787") }, "audience", "aud", "pass 127.0.0.1:8787"},
		"a proxy that has worked": {func(p *project) { p.at("https://proxy.example"); p.worked() }, "audience", "aud", "pass proxy.example"},
		"aud of a base not known": {func(p *project) { p.at("coze") }, "audience", "after", "skip verify.skipped api.base"},
	})
}
