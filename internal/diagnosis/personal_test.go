package diagnosis_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/diagnosis"
	"cozejwt/internal/i18n"
)

func TestAPersonalTokenInATextIsAFinding(t *testing.T) {
	token := "pat_" + strings.Repeat("aB3d", 16)
	for text, want := range map[string]bool{
		token:                           true,
		"{\"token\":\"" + token + "\"}": true,
		`{"log":"{\"token\":\"` + token + `\"}"}`:    true,
		"token: pat_your_token_here_000":             false,
		"code: 4100, msg: authentication is invalid": false,
	} {
		e := diagnosis.Explain(text, time.Now())
		found := slices.ContainsFunc(e.Findings, func(m i18n.Message) bool { return m.ID == "explain.personal_token" })
		if found != want || want && !e.Known() {
			t.Errorf("%q: %v, want %v", text, e.Findings, want)
		}
	}
}
