package envfile_test

import (
	"strings"
	"testing"

	"github.com/joho/godotenv"

	"cozejwt/envfile"
)

// FuzzSet: an accepted file is returned byte for byte until it is edited; godotenv
// reads the edited variable with its new value and, in a file without $, the others
// unchanged; a new variable adds one or two lines.
func FuzzSet(f *testing.F) {
	for _, file := range []string{
		"", "A=1\n", "\ufeffA=1\r\nB='x'\r\n", "export A = 'b' # c\n", "A=\"x\ny\"\nKEY=z", "KEY: v\nKEY=w\n",
		"A='it\\'s'\n", "A=$B ${C}\n", "KEY=\"a\" KEY='b'\n", "#\n\n KEY\t=\t v \t# c\n", "A=\u00a0x\n", "KEY=a#b #c #d\r",
	} {
		for _, value := range []string{"v", "", "it's", "a b", "$A", `C:\x`, "配置"} {
			f.Add(file, value)
		}
	}
	f.Fuzz(func(t *testing.T, text, value string) {
		file, err := envfile.Parse([]byte(text))
		if err != nil {
			return
		}
		if got := string(file.Bytes()); got != text {
			t.Fatalf("unedited: %q became %q", text, got)
		}
		before := values(t, text)
		if err := file.Set("KEY", value); err != nil {
			return
		}
		edited := string(file.Bytes())
		after := values(t, edited)
		if after["KEY"] != value {
			t.Errorf("KEY is read as %q, want %q, in %q", after["KEY"], value, edited)
		}
		for name, was := range before {
			if name != "KEY" && after[name] != was && !strings.Contains(text, "$") {
				t.Errorf("%s changed from %q to %q in %q", name, was, after[name], edited)
			}
		}
		if lines := strings.Count(edited, "\n") - strings.Count(text, "\n"); !strings.Contains(text, "KEY") && (lines < 1 || lines > 2) {
			t.Errorf("an appended line made %d lines: %q", lines, edited)
		}
	})
}

func values(t *testing.T, text string) map[string]string {
	t.Helper()
	m, err := godotenv.Unmarshal(strings.TrimPrefix(text, "\ufeff"))
	if err != nil {
		t.Fatalf("godotenv refuses %q: %v", text, err)
	}
	return m
}

// FuzzParse: a file is read as godotenv reads it, comments or not, though it gets them not.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"", "#\n#\n", "# c\nA=1 # d\n#e", "A=\"x\" # c\nB='# no' B=2#3 #4", "A=\r# c\n", "# a\rB=1\n", "A='x\n# c\n'\n", "\u0085# c\nA=1", "A\u00a0=1\n",
		"A=1\r\n# c\r\nB=2\r\n", "export A # c\n", "A: b # c\n#", "A=#x\n", "A= # x\n", "# A=1", "'x=\n#c\n'=",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file, err := envfile.Parse([]byte(text))
		want, refused := godotenv.Unmarshal(strings.TrimPrefix(text, "\ufeff"))
		if err != nil {
			return // our own scan may refuse more
		}
		if refused != nil {
			t.Fatalf("%q is read, which godotenv refuses: %v", text, refused)
		}
		for name, value := range want {
			if got, ok := file.Get(name); !ok || got != value {
				t.Errorf("%q: %s is %q, for godotenv %q", text, name, got, value)
			}
		}
		for _, name := range file.Names() {
			got, ok := file.Get(name)
			if value, is := want[name]; is != ok {
				t.Errorf("%q: %s is %q (%v), for godotenv %q (%v)", text, name, got, ok, value, is)
			}
		}
	})
}
