package lint

import (
	"encoding/base64"
	"strings"

	"cozejwt/internal/credentials"
	"cozejwt/internal/lazyregexp"
)

var (
	// A token has letters and digits alone; an identifier that begins alike has words.
	tokenInCode = lazyregexp.New(`\bpat_[A-Za-z0-9]{20,}`)
	keyBegins   = lazyregexp.New(`-----BEGIN (?:[A-Z0-9]+ )?PRIVATE KEY-----`)
	keyInBase64 = lazyregexp.New(`LS0tLS1CRUdJT[A-Za-z0-9+/]{180,}`)
	keyLine     = lazyregexp.New(`^[^A-Za-z0-9+/=]{0,80}(?:[rn+][^A-Za-z0-9+/=]{1,80}){0,4}([A-Za-z0-9+/=]+)`)
	keyHeader   = lazyregexp.New(`^[^A-Za-z0-9+/=]{0,80}(?:n[^A-Za-z0-9+/=]{0,80})?(?:Proc-Type|DEK-Info):[^\n\\]*`)
)

// secrets finds what must not be in code, in comments as well.
func (p part) secrets() []Finding {
	var found []Finding
	for _, at := range tokenInCode().FindAllStringIndex(p.text, mostOfOne) {
		token := p.text[at[0]:at[1]]
		if strings.ContainsAny(token, "0123456789") && credentials.PersonalTokenLine(p.text[max(0, at[0]-1):at[1]]) != 0 {
			found = append(found, p.finding(at[0], "pat", tokenRight[p.language], tokenRight[none]))
		}
	}
	for _, at := range keyBegins().FindAllStringIndex(p.text, mostOfOne) {
		if hasKey(p.text[at[1]:]) {
			found = append(found, p.finding(at[0], "key", keyRight[p.language], keyRight[none]))
		}
	}
	for _, at := range keyInBase64().FindAllStringIndex(p.text, mostOfOne) {
		text, _ := base64.RawStdEncoding.DecodeString(p.text[at[0] : at[0]+96])
		if keyBegins().Match(text) {
			found = append(found, p.finding(at[0], "key", keyRight[p.language], keyRight[none]))
		}
	}
	return found
}

// The lines of a PEM have 64 characters (RFC 7468 §2), and the shortest private key, of a curve,
// has more than two of them; a sample has a few letters, and a replacement of the first line none.
const (
	leastLine = 40
	leastKey  = 150
)

// hasKey reports whether the lines of a key follow, also with quotes, plus signs and \n between them.
func hasKey(text string) bool {
	text = text[:min(len(text), 2048)]
	text = text[len(keyHeader().FindString(text)):]
	text = text[len(keyHeader().FindString(text)):]
	total := 0
	for total < leastKey {
		line := keyLine().FindStringSubmatch(text)
		if line == nil || len(line[1]) < leastLine {
			return false
		}
		total += len(line[1])
		text = text[len(line[0]):]
	}
	return true
}
