package diagnosis_test

import (
	"strings"
	"testing"

	"cozejwt/internal/diagnosis"
)

// What the API and the SDKs say after the token, in the words of the official
// table and of public threads.
var afterTheToken = []struct{ name, text, first string }{
	{"no permission, in Chinese", `没有权限访问该工作空间`, "token.permission"},
	{"no right, in Chinese", `{"msg":"无权访问该智能体"}`, "token.permission"},
	{"4101, no permission", `{"code":4101,"msg":"You do not have permission to access this resource"}`, "token.permission"},
	{"4101, token not known", `code: 4101, msg: The token you entered is incorrect. Please double-check and try again. For more information, refer to https://coze.cn`, "token.region"},
	{"4100, coze-js", "AuthenticationError: code: 4100, msg: authentication is invalid, logid: 20250101123456789ABC", "token.region"},
	{"4200, rounded id", `code=4200, msg=Requested resource bot_id=7481617032355070000 does not exist. Ensure you are the correct resource identifier.`, "id.rounded"},
	{"4200, default host", `request POST#https://api.coze.com/v3/chat failed, code=4200, msg=Requested resource bot_id=7481617032355075967 does not exist.`, "id.region"},
	{"4200, coze-java", "WARN com.coze.openapi - API error: 4200 Requested resource bot_id=7481617032355075967 does not exist.", "id.region"},
	{"4015", "cozepy.exception.CozeAPIError: code: 4015, msg: The bot_id 7400000000000000001 has not been published to the channel Agent As API, logid: 20250101123456789ABC", "bot.unpublished"},
	{"4016", `{"code":4016,"msg":"Conversation is occupied by another chat"}`, "api.4016"},
	{"4013", `{"code":4013,"msg":"rate"}`, "service.rate"},
	{"4019", `{"code":4019,"msg":"balance"}`, "api.4019"},
	{"5000", `{"code":5000,"msg":"internal"}`, "api.5000"},
	{"700012006", `{"code":700012006,"msg":"access token invalid"}`, "token.expired"},
	{"700012006, other words", `{"code":700012006,"msg":"Login verification is invalid"}`, "token.expired"},
	{"700012006, words alone", "Login verification is invalid", "token.expired"},
	{"700012054", `{"code":700012054,"msg":"No permission to access, please refresh the current page and try again."}`, "bot.unpublished"},
	{"4015, words alone", "The bot_id 7400000000000000001 has not been published to the channel Agent As API", "bot.unpublished"},
	{"4200, words alone", "Requested resource bot_id=7481617032355070000 does not exist", "id.rounded"},
	{"4101, words alone", "The token you entered is incorrect. Please double-check and try again.", "token.region"},
	{"Python dict", "{'code': 4100, 'msg': 'authentication is invalid', 'detail': {'logid': '20250101123456789ABC'}}", "token.region"},
	{"JSON in a JSON string", `{"message":"{\"code\":4015,\"msg\":\"The bot_id 1 has not been published to the channel Agent As API\"}"}`, "bot.unpublished"},
	{"JSON in JSON in JSON", `"{\"body\":\"{\\\"code\\\":4200,\\\"msg\\\":\\\"Requested resource bot_id=7481617032355070000 does not exist\\\"}\"}"`, "id.rounded"},
	{"Go log line", `2025/01/01 10:00:00 [WARN] request failed, body={"code":4101,"msg":"no permission"}`, "token.permission"},
	{"invalid event", `CozeInvalidEventError: invalid event, data: {"code":4100,"msg":"authentication is invalid"}, logid: 20250101123456789ABC`, "token.region"},
	{"4015, older words", "error: { message: 'The Bot is not currently published to the corresponding platform\\n' }", "bot.unpublished"},
	{"4015, older words in Chinese", "reply error=[COZE] Error: 当前 Bot 未发布到 Bot as API 渠道", "bot.unpublished"},
	{"4028", "last_error.code = 4028\nlast_error.msg = \"Your free quota has been used up. Please upgrade to a paid plan to continue\"", "api.4028"},
	{"a code in a question", "个人调试的token 为啥报4101啊", "token.permission"},
	{"5000, polite", `{"code": 5000, "msg": "We're currently experiencing server issues. Please try your request again after a short delay."}`, "api.5000"},
	{"4000, body", "[cozepy][WARNING][2025-03-10 01:43:30] request POST#https://api.coze.cn/v3/chat failed, logid=20250310014330FAAC9EE199F7, code=4000, msg=The field http body provided is not a valid json or chat request.", "request.body"},
	{"700012006, session", `code":700012006,"msg":"authentication failed: missing session_key in cookie"`, "studio.path"},
	{"a code that no table has", "CozeApiException(code=702042078, msg=We're currently experiencing server issues. Please try your request again after a short delay., logID=20250223145719591EF28CA0)", "service.internal"},
	{"a code and words that nobody knows", "code: 4999, msg: something new, logid: 20250223145719591EF28CA0", "unknown"},
	{"a gateway's page", "CozeApiException(code=504, msg=<html>\n<head><title>504 Gateway Time-out</title></head>\n</html>\n, logID=null)", "net.gateway"},
	{"Reactor", "Caused by: reactor.netty.http.client.PrematureCloseException: Connection prematurely closed DURING response", "net.gateway"},
	{"two versions of jjwt", "java.lang.NoSuchMethodError: 'io.jsonwebtoken.JwtBuilder io.jsonwebtoken.JwtBuilder.signWith(java.security.Key, io.jsonwebtoken.SignatureAlgorithm)'\n\tat com.coze.openapi.service.auth.DefaultJWTBuilder.generateJWT(DefaultJWTBuilder.java:25)", "sdk.jjwt"},
	{"plain text in place of JSON", "JsonParseException: Unrecognized token 'missing'\n at [Source: missing required Host header; line: 1, column: 8]", "net.host_header"},
	{"an empty number", `request POST#http://127.0.0.1:8888/v3/chat failed, logid=None, code=400, msg=unable to decode '' as int64: strconv.ParseInt: parsing "": invalid syntax`, "request.empty_id"},
	{"WebSocket", "cozepy.exception.CozeAPIError: msg: server rejected WebSocket connection: HTTP 403, logid: 0217373628680980000000000", "ws.closed"},
	{"Workers", "DataError: Invalid PKCS8 input.", "sdk.pkcs1"},
	{"universal-github-app-jwt", "Private Key is in PKCS#1 format, but only PKCS#8 is supported", "sdk.pkcs1"},
	{"Node's WebCrypto", "DOMException [DataError]: Invalid keyData\n  [cause]: Error: error:0680007B:asn1 encoding routines::header too long", "sdk.pkcs1"},
	{"Java", "java.security.InvalidKeyException: IOException : algid parse error, not a sequence", "sdk.pkcs1"},
	{"axios without the body", "AxiosError: Request failed with status code 401\n    at settle (node_modules/axios/lib/core/settle.js:19:12)", "hidden.body"},
	{"requests without the body", "requests.exceptions.HTTPError: 401 Client Error: Unauthorized for url: https://api.coze.cn/v3/chat", "hidden.body"},
	{"OpenSSL 1", "error:0909006C:PEM routines:get_name:no start line", "sdk.no_pem"},
	{"OpenSSL 3", "error:1E08010C:DECODER routines::unsupported", "sdk.no_pem"},
	{"jose", `TypeError: "pkcs8" must be PKCS#8 formatted string`, "sdk.no_pem"},
	{"golang-jwt", "invalid key: Key must be a PEM encoded PKCS1 or PKCS8 key", "sdk.no_pem"},
	{"PyJWT", "jwt.exceptions.InvalidKeyError: Could not parse the provided public key.", "sdk.no_pem"},
	{"chain, the innermost counts", "Error: chat failed\n  [cause]: code: 4100, msg: authentication is invalid", "token.region"},
	{"Java chain", "java.lang.RuntimeException: code: 4000, msg: bad\nCaused by: com.coze.openapi.client.exception.CozeApiException: code: 4016, msg: busy", "api.4016"},
}

