package verification_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/internal/verification"
	"cozejwt/keygen"
)

// repair is how a check can be fixed, which has to be possible.
func (p *project) repair(id string) *verification.Repair {
	p.t.Helper()
	r := result(p.t, p.offline(), id)
	if r.Repair == nil {
		p.t.Fatalf("%s is %s and has no repair", id, seen(r))
	}
	return r.Repair
}

// Two ids are exchanged only where each of them is in the other's place.
func TestIDsAreSwappedOnlyWhereBothAre(t *testing.T) {
	for name, test := range map[string]struct {
		appID, keyID string
		swapped      bool
	}{
		"both":                        {testkey.KeyID, testkey.AppID, true},
		"the Key ID twice":            {testkey.KeyID, testkey.KeyID, false},
		"the App ID twice":            {testkey.AppID, testkey.AppID, false},
		"a Key ID and no id":          {testkey.KeyID, "no id", false},
		"no id and an App ID":         {"no id", testkey.AppID, false},
		"a Key ID and an odd App ID":  {testkey.KeyID, "1234567", false},
		"an odd Key ID and an App ID": {"Abc-123", testkey.AppID, false},
		"as they belong":              {testkey.AppID, testkey.KeyID, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			p.set("COZE_CLIENT_ID="+p.value("COZE_CLIENT_ID"), "COZE_CLIENT_ID='"+test.appID+"'")
			p.set("COZE_PUBLIC_KEY="+p.value("COZE_PUBLIC_KEY"), "COZE_PUBLIC_KEY='"+test.keyID+"'")
			before := p.Read(".env")
			for _, id := range []string{"app_id.shape", "key_id.shape"} {
				p.Write(".env", before)
				r := result(t, p.offline(), id)
				if swapped := r.Repair != nil && r.Repair.What.ID == "repair.swap"; swapped != test.swapped {
					t.Fatalf("%s is %s, its repair %+v", id, seen(r), r.Repair)
				}
				if !test.swapped {
					continue
				}
				if err := r.Repair.Apply(); err != nil || p.value("COZE_CLIENT_ID") != "'"+test.keyID+"'" || p.value("COZE_PUBLIC_KEY") != "'"+test.appID+"'" {
					t.Errorf("%v; .env is %s", err, p.Read(".env"))
				}
			}
		})
	}
}

func TestARepairShowsWhatItChangesAndNoMore(t *testing.T) {
	p := newProject(t)
	p.set(p.value("COZE_API_BASE"), "https://www.coze.cn\nDB_PASSWORD=hunter2")
	before := p.Read(".env")
	r := p.repair("api.base")
	for _, line := range []string{"--- .env\n", "-COZE_API_BASE=https://www.coze.cn\n", "+COZE_API_BASE=https://api.coze.cn\n"} {
		if !strings.Contains(r.Diff, line) {
			t.Errorf("no %q in the diff %s", line, r.Diff)
		}
	}
	if strings.Contains(r.Diff, "hunter2") || p.Read(".env") != before {
		t.Errorf("the diff is %s, .env is %s", r.Diff, p.Read(".env"))
	}
	if err := r.Apply(); err != nil || p.Read(".env") != strings.Replace(before, "www.", "api.", 1) {
		t.Errorf("%v; .env is %s", err, p.Read(".env"))
	}
}

// What --yes says it repairs of the API base.
func TestAnAPIBaseThatCanOnlyBeOneIsRepaired(t *testing.T) {
	for written, right := range map[string]string{
		"api.coze.com": "https://api.coze.com", "www.coze.cn": "https://api.coze.cn", "https://apl.coze.cn": "https://api.coze.cn",
		"https://api.coze.cm": "", "https://me@api.coze.cn": "",
	} {
		p := newProject(t)
		p.set(p.value("COZE_API_BASE"), written)
		r := result(t, p.offline(), "api.base")
		if right == "" {
			if r.Status != verification.Fail || r.Repair != nil {
				t.Errorf("%s: %s, repair %v", written, seen(r), r.Repair)
			}
			continue
		}
		if r.Repair == nil {
			t.Errorf("%s: %s has no repair", written, seen(r))
		} else if err := r.Repair.Apply(); err != nil || p.value("COZE_API_BASE") != right {
			t.Errorf("%s: %v; .env is %s", written, err, p.Read(".env"))
		}
	}
}

