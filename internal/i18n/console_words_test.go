package i18n

import (
	"maps"
	"os"
	"regexp"
	"strings"
	"testing"
)

// consoleWords are the labels of the real console that texts name: what it says in Chinese and
// in English, by its own word list (studio-i18n-resource of coze-dev/coze-studio, 2026-03), and
// the text of the sandbox's console that repeats it, "" for none. The English of those without a
// source in the list is the official guide's.
var consoleWords = []struct{ zh, en, id string }{
	{"创建新应用", "Create new app", "create"},
	{"应用类型", "App type", "type"},
	{"普通", "Normal", "type.normal"},
	{"渠道", "Connector", "type.channel"},
	{"客户端类型", "Client type", "client"},
	{"服务类应用", "Service app", "client.service"},
	{"创建并继续", "Create and continue", "create_continue"},
	{"公钥和私钥", "Public & Private Keys", "keys"},
	{"创建 Key", "Generate Key", "create_key"},
	{"公钥指纹", "Public key", "fingerprint"},
	{"安装并授权 {app}", "Install and Authorize {app}", "install"},
	{"授权", "Authorize", "authorize"},
	{"应用 ID", "App ID", "app_id"},
	{"下载示例文件", "Download DEMO file", "demo"},
	{"禁用", "Disable", "disable"},
}

func TestTheSandboxHasTheConsolesWords(t *testing.T) {
	for _, w := range consoleWords {
		for lang, want := range map[Language]string{English: w.en, Chinese: w.zh} {
			if got := lang.Text("console." + w.id); got != want {
				t.Errorf("console.%s is %q in %s, want %q", w.id, got, lang, want)
			}
		}
	}
}

// An English text that names a Chinese label has the console's English one before it; but what
// the English console calls Public key is a fingerprint to everyone else.
func TestEnglishTextsNameTheConsolesWords(t *testing.T) {
	texts := maps.Clone(catalogues[English.Code]())
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	texts["README.md"] = string(readme)
	for _, w := range consoleWords {
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
