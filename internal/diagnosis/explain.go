package diagnosis

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/i18n"
	"cozejwt/internal/lazyregexp"
)

// An Explanation is what a pasted text means: what was recognised in it, and
// what may be behind it. Nothing of the text is sent anywhere.
type Explanation struct {
	Recognised []i18n.Message
	Findings   []i18n.Message // what a JWT or a command in it shows, good and bad
	Causes     []Cause        // the likeliest first; none where nothing was recognised
	LogID      string
}

var (
	jwtInText   = lazyregexp.New(`eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*`)
	logIDInText = lazyregexp.New(`(?i)log_?id["':=\s]+([0-9]{8}[0-9A-Za-z]{10,})`)
	codeInText  = lazyregexp.New(`(?i)(?:"(?:error_)?code"|\berror_?code|\bcode|\bapi error|错误码)["':=\s]+(-?[0-9]{3,}|[a-z_]{5,})`)
	errorInText = lazyregexp.New(`"error"\s*:\s*"([a-z_]+)"`)
	messages    = []lazyregexp.Regexp{ // the narrow before the wide
		lazyregexp.New(`(?i)"error_message"\s*:\s*"((?:[^"\\]|\\.)*)"`),
		lazyregexp.New(`(?i)"(?:msg|error_description)"\s*:\s*"((?:[^"\\]|\\.)*)"`),
		lazyregexp.New(`(?i)(invalid jwt:[^"\n,}]*)`),
		lazyregexp.New(`(?i)(connector app\[[^\]]*\] should bind connector id)`),
		lazyregexp.New(`(?i)(app: [^\n"]* is currently deactivated by the owner)`),
		lazyregexp.New(`(?i)(invalid app type|login session invalid|not supported grant type: ?[^\s",]*|invalid request: [^\s",]+|Service internal error|authentication is invalid)`),
		lazyregexp.New(`(?i)(kid (?:has )?not been regist\w+)`),
		lazyregexp.New(`(?i)\b(?:msg|error_message)["':=\s]+([^\n,}]+)`),
	}
	curlInText = lazyregexp.New(`(?m)\bcurl\s`)
	urlInText  = lazyregexp.New(`https?://[^\s'"\\<>]+`)
	sdks       = []struct{ name, pattern string }{
		{"coze-py", `cozepy|coze-py`},
		{"coze-java", `com\.coze\.|coze-java`},
		{"coze-go", `coze-dev/coze-go|coze-go`},
		{"coze-js", `@coze/api|coze-js|APIError\.generate|AuthenticationError.*\n\s+at `},
	}
)

// Explain says what is known about a text that someone pasted: an error, a log
// line, a stack trace, a JWT, a command. It is offline.
func Explain(text string, now time.Time) Explanation {
	text = unescaped(text)
	e := Explanation{}
	if m := logIDInText().FindStringSubmatch(text); m != nil {
		e.LogID = coze.Printable(m[1])
	}
	for _, sdk := range sdks {
		if regexp.MustCompile(sdk.pattern).MatchString(text) {
			e.recognise("explain.sdk", "sdk", sdk.name)
			break
		}
	}
	e.readJWT(text, now)
	e.readCommand(text)
	inner, outer := innermost(text)
	var unknown *coze.Refusal
	for _, part := range []string{inner, outer} {
		if r, ok := refusalIn(part); ok && part != "" && !e.explainRefusal(r, hostIn(text)) {
			unknown = r
		}
	}
	if len(e.Causes) == 0 && !isForeign(text) {
		e.readClues(text)
	}
	if len(e.Causes) == 0 && e.LogID != "" && len(e.Findings) == 0 {
		e.readLogID(unknown)
	}
	return e
}

// readLogID explains a text that says only that Coze answered. r is the
// refusal in it, nil where it has none.
func (e *Explanation) readLogID(r *coze.Refusal) {
	if r != nil {
		e.Causes = []Cause{{ID: "unknown", FixAt: AtService, Pairs: pairs(r, Facts{})}}
		return
	}
	e.recognise("explain.only_logid", "log_id", e.LogID)
	e.Causes = []Cause{{ID: "hidden.reason", FixAt: AtService}}
}

func (e *Explanation) recognise(id string, pairs ...string) {
	e.Recognised = append(e.Recognised, i18n.Msg(id, pairs...))
}

func (e *Explanation) find(id string, pairs ...string) {
	e.Findings = append(e.Findings, i18n.Msg(id, pairs...))
}

