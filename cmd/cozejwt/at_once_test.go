//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/testkey"
)

// A crowdedHost issues a token for each JWT, and counts its requests in flight and its connections.
// It answers the first ones only once as many are in flight as there may be.
type crowdedHost struct {
	*httptest.Server
	arrived, inFlight, most, connections atomic.Int32
}

func newCrowdedHost(t *testing.T) *crowdedHost {
	h := &crowdedHost{}
	full := make(chan struct{})
	h.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer eyJ") { // to see whether this is Coze
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprint(w, `{"error_code":"invalid_client","error_message":"invalid jwt: empty jwt token"}`)
			return
		}
		now := h.inFlight.Add(1)
		defer h.inFlight.Add(-1)
		for most := h.most.Load(); now > most && !h.most.CompareAndSwap(most, now); most = h.most.Load() {
		}
		if h.arrived.Add(1) == coze.MostAtOnce {
			close(full)
		}
		<-full
		_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "x", "token_type": "Bearer", "expires_in": time.Now().Add(time.Hour).Unix()})
	}))
	h.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			h.connections.Add(1)
		}
	}
	h.Start()
	t.Cleanup(h.Close)
	return h
}

// Commands that ask many times ask coze.MostAtOnce times side by side, on as many connections, and
// need few descriptors.
func TestManyRequestsAreMadeSideBySideOnFewConnections(t *testing.T) {
	t.Parallel()
	const profiles = 300 // more than the descriptors
	for _, command := range []string{"profiles --test", "verify --all"} {
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			p, host := newProject(t), newCrowdedHost(t)
			set := func(n int) string {
				return fmt.Sprintf("COZE_CLIENT_ID=%d\nCOZE_PUBLIC_KEY=%s\nCOZE_PRIVATE_KEY_PATH=config/private_key.pem\nCOZE_API_BASE=%s\n", 1_000_000_000_000+n, testkey.KeyID, host.URL)
			}
			p.write(".env", set(0))
			for n := range profiles - 1 {
				p.write(fmt.Sprintf(".env.p%d", n), set(n+1))
			}
			cmd := exec.Command("sh", "-c", "ulimit -n 256; exec \"$0\" "+command+" --json --timeout 1m", build(t, "."))
			cmd.Env, cmd.Dir = p.env, p.dir
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%.2000s", err, out)
			}
			if host.arrived.Load() < profiles || host.most.Load() != coze.MostAtOnce || host.connections.Load() > 2*coze.MostAtOnce { // one that is lost is replaced
				t.Errorf("%d requests, %d in flight at most, on %d connections", host.arrived.Load(), host.most.Load(), host.connections.Load())
			}
		})
	}
}
