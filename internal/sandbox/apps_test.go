package sandbox_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cozejwt/internal/sandbox"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

func (p *served) apps() []sandbox.App {
	p.t.Helper()
	apps, err := p.Apps(context.Background())
	if err != nil {
		p.t.Fatal(err)
	}
	return apps
}

func TestAnAppOfAProgramFollowsTheGuide(t *testing.T) {
	p := newServed(t)
	app := p.apps()[0]
	if app.Type != "normal" || app.ClientType != "service" || !app.Authorized || app.Deactivated || !slices.Equal(app.Granted, app.Permissions) || len(app.Permissions) != 11 || !regexp.MustCompile(`^\d{13}$`).MatchString(app.ID) {
		t.Errorf("the app is %+v", app)
	}
	if !regexp.MustCompile(`^[\w-]{43}$`).MatchString(p.keyID) || !app.Keys[0].Added.Equal(p.now) {
		t.Errorf("the key is %+v", app.Keys[0])
	}
}

func TestWhatTheSandboxGivesCannotBeChosen(t *testing.T) {
	p := newServed(t)
	if status, text := p.call("POST", "/sandbox/apps", `{"id":"7","by_hand":true,"name":"n","keys":[{"key_id":"k"}]}`); status != http.StatusCreated {
		t.Fatalf("HTTP %d: %s", status, text)
	}
	if app := p.apps()[1]; app.ID == "7" || app.ByHand || app.Name != "n" || len(app.Keys) != 0 {
		t.Errorf("the new app is %+v", app)
	}
	status, text := p.call("PATCH", "/sandbox/apps/"+p.appID, `{"id":"7","by_hand":true,"name":"n","keys":[]}`)
	if app := p.apps()[0]; status != http.StatusOK || !strings.Contains(text, `"id":"`+p.appID+`","name":"n"`) || app.ID != p.appID || app.ByHand || app.Name != "n" || len(app.Keys) != 1 {
		t.Errorf("HTTP %d: %s; the app is %+v", status, text, app)
	}
}

func TestEachRefusalOfAChangeHasItsStatus(t *testing.T) {
	p := newServed(t)
	at, public := "/sandbox/apps/"+p.appID, strings.ReplaceAll(string(keygen.EncodePublic(&testkey.RSA().PublicKey)), "\n", `\n`)
	for _, test := range []struct {
		method, path, body string
		status             int
		says               string
	}{
		{"POST", "/sandbox/apps", "x", http.StatusBadRequest, "body: "},
		{"PATCH", at, "x", http.StatusBadRequest, "body: "},
		{"PATCH", "/sandbox/apps/1", "{}", http.StatusNotFound, "no such app"},
		{"DELETE", "/sandbox/apps/1", "", http.StatusNotFound, "no such app"},
		{"POST", at + "/keys", "x", http.StatusBadRequest, "body: "},
		{"POST", at + "/keys", `{"public_key":"x"}`, http.StatusBadRequest, "error"},
		{"POST", "/sandbox/apps/1/keys", `{"public_key":"` + public + `"}`, http.StatusNotFound, "no such app"},
		{"DELETE", "/sandbox/apps/1/keys/x", "", http.StatusNotFound, "no such app"},
		{"DELETE", at + "/keys/x", "", http.StatusNotFound, "no such key"},
		{"PUT", "/sandbox/trouble", "x", http.StatusBadRequest, "body: "},
		{"PUT", "/sandbox/trouble", `{"kind":"earthquake"}`, http.StatusBadRequest, "earthquake"},
		{"POST", at + "/keys", `{"public_key":"` + public + `"}`, http.StatusCreated, p.keyID},
		{"DELETE", at + "/keys/" + p.keyID, "", http.StatusOK, ""},
		{"DELETE", at, "", http.StatusOK, ""},
	} {
		if status, text := p.call(test.method, test.path, test.body); status != test.status || !strings.Contains(text, test.says) {
			t.Errorf("%s %s %s: HTTP %d: %s", test.method, test.path, test.body, status, text)
		}
	}
	if apps := p.apps(); len(apps) != 0 {
		t.Errorf("the apps are %v", apps)
	}
}

func TestTheFourthKeyIsAConflict(t *testing.T) {
	p := newServed(t)
	for want := range 3 {
		body := `{"public_key":"` + strings.ReplaceAll(string(keygen.EncodePublic(&testkey.New().PublicKey)), "\n", `\n`) + `"}`
		status, text := p.call("POST", "/sandbox/apps/"+p.appID+"/keys", body)
		if full := want == 2; full != (status == http.StatusConflict) || full != strings.Contains(text, "3 keys") {
			t.Errorf("key %d: HTTP %d: %s", want+2, status, text)
		}
	}
	page := p.browser("en").get("/open/oauth/apps/" + p.appID)
	p.wantPage(page, "3 of 3 keys")
	if strings.Contains(page, "Add a public key") {
		t.Error("the page offers to add a fourth key")
	}
}

