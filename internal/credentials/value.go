package credentials

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"cozejwt/internal/fault"
	"cozejwt/internal/lazyregexp"
	"cozejwt/internal/secret"
)

// What a value of a field cannot be. Each is a mistake that people make.
var (
	ErrMissing     = fault.Usage("value.missing")
	ErrIsKeyID     = fault.Usage("value.is_key_id")
	ErrIsAppID     = fault.Usage("value.is_app_id")
	ErrPublicPEM   = fault.Usage("value.public_key")
	ErrPrivatePEM  = fault.Usage("value.private_key")
	ErrKeyText     = fault.Usage("value.key_text")
	ErrMasked      = fault.Usage("value.masked")
	ErrPlaceholder = fault.Usage("value.placeholder")
	ErrPath        = fault.Usage("value.path")
	ErrToken       = fault.Usage("value.token")
	ErrSpaces      = fault.Usage("value.spaces")
	ErrNotAppID    = fault.Usage("value.not_app_id")
	ErrNotKeyID    = fault.Usage("value.not_key_id")
	ErrAppType     = fault.Usage("value.app_type")
	ErrHash        = fault.Usage("value.hash")
	ErrTooLong     = fault.Usage("value.too_long")
	ErrRounded     = fault.Usage("value.rounded")
	ErrBase64      = fault.Usage("value.base64")
	ErrEncoded     = fault.Usage("value.encoded")
)

// The notices for values of a shape that was never seen; they may be right.
var (
	NoticeKeyID = fault.Usage("value.odd_key_id")
	NoticeAppID = fault.Usage("value.odd_app_id")
	NoticeOther = fault.Usage("value.other_id")
	NoticeZeros = fault.Usage("value.zeros")
)

// KeyIDLength is how many characters each Key ID has that was seen.
const KeyIDLength = 43

// longest is how many characters a value may have that can be an ID: twice the longest of any kind,
// and more.
const longest = 128

const (
	digits    = "0123456789"
	base64url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" + digits + "-_" // RFC 4648 §5, without padding
)

// isOf reports whether a value has characters of a set alone, and at least one.
func isOf(set, s string) bool { return s != "" && strings.Trim(s, set) == "" }

var (
	webClientID = lazyregexp.New(`(?i)^[0-9A-Za-z_-]+\.app\.coze$`)
	placeholder = lazyregexp.New(`(?i)^(<.*>|\$\{.*\}|\{.*\}|\[.*\]|x{3,}|.*(your|change.?me|example|placeholder|todo|填写|你的|替换|请输入).*)$`)
	// A variable, a JSON member, or the label that a page has before a value.
	assignment = lazyregexp.New(`^(?:export\s+)?["']?([\p{L}_][\p{L}\p{N}_. -]*?)["']?\s*[=:]\s*(.*)$`)
	keyText    = lazyregexp.New(`MII[A-Za-z0-9+/]{8}|[A-Za-z0-9+/=]{60}|KEY-----|-----END`)                                  // a line of PEM has 64
	hash       = lazyregexp.New(`^(?:[0-9A-Fa-f]{2}[: ]?){32}$|^(?:[0-9A-Fa-f]{2}[: ]?){20}$|^(?:[0-9A-Fa-f]{2}[: ]?){16}$`) // SHA-256, SHA-1, MD5
	rounded    = lazyregexp.New(`^\d(\.\d+)?[eE]\+?\d+$`)                                                                    // what a spreadsheet makes of many digits
	base64ID   = lazyregexp.New(`^[A-Za-z0-9+/_-]{43}$`)
	pathShape  = lazyregexp.New(`^(~|\.{0,2})?[/\\]|^[A-Za-z]:[/\\]|\.pem\d*$`)
)

// IsAppID reports whether s looks like the App IDs seen, of 12, 13 and 21 digits. One of
// another length may be right too.
func IsAppID(s string) bool { return len(s) >= 10 && len(s) <= 24 && isOf(digits, s) }

// IsKeyID reports whether s looks like the Key IDs seen: 43 characters of
// base64url, which are 32 bytes. What bytes, Coze does not document.
func IsKeyID(s string) bool { return len(s) == KeyIDLength && isOf(base64url, s) }

