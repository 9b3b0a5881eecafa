package setup

import (
	"context"
	"path/filepath"

	"cozejwt/internal/coze"
	"cozejwt/internal/i18n"
)

// appStep says how the app is created in the console; in the sandbox it
// is done from here.
var appStep = Step{
	ID: StepApp,
	Intro: func(s *Session) []i18n.Message {
		if s.Answers.Region == coze.Sandbox {
			return []i18n.Message{i18n.Msg("app.sandbox")}
		}
		return []i18n.Message{i18n.Msg("app.steps"), i18n.Msg("app.guide", "url", s.Answers.Region.Guide()), i18n.Msg("app.why")}
	},
	Shows: showPage,
	Work:  createSandboxApp,
}

func createSandboxApp(s *Session) Job {
	region, open, known := s.Answers.Region, s.Deps.Sandbox, s.Answers.AppID
	name := filepath.Base(s.Dir)
	return func(ctx context.Context) (Effect, error) {
		if region != coze.Sandbox {
			return nil, nil
		}
		p, err := open(ctx)
		if err != nil {
			return nil, err
		}
		if known != "" {
			if has, err := p.HasApp(ctx, known); err != nil || has {
				return nil, err
			}
		}
		id, err := p.CreateApp(ctx, name)
		return func(s *Session) { s.Answers.AppID, s.Answers.KeyID = id, "" }, err
	}
}
