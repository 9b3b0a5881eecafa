package diagnosis

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/i18n"
	"cozejwt/internal/lazyregexp"
)

// An evidence returns what speaks for a cause, nil for nothing, and whether the facts that it
// would come from are known.
type evidence func(*coze.Refusal, Facts) (*i18n.Message, bool)

// evidenceIf returns the evidence where it is known and found, and whether it is known.
func evidenceIf(known, found bool, id string, pairs ...string) (*i18n.Message, bool) {
	if !known || !found {
		return nil, known
	}
	m := i18n.Msg(id, pairs...)
	return &m, true
}

// either returns the first evidence that there is.
func either(all ...evidence) evidence {
	return func(r *coze.Refusal, f Facts) (*i18n.Message, bool) {
		anyKnown := false
		for _, e := range all {
			m, known := e(r, f)
			if m != nil {
				return m, true
			}
			anyKnown = anyKnown || known
		}
		return nil, anyKnown
	}
}

func oddKeyID(_ *coze.Refusal, f Facts) (*i18n.Message, bool) {
	id := f.signedWith().KeyID
	count := utf8.RuneCountInString(id)
	text := "evidence.odd_key_id"
	if count == credentials.KeyIDLength {
		text = "evidence.key_id_characters"
	}
	return evidenceIf(f.Set != nil, !credentials.IsKeyID(id), text, "key_id", id, "count", strconv.Itoa(count))
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
	id := "evidence.clock_fast"
	if skew < 0 {
		id = "evidence.clock_slow"
	}
	return evidenceIf(!r.Date.IsZero() && !f.Now.IsZero(), skew.Abs() > MaxSkew, id, "skew", i18n.Duration(skew))
}

// defaultHost speaks for the other region where a request went to the host that
// SDKs take unless told otherwise.
func defaultHost(_ *coze.Refusal, f Facts) (*i18n.Message, bool) {
	host := coze.Audience(coze.COM.Base())
	return evidenceIf(f.Base != "", f.Region == "" && f.Base == coze.COM.Base(), "evidence.default_host", "host", host)
}

// workedBefore speaks for what was changed in the console since the same values worked.
func workedBefore(_ *coze.Refusal, f Facts) (*i18n.Message, bool) {
	return evidenceIf(true, !f.Worked.IsZero(), "evidence.worked", "ago", i18n.Duration(f.Now.Sub(f.Worked)))
}

// otherHint speaks for the other region where another file of the project names it for the app.
func otherHint(_ *coze.Refusal, f Facts) (*i18n.Message, bool) {
	return evidenceIf(f.Set != nil, f.OtherHint != "", "evidence.other_hint", "path", f.OtherHint)
}

// openRegion speaks for the other region where this one was only chosen. In reports, ids of the
// other region are what is wrong then (coze-py #148, #230).
func openRegion(_ *coze.Refusal, f Facts) (*i18n.Message, bool) {
	return evidenceIf(f.Set != nil, f.RegionOpen, "evidence.open_region", "host", coze.Audience(f.Base))
}

// twoHosts speaks for a JWT that was made for another host than the one it was sent to.
func twoHosts(_ *coze.Refusal, f Facts) (*i18n.Message, bool) {
	aud, host := f.said.audience, coze.Audience(f.Base)
	return evidenceIf(aud != "" && f.Base != "", aud != host, "evidence.two_hosts", "aud", aud, "host", host)
}

// behindProxy speaks for a proxy as the API base, whose host is no aud that Coze takes.
func behindProxy(_ *coze.Refusal, f Facts) (*i18n.Message, bool) {
	return evidenceIf(true, f.signsProxy() && !f.onLoopback(), "evidence.proxy", "host", coze.Audience(f.Base))
}

// behindAnyProxy is behindProxy for a refusal of the aud, where a server on this machine is one, too.
func behindAnyProxy(_ *coze.Refusal, f Facts) (*i18n.Message, bool) {
	return evidenceIf(true, f.signsProxy(), "evidence.proxy", "host", coze.Audience(f.Base))
}