// Clean undoes what a paste brings along: space and line breaks around the
// value, quotes, NAME= or a label before it, full-width characters, invisible
// ones. Of several lines NAME=value the one that names the field is taken.
func Clean(field Field, raw string) string {
	raw = strings.Map(visible, raw)
	if strings.Contains(raw, "-----BEGIN") {
		return strings.TrimSpace(raw)
	}
	lines := strings.FieldsFunc(raw, func(r rune) bool { return r == '\n' || r == '\r' })
	best, labelled := "", false
	for _, line := range lines {
		name, value := split(line)
		if value != "" && (labelled || belongs(field, name)) {
			return value
		}
		labelled = belongs(field, name) || name == "" && isLabel(field, value) // on a line of its own
		if best == "" {
			best = value
		}
	}
	return best
}

// visible drops zero-width and direction characters and makes full-width
// forms (U+FF01 to U+FF5E, U+3000) the ASCII they stand for.
func visible(r rune) rune {
	switch {
	case r >= 0xFF01 && r <= 0xFF5E:
		return r - 0xFF01 + '!'
	case r == 0x3000 || r == 0xA0:
		return ' '
	case unicode.Is(unicode.Cf, r):
		return -1
	}
	return r
}

func split(line string) (name, value string) {
	line = strings.TrimSpace(line)
	if strings.ContainsAny(line, "=:") {
		padded := IsKeyID(strings.TrimRight(line, "=")) || isPadded(line)
		if m := assignment().FindStringSubmatch(line); m != nil && !padded && !strings.HasPrefix(m[2], "//") {
			name, line = m[1], m[2]
		}
	}
	return name, strings.TrimSpace(strings.Trim(strings.TrimSpace(line), "\"'`“”‘’「」『』《》,;，。；、｡ \t"))
}

// isPadded reports whether a text is Base64 that ends in =, and no name before a value that is missing.
func isPadded(s string) bool {
	bytes, err := base64.StdEncoding.DecodeString(s)
	return err == nil && len(bytes) > 8 && strings.HasSuffix(s, "=")
}

// separators are what people write between the words of a name.
var separators = strings.NewReplacer("_", "", "-", "", ".", "", " ", "")

// PlainName is a name without what people write differently: the case and the separators.
func PlainName(name string) string { return separators.Replace(strings.ToLower(name)) }

// belongs tells by the name or label before a value whether it is the field's.
func belongs(field Field, name string) bool {
	name = PlainName(name)
	return slices.ContainsFunc(variable(field).Aliases, func(alias string) bool { return strings.HasSuffix(name, alias) })
}

// IsNameOf reports whether a variable's name may be one for the field, of Coze.
func IsNameOf(field Field, name string) bool {
	return strings.Contains(strings.ToLower(name), "coze") && belongs(field, name)
}

func isLabel(field Field, text string) bool {
	return slices.Contains(variable(field).Aliases, PlainName(text))
}

// Check cleans a value and says whether it can be the field's. The error is a
// mistake that is certain; the notice a doubt that a person may dismiss.
func Check(field Field, raw string) (value string, notice *fault.Fault, err error) {
	row := variable(field)
	if field == Aud {
		return checkAud(raw)
	}
	value = Clean(field, raw)
	if field == AppID || field == KeyID {
		value = unescaped.Replace(strings.TrimRight(value, ".:=")) // of the sentence around it, or padding
	}
	if joined := strings.ReplaceAll(value, " ", ""); field == AppID && isOf(digits, joined) {
		value = joined
	}
	if row.check == nil || value == "" && row.Optional {
		return value, nil, nil
	}
	mistake := mistaken(value)
	if mistake == nil {
		mistake = row.check(value)
	}
	if mistake != nil {
		return value, nil, mistake.With("field", string(field), "flag", field.Flag())
	}
	if row.odd == nil {
		return value, nil, nil
	}
	return value, row.odd(value), nil
}

// unescaped undoes what Markdown needs before some characters of a Key ID.
var unescaped = strings.NewReplacer(`\_`, "_", `\-`, "-")

