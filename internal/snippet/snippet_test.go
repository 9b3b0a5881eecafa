package snippet

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cozejwt/internal/credentials"
	"cozejwt/internal/i18n"
	"cozejwt/internal/testfile"
)

func TestNamesAreWhatInTakes(t *testing.T) {
	names := Names()
	if want := []string{"go", "php", "node", "python", "java", "curl"}; !slices.Equal(names, want) {
		t.Errorf("the names are %q, want %q", names, want)
	}
	for _, name := range names {
		if s, ok := (Project{}).In(i18n.English, name); !ok || s.Name != name || s.Language == "" {
			t.Errorf("%s: got the snippet %q in %q, %v", name, s.Name, s.Language, ok)
		}
	}
	if s, ok := (Project{}).In(i18n.English, "cobol"); ok || s != (Snippet{}) {
		t.Errorf("a name that is not known gives %+v", s)
	}
}

func TestTheFilesOfAProjectSuggestItsLanguage(t *testing.T) {
	for _, test := range []struct {
		files []string
		want  string
	}{
		{nil, "curl"},
		{[]string{"README.md"}, "curl"},
		{[]string{"go.mod"}, "go"},
		{[]string{"package.json"}, "node"},
		{[]string{"pyproject.toml"}, "python"},
		{[]string{"requirements.txt"}, "python"},
		{[]string{"setup.py"}, "python"},
		{[]string{"Pipfile"}, "python"},
		{[]string{"pom.xml"}, "java"},
		{[]string{"build.gradle"}, "java"},
		{[]string{"build.gradle.kts"}, "java"},
		{[]string{"composer.json"}, "php"},
		{[]string{"package.json", "composer.json"}, "php"},    // assets of a PHP project
		{[]string{"package.json", "go.mod", "pom.xml"}, "go"}, // the first of the list
		{[]string{"package.json", "setup.py"}, "node"},
	} {
		folder := testfile.NewFolder(t)
		for _, name := range test.files {
			folder.Write(name, "")
		}
		p := Project{Dir: folder.Dir, EnvPath: folder.Path(".env")}.Look()
		if s, ok := p.In(i18n.English, ""); !ok || s.Name != test.want {
			t.Errorf("%q suggest %q, want %q", test.files, s.Name, test.want)
		}
		if s, _ := p.In(i18n.English, "java"); s.Name != "java" {
			t.Errorf("%q: the name that is asked for gives %q", test.files, s.Name)
		}
	}
}

func TestASnippetNamesTheVariablesOfItsConvention(t *testing.T) {
	braces := regexp.MustCompile(`\{(env|env_here|env_quoted|source|web_sdk|chat_sdk|text[a-z_.]*|token|app_id|key_id|key_path|api_base|aud|account_id|enterprise_id)\}`)
	for _, convention := range credentials.Conventions {
		p := Project{Convention: convention, EnvPath: ".env"}
		for _, name := range Names() {
			s, _ := p.In(i18n.English, name)
			if left := braces.FindAllString(s.Text, -1); left != nil {
				t.Errorf("%s, %s: %q are not filled", name, convention, left)
			}
			for _, v := range credentials.Variables {
				if name == "curl" && v.Field != credentials.APIBase {
					continue // the token command reads the others
				}
				if v.Optional && !(name == "node" && v.Field == credentials.Aud) {
					continue // the other SDKs sign the host of the base
				}
				if !strings.Contains(s.Text, v.Names[convention]) {
					t.Errorf("%s, %s: %s is missing", name, convention, v.Names[convention])
				}
			}
		}
	}
}

func TestTheCurlSnippetTakesTheTokenOfTheCommand(t *testing.T) {
	s, _ := Project{Convention: credentials.Default, EnvPath: ".env"}.In(i18n.Reader{Language: i18n.English}.With("--profile", "work"), "curl")
	if want := `"Authorization: Bearer $(cozejwt token --profile work)"`; !strings.Contains(s.Text, want) {
		t.Errorf("%s is not in\n%s", want, s.Text)
	}
}

// A program runs in the project's folder, a shell command where the person is.
func TestTheEnvFileIsNamedFromWhereItIsRead(t *testing.T) {
	folder := testfile.NewFolder(t)
	outside := filepath.Join(t.TempDir(), "other.env")
	for _, test := range []struct {
		name, here, env string
		python, shell   string
	}{
		{"in the project's folder", ".", folder.Path(".env"), ".env", "./.env"},
		{"above the project's folder", "..", folder.Path(".env"), ".env", "./" + filepath.Base(folder.Dir) + "/.env"},
		{"in a folder below", ".", folder.Path("a b/.env"), "a b/.env", "'./a b/.env'"},
		{"a relative path", ".", ".env.work", ".env.work", "./.env.work"},
		{"outside", ".", outside, outside, i18n.ScriptQuoted(outside)},
	} {
		t.Chdir(filepath.Join(folder.Dir, test.here))
		p := Project{Dir: folder.Dir, Convention: credentials.Default, EnvPath: test.env}.Look()
		if s, _ := p.In(i18n.English, "python"); !strings.Contains(s.Text, `load_dotenv("`+test.python+`")`) {
			t.Errorf("%s: Python does not load %s in\n%s", test.name, test.python, s.Text)
		}
		if s, _ := p.In(i18n.English, "curl"); !strings.HasPrefix(s.Text, "set -a; . "+test.shell+"; set +a\n") {
			t.Errorf("%s: the shell does not read %s in\n%s", test.name, test.shell, s.Text)
		}
	}
}

// What the code has for another owner is in each language, plain and for the web, and nothing of it
// where the token is the app's own.
func TestASnippetRequestsTheTokenOfTheOwner(t *testing.T) {
	has := map[string]map[credentials.Field][]string{
		"go":     {credentials.AccountID: {"AccountID: &account}", "strconv.ParseInt"}, credentials.EnterpriseID: {"EnterpriseID: &enterprise}", "enterprise :="}},
		"node":   {credentials.AccountID: {"accountId"}, credentials.EnterpriseID: {"no parameter for the owner", "cozejwt token"}},
		"python": {credentials.AccountID: {"no parameter for the owner", "cozejwt token"}, credentials.EnterpriseID: {"no parameter for the owner", "cozejwt token"}},
		"java":   {credentials.AccountID: {".accountID(Long.valueOf("}, credentials.EnterpriseID: {".enterpriseID("}},
		"php":    {credentials.AccountID: {"oauth2/account/'"}, credentials.EnterpriseID: {"oauth2/enterprise_id/'"}},
	}
	for _, convention := range credentials.Conventions {
		for _, name := range WebNames() {
			for _, v := range credentials.Variables {
				if v.Field != credentials.AccountID && v.Field != credentials.EnterpriseID {
					continue
				}
				own, p := Project{Convention: convention, EnvPath: ".env"}, Project{Convention: convention, EnvPath: ".env", Owner: v.Field}
				plain, _ := p.In(i18n.English, name)
				web, _ := p.Web(i18n.English, name)
				ownPlain, _ := own.In(i18n.English, name)
				ownWeb, _ := own.Web(i18n.English, name)
				for _, text := range []string{plain.Text, web.Text} {
					for _, part := range append(has[name][v.Field], v.Names[convention]) {
						if !strings.Contains(text, part) {
							t.Errorf("%s, %s: no %s in\n%s", name, v.Field, part, text)
						}
					}
				}
				if strings.Contains(ownPlain.Text+ownWeb.Text, v.Names[convention]) {
					t.Errorf("%s: %s is in the code without an owner", name, v.Field)
				}
			}
		}
	}
}
