package verification_test

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
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

func (p *project) offline() []verification.Result {
	return verification.Run(context.Background(), p.target, verification.Offline, func(verification.Result) {})
}

// also adds a second file with the .env's text, in which old is new.
func (p *project) also(name, old, new string) {
	p.Write(name, strings.Replace(p.Read(".env"), old, new, 1))
}

// seen is a result in one line: its status, its fault, and the values of some
// placeholders of the fault or of what a pass has seen.
func seen(r verification.Result, names ...string) string {
	parts := []string{string(r.Status)}
	values := fault.Invalid("", r.Seen...)
	if r.Fault != nil {
		parts, values = append(parts, r.Fault.ID), r.Fault
	}
	for _, name := range names {
		parts = append(parts, values.Value(name))
	}
	return strings.Join(parts, " ")
}

const keyText = "'-----BEGIN PRIVATE KEY-----'"

// A scene is a project that is broken in one way, and what one check says of it.
type scene struct {
	broken func(p *project)
	id     string
	names  string // the placeholders that are looked at
	want   string
}

func look(t *testing.T, scenes map[string]scene) {
	t.Helper()
	for name, s := range scenes {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			s.broken(p)
			r := result(t, p.offline(), s.id)
			if got := seen(r, strings.Fields(s.names)...); got != s.want {
				t.Errorf("%s says %q, want %q", s.id, got, s.want)
			}
			if r.Fault != nil && r.Fault.Class != fault.ClassCheck {
				t.Errorf("its class is %v", r.Fault.Class)
			}
		})
	}
}

// pat has the form of a personal access token.
var pat = "pat_" + strings.Repeat("aB3d", 16)

// app is the App ID in the .env.
func app(p *project) string { return p.value("COZE_CLIENT_ID") }

