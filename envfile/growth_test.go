package envfile_test

import (
	"fmt"
	"strings"
	"testing"

	"cozejwt/envfile"
	"cozejwt/internal/testgrowth"
)

// shapes are what a .env has many of.
var shapes = map[string]func(i int) string{
	"variables":         func(i int) string { return fmt.Sprintf("A%d=b\n", i) },
	"comments":          func(i int) string { return fmt.Sprintf("# %d\n", i) },
	"the same variable": func(int) string { return "A=b\n" },
	"references":        func(i int) string { return fmt.Sprintf("A%d=$A%d\n", i+1, i) },
	"quoted values":     func(i int) string { return fmt.Sprintf("A%d='b # c'\n", i) },
	"Windows lines":     func(i int) string { return fmt.Sprintf("A%d=b # c\r\n", i) },
	"long lines":        func(i int) string { return fmt.Sprintf("A%d=%s\n", i, strings.Repeat("b", 200)) },
}

func text(line func(i int) string, lines int, end string) []byte {
	var b strings.Builder
	for i := range lines {
		b.WriteString(line(i))
	}
	return []byte(b.String() + end)
}

// ends are how a file goes on after its lines: as it should, and with a line that cannot be read.
var ends = map[string]string{"good": "", "no equals sign": "nonsense\n", "an open quote": "A='b\n", "a bad name": "A-B=c\n", "no name": "=c\n"}

func TestAFileIsReadInProportion(t *testing.T) {
	for name, line := range shapes {
		for end, last := range ends {
			t.Run(name+", "+end, func(t *testing.T) {
				testgrowth.Linear(t, func(lines int) { _, _ = envfile.Parse(text(line, lines, last)) })
			})
		}
	}
}

func BenchmarkGrowthParse(b *testing.B) {
	for name, line := range shapes {
		b.Run(strings.ReplaceAll(name, " ", "_"), func(b *testing.B) {
			testgrowth.Bench(b, "lines", func(_ *testing.B, lines int) func() {
				data := text(line, lines, "")
				return func() { _, _ = envfile.Parse(data) }
			})
		})
	}
}

func BenchmarkGrowthSet(b *testing.B) {
	testgrowth.Bench(b, "lines", func(b *testing.B, lines int) func() {
		data := text(shapes["variables"], lines, "")
		return func() {
			f, err := envfile.Parse(data)
			if err == nil {
				err = f.SetAll(envfile.Pair{Name: "A1", Value: "c"}, envfile.Pair{Name: "B", Value: "c"})
			}
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}