// expiredThen speaks for a JWT that had expired at the time that stands beside it.
func expiredThen(_ *coze.Refusal, f Facts) (*i18n.Message, bool) {
	exp, at := f.said.exp, f.said.at
	return evidenceIf(true, !exp.IsZero() && !at.Before(exp), "evidence.expired_then", "ago", i18n.Duration(at.Sub(exp)))
}

// issuedLater speaks for a clock that is fast: the JWT was issued after the time beside it.
func issuedLater(_ *coze.Refusal, f Facts) (*i18n.Message, bool) {
	iat, at := f.said.iat, f.said.at
	return evidenceIf(!iat.IsZero() && !at.IsZero(), iat.Sub(at) > Tolerance, "evidence.issued_later", "ahead", i18n.Duration(iat.Sub(at)))
}

var (
	inHeader   = is(`\bin (the )?(request )?headers?\b|(missing|no|empty|without) (the )?authorization|bearer (prefix|scheme)|请求头|Authorization (头|为空|缺失)`)
	scopeInUse = is(`["']?scope["']?\s*[:=]\s*[\[{]|permission_list|account_permission`)
	longNumber = lazyregexp.New(`\b[0-9]{15,}\b`)
)

// headerIsMeant speaks for a missing Authorization header.
func headerIsMeant(r *coze.Refusal, _ Facts) (*i18n.Message, bool) {
	return evidenceIf(true, inHeader.in(r.Message), "evidence.header")
}

// scopeWasAsked speaks for a token that was narrowed by the scope of its request.
func scopeWasAsked(_ *coze.Refusal, f Facts) (*i18n.Message, bool) {
	return evidenceIf(true, f.said.has(scopeInUse), "evidence.scope")
}

// roundedID speaks for an id that was read as a floating-point number: 53 bits
// hold about 16 decimal digits (IEEE 754), the rest becomes zeros.
func roundedID(r *coze.Refusal, _ Facts) (*i18n.Message, bool) {
	id := longNumber().FindString(r.Message) // the first number that is long enough to be an id
	return evidenceIf(id != "", strings.HasSuffix(id, "000"), "evidence.zeros", "id", id)
}

// shows returns the evidence that one of some marks stands in a pasted text.
func shows(marks ...string) evidence {
	return func(_ *coze.Refusal, f Facts) (*i18n.Message, bool) {
		for _, mark := range marks {
			if strings.Contains(f.said.text, mark) {
				return evidenceIf(true, true, "evidence.shown", "mark", mark)
			}
		}
		return nil, false
	}
}

// says returns the evidence that some words stand in a pasted text.
func says(w words) evidence {
	return func(_ *coze.Refusal, f Facts) (*i18n.Message, bool) {
		found := f.said.find(w)
		if found == nil {
			return nil, false
		}
		return evidenceIf(true, true, "evidence.shown", "mark", quotable(found[0]))
	}
}

// onlyIf is an evidence without which the cause is not worth naming: that it is not there is known.
func onlyIf(e evidence) evidence {
	return func(r *coze.Refusal, f Facts) (*i18n.Message, bool) {
		m, _ := e(r, f)
		return m, true
	}
}

// families are the codes that the official table does not list, by where they come from.
var families = []struct{ id, code string }{
	{"evidence.family_request", `^4[0-9]{3}$`}, // the official table: 4000 to 4315
	{"evidence.family_server", `^5[0-9]{3}$`},
	// coze-studio 4f786d6, backend/types/errno: user.go:22 has 700000000 to 700999999, workflow.go
	// 720700801 to 720712049.
	{"evidence.family_account", `^700[0-9]{6}$`},
	{"evidence.family_workflow", `^720[0-9]{6}$`},
	{"evidence.family_platform", `^7[0-9]{8}$`},
}

// codeFamily says what a code is about that no table lists.
func codeFamily(r *coze.Refusal, _ Facts) (*i18n.Message, bool) {
	for _, f := range families {
		if lazyregexp.New(f.code)().MatchString(r.Code) {
			return evidenceIf(true, true, f.id)
		}
	}
	return nil, false
}
