package diagnosis

// Refusals of the token endpoint. Sources: the error table of the official guide (oauth_jwt),
// threads of the SDKs as named, and RFC 7523 §3 where the real service's words are not known.

var clockCause = candidate{id: "clock", fixAt: AtService, appLevel: true, ofJWT: true, evidence: either(clockIsOff, issuedLater), needsEvidence: true}

// acceptedBefore stands in place of what a key can lack that has just been accepted.
// Whether Coze's servers learn of a key one after the other is not known.
var acceptedBefore = candidate{id: "accepted_before", fixAt: AtService}

// proxyCause is an aud that names the proxy and not Coze: the official SDKs sign the host of the
// API base.
var proxyCause = candidate{id: "audience.proxy", fromTheStart: true, fixAt: AtRegion, ofJWT: true, evidence: behindProxy, needsEvidence: true}

// wrongRegion is an app of the region that was not asked.
var wrongRegion = candidate{id: "kid.region", fromTheStart: true, appLevel: true, fixAt: AtRegion, evidence: either(twoHosts, defaultHost, otherHint, openRegion)}

// What can have become of an app since its values worked. The guide says that uninstalling deletes
// all tokens, not what a request for one is refused with.
var (
	keyDeleted      = candidate{id: "kid.deleted", fixAt: AtUpload, evidence: workedBefore}
	keyDeletedSince = candidate{id: "kid.deleted", fixAt: AtUpload, evidence: workedBefore, needsEvidence: true}
	appGone         = candidate{id: "app.gone", appLevel: true, fixAt: AtConsole, evidence: workedBefore, needsEvidence: true}
	appUninstalled  = candidate{id: "app.uninstalled", appLevel: true, fixAt: AtPage, evidence: workedBefore, needsEvidence: true}
)

// What is read where JSON belongs: RFC 6749 sends a token request as a form, Coze as JSON.
var (
	formBody     = candidate{id: "request.form_body", fixAt: AtService, evidence: says(formPosted)}
	formBodySeen = candidate{id: "request.form_body", fixAt: AtService, evidence: onlyIf(says(formPosted)), needsEvidence: true}
)

// What stands in a text in place of a JWT, of the right grant type and of a duration.
var (
	notAJWT      = is(`bearer\s+["']*((pat|sat|czs|czu|cztei)_|\{\{|\$\{?[A-Za-z_]|undefined|null|None\b|<|%7B|\[object)`)
	otherGrant   = is(`grant[_ ]type["']?\s*[:=]\s*["']?(client_credentials|authorization_code|password|refresh_token|jwt[-_]?bearer\b|urn:ietf:params:oauth:grant-type:([a-ik-z][\w:-]*|jwt_bearer))`)
	longDuration = is(`duration_seconds["']?\s*[:=]\s*["']?([1-9][0-9]{5,}|86[4-9][0-9]{2}|8[7-9][0-9]{3}|9[0-9]{4}|0\b|-[0-9]+)`)
)

var wrongSignature = []candidate{
	{id: "signature.pair", fromTheStart: true, fixAt: AtKeyID},
	{id: "signature.key_id", fixAt: AtKeyID, evidence: workedBefore},
}

