package diagnosis

// What the network and those who stand on it say, in the words of Go, Node, Python, Java, .NET,
// PHP, curl and browsers.
var networkRules = []rule{
	// coze-studio #1885.
	by("gateway", `PrematureCloseException[^\n]*|Connection prematurely closed[^\n]*|504 Gateway Time-?out`, candidate{id: "net.gateway", fixAt: AtService}),
	// coze-java #89.
	by("host_header", `missing required Host header`, candidate{id: "net.host_header", fixAt: AtService}),
	// The Fetch standard's CORS check, as Chrome, Firefox and Safari word it.
	by("cors", `(has been )?blocked by CORS policy[^\n]*|Cross-Origin Request Blocked[^\n]*|Access-Control-Allow-Origin[^\n]*|CORS (request did not succeed|error|preflight)[^\n]*|violates the following Content Security Policy[^\n]*|跨域(请求|错误|问题|限制)[^\n]*`, candidate{id: "net.cors", fixAt: AtService}),
	// one-api #71; Node and Python say it in their own words, coze-go request.go:186 adds the page.
	by("html", `invalid character '<' looking for beginning of value|Unexpected token '?<'?[^\n]*|JSONDecodeError: Expecting value: line 1 column 1[^\n]*|invalid json: <[^\n]*|Unrecognized token '<'[^\n]*|Unexpected character \('<'[^\n]*|unexpected mimetype: text/html[^\n]*|'<' is an invalid start of a value[^\n]*|JSON\.parse: unexpected character at line 1 column 1[^\n]*`, candidate{id: "net.html", fixAt: AtRegion}),
	// TLS spoken to a port that has none, and the other way round.
	by("plain", `wrong version number|server gave HTTP response to HTTPS client|plain HTTP request was sent to HTTPS port|Client sent an HTTP request to an HTTPS server|Unsupported or unrecognized SSL message|SSL_ERROR_RX_RECORD_TOO_LONG|first record does not look like a TLS handshake|\bEPROTO\b[^\n]*|packet length too long|ERR_SSL_PROTOCOL_ERROR`, candidate{id: "net.plain", fixAt: AtRegion}),
	by("dns", `\bENOTFOUND[^\n]*|EAI_AGAIN[^\n]*|no such host|Name or service not known|Temporary failure in name resolution|UnknownHostException[^\n]*|getaddrinfo failed|nodename nor servname[^\n]*|Could not resolve host[^\n]*|No such host is known[^\n]*|不知道这样的主机[^\n]*|ERR_NAME_NOT_RESOLVED|Failed to resolve '[^\n]*|域名解析失败[^\n]*|server misbehaving|failed to lookup address[^\n]*|Failed host lookup[^\n]*|server with the specified hostname could not be found`, candidate{id: "net.dns", fixAt: AtService}),
	by("proxy", `Unable to connect to proxy[^\n]*|ProxyError[^\n]*|Tunnel connection failed[^\n]*|407 Proxy Authentication Required|ERR_TUNNEL_CONNECTION_FAILED|ERR_PROXY_CONNECTION_FAILED|tunneling socket could not be established[^\n]*|代理服务器?(拒绝|错误|连接失败)[^\n]*`, candidate{id: "net.proxy", fixAt: AtService}),
	by("refused", `ECONNREFUSED[^\n]*|connection refused|ConnectException[^\n]*|actively refused it[^\n]*|积极拒绝[^\n]*|拒绝连接|连接被拒绝|ERR_CONNECTION_REFUSED|Failed to connect to \S+ port \d+[^\n]*|WinError 10061[^\n]*|Could not connect to the server|Is the computer able to access the url\?`, localProxy, candidate{id: "net.refused", fixAt: AtRegion}),
	// A connection that somebody cut: errno 54 (BSD, macOS), 104 (Linux), 10054 (Windows), Python's
	// RemoteDisconnected, Node before and after TLS, Go's EOF.
	by("reset", `\bECONNRESET\b[^\n]*|connection (was )?reset[^\n]*|stream was reset[^\n]*|Connection aborted[^\n]*|RemoteDisconnected[^\n]*|Remote end closed connection[^\n]*|\bErrno (54|104|10054)\b[^\n]*|WinError 100(53|54)[^\n]*|forcibly closed by the remote host|强迫关闭了一个现有的连接|socket hang up|socket disconnected before[^\n]*|other side closed|Server disconnected without sending a response[^\n]*|RemoteProtocolError[^\n]*|EOF occurred in violation of protocol[^\n]*|SSL_ERROR_SYSCALL[^\n]*|unexpected EOF while reading|Remote host (closed connection during|terminated the) handshake|Connection has been shutdown[^\n]*|ERR_CONNECTION_(RESET|CLOSED)|Empty reply from server|unexpected end of stream[^\n]*|\bEPIPE\b[^\n]*|broken pipe|连接(被|已)(重置|断开|关闭)[^\n]*|network connection was lost|https?://[^\s"]+"?: EOF\b|`+alone(`(unexpected )?EOF`), candidate{id: "net.reset", fixAt: AtService}),
	by("ca_file", `error setting certificate verify locations[^\n]*|cURL error 77[^\n]*|CAfile: \S+ CApath: none|SSL_CERT_FILE[^\n]*(no such file|not found)[^\n]*`, candidate{id: "net.ca_file", fixAt: AtService}),
	by("mbedtls_tls", `mbedtls_ssl_handshake returned -0x2700[^\n]*|Failed to verify peer certificate[^\n]*`, candidate{id: "net.tls", fixAt: AtService, evidence: says(is(`1970-01-01`))}),
	by("not_allowed", `Requires net access to[^\n]*|missing INTERNET permission[^\n]*`, candidate{id: "net.not_allowed", fixAt: AtService}),
	by("tls", `certificate[^\n]*(unknown authority|verify failed|has expired|self[- ]signed|not valid|not trusted|altname)[^\n]*|self[- ]signed certificate[^\n]*|SSLHandshakeException[^\n]*|PKIX path building failed|CERTIFICATE_VERIFY_FAILED|UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT\w*)|x509: (certificate|cannot validate)[^\n]*|ERR_CERT_\w+|unable to (get local issuer|verify the first) certificate|SSL certificate problem[^\n]*|certificate for this server is invalid|SSL error has occurred and a secure connection[^\n]*|证书(不受信任|验证失败|已过期|无效)[^\n]*`, candidate{id: "net.tls", fixAt: AtService}),
	by("unreachable", `EHOSTUNREACH[^\n]*|ENETUNREACH[^\n]*|network is unreachable|no route to host|\bErrno (51|65|101|113)\b[^\n]*|ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED|Internet connection appears to be offline|网络不可达|无法访问目标主机`, candidate{id: "net.unreachable", fixAt: AtService}),
	by("handshake", `基础连接已经关闭[^\n]*|underlying connection was closed[^\n]*|(alert )?handshake[ _]failure|tlsv1 alert [^\n]*|protocol[ _]version[^\n]*alert|no cipher suites? in common|unsupported protocol version|curl: \(35\)[^\n]*`, candidate{id: "net.handshake", fixAt: AtService}),
	by("timeout", `ETIMEDOUT|i/o timeout|handshake timeout|context deadline exceeded|Client\.Timeout exceeded[^\n]*|Socket(Timeout)?Exception[^\n]*timed? ?out[^\n]*|SocketTimeoutException[^\n]*|(?-i:\b(Connect|Read|Write|Pool|Headers|Body)Timeout|\w+TimeoutException)|UND_ERR_\w*TIMEOUT|timed out|aborted due to timeout|timeout of \d+ms exceeded|ECONNABORTED[^\n]*|ERR_(CONNECTION_)?TIMED_OUT|HttpClient\.Timeout[^\n]*|(请求|连接|响应|访问|接口|调用)[^\n]{0,3}超时`, candidate{id: "net.timeout", fixAt: AtService}),
	by("proxyconnect", `proxyconnect[^\n]*`, candidate{id: "net.proxy", fixAt: AtService}),
}

