package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/permissions"
	"cozejwt/internal/sandbox"
)

// grants gives the app these permissions and authorizes it for workspaces.
func (p *served) grants(points []string, workspaces ...string) {
	p.t.Helper()
	at := "/sandbox/apps/" + p.appID
	for _, change := range []struct {
		method, path string
		body         any
	}{{"PATCH", at, map[string]any{"permissions": points}}, {"POST", at + "/authorize", map[string]any{"workspaces": workspaces}}} {
		body, _ := json.Marshal(change.body)
		if status, text := p.call(change.method, change.path, string(body)); status != http.StatusOK {
			p.t.Fatalf("HTTP %d: %s", status, text)
		}
	}
}

const (
	firstSpace = "7400000000000000002"
	otherSpace = "7400000000000000006"
)

// bodies are those that calls want which do something with them.
var bodies = map[string]string{"POST /v3/chat": `{"bot_id":"` + sandbox.BotID + `","user_id":"u"}`}

// called is a call of an endpoint, with something in the place of what varies.
func called(e permissions.Endpoint) string {
	path := strings.ReplaceAll(e.Path, ":bot_id", sandbox.BotID)
	path = strings.ReplaceAll(path, ":workspace_id", firstSpace)
	path = regexp.MustCompile(`:\w+`).ReplaceAllString(path, "7")
	if e.String() == "GET /v1/bots" {
		path += "?workspace_id=" + firstSpace
	}
	return path
}

type apiAnswer struct {
	Code   int            `json:"code"`
	Msg    string         `json:"msg"`
	Detail map[string]any `json:"detail"`
}

func (p *served) answerOf(e permissions.Endpoint, token string) (int, apiAnswer) {
	p.t.Helper()
	resp, text := p.send(e.Method, called(e), token, bodies[e.String()])
	var got apiAnswer
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		p.t.Errorf("%s: %v: %s", e, err, text)
	}
	return resp.StatusCode, got
}

// Each endpoint of the table says yes to a token with one of its sets of points, and 4101 to one
// that has every other point of an app. As the real service, it does not say which is missing.
func TestEachEndpointNeedsItsPermissions(t *testing.T) {
	p := newServed(t)
	var all []string
	for _, kind := range []permissions.Kind{permissions.Ordinary, permissions.Channel} {
		for _, point := range permissions.Points(kind) {
			if !slices.Contains(all, point.Name) {
				all = append(all, point.Name)
			}
		}
	}
	if n := len(permissions.All()); n != 119 {
		t.Errorf("the table has %d rows", n)
	}
	p.grants([]string{}, firstSpace)
	nothing := p.token()
	p.grants(all, firstSpace) // and each token has some of them, by its scope: changes are counted
	for _, e := range permissions.All() {
		for _, set := range e.Alternatives() {
			if status, got := p.answerOf(e, p.token(set...)); status != http.StatusOK || got.Code != 0 {
				t.Errorf("%s with %v: HTTP %d: %+v", e, set, status, got)
			}
		}
		status, got := p.answerOf(e, nothing)
		if free := len(e.Points) == 0; free != (status == http.StatusOK && got.Code == 0) {
			t.Errorf("%s without permissions: HTTP %d: %+v", e, status, got)
		}
		for _, point := range e.Points {
			others := slices.DeleteFunc(slices.Clone(all), func(name string) bool {
				return name == point || len(e.Alternatives()) > 1 && slices.Contains(e.Points, name)
			})
			status, got := p.answerOf(e, p.token(others...))
			if status != http.StatusForbidden || got.Code != 4101 || got.Msg != "the token has no permission for this" || got.Detail["logid"] == "" {
				t.Errorf("%s without %s: HTTP %d: %+v", e, point, status, got)
			}
		}
	}
}

func TestAChangeOfPermissionsCountsOnceItIsAuthorized(t *testing.T) {
	p := newServed(t)
	create, _ := permissions.Of("POST", "/v1/bot/create")
	try := func(what string, token string, want int) {
		t.Helper()
		if status, got := p.answerOf(create, token); status != want {
			t.Errorf("%s: HTTP %d: %+v", what, status, got)
		}
	}
	before := p.token()
	try("the usual app", before, http.StatusForbidden)
	p.call("PATCH", "/sandbox/apps/"+p.appID, `{"permissions":["chat","createBot"]}`)
	try("ticked", p.token(), http.StatusForbidden)
	p.wantPage(p.browser("en").get(appsPath+"/"+p.appID), "The permissions were changed", `value="createBot" checked`)
	p.call("POST", "/sandbox/apps/"+p.appID+"/authorize", "{}")
	try("authorized again", p.token(), http.StatusOK)
	try("a token from before", before, http.StatusForbidden)
	try("narrowed by a scope", p.token("Connector.botChat"), http.StatusForbidden)
	if page := p.browser("en").get(appsPath + "/" + p.appID); strings.Contains(page, "The permissions were changed") {
		t.Error("the page asks for another authorization")
	}
	p.call("PATCH", "/sandbox/apps/"+p.appID, `{"permissions":["chat"]}`)
	try("ticked off", p.token(), http.StatusOK)
	p.call("PATCH", "/sandbox/apps/"+p.appID, `{"authorised":false}`)
	p.call("PATCH", "/sandbox/apps/"+p.appID, `{"authorised":true}`)
	try("ticked off and authorized again", p.token(), http.StatusForbidden)
}

