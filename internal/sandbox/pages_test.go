package sandbox_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/i18n"
	"cozejwt/internal/sandbox"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

const appsPath = "/open/oauth/apps"

// form is a good one for a new app, with some values changed.
func form(changed ...string) url.Values {
	v := url.Values{"type": {"normal"}, "client_type": {"service"}, "name": {"new"}, "description": {" what for "}}
	for i := 0; i < len(changed); i += 2 {
		v.Set(changed[i], changed[i+1])
	}
	return v
}

func TestTheLinkThatIsSharedOpensTheDialog(t *testing.T) {
	p := newServed(t)
	b := p.browser("en")
	link := p.Base + appsPath + "/" + p.appID + "?authorize"
	page := b.get(appsPath + "/" + p.appID)
	if !strings.Contains(page, `href="`+link+`"`) || strings.Contains(page, "data-open") {
		t.Errorf("the page of the app has no %s, or opens the dialog: %s", link, page)
	}
	if page = b.get(strings.TrimPrefix(link, p.Base)); !strings.Contains(page, "data-open") {
		t.Errorf("the link does not open the dialog: %s", page)
	}
}

// An error stands at its field, which keeps its text, and in no URL; a private key is not sent back.
func TestAnErrorStandsAtItsField(t *testing.T) {
	p := newServed(t)
	b := p.browser("en")
	status, page := b.post(appsPath, form("name", "my app"))
	p.wantPage(page, `value="my app"`, `aria-invalid="true" aria-describedby="wrong name-help" autofocus`, `id="wrong" role="alert"`, `value=" what for "`)
	if status != http.StatusUnprocessableEntity {
		t.Errorf("HTTP %d", status)
	}
	_, page = b.post(appsPath+"/"+p.appID+"/keys", url.Values{"public_key": {"<x>"}})
	p.wantPage(page, `aria-describedby="wrong add-key-about" autofocus`, "&lt;x&gt;</textarea>")
	private := string(keygen.EncodePrivate(testkey.RSA()))
	_, page = b.post(appsPath+"/"+p.appID+"/keys", url.Values{"public_key": {private}})
	if p.wantPage(page, `id="wrong"`); strings.Contains(page, strings.Split(private, "\n")[1]) {
		t.Error("the page holds the private key")
	}
	_, page = b.post(appsPath+"/"+p.appID+"/keys", url.Values{"public_key": {string(keygen.EncodePublic(&testkey.Size(1024).PublicKey))}})
	p.wantPage(page, "1024")
}

func TestEachMistakeInAFormHasItsText(t *testing.T) {
	for _, lang := range i18n.Languages {
		p := newServed(t)
		b := p.browser(lang.Code)
		at := appsPath + "/" + p.appID
		for _, test := range []struct {
			path   string
			values url.Values
			want   string
		}{
			{appsPath, form("name", "  "), "console.error.incomplete"},
			{appsPath, form("type", "x"), "console.error.incomplete"},
			{appsPath, form("client_type", "x"), "console.error.incomplete"},
			{appsPath, form("name", "my app"), "console.error.name_taken"},
			{"/open/trouble", url.Values{"kind": {"x"}}, "console.error.incomplete"},
			{at + "/keys/delete", url.Values{"key": {"x"}}, "console.error.no_key"},
			{appsPath + "/1/keys/delete", url.Values{"key": {"x"}}, "console.error.no_app"},
			{at + "/keys", url.Values{"public_key": {"x"}}, "console.error.not_public"},
			{at + "/keys", url.Values{"public_key": {"-----BEGIN PUBLIC KEY-----"}}, "console.error.not_public"},
			{at + "/keys", nil, "console.error.not_public"},
			{appsPath + "/1/keys", url.Values{"public_key": {"x"}}, "console.error.no_app"},
			{appsPath + "/1/permissions", nil, "console.error.no_app"},
			{appsPath + "/1/delete", nil, "console.error.no_app"},
		} {
			if _, page := b.post(test.path, test.values); !strings.Contains(page, `role="alert">`+lang.Text(test.want)) {
				t.Errorf("%s %v in %s does not say %s: %s", test.path, test.values, lang, test.want, page)
			}
		}
		if n := len(p.apps()); n != 1 {
			t.Errorf("there are %d apps", n)
		}
	}
}