var envCases = map[string]scene{
	"none": {func(p *project) { _ = os.Remove(p.Path(".env")) }, "env.exists", "path", "fail env.absent .env"},
	"one of Notepad": {func(p *project) {
		_ = os.Rename(p.Path(".env"), p.Path(".env.txt"))
	}, "env.exists", "path near", "fail env.absent .env .env.txt"},
	"a folder":          {func(p *project) { _ = os.Remove(p.Path(".env")); p.Write(".env/x", "") }, "env.exists", "path", "fail env.folder .env"},
	"one that is there": {func(*project) {}, "env.exists", "path", "pass .env"},
	"a link to itself": {func(p *project) {
		_ = os.Remove(p.Path(".env"))
		testfile.Symlink(p.t, p.Path(".env"), p.Path(".env"))
	}, "env.exists", "path", "fail file.read .env"},
	"nonsense":                   {func(p *project) { p.Write(".env", "A=1\nnonsense\n") }, "env.readable", "path line", "fail env.unreadable .env 2"},
	"ours twice":                 {func(p *project) { p.Write(".env", "COZE_CLIENT_ID=1\n"+p.Read(".env")) }, "env.twice", "path name", "warn env.twice .env COZE_CLIENT_ID"},
	"another's name twice":       {func(p *project) { p.Write(".env", "A=1\nA=2\n"+p.Read(".env")) }, "env.twice", "", "pass"},
	"two apps by two names":      {func(p *project) { p.Write(".env", p.Read(".env")+"COZE_JWT_OAUTH_CLIENT_ID=2234567890123\n") }, "env.twice", "name other", "warn env.two_apps COZE_CLIENT_ID COZE_JWT_OAUTH_CLIENT_ID"},
	"one app by two names":       {func(p *project) { p.Write(".env", p.Read(".env")+"COZE_JWT_OAUTH_CLIENT_ID="+app(p)+"\n") }, "env.twice", "", "pass"},
	"written as usual":           {func(*project) {}, "env.encoding", "", "pass"},
	"a comment in GBK":           {func(p *project) { p.Write(".env", "# \xc4\xe3\n"+p.Read(".env")) }, "env.encoding", "path encoding", "warn file.encoding .env GBK"},
	"a byte of no text":          {func(p *project) { p.Write(".env", "# \xff\n"+p.Read(".env")) }, "env.encoding", "path", "warn file.not_utf8 .env"},
	"lines of CR":                {func(p *project) { p.Write(".env", strings.ReplaceAll(p.Read(".env"), "\n", "\r")) }, "env.encoding", "path", "warn env.mac_lines .env"},
	"a colon":                    {func(p *project) { p.set("COZE_CLIENT_ID=", "COZE_CLIENT_ID: ") }, "env.encoding", "path name", "warn env.colon .env COZE_CLIENT_ID"},
	"spaces around =":            {func(p *project) { p.set("COZE_PUBLIC_KEY=", "COZE_PUBLIC_KEY = ") }, "env.encoding", "path name", "warn env.spaced .env COZE_PUBLIC_KEY"},
	"a no-break space":           {func(p *project) { p.set("COZE_API_BASE=", "COZE_API_BASE=\u00a0") }, "env.encoding", "name", "warn env.spaced COZE_API_BASE"},
	"a reference":                {func(p *project) { p.set("COZE_PRIVATE_KEY_PATH=", "D=config\nCOZE_PRIVATE_KEY_PATH=${D}/../") }, "env.encoding", "name", "warn env.written COZE_PRIVATE_KEY_PATH"},
	"wrong, and written oddly":   {func(p *project) { p.set("COZE_API_BASE=", "COZE_API_BASE=see ") }, "env.encoding", "", "pass"},
	"more than the value":        {func(p *project) { p.set("COZE_CLIENT_ID="+app(p), "COZE_CLIENT_ID=“"+app(p)+"“ ;") }, "env.encoding", "", "pass"},
	"spaces around another's =":  {func(p *project) { p.Write(".env", "DB = 1\n"+p.Read(".env")) }, "env.encoding", "", "pass"},
	"a name in lower case":       {func(p *project) { p.set("COZE_CLIENT_ID", "coze_client_id") }, "env.complete", "name near right", "fail env.incomplete COZE_CLIENT_ID coze_client_id COZE_CLIENT_ID"},
	"letters that change places": {func(p *project) { p.set("COZE_CLIENT_ID", "COZE_CILENT_ID") }, "env.complete", "near", "fail env.incomplete COZE_CILENT_ID"},
	"a letter lost":              {func(p *project) { p.set("COZE_PUBLIC_KEY", "COZE_PUBLC_KEY") }, "env.complete", "near", "fail env.incomplete COZE_PUBLC_KEY"},
	"another letter":             {func(p *project) { p.set("COZE_API_BASE", "COZE_APl_BASE") }, "env.complete", "near", "fail env.incomplete COZE_APl_BASE"},
	"the word of another shell":  {func(p *project) { p.set("COZE_CLIENT_ID", "set COZE_CLIENT_ID") }, "env.complete", "near", "fail env.incomplete set COZE_CLIENT_ID"},
	"no name like it":            {func(p *project) { p.set("COZE_CLIENT_ID", "APP") }, "env.complete", "near", "fail env.incomplete "},
	"another name for it":        {func(p *project) { p.set("COZE_PRIVATE_KEY_PATH", "COZE_KEY_FILE") }, "env.complete", "name near", "fail env.incomplete COZE_PRIVATE_KEY_PATH COZE_KEY_FILE"},
	"another's name for it":      {func(p *project) { p.set("COZE_PRIVATE_KEY_PATH", "KEY_FILE") }, "env.complete", "near", "fail env.incomplete "},
	"another name, of a key":     {func(p *project) { p.set("COZE_PUBLIC_KEY="+p.value("COZE_PUBLIC_KEY"), "COZE_PUBKEY="+keyText) }, "env.complete", "near", "fail env.incomplete "},
	"the base in lower case":     {func(p *project) { p.set("COZE_API_BASE", "coze_api_base") }, "env.complete", "name near", "fail env.incomplete COZE_API_BASE coze_api_base"},
	"two in one line":            {func(p *project) { p.set("\nCOZE_PUBLIC_KEY", " COZE_PUBLIC_KEY") }, "env.complete", "name near", "fail env.incomplete COZE_PUBLIC_KEY COZE_CLIENT_ID"},
	"complete":                   {func(*project) {}, "env.complete", "count", "pass 4"},
	"a value missing":            {func(p *project) { p.set(app(p), "") }, "env.complete", "path name", "fail env.incomplete .env COZE_CLIENT_ID"},
	"key text as path":           {func(p *project) { p.set("config/private_key.pem", keyText) }, "env.complete", "path name", "fail env.key_text .env COZE_PRIVATE_KEY_PATH"},
	"key text as id":             {func(p *project) { p.set(app(p), keyText) }, "env.complete", "", "pass"},
	"key text and none":          {func(p *project) { p.set(app(p), keyText); p.set(p.value("COZE_PUBLIC_KEY"), "") }, "env.complete", "name", "fail env.incomplete COZE_PUBLIC_KEY"},
	"key text has no shape":      {func(p *project) { p.set(app(p), keyText) }, "app_id.shape", "field", "fail value.private_key app_id"},
	"the flag gives the base":    {func(p *project) { p.target.APIBase = p.value("COZE_API_BASE"); p.set(p.target.APIBase, "") }, "env.complete", "", "pass"},
	"the shell's value":          {func(p *project) { p.target.Getenv = func(n string) string { return "of " + n } }, "env.shadowed", "path name", "warn env.shadowed .env COZE_CLIENT_ID"},
	"the same in the shell":      {func(p *project) { p.target.Getenv = p.value }, "env.shadowed", "", "pass"},
	"no personal token":          {func(p *project) { p.Write(".env", p.Read(".env")+"COZE_API_TOKEN=czs_"+pat[4:]+"\n") }, "env.personal_token", "", "pass"},
	"a personal token":           {func(p *project) { p.Write(".env", "DB=1\nTOKEN='Bearer "+pat+"'\n"+p.Read(".env")) }, "env.personal_token", "path name", "warn env.personal_token .env TOKEN"},
	"two personal tokens":        {func(p *project) { p.Write(".env", "A="+pat+"\nB="+pat+"\n"+p.Read(".env")) }, "env.personal_token", "name", "warn env.personal_token A"},
	"a personal token in pages":  {func(p *project) { p.Write(".env", "A="+pat+"\nVITE_COZE="+pat+"\n"+p.Read(".env")) }, "env.personal_token", "path name", "warn env.public_token .env VITE_COZE"},
	"a token in a comment":       {func(p *project) { p.Write(".env", "# "+pat+"\n"+p.Read(".env")) }, "env.personal_token", "", "pass"},
	"a personal token as id":     {func(p *project) { p.set(app(p), pat) }, "env.personal_token", "", "pass"},
	"another app":                {func(p *project) { p.also(".env.prod", app(p), "2234567890123") }, "env.conflict", "", "pass"},
	"another app on top":         {func(p *project) { p.also(".env.local", app(p), "2234567890123") }, "env.conflict", "path other name", "warn env.conflict .env .env.local COZE_CLIENT_ID"},
	"the same app":               {func(p *project) { p.also(".env.prod", "config/", "other/") }, "env.conflict", "path other name", "warn env.conflict .env .env.prod COZE_PRIVATE_KEY_PATH"},
	"the same set":               {func(p *project) { p.also(".env.prod", "", "") }, "env.conflict", "", "pass"},
	"no set in the other":        {func(p *project) { p.Write(".env.local", "DB=1\n") }, "env.conflict", "", "pass"},
	"nonsense in the other":      {func(p *project) { p.Write(".env.local", "nonsense\n") }, "env.conflict", "", "pass"},
	"no app in either":           {func(p *project) { p.set(app(p), ""); p.also(".env.prod", "config/", "other/") }, "env.conflict", "", "pass"},
	"another base by the flag":   {func(p *project) { p.target.APIBase = "https://api.coze.com" }, "env.conflict", "", "pass"},
	"an id":                      {func(*project) {}, "app_id.shape", "", "pass"},
	"no id":                      {func(p *project) { p.set(app(p), "") }, "app_id.shape", "path name", "skip env.incomplete .env COZE_CLIENT_ID"},
	"an id of five digits":       {func(p *project) { p.set(app(p), "12345") }, "app_id.shape", "", "pass"},
	"an id of 21 digits":         {func(p *project) { p.set(app(p), "117612345678901234567") }, "app_id.shape", "", "pass"},
	"an id of a Web app":         {func(p *project) { p.set(app(p), "12345.app.coze") }, "app_id.shape", "field", "fail value.app_type app_id"},
	"a label before it":          {func(p *project) { p.set(app(p), "'App ID: 1234567890123'") }, "app_id.shape", "name clean", "fail value.unclean COZE_CLIENT_ID 1234567890123"},
	"a key id in its place":      {func(p *project) { p.set(app(p), testkey.KeyID) }, "app_id.shape", "field", "fail value.is_key_id app_id"},
	"an app id as key id":        {func(p *project) { p.set(p.value("COZE_PUBLIC_KEY"), testkey.AppID) }, "key_id.shape", "field", "fail value.is_app_id key_id"},
	"no base":                    {func(p *project) { p.set(p.value("COZE_API_BASE"), "") }, "api.base", "path name", "skip env.incomplete .env COZE_API_BASE"},
	"a base in capitals":         {func(p *project) { p.set(p.value("COZE_API_BASE"), "https://API.coze.com") }, "api.base", "base region", "pass https://api.coze.com com"},
	"a console's base":           {func(p *project) { p.set(p.value("COZE_API_BASE"), "https://www.coze.cn") }, "api.base", "base right", "fail base.console https://www.coze.cn https://api.coze.cn"},
	"a base with a slash":        {func(p *project) { p.set(p.value("COZE_API_BASE"), "https://api.coze.cn/") }, "api.base", "base right", "warn base.slash https://api.coze.cn/ https://api.coze.cn"},
	"a base by the flag":         {func(p *project) { p.target.APIBase = "https://api.coze.com" }, "api.base", "base region", "pass https://api.coze.com com"},
	"a base that is no address":  {func(p *project) { p.set(p.value("COZE_API_BASE"), "coze") }, "api.base", "base", "fail base.url coze"},
}