func TestATokenReachesTheWorkspacesThatWereChosen(t *testing.T) {
	chat := func(bot string) string { return `{"bot_id":"` + bot + `","user_id":"u"}` }
	for _, test := range []struct {
		chosen       []string
		method, path string
		body         string
		want         string
	}{
		{[]string{firstSpace}, "GET", "/v1/workspaces", "", `"total_count":1`},
		{[]string{firstSpace, otherSpace}, "GET", "/v1/workspaces", "", `"total_count":2`},
		{[]string{"1"}, "GET", "/v1/workspaces", "", `"total_count":0`},
		{[]string{firstSpace}, "GET", "/v1/bots?workspace_id=" + firstSpace, "", `"total":1`},
		{[]string{otherSpace}, "GET", "/v1/bots?workspace_id=" + otherSpace, "", `"total":0`},
		{[]string{firstSpace}, "GET", "/v1/bots?workspace_id=" + otherSpace, "", `4101,"detail"`},
		{[]string{firstSpace}, "GET", "/v1/bots?workspace_id=1", "", `4200,"detail"`},
		{[]string{otherSpace}, "POST", "/v3/chat", chat(sandbox.BotID), `4101,"detail"`},
		{[]string{otherSpace}, "POST", "/v3/chat", chat("1"), `4200,"detail"`},
		{[]string{otherSpace}, "GET", "/v1/bots/" + sandbox.BotID, "", `4101,"detail"`},
		{[]string{firstSpace}, "GET", "/v1/bots/1", "", `4200,"detail"`},
		{[]string{firstSpace}, "POST", "/v1/bot/create", `{"space_id":"` + firstSpace + `"}`, `"bot_id":"7400`},
		{[]string{firstSpace}, "POST", "/v1/bot/create", `{"space_id":"` + otherSpace + `"}`, `4101,"detail"`},
		{[]string{firstSpace}, "PUT", "/v1/workspaces/" + otherSpace, "", `4101,"detail"`},
		{nil, "GET", "/v1/users/me", "", `"user_id"`},
	} {
		p := newServed(t)
		p.grants([]string{"chat", "createBot", "listBot", "listWorkspace", "getMetadata", "Workspace.update"}, test.chosen...)
		if _, text := p.send(test.method, test.path, p.token(), test.body); !strings.Contains(text, test.want) {
			t.Errorf("%s %s with %v: %s, want %s", test.method, test.path, test.chosen, text, test.want)
		}
	}
}

func TestTheDialogListsThePointsAndTheWorkspaces(t *testing.T) {
	p := newServed(t)
	b := p.browser("en")
	at := appsPath + "/" + p.appID
	_, page := b.post(at+"/permissions", url.Values{"permission": {"createBot", "run"}})
	_, dialog, _ := strings.Cut(page, "<dialog")
	p.wantPage(dialog, "Install and Authorize my app", "Bot management (Bot管理)", "<code>createBot</code>", "workflow (group not known)", "<code>run</code>",
		`value="`+firstSpace+`" checked`, `value="`+otherSpace+`">`)
	if strings.Contains(dialog, "<code>chat</code>") {
		t.Error("a point that is not ticked is listed")
	}
	b.post(at+"/authorize", url.Values{"workspace": {otherSpace, "1"}})
	if app := p.apps()[0]; !slices.Equal(app.Workspaces, []string{otherSpace}) || !slices.Equal(app.Granted, []string{"createBot", "run"}) {
		t.Errorf("the app is %+v", app)
	}
	_, dialog, _ = strings.Cut(b.get(at), "<dialog")
	p.wantPage(dialog, `value="`+firstSpace+`">`, `value="`+otherSpace+`" checked`)
	_, page = b.post(at+"/permissions", nil)
	p.wantPage(page, "No permission is selected")
}

func TestTheConsoleOffersThePointsOfTheTypeOfApp(t *testing.T) {
	p := newServed(t)
	b := p.browser("en")
	for kind, want := range map[string]string{"normal": "", "channel": "Connector.botChat", "privilege": "Enterprise.updatePeople"} {
		b.post(appsPath, form("type", kind, "name", kind))
		apps := p.apps()
		page := b.get(appsPath + "/" + apps[len(apps)-1].ID)
		p.wantPage(page, `value="createBot"`, `value="chat"`, `value="listWorkspace"`)
		for _, point := range []string{"Connector.botChat", "Enterprise.updatePeople"} {
			if got := strings.Contains(page, `value="`+point+`"`); got != (point == want) {
				t.Errorf("%s offers %s: %v", kind, point, got)
			}
		}
	}
}

// An app that an earlier version kept may do what it could.
func TestAnAppOfAnEarlierVersionMayDoWhatItCould(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.json")
	kept := `{"apps":[{"id":"1000000000001","name":"a","type":"normal","client_type":"service","permissions":["Connector.botChat","chat","getMetadata"],"authorised":true,"keys":[]},
		{"id":"1000000000002","name":"b","type":"normal","client_type":"service","permissions":["chat"],"authorised":false,"keys":[]}]}`
	if err := os.WriteFile(path, []byte(kept), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := sandbox.New(path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		"[Connector.botChat chat getMetadata listBot listWorkspace] [" + firstSpace + "]",
		"[] []",
	} {
		if got := fmt.Sprint(s.Apps[i].Granted, s.Apps[i].Workspaces); got != want {
			t.Errorf("app %d has %s, want %s", i, got, want)
		}
	}
}
