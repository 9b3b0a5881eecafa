package diagnosis_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/diagnosis"
	"cozejwt/internal/i18n"
	"cozejwt/internal/testkey"
)

// token is a JWT with the header and the claims that are given.
func token(header, claims string) string {
	part := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	return part(header) + "." + part(claims) + ".c2ln"
}

func found(messages []i18n.Message) string {
	var ids []string
	for _, m := range messages {
		ids = append(ids, m.ID)
	}
	return strings.Join(ids, " ")
}

// value is what fills a placeholder of the message with that id.
func value(messages []i18n.Message, id, name string) string {
	for _, m := range messages {
		for i := 0; m.ID == id && i+1 < len(m.Pairs); i += 2 {
			if m.Pairs[i] == name {
				return m.Pairs[i+1]
			}
		}
	}
	return ""
}

const header = `{"alg":"RS256","kid":"` + testkey.KeyID + `"}`

func TestEachClaimOfAJWTIsLookedAt(t *testing.T) {
	const iss, aud, jti, times = `"iss":"1234567890123"`, `"aud":"api.coze.cn"`, `"jti":"x"`, `"iat":1800000000,"exp":1800000900`
	of := func(claims ...string) string { return token(header, "{"+strings.Join(claims, ",")+"}") }
	for name, test := range map[string]struct{ text, want string }{
		"as it should be":        {of(iss, aud, jti, times), "jwt.fine"},
		"without a signature":    {strings.TrimSuffix(of(iss, aud, jti, times), "c2ln"), "jwt.unsigned"},
		"an odd iss":             {of(`"iss":"7"`, aud, jti, times), "jwt.odd_iss"},
		"no aud":                 {of(iss, jti, times), "jwt.no_aud"},
		"aud with a slash":       {of(iss, `"aud":"api.coze.cn/"`, jti, times), "jwt.aud_url"},
		"a list of aud":          {of(iss, `"aud":["api.coze.cn"]`, jti, times), "jwt.fine"},
		"a number as jti":        {of(iss, aud, `"jti":7`, times), "jwt.fine"},
		"no exp":                 {of(iss, aud, jti, `"iat":1800000000`), "jwt.no_exp"},
		"exp before iat":         {of(iss, aud, jti, `"iat":1800000000,"exp":1700000000`), "jwt.exp_before_iat"},
		"exp at iat":             {of(iss, aud, jti, `"iat":1800000000,"exp":1800000000`), "jwt.exp_before_iat"},
		"exp this second":        {of(iss, aud, jti, `"iat":1799999100,"exp":1800000000`), "jwt.fine"},
		"exp a second ago":       {of(iss, aud, jti, `"iat":1799999100,"exp":1799999999`), "jwt.expired"},
		"a minute ahead":         {of(iss, aud, jti, `"iat":1800000060,"exp":1800000900`), "jwt.fine"},
		"a second more":          {of(iss, aud, jti, `"iat":1800000061,"exp":1800000900`), "jwt.future"},
		"exp of the year 5138":   {of(iss, aud, jti, `"iat":1800000000,"exp":100000000000`), "jwt.fine"},
		"exp in milliseconds":    {of(iss, aud, jti, `"iat":1800000000,"exp":100000000001`), "jwt.milliseconds"},
		"both in milliseconds":   {of(iss, aud, jti, `"iat":100000000000,"exp":100000000900`), "jwt.milliseconds"},
		"nothing in it":          {token(`{"typ":"JWT"}`, "{}"), "jwt.alg jwt.no_kid jwt.no_iss jwt.no_aud jwt.no_exp jwt.jti"},
		"no Base64 in the front": {"eyJhbGciO.eyJhIjoxfQ.x", ""},
		"no JSON in the claims":  {"eyJhbGciOiJSUzI1NiJ9.bm9uZQ.x", ""},
		"not a JWT":              {"eyJhbGciOiJSUzI1NiJ9", ""},
	} {
		t.Run(name, func(t *testing.T) {
			e := diagnosis.Explain(test.text, now)
			if got := found(e.Findings); got != test.want || e.Known() != (test.want != "") {
				t.Errorf("findings are %q, want %q; known: %v", got, test.want, e.Known())
			}
			if got := found(e.Recognised) == "explain.jwt"; got != (test.want != "") {
				t.Errorf("recognised is %q", found(e.Recognised))
			}
		})
	}
}

