package permissions

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestCallsThatTheTableDoesNotHave(t *testing.T) {
	for _, target := range []string{"", "/", "/v1", "/v9/chat", "/v1/bots//versions", "/v1/bots/7/versions/8", "/v1/bots/%zz", "https://api.coze.cn", "/V3/Chat"} {
		if e, ok := Of("GET", target); ok {
			t.Errorf("%q is found as %s", target, e)
		}
	}
	if e, ok := Of("PATCH", "/v3/chat"); ok {
		t.Errorf("another method is found as %s", e)
	}
}

func TestASegmentOfItsOwnGoesBeforeAnyValue(t *testing.T) {
	for target, want := range map[string]string{
		"/v1/plugins/mget":             "GET /v1/plugins/mget",
		"/v1/plugins/7":                "GET /v1/plugins/:plugin_id",
		"/v1/plugins/{plugin_id}":      "GET /v1/plugins/:plugin_id",
		"/v1/bots/a%2Fb":               "GET /v1/bots/:bot_id",
		"/v1/bots/7?next=https://x/v1": "GET /v1/bots/:bot_id",
		"//v1/bots/7":                  "GET /v1/bots/:bot_id",
	} {
		if got, _ := Of("GET", target); got.String() != want {
			t.Errorf("%s is %s, want %s", target, got, want)
		}
	}
	if on := On("v1/datasets"); len(on) != 2 || on[0].Method != "GET" || on[1].Method != "POST" {
		t.Errorf("found %v", on)
	}
}

func TestTheEndpointThatATextIsAbout(t *testing.T) {
	for text, want := range map[string]string{
		`request POST#https://api.coze.cn/v1/bot/create failed, logid=2024, code=4101, msg=x`:                          "POST /v1/bot/create",
		`curl -X POST 'https://api.coze.cn/v3/chat?conversation_id=1' -> {"code":4101}`:                                "POST /v3/chat",
		`{"code":4101} for url: https://api.coze.cn/v1/workflow/run`:                                                   "POST /v1/workflow/run",
		`GET /v1/files/retrieve ok; POST /v1/bot/publish: 4101; later GET /v1/workspaces`:                              "POST /v1/bot/publish",
		`client.post("https://proxy.example/coze/v1/datasets") 4101`:                                                   "POST /v1/datasets",
		`https://api.coze.cn/v1/datasets 4101`:                                                                         "", // of two methods
		`4101 https://api.coze.cn/v1/users/me`:                                                                         "",
		`GET https://api.coze.cn/v1/bots/7481617032355069967. 4101`:                                                    "GET /v1/bots/:bot_id",
		`code: 4101, msg: no permission`:                                                                               "",
		"the calls POST /v3/chat and GET /v3/chat/retrieve?chat_id=1 are refused: code 4101, then POST /v1/bot/create": "GET /v3/chat/retrieve",
	} {
		e, ok := Mentioned(text, "4101")
		if got := strings.TrimSpace(e.String()); got != want || ok != (want != "") {
			t.Errorf("%s\nis about %q, want %q", text, got, want)
		}
	}
}

// The calls of a text by one pattern for the method, the host and the path, in the text's order.
var call = regexp.MustCompile(`(?:(?i:\b(GET|POST|PUT|DELETE|PATCH)\b["'(\s#:]+))?(?:https?://[^\s"']*?)?(/(?:v[0-9]+|open_api)/[A-Za-z0-9_\-./:{}%]+)`)

func mentionedByOnePattern(text, mark string) (found Endpoint, ok bool) {
	at := strings.Index(text, mark)
	for _, m := range call.FindAllStringSubmatchIndex(text, -1) {
		on := On(strings.TrimRight(text[m[4]:m[5]], ".:"))
		e, known := Endpoint{}, false
		switch {
		case m[2] >= 0:
			e, known = withMethod(on, text[m[2]:m[3]])
		case len(on) == 1:
			e, known = on[0], true
		}
		if known && (!ok || m[4] < at) {
			found, ok = e, true
		}
	}
	return found, ok
}

func TestTheCallsOfATextAreFoundFromTheirPaths(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	parts := []string{
		"GET ", "POST#", "-X post '", "Patch", "\n", " ", `"`, "https://api.coze.cn", "http://127.0.0.1:8000/x", "4101", ". ", "/v1/x/", "/v2",
		"/v3/chat", "/v1/bot/create", "/v1/datasets", "/v1/bots/7", "/v1/workflow/run?a=/v3/chat", "/open_api/knowledge/document/list", "/v9/chat", "/v1/bots/%zz",
	}
	for range 20_000 {
		var text strings.Builder
		for range 1 + r.IntN(10) {
			text.WriteString(parts[r.IntN(len(parts))])
		}
		got, ok := Mentioned(text.String(), "4101")
		want, wantOK := mentionedByOnePattern(text.String(), "4101")
		if fmt.Sprint(got, ok) != fmt.Sprint(want, wantOK) {
			t.Fatalf("%q\nis about %q, want %q", text.String(), got, want)
		}
	}
}

func TestNearestNames(t *testing.T) {
	for name, want := range map[string][]string{
		"workflows":                   {"workflow"},
		"Chat":                        {"chat", "chat-polling", "chat-sdk"},
		"websdk":                      {"web-sdk"},
		"/v3/chatt":                   {"/v3/chat"},
		"createBot":                   {"/v1/bot/create"},
		"https://api.coze.cn/v3/caht": {"/v3/chat"},
		"":                            nil,
		"zzzzzz":                      nil,
		"v":                           nil,
	} {
		got := Nearest(name)
		if len(got) > 3 || len(got) < len(want) || !slices.Equal(got[:len(want)], want) || want == nil && got != nil && name != "v" {
			t.Errorf("near %q are %q, want %q first", name, got, want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"abc", "", 3}, {"", "ab", 2}, {"chat", "chat", 0}, {"chat", "cat", 1}, {"kitten", "sitting", 3}} {
		if got := distance(test.a, test.b); got != test.want {
			t.Errorf("%q to %q is %d, want %d", test.a, test.b, got, test.want)
		}
	}
}

func FuzzMentioned(f *testing.F) {
	f.Add("POST#https://api.coze.cn/v3/chat 4101")
	f.Add("/v1/bots/%zz?x#y ://")
	f.Fuzz(func(t *testing.T, text string) {
		if e, ok := Mentioned(text, "4101"); ok && e.Path == "" {
			t.Errorf("found nothing in %q", text)
		}
		On(text)
		Nearest(text)
	})
}
