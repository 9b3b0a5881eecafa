package steps

import (
	"context"
	"crypto/rsa"
	"strconv"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
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
	upload  bool            // the person says that they have uploaded the key, in this run
}

// An Exchange shows a token test: the host, and what to say of the token that it issued.
type Exchange struct {
	Host  string
	Token *coze.Token // nil: none was issued
	Line  i18n.Message
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
			brief := []i18n.Message{i18n.Msg("test.brief", "host", coze.Audience(b.APIBase))}
			if last {
				brief = append(brief, i18n.Msg("test.untouched", "path", b.Display(b.EnvPath)))
			}
			return brief
		},
		Shows: b.ShowExchange,
		Work: func() flow.Job {
			key := b.Key
			return b.RequestToken(b.Values(), func() (*rsa.PrivateKey, error) {
				if key == nil {
					return nil, ErrIncomplete
				}
				return key, nil
			})
		},
		Skip: func() bool { return b.Skipped },
	}
}

// ShowExchange shows the token test.
func (b *Base) ShowExchange() []flow.Exhibit {
	x := Exchange{Host: coze.Audience(b.APIBase), Token: b.Token}
	if b.Token != nil {
		x.Line = b.TokenLine()
	}
	return []flow.Exhibit{x}
}

// RequestToken returns the job that requests a token for a set with a key, which is read when the job
// begins. The error is a *coze.Refusal where the host refused.
func (b *Base) RequestToken(set credentials.Set, key func() (*rsa.PrivateKey, error)) flow.Job {
	x := b.waiting()
	b.asked, b.Token = set, nil
	b.worked = time.Time{}
	return flow.Try(func(ctx context.Context) (tested, error) {
		private, err := key()
		if err != nil {
			return tested{}, err
		}
		grant, err := x.Test(ctx, set, private)
		return tested{grant, x.LastWorked(set, &private.PublicKey)}, err
	}, func(t tested, err error) {
		if err != nil {
			b.worked = t.worked
		}
		b.answered(t.Grant, err)
	})
}

// tested is what a token test has shown, and when its values last worked.
type tested struct {
	exchange.Grant
	worked time.Time
}

// waiting is the exchanger for what is tested now: it waits for what the person has just changed.
func (b *Base) waiting() exchange.Exchanger {
	x := b.Exchanger
	if b.changed {
		x.Waiting.For = max(x.Waiting.For, x.Waiting.AfterChange)
	}
	return x
}

// AboutTry says that a refusal is tried again after a pause.
func AboutTry(t exchange.Try) i18n.Message {
	seconds := strconv.Itoa(int((t.In + time.Second - 1) / time.Second))
	return i18n.Msg("test.again", "seconds", seconds, "number", strconv.Itoa(t.Number), "count", strconv.Itoa(t.Of))
}

func (b *Base) answered(g exchange.Grant, err error) {
	if err == nil {
		b.granted(g)
	}
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
func (b *Base) AboutTo(ask credentials.Set) { b.asked, b.worked = ask, time.Time{} }

// TokenLine says what token was obtained, without showing it.
func (b *Base) TokenLine() i18n.Message {
	return i18n.Msg("summary.token", "token", b.Token.Redacted(), "expires", b.Token.Expires(time.DateTime+" MST"), "log_id", b.Token.LogID,
		"elapsed", b.Elapsed.String(), "host", coze.Audience(b.APIBase))
}
