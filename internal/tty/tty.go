// Package tty is the one gate between text that is not ours and a terminal.
//
// File names, values of a .env, diffs, answers of servers and errors of the system may
// hold bytes that command a terminal (ECMA-48) or change how a line is read. A Writer
// drops them from whatever is written to a terminal, so a caller cannot forget to; what
// the program itself says to the terminal goes through Trusted. It hides secrets as well,
// also in a file or a pipe.
package tty

import (
	"io"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"

	"cozejwt/internal/lazyregexp"
	"cozejwt/internal/secret"
)

// Clean returns s without what could command a terminal or deceive its reader: control
// characters but the line break and the tab, bidirectional controls, characters without
// a width, and the tags and separators that nothing shows. A byte that is not UTF-8
// becomes U+FFFD.
func Clean(s string) string {
	if plain(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if harmful(r) {
			return -1
		}
		return r
	}, s)
}

// Line is Clean for a text that has to stay on one line: what breaks or moves within a
// line becomes a space.
func Line(s string) string {
	return Clean(strings.Map(func(r rune) rune {
		switch r {
		case '\n', '\t', '\u2028', '\u2029':
			return ' '
		}
		return r
	}, s))
}

// plain is the quick answer for most texts.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\n' && c != '\t' || c >= 0x7f {
			return false
		}
	}
	return true
}

// harmful says whether a character is left out. Cf holds the bidirectional controls, the
// characters of no width and the tags (Unicode 4.5 and 23); the fillers are letters that
// look like nothing.
func harmful(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r < 0x7f:
		return r < ' '
	case r == '\u2028' || r == '\u2029' || r == '\u115f' || r == '\u1160' || r == '\u3164' || r == '\uffa0':
		return true
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}

// Styled is Clean for a drawn screen. Its colours and weights stay: ESC [ … m with what
// the styles of this program use (ECMA-48 SGR), which is neither hidden nor blinking
// text. So do links that show their own address, or a part of it.
func Styled(s string) string {
	at := strings.IndexByte(s, '\x1b')
	if at < 0 {
		return Clean(s)
	}
	var b strings.Builder
	for ; at >= 0; at = strings.IndexByte(s, '\x1b') {
		b.WriteString(Clean(s[:at]))
		n := max(sgr(s[at:]), link(s[at:]))
		b.WriteString(s[at : at+n])
		s = s[at+max(n, 1):]
	}
	b.WriteString(Clean(s))
	return b.String()
}

// linkForm is a link (OSC 8) as charmbracelet/x/ansi writes it: its id, its address and its
// text.
var linkForm = lazyregexp.New(`^\x1b\]8;id=([!-~]+);([!-~]+)\x07((?:\x1b\[[0-9;]*m|[ -~])*)\x1b\]8;;\x07`)

// link returns the length of the link that s begins with, 0 for none. The id of a link is
// its address.
func link(s string) int {
	m := linkForm().FindStringSubmatch(s)
	if m == nil || m[1] != m[2] || !strings.HasPrefix(m[1], "http") || !strings.Contains(m[1], ansi.Strip(m[3])) || Styled(m[3]) != m[3] {
		return 0
	}
	return len(m[0])
}

// style is a style sequence: colours of 16, of 256 (5;N) and of all (2;R;G;B), and any other
// parameter but 5, 6 (blinking) and 8 (hidden).
var style = lazyregexp.New(`^\x1b\[(?:` + parameter + `(?:;` + parameter + `)*)?m`)

const parameter = `(?:[34]8;5;[0-9]+|[34]8;2;[0-9]+;[0-9]+;[0-9]+|[0-479]|[1-9][0-9]+)`

// sgr returns the length of the style sequence that s begins with, 0 for none.
func sgr(s string) int { return len(style().FindString(s)) }

// A Writer writes to a stream of the program. Private keys and tokens in what is written
// are hidden; where they are the result itself, they are written through Answer. It
// remembers the first error: a script must not take half a document for a complete one.
type Writer struct {
	to       io.Writer
	terminal bool
	rest     []byte // the beginning of a character whose end was not written yet
	err      error
}

// NewWriter returns the writer of a stream.
func NewWriter(to io.Writer) *Writer { return &Writer{to: to, terminal: Is(to)} }

// Is reports whether a stream is a terminal.
func Is(stream any) bool {
	if w, ok := stream.(*Writer); ok {
		return w.terminal
	}
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(f.Fd())
}

// hiddenMark stands for what is not shown.
const hiddenMark = "…"

// Write writes p without the secrets in it, and to a terminal only what is harmless. The error is
// that of the file.
func (w *Writer) Write(p []byte) (int, error) {
	if text := string(p); secret.HiddenInText(text, hiddenMark) != text {
		_, err := w.answer([]byte(secret.HiddenInText(text, hiddenMark)))
		return len(p), err
	}
	return w.answer(p)
}

// Answer is where a command writes what was asked of it, a token or the answer of a
// server: nothing is hidden, and a file or a pipe gets every byte. A terminal gets what
// is harmless.
func (w *Writer) Answer() io.Writer { return answer{w} }

type answer struct{ w *Writer }

func (a answer) Write(p []byte) (int, error) { return a.w.answer(p) }

func (w *Writer) answer(p []byte) (int, error) {
	if !w.terminal {
		return w.pass(p)
	}
	text := append(w.rest, p...)
	whole := len(text) - unfinished(text)
	w.rest = append([]byte(nil), text[whole:]...)
	if _, err := w.pass([]byte(Clean(string(text[:whole])))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// unfinished is how many bytes at the end of p may be the beginning of a character.
func unfinished(p []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(p); n++ {
		if tail := p[len(p)-n:]; utf8.RuneStart(tail[0]) {
			if utf8.FullRune(tail) {
				return 0
			}
			return n
		}
	}
	return 0
}

// Trusted writes a text of this program as it is, commands to the terminal and all. What
// comes from elsewhere has been through Clean.
func (w *Writer) Trusted(text string) {
	_, _ = w.pass([]byte(text))
}

func (w *Writer) pass(p []byte) (int, error) {
	n, err := w.to.Write(p)
	if err != nil && w.err == nil {
		w.err = err
	}
	return n, err
}

// Err is the first error of the stream.
func (w *Writer) Err() error { return w.err }
