// Package secret knows private keys and tokens by their text, in every form that people
// have them in, so that none is shown, stored or sent by mistake. Forms is the one table
// of what they look like. It knows no file and no terminal.
package secret

import (
	"net/url"
	"slices"
	"strings"
	"unicode"

	"cozejwt/internal/lazyregexp"
)

// A Kind is what a text holds.
type Kind string

// The kinds.
const (
	None  Kind = ""
	Key   Kind = "key"   // a private key, or a part of one
	Token Kind = "token" // what opens an account: an access token, a JWT
)

// A form is one way in which a secret is written.
type form struct {
	name    string
	kind    Kind
	may     func(text string) bool // whether a text may have the form, known at little cost
	pattern lazyregexp.Regexp
	is      func(match string) bool // nil: each match is one
}

// tokenPrefixes begin Coze's opaque tokens: personal and service ones, those of OAuth, and cztei_,
// which no official page has, but much public code.
var tokenPrefixes = []string{"pat_", "sat_", "czs_", "czu_", "cztei_"}

// BeginsAsToken reports whether a text begins as a token does, of whatever length.
func BeginsAsToken(text string) bool {
	return strings.HasPrefix(text, "eyJ") || slices.ContainsFunc(tokenPrefixes, func(p string) bool { return strings.HasPrefix(text, p) })
}

// has returns whether a text has one of some hints.
func has(hints ...string) func(string) bool {
	return func(text string) bool {
		return slices.ContainsFunc(hints, func(h string) bool { return strings.Contains(text, h) })
	}
}

// hasPEMLine reports whether a text may have the first or the last line of a private key: BEGIN or
// END behind a dash, and after it PRIVATE with nothing between but words and spaces, however they are
// written. The pattern takes a hundred times as long, and most .env files have a name with PRIVATE.
func hasPEMLine(text string) bool {
	for from := 0; ; {
		length := strings.Index(text[from:], "PRIVATE")
		if length < 0 {
			return false
		}
		line := text[from : from+length]
		line = line[1+strings.LastIndexAny(line, "=-:\"'{}()[]|,.$!?*@"):]
		if behindDash().MatchString(line) {
			return true
		}
		from += length + len("PRIVATE")
	}
}

// behindDash finds the word that a line of a PEM begins with: not in BACKEND, but behind %2D.
var behindDash = lazyregexp.New(`(?:^|[^A-CE-Za-ce-z0-9_])(?:BEGIN|END)`)

// hexOfDER reports whether a text may have the DER of a private key in hex. Its pattern begins with
// two digits as many texts have them, and takes fifty times as long.
func hexOfDER(text string) bool { return len(text) > 64 && beginOfDER().MatchString(text) }

var beginOfDER = lazyregexp.New(`30[ :0-9a-fA-F]{2,10}02[ :]?01[ :]?0[01]`)

// jwkValue is the end of a name of a JWK, and a character of its value.
const jwkValue = `(?:["'\\]|&quot;)*\s*:\s*(?:["'\\]|&quot;)+[A-Za-z0-9+/=_-]`

