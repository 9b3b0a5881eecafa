package verification_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/exchange"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/internal/sandbox"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testsandbox"
	"cozejwt/internal/verification"
	"cozejwt/keygen"
)

func TestEveryCheckIsWrittenInEveryLanguage(t *testing.T) {
	for _, id := range verification.CheckIDs(verification.Live) {
		for _, l := range i18n.Languages {
			for _, part := range []string{"", ".why", ".seen"} {
				if !l.Has("verify." + id + part) {
					t.Errorf("%s: verify.%s%s is missing", l, id, part)
				}
			}
		}
	}
}

// A project is a folder whose .env works with a sandbox.
type project struct {
	testfile.Folder
	t      *testing.T
	coze   sandbox.Client
	target verification.Target
}

func newProject(t *testing.T) *project {
	t.Helper()
	p := &project{Folder: testfile.NewFolder(t), t: t, coze: testsandbox.New(t)}
	if _, err := keygen.Save(p.Path("config/private_key.pem"), testkey.RSA(), keygen.Refuse, time.Now()); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	app, err := p.coze.CreateApp(ctx, "test")
	if err != nil {
		t.Fatal(err)
	}
	key, err := p.coze.AddKey(ctx, app, keygen.EncodePublic(&testkey.RSA().PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	p.Write(".env", fmt.Sprintf("COZE_CLIENT_ID=%s\nCOZE_PUBLIC_KEY=%s\nCOZE_PRIVATE_KEY_PATH=config/private_key.pem\nCOZE_API_BASE=%s\n", app, key, p.coze.Base))
	p.target = verification.Target{
		Dir: p.Dir, EnvPath: p.Path(".env"), Getenv: func(string) string { return "" },
		Exchanger: exchange.Exchanger{Now: time.Now, Client: coze.NewClient(), Timeout: time.Minute},
	}
	return p
}

// set puts other text in place of a part of the .env.
func (p *project) set(old, new string) {
	p.t.Helper()
	text := p.Read(".env")
	if !strings.Contains(text, old) {
		p.t.Fatalf("no %q in %s", old, text)
	}
	p.Write(".env", strings.Replace(text, old, new, 1))
}

// value is what the .env has for a name.
func (p *project) value(name string) string {
	_, rest, _ := strings.Cut(p.Read(".env"), name+"=")
	value, _, _ := strings.Cut(rest, "\n")
	return value
}

func (p *project) git(args ...string) {
	p.t.Helper()
	testfile.NeedGit(p.t)
	args = append([]string{"-C", p.Dir, "-c", "user.name=t", "-c", "user.email=t@example.com"}, args...)
	if out, err := exec.Command("git", args...).CombinedOutput(); err != nil {
		p.t.Fatalf("git %v: %s", args, out)
	}
}

func (p *project) run() []verification.Result {
	return verification.Run(context.Background(), p.target, verification.Live, func(verification.Result) {})
}

// bad lists what was not passed or skipped, as "id status".
func bad(results []verification.Result) []string {
	list := []string{}
	for _, r := range results {
		if r.Status == verification.Fail || r.Status == verification.Warn {
			list = append(list, r.ID+" "+string(r.Status))
		}
	}
	return list
}

func result(t *testing.T, results []verification.Result, id string) verification.Result {
	t.Helper()
	at := slices.IndexFunc(results, func(r verification.Result) bool { return r.ID == id })
	if at < 0 {
		t.Fatalf("no check %s", id)
	}
	return results[at]
}

func TestWorkingCredentialsPass(t *testing.T) {
	p := newProject(t)
	results := p.run()
	if list := bad(results); len(list) > 0 {
		t.Errorf("not passed: %v", list)
	}
	if class, ok := verification.Class(results); !ok {
		t.Errorf("class %v", class)
	}
	for _, r := range results {
		for _, l := range i18n.Languages {
			if r.Title(l) == "" || r.Why(l) == "" || strings.Contains(r.Detail(l), "{") || r.Fixes(l) != nil {
				t.Errorf("%s, %s: %q, %q, %q", l, r.ID, r.Title(l), r.Detail(l), r.Fixes(l))
			}
		}
	}
}

var brokenProjects = map[string]struct {
	broken func(p *project)
	want   string
}{
	"no .env":             {func(p *project) { _ = os.Remove(p.Path(".env")) }, "env.exists fail"},
	"a folder":            {func(p *project) { _ = os.Remove(p.Path(".env")); _ = os.Mkdir(p.Path(".env"), 0o700) }, "env.exists fail"},
	"a line without =":    {func(p *project) { p.set("COZE_PUBLIC_KEY=", "COZE_PUBLIC_KEY ") }, "env.readable fail"},
	"Windows lines":       {func(p *project) { p.Write(".env", strings.ReplaceAll(p.Read(".env"), "\n", "\r\n")) }, "env.encoding warn"},
	"BOM":                 {func(p *project) { p.Write(".env", "\ufeff"+p.Read(".env")) }, "env.encoding warn"},
	"a name twice":        {func(p *project) { p.Write(".env", "COZE_CLIENT_ID=1\n"+p.Read(".env")) }, "env.twice warn"},
	"a value missing":     {func(p *project) { p.set(p.value("COZE_PUBLIC_KEY"), "") }, "env.complete fail"},
	"key text as path":    {func(p *project) { p.set("config/private_key.pem", "'-----BEGIN PRIVATE KEY-----'") }, "env.complete fail"},
	"open to others":      {func(p *project) { testfile.Open(p.t, p.Path(".env")) }, "env.mode warn"},
	"another .env":        {func(p *project) { p.Write(".env.prod", strings.Replace(p.Read(".env"), "config/", "other/", 1)) }, "env.conflict warn"},
	"a temporary file":    {func(p *project) { p.left("config/private_key.pem.tmp-cozejwt-1", time.Hour) }, "env.leftover warn"},
	"a personal token":    {func(p *project) { p.Write(".env", p.Read(".env")+"TOKEN=pat_"+strings.Repeat("aB3d", 16)+"\n") }, "env.personal_token warn"},
	"the shell's value":   {func(p *project) { p.target.Getenv = func(string) string { return "x" } }, "env.shadowed warn"},
	"Key ID as App ID":    {func(p *project) { p.set(p.value("COZE_CLIENT_ID"), p.value("COZE_PUBLIC_KEY")) }, "app_id.shape fail"},
	"an odd Key ID":       {func(p *project) { p.set(p.value("COZE_PUBLIC_KEY"), "12345abc") }, "key_id.shape warn, token.exchange fail"},
	"space in an id":      {func(p *project) { p.set(p.value("COZE_CLIENT_ID"), "' "+p.value("COZE_CLIENT_ID")+"'") }, "app_id.shape fail"},
	"a console's address": {func(p *project) { p.set(p.value("COZE_API_BASE"), "https://www.coze.cn") }, "api.base fail"},
	"a slash behind":      {func(p *project) { p.set(p.value("COZE_API_BASE"), p.value("COZE_API_BASE")+"/") }, "api.base warn"},
	"no key":              {func(p *project) { _ = os.Remove(p.Path("config/private_key.pem")) }, "key.exists fail"},
	"a key open to all":   {func(p *project) { testfile.Open(p.t, p.Path("config/private_key.pem")) }, "key.mode fail"},
	"no key in the file":  {func(p *project) { p.Write("config/private_key.pem", "x") }, "key.format fail"},
	"another public key": {func(p *project) {
		other, _ := keygen.Generate(2048)
		p.Write("config/public_key.pem", string(keygen.EncodePublic(&other.PublicKey)))
	}, "key.pair fail"},
	"the service away": {func(p *project) { p.set(p.value("COZE_API_BASE"), "http://127.0.0.1:1") }, "api.reachable fail"},
	"a clock that is off": {func(p *project) {
		p.target.Now = func() time.Time { return time.Now().Add(10 * time.Minute) }
	}, "clock.skew fail"},
	"a clock slightly off": {func(p *project) {
		p.target.Now = func() time.Time { return time.Now().Add(-45 * time.Second) }
	}, "clock.skew warn"},
	"an unknown Key ID":   {func(p *project) { p.set(p.value("COZE_PUBLIC_KEY"), testkey.KeyID) }, "token.exchange fail"},
	"a permission denied": {func(p *project) { p.target.Permissions = []string{"no.such"} }, "token.permission fail"},
	"not ignored by git":  {func(p *project) { p.git("init", "-q") }, "env.ignored warn, key.ignored fail"},
	"in git's index": {func(p *project) {
		p.Write(".gitignore", "*.pem*\n")
		p.git("init", "-q")
		p.git("add", "-f", ".env")
	}, "env.ignored fail"},
}

// Each set-up is broken in one way; the checks that fail or warn are exactly
// these.
func TestEachCheckSeesWhatIsBroken(t *testing.T) {
	for name, test := range brokenProjects {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			test.broken(p)
			results := p.run()
			if got := strings.Join(bad(results), ", "); got != test.want {
				t.Errorf("bad: %s, want %s", got, test.want)
			}
			for _, r := range results {
				for _, l := range i18n.Languages {
					if r.Status != verification.Pass && strings.Contains(r.Detail(l)+strings.Join(r.Fixes(l), ""), "{") {
						t.Errorf("%s: %s has a hole: %q, %q", l, r.ID, r.Detail(l), r.Fixes(l))
					}
				}
			}
		})
	}
}

