package verification_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/internal/verification"
)

// A service answers a request without an assertion as Coze does, and one with an
// assertion or a token as it is told.
type service struct {
	base  string
	empty string // the answer to a request without an assertion, "" for Coze's
	date  string // the header, "" for none
	token string // the answer to an assertion
	calls map[string]string
	asked []string // the paths that were called
}

const (
	granted  = `{"access_token":"abcdefghijklmnop","expires_in":1800000900}`
	noSuch   = `{"error_code":"invalid_client","error_message":"invalid jwt: kid not been registred"}`
	unbound  = `{"error_code":"access_deny","error_message":"connector app[1] should bind connector id"}`
	trouble  = `{"error_code":"internal_error","error_message":"Service internal error."}`
	notMine  = `{"code":4101,"msg":"no permission"}`
	notToken = `{"code":4100,"msg":"authentication is invalid"}`
	cutOff   = "cut off"
)

// serve puts a service in place of the sandbox.
func (p *project) serve(s *service) *service {
	p.t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Date"] = nil
		if s.date != "" {
			w.Header().Set("Date", s.date)
		}
		switch {
		case !strings.HasPrefix(r.URL.Path, "/api/permission/oauth2/"):
			s.asked = append(s.asked, r.URL.Path)
			if s.calls[r.URL.Path] == cutOff {
				w.Header().Set("Content-Length", "100")
			}
			fmt.Fprint(w, s.calls[r.URL.Path])
		case strings.TrimSpace(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer")) != "":
			fmt.Fprint(w, s.token)
		case s.empty != "":
			fmt.Fprint(w, s.empty)
		default:
			fmt.Fprint(w, `{"error_code":"invalid_client","error_message":"invalid jwt: empty jwt token"}`)
		}
	}))
	p.t.Cleanup(server.Close)
	s.base = server.URL
	p.set(p.value("COZE_API_BASE"), server.URL)
	return s
}

// cause is the id of what a refusal is taken for, "" for none.
func cause(r verification.Result) string {
	if r.Diagnosis == nil {
		return ""
	}
	return r.Diagnosis.ID
}

func TestACallSaysWhatTheTokenIsGoodFor(t *testing.T) {
	const me, spaces = "/v1/users/me", "/v1/workspaces"
	for name, test := range map[string]struct {
		calls       map[string]string
		want, cause string
		asked       string
	}{
		"the first is allowed":        {map[string]string{me: `{"code":0}`}, "pass /v1/users/me", "", me},
		"the second is allowed":       {map[string]string{me: notMine, spaces: `{"code":0}`}, "pass /v1/workspaces", "", me + " " + spaces},
		"neither is allowed":          {map[string]string{me: notMine, spaces: notMine}, "warn call.permission ", "", me + " " + spaces},
		"the token is refused":        {map[string]string{me: notToken, spaces: notToken}, "fail verify.refused ", "authentication", me + " " + spaces},
		"the last answer counts":      {map[string]string{me: notMine, spaces: notToken}, "fail verify.refused ", "authentication", me + " " + spaces},
		"the answer breaks off":       {map[string]string{me: cutOff}, "fail net.unreachable ", "", me},
		"the answer is not Coze's":    {map[string]string{me: "<html>"}, "pass /v1/users/me", "", me},
		"the first is another's case": {map[string]string{me: notToken, spaces: `{"code":0}`}, "pass /v1/workspaces", "", me + " " + spaces},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			s := p.serve(&service{token: granted, calls: test.calls})
			p.target.Call = true
			r := result(t, p.run(), "api.call")
			if got := seen(r, "path"); got != test.want || cause(r) != test.cause || strings.Join(s.asked, " ") != test.asked {
				t.Errorf("it says %q for %q, want %q for %q; asked are %v", got, cause(r), test.want, test.cause, s.asked)
			}
		})
	}
}

func TestACallThatMayNotBeMadeGivesTheServicesWords(t *testing.T) {
	p := newProject(t)
	p.serve(&service{token: granted, calls: map[string]string{"/v1/users/me": notMine, "/v1/workspaces": notMine}})
	p.target.Call = true
	results := p.run()
	if detail := result(t, results, "api.call").Detail(i18n.English); !strings.Contains(detail, "no permission") || !strings.Contains(detail, "GET /v1/workspaces needs listWorkspace") {
		t.Errorf("it says %s", detail)
	}
	if class, ok := verification.Class(results); !ok {
		t.Errorf("the credentials count as wrong: %v", class)
	}
}

