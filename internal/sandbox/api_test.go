package sandbox_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/sandbox"
	"cozejwt/internal/testkey"
)

// token is one of the app, with some permissions or with all.
func (p *served) token(permissions ...string) string {
	p.t.Helper()
	token, err := p.exchange(p.assertion(), testkey.RSA(), p.now, coze.Request{Scope: coze.NewScope(permissions, nil)})
	if err != nil {
		p.t.Fatal(err)
	}
	return token.AccessToken.Reveal()
}

func TestEachRefusalOfTheAPIHasItsStatusAndALogID(t *testing.T) {
	p := newServed(t)
	all, narrow := p.token(), p.token("Connector.botChat")
	for _, test := range []struct {
		token, method, path, body string
		status                    int
	}{
		{"", "GET", "/v1/users/me", "", http.StatusUnauthorized},
		{"x", "GET", "/v1/users/me", "", http.StatusUnauthorized},
		{narrow, "GET", "/v1/users/me", "", http.StatusOK},
		{narrow, "GET", "/v1/bots", "", http.StatusForbidden},
		{all, "GET", "/v1/bots", "", http.StatusNotFound},
		{all, "GET", "/v1/workspaces", "", http.StatusOK},
		{all, "POST", "/v3/chat", "nonsense", http.StatusBadRequest},
		{all, "POST", "/v3/chat", `{"bot_id":"` + sandbox.BotID + `"}`, http.StatusBadRequest},
		{all, "POST", "/v3/chat", `{"user_id":"u"}`, http.StatusNotFound},
	} {
		resp, text := p.send(test.method, test.path, test.token, test.body)
		if resp.StatusCode != test.status {
			t.Errorf("%s %s: HTTP %d, want %d: %s", test.method, test.path, resp.StatusCode, test.status, text)
		}
		if id := resp.Header.Get("X-Tt-Logid"); test.status != http.StatusOK && (len(id) != 32 || !strings.Contains(text, `"detail":{"logid":"`+id+`"}`)) {
			t.Errorf("%s %s: log id %s: %s", test.method, test.path, id, text)
		}
	}
}

func TestAnAccessTokenExpires(t *testing.T) {
	p := newServed(t)
	token, began := p.token(), p.now
	for after, want := range map[time.Duration]int{coze.DefaultTTL - time.Second: http.StatusOK, coze.DefaultTTL + time.Second: http.StatusUnauthorized} {
		p.now = began.Add(after)
		if resp, _ := p.send("GET", "/v1/users/me", token, ""); resp.StatusCode != want {
			t.Errorf("after %s: HTTP %d", after, resp.StatusCode)
		}
	}
}

func TestTheBotRepeatsTheLastMessage(t *testing.T) {
	p := newServed(t)
	token := p.token("chat")
	ask := func(query, stream, messages string) (*http.Response, string) {
		return p.send("POST", "/v3/chat"+query, token, `{"bot_id":"`+sandbox.BotID+`","user_id":"u","stream":`+stream+`,"additional_messages":[`+messages+`]}`)
	}
	resp, text := ask("?conversation_id=42", "true", `{"content":"first"},{"content":"hello there you"}`)
	if got := resp.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Errorf("the content type is %s", got)
	}
	var events, said []string
	for _, event := range strings.Split(strings.TrimSpace(text), "\n\n") {
		name, data, _ := strings.Cut(event, "\ndata:")
		var message map[string]string
		_ = json.Unmarshal([]byte(data), &message) // the last is no object
		if message["conversation_id"] != "42" && name != "event:done" {
			t.Errorf("%s is of conversation %q", name, message["conversation_id"])
		}
		events = append(events, strings.TrimPrefix(name, "event:conversation."))
		said = append(said, message["content"]+message["status"])
	}
	if got := strings.Join(events, " "); got != "chat.created chat.in_progress message.delta message.delta message.delta message.completed chat.completed event:done" {
		t.Errorf("the events are %s", got)
	}
	if got := strings.Join(said, "|"); got != "created|in_progress|hello |there |you|hello there you|completed|" {
		t.Errorf("it said %s", got)
	}
	if _, text := ask("", "true", ""); !strings.Contains(text, `"content":"…"`) {
		t.Errorf("to no message it says %s", text)
	}
	resp, text = ask("", "false", "")
	if resp.Header.Get("Content-Type") == "text/event-stream" || !strings.Contains(text, `"status":"completed"`) || !regexp.MustCompile(`"conversation_id":"7400\d{15}"`).MatchString(text) {
		t.Errorf("without a stream it answers %s", text)
	}
}

