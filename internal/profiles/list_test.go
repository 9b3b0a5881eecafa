package profiles_test

import (
	"context"
	"errors"
	"os"
	"slices"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/profiles"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

func (p *project) list() []profiles.Profile {
	return profiles.List(p.exchange, p.Dir, p.Path(".env"))
}

func TestAFlawSaysWhyASetCannotBeUsed(t *testing.T) {
	for name, test := range map[string]struct {
		broken func(p *project)
		want   string
		region coze.Region
	}{
		"nothing":            {func(*project) {}, "", coze.Sandbox},
		"no public key":      {func(p *project) { _ = os.Remove(p.Path("config/public_key.pem")) }, "", coze.Sandbox},
		"no key in the file": {func(p *project) { p.Write("config/private_key.pem", "x") }, "key.no_pem", coze.Sandbox},
		"no key": {func(p *project) {
			_ = os.Remove(p.Path("config/private_key.pem"))
		}, "key.absent", coze.Sandbox},
		"another public key": {func(p *project) {
			p.Write("config/public_key.pem", string(keygen.EncodePublic(&anotherKey().PublicKey)))
		}, "key.no_pair", coze.Sandbox},
		"a console's address":  {func(p *project) { p.env(".env", p.base, "https://www.coze.cn") }, "base.console", ""},
		"a real region":        {func(p *project) { p.env(".env", p.base, "https://api.coze.com") }, "", coze.COM},
		"no App ID and no URL": {func(p *project) { p.env(".env", p.base, "x", p.appID, "") }, "env.incomplete", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			p.env(".env")
			test.broken(p)
			all := p.list()
			flaw := ""
			if all[0].Flaw != nil {
				flaw = all[0].Flaw.ID
			}
			if len(all) != 1 || flaw != test.want || all[0].Region != test.region {
				t.Errorf("%d listed, the flaw is %q, want %q; the region %q, want %q", len(all), flaw, test.want, all[0].Region, test.region)
			}
		})
	}
}

func TestAProfileThatIsUsedAsTheEnvIsListedOnce(t *testing.T) {
	p := newProject(t)
	p.env(".env.prod")
	all := profiles.List(p.exchange, p.Dir, p.Path(".env.prod"))
	if len(all) != 1 || !all[0].Active || all[0].Path != p.Path(".env.prod") {
		t.Errorf("listed: %+v", all)
	}
}

// A file that holds nothing but key text has a set without any value, as no file has.
func TestNothingIsActiveWithoutAnEnv(t *testing.T) {
	p := newProject(t)
	p.Write(".env.x", "COZE_PUBLIC_KEY='-----BEGIN PRIVATE KEY-----'\n")
	if all := p.list(); len(all) != 1 || all[0].Active {
		t.Errorf("listed: %+v", all)
	}
}

func TestTheLastTestIsListed(t *testing.T) {
	p := newProject(t)
	p.env(".env")
	p.env(".env.refused", p.keyID, testkey.KeyID)
	for _, l := range p.list() {
		if l.LastTest != nil {
			t.Errorf("before any test %s has one", l.Path)
		}
	}
	_ = profiles.Try(context.Background(), p.exchange, p.list(), func(profiles.Profile) {})
	for _, l := range p.list() {
		if refused := l.Path == p.Path(".env.refused"); l.LastTest == nil || l.LastTest.Refusal == "" == refused {
			t.Errorf("%s: %+v", l.Path, l.LastTest)
		}
	}
}

func TestASetWithoutAKeyIsNotTriedAndFailsAll(t *testing.T) {
	p := newProject(t)
	p.env(".env")
	p.env(".env.nokey", "private_key", "other")
	var reported []string
	err := profiles.Try(context.Background(), p.exchange, p.list(), func(l profiles.Profile) {
		reported = append(reported, l.Profile())
		if l.Failed != nil {
			t.Errorf("%s failed: %+v", l.Path, l.Failed)
		}
	})
	slices.Sort(reported)
	if !errors.Is(err, profiles.ErrSomeFail) || !slices.Equal(reported, []string{"", "nokey"}) {
		t.Errorf("%v, reported are %q", err, reported)
	}
}