// Checked lists the required fields whose values have a known shape.
func Checked() []Field {
	var fields []Field
	for _, v := range Variables {
		if v.check != nil && !v.Optional {
			fields = append(fields, v.Field)
		}
	}
	return fields
}

func notAppID(v string) *fault.Fault {
	switch {
	case IsKeyID(v) && !isOf(digits, v):
		return ErrIsKeyID
	case IsAppID(decoded(v)):
		return ErrEncoded.With("right", decoded(v))
	case webClientID().MatchString(v):
		return ErrAppType
	case rounded().MatchString(v):
		return ErrRounded.With("value", v)
	case !isOf(digits, v):
		return ErrNotAppID.With("value", v)
	}
	return nil
}

func notKeyID(v string) *fault.Fault {
	switch {
	case webClientID().MatchString(v):
		return ErrAppType
	case IsAppID(v):
		return ErrIsAppID
	case IsKeyID(decoded(v)):
		return ErrEncoded.With("right", decoded(v))
	case base64ID().MatchString(v) && !isOf(base64url, v):
		return ErrBase64.With("right", toURL.Replace(v))
	case !isOf(base64url, v):
		return ErrNotKeyID.With("value", v)
	}
	return nil
}

// decoded is the text whose Base64 a value is, as in a Secret of Kubernetes; "" for none.
func decoded(v string) string {
	text, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(v, "="))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

// toURL writes Base64 as base64url (RFC 4648 §5).
var toURL = strings.NewReplacer("+", "-", "/", "_")

// oddAppID doubts what was typed too soon or is a number of something else.
func oddAppID(v string) *fault.Fault {
	if len(v) <= 4 && isOf(digits, v) {
		return NoticeAppID.With("value", v)
	}
	if len(v) == 19 && v[0] == '7' && isOf(digits, v) {
		return NoticeOther.With("value", v)
	}
	const kept = 15 // digits, of a number in a spreadsheet; of 21, which are seen, there is no doubt
	if len(v) > kept+2 && len(v) < 21 && isOf(digits, v) && strings.Trim(v[kept:], "0") == "" {
		return NoticeZeros.With("value", v)
	}
	return nil
}

func oddKeyID(v string) *fault.Fault {
	if IsKeyID(v) {
		return nil
	}
	return NoticeKeyID.With("value", v, "count", strconv.Itoa(utf8.RuneCountInString(v)))
}

// mistaken returns the fault of a value that cannot be any id, nil if it may be one.
func mistaken(v string) *fault.Fault {
	switch {
	case v == "":
		return ErrMissing
	case strings.Contains(v, "PRIVATE"):
		return ErrPrivatePEM
	case strings.Contains(v, "-----BEGIN"), strings.HasPrefix(v, "MIIBIjAN"), strings.HasPrefix(v, "MIICIjAN"):
		return ErrPublicPEM // DER of an RSA SubjectPublicKeyInfo begins so
	case secret.BeginsAsToken(v):
		return ErrToken
	case hash().MatchString(v):
		return ErrHash
	case !IsKeyID(v) && !IsKeyID(decoded(v)) && looksLikeKeyText(v):
		return ErrKeyText
	case strings.Contains(v, "***"), strings.ContainsAny(v, "•●…"):
		return ErrMasked
	case !IsKeyID(v) && placeholder().MatchString(v), strings.Trim(v, "xX") == "":
		return ErrPlaceholder
	case pathShape().MatchString(v):
		return ErrPath
	case strings.ContainsFunc(v, unicode.IsSpace):
		return ErrSpaces
	case len(v) > longest:
		return ErrTooLong.With("count", strconv.Itoa(utf8.RuneCountInString(v)))
	}
	return nil
}

// looksLikeKeyText reports whether a value has a line of a key's Base64 in it.
// Base64 of random bytes has many different characters, unlike a key held down.
func looksLikeKeyText(v string) bool {
	if len(v) < 60 && !strings.Contains(v, "MII") && !strings.Contains(v, "-----") {
		return false
	}
	line := keyText().FindString(v)
	different := map[rune]bool{}
	for _, r := range line {
		different[r] = true
	}
	return line != "" && (len(line) < 60 || len(different) > 3)
}