func TestWhatAJWTSaysIsShown(t *testing.T) {
	e := diagnosis.Explain(token(header, `{"iss":"7","aud":"https://api.coze.cn/","iat":1800000100,"exp":1700000000,"jti":"x"}`), now)
	for _, test := range []struct{ id, name, want string }{
		{"explain.jwt", "kid", testkey.KeyID},
		{"explain.jwt", "iss", "7"},
		{"explain.jwt", "aud", "https://api.coze.cn/"},
		{"jwt.odd_iss", "iss", "7"},
		{"jwt.aud_url", "right", "api.coze.cn"},
		{"jwt.future", "ahead", i18n.Duration(100 * time.Second)},
	} {
		if got := value(append(e.Recognised, e.Findings...), test.id, test.name); got != test.want {
			t.Errorf("%s of %s is %q, want %q", test.name, test.id, got, test.want)
		}
	}
	late := diagnosis.Explain(token(header, `{"iss":"1234567890123","aud":"api.coze.cn","iat":1799999000,"exp":1799999900,"jti":"x"}`), now)
	if got := value(late.Findings, "jwt.expired", "ago"); got != i18n.Duration(100*time.Second) {
		t.Errorf("expired %q ago", got)
	}
}

func TestACommandIsReadForItsMistakes(t *testing.T) {
	const (
		url    = "https://api.coze.cn/api/permission/oauth2/token"
		bearer = " -H 'Authorization: Bearer $JWT'"
		json   = " -H 'Content-Type: application/json'"
		grant  = ` -d '{"grant_type":"urn:ietf:params:oauth:grant-type:jwt-bearer"}'`
	)
	for name, test := range map[string]struct{ text, want string }{
		"as it should be":   {"curl " + url + bearer + json + grant, ""},
		"no bearer":         {"curl " + url + json + grant, "curl.no_bearer"},
		"an empty bearer":   {"curl " + url + json + grant + " -H Authorization:Bearer", "curl.no_bearer"},
		"no grant type":     {"curl " + url + bearer + json, "curl.grant_type"},
		"no content type":   {"curl " + url + bearer + grant, "curl.content_type"},
		"the web page":      {"curl https://www.coze.com/v3/chat", "curl.www"},
		"plain http":        {"curl http://api.coze.cn/v3/chat", "curl.http"},
		"http to localhost": {"curl http://localhost:8370/v3/chat", ""},
		"http to 127.0.0.1": {"curl http://127.0.0.1/v3/chat", ""},
		"another call":      {"curl https://api.coze.cn/v3/chat", ""},
		"no command":        {"see " + strings.Replace(url, "https", "http", 1), ""},
	} {
		t.Run(name, func(t *testing.T) {
			e := diagnosis.Explain(test.text, now)
			if got := found(e.Findings); got != test.want {
				t.Errorf("findings are %q, want %q", got, test.want)
			}
			if got := strings.Contains(found(e.Recognised), "explain.curl"); got != strings.HasPrefix(test.text, "curl") {
				t.Errorf("recognised is %q", found(e.Recognised))
			}
		})
	}
	if got := value(diagnosis.Explain("curl http://api.coze.cn/v3/chat", now).Findings, "curl.http", "host"); got != "api.coze.cn" {
		t.Errorf("the host is %q", got)
	}
}