func TestEnvChecksNameFileAndVariable(t *testing.T) {
	look(t, envCases)
}

// keyAs writes the key in another form.
func (p *project) keyAs(change func(string) string) {
	p.Write("config/private_key.pem", change(p.Read("config/private_key.pem")))
}

func pkcs1(string) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(testkey.RSA())}))
}

func windowsLines(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") }

func binaryDER(text string) string {
	block, _ := pem.Decode([]byte(text))
	return string(block.Bytes)
}

// openssl is what openssl rsa -text prints of a key.
func openssl(string) string {
	key := testkey.RSA()
	return fmt.Sprintf("modulus:\n 00%x\npublicExponent: %d (0x10001)\nprivateExponent:\n 00%x\n", key.N.Bytes(), key.E, key.D.Bytes())
}

// A file of settings is somebody else's: it is not rewritten because it holds the key.
func TestAFileOfSettingsIsNotRewritten(t *testing.T) {
	p := newProject(t)
	p.keyAs(func(pem string) string { return "key: |\n" + pem + "id: 1\n" })
	if r := result(t, p.offline(), "key.format"); r.Repair != nil {
		t.Error("a repair is offered")
	}
}

func TestEachFlawHasItsWords(t *testing.T) {
	for _, l := range i18n.Languages {
		for _, f := range keygen.Flaws {
			if !l.Has("flaw." + string(f)) {
				t.Errorf("%s has no words in %s", f, l)
			}
		}
		if got := l.Text("fault.key.flawed", "path", "k", "flaw", i18n.Names([]string{"flaw.bom", "flaw.utf16"})); strings.Contains(got, "flaw.") || !strings.Contains(got, "BOM") || !strings.Contains(got, "UTF-16") {
			t.Errorf("it says %q", got)
		}
	}
}

func weak(string) string { return string(keygen.EncodePrivate(testkey.Size(1024))) }

func TestKeyChecksNameTheFile(t *testing.T) {
	const private, public = "config/private_key.pem", "config/public_key.pem"
	look(t, map[string]scene{
		"no path": {func(p *project) { p.set(private, "") }, "key.exists", "path name", "skip env.incomplete .env COZE_PRIVATE_KEY_PATH"},
		"no file": {func(p *project) { _ = os.Remove(p.Path(private)) }, "key.exists", "path", "fail key.absent " + private},
		"a file beside it": {func(p *project) {
			p.also("config/a.pem", "", "")
			_ = os.Remove(p.Path(private))
			_ = os.Remove(p.Path(public))
		}, "key.exists", "path near", "fail key.absent_near " + private + " a.pem"},
		"as it should be":      {func(*project) {}, "key.format", "form", "pass PKCS#8"},
		"no key":               {func(p *project) { p.Write(private, "x") }, "key.format", "path", "fail key.no_pem " + private},
		"no key, its strength": {func(p *project) { p.Write(private, "x") }, "key.strength", "after", "skip verify.skipped key.format"},
		"no key, its mode":     {func(p *project) { p.Write(private, "x"); testfile.Open(p.t, p.Path(private)) }, "key.mode", "after", "skip verify.skipped key.format"},
		"a folder, its mode":   {func(p *project) { p.set(private, ".") }, "key.mode", "after", "skip verify.skipped key.format"},
		"a public key":         {func(p *project) { p.set(private, public) }, "key.mode", "after", "skip verify.skipped key.format"},
		"weak, its mode":       {func(p *project) { p.keyAs(weak) }, "key.mode", "", "pass"},
		"no key, its pair":     {func(p *project) { p.Write(private, "x") }, "key.pair", "after", "skip verify.skipped key.format"},
		"PKCS#1":               {func(p *project) { p.keyAs(pkcs1) }, "key.format", "path", "fail key.pkcs1 " + private},
		"Windows lines":        {func(p *project) { p.keyAs(windowsLines) }, "key.format", "path flaw", "warn key.flawed " + private + " \x1dflaw.windows_lines"},
		"binary":               {func(p *project) { p.keyAs(binaryDER) }, "key.format", "path flaw", "fail key.unread " + private + " \x1dflaw.binary"},
		"XML":                  {func(p *project) { p.keyAs(openssl) }, "key.format", "path form", "fail key.form " + private + " OpenSSL text"},
		"among settings":       {func(p *project) { p.keyAs(func(pem string) string { return "key: |\n" + pem + "id: 1\n" }) }, "key.format", "path", "fail key.embedded " + private},
		"strong":               {func(*project) {}, "key.strength", "bits", "pass 2048"},
		"weak":                 {func(p *project) { p.keyAs(weak) }, "key.strength", "path bits", "fail key.weak " + private + " 1024"},
		"weak, its form":       {func(p *project) { p.keyAs(weak) }, "key.format", "form", "pass PEM"},
		"no public key":        {func(p *project) { _ = os.Remove(p.Path(public)) }, "key.pair", "", "pass"},
		"no key in the public": {func(p *project) { p.Write(public, "x") }, "key.pair", "path", "warn key.no_pem " + public},
		"another pair's": {func(p *project) {
			other, _ := testkey.Pool()(2048)
			p.Write(public, string(keygen.EncodePublic(&other.PublicKey)))
		}, "key.pair", "path public", "fail key.no_pair " + private + " " + public},
	})
}

func TestOpenFilesAreNamedWithTheirMode(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no modes")
	}
	open := func(p *project) {
		testfile.Open(p.t, p.Path(".env"))
		testfile.Open(p.t, p.Path("config/private_key.pem"))
	}
	look(t, map[string]scene{
		".env":     {open, "env.mode", "path mode", "warn env.mode .env 0644"},
		"key":      {open, "key.mode", "path mode", "fail key.mode config/private_key.pem 0644"},
		"for none": {func(*project) {}, "key.mode", "mode", "pass 0600"},
	})
}

