package diagnosis

import (
	"strings"

	"cozejwt/internal/coze"
	"cozejwt/internal/lazyregexp"
)

// What people paste of a JWT besides the JWT itself: its decoded header and payload, or the code that
// makes them.
var (
	isOfJWT    = is(`\b(jwt|getJWTToken|JWTOAuth\w*|jti|RS256|HS256|ES256|PS256|jwt-bearer|invalid_client|invalid aud)\b`)
	writtenAlg = is(`(?:\balg(?:orithm)?["']?\s*[:=]\s*["']|\bAlgorithm(?:::|\.)|\bSigningMethod|JwsAlgorithm\.|,\s*["'])((?:HS|ES|PS)(?:256|384|512)|EdDSA)\b`)
	writtenAud = is(`\baud(?:ience)?["']?\s*(?:=>|[:=])\s*["']([^"'\s{}$]{4,80})["']`)
	writtenIss = is(`"iss"\s*:\s*([0-9]{6,24})\b`)
	writtenKid = is(`\b(?:kid|keyid|public_?key_?id|COZE_PUBLIC_KEY)["']?\s*(?:=>|[:=])\s*["'` + "`" + `]?(-----BEGIN[^"'` + "`" + `\n\\]*|MII[A-Za-z0-9+/]{8,})`)
	timeAsText = is(`\b(?:exp|iat)["']?\s*(?:=>|[:=])\s*(?:[^,\n]{0,60}(?:RFC3339|toISOString|isoformat|ISO_8601|toString\()|["']?20[0-9]{2}-[0-9]{2}-[0-9]{2}[T ]|"[0-9]{10,13}")`)
	// A shell's base64 wraps lines and has padding; RFC 7515 §2 has base64url without it.
	plainBase64 = is(`\|\s*(?:openssl )?base64(?:\s+-w ?0)?\s*\)`)
	madeURLSafe = is(`\btr\b|\bsed\b|basenc`)
	scopeField  = lazyregexp.New(`\bscope["']?\s*(?:=>|[:=])`)
	kidAnywhere = is(`\bkid\b`)
	kidField    = lazyregexp.New(`\bkid["']?\s*(?:=>|[:=])`)
	algField    = lazyregexp.New(`\balg["']?\s*(?:=>|[:=])`)
	issField    = lazyregexp.New(`\biss["']?\s*(?:=>|[:=])`)
	objects     = lazyregexp.New(`\{[^{}]{4,1000}`)
)

// mostWritten is the length in bytes of a text in which somebody has written these down. A longer one is
// a log.
const mostWritten = 64 << 10

// readWritten looks for mistakes in the parts of a JWT as they are written out. A JWT that stands in
// the text itself says more.
func (e *Explanation) readWritten(t reading) {
	if t.foreign || len(t.text) > mostWritten || !t.has(isOfJWT) || strings.Contains(t.text, "eyJ") && jwtInText().MatchString(t.text) {
		return
	}
	if m := t.find(writtenAlg); m != nil {
		e.find("jwt.alg", "alg", coze.Printable(m[1]))
	}
	if m := t.find(writtenIss); m != nil {
		e.find("jwt.iss_number", "iss", m[1])
	}
	if m := t.find(writtenAud); m != nil {
		host := hostIn(strings.ReplaceAll(t.text, m[0], ""))
		e.readAudience(coze.Printable(m[1]), coze.Audience(host))
	}
	if m := t.find(writtenKid); m != nil {
		e.find("jwt.kid_is_key")
	}
	if t.has(plainBase64) && !t.has(madeURLSafe) {
		e.find("jwt.base64url")
	}
	if strings.Contains(t.text, `.claim("kid"`) {
		e.find("jwt.kid_in_claims")
	}
	if t.has(timeAsText) {
		e.find("jwt.time_text")
	}
	for _, object := range objects().FindAllString(t.text, 32) {
		e.readObject(t, object)
	}
}

// readObject looks at what stands between two braces: a header, a payload, or both in one.
func (e *Explanation) readObject(t reading, object string) {
	iss, kid := issField().MatchString(object), kidField().MatchString(object)
	switch {
	case iss && kid && !algField().MatchString(object):
		e.find("jwt.kid_in_claims")
	case algField().MatchString(object) && strings.Contains(object, `"typ"`) && !t.has(kidAnywhere):
		e.find("jwt.no_kid")
	}
	if iss && scopeField().MatchString(object) {
		e.find("jwt.scope")
	}
}

// emptyValue is a value of the credentials that is not set, as a log or a .env has it.
var emptyValue = is(`(?m)\b(\w*COZE\w*(?:CLIENT_ID|APP_ID|KEY_ID|KID|PUBLIC_KEY|PRIVATE_KEY|PRIVATE_KEY_PATH|API_BASE)|client_id|public_key_id|bot_id|workflow_id|user_id)["']?[ \t]*(?:=[ \t]*$|[=:][ \t]*(?:["']{2}|\(空\)|\(empty\)|<empty>|null\b|None\b|undefined\b|nil\b))`)

// answerBody is the beginning of what Coze answers, in which a value may well be empty.
var answerBody = lazyregexp.New(`"code"\s*:\s*[0-9]`)

// readValues names a value that the text shows to be empty.
func (e *Explanation) readValues(t reading) {
	if m := t.find(emptyValue); m != nil && t.isOfCoze() && !answerBody().MatchString(t.text) {
		e.find("values.empty", "name", m[1])
	}
}

// A token that was issued, with the Unix time at which it expires (oauth_jwt of the guide).
var tokenIssued = is(`"access_token"\s*:\s*"[^"]{8,}"[^{}]{0,200}"expires_in"\s*:\s*(1[0-9]{9})\b|"expires_in"\s*:\s*(1[0-9]{9})\b[^{}]{0,200}"access_token"\s*:\s*"[^"]{8,}"`)

// readAnswer recognises the answer of a request that worked.
func (e *Explanation) readAnswer(t reading) {
	if m := t.find(tokenIssued); m != nil && !t.foreign {
		e.find("answer.token", "expires_in", m[1]+m[2])
	}
}
