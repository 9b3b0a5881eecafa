package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"cozejwt/internal/testkey"
)

// A service that answers nobody before all have come shows that profiles are
// checked side by side.
func TestVerifyAllChecksTheProfilesSideBySide(t *testing.T) {
	t.Parallel()
	const profiles = 8
	var waiting atomic.Int32
	all := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if waiting.Add(1) == profiles+1 {
			close(all)
		}
		<-all
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"error_code":"invalid_client","error_message":"invalid jwt: empty jwt token"}`)
	}))
	t.Cleanup(server.Close)
	dir := t.TempDir()
	for n := range profiles + 1 {
		name := ".env"
		if n > 0 {
			name = fmt.Sprintf(".env.p%d", n)
		}
		text := fmt.Sprintf("COZE_CLIENT_ID=123456789012%d\nCOZE_PUBLIC_KEY=%s\nCOZE_PRIVATE_KEY_PATH=k.pem\nCOZE_API_BASE=%s\n", n, testkey.KeyID, server.URL)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out, errs bytes.Buffer
	code := run([]string{"verify", "--all", "--json", "--timeout", "1m", "--dir", dir},
		streams{in: bytes.NewReader(nil), out: &out, err: &errs, getenv: func(string) string { return "" }})
	if code != exitRefused || waiting.Load() < profiles+1 {
		t.Errorf("exit code %d, %d asked\n%s%s", code, waiting.Load(), &out, &errs)
	}
}
