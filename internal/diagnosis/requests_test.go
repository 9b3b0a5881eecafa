package diagnosis_test

import (
	"strings"
	"testing"

	"cozejwt/internal/diagnosis"
	"cozejwt/internal/i18n"
)

// The code and the dumps of requests, each with one mistake or none.
func TestTheCodeOfARequestIsRead(t *testing.T) {
	const (
		claims   = `"iss":"1234567890123","jti":"x","iat":1800000000`
		endpoint = "https://api.coze.cn/api/permission/oauth2/token"
	)
	good := token(header, `{"aud":"api.coze.cn","exp":1800000900,`+claims+`}`)
	dump := "POST /api/permission/oauth2/token HTTP/1.1\nHost: api.coze.cn\n"
	grant := `{"grant_type":"urn:ietf:params:oauth:grant-type:jwt-bearer"}`
	for name, test := range map[string]struct{ text, want string }{
		"curl, form":            {"curl " + endpoint + " -d 'grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=" + good + "'", "jwt.fine request.form"},
		"curl, form, escaped":   {"curl " + endpoint + " --data-urlencode grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer -d assertion=$JWT", "request.form"},
		"dump, form":            {dump + "Content-Type: application/x-www-form-urlencoded\n\ngrant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=" + good, "jwt.fine request.form"},
		"dump, right":           {dump + "Authorization: Bearer " + good + "\nContent-Type: application/json\n\n" + grant, "jwt.fine"},
		"dump, no header":       {dump + "Content-Type: application/json\n\n" + grant, "curl.no_bearer"},
		"verbose curl":          {"> POST /api/permission/oauth2/token HTTP/1.1\n> Host: api.coze.cn\n> Content-Type: text/plain\n> Authorization: Bearer x\n" + grant, "curl.content_type"},
		"JavaScript, form":      {"const body = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: jwt });\nawait fetch('" + endpoint + "', { method: 'POST', body })", "request.form"},
		"JavaScript, right":     {"await fetch('" + endpoint + "', { method: 'POST', headers: { Authorization: `Bearer ${jwt}`, 'Content-Type': 'application/json' }, body: JSON.stringify({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer' }) })", ""},
		"Python, form":          {"requests.post('" + endpoint + "', data={'grant_type': 'urn:ietf:params:oauth:grant-type:jwt-bearer', 'assertion': token})", "request.form"},
		"JSON, assertion":       {`{"grant_type":"urn:ietf:params:oauth:grant-type:jwt-bearer","assertion":"` + good + `"}`, "jwt.fine request.form"},
		"a form of a page":      {"const q = new URLSearchParams(location.search)", ""},
		"form, JWT, Coze":       {"扣子 content-type: application/x-www-form-urlencoded " + good, "jwt.fine request.form"},
		"form, JWT":             {"content-type: application/x-www-form-urlencoded " + token(header, `{"aud":"127.0.0.1:8370","exp":1800000900,`+claims+`}`), "jwt.fine request.form"},
		"JWT as a token":        {"curl https://api.coze.cn/v3/chat -H 'Authorization: Bearer " + good + "'", "jwt.fine request.jwt_as_token"},
		"JWT as a token, dump":  {"POST /v3/chat HTTP/1.1\nAuthorization: Bearer " + good, "jwt.fine request.jwt_as_token"},
		"scope in the JWT":      {token(header, `{"aud":"api.coze.cn","exp":1800000900,"scope":{"a":1},`+claims+`}`), "jwt.scope"},
		"aud of a proxy":        {token(header, `{"aud":"coze-proxy.acme.workers.dev","exp":1800000900,`+claims+`}`), "jwt.aud_other"},
		"aud, other region":     {"https://api.coze.com/v1 " + good, "jwt.aud_host"},
		"aud, same region":      {"https://api.coze.cn/v1 " + good, "jwt.fine"},
		"aud of the sandbox":    {token(header, `{"aud":"127.0.0.1:8370","exp":1800000900,`+claims+`}`), "jwt.fine"},
		"aud of localhost":      {token(header, `{"aud":"localhost","exp":1800000900,`+claims+`}`), "jwt.fine"},
		"expired then":          {"Date: Fri, 15 Jan 2027 09:00:00 GMT\n" + good, "jwt.expired_then"},
		"not expired then":      {"Date: Fri, 15 Jan 2027 08:10:00 GMT\n" + good, "jwt.fine"},
		"claims in code":        {`jwt.sign({ iss, aud: "api.coze.cn", iat: 1800000000000, exp: 1800000900000 })`, "request.milliseconds"},
		"Date.now in code":      {"jwt claims: { exp: Date.now() + 3600 }", "request.milliseconds"},
		"Date.now in seconds":   {"jwt claims: { exp: Math.floor(Date.now() / 1000) + 3600 }", ""},
		"Date.now, divided":     {"jwt claims: { iat: Date.now() / 1000 }", ""},
		"Java":                  {`.claim("x", 1).setExpiration(d); // coze exp = System.currentTimeMillis() + 900000`, "request.milliseconds"},
		"milliseconds of other": {"cookie exp: 1800000900000", ""},
	} {
		t.Run(name, func(t *testing.T) {
			e := diagnosis.Explain(test.text, now)
			if got := found(e.Findings); got != test.want {
				t.Errorf("findings are %q, want %q", got, test.want)
			}
			if dump := strings.Contains(test.text, " HTTP/1.1"); dump != strings.Contains(found(e.Recognised), "explain.http") {
				t.Errorf("recognised is %q", found(e.Recognised))
			}
		})
	}
}

func TestAFindingGivesWhatWasSeen(t *testing.T) {
	jwt := token(header, `{"iss":"1234567890123","aud":"api.coze.cn","iat":1700000000,"exp":1700000900,"jti":"x"}`)
	for _, test := range []struct{ text, en, zh string }{
		{jwt, "expired 3 years ago", "已过期 3 年"},
		{"Date: Wed, 15 Nov 2023 09:00:00 GMT " + jwt, "had expired 11 hours before the time in this text", "比文本中的时间早 11 小时过期"},
		{"https://api.coze.com " + jwt, "aud is api.coze.cn, but the request goes to api.coze.com: use the same region for both", "aud 是 api.coze.cn，请求却发往 api.coze.com：两者应为同一区域"},
		{"jwt { exp: 1800000900000 }", "1800000900000 is in milliseconds; iat and exp must be in seconds", "1800000900000 是毫秒；iat 和 exp 必须是秒"},
		{"jwt { exp: Date.now() }", "Date.now() is in milliseconds; iat and exp must be in seconds", "Date.now() 是毫秒；iat 和 exp 必须是秒"},
	} {
		first := diagnosis.Explain(test.text, now).Findings[0]
		for l, want := range map[i18n.Language]string{i18n.English: test.en, i18n.Chinese: test.zh} {
			if got := l.Say(first); got != want {
				t.Errorf("%s: %q, want %q", l, got, want)
			}
		}
	}
}
