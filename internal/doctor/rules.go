package doctor

import (
	"regexp"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/i18n"
)

// A rule is one refusal and what may be behind it. The first that matches
// counts, so the particular stand before the general. To add one: write it
// here with its source, its texts into both catalogues, and a test that
// provokes it.
type rule struct {
	id      string
	code    *regexp.Regexp // of the code; nil: any
	message *regexp.Regexp // of the message; nil: any
	status  int            // of HTTP, which says it too; 0: none does
	causes  []possibility  // the likeliest first, where nothing local speaks for another
}

type possibility struct {
	id   string
	mend Place
	// seen returns the local evidence for the cause, nil for none.
	seen func(*coze.Refusal, Facts) *i18n.Message
	only bool // not worth naming without evidence
	app  bool // about the app or its region: ruled out where another key of it works
}

func (r rule) matches(refusal *coze.Refusal) bool {
	if r.status != 0 && refusal.Status == r.status {
		return true
	}
	return (r.code == nil || r.code.MatchString(refusal.Code)) &&
		(r.message == nil || r.message.MatchString(refusal.Message))
}

func is(pattern string) *regexp.Regexp { return regexp.MustCompile(`(?i)` + pattern) }

var clockCause = possibility{id: "clock", mend: AtService, seen: clockIsOff, only: true}

var rules = []rule{
	{
		// coze-py #148, #230, #123; coze-go #43; the service's spelling is "registred".
		id: "kid_unknown", message: is(`\bkid\b|key ?id|public key not`),
		causes: []possibility{
			{id: "kid.not_fingerprint", mend: AtKeyID, seen: oddKeyID, only: true},
			{id: "kid.not_uploaded", mend: AtUpload, seen: madeHereNow},
			{id: "kid.app_id", app: true, mend: AtAppID, seen: oddAppID},
			{id: "kid.region", app: true, mend: AtRegion},
			{id: "kid.deleted", mend: AtUpload},
		},
	},
	{
		// coze-java #39, coze-py #236.
		id: "connector_unbound", message: is(`should bind connector id`),
		causes: []possibility{{id: "app.channel", mend: AtConsole}},
	},
	{
		// Official guide: error table of the token endpoint.
		id: "app_type", message: is(`invalid app type`),
		causes: []possibility{{id: "app.type", mend: AtConsole}},
	},
	{
		// Official guide: error table of the token endpoint.
		id: "app_deactivated", message: is(`deactivated`),
		causes: []possibility{{id: "app.deactivated", mend: AtConsole}},
	},
	{
		// Official guide: an app that was never authorised has no access. The
		// real service's words for it are not known.
		id: "app_unauthorised", message: is(`not (been )?authori[sz]ed|unauthori[sz]ed app`),
		causes: []possibility{{id: "app.unauthorised", mend: AtConsole}},
	},
	{
		// Official guide: error table of the token endpoint.
		id: "login_session", message: is(`login session invalid`),
		causes: []possibility{{id: "app.login", mend: AtConsole}},
	},
	{
		// Seen when a client sends its request before it has signed.
		id: "jwt_empty", message: is(`empty jwt`),
		causes: []possibility{{id: "jwt.empty", mend: AtService}},
	},
	{
		// RFC 7523 §3; the real service's words are not known.
		id: "signature", message: is(`signature|verif(y|ication)`),
		causes: []possibility{
			{id: "signature.pair", mend: AtKeyID},
			{id: "signature.key_id", mend: AtKeyID},
		},
	},
	{
		// RFC 7523 §3; the real service's words are not known.
		id: "audience", message: is(`\baud(ience)?\b`),
		causes: []possibility{{id: "audience", mend: AtRegion}},
	},
	{
		// RFC 7523 §3; the real service's words are not known.
		id: "jwt_time", message: is(`expired|issued|\biat\b|\bexp\b|\bnbf\b`),
		causes: []possibility{{id: "clock", mend: AtService, seen: clockIsOff}},
	},
	{
		// Official guide: a JWT is good for one exchange.
		id: "jwt_reused", message: is(`\bjti\b|already used|has been used`),
		causes: []possibility{{id: "jwt.reused", mend: AtService}},
	},
	{
		// Official guide: error table of the token endpoint.
		id: "grant_type", code: is(`^unsupported_grant_type$`),
		causes: []possibility{{id: "request.grant_type", mend: AtService}},
	},
	{
		// Official guide: error table of the token endpoint.
		id: "request_scope", code: is(`^invalid_(request|scope)$`), message: is(`scope|permission`),
		causes: []possibility{{id: "request.scope", mend: AtConsole}},
	},
	{
		id: "request", code: is(`^invalid_request$`),
		causes: []possibility{{id: "request.parameter", mend: AtService}},
	},
	{
		// Official guide: error table of the token endpoint.
		id: "internal", code: is(`^internal_error$`),
		causes: []possibility{{id: "service.internal", mend: AtService}},
	},
	{
		// coze-py #78, coze-js #314.
		id: "authentication", code: is(`^4100$`),
		causes: []possibility{{id: "token.region", mend: AtRegion}, {id: "token.expired", mend: AtService}},
	},
	{
		// coze-py #142.
		id: "permission", code: is(`^4101$`),
		causes: []possibility{{id: "token.permission", mend: AtConsole}},
	},
	{
		id: "rate", code: is(`^4013$`), status: 429,
		causes: []possibility{{id: "service.rate", mend: AtService}},
	},
	{
		// Any other words about the JWT.
		id: "client", code: is(`^invalid_client$`),
		causes: []possibility{
			clockCause,
			{id: "kid.not_fingerprint", mend: AtKeyID, seen: oddKeyID, only: true},
			{id: "client.ids", app: true, mend: AtAppID, seen: oddAppID},
			{id: "kid.region", app: true, mend: AtRegion},
			{id: "app.type", app: true, mend: AtConsole},
		},
	},
	{
		id: "denied", code: is(`^access_den(y|ied)$`),
		causes: []possibility{{id: "app.unauthorised", mend: AtConsole}, {id: "app.type", mend: AtConsole}},
	},
	{
		id:     "unknown",
		causes: []possibility{clockCause, {id: "unknown", mend: AtService}},
	},
}

