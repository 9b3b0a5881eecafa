package diagnosis

import (
	"strings"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/i18n"
	"cozejwt/internal/lazyregexp"
)

// A rule is one refusal and what may be behind it. The first that matches
// counts, so the particular stand before the general. To add one: write it
// here with its source, its texts into both catalogues, and a test that
// provokes it.
type rule struct {
	id      string
	exact   string            // the code, where it alone decides
	code    lazyregexp.Regexp // of the code; nil: any
	message lazyregexp.Regexp // of the message; nil: any
	status  int               // an HTTP status that matches alone; 0: none
	ofJWT   bool              // about the JWT: no rule for a call with a token that was issued for it
	causes  []candidate       // the likeliest first, where nothing local speaks for another
}

type candidate struct {
	id    string
	fixAt FixAt
	// evidence returns the local evidence for the cause, nil for none, and whether the
	// facts that it would come from are known.
	evidence      func(*coze.Refusal, Facts) (*i18n.Message, bool)
	needsEvidence bool // not worth naming where the facts speak against it
	appLevel      bool // about the app, its region or the clock: ruled out where another key of it works
	ofJWT         bool // about the JWT: ruled out where Coze accepted it
}

// ruledOut says whether the facts leave no room for the cause.
func (c candidate) ruledOut(f Facts) bool {
	return c.appLevel && f.AppWorks || c.ofJWT && f.JWTAccepted || c.isOfARegion() && f.onLoopback() ||
		c.id == "kid.not_uploaded" && f.Uploaded
}

// isOfARegion says whether the cause is an app, a token or an id of the other region.
func (c candidate) isOfARegion() bool { return strings.HasSuffix(c.id, ".region") }

func (r rule) matches(refusal *coze.Refusal) bool {
	if r.status != 0 && refusal.Status == r.status {
		return true
	}
	if r.exact != "" {
		return refusal.Code == r.exact
	}
	return (r.code == nil || r.code().MatchString(refusal.Code)) &&
		(r.message == nil || r.message().MatchString(refusal.Message))
}

func is(pattern string) lazyregexp.Regexp { return lazyregexp.New(`(?i)` + pattern) }

var clockCause = candidate{id: "clock", fixAt: AtService, appLevel: true, ofJWT: true, evidence: clockIsOff, needsEvidence: true}

// acceptedBefore stands in place of what a key can lack that has just been accepted.
// Whether Coze's servers learn of a key one after the other is not known.
var acceptedBefore = candidate{id: "accepted_before", fixAt: AtService}

