package profiles_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/formats"
	"cozejwt/internal/profiles"
	"cozejwt/internal/testkey"
)

const unsure = "CLIENT_ID=" + testkey.AppID + "\nKID=" + testkey.KeyID + "\nPRIVATE_KEY_PATH=k.pem\n"

func TestWhatMayBeAnotherProductsIsImportedWithAYesAlone(t *testing.T) {
	for name, test := range map[string]struct {
		accept func(*fault.Fault) bool
		made   int
	}{
		"nobody to ask": {nil, 0},
		"a no":          {func(*fault.Fault) bool { return false }, 0},
		"a yes":         {func(f *fault.Fault) bool { return f.Value("names") == "CLIENT_ID, KID, PRIVATE_KEY_PATH" }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			p := emptyProject(t)
			p.Write("src/x.env", unsure)
			made, err := profiles.Import(p.exchange, p.Dir, p.Path("src/x.env"), profiles.ImportOptions{Accept: test.accept})
			if len(made) != test.made || errors.Is(err, profiles.ErrUnsure) == (test.made > 0) || len(profiles.Names(p.Dir)) != test.made {
				t.Errorf("%+v, %v", made, err)
			}
			if err := profiles.CheckImport(p.Dir, p.Path("src/x.env"), ""); err != nil {
				t.Errorf("it cannot even be asked about: %v", err)
			}
		})
	}
}

func TestTheSureOnesAreImportedWithoutTheOthers(t *testing.T) {
	p := emptyProject(t)
	p.Write("x.yaml", "coze: {clientId: '"+p.appID+"', kid: "+p.keyID+"}\nother: {clientId: '"+p.appID+"', kid: "+p.keyID+"}\n")
	var notes []string
	made, err := profiles.Import(p.exchange, p.Dir, p.Path("x.yaml"), profiles.ImportOptions{Note: func(f *fault.Fault) { notes = append(notes, f.ID+" "+f.Value("where")) }})
	if err != nil || len(made) != 1 || made[0].Name != "coze" || strings.Join(notes, ",") != "import.unsure other" {
		t.Errorf("%+v, %v, notes %v", made, err, notes)
	}
}

func TestAFileWithoutAValueMakesNoProfile(t *testing.T) {
	p := emptyProject(t)
	p.Write("x.yaml", "coze: {clientId: '${A_B}', kid: '<your key>'}\n")
	notes := 0
	made, err := profiles.Import(p.exchange, p.Dir, p.Path("x.yaml"), profiles.ImportOptions{Note: func(*fault.Fault) { notes++ }})
	if !errors.Is(err, formats.ErrNoValues) || len(made) > 0 || len(profiles.Names(p.Dir)) > 0 || notes != 2 {
		t.Errorf("%+v, %v, %d notes", made, err, notes)
	}
}

func TestTheBaseOfASet(t *testing.T) {
	ask := func(answer string, err error) func(string) (string, error) {
		return func(string) (string, error) { return answer, err }
	}
	refused := errors.New("refused")
	for name, test := range map[string]struct {
		more  string // of the file
		o     profiles.ImportOptions
		want  string
		notes string
		err   error
	}{
		"nothing says it":          {"", profiles.ImportOptions{}, "", "", nil},
		"a person says it":         {"", profiles.ImportOptions{AskBase: ask("https://api.coze.com", nil)}, "https://api.coze.com", "", nil},
		"a person leaves":          {"", profiles.ImportOptions{AskBase: ask("", refused)}, "", "", refused},
		"the file says the region": {"aud: api.coze.com", profiles.ImportOptions{AskBase: ask("https://api.coze.cn", nil)}, "https://api.coze.com", "import.region", nil},
		"a flag counts more":       {"aud: api.coze.com", profiles.ImportOptions{Base: coze.CN.Base()}, "https://api.coze.cn", "", nil},
		"without a scheme":         {"base_url: api.coze.cn", profiles.ImportOptions{}, "https://api.coze.cn", "", nil},
		"an address of the API":    {"api_url: https://api.coze.cn/v3/chat", profiles.ImportOptions{}, "https://api.coze.cn", "", nil},
		"a path of another host":   {"api_url: https://proxy.example/coze", profiles.ImportOptions{}, "https://proxy.example/coze", "base.path", nil},
		"none at all":              {"base_url: 'http://'", profiles.ImportOptions{}, "http://", "base.url", nil},
	} {
		t.Run(name, func(t *testing.T) {
			p := emptyProject(t)
			p.Write("x.yaml", "coze:\n  clientId: '"+p.appID+"'\n  kid: "+p.keyID+"\n  "+test.more+"\n")
			made, err := profiles.Import(p.exchange, p.Dir, p.Path("x.yaml"), test.o)
			if !errors.Is(err, test.err) || err == nil != (test.err == nil) {
				t.Fatalf("%+v, %v", made, err)
			}
			if err != nil {
				return
			}
			if got := made[0].Profile.Set.APIBase; got != test.want || notes(made[0]) != test.notes {
				t.Errorf("the base is %q, want %q; notes are %s", got, test.want, notes(made[0]))
			}
		})
	}
}

