//go:build campaign && unix

package campaign

import (
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A way is how a command is to reach the service. Safe says that a token may come back by it.
type way struct {
	name string
	base string
	env  []string
	safe bool
}

// proxyPassword may be in no message.
const proxyPassword = "campaign-proxy-password"

// TestWays reaches for the service over TLS that is not to be trusted, by proxies that answer as
// none should, and by odd bases. Nothing is sent by a way that is not safe.
func TestWays(t *testing.T) {
	c, r := begin(t, "network, ways"), random("ways")
	w := newWorld(t)
	w.working()
	var sent atomic.Int64
	ways := slices.Concat(secured(t, &sent), proxied(t), based())
	slices.SortFunc(ways, func(a, b way) int { return strings.Compare(a.name, b.name) })
	var running sync.WaitGroup
	slots := make(chan bool, 6) // most of them wait
	for _, way := range ways {
		for _, n := range r.Perm(len(reaching))[:sized(1, len(reaching))] {
			slots <- true
			running.Go(func() {
				c.did(reaching[n][0]+": "+way.name, w.reaches(way, reaching[n]))
				<-slots
			})
		}
	}
	running.Wait()
	if sent.Load() > 0 {
		t.Errorf("%d requests were sent", sent.Load())
	}
}

// reaching are commands that reach for the service.
var reaching = [][]string{{"token"}, {"verify", "--json"}, {"api", "/v1/workspaces"}}

func (w *world) reaches(way way, args []string) (wrong []string) {
	r, used := w.measure(way.env, slices.Concat(args, []string{"--timeout", "1s", "--api-base", way.base})...)
	wrong = excess(r, used, maxMemory)
	if way.safe != (r.code == 0) || !slices.Contains([]int{0, 2, 3, 4}, r.code) {
		wrong = append(wrong, fmt.Sprintf("exit code %d\n%s", r.code, r.all()))
	}
	if strings.Contains(r.all(), proxyPassword) {
		wrong = append(wrong, "the proxy's password is printed")
	}
	return wrong
}

// secured are servers that speak TLS, most of them not as they should.
func secured(t *testing.T, sent *atomic.Int64) (all []way) {
	issue := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { sent.Add(1) })
	serve := func(change func(*httptest.Server)) *httptest.Server {
		s := httptest.NewUnstartedServer(issue)
		s.Config.ErrorLog = log.New(io.Discard, "", 0)
		s.TLS = &tls.Config{MinVersion: tls.VersionTLS10}
		change(s)
		s.StartTLS()
		t.Cleanup(s.Close)
		return s
	}
	plain := serve(func(*httptest.Server) {})
	good := serve(func(s *httptest.Server) { // like Coze, to each command
		s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.Contains(r.URL.Path, "oauth2") && len(r.Header.Get("Authorization")) < 300 { // no JWT
				answered(401, `{"error_code":"invalid_request","error_message":"invalid request"}`)(w, r)
				return
			}
			answered(200, token())(w, r)
		})
	})
	trusted := filepath.Join(t.TempDir(), "ca.pem")
	must(t, os.WriteFile(trusted, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: plain.Certificate().Raw}), 0o600))
	trust := []string{"SSL_CERT_FILE=" + trusted, "SSL_CERT_DIR=/nonexistent"}
	_, port, _ := net.SplitHostPort(plain.Listener.Addr().String())
	old := serve(func(s *httptest.Server) { s.TLS.MaxVersion = tls.VersionTLS11 })
	client := serve(func(s *httptest.Server) { s.TLS.ClientAuth = tls.RequireAnyClientCert })
	noTLS := httptest.NewServer(issue)
	t.Cleanup(noTLS.Close)
	all = []way{
		{"a certificate that is trusted", good.URL, trust, true},
		{"a certificate that nobody signed", plain.URL, nil, false},
		{"a certificate of another host", "https://localhost:" + port, trust, false},
		{"TLS 1.1", old.URL, trust, false},
		{"a certificate of the client wanted", client.URL, trust, false},
		{"no TLS", "https://" + noTLS.Listener.Addr().String(), nil, false},
		{"a file of certificates that is none", plain.URL, []string{"SSL_CERT_FILE=/dev/null", "SSL_CERT_DIR=/nonexistent"}, false},
		{"no file of certificates", plain.URL, []string{"SSL_CERT_FILE=/nonexistent", "SSL_CERT_DIR=/nonexistent"}, false},
	}
	for name, text := range map[string]string{"nothing": "", "an alert": "\x15\x03\x03\x00\x02\x02\x28", "half a record": "\x16\x03\x03\x40\x00\x02", "garbage": strings.Repeat("\xff", 100), "a long record": "\x16\x03\x03\xff\xff" + strings.Repeat("a", 70_000)} {
		for _, stalls := range []bool{false, true} {
			all = append(all, way{fmt.Sprintf("%s in place of a handshake, stalls: %v", name, stalls), "https://" + listening(t, text, stalls), nil, false})
		}
	}
	return all
}

