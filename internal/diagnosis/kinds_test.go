package diagnosis_test

import (
	"strings"
	"testing"

	"cozejwt/internal/diagnosis"
	"cozejwt/internal/i18n"
)

// The same sentence wherever it stands.
func TestASentenceIsKnownWhereverItStands(t *testing.T) {
	const body = `{"error_code":"invalid_client","error_message":"invalid jwt: kid not been registred","error":"invalid_client"}`
	const kid = "kid.not_uploaded kid.app_id kid.region kid.deleted kid.not_fingerprint"
	quoted := strings.ReplaceAll(body, `"`, `\"`)
	twice := strings.ReplaceAll(strings.ReplaceAll(quoted, `\`, `\\`), `\\"`, `\\\"`)
	explained(t, "kid", []posted{
		{"kid not been registred", kid},
		{"invalid jwt: kid not been registred", kid},
		{body, kid},
		{`{"code":500,"msg":"获取token失败: ` + quoted + `"}`, kid},
		{`{"body":"{\"message\":\"` + twice + `\"}"}`, kid},
		{"扣子一直提示 kid not been registred，怎么解决？", kid},
		{"2026-11-20 10:00:01.123 ERROR [http-nio-8080-exec-1] c.e.CozeService : 获取令牌失败 " + body, kid},
		{"[coze] POST https://api.coze.cn/api/permission/oauth2/token failed, log_id=20250427100721447150, status=401, error=invalid_client, code=invalid_client, msg=invalid jwt: kid not been registred", kid},
		{"HttpCode: 401, Code: invalid_client, Message: invalid jwt: kid not been registred, Param: invalid_client, LogID: 2025042710072144715EF2C58014F21E98", kid},
		{"cozepy.exception.CozeAPIError: msg: invalid jwt: kid not been registred, logid: 2024122509064484DEDF525AF13E290496", kid},
		{"CozeAuthException(statusCode=401, code=invalid_client, errorMessage=invalid jwt: kid not been registred, param=invalid_client, logID=20250427100721447150)", kid},
		{"  data: {\n    error_code: 'invalid_client',\n    error_message: 'invalid jwt: kid not been registred',\n    error: 'invalid_client'\n  }", kid},
		{"array(3) {\n  [\"error_code\"]=>\n  string(14) \"invalid_client\"\n  [\"error_message\"]=> \"invalid jwt: kid not been registred\"", kid},
		{"&quot;error_message&quot;: &quot;invalid jwt: kid not been registred&quot;", kid},
		{"公钥指纹未注册", kid},
		{"The aud is invalid", "audience"},
		{`{"error_message":"The aud is invalid"}`, "audience"},
		{"invalid jwt: aud is invalid", "audience"},
		{"JWT 的 aud 不正确", "audience"},
		{"提示 connector app should bind connector id", "app.channel"},
		{"invalid jwt: exp is in the past", "clock jwt.lifetime"},
		{"jti has been used", "jwt.reused"},
		{"invalid signature, logid: 20250223145719591EF28CA0", "signature.pair signature.key_id"},
		{"the aud must be api.coze.cn", "audience"},
		{"duration_seconds must be less than 86400", "request.duration"},
		{"扣子 签名验证失败", "signature.pair signature.key_id"},
		{"令牌已过期", "token.expired token.region token.pat token.no_bearer"},
		{`{"error":{"code":4101,"message":"The token you entered is incorrect. Please"}}`, "token.region token.unknown token.expired"},
		{"access token invalid", "token.expired token.region token.pat token.no_bearer"},
		{"请求失败 code=4100 msg=authentication is invalid", "token.region token.expired"},
		{"身份验证无效", "token.region token.expired"},
		{`{"code": 4101, "msg": "\u6ca1\u6709\u6743\u9650\u8bbf\u95ee\u8be5\u8d44\u6e90"}`, "token.permission app.reauthorize bot.access token.scope"},
		{"当前会话已有chat在运行", "api.4016"},
		{"错误码为 4200，资源未找到", "id.region id.wrong bot.access id.rounded"},
		{"Coze API 返回 4015", "bot.unpublished bot.session_url id.region"},
		{"4101", "token.permission app.reauthorize bot.access token.scope"},
		{"code 4201 组织成员已经存在", "api.4201"},
		{"Provider API error: The requested API endpoint POST /v2/chat does not exist. Verify the URL and try again.", "api.404"},
		{`{"code":4000,"msg":"The requested API endpoint GET /v3/chats does not exist."}`, "api.404"},
		{"pkce auth error: access_denied", "oauth.other_flow"},
		{`{"error_code":"invalid_request","error_message":"invalid request: client_secret"}`, "app.type oauth.other_flow"},
		{`{"error_code":"authorization_pending"}`, "oauth.other_flow"},
	})
}

// What no table lists is said as far as it is known.
func TestABodyOfCozeIsNeverNothing(t *testing.T) {
	for text, want := range map[string]string{
		`{"code":4999,"msg":"something new"}`:                                            "evidence.family_request",
		`{"code":5123,"msg":"something new","detail":{"logid":"20250223145719591EF2"}}`:  "evidence.family_server",
		`{"code":720702222,"msg":"something new"}`:                                       "evidence.family_workflow",
		`CozeApiException(code=702042078, msg=something new, logID=null)`:                "evidence.family_platform",
		`{"code":788888888,"msg":"something new","data":null}`:                           "evidence.family_platform",
		"code: 4999, msg: something new, logid: 20250223145719591EF28CA0":                "evidence.family_request",
		"coze 返回 code=6001, msg=something new":                                           "",
		`{"error_code":"invalid_coze","error_message":"something new"}`:                  "",
		"[coze] GET /v1 failed, status=200, code=4777, msg=something new, ok=false, n=2": "evidence.family_request",
	} {
		e := diagnosis.Explain(text, now)
		if len(e.Causes) != 1 || e.Causes[0].ID != "unknown" {
			t.Errorf("%s: causes are %s", text, order(e.Causes))
			continue
		}
		c := e.Causes[0]
		if (c.Evidence != nil) != (want != "") || c.Evidence != nil && c.Evidence.ID != want {
			t.Errorf("%s: evidence is %+v, want %s", text, c.Evidence, want)
		}
		if said := c.Text(i18n.English); !strings.Contains(said, "something new") {
			t.Errorf("%s: it says %q", text, said)
		}
	}
	explained(t, "Coze Studio", []posted{
		{`{"code":700012099,"msg":"something new"}`, "unknown* token.expired token.region"},
		{`{"code":103200004,"msg":"The chatflow is not configured."}`, "studio.code"},
		{`{"code":305000002,"msg":"Function execution failed"}`, "studio.code"},
		{`{"code":700012006,"msg":"authentication failed: api key invalid"}`, "studio.token"},
		{`{"code":700012006,"msg":"authentication failed: missing authorization in header"}`, "token.no_bearer* token.expired token.region token.pat"},
	})
}

// What stands in a text beside an error decides which cause comes first.
func TestWhatStandsInATextIsEvidence(t *testing.T) {
	claims := func(aud string, iat, exp string) string {
		return token(header, `{"iss":"1234567890123","aud":"`+aud+`","iat":`+iat+`,"exp":`+exp+`,"jti":"x"}`)
	}
	fresh := claims("api.coze.com", "1800000000", "1800000900")
	explained(t, "evidence", []posted{
		{"POST https://api.coze.com/api/permission/oauth2/token\ninvalid jwt: kid not been registred", "kid.region* kid.not_uploaded kid.app_id kid.deleted kid.not_fingerprint"},
		{"POST https://api.coze.cn/api/permission/oauth2/token\nBearer " + fresh + "\ninvalid jwt: kid not been registred", "kid.region* kid.not_uploaded kid.app_id kid.deleted kid.not_fingerprint"},
		{"Bearer " + fresh + "\ninvalid jwt: kid not been registred", "kid.not_uploaded kid.app_id kid.region kid.deleted kid.not_fingerprint"},
		{"Date: Fri, 15 Jan 2027 09:00:00 GMT\ninvalid_client " + token(header, `{"iss":"1234567890123"}`), "client.ids kid.region app.type clock kid.not_fingerprint"},
		{"https://api.coze.cn " + fresh + " 401 Unauthorized", "token.region* hidden.body token.expired token.no_bearer"},
		{`{"code":4100,"msg":"no token in the request header"}`, "token.no_bearer* token.region token.expired"},
		{`{"code":4101,"msg":"no permission"} scope: {"account_permission":{"permission_list":["Connector.botChat"]}}`, "token.scope* token.permission app.reauthorize bot.access"},
		{`{"code":4101,"msg":"permission denied, required: Connector.createBot"}`, "token.permission app.reauthorize bot.access token.scope"},
		{`{"code":4101,"msg":"no permission"}`, "token.permission app.reauthorize bot.access token.scope"},
		{"Date: Fri, 15 Jan 2027 09:00:00 GMT\ninvalid jwt: token is expired " + claims("api.coze.cn", "1800000000", "1800000900"), "jwt.lifetime* clock"},
		{"2027-01-15T07:00:00Z invalid jwt: used before issued " + claims("api.coze.cn", "1800000000", "1800000900"), "clock*"},
		{`{"error_code":"invalid_client","error_message":"refused"} exp=1800000000 now=1800003600`, "jwt.lifetime* client.ids kid.region app.type clock kid.not_fingerprint"},
		{`{"error_code":"invalid_client","error_message":"refused"}`, "client.ids kid.region app.type clock kid.not_fingerprint"},
		{`code: 4200, msg: Requested resource bot_id=7481617032355070000 does not exist. https://api.coze.com`, "id.rounded* id.region* id.wrong bot.access"},
	})
}

// A status without a body leads to where the body is.
func TestAStatusAloneLeadsOn(t *testing.T) {
	const hidden = "hidden.body token.expired token.region token.no_bearer"
	explained(t, "401", []posted{
		{"401 Unauthorized", hidden},
		{"HTTP 401", hidden},
		{"HTTP/1.1 401 Unauthorized", hidden},
		{"http status 401", hidden},
		{"状态码：401", hidden},
		{"接口报 401", hidden},
		{"返回401错误", hidden},
		{"Error: Unauthorized (401)", hidden},
		{"HTTP error! status: 401", hidden},
		{"ClientResponseError: 401, message='Unauthorized'", hidden},
		{"HTTP 403 Forbidden", "hidden.body token.permission"},
		{"org.springframework.web.client.HttpClientErrorException$Unauthorized: 401 : [no body]", hidden},
		{"AxiosError: Request failed with status code 401", hidden},
		{"httpx.HTTPStatusError: Client error '401 Unauthorized' for url 'https://api.coze.cn/v3/chat'\nFor more information check: https://developer.mozilla.org/en-US/docs/Web/HTTP/Status/401", hidden},
		{"Response status code does not indicate success: 401 (Unauthorized).", hidden},
		{"401 Unauthorized from POST https://api.coze.cn/api/permission/oauth2/token", "hidden.body client.ids kid.region"},
		{"为什么我用 coze 的 jwt 一直 401？", hidden},
		{"coze HTTP 429 Too Many Requests", "service.rate"},
		{"coze 502 Bad Gateway", "net.gateway service.internal"},
		{"扣子 状态码 500", "service.internal"},
		{"https://api.coze.cn/v9/x 404 Not Found", "api.404"},
		{"GET http://10.0.0.7:8080/proxy 401 Unauthorized", hidden},
		{"GET http://proxy.example.com/v3/chat 401 Unauthorized", hidden},
		{"request fail: 401 Unauthorized", "hidden.body"},
		{"http status code: 401 (no body)", "hidden.body"},
		{"{'error': 'Unexpected response from Coze API.'}", "hidden.body"},
		{"com.coze.openapi CozeApiException: http exception", "hidden.body"},
		{"TypeError: Failed to fetch", "hidden.cause net.cors"},
	})
}
