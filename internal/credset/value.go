package credset

import (
	"encoding/base64"
	"regexp"
	"strings"
	"unicode"

	"cozejwt/internal/fault"
)

// Field says which value of a set is meant.
type Field string

// The fields that people type or paste.
const (
	AppIDField Field = "app_id"
	KeyIDField Field = "key_id"
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
)

// The notices for a value of a shape that was never seen; it may be right.
var (
	NoticeAppID = fault.Usage("value.odd_app_id")
	NoticeKeyID = fault.Usage("value.odd_key_id")
)

var (
	appIDShape  = regexp.MustCompile(`^[0-9]{12,13}$`) // those seen
	keyIDShape  = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)
	placeholder = regexp.MustCompile(`(?i)^(<.*>|\$\{.*\}|\{.*\}|\[.*\]|x{3,}|.*(your|change.?me|example|placeholder|todo|填写|你的|替换|请输入).*)$`)
	assignment  = regexp.MustCompile(`^(?:export\s+)?["']?([A-Za-z_][A-Za-z0-9_.-]*)["']?\s*[=:]\s*(.*)$`)
	keyText     = regexp.MustCompile(`MII[A-Za-z0-9+/]{8}|[A-Za-z0-9+/=]{60}|KEY-----|-----END`) // a line of PEM has 64
	pathShape   = regexp.MustCompile(`^(~|\.{0,2})?[/\\]|^[A-Za-z]:[/\\]|\.pem\d*$`)
)

// IsAppID reports whether s looks like the App IDs seen: 12 or 13 digits.
func IsAppID(s string) bool { return appIDShape.MatchString(s) }

// IsKeyID reports whether s looks like the Key IDs seen: 43 characters of
// base64url, which are 32 bytes. What bytes, Coze does not document.
func IsKeyID(s string) bool {
	b, err := base64.RawURLEncoding.DecodeString(s)
	return err == nil && len(b) == 32 && keyIDShape.MatchString(s)
}

// Clean undoes what a paste brings along: space and line breaks around the
// value, quotes, NAME= before it, full-width characters, invisible ones. Of
// several lines NAME=value the one that names the field is taken.
func Clean(field Field, raw string) string {
	raw = strings.Map(visible, raw)
	if strings.Contains(raw, "-----BEGIN") {
		return strings.TrimSpace(raw)
	}
	lines := strings.FieldsFunc(raw, func(r rune) bool { return r == '\n' || r == '\r' })
	best := ""
	for _, line := range lines {
		name, value := split(line)
		if belongs(field, name) {
			return value
		}
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
	if m := assignment.FindStringSubmatch(line); m != nil && !strings.HasPrefix(m[2], "//") {
		name, line = m[1], m[2]
	}
	return name, strings.TrimSpace(strings.Trim(strings.TrimSpace(line), "\"'`“”‘’「」,; \t"))
}

// belongs tells by a variable's or a JSON member's name which field it holds.
func belongs(field Field, name string) bool {
	name = strings.ToLower(strings.NewReplacer("_", "", "-", "", ".", "").Replace(name))
	if name == "" {
		return false
	}
	isApp := strings.HasSuffix(name, "clientid") || strings.HasSuffix(name, "appid") || name == "iss"
	isKey := strings.HasSuffix(name, "publickey") || strings.HasSuffix(name, "publickeyid") || strings.HasSuffix(name, "keyid") || name == "kid"
	return field == AppIDField && isApp || field == KeyIDField && isKey
}

// Check cleans a value and says whether it can stand in the field. The error
// is a mistake that is sure; the notice a doubt that a person may pass over.
func Check(field Field, raw string) (value string, notice *fault.Fault, err error) {
	value = Clean(field, raw)
	if mistake := mistaken(field, value); mistake != nil {
		return value, nil, mistake.With("field", string(field), "flag", "--"+strings.ReplaceAll(string(field), "_", "-"))
	}
	switch {
	case field == AppIDField && !IsAppID(value):
		return value, NoticeAppID.With("value", value), nil
	case field == KeyIDField && !IsKeyID(value):
		return value, NoticeKeyID.With("value", value), nil
	}
	return value, nil, nil
}

func mistaken(field Field, v string) *fault.Fault {
	switch {
	case v == "":
		return ErrMissing
	case strings.Contains(v, "PRIVATE"):
		return ErrPrivatePEM
	case strings.Contains(v, "-----BEGIN"), strings.HasPrefix(v, "MIIBIjAN"), strings.HasPrefix(v, "MIICIjAN"):
		return ErrPublicPEM // DER of an RSA SubjectPublicKeyInfo begins so
	case !IsKeyID(v) && keyText.MatchString(v):
		return ErrKeyText
	case strings.Contains(v, "***"), strings.ContainsAny(v, "•●…"):
		return ErrMasked
	case strings.HasPrefix(v, "eyJ"), strings.HasPrefix(v, "czu_"), strings.HasPrefix(v, "pat_"), strings.HasPrefix(v, "czs_"):
		return ErrToken
	case field == AppIDField && IsKeyID(v):
		return ErrIsKeyID
	case field == KeyIDField && IsAppID(v):
		return ErrIsAppID
	case !IsAppID(v) && !IsKeyID(v) && placeholder.MatchString(v):
		return ErrPlaceholder
	case pathShape.MatchString(v):
		return ErrPath
	case strings.ContainsFunc(v, unicode.IsSpace):
		return ErrSpaces
	}
	return nil
}
