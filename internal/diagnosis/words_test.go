package diagnosis_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"cozejwt/internal/diagnosis"
)

func TestEachSentenceCanBeLookedUp(t *testing.T) {
	if ids := diagnosis.ShortLiterals(); len(ids) > 0 {
		t.Errorf("no literal of three bytes is in each text that %q match", ids)
	}
}

// A sentence is found in the first and the last line, in any case, and anywhere in a very long line.
func TestASentenceIsFoundInALongText(t *testing.T) {
	const line, said = "2026-11-20 10:00:00 INFO handled request status=200 code=0 msg=ok\n", "Kid not been RegistreD"
	far := strings.Repeat("x ", 3000)
	for name, text := range map[string]string{
		"first":              said + "\n" + strings.Repeat(line, 500),
		"last":               strings.Repeat(line, 500) + said,
		"in between":         strings.Repeat(line, 500) + said + "\n" + strings.Repeat(line, 500),
		"one long line":      far + said + far,
		"at its end":         far + said,
		"its second literal": "not been regist" + far + said + far,
		"soon after another": "not been regist" + far[:1400] + said + far,
		"other alphabets":    strings.Repeat("\u212a\u0130 ", 50) + said,
	} {
		if got := order(diagnosis.Explain(text, now).Causes); !strings.HasPrefix(got, "kid.") {
			t.Errorf("%s: causes are %s", name, got)
		}
	}
}

// Some sentences are known by two lines.
func TestASentenceMayTakeSomeLines(t *testing.T) {
	const first, last = "java.lang.NullPointerException: null\n", "\tat com.coze.openapi.service.auth.JWTOAuth.getRefreshBefore(JWTOAuth.java:62)"
	const between = "\tat java.base/java.lang.Thread.run(Thread.java:1583)\n"
	for n, want := range []string{"sdk.ttl", "sdk.ttl", "sdk.ttl", ""} {
		if got := order(diagnosis.Explain("x\n"+first+strings.Repeat(between, n)+last+"\nx", now).Causes); got != want {
			t.Errorf("%d lines between: causes are %s, want %s", n, got, want)
		}
	}
}

// A look-up finds each pattern where a search of the lines for it alone does.
func TestALookUpFindsWhatASearchFinds(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	parts := append(diagnosis.Literals(), between...)
	for range 250 {
		var text strings.Builder
		for range 1 + r.IntN(12) {
			part := parts[r.IntN(len(parts))]
			if r.IntN(4) == 0 {
				part = strings.ToUpper(part)
			}
			text.WriteString(part)
			if r.IntN(2) == 0 {
				text.WriteString(between[r.IntN(len(between))])
			}
		}
		checkLookUp(t, text.String())
	}
}

// between is what stands between the words of errors.
var between = []string{
	" ", "\n", ":", "=", `"`, `\"`, "'", ": ", "://", "=> ", ", ", "_", "-", ".", "[", "{", "}", "@", "(", "?", "s", "x", "了", "：", "错", "\xe4",
	"\u00a0", "\r\n", "\t", "7", "4101", "100", "720701002", "1732100000", "1732100000123", "20250223145719591EF28CF6EC0DB6BA51",
	"api.coze.cn", "example.com", "/v3/chat", "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiI3In0", "bearer ", "Authorization: ", "GET /v1/x HTTP/1.1", "int(",
	"code", "msg", "message", "error", "invalid", "token", "not", "is", "the", "key", "id", "of", "in", "at ",
}

func FuzzLookUp(f *testing.F) {
	f.Add("error_code: 4101, msg: no\nhost: api.coze.cn")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) < 1000 { // as far as a line counts
			checkLookUp(t, text)
		}
	})
}

func checkLookUp(t *testing.T, text string) {
	t.Helper()
	for _, difference := range diagnosis.DifferencesIn(text) {
		t.Errorf("%q: %s", text, difference)
	}
}

func BenchmarkALongLog(b *testing.B) {
	const line = "2026-11-20 10:00:00 INFO http-nio-8080 handled request /api/users/7 status=200 user=alice\n"
	text := strings.Repeat(line, 1<<20/len(line)) + "kid not been registred"
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		diagnosis.Explain(text, now)
	}
}
