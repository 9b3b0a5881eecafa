package lint

import (
	"strings"

	"cozejwt/internal/lazyregexp"
)

// A rule is a mistake that patterns find.
type rule struct {
	id       string
	names    []string // a file that has none of these words has no finding
	patterns []pattern
	shared   bool              // other services do rightly so: what is near their URL is theirs
	unless   lazyregexp.Regexp // of a line, or of the file where inFile is set; nil for none
	inFile   bool
	right    map[language]string
}

// A pattern finds a mistake in code without comments. Where it has a group, the group is where.
type pattern struct {
	lazyregexp.Regexp
	anywhere bool // also within a string; else it begins in code, or a string begins with it
}

func is(text string) pattern     { return pattern{lazyregexp.New(text), false} }
func within(text string) pattern { return pattern{lazyregexp.New(text), true} }

const (
	quoted = "['\"`]"
	// assigns is what stands between a name and its value, in a map, a call or an assignment.
	assigns = `(?:['"]?\]?\s*(?::=|:\s*\w+\s*=|:|=>|=|,)|\()\s*`
	// A default of a variable: env.AUD || 'https://…', env.get("AUD") or "https://…".
	fallback = `(?:[^\n;,{}=]{0,80}(?:\|\||\?\?|\?:|\bor\b)\s*|[^\n;{}=]{0,60}(?:getenv|getOrDefault|environ\.get|getProperty)\([^\n;{}=]{0,40},\s*)?`
	listed   = `(?:\[\]string\{|(?:jwt\.)?ClaimStrings\{|new (?:string|String)\[\] ?\{|\[|array\(|List\.of\(|listOf\(|Arrays\.asList\(|Collections\.singleton(?:List)?\(|\.add\()?\s*`

	pathOfBase   = `https://api\.coze\.(?:cn|com)/(?:v[1-3]|open_api|api)\b[^'"` + "`\n" + `]{0,40}`
	milliseconds = `(?:Date\.now\(\)|new Date\(\)\.getTime\(\)|System\.currentTimeMillis\(\))`

	expiresIn = `(?:\.expires_?[iI]n\b|\.ExpiresIn\b|\bgetExpiresIn\(\)|\[['"](?:expires_in|expiresIn)['"]\]|\bexpires_in\b|\bget\(['"]expires_in['"][^)\n]*\)|get(?:Int|Long)\(['"]expires_in['"]\))`
	nowInCode = `(?:Date\.now\(\)|new Date\(\)(?:\.(?:getTime|valueOf)\(\))?|\bnow\b(?:\(\))?|\btime\.time\(\)|\btime\(\)|time\.Now\(\)|currentTimeMillis\(\)|\b(?:Instant|LocalDateTime|ZonedDateTime)\.now\(\)|datetime\.(?:utc)?now\([^)\n]*\)|microtime\(true\)|\bTime\.now\b|DateTime(?:Offset)?\.(?:Utc)?Now|ToUnixTimeSeconds\(\)|dayjs\(\)|moment\(\))`
)

