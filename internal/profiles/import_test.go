package profiles_test

import (
	"crypto/rsa"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/formats"
	"cozejwt/internal/profiles"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

// emptyProject is a folder without a sandbox and without a key.
func emptyProject(t *testing.T) *project {
	t.Helper()
	p := &project{Folder: testfile.NewFolder(t), t: t, base: coze.CN.Base(), appID: testkey.AppID, keyID: testkey.KeyID}
	p.exchange.Now = time.Now
	return p
}

// key puts a key at each of the names, another one everywhere.
func (p *project) key(names ...string) {
	p.t.Helper()
	next := testkey.Pool()
	for _, name := range names {
		key, _ := next(2048)
		p.Write(name, string(keygen.EncodePrivate(key)))
	}
}

// anotherKey is not testkey.RSA.
func anotherKey() *rsa.PrivateKey {
	key, _ := testkey.Pool()(2048)
	return key
}

// yaml writes src/app.yaml with a set whose key is at path, and more of it.
func (p *project) yaml(path, more string) {
	p.t.Helper()
	p.Write("src/app.yaml", "coze:\n  clientId: '"+p.appID+"'\n  publicKey: "+p.keyID+"\n  privateKeyPath: '"+strings.ReplaceAll(path, "'", "''")+"'\n"+more)
}

// take imports a file that holds one set.
func (p *project) take(name string) profiles.Imported {
	p.t.Helper()
	made, err := profiles.Import(p.exchange, p.Dir, p.Path(name), profiles.ImportOptions{Base: p.base})
	if err != nil || len(made) != 1 {
		p.t.Fatalf("%+v, %v", made, err)
	}
	return made[0]
}

// notes are the ids of what the person should check.
func notes(i profiles.Imported) string {
	var ids []string
	for _, n := range i.Notes {
		ids = append(ids, n.ID)
	}
	return strings.Join(ids, " ")
}

// A path in a configuration of Spring's can mean several places.
func TestImportFindsTheKeyThatAPathMeans(t *testing.T) {
	for name, test := range map[string]struct {
		path  string
		keys  []string
		want  string
		notes string
	}{
		"of the project":             {"config/k.pem", []string{"config/k.pem"}, "config/k.pem", ""},
		"beside the YAML":            {"k.pem", []string{"src/k.pem"}, "src/k.pem", ""},
		"the project's comes first":  {"k.pem", []string{"src/k.pem", "k.pem"}, "k.pem", "import.ambiguous"},
		"a resource's does not":      {"classpath:k.pem", []string{"src/k.pem", "k.pem"}, "src/k.pem", "import.ambiguous"},
		"a resource from the root":   {"classpath:/k.pem", []string{"src/k.pem"}, "src/k.pem", ""},
		"a resource of Windows":      {`classpath:\k.pem`, []string{"src/k.pem"}, "src/k.pem", ""},
		"a file:":                    {"file:config/k.pem", []string{"config/k.pem"}, "config/k.pem", ""},
		"a file://":                  {"file://config/k.pem", []string{"config/k.pem"}, "config/k.pem", ""},
		"nowhere":                    {"config/k.pem", nil, "config/k.pem", ""},
		"a resource that is nowhere": {"classpath:k.pem", nil, "src/k.pem", ""},
		"a folder of that name":      {"k.pem", []string{"k.pem/x", "src/k.pem"}, "src/k.pem", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := emptyProject(t)
			p.key(test.keys...)
			p.yaml(test.path, "")
			made := p.take("src/app.yaml")
			if got := made.Profile.KeyFile(); got != p.Path(test.want) || notes(made) != test.notes {
				t.Errorf("the key is %s, want %s; notes are %q", got, test.want, notes(made))
			}
		})
	}
}

func TestImportNamesBothKeysThatAPathCanMean(t *testing.T) {
	p := emptyProject(t)
	p.key("k.pem", "src/k.pem")
	p.yaml("k.pem", "")
	note := p.take("src/app.yaml").Notes[0]
	if note.Value("taken") != p.Path("k.pem") || note.Value("other") != p.Path("src/k.pem") {
		t.Errorf("the note is %v", note)
	}
}

func TestOneKeyFoundTwiceIsNotDoubtful(t *testing.T) {
	p := emptyProject(t)
	p.key("k.pem")
	p.yaml("k.pem", "")
	p.Write("app.yaml", p.Read("src/app.yaml"))
	if made := p.take("app.yaml"); len(made.Notes) > 0 {
		t.Errorf("notes are %v", made.Notes)
	}
}

func TestImportLooksInTheFoldersAbove(t *testing.T) {
	p := emptyProject(t)
	p.key("keys/k.pem")
	p.yaml("keys/k.pem", "")
	p.Write("a/b/app.yaml", p.Read("src/app.yaml"))
	p.Write("project/.keep", "")
	made, err := profiles.Import(p.exchange, p.Path("project"), p.Path("a/b/app.yaml"), profiles.ImportOptions{Base: p.base})
	if err != nil || made[0].Profile.KeyFile() != p.Path("keys/k.pem") {
		t.Errorf("%+v, %v", made, err)
	}
}