// The limiter of changes would take a while for so many apps: they come from a file.
func TestASandboxIsFullAtTwoHundredApps(t *testing.T) {
	f := testfile.NewFolder(t)
	f.Write("sandbox.json", `{"apps":[`+strings.TrimSuffix(strings.Repeat(`{"id":"1","name":"x"},`, 199), ",")+`]}`)
	c := serveIn(t, f.Dir)
	for n, want := range []string{"", "200 apps at most"} {
		_, err := c.CreateApp(context.Background(), "one more")
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("app %d: %v", 200+n, err)
		}
	}
}

func TestALargeBodyIsRefused(t *testing.T) {
	p := newServed(t)
	for size, want := range map[int]int{64 << 10: http.StatusCreated, 64<<10 + 1: http.StatusBadRequest} {
		if status, text := p.call("POST", "/sandbox/apps", `{"name":"n"}`+strings.Repeat(" ", size-12)); status != want {
			t.Errorf("%d bytes: HTTP %d: %s", size, status, text)
		}
	}
}

func TestAClientFindsWhatIsThere(t *testing.T) {
	p, ctx := newServed(t), context.Background()
	public := keygen.EncodePublic(&testkey.RSA().PublicKey)
	other, err := p.CreateApp(ctx, "other")
	if err != nil {
		t.Fatal(err)
	}
	for app, want := range map[string]bool{p.appID: true, other: true, "1": false} {
		if has, err := p.HasApp(ctx, app); has != want || err != nil {
			t.Errorf("HasApp(%s) is %v, %v", app, has, err)
		}
	}
	for app, want := range map[string]string{p.appID: p.keyID, other: "", "1": ""} {
		if id, err := p.KeyID(ctx, app, public); id != want || err != nil {
			t.Errorf("the Key ID of %s is %q, %v", app, id, err)
		}
	}
	if id, err := p.KeyID(ctx, p.appID, keygen.EncodePublic(&otherKey().PublicKey)); id != "" || err != nil {
		t.Errorf("the id of another key is %q, %v", id, err)
	}
	if ids, err := p.AppsByHand(ctx); len(ids) != 0 || err != nil {
		t.Errorf("made by hand are %v, %v", ids, err)
	}
	p.browser("en").post("/open/oauth/apps", map[string][]string{"type": {"normal"}, "client_type": {"service"}, "name": {"by hand"}})
	if ids, err := p.AppsByHand(ctx); len(ids) != 1 || err != nil || ids[0] != p.apps()[2].ID {
		t.Errorf("made by hand are %v, %v", ids, err)
	}
	if p.APIBase() != p.Base || p.Console() != p.Base+"/?session="+p.Session || (sandbox.Client{Base: "x"}).Console() != "x/open/oauth/apps" {
		t.Errorf("the base is %s, the console %s", p.APIBase(), p.Console())
	}
}

func TestAClientSaysWhatTheServerSaid(t *testing.T) {
	for body, want := range map[string]string{`{"error":"no room"}`: "no room", "oops": "GET /sandbox/apps: HTTP 503", `{}`: "GET /sandbox/apps: HTTP 503"} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = w.Write([]byte(body))
		}))
		c := sandbox.Client{Base: server.URL}
		if _, err := c.Apps(context.Background()); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", body, err, want)
		}
		server.Close()
		if _, err := c.HasApp(context.Background(), "1"); err == nil {
			t.Error("a server that is gone has answered")
		}
	}
	if _, err := (sandbox.Client{Base: "http://a b"}).Apps(context.Background()); err == nil {
		t.Error("a base that is no URL has answered")
	}
}

func TestAClientSeesWhatStandsAgainstAToken(t *testing.T) {
	p, ctx := newServed(t), context.Background()
	for _, step := range []struct {
		change  string // of the app
		trouble sandbox.TroubleKind
		want    bool
	}{
		{`{}`, "", true},
		{`{"authorised":false}`, "", false},
		{`{"authorised":true}`, "", true},
		{`{"deactivated":true}`, "", false},
		{`{"deactivated":false}`, sandbox.TroubleDisabled, false},
		{`{}`, sandbox.TroubleLogin, false},
		{`{}`, sandbox.TroubleKey, true},
		{`{"owner_logged_out":true}`, "", false},
		{`{"owner_logged_out":false}`, "", true},
		{`{"client_type":"web"}`, "", false},
		{`{"client_type":"service","type":"channel"}`, "", false},
		{`{"type":"privilege"}`, "", true},
	} {
		if status, text := p.call("PATCH", "/sandbox/apps/"+p.appID, step.change); status != http.StatusOK {
			t.Fatalf("%s: HTTP %d: %s", step.change, status, text)
		}
		if err := p.Fail(ctx, sandbox.Trouble{Kind: step.trouble}); err != nil {
			t.Fatal(err)
		}
		if got, err := p.Admits(ctx, p.appID); got != step.want || err != nil {
			t.Errorf("after %s with %q: %v, %v", step.change, step.trouble, got, err)
		}
	}
	if got, err := p.Admits(ctx, "1"); got || err != nil {
		t.Errorf("an app that is not there: %v, %v", got, err)
	}
	if _, err := (sandbox.Client{Base: "http://127.0.0.1:1"}).Admits(ctx, p.appID); err == nil {
		t.Error("a server that is gone has answered")
	}
}
