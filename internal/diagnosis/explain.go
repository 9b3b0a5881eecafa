package diagnosis

import (
	"slices"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/i18n"
	"cozejwt/internal/lazyregexp"
	"cozejwt/internal/permissions"
)

// An Explanation is what a pasted text means: what was recognised in it, and
// what may be behind it. Nothing of the text is sent anywhere.
type Explanation struct {
	Recognised []i18n.Message
	Findings   []i18n.Message // what a JWT or a request in it shows, good and bad
	Causes     []Cause        // the likeliest first; none where nothing was recognised
	LogID      string
	Foreign    bool // the text is about some other service
}

// sdks are the official SDKs, by what only they print.
var sdks = []struct {
	name  string
	words words
}{
	{"coze-py", is(`cozepy|coze-py`)},
	{"coze-java", is(`com\.coze\.|coze-java`)},
	{"coze-go", is(`coze-dev/coze-go|coze-go`)},
	{"coze-js", is(`@coze/(taro-)?api|coze-js|APIError\.generate|AuthenticationError: (code|logid)[^\n]*\n\s+at `)},
}

// Explain says what is known about a text that someone pasted: an error, a log
// line, a stack trace, a JWT, a request. It is offline.
func Explain(text string, now time.Time) Explanation {
	t := read(text)
	e := Explanation{LogID: t.logID, Foreign: t.foreign}
	for _, sdk := range sdks {
		if t.has(sdk.words) {
			e.recognise("explain.sdk", "sdk", sdk.name)
			break
		}
	}
	e.readJWT(&t, now)
	e.readWritten(t)
	e.readRequest(t)
	e.readValues(t)
	e.readAnswer(t)
	e.readPersonalToken(text)
	inner, outer := t.innermost()
	parts := []passage{inner, outer}
	unlisted := e.readRefusals(t, parts)
	if len(e.Causes) == 0 {
		e.readSentences(t, parts, unlisted != nil && len(unlisted.Code) == 9)
	}
	if len(e.Causes) == 0 && (unlisted != nil || e.LogID != "" && !e.explainsItself()) {
		e.readLogID(unlisted)
	}
	return e
}

// explainsItself reports whether the findings say what is wrong. An empty value may be as it should.
func (e Explanation) explainsItself() bool {
	return slices.ContainsFunc(e.Findings, func(m i18n.Message) bool { return m.ID != "values.empty" })
}

// readRefusals explains what Coze said in a text by the codes and messages of it, and returns a
// refusal that no rule knows, nil for none.
func (e *Explanation) readRefusals(t reading, parts []passage) (unlisted *coze.Refusal) {
	if t.foreign {
		return nil
	}
	named := map[string]bool{}
	for _, part := range parts {
		for _, r := range t.refusals(part) {
			rule := ruleOf(r, Facts{})
			switch {
			case len(r.Code) == 3 && !t.isOfCoze(): // an HTTP status, of anyone
			case rule.id != unknownRule.id && len(e.Causes) == 0:
				e.explain(rule, r, t)
				named[saidBy(r)] = true
			case rule.id != unknownRule.id:
				if said := saidBy(r); !named[said] {
					e.recognise("explain.also", "said", said)
					named[said] = true
				}
			case unlisted == nil && t.isByCoze(r):
				unlisted = r
			}
		}
	}
	return unlisted
}

// cozeCode is a number that Coze's codes can have, those of its platform included. Others use three
// digits, as HTTP does, or five.
var cozeCode = lazyregexp.New(`^([45][0-9]{3}|7[0-9]{8})$`)

// isByCoze reports whether Coze itself may have said what no rule knows. A code without a message has
// to be one of the platform's: others use four digits, too.
func (t reading) isByCoze(r *coze.Refusal) bool {
	if len(r.Code) == 3 || r.Code == "" { // a wrapper's
		return false
	}
	return t.isOfCoze() || cozeCode().MatchString(r.Code) && (r.Message != "" || len(r.Code) == 9)
}

// explain adds the causes of a rule.
func (e *Explanation) explain(rule rule, r *coze.Refusal, t reading) {
	e.recognise("explain.refusal", "said", saidBy(r))
	e.Causes = rank(rule.causes, r, Facts{Base: t.base, said: t}.Calling(permissions.Mentioned(t.text, "4101")))
}

// readSentences explains a text by the sentences in it: those of Coze without a code, of SDKs, of
// libraries and of the network. Of a chain of errors the innermost counts. Where the platform has given
// its code, what the same words mean in a program's mouth does not count.
func (e *Explanation) readSentences(t reading, parts []passage, byPlatform bool) {
	ofCoze, asks := t.isOfCoze(), t.asksOfCoze()
	for _, part := range parts {
		for _, rule := range rules {
			if byPlatform && rule.byProgram || t.foreign && rule.common || rule.cozeOnly && !ofCoze || rule.asked && !asks || rule.byProgram && !rule.within.isNone() && !t.has(rule.within) {
				continue
			}
			said := part.said(rule.says)
			switch {
			case said == "":
				continue
			case !rule.byProgram && rule.firstCode() != "":
				e.explain(rule, &coze.Refusal{Code: t.codeOf(rule), Message: said}, t)
			default:
				e.recognise("explain.clue", "said", said)
				e.Causes = rank(rule.causes, &coze.Refusal{Message: said}, Facts{Base: t.base, said: t})
			}
			return
		}
	}
}

// codeOf is the code of the platform that the text begins with, else the one that a sentence of the
// rule stands for.
func (t reading) codeOf(r rule) string {
	if m := platformCode().FindStringSubmatch(t.text); m != nil {
		return m[1] + m[2]
	}
	return r.firstCode()
}

var platformCode = lazyregexp.New(`^\s*(7[0-9]{8})[\s:：]|[\[(【](7[0-9]{8})[\])】]`)

// readLogID explains a text that says only that Coze answered. r is the
// refusal in it, nil where it has none.
func (e *Explanation) readLogID(r *coze.Refusal) {
	if r != nil {
		e.recognise("explain.refusal", "said", saidBy(r))
		e.Causes = rank([]candidate{{id: "unknown", fixAt: AtService, evidence: codeFamily}}, r, Facts{})
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
