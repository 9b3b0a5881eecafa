package sandbox_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"cozejwt/internal/i18n"
	"cozejwt/internal/sandbox"
)

// The page after an action says what was done, in a live region that takes the focus, and no page after it.
func TestAnActionIsConfirmedOnce(t *testing.T) {
	for _, lang := range i18n.Languages {
		p := newServed(t)
		b := p.browser(lang.Code)
		at := appsPath + "/" + p.appID
		for _, test := range []struct {
			path   string
			values url.Values
			done   string
		}{
			{appsPath, form("name", "another"), "create"},
			{at + "/permissions", url.Values{"permission": {"chat"}}, "permissions"},
			{at + "/authorize", nil, "authorize"},
			{at + "/keys/delete", url.Values{"key": {p.apps()[0].Keys[0].ID}}, "keys.delete"},
			{at + "/disable", nil, "disable"},
			{at + "/enable", nil, "enable"},
			{"/open/trouble", url.Values{"kind": {"server"}}, "trouble"},
			{"/open/trouble", url.Values{"kind": {""}}, "untroubled"},
			{at + "/delete", nil, "delete"},
		} {
			_, page := b.post(test.path, test.values)
			p.wantPage(page, `id="done" role="status" tabindex="-1" autofocus>`+lang.Text("console.done."+test.done)+"<")
			if strings.Contains(b.get(appsPath), `id="done"`) {
				t.Errorf("%s is confirmed twice", test.path)
			}
		}
		if _, page := b.post(at+"/disable", nil); strings.Contains(page, `id="done"`) {
			t.Errorf("what was refused is confirmed: %s", page)
		}
	}
}

func TestOnlyKnownActionsAreConfirmed(t *testing.T) {
	p := newServed(t)
	u, _ := url.Parse(p.Base)
	req, _ := http.NewRequest("GET", p.Base+appsPath, nil)
	req.AddCookie(&http.Cookie{Name: "cozejwt_done_" + u.Port(), Value: "stop.back"})
	if _, page := p.browser("en").do(req); strings.Contains(page, `id="done"`) {
		t.Errorf("a foreign cookie speaks: %s", page)
	}
}

// Where there is no page, one says why and leads back, in the reader's language.
func TestAPageThatCannotBeShownLeadsBack(t *testing.T) {
	p := newServed(t)
	for _, lang := range i18n.Languages {
		b := p.browser(lang.Code)
		ask := func(b *browser, method, path, accept, body string) (int, string) {
			req, _ := http.NewRequest(method, p.Base+path, strings.NewReader(body))
			req.Header.Set("Accept", accept)
			return b.do(req)
		}
		stranger := &browser{p, &http.Client{}, lang.Code}
		for _, test := range []struct {
			b                        *browser
			method, path, body, name string
			status                   int
		}{
			{b, "GET", "/open/nothing", "", "missing", 404},
			{b, "GET", "/nothing", "", "missing", 404},
			{b, "GET", "/v1/nothing", "", "missing", 404},
			{b, "GET", appsPath + "/1/2/3", "", "missing", 404},
			{b, "POST", "/open/nothing", "", "missing", 404},
			{b, "POST", appsPath, strings.Repeat("x", 65<<10), "large", 413},
			{stranger, "POST", appsPath, "", "session", 403},
		} {
			status, page := ask(test.b, test.method, test.path, "text/html,*/*", test.body)
			if status != test.status {
				t.Errorf("%s %s: HTTP %d, want %d", test.method, test.path, status, test.status)
			}
			p.wantPage(page, "<title>"+lang.Text("console.title."+test.name)+" · ", lang.Text("console.stop." + test.name)[:20], `<a class="button primary" href="`+appsPath+`">`)
		}
		if status, page := ask(b, "GET", "/v1/nothing", "*/*", ""); status != 404 || strings.Contains(page, "<html") {
			t.Errorf("a program that asks for nothing gets HTTP %d: %s", status, page)
		}
	}
}

// A language is chosen on a page that does not exist, too, and leads to no other host.
func TestALanguageLeadsToNoOtherHost(t *testing.T) {
	p := newServed(t)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, path := range []string{"/open/nothing", "/%5Cexample.com", appsPath + "/%5C%5Cexample.com"} {
		req, _ := http.NewRequest("GET", p.Base+path+"?lang=zh", nil)
		req.Header.Set("Accept", "text/html")
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if to := resp.Header.Get("Location"); to != path || len(resp.Cookies()) != 1 {
			t.Errorf("%s leads to %q", path, to)
		}
	}
}

// The address with the session fits a terminal of 80 columns, and leads to the list of apps.
func TestTheAddressWithTheSessionIsShort(t *testing.T) {
	p := newServed(t)
	if long := (sandbox.Client{Base: "http://127.0.0.1:65535", Session: p.Session}).Console(); len(long) > 60 {
		t.Errorf("%s has %d characters", long, len(long))
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Get(p.Console())
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if to := resp.Header.Get("Location"); to != appsPath || len(resp.Cookies()) != 1 {
		t.Errorf("it leads to %q", to)
	}
}
