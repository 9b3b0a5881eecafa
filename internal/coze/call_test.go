package coze

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/secret"
)

func TestACallStaysAtItsBase(t *testing.T) {
	t.Parallel()
	s := Service{Base: "https://api.coze.cn"}
	for path, want := range map[string]string{
		"v1/users/me":                           "https://api.coze.cn/v1/users/me",
		"//evil.example/v1":                     "https://api.coze.cn/evil.example/v1",
		"https://api.coze.cn/v1/users/me":       "https://api.coze.cn/v1/users/me",
		"v1/files?from=https://files.example/a": "https://api.coze.cn/v1/files?from=https://files.example/a",
		"?from=https://files.example":           "https://api.coze.cn/?from=https://files.example",
		"v1":                                    "https://api.coze.cn/v1",
		"https://api.coze.cn/%zz":               "",
		"https://user@api.coze.cn/v1":           "",
		"https://evil.example/v1":               "",
		"https://api.coze.cn@evil.example/v1":   "",
		"http://api.coze.cn/v1":                 "",
	} {
		if got, err := s.URL(path); got != want || (err == nil) != (want != "") {
			t.Errorf("URL(%q) = %q, %v; want %q", path, got, err, want)
		}
	}
}

func TestACallIsSentAsItIsGiven(t *testing.T) {
	t.Parallel()
	for status, call := range map[int]Call{
		200: {Method: "POST", Path: "/v1/bots?x=1", Body: []byte(`{"a":1}`), JSON: true, Token: secret.New("T")},
		400: {Method: "PUT", Path: "/v1/bots?x=1", Body: []byte("text"), Token: secret.New("T")},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			kind := ""
			if call.JSON {
				kind = "application/json"
			}
			for name, want := range map[string]string{
				"Authorization": "Bearer T", "Content-Type": kind, "User-Agent": "cozejwt",
				"Accept": "application/json, text/event-stream;q=0.9, */*;q=0.8",
			} {
				if got := r.Header.Get(name); got != want {
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
			if r.Method != call.Method || r.RequestURI != call.Path || string(body) != string(call.Body) {
				t.Errorf("%s %s, %s", r.Method, r.RequestURI, body)
			}
			w.WriteHeader(status)
		}))
		defer server.Close()
		for _, client := range []*http.Client{nil, server.Client()} {
			resp, err := (Service{Base: server.URL, Client: client}).Do(context.Background(), call)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != status {
				t.Errorf("status is %d", resp.StatusCode)
			}
		}
	}
}

func TestACallThatCannotBeMadeIsAFault(t *testing.T) {
	t.Parallel()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://evil.example/", http.StatusFound)
	}))
	defer elsewhere.Close()
	for name, test := range map[string]struct {
		base string
		call Call
		want error
	}{
		"another host":    {"https://api.coze.cn", Call{Method: "GET", Path: "https://evil.example/"}, ErrForeignURL},
		"no method":       {"https://api.coze.cn", Call{Method: "a b", Path: "v1"}, ErrForeignURL},
		"nothing listens": {"http://" + closed.Addr().String(), Call{Method: "GET", Path: "v1"}, ErrRefused},
		"a redirect":      {elsewhere.URL, Call{Method: "GET", Path: "v1"}, ErrRedirect},
	} {
		if resp, err := (Service{Base: test.base}).Do(context.Background(), test.call); resp != nil || !errors.Is(err, test.want) {
			t.Errorf("%s: %v, error is %v, want %v", name, resp, err, test.want)
		}
	}
}

func TestARefusalIsAStatusOrACode(t *testing.T) {
	t.Parallel()
	date := time.Unix(1_800_000_000, 0).UTC()
	for name, test := range map[string]struct {
		status int
		logID  string
		body   string
		want   *Refusal
	}{
		"success":            {200, "h", `{"code":0,"msg":""}`, nil},
		"no code":            {200, "h", `{"data":1}`, nil},
		"no JSON":            {399, "h", `text`, nil},
		"a code":             {200, "h", `{"code":4100,"msg":"no","detail":{"logid":"b"}}`, &Refusal{200, "4100", "no", "h", date, "GET /v1/x"}},
		"a code, log inside": {401, "", `{"code":4100,"msg":"no","detail":{"logid":"b"}}`, &Refusal{401, "4100", "no", "b", date, "GET /v1/x"}},
		"a status":           {400, "h", `text`, &Refusal{400, "", "Bad Request", "h", date, "GET /v1/x"}},
		"a status, code 0":   {404, "h", `{"code":0,"msg":"gone"}`, &Refusal{404, "", "gone", "h", date, "GET /v1/x"}},
	} {
		header := http.Header{"Date": {date.Format(http.TimeFormat)}, "X-Tt-Logid": {test.logID}}
		got := RefusalOf(&http.Response{StatusCode: test.status, Header: header, Request: httptest.NewRequest("GET", "/v1/x?id=1", nil)}, []byte(test.body))
		if (got == nil) != (test.want == nil) || got != nil && *got != *test.want {
			t.Errorf("%s: %+v, want %+v", name, got, test.want)
		}
	}
}

func TestTextFromElsewhereIsCutAndMadeValid(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		strings.Repeat("x", 501):                 strings.Repeat("x", 500),
		"a\xff\xfeb":                             "a\ufffdb",
		"kid pat_0123456789abcdefghijABCDEFGHIJ": "kid …",
		"a\tb\u2028c\u200bd\x00":                 "a b cd",
	} {
		if got := Printable(text); got != want {
			t.Errorf("%q became %q", text, got)
		}
	}
}
