package coze

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"cozejwt/internal/fault"
	"cozejwt/internal/secret"
)

// A Call is one request to the API.
type Call struct {
	Method string
	Path   string // with its query; with or without its first slash
	Body   []byte
	JSON   bool // the body is JSON
	Token  secret.String
}

// ErrForeignURL is the fault of a URL that is not of the chosen API base: the
// token would go to another host.
var ErrForeignURL = fault.Usage("api.foreign")

// URL returns where the call goes: a path of the base, or a URL of it. The error is ErrForeignURL,
// for a URL of another base.
func (s Service) URL(path string) (string, error) {
	scheme, _, absolute := strings.Cut(path, "://")
	if !absolute || strings.ContainsAny(scheme, "/?#") { // a query may hold a URL
		path = s.Base + "/" + strings.TrimLeft(path, "/")
	}
	u, err := url.Parse(path)
	if err != nil || u.User != nil || u.Scheme+"://"+u.Host != s.Base {
		return "", ErrForeignURL.With("url", path, "base", s.Base)
	}
	return u.String(), nil
}

// Do makes the call. The caller reads and closes the body of the answer, which
// may be a stream; an error of reading it is a fault, as one of the call is. A redirect is
// answered with a fault, because the token does not follow it.
func (s Service) Do(ctx context.Context, c Call) (*http.Response, error) {
	ctx, w := s.watch(ctx)
	resp, err := s.do(ctx, c)
	if err != nil {
		_ = w.Close()
		return nil, w.fault(err)
	}
	w.body, w.stream = resp.Body, IsStream(resp)
	resp.Body = w
	return resp, nil
}

func (s Service) do(ctx context.Context, c Call) (*http.Response, error) {
	target, err := s.URL(c.Path)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, c.Method, target, bytes.NewReader(c.Body))
	if err != nil {
		return nil, ErrForeignURL.With("url", target, "base", s.Base).Because(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.Token.Reveal())
	r.Header.Set("Accept", "application/json, text/event-stream;q=0.9, */*;q=0.8")
	r.Header.Set("User-Agent", "cozejwt")
	if c.JSON {
		r.Header.Set("Content-Type", "application/json")
	}
	client := s.Client
	if client == nil {
		client = NewClient()
	}
	resp, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		defer resp.Body.Close()
		return nil, notCoze(answer{resp: resp, base: s.Base})
	}
	return resp, nil
}

// RefusalOf returns why an API call was refused, nil where it was not. A refusal has HTTP status
// 400 or above, or a JSON code other than 0, which comes with HTTP 200 too.
func RefusalOf(resp *http.Response, body []byte) *Refusal {
	var fields struct {
		Code   json.Number `json:"code"`
		Msg    string      `json:"msg"`
		Detail struct {
			LogID string `json:"logid"`
		} `json:"detail"`
	}
	_ = json.Unmarshal(body, &fields) // what is no JSON has no code
	code := fields.Code.String()
	if resp.StatusCode < 400 && (code == "" || code == "0") {
		return nil
	}
	if code == "0" {
		code = ""
	}
	return &Refusal{
		Status: resp.StatusCode, Code: Printable(code), Message: Printable(firstOf(fields.Msg, http.StatusText(resp.StatusCode))),
		LogID: Printable(firstOf(resp.Header.Get("X-Tt-Logid"), fields.Detail.LogID)), Date: date(resp), Request: requestOf(resp),
	}
}
