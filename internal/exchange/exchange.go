// Package exchange gets access tokens for credentials: it signs a JWT, sends it
// to the host that the API base names, and remembers how the last test of each
// set came out.
package exchange

import (
	"cmp"
	"context"
	"crypto/rsa"
	"errors"
	"net/http"
	"strings"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/keygen"
)

// An Exchanger requests tokens with the clock, HTTP client and state folder in its fields.
type Exchanger struct {
	Now      func() time.Time
	Client   *http.Client  // nil: one that uses the environment's proxies
	Timeout  time.Duration // of one call; 0: coze.DefaultTimeout
	StateDir string        // where test results are kept; "" for nowhere
	Waiting  Waiting       // whether a refusal that may pass is tried again

	// IsSandbox reports whether an API base is or was the sandbox's; nil for never.
	IsSandbox func(base string) bool
	// Locate starts the sandbox where the base is the sandbox's, and returns
	// where it is now: its port may have changed. Nil returns the base itself.
	Locate func(ctx context.Context, base string) (string, error)
}

// A Grant is a token that was issued, by the API base, in the time elapsed; the tries before it and
// the pauses do not count.
type Grant struct {
	Token   coze.Token
	Elapsed time.Duration
	Base    string
}

// RegionOf returns the region of an API base: Sandbox if IsSandbox reports it, Custom if unknown.
func (x Exchanger) RegionOf(base string) coze.Region {
	if x.IsSandbox != nil && x.IsSandbox(base) {
		return coze.Sandbox
	}
	return coze.RegionOf(base)
}

// Resolve checks an API base and returns where it is reached. The errors are those of
// [coze.ParseBase], and of Locate for the sandbox.
func (x Exchanger) Resolve(ctx context.Context, base string) (string, error) {
	base, err := coze.ParseBase(base)
	if err != nil || x.Locate == nil {
		return base, err
	}
	return x.Locate(ctx, base)
}

// AtBase is a set for another API base. Its aud is that of a proxy, so no other host but a proxy gets
// it.
func (x Exchanger) AtBase(set credentials.Set, base string) credentials.Set {
	if strings.TrimRight(set.APIBase, "/") != base && x.RegionOf(base) != coze.Custom {
		set.Aud = ""
	}
	set.APIBase = base
	return set
}

// Assertion is what a set signs.
func Assertion(set credentials.Set) coze.Assertion {
	return coze.Assertion{AppID: set.AppID, KeyID: set.KeyID, Audience: set.Aud}
}

// RequestFor is the request for a token of the owner that a set names.
func RequestFor(set credentials.Set) coze.Request {
	return coze.Request{AccountID: set.AccountID, EnterpriseID: set.EnterpriseID}
}

// WithTimeout is the context of one call.
func (x Exchanger) WithTimeout(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, cmp.Or(x.Timeout, coze.DefaultTimeout))
}

// Exchange signs the assertion, for the API base where it names no audience, and exchanges it for
// a token, within the timeout; as often as Waiting says. The error is a *coze.Refusal where the host
// refused.
func (x Exchanger) Exchange(ctx context.Context, base string, a coze.Assertion, key *rsa.PrivateKey, req coze.Request) (coze.Token, error) {
	return x.Waiting.again(ctx, func() (coze.Token, error) { return x.exchange(ctx, base, a, key, req) })
}

func (x Exchanger) exchange(ctx context.Context, base string, a coze.Assertion, key *rsa.PrivateKey, req coze.Request) (coze.Token, error) {
	ctx, cancel := x.WithTimeout(ctx)
	defer cancel()
	watch := x.stopwatch(ctx)
	a.Audience = cmp.Or(a.Audience, coze.Audience(base))
	signed, err := a.Sign(key, x.Now())
	if err != nil {
		return coze.Token{}, err
	}
	watch.reached(Sign)
	service := coze.Service{Base: base, Client: x.Client}
	token, err := service.Exchange(watch.trace(ctx), signed, req)
	for range 2 { // there may be more than one connection that was kept
		if !coze.Closed(err) {
			break
		}
		if signed, err = a.Sign(key, x.Now()); err != nil {
			return coze.Token{}, err
		}
		token, err = service.Exchange(watch.trace(ctx), signed, req)
	}
	if _, refused := errors.AsType[*coze.Refusal](err); refused {
		watch.reached(Connect)
	}
	if err == nil {
		watch.reached(Trade)
		x.noteDigest(base, a.KeyID, &key.PublicKey)
	}
	return token, err
}

// Test requests a token for a set with its key, and saves how that came out. The errors are those
// of Resolve and of [coze.Service.Exchange]: a *[coze.Refusal] where the service said no.
func (x Exchanger) Test(ctx context.Context, set credentials.Set, key *rsa.PrivateKey) (Grant, error) {
	base, err := x.Resolve(ctx, set.APIBase)
	if err != nil {
		return Grant{}, err
	}
	var began time.Time // of the last try
	token, err := x.Waiting.again(ctx, func() (coze.Token, error) {
		began = x.Now()
		return x.exchange(ctx, base, Assertion(set), key, RequestFor(set))
	})
	x.SaveTestResult(set, &key.PublicKey, err)
	return Grant{token, x.Now().Sub(began), base}, err
}

// Loaded are complete credentials with their private key, as any program would read them.
type Loaded struct {
	credentials.EnvFile
	Key *rsa.PrivateKey
}

// Load reads the credentials that a .env holds and their key. The errors are those of
// [credentials.Load], [credentials.EnvFile.Validate] and [keygen.Load].
func Load(path string) (Loaded, error) {
	held, err := credentials.Load(path)
	if err != nil {
		return Loaded{EnvFile: held}, err
	}
	return LoadKey(held)
}

// LoadKey is Load for a .env that was read, with its errors of [credentials.EnvFile.Validate] and
// [keygen.Load].
func LoadKey(held credentials.EnvFile) (Loaded, error) {
	if err := held.Validate(); err != nil {
		return Loaded{EnvFile: held}, err
	}
	key, err := keygen.LoadInUse(held.KeyFile())
	if err != nil {
		return Loaded{EnvFile: held}, err
	}
	return Loaded{held, key.Private}, nil
}

// ErrEnvironmentKey is the fault of a variable of the environment that holds no usable private key.
var ErrEnvironmentKey = fault.Invalid("environment.key")

// EnvironmentKey reads the private key of a set in the environment: the variable that holds it, or
// the file that one names. The errors are ErrEnvironmentKey and those of [keygen.Load].
func EnvironmentKey(e credentials.Environment) (*keygen.Key, error) {
	if e.KeyName == "" {
		return keygen.Load(e.KeyFile())
	}
	key, err := keygen.Parse([]byte(e.KeyText.Reveal()))
	if err != nil {
		return nil, ErrEnvironmentKey.With("name", e.KeyName).Because(fault.At(e.KeyName, err))
	}
	return key, nil
}

// TestFile is Test for a .env with its key. The errors are those of Load and Test.
func (x Exchanger) TestFile(ctx context.Context, path string) (Grant, error) {
	held, err := Load(path)
	if err != nil {
		return Grant{}, err
	}
	return x.Test(ctx, held.Set, held.Key)
}
