//go:build unix

package main

import (
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"cozejwt/internal/i18n"
)

// Whoever leaves at a refusal is told, below the screen, how to come back, in each language.
func TestLeavingAfterARefusalSaysHowToComeBack(t *testing.T) {
	t.Parallel()
	for _, lang := range i18n.Languages {
		t.Run(lang.Code, func(t *testing.T) {
			t.Parallel()
			dir, env := t.TempDir(), home(t)
			coze := &foreignCoze{appID: testAppID}
			server := httptest.NewServer(coze)
			defer server.Close()
			command := []string{"--api-base", server.URL, "--dir", dir, "--lang", lang.Code, "--app-id", testAppID, "--key-id", testKeyID}
			term := start(t, answering, 80, 24, env, build(t, "."), command...)
			step := func(n int) string {
				return map[string]string{"en": "Step ", "zh": "步骤 "}[lang.Code] + strconv.Itoa(n) + "/9"
			}
			term.wait(step(2))
			for _, n := range []int{3, 4, 7} {
				term.press("\r")
				term.wait(step(n))
			}
			term.press("\r")
			term.wait("kid not been registred")
			term.press("q")
			if code := term.exit(); code != 130 {
				t.Errorf("exit code %d", code)
			}
			said := strings.Join(strings.Fields(term.text()), "")
			before, _, _ := strings.Cut(lang.Text("left.env_refused", "path", ".env"), "cozejwt")
			for _, want := range []string{before + "cozejwt", "cozejwt verify"} {
				if !strings.Contains(said, strings.Join(strings.Fields(want), "")) {
					t.Errorf("it does not say %q:\n%s", want, term.text())
				}
			}
		})
	}
}
