//go:build unix

package main

import (
	"bufio"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

// hosts are those that a command tried to contact. Each but this machine is reached by way
// of the proxy that the environment names; on this machine two listeners wait.
type hosts struct {
	proxy, base, other string // URLs: of the proxy, of a base that a file names, of a host that the base redirects to

	mu   sync.Mutex
	seen []string
}

// coze is the one host that needs no question.
const cozeHost = "api.coze.cn:443"

func newHosts(t *testing.T) *hosts {
	t.Helper()
	h := &hosts{}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go h.refuse(listener)
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { h.record("other") }))
	t.Cleanup(other.Close)
	base := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.record("base")
		w.Header().Set("X-Tt-Logid", "L"+osc52)
		if strings.HasSuffix(r.URL.Path, "/token") {
			http.Redirect(w, r, other.URL+r.URL.Path, http.StatusTemporaryRedirect)
			return
		}
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write([]byte(`{"code":4100,"msg":"` + password + ` \u001b]52;c;aHVudGVyMg==\u0007\u202e"}`))
	}))
	t.Cleanup(base.Close)
	h.proxy, h.base, h.other = "http://"+listener.Addr().String(), base.URL, other.URL
	return h
}

// refuse answers each request to a proxy with a no, and remembers whom it was for.
func (h *hosts) refuse(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer func() { _ = conn.Close() }()
			if r, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
				h.record(r.Host)
				_, _ = conn.Write([]byte("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"))
			}
		}()
	}
}

func (h *hosts) record(host string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !slices.Contains(h.seen, host) {
		h.seen = append(h.seen, host)
	}
}

// contacted returns the hosts since the last call.
func (h *hosts) contacted() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	seen := h.seen
	h.seen = nil
	return seen
}

// env sends all to the proxy. Go asks none for this machine.
func (h *hosts) env() []string {
	var env []string
	for _, name := range []string{"HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"} {
		env = append(env, name+"="+h.proxy)
	}
	return append(env, "NO_PROXY=", "no_proxy=")
}

// checkHosts looks at whom a command has contacted: Coze, a listener of this machine that
// the .env names, and a host that only a file names after --yes alone.
func (h *hostile) checkHosts(args []string) {
	h.t.Helper()
	for _, host := range h.hosts.contacted() {
		allowed := host == cozeHost || host == "base" || host == "coze.invalid:443" && slices.Contains(args, "--yes")
		if !allowed || slices.Contains(args, "--offline") {
			h.t.Errorf("%s: contacted %s", strings.Join(args, " "), host)
		}
		h.reached[host] = true
	}
}

// checkReached fails where the watch would not have noticed a host.
func (h *hostile) checkReached() {
	h.t.Helper()
	for _, host := range []string{cozeHost, "base"} {
		if !h.reached[host] {
			h.t.Errorf("no command contacted %s: is it watched?", host)
		}
	}
}
