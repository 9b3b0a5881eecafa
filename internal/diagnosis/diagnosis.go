// Package diagnosis says why a token was refused: from what the service answered
// and what is known on this side, to ranked causes, to the fix for each. The
// knowledge is data, in the files rules_*.go; the rest applies it. The package is pure: it
// reads no file, sends nothing and knows no terminal.
package diagnosis

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"cozejwt/internal/coze"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
)

// A FixAt is where a cause can be fixed; a plan knows the step for it.
type FixAt string

// The places.
const (
	AtRegion  FixAt = "region"
	AtConsole FixAt = "console"
	AtKey     FixAt = "key"
	AtPage    FixAt = "page" // in the console, where nothing but the app changes: not its ids or its key
	AtUpload  FixAt = "upload"
	AtAppID   FixAt = "app_id"
	AtKeyID   FixAt = "key_id"
	AtService FixAt = "service" // nothing to fix here: wait, or fix the network
)

// A Cause is one reason for a refusal. Its text is "cause.<ID>", its fix
// "cause.<ID>.fix"; Evidence says what speaks for it, if anything does.
type Cause struct {
	ID       string
	Pairs    []string
	Evidence *i18n.Message
	FixAt    FixAt

	english bool // the console that the fix is about has no Chinese labels
}

// A Diagnosis is what an error means. Causes are in order, the likeliest first.
type Diagnosis struct {
	ID      string // the rule's or the fault's id
	Err     error
	Refusal *coze.Refusal // nil where the service did not refuse
	Causes  []Cause

	fixAt FixAt // where it is fixed when there are no causes
}

// Diagnose explains the error of an exchange. An error that is neither a
// refusal nor a fault has no causes.
func Diagnose(err error, facts Facts) Diagnosis {
	if refusal, ok := errors.AsType[*coze.Refusal](err); ok {
		d := diagnoseRefusal(refusal, facts)
		d.Err = err
		return d
	}
	if errors.Is(err, context.Canceled) {
		return Diagnosis{ID: "interrupted", Err: err}
	}
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		d := Diagnosis{ID: f.ID, Err: err, fixAt: AtService}
		if f.Class == fault.ClassUnreachable && facts.Region == coze.Custom {
			d.fixAt = AtRegion // where the base was typed
		}
		return d
	}
	return Diagnosis{ID: "unexpected", Err: err, fixAt: AtService}
}

func diagnoseRefusal(r *coze.Refusal, facts Facts) Diagnosis {
	rule := ruleOf(r, facts)
	d := Diagnosis{ID: rule.id, Refusal: r, Causes: rank(rule.causes, r, facts)}
	if facts.KeyWorked && rule.id == "kid_unknown" {
		d.Causes = rank([]candidate{acceptedBefore}, r, facts)
	}
	return d
}

// rank puts causes with evidence first and keeps the order among equals. A cause that
// needs evidence is dropped where the facts speak against it, and comes last where they
// are not known.
func rank(possible []candidate, r *coze.Refusal, facts Facts) []Cause {
	var ranks [3][]Cause
	for _, p := range possible {
		if p.ruledOut(facts) {
			continue
		}
		c := Cause{ID: p.id, FixAt: p.fixAt, Pairs: pairs(r, facts), english: facts.Region == coze.COM}
		known := false
		if p.evidence != nil {
			c.Evidence, known = p.evidence(r, facts)
		}
		at := 1
		switch {
		case c.Evidence != nil:
			at = 0
		case p.needsEvidence && known:
			continue
		case p.needsEvidence:
			at = 2
		}
		ranks[at] = append(ranks[at], c)
	}
	var all []Cause
	for _, c := range slices.Concat(ranks[:]...) {
		if !slices.ContainsFunc(all, func(before Cause) bool { return before.ID == c.ID }) {
			all = append(all, c)
		}
	}
	return all
}

func pairs(r *coze.Refusal, f Facts) []string {
	set := f.signedWith()
	return []string{
		"app_id", set.AppID, "key_id", set.KeyID, "base", f.Base, "audience", cmp.Or(set.Aud, coze.Audience(f.Base)),
		"code", r.Code, "message", r.Message, "said", saidBy(r),
	}
}

// saidBy is the code and the message of a refusal, as far as it has them.
func saidBy(r *coze.Refusal) string { return strings.TrimSpace(r.Code + " " + r.Message) }

// Class says which exit code a diagnosis leads to. A service in trouble is not
// a verdict on the credentials.
func (d Diagnosis) Class() fault.Class {
	if d.Refusal != nil {
		if d.Refusal.Status >= 500 || d.Refusal.Status == 429 {
			return fault.ClassUnreachable
		}
		return fault.ClassCheck
	}
	if f, ok := errors.AsType[*fault.Fault](d.Err); ok {
		return f.Class
	}
	return fault.ClassUnexpected
}

// FixAt is where the likeliest cause is fixed.
func (d Diagnosis) FixAt() FixAt {
	if len(d.Causes) == 0 {
		return d.fixAt
	}
	return d.Causes[0].FixAt
}

// Message is what happened, in one line: the service's own words where it
// refused.
func (d Diagnosis) Message(l i18n.Speaker) string {
	if d.Refusal != nil {
		return d.Refusal.Error()
	}
	if f, ok := errors.AsType[*fault.Fault](d.Err); ok {
		return f.Message(l)
	}
	if d.ID == "interrupted" {
		return l.Text("fault.interrupted")
	}
	return d.Err.Error()
}

// Explain returns the causes and, for each, its fix.
func (d Diagnosis) Explain(l i18n.Speaker) (causes, fixes []string) {
	for _, c := range d.Causes {
		causes = append(causes, c.Text(l))
		fixes = append(fixes, c.Fix(l))
	}
	if f, ok := errors.AsType[*fault.Fault](d.Err); ok {
		fixes = append(fixes, f.Fixes(l)...)
	}
	return causes, fixes
}

// LogID is what Coze support asks for, "" where the service gave none.
func (d Diagnosis) LogID() string {
	if d.Refusal == nil {
		return ""
	}
	return d.Refusal.LogID
}

// Text is the cause, with its evidence.
func (c Cause) Text(l i18n.Speaker) string {
	l = c.speaker(l)
	text := l.Text("cause."+c.ID, c.Pairs...)
	if c.Evidence != nil {
		text += l.Text("cause.evidence", "evidence", l.Say(*c.Evidence))
	}
	return text
}

// Fix is how the cause is fixed.
func (c Cause) Fix(l i18n.Speaker) string {
	return c.speaker(l).Text("cause."+c.ID+".fix", c.Pairs...)
}

func (c Cause) speaker(l i18n.Speaker) i18n.Speaker {
	if c.english {
		return l.Labels(false)
	}
	return l
}
