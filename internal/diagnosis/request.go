package diagnosis

import (
	"net/url"
	"strings"

	"cozejwt/internal/coze"
	"cozejwt/internal/lazyregexp"
)

var (
	curlInText = is(`(?m)\bcurl(?:\.exe)?\s+(?:-|["']?https?://|\\|["']?\$)`)
	httpInText = is(`(?m)^[>\s]*(?:GET|POST|PUT|PATCH|DELETE) (?:https?://\S+|/\S*) HTTP/[0-9.]+\s*$`)
	urlInText  = lazyregexp.New(`https?://[^\s'"\\<>` + "`" + `]+`)
	bearer     = lazyregexp.New(`(?i)authorization["']?\s*[:=,]\s*[f$]?["'` + "`" + `]?bearer\s+\S`)
	jsonBody   = lazyregexp.New(`(?i)content-type["']?\s*[:=,]\s*["']?application/json`)
	// A JWT that is sent as a form field, as RFC 7523 §2.1 has it and Coze has not: its empty
	// Authorization is answered with "empty jwt token". How one team's 401 began.
	formPosted = is(`\bassertion["']?\s*[=:,]|URLSearchParams|x-www-form-urlencoded|multipart/form-data|\bform_params\b|http_build_query|\bPostForm\(|\.form\(|\bFormBody\b|FORM_URLENCODED|FormUrlEncodedContent|MultiValueMap`)
	jwtIsMeant = is(`grant-type(:|%3A)jwt-bearer|/permission/oauth2/|\bassertion\b`)
)

// readRequest looks at a cURL command, an HTTP dump or the code of a request for the mistakes that
// are seen in them.
func (e *Explanation) readRequest(t reading) {
	if t.foreign {
		return
	}
	hasJWT := len(e.Findings) > 0
	form := t.has(formPosted) && (hasJWT || t.has(jwtIsMeant))
	switch {
	case t.has(curlInText):
		e.recognise("explain.curl")
		e.readTarget(t, strings.TrimRight(urlInText().FindString(t.text), `"'`), form)
	case t.has(httpInText):
		e.recognise("explain.http")
		e.readTarget(t, t.text, form)
	}
	if form {
		e.find("request.form")
	}
	for _, m := range mistakes {
		found := t.find(m.words)
		if found == nil || !m.with.isNone() && !t.has(m.with) {
			continue
		}
		if value := strings.Join(found[1:], ""); value != "" {
			e.find(m.id, "value", coze.Printable(value))
		} else {
			e.find(m.id)
		}
	}
}

// mistakes are what is wrong in a request, or in the code that makes or uses one, wherever it stands.
// The groups of the words are the value that the finding names.
var mistakes = []struct {
	id    string
	words words
	with  words // which have to be there too; none for any text
}{
	{
		"request.jwt_as_token",
		is(`authorization["']?\s*[:=,]\s*["'` + "`" + `]?bearer\s+eyJ[A-Za-z0-9_-]{8,}|\bbearer ?["'` + "`" + `]\s*[+.]\s*\$?(?:jwt|signed|assertion)\w*|\bbearer \$?\{(?:jwt|signed|assertion)\w*\}`),
		is(`coze\.(cn|com)/(v[0-9]|open_api)/|(?m)^[>\s]*(GET|POST|PUT|DELETE) /(v[0-9]/(chat|conversations?|bots?|workflows?|workspaces?|datasets?)(\?|\s|$|/[^c])|open_api/)|(^|[^\w.])/(v[0-9]/(conversations?|bots?|workflows?|workspaces?|datasets?)|v3/chat)\b`),
	},
	// A cache or a timer that takes expires_in for the seconds that are left.
	{"answer.absolute", is(`(?:setex|set_ex|\bexpire|timedelta|plusSeconds|setTimeout)\w*\([^\n]{0,50}expires_?in|\bnow\b[^\n]{0,12}\+ ?[\w.\["']*expires_?in`), ofCozeWords},
	// The bytes of Python, printed into a text.
	{"request.bytes", is(`bearer b'eyJ`), words{}},
	// What a program or a template leaves in place of a value.
	{"request.no_jwt", is(`bearer (undefined|null|None\b|\[object [A-Z]\w+\]|\{\{[^}\n]{1,40}\}\}|<[^>\n]{1,40}>|[这此]处?里?填写?[^"'\n]{0,20})`), ofCozeWords},
	// The SDKs put the word before the token themselves.
	{"request.bearer_twice", is(`\bbearer bearer\b|\b(?:access_?token|api_?token|token|pat)["']?\s*[:=(]\s*["']bearer [A-Za-z0-9_]{3}`), is(`coze|扣子|pat_|\beyJ|bearer bearer|\b410[01]\b`)},
	{"request.milliseconds", is(`\b(?:exp|iat)\b["']?\s*[:=]\s*(?:([0-9]{13})\b|(Date\.now\(\)|new Date\(\)\.getTime\(\)|System\.currentTimeMillis\(\))\s*(?:[^/\s]|$))`), is(`jwt|coze|扣子`)},
}

var ofCozeWords = is(`coze|扣子|/permission/oauth2|grant-type(:|%3A)jwt-bearer`)

// readTarget looks at where a request goes and what it lacks there. target is a URL, or a dump with
// a path in it.
func (e *Explanation) readTarget(t reading, target string, form bool) {
	if u, err := url.Parse(target); err == nil {
		switch {
		case strings.HasPrefix(u.Host, "www.coze"):
			e.find("curl.www", "host", coze.Printable(u.Host))
		case u.Scheme == "http" && !coze.IsLoopback(u.Hostname()):
			e.find("curl.http", "host", coze.Printable(u.Host))
		}
	}
	if !strings.Contains(target, "/permission/oauth2/") {
		return
	}
	if !form && !bearer().MatchString(t.text) {
		e.find("curl.no_bearer")
	}
	plain, _ := url.QueryUnescape(t.text) // "" where it is not escaped so
	if !strings.Contains(t.text, coze.GrantType) && !strings.Contains(plain, coze.GrantType) {
		e.find("curl.grant_type", "grant", coze.GrantType)
	}
	if !form && !jsonBody().MatchString(t.text) {
		e.find("curl.content_type")
	}
}