// What was asked decides which causes are likely and where they are fixed.
func TestAFailureIsDiagnosedWithWhatIsKnown(t *testing.T) {
	p := newProject(t)
	p.exchange.IsSandbox = nil
	p.env(".env", p.base, "http://127.0.0.1:1")
	p.env(".env.refused", p.keyID, testkey.KeyID)
	all := p.list()
	err := profiles.Try(context.Background(), p.exchange, all[:1], func(profiles.Profile) {})
	if !errors.Is(err, coze.ErrRefused) || all[0].Failed.FixAt() != diagnosis.AtRegion || all[0].LastTest != nil {
		t.Errorf("%v; %+v", err, all[0])
	}
	err = profiles.Try(context.Background(), p.exchange, all, func(profiles.Profile) {})
	if !errors.Is(err, profiles.ErrSomeFail) || all[1].Failed == nil {
		t.Fatalf("%v; %+v", err, all[1])
	}
	pairs := all[1].Failed.Causes[0].Pairs
	for _, want := range []string{p.appID, testkey.KeyID, p.base} {
		if !slices.Contains(pairs, want) {
			t.Errorf("the cause does not know %s: %q", want, pairs)
		}
	}
}

func TestFreeCountsUp(t *testing.T) {
	p := newProject(t)
	for _, want := range []string{".env.a", ".env.a-2", ".env.a-3"} {
		if got := profiles.Free(p.Dir, "a"); got != p.Path(want) {
			t.Errorf("free is %s, want %s", got, want)
		}
		p.Write(want, "")
	}
}

func TestBothSetsOfAFileUseTheirKeys(t *testing.T) {
	p := newProject(t)
	second := anotherKey()
	p.Write("config/second.pem", string(keygen.EncodePrivate(second)))
	p.env(".env")
	p.Write(".env", p.Read(".env")+"COZE_JWT_OAUTH_CLIENT_ID=2234567890123\nCOZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH=config/second.pem\n")
	used, err := profiles.KeysInUse(p.Dir, p.Path(".env"))
	if err != nil || !used.Names(p.Path("config/second.pem")) || !used.Has(second) || !used.Has(testkey.RSA()) {
		t.Errorf("used: %+v, %v", used, err)
	}
}

func TestKeysInUseAreOfEnvFilesAlone(t *testing.T) {
	p := newProject(t)
	p.env(".env")
	p.Write("README", "nonsense\n")
	p.Write(".env.d/x", "nonsense\n")
	p.Write(".env.partial", "COZE_CLIENT_ID=1\n")
	used, err := profiles.KeysInUse(p.Dir, p.Path(".env"))
	if err != nil || !used.Names(p.Path("config/private_key.pem")) || used.Names("") {
		t.Errorf("used: %+v, %v", used, err)
	}
}

func TestKeysInUseAreAlsoOfTheFolderOfTheEnv(t *testing.T) {
	p := newProject(t)
	p.Write("deploy/.env.b", "COZE_PRIVATE_KEY_PATH=b.pem\n")
	p.Write("deploy/prod", "COZE_PRIVATE_KEY_PATH=c.pem\n") // no name of a .env, but it is the one
	used, err := profiles.KeysInUse(p.Dir, p.Path("deploy/prod"))
	if err != nil || !used.Names(p.Path("deploy/b.pem")) || !used.Names(p.Path("deploy/c.pem")) || used.Names(p.Path("b.pem")) {
		t.Errorf("used: %+v, %v", used, err)
	}
	if _, err := profiles.KeysInUse(p.Dir, p.Path("absent/.env")); err == nil {
		t.Error("a folder that is not there is no error")
	}
}

func TestAKeyThatCannotBeReadIsNamedAndNotHad(t *testing.T) {
	p := newProject(t)
	p.env(".env")
	p.Write("config/private_key.pem", "x")
	used, err := profiles.KeysInUse(p.Dir, p.Path(".env"))
	if err != nil || !used.Names(p.Path("config/private_key.pem")) || used.Has(testkey.RSA()) {
		t.Errorf("used: %+v, %v", used, err)
	}
}

// The dates of an import are those of the clock that it is given.
func TestAReplacedPublicKeyIsKeptUnderTheDate(t *testing.T) {
	p := emptyProject(t)
	p.exchange.Now = func() time.Time { return time.Date(2031, 5, 4, 3, 2, 1, 0, time.UTC) }
	p.Write("config/public_key_c.pem", "another")
	p.keyText("c.json")
	made := p.take("c.json")
	if kept := made.Saved.Kept; len(kept) != 1 || kept[0] != p.Path("config/public_key_c.pem.bak-20310504T030201Z") {
		t.Errorf("kept are %v", kept)
	}
}
