package diagnosis_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/i18n"
	"cozejwt/internal/testkey"
)

var now = time.Unix(1_800_000_000, 0)

// pasted are texts as people paste them, and the cause that comes first.
var pasted = []struct{ name, text, first string }{
	{"bare message", "invalid jwt: kid not been registred", "kid.not_uploaded"},
	{"the same, spelt right", "kid not been registered", "kid.not_uploaded"},
	{"body of the token endpoint", `{"error_code":"invalid_client","error_message":"invalid jwt: kid not been registred","error":"invalid_client"}`, "kid.not_uploaded"},
	{"Python stack trace", "Traceback (most recent call last):\n  File \"app.py\", line 12, in <module>\n  File \"/usr/lib/python3/site-packages/cozepy/request.py\", line 140, in request\n    raise CozePKCEAuthError(...)\ncozepy.exception.CozeInvalidEventError: code: invalid_client, msg: invalid jwt: kid not been registred, logid: 2024110512345678ABCDEF", "kid.not_uploaded"},
	{"Java stack trace", "com.coze.openapi.client.exception.CozeAuthException: invalid_client: invalid jwt: kid not been registred\n\tat com.coze.openapi.service.utils.Utils.execute(Utils.java:41)", "kid.not_uploaded"},
	{"Go error", "github.com/coze-dev/coze-go: code=invalid_client, message=invalid jwt: empty jwt token, logid=2025010112345678AB", "jwt.empty"},
	{"Chinese log line", "2026-11-20 10:00:01 错误 获取令牌失败：invalid jwt: empty jwt token，请检查配置", "jwt.empty"},
	{"Chinese wrapper of a body", `请求失败，返回：{"code":4100,"msg":"authentication is invalid","detail":{"logid":"20240601123456789ABC"}}`, "token.region"},
	{"4101", `扣子接口报错 code: 4101, msg: The token you entered is incorrect or has no permission`, "token.permission"},
	{"4013", `{"code":4013,"msg":"requests exceed the limit"}`, "service.rate"},
	{"channel app, Java", "com.coze.openapi.client.exception.CozeApiException: connector app[1234567890123] should bind connector id", "app.channel"},
	{"app type", `{"error_code":"access_deny","error_message":"invalid app type"}`, "app.type"},
	{"deactivated", "access_deny app: 我的应用 is currently deactivated by the owner", "app.deactivated"},
	{"login session", "error_code=access_deny error_message=login session invalid", "app.login"},
	{"grant type", "unsupported_grant_type: not supported grant type: client_credentials", "request.grant_value"},
	{"parameter", `{"error_code":"invalid_request","error_message":"invalid request: duration_seconds"}`, "request.duration"},
	{"internal", `{"error_code":"internal_error","error_message":"Service internal error."}`, "service.internal"},
	{"log id alone", "logid: 20240312123456789ABCDEF", "hidden.reason"},
	{"log id alone, JS trace", "AuthenticationError: logid: 20250312123456789ABCDEF\n    at APIError.generate (node_modules/@coze/api/dist/cjs/index.js:1:1)", "hidden.reason"},
	{"PKCS#1 in Go", "panic: failed to decode private key: illegal base64 data at input byte 0", "sdk.pkcs1"},
	{"PKCS#1 in Java", "java.security.spec.InvalidKeySpecException: java.security.InvalidKeyException: IOException : algid parse error, not a sequence", "sdk.pkcs1"},
	{"no PEM in JS", "Error: Invalid private key format. Expected PEM format (RSA or PKCS8)", "sdk.no_pem"},
	{"no PEM in Python", "ValueError: Could not deserialize key data. The data may be in an incorrect format", "sdk.no_pem"},
	{"empty value in JS", "Error: verify jwt empty error", "sdk.missing_value"},
	{"HTML in Go", "invalid character '<' looking for beginning of value", "net.html"},
	{"HTML in Node", "SyntaxError: Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON", "net.html"},
	{"HTML in Python", "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)", "net.html"},
	{"DNS in Node", "Error: getaddrinfo ENOTFOUND api.coze.cm", "net.dns"},
	{"DNS in Go", "dial tcp: lookup api.coze.cm: no such host", "net.dns"},
	{"refused", "connect ECONNREFUSED 127.0.0.1:8370", "net.refused"},
	{"TLS in Java", "javax.net.ssl.SSLHandshakeException: PKIX path building failed", "net.tls"},
	{"TLS in Python", "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self signed certificate", "net.tls"},
	{"timeout", "Post \"https://api.coze.com/api/permission/oauth2/token\": context deadline exceeded", "net.timeout"},
	{"proxy", "proxyconnect tcp: dial tcp 127.0.0.1:7890: i/o timeout", "net.timeout"},
	{"key path in Node", "Error: ENOENT: no such file or directory, open 'config/private_key.pem'", "sdk.key_path"},
	{"key path in Python", "FileNotFoundError: [Errno 2] No such file or directory: 'private_key.pem'", "sdk.key_path"},
}

