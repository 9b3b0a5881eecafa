package diagnosis

import (
	"errors"
	"slices"
	"strings"

	"cozejwt/internal/coze"
	"cozejwt/internal/lazyregexp"
)

// A rule is one thing that Coze, an SDK, a library or the network says, and what may be
// behind it. The first that matches counts, so the particular stand before the general.
// To add one: write it here with its source, and its texts into both catalogues.
type rule struct {
	id     string
	code   string            // the codes of a refusal, separated by spaces; "": any
	family lazyregexp.Regexp // of a code that no table lists; nil: none
	within words             // words that have to be there too: in the refusal's message, for a program in the text
	says   words             // a sentence that is known wherever it stands, also without a code
	status int               // an HTTP status that is enough alone; 0: none
	ofJWT  bool              // about the JWT: no rule for a call with a token that was issued for it
	// byProgram is for what a library, a program or the network says: no answer of Coze.
	byProgram bool
	// common is for words that others say too. They count for nothing in a text about another
	// service. All that programs say is common.
	common bool
	// asked is for questions. They count in a short text that can be about Coze.
	asked bool
	// cozeOnly is for words that mean something only where the text names Coze.
	cozeOnly bool
	causes   []candidate
	// passes is for what Coze takes some seconds to learn: a new key, a new permission.
	passes bool
}

type candidate struct {
	id            string
	fixAt         FixAt
	evidence      evidence // nil for none
	needsEvidence bool     // not worth naming where the facts speak against it
	untold        bool     // ruled out where the person says that they have uploaded the key
	fromTheStart  bool     // it would have been so from the start: ruled out where the same values have worked
	appLevel      bool     // about the app, its region or the clock: ruled out where another key of it works
	ofJWT         bool     // about the JWT: ruled out where Coze accepted it
}

// rules are all that is known, the particular before the general. A code says more than words,
// so the codes stand first.
var rules = slices.Concat(apiRules, tokenRules, keyRules, sdkRules, networkRules, hiddenRules, questionRules, []rule{unknownRule})

var unknownRule = rule{
	id:     "unknown",
	causes: []candidate{clockCause, {id: "unknown", fixAt: AtService, evidence: codeFamily}},
}

// ruledOut says whether the facts leave no room for the cause.
func (c candidate) ruledOut(f Facts) bool {
	return c.appLevel && f.AppWorks || c.fromTheStart && !f.Worked.IsZero() || c.ofJWT && f.JWTAccepted || c.isOfARegion() && f.onLoopback() ||
		c.id == "kid.not_uploaded" && f.Uploaded || c.untold && f.SaysUpload
}

// isOfARegion says whether the cause is an app, a token or an id of the other region.
func (c candidate) isOfARegion() bool { return strings.HasSuffix(c.id, ".region") }

// Passes reports whether a refusal may pass by itself once something was changed in the console.
func Passes(err error) bool {
	refusal, ok := errors.AsType[*coze.Refusal](err)
	return ok && ruleOf(refusal, Facts{}).passes
}

// ruleOf returns the rule for a refusal: by its code or its words, else by a sentence in it.
func ruleOf(refusal *coze.Refusal, facts Facts) rule {
	message := newPassage(refusal.Message)
	for _, matches := range []func(rule) bool{
		func(r rule) bool { return r.matches(refusal, message) },
		func(r rule) bool { return !r.byProgram && message.has(r.says) },
	} {
		for _, r := range rules {
			if !(r.ofJWT && facts.JWTAccepted) && matches(r) {
				return r
			}
		}
	}
	return unknownRule
}

// matches reports whether a refusal is by its code, its status or the words of its message one of the
// rule.
func (r rule) matches(refusal *coze.Refusal, message passage) bool {
	switch {
	case r.byProgram:
		return false
	case r.status != 0 && refusal.Status == r.status:
		return true
	case r.code == "" && r.family == nil && r.within.isNone():
		return false
	case r.code != "" && !r.hasCode(refusal.Code):
		return false
	case r.family != nil && !r.family().MatchString(refusal.Code):
		return false
	}
	return r.within.isNone() || message.has(r.within)
}

func (r rule) hasCode(code string) bool { return slices.Contains(strings.Fields(r.code), code) }

// firstCode is the code that a sentence of the rule stands for, "" where it has none.
func (r rule) firstCode() string {
	code, _, _ := strings.Cut(r.code, " ")
	return code
}