// rules are the mistakes; the clients without a base URL have a table of their own.
var rules = []rule{
	{
		// docs.coze.cn, oauth_jwt: the JWT is in the header Authorization. coze-go auth.go:680,
		// coze-js auth.ts:262, coze-py auth/__init__.py:309. Answered with "empty jwt token".
		id: "form", names: []string{"assertion"}, shared: true,
		patterns: []pattern{
			is(`['"](assertion)['"]\s*(?::|=>|,|\]\s*=[^=])`),
			is(`\bgrant_?[tT]ype['"]?\s*[:=][^{}]{0,300}?[,(]\s*\b(assertion)(?:\s*[:=]\s*[^\s=]|\s*[,}])`),
			is(`[{(,]\s*(assertion)\s*[:=]\s*[^\s=][^{}]{0,300}?\bgrant_?[tT]ype['"]?\s*[:=]`),
			within(`[&?"'` + "`" + `](assertion)=`),
		},
		unless: lazyregexp.New(`\bassertion\??:\s*(?i:string|str|any)\b`),
		right: map[language]string{
			none:   `Authorization: Bearer JWT, Content-Type: application/json, {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "duration_seconds": 900}`,
			js:     "fetch(url, { method: 'POST', headers: { Authorization: `Bearer ${jwt}`, 'Content-Type': 'application/json' }, body: JSON.stringify({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', duration_seconds: 900 }) })",
			python: `requests.post(url, headers={"Authorization": f"Bearer {jwt}"}, json={"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "duration_seconds": 900})`,
			golang: `req.Header.Set("Authorization", "Bearer "+jwt); req.Header.Set("Content-Type", "application/json")`,
			java:   `.header("Authorization", "Bearer " + jwt).header("Content-Type", "application/json")`,
			php:    `CURLOPT_HTTPHEADER => ["Authorization: Bearer $jwt", 'Content-Type: application/json'], CURLOPT_POSTFIELDS => json_encode(['grant_type' => 'urn:ietf:params:oauth:grant-type:jwt-bearer', 'duration_seconds' => 900])`,
			shell:  `curl -H "Authorization: Bearer $JWT" -H 'Content-Type: application/json' -d '{"grant_type":"urn:ietf:params:oauth:grant-type:jwt-bearer","duration_seconds":900}' "$URL"`,
		},
	},
	{
		// docs.coze.cn, oauth_jwt: aud is the API host. coze-py auth/__init__.py:76 takes netloc of
		// the base, coze-go auth.go:256 its host, and the JS examples of coze-js 'api.coze.cn'.
		id: "aud", names: []string{"aud"},
		patterns: []pattern{
			is(`(?i)\b(?:coze|jwt|api|token|oauth|\w*_)?(aud(?:ience)?)\b` + assigns + listed + fallback + quoted + `https?://(?:api|www)\.coze\.(?:cn|com)/?` + quoted + `\s*(?:[,;)}\]\n]|as\b|$)`),
			is(`\b((?:set|with|add)?[aA]ud(?:ience)?)\((?:\)\.add\()?\s*` + listed + quoted + `https?://(?:api|www)\.coze\.(?:cn|com)/?` + quoted + `\s*[,)}\]]`),
			is(`\b(?:claim|put|set|Set|Claim|setClaim|withClaim)\(\s*['"](aud)['"],\s*` + quoted + `https?://(?:api|www)\.coze\.(?:cn|com)`),
			is(`(?i)\b(aud(?:ience)?)\b` + assigns + listed + `(?:\w+\.)?(?:COZE_(?:CN|COM)_BASE_URL|C(?:n|om)BaseURL|env\.COZE_API_BASE!?|env\.COZE_BASE_URL!?|(?:environ\[|environ\.get\(|getenv\()['"]COZE_(?:API_BASE|BASE_URL)['"][\])])\s*(?:[,;)}\]\n]|$)`),
		},
		right: map[language]string{
			none: `aud = "{host}"`, js: `aud: '{host}'`, python: `"aud": "{host}"`, golang: `"aud": "{host}"`, java: `.setAudience("{host}")`, php: `'aud' => '{host}'`,
		},
	},
	{
		// coze-py auth/__init__.py:830 compares expires_in with time.time(), coze-go auth_token.go:98
		// and coze-java JWTOAuth.java:53 take it as the time of expiry, as the examples of coze-js do.
		id: "expires_in", names: []string{"expires_in", "expiresin"}, shared: true,
		patterns: []pattern{
			is(nowInCode + `[^;\n=<>?]{0,60}\+\s*[^;\n=<>?]{0,40}?(` + expiresIn + `)`),
			is(`(` + expiresIn + `)[^;\n=<>?]{0,30}\+\s*[^;\n=<>?-]{0,30}` + nowInCode),
			is(`\b(?:plusSeconds|plusMillis|AddSeconds|timedelta|addSeconds)\([^;\n<>-]{0,40}?(` + expiresIn + `)`),
			is(nowInCode + `\.(?:Add|add)\([^;\n<>-]{0,40}?(` + expiresIn + `)`),
			is(`\b(?:setTimeout|setInterval|setex|SetEX|SetEx|setEx)\([^;\n]{0,120}?(` + expiresIn + `)`),
		},
		// A JWT of one's own, a device code, the time that is left, and the tokens of others.
		unless: lazyregexp.New(`(?i)\bexp['"]?\s*[:=]|device|-\s*\(?(?:math\.floor\(|int\()?(?:date\.now|time\b|now\b|new date|system\.)|wx|wechat|weixin|google|github|feishu|lark|dingtalk|alipay|baidu|refresh_expires`),
		right: map[language]string{
			none:   `expires_at = token.expires_in`,
			js:     `const expiresAt = token.expires_in * 1000`,
			python: `expires_at = token.expires_in`,
			golang: `expiresAt := time.Unix(token.ExpiresIn, 0)`,
			java:   `Instant expiresAt = Instant.ofEpochSecond(token.getExpiresIn())`,
			php:    `$expiresAt = $token['expires_in'];`,
			csharp: `var expiresAt = DateTimeOffset.FromUnixTimeSeconds(token.ExpiresIn)`,
		},
	},
	{
		// docs.coze.cn, oauth_jwt: scope has an effect where a channel calls alone
		// (仅在渠道侧调用此接口时生效); oauth_jwt_channel has it.
		id: "scope", names: []string{"permission_list", "permissionlist", "build_bot_chat", "buildbotchat"},
		patterns: []pattern{
			is(`\b(permission_?[lL]ist)\b` + assigns + `(?:\[\]string\{|\[|array\(|List\.of\(|listOf\(|Arrays\.asList\(|new (?:List<string>|\[\]|string\[\]) ?\{)\s*['"]`),
			is(`(?:^|[^\w.]|\w\.)(build_bot_chat|BuildBotChat|buildBotChat)\(`),
		},
		unless: lazyregexp.New(`connector_?id\b|connector_info|oauth[-_]jwt[-_]channel|\bchannel (?:app|access|scenario)|渠道|(?:def|func|static \w+) (?:build_bot_chat|buildbotchat)\(`), inFile: true,
		right: map[language]string{
			none:   `{"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "duration_seconds": 900}`,
			js:     `getJWTToken({ baseURL, appId, aud, keyid, privateKey })`,
			python: `app.get_access_token(ttl=900)`,
			golang: `client.GetAccessToken(ctx, nil)`,
			java:   `client.getAccessToken()`,
			php:    `json_encode(['grant_type' => 'urn:ietf:params:oauth:grant-type:jwt-bearer', 'duration_seconds' => 900])`,
		},
	},
	{
		// coze-js core.ts:104, coze-py coze.py:44, coze-go client.go and coze-java CozeAPI.java add paths
		// such as /v3/chat to the base. A base of one's own calls may have a path.
		id: "base_path", names: []string{"base_url", "baseurl"},
		patterns: []pattern{
			is(`\b(?:CozeAPI|Coze|AsyncCoze|JWTOAuthApp|getJWTToken)\([^;]{0,200}?\b(base_?[uU][rR][lL])` + assigns + fallback + quoted + pathOfBase + quoted),
			is(`\b(With(?:Auth)?BaseURL|baseURL)\(` + quoted + pathOfBase + quoted + `\)`),
		},
		right: map[language]string{
			none: `https://{host}`, js: `baseURL: 'https://{host}'`, python: `base_url="https://{host}"`, golang: `coze.WithBaseURL("https://{host}")`, java: `.baseURL("https://{host}")`,
		},
	},
	{
		// RFC 7519 §2: NumericDate is in seconds.
		id: "exp_ms", names: []string{"date.now", "gettime", "currenttimemillis"},
		patterns: []pattern{
			is(`['"]?\b(exp|iat)['"]?\s*[:=]\s*` + milliseconds + `[^\n,;/]{0,60}(?:[,;}\n]|$)`),
			is(`\b(?:put|claim|set|Set|setClaim|withClaim)\(\s*['"](exp|iat)['"],\s*` + milliseconds + `[^\n,;/]{0,60}\)`),
		},
		right: map[language]string{
			none: `exp = seconds since 1970 + 600`, js: `exp: Math.floor(Date.now() / 1000) + 600`, java: `.put("exp", System.currentTimeMillis() / 1000 + 600)`,
		},
	},
}

