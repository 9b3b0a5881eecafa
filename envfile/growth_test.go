package envfile_test

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"cozejwt/envfile"
	"cozejwt/internal/testfile"
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

// BenchmarkEdit changes a variable in a file of 100 KB, beside reading and writing the file.
func BenchmarkEdit(b *testing.B) {
	path := testfile.NewFolder(b).Path(".env")
	data := text(func(i int) string { return fmt.Sprintf("SERVICE_%d_URL=https://service-%d.example/path\n", i, i) }, 2_000, "A0=b\n")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		b.Fatal(err)
	}
	b.Run("read_and_write", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			read, err := os.ReadFile(path)
			if err == nil {
				err = os.WriteFile(path, read, 0o600)
			}
			if err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("edit", func(b *testing.B) {
		b.ReportAllocs()
		for n := 0; b.Loop(); n++ {
			f, err := envfile.Load(path)
			before := f.Bytes()
			if err == nil {
				err = errors.Join(f.Set("A0", strconv.Itoa(n)), f.Save(path, before))
			}
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}