// The last is the only one that is guessed.
var forms = []form{
	// RFC 7468; the label may be of PKCS#8, PKCS#1, SEC 1 or OpenSSH, and the line breaks
	// may be written as \n. A first line alone is no secret, and a public key has none.
	{"PEM", Key, hasPEMLine, lazyregexp.New(firstLine + `(?s:.*?)` + lastLine + `|` + firstLine + `(` + pemBreak + `*[A-Za-z0-9+/=]{12,})+|(` + pemBreak + `*[A-Za-z0-9+/=]{12,})+` + pemBreak + `*` + lastLine), hasBody},
	{"PuTTY", Key, has("PuTTY-User"), lazyregexp.New(`PuTTY-User-Key-File-\d(?s:.*)`), hasBody},
	// Base64 of "-----BEGIN", at each of the three places where a byte can stand.
	{"Base64 of PEM", Key, has("LS0tLS1CRUdJT", "0tLS0tQkVHSU", "tLS0tLUJFR0lO"), lazyregexp.New(`LS0tLS1CRUdJT[A-Za-z0-9+/_=-]{8}|0tLS0tQkVHSU[A-Za-z0-9+/_=-]{8}|tLS0tLUJFR0lO[A-Za-z0-9+/_=-]{8}`), nil},
	// The same of UTF-16, in which dashes are LQAtAC0A again and again.
	{"Base64 of UTF-16", Key, has("LQAtA"), lazyregexp.New(`LQAtA[A-Za-z0-9+/_-]{128,}`), nil},
	// DER of a private key: a SEQUENCE whose first member is the version (RFC 5208,
	// RFC 8017, RFC 5915). A public key or a certificate begins with another SEQUENCE.
	{"Base64 of DER", Key, has("IBA", "AgE", "CAQ"), lazyregexp.New(`(MII[A-Za-z0-9+/_-]{3}IBA[ADz]|MI[GH][A-Za-z0-9+/_-]AgE[ABD]|M[A-Za-z0-9+/_-]{2}CAQ(Aw|EE))[A-Za-z0-9+/_-]{8,}`), nil},
	// The same in hex, with or without something between the bytes.
	{"hex of PEM", Key, has("2d2d", "2D2D"), lazyregexp.New(`(?i:(?:2d){5}424547494e(?:[0-9a-f]{2}|\s){32,})`), nil},
	{"hex", Key, hexOfDER, lazyregexp.New(`\b(?:0x)?30(?:[ :]?8[12])?(?:[ :]?[0-9a-fA-F]{2}){1,2}[ :]?02[ :]?01[ :]?0[01][ :]?(?:30|02|04)(?:[ :\r\n]*[0-9a-fA-F]{2}){32,}`), nil},
	// The same, or "-----B", as numbers of bytes, also with signs.
	{"decimal", Key, has("48", "45"), lazyregexp.New(`\b(?:48(?:[\s,;]+-?[0-9]{1,3}){1,4}[\s,;]+2[\s,;]+1[\s,;]+[01]|(?:45[\s,;]+){5}66)(?:[\s,;]+-?[0-9]{1,3}){32,}`), nil},
	// The same, or any PEM, in lines behind their offsets, as xxd, hexdump and od -t x1 write them.
	{"hex dump", Key, has("30 82", "3082", "2d 2d", "2d2d", "2D 2D", "2D2D"), lazyregexp.New(`(?im)^[ \t]*[0-9a-f]{6,16}:?[ \t]+(?:(?:2d ?){5}42|30 ?8[12])[^\n]*(?:\n[ \t]*[0-9a-f]{6,16}:?[ \t]+[0-9a-f]{2}[^\n]*){3,}`), nil},
	// Keys of OpenSSH (PROTOCOL.key) and the stores of Java without their lines.
	{"Base64 of a store", Key, has("b3BlbnNzaC1rZXktdj", "/u3+7QAAAA", "zs7OzgAAAA"), lazyregexp.New(`(b3BlbnNzaC1rZXktdj|/u3\+7QAAAA|zs7OzgAAAA)[A-Za-z0-9+/_-]{16,}`), nil},
	// RFC 7517 and 7518: d is the private exponent, or the private value of a curve; with one of the
	// others, the public key gives it away. RSAParameters of .NET have the same, in capitals. XML of .NET.
	{"JWK", Key, has("d\"", "d\\", "d:", "d'", "D\"", "D\\", "D:", "D'"), lazyregexp.New(`\b(?:[dD]` + jwkValue + `{40,}|(?:[pqPQ]|d[pq]|D[PQ]|qi|InverseQ)` + jwkValue + `{80,})`), nil},
	{"XML", Key, has("D>", "DP>", "DQ>", "InverseQ>", "D&gt;", "DP&gt;", "DQ&gt;", "InverseQ&gt;"), lazyregexp.New(`(?:<|&lt;)(D|DP|DQ|InverseQ)(?:>|&gt;)[A-Za-z0-9+/=\s]{40,}`), nil},
	// What openssl rsa -text prints.
	{"text of OpenSSL", Key, has("privateExponent:", "prime1:", "prime2:"), lazyregexp.New(`\b(privateExponent|prime[12]|exponent[12]|coefficient):(?:[\s:]*[0-9a-f]{2}){16,}`), nil},
	{"token", Token, has(tokenPrefixes...), lazyregexp.New(`\b(` + strings.Join(tokenPrefixes, "|") + `)[A-Za-z0-9_-]{16,}`), nil},
	{"JWT", Token, has("eyJ"), lazyregexp.New(`\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}`), nil},
	// Base64 of the above, as far as it begins with one.
	{"Base64 of a JWK", Key, has("eyJrdHki"), lazyregexp.New(`\beyJrdHki[A-Za-z0-9+/_=-]{40,}`), nil},
	{"Base64 of a token", Token, has("cGF0X", "c2F0X", "Y3pzX", "Y3p1X", "Y3p0ZWlf", "ZXlK"), lazyregexp.New(`\b(cGF0X|c2F0X|Y3pzX|Y3p1X|Y3p0ZWlf|ZXlK)[A-Za-z0-9+/_=-]{20,}`), nil},
	// A line out of the middle of a key has nothing to know it by but its 64 characters.
	{"line of Base64", Key, func(text string) bool { return len(text) >= 60 }, lazyregexp.New(`(sha\d+[-:])?[A-Za-z0-9+/]{60,}={0,2}`), isRandom},
}

// In returns what a text holds, None for nothing that is known here.
func In(text string) Kind {
	for _, f := range forms { // a line of Base64 last: a token has one too
		if f.find(text) != nil {
			return f.kind
		}
	}
	if !strings.Contains(text, "%") {
		return None
	}
	for _, word := range encoded().FindAllString(text, -1) {
		if decoded, err := url.PathUnescape(word); err == nil && decoded != word && In(decoded) != None {
			return In(decoded)
		}
	}
	return None
}

// encoded finds words with percent-encoding (RFC 3986 §2.1), as a URL has them.
var encoded = lazyregexp.New(`[^\s"'“”<>]*%[0-9A-Fa-f]{2}[^\s"'“”<>]*`)