// The lines that are right where a secret is in the code.
var (
	tokenRight = map[language]string{
		none: `TOKEN = env COZE_API_TOKEN`, js: `new CozeAPI({ token: getToken, baseURL: process.env.COZE_API_BASE })`, python: `Coze(auth=JWTAuth(oauth_app=app), base_url=os.environ["COZE_API_BASE"])`,
		golang: `coze.NewCozeAPI(coze.NewJWTAuth(client, nil), coze.WithBaseURL(os.Getenv("COZE_API_BASE")))`,
		java:   `new CozeAPI.Builder().auth(new JWTOAuth(client)).baseURL(System.getenv("COZE_API_BASE")).build()`,
		php:    `$token = coze_token($user)['access_token'];`, shell: `TOKEN=$(cozejwt token)`,
	}
	keyRight = map[language]string{
		none: `KEY = file at env COZE_PRIVATE_KEY_PATH`, js: `fs.readFileSync(process.env.COZE_PRIVATE_KEY_PATH, 'utf8')`, python: `open(os.environ["COZE_PRIVATE_KEY_PATH"]).read()`,
		golang: `pem, _ := os.ReadFile(os.Getenv("COZE_PRIVATE_KEY_PATH"))`,
		java:   `Files.readString(Path.of(System.getenv("COZE_PRIVATE_KEY_PATH")))`,
		php:    `file_get_contents(getenv('COZE_PRIVATE_KEY_PATH'))`, csharp: `File.ReadAllText(Environment.GetEnvironmentVariable("COZE_PRIVATE_KEY_PATH"))`,
		ruby: `File.read(ENV.fetch("COZE_PRIVATE_KEY_PATH"))`, shell: `"$COZE_PRIVATE_KEY_PATH"`,
	}
)

// mostOfOne is how many places of one pattern are looked at: a file has a few.
const mostOfOne = 200

// find returns where a part of a file has the mistake.
func (r rule) find(p part) (all []int) {
	if !r.named(p.file) || r.inFile && r.unless().MatchString(p.file) {
		return nil
	}
	for _, pattern := range r.patterns {
		for _, m := range pattern.Regexp().FindAllStringSubmatchIndex(p.code, mostOfOne) {
			at := m[2]
			switch {
			case !pattern.anywhere && p.isTold(at):
			case r.unless != nil && r.unless().MatchString(lineAt(p.code, at)):
			case r.shared && p.isNearOther(at):
			default:
				all = append(all, at)
			}
		}
	}
	return all
}

func (r rule) named(file string) bool {
	for _, name := range r.names {
		if strings.Contains(file, name) {
			return true
		}
	}
	return false
}

// isTold reports whether a place is inside a longer string: a message that warns of a mistake is
// not the mistake.
func (p part) isTold(at int) bool {
	return p.kinds[at] == content && p.kinds[at-1] != quote
}
