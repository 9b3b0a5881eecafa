package setup

import (
	"context"
	"path/filepath"
	"slices"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/i18n"
)

// appStep says how the app is created in the console; in the sandbox it
// is done from here.
var appStep = Step{
	ID: StepApp,
	Intro: func(s *Session) []i18n.Message {
		if s.Answers.Region == coze.Sandbox {
			if s.Observed.AppExists {
				return []i18n.Message{i18n.Msg("app.exists", "app_id", s.Answers.AppID)}
			}
			return []i18n.Message{i18n.Msg("app.sandbox"), i18n.Msg("app.by_hand")}
		}
		if s.Answers.HasApp {
			return []i18n.Message{i18n.Msg("app.existing.keys")}
		}
		return []i18n.Message{i18n.Msg("app.why"), i18n.Msg("app.guide"), i18n.Msg("app.guide.url", "url", s.Answers.Region.Guide())}
	},
	Shows: func(s *Session) []Exhibit {
		if inSandbox(s) {
			return showPage(s)
		}
		first := i18n.Msg("app.todo.log_in")
		if s.Console() == "" {
			first = i18n.Msg("app.todo.find") // of another base, nothing is known
		}
		if s.Answers.HasApp {
			return append(showPage(s), Todo{first, i18n.Msg("app.todo.existing")}, AppChoice{i18n.Msg("app.existing.undo"), true})
		}
		shown := append(showPage(s), Todo{first, i18n.Msg("app.todo.oauth"), i18n.Msg("app.todo.new"), i18n.Msg("app.todo.types"), i18n.Msg("app.todo.name")})
		return append(shown, AppChoice{i18n.Msg("app.existing"), false})
	},
	Look: lookAtApps,
	Work: createSandboxApp,
}

// lookAtApps notices an app that the person creates in the sandbox's console
// while the step waits. Apps that other runs create through the API do not count.
func lookAtApps(s *Session) Job {
	region, open, before, known := s.Answers.Region, s.Deps.Sandbox, s.apps, s.Answers.AppID
	return func(ctx context.Context) (Effect, error) {
		if region != coze.Sandbox {
			return nil, nil
		}
		p, err := open(ctx)
		if err != nil {
			return nil, nil // the step's work says so
		}
		now, err := p.AppsByHand(ctx)
		if err != nil {
			return nil, nil
		}
		found := known
		for _, id := range now {
			if before != nil && !slices.Contains(before, id) {
				found = id
			}
		}
		exists, err := p.HasApp(ctx, found)
		if err != nil {
			return nil, nil
		}
		return func(s *Session) {
			if s.apps == nil {
				s.apps = append([]string{}, now...)
			}
			s.console = p.Console()
			s.Observed.AppExists = exists
			if found != s.Answers.AppID {
				s.provide(credentials.AppID, found)
				s.provide(credentials.KeyID, "")
			}
		}, nil
	}
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
		return func(s *Session) {
			s.provide(credentials.AppID, id)
			s.provide(credentials.KeyID, "")
		}, err
	}
}

// UseExistingApp changes whether the person has an app already: what was done in
// the console then is not asked for again.
func (s *Session) UseExistingApp() { s.Answers.HasApp = !s.Answers.HasApp }
