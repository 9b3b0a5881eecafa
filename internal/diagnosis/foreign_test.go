package diagnosis_test

import (
	"testing"

	"cozejwt/internal/diagnosis"
)

var foreignTexts = []string{
	"openai.AuthenticationError: Error code: 401 - {'error': {'message': 'Incorrect API key provided', 'code': 'invalid_api_key'}}",
	`anthropic.AuthenticationError: Error code: 401 - {"type":"error","error":{"type":"authentication_error"}}`,
	"requests.exceptions.HTTPError: 401 Client Error: Unauthorized for url: https://api.github.com/user",
	"npm ERR! code E401\nnpm ERR! 401 Unauthorized - GET https://registry.npmjs.org/@acme%2fpkg",
	"Error response from daemon: Get \"https://registry-1.docker.io/v2/\": net/http: request canceled (Client.Timeout exceeded while awaiting headers)",
	"fatal: unable to access 'https://gitlab.com/acme/app.git/': Could not resolve host: gitlab.com",
	"Error: connect ECONNREFUSED 127.0.0.1:6379",
	"pq: password authentication failed for user \"app\" (postgres)",
	"getaddrinfo ENOTFOUND api.stripe.com",
	"dial tcp: lookup smtp.qq.com on 8.8.8.8:53: no such host",
	"HTTPSConnectionPool(host='www.googleapis.com', port=443): Max retries exceeded (Caused by ConnectTimeoutError)",
	`{"error":"invalid_grant","error_description":"Bad Request"}`,
	"JsonWebTokenError: invalid signature\n    at verify (node_modules/jsonwebtoken/verify.js:171:19)",
	"TokenExpiredError: jwt expired",
	"io.jsonwebtoken.ExpiredJwtException: JWT expired at 2026-01-01T00:00:00Z",
	"AADSTS700016: Application with identifier 'x' was not found in the directory",
	"alipay: 您使用的私钥格式错误，请检查RSA私钥配置",
	"支付宝 私钥格式错误",
	"kubectl: error: You must be logged in to the server (Unauthorized) 401",
	"TypeError: Cannot read properties of undefined (reading 'includes')",
	"Error: listen EADDRINUSE: address already in use :::3000",
	"ENOENT: no such file or directory, open 'package.json'",
	"FileNotFoundError: [Errno 2] No such file or directory: 'data.csv'",
	"java.lang.NullPointerException\n\tat com.example.Main.main(Main.java:3)",
	"panic: runtime error: index out of range [3] with length 3",
	"HTTP 401 from https://api.weather.io/v1/today",
	"getaddrinfo ENOTFOUND api.weather.io",
	"Host: api.weather.io\n\nHTTP/1.1 401 Unauthorized",
	"segmentation fault (core dumped)",
	"pydantic_core._pydantic_core.ValidationError: 1 validation error for Settings",
	"exit code: 137",
	"gitlab: 没有权限访问该项目，请联系管理员",
	"MySQL: 无权限，请联系管理员",
	"access token 在有效时间内没有超时",
	"优惠券有效期超时",
	"java.lang.NoSuchMethodError: okio.Buffer.x",
	"java.lang.IllegalStateException: 消息字符串为空",
	"记录串行化失败",
	"换 key 的缓存策略",
	"log rotation rotates the old keys",
	"填哪个好",
	"which file do I upload to S3?",
	"系统提示没发布",
	"Facebook app id 怎么获取",
	"钱包私钥泄露",
	"微信 token 永久",
	"environment variable JAVA_HOME is not set",
	"Error: missing required environment variable DATABASE_URL",
	"部署前请先配置 Node.js 环境变量",
	"api key 调用次数已达上限",
	"ERROR 1071: Specified key 长度超出最大",
	"missing account_id in token",
	"Error: Invalid digest: sha257",
	"ValueError: Invalid key",
	"CLEARTEXT communication to 10.0.0.2 not permitted",
	"fetch(\"/v1/files\", {headers: {authorization: \"Bearer \" + jwtToken}})",
	"setTimeout(refresh, res.expires_in * 1000)",
	`{"code":40001,"errmsg":"invalid credential, access_token is invalid or not latest"}`,
	`{"code":10001,"msg":"参数错误"}`,
	`{"code":500,"msg":"服务器内部错误"}`,
	`10.0.0.1 - - [20/Nov/2026:10:00:00 +0000] "GET /login HTTP/1.1" 401 123`,
	"psycopg2.OperationalError: could not connect to server: Connection refused",
	`{"code":404,"msg":"Not Found"}`,
	"error code: 504",
	`{"code":0,"msg":"ok","data":{}}`,
	"GET /favicon.ico 404 (Not Found)",
	"the meeting is in room 4101 at 5000 Main Street",
	"order 4100 shipped; tracking 4200",
	"curl https://example.org/",
	"ssh: connect to host 10.0.0.1 port 22: Connection refused",
	"The quick brown fox jumps over the lazy dog.",
	"今天天气不错，我们去公园吧。",
	"W: GPG error: https://deb.debian.org stable InRelease: The following signatures couldn't be verified because the public key is not available",
	"Traceback (most recent call last):\n  File \"a.py\", line 1\nModuleNotFoundError: No module named 'numpy'",
	"const a = new URLSearchParams({q: 'x'}); fetch('/search?' + a)",
	`POST https://oauth2.googleapis.com/token grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=eyJhbGciOiJSUzI1NiJ9`,
	token(`{"alg":"HS256","typ":"JWT"}`, `{"iss":"https://accounts.acme.io/","sub":"1","exp":1700000000}`),
	"supabase anon key " + token(`{"alg":"HS256"}`, `{"iss":"supabase","role":"anon"}`),
	"",
}

// Text that is not about Coze has no explanation, although some of its words are those of Coze.
func TestTextAboutOthersIsNotExplained(t *testing.T) {
	for _, text := range foreignTexts {
		if e := diagnosis.Explain(text, now); e.Known() {
			t.Errorf("%q is explained: causes %s, findings %s", text, order(e.Causes), found(e.Findings))
		}
	}
}

// A sentence that is nobody else's counts in any text.
func TestASentenceOfCozeAloneCountsBesideOthers(t *testing.T) {
	e := diagnosis.Explain("openai adapter: Requested resource bot_id=1 does not exist", now)
	if got := order(e.Causes); got != "id.region id.wrong bot.access id.rounded" {
		t.Errorf("causes are %s", got)
	}
}