// hiddenRules are for texts in which the reason itself is missing. They come last, where nothing
// else in the text says more.
var hiddenRules = []rule{
	// Wrappers that hide the body: coze2openai #12, coze-java APIResponseCallAdapter.java:47, coze-js
	// error.ts:58-64 and :122, coze-go request.go:182.
	by("hidden_sdk", `Unexpected response from Coze API\.?|http exception\b|http status code: \d+ \(no body\)|\(no status code or body\)|request fail: [45]\d\d[^\n"]*`, hiddenBody),
	by("hidden_cause", `\bConnection error\.|APIConnectionError[^\n]*`, candidate{id: "hidden.cause", fixAt: AtService}),
	// axios, requests, httpx, aiohttp, OkHttp, Spring, .NET, reqwest, Guzzle and curl print the status
	// alone; HTTP's own words for it are in RFC 9110 §15.5. A status of the token endpoint is about the
	// JWT, one of the API about the token.
	statusRule("exchange_unauthorised", "401", rule{within: is(`/permission/oauth2/`)},
		hiddenBody, candidate{id: "client.ids", appLevel: true, fixAt: AtAppID}, otherRegion),
	statusRule("unauthorised", "401", rule{}, unauthorised...),
	statusRule("method", "405", rule{within: is(`/permission/oauth2/`)}, candidate{id: "request.method", fixAt: AtService}),
	statusRule("form_body", "415", rule{within: is(`/permission/oauth2/`)}, formBody),
	statusRule("forbidden", "403", rule{}, hiddenBody, candidate{id: "token.permission", fixAt: AtConsole}),
	by("hidden_status", `Request failed with status code 40[0-9]|40[0-9] Client Error: [^\n]*|Client error '40[0-9][^\n]*|does not indicate success: 40[0-9][^\n]*|HTTP status client error \(40[0-9][^\n]*`, hiddenBody),
	statusRule("hidden_code", "4(?:00|05|13|15|22)", rule{cozeOnly: true}, hiddenBody),
	statusRule("no_such_path", "404", rule{cozeOnly: true}, candidate{id: "api.404", fixAt: AtService}),
	statusRule("rate", "429", rule{cozeOnly: true}, candidate{id: "service.rate", fixAt: AtService}),
	statusRule("gateway", "50[24]", rule{cozeOnly: true}, candidate{id: "net.gateway", fixAt: AtService}, candidate{id: "service.internal", fixAt: AtService}),
	statusRule("internal", "50[03]", rule{cozeOnly: true}, candidate{id: "service.internal", fixAt: AtService}),
	{id: "unauthorised", says: is(`\b401\b`), byProgram: true, common: true, cozeOnly: true, causes: unauthorised},
	// People's own programs, without what Coze has said.
	by("zh_unauthorised", `(接口)?(鉴权|认证|身份(验证|认证|校验)|授权校验)(失败|不通过|未通过|出错|异常)|(获取|换取|刷新) ?(coze|扣子)? ?(访问)?(令牌|(access[ _-]?)?token) ?(失败|出错|异常)`, unauthorised...),
	by("fetch", `\bfetch failed\b|Failed to fetch|NetworkError when attempting to fetch[^\n]*|Load failed\b|Network Error\b|Max retries exceeded[^\n]*`, candidate{id: "hidden.cause", fixAt: AtService}, candidate{id: "net.cors", fixAt: AtService}),
}

