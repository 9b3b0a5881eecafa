package snippet

import (
	"regexp"
	"strings"
	"testing"

	"cozejwt/internal/credentials"
	"cozejwt/internal/i18n"
)

func TestWebNamesAreWhatWebTakes(t *testing.T) {
	for _, name := range WebNames() {
		if w, ok := (Project{}).Web(i18n.English, name); !ok || w.Name != name || w.Language == "" || w.Text == "" || w.Page == "" {
			t.Errorf("%s: got %+v, %v", name, w, ok)
		}
		w, _ := (Project{}).Web(i18n.English, name)
		if s, ok := (Project{}).In(i18n.English, name); !ok || s.Language != w.Language {
			t.Errorf("%s: without a page, it is %q", name, s.Language)
		}
	}
	for _, name := range []string{"cobol", "curl", "page", "php_function"} {
		if w, ok := (Project{}).Web(i18n.English, name); ok || w != (Web{}) {
			t.Errorf("%s gives %+v", name, w)
		}
	}
	if w, _ := (Project{}).Web(i18n.English, ""); w.Name != "node" {
		t.Errorf("a project in no language gets %s", w.Name)
	}
	if w, _ := (Project{language: "python"}).Web(i18n.English, ""); w.Name != "python" {
		t.Errorf("a project in Python gets %s", w.Name)
	}
}

// everyText are all texts of the package, by what they are.
func everyText(p Project, reader i18n.Speaker) map[string]string {
	all := map[string]string{}
	for _, name := range Names() {
		s, _ := p.In(reader, name)
		all[name] = s.Text
	}
	for _, name := range WebNames() {
		w, _ := p.Web(reader, name)
		all["web "+name], all["page"] = w.Text, w.Page
	}
	return all
}

func TestEveryPlaceholderIsFilled(t *testing.T) {
	mark := regexp.MustCompile(`\{(text\.[a-z_.]+|env|env_here|env_quoted|source|token|web_sdk|chat_sdk|app_id|key_id|key_path|api_base)\}|snippet\.`)
	for _, reader := range i18n.Languages {
		for _, convention := range credentials.Conventions {
			for what, text := range everyText(Project{Convention: convention, EnvPath: ".env"}, reader) {
				if left := mark.FindAllString(text, -1); left != nil {
					t.Errorf("%s, %s, %s: %q", reader, convention, what, left)
				}
				if strings.Contains(text, "\n\n\n\n") || !strings.HasSuffix(text, "\n") || regexp.MustCompile(`(?m)[ \t]$`).MatchString(text) {
					t.Errorf("%s, %s: blank lines or spaces at an end in\n%s", reader, what, text)
				}
			}
		}
	}
}

// Only the comments differ between the readers.
func TestTheCommentsAreInTheReadersLanguage(t *testing.T) {
	comment := regexp.MustCompile(`(//|# |<!-- ).*`)
	p := Project{Convention: credentials.Default, EnvPath: ".env"}
	english, chinese := everyText(p, i18n.English), everyText(p, i18n.Chinese)
	han := regexp.MustCompile(`\p{Han}`)
	for what, text := range english {
		if what == "curl" {
			continue // it has none
		}
		if han.MatchString(text) || !han.MatchString(chinese[what]) {
			t.Errorf("%s: in English\n%sin Chinese\n%s", what, text, chinese[what])
		}
		if comment.ReplaceAllString(text, "") != comment.ReplaceAllString(chinese[what], "") {
			t.Errorf("%s: more than the comments differ", what)
		}
	}
}

// Each comment is on one line, and ends no comment of its language.
func TestEachCommentIsALine(t *testing.T) {
	code := phpWebSDK + curl.code
	for _, l := range languages {
		code += l.code
	}
	for _, name := range append(WebNames(), "page", "page_web_sdk", "php_function") {
		code += template(name)
	}
	used := map[string]bool{}
	for _, m := range regexp.MustCompile(`\{text\.([a-z_.]+)\}`).FindAllStringSubmatch(code, -1) {
		used[m[1]] = true
	}
	if len(used) < 15 {
		t.Fatalf("found %d texts", len(used))
	}
	for id := range used {
		for _, reader := range i18n.Languages {
			if text := reader.Text("snippet." + id); strings.ContainsAny(text, "\n{}") || strings.Contains(text, "--") || strings.Contains(text, "*/") || !reader.Has("snippet."+id) {
				t.Errorf("%s, %s: %q is no comment", reader, id, text)
			}
		}
	}
}

