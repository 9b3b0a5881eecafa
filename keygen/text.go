package keygen

import (
	"encoding/base64"
	"encoding/binary"
	"html"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"cozejwt/internal/lazyregexp"
	"cozejwt/internal/secret"
)

// decodeText makes UTF-8 with plain ASCII spaces and letters of what an editor or a shell saved.
func (r *reading) decodeText(data []byte) {
	text, wide := fromUTF16(data)
	if wide {
		r.flaws = append(r.flaws, FlawUTF16)
	}
	if rest := strings.TrimLeft(text, "\ufeff"); len(rest) != len(text) {
		text = rest
		if !wide {
			r.flaws = append(r.flaws, FlawBOM)
		}
	}
	if strings.Contains(text, "\r") {
		r.flaws = append(r.flaws, FlawWindowsLines)
		if !strings.Contains(text, "\n") {
			text = strings.ReplaceAll(text, "\r", "\n")
		}
	}
	if strings.HasPrefix(text, `{\rtf`) {
		text = fromRTF(text)
		r.flaws = append(r.flaws, FlawEncoded)
	}
	text = colour().ReplaceAllString(text, "")
	r.original = text
	r.text = strings.Map(plainRune, text)
}

// colour is what a terminal shows as a colour, in what a program printed for one (ECMA-48 §8.3.117).
var colour = lazyregexp.New(`\x1b\[[0-9;]*m`)

// fromRTF is the text of a file that TextEdit or WordPad has saved in the Rich Text Format 1.9.
func fromRTF(text string) string {
	text = rtfGroup().ReplaceAllString(text, "")
	return rtfWord().ReplaceAllStringFunc(text, func(word string) string {
		switch {
		case strings.HasSuffix(word, "\n"), strings.HasPrefix(word, `\par`) && !strings.HasPrefix(word, `\pard`), strings.HasPrefix(word, `\line`):
			return "\n"
		case word == `\{`, word == `\}`, word == `\\`:
			return word[1:]
		}
		return ""
	})
}

var (
	rtfGroup = lazyregexp.New(`\{\\(?:\*|fonttbl|colortbl|stylesheet|info)(?:[^{}]|\{[^{}]*\})*\}`) // that is no text
	rtfWord  = lazyregexp.New(`\\\r?\n|\\[a-z]+-?[0-9]* ?|\\'[0-9a-f]{2}|\\.|[{}]`)
)

// fromUTF16 decodes UTF-16 and UTF-32, with a byte order mark or without, and reports
// whether it was one of them. In a key every character is ASCII, and its other bytes are zero.
func fromUTF16(data []byte) (text string, wide bool) {
	for _, w := range []struct {
		mark  string
		size  int
		order binary.ByteOrder
	}{
		{"\xff\xfe\x00\x00", 4, binary.LittleEndian},
		{"\x00\x00\xfe\xff", 4, binary.BigEndian},
		{"\xff\xfe", 2, binary.LittleEndian},
		{"\xfe\xff", 2, binary.BigEndian},
	} {
		if !strings.HasPrefix(string(data), w.mark) && !isWide(data, w.size, w.order) {
			continue
		}
		var runes []rune
		var units []uint16
		for ; len(data) >= w.size; data = data[w.size:] {
			if w.size == 4 {
				runes = append(runes, rune(w.order.Uint32(data)))
			} else {
				units = append(units, w.order.Uint16(data))
			}
		}
		return string(append(runes, utf16.Decode(units)...)), true
	}
	return string(data), false
}

// isWide reports whether most units of the size are ASCII. It looks at the first ones: a key
// is not far from the beginning of its file.
func isWide(data []byte, size int, order binary.ByteOrder) bool {
	units, ascii := min(len(data)/size, 512), 0
	for i := range units {
		unit := data[i*size : (i+1)*size]
		value := uint32(0)
		if size == 4 {
			value = order.Uint32(unit)
		} else {
			value = uint32(order.Uint16(unit))
		}
		if value >= '\t' && value < utf8.RuneSelf {
			ascii++
		}
	}
	return units >= 8 && ascii*10 >= units*8
}

// plainRune makes a space, a line break or an ASCII character of those that look like one
// (full width is U+FF01 to U+FF5E), and nothing of those that are invisible. The bytes of
// Windows-1252 that are no UTF-8 become U+FFFD.
func plainRune(c rune) rune {
	switch {
	case c == '\n', c == '\t', c == '\r', c >= ' ' && c < 0x7f:
		return c
	case c == 0:
		return ' '
	case c == '\v', c == '\f', c == '\u0085', c == '\u2028', c == '\u2029':
		return '\n'
	case c >= '\uff01' && c <= '\uff5e':
		return c - 0xfee0
	case unicode.Is(unicode.Zs, c):
		return ' '
	case unicode.Is(unicode.Cf, c) || unicode.IsControl(c) || unicode.Is(unicode.Mn, c):
		return -1
	}
	return c
}