func TestAPathInTheHomeFolderIsCompleted(t *testing.T) {
	home, err := os.UserHomeDir()
	if err != nil {
		t.Skip(err)
	}
	for file, text := range map[string]string{
		"x.yaml":          "coze: {clientId: '1', kid: k, privateKeyPath: ~/keys/k.pem}",
		"x.json":          `{"coze": {"clientId": "1", "kid": "k", "privateKeyPath": "$HOME/keys/k.pem"}}`,
		"x.env":           "COZE_CLIENT_ID=1\nCOZE_KID=k\nCOZE_PRIVATE_KEY_PATH=~/keys/k.pem\n",
		"y.env":           "COZE_CLIENT_ID=1\nCOZE_KID=k\nCOZE_PRIVATE_KEY_PATH=${HOME}/keys/k.pem\n",
		"application.yml": "coze: {clientId: '1', kid: k, privateKeyPath: '${user.home}/keys/k.pem'}",
	} {
		p := emptyProject(t)
		p.Write(file, text)
		if made := p.take(file); made.Profile.KeyFile() != filepath.Join(home, "keys", "k.pem") {
			t.Errorf("%s: the key is %s", file, made.Profile.KeyFile())
		}
	}
}

// A compose file reads the .env beside it.
func TestVariablesAreFoundBesideTheFileToo(t *testing.T) {
	p := emptyProject(t)
	p.Write("deploy/.env", "COZE_ID=2234567890123\nOTHER=x\n")
	p.Write("deploy/compose.yml", "services: {a: {environment: {COZE_CLIENT_ID: '${COZE_ID}', COZE_KID: "+p.keyID+", COZE_PRIVATE_KEY_PATH: '${OTHER}'}}}\n")
	if made := p.take("deploy/compose.yml"); made.Profile.Set.AppID != "2234567890123" || notes(made) != "import.unset" {
		t.Errorf("%+v", made)
	}
	p.Write(".env", "COZE_ID=3234567890123\n")
	if made := p.take("deploy/compose.yml"); made.Profile.Set.AppID != "3234567890123" {
		t.Errorf("the project's does not win: %+v", made)
	}
}

func TestAKeyPathThatLeadsElsewhereIsAFlaw(t *testing.T) {
	p := emptyProject(t)
	p.key("config/k.pem")
	p.Write("deploy/.env", "")
	p.env("deploy/.env.a", "config/private_key.pem", "config/k.pem")
	p.env("deploy/.env.b", "config/private_key.pem", "~/k.pem")
	all := profiles.List(p.exchange, p.Path("deploy"), p.Path("deploy/.env"))
	if len(all) != 2 || !errors.Is(all[0].Flaw, credentials.ErrOtherFolder) || !errors.Is(all[1].Flaw, credentials.ErrHome) {
		t.Errorf("listed: %+v", all)
	}
}
