package i18n

import (
	"maps"
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestTheSandboxHasTheConsolesWords(t *testing.T) {
	for _, w := range labels {
		if w.id == "" {
			continue
		}
		for lang, want := range map[Language]string{English: w.en, Chinese: w.zh} {
			if got := lang.Text("console." + w.id); got != want {
				t.Errorf("console.%s is %q in %s, want %q", w.id, got, lang, want)
			}
		}
	}
}

// A Chinese word in brackets is a label of the table, a group of permissions, or one of these, which
// are not of the console's pages for OAuth apps: the product's name, the page of a bot, and WeChat's.
var otherWords = []string{"扣子罗盘", "发布", "开发管理 > 服务器域名"}

func TestEnglishTextsNameNoOtherChineseWords(t *testing.T) {
	known := map[string]bool{}
	for _, w := range otherWords {
		known[w] = true
	}
	for _, w := range labels {
		known[w.zh] = true
	}
	for id, text := range catalogues[Chinese.Code]() {
		if strings.HasPrefix(id, "permission.group.") {
			known[text] = true
		}
	}
	bracketed := regexp.MustCompile(`\(([^()\n]*\p{Han}[^()\n]*)\)`)
	for id, text := range englishTexts(t) {
		for _, m := range bracketed.FindAllStringSubmatch(text, -1) {
			if !known[m[1]] {
				t.Errorf("%s has (%s), which is no label of the console", id, m[1])
			}
		}
	}
}

// A Chinese text puts a label of the console, or of a page or a key of this program, in 「」.
func TestChineseTextsQuoteTheConsolesWords(t *testing.T) {
	known := map[string]bool{"API & SDK": true, "Public key": true, "开发管理 > 服务器域名": true, "返回": true, "确认改动": true}
	for _, w := range labels {
		known[w.zh] = true
	}
	quoted := regexp.MustCompile(`「(\p{Han}[^「」{}]*|[A-Z][\w &]+ ?\p{Han}*)」`)
	readme, err := os.ReadFile("../../README.zh-CN.md")
	if err != nil {
		t.Fatal(err)
	}
	texts := maps.Clone(catalogues[Chinese.Code]())
	texts["README.zh-CN.md"] = string(readme)
	for id, text := range texts {
		for _, m := range quoted.FindAllStringSubmatch(text, -1) {
			if !known[m[1]] && !strings.HasPrefix(m[1], "Connector.") && !strings.HasPrefix(m[1], "Bearer") {
				t.Errorf("%s quotes 「%s」, which is no label of the console", id, m[1])
			}
		}
	}
}

// englishTexts are the texts of the wizard, its help, --help and the README.
func englishTexts(t *testing.T) map[string]string {
	t.Helper()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	texts := maps.Clone(catalogues[English.Code]())
	texts["README.md"] = string(readme)
	return texts
}

// Coze.com's console has no Chinese labels, so neither have texts about it.
func TestTextsForTheEnglishConsoleHaveNoChineseLabels(t *testing.T) {
	for id, text := range catalogues[English.Code]() {
		plain, both := English.Labels(false).Text(id), English.Labels(true).Text(id)
		if both != English.Text(id) {
			t.Errorf("%s: with labels it is %q", id, both)
		}
		for _, w := range labels {
			if strings.Contains(plain, "("+w.zh+")") {
				t.Errorf("%s names %s: %q", id, w.zh, plain)
			}
		}
		if !strings.Contains(text, " (") && plain != both || strings.Contains(plain, "  ") && !strings.Contains(both, "  ") {
			t.Errorf("%s is now %q", id, plain)
		}
	}
	if s := English.Labels(false); s.Text("app.todo.new") != "Top right: [Create new app]." || s.Next().Next().Text("app.todo.new") != s.Text("app.todo.new") {
		t.Errorf("the labels are %q", s.Text("app.todo.new"))
	}
	if got := Chinese.Labels(false).Text("app.todo.new"); got != Chinese.Text("app.todo.new") {
		t.Errorf("in Chinese: %q", got)
	}
}

// An English text that names a Chinese label has the console's English one before it; but what
// the English console calls Public key is a fingerprint to everyone else.
func TestEnglishTextsNameTheConsolesWords(t *testing.T) {
	texts := englishTexts(t)
	for _, w := range labels {
		if strings.Contains(w.zh, "{") || w.zh == "公钥指纹" {
			continue
		}
		before := regexp.MustCompile(`(.{0,40})\(` + regexp.QuoteMeta(w.zh) + `\)`)
		for id, text := range texts {
			for _, m := range before.FindAllStringSubmatch(text, -1) {
				label := strings.ToLower(strings.TrimRight(strings.TrimSpace(m[1]), "]*”"))
				if !strings.HasSuffix(label, strings.ToLower(w.en)) {
					t.Errorf("%s: %q is before (%s), want %q", id, m[1], w.zh, w.en)
				}
			}
		}
	}
}

// No text has a label that the console does not have, or a limit that its page gives.
func TestNoTextHasWordsThatTheConsoleLacks(t *testing.T) {
	for _, lang := range Languages {
		for id, text := range catalogues[lang.Code]() {
			for _, gone := range []string{"Create Key", "Create key", "Public and private keys", "Install and authorize", "holds at most three keys", "一个应用最多三个密钥"} {
				if strings.Contains(text, gone) && id != "fault.sandbox.upload.fix" { // the sandbox's own limit
					t.Errorf("%s in %s has %q", id, lang, gone)
				}
			}
		}
	}
}