var tokenRules = []rule{
	{
		id: "kid_missing", ofJWT: true, within: is(`\bkid\b( is| header)? (empty|missing|required)|(missing|no) kid\b|(缺少|没有) ?kid`),
		says:   is(`\bkid is (empty|missing|required)\b`),
		causes: []candidate{{id: "kid.missing", fixAt: AtService}},
	},
	{
		// coze-py #148, #230, #123; coze-go #43; the service's spelling is "registred".
		id: "kid_unknown", ofJWT: true, passes: true, within: is(`\bkid\b|key ?id|public key not`),
		says: is(`\bkid (has |have |is )?not (yet )?(been )?regist\w+|\b(unknown|unregistered|invalid|wrong) kid\b|\bkid( is)? (invalid|wrong|incorrect|unknown|not found)|\bkid[^\n]{0,20}(未|没有|没|不)(被)?(注册|登记|存在)|公钥(指纹)?(尚|还)?(未|没有|没)(被)?(注册|登记)|` + alone(`(公钥|公钥指纹|key[_ ]?id) ?(不存在|无效|错误|不正确|不对|未找到|找不到)`)),
		causes: []candidate{
			{id: "kid.not_fingerprint", fromTheStart: true, fixAt: AtKeyID, evidence: oddKeyID, needsEvidence: true},
			{id: "kid.not_uploaded", fromTheStart: true, fixAt: AtUpload, evidence: madeHereNow, untold: true},
			{id: "kid.app_id", fromTheStart: true, appLevel: true, fixAt: AtAppID, evidence: oddAppID},
			wrongRegion,
			{id: "kid.not_uploaded", fromTheStart: true, fixAt: AtUpload}, // the person may have forgotten to save
			keyDeleted,
			appGone,
		},
	},
	{
		id: "jwt_algorithm", ofJWT: true, within: is(`signing method|\balg(orithm)?\b`), common: true,
		says:   is(`signing method \w+ is invalid`),
		causes: []candidate{{id: "jwt.algorithm", fixAt: AtService}},
	},
	{
		// coze-java #39, coze-py #236; the guide's FAQ has it without the id in brackets.
		id: "connector_unbound", within: is(`should bind connector id`),
		says:   is(`(connector app[^\n"]{0,40} )?should bind connector id|渠道应用[^\n"]{0,20}绑定|(应用|app)[^\n"]{0,10}需要绑定(连接|connector) ?id`),
		causes: []candidate{{id: "app.channel", fixAt: AtConsole}},
	},
	{
		id: "app_type", within: is(`invalid app type`), says: is(`invalid app type`),
		causes: []candidate{{id: "app.type", fixAt: AtConsole}},
	},
	{
		id: "app_deactivated", passes: true, within: is(`deactivated`), says: is(`(app: [^\n"]* )?is currently deactivated by the owner`),
		causes: []candidate{{id: "app.deactivated", fixAt: AtPage, evidence: workedBefore}},
	},
	{
		// The guide says that an app that was never authorized has no access, but not in what words.
		id: "app_unauthorised", passes: true, within: is(`not (been )?authori[sz]ed|unauthori[sz]ed app|授权`), common: true,
		says:   is(`(应用|\bapp) ?(还|尚|从)?(未|没有?|没有被)(被|获得?|完成|经过?)?(所有者)?授权|(未|没有?)授权(该|此|这个|当前)?应用`),
		causes: []candidate{{id: "app.unauthorised", fromTheStart: true, fixAt: AtPage}, appUninstalled},
	},
	{
		id: "login_session", within: is(`login session invalid`), says: is(`login session invalid`),
		causes: []candidate{{id: "app.login", fixAt: AtPage}},
	},
	{
		// golang-jwt parser.go, in the words that a server in Go has for it.
		id: "jwt_malformed", ofJWT: true, within: is(`invalid number of segments|token is malformed|jwt malformed`),
		causes: []candidate{{id: "jwt.not_one", fixAt: AtService, evidence: says(notAJWT)}},
	},
	{
		// Seen when a client sends its request before it has signed, or posts the JWT as a form field.
		id: "jwt_empty", ofJWT: true, within: is(`empty jwt`), says: is(`empty jwt( token)?`),
		causes: []candidate{{id: "jwt.empty", fixAt: AtService}, {id: "jwt.in_body", fixAt: AtService, evidence: shows("assertion", "URLSearchParams", "x-www-form-urlencoded")}},
	},
	{
		id: "signature", ofJWT: true, within: is(`signature|verif(y|ication)|签名`), common: true,
		says:   is(`(jwt|token|assertion)('s)? signature (is )?(invalid|verif|mismatch|wrong)[^\n"]{0,20}|(invalid|wrong|bad) (jwt|token|assertion) signature|(jwt|令牌)\s*签名((验证|校验)失败|错误|无效|不正确|不匹配)|(公钥(和|与)?)?私钥(和公钥|与公钥)?不匹配|公私钥不匹配|crypto/rsa: verification error|` + alone(`invalid signature|signature (verification|validation) failed|签名(不对|不匹配|不正确|错误|无效|有误|((验证|校验)(失败|错误|不通过|未通过))|(不|未)通过)|验签(失败|错误|不通过|未通过)|(无效|错误)的?签名`)),
		causes: wrongSignature,
	},
	{
		id: "signature", cozeOnly: true, causes: wrongSignature,
		says: is(`invalid signature|signature (verification|validation) failed|(签名|验签)(验证|校验)?(失败|错误|无效|不正确|不匹配|不通过)`),
	},
	{
		id: "audience", ofJWT: true, within: is(`\baud(ience)?\b`), common: true,
		says:   is(`\b(the )?aud(ience)?\b( claim| value)?( in (the )?jwt)?( is| was)?( an?)? ?(invalid|incorrect|wrong|mismatch\w*|missing|must be|not match\w*|does(n't| not) match|not allowed)[^\n"]{0,20}|\b(invalid|wrong|incorrect|mismatched|unexpected) (jwt )?aud(ience)?\b|\baud[^\n"]{0,6}(错误?了?|无效|不正确|不匹配|不对|有误|不合法)`),
		causes: []candidate{{id: "audience.proxy", fromTheStart: true, fixAt: AtRegion, ofJWT: true, evidence: behindAnyProxy, needsEvidence: true}, {id: "audience", fixAt: AtRegion, evidence: twoHosts}},
	},
	{
		id: "jwt_early", ofJWT: true, within: is(`used before issued|\b(iat|nbf)\b[^\n]{0,20}(future|later)|not valid yet`), common: true,
		says:   is(`token used before issued`),
		causes: []candidate{{id: "clock", fixAt: AtService, evidence: either(clockIsOff, issuedLater)}},
	},
	{
		// Official guide: a JWT is good for one exchange.
		id: "jwt_reused", ofJWT: true, within: is(`\bjti\b|jwt[^\n]*(already used|has been used)`), common: true,
		says:   is(`\bjti\b[^\n"]{0,20}(been used|already (used|exists)|duplicate|reused?|invalid|重复|已被?使用)|\bjwt[^\n"]{0,12}(already used|been used|重复使用|已被?使用|已经?用过)|(第二次|再次|重复|多次)[^\n"]{0,12}(同一个?|同样的?|这个|旧的?) ?jwt|(同一个?|同样的?) ?jwt[^\n"]{0,12}(第二次|再次|重复|多次|两次)`),
		causes: []candidate{{id: "jwt.reused", fixAt: AtService}},
	},
	{
		id: "jwt_time", ofJWT: true, within: is(`expired|issued|\biat\b|\bexp\b|\bnbf\b|过期`), common: true,
		says: is(`\b(iat|exp|nbf)\b( claim)?( is| was)? (invalid|expired|must be|in the (past|future)|too (late|early|long|large)|wrong)|(invalid|wrong) (iat|exp|nbf)\b|\bjwt (token )?(is |has )?expired|\bjwt[^\n"没未不]{0,8}过期|` + alone(`(exp|有效期|过期时间)[^\n"]{0,4}(太长|过长|太大|错误|不对)|(服务器|本机|系统)?(时钟|时间)(不同步|不准|不对|有偏差)`)),
		causes: []candidate{
			{id: "clock", fixAt: AtService, evidence: either(clockIsOff, issuedLater)},
			{id: "jwt.lifetime", fixAt: AtService, evidence: expiredThen},
		},
	},
	{
		// RFC 7523 §3; the real service's words are not known.
		id: "jwt_issuer", ofJWT: true, within: is(`\biss(uer)?\b`), common: true,
		says:   is(`\b(the )?iss\b( claim)?( is| was) (invalid|wrong|incorrect|missing)|\b(invalid|wrong) iss\b|` + alone(`(应用|app[_ ]?id|client[_ ]?id|应用 ?id) ?(不存在|无效|错误|不正确|不对|未找到|找不到)|(invalid|wrong|unknown) (app|client)[_ ]?id`)),
		causes: []candidate{{id: "client.ids", fromTheStart: true, appLevel: true, fixAt: AtAppID, evidence: oddAppID}, wrongRegion, appGone},
	},
	{
		id: "grant_type", ofJWT: true, code: "unsupported_grant_type",
		says:   is(`not supported grant type(: ?[^\s",}]+)?`),
		causes: []candidate{{id: "request.grant_value", fixAt: AtService, evidence: onlyIf(says(otherGrant)), needsEvidence: true}, {id: "request.grant_type", fixAt: AtService}},
	},
	{
		id: "request_scope", code: "invalid_request invalid_scope", within: is(`scope|permission`),
		causes: []candidate{{id: "request.scope", fixAt: AtConsole}},
	},
	{
		// coze-js #212: a client_secret is wanted of a Web app, which signs no JWT; the others are of
		// the authorization code, PKCE and refresh (RFC 6749 §4.1.3, §6, RFC 7636).
		id: "request_secret", code: "invalid_request", within: is(`client_secret|redirect_uri|code_verifier|refresh_token|device_code|: ?code\b`),
		says:   is(`invalid request: (client_secret|redirect_uri|code_verifier|refresh_token|device_code|code)\b`),
		causes: []candidate{{id: "app.type", fixAt: AtConsole}, {id: "oauth.other_flow", fixAt: AtService}},
	},
	{
		id: "request_duration", code: "invalid_request", within: is(`duration_seconds`),
		says:   is(`invalid request: duration_seconds|duration_seconds[^\n"]{0,20}(must be|invalid|out of range|less than|greater than|超出|范围)[^\n"]*`),
		causes: []candidate{{id: "request.duration", fixAt: AtService, evidence: says(longDuration)}},
	},
	{
		id: "request_grant", code: "invalid_request", within: is(`grant_type`), says: is(`invalid request: grant_type`),
		causes: []candidate{formBody, {id: "request.grant_value", fixAt: AtService, evidence: says(otherGrant)}},
	},
	{
		id: "request", code: "invalid_request", says: is(`invalid request: [^\s",}]+`),
		causes: []candidate{formBodySeen, {id: "request.parameter", fixAt: AtService}, formBody},
	},
	{
		// coze-java #47, coze-py #247: with codes that no table has.
		id: "internal", within: is(`experiencing server issues|发生了一些错误`), says: is(`experiencing server issues|发生了一些错误[，,]请[^\n"]*`), cozeOnly: true,
		causes: []candidate{{id: "service.internal", fixAt: AtService}},
	},
	{
		id: "internal", code: "internal_error", says: is(`service internal error`),
		causes: []candidate{{id: "service.internal", fixAt: AtService}},
	},
	{
		// Any other words about the JWT.
		id: "client", ofJWT: true, code: "invalid_client",
		causes: []candidate{
			proxyCause,
			clockCause,
			{id: "jwt.lifetime", fixAt: AtService, evidence: expiredThen, needsEvidence: true},
			{id: "kid.not_fingerprint", fromTheStart: true, fixAt: AtKeyID, evidence: oddKeyID, needsEvidence: true},
			{id: "client.ids", fromTheStart: true, appLevel: true, fixAt: AtAppID, evidence: oddAppID},
			wrongRegion,
			{id: "app.type", fromTheStart: true, appLevel: true, fixAt: AtConsole, evidence: says(is(`\.app\.coze\b`))},
			keyDeletedSince,
			appGone,
			{id: "app.deactivated", appLevel: true, fixAt: AtPage, evidence: workedBefore, needsEvidence: true},
			appUninstalled,
		},
	},
	{
		// coze-py exception.py:43, of another flow's access_denied.
		id: "other_flow", within: is(`pkce auth error`), says: is(`pkce auth error: \w+`),
		causes: []candidate{{id: "oauth.other_flow", fixAt: AtService}},
	},
	{
		id: "denied", code: "access_deny access_denied", passes: true,
		causes: []candidate{
			{id: "account.refused", fixAt: AtPage, evidence: onlyIf(shows("/oauth2/account/", "/oauth2/enterprise_id/")), needsEvidence: true},
			{id: "app.unauthorised", fromTheStart: true, fixAt: AtPage},
			{id: "app.type", fromTheStart: true, fixAt: AtConsole},
			appUninstalled,
		},
	},
	{
		// coze-go error.go:48-60, coze-py exception.py:36-40, coze-java AuthErrorCode.java:14-30: the
		// codes of the device flow.
		id: "other_flow", code: "authorization_pending slow_down expired_token",
		causes: []candidate{{id: "oauth.other_flow", fixAt: AtService}},
	},
	{
		// A gateway's answer to a path that it does not know.
		id: "no_such_path", code: "404", status: 404,
		causes: []candidate{{id: "api.404", fixAt: AtService}},
	},
}
