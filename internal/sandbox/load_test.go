package sandbox_test

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/sandbox"
	"cozejwt/internal/secret"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

// Clients that send half a request and wait do not keep others from a token.
func TestSlowClientsHoldNobodyUp(t *testing.T) {
	dir := t.TempDir()
	i, err := sandbox.Serve(dir, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	p := &served{t: t, now: time.Now(), Client: sandbox.Client{Base: i.Base}}
	ctx := context.Background()
	if p.appID, err = p.CreateApp(ctx, "app"); err != nil {
		t.Fatal(err)
	}
	if p.keyID, err = p.AddKey(ctx, p.appID, keygen.EncodePublic(&testkey.RSA().PublicKey)); err != nil {
		t.Fatal(err)
	}
	host := strings.TrimPrefix(p.Base, "http://")
	for n := range 200 {
		conn, err := net.Dial("tcp", host)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "POST /api/permission/oauth2/token HTTP/1.1\r\nHost: %s\r\nX-N: %d\r\nContent-Length: 100\r\n\r\n{", host, n)
	}
	var failed atomic.Int64
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 125 {
				if _, err := p.exchange(p.assertion(), testkey.RSA(), time.Now(), coze.Request{}); err != nil {
					failed.Add(1)
				}
			}
		})
	}
	all.Wait()
	if n := failed.Load(); n > 0 {
		t.Errorf("%d of 1,000 exchanges failed", n)
	}
}

// More changes than a person or a test makes are put off.
func TestChangesAreBounded(t *testing.T) {
	p := newServed(t)
	last := 0
	for range 300 {
		if last, _ = p.call("PATCH", "/sandbox/apps/"+p.appID, "{}"); last == http.StatusTooManyRequests {
			return
		}
	}
	t.Errorf("300 changes at once: HTTP %d", last)
}

// The cost of an exchange, without the network and the reading of HTTP, beside that of the signature alone, which no server
// can do without; heap-MB is what is in use at the end.
func BenchmarkExchange(b *testing.B) {
	b.Run("signature", benchmarkSignature)
	b.Run("sandbox", benchmarkSandbox)
}

func benchmarkSignature(b *testing.B) {
	digest := sha256.Sum256([]byte("x"))
	signature, err := rsa.SignPKCS1v15(nil, testkey.RSA(), crypto.SHA256, digest[:])
	if err != nil {
		b.Fatal(err)
	}
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if rsa.VerifyPKCS1v15(&testkey.RSA().PublicKey, crypto.SHA256, digest[:], signature) != nil {
				b.Fail()
			}
		}
	})
}

func benchmarkSandbox(b *testing.B) {
	now := time.Now()
	var passed atomic.Int64 // time goes by, so that tokens expire
	s, err := sandbox.New("", func() time.Time { return now.Add(time.Duration(passed.Load()) * 50 * time.Millisecond) })
	if err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(s)
	defer server.Close()
	c, ctx := sandbox.Client{Base: server.URL}, context.Background()
	app, err := c.CreateApp(ctx, "app")
	if err != nil {
		b.Fatal(err)
	}
	key, err := c.AddKey(ctx, app, keygen.EncodePublic(&testkey.RSA().PublicKey))
	if err != nil {
		b.Fatal(err)
	}
	signed := signedAhead(b.N, coze.Assertion{AppID: app, KeyID: key, Audience: coze.Audience(server.URL)}, now)
	var next atomic.Int64
	at, err := url.Parse(server.URL + "/api/permission/oauth2/token")
	if err != nil {
		b.Fatal(err)
	}
	body := `{"grant_type":"` + coze.GrantType + `","duration_seconds":60}`
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			i := next.Add(1) - 1
			passed.Store(i)
			r := &http.Request{
				Method: "POST", URL: at, Host: at.Host, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
				Header: http.Header{"Authorization": {"Bearer " + signed[i].Reveal()}}, Body: io.NopCloser(strings.NewReader(body)),
			}
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			if w.Code != http.StatusOK {
				b.Errorf("HTTP %d: %s", w.Code, w.Body)
			}
		}
	})
	b.StopTimer()
	clear(signed)
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapAlloc)/1e6, "heap-MB")
}

// signedAhead are n JWTs, one for each 50 milliseconds from now.
func signedAhead(n int, assertion coze.Assertion, now time.Time) []secret.String {
	signed := make([]secret.String, n)
	var next atomic.Int64
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				signed[i], _ = assertion.Sign(testkey.RSA(), now.Add(time.Duration(i)*50*time.Millisecond))
			}
		})
	}
	all.Wait()
	return signed
}
