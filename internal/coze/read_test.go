package coze_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cozejwt/internal/coze"
	"cozejwt/internal/secret"
)

func TestReadReturnsTheBeginningOfTheAnswer(t *testing.T) {
	for body, want := range map[string]string{
		`{"code":0,"data":{"workspaces": [ {"name":"a"} ]}}`: `{"workspaces":[{"name":"a"}]}`,
		`{"code":0,"msg":""}`:                                `{"code":0,"msg":""}`,
		`{"data":"` + strings.Repeat("x", 100) + `"}`:        `"` + strings.Repeat("x", 59) + "…",
		"text\x1b[2J": "text",
		`{"code":4101,"msg":"no permission","detail":{}}`:               "4101",
		`{"data":{"token":"` + "czs_" + strings.Repeat("a", 60) + `"}}`: "",
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodGet || r.Header.Get("Authorization") != "Bearer t" {
				t.Errorf("%s with %q", r.Method, r.Header.Get("Authorization"))
			}
			_, _ = w.Write([]byte(body))
		}))
		got, err := coze.Service{Base: server.URL}.Read(context.Background(), "/v1/workspaces", secret.New("t"))
		server.Close()
		if refused, ok := errors.AsType[*coze.Refusal](err); ok {
			got, err = refused.Code, nil
		}
		switch {
		case err != nil:
			t.Errorf("%s: %v", body, err)
		case want == "" && strings.Contains(got, "czs_"+strings.Repeat("a", 9)):
			t.Errorf("a token is shown: %s", got)
		case want != "" && !strings.HasPrefix(got, want):
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
}