// proxied are proxies, for a host that nobody has.
func proxied(t *testing.T) (all []way) {
	const base = "https://coze.invalid"
	ok := "HTTP/1.1 200 Connection established\r\n\r\n"
	for name, text := range map[string]string{
		"nothing": "", "200, then nothing": ok, "200, then garbage": ok + strings.Repeat("\xff", 100), "200, then a page": ok + "HTTP/1.1 200 OK\r\n\r\n<html>",
		"200 with a body": "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "407": "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"\x1b[2J\"\r\n\r\n",
		"403 with a page": "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\n\r\n<html>\x1b]0;x\x07", "302": "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n", "502": "HTTP/1.1 502 \u202eBad\r\n\r\n",
		"no HTTP": "SSH-2.0-x\r\n", "half a status line": "HTTP/1.1 20", "endless headers": "HTTP/1.1 200 OK\r\n" + strings.Repeat("A: b\r\n", 500_000), "101": "HTTP/1.1 101 Switching\r\n\r\n",
	} {
		for _, stalls := range []bool{false, true} {
			proxy := "HTTPS_PROXY=http://user:" + proxyPassword + "@" + listening(t, text, stalls)
			all = append(all, way{fmt.Sprintf("a proxy that says %s, stalls: %v", name, stalls), base, []string{proxy}, false})
		}
	}
	for _, url := range []string{
		"::", "http://", "127.0.0.1:1", "http://user:" + proxyPassword + "@127.0.0.1:1", "socks5://user:" + proxyPassword + "@127.0.0.1:1", "ftp://user:" + proxyPassword + "@127.0.0.1",
		"http://[::1", "http://user:" + proxyPassword + "@127.0.0.1:999999", "http://user:" + proxyPassword + "%zz@h", "\x1b[2J", "https://user:" + proxyPassword + "@127.0.0.1:1", "http://\u202eh:1",
	} {
		all = append(all, way{fmt.Sprintf("the proxy %q", url), base, []string{"HTTPS_PROXY=" + url}, false})
	}
	return all
}

// based are bases that are none, or that nobody serves.
func based() (all []way) {
	for _, base := range []string{
		"http://api.coze.cn", "http://127.0.0.1.evil.example", "http://localhost.evil.example", "http://127.0.0.1@evil.example", "http://2130706433", "http://0x7f.1", "http://[::ffff:8.8.8.8]",
		"ftp://127.0.0.1", "file:///etc/passwd", "javascript:1", "//127.0.0.1", "127.0.0.1", ":", "::", "https://", "https:///", "https://:443", "https://[::1", "https://127.0.0.1:99999", "https://127.0.0.1:-1",
		"https://127.0.0.1:0", "https://127.0.0.1:1", "https://user:pw@127.0.0.1:1", "https://127.0.0.1:1?a=b", "https://127.0.0.1:1#a", "https://127.0.0.1:1/%zz", "https://127.0.0.1:1/../..", "https://a b", "https://a\nb",
		"https://a\x1b[2J", "https://\u202ea", "https://\xff", "https://" + strings.Repeat("a", 8_000), "https://" + strings.Repeat("a.", 4_000) + "invalid", "https://host.invalid", "HTTPS://127.0.0.1:1", " https://127.0.0.1:1 ",
		"https://%31%32%37.0.0.1:1", "https://127.0.0.1:1/" + strings.Repeat("a/", 4_000), "https://[fe80::1%25lo]:1", "https://0:1", "https://界.invalid",
	} {
		all = append(all, way{fmt.Sprintf("the base %.60q", base), base, nil, false})
	}
	return all
}

// listening is the address of a server that sends a text to whoever connects, once it was sent
// something, and then closes the connection, or stalls.
func listening(t *testing.T, text string, stalls bool) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				_ = conn.SetDeadline(time.Now().Add(patience))
				_, _ = conn.Read(make([]byte, 4096))
				_, _ = io.WriteString(conn, text)
				if stalls {
					_, _ = io.Copy(io.Discard, conn)
				}
			}()
		}
	}()
	return l.Addr().String()
}
