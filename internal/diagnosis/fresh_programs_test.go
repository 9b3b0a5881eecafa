package diagnosis_test

import (
	"strings"
	"testing"

	"cozejwt/internal/diagnosis"
	"cozejwt/internal/i18n"
)

// What libraries say of how they are called, and what people ask, as they have posted it.
func TestWhatLibrariesAndPeopleSay(t *testing.T) {
	explained(t, "posted", []posted{
		{`joserfc.errors.UnsupportedKeyOperationError: unsupported_key_operation: Invalid key_op 'sign' for public key`, "key.public"},
		{`ValueError: No PEM start marker "b'-----BEGIN RSA PRIVATE KEY-----'" found`, "key.pkcs1_only sdk.no_pem"},
		{`ValueError: RSA key format is not supported`, "sdk.no_pem key.literal_newlines key.is_path"},
		{`jose.exceptions.JWKError: Unable to parse an RSA_JWK from key: <_io.TextIOWrapper name='private_key.pem' mode='r' encoding='UTF-8'>`, "sdk.no_pem key.literal_newlines key.is_path"},
		{`AttributeError: 'str' object has no attribute 'decode'. Did you mean: 'encode'?`, "sdk.pyjwt_decode"},
		{`httpx.LocalProtocolError: Illegal header value b'Bearer '`, "request.header_value jwt.empty"},
		{`TypeError: Cannot convert argument to a ByteString because the character at index 0 has a value of 8220 which is greater than 255.`, "request.header_value jwt.empty"},
		{`Post "https://api.coze.cn/x": net/http: invalid header field value for "Authorization"`, "request.header_value jwt.empty"},
		{`java.lang.IllegalArgumentException: Unexpected char 0x0a at 647 in Authorization value`, "request.header_value jwt.empty"},
		{`aiohttp.client_exceptions.ContentTypeError: 0, message='Attempt to decode JSON with unexpected mimetype: text/html; charset=utf-8'`, "net.html"},
		{`Client error '405 Method Not Allowed' for url 'https://api.coze.cn/api/permission/oauth2/token'`, "request.method"},
		{`json.decoder.JSONDecodeError: Invalid control character at: line 4 column 47 (char 131)`, "key.json_newlines"},
		{`Bad control character in string literal in JSON at position 90`, "key.json_newlines"},
		{`joserfc.errors.InvalidKeyTypeError: invalid_key_type: Not a key of: 'RSA'`, "key.not_rsa"},
		{`TypeError: Invalid digest: RS256`, "sdk.digest"},
		{`Error: Bad "options.expiresIn" option the payload already has an "exp" property.`, "sdk.claim_twice"},
		{`DataError: unknown/unsupported ASN.1 DER tag: 0x2d at DER byte 1`, "key.markers"},
		{`NotCapable: Requires net access to "api.coze.cn:443", run again with the --allow-net flag`, "net.not_allowed"},
		{`SyntaxError: Unsupported key usage for an RSASSA-PKCS1-v1_5 key`, "sdk.key_usage"},
		{`error: Unable to connect. Is the computer able to access the url?`, "net.refused"},
		{`throw "not supported argument" at KEYUTIL.getKey (utils/jsrsasign.js)`, "sdk.no_pem key.literal_newlines key.openssh key.encrypted"},
		{`Error: Invalid ASN1 Error, expected 0x2, got 0x30`, "key.pkcs1_only sdk.no_pem"},
		{`Cannot read properties of undefined (reading 'replace') process.env.COZE_PRIVATE_KEY`, "key.empty"},
		{`failed to retrieve rsa.PrivateKey out of []uint8: failed to produce rsa.PrivateKey`, "key.not_parsed"},
		{`go-jose/go-jose: unsupported key type/format`, "key.not_parsed"},
		{`json: cannot unmarshal number 1795863600 into Go struct field TokenResp.expires_in of type string`, "sdk.expires_in"},
		{`cn.hutool.jwt.JWTException: No Signer provided!`, "sdk.no_signer"},
		{`java.security.InvalidKeyException: Key must not be null`, "key.empty key.public"},
		{`io.jsonwebtoken.security.InvalidKeyException: RS256 signing keys must be PrivateKeys (implement java.security.PrivateKey). Provided key type: sun.security.rsa.RSAPublicKeyImpl.`, "key.not_parsed key.public"},
		{`java.net.UnknownServiceException: CLEARTEXT communication to api.coze.cn not permitted by network security policy`, "sdk.base_url"},
		{`SocketException: Failed host lookup: 'api.coze.cn' (OS Error: No address associated with hostname, errno = 7)`, "net.dns"},
		{`IDX10638: Cannot create the SignatureProvider, 'key.HasPrivateKey' is false, cannot create signatures.`, "key.public"},
		{`IDX10634: Unable to create the SignatureProvider. Algorithm: 'RS256'`, "key.not_parsed key.public"},
		{`JWT::EncodeError: The given key is a String. It has to be an OpenSSL::PKey::RSA instance`, "key.not_parsed key.empty"},
		{`reqwest::Error { kind: Builder, source: RelativeUrlWithoutBase }`, "sdk.base_url"},
		{`E (4033) COZE_JWT: mbedtls_pk_parse_key failed: -15616 (-0x3d00)`, "key.mbedtls key.literal_newlines key.truncated"},
		{`mbedtls_pk_parse_keyfile("/spiffs/private_key.pem") = -0x3e00`, "sdk.key_path"},
		{`cURL error 77: error setting certificate verify locations: CAfile: /x.pem (see https://curl.haxx.se/libcurl/c/libcurl-errors.html)`, "net.ca_file"},
		{`base64: invalid option -- w`, "shell.base64"},
		{`Invoke-WebRequest : 基础连接已经关闭: 发送时发生错误。`, "net.handshake"},
		{`docker: poorly formatted environment: variable 'MII' contains whitespaces; COZE_PRIVATE_KEY=`, "key.env_file"},
		{`jwt sign error: no PEM data is found`, "sdk.no_pem key.literal_newlines key.openssh key.encrypted"},
		{`Error: Cannot find module "jsrsasign"`, "sdk.not_installed"},
		{`{"error":4,"errorMessage":"无权调用该接口"}`, "miniprogram.domain"},
		{`read ECONNRESET，重试又说 jwt 已经用过`, "jwt.reused"},
		{`扣子的 App ID 是智能体网址后面那串数字吗？`, "help.app_id"},
		{`keyid到底在哪看啊`, "help.key_id"},
		{`private_key.pem 和 public_key.pem，传哪个？`, "help.upload"},
		{`运维把私钥提交到公开的gitee仓库了`, "help.leaked"},
		{`有个"安装并授权"我没点过`, "app.unauthorised"},
		{`我在 coze.com 建的 OAuth 应用，服务器在国内请求 api.coze.cn`, "kid.region"},
		{`access_token 两小时就没了，能不能设成永久的？`, "help.refresh"},
		{`想换一把新密钥，怎么换才不停服？`, "help.rotate"},
		{`私钥那个 pem 没存下来，现在还能再下一次吗`, "help.lost"},
		{`客户端类型选了单页面应用，是不是不能用JWT？`, "app.type"},
		{`后来渠道应用报要绑connector`, "app.channel"},
		{`api 调就说没发布`, "bot.unpublished"},
		{`4101 是啥意思？`, "token.permission app.reauthorize bot.access token.scope"},
		{`授权按钮点了提示要找管理员审批`, "app.admin"},
		{`多个用户用同一个 token 聊天，记录串了`, "help.sessions"},
		{`[COZE] Error: 发生了一些错误，请尝试再次操作。`, "service.internal"},
		{`{"code":720702011,"msg":"Workflow not published. Please publish the workflow and try again."}`, "workflow.unpublished id.region id.wrong"},
		{`run failed code=720702085 msg=Workflow execution timed out. Please check for long-running operations`, "net.gateway"},
		{`{"code":4027,"msg":"Your account has an overdue payment, please recharge immediately."}`, "api.4027"},
		{`{"code":4029,"msg":"The connection was closed due to prolonged user inactivity."}`, "api.4029"},
		{`code=4052 msg=s2s feature is not enabled for this bot, logid=021700000000000000`, "api.4052"},
		{`Bad request: API returned error code 4000: The field http body provided is not a valid json or chat request. {"message": "请详细介绍"}`, "request.body"},
		{`not supported grant type: urn:ietf:params:oauth:grant-type:jwt_bearer`, "request.grant_value* request.grant_type"},
		{`headers: { Authorization: token } {"code":700012006,"msg":"Login verification is invalid"}`, "token.no_bearer* token.expired token.region token.pat"},
		{`团队空间的智能体 {"code":4101,"msg":"Your token does not have permission to access resource."}`, "bot.access* token.permission app.reauthorize token.scope"},
		{`刚在控制台给应用加了权限 {"code":4101,"msg":"Your token does not have permission to access resource."}`, "app.reauthorize* token.permission bot.access token.scope"},
		{`log: [702242001] 参数传递错误，请查阅对应 API 文档 (botID="")`, "api.4000"},
		{`'-----BEGIN PRIVATE KEY-----' secretOrPrivateKey must be an asymmetric key when using RS256`, "key.first_line* sdk.no_pem key.literal_newlines key.encrypted key.openssh"},
		{`{"error_code":"invalid_client","error_message":"invalid jwt: kid is empty"}`, "kid.missing"},
		{`{"error_code":"invalid_client","error_message":"invalid jwt: signing method HS256 is invalid"}`, "jwt.algorithm"},
		{`{"iss":"9421.app.coze","aud":"api.coze.cn"} 401 invalid_client`, "app.type* client.ids kid.region clock kid.not_fingerprint"},
		{`客户端 ID   xxxxx.app.coze`, "app.type"},
		{`tooltip: The maximum number of key pairs has been reached`, "app.key_limit"},
		{`pem 没存下来，怎么重新下载？`, "help.lost"},
		{`仅组织超级管理员和管理员可以创建、编辑和授权 OAuth 应用`, "app.admin"},
		{`After our admin clicked Uninstall: {"code":4100,"msg":"authentication is invalid"}`, "app.uninstalled* token.region token.expired"},
		{`能看到别人的聊天记录`, "help.sessions"},
		{`errorCode=600902002, errorMessage=workspace permission denied (cozeloop)`, "token.permission app.reauthorize bot.access token.scope"},
		{`cozeloop client init failed: auth info is required`, "sdk.missing_value"},
		{`com.auth0.jwt.exceptions.TokenExpiredException: The Token has expired on 2026-11-27T16:00:00Z.`, ""},
	})
}

