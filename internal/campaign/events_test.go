//go:build campaign && linux

package campaign

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// event is what a key, a paste or a terminal sends, or what neither should.
func event(r *rand.Rand) string {
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	switch r.IntN(20) {
	case 0, 1, 2, 3, 4:
		return pick("\r", "\r", "\r", "\t", "\x1b[Z", " ", "\n")
	case 5, 6:
		return pick("\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[H", "\x1b[F", "\x1b[5~", "\x1b[6~", "\x1b[3~", "\x1b[2~", "\x7f", "\x7f", "\b")
	case 7, 8, 9:
		return pick("e", "y", "n", "r", "d", "v", "f", "a", "l", "c", "o", "s", "?", "/", "j", "k", "g", "G", "1", "2", "3", "4", "7412345678901", "keep")
	case 10:
		return "\x1b" + string(rune(' '+r.IntN(95))) // Alt
	case 11:
		return control(r)
	case 12:
		return fmt.Sprintf("\x1b[1;%d%s", 2+r.IntN(7), pick("A", "B", "C", "D", "H", "F", "P", "Q"))
	case 13:
		return pick("\x1bd", "\x1b\x7f", "\x1bb", "\x1bf", "\x1b\x1b", "\x1b\x1b[C", "\x01", "\x05", "\x0b", "\x15", "\x17", "\x1b[1;5D")
	case 14:
		return pick("é", "界", "👩‍👩‍👧", "e\u0301", "\u202e", "\u200b", "\xff", "\xe7\x95", "\x00", "\u0085", "𐍈")
	case 15:
		return pick("\x1b[", "\x1b", "\x1bO", "\x1b[999;999H", "\x1b]0;title\x07", "\x1b]11;rgb:0000/0000/0000\x1b\\", "\x1bP1$r\x1b\\", "\x1b[?1;2c", "\x1b[<0;5;5M", "\x1b[<64;9999;9999M", "\x1b[M !!", "\x1b[I", "\x1b[O", "\x1b[;;;~", "\x1b[99999999999999999~", "\x1b[27;5;99~", "\x1b[97;5u")
	case 16, 17:
		return "\x1b[200~" + pasted(r, pick) + pick("\x1b[201~", "\x1b[201~", "\x1b[201~", "\x1b[201~", "")
	case 18:
		return fmt.Sprintf("\x1b[%d~", 11+r.IntN(24))
	}
	return string(rune(' ' + r.IntN(95)))
}

// control is a key with Ctrl. Ctrl+C leaves, so that it is seldom.
func control(r *rand.Rand) string {
	c := rune(r.IntN(32))
	if c == 3 && r.IntN(10) > 0 {
		c = 4
	}
	return string(c)
}

func pasted(r *rand.Rand, pick func(...string) string) string {
	if r.IntN(400) == 0 {
		text := pick("a", "界", "\n", "\t", "\x1b[A", "1")
		return strings.Repeat(text, (1<<20)/len(text))
	}
	return pick(fixedApp, fixedKey, " "+fixedApp+"\r\n", "https://api.coze.cn", "a\nb\nc", "", "\x1b]52;c;x\x07", "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----", "\x00\xff", strings.Repeat("long ", 500), "config/private_key.pem", "\u202eabc", "\x1b[201", "七"+fixedApp)
}
