package setup

import (
	"context"

	"cozejwt/internal/coze"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
)

var regionStep = Step{
	ID: StepRegion,
	Intro: func(s *Session) []i18n.Message {
		if s.Found() && !s.Answers.NewApp {
			return []i18n.Message{i18n.Msg("region.brief"), i18n.Msg("region.found", "path", s.Display(s.EnvPath))}
		}
		return []i18n.Message{i18n.Msg("region.brief")}
	},
	Fields: func(s *Session) []Field {
		fields := []Field{regionField(s)}
		if s.Answers.Region == coze.Custom && !s.Given("api_base") {
			fields = append(fields, baseField(s))
		}
		return fields
	},
	Work: openRegion,
}

func regionField(s *Session) Field {
	f := Field{ID: "region", Flag: "--region", Value: string(s.Answers.Region)}
	for _, r := range []coze.Region{coze.CN, coze.COM, coze.Sandbox, coze.Custom} {
		f.Options = append(f.Options, Option{
			Value: string(r),
			Label: i18n.Msg("region." + string(r)),
			About: i18n.Msg("region."+string(r)+".about", "base", r.Base()),
		})
	}
	f.Put = func(s *Session, value string) {
		region := coze.Region(value)
		if region == s.Answers.Region && s.Answers.APIBase != "" {
			return
		}
		s.ChooseBase(region, region.Base())
	}
	return f
}

func baseField(s *Session) Field {
	return Field{
		ID: "api_base", Flag: "--api-base", Value: s.Answers.APIBase,
		Check: func(raw string) (string, *fault.Fault, error) {
			base, err := coze.ParseBase(raw)
			return base, nil, err
		},
		Put: func(s *Session, value string) { s.Answers.APIBase = value },
	}
}

// openRegion starts the sandbox where it was chosen.
func openRegion(s *Session) Job {
	region, open := s.Answers.Region, s.Deps.Sandbox
	return func(ctx context.Context) (Effect, error) {
		if region != coze.Sandbox {
			return nil, nil
		}
		p, err := open(ctx)
		if err != nil {
			return nil, err
		}
		base, console := p.APIBase(), p.Console()
		return func(s *Session) { s.Answers.APIBase, s.console = base, console }, nil
	}
}
