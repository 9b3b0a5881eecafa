package exchange_test

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/exchange"
	"cozejwt/internal/fault"
	"cozejwt/internal/testkey"
)

// parts are those of an exchange with a host that are reported as done.
func parts(t *testing.T, base string) (done []exchange.Part) {
	t.Helper()
	ctx := exchange.WithProgress(context.Background(), func(e exchange.Event) { done = append(done, e.Part) })
	x := exchange.Exchanger{Now: time.Now, Client: coze.NewClient()}
	_, _ = x.Exchange(ctx, base, coze.Assertion{AppID: testkey.AppID, KeyID: testkey.KeyID}, testkey.RSA(), coze.Request{})
	return done
}

func TestTheFirstPartThatIsNotReportedIsTheOneThatFailed(t *testing.T) {
	host := func(status int, body string) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		}))
		t.Cleanup(s.Close)
		return s.URL
	}
	silent := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	t.Cleanup(silent.Close)
	for name, test := range map[string]struct {
		base string
		want []exchange.Part
	}{
		"token":           {host(200, `{"access_token":"abcdefghijkl","expires_in":1800000900}`), exchange.Parts},
		"refusal":         {host(401, `{"error_code":"invalid_client","error_message":"no"}`), exchange.Parts[:2]},
		"no answer":       {silent.URL, exchange.Parts[:2]},
		"nothing listens": {"http://127.0.0.1:1", exchange.Parts[:1]},
	} {
		if got := parts(t, test.base); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

// A host answers a request without a network, and keeps the context that it came with.
type host struct {
	status int
	body   string
	ctx    context.Context
}

func (h *host) RoundTrip(r *http.Request) (*http.Response, error) {
	h.ctx = r.Context()
	return &http.Response{StatusCode: h.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(h.body)), Request: r}, nil
}

// exchanged is an exchange with a host by a clock that goes on a second a look.
func exchanged(ctx context.Context, h *host, key *rsa.PrivateKey, x exchange.Exchanger) (coze.Token, error) {
	now := time.Now()
	x.Now = func() time.Time {
		now = now.Add(time.Second)
		return now
	}
	x.Client = &http.Client{Transport: h}
	return x.Exchange(ctx, coze.CN.Base(), coze.Assertion{AppID: testkey.AppID, KeyID: testkey.KeyID}, key, coze.Request{})
}

func TestWhoRefusesWasReached(t *testing.T) {
	var events []exchange.Event
	ctx := exchange.WithProgress(context.Background(), func(e exchange.Event) { events = append(events, e) })
	h := &host{status: 401, body: `{"error_code":"invalid_client","error_message":"no"}`}
	_, err := exchanged(ctx, h, testkey.RSA(), exchange.Exchanger{})
	if _, refused := errors.AsType[*coze.Refusal](err); !refused {
		t.Errorf("error is %v, want a refusal", err)
	}
	if len(events) != 2 || events[0].Part != exchange.Sign || events[1].Part != exchange.Connect {
		t.Errorf("the parts are %v", events)
	}
	for _, e := range events {
		if e.Elapsed <= 0 {
			t.Errorf("%s took %v", e.Part, e.Elapsed)
		}
	}
}

func TestAKeyThatSignsNothingSendsNothing(t *testing.T) {
	h := &host{status: 200, body: `{"access_token":"abcdefghijkl"}`}
	public := testkey.RSA().PublicKey
	// An exponent of 1 is none: such a key is refused.
	broken := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: public.N, E: 1}, D: testkey.RSA().D}
	token, err := exchanged(context.Background(), h, broken, exchange.Exchanger{})
	if fault.ID(err) != "jwt.sign" || token != (coze.Token{}) {
		t.Errorf("%+v, %v; want that it cannot be signed", token, err)
	}
	if h.ctx != nil {
		t.Error("a request was sent")
	}
}

func TestACallHasTheTimeThatIsSet(t *testing.T) {
	for set, want := range map[time.Duration]time.Duration{0: coze.DefaultTimeout, time.Hour: time.Hour} {
		h := &host{status: 200, body: `{"access_token":"abcdefghijkl"}`}
		began := time.Now()
		if _, err := exchanged(context.Background(), h, testkey.RSA(), exchange.Exchanger{Timeout: set}); err != nil {
			t.Fatal(err)
		}
		deadline, ok := h.ctx.Deadline()
		if !ok || deadline.Before(began.Add(want)) || deadline.After(time.Now().Add(want)) {
			t.Errorf("with a timeout of %v it ends %v after its start", set, deadline.Sub(began))
		}
		if h.ctx.Err() == nil {
			t.Error("its timer runs on after the call")
		}
	}
}
