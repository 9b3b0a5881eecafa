package exchange_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/exchange"
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
	for name, test := range map[string]struct {
		base string
		want []exchange.Part
	}{
		"token":           {host(200, `{"access_token":"abcdefghijkl","expires_in":1800000900}`), exchange.Parts},
		"refusal":         {host(401, `{"error_code":"invalid_client","error_message":"no"}`), exchange.Parts[:2]},
		"nothing listens": {"http://127.0.0.1:1", exchange.Parts[:1]},
	} {
		if got := parts(t, test.base); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}
