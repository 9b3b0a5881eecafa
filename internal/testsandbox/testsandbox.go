// Package testsandbox serves a sandbox for a test.
package testsandbox

import (
	"net/http/httptest"
	"testing"
	"time"

	"cozejwt/internal/sandbox"
)

// New starts a sandbox, which ends with the test.
func New(t testing.TB) sandbox.Client {
	t.Helper()
	s, err := sandbox.New("", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return sandbox.Client{Base: server.URL}
}