func TestExplainKnowsWhatComesAfterTheToken(t *testing.T) {
	for _, test := range afterTheToken {
		t.Run(test.name, func(t *testing.T) {
			e := diagnosis.Explain(test.text, now)
			if len(e.Causes) == 0 || e.Causes[0].ID != test.first {
				t.Fatalf("causes are %+v, want %s first", e.Causes, test.first)
			}
		})
	}
}

func TestExplainNamesTheOtherErrorsOfAChain(t *testing.T) {
	e := diagnosis.Explain(afterTheToken[len(afterTheToken)-1].text, now)
	last := e.Recognised[len(e.Recognised)-1]
	if last.ID != "explain.also" || !strings.Contains(last.Pairs[1], "4000") {
		t.Errorf("recognised %+v", e.Recognised)
	}
}

func TestExplainLeavesOtherServicesAlone(t *testing.T) {
	for _, text := range []string{
		"could not connect to server: Connection refused. Is the server running on host \"localhost\" and accepting TCP/IP connections on port 5432? postgres",
		"Error: connect ECONNREFUSED 127.0.0.1:6379 redis",
		"openai.AuthenticationError: Error code: 401",
		"TypeError: Cannot read properties of undefined (reading 'map')",
	} {
		if e := diagnosis.Explain(text, now); e.Known() {
			t.Errorf("%q is explained as %+v", text, e.Causes)
		}
	}
}
