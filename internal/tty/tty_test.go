package tty

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// hostile are texts that command a terminal or deceive its reader, and what is left.
var hostile = map[string]string{
	"\x1b]52;c;aGk=\x07":         "]52;c;aGk=",
	"\x1b[2Jx":                   "[2Jx",
	"\x9b2Jx":                    "\ufffd2Jx", // C1 as a byte
	"\u009b2Jx":                  "2Jx",       // and as a character
	"a\rb\bc\x7f\x00":            "abc",
	"txt.\u202egpj":              "txt.gpj",
	"a\u200bb\u200d\u2060\ufeff": "ab",
	"\U000e0041":                 "",
	"a\u2028b\u3164":             "ab",
	"a\u2029b\u115f\u1160\uffa0": "ab",
	"a\x7f":                      "a",
	"\x1f\x7f\x80":               "\ufffd",
	"two\nlines\tand 中文 é 👍":     "two\nlines\tand 中文 é 👍",
}

func TestCleanLeavesNothingThatCommands(t *testing.T) {
	for text, want := range hostile {
		if got := Clean(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

func TestLineIsOneLine(t *testing.T) {
	if got := Line("a\nb\tc\r\n\x1b[m\u2028d\u2029"); got != "a b c [m d " {
		t.Errorf("it is %q", got)
	}
}

func TestStyledKeepsStylesAlone(t *testing.T) {
	for text, want := range map[string]string{
		"\x1b[1;36mbold\x1b[0m":                       "\x1b[1;36mbold\x1b[0m",
		"\x1b[08mx":                                   "[08mx",
		"\x1b[0;9;22mx":                               "\x1b[0;9;22mx",
		"\x1b[39;49;90mx":                             "\x1b[39;49;90mx",
		"\x1b[mend":                                   "\x1b[mend",
		"\x1b[38;5;8mgrey\x1b[48;2;5;6;8mx":           "\x1b[38;5;8mgrey\x1b[48;2;5;6;8mx",
		"\x1b[38;5;8;8mx\x1b[48;2;1;2;3;8my":          "[38;5;8;8mx[48;2;1;2;3;8my",
		"\x1b[6mx\x1b[38;8my\x1b[1:8mz\x1b[/m":        "[6mx[38;8my[1:8mz[/m",
		"\x1b[8mhidden\x1b[5;1mblinks":                "[8mhidden[5;1mblinks",
		"\x1b]0;title\x07\x1b[2J\x1b[1A\x1b":          "]0;title[2J[1A",
		"\x1b[1mstyle\x1b[0m\x1b]52;c;aGk=\x1b\\tail": "\x1b[1mstyle\x1b[0m]52;c;aGk=\\tail",
		"no style \u202e":                             "no style ",
		"\x1b[12":                                     "[12",
	} {
		if got := Styled(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

func TestALinkShowsWhereItLeads(t *testing.T) {
	const url = "https://www.coze.cn/open/oauth/apps"
	link := func(id, url, text string) string {
		return ansi.SetHyperlink(url, "id="+id) + text + ansi.ResetHyperlink()
	}
	for _, kept := range []string{link(url, url, url), link(url, url, "\x1b[4m/oauth/apps\x1b[m"), "see " + link(url, url, url) + " and " + link(url, url, "apps")} {
		if got := Styled(kept); got != kept {
			t.Errorf("%q becomes %q", kept, got)
		}
	}
	for name, text := range map[string]string{
		"another text":    link(url, url, "https://www.coze.com"),
		"another id":      link("x", url, url),
		"no page":         link("file:///etc", "file:///etc", "/etc"),
		"a hidden text":   link(url, url, "\x1b[8mapps\x1b[m"),
		"no id":           "\x1b]8;id=;\x07" + ansi.ResetHyperlink(),
		"no address":      "\x1b]8;id=" + url + "\x07" + url + ansi.ResetHyperlink(),
		"an end too few":  ansi.SetHyperlink(url, "id="+url) + url,
		"a turned around": link(url+"\u202e", url+"\u202e", url),
	} {
		if got := Styled(text); strings.Contains(got, "\x1b]8") {
			t.Errorf("%s: %q becomes %q", name, text, got)
		}
	}
}

func TestATerminalGetsCleanTextHoweverItIsCut(t *testing.T) {
	text := "a\x1b[31m\u202eé中👍\n"
	for cut := range len(text) {
		var out bytes.Buffer
		w := &Writer{to: &out, terminal: true}
		for _, part := range []string{text[:cut], text[cut:]} {
			if n, err := fmt.Fprint(w, part); err != nil || n != len(part) {
				t.Fatalf("cut at %d: wrote %d, %v", cut, n, err)
			}
		}
		if got, want := out.String(), "a[31mé中👍\n"; got != want {
			t.Errorf("cut at %d, the terminal gets %q, want %q", cut, got, want)
		}
	}
}

func TestAPipeGetsEveryByte(t *testing.T) {
	var out bytes.Buffer
	w := NewWriter(&out)
	for text := range hostile {
		out.Reset()
		if _, err := fmt.Fprint(w, text); err != nil || out.String() != text {
			t.Errorf("%q becomes %q, %v", text, out.String(), err)
		}
	}
}

func TestASecretIsWrittenOnlyAsAnAnswer(t *testing.T) {
	const token = "pat_0123456789abcdef0123456789"
	for _, terminal := range []bool{true, false} {
		var out bytes.Buffer
		w := &Writer{to: &out, terminal: terminal}
		if n, err := fmt.Fprintln(w, "said:", token); err != nil || n != len("said: "+token+"\n") || out.String() != "said: …\n" {
			t.Errorf("to a terminal %v: wrote %d, %v: %q", terminal, n, err, out.String())
		}
		out.Reset()
		if _, err := fmt.Fprintln(w.Answer(), token); err != nil || out.String() != token+"\n" {
			t.Errorf("to a terminal %v, the answer is %q, %v", terminal, out.String(), err)
		}
	}
}

func TestTrustedTextIsWrittenAsItIs(t *testing.T) {
	var out bytes.Buffer
	w := &Writer{to: &out, terminal: true}
	w.Trusted("\r\x1b[K")
	if out.String() != "\r\x1b[K" {
		t.Errorf("it is %q", out.String())
	}
}

// A character that never ends is not one: the next write shows it as such.
func TestTheBeginningOfACharacterIsNotHeldForEver(t *testing.T) {
	var out bytes.Buffer
	w := &Writer{to: &out, terminal: true}
	fmt.Fprint(w, "\xe4\xb8")
	if out.Len() > 0 {
		t.Errorf("half a character is written as %q", out.String())
	}
	fmt.Fprint(w, "\n")
	if got := out.String(); got != "\ufffd\n" && got != "\ufffd\ufffd\n" {
		t.Errorf("it becomes %q", got)
	}
}

func TestOnlyATerminalIsOne(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "file"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for name, stream := range map[string]any{"a file": file, "a buffer": &bytes.Buffer{}, "its writer": NewWriter(file), "nothing": nil} {
		if Is(stream) {
			t.Errorf("%s is taken for a terminal", name)
		}
	}
	if !Is(&Writer{terminal: true}) {
		t.Error("the writer of a terminal is not taken for one")
	}
}

type full struct{ left int }

func (f *full) Write(p []byte) (int, error) {
	if f.left--; f.left < 0 {
		return 0, fmt.Errorf("no space for %q", p)
	}
	return len(p), nil
}

func TestTheFirstErrorIsKept(t *testing.T) {
	for _, terminal := range []bool{true, false} {
		w := &Writer{to: &full{left: 1}, terminal: terminal}
		if _, err := w.Write([]byte("a")); err != nil || w.Err() != nil {
			t.Errorf("to a terminal %v: %v, kept %v", terminal, err, w.Err())
		}
		for _, text := range []string{"b", "c"} {
			if _, err := w.Write([]byte(text)); err == nil {
				t.Errorf("to a terminal %v: %q was not written, and no error", terminal, text)
			}
		}
		if err := w.Err(); err == nil || !strings.Contains(err.Error(), `"b"`) {
			t.Errorf("to a terminal %v: kept %v", terminal, err)
		}
	}
}

func FuzzClean(f *testing.F) {
	for text := range hostile {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, got := range []string{Clean(text), Line(text)} {
			for _, r := range got {
				if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
					t.Errorf("%q becomes %q, with %U", text, got, r)
				}
			}
			if !utf8.ValidString(got) {
				t.Errorf("%q becomes %q, which is not UTF-8", text, got)
			}
		}
		if styled := Styled(text); strings.Contains(strings.NewReplacer("\x1b[", "", "\x1b]8;", "").Replace(styled), "\x1b") {
			t.Errorf("%q becomes %q", text, styled)
		}
	})
}