func TestOnlyCozeRefusesAnEmptyRequest(t *testing.T) {
	for name, test := range map[string]struct{ empty, want string }{
		"as Coze does":  {"", "pass"},
		"a token":       {granted, "fail net.open_token"},
		"a web page":    {"<!doctype html><title>x</title>", "fail net.not_coze"},
		"other refusal": {trouble, "pass"},
	} {
		p := newProject(t)
		s := p.serve(&service{empty: test.empty, token: granted})
		r := result(t, p.run(), "api.reachable")
		if got := seen(r); got != test.want {
			t.Errorf("%s: it says %q, want %q", name, got, test.want)
		}
		if r.Status == verification.Pass && !slices.Equal(r.Seen, []string{"host", coze.Audience(s.base)}) {
			t.Errorf("%s: seen is %q", name, r.Seen)
		}
	}
}

func TestARunThatIsCalledOffReachesNothing(t *testing.T) {
	p := newProject(t)
	ctx, stop := context.WithCancel(context.Background())
	stop()
	results := verification.Run(ctx, p.target, verification.Live, func(verification.Result) {})
	if got := seen(result(t, results, "api.reachable")); got != "fail unexpected" {
		t.Errorf("it says %q", got)
	}
}

// The sandbox may be at another port than the .env says.
func TestChecksFollowTheServiceToWhereItIs(t *testing.T) {
	p := newProject(t)
	home := p.value("COZE_API_BASE")
	p.set(home, "http://127.0.0.1:1")
	p.target.Locate = func(context.Context, string) (string, error) { return home, nil }
	if list := bad(p.run()); len(list) > 0 {
		t.Errorf("not passed: %v", list)
	}
	p.target.Locate = func(context.Context, string) (string, error) { return "", fault.Usage("net.dns") }
	if got := seen(result(t, p.run(), "api.reachable")); got != "fail net.dns" {
		t.Errorf("where it is nowhere, it says %q", got)
	}
}

func TestTheClockIsComparedWithTheServices(t *testing.T) {
	now := time.Date(2031, 5, 4, 12, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		ahead    time.Duration
		want     string
		exchange string
	}{
		"equal":               {0, "pass " + i18n.Duration(time.Second), "pass"},
		"30 seconds ahead":    {30 * time.Second, "pass " + i18n.Duration(30*time.Second), "pass"},
		"31 seconds ahead":    {31 * time.Second, "warn clock.fast " + i18n.Duration(31*time.Second), "pass"},
		"31 seconds behind":   {-31 * time.Second, "warn clock.slow " + i18n.Duration(31*time.Second), "pass"},
		"59 seconds ahead":    {59 * time.Second, "warn clock.fast " + i18n.Duration(59*time.Second), "pass"},
		"a minute ahead":      {time.Minute, "fail clock.fast " + i18n.Duration(time.Minute), "skip verify.skipped"},
		"an hour behind":      {-time.Hour, "fail clock.slow " + i18n.Duration(time.Hour), "skip verify.skipped"},
		"less than it counts": {400 * time.Millisecond, "pass " + i18n.Duration(time.Second), "pass"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			p.serve(&service{date: now.Format(http.TimeFormat), token: granted})
			p.target.Now = func() time.Time { return now.Add(test.ahead) }
			results := p.run()
			if got := seen(result(t, results, "clock.skew"), "skew"); got != test.want {
				t.Errorf("it says %q, want %q", got, test.want)
			}
			if got := seen(result(t, results, "token.exchange")); got != test.exchange {
				t.Errorf("then the exchange says %q, want %q", got, test.exchange)
			}
		})
	}
}

func TestAClockThatIsNotKnownStopsNothing(t *testing.T) {
	p := newProject(t)
	p.serve(&service{token: granted})
	results := p.run()
	if got := seen(result(t, results, "clock.skew")); got != "skip clock.unknown" {
		t.Errorf("it says %q", got)
	}
	if got := seen(result(t, results, "token.exchange"), "token"); got != "pass abcdefgh…" {
		t.Errorf("then the exchange says %q", got)
	}
}

