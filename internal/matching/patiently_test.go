package matching

import (
	"context"
	"crypto/rsa"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/exchange"
	"cozejwt/internal/fault"
)

// A patience is a host that learns a key, and what becomes of a grid that is tried there.
type patience struct {
	first, then map[string]*rsa.PublicKey // that the host knows before the pause and after it
	wait        time.Duration
	pause       func() error // what ends it; nil for its time
	rounds      int
	asked       int
	pauses      time.Duration // all together
	works       bool
	err         error
}

// waiting says how the requests to the host wait; slept is the time that they have.
func (p patience) waiting(h *host, slept *time.Duration) exchange.Waiting {
	return exchange.Waiting{
		For: p.wait, Passes: diagnosis.Passes,
		Sleep: func(_ context.Context, pause time.Duration, _ <-chan struct{}) error {
			*slept += pause
			h.keys = p.then
			if p.pause != nil {
				return p.pause()
			}
			return nil
		},
	}
}

func TestAGridWithoutAPairIsTriedOnceMore(t *testing.T) {
	k := privates(3)
	files := []Key{{Path: "0", Private: k[0]}, {Path: "1", Private: k[1]}, {Path: "2", Private: k[2]}}
	a, b := ID{AppID: "7", KeyID: "a"}, ID{AppID: "7", KeyID: "b"}
	unknown := map[string]*rsa.PublicKey{}
	knowsB := map[string]*rsa.PublicKey{"7 b": &k[1].PublicKey}
	others := map[string]*rsa.PublicKey{"7 a": &privates(1)[0].PublicKey} // a key that is nowhere
	cancelled := func() error { return context.Canceled }
	for name, test := range map[string]patience{
		"it is there then":        {unknown, knowsB, 30 * time.Second, nil, 2, 6 + 3, 2 * exchange.Pause, true, nil},
		"it is never there":       {unknown, unknown, 30 * time.Second, nil, 2, 12, 2 * exchange.Pause, false, nil},
		"it was there":            {knowsB, unknown, 30 * time.Second, nil, 1, 3, 0, true, nil},
		"one Key ID is known":     {others, others, 30 * time.Second, nil, 2, 12, 2 * exchange.Pause, false, nil},
		"nothing waits":           {unknown, knowsB, 0, nil, 1, 6, 0, false, nil},
		"a short wait":            {unknown, knowsB, time.Second, nil, 2, 6 + 3, time.Second, true, nil},
		"called off in the pause": {unknown, knowsB, 30 * time.Second, cancelled, 1, 6, 2 * exchange.Pause, false, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			h := &host{keys: test.first, hosts: map[string]bool{}}
			server := httptest.NewServer(h)
			t.Cleanup(server.Close)
			var slept time.Duration
			x := exchange.Exchanger{Now: time.Now, Client: server.Client(), Waiting: test.waiting(h, &slept)}
			rounds, reported := 0, 0
			f := Found{Keys: files, IDs: []ID{a, b}}
			all, err := f.TryPatiently(t.Context(), x, server.URL, credentials.Set{}, func() func(Trial) {
				rounds++
				return func(Trial) { reported++ }
			})
			works := false
			for _, trial := range all {
				works = works || trial.OK()
			}
			if !errors.Is(err, test.err) || works != test.works || len(all) == 0 {
				t.Errorf("it works: %v, %v", works, err)
			}
			if rounds != test.rounds || len(h.asked) != test.asked || reported != test.asked || slept != test.pauses {
				t.Errorf("%d rounds with %d requests, slept %v", rounds, len(h.asked), slept)
			}
			if len(h.hosts) != 1 {
				t.Errorf("asked %v", h.hosts)
			}
		})
	}
}

// What no time cures is not tried again.
func TestOtherRefusalsOfAGridAreFinal(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked++
		refuse(w, http.StatusUnauthorized, "invalid jwt: aud is invalid")
	}))
	t.Cleanup(server.Close)
	f := Found{Keys: []Key{{Path: "0", Private: privates(1)[0]}}, IDs: []ID{{AppID: "7", KeyID: "a"}}}
	x := exchange.Exchanger{Now: time.Now, Client: server.Client(), Waiting: exchange.Waiting{
		For: time.Hour, Passes: diagnosis.Passes,
		Sleep: func(context.Context, time.Duration, <-chan struct{}) error { t.Error("slept"); return nil },
	}}
	quiet := func() func(Trial) { return func(Trial) {} }
	if _, err := f.TryPatiently(t.Context(), x, server.URL, credentials.Set{}, quiet); err != nil || asked != 1 {
		t.Errorf("%v after %d requests", err, asked)
	}
	x.Waiting.Passes = nil
	if _, err := f.TryPatiently(t.Context(), x, "http://127.0.0.1:1", credentials.Set{}, quiet); !errors.Is(err, coze.ErrRefused) || fault.ID(err) == "" {
		t.Errorf("nothing listens: %v", err)
	}
}
