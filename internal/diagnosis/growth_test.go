package diagnosis_test

import (
	"fmt"
	"strings"
	"testing"

	"cozejwt/internal/diagnosis"
	"cozejwt/internal/testgrowth"
)

// logLines are what logs and pasted texts have many of.
var logLines = map[string]func(i int) string{
	"plain": func(i int) string { return fmt.Sprintf("2026-11-20 10:00:00 INFO handled request %d user=alice", i) },
	"JSON": func(i int) string {
		return fmt.Sprintf(`{"level":"error","msg":"request failed","status":500,"id":%d}`, i)
	},
	"requests":        func(i int) string { return fmt.Sprintf("GET http://10.0.0.1/v1/bots/%d HTTP/1.1", i) },
	"codes":           func(i int) string { return fmt.Sprintf("coze code=%d", 720_700_000+i) },
	"refusals":        func(i int) string { return fmt.Sprintf(`coze {"code":%d,"msg":"no %d"}`, 4000+i, i) },
	"begun sentences": func(i int) string { return fmt.Sprintf("coze code=%d kid not been", 720_700_000+i) },
	"words that begin": func(int) string {
		return strings.Repeat("nil pointer dereference Crypto/IO/PEM.py mbedtls_pk_parse_key ", 30)
	},
	"chained causes":   func(int) string { return "caused by: java.lang.NullPointerException" },
	"calls of unknown": func(i int) string { return fmt.Sprintf("coze POST /v9/x%d 4101", i) },
}

func log(line func(i int) string, lines int) string {
	var b strings.Builder
	for i := range lines {
		b.WriteString(line(i) + "\n")
	}
	return b.String()
}

func TestALogIsExplainedInProportion(t *testing.T) {
	for name, line := range logLines {
		t.Run(name, func(t *testing.T) {
			testgrowth.Linear(t, func(lines int) { diagnosis.Explain(log(line, 200+10*lines), now) })
		})
	}
}

func BenchmarkGrowthExplain(b *testing.B) {
	for name, line := range logLines {
		b.Run(name, func(b *testing.B) {
			testgrowth.Bench(b, "lines", func(_ *testing.B, lines int) func() {
				text := log(line, lines)
				return func() { diagnosis.Explain(text, now) }
			}, 100, 1000, 10_000)
		})
	}
}
