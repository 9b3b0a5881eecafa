package formats_test

import (
	"fmt"
	"strings"
	"testing"

	"cozejwt/internal/formats"
	"cozejwt/internal/testgrowth"
	"cozejwt/internal/testkey"
)

// shapes are what a file has many of, beside one set or as sets: each line that it repeats.
var shapes = map[string]struct {
	file, head string
	line       func(i int) string
}{
	"properties":        {"a.properties", "", func(i int) string { return fmt.Sprintf("a.b%d=c\n", i) }},
	"documents":         {"a.properties", "", func(i int) string { return fmt.Sprintf("#---\na.b%d=c\n", i) }},
	"comments":          {"a.properties", "", func(i int) string { return fmt.Sprintf("# %d\n", i) }},
	"sets":              {"a.properties", "", func(i int) string { return aSet("", fmt.Sprintf("coze.a%d.client-id=1%012d", i, i)) }},
	"sets by document":  {"a.properties", "", func(i int) string { return aSet("#---\n", fmt.Sprintf("coze.a%d.client-id=1%012d", i, i)) }},
	"places of an app":  {"a.properties", "", func(i int) string { return fmt.Sprintf("coze.oauth.a%d.app-id=%d\n", i, i) }},
	"variables":         {".env.a", "", func(i int) string { return fmt.Sprintf("A%d=b\n", i) }},
	"the same variable": {".env.a", "", func(int) string { return "A=b\n" }},
	"prefixes": {".env.a", "", func(i int) string {
		return fmt.Sprintf("A%d_COZE_CLIENT_ID=1%012d\nA%d_COZE_PUBLIC_KEY=%s\n", i, i, i, testkey.KeyID)
	}},
	"keys":                 {"a.yaml", "a:\n", func(i int) string { return fmt.Sprintf("  b%d: c\n", i) }},
	"elements":             {"a.yaml", "a:\n", func(i int) string { return fmt.Sprintf("- app-id: '%d'\n", i) }},
	"named values":         {"a.yaml", "env:\n", func(i int) string { return fmt.Sprintf("- name: COZE_A%d_CLIENT_ID\n  value: '%d'\n", i, i) }},
	"objects of a cluster": {"a.yaml", "", func(i int) string { return aSecret(i) }},
	"tables":               {"a.toml", "", func(i int) string { return fmt.Sprintf("[a.b%d]\nc=1\n", i) }},
	"lists of tables":      {"a.toml", "", func(int) string { return "[[a]]\nb=1\n" }},
	"members":              {"a.json", "{", func(i int) string { return fmt.Sprintf("\"a%d\": 1,\n", i) }},
	"lines of notes":       {"a.txt", "", func(i int) string { return fmt.Sprintf("A%d=b\n", i) }},
}

func aSet(before, appID string) string {
	return before + appID + "\n" + strings.Replace(appID[:strings.Index(appID, "=")], "client-id", "public-key", 1) + "=" + testkey.KeyID + "\n"
}

func aSecret(i int) string {
	return fmt.Sprintf("---\nkind: Secret\nmetadata:\n  name: a%d\nstringData:\n  COZE_CLIENT_ID: '1%012d'\n  COZE_PUBLIC_KEY: %s\n", i, i, testkey.KeyID)
}

// text is a file with so many lines of a shape.
func text(shape string, lines int) []byte {
	var b strings.Builder
	b.WriteString(shapes[shape].head)
	for i := range lines {
		b.WriteString(shapes[shape].line(i))
	}
	if shapes[shape].head == "{" {
		b.WriteString("}")
	}
	return []byte(b.String())
}

func TestFilesAreReadInProportion(t *testing.T) {
	for name, s := range shapes {
		t.Run(name, func(t *testing.T) {
			testgrowth.Linear(t, func(lines int) {
				_, _ = formats.Read(s.file, text(name, lines), nil)
			})
		})
	}
}

func BenchmarkGrowthRead(b *testing.B) {
	for name, s := range shapes {
		b.Run(strings.ReplaceAll(name, " ", "_"), func(b *testing.B) {
			testgrowth.Bench(b, "lines", func(_ *testing.B, lines int) func() {
				data := text(name, lines)
				return func() { _, _ = formats.Read(s.file, data, nil) }
			})
		})
	}
}