// What Coze's own answer says counts more than a word in it, and a negated word says nothing.
func TestWordsCountAsTheyAreMeant(t *testing.T) {
	explained(t, "meant", []posted{
		{`{"code":4101,"msg":"您没有权限访问该资源，请联系管理员"}`, "token.permission app.reauthorize bot.access token.scope"},
		{`JWT 在有效期内，没有过期，但还是 4100`, "token.region token.expired"},
		{`{"code":0,"data":{"bot_id":""},"detail":{"logid":"20250101000000ABCDEF1234"}}`, "hidden.reason"},
		{`missing env COZE_CLIENT_SECRET=abcdefSECRET123456`, "sdk.missing_value"},
	})
	for _, text := range []string{
		`coze header = {"alg":"RS256","typ":"JWT"}; header["kid"] = KID; jwt`, "coze: the SDK asks for client_id:\n1180123456789",
	} {
		if e := diagnosis.Explain(text, now); len(e.Findings) > 0 {
			t.Errorf("%q: %s", text, found(e.Findings))
		}
	}
	for _, text := range []string{
		"missing env COZE_CLIENT_SECRET=abcSECRET123456", "httpx.LocalProtocolError: Illegal header value b'Bearer abcSECRET123'",
		"requests.exceptions.InvalidHeader: Invalid leading whitespace, reserved character(s), or return character(s) in header value: 'Bearer abcSECRET123\\n'",
	} {
		for _, m := range diagnosis.Explain(text, now).Recognised {
			if said := i18n.English.Say(m); strings.Contains(said, "SECRET123") {
				t.Errorf("a value is shown: %s", said)
			}
		}
	}
}
