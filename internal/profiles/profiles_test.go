package profiles_test

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/exchange"
	"cozejwt/internal/fault"
	"cozejwt/internal/formats"
	"cozejwt/internal/i18n"
	"cozejwt/internal/profiles"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testsandbox"
	"cozejwt/keygen"
)

// A project is a folder beside a sandbox with one app, whose key is in it.
type project struct {
	testfile.Folder
	t            *testing.T
	exchange     exchange.Exchanger
	base         string
	appID, keyID string
}

func newProject(t *testing.T) *project {
	t.Helper()
	c := testsandbox.New(t)
	p := &project{Folder: testfile.NewFolder(t), t: t, base: c.Base, exchange: exchange.Exchanger{
		Now: time.Now, StateDir: t.TempDir(), IsSandbox: func(base string) bool { return base == c.Base },
	}}
	var err error
	if p.appID, err = c.CreateApp(context.Background(), "app"); err == nil {
		p.keyID, err = c.AddKey(context.Background(), p.appID, keygen.EncodePublic(&testkey.RSA().PublicKey))
	}
	if err == nil {
		_, err = keygen.Save(p.Path("config/private_key.pem"), testkey.RSA(), keygen.Refuse, time.Now())
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// env writes a .env with the app's credentials, but one value in the place of another.
func (p *project) env(name string, replace ...string) {
	p.t.Helper()
	text := "COZE_CLIENT_ID=" + p.appID + "\nCOZE_PUBLIC_KEY=" + p.keyID + "\nCOZE_PRIVATE_KEY_PATH=config/private_key.pem\nCOZE_API_BASE=" + p.base + "\n"
	p.Write(name, strings.NewReplacer(replace...).Replace(text))
}

func TestListSaysWhatIsKnownOfEach(t *testing.T) {
	p := newProject(t)
	p.env(".env")
	p.env(".env.same")
	p.env(".env.nokey", "private_key", "other")
	p.env(".env.partial", "COZE_PUBLIC_KEY", "X")
	p.Write(".env.broken", "nonsense\n")
	p.Write(".env.other", "DB=1\n")
	var all []string
	for _, l := range profiles.List(p.exchange, p.Dir, p.Path(".env")) {
		flaw := ""
		if l.Flaw != nil {
			flaw = l.Flaw.ID
		}
		all = append(all, strings.TrimSpace(strings.Join([]string{filepath.Base(l.Path), map[bool]string{true: "active"}[l.Active], flaw}, " ")))
		if l.Flaw == nil && l.Region != coze.Sandbox {
			t.Errorf("%s is of region %s", l.Path, l.Region)
		}
	}
	want := ".env active|.env.broken  env.unreadable|.env.nokey  key.absent_near|.env.partial  env.incomplete|.env.same active"
	if got := strings.Join(all, "|"); got != want {
		t.Errorf("listed are\n%s, want\n%s", got, want)
	}
}

func TestTryAsksForEachAndClassesTheWorst(t *testing.T) {
	p := newProject(t)
	p.env(".env")
	list := func() []profiles.Profile { return profiles.List(p.exchange, p.Dir, p.Path(".env")) }
	reported := 0
	all := list()
	if err := profiles.Try(context.Background(), p.exchange, all, func(profiles.Profile) { reported++ }); err != nil || reported != 1 || all[0].LastTest == nil {
		t.Errorf("%v, %d reported, %+v", err, reported, all)
	}
	p.env(".env.away", p.base, "http://127.0.0.1:1")
	all = list()
	err := profiles.Try(context.Background(), p.exchange, all, func(profiles.Profile) {})
	if f, ok := errors.AsType[*fault.Fault](err); ok && f.ID == "profiles.some_fail" || err == nil {
		t.Errorf("what cannot be reached is %v", err)
	}
	p.env(".env.refused", p.keyID, testkey.KeyID)
	all = list()
	if err := profiles.Try(context.Background(), p.exchange, all, func(profiles.Profile) {}); !errors.Is(err, profiles.ErrSomeFail) {
		t.Errorf("what is refused is %v", err)
	}
	for _, l := range all {
		if refused := l.Failed != nil && l.Failed.ID == "kid_unknown"; refused != strings.HasSuffix(l.Path, "refused") {
			t.Errorf("%s: %+v", l.Path, l.Failed)
		}
	}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	if err := profiles.Try(stopped, p.exchange, all, func(profiles.Profile) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("called off: %v", err)
	}
}

func TestKeysInUseAreThoseThatAnyFileNames(t *testing.T) {
	p := newProject(t)
	other := testkey.New()
	if _, err := keygen.Save(p.Path("config/other.pem"), other, keygen.Refuse, time.Now()); err != nil {
		t.Fatal(err)
	}
	p.env(".env")
	used, err := profiles.KeysInUse(p.Dir, p.Path(".env"))
	if err != nil || !used.Names(p.Path("config/private_key.pem")) || used.Names(p.Path("config/other.pem")) || !used.Has(testkey.RSA()) || used.Has(other) {
		t.Errorf("used: %+v, %v", used, err)
	}
	p.env(".env.other", "private_key", "other")
	if used, err = profiles.KeysInUse(p.Dir, p.Path(".env")); err != nil || !used.Names(p.Path("config/other.pem")) || !used.Has(other) {
		t.Errorf("used: %+v, %v", used, err)
	}
	p.env(".env.distributor", "private_key", "third")
	p.env(".env.bak", "private_key", "fourth")
	if used, err = profiles.KeysInUse(p.Dir, p.Path(".env")); err != nil || !used.Names(p.Path("config/third.pem")) || !used.Names(p.Path("config/fourth.pem")) {
		t.Errorf("used: %+v, %v", used, err)
	}
	if _, err := profiles.KeysInUse(p.Path("absent"), p.Path(".env")); err == nil {
		t.Error("a folder that cannot be read may have any file")
	}
	p.Write(".env.broken", "nonsense\n")
	if _, err := profiles.KeysInUse(p.Dir, p.Path(".env")); err == nil {
		t.Error("a file that cannot be read may name any key")
	}
}

func TestImportMakesAProfileOfEachSet(t *testing.T) {
	p := newProject(t)
	p.Write("src/application.yaml", "coze:\n  baseUrl: "+p.base+"\n  a: {clientId: '"+p.appID+"', publicKey: "+p.keyID+", privateKeyPath: config/private_key.pem}\n"+
		"  b: {clientId: '2234567890123', publicKey: "+testkey.KeyID+", privateKey: \""+strings.ReplaceAll(string(keygen.EncodePrivate(testkey.RSA())), "\n", "\\n")+"\"}\n")
	made, err := profiles.Import(p.exchange, p.Dir, p.Path("src/application.yaml"), profiles.ImportOptions{})
	if err != nil || len(made) != 2 {
		t.Fatalf("%+v, %v", made, err)
	}
	if made[0].Profile.Flaw != nil || made[0].Profile.Profile() != "a" || made[0].Saved != nil {
		t.Errorf("the first is %+v", made[0])
	}
	if made[1].Saved == nil || made[1].Profile.KeyFile() != p.Path("config/private_key_b.pem") {
		t.Errorf("the second is %+v", made[1])
	}
	if err := profiles.Try(context.Background(), p.exchange, []profiles.Profile{made[0].Profile}, func(profiles.Profile) {}); err != nil {
		t.Errorf("it does not work: %v", err)
	}
	again, err := profiles.Import(p.exchange, p.Dir, p.Path("src/application.yaml"), profiles.ImportOptions{})
	if err != nil || !again[0].Known || !again[1].Known {
		t.Errorf("a second time: %+v, %v", again, err)
	}
	if names := strings.Join(profiles.Names(p.Dir), " "); names != "a b" {
		t.Errorf("profiles are %s", names)
	}
	if free := profiles.Free(p.Dir, "a"); free != p.Path(".env.a-2") {
		t.Errorf("free is %s", free)
	}
}

func TestImportSaysWhatIsWrongAndWritesNothing(t *testing.T) {
	p := newProject(t)
	two := "a: {clientId: '" + p.appID + "', kid: x}\nb: {clientId: '2', kid: y}\n"
	for name, test := range map[string]struct {
		file, text, name string
		want             error
	}{
		"no sets":       {"x.yaml", "a: 1\n", "", formats.ErrNoSet},
		"damaged key":   {"coze.json", `{"client_id":"1","private_key":"-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----"}`, "", nil},
		"two, one name": {"coze.yaml", two, "one", nil},
		"no such file":  {"", "", "", nil},
		"the .env":      {".env", "COZE_CLIENT_ID=1\nCOZE_PUBLIC_KEY=x\n", "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			path := p.Path("absent.yaml")
			if test.file != "" {
				p.Write(test.file, test.text)
				path = p.Path(test.file)
			}
			_, err := profiles.Import(p.exchange, p.Dir, path, profiles.ImportOptions{Base: p.base, Name: test.name})
			if err == nil || test.want != nil && !errors.Is(err, test.want) || len(profiles.Names(p.Dir)) > 0 {
				t.Errorf("error is %v, profiles %v", err, profiles.Names(p.Dir))
			}
		})
	}
}

func TestImportOfKeyTextOnAnotherDayIsTheSame(t *testing.T) {
	p := newProject(t)
	p.Write("config/private_key_c.pem", "another")
	text, err := json.Marshal(map[string]string{"client_id": p.appID, "kid": p.keyID, "coze_api_base": p.base, "private_key": string(keygen.EncodePrivate(testkey.RSA()))})
	if err != nil {
		t.Fatal(err)
	}
	p.Write("c.json", string(text))
	for day := range 2 {
		p.exchange.Now = func() time.Time { return time.Now().Add(time.Duration(day) * 24 * time.Hour) }
		imports, err := profiles.Import(p.exchange, p.Dir, p.Path("c.json"), profiles.ImportOptions{Base: p.base, Name: "c"})
		if err != nil || len(imports) != 1 || imports[0].Known != (day > 0) {
			t.Errorf("day %d: %+v, %v", day, imports, err)
		}
	}
}

func TestABrokenEnvIsListedWithItsFlaw(t *testing.T) {
	p := newProject(t)
	p.Write(".env", "nonsense\n")
	if all := profiles.List(p.exchange, p.Dir, p.Path(".env")); len(all) != 1 || all[0].Flaw == nil || all[0].Flaw.ID != "env.unreadable" {
		t.Errorf("listed: %+v", all)
	}
}

func TestImportNotesWhatIsDoubtful(t *testing.T) {
	p := newProject(t)
	p.Write("x.yaml", "coze: {clientId: '"+testkey.KeyID+"', publicKey: "+p.keyID+", privateKeyPath: k.pem}\n")
	made, err := profiles.Import(p.exchange, p.Dir, p.Path("x.yaml"), profiles.ImportOptions{Base: p.base, Name: "odd"})
	if err != nil || len(made) != 1 || len(made[0].Notes) == 0 {
		t.Fatalf("%+v, %v", made, err)
	}
	if note := made[0].Notes[0].Message(i18n.English); !strings.Contains(note, "Key ID") {
		t.Errorf("the note is %s", note)
	}
	if made[0].Profile.Flaw == nil {
		t.Error("an incomplete profile has no flaw")
	}
}

func TestANameThatNoFileCanHaveIsAnError(t *testing.T) {
	p := newProject(t)
	p.Write("coze.yaml", strings.Repeat("x", 300)+": {clientId: '"+p.appID+"', publicKey: "+p.keyID+"}\n")
	made, err := profiles.Import(p.exchange, p.Dir, p.Path("coze.yaml"), profiles.ImportOptions{Base: p.base})
	if err == nil || len(made) > 0 || len(profiles.Names(p.Dir)) > 0 {
		t.Errorf("%+v, %v, profiles %v", made, err, profiles.Names(p.Dir))
	}
}
