//go:build unix

package main

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// The refusal of an app that is not authorized stays on the screen until the sandbox lets it in.
func TestWizardTriesAgainOnceTheAppIsAuthorized(t *testing.T) {
	t.Parallel()
	term := start(t, answering, 100, 45, home(t), build(t, "."), "--dir", t.TempDir())
	term.chooseSandbox(7)
	term.wait("COZE_API_BASE=")
	text := term.text()
	base := regexp.MustCompile(`COZE_API_BASE=(http://127\.0\.0\.1:\d+)`).FindStringSubmatch(text)
	app := regexp.MustCompile(`COZE_CLIENT_ID=(\d+)`).FindStringSubmatch(text)
	if base == nil || app == nil {
		t.Fatalf("the review shows no credentials:\n%s", text)
	}
	authorize := func(on bool) {
		t.Helper()
		body := fmt.Sprintf(`{"authorised":%t}`, on)
		r, err := http.NewRequest(http.MethodPatch, base[1]+"/sandbox/apps/"+app[1], strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Fatalf("HTTP %d", resp.StatusCode)
		}
	}
	authorize(false)
	term.press("\r")
	term.wait("the test runs again by itself")
	term.wait("not authorized by the owner")
	authorize(true)
	term.wait("✓ The sandbox issued an access token")
}