var rules = append(apiRules, []rule{
	{
		// coze-py #148, #230, #123; coze-go #43; the service's spelling is "registred".
		id: "kid_unknown", ofJWT: true, message: is(`\bkid\b|key ?id|public key not`),
		causes: []candidate{
			{id: "kid.not_fingerprint", fixAt: AtKeyID, evidence: oddKeyID, needsEvidence: true},
			{id: "kid.not_uploaded", fixAt: AtUpload, evidence: madeHereNow},
			{id: "kid.app_id", appLevel: true, fixAt: AtAppID, evidence: oddAppID},
			{id: "kid.region", appLevel: true, fixAt: AtRegion},
			{id: "kid.deleted", fixAt: AtUpload},
		},
	},
	{
		// coze-java #39, coze-py #236.
		id: "connector_unbound", message: is(`should bind connector id`),
		causes: []candidate{{id: "app.channel", fixAt: AtConsole}},
	},
	{
		// Official guide: error table of the token endpoint.
		id: "app_type", message: is(`invalid app type`),
		causes: []candidate{{id: "app.type", fixAt: AtConsole}},
	},
	{
		// Official guide: error table of the token endpoint.
		id: "app_deactivated", message: is(`deactivated`),
		causes: []candidate{{id: "app.deactivated", fixAt: AtConsole}},
	},
	{
		// Official guide: an app that was never authorized has no access. The
		// real service's words for it are not known.
		id: "app_unauthorised", message: is(`not (been )?authori[sz]ed|unauthori[sz]ed app`),
		causes: []candidate{{id: "app.unauthorised", fixAt: AtConsole}},
	},
	{
		// Official guide: error table of the token endpoint.
		id: "login_session", message: is(`login session invalid`),
		causes: []candidate{{id: "app.login", fixAt: AtConsole}},
	},
	{
		// Seen when a client sends its request before it has signed.
		id: "jwt_empty", ofJWT: true, message: is(`empty jwt`),
		causes: []candidate{{id: "jwt.empty", fixAt: AtService}},
	},
	{
		// RFC 7523 §3; the real service's words are not known.
		id: "signature", ofJWT: true, message: is(`signature|verif(y|ication)`),
		causes: []candidate{
			{id: "signature.pair", fixAt: AtKeyID},
			{id: "signature.key_id", fixAt: AtKeyID},
		},
	},
	{
		// RFC 7523 §3; the real service's words are not known.
		id: "audience", ofJWT: true, message: is(`\baud(ience)?\b`),
		causes: []candidate{{id: "audience", fixAt: AtRegion}},
	},
	{
		// RFC 7523 §3; the real service's words are not known.
		id: "jwt_time", ofJWT: true, message: is(`expired|issued|\biat\b|\bexp\b|\bnbf\b`),
		causes: []candidate{{id: "clock", fixAt: AtService, evidence: clockIsOff}},
	},
	{
		// Official guide: a JWT is good for one exchange.
		id: "jwt_reused", ofJWT: true, message: is(`\bjti\b|jwt[^\n]*(already used|has been used)`),
		causes: []candidate{{id: "jwt.reused", fixAt: AtService}},
	},
	{
		// Official guide: error table of the token endpoint.
		id: "grant_type", ofJWT: true, code: is(`^unsupported_grant_type$`),
		causes: []candidate{{id: "request.grant_type", fixAt: AtService}},
	},
	{
		// Official guide: error table of the token endpoint.
		id: "request_scope", code: is(`^invalid_(request|scope)$`), message: is(`scope|permission`),
		causes: []candidate{{id: "request.scope", fixAt: AtConsole}},
	},
	{
		id: "request", code: is(`^invalid_request$`),
		causes: []candidate{{id: "request.parameter", fixAt: AtService}},
	},
	{
		// coze-java #47, coze-py #247: with codes that no table has.
		id: "internal", message: is(`experiencing server issues|发生了一些错误`),
		causes: []candidate{{id: "service.internal", fixAt: AtService}},
	},
	{
		// Official guide: error table of the token endpoint.
		id: "internal", code: is(`^internal_error$`),
		causes: []candidate{{id: "service.internal", fixAt: AtService}},
	},
	{
		// Any other words about the JWT.
		id: "client", ofJWT: true, code: is(`^invalid_client$`),
		causes: []candidate{
			clockCause,
			{id: "kid.not_fingerprint", fixAt: AtKeyID, evidence: oddKeyID, needsEvidence: true},
			{id: "client.ids", appLevel: true, fixAt: AtAppID, evidence: oddAppID},
			{id: "kid.region", appLevel: true, fixAt: AtRegion},
			{id: "app.type", appLevel: true, fixAt: AtConsole},
		},
	},
	{
		id: "denied", code: is(`^access_den(y|ied)$`),
		causes: []candidate{{id: "app.unauthorised", fixAt: AtConsole}, {id: "app.type", fixAt: AtConsole}},
	},
	{
		// A gateway's answer to a path that it does not know.
		id: "no_such_path", exact: "404", status: 404,
		causes: []candidate{{id: "api.404", fixAt: AtService}},
	},
	{
		id:     "unknown",
		causes: []candidate{clockCause, {id: "unknown", fixAt: AtService}},
	},
}...)