func TestImportKeepsAnAbsolutePath(t *testing.T) {
	for _, prefix := range []string{"", "file:"} {
		p := emptyProject(t)
		elsewhere := testfile.NewFolder(t)
		path := elsewhere.Path("k.pem")
		p.key("k.pem", strings.TrimPrefix(filepath.ToSlash(path), filepath.ToSlash(filepath.VolumeName(path)))[1:])
		p.yaml(prefix+filepath.ToSlash(path), "")
		if made := p.take("src/app.yaml"); made.Profile.KeyFile() != path || len(made.Notes) > 0 {
			t.Errorf("%sPATH: the key is %s, want %s; notes are %v", prefix, made.Profile.KeyFile(), path, made.Notes)
		}
	}
}

func TestImportTakesAPathFromWhereItIsCalled(t *testing.T) {
	p := emptyProject(t)
	p.key("src/k.pem")
	p.yaml("k.pem", "")
	p.Write("other/.env", "COZE_CLIENT_ID="+p.appID+"\nCOZE_PUBLIC_KEY="+p.keyID+"\nCOZE_PRIVATE_KEY_PATH=k.pem\n")
	p.Write("here/.keep", "")
	t.Chdir(p.Path("here"))
	for source, want := range map[string]string{"../src/app.yaml": "src/k.pem", "../other/.env": "other/k.pem"} {
		made, err := profiles.Import(p.exchange, p.Dir, filepath.FromSlash(source), profiles.ImportOptions{Base: p.base})
		if err != nil || made[0].Profile.KeyFile() != p.Path(want) {
			t.Errorf("%s: %+v, %v", source, made, err)
		}
	}
}

// A relative path in a .env has one meaning, whatever lies in the project.
func TestTheKeyOfAnotherEnvIsBesideIt(t *testing.T) {
	p := emptyProject(t)
	p.key("project/k.pem", "other/k.pem")
	p.Write("other/.env", "COZE_CLIENT_ID="+p.appID+"\nCOZE_PUBLIC_KEY="+p.keyID+"\nCOZE_PRIVATE_KEY_PATH=k.pem\n")
	made, err := profiles.Import(p.exchange, p.Path("project"), p.Path("other/.env"), profiles.ImportOptions{Base: p.base})
	if err != nil || made[0].Profile.KeyFile() != p.Path("other/k.pem") || made[0].Profile.Profile() != "other" {
		t.Errorf("%+v, %v", made, err)
	}
}

func TestASetWithoutAKeyIsImportedWithAFlaw(t *testing.T) {
	p := emptyProject(t)
	p.yaml("", "")
	made := p.take("src/app.yaml")
	if made.Profile.Flaw == nil || made.Profile.Flaw.ID != "env.incomplete" || made.Profile.KeyFile() != "" || len(made.Notes) > 0 {
		t.Errorf("it is %+v", made)
	}
}

func TestImportTidiesValues(t *testing.T) {
	id, key := testkey.AppID, testkey.KeyID
	for name, test := range map[string]struct {
		appID, keyID, base, given string
		want                      credentials.Set
		notes                     string
	}{
		"as they are":           {id, key, "https://api.coze.cn", "", credentials.Set{AppID: id, KeyID: key, APIBase: "https://api.coze.cn"}, ""},
		"its own base counts":   {id, key, "https://api.coze.cn", "https://api.coze.com", credentials.Set{AppID: id, KeyID: key, APIBase: "https://api.coze.cn"}, ""},
		"the given base":        {id, key, "", "https://api.coze.com", credentials.Set{AppID: id, KeyID: key, APIBase: "https://api.coze.com"}, ""},
		"no base":               {id, key, "", "", credentials.Set{AppID: id, KeyID: key}, ""},
		"a slash behind":        {id, key, "https://api.coze.cn/", "", credentials.Set{AppID: id, KeyID: key, APIBase: "https://api.coze.cn"}, ""},
		"a console's address":   {id, key, "https://www.coze.cn", "", credentials.Set{AppID: id, KeyID: key, APIBase: "https://www.coze.cn"}, "base.console"},
		"a label before an id":  {"App ID: " + id, key, "", "", credentials.Set{AppID: id, KeyID: key}, ""},
		"an id of any length":   {"1234567", key, "", "", credentials.Set{AppID: "1234567", KeyID: key}, ""},
		"an id of 21 digits":    {"117612345678901234567", key, "", "", credentials.Set{AppID: "117612345678901234567", KeyID: key}, ""},
		"an id of a Web app":    {"12345.app.coze", key, "", "", credentials.Set{KeyID: key}, "import.value"},
		"an id that is none":    {key, key, "", "", credentials.Set{KeyID: key}, "import.value"},
		"an empty id":           {"", key, "", "", credentials.Set{KeyID: key}, ""},
		"two ids that are none": {key, id, "", "", credentials.Set{}, "import.value import.value"},
	} {
		t.Run(name, func(t *testing.T) {
			p := emptyProject(t)
			p.base = test.given
			p.Write(".env.other", "DB=1\n") // holds no set, so it cannot hold this one
			p.Write("x.yaml", "coze: {clientId: '"+test.appID+"', publicKey: '"+test.keyID+"', baseUrl: '"+test.base+"'}\n")
			made := p.take("x.yaml")
			held, err := credentials.Load(p.Path(".env.coze"))
			if err != nil || held.Set != test.want || notes(made) != test.notes || made.Known {
				t.Errorf("held is %+v, want %+v; notes are %q, want %q; %v", held.Set, test.want, notes(made), test.notes, err)
			}
		})
	}
}