func TestARefusalIsReadWhereverItStands(t *testing.T) {
	for name, test := range map[string]struct{ text, said, first string }{
		"escaped once":           {`{"message":"{\"code\":4015,\"msg\":\"not published\"}"}`, "4015 not published", "bot.unpublished"},
		"escaped twice":          {`"{\"body\":\"{\\\"code\\\":4015,\\\"msg\\\":\\\"not published\\\"}\"}"`, "4015 not published", "bot.unpublished"},
		"an error alone":         {`{"error":"access_denied"}`, "access_denied", "app.unauthorised"},
		"a word alone":           {"it says unsupported_grant_type", "unsupported_grant_type", "request.grant_type"},
		"a code before words":    {"code: 4013, msg: slow\nauthentication is invalid", "4013 slow", "service.rate"},
		"a backslash of its own": {`code: 4013, msg: a\nb`, `4013 a\nb`, "service.rate"},
		"two messages":           {`{"error_code":"access_deny","error_message":"invalid app type","msg":"other"}`, "access_deny invalid app type", "app.type"},
		"words for a code":       {"报错 authentication is invalid", "4100 authentication is invalid", "token.region"},
	} {
		t.Run(name, func(t *testing.T) {
			e := diagnosis.Explain(test.text, now)
			if !e.Known() || len(e.Causes) == 0 || e.Causes[0].ID != test.first || value(e.Recognised, "explain.refusal", "said") != test.said {
				t.Errorf("causes are %s, recognised %+v", order(e.Causes), e.Recognised)
			}
		})
	}
}

// Only a text that names one host says where the request went.
func TestTheHostOfATextIsTheOnlyOneInIt(t *testing.T) {
	const code = " code: 4100, msg: authentication is invalid"
	for name, test := range map[string]struct{ text, base, causes string }{
		"the default of SDKs": {"https://api.coze.com" + code, "https://api.coze.com", "token.region* token.expired"},
		"the other":           {"https://api.coze.cn" + code, "https://api.coze.cn", "token.region token.expired"},
		"both":                {"https://api.coze.cn https://api.coze.com" + code, "", "token.region token.expired"},
		"neither":             {code, "", "token.region token.expired"},
	} {
		e := diagnosis.Explain(test.text, now)
		if got := order(e.Causes); got != test.causes || e.Causes[0].Pairs[5] != test.base {
			t.Errorf("%s: causes are %s, the pairs %q", name, got, e.Causes[0].Pairs)
		}
	}
}

// A cause that needs evidence is named for a pasted text too, but last.
func TestAPastedTextLeavesNoCauseOut(t *testing.T) {
	if got := order(diagnosis.Explain(unregistered, now).Causes); got != "kid.not_uploaded kid.app_id kid.region kid.deleted kid.not_fingerprint" {
		t.Errorf("causes are %s", got)
	}
}

func TestALogIDIsExplainedOnlyWhereNothingElseIs(t *testing.T) {
	const log = " logid: 20250223145719591EF28CA0"
	for name, test := range map[string]struct{ text, causes, recognised string }{
		"alone":                    {log, "hidden.reason", "explain.only_logid"},
		"with a refusal":           {"code: 4013" + log, "service.rate", "explain.refusal"},
		"with both":                {"code: 4013, connection refused" + log, "service.rate", "explain.refusal"},
		"of a service behind Coze": {"coze and mysql: connection refused" + log, "net.refused", "explain.clue"},
		"with a clue":              {"connection refused" + log, "net.refused", "explain.clue"},
		"with a JWT":               {token(header, `{}`) + log, "", "explain.jwt"},
		"with new words":           {"code: 4999, msg: something new," + log, "unknown*", "explain.refusal"},
	} {
		e := diagnosis.Explain(test.text, now)
		if order(e.Causes) != test.causes || found(e.Recognised) != test.recognised || e.LogID != "20250223145719591EF28CA0" {
			t.Errorf("%s: causes are %s, recognised %s, the log id %q", name, order(e.Causes), found(e.Recognised), e.LogID)
		}
	}
}

func TestEachSDKIsRecognised(t *testing.T) {
	for text, want := range map[string]string{
		"cozepy.exception": "coze-py", "at com.coze.openapi": "coze-java", "github.com/coze-dev/coze-go": "coze-go", "node_modules/@coze/api": "coze-js", "cozepy, not coze-js": "coze-py", "python": "",
	} {
		recognised := diagnosis.Explain(text, now).Recognised
		if got := value(recognised, "explain.sdk", "sdk"); got != want || len(recognised) > 1 {
			t.Errorf("%s is of %q: %+v", text, got, recognised)
		}
	}
}
