package lint_test

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cozejwt/internal/credentials"
	"cozejwt/internal/i18n"
	"cozejwt/internal/lint"
	"cozejwt/internal/snippet"
	"cozejwt/internal/testkey"
)

// Secrets are made here: none is in a fixture.
var (
	token   = "pat_" + strings.Repeat("aB3d", 16)
	keyPEM  = newKey()
	secrets = strings.NewReplacer(
		"{{PAT}}", token, "{{KEY}}", keyPEM,
		"{{KEY_ESCAPED}}", strings.ReplaceAll(keyPEM, "\n", `\n`),
		"{{KEY_CONCATENATED}}", strings.ReplaceAll(keyPEM, "\n", "\\n\" +\n      \""),
		"{{KEY_BASE64}}", base64.StdEncoding.EncodeToString([]byte(keyPEM)),
	)
	facts = lint.Facts{Base: "https://api.coze.cn"}
)

func newKey() string {
	der, err := x509.MarshalPKCS8PrivateKey(testkey.New())
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// A fixture is a source file in the shape of a public project. Lines with a comment WANT have the
// mistakes that it names.
type fixture struct {
	name, text string
	want       []string // as "3 aud", in the order of the lines
}

func fixtures(t *testing.T, folder string) (all []fixture) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", folder, "*"))
	if err != nil || len(files) < 9 {
		t.Fatalf("%s: %v, %v", folder, files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		f := fixture{name: strings.TrimSuffix(filepath.Base(file), ".txt")} // a .go file would be code of the module
		for line := range strings.Lines(string(data)) {
			line, wants, _ := strings.Cut(line, "WANT")
			for _, rule := range strings.Fields(wants) {
				f.want = append(f.want, fmt.Sprintf("%d %s", 1+strings.Count(f.text, "\n"), rule))
			}
			f.text += secrets.Replace(strings.TrimSuffix(line, "\n")) + "\n"
		}
		all = append(all, f)
	}
	return all
}

func said(found []lint.Finding) (all []string) {
	for _, f := range found {
		all = append(all, fmt.Sprintf("%d %s", f.Line, f.Rule))
	}
	return all
}

func sorted(s []string) []string {
	s = slices.Clone(s)
	slices.Sort(s)
	return s
}

func TestEachMistakeIsFoundInItsLine(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range fixtures(t, "wrong") {
		found := lint.Code("src/"+f.name, f.text, facts)
		if got := said(found); !slices.Equal(sorted(got), sorted(f.want)) {
			t.Errorf("%s:\n got %q\nwant %q", f.name, got, f.want)
		}
		for _, finding := range found {
			seen[finding.Rule] = true
			switch {
			case finding.Path != "src/"+f.name || finding.Right == "" || strings.Contains(finding.Right, "{host}"):
				t.Errorf("%s: %+v", f.name, finding)
			case strings.Contains(finding.Right, token), strings.Contains(finding.Right, "BEGIN"):
				t.Errorf("%s: a secret is repeated", f.name)
			}
		}
		if !slices.IsSortedFunc(found, func(a, b lint.Finding) int { return a.Line - b.Line }) {
			t.Errorf("%s: not in the order of the lines: %q", f.name, said(found))
		}
		crlf := lint.Code(f.name, strings.ReplaceAll(f.text, "\n", "\r\n"), facts)
		if got := said(crlf); !slices.Equal(sorted(got), sorted(f.want)) {
			t.Errorf("%s with CRLF: %q", f.name, got)
		}
	}
	for _, id := range lint.RuleIDs() {
		for _, text := range []string{"lint." + id, "lint." + id + ".fix"} {
			for _, l := range i18n.Languages {
				if !(i18n.Reader{Language: l}).Has(text) {
					t.Errorf("%s: no text %s", l.Code, text)
				}
			}
		}
		if !seen[id] {
			t.Errorf("no fixture has the mistake %s", id)
		}
	}
}

func TestRightCodeHasNoFinding(t *testing.T) {
	for _, f := range append(fixtures(t, "right"), snippets()...) {
		for _, f := range []fixture{f, {name: f.name, text: strings.ReplaceAll(f.text, "\n", "\r\n")}} {
			if got := lint.Code("coze/"+f.name, f.text, facts); got != nil {
				t.Errorf("%s: %q", f.name, said(got))
			}
		}
	}
}

// snippets are the code that this program itself gives.
func snippets() (all []fixture) {
	ends := map[string]string{"node": "ts", "python": "py", "go": "go", "java": "java", "php": "php", "curl": "sh"}
	for _, convention := range credentials.Conventions {
		p := snippet.Project{Dir: ".", Convention: convention, EnvPath: ".env"}
		for _, l := range i18n.Languages {
			for _, name := range snippet.Names() {
				s, _ := p.In(i18n.Reader{Language: l}, name)
				all = append(all, fixture{name: name + "." + ends[name], text: s.Text})
			}
			for _, name := range snippet.WebNames() {
				w, _ := p.Web(i18n.Reader{Language: l}, name)
				all = append(all, fixture{name: name + "." + ends[name], text: w.Text}, fixture{name: "page.html", text: w.Page})
			}
		}
	}
	return all
}

// Only a project that uses another base than the SDK's default is told of it.
func TestTheDefaultBaseIsRightWhereTheProjectUsesIt(t *testing.T) {
	const code = "import { CozeAPI } from '@coze/api'\nnew CozeAPI({ token })\n"
	for base, want := range map[string]int{
		"": 0, "https://api.coze.com": 0, "https://api.coze.com/": 0,
		"https://api.coze.cn": 1, "http://127.0.0.1:8080": 1, "https://coze.example.com": 1,
	} {
		if got := lint.Code("a.ts", code, lint.Facts{Base: base}); len(got) != want {
			t.Errorf("%q: %d findings", base, len(got))
		}
	}
}

// Two mistakes in JavaScript.
const js, aud = "new CozeAPI({ token })", "aud: 'https://api.coze.cn'"

// maskedCode is code behind the name of its file, and what is found in it.
var maskedCode = map[string]string{
	"a.ts " + js:                                       "1 base",
	"a.ts // " + js:                                    "",
	"a.ts x = 1 // " + js + "\n" + js:                  "2 base",
	"a.ts /* " + js + "\n*/ " + js:                     "2 base",
	"a.ts /* " + js:                                    "",
	"a.ts  * " + js + "\n */\n" + js:                   "3 base",
	"a.ts 2 * 3\n" + js:                                "2 base",
	"a.ts '// '; " + js:                                "1 base",
	"a.ts 'a\\'; // ' + " + js:                         "1 base",
	"a.ts 'a\\\\'; // " + js:                           "",
	"a.ts \"" + js + "\"":                              "",
	"a.ts `\n" + js + "\n`; " + js:                     "3 base",
	"a.ts `\\`" + js + "`; " + js:                      "", // an odd number of quotes
	"a.ts `\\`\\`" + js + "`; x\n" + js:                "2 base",
	"a.ts x = don't\n" + js:                            "2 base",
	"a.vue <!-- " + js + " -->\n" + js:                 "2 base",
	"a.vue <a href=http://b>" + js:                     "1 base",
	"a.ts x = 'coze'\n\n" + aud + ",\n" + js:           "3 aud, 4 base",
	"a.ts s = \"coze: " + aud + "\"":                   "",
	"a.ts // coze\n{ 'aud': 'https://api.coze.cn' }":   "2 aud",
	"a.ts aud: 'https://api.coze.com', x":              "1 aud",
	"a.ts const defaud = 'https://api.coze.cn'":        "",
	"a.ts aud: 'https://api.coze.cn'.slice(8)":         "",
	"a.ts aud == 'https://api.coze.cn'":                "",
	"a.py # Coze(auth=a)\nCoze(auth=a)":                "2 base",
	"a.py x = 1 #Coze(auth=a)":                         "",
	"a.py Coze(auth=a)# x":                             "1 base",
	"a.py '#'; Coze(auth=a)":                           "1 base",
	"a.py \"\"\"\nCoze(auth=a)\n\"\"\"\nCoze(auth=a)":  "4 base",
	"a.py \"\"\"Coze(auth=a)":                          "",
	"a.py Coze(auth=a, base_url=b)":                    "",
	"a.py Coze()":                                      "",
	"a.py Coze(auth=a":                                 "",
	"a.py Coze(a, http_client=c)":                      "1 base",
	"a.py class Coze(auth=a): pass":                    "",
	"a.go `a\\`; coze.NewCozeAPI(auth)":                "1 base",
	"a.go coze.NewCozeAPI(auth, option)":               "",
	"a.go coze.NewCozeAPI()":                           "",
	"a.java CozeAPI.Builder().auth(a) .build()":        "1 base",
	"a.java CozeAPI.Builder().auth(a);":                "",
	"a.java CozeAPI.Builder().auth(a":                  "",
	"a.java CozeAPI.Builder().a(b).baseURL(c).build()": "",
	"a.ts new CozeAPI({ 'baseURL': b, token })":        "",
	"a.ts new CozeAPI({ get baseURL() {} })":           "",
	"a.ts new CozeAPI({ [key]: b, token })":            "",
	"a.ts new CozeAPI()":                               "",
	"a.ts getJWTToken({ appId })":                      "", // of whom, the file does not say
	"a.ts import '@coze/api'\ngetJWTToken({ appId })":  "2 base",
	"a.ts import '@coze/api'\nclass A { getJWTToken({ appId }) { return 1 } }": "",
	"a.ts permission_list: ['x']":        "",
	"coze.ts permission_list: ['x']":     "1 scope",
	"coze.txt permission_list: ['x']":    "",
	"a.txt " + js:                        "",
	"扣子.ts aud: 'https://api.coze.cn', ": "1 aud",
}

// What counts as code decides what is found: comments, strings and their ends, in each language.
func TestCommentsAndStringsAreNoCode(t *testing.T) {
	for text, want := range maskedCode {
		path, code, _ := strings.Cut(text, " ")
		if got := strings.Join(said(lint.Code(path, code, facts)), ", "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// A form field and a number of seconds are right elsewhere: only a file that names Coze has them
// wrong, and not where another service's URL is closer.
func TestWhatOthersRightlyDoIsTheirs(t *testing.T) {
	const until = "until = time.time() + data['expires_in']\n"
	for text, want := range map[string]string{
		"a.py " + until:         "",
		"coze.py " + until:      "", // the path alone is not enough
		"a.py # coze\n" + until: "2 expires_in",
		"a.py # 扣子\n" + until:   "2 expires_in",
		"a.py u = h + '/permission/oauth2/token'\n" + until:                                                                    "2 expires_in",
		"a.py 'https://api.coze.cn'\n" + until + "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n'https://x.com/token'\n": "2 expires_in",
		"a.py 'https://api.coze.cn'\n\n\n\n\n\n\n\n" + until + "'https://x.com/token'\n":                                       "",
		"a.py 'https://api.coze.cn'\n\n\n\n\n\n\n\n" + until + "'https://x.com/about'\n":                                       "9 expires_in",
		"a.py # coze\nexp = now + data['expires_in']":                                                                          "",
		"a.py # coze\nleft = data['expires_in'] - time.time()":                                                                 "",
		"a.py # coze\nif now + 60 > data['expires_in']: pass":                                                                  "",
	} {
		path, code, _ := strings.Cut(text, " ")
		if got := strings.Join(said(lint.Code(path, code, facts)), ", "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestASampleIsNoSecret(t *testing.T) {
	body := strings.Split(keyPEM, "\n")
	for text, want := range map[string]int{
		token: 1, "x=" + token: 1, "'" + token + "'": 1,
		"pat_" + strings.Repeat("x", 64): 0, "pat_" + strings.Repeat("abcd", 16): 0, "pat_your1token2goes3here4": 0, "github_" + token: 0, token[:20]: 0,
		keyPEM: 1, strings.Join(body[:5], "\n"): 1, strings.Join(body[:3], "\n"): 0, body[0]: 0,
		strings.Join(body, " "): 1, strings.Join(body, "\" +\n\t\""): 1, strings.Join(body, `\r\n`): 1, "PRIVATE KEY" + strings.Join(body[1:], "\n"): 0,
		strings.Replace(keyPEM, "\n", "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n", 1): 1,
		strings.ReplaceAll(keyPEM, "PRIVATE", "PUBLIC"):                                            0,
		base64.StdEncoding.EncodeToString([]byte(keyPEM)):                                          1,
		base64.StdEncoding.EncodeToString([]byte(strings.ReplaceAll(keyPEM, "PRIVATE", "PUBLIC"))): 0,
	} {
		for _, path := range []string{"a.ts", "b.py", "c.txt"} {
			if got := lint.Code(path, "x\n// "+text, facts); len(got) != want || want == 1 && got[0].Line != 2 {
				t.Errorf("%s: %d findings, want %d in %.60q…", path, len(got), want, text)
			}
		}
	}
}
