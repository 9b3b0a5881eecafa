package setup_test

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"cozejwt/internal/coze"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/setup"
	"cozejwt/internal/steps"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testplan"
)

// regions are the two real hosts: one of them knows the app, "" for none.
type regions struct {
	knows string
	asked []string
	gone  bool // nothing can be reached
}

func (r *regions) RoundTrip(req *http.Request) (*http.Response, error) {
	r.asked = append(r.asked, req.URL.Host)
	status, body := 401, `{"error_code":"invalid_client","error_message":"invalid jwt: kid not been registred"}`
	switch {
	case r.gone:
		return nil, errors.New("no route")
	case req.URL.Host == r.knows:
		status, body = 200, `{"access_token":"abcdefghijkl","expires_in":1800000900}`
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: req}, nil
}

// refusedAt is a run whose values were refused by a region's host.
func refusedAt(t *testing.T, r *regions, base string) (*setup.Setup, *flow.Search) {
	t.Helper()
	w := testplan.New(t)
	s := w.Setup()
	s.Client = &http.Client{Transport: r}
	s.TakeBase(coze.RegionOf(base), base)
	testplan.Must(t, testplan.Do(s, "key", nil))
	testplan.Must(t, testplan.Do(s, "upload", nil))
	testplan.Must(t, testplan.Do(s, "app_id", map[string]string{"app_id": testkey.AppID}))
	testplan.Must(t, testplan.Do(s, "key_id", map[string]string{"key_id": testkey.KeyID}))
	testplan.Must(t, testplan.Do(s, "review", testplan.Yes))
	err := testplan.Do(s, "test", nil)
	searches := s.SearchesFor(s.Diagnose(err))
	at := slices.IndexFunc(searches, func(s *flow.Search) bool { return s.Key == "g" })
	if at < 0 {
		t.Fatalf("after %v, the other region is not offered", err)
	}
	return s, searches[at]
}

func TestTheOtherRegionIsAskedOnce(t *testing.T) {
	for name, test := range map[string]struct {
		base, knows string
		says        string
		earned      bool
	}{
		"the app is there":      {coze.CN.Base(), "api.coze.com", "The app is at api.coze.com.", true},
		"the app is in China":   {coze.COM.Base(), "api.coze.cn", "The app is at api.coze.cn.", true},
		"neither knows the app": {coze.CN.Base(), "", "api.coze.com refuses these values, too.", false},
	} {
		t.Run(name, func(t *testing.T) {
			r := &regions{knows: test.knows}
			s, search := refusedAt(t, r, test.base)
			other := coze.OtherBase(test.base)
			if about := i18n.English.Say(search.About()); !strings.Contains(about, coze.Audience(other)) || !strings.Contains(i18n.English.Say(search.Offer()), coze.Audience(other)) {
				t.Errorf("before it asks, it says %q", about)
			}
			testplan.Must(t, search.Work(func(int, int) {}).Do(t.Context()))
			if want := []string{coze.Audience(test.base), coze.Audience(other)}; !slices.Equal(r.asked, want) {
				t.Errorf("asked %v, want %v", r.asked, want)
			}
			tries, says := search.Found.Tries, search.Found.Says
			if len(tries) != 1 || tries[0].Earned != test.earned || len(says) != 1 || i18n.English.Say(says[0]) != test.says {
				t.Errorf("it came out as %+v: %v", tries, says)
			}
			if found := search.Found.Take != nil; found != test.earned {
				t.Errorf("there is something to take: %v", found)
			}
			if !test.earned {
				return
			}
			if at := search.Found.Take(); at != s.Index(steps.Review) {
				t.Errorf("it goes on at %d", at)
			}
			testplan.Must(t, testplan.Do(s, "review", testplan.Yes))
			testplan.Must(t, testplan.Do(s, "test", nil))
			if s.APIBase != other || s.Region != coze.RegionOf(other) || s.Token == nil {
				t.Errorf("the base is %s of %s", s.APIBase, s.Region)
			}
		})
	}
}

func TestTheOtherRegionIsOfferedWhereItMayBeTheCause(t *testing.T) {
	s, search := refusedAt(t, &regions{}, coze.CN.Base())
	for message, want := range map[string]bool{
		"invalid jwt: kid not been registred": true, "invalid jwt: something new": true,
		"invalid jwt: signature is invalid": false, "invalid jwt: token is expired": false,
	} {
		d := s.Diagnose(&coze.Refusal{Status: 401, Code: "invalid_client", Message: message})
		if slices.Contains(s.SearchesFor(d), search) != want {
			t.Errorf("%s: %v", message, !want)
		}
	}
	s.TakeBase(coze.Custom, "https://proxy.example")
	d := s.Diagnose(&coze.Refusal{Status: 401, Code: "invalid_client", Message: "invalid jwt: kid not been registred"})
	if slices.Contains(s.SearchesFor(d), search) {
		t.Error("a proxy has another region")
	}
}

func TestWhereTheOtherRegionCannotBeReachedNothingIsSaidOfIt(t *testing.T) {
	r := &regions{}
	_, search := refusedAt(t, r, coze.CN.Base())
	r.gone = true
	if err := search.Work(func(int, int) {}).Do(t.Context()); err == nil {
		t.Error("no error")
	}
	if len(search.Found.Tries) > 0 || len(search.Found.Says) > 0 || search.Found.Take != nil {
		t.Errorf("it says %v", search.Found.Says)
	}
}