// The endpoint has the key and the user of the session; the page has neither.
func TestAPageHoldsNoSecret(t *testing.T) {
	for _, convention := range credentials.Conventions {
		p := Project{Convention: convention, EnvPath: ".env"}
		for _, name := range WebNames() {
			w, _ := p.Web(i18n.English, name)
			for _, v := range credentials.Variables {
				if strings.Contains(w.Page, v.Names[convention]) {
					t.Errorf("the page names %s", v.Names[convention])
				}
				if !v.Optional && !strings.Contains(w.Text, v.Names[convention]) {
					t.Errorf("%s: the endpoint lacks %s", name, v.Names[convention])
				}
			}
			for _, want := range []string{"/coze/token", "401", "900", "no-store"} {
				if name == "go" && want == "401" {
					want = "http.StatusUnauthorized"
				}
				if !strings.Contains(w.Text, want) {
					t.Errorf("%s: the endpoint lacks %s", name, want)
				}
			}
			if regexp.MustCompile(`(?i)private.?key|pat_|BEGIN|secret`).MatchString(w.Page) {
				t.Errorf("the page speaks of a secret:\n%s", w.Page)
			}
			if regexp.MustCompile(`req\.query|r\.FormValue|URL\.Query|\$_GET|\$_REQUEST|parse_qs|getQuery`).MatchString(w.Text) {
				t.Errorf("%s: the endpoint reads the query:\n%s", name, w.Text)
			}
		}
	}
}

// The Chat SDK has a script of its own for each region, and the Web SDK is documented for
// coze.cn alone.
func TestThePageIsOfTheRegion(t *testing.T) {
	for base, want := range map[string]struct{ cn, web bool }{
		"":                          {true, true},
		"https://api.coze.cn":       {true, true},
		"http://127.0.0.1:8888":     {true, true},
		"https://proxy.example.com": {true, true},
		"https://notcoze.com":       {true, true},
		"https://api.coze.com":      {false, false},
		"https://coze.com/":         {false, false},
		"https://api.coze.com:443":  {false, false},
		"://":                       {true, true},
	} {
		w, _ := Project{APIBase: base}.Web(i18n.English, "go")
		if strings.Contains(w.Page, "coze.cn/obj/unpkg/flow-platform/chat-app-sdk/") != want.cn || strings.Contains(w.Page, chatSDKCom) == want.cn {
			t.Errorf("%s: another Chat SDK in\n%s", base, w.Page)
		}
		if strings.Contains(w.Page, "cozeWebSDK.init") != want.web {
			t.Errorf("%s: the Web SDK, want %v, in\n%s", base, want.web, w.Page)
		}
	}
}

// PHP alone can restrict a token to the Web SDK: it signs without an SDK.
func TestOnlyTheEndpointInPHPRestrictsToTheWebSDK(t *testing.T) {
	for _, name := range WebNames() {
		w, _ := (Project{}).Web(i18n.English, name)
		if strings.Contains(w.Text, "2001") != (name == "php") {
			t.Errorf("%s:\n%s", name, w.Text)
		}
	}
	if s, _ := (Project{}).In(i18n.English, "php"); strings.Contains(s.Text, "2001") {
		t.Errorf("a server's own token is restricted to the Web SDK:\n%s", s.Text)
	}
}

// A path with a space is quoted where a shell reads it.
func TestThePathOfTheEnvFileIsQuoted(t *testing.T) {
	p := Project{Dir: "/p", EnvPath: "/p/a b/.env"}
	for name, want := range map[string]string{
		"node": "--env-file='a b/.env'", "go": "set -a; . './a b/.env'; set +a", "java": "set -a; . './a b/.env'; set +a",
		"php": "set -a; . './a b/.env'; set +a", "python": `load_dotenv("a b/.env")`,
	} {
		s, _ := p.In(i18n.English, name)
		w, _ := p.Web(i18n.English, name)
		if !strings.Contains(s.Text, want) || !strings.Contains(w.Text, want) {
			t.Errorf("%s: %s is not in\n%s\n%s", name, want, s.Text, w.Text)
		}
	}
	if s, _ := (Project{Dir: "/p", EnvPath: "/q/.env"}).In(i18n.English, "go"); !strings.Contains(s.Text, "set -a; . /q/.env; set +a") {
		t.Errorf("an absolute path is read as\n%s", s.Text)
	}
}
