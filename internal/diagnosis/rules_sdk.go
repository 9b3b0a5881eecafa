package diagnosis

// ourVariable is the name of a variable of the credentials.
const ourVariable = `\b\w*(COZE|CLIENT_ID|APP_ID|KEY_ID|\bKID|PRIVATE_KEY)\w*`

// What the SDKs and the packages beside them say, other than of a key. Lines are those of coze-go
// f47b4f2, coze-js cabc1ec (packages/coze-js/src), coze-py 6b0f4cd (cozepy) and coze-java 26b79da.

var (
	missingValue = candidate{id: "sdk.missing_value", fixAt: AtKey}
	otherRegion  = candidate{id: "kid.region", appLevel: true, fixAt: AtRegion, evidence: either(twoHosts, defaultHost)}
	hiddenBody   = candidate{id: "hidden.body", fixAt: AtService}
)

var sdkRules = []rule{
	// coze-java #147, #103: the SDK is built with jjwt 0.11.5 (DefaultJWTBuilder.java:18-25).
	by("jjwt", `(NoSuchMethodError|NoClassDefFoundError|ClassNotFoundException|UnknownClassException|Unable to find an implementation)[^\n]*(io[./]jsonwebtoken|JwtBuilder)[^\n]*`, candidate{id: "sdk.jjwt", fixAt: AtService}),
	// coze-java #79: JWTOAuth.java:60-80, the builder sets no ttl.
	by("java_ttl", `NullPointerException[^\n]*(\n[^\n]*){0,3}(JWTOAuth\.(getRefreshBefore|token|needRefresh)|getRefreshBefore)[^\n]*|JWTOAuth\.ttl[^\n]*null[^\n]*|空指针[^\n]*JWTOAuth[^\n]*`, candidate{id: "sdk.ttl", fixAt: AtService}),
	by("java_null", `NullPointerException[^\n]*(\n[^\n]*){0,3}JWTOAuthClient\.parsePrivateKey[^\n]*|"?privateKeyPEM"? is null`, missingValue),
	// coze-py #425: chat.create_and_poll reads the messages of a chat that failed; #203 is the same.
	by("py_chat", `(validation errors? for Message|instance of Message)[^\n]*(\n[^\n]*){0,2}(input_value='code'|valid dictionary or instance of Message)[^\n]*|Input should be a valid dictionary or instance of Message[^\n]*`, candidate{id: "sdk.chat_error", fixAt: AtService}),
	// coze-js #162, #163: @coze/taro-api of then with Taro 4.
	by("js_taro", `taro\.request is not a function`, candidate{id: "sdk.taro", fixAt: AtService}),
	// coze-js auth.ts:190,241,316 and :23, core.ts:104; jsonwebtoken is for Node alone.
	by("js_browser", `get(JWTToken|DeviceCode|DeviceToken) is not supported in browser|digest is not supported in uniapp|util\.inherits is not a function|superCtor\.prototype[^\n]*`, candidate{id: "sdk.browser", fixAt: AtService}),
	by("js_pat", `Browser environments do not support authentication using Personal Access Token[^\n]*|allowPersonalAccessTokenInBrowser`, candidate{id: "sdk.browser_pat", fixAt: AtService}),
	// coze-js #313; jsonwebtoken sign.js says the others of a value that is undefined or a number.
	by("js_missing", `verify jwt empty error`, missingValue, otherRegion),
	by("js_values", `"?(keyid|audience|issuer|subject|jwtid)"? must be a string[^\n]*|undefined \(reading 'includes'\)(\n[^\n]*){0,3}getJWTToken[^\n]*`, missingValue),
	by("js_lifetime", `"?(expiresIn|iat|exp)"? (should|must) be a number[^\n]*`, candidate{id: "jwt.lifetime", fixAt: AtService}),
	// coze-go auth.go:254,827-850; coze-java OAuthClient.java:70, JWTOAuth.java:76, CozeAPI.java:189;
	// coze-py util.py:54; cozeloop-go internal/consts/error.go:15.
	by("values", `(client_id|client_type|private_key|public_key_id|client_secret) is required( for \w+ client)?|\bbase[_ ]?url (is required|cannot be empty)|\bjwtClient is required|\bauth must be set\b|api token or jwt oauth info is required|\bauth info is required`, missingValue),
	by("base_url", `base[_ ]?url must start with '?https?://'?|invalid base[_ ]?url[: ][^\n"]*|unsupported protocol scheme ""|RelativeUrlWithoutBase|CLEARTEXT communication to [\w.]*coze[^\n]*|MissingSchema[^\n]*|UnsupportedProtocol[^\n]*|Expected URL scheme 'http' or 'https'[^\n]*|baseUrl must end in /[^\n]*|Only absolute URLs are supported`, candidate{id: "sdk.base_url", fixAt: AtRegion}),
	// coze-go auth.go:865, coze-py auth/__init__.py:678.
	by("client_type", `invalid OAuth client_type:? ?[^\n"]*`, candidate{id: "sdk.client_type", fixAt: AtService}),
	// coze-java OAuthConfig.java:58-64.
	by("config_file", `JSON file format error[^\n]*|Failed to map config file to object[^\n]*|I/O error while reading config file[^\n]*`, candidate{id: "sdk.config_file", fixAt: AtService}),
	// Python packages: jwt and PyJWT share a module name; PyJWT signs RS256 with cryptography only.
	by("python_packages", `module '?"?jwt'?"? has no attribute '?"?encode[^\n]*|Algorithm '?"?RS256'?"? could not be found[^\n]*|(algorithm|Algorithm) not supported: RS256|requires cryptography to be installed|No module named '(authlib|cryptography|jwt|cozepy)[^\n]*`, candidate{id: "sdk.python_packages", fixAt: AtService}),
	by("not_installed", `Cannot find (module|package) '?"?(@coze/|jsonwebtoken|jsrsasign|jose|node-rsa)[^\n]*|(package com\.coze\.\S+ does not exist|no required module provides package github\.com/coze-dev/coze-go)[^\n]*|Could not find artifact com\.coze[^\n]*`, candidate{id: "sdk.not_installed", fixAt: AtService}),
	// Go's runtime, where the error beside a client that is nil was not looked at.
	by("go_nil", `invalid memory address or nil pointer dereference[^\n]*(\n[^\n]*){0,5}coze-go[^\n]*`, candidate{id: "sdk.nil_client", fixAt: AtService}),
	// jsonwebtoken verify.js, jose, PyJWT api_jws.py, golang-jwt parser.go, jjwt DefaultJwtParser, firebase/php-jwt.
	by("no_jwt", `\bjwt malformed\b|\bInvalid Compact JWS\b|\bNot enough segments\b|\bWrong number of segments\b|token contains an invalid number of segments|(JWT strings must contain exactly|Invalid compact JWT string)[^\n]*`, candidate{id: "token.opaque", fixAt: AtService}),
	// What Go, CPython, TypeScript, the module loader of ECMAScript and javac say of a name that a
	// package does not have.
	by("no_such_name", `undefined: coze\.\w+|cannot import name '\w+' from '?cozepy[^\n]*|module '?cozepy'? has no attribute[^\n]*|['"]@coze/api['"]+ (has no exported member|does not provide an export named)[^\n]*|cannot find symbol[^\n]*(\n[^\n]*){0,4}com\.coze\.[^\n]*`, candidate{id: "sdk.no_such_name", fixAt: AtService}),
	// coze-py #308, a self-hosted Coze Studio.
	by("studio_empty_id", `unable to decode '' as int64[^\n]*`, candidate{id: "request.empty_id", fixAt: AtService}),
	// coze-py #171: opened on application at that time, says the SDK's author. A 401 is about the
	// token: websockets, ws, gorilla and browsers say it in their own words.
	by("ws_forbidden", `server rejected WebSocket connection: HTTP 403|Unexpected server response: 403`, candidate{id: "ws.closed", fixAt: AtConsole}, candidate{id: "token.permission", fixAt: AtConsole}),
	by("ws_unauthorised", `server rejected WebSocket connection: HTTP 401|Unexpected server response: 401|websocket: bad handshake|WebSocket connection to '?wss?://[^\n]*failed[^\n]*|Handshake status 401[^\n]*|InvalidStatus(Code)?[^\n]*401[^\n]*|websocket connection error: Expected HTTP 101 response but was '401[^\n]*`, candidate{id: "ws.token", fixAt: AtService}, candidate{id: "token.expired", fixAt: AtService}, candidate{id: "token.region", fixAt: AtRegion, evidence: defaultHost}),
	// jsonwebtoken and the like need Node's own modules: Next.js, Workers, Vite, React Native.
	by("edge", `edge runtime does not support Node\.js[^\n]*|not supported in the Edge Runtime[^\n]*|No such module "(node:)?(crypto|buffer|stream|util)"|Could not resolve "(node:)?(crypto|buffer|stream|util)"|Module "(node:)?(crypto|buffer|stream|util)" has been externalized[^\n]*|\[unenv\][^\n]* is not implemented yet|Unable to resolve module '?"?(node:)?(crypto|buffer|stream)[^\n]*`, candidate{id: "sdk.edge", fixAt: AtService}),
	by("jjwt_named", `(jjwt|jwt)[^\n]{0,12}(版本)?(冲突|不兼容)[^\n]*`, candidate{id: "sdk.jjwt", fixAt: AtService}),
	// coze-java JWTOAuthClient.java, around any other reason.
	by("java_generate", `Failed to generate JWT`, candidate{id: "sdk.jjwt", fixAt: AtService}, notParsed, missingValue),
	// A header field that RFC 9110 §5.5 does not allow, in the words of httpx, requests, CPython, undici,
	// Node, Go and OkHttp.
	by("header_value", `Illegal header value|invalid header field value for "?Authorization"?|Unexpected char 0x[0-9a-f]+ at \d+ in Authorization value|Cannot convert argument to a ByteString[^\n]*|InvalidHeader: [^\n:]{0,120}|Invalid character in header content[^\n]*|ERR_INVALID_CHAR|New-line characters are not allowed in header[^\n]*|'latin-1' codec can't encode character[^\n]*(\n[^\n]*){0,4}(putheader|Authorization)[^\n]*`, candidate{id: "request.header_value", fixAt: AtService}, candidate{id: "jwt.empty", fixAt: AtService}),
	// JSON has no line breaks in strings (RFC 8259 §7): Python, V8, Go and Jackson.
	by("json_newlines", `Invalid control character at[^\n]*|Bad control character in string literal[^\n]*|invalid character '\\[nrt]' in string literal|Illegal unquoted character[^\n]*`, candidate{id: "key.json_newlines", fixAt: AtKey}),
	by("expires_in", `cannot unmarshal number \d* ?into [^\n]*expires_?in[^\n]*|expires_?in[^\n]{0,40}(expected|must be) (a )?string[^\n]*`, candidate{id: "sdk.expires_in", fixAt: AtService}),
	by("env_file", `poorly formatted environment[^\n]*`, candidate{id: "key.env_file", fixAt: AtKey}),
	by("base64_option", `base64: (invalid|unrecognized|illegal) option -- '?w'?`, candidate{id: "shell.base64", fixAt: AtService}),
	// What programs say of a setting of theirs that is not there.
	by("environment", `(missing|required) (required )?env(ironment)?( variables?)?\b[^\n=]{0,40}`+ourVariable+`|environment variables? [^\n=]{0,40}`+ourVariable+`[^\n=]{0,20} (not set|missing|required|undefined)|(请|需要?|未|没有?|缺少)(先)?(设置|配置)[^\n"=]{0,40}`+ourVariable+`[^\n"=]{0,60}环境变量|环境变量[^\n"=]{0,40}`+ourVariable+`[^\n"=]{0,40}(未|没有)(设置|配置)|OAuth ?未配置`, missingValue),
	// Mini-programs of WeChat, Douyin and Alipay.
	by("miniprogram", `"errorMessage":"无权调用该接口"|(url )?not in (the )?(request )?domain list[^\n"]*|不在以下 ?(request|socket|downloadFile|uploadFile)? ?合法域名(列表)?中?[^\n"]*|request:fail[^\n]*(合法域名|domain)[^\n"]*`, candidate{id: "miniprogram.domain", fixAt: AtService}),
}