func TestAnExchangeThatFailsIsDiagnosed(t *testing.T) {
	for name, test := range map[string]struct{ token, want, cause string }{
		"a refusal":   {unbound, "fail verify.refused", "connector_unbound"},
		"no Key ID":   {noSuch, "fail verify.refused", "kid_unknown"},
		"no answer":   {"<html>", "fail net.not_coze", "net.not_coze"},
		"the service": {trouble, "fail verify.refused", "internal"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			p.serve(&service{token: test.token})
			p.target.Permissions = []string{"Connector.botChat"}
			results := p.run()
			r := result(t, results, "token.exchange")
			if seen(r) != test.want || cause(r) != test.cause {
				t.Fatalf("it says %q for %q", seen(r), cause(r))
			}
			if r.Detail(i18n.English) != r.Diagnosis.Message(i18n.English) || len(r.Fixes(i18n.English)) == 0 {
				t.Errorf("detail is %q, fixes are %q", r.Detail(i18n.English), r.Fixes(i18n.English))
			}
			if unmade := result(t, results, "token.permission"); !unmade.Unmade() {
				t.Errorf("then the permission is %q", seen(unmade))
			}
		})
	}
}

func TestPermissionsAreAskedForWhereTheyAreWanted(t *testing.T) {
	p := newProject(t)
	if got := seen(result(t, p.run(), "token.permission")); got != "skip verify.no_permissions" {
		t.Errorf("without any it says %q", got)
	}
	p.target.Permissions = []string{"Connector.botChat"}
	if got := seen(result(t, p.run(), "token.permission"), "permissions"); got != "pass Connector.botChat" {
		t.Errorf("with one it says %q", got)
	}
	p.target.Permissions = []string{"no.such"}
	r := result(t, p.run(), "token.permission")
	if seen(r) != "fail verify.refused" || cause(r) != "request_scope" {
		t.Errorf("with one that is not granted it says %q for %q", seen(r), cause(r))
	}
}

func TestTheRegionIsInDoubtOnlyForAnUnknownKey(t *testing.T) {
	for name, test := range map[string]struct {
		token, other string
		consent      bool
		want         string
		asked        int
	}{
		"granted":                {granted, "", true, "pass", 0},
		"refused otherwise":      {unbound, "", true, "skip verify.skipped", 0},
		"unknown, unasked":       {noSuch, "", false, "skip region.unasked", 0},
		"unknown, no other":      {noSuch, "", true, "skip region.unasked", 1},
		"unknown here and there": {noSuch, noSuch, true, "skip region.neither", 1},
		"known there":            {noSuch, granted, true, "fail region.other", 1},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			other := ""
			if test.other != "" {
				other = p.serve(&service{token: test.other}).base
			}
			s := p.serve(&service{token: test.token})
			asked := 0
			if test.consent {
				p.target.AskOther = func(base string) string {
					if asked++; base != s.base {
						t.Errorf("asked beside %s", base)
					}
					return other
				}
			}
			r := result(t, p.run(), "region.match")
			if seen(r) != test.want || asked != test.asked {
				t.Errorf("it says %q, want %q; asked %d times", seen(r), test.want, asked)
			}
			if test.other != "" && r.Fault.Value("other") != other {
				t.Errorf("the other is %q", r.Fault.Value("other"))
			}
		})
	}
}

// hosts notes who was asked, and knows no key.
type hosts struct{ asked []string }

func (h *hosts) RoundTrip(r *http.Request) (*http.Response, error) {
	h.asked = append(h.asked, r.URL.Host)
	return &http.Response{StatusCode: http.StatusUnauthorized, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(noSuch)), Request: r}, nil
}

func TestNobodyButTheChosenHostIsAskedWithoutConsent(t *testing.T) {
	p := newProject(t)
	p.set(p.value("COZE_API_BASE"), "https://api.coze.cn")
	asked := &hosts{}
	p.target.Client = &http.Client{Transport: asked}
	r := result(t, p.run(), "region.match")
	if seen(r) != "skip region.unasked" || len(asked.asked) == 0 {
		t.Errorf("it says %q", seen(r))
	}
	for _, host := range asked.asked {
		if host != "api.coze.cn" {
			t.Errorf("%s was asked", host)
		}
	}
}

func TestNothingIsExchangedWithoutAKey(t *testing.T) {
	p := newProject(t)
	p.Write("config/private_key.pem", "x")
	if r := result(t, p.run(), "token.exchange"); seen(r, "after") != "skip verify.skipped key.format" || !r.Unmade() {
		t.Errorf("it says %q", seen(r, "after"))
	}
}