func TestARepairFixesWhatItsCheckHasSeen(t *testing.T) {
	for name, test := range map[string]struct {
		broken func(p *project)
		id     string
	}{
		"the mode of the key":  {func(p *project) { testfile.Open(p.t, p.Path("config/private_key.pem")) }, "key.mode"},
		"the mode of the .env": {func(p *project) { testfile.Open(p.t, p.Path(".env")) }, "env.mode"},
		"a slash behind":       {func(p *project) { p.set(p.value("COZE_API_BASE"), p.value("COZE_API_BASE")+"/") }, "api.base"},
		"swapped ids": {func(p *project) {
			app, key := p.value("COZE_CLIENT_ID"), p.value("COZE_PUBLIC_KEY")
			p.set(app, "@")
			p.set(key, app)
			p.set("@", key)
		}, "token.exchange"},
		"a label before the Key ID": {func(p *project) {
			p.set("COZE_PUBLIC_KEY="+p.value("COZE_PUBLIC_KEY"), "COZE_PUBLIC_KEY='Key ID: "+p.value("COZE_PUBLIC_KEY")+"'")
		}, "key_id.shape"},
		"git": {func(p *project) { p.git("init", "-q") }, "key.ignored"},
		"PKCS#1": {func(p *project) {
			p.keyAs(pkcs1)
		}, "key.format"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			test.broken(p)
			at := test.id
			if at == "token.exchange" { // it is repaired where the mistake is
				at = "app_id.shape"
			}
			r := result(t, p.run(), at)
			if r.Repair == nil || i18n.English.Say(r.Repair.What) == "" {
				t.Fatalf("%s is %s and has no repair", r.ID, r.Status)
			}
			if err := r.Repair.Apply(); err != nil {
				t.Fatal(err)
			}
			if r := result(t, p.run(), test.id); r.Status != verification.Pass {
				t.Errorf("afterwards it is %s: %s", r.Status, r.Detail(i18n.English))
			}
		})
	}
}

