package setup

import (
	"context"
	"crypto/rsa"
	"errors"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/exchange"
	"cozejwt/internal/i18n"
)

// testStep exchanges a signed JWT for an access token, live, with the key in memory.
// A plan that changes the .env last tests before that change, so that a refusal
// changes nothing.
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
		key := s.Observed.Key
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
	s.asked, s.Observed.Token = set, nil
	return func(ctx context.Context) (Effect, error) {
		private, err := key()
		if err != nil {
			return nil, err
		}
		g, err := env.Test(ctx, set, private)
		if _, refused := errors.AsType[*coze.Refusal](err); refused {
			return func(s *Session) { s.Observed.Refused = err }, err
		}
		if err != nil {
			return nil, err
		}
		return func(s *Session) { s.granted(g) }, nil
	}
}

// granted records a token that was issued.
func (s *Session) granted(g exchange.Grant) {
	s.Observed.Refused = nil
	s.Observed.Token, s.Observed.Elapsed = &g.Token, g.Elapsed.Round(time.Millisecond)
	if s.Answers.Region == coze.Sandbox && s.console == "" {
		s.console = g.Base + "/"
	}
}
