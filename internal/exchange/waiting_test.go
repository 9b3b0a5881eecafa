package exchange_test

import (
	"context"
	"errors"
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

// A slow host refuses a number of assertions before it grants one.
type slow struct {
	left       int
	message    string
	assertions map[string]bool
}

func (s *slow) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.assertions[r.Header.Get("Authorization")] = true
	if s.left--; s.left >= 0 {
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprintf(w, `{"error_code":"invalid_client","error_message":%q}`, s.message)
		return
	}
	fmt.Fprint(w, `{"access_token":"abcdefghijkl","expires_in":1800000900}`)
}

const passing = "kid not been registred"

func passes(err error) bool {
	refusal, ok := errors.AsType[*coze.Refusal](err)
	return ok && refusal.Message == passing
}

func TestARefusalThatPassesIsTriedAgain(t *testing.T) {
	for name, test := range map[string]struct {
		refusals int
		message  string
		wait     time.Duration
		passes   func(error) bool
		want     []exchange.Try
		granted  bool
	}{
		"granted at once":   {0, passing, 30 * time.Second, passes, nil, true},
		"at the second try": {2, passing, 30 * time.Second, passes, []exchange.Try{{In: exchange.Pause, Number: 1, Of: 6}, {In: exchange.Pause, Number: 2, Of: 6}}, true},
		"at the last try":   {2, passing, 14 * time.Second, passes, []exchange.Try{{In: exchange.Pause, Number: 1, Of: 2}, {In: exchange.Pause, Number: 2, Of: 2}}, true},
		"after the last":    {3, passing, 14 * time.Second, passes, []exchange.Try{{In: exchange.Pause, Number: 1, Of: 2}, {In: exchange.Pause, Number: 2, Of: 2}}, false},
		"a short wait":      {1, passing, 2 * time.Second, passes, []exchange.Try{{In: 2 * time.Second, Number: 1, Of: 1}}, true},
		"no wait":           {1, passing, 0, passes, nil, false},
		"it does not pass":  {1, "aud is invalid", 30 * time.Second, passes, nil, false},
		"none passes":       {1, passing, 30 * time.Second, nil, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			h := &slow{test.refusals, test.message, map[string]bool{}}
			server := httptest.NewServer(h)
			defer server.Close()
			var told []exchange.Try
			var slept []time.Duration
			x := exchange.Exchanger{Now: time.Now, Client: coze.NewClient(), Waiting: exchange.Waiting{
				For: test.wait, Passes: test.passes, Tell: func(try exchange.Try) { told = append(told, try) },
				Sleep: func(_ context.Context, d time.Duration, _ <-chan struct{}) error {
					slept = append(slept, d)
					return nil
				},
			}}
			_, err := x.Exchange(context.Background(), server.URL, coze.Assertion{AppID: testkey.AppID, KeyID: testkey.KeyID}, testkey.RSA(), coze.Request{})
			if (err == nil) != test.granted || !slices.Equal(told, test.want) {
				t.Errorf("error %v, told %v", err, told)
			}
			if len(slept) != len(told) || len(h.assertions) != len(told)+1 {
				t.Errorf("slept %v, %d assertions", slept, len(h.assertions))
			}
		})
	}
}

func TestAPauseIsCalledOffOrCutShort(t *testing.T) {
	server := httptest.NewServer(&slow{1, passing, map[string]bool{}})
	defer server.Close()
	x := exchange.Exchanger{Now: time.Now, Client: coze.NewClient(), Waiting: exchange.Waiting{For: time.Hour, Passes: passes}}
	do := func(ctx context.Context, left int) error {
		server.Config.Handler.(*slow).left = left
		_, err := x.Exchange(ctx, server.URL, coze.Assertion{AppID: testkey.AppID, KeyID: testkey.KeyID}, testkey.RSA(), coze.Request{})
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	x.Waiting.Tell = func(exchange.Try) { stop() }
	if err := do(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("without a screen: %v", err)
	}
	ctx, stop = context.WithCancel(context.Background())
	ctx = exchange.WithTries(ctx, exchange.Tries{Tell: func(*exchange.Try) { stop() }})
	if err := do(ctx, 1); !passes(err) {
		t.Errorf("on a screen: %v, want the refusal", err)
	}
	now, said := make(chan struct{}, 1), []bool{}
	ctx = exchange.WithTries(context.Background(), exchange.Tries{Now: now, Tell: func(try *exchange.Try) {
		said = append(said, try != nil)
		if try != nil {
			now <- struct{}{}
		}
	}})
	if err := do(ctx, 2); err != nil || !slices.Equal(said, []bool{true, false, true, false}) {
		t.Errorf("at once: %v, told %v", err, said)
	}
}

func TestOnceWaitsASingleTime(t *testing.T) {
	broken := errors.New("called off")
	for name, test := range map[string]struct {
		wait  time.Duration
		ended error // of the pause
		again bool
		err   error
		pause time.Duration
	}{
		"a long wait":  {time.Hour, nil, true, nil, 2 * exchange.Pause},
		"a short wait": {time.Second, nil, true, nil, time.Second},
		"no wait":      {0, nil, false, nil, 0},
		"called off":   {time.Hour, broken, false, broken, 2 * exchange.Pause},
	} {
		for _, onScreen := range []bool{false, true} {
			var told []*exchange.Try
			var slept time.Duration
			w := exchange.Waiting{
				For: test.wait, Tell: func(try exchange.Try) { told = append(told, &try) },
				Sleep: func(_ context.Context, pause time.Duration, _ <-chan struct{}) error {
					slept = pause
					return test.ended
				},
			}
			ctx, err := context.Background(), test.err
			if onScreen {
				ctx, err = exchange.WithTries(ctx, exchange.Tries{Tell: func(try *exchange.Try) { told = append(told, try) }}), nil
			}
			again, got := w.Once(ctx)
			if again != test.again || !errors.Is(got, err) || slept != test.pause {
				t.Errorf("%s, on a screen %v: %v, %v after %v", name, onScreen, again, got, slept)
			}
			if test.wait > 0 && (len(told) == 0 || *told[0] != exchange.Try{In: test.pause, Number: 1, Of: 1}) {
				t.Errorf("%s, on a screen %v: told %v", name, onScreen, told)
			}
			if ended := len(told) == 2 && told[1] == nil; ended != (onScreen && test.again) {
				t.Errorf("%s, on a screen %v: the end of the pause is told: %v", name, onScreen, ended)
			}
		}
	}
}