func TestANoteOfAValueSaysWhereAndWhy(t *testing.T) {
	p := emptyProject(t)
	p.appID = testkey.KeyID
	p.yaml("k.pem", "")
	note := p.take("src/app.yaml").Notes[0]
	if note.Value("where") != "coze" || note.Value("field") != "app_id" || !errors.Is(note, credentials.ErrIsKeyID) {
		t.Errorf("the note is %+v", note)
	}
}

func TestPlaceholdersAreFilledFromCozesVariablesOfTheEnvironmentThenTheProject(t *testing.T) {
	for name, test := range map[string]struct{ variable, shell, env, want string }{
		"the project":           {"COZE_APP", "", "COZE_APP=2234567890123\n", "2234567890123"},
		"the environment wins":  {"COZE_APP", "3234567890123", "COZE_APP=2234567890123\n", "3234567890123"},
		"a broken .env":         {"COZE_APP", "", "nonsense\n", ""},
		"no .env":               {"COZE_APP", "", "", ""},
		"another's variable":    {"GITHUB_TOKEN", "3234567890123", "", ""},
		"another's in the .env": {"DB_PASSWORD", "", "DB_PASSWORD=2234567890123\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := emptyProject(t)
			p.appID = "${" + test.variable + "}"
			p.yaml("k.pem", "")
			if test.shell != "" {
				t.Setenv(test.variable, test.shell)
			}
			if test.env != "" {
				p.Write(".env", test.env)
			}
			made := p.take("src/app.yaml")
			unset := slices.ContainsFunc(made.Notes, func(n *fault.Fault) bool { return errors.Is(n, formats.ErrUnset) })
			if made.Profile.Set.AppID != test.want || unset != (test.want == "") {
				t.Errorf("the App ID is %q, want %q; notes are %v", made.Profile.Set.AppID, test.want, made.Notes)
			}
		})
	}
}

// keyText writes a file with a set that holds the text of a key.
func (p *project) keyText(name string) {
	p.t.Helper()
	text, err := json.Marshal(map[string]string{"client_id": p.appID, "kid": p.keyID, "coze_api_base": p.base, "private_key": string(keygen.EncodePrivate(testkey.RSA()))})
	if err != nil {
		p.t.Fatal(err)
	}
	p.Write(name, string(text))
}

func TestKeyTextBecomesAFileThatReplacesNoOther(t *testing.T) {
	for name, test := range map[string]struct{ there, want string }{
		"no file":     {"", "private_key_c.pem"},
		"another key": {string(keygen.EncodePrivate(anotherKey())), "private_key_c_" + keygen.Fingerprint(&testkey.RSA().PublicKey)[:8] + ".pem"},
		"no key":      {"x", "private_key_c_" + keygen.Fingerprint(&testkey.RSA().PublicKey)[:8] + ".pem"},
		"this key":    {string(keygen.EncodePrivate(testkey.RSA())), "private_key_c.pem"},
	} {
		t.Run(name, func(t *testing.T) {
			p := emptyProject(t)
			p.keyText("c.json")
			if test.there != "" {
				p.Write("config/private_key_c.pem", test.there)
			}
			made := p.take("c.json")
			if made.Saved == nil || made.Saved.PrivatePath != p.Path("config/"+test.want) || made.Profile.KeyFile() != made.Saved.PrivatePath || len(made.Saved.Kept) > 0 {
				t.Fatalf("it is %+v", made.Saved)
			}
			if key, err := keygen.Load(made.Saved.PrivatePath); err != nil || !key.Private.Equal(testkey.RSA()) {
				t.Errorf("the key is another: %v", err)
			}
			if test.there != "" && p.Read("config/private_key_c.pem") != test.there {
				t.Error("the key that was there is changed")
			}
		})
	}
}

func TestImportedSecretsAreOutOfGit(t *testing.T) {
	testfile.NeedGit(t)
	p := emptyProject(t)
	if out, err := exec.Command("git", "-C", p.Dir, "init", "-q").CombinedOutput(); err != nil {
		t.Fatalf("git: %s", out)
	}
	p.keyText("c.json")
	p.take("c.json")
	p.key("keys/k.pem")
	p.yaml("keys/k.pem", "")
	p.take("src/app.yaml")
	for _, name := range []string{".env.c", "config/private_key_c.pem", ".env.coze", "keys/k.pem"} {
		if _, err := os.Stat(p.Path(name)); err != nil {
			t.Error(err)
		}
		if err := exec.Command("git", "-C", p.Dir, "check-ignore", "-q", name).Run(); err != nil {
			t.Errorf("git does not ignore %s", name)
		}
	}
}
