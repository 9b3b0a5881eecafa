package diagnosis_test

import "testing"

// Texts as people have posted them, whose wording no other test has.
func TestWhatPeoplePostIsKnown(t *testing.T) {
	const (
		login  = "token.expired token.region token.pat token.no_bearer"
		hidden = "hidden.body token.expired token.region token.no_bearer"
		noPEM  = "sdk.no_pem key.literal_newlines key.openssh key.encrypted"
	)
	explained(t, "posted", []posted{
		{"为啥 coze.cn/open/oauth/pats 生成的token调不了api，coze.com/open/oauth/pats 才可以", "token.region"},
		{"code=4000, msg=The field http body provided is not a valid json or chat request. coze", "request.body"},
		{"a 400 error with `invalid request: client_secret`.\nBadRequestError: logid: 20250421140201AA55BB66CC77DD88EE", "app.type oauth.other_flow"},
		{"invalid request: redirect_uri", "app.type oauth.other_flow"},
		{"我们的token有效时长15分钟，超时后会出现发送失败的情况", login},
		{"令牌到期后就报错了", login},
		{"https://api.coze.cn/api/permission/oauth2/token 返回invalid_request", "request.parameter request.form_body"},
		{`'form_params' => ['grant_type' => 'x'] {"error_code":"invalid_request","error_message":"invalid request: grant_type"}`, "request.form_body* request.grant_value"},
		{`"duration_seconds":604800 {"error_code":"invalid_request","error_message":"invalid request: duration_seconds"}`, "request.duration*"},
		{"CozeAPI.Builder().auth(a).readTimeout(10000) 提示我身份认证失败", hidden},
		{"We've detected unusual traffic from your network, so Coze is temporarily unavailable.", "net.blocked"},
		{"secretOrPrivateKey must be a symmetric key when using HS256", "jwt.algorithm"},
		{"InvalidKeyError: The specified key is an asymmetric key or x509 certificate and should not be used as an HMAC secret.", "jwt.algorithm"},
		{`b'-----BEGIN PRIVATE KEY-----\\nMII' ValueError: Could not deserialize key data.`, "key.literal_newlines* sdk.no_pem key.openssh key.public"},
		{"Failed to generate JWT token: Algorithm 'RS256' could not be found. Do you have cryptography installed?", "sdk.python_packages"},
		{"RsaUsingSha alg expects key to be of RSA type or Jwk type with kty='RSA'", "key.not_parsed sdk.no_pem"},
		{"Error: error:0D07207B:asn1 encoding routines:ASN1_get_object:header too long", "sdk.pkcs1 key.truncated sdk.no_pem"},
		{"Error: error:0D0680A8:asn1 encoding routines:asn1_check_tlen:wrong tag", "sdk.pkcs1 sdk.no_pem key.not_rsa"},
		{"Error: The edge runtime does not support Node.js 'buffer' module.\nLearn More: https://nextjs.org/docs/messages/node-module-in-edge-runtime", "sdk.edge"},
		{`Module "crypto" has been externalized for browser compatibility`, "sdk.edge"},
		{"会与应用jwt 版本不兼容, 导致找不到NoSuchMethodError错误", "sdk.jjwt"},
		{"企业空间里用 /oauth2/token 拿到的 access_token 看不到别人空间的智能体", "token.account bot.access"},
		{"怎么用 accountId 生成 JWT token？", "token.account bot.access"},
		{"[702242001] 参数传递错误，请查阅对应 API 文档", "api.4000"},
		{"Could not convert private key from PEM; PEM header type is not \"PRIVATE KEY\" or \"RSA PRIVATE KEY\".", noPEM},
		{"OAuth 未配置，请设置 COZE_OAUTH_APP_ID、COZE_OAUTH_KID 环境变量", "sdk.missing_value"},
		{"Error: Missing required environment variable COZE_PRIVATE_KEY", "sdk.missing_value"},
		{"第二次拿同一个jwt去换token就401了，jwt明明还没过期啊？", "jwt.reused"},
		{"invalid jwt: Token used before issued", "clock"},
		{"401", hidden},
		{"404", "api.404"},
		{`Authorization: Bearer pat_x {"error_code":"invalid_client","error_message":"invalid jwt: token contains an invalid number of segments"}`, "jwt.not_one*"},
		{`Authorization: Bearer {{coze_jwt}} {"error_code":"invalid_client","error_message":"invalid jwt: token is malformed"}`, "jwt.not_one*"},
		{"httpx.ConnectError: [Errno 111] Connection refused (env: HTTPS_PROXY=http://127.0.0.1:7890)", "net.local_proxy* net.refused"},
		{"httpx.ConnectError: [Errno 111] Connection refused", "net.refused"},
		{"curl: (60) SSL certificate problem: unable to get local issuer certificate\nMore details here: https://curl.se/docs/sslcerts.html", "net.tls"},
		{"415 Unsupported Media Type from POST https://api.coze.cn/api/permission/oauth2/token", "request.form_body"},
		{`Error Domain=NSURLErrorDomain Code=-1003 "A server with the specified hostname could not be found."`, "net.dns"},
		{`Error Domain=NSURLErrorDomain Code=-1005 "The network connection was lost."`, "net.reset"},
		{`Error Domain=NSURLErrorDomain Code=-1009 "The Internet connection appears to be offline."`, "net.unreachable"},
		{"no function clause matching in JOSE.JWK.from_record/1\n#=> \"-----BEGIN PRIVATE KEY----- MIIEvQ\"", "sdk.no_pem* key.literal_newlines key.empty"},
		{"扣子 > 公钥和私钥 > 创建 Key 按钮是灰的，提示已达上限", "app.key_limit"},
		{"点「创建新应用」提示无权限，请联系组织管理员", "app.admin"},
		{`{"code":4200,"msg":"Workflow not found. Please make sure that the workflow_id is correct and the workflow has been published."}`, "workflow.unpublished id.region id.wrong"},
		{`POST /api/permission/oauth2/account/7351411557180000000/token {"error_code":"access_deny","error_message":"no permission"}`, "account.refused* app.unauthorised app.type"},
		{`b'\xef\xbb\xbf-----BEGIN PRIVATE KEY-----' Could not deserialize key data`, "key.bom* sdk.no_pem key.literal_newlines key.openssh key.public"},
	})
}

// Settings and words that are no errors.
func TestWhatIsNoErrorIsNotTakenForOne(t *testing.T) {
	explained(t, "no error", []posted{
		{"new CozeAPI.Builder().readTimeout(10000).connectTimeout(5000)", ""},
		{"jwt还没过期", ""},
		{"coze max_tokens=4096", ""},
		{"扣子 服务跑在 localhost:4000 端口", ""},
		{"the coze proxy uses port 4100", ""},
		{"coze: RSA 4096 key", ""},
		{"openssl genrsa 4096 # for coze", ""},
		{"coze 花了 4200 毫秒", ""},
		{"coze 余额 5000 元", ""},
		{"coze 报 4015", "bot.unpublished bot.session_url id.region"},
		{"coze error 4015", "bot.unpublished bot.session_url id.region"},
		{"令牌还没有过期", ""},
		{"httpx.ReadTimeout", "net.timeout"},
		{"java.net.http.HttpConnectTimeoutException: x", "net.timeout"},
	})
}