func TestAMissingAPIBaseIsRepairedWithTheFlags(t *testing.T) {
	p := newProject(t)
	base := p.value("COZE_API_BASE")
	p.set("COZE_API_BASE="+base+"\n", "")
	r := result(t, p.offline(), "env.complete")
	if fixes := strings.Join(r.Fault.Fixes(i18n.English), "\n"); r.Repair != nil || !strings.Contains(fixes, "cozejwt verify --yes --region cn") {
		t.Fatalf("without a region: %s, fix %q", seen(r), fixes)
	}
	p.target.APIBase = base
	if err := p.repair("env.complete").Apply(); err != nil || !strings.Contains(p.Read(".env"), "COZE_API_BASE="+base+"\n") {
		t.Errorf("%v; .env is %s", err, p.Read(".env"))
	}
}

func TestAValueIsRepairedInWhatIsThereByThen(t *testing.T) {
	p := newProject(t)
	p.set(p.value("COZE_API_BASE"), "https://www.coze.cn")
	r := p.repair("api.base")
	p.Write(".env", p.Read(".env")+"A=1\n")
	if err := r.Apply(); err != nil || p.value("COZE_API_BASE") != "https://api.coze.cn" || p.value("A") != "1" {
		t.Errorf("%v; .env is %s", err, p.Read(".env"))
	}
}

func TestThereIsNoRepairWhereNothingIsKnownToBeRight(t *testing.T) {
	for name, test := range map[string]struct {
		broken func(p *project)
		id     string
	}{
		"a base that is no address": {func(p *project) { p.set(p.value("COZE_API_BASE"), "coze") }, "api.base"},
		"a base of the flag":        {func(p *project) { p.target.APIBase = "https://www.coze.cn" }, "api.base"},
		"a base of the flag, slash": {func(p *project) { p.target.APIBase = "https://api.coze.cn/" }, "api.base"},
		"another pair": {func(p *project) {
			other, _ := testkey.Pool()(2048)
			p.Write("config/public_key.pem", string(keygen.EncodePublic(&other.PublicKey)))
		}, "key.pair"},
		"in git's index":            {func(p *project) { p.git("init", "-q"); p.git("add", "-f", ".env") }, "env.ignored"},
		"a .gitignore that is none": {func(p *project) { p.git("init", "-q"); p.Write(".gitignore/x", "") }, "key.ignored"},
		"a key beside the project": {func(p *project) {
			p.git("init", "-q")
			p.Write("sub/.env", strings.Replace(p.Read(".env"), "config/", "../config/", 1))
			p.target.Dir, p.target.EnvPath = p.Path("sub"), p.Path("sub/.env")
		}, "key.ignored"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			test.broken(p)
			if r := result(t, p.offline(), test.id); r.Repair != nil || r.Status == verification.Pass || r.Status == verification.Skip {
				t.Errorf("%s has the repair %+v", seen(r), r.Repair)
			}
		})
	}
}

// What comes between a check and its repair is not overwritten, and said.
func TestARepairThatCannotBeMadeIsAnError(t *testing.T) {
	const key = "config/private_key.pem"
	slash := func(p *project) { p.set(p.value("COZE_API_BASE"), p.value("COZE_API_BASE")+"/") }
	for name, test := range map[string]struct {
		broken  func(p *project)
		id      string
		between func(p *project)
		want    string
	}{
		"the mode of a key that is gone": {func(p *project) { testfile.Open(p.t, p.Path(key)) }, "key.mode", func(p *project) { _ = os.Remove(p.Path(key)) }, "file.write"},
		"another key":                    {func(p *project) { p.keyAs(pkcs1) }, "key.format", func(p *project) { p.keyAs(func(string) string { return anotherKey() }) }, "key.exists"},
		"nonsense in the .env":           {slash, "api.base", func(p *project) { p.Write(".env", "nonsense\n") }, "env.unreadable"},
		"a folder as .env":               {slash, "api.base", func(p *project) { _ = os.Remove(p.Path(".env")); p.Write(".env/x", "") }, "file.irregular"},
		"a folder as .gitignore":         {func(p *project) { p.git("init", "-q") }, "key.ignored", func(p *project) { p.Write(".gitignore/x", "") }, "file.irregular"},
		"no room for a temporary file": {func(p *project) {
			slash(p)
			p.target.EnvPath = p.Path(".env." + strings.Repeat("x", 250-len(".env.")))
			testfile.Write(p.t, p.target.EnvPath, p.Read(".env"))
		}, "api.base", func(*project) {}, "file.write"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			test.broken(p)
			r := p.repair(test.id)
			test.between(p)
			err := r.Apply()
			if f, ok := errors.AsType[*fault.Fault](err); !ok || f.ID != test.want || f.Value("path") == "" {
				t.Errorf("error is %v, want %s", err, test.want)
			}
		})
	}
}

