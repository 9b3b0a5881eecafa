package diagnosis

import (
	"cmp"
	"html"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"cozejwt/internal/coze"
	"cozejwt/internal/lazyregexp"
)

// reading is a pasted text and what stands in it beside the errors: the evidence for one cause or
// another. Its zero value is no text.
type reading struct {
	passage
	base     string    // the API base that the text names, "" for none or several
	logID    string    // "" for none
	audience string    // aud of a JWT in it, "" for none
	iat, exp time.Time // of that JWT, or as they are written out; zero where not known
	at       time.Time // when it happened, zero where the text does not say
	foreign  bool      // it is about some other service
	isStatus bool      // it is an HTTP status and nothing else
}

func read(text string) reading {
	text = unescaped(text)
	isStatus := statusAlone().MatchString(text)
	if isStatus {
		text = "HTTP " + text
	}
	t := reading{passage: newPassage(text), base: hostIn(text), isStatus: isStatus}
	if m := t.find(logIDInText); m != nil {
		t.logID = coze.Printable(m[1])
	}
	t.foreign = t.isForeign()
	if m := t.find(expInText); m != nil {
		t.exp = unixTime(m[1])
		t.at = t.time()
	}
	return t
}

var statusAlone = lazyregexp.New(`^\s*[45][0-9]{2}\s*$`)

var (
	logIDInText = is(`log[_-]?id["':=\s\]>]+([0-9]{8}[0-9A-Za-z]{10,})`)
	expInText   = is(`\bexp\b["']?\s*[:=]\s*([0-9]{10})\b`)
	nowInText   = is(`(?:\b(?:now|(?:current|server|local)[ _]?time(?:stamp)?)|当前时间戳?|服务器时间)["']?\s*(?:is|[:=：])\s*([0-9]{10})\b`)
	httpDate    = lazyregexp.New(`(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT`)
	zonedTime   = lazyregexp.New(`\b20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})`)
)

// time is when something happened by the text itself: the Date of an answer, a Unix time that
// is called the current one, or the first time that has a zone. One without a zone says nothing.
func (t reading) time() time.Time {
	if m := t.find(nowInText); m != nil {
		return unixTime(m[1])
	}
	if at, err := http.ParseTime(httpDate().FindString(t.text)); err == nil {
		return at
	}
	at, _ := time.Parse(time.RFC3339, zonedTime().FindString(t.text)) // zero where there is none
	return at
}

func unixTime(digits string) time.Time {
	seconds, _ := strconv.ParseInt(digits, 10, 64) // ten digits
	return time.Unix(seconds, 0)
}

var unicodeEscape = lazyregexp.New(`\\u[0-9a-fA-F]{4}`)