func TestTroublesReachTheAPIToo(t *testing.T) {
	for kind, want := range map[sandbox.TroubleKind]struct {
		status int
		text   string
	}{
		sandbox.TroubleRate:       {http.StatusTooManyRequests, `"code":4013`},
		sandbox.TroubleServer:     {http.StatusInternalServerError, `"code":5000`},
		sandbox.TroublePermission: {http.StatusForbidden, `"code":4101`},
		sandbox.TroublePortal:     {http.StatusOK, "<h1>Log in"},
	} {
		p := newServed(t)
		token := p.token()
		if status, text := p.call("PUT", "/sandbox/trouble", `{"kind":"`+string(kind)+`"}`); status != http.StatusOK || !strings.Contains(text, string(kind)) {
			t.Fatalf("HTTP %d: %s", status, text)
		}
		resp, text := p.send("GET", "/v1/users/me", token, "")
		if resp.StatusCode != want.status || !strings.Contains(text, want.text) {
			t.Errorf("%s: HTTP %d: %s", kind, resp.StatusCode, text)
		}
		if after := resp.Header.Get("Retry-After"); (after == "30") != (kind == sandbox.TroubleRate) {
			t.Errorf("%s: retry after %q", kind, after)
		}
		if kind == sandbox.TroublePermission {
			if _, err := p.exchange(p.assertion(), testkey.RSA(), p.now, coze.Request{Scope: coze.NewScope([]string{"chat"}, nil)}); err == nil {
				t.Error("a permission was granted")
			}
			continue
		}
		if resp, text := p.send("POST", tokenPath, "x", grantBody); want.status != http.StatusOK && (resp.StatusCode != want.status || !strings.Contains(text, `"error_code"`)) {
			t.Errorf("%s: the token endpoint says HTTP %d: %s", kind, resp.StatusCode, text)
		}
	}
}

func TestAWrongClockIsSaidInTheDate(t *testing.T) {
	p := newServed(t)
	for _, minutes := range []string{"90", "-90"} {
		if status, text := p.call("PUT", "/sandbox/trouble", `{"kind":"clock","minutes":`+minutes+`}`); status != http.StatusOK {
			t.Fatalf("HTTP %d: %s", status, text)
		}
		off, _ := time.ParseDuration(minutes + "m")
		resp, _ := p.send("GET", "/v1/users/me", "x", "")
		if got, want := resp.Header.Get("Date"), p.now.Add(off).UTC().Format(http.TimeFormat); got != want {
			t.Errorf("the date is %s, want %s", got, want)
		}
	}
}

func TestMinutesAreOfTheClockAlone(t *testing.T) {
	p := newServed(t)
	p.call("PUT", "/sandbox/trouble", `{"kind":"permission","minutes":90}`)
	token, err := p.exchange(p.assertion(), testkey.RSA(), p.now, coze.Request{})
	if want := p.now.Add(coze.DefaultTTL).Unix(); err != nil || token.ExpiresAt.Unix() != want {
		t.Errorf("expires at %d, %v; want %d", token.ExpiresAt.Unix(), err, want)
	}
}

func TestAClockIsOffByADayAtMost(t *testing.T) {
	p := newServed(t)
	for minutes, want := range map[string]int{"1440": http.StatusOK, "-1440": http.StatusOK, "1441": http.StatusBadRequest, "-1441": http.StatusBadRequest} {
		if status, _ := p.call("PUT", "/sandbox/trouble", `{"kind":"clock","minutes":`+minutes+`}`); status != want {
			t.Errorf("%s minutes: HTTP %d", minutes, status)
		}
	}
	b := p.browser("en")
	for minutes, refused := range map[string]bool{"30": false, "0": true, "soon": true, "1441": true} {
		_, page := b.post("/open/trouble", url.Values{"kind": {"clock"}, "minutes": {minutes}})
		if strings.Contains(page, `role="alert"`) != refused {
			t.Errorf("%s minutes by hand: %s", minutes, page)
		}
	}
	if _, page := b.post("/open/trouble", url.Values{"kind": {"key"}, "minutes": {"9999"}}); strings.Contains(page, `role="alert"`) {
		t.Errorf("minutes count for what is no clock: %s", page)
	}
}
