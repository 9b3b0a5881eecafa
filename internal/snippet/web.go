package snippet

import (
	"cmp"
	"embed"
	"net/url"
	"slices"
	"strings"

	"cozejwt/internal/i18n"
)

// A Web is a token endpoint for a page, and the page's part. The private key stays
// with the endpoint.
type Web struct {
	Snippet        // the route /coze/token of a server
	Page    string // the HTML that requests its tokens
}

//go:embed web/*.tmpl
var templates embed.FS

func template(name string) string {
	text, err := templates.ReadFile("web/" + name + ".tmpl")
	if err != nil {
		panic(err) // the program was built without it
	}
	return string(text)
}

// WebNames lists what Web takes.
func WebNames() []string { return []string{"node", "go", "php", "python", "java"} }

// Web returns the endpoint in the language of a name, "" for the one that the project's
// files suggest, else Node.js. Ok is false for a name that is not known.
func (p Project) Web(reader i18n.Speaker, name string) (w Web, ok bool) {
	name = cmp.Or(name, p.language, WebNames()[0])
	if !slices.Contains(WebNames(), name) {
		return Web{}, false
	}
	at := slices.IndexFunc(languages, func(l language) bool { return l.id == name })
	code := template(name)
	if name == "php" {
		code += strings.ReplaceAll(phpFunction, "{web_sdk}", phpWebSDK)
	}
	return Web{Snippet{name, languages[at].name, p.fill(reader, p.forOwner(name, code))}, p.fill(reader, p.page())}, true
}

// phpWebSDK restricts a token to the Web SDK (official guide, vibe_coding_websdk). The
// official SDKs of the other languages have no parameter for it (coze-js 1.3.9, coze-go
// f47b4f2, coze-py 0.20.0, coze-java 26b79da).
const phpWebSDK = `            // {text.php.web_sdk}
            // 'session_context' => ['connector_info' => ['connector_id' => '2001']],
`

// The script of the Chat SDK: for coze.cn as in the official guide (install_web_sdk),
// which leaves its version to the publish page. For coze.com, no official page that
// names it is known, so all of it is.
const (
	chatSDK    = "https://lf-cdn.coze.cn/obj/unpkg/flow-platform/chat-app-sdk/VERSION/libs/cn/index.js"
	chatSDKCom = "CHAT_SDK_URL"
)

// page is the HTML for the region of the project. The Web SDK for AI projects is
// documented for coze.cn alone (vibe_coding_websdk).
func (p Project) page() string {
	if u, err := url.Parse(p.APIBase); err == nil && (u.Hostname() == "coze.com" || strings.HasSuffix(u.Hostname(), ".coze.com")) {
		return strings.ReplaceAll(template("page"), "{chat_sdk}", chatSDKCom)
	}
	return strings.ReplaceAll(template("page"), "{chat_sdk}", chatSDK) + template("page_web_sdk")
}
