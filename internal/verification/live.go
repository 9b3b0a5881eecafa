package verification

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/exchange"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/internal/permissions"
	"cozejwt/internal/secret"
)

// apiReachable requests a token without an assertion. Coze refuses that in its own
// words; any other answer means that the host is not the Coze API.
func apiReachable(ctx context.Context, c *run) Result {
	base, err := c.Resolve(ctx, c.known.base)
	if err != nil {
		return failed(asFault(err))
	}
	c.known.base = base
	ctx, cancel := c.WithTimeout(ctx)
	defer cancel()
	service := coze.Service{Base: base, Client: c.Client}
	_, err = service.Exchange(ctx, secret.String{}, coze.Request{})
	if coze.Closed(err) { // by the end of a check of another profile
		_, err = service.Exchange(ctx, secret.String{}, coze.Request{})
	}
	refusal, ok := errors.AsType[*coze.Refusal](err)
	if !ok {
		return failed(asFault(err))
	}
	c.known.date, c.known.asked = refusal.Date, c.Now()
	return passed("host", coze.Audience(base))
}

func asFault(err error) *fault.Fault {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f
	}
	if err == nil {
		return fault.Invalid("net.open_token") // a token without an assertion: no Coze does that
	}
	return fault.Unexpected("unexpected", err)
}

func clockSkew(_ context.Context, c *run) Result {
	if c.known.date.IsZero() {
		return skipped(fault.Invalid("clock.unknown"))
	}
	skew := c.known.asked.Sub(c.known.date).Round(time.Second)
	f := fault.Invalid("clock.fast", "skew", i18n.Duration(skew))
	if skew < 0 {
		f = fault.Invalid("clock.slow", "skew", i18n.Duration(skew))
	}
	switch {
	case skew.Abs() >= diagnosis.Tolerance:
		return failed(f)
	case skew.Abs() > diagnosis.MaxSkew:
		return warned(f)
	}
	return passed("skew", i18n.Duration(max(skew.Abs(), time.Second)))
}

func tokenExchange(ctx context.Context, c *run) Result {
	switch {
	case c.known.key == nil:
		return skipped(errSkipped.With("after", "key.format"))
	case c.results["clock.skew"].Status == Fail: // a clock that is not known may be right
		return skipped(errSkipped.With("after", "clock.skew"))
	}
	token, err := c.exchange(ctx, c.known.set, c.known.base, nil)
	c.SaveTestResult(c.held().Set, &c.known.key.Private.PublicKey, err)
	if err == nil {
		c.known.token = token
		return passed("token", token.Redacted(), "expires", i18n.Clock(token.ExpiresAt))
	}
	d := diagnosis.Diagnose(err, c.facts())
	c.known.refused = &d
	r := failed(asFaultOr(err, errRefused))
	r.Diagnosis = &d
	return r
}

// tokenPermission asks for a token with the permissions that are wanted: one
// without them may be granted and then be of no use.
func tokenPermission(ctx context.Context, c *run) Result {
	if len(c.Permissions) == 0 {
		return skipped(fault.Invalid("verify.no_permissions"))
	}
	_, err := c.exchange(ctx, c.known.set, c.known.base, c.Permissions)
	if err == nil {
		return passed("permissions", i18n.List(c.Permissions))
	}
	d := diagnosis.Diagnose(err, c.facts())
	r := failed(asFaultOr(err, errRefused))
	r.Diagnosis = &d
	return r
}

// harmless are reads that change nothing; the first that the app may make is
// enough.
var harmless = []string{"/v1/users/me", "/v1/workspaces"}

// apiCall makes one read with the token: that a token is issued does not say that
// it is of use.
func apiCall(ctx context.Context, c *run) Result {
	if !c.Call {
		return skipped(fault.Invalid("verify.no_call"))
	}
	ctx, cancel := c.WithTimeout(ctx)
	defer cancel()
	service := coze.Service{Base: c.known.base, Client: c.Client}
	var last *coze.Refusal
	for _, path := range harmless {
		answer, err := service.Read(ctx, path, c.known.token.AccessToken)
		if err == nil {
			return passed("path", path, "answer", answer)
		}
		refusal, ok := errors.AsType[*coze.Refusal](err)
		if !ok {
			return failed(asFault(err))
		}
		last = refusal
	}
	if last.Code == "4101" {
		refused, _ := permissions.Of(http.MethodGet, harmless[len(harmless)-1]) // the row is in the table: a test has it
		return warned(fault.Invalid("call.permission", "message", last.Error(), "call", refused.String(), "points", i18n.List(refused.Points)).Because(last))
	}
	d := diagnosis.Diagnose(last, diagnosis.OfCall(c.RegionOf(c.known.base), c.known.base, c.Now()))
	r := failed(errRefused)
	r.Diagnosis = &d
	return r
}

// errRefused stands for a refusal, which its diagnosis explains.
var errRefused = fault.Invalid("verify.refused")

// asFaultOr is the fault of err, or refused where err is a refusal.
func asFaultOr(err error, refused *fault.Fault) *fault.Fault {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f
	}
	return refused
}

func (c *run) exchange(ctx context.Context, set credentials.Set, base string, permissions []string) (coze.Token, error) {
	wanted := exchange.RequestFor(set)
	wanted.Scope = coze.NewScope(permissions, nil)
	return c.Exchange(ctx, base, exchange.Assertion(set), c.known.key.Private, wanted)
}

// regionMatch asks the other region where a Key ID is refused and the person
// has agreed to it.
func regionMatch(ctx context.Context, c *run) Result {
	if c.results["token.exchange"].Status == Pass {
		return passed()
	}
	if c.known.refused == nil || c.known.refused.ID != "kid_unknown" {
		return skipped(errSkipped.With("after", "token.exchange"))
	}
	other := coze.OtherBase(c.known.base)
	if c.AskOther != nil {
		other = c.AskOther(c.known.base)
	}
	if c.AskOther == nil || other == "" {
		return skipped(fault.Invalid("region.unasked", "other", other))
	}
	once := *c
	once.Waiting.For = 0 // nothing was changed there
	if _, err := once.exchange(ctx, c.AtBase(c.known.set, other), other, nil); err != nil {
		return skipped(fault.Invalid("region.neither", "other", other))
	}
	return failed(fault.Invalid("region.other", "base", c.known.base, "other", other))
}

func itoa(n int) string { return strconv.Itoa(n) }