func anotherKey() string {
	key, _ := testkey.Pool()(2048)
	return string(keygen.EncodePrivate(key))
}

func TestRepairsOfGitignoreAddToOneAnother(t *testing.T) {
	p := newProject(t)
	p.git("init", "-q")
	env, key := p.repair("env.ignored"), p.repair("key.ignored")
	if !strings.Contains(env.Diff, "+/.env\n") || !strings.Contains(key.Diff, "+/config/private_key*.pem*\n") {
		t.Errorf("the diffs are %s and %s", env.Diff, key.Diff)
	}
	for _, r := range []*verification.Repair{env, key, env} { // the last finds it done
		if err := r.Apply(); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range p.offline() {
		if strings.HasSuffix(r.ID, ".ignored") && r.Status != verification.Pass {
			t.Errorf("%s is %s: %s", r.ID, seen(r), p.Read(".gitignore"))
		}
	}
}

func TestAKeyIsRewrittenBesideItsOldForm(t *testing.T) {
	for name, form := range map[string]func(string) string{"PKCS#1": pkcs1, "Windows lines": windowsLines} {
		p := newProject(t)
		p.target.Now = func() time.Time { return time.Date(2031, 5, 4, 3, 2, 1, 0, time.UTC) }
		p.keyAs(form)
		old := p.Read("config/private_key.pem")
		if err := p.repair("key.format").Apply(); err != nil {
			t.Fatal(err)
		}
		if got := seen(result(t, p.offline(), "key.format"), "form"); got != "pass PKCS#8" {
			t.Errorf("%s: afterwards it says %q", name, got)
		}
		if p.Read("config/private_key.pem.bak-20310504T030201Z") != old {
			t.Errorf("%s: the old form is not kept", name)
		}
	}
}

func TestValuesAreRewrittenSoThatEveryReaderTakesThem(t *testing.T) {
	p := newProject(t)
	want := p.Read(".env")
	p.Write(".env", strings.NewReplacer("COZE_CLIENT_ID=", "COZE_CLIENT_ID: ", "COZE_PUBLIC_KEY=", "COZE_PUBLIC_KEY : ", "COZE_API_BASE=", "COZE_API_BASE=\u00a0").Replace(want))
	if err := p.repair("env.encoding").Apply(); err != nil || p.Read(".env") != want {
		t.Errorf("%v; .env is %s", err, p.Read(".env"))
	}
}

// What a reference or a second comment means, only its writer knows.
func TestAValueThatItsWriterHasToReadIsNotRewritten(t *testing.T) {
	for _, written := range []string{"${SECRETS}/private_key.pem", "$PWD/config/private_key.pem", "$(pwd)/config/private_key.pem", "config/private_key.pem # a # b", "'a b'c.pem"} {
		p := newProject(t)
		p.set("COZE_PRIVATE_KEY_PATH="+p.value("COZE_PRIVATE_KEY_PATH"), "COZE_PRIVATE_KEY_PATH="+written)
		if r := result(t, p.offline(), "env.encoding"); r.Repair != nil {
			t.Errorf("%s: %s, and is rewritten", written, seen(r))
		}
	}
	p := newProject(t)
	p.set("COZE_API_BASE="+p.value("COZE_API_BASE")+"\n", "COZE_API_BASE="+p.value("COZE_API_BASE")+" X=1\n")
	if r := result(t, p.offline(), "api.base"); r.Repair != nil {
		t.Errorf("a variable in the line of the base: %s, and is cut off", seen(r))
	}
}
