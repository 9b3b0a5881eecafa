package setup

import (
	"context"
	"crypto/rsa"
	"errors"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/i18n"
	"cozejwt/keygen"
)

// testStep exchanges a signed JWT for an access token, live, with the key that
// this run has brought and from memory: in a plan that changes the .env last,
// before it does.
var testStep = Step{
	ID:      StepTest,
	Outcome: TokenRequired,
	Intro: func(s *Session) []i18n.Message {
		brief := []i18n.Message{i18n.Msg("test.brief", "host", coze.Audience(s.Answers.APIBase))}
		if s.Plan.Index(StepReview) > s.Plan.Index(StepTest) {
			brief = append(brief, i18n.Msg("test.untouched", "path", s.Display(s.EnvPath)))
		}
		return brief
	},
	Work: func(s *Session) Job {
		key := s.Seen.Key
		return s.ask(s.Set(), func() (*rsa.PrivateKey, error) {
			if key == nil {
				return nil, ErrIncomplete
			}
			return key, nil
		})
	},
	Skip: func(s *Session) bool { return s.Answers.SkipTest || s.Answers.DryRun },
}

// ask returns the job that asks for a token for a set with a key.
func (s *Session) ask(set credentials.Set, key func() (*rsa.PrivateKey, error)) Job {
	env := s.Deps
	s.asked, s.Seen.Token = set, nil
	return func(ctx context.Context) (Effect, error) {
		private, err := key()
		if err != nil {
			return nil, err
		}
		g, err := env.grant(ctx, set, private)
		if _, refused := errors.AsType[*coze.Refusal](err); refused {
			return func(s *Session) { s.Seen.Refused = err }, err
		}
		if err != nil {
			return nil, err
		}
		return g.record, nil
	}
}

// A granted is a token that was obtained, and how.
type granted struct {
	token   coze.Token
	elapsed time.Duration
	base    string // that was asked
}

func (g granted) record(s *Session) {
	s.Seen.Refused = nil
	s.Seen.Token, s.Seen.Elapsed = &g.token, g.elapsed.Round(time.Millisecond)
	if s.Answers.Region == coze.Sandbox {
		s.console = g.base + "/"
	}
}

// grant asks for a token for a set, and remembers how that came out.
func (e Deps) grant(ctx context.Context, set credentials.Set, key *rsa.PrivateKey) (granted, error) {
	base, err := e.locate(ctx, set.APIBase)
	if err != nil {
		return granted{}, err
	}
	began := e.Now()
	token, err := Exchange(ctx, e, base, coze.Assertion{AppID: set.AppID, KeyID: set.KeyID}, key, coze.Request{})
	e.SaveTestResult(set, &key.PublicKey, err)
	return granted{token, e.Now().Sub(began), base}, err
}

// locate returns where an API base is reached: the sandbox may have moved
// since a .env was written.
func (e Deps) locate(ctx context.Context, base string) (string, error) {
	base, err := coze.ParseBase(base)
	if err != nil || e.IsSandbox == nil || !e.IsSandbox(base) {
		return base, err
	}
	p, err := e.Sandbox(ctx)
	if err != nil {
		return "", err
	}
	return p.APIBase(), nil
}

// Prove reads a .env and its key as a program would, and asks for a token with
// them.
func (e Deps) prove(ctx context.Context, path string) (granted, error) {
	held, err := credentials.Load(path)
	if err == nil {
		err = held.Validate()
	}
	if err != nil {
		return granted{}, err
	}
	key, err := keygen.Load(held.KeyFile())
	if err != nil {
		return granted{}, err
	}
	return e.grant(ctx, held.Set, key.Private)
}

// Exchange signs an assertion for the API base and trades it for a token,
// within the time that env allows.
func Exchange(ctx context.Context, env Deps, base string, a coze.Assertion, key *rsa.PrivateKey, req coze.Request) (coze.Token, error) {
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