func oddKeyID(_ *coze.Refusal, f Facts) *i18n.Message {
	return unless(f.unknown || credentials.IsKeyID(f.KeyID), "evidence.odd_key_id", "key_id", f.KeyID)
}

func oddAppID(_ *coze.Refusal, f Facts) *i18n.Message {
	return unless(f.unknown || credentials.IsAppID(f.AppID), "evidence.odd_app_id", "app_id", f.AppID)
}

func madeHereNow(_ *coze.Refusal, f Facts) *i18n.Message {
	return unless(!f.KeyFromHere || !f.KeyIsNew, "evidence.made_here")
}

// maxSkew is how far two clocks may be apart before it is worth a word; Date
// has whole seconds and the answer took a while.
const maxSkew = 30 * time.Second

func clockIsOff(r *coze.Refusal, f Facts) *i18n.Message {
	if r.Date.IsZero() || f.Now.IsZero() {
		return nil
	}
	skew := f.Now.Sub(r.Date)
	return unless(skew.Abs() <= maxSkew, "evidence.clock", "skew", skew.Round(time.Second).String())
}

func unless(fine bool, id string, pairs ...string) *i18n.Message {
	if fine {
		return nil
	}
	m := i18n.Msg(id, pairs...)
	return &m
}

// A clue is a text that an SDK or the network writes, not the service.
type clue struct {
	pattern *regexp.Regexp
	causes  []possibility
}

var clues = []clue{
	// Measured: coze-go strips the PKCS#8 lines and decodes what is left.
	{is(`failed to decode private key[^\n]*illegal base64 data[^\n]*`), []possibility{{id: "sdk.pkcs1", mend: AtKey}}},
	{is(`failed to parse private key[^\n]*|x509: [^\n]*ParsePKCS1PrivateKey[^\n]*|structure error[^\n]*PKCS8[^\n]*`), []possibility{{id: "sdk.pkcs1", mend: AtKey}}},
	// coze-java strips the PKCS#8 lines; Java's key factory says this of PKCS#1.
	{is(`InvalidKeySpecException[^\n]*|algid parse error[^\n]*|IOException : (version mismatch|unknown object type)[^\n]*`), []possibility{{id: "sdk.pkcs1", mend: AtKey}}},
	// coze-js auth.ts.
	{is(`Invalid private key format\. Expected PEM format[^\n]*`), []possibility{{id: "sdk.no_pem", mend: AtKey}}},
	{is(`secretOrPrivateKey must be an asymmetric key[^\n]*|secretOrPrivateKey must have a value|DECODER routines::unsupported|Could not deserialize key data[^\n]*|Unable to load PEM file[^\n]*`), []possibility{{id: "sdk.no_pem", mend: AtKey}}},
	// coze-js #313.
	{is(`verify jwt empty error`), []possibility{{id: "sdk.missing_value", mend: AtKey}, {id: "kid.region", app: true, mend: AtRegion}}},
	// one-api #71; Node and Python say it in their own words.
	{is(`invalid character '<' looking for beginning of value|Unexpected token '?<'?[^\n]*|JSONDecodeError: Expecting value: line 1 column 1[^\n]*`), []possibility{{id: "net.html", mend: AtRegion}}},
	{is(`\bENOTFOUND[^\n]*|EAI_AGAIN[^\n]*|no such host|Name or service not known|Temporary failure in name resolution|UnknownHostException[^\n]*|getaddrinfo failed|nodename nor servname[^\n]*`), []possibility{{id: "net.dns", mend: AtService}}},
	{is(`ECONNREFUSED[^\n]*|connection refused|ConnectException[^\n]*`), []possibility{{id: "net.refused", mend: AtRegion}}},
	{is(`certificate[^\n]*(unknown authority|verify failed|has expired|self[- ]signed)[^\n]*|self[- ]signed certificate[^\n]*|SSLHandshakeException[^\n]*|PKIX path building failed|x509: [^\n]*|CERTIFICATE_VERIFY_FAILED|UNABLE_TO_VERIFY_LEAF_SIGNATURE`), []possibility{{id: "net.tls", mend: AtService}}},
	{is(`ETIMEDOUT|i/o timeout|context deadline exceeded|Client\.Timeout exceeded[^\n]*|SocketTimeoutException[^\n]*|(Connect|Read)Timeout|timed out`), []possibility{{id: "net.timeout", mend: AtService}}},
	{is(`proxyconnect[^\n]*|ProxyError[^\n]*|Tunnel connection failed[^\n]*|407 Proxy Authentication Required`), []possibility{{id: "net.proxy", mend: AtService}}},
	{is(`ENOENT[^\n]*\.pem[^\n]*|No such file or directory[^\n]*\.pem[^\n]*|open [^\n]*\.pem[^\n]*: no such file or directory|(FileNotFoundException|NoSuchFileException)[^\n]*\.pem[^\n]*`), []possibility{{id: "sdk.key_path", mend: AtKey}}},
}