// The other region sees the credentials only where a person has agreed.
func TestTheOtherRegionIsAskedOnlyOnConsent(t *testing.T) {
	p := newProject(t)
	home := p.value("COZE_API_BASE")
	away := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"error_code":"invalid_client","error_message":"invalid jwt: kid not been registred"}`)
	}))
	t.Cleanup(away.Close)
	p.set(home, away.URL)
	if r := result(t, p.run(), "region.match"); r.Status != verification.Skip {
		t.Errorf("without consent it is %s", r.Status)
	}
	p.target.AskOther = func(string) string { return home }
	if r := result(t, p.run(), "region.match"); r.Status != verification.Fail {
		t.Errorf("with consent it is %s", r.Status)
	}
	p.target.AskOther = func(string) string { return away.URL }
	if r := result(t, p.run(), "region.match"); r.Status != verification.Skip {
		t.Errorf("where neither knows the key it is %s", r.Status)
	}
}

func TestOfflineSendsNothing(t *testing.T) {
	p := newProject(t)
	p.target.Client = &http.Client{Transport: forbidden{t}}
	for _, r := range verification.Run(context.Background(), p.target, verification.Offline, func(verification.Result) {}) {
		want := verification.Pass
		if strings.HasSuffix(r.ID, ".ignored") { // the folder is in no repository
			want = verification.Skip
		}
		if r.Status != want {
			t.Errorf("%s is %s, want %s", r.ID, r.Status, want)
		}
	}
}

type forbidden struct{ t *testing.T }

func (f forbidden) RoundTrip(r *http.Request) (*http.Response, error) {
	f.t.Errorf("%s was asked", r.URL)
	return nil, fault.Usage("interrupted")
}

func TestWhatIsWrongHereOutweighsAServiceOutOfReach(t *testing.T) {
	away := verification.Result{Status: verification.Fail, Fault: coze.ErrRefused}
	wrong := verification.Result{Status: verification.Fail, Fault: fault.Invalid("env.absent")}
	for _, test := range []struct {
		results []verification.Result
		want    fault.Class
	}{
		{[]verification.Result{away}, fault.ClassUnreachable},
		{[]verification.Result{away, wrong}, fault.ClassCheck},
		{[]verification.Result{wrong, away}, fault.ClassCheck},
	} {
		if class, ok := verification.Class(test.results); class != test.want || ok {
			t.Errorf("class %v, %v", class, ok)
		}
	}
}
