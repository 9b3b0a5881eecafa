package exchange_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/exchange"
	"cozejwt/internal/testkey"
)

// A forgetful host answers the first request of each connection, and closes the connection at the
// second without a word.
type forgetful struct {
	mu         sync.Mutex
	seen       map[string]bool
	assertions map[string]int
	answer     string
}

func (h *forgetful) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	again := h.seen[r.RemoteAddr]
	h.seen[r.RemoteAddr] = true
	h.assertions[r.Header.Get("Authorization")]++
	h.mu.Unlock()
	_, _ = io.Copy(io.Discard, r.Body)
	if again {
		panic(http.ErrAbortHandler)
	}
	w.WriteHeader(http.StatusUnauthorized)
	fmt.Fprint(w, h.answer)
}

func TestAKeptConnectionThatWasClosedIsTriedAgainOnANewOne(t *testing.T) {
	h := &forgetful{seen: map[string]bool{}, assertions: map[string]int{}, answer: `{"error_code":"invalid_client","error_message":"invalid jwt: kid not been registred"}`}
	server := httptest.NewServer(h)
	defer server.Close()
	x := exchange.Exchanger{Now: time.Now, Client: coze.NewClient()}
	for range 3 {
		_, err := x.Exchange(context.Background(), server.URL, coze.Assertion{AppID: testkey.AppID, KeyID: testkey.KeyID}, testkey.New(), coze.Request{})
		if _, refused := errors.AsType[*coze.Refusal](err); !refused {
			t.Errorf("error is %v, want what the host says on a new connection", err)
		}
	}
	for _, times := range h.assertions {
		if times > 1 {
			t.Error("an assertion was sent twice")
		}
	}
	if len(h.assertions) != 5 {
		t.Errorf("%d assertions were sent, want 5", len(h.assertions))
	}
}

func TestAHostThatClosesEachNewConnectionIsAskedOnce(t *testing.T) {
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		asked.Add(1)
		panic(http.ErrAbortHandler)
	}))
	defer server.Close()
	x := exchange.Exchanger{Now: time.Now, Client: coze.NewClient()}
	_, err := x.Exchange(context.Background(), server.URL, coze.Assertion{AppID: testkey.AppID, KeyID: testkey.KeyID}, testkey.New(), coze.Request{})
	if !errors.Is(err, coze.ErrUnreachable) || asked.Load() != 1 {
		t.Errorf("asked %d times: %v", asked.Load(), err)
	}
}
