package diagnosis_test

import "testing"

func TestWhatTheSDKsSay(t *testing.T) {
	explained(t, "SDK", []posted{
		{"client_id is required", "sdk.missing_value"},
		{"public_key_id is required for JWT client", "sdk.missing_value"},
		{"java.lang.IllegalStateException: jwtClient is required", "sdk.missing_value"},
		{"base URL is required", "sdk.missing_value"},
		{"ValueError: base_url must start with 'https://'", "sdk.base_url"},
		{`Post "/api/permission/oauth2/token": unsupported protocol scheme ""`, "sdk.base_url"},
		{"Error: Cannot find module '@coze/api'", "sdk.not_installed"},
		{"ValueError: Invalid OAuth client_type: server", "sdk.client_type"},
		{"RuntimeException: Config file not found: coze_oauth_config.json", "sdk.key_path"},
		{"java.lang.RuntimeException: JSON file format error: Unexpected end-of-input", "sdk.config_file"},
		{"Error: getJWTToken is not supported in browser", "sdk.browser"},
		{"Uncaught TypeError: util.inherits is not a function", "sdk.browser"},
		{"CozeError: Browser environments do not support authentication using Personal Access Token (PAT) by default.", "sdk.browser_pat"},
		{"java.lang.RuntimeException: Failed to generate JWT", "sdk.jjwt key.not_parsed sdk.missing_value"},
		{"java.lang.ClassNotFoundException: io.jsonwebtoken.impl.DefaultJwtBuilder", "sdk.jjwt"},
		{"java.lang.NullPointerException\n\tat com.coze.openapi.service.auth.JWTOAuth.getRefreshBefore(JWTOAuth.java:62)", "sdk.ttl"},
		{"java.lang.NullPointerException: Cannot invoke \"String.replace\" because \"privateKeyPEM\" is null", "sdk.missing_value"},
		{"pydantic_core._pydantic_core.ValidationError: 1 validation error for Message\n  Input should be a valid dictionary or instance of Message [type=model_type, input_value='code', input_type=str]", "sdk.chat_error"},
		{"CozeError: Unexpected error: taro.request is not a function", "sdk.taro"},
		{"server rejected WebSocket connection: HTTP 401", "ws.token token.expired token.region"},
		{"Error: Unexpected server response: 401", "ws.token token.expired token.region"},
		{"websocket: bad handshake", "ws.token token.expired token.region"},
		{`{"errMsg":"request:fail url not in domain list"}`, "miniprogram.domain"},
		{"https://api.coze.cn 不在以下 request 合法域名列表中", "miniprogram.domain"},
		{"APIConnectionError: Connection error.", "hidden.cause"},
	})
}

func TestWhatTheNetworkSays(t *testing.T) {
	explained(t, "network", []posted{
		{"Error: read ECONNRESET\n    at TLSWrap.onStreamRead", "net.reset"},
		{"ConnectionResetError: [Errno 104] Connection reset by peer", "net.reset"},
		{"[Errno 54] Connection reset by peer", "net.reset"},
		{"('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))", "net.reset"},
		{"Error: Client network socket disconnected before secure TLS connection was established", "net.reset"},
		{"Error: socket hang up", "net.reset"},
		{"httpx.RemoteProtocolError: Server disconnected without sending a response.", "net.reset"},
		{"ssl.SSLEOFError: EOF occurred in violation of protocol (_ssl.c:1007)", "net.reset"},
		{"javax.net.ssl.SSLException: Connection reset", "net.reset"},
		{"Post \"https://api.coze.cn/api/permission/oauth2/token\": EOF", "net.reset"},
		{"远程主机强迫关闭了一个现有的连接。", "net.reset"},
		{"Access to fetch at 'https://api.coze.cn/api/permission/oauth2/token' from origin 'http://localhost:5173' has been blocked by CORS policy: Response to preflight request doesn't pass access control check", "net.cors"},
		{"http: server gave HTTP response to HTTPS client", "net.plain"},
		{"[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1129)", "net.plain"},
		{"javax.net.ssl.SSLException: Unsupported or unrecognized SSL message", "net.plain"},
		{"400 The plain HTTP request was sent to HTTPS port", "net.plain"},
		{"connect EHOSTUNREACH 1.2.3.4:443", "net.unreachable"},
		{"OSError: [Errno 101] Network is unreachable", "net.unreachable"},
		{"ssl.SSLError: [SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] sslv3 alert handshake failure", "net.handshake"},
		{"调用扣子接口超时", "net.timeout"},
		{"由于目标计算机积极拒绝，无法连接。", "net.refused"},
		{"curl: (6) Could not resolve host: api.coze.cm", "net.dns"},
		{"timeout of 10000ms exceeded", "net.timeout"},
		{"请求超时", "net.timeout"},
		{"requests.exceptions.ProxyError: HTTPSConnectionPool(host='api.coze.com', port=443): Unable to connect to proxy", "net.proxy"},
		{"System.Text.Json.JsonException: '<' is an invalid start of a value.", "net.html"},
		{"invalid json: <html><head></head>, err: invalid character '<' looking for beginning of value", "net.html"},
		{"SSL certificate problem: unable to get local issuer certificate", "net.tls"},
	})
}