func TestAnAppByHandHasWhatWasChosen(t *testing.T) {
	p := newServed(t)
	b := p.browser("en")
	for _, kind := range []string{"normal", "channel", "privilege"} {
		for _, client := range []string{"service", "web", "mobile"} {
			b.post(appsPath, form("type", kind, "client_type", client, "name", " "+kind+client+" "))
			apps := p.apps()
			app := apps[len(apps)-1]
			if app.Name != kind+client || app.Type != kind || app.ClientType != client || app.Description != "what for" || !app.ByHand || app.Authorized || len(app.Permissions) != 0 {
				t.Errorf("the app is %+v", app)
			}
		}
	}
	page := b.get(appsPath)
	if newest, oldest := strings.Index(page, "privilegemobile"), strings.Index(page, "my app"); newest < 0 || newest > oldest {
		t.Errorf("the newest app is not the first: %s", page)
	}
}

func TestAnAppIsDisabledAndEnabledByHand(t *testing.T) {
	p := newServed(t)
	b := p.browser("en")
	for _, action := range []string{"disable", "enable"} {
		_, page := b.post(appsPath+"/"+p.appID+"/"+action, nil)
		if disabled := action == "disable"; p.apps()[0].Deactivated != disabled || strings.Contains(page, "Disabled") != disabled {
			t.Errorf("after %s: %s", action, page)
		}
	}
}

func TestPermissionsAreThoseThatAreTicked(t *testing.T) {
	p := newServed(t)
	b := p.browser("en")
	_, page := b.post(appsPath+"/"+p.appID+"/permissions", url.Values{"permission": {"uploadFile", "chat"}})
	if got := strings.Join(p.apps()[0].Permissions, " "); got != "chat uploadFile" {
		t.Errorf("the permissions are %s", got)
	}
	p.wantPage(page, `value="chat" checked`, `value="getMetadata">`)
	if strings.Contains(b.get(appsPath+"/"+p.appID), "data-open") {
		t.Error("the page asks for the authorization unasked")
	}
}

func TestAPageThatIsNotThereIsNotFound(t *testing.T) {
	p := newServed(t)
	b := p.browser("en")
	for path, want := range map[string]int{"/": 200, appsPath: 200, appsPath + "/" + p.appID: 200, appsPath + "/1": 404, "/open/nothing": 404, "/nothing": 404, "/open/console.css": 200, "/open/console.js": 200} {
		resp, err := b.client.Get(p.Base + path)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		page, kind := string(text), resp.Header.Get("Content-Type")
		if resp.StatusCode != want || page == "" {
			t.Errorf("%s: HTTP %d", path, resp.StatusCode)
		}
		if html := strings.Contains(page, "<html"); html != (kind == "text/html; charset=utf-8") {
			t.Errorf("%s is of type %s", path, kind)
		}
		if path == appsPath+"/1" {
			p.wantPage(page, "App not found", "my app", "<title>Error · OAuth apps · ")
		}
	}
}

func TestThePagesSpeakTheFirstLanguageThatTheyKnow(t *testing.T) {
	p := newServed(t)
	for header, want := range map[string]string{"": "en", "fr": "en", "zh-CN": "zh", "fr, zh;q=0.8, en;q=0.7": "zh", "en, zh": "en", " zh ; q=1": "zh"} {
		if page := p.browser(header).get("/"); !strings.Contains(page, `<html lang="`+strings.Replace(want, "zh", "zh-CN", 1)+`"`) {
			t.Errorf("%q is not answered in %s", header, want)
		}
	}
	b := p.browser("zh")
	b.get(appsPath + "?lang=en")
	if page := b.get("/"); !strings.Contains(page, `<html lang="en"`) {
		t.Error("the language that was chosen is not kept")
	}
}

