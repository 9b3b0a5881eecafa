package setup

import (
	"context"
	"crypto/rsa"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/i18n"
)

// testStep exchanges a signed JWT for an access token, live.
var testStep = Step{
	ID: StepTest,
	Brief: func(s *Session) []i18n.Message {
		return []i18n.Message{i18n.Msg("test.brief", "host", coze.Audience(s.Answers.APIBase))}
	},
	Work:   exchange,
	Passed: func(s *Session) bool { return s.Answers.SkipTest || s.Answers.DryRun },
}

func exchange(s *Session) Job {
	env, a, key := s.Env, s.Answers, s.Seen.Key
	return func(ctx context.Context) (Effect, error) {
		if key == nil {
			return nil, ErrIncomplete
		}
		base := a.APIBase
		if a.Region == coze.Sandbox {
			p, err := env.Practice(ctx)
			if err != nil {
				return nil, err
			}
			base = p.APIBase()
		}
		began := env.Now()
		token, err := Exchange(ctx, env, base, coze.Assertion{AppID: a.AppID, KeyID: a.KeyID}, key, coze.Request{})
		if err != nil {
			return nil, err
		}
		elapsed := env.Now().Sub(began)
		return func(s *Session) { s.Seen.Token, s.Seen.Elapsed = &token, elapsed.Round(time.Millisecond) }, nil
	}
}

// Exchange signs an assertion for the API base and trades it for a token,
// within the time that env allows.
func Exchange(ctx context.Context, env Env, base string, a coze.Assertion, key *rsa.PrivateKey, req coze.Request) (coze.Token, error) {
	timeout := env.Timeout
	if timeout == 0 {
		timeout = coze.DefaultTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	a.Audience = coze.Audience(base)
	signed, err := a.Sign(key, env.Now())
	if err != nil {
		return coze.Token{}, err
	}
	return coze.Service{Base: base, Client: env.Client}.Exchange(ctx, signed, req)
}
