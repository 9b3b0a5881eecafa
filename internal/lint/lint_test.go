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