func TestExplainKnowsWhatPeoplePaste(t *testing.T) {
	for _, test := range pasted {
		t.Run(test.name, func(t *testing.T) {
			e := diagnosis.Explain(test.text, now)
			if len(e.Causes) == 0 || e.Causes[0].ID != test.first {
				t.Fatalf("causes are %+v, want %s first", e.Causes, test.first)
			}
			if len(e.Recognised) == 0 {
				t.Error("it does not say what it recognised")
			}
			for _, l := range i18n.Languages {
				for _, c := range e.Causes {
					if strings.Contains(c.Text(l)+c.Fix(l), "{") {
						t.Errorf("%s: a placeholder is left in %q, %q", l, c.Text(l), c.Fix(l))
					}
				}
			}
		})
	}
}

func TestExplainNamesTheSDKAndTheLogID(t *testing.T) {
	e := diagnosis.Explain(pasted[3].text, now)
	if e.Recognised[0].Pairs[1] != "coze-py" || e.LogID != "2024110512345678ABCDEF" {
		t.Errorf("recognised %v, log id %q", e.Recognised, e.LogID)
	}
}

func TestExplainSaysWhatItDoesNotKnow(t *testing.T) {
	for _, text := range []string{"segmentation fault", "你好", "{}", "code: 9999999, msg: brand new words", "eyJhbGciOi.not-really.a-jwt"} {
		if e := diagnosis.Explain(text, now); e.Known() {
			t.Errorf("%q: %+v", text, e)
		}
	}
}

func TestExplainTakesAJWTApart(t *testing.T) {
	signed, err := coze.Assertion{AppID: testkey.AppID, KeyID: testkey.KeyID, Audience: "api.coze.cn"}.Sign(testkey.RSA(), now)
	if err != nil {
		t.Fatal(err)
	}
	part := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	of := func(header, claims string) string { return part(header) + "." + part(claims) + ".c2ln" }
	fineHeader := `{"alg":"RS256","typ":"JWT","kid":"` + testkey.KeyID + `"}`
	fine := `"iss":"1234567890123","aud":"api.coze.cn","iat":1800000000,"exp":1800000900,"jti":"x"`
	for name, test := range map[string]struct{ text, finding string }{
		"ours":            {"Authorization: Bearer " + signed.Reveal(), "jwt.fine"},
		"HS256":           {of(`{"alg":"HS256","kid":"`+testkey.KeyID+`"}`, `{`+fine+`}`), "jwt.alg"},
		"no kid":          {of(`{"alg":"RS256"}`, `{`+fine+`}`), "jwt.no_kid"},
		"kid is a path":   {of(`{"alg":"RS256","kid":"public.pem"}`, `{`+fine+`}`), "jwt.odd_kid"},
		"iss as number":   {of(fineHeader, `{"iss":1234567890123,"aud":"api.coze.cn","iat":1800000000,"exp":1800000900,"jti":"x"}`), "jwt.iss_number"},
		"no iss":          {of(fineHeader, `{"aud":"api.coze.cn","iat":1800000000,"exp":1800000900,"jti":"x"}`), "jwt.no_iss"},
		"aud as URL":      {of(fineHeader, `{"iss":"1234567890123","aud":"https://api.coze.cn","iat":1800000000,"exp":1800000900,"jti":"x"}`), "jwt.aud_url"},
		"aud is www":      {of(fineHeader, `{"iss":"1234567890123","aud":"www.coze.cn","iat":1800000000,"exp":1800000900,"jti":"x"}`), "jwt.aud_www"},
		"expired":         {of(fineHeader, `{"iss":"1234567890123","aud":"api.coze.cn","iat":1700000000,"exp":1700000900,"jti":"x"}`), "jwt.expired"},
		"milliseconds":    {of(fineHeader, `{"iss":"1234567890123","aud":"api.coze.cn","iat":1800000000000,"exp":1800000900000,"jti":"x"}`), "jwt.milliseconds"},
		"from the future": {of(fineHeader, `{"iss":"1234567890123","aud":"api.coze.cn","iat":1800009000,"exp":1800009900,"jti":"x"}`), "jwt.future"},
		"no jti":          {of(fineHeader, `{"iss":"1234567890123","aud":"api.coze.cn","iat":1800000000,"exp":1800000900}`), "jwt.jti"},
	} {
		t.Run(name, func(t *testing.T) {
			e := diagnosis.Explain(test.text, now)
			if len(e.Findings) != 1 || e.Findings[0].ID != test.finding {
				t.Errorf("findings are %+v, want %s", e.Findings, test.finding)
			}
		})
	}
}