// hideEncoded hides the words that are a secret once they are decoded.
func hideEncoded(text, mark string) string {
	if !strings.Contains(text, "%") {
		return text
	}
	return encoded().ReplaceAllStringFunc(text, func(word string) string {
		if In(word) != None {
			return mark
		}
		return word
	})
}

// find returns where the form begins and ends in the text, nil for nowhere.
func (f form) find(text string) []int {
	if !f.may(text) {
		return nil
	}
	from := 0
	for {
		at := f.pattern().FindStringIndex(text[from:])
		if at == nil {
			return nil
		}
		begin, end := from+at[0], from+at[1]
		if f.is == nil || f.is(text[begin:end]) {
			return []int{begin, end}
		}
		from = end
	}
}

// Hidden returns the text with each secret in it replaced by mark. A PEM goes from its first
// line to its last, or to the end of the text.
func Hidden(text, mark string) string { return hidden(hideEncoded(text, mark), mark, forms) }

// HiddenInText is Hidden for a page of text, in which a line of Base64 may well be of a
// public key.
func HiddenInText(text, mark string) string { return hidden(text, mark, forms[:len(forms)-1]) }

func hidden(text, mark string, forms []form) string {
	for _, f := range forms {
		var before strings.Builder
		for at := f.find(text); at != nil; at = f.find(text) {
			before.WriteString(text[:at[0]] + mark)
			text = strings.TrimLeft(text[at[1]:], base64Characters)
		}
		text = before.String() + text
	}
	return text
}

// base64Characters are those of both alphabets, the padding, and the dots of a JWT.
const base64Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=."

// The first and the last line of a private key. A line without a dash is a sentence.
var (
	firstLine = pemDash + PEMLine("BEGIN", `(?:[A-Z0-9]+ )*?PRIVATE KEY`)
	lastLine  = pemDash + PEMLine("END", `(?:[A-Z0-9]+ )*?PRIVATE KEY`)
)

// PEMLine returns the pattern of the first or the last line of a PEM (RFC 7468 §2), for the
// word BEGIN or END and the pattern of a label. It also finds a line as an editor, a URL,
// HTML or JSON changes it: other dashes or none, and spaces that are lost or encoded.
func PEMLine(word, label string) string {
	return `(?:` + pemDash + ` ?)*` + word + pemSpace + `*` + strings.ReplaceAll(label, " ", pemSpace+"*") + `(?: ?` + pemDash + `)*`
}

const (
	pemDash  = `(?:[-\x{ad}\x{2010}-\x{2015}\x{2212}\x{2500}\x{fe58}\x{fe63}\x{ff0d}\x{fffd}]|%(?:25)*2[dD]|&#(?:45|x2[dD]);|\\+u002[dD])`
	pemSpace = `(?:[\s\x{a0}_+]|%(?:25)*2[0bB]|&nbsp;|&#(?:32|160|x20|x[aA]0);|\\+u00[2aA]0)`
	// Escape is what stands for a character in a string of JSON or a shell, in PowerShell, in
	// a URL or in HTML, also where it was encoded more than once.
	Escape = "(?:\\\\+(?:u00[0-9a-fA-F]{2}|x[0-9a-fA-F]{2}|[nrtf/])?|`[nrt]|%(?:25)*[0-9a-fA-F]{2}|&(?:amp;)*(?:#x?[0-9a-fA-F]{1,5}|[A-Za-z]{2,8});|<[A-Za-z/][^<>]{0,200}>)"
	// pemBreak is what stands between the lines of a PEM.
	pemBreak = `(?:[\s"',]|` + Escape + `|Proc-Type: 4,ENCRYPTED|DEK-Info: [A-Z0-9-]+,[0-9A-F]+)`
)

// hasBody tells a key from a sentence that quotes the lines of a PEM.
func hasBody(match string) bool { return pemBody().MatchString(match) }

var pemBody = lazyregexp.New(`[A-Za-z0-9+/=]{16,}`)

// isRandom tells a line of a key from a path, a digest and a key that was held down. In
// Base64 of random bytes capitals, small letters and digits alternate all the time: the
// words of a path have their digits together, if any. It seldom has a slash. A digest of
// npm and the like says what it is.
func isRandom(match string) bool {
	if strings.ContainsAny(match, "-:") { // of sha512-…
		return false
	}
	longest := ""
	for _, part := range strings.Split(match, "/") {
		if len(part) > len(longest) {
			longest = part
		}
	}
	changes, last := map[int]int{}, 0 // to each class
	for _, r := range longest {
		if class := classOf(r); class != last {
			changes[class]++
			last = class
		}
	}
	n := len(longest)
	return n >= 16 && changes[digit]*20 >= n && changes[capital]*10 >= n && changes[small]*10 >= n
}

const (
	capital = iota + 1
	small
	digit
	other
)

func classOf(r rune) int {
	switch {
	case unicode.IsUpper(r):
		return capital
	case unicode.IsLower(r):
		return small
	case unicode.IsDigit(r):
		return digit
	}
	return other
}