// Known reports whether anything was recognised.
func (e Explanation) Known() bool { return len(e.Causes) > 0 || len(e.Findings) > 0 }

// unescaped undoes the escapes of a JSON string in a JSON string, up to three
// levels deep.
func unescaped(text string) string {
	for range 3 {
		if !strings.Contains(text, `\"`) {
			break
		}
		text = strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\n`, "\n").Replace(text)
	}
	return text
}

var causedBy = lazyregexp.New(`(?i)\bcaused by: |\[?cause\]?: `)

// innermost cuts a chain of errors before its last cause, which is what went
// wrong first. A text without a chain is all inner.
func innermost(text string) (inner, outer string) {
	at := causedBy().FindAllStringIndex(text, -1)
	if at == nil {
		return text, ""
	}
	last := at[len(at)-1]
	return text[last[1]:], text[:last[0]]
}

// hostIn is the API base that a text names, "" for none or several.
func hostIn(text string) string {
	cn, com := strings.Contains(text, "api.coze.cn"), strings.Contains(text, "api.coze.com")
	switch {
	case com && !cn:
		return coze.COM.Base()
	case cn && !com:
		return coze.CN.Base()
	}
	return ""
}

var foreign = lazyregexp.New(`(?i)postgres|mysql|mariadb|redis|mongo(db)?|rabbitmq|kafka|elasticsearch|amazonaws|openai|github\.com/[^c]|:(5432|3306|6379|27017|9200)\b`)

// isForeign reports whether a text is about some other service, and says nothing
// of Coze.
func isForeign(text string) bool {
	return foreign().MatchString(text) && !strings.Contains(strings.ToLower(text), "coze")
}

// explainRefusal reports whether a rule knows the refusal.
func (e *Explanation) explainRefusal(r *coze.Refusal, base string) bool {
	at := slices.IndexFunc(rules, func(rule rule) bool { return rule.matches(r) })
	if rules[at].id == "unknown" { // the last rule, which matches everything
		return false
	}
	said := strings.TrimSpace(r.Code + " " + r.Message)
	if len(e.Causes) > 0 {
		e.recognise("explain.also", "said", said)
		return true
	}
	e.recognise("explain.refusal", "said", said)
	e.Causes = rank(rules[at].causes, r, Facts{Base: base})
	return true
}

// refusalIn finds a refusal by Coze in a text: the whole answer, or only its code or message.
func refusalIn(text string) (*coze.Refusal, bool) {
	r := &coze.Refusal{}
	if m := codeInText().FindStringSubmatch(text); m != nil {
		r.Code = m[1]
	} else if m := errorInText().FindStringSubmatch(text); m != nil {
		r.Code = m[1]
	} else if m := regexp.MustCompile(`\b(invalid_client|access_den(?:y|ied)|unsupported_grant_type|internal_error|invalid_request)\b`).FindString(text); m != "" {
		r.Code = m
	}
	for _, pattern := range messages {
		if m := pattern().FindStringSubmatch(text); m != nil {
			r.Message = coze.Printable(strings.TrimSpace(m[1]))
			break
		}
	}
	for _, words := range codeByWords {
		if m := words.pattern().FindString(text); r.Code == "" && m != "" {
			r.Code, r.Message = words.code, coze.Printable(m)
		}
	}
	return r, r.Code != "" || r.Message != ""
}

// codeByWords gives the code of a refusal whose words stand alone.
var codeByWords = []struct {
	pattern lazyregexp.Regexp
	code    string
}{
	{is(`has not been published to the channel[^\n"]*`), "4015"},
	// coze2openai #18, one-api #1656, dify-on-wechat #24: the words of the older API.
	{is(`bot is not currently published to the corresponding platform|当前 ?Bot 未发布到[^\n"]*渠道`), "4015"},
	{is(`free quota has been used up[^\n"]*`), "4028"}, // coze-py #425
	{is(`报 ?(?:错误码)?4101`), "4101"},
	{is(`Requested resource [^\n"]*does not exist`), "4200"},
	{is(`The token you entered is incorrect[^\n"]*`), "4101"},
	{is(`access token invalid|Login verification is invalid`), "700012006"},
	{is(`No permission to access, please refresh`), "700012054"},
	{is(`authentication is invalid`), "4100"},
}

// readClues recognizes messages of SDKs and of the network, which Coze itself never sends.
func (e *Explanation) readClues(text string) {
	for _, c := range clues {
		if m := c.pattern().FindString(text); m != "" {
			e.recognise("explain.clue", "said", coze.Printable(m))
			for _, p := range c.causes {
				e.Causes = append(e.Causes, Cause{ID: p.id, FixAt: p.fixAt})
			}
			return
		}
	}
}

// readJWT takes a JWT apart and compares it with what the service expects.
func (e *Explanation) readJWT(text string, now time.Time) {
	token := jwtInText().FindString(text)
	if token == "" {
		return
	}
	var header struct {
		Alg, Typ, Kid string
	}
	var claims struct {
		Iss, Jti json.RawMessage
		Aud      json.RawMessage
		Iat, Exp float64
	}
	parts := strings.Split(token, ".")
	if errors.Join(decodePart(parts[0], &header), decodePart(parts[1], &claims)) != nil {
		return
	}
	e.recognise("explain.jwt", "kid", coze.Printable(header.Kid), "iss", plainJSON(claims.Iss), "aud", plainJSON(claims.Aud))
	if header.Alg != "RS256" {
		e.find("jwt.alg", "alg", coze.Printable(header.Alg))
	}
	e.readIDs(header.Kid, claims.Iss)
	e.readAudience(plainJSON(claims.Aud))
	e.readTimes(claims.Iat, claims.Exp, now)
	if len(plainJSON(claims.Jti)) < 1 {
		e.find("jwt.jti")
	}
	if parts[2] == "" {
		e.find("jwt.unsigned")
	}
	if len(e.Findings) == 0 {
		e.find("jwt.fine")
	}
}

func (e *Explanation) readIDs(kid string, iss json.RawMessage) {
	switch {
	case kid == "":
		e.find("jwt.no_kid")
	case !credentials.IsKeyID(kid):
		e.find("jwt.odd_kid", "kid", coze.Printable(kid))
	}
	switch id := plainJSON(iss); {
	case id == "":
		e.find("jwt.no_iss")
	case iss[0] != '"':
		e.find("jwt.iss_number", "iss", id)
	case !credentials.IsAppID(id):
		e.find("jwt.odd_iss", "iss", id)
	}
}

func (e *Explanation) readAudience(aud string) {
	switch {
	case aud == "":
		e.find("jwt.no_aud")
	case strings.Contains(aud, "://"), strings.Contains(aud, "/"):
		e.find("jwt.aud_url", "aud", aud, "right", coze.Audience(strings.TrimRight(aud, "/")))
	case strings.HasPrefix(aud, "www."):
		e.find("jwt.aud_www", "aud", aud)
	}
}

func (e *Explanation) readTimes(iat, exp float64, now time.Time) {
	switch {
	case exp == 0:
		e.find("jwt.no_exp")
	case exp > 1e11:
		e.find("jwt.milliseconds", "exp", strconv.FormatFloat(exp, 'f', 0, 64))
	case exp <= iat:
		e.find("jwt.exp_before_iat")
	case float64(now.Unix()) > exp:
		e.find("jwt.expired", "ago", now.Sub(time.Unix(int64(exp), 0)).Round(time.Second).String())
	}
	if iat > float64(now.Add(Tolerance).Unix()) && iat < 1e11 {
		e.find("jwt.future", "ahead", time.Unix(int64(iat), 0).Sub(now).Round(time.Second).String())
	}
}

func decodePart(part string, v any) error {
	data, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, v)
}

// plainJSON is a JSON value as a person writes it: a string without quotes.
func plainJSON(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return coze.Printable(s)
	}
	return coze.Printable(string(raw))
}

// readCommand looks at a cURL command for the mistakes that are seen in them.
func (e *Explanation) readCommand(text string) {
	if !curlInText().MatchString(text) {
		return
	}
	e.recognise("explain.curl")
	url := strings.TrimRight(urlInText().FindString(text), `"'`)
	host, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(url, "https://"), "http://"), "/")
	switch {
	case strings.HasPrefix(host, "www.coze"):
		e.find("curl.www", "host", coze.Printable(host))
	case strings.HasPrefix(url, "http://") && !coze.IsLoopback(strings.Split(host, ":")[0]):
		e.find("curl.http", "host", coze.Printable(host))
	}
	if !strings.Contains(url, "/permission/oauth2/") {
		return
	}
	if !regexp.MustCompile(`(?i)authorization:\s*bearer\s+\S`).MatchString(text) {
		e.find("curl.no_bearer")
	}
	if !strings.Contains(text, coze.GrantType) {
		e.find("curl.grant_type", "grant", coze.GrantType)
	}
	if !regexp.MustCompile(`(?i)content-type:\s*application/json`).MatchString(text) {
		e.find("curl.content_type")
	}
}
