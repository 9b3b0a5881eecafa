package coze_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/secret"
)

func TestCredentialsFollowNoRedirect(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("the request continued to %s with %q", r.URL, r.Header.Get("Authorization"))
	}))
	defer elsewhere.Close()
	service := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
	})
	if _, err := service.Exchange(context.Background(), secret.New("J"), coze.Request{}); !errors.Is(err, coze.ErrRedirect) {
		t.Errorf("error is %v, want ErrRedirect", err)
	}
}

func TestTheWayToTheServiceIsToldApart(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	defer secure.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	release := make(chan struct{})
	mute := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-release }))
	defer mute.Close()
	defer close(release)
	short, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	left, leave := context.WithCancel(context.Background())
	leave()
	for name, test := range map[string]struct {
		ctx  context.Context
		base string
		want error
	}{
		"nothing listens":      {context.Background(), "http://" + closed.Addr().String(), coze.ErrRefused},
		"name does not exist":  {context.Background(), "https://no-such-host.invalid", coze.ErrDNS},
		"untrusted":            {context.Background(), secure.URL, coze.ErrTLS},
		"no TLS at all":        {context.Background(), strings.Replace(plain.URL, "http:", "https:", 1), coze.ErrTLS},
		"no answer in time":    {short, mute.URL, coze.ErrTimeout},
		"cancelled by someone": {left, mute.URL, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := (coze.Service{Base: test.base}).Exchange(test.ctx, secret.New("J"), coze.Request{}); !errors.Is(err, test.want) {
				t.Errorf("error is %v, want %v", err, test.want)
			}
		})
	}
}

func TestProxyTroubleIsSaidSo(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	client := coze.NewClient()
	proxy := "http://" + closed.Addr().String()
	client.Transport.(*http.Transport).Proxy = func(*http.Request) (*url.URL, error) { return url.Parse(proxy) }
	guarded := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusProxyAuthRequired) }))
	defer guarded.Close()
	for _, proxy = range []string{proxy, guarded.URL} {
		if _, err := (coze.Service{Base: "https://api.coze.cn", Client: client}).Exchange(context.Background(), secret.New("J"), coze.Request{}); !errors.Is(err, coze.ErrProxy) {
			t.Errorf("%s: error is %v, want ErrProxy", proxy, err)
		}
	}
}

func TestALargeAnswerIsNotReadWhole(t *testing.T) {
	service := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		chunk := strings.Repeat("x", 1<<16)
		for range 64 {
			if _, err := io.WriteString(w, chunk); err != nil {
				return
			}
		}
	})
	if _, err := service.Exchange(context.Background(), secret.New("J"), coze.Request{}); !errors.Is(err, coze.ErrNotCoze) {
		t.Errorf("error is %v, want ErrNotCoze", err)
	}
}

func TestAProxyThatReachesNothingIsNotTheTrouble(t *testing.T) {
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }))
	defer proxy.Close()
	client := coze.NewClient()
	client.Transport.(*http.Transport).Proxy = func(*http.Request) (*url.URL, error) { return url.Parse(proxy.URL) }
	if _, err := (coze.Service{Base: "https://api.coze.cn", Client: client}).Exchange(context.Background(), secret.New("J"), coze.Request{}); !errors.Is(err, coze.ErrUnreachable) {
		t.Errorf("error is %v, want ErrUnreachable", err)
	}
}

func TestAnAnswerThatIsCutOffIsNoToken(t *testing.T) {
	service := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, `{"access_token":"t"}`)
	})
	token, err := service.Exchange(context.Background(), secret.New("J"), coze.Request{})
	if !errors.Is(err, coze.ErrUnreachable) || token != (coze.Token{}) {
		t.Errorf("token %+v, error %v", token, err)
	}
}

// A transport answers without a network, and knows whether its answer was closed.
type transport struct {
	status int
	text   string
	closed bool
}

func (t *transport) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: t.status, Header: http.Header{}, Body: answerBody{strings.NewReader(t.text), t}}, nil
}

type answerBody struct {
	io.Reader
	*transport
}

func (b answerBody) Close() error { b.closed = true; return nil }

func TestAnAnswerThatIsReadOrRefusedIsClosed(t *testing.T) {
	exchanged := &transport{status: 200, text: `{"access_token":"t"}`}
	if _, err := (coze.Service{Base: "https://api.coze.cn", Client: &http.Client{Transport: exchanged}}).Exchange(context.Background(), secret.New("J"), coze.Request{}); err != nil || !exchanged.closed {
		t.Errorf("exchange: %v, closed: %v", err, exchanged.closed)
	}
	redirected := &transport{status: 300}
	service := coze.Service{Base: "https://api.coze.cn", Client: &http.Client{Transport: redirected}}
	if resp, err := service.Do(context.Background(), coze.Call{Method: "GET", Path: "v1"}); resp != nil || !errors.Is(err, coze.ErrRedirect) || !redirected.closed {
		t.Errorf("redirect: %v, closed: %v", err, redirected.closed)
	}
}