// A body is what stands between the lines of a PEM.
type body struct {
	data  []byte // decoded
	end   int    // offset of what follows
	bad   int    // offset of what is neither Base64 nor between its lines; -1 for none
	flaws []Flaw
}

// A bodyReader decodes Base64 in one pass.
type bodyReader struct {
	text    string
	at      int
	digits  []byte // of Base64
	need    int    // digits of the DER that it begins with; 0 while that is not known
	outside bool   // of the quotes of a string in a program
	flaws   []Flaw
}

// decodeBody decodes Base64 or base64url up to the end of the DER that it begins with, else
// to what is not Base64. Between the digits there may be what editors, shells and programs
// put between lines: see skip.
func decodeBody(text string) body {
	r := bodyReader{text: text}
	bad := -1
	for r.at < len(text) && (r.need == 0 || len(r.digits) < r.need) {
		if r.digit(text[r.at]) || r.skip() {
			continue
		}
		bad = r.at
		break
	}
	for r.at < len(text) && text[r.at] == '=' {
		r.at++
	}
	digits := r.digits[:len(r.digits)-boolInt(len(r.digits)%4 == 1)]
	data, _ := base64.RawStdEncoding.DecodeString(string(digits))
	return body{data, r.at, bad, r.flaws}
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// digit takes a digit of Base64 or base64url.
func (r *bodyReader) digit(c byte) bool {
	switch {
	case c == '-':
		c = '+'
	case c == '_':
		c = '/'
	}
	if !isWord(c) && c != '/' && (c != '+' || r.outside) {
		return false
	}
	r.digits = append(r.digits, c)
	r.at++
	if len(r.digits) == 8 {
		r.need = digitsOfDER(string(r.digits))
	}
	return true
}

var escapeHere = lazyregexp.New(`^` + secret.Escape)

func isWord(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
}

// skip goes over what may stand between the digits.
func (r *bodyReader) skip() bool {
	c, size := utf8.DecodeRuneInString(r.text[r.at:])
	switch {
	case c == '=' && strings.HasPrefix(r.text[r.at:], "=3D"): // quoted-printable (RFC 2045 §6.7)
		size = 3
	case c == '=' && r.at+1 < len(r.text) && isWord(r.text[r.at+1]): // of a setting, no padding
		return false
	case strings.ContainsRune(" \t\r\n,;=", c):
	case c == '`' && !backtick().MatchString(r.text[r.at:]), c != '`' && strings.ContainsRune(quotes, c):
		r.outside = !r.outside
		r.flaws = append(r.flaws, FlawQuoted)
	case r.outside && strings.ContainsRune("+.&()[]", c):
	case strings.ContainsRune("\\%&<`", c):
		return r.escape()
	default:
		return false
	}
	r.at += size
	return true
}

var backtick = lazyregexp.New("^`[nrt]")

// escape goes over an escape, or takes the digit that it stands for.
func (r *bodyReader) escape() bool {
	found := escapeHere().FindString(r.text[r.at:min(len(r.text), r.at+1000)])
	if found == "" {
		return false
	}
	flaw := FlawEncoded
	if found[0] == '\\' || found[0] == '`' {
		flaw = FlawEscapedNewlines
	}
	if strings.Trim(found, `\`) == "" {
		flaw = FlawQuoted // a line that goes on in the next
	}
	r.flaws = append(r.flaws, flaw)
	r.at += len(found)
	if c := standsFor(found); c == '+' || c == '/' {
		r.digits = append(r.digits, byte(c))
	}
	return true
}

// standsFor returns the character of an escape, 0 for none.
func standsFor(escape string) rune {
	hexDigits := lastHex().FindString(escape)
	switch {
	case strings.HasSuffix(escape, `\/`):
		return '/'
	case escape[0] == '&':
		text := escape[:1] + strings.TrimLeft(strings.ReplaceAll(escape[1:], "amp;", ""), "&")
		c, _ := utf8.DecodeRuneInString(html.UnescapeString(text))
		return c
	case (escape[0] == '\\' || escape[0] == '%') && hexDigits != "":
		value, _ := strconv.ParseUint(hexDigits, 16, 8)
		return rune(value)
	}
	return 0
}

var lastHex = lazyregexp.New(`[0-9a-fA-F]{2}$`)

// oddLine returns the number of the line of Base64 whose length differs from that of the
// others, 0 for none: characters were lost or came in there. First is the number of the first.
func oddLine(text string, first int) int {
	lines := strings.Split(text, "\n")
	counts, common := map[int]int{}, 0
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
		if n := len(lines[i]); n > 0 {
			if counts[n]++; counts[n] > counts[common] {
				common = n
			}
		}
	}
	last := len(lines) - 1
	for ; last > 0 && lines[last] == ""; last-- {
	}
	for i, line := range lines[:last] {
		if line != "" && len(line) != common && counts[common] > 2 {
			return first + i
		}
	}
	return 0
}