// unescaped undoes the escapes of a JSON string in a JSON string, up to three levels deep, and
// those of HTML.
func unescaped(text string) string {
	for range 3 {
		if !strings.Contains(text, `\"`) {
			break
		}
		text = strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\n`, "\n").Replace(text)
	}
	if strings.Contains(text, `\u`) {
		text = unicodeEscape().ReplaceAllStringFunc(text, func(escape string) string {
			r, _ := strconv.ParseUint(escape[2:], 16, 16)
			return string(rune(r))
		})
	}
	return html.UnescapeString(text)
}

var causedBy = is(`\bcaused by: |\[?cause\]?: `)

// innermost cuts a chain of errors before its last cause, which is what went
// wrong first. A text without a chain is all inner.
func (p passage) innermost() (inner, outer passage) {
	at := p.all(causedBy)
	if at == nil {
		return p, passage{}
	}
	last := at[len(at)-1]
	return p.cut(last[1], len(p.text)), p.cut(0, last[0])
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

// What a field of a body or a log line is. Of two messages the higher counts.
const (
	isCode = iota
	isError
	isDetail // and below: any program can say so
	isMessage
	isErrorMessage
)

var (
	fieldInText = is(`(?:\b|[_'"\\])(error_?code|err_?code|code|api error|error_?message|error_description|err_?msg|message|error|\bmsg)\b["'\\\]]*\s*(?:[:=：]+>?|\x20)\s*|(?:错误代?码|返回码)["']?\s*[:=：是为]*\s*|(错误信息|错误提示)["']?\s*[:=：是为]+\s*|(invalid jwt:)`)
	codeValue   = lazyregexp.New(`^(?:int\()?["'\\]*([0-9]{3,}|[a-z_]{5,})\b["'\\]*\)?[,;]?`)
	quoteEnds   = map[byte]lazyregexp.Regexp{'"': lazyregexp.New(`[^\\]"|[\n}]`), '\'': lazyregexp.New(`[^\\]'|[\n}]`)}
	valueEnds   = lazyregexp.New(`(?i)[,，;]\s*["']?(?:log_?id|param|detail|debug_url|code|error\w*|status\w*|headers?|data|request_?id|msg|message|请)|[\n}]`)
	knownWord   = is(`\b(?:invalid_client|access_den(?:y|ied)|unsupported_grant_type|internal_error|invalid_request|invalid_scope|authorization_pending|slow_down|expired_token)\b`)
	spokenCode  = is(`(?:报|提示|返回|出现|遇到|但还是)(?:了|错)?(?:错误)?码?\s*[:：]?\s*(4[0-9]{3}|5000|7[0-9]{8})\b|\b(4[0-9]{3}|5000|7[0-9]{8}) ?(?:是(?:什么|啥)|什么意思|啥意思)`)
)

// A claim is a refusal as a text has it. kind is that of its message.
type claim struct {
	coze.Refusal
	kind int
}

// refusals are what Coze said in a text, in its order and each once: codes and messages of bodies, log
// lines and printed exceptions, and codes that someone only speaks of.
func (t reading) refusals(part passage) []*coze.Refusal {
	all := claims(part)
	if code := t.codeAlone(part); code != "" && !slices.ContainsFunc(all, func(c claim) bool { return c.Code != "" }) {
		if len(all) == 0 {
			all = []claim{{}}
		}
		all[0].Code = code
	}
	var refusals []*coze.Refusal
	sentences := sync.OnceValue(part.sentences)
	known := map[coze.Refusal]bool{}
	for _, c := range all {
		if c.Code == "" && strings.HasPrefix(c.Message, "invalid jwt") {
			c.Code = "invalid_client"
		}
		// Logs of all kinds have messages; without a code only those of the token endpoint and in a
		// text about Coze are refusals.
		if c.Code == "" && (c.kind <= isDetail || c.kind == isMessage && !t.isOfCoze()) || known[c.Refusal] {
			continue
		}
		known[c.Refusal] = true
		if c.Message == "" {
			c.Message = sentenceFor(c.Code, sentences())
		}
		refusals = append(refusals, &c.Refusal)
	}
	return refusals
}

// claims are the codes and messages of a text that belong together: a second code begins the next.
func claims(part passage) []claim {
	var all []claim
	for _, m := range part.all(fieldInText) {
		kind, value := field(part.text, m)
		if value == "" {
			continue
		}
		if len(all) == 0 || kind == isCode && all[len(all)-1].Code != "" && all[len(all)-1].Code != value {
			all = append(all, claim{})
		}
		switch c := &all[len(all)-1]; {
		case kind == isCode:
			c.Code = value
			if said := behindCode().FindStringSubmatch(part.text[m[1]:min(len(part.text), m[1]+reachAfter)]); said != nil && isMessage > c.kind {
				c.Message, c.kind = quotable(said[1]), isMessage
			}
		case kind > c.kind:
			c.Message, c.kind = quotable(value), kind
		}
	}
	return all
}

// behindCode is what follows a code of Coze's behind a colon: error code 4000: The field …
var behindCode = lazyregexp.New(`^["'\s]*[0-9]{4,9}: ([A-Z][^\n{}"]{8,})`)

// field is the kind and the value of a field in a text, "" for none. m is what fieldInText found.
func field(text string, m []int) (kind int, value string) {
	rest := text[m[1]:]
	name := ""
	if m[2] >= 0 {
		name = strings.ToLower(strings.ReplaceAll(text[m[2]:m[3]], "_", ""))
	}
	bySpace := !strings.ContainsAny(text[m[0]:m[1]], ":=：是为")
	switch {
	case m[6] >= 0:
		return isErrorMessage, plainValue(text[m[6]:])
	case m[4] >= 0:
		return isMessage, plainValue(rest)
	case strings.HasSuffix(name, "code"), name == "api error", name == "":
		code := codeValue().FindStringSubmatch(rest)
		if code == nil || bySpace && code[1][0] > '9' {
			return isCode, ""
		}
		return isCode, code[1]
	case bySpace:
		return isDetail, ""
	case name == "error":
		if word := codeValue().FindStringSubmatch(rest); word != nil && knownWord.in(word[1]) {
			return isCode, word[1]
		}
		return isError, plainValue(rest)
	case name == "errormessage":
		return isErrorMessage, plainValue(rest)
	case name == "message":
		return isDetail, plainValue(rest)
	}
	return isMessage, plainValue(rest)
}

// quotable is what someone said, in one line and without the punctuation around it.
func quotable(said string) string { return strings.Trim(coze.Printable(said), ":：,，;； ") }

// plainValue is the value at the start of a text: what stands in quotes, or the line until the
// next field.
func plainValue(rest string) string {
	rest = rest[:min(len(rest), reachAfter)]
	if strings.HasPrefix(rest, "{") || strings.HasPrefix(rest, "[") || strings.HasPrefix(rest, `""`) || strings.HasPrefix(rest, "''") {
		return ""
	}
	if quote := cmp.Or(rest, " ")[0]; quote == '"' || quote == '\'' {
		value, _, _ := strings.Cut(rest[1:], string(quote)+",")
		if end := quoteEnds[quote]().FindStringIndex(value); end != nil {
			value = value[:end[1]-1]
		}
		return strings.Trim(value, string(quote)+"}\n ")
	}
	if end := valueEnds().FindStringIndex(rest); end != nil {
		rest = rest[:end[0]]
	}
	return strings.Trim(rest, "\"' ")
}

// codeAlone is a code of Coze's that stands in a text without its body.
func (t reading) codeAlone(part passage) string {
	if m := part.find(knownWord); m != nil {
		return strings.ToLower(m[0])
	}
	if m := part.find(spokenCode); m != nil {
		return m[1] + m[2]
	}
	if code := bareCode(part.text); code != "" && (t.isOfCoze() || code == strings.TrimSpace(part.text)) {
		return code
	}
	return ""
}

// What stands before and after a number that counts something else: a time, a port, a size, money.
var (
	countBefore = lazyregexp.New(`(?:^|\n)[EIWDV] \($|(?i)(timeout|delay|port|端口|localhost|127\.0\.0\.1|0\.0\.0\.0|\brsa|genrsa|keygen_bits|bits|tokens?|[¥$￥])["']?[ :=(：是为]*$`)
	countAfter  = lazyregexp.New(`(?i)^ ?(ms\b|毫秒|秒|seconds?\b|元|端口|bits?\b|位|个?字|tokens?\b|次|[kmg]b\b|点|积分|条|人)`)
)

// bareCode is the first word of a text that is a number as Coze's codes are, "" for none. A pattern
// takes thirty times as long in a log.
func bareCode(text string) string {
	isWord := func(b byte) bool {
		return b == '_' || '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
	}
	for i := 0; i < len(text); i++ {
		begin := i
		for i < len(text) && isWord(text[i]) {
			i++
		}
		switch word := text[begin:i]; {
		case len(word) == 4 && (word[0] == '4' || word == "5000"), len(word) == 9 && word[0] == '7':
			if strings.Trim(word, "0123456789") == "" && !countBefore().MatchString(text[max(0, begin-20):begin]) && !countAfter().MatchString(text[i:min(len(text), i+12)]) {
				return word
			}
		}
	}
	return ""
}

// A sentence is what a rule knows Coze to say, and how it stands in a text.
type sentence struct {
	rule rule
	said string
}

// sentences are the sentences of Coze's in the passage, in the order of the rules.
func (p passage) sentences() (all []sentence) {
	for _, r := range rules {
		if !r.byProgram && p.has(r.says) {
			all = append(all, sentence{r, p.said(r.says)})
		}
	}
	return all
}

// sentenceFor is the first of some sentences that fits a code, "" for none.
func sentenceFor(code string, all []sentence) string {
	for _, s := range all {
		if s.rule.code == "" || s.rule.hasCode(code) {
			return s.said
		}
	}
	return ""
}

// closers are what closes a bracket or a quotation mark.
var closers = map[string]string{"[": "]", "(": ")", "'": "'", `"`: `"`, "“": "”", "「": "」"}

// said is a sentence as it stands in the passage, "" for nowhere. The bracket or quotation mark before
// it belongs to it if it stands closed in it.
func (p passage) said(sentence words) string {
	for m := range p.matches(sentence) {
		begin, found := m[0], p.text[m[0]:m[1]]
		_, size := utf8.DecodeLastRuneInString(p.text[:begin])
		opener := p.text[begin-size : begin]
		closed, opened := strings.Count(found, closers[opener]), strings.Count(found, opener)
		if closers[opener] != "" && (closed > opened || closers[opener] == opener && closed%2 == 1) {
			begin -= size
		}
		return quotable(p.text[begin:m[1]])
	}
	return ""
}
