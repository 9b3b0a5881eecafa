package tui

import (
	"strings"
	"testing"

	"cozejwt/internal/wrap"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/x/ansi"
)

func TestAMarkHangsBesideItsText(t *testing.T) {
	want := "✗ one two\n  three"
	for name, got := range map[string]string{
		"hanging": wrap.Hanging("✗ ", "one two three", 10), "marked": marked(bad, "✗ ", "one two three", 10), "strong": strong(bad, "✗ ", "one two three", 10),
	} {
		if ansi.Strip(got) != want {
			t.Errorf("%s: it is %q", name, got)
		}
	}
}

func TestAPEMBlockFitsTheScreen(t *testing.T) {
	block := "-----BEGIN X-----\nabcdefghij\nklmno\n-----END X-----\n"
	for width, want := range map[int]string{
		10: block, 40: block,
		9: "-----BEGIN X-----\nabcdefghi\njklmno\n-----END X-----\n",
		4: "-----BEGIN X-----\nabcd\nefgh\nijkl\nmno\n-----END X-----\n",
	} {
		if got := wrapPEM(block, width); got != want {
			t.Errorf("at %d it is %q", width, got)
		}
	}
	if got := wrapPEM("a long line\nand another", 4); got != "a long line\nand another" {
		t.Errorf("what is no block is %q", got)
	}
}

func TestALinkHidesTheSession(t *testing.T) {
	got := link("http://127.0.0.1:1/apps?session=SECRET", 20)
	if ansi.Strip(got) != "http://127.0.0.1:1/a\npps" {
		t.Errorf("it shows %q", ansi.Strip(got))
	}
	if strings.Count(got, ";http://127.0.0.1:1/apps?session=SECRET") != 2 {
		t.Errorf("each piece does not lead to the whole address: %q", got)
	}
}

func TestTextIsPlacedOnTheScreen(t *testing.T) {
	for name, test := range map[string]struct{ got, want string }{
		"indented":          {indent("a\nb", 2), "  a\n  b"},
		"not indented":      {indent("a\nb", 0), "a\nb"},
		"clipped":           {clip("abc\nd\ne", 2, 2), "a…\nd"},
		"a line at least":   {clip("abc\nd", 3, 0), "abc"},
		"nothing to clip":   {clip("abc\nd", 3, 5), "abc\nd"},
		"trimmed":           {trimLines("a  \n b \n"), "a\n b\n"},
		"beside":            {beside([]string{"x", "yy"}, "a\nb\nc", 3), "x  a\nyy b\n   c"},
		"beside fewer rows": {beside([]string{"x", "y", "z"}, "a", 2), "x a\ny \nz "},
		"no room beside":    {beside([]string{"long"}, "a", 2), "longa"},
	} {
		if test.got != test.want {
			t.Errorf("%s: it is %q, want %q", name, test.got, test.want)
		}
	}
	for text, want := range map[string]int{"": 1, "a": 1, "a\n": 1, "a\nb": 2, "a\nb\n": 2} {
		if got := lines(text); got != want {
			t.Errorf("%q has %d lines, want %d", text, got, want)
		}
	}
}

func TestTheKeysTakeAsManyLinesAsTheyNeed(t *testing.T) {
	bind := func(k string) key.Binding { return key.NewBinding(key.WithKeys(k), key.WithHelp(k, "does")) }
	keys := []key.Binding{bind("a"), bind("b"), bind("c")}
	for width, want := range map[int]string{
		60: "a does · b does · c does", 24: "a does · b does · c does",
		23: "a does · b does\nc does", 15: "a does · b does\nc does", 14: "a does\nb does\nc does", 2: "a does\nb does\nc does",
	} {
		if got := ansi.Strip(helpLines(newHelp(), keys, width)); got != want {
			t.Errorf("at %d they are %q", width, got)
		}
	}
	if got := helpLines(newHelp(), nil, 60); got != "" {
		t.Errorf("no keys are %q", got)
	}
}

func TestATerminalWithoutUnicodeGetsStandIns(t *testing.T) {
	for name, test := range map[string]struct {
		env  map[string]string
		want string
	}{
		"nothing is known":      {nil, "✓ →"},
		"the Linux console":     {map[string]string{"TERM": "linux", "LANG": "en_US.UTF-8"}, "+ >"},
		"an emulator":           {map[string]string{"TERM": "xterm", "LANG": "en_US.UTF-8"}, "✓ →"},
		"locale C":              {map[string]string{"LANG": "C"}, "+ >"},
		"locale POSIX":          {map[string]string{"LC_CTYPE": "POSIX"}, "+ >"},
		"the first one decides": {map[string]string{"LC_ALL": "en_US.UTF-8", "LANG": "C"}, "✓ →"},
		"LC_ALL":                {map[string]string{"LC_ALL": "C", "LC_CTYPE": "en_US.UTF-8"}, "+ >"},
	} {
		if got := Portable("✓ →", func(n string) string { return test.env[n] }); got != test.want {
			t.Errorf("%s: it is %q", name, got)
		}
	}
}