// The session leaves the address at once, so that it is in no history.
func TestTheSessionOfAnAddressBecomesACookie(t *testing.T) {
	p := newServed(t)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for session, want := range map[string]bool{p.Session: true, "wrong": false, "": false} {
		resp, err := client.Get(p.Base + appsPath + "?authorize=1&session=" + session)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		cookies := resp.Cookies()
		if resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != appsPath+"?authorize=1" {
			t.Errorf("HTTP %d to %s", resp.StatusCode, resp.Header.Get("Location"))
		}
		if (len(cookies) == 1) != want {
			t.Errorf("session %q: the cookies are %v", session, cookies)
		}
		for _, c := range cookies {
			u, _ := url.Parse(p.Base)
			if c.Name != "cozejwt_session_"+u.Port() || c.Value != p.Session || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" {
				t.Errorf("the cookie is %v", c)
			}
		}
	}
}

func TestWithoutTheSessionThePagesAreReadOnly(t *testing.T) {
	p := newServed(t)
	readOnly := i18n.English.Text("console.no_session")
	for _, path := range []string{"/", appsPath + "/" + p.appID, "/open/requests"} {
		if _, page := p.call("GET", path, ""); !strings.Contains(page, readOnly) {
			t.Errorf("%s does not say that it is read only", path)
		}
		if strings.Contains(p.browser("en").get(path), readOnly) {
			t.Errorf("%s says so with the session", path)
		}
	}
	if status, _ := p.call("HEAD", appsPath, ""); status != http.StatusOK {
		t.Errorf("HEAD: HTTP %d", status)
	}
}

func TestAnotherSessionChangesNothing(t *testing.T) {
	p := newServed(t)
	u, _ := url.Parse(p.Base)
	req, _ := http.NewRequest("POST", p.Base+appsPath+"/"+p.appID+"/disable", nil)
	req.AddCookie(&http.Cookie{Name: "cozejwt_session_" + u.Port(), Value: "of another sandbox"})
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden || p.apps()[0].Deactivated {
		t.Errorf("HTTP %d", resp.StatusCode)
	}
}

func TestAFormThatCannotBeReadIsIncomplete(t *testing.T) {
	p := newServed(t)
	b := p.browser("en")
	req, _ := http.NewRequest("POST", p.Base+appsPath+"/"+p.appID+"/disable", strings.NewReader("a=%zz"))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if _, page := b.do(req); !strings.Contains(page, i18n.English.Text("console.error.incomplete")) || p.apps()[0].Deactivated {
		t.Errorf("it was taken: %s", page)
	}
}

func TestTheFormForAnAppHasTheNamesThatItsTargetReads(t *testing.T) {
	page := newServed(t).browser("en").get(appsPath + "/new")
	for _, name := range []string{`name="type" value="normal" checked`, `name="type" value="channel">`, `name="client_type" value="service" checked`, `name="client_type" value="web">`, `name="name"`, `name="description"`} {
		if !strings.Contains(page, name) {
			t.Errorf("the form lacks %s: %s", name, page)
		}
	}
}

func TestABrowserInTheSessionMayUseTheAPI(t *testing.T) {
	p := newServed(t)
	b := p.browser("en")
	req, _ := http.NewRequest("GET", p.Base+"/sandbox/apps", nil)
	req.Header.Set("Sec-Fetch-Mode", "cors")
	if status, text := b.do(req); status != http.StatusOK || !strings.Contains(text, p.appID) {
		t.Errorf("HTTP %d: %s", status, text)
	}
}

func TestReadingIsNotBounded(t *testing.T) {
	p := newServed(t)
	for n := range 250 {
		if status, _ := p.call("GET", "/sandbox/apps", ""); status != http.StatusOK {
			t.Fatalf("request %d: HTTP %d", n, status)
		}
	}
}

