package keygen

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"cozejwt/internal/lazyregexp"
)

// readDump reads lines of an offset and 32 or up to 16 bytes in hex.
func readDump(r *reading) {
	lines := dumpLine().FindAllStringSubmatchIndex(r.text, -1)
	if len(lines) < 4 {
		return
	}
	var digits strings.Builder
	for _, m := range lines {
		digits.WriteString(r.text[m[2]:m[3]])
	}
	data, err := hex.DecodeString(strings.NewReplacer(" ", "", "\t", "", "-", "").Replace(digits.String()))
	if begin, end := lines[0][0], lines[len(lines)-1][1]; err == nil && r.inside(data, FlawHex) {
		r.take(begin, end)
	}
}

var dumpLine = lazyregexp.New(`(?m)^[ \t>|]*[0-9a-fA-F]{6,16}:?[ \t]+((?:[0-9a-fA-F]{2}[ \t-]{0,2}){32}|(?:[0-9a-fA-F]{2}[ \t-]{0,2}){1,16})(?:[ \t|].*)?$`)

// readHex reads what is written in hex: 3082…, 30:82:…, 0x30, 0x82.
func readHex(r *reading) {
	for _, at := range runs(r.text, hexRun, 64, 4) {
		digits := strings.NewReplacer("0x", "", "\\x", "").Replace(strings.ToLower(r.text[at[0]:at[1]]))
		digits = strings.Map(func(c rune) rune {
			if strings.ContainsRune("0123456789abcdef", c) {
				return c
			}
			return -1
		}, digits)
		data, err := hex.DecodeString(digits)
		if err == nil && r.inside(data, append(r.before(at[0]), FlawHex)...) {
			r.take(at[0], at[1])
		}
	}
}

var hexRun = lazyregexp.New(`(?:(?:0x|\\x)?[0-9a-fA-F]{2}[\s:,]*)+`)

// readDecimal reads what is written as numbers of bytes: 45,45,… or, with signs, 48,-126,….
func readDecimal(r *reading) {
	for _, at := range runs(r.text, decimalRun, 128, 4) {
		var data []byte
		for _, number := range decimal().FindAllString(r.text[at[0]:at[1]], -1) {
			n, _ := strconv.Atoi(number) // at most three digits
			if n < -128 || n > 255 {
				break
			}
			data = append(data, byte(n))
		}
		if r.inside(data, append(r.before(at[0]), FlawDecimal)...) {
			r.take(at[0], at[1])
		}
	}
}

var (
	decimal    = lazyregexp.New(`-?[0-9]{1,3}`)
	decimalRun = lazyregexp.New(`(?:-?[0-9]{1,3}\s*[,;\s]\s*)+-?[0-9]{1,3}`)
)

// runs returns where the first matches of a pattern are that have a length.
func runs(text string, pattern lazyregexp.Regexp, length, limit int) (found [][]int) {
	for at := 0; at < len(text) && len(found) < limit; {
		m := pattern().FindStringIndex(text[at:])
		if m == nil {
			break
		}
		if m[1]-m[0] >= length {
			found = append(found, []int{at + m[0], at + m[1]})
		}
		at += m[1]
	}
	return found
}

// readBase64 reads what is written in Base64 or base64url, in lines of any length: the whole
// text, or one value in it.
func readBase64(r *reading) {
	starts := [][]int{{len(r.text) - len(strings.TrimLeft(r.text, layout))}}
	starts = append(starts, runs(r.text, base64Run, 32, 64)...)
	done := 0
	for _, at := range starts {
		if at[0] < done || at[0] >= len(r.text) {
			continue
		}
		b := decodeBody(r.text[at[0]:])
		end := at[0] + b.end
		flaws := append(r.before(at[0]), b.flaws...)
		how := FlawBase64
		if isDER(b.data) && inDER(b.data).key != nil {
			how = FlawMarkers // the lines of a PEM alone
		}
		if len(b.data) > 24 && r.inside(b.data, append(flaws, how)...) {
			r.take(at[0], end)
			done = end
		}
	}
}

var base64Run = lazyregexp.New(`[A-Za-z0-9+/_-]+`)

// readEscaped undoes the escapes of the text where nothing else has found a key.
func readEscaped(r *reading) {
	if slices.ContainsFunc(r.finds, func(f find) bool { return f.key != nil }) || !escaped().MatchString(r.original) {
		return
	}
	plain := strings.Map(plainRune, r.original)
	if !strings.ContainsAny(plain, " \n") {
		plain = strings.ReplaceAll(plain, "+", " ") // a query of a URL
	}
	plain = escaped().ReplaceAllStringFunc(plain, func(escape string) string {
		switch c := standsFor(escape); {
		case c != 0:
			return string(c)
		case strings.HasSuffix(escape, "n"):
			return "\n"
		case strings.HasSuffix(escape, "r"), strings.HasSuffix(escape, "t"):
			return " "
		}
		return escape[len(escape)-1:]
	})
	before := r.finds
	if r.finds = nil; r.inside([]byte(plain), FlawEncoded) {
		r.take(0, len(r.text))
	}
	r.finds = append(before, r.finds...)
}

// escaped finds the escapes of secret.Escape that are no tags, with the quotes of strings.
var escaped = lazyregexp.New("\\\\+(?:u00[0-9a-fA-F]{2}|[nrt/\"'\\\\])|`[nrt]|%(?:25)*[0-9a-fA-F]{2}|&(?:amp;)*(?:#x?[0-9a-fA-F]{1,5}|[A-Za-z]{2,8});")
