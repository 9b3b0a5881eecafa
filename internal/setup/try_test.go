package setup_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"cozejwt/internal/coze"
	"cozejwt/internal/i18n"
	"cozejwt/internal/setup"
	"cozejwt/internal/steps"
	"cozejwt/internal/testplan"
)

// An api answers each call with a body, or not at all.
type api struct {
	body string
	path string // that was called
}

func (a *api) RoundTrip(r *http.Request) (*http.Response, error) {
	a.path = r.URL.Path
	if a.body == "" {
		return nil, errors.New("no route")
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(a.body)), Request: r}, nil
}

func TestTheFirstCallSaysWhatItAnswered(t *testing.T) {
	for name, row := range map[string]struct {
		tasks      []string
		path, body string
		says       string
	}{
		"an answer":     {nil, "/v1/workspaces", `{"code":0,"data":{"workspaces":[]}}`, `GET /v1/workspaces answered: {"workspaces":[]}`},
		"of a task":     {[]string{"voice"}, "/v1/audio/voices", `{"code":0,"data":{"voice_list":[]}}`, `GET /v1/audio/voices answered: {"voice_list":[]}`},
		"no permission": {nil, "/v1/workspaces", `{"code":4101,"msg":"no"}`, "GET /v1/workspaces: 4101, because the app lacks listWorkspace. The credentials work."},
		"refused":       {nil, "/v1/workspaces", `{"code":4000,"msg":"bad request"}`, "GET /v1/workspaces: 4000: bad request (HTTP 200)"},
		"not reached":   {nil, "/v1/workspaces", "", "GET /v1/workspaces: api.coze.cn"},
	} {
		t.Run(name, func(t *testing.T) {
			w := testplan.Created(t)
			s := w.Setup()
			for _, id := range []string{steps.Region, steps.App, steps.Key, steps.Upload, steps.AppID, steps.KeyID, steps.Test} {
				testplan.Must(t, testplan.Do(s, id, nil))
			}
			host := &api{body: row.body}
			s.Client, s.Tasks, s.APIBase = &http.Client{Transport: host}, row.tasks, coze.CN.Base()
			usage := func() (u setup.Usage) {
				for _, x := range testplan.Step(s, steps.Done).Exhibits() {
					if shown, ok := x.(setup.Usage); ok {
						u = shown
					}
				}
				return u
			}
			if usage().Tried != nil {
				t.Fatal("it was tried before")
			}
			testplan.Must(t, usage().Call().Do(t.Context()))
			if tried := usage().Tried; host.path != row.path || tried == nil || !strings.HasPrefix(tried(i18n.English), row.says) {
				t.Fatalf("after a call of %s it says %q, want %q", host.path, tried(i18n.English), row.says)
			}
		})
	}
}

func TestWithoutATokenThereIsNoFirstCall(t *testing.T) {
	s := testplan.Created(t).Setup()
	for _, x := range testplan.Step(s, steps.Done).Exhibits() {
		if u, ok := x.(setup.Usage); ok && u.Call != nil {
			t.Error("a call is offered")
		}
	}
}