func oddKeyID(_ *coze.Refusal, f Facts) (*i18n.Message, bool) {
	id := f.signedWith().KeyID
	return evidenceIf(f.Set != nil, !credentials.IsKeyID(id), "evidence.odd_key_id", "key_id", id)
}

func oddAppID(_ *coze.Refusal, f Facts) (*i18n.Message, bool) {
	id := f.signedWith().AppID
	return evidenceIf(f.Set != nil, !credentials.IsAppID(id), "evidence.odd_app_id", "app_id", id)
}

func madeHereNow(_ *coze.Refusal, f Facts) (*i18n.Message, bool) {
	return evidenceIf(f.Set != nil, f.KeyFromHere && f.KeyIsNew, "evidence.made_here")
}

// A clock that differs from the service's Date by more than MaxSkew is a warning, by
// Tolerance or more a failure. MaxSkew leaves room for the whole seconds of Date and
// for the time that the answer took. The real tolerance is not documented; this is
// the sandbox's.
const (
	MaxSkew   = 30 * time.Second
	Tolerance = time.Minute
)

func clockIsOff(r *coze.Refusal, f Facts) (*i18n.Message, bool) {
	skew := f.Now.Sub(r.Date)
	return evidenceIf(!r.Date.IsZero() && !f.Now.IsZero(), skew.Abs() > MaxSkew, "evidence.clock", "skew", skew.Round(time.Second).String())
}

// evidenceIf returns the evidence where it is known and found, and whether it is known.
func evidenceIf(known, found bool, id string, pairs ...string) (*i18n.Message, bool) {
	if !known || !found {
		return nil, known
	}
	m := i18n.Msg(id, pairs...)
	return &m, true
}

// A clue is a text that an SDK or the network writes, not the service.
type clue struct {
	pattern lazyregexp.Regexp
	causes  []candidate
}