func TestExplainReadsACommand(t *testing.T) {
	e := diagnosis.Explain("curl -X POST 'https://www.coze.cn/api/permission/oauth2/token' -d '{}'", now)
	var ids []string
	for _, f := range e.Findings {
		ids = append(ids, f.ID)
	}
	if strings.Join(ids, " ") != "curl.www curl.no_bearer curl.grant_type curl.content_type" {
		t.Errorf("findings are %v", ids)
	}
}

// What is said of a text is fit for a terminal, and no cause is empty.
func FuzzExplain(f *testing.F) {
	for _, p := range append(pasted, afterTheToken...) {
		f.Add(p.text)
	}
	f.Add("curl http://x eyJhbGciOiJub25lIn0.eyJpc3MiOjF9.")
	f.Add("POST /api/permission/oauth2/token HTTP/1.1\nHost: api.coze.cn\n\nassertion=eyJhbGciOiJub25lIn0.eyJleHAiOjF9.x exp: 1800000000000")
	f.Add("Caused by: {\"code\":4999,\"msg\":\"\\u6ca1\"} Date: Fri, 15 Jan 2027 09:00:00 GMT exp=1800000000 now=1800003600")
	f.Add("错误码：700012006 报 4101 'error' => {'code': '', \"message\": \"")
	f.Fuzz(func(t *testing.T, text string) {
		e := diagnosis.Explain(text, now)
		for _, l := range i18n.Languages {
			var said []string
			for _, m := range append(e.Recognised, e.Findings...) {
				said = append(said, l.Say(m))
			}
			for _, c := range e.Causes {
				said = append(said, c.Text(l), c.Fix(l))
			}
			for _, s := range said {
				if strings.ContainsAny(s, "\x1b\u202e\x1e\x1f") || strings.TrimRight(s, ":： ") != s || s == "" {
					t.Errorf("not fit for a terminal, or empty: %q", s)
				}
			}
		}
		if len(e.Causes) > 0 && len(e.Recognised) == 0 {
			t.Errorf("causes %s, but nothing recognised", order(e.Causes))
		}
	})
}

func TestASentenceIsQuotedWithWhatItCloses(t *testing.T) {
	for text, want := range map[string]string{
		"[Errno 104] Connection reset by peer":                       "[Errno 104] Connection reset by peer",
		"policy: No 'Access-Control-Allow-Origin' header is present": "'Access-Control-Allow-Origin' header",
		"fatal ([Errno 54] Connection reset by peer)":                "[Errno 54] Connection reset by peer",
		`{"error":"url not in domain list"}`:                         "url not in domain list",
		"(url not in domain list)":                                   "(url not in domain list)",
	} {
		if got := value(diagnosis.Explain(text, now).Recognised, "explain.clue", "said"); !strings.HasPrefix(got, want) {
			t.Errorf("%s: recognised is %q, want %q", text, got, want)
		}
	}
}