// localProxy is a program such as Clash that is set as the proxy and does not run. The ports are the
// defaults of the common ones.
var localProxy = candidate{id: "net.local_proxy", fixAt: AtService, evidence: onlyIf(says(is(`\b(https?|all)_proxy["']?\s*[:=]|\b(127\.0\.0\.1|localhost):(7890|7897|1080|1087|10808|10809|33210)\b`))), needsEvidence: true}

var unauthorised = []candidate{
	hiddenBody,
	{id: "token.expired", fixAt: AtService},
	{id: "token.region", fixAt: AtRegion, evidence: either(twoHosts, defaultHost)},
	{id: "token.no_bearer", fixAt: AtService},
}

// statusRule is a rule for an HTTP status, however it is written: "HTTP 401", "status: 401",
// "401 Unauthorized", "状态码：401".
func statusRule(id, status string, r rule, causes ...candidate) rule {
	r.id, r.byProgram, r.common, r.causes = id, true, true, causes
	r.says = is(`(\bHTTP(/[0-9.]+)?\s*:?\s*|(\b(HttpCode|status(es)?([ _-]?code)?|response code|http ?error!?|\w*error)|状态码|返回码?|报错?|响应码?)['"]?(码|error|code|status)?['"]?\s*[:=：是为]*\s*['"(\[]?)` + status +
		`\b[^\n"]{0,40}|\b` + status + `\b['":\]]* *[\["'(]*(unauthorized|forbidden|not found|too many requests|bad gateway|gateway time-?out|service unavailable|internal server error|client error|bad request|unsupported media type|unprocessable \w+|method not allowed)\b[^\n"]{0,40}|` +
		`(unauthorized|forbidden)[^\n"]{0,12}\b` + status + `\b|(未授权|认证失败|鉴权失败|身份验证失败|无权限)[^\n"]{0,12}\b` + status + `\b|\b` + status + `\b[^\n"]{0,8}(未授权|认证失败|鉴权失败|无权限|禁止|拒绝|错误)`)
	return r
}