var clues = []clue{
	// Measured: coze-go strips the PKCS#8 lines and decodes what is left.
	{is(`failed to decode private key[^\n]*illegal base64 data[^\n]*`), []candidate{{id: "sdk.pkcs1", fixAt: AtKey}}},
	{is(`only PKCS#?8 is supported`), []candidate{{id: "sdk.pkcs1", fixAt: AtKey}}},
	{is(`failed to parse private key[^\n]*|x509: [^\n]*ParsePKCS1PrivateKey[^\n]*|structure error[^\n]*PKCS8[^\n]*`), []candidate{{id: "sdk.pkcs1", fixAt: AtKey}}},
	// coze-java strips the PKCS#8 lines; Java's key factory says this of PKCS#1.
	{is(`InvalidKeySpecException[^\n]*|algid parse error[^\n]*|IOException : (version mismatch|unknown object type)[^\n]*`), []candidate{{id: "sdk.pkcs1", fixAt: AtKey}}},
	// coze-js auth.ts.
	{is(`Invalid private key format\. Expected PEM format[^\n]*`), []candidate{{id: "sdk.no_pem", fixAt: AtKey}}},
	// OpenSSL 1 and 3, jose, PyJWT and cryptography, JJWT, golang-jwt.
	{is(`no start line[^\n]*|"?pkcs8"? must be PKCS#?8 formatted string|must be a PEM encoded PKCS1[^\n]*|key is of invalid type|Could not parse the provided (public |private )?key[^\n]*|InvalidKeyError[^\n]*|InvalidKeyException[^\n]*(decode|parse|PEM|RSA)[^\n]*`), []candidate{{id: "sdk.no_pem", fixAt: AtKey}}},
	// WebCrypto, in Workers and in Node.
	{is(`Invalid PKCS8 input|DataError\]?: Invalid keyData|asn1 encoding routines::[^\n]*`), []candidate{{id: "sdk.pkcs1", fixAt: AtKey}, {id: "sdk.no_pem", fixAt: AtKey}}},
	{is(`secretOrPrivateKey must be an asymmetric key[^\n]*|secretOrPrivateKey must have a value|DECODER routines::unsupported|Could not deserialize key data[^\n]*|Unable to load PEM file[^\n]*`), []candidate{{id: "sdk.no_pem", fixAt: AtKey}}},
	// coze-java #147, #103: the SDK is built with jjwt 0.11.5.
	{is(`NoSuchMethodError[^\n]*(io\.jsonwebtoken|JwtBuilder)[^\n]*`), []candidate{{id: "sdk.jjwt", fixAt: AtService}}},
	// coze-studio #1885.
	{is(`PrematureCloseException[^\n]*|Connection prematurely closed[^\n]*|504 Gateway Time-?out`), []candidate{{id: "net.gateway", fixAt: AtService}}},
	// coze-java #89.
	{is(`missing required Host header`), []candidate{{id: "net.host_header", fixAt: AtService}}},
	// coze-py #308, a self-hosted Coze Studio.
	{is(`unable to decode '' as int64[^\n]*`), []candidate{{id: "request.empty_id", fixAt: AtService}}},
	// coze-js #313.
	{is(`verify jwt empty error`), []candidate{{id: "sdk.missing_value", fixAt: AtKey}, {id: "kid.region", appLevel: true, fixAt: AtRegion}}},
	// axios, requests, OkHttp and fetch print the status alone.
	{is(`Request failed with status code 40[0-9]|40[0-9] Client Error: [^\n]*|HTTP ?(Error )?40[13]:? (Unauthorized|Forbidden)?`), []candidate{{id: "hidden.body", fixAt: AtService}}},
	// coze-py #171: opened on application at that time, says the SDK's author.
	{is(`server rejected WebSocket connection: HTTP 403`), []candidate{{id: "ws.closed", fixAt: AtConsole}, {id: "token.permission", fixAt: AtConsole}}},
	// one-api #71; Node and Python say it in their own words.
	{is(`invalid character '<' looking for beginning of value|Unexpected token '?<'?[^\n]*|JSONDecodeError: Expecting value: line 1 column 1[^\n]*`), []candidate{{id: "net.html", fixAt: AtRegion}}},
	{is(`\bENOTFOUND[^\n]*|EAI_AGAIN[^\n]*|no such host|Name or service not known|Temporary failure in name resolution|UnknownHostException[^\n]*|getaddrinfo failed|nodename nor servname[^\n]*`), []candidate{{id: "net.dns", fixAt: AtService}}},
	{is(`ECONNREFUSED[^\n]*|connection refused|ConnectException[^\n]*`), []candidate{{id: "net.refused", fixAt: AtRegion}}},
	{is(`certificate[^\n]*(unknown authority|verify failed|has expired|self[- ]signed)[^\n]*|self[- ]signed certificate[^\n]*|SSLHandshakeException[^\n]*|PKIX path building failed|x509: [^\n]*|CERTIFICATE_VERIFY_FAILED|UNABLE_TO_VERIFY_LEAF_SIGNATURE`), []candidate{{id: "net.tls", fixAt: AtService}}},
	{is(`ETIMEDOUT|i/o timeout|context deadline exceeded|Client\.Timeout exceeded[^\n]*|SocketTimeoutException[^\n]*|(Connect|Read)Timeout|timed out`), []candidate{{id: "net.timeout", fixAt: AtService}}},
	{is(`proxyconnect[^\n]*|ProxyError[^\n]*|Tunnel connection failed[^\n]*|407 Proxy Authentication Required`), []candidate{{id: "net.proxy", fixAt: AtService}}},
	{is(`ENOENT[^\n]*\.pem[^\n]*|No such file or directory[^\n]*\.pem[^\n]*|open [^\n]*\.pem[^\n]*: no such file or directory|(FileNotFoundException|NoSuchFileException)[^\n]*\.pem[^\n]*`), []candidate{{id: "sdk.key_path", fixAt: AtKey}}},
}
