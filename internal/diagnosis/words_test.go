package diagnosis_test

import (
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

func BenchmarkALongLog(b *testing.B) {
	const line = "2026-11-20 10:00:00 INFO http-nio-8080 handled request /api/users/7 status=200 user=alice\n"
	text := strings.Repeat(line, 1<<20/len(line)) + "kid not been registred"
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		diagnosis.Explain(text, now)
	}
}