func TestTheRequestsAreListedWithWhatCameOfThem(t *testing.T) {
	p := newServed(t)
	p.now = time.Date(2026, 3, 4, 5, 6, 7, 0, time.Local)
	token, err := p.exchange(p.assertion(), testkey.RSA(), p.now, coze.Request{})
	if err != nil {
		t.Fatal(err)
	}
	p.send("GET", "/v1/bots?workspace_id=1", token.AccessToken.Reveal(), "")
	p.send("POST", tokenPath, "", "")
	page := p.browser("en").get("/open/requests")
	_, last, _ := strings.Cut(page, `<li class="card request">`)
	refused, rest, _ := strings.Cut(last, "</li>")
	missing, granted, _ := strings.Cut(rest, "</li>")
	p.wantPage(refused, `badge bad">401`, "POST "+tokenPath, i18n.English.Text("console.check.present"), "empty jwt token", "2026-03-04 05:06:07")
	p.wantPage(missing, `badge bad">404`, "GET /v1/bots", "my app", i18n.English.Text("console.check.resource"), "4200 Requested resource workspace_id=1")
	p.wantPage(granted, `badge good">200`, "my app", i18n.English.Text("console.check.passed"), "RS256", p.appID)
	if strings.Contains(refused, i18n.English.Text("console.jwt.header")) {
		t.Errorf("a request without a JWT has a header: %s", refused)
	}
}

func TestASimulatedFailureIsListedAsOne(t *testing.T) {
	for _, kind := range []sandbox.TroubleKind{sandbox.TroublePortal, sandbox.TroubleRate, sandbox.TroubleServer} {
		p := newServed(t)
		p.call("PUT", "/sandbox/trouble", `{"kind":"`+string(kind)+`"}`)
		p.send("GET", "/v1/users/me", "x", "")
		p.wantPage(p.browser("en").get("/open/requests"), i18n.English.Text("console.check.trouble"))
	}
	p := newServed(t)
	p.call("PATCH", "/sandbox/apps/"+p.appID, `{"trouble":true}`)
	_, _ = p.exchange(p.assertion(), testkey.RSA(), p.now, coze.Request{})
	p.wantPage(p.browser("en").get("/open/requests"), i18n.English.Text("console.check.trouble"))
}

func TestTheLastFiftyRequestsAreKept(t *testing.T) {
	p := newServed(t)
	for range 130 {
		p.send("GET", "/v1/users/me", "x", "")
	}
	page := p.browser("en").get("/open/requests")
	if n := strings.Count(page, `<li class="card request">`); n != 50 {
		t.Errorf("%d requests are listed", n)
	}
	if first := strings.Index(page, `"hidden"> 130<`); first < 0 || first > strings.Index(page, `"hidden"> 81<`) {
		t.Errorf("they are not 130 to 81: %s", page)
	}
}

func TestSixteenPagesFollowTheRequests(t *testing.T) {
	p := newServed(t)
	var open []*http.Response
	for n := range 17 {
		resp, err := http.Get(p.Base + "/open/requests/events")
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if full := n == 16; full != (resp.StatusCode == http.StatusServiceUnavailable) {
			t.Errorf("page %d: HTTP %d", n+1, resp.StatusCode)
		}
		open = append(open, resp)
	}
	p.send("GET", "/v1/users/me", "x", "")
	for n, resp := range open[:16] {
		if got := firstEvent(resp); got != "id: 1" {
			t.Errorf("page %d begins with %q", n+1, got)
		}
	}
}

// firstEvent is the first line of the first event, after the greeting.
func firstEvent(resp *http.Response) string {
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		if text := lines.Text(); text != "" && !strings.HasPrefix(text, ":") {
			return text
		}
	}
	return fmt.Sprint(lines.Err())
}

func TestEachTroubleCanBeChosenByHand(t *testing.T) {
	p := newServed(t)
	b := p.browser("en")
	for _, kind := range sandbox.Troubles {
		_, page := b.post("/open/trouble", url.Values{"kind": {string(kind)}, "minutes": {"30"}})
		p.wantPage(page, `value="`+string(kind)+`" checked`, "Simulated failure")
	}
	if _, page := b.post("/open/trouble", url.Values{"kind": {""}}); strings.Contains(page, "Simulated failure") {
		t.Error("it cannot be switched off")
	}
}
