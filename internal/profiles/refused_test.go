package profiles_test

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"cozejwt/internal/fault"
	"cozejwt/internal/profiles"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
)

// names lists what is in the project folder.
func (p *project) names() string {
	p.t.Helper()
	entries, err := os.ReadDir(p.Dir)
	if err != nil {
		p.t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return strings.Join(all, " ")
}

func TestImportRefusesBeforeItWrites(t *testing.T) {
	two := "a: {clientId: '1', kid: x}\nb: {clientId: '2', kid: y}\n"
	damaged := `{"client_id":"1","private_key":"-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----"}`
	for name, test := range map[string]struct{ file, text, name, id string }{
		"no sets":          {"coze.yaml", "a: 1\n", "", "import.no_set"},
		"a damaged key":    {"coze.json", damaged, "", "key.damaged"},
		"two for one name": {"coze.yaml", two, "one", "import.several"},
		"no such file":     {"absent.yaml", "", "", "file.absent"},
		"a folder":         {"folder", "", "", "import.folder"},
		"the .env":         {".env", "COZE_CLIENT_ID=1\nCOZE_PUBLIC_KEY=x\n", "", "import.current"},
	} {
		t.Run(name, func(t *testing.T) {
			p := emptyProject(t)
			p.Write("folder/x", "")
			if test.text != "" {
				p.Write(test.file, test.text)
			}
			before := p.names()
			_, err := profiles.Import(p.exchange, p.Dir, p.Path(test.file), profiles.ImportOptions{Base: p.base, Name: test.name})
			for _, err := range []error{err, profiles.CheckImport(p.Dir, p.Path(test.file), test.name)} {
				if f, ok := errors.AsType[*fault.Fault](err); !ok || f.ID != test.id || f.Value("path") != p.Path(test.file) {
					t.Errorf("error is %v, want %s", err, test.id)
				}
			}
			if p.names() != before {
				t.Errorf("there is now %s", p.names())
			}
		})
	}
}

func TestTheEnvBecomesAProfileOfAGivenName(t *testing.T) {
	p := emptyProject(t)
	p.env(".env")
	made, err := profiles.Import(p.exchange, p.Dir, p.Path(".env"), profiles.ImportOptions{Base: p.base, Name: "prod"})
	if err != nil || len(made) != 1 || made[0].Name != "prod" || made[0].Profile.Path != p.Path(".env.prod") {
		t.Errorf("%+v, %v", made, err)
	}
}

func TestCheckImportWritesNothing(t *testing.T) {
	p := emptyProject(t)
	p.keyText("c.json")
	if err := profiles.CheckImport(p.Dir, p.Path("c.json"), ""); err != nil || p.names() != "c.json" {
		t.Errorf("%v; there is %s", err, p.names())
	}
}

// A name of a file that frameworks read, or that is no profile, is not taken over.
func TestANameThatIsNoProfileBecomesImported(t *testing.T) {
	for _, name := range []string{"local", "example"} {
		p := emptyProject(t)
		p.Write("coze.yaml", name+": {clientId: '"+testkey.AppID+"', publicKey: "+testkey.KeyID+"}\n")
		if made := p.take("coze.yaml"); made.Profile.Path != p.Path(".env.imported") {
			t.Errorf("%s becomes %s", name, made.Profile.Path)
		}
	}
}

func TestAnotherSetOfTheSameNameGetsANumber(t *testing.T) {
	p := emptyProject(t)
	p.env(".env.coze", p.appID, "2234567890123")
	p.env(".env.coze-2", p.appID, "3234567890123")
	before := p.Read(".env.coze")
	p.yaml("k.pem", "")
	if made := p.take("src/app.yaml"); made.Known || made.Profile.Path != p.Path(".env.coze-3") || p.Read(".env.coze") != before {
		t.Errorf("%+v; .env.coze is %s", made, p.Read(".env.coze"))
	}
}

func TestASetThatAProfileHoldsIsNotWrittenAgain(t *testing.T) {
	p := emptyProject(t)
	p.Write(".env.broken", "nonsense\n")
	p.env(".env.mine")
	p.yaml("config/private_key.pem", "")
	before := p.names()
	made := p.take("src/app.yaml")
	if !made.Known || made.Profile.Path != p.Path(".env.mine") || p.names() != before {
		t.Errorf("%+v; there is now %s", made, p.names())
	}
}

// Each of these stops an import while it writes; no profile is left of it.
func TestWhatCannotBeWrittenIsAnError(t *testing.T) {
	long := strings.Repeat("x", 250-len(".env.")) // leaves no room for the name of a temporary file
	for name, test := range map[string]struct {
		broken   func(p *project)
		file, id string
	}{
		"the profile": {func(p *project) {
			p.Write("coze.yaml", long+": {clientId: '"+p.appID+"', publicKey: "+p.keyID+"}\n")
		}, "coze.yaml", "file.write"},
		"the folder of the key":       {func(p *project) { p.keyText("c.json"); p.Write("config", "a file") }, "c.json", ""},
		"a path that no reader takes": {func(p *project) { p.yaml("a'b\"c.pem", "") }, "src/app.yaml", "env.no_quoting"},
		".gitignore, for a key":       {func(p *project) { p.keyText("c.json"); p.Write(".git/x", ""); p.Write(".gitignore/x", "") }, "c.json", "file.irregular"},
		".gitignore, for a profile":   {func(p *project) { p.yaml("k.pem", ""); p.Write(".git/x", ""); p.Write(".gitignore/x", "") }, "src/app.yaml", "file.irregular"},
	} {
		t.Run(name, func(t *testing.T) {
			p := emptyProject(t)
			test.broken(p)
			made, err := profiles.Import(p.exchange, p.Dir, p.Path(test.file), profiles.ImportOptions{Base: p.base})
			if fault.ID(err) == "" || test.id != "" && fault.ID(err) != test.id || len(made) > 0 {
				t.Errorf("%+v, %v; want %s", made, err, test.id)
			}
			if left := profiles.Names(p.Dir); len(left) > 0 {
				t.Errorf("there are the profiles %v", left)
			}
			if _, err := os.Stat(p.Path("config/private_key_c.pem")); err == nil || test.id == "file.irregular" && !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("the key was written: %v", err)
			}
		})
	}
}

func TestNoProfileIsWrittenThatGitWouldTake(t *testing.T) {
	p := emptyProject(t)
	p.yaml("k.pem", "")
	p.Write(".git/x", "")
	testfile.Symlink(t, p.Path("absent/ignore"), p.Path(".gitignore"))
	made, err := profiles.Import(p.exchange, p.Dir, p.Path("src/app.yaml"), profiles.ImportOptions{Base: p.base})
	if fault.ID(err) != "git.linked" || len(made) > 0 || len(profiles.Names(p.Dir)) > 0 {
		t.Errorf("%+v, %v, profiles %v", made, err, profiles.Names(p.Dir))
	}
}

func TestWhatWasImportedBeforeAnErrorIsReported(t *testing.T) {
	p := emptyProject(t)
	p.Write("coze.yaml", "a: {clientId: '"+p.appID+"', publicKey: "+p.keyID+"}\nb: {clientId: '"+p.appID+"', publicKey: "+p.keyID+", privateKeyPath: 'a''b\"c.pem'}\n")
	made, err := profiles.Import(p.exchange, p.Dir, p.Path("coze.yaml"), profiles.ImportOptions{Base: p.base})
	if fault.ID(err) != "env.no_quoting" || len(made) != 1 || made[0].Profile.Path != p.Path(".env.a") {
		t.Errorf("%+v, %v", made, err)
	}
}
