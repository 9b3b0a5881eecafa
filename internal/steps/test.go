package steps

import (
	"context"
	"crypto/rsa"
	"strconv"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/exchange"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
)

// A TokenTest is what the last request for a token has shown.
type TokenTest struct {
	Token   *coze.Token   // nil: none was issued
	Elapsed time.Duration // of its exchange
	Skipped bool          // the test is left out

	asked   credentials.Set // that it was requested for
	worked  time.Time       // where it was refused: a token was last issued for the same values; zero: not known
	changed bool            // in the console, in this run
	// What was seen of the console since the last request: it refuses the app; it lets the app in
	// again.
	refused, admitted bool
	upload            bool // the person says that they have uploaded the key, in this run
}

// An Exchange shows a token test: the host, and what to say of the token that it issued.
type Exchange struct {
	Host  string
	Token *coze.Token // nil: none was issued
	Line  i18n.Message
	// Watched says that the console is looked at, and Admitted that it lets the app in which it has
	// refused.
	Watched, Admitted bool
	// Changed is called when the person has changed something in the console: that may take seconds.
	Changed func()
}

// ErrIncomplete is the fault of a review or a test that lacks an answer or the key.
var ErrIncomplete = fault.Usage("review.incomplete")

// TestStep exchanges a signed JWT for an access token, live, with the key in memory. Last says
// that the .env is changed after it, so that a refusal changes nothing.
func (b *Base) TestStep(last bool) flow.Step {
	return flow.Step{
		ID:      Test,
		Outcome: flow.TokenRequired,
		Intro: func() []i18n.Message {
			brief := i18n.Msg("test.brief", "host", coze.Audience(b.APIBase))
			if !last {
				return []i18n.Message{brief}
			}
			return []i18n.Message{brief, i18n.Msg("test.untouched", "path", b.Display(b.EnvPath))}
		},
		Shows: b.ShowExchange,
		Look:  b.LookForFix,
		Work: func() flow.Job {
			key := b.Key
			return b.RequestToken(b.Values(), func() (*rsa.PrivateKey, error) { return key, nil })
		},
		Skip: func() bool { return b.Skipped },
	}
}

// ShowExchange shows the token test.
func (b *Base) ShowExchange() []flow.Exhibit {
	x := Exchange{
		Host: coze.Audience(b.APIBase), Token: b.Token, Watched: b.Console().Acts(), Admitted: b.admitted,
		Changed: func() { b.changed = true },
	}
	if b.Token != nil {
		x.Line = b.TokenLine()
	}
	return []flow.Exhibit{x}
}

// LookForFix notices that the console lets the app in which it has refused: the person has
// authorized or enabled it.
func (b *Base) LookForFix() flow.Job {
	c, appID := b.Console(), b.asked.AppID
	if b.Token != nil || appID == "" {
		return flow.Nothing
	}
	return func(ctx context.Context) (flow.Effect, error) {
		if admits, seen := c.Admits(ctx, appID); !admits || !seen {
			return nil, nil
		}
		return func() {
			if b.refused {
				b.refused, b.admitted, b.changed = false, true, true
			}
		}, nil
	}
}

// RequestToken returns the job that requests a token for a set with a key, which is read when the job
// begins. The errors are
// ErrIncomplete without a key, and a *coze.Refusal where the host refused.
func (b *Base) RequestToken(set credentials.Set, key func() (*rsa.PrivateKey, error)) flow.Job {
	x, c := b.Patient(), b.Console()
	b.AboutTo(set)
	b.Token = nil
	return func(ctx context.Context) (flow.Effect, error) {
		private, err := key()
		if err == nil && private == nil {
			err = ErrIncomplete
		}
		if err != nil {
			return nil, err
		}
		grant, err := x.Test(ctx, set, private)
		if err == nil {
			return func() { b.granted(grant) }, nil
		}
		worked := x.LastWorked(set, &private.PublicKey)
		admits, seen := c.Admits(ctx, set.AppID)
		return func() { b.worked, b.refused = worked, seen && !admits }, err
	}
}

// Patient is the exchanger for what is tested now: it waits for what the person has just changed.
func (b *Base) Patient() exchange.Exchanger {
	x := b.Exchanger
	if b.changed {
		x.Waiting.For = max(x.Waiting.For, x.Waiting.AfterChange)
	}
	return x
}

// AboutRefused says what the refusal of an optional test means for the credentials that were tested.
func AboutRefused(d diagnosis.Diagnosis) i18n.Message {
	switch {
	case d.Class() != fault.ClassCheck: // too many requests, or no answer at all
		return i18n.Msg("current.untested")
	case d.FixAt() == diagnosis.AtPage:
		return i18n.Msg("current.app_refused")
	}
	return i18n.Msg("current.refused")
}

// AboutTry says that a refusal is tried again after a pause.
func AboutTry(t exchange.Try) i18n.Message {
	seconds := strconv.Itoa(int((t.In + time.Second - 1) / time.Second))
	return i18n.Msg("test.again", "seconds", seconds, "number", strconv.Itoa(t.Number), "count", strconv.Itoa(t.Of))
}

// granted records a token that was issued.
func (b *Base) granted(g exchange.Grant) {
	b.Token, b.Elapsed = &g.Token, g.Elapsed.Round(time.Millisecond)
	if b.page == "" {
		b.Opened(g.Base + "/")
	}
}

// Asked returns the set that a token was last requested for.
func (b *Base) Asked() credentials.Set { return b.asked }

// AboutTo notes the set that a job of the plan's own requests a token for.
func (b *Base) AboutTo(ask credentials.Set) {
	b.asked, b.worked, b.refused, b.admitted = ask, time.Time{}, false, false
}

// TokenLine says what token was obtained, without showing it.
func (b *Base) TokenLine() i18n.Message {
	return i18n.Msg("summary.token", "token", b.Token.Redacted(), "expires", i18n.Moment(b.Token.ExpiresAt), "log_id", b.Token.LogID,
		"elapsed", b.Elapsed.String(), "host", coze.Audience(b.APIBase))
}