// A command is typed where the person stands, so its path is relative to there.
func TestAPathInACommandIsFromWhereOneStands(t *testing.T) {
	p := newProject(t)
	testfile.Open(t, p.Path("config/private_key.pem"))
	file := func() string {
		return result(t, p.offline(), "key.mode").Fault.Value("file")
	}
	if runtime.GOOS == "windows" {
		t.Skip("there it is no part of a command")
	}
	for dir, want := range map[string]string{
		p.Dir: filepath.Join("config", "private_key.pem"), p.Path("config"): "private_key.pem", t.TempDir(): p.Path("config/private_key.pem"),
	} {
		t.Chdir(dir)
		if got := file(); got != want {
			t.Errorf("in %s it is %s, want %s", dir, got, want)
		}
	}
}

func TestTheAgeOfAKeyMayReachItsLimit(t *testing.T) {
	now := time.Date(2031, 5, 4, 12, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	for name, test := range map[string]struct {
		age, max time.Duration
		want     string
	}{
		"exactly the oldest allowed": {90 * day, 90 * day, "pass 90"},
		"a second older":             {90*day + time.Second, 90 * day, "fail key.too_old 90"},
		"exactly 180 days":           {180 * day, 0, "pass 180"},
		"a second more":              {180*day + time.Second, 0, "warn key.old 180"},
		"old, but allowed":           {200 * day, 300 * day, "warn key.old 200"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			p.target.Now = func() time.Time { return now }
			p.target.MaxKeyAge = test.max
			p.target.KeyMade = func(file string) time.Time {
				if file != p.Path("config/private_key.pem") {
					t.Errorf("asked for %s", file)
				}
				return now.Add(-test.age)
			}
			if got := seen(result(t, p.offline(), "key.age"), "days"); got != test.want {
				t.Errorf("it says %q, want %q", got, test.want)
			}
		})
	}
}

