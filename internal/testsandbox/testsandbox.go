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
	return At(t, time.Now)
}

// At starts a sandbox with a clock, which ends with the test.
func At(t testing.TB, now func() time.Time) sandbox.Client {
	t.Helper()
	s, err := sandbox.New("", now)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return sandbox.Client{Base: server.URL}
}
