package diagnosis

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/i18n"
	"cozejwt/internal/lazyregexp"
)

var jwtInText = lazyregexp.New(`eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*`)

type jwtHeader struct{ Alg, Typ, Kid string }

type jwtClaims struct {
	Iss, Jti, Aud, Scope json.RawMessage
	Iat, Exp             float64
}

// readJWT takes a JWT apart, compares it with what the service expects, and notes in t what is
// evidence for one cause or another.
func (e *Explanation) readJWT(t *reading, now time.Time) {
	if !strings.Contains(t.text, "eyJ") {
		return
	}
	token := jwtInText().FindString(t.text)
	if token == "" {
		return
	}
	var header jwtHeader
	var claims jwtClaims
	parts := strings.Split(token, ".")
	if errors.Join(decodePart(parts[0], &header), decodePart(parts[1], &claims)) != nil || t.isOfOther(header, claims) {
		return
	}
	t.note(claims)
	e.recognise("explain.jwt", "kid", coze.Printable(header.Kid), "iss", plainJSON(claims.Iss), "aud", plainJSON(claims.Aud))
	if header.Alg != "RS256" {
		e.find("jwt.alg", "alg", coze.Printable(header.Alg))
	}
	e.readIDs(header.Kid, claims.Iss)
	e.readAudience(plainJSON(claims.Aud), coze.Audience(t.base))
	e.readTimes(claims.Iat, claims.Exp, *t, now)
	if len(plainJSON(claims.Jti)) < 1 {
		e.find("jwt.jti")
	}
	if len(claims.Scope) > 0 {
		e.find("jwt.scope")
	}
	if parts[2] == "" {
		e.find("jwt.unsigned")
	}
	if len(e.Findings) == 0 {
		e.find("jwt.fine")
	}
}

// isOfOther reports whether a JWT is for some other service: its issuer is a host or a URL, or the
// text is about another service, and nothing in it is Coze's.
func (t *reading) isOfOther(header jwtHeader, claims jwtClaims) bool {
	if credentials.IsKeyID(header.Kid) || strings.Contains(string(claims.Aud), "coze") || t.isOfCoze() {
		return false
	}
	return strings.ContainsAny(string(claims.Iss), "./") || t.foreign
}

func (t *reading) note(claims jwtClaims) {
	t.at = t.time()
	t.audience = strings.Trim(plainJSON(claims.Aud), `[]"`)
	if seconds(claims.Exp) {
		t.exp = time.Unix(int64(claims.Exp), 0)
	}
	if seconds(claims.Iat) {
		t.iat = time.Unix(int64(claims.Iat), 0)
	}
}

// seconds reports whether a claim can be a Unix time in seconds: one in milliseconds is larger.
func seconds(claim float64) bool { return claim > 0 && claim < 1e11 }

func (e *Explanation) readIDs(kid string, iss json.RawMessage) {
	switch {
	case kid == "":
		e.find("jwt.no_kid")
	case !credentials.IsKeyID(kid):
		e.find("jwt.odd_kid", "kid", coze.Printable(kid), "count", strconv.Itoa(utf8.RuneCountInString(kid)))
	}
	switch id := plainJSON(iss); {
	case id == "":
		e.find("jwt.no_iss")
	case iss[0] != '"':
		e.find("jwt.iss_number", "iss", id)
	case !credentials.IsAppID(id):
		e.find("jwt.odd_iss", "iss", id)
	}
}

// readAudience compares aud with the host that the text names, "" for none.
func (e *Explanation) readAudience(aud, host string) {
	plain := strings.Trim(aud, `[]"`)
	switch {
	case aud == "":
		e.find("jwt.no_aud")
	case strings.Contains(aud, "://"), strings.Contains(aud, "/"):
		_, after, schemed := strings.Cut(aud, "://")
		host, _, _ := strings.Cut(after, "/")
		if !schemed {
			host, _, _ = strings.Cut(aud, "/")
		}
		e.find("jwt.aud_url", "aud", aud, "right", host)
	case strings.HasPrefix(aud, "www."):
		e.find("jwt.aud_www", "aud", aud)
	case !isCozeHost(plain) && !isThisMachine(plain):
		e.find("jwt.aud_other", "aud", aud)
	case host != "" && isCozeHost(plain) && plain != host:
		e.find("jwt.aud_host", "aud", aud, "host", host)
	}
}

// isCozeHost reports whether aud is the API host of a region.
func isCozeHost(aud string) bool {
	return aud == coze.Audience(coze.CN.Base()) || aud == coze.Audience(coze.COM.Base())
}

// isThisMachine reports whether aud is a host of the sandbox, with its port.
func isThisMachine(aud string) bool {
	host, _, err := net.SplitHostPort(aud)
	return coze.IsLoopback(aud) || err == nil && coze.IsLoopback(host)
}

// readTimes compares exp and iat with the time that the text names, else with now.
func (e *Explanation) readTimes(iat, exp float64, t reading, now time.Time) {
	then := t.at
	if then.IsZero() {
		then = now
	}
	switch {
	case exp == 0:
		e.find("jwt.no_exp")
	case exp > 1e11:
		e.find("jwt.milliseconds", "exp", strconv.FormatFloat(exp, 'f', 0, 64))
	case exp <= iat:
		e.find("jwt.exp_before_iat")
	case float64(then.Unix()) > exp && t.at.IsZero():
		e.find("jwt.expired", "ago", i18n.Duration(then.Sub(t.exp)))
	case float64(then.Unix()) > exp:
		e.find("jwt.expired_then", "ago", i18n.Duration(then.Sub(t.exp)))
	}
	if iat > float64(then.Add(Tolerance).Unix()) && seconds(iat) {
		e.find("jwt.future", "ahead", i18n.Duration(t.iat.Sub(then)))
	}
}

func decodePart(part string, v any) error {
	data, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, v)
}

// plainJSON is a JSON value as a person writes it: a string without quotes.
func plainJSON(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return coze.Printable(s)
	}
	return coze.Printable(string(raw))
}