func TestWhatGitHasIsNamed(t *testing.T) {
	testfile.NeedGit(t)
	const key = "config/private_key.pem"
	committed := func(p *project) {
		p.git("init", "-q")
		p.git("add", "-f", ".env", key)
		p.git("commit", "-q", "-m", "x")
		p.git("rm", "-q", "--cached", ".env", key)
		p.Write(".gitignore", ".env*\n*.pem*\n")
	}
	for name, s := range map[string]scene{
		"no repository, .env": {func(*project) {}, "env.ignored", "", "skip verify.no_repository"},
		"no repository, key":  {func(*project) {}, "key.ignored", "", "skip verify.no_repository"},
		"ignored":             {func(p *project) { p.git("init", "-q"); p.Write(".gitignore", ".env*\n*.pem*\n") }, "key.ignored", "", "pass"},
		"tracked .env":        {func(p *project) { p.git("init", "-q"); p.git("add", "-f", ".env") }, "env.ignored", "path", "fail git.tracked .env"},
		"tracked key":         {func(p *project) { p.git("init", "-q"); p.git("add", "-f", key) }, "key.ignored", "path", "fail git.tracked " + key},
		"once committed .env": {committed, "env.ignored", "path", "fail git.committed .env"},
		"once committed key":  {committed, "key.ignored", "path", "fail git.committed " + key},
		"not ignored .env":    {func(p *project) { p.git("init", "-q") }, "env.ignored", "path", "warn git.unignored .env"},
		"not ignored key":     {func(p *project) { p.git("init", "-q") }, "key.ignored", "path", "fail git.unignored " + key},
		"no git to ask":       {func(p *project) { p.git("init", "-q"); p.t.Setenv("PATH", "") }, "key.ignored", "", "skip verify.no_git"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			s.broken(p)
			if got := seen(result(t, p.offline(), s.id), strings.Fields(s.names)...); got != s.want {
				t.Errorf("%s says %q, want %q", s.id, got, s.want)
			}
		})
	}
}

func TestEveryMissingValueIsNamed(t *testing.T) {
	p := newProject(t)
	p.set(p.value("COZE_CLIENT_ID"), "")
	p.set(p.value("COZE_API_BASE"), "")
	detail := result(t, p.offline(), "env.complete").Detail(i18n.English)
	named := slices.DeleteFunc(strings.FieldsFunc(detail, func(r rune) bool { return r != '_' && (r < 'A' || r > 'Z') }), func(word string) bool { return !strings.HasPrefix(word, "COZE_") })
	if strings.Join(named, " ") != "COZE_CLIENT_ID COZE_API_BASE" {
		t.Errorf("it says %s", detail)
	}
}
