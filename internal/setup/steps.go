package setup

import (
	"context"
	"os"
	"path/filepath"

	"cozejwt/internal/console"
	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/review"
	"cozejwt/internal/snippet"
	"cozejwt/internal/steps"
)

func (s *Setup) regionStep() flow.Step {
	return flow.Step{
		ID: steps.Region,
		Intro: func() []i18n.Message {
			if s.Found() && !s.NewApp {
				return []i18n.Message{i18n.Msg("region.brief"), i18n.Msg("region.found", "path", s.Display(s.EnvPath))}
			}
			return []i18n.Message{i18n.Msg("region.brief")}
		},
		Fields: func() []flow.Field {
			fields := []flow.Field{s.regionField()}
			if s.Region == coze.Custom && !s.Given("api_base") {
				fields = append(fields, s.baseField())
			}
			return fields
		},
		Work:    s.openConsole,
		Answer:  func() string { return string(s.Region) },
		Fixes:   []diagnosis.FixAt{diagnosis.AtRegion},
		Reopens: []string{"api_base"}, // given, it is not even asked
	}
}

// opening says who the wizard is for, where the step for the region is passed.
func (s *Setup) opening() i18n.Message {
	if s.Console().Acts() {
		return i18n.Msg("setup.opening.sandbox")
	}
	return i18n.Msg("setup.opening")
}

func (s *Setup) regionField() flow.Field {
	f := flow.Field{ID: "region", Flag: "--region", Value: string(s.Region)}
	for _, r := range []coze.Region{coze.CN, coze.COM, coze.Sandbox, coze.Custom} {
		f.Options = append(f.Options, flow.Option{
			Value: string(r),
			Label: i18n.Msg("region." + string(r)),
			About: i18n.Msg("region."+string(r)+".about", "base", r.Base()),
		})
	}
	f.Put = func(value string) {
		region := coze.Region(value)
		if region == s.Region && s.APIBase != "" {
			return
		}
		s.ChooseBase(region, region.Base())
	}
	return f
}

func (s *Setup) baseField() flow.Field {
	return flow.Field{
		ID: "api_base", Flag: "--api-base", Value: s.APIBase,
		Check: func(raw string) (string, *fault.Fault, error) {
			base, err := coze.ParseBase(raw)
			return base, nil, err
		},
		Put: func(value string) { s.APIBase = value },
	}
}

// openConsole starts the sandbox where it was chosen.
func (s *Setup) openConsole() flow.Job {
	return flow.Do(s.Console().Open, func(now console.Found) {
		if now.Seen {
			s.APIBase = now.Base
			s.Opened(now.Page)
		}
	})
}

// appStep says how the app is created in the console; where the console acts, it is made from
// here.
func (s *Setup) appStep() flow.Step {
	return flow.Step{
		ID: steps.App,
		Intro: func() []i18n.Message {
			return s.Console().AboutApp(console.App{ID: s.AppID, Has: s.HasApp, Exists: s.appExists})
		},
		Shows: func() []flow.Exhibit {
			shown := s.Link()
			todo := s.Console().AppTodo(s.HasApp)
			if todo != nil {
				shown = append(shown, todo, s.appChoice())
			}
			if todo != nil && !s.HasApp {
				shown = append(shown, s.askTasks(true))
			}
			return shown
		},
		Look:  s.lookForApp,
		Work:  s.makeApp,
		Fixes: []diagnosis.FixAt{diagnosis.AtConsole},
	}
}

// appChoice offers to use an app that exists already, or after all a new one: what was done in
// the console then is not asked for again.
func (s *Setup) appChoice() flow.Choice {
	text := i18n.Msg("app.existing")
	if s.HasApp {
		text = i18n.Msg("app.existing.undo")
	}
	return flow.Choice{Text: text, Undoes: s.HasApp, Take: func() { s.HasApp = !s.HasApp }}
}

// lookForApp notices an app that the person creates in the console while the step waits.
func (s *Setup) lookForApp() flow.Job {
	c, known, before := s.Console(), s.AppID, s.byHand
	return s.Watch(func(ctx context.Context) (console.Found, error) { return c.FindApp(ctx, known, before) }, func(found console.Found) {
		if s.byHand == nil {
			s.byHand = append([]string{}, found.ByHand...)
		}
		s.appExists = found.Exists
		s.provideApp(found.ID)
	})
}

// makeApp has the app made where the console acts. A dry run keeps the App ID that there is: its
// own sandbox knows no app, and nothing would be made for one that exists.
func (s *Setup) makeApp() flow.Job {
	if s.Dry && s.AppID != "" {
		return flow.Nothing
	}
	c, known, name := s.Console(), s.AppID, filepath.Base(s.Dir)
	return flow.Do(func(ctx context.Context) (string, error) { return c.MakeApp(ctx, known, name) }, s.provideApp)
}

// provideApp takes an app that the console has given; its keys are others.
func (s *Setup) provideApp(id string) {
	if id != s.AppID {
		s.Provide(credentials.AppID, id)
		s.Provide(credentials.KeyID, "")
	}
}

// appIDStep also shows what the upload step would have asked for last, where it is left out.
func (s *Setup) appIDStep() flow.Step {
	st := s.ValueStep(credentials.AppID, diagnosis.AtAppID)
	st.Shows = func() []flow.Exhibit {
		if s.SkipsUpload() && !s.HasApp {
			return []flow.Exhibit{s.authorizing()}
		}
		return nil
	}
	return st
}

// reviewStep shows what will change and, once that is accepted, changes it.
func (s *Setup) reviewStep() flow.Step {
	return s.ReviewStep(func() []i18n.Message {
		switch {
		case s.Written:
			return []i18n.Message{i18n.Msg("review.written")}
		case s.Unchanged():
			return []i18n.Message{i18n.Msg("review.unchanged", "path", s.Display(s.EnvPath))}
		case s.Dry:
			return append([]i18n.Message{i18n.Msg("review.dry")}, s.AboutAudience()...)
		case s.Given("write"):
			return append([]i18n.Message{i18n.Msg("review.accepted")}, s.AboutAudience()...)
		}
		brief := i18n.Msg("review.brief")
		if s.Saved == nil { // the key is one that was there before
			brief = i18n.Msg("review.brief_reused", "path", s.Display(s.EnvPath))
		}
		return append([]i18n.Message{brief}, s.AboutAudience()...)
	}, s.planReview, func() flow.Job {
		if s.Dry {
			return flow.Nothing
		}
		return s.Apply()
	})
}

func (s *Setup) planReview() flow.Job {
	return s.PlanReview(s.keeps(), review.Plan{Targets: []review.Target{s.Target(s.Values())}, Example: s.example(), Key: s.KeyAction()})
}

// example is the .env.example that is kept up with the .env, "" for none. The
// sandbox is another one on each machine, so it is not for a team.
func (s *Setup) example() string {
	path := filepath.Join(s.Dir, ".env.example")
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() || s.NoExample || s.Console().Acts() {
		return ""
	}
	return path
}

// doneStep sums up what this run has shown.
func (s *Setup) doneStep() flow.Step {
	st := s.DoneStep(func() []i18n.Message {
		path := s.Display(s.EnvPath)
		switch {
		case s.Token != nil && s.Console().Acts():
			return []i18n.Message{i18n.Msg("done.sandbox_live", "path", path), i18n.Msg("done.sandbox")}
		case s.Token != nil:
			return []i18n.Message{i18n.Msg("done.live", "path", path), i18n.Msg("done.permissions")}
		case s.Dry:
			return []i18n.Message{i18n.Msg("done.dry")}
		}
		return []i18n.Message{i18n.Msg("done.untested", "path", path)}
	})
	st.Prepare = func() flow.Job {
		project := snippet.Project{Dir: s.Dir, Convention: s.Names, EnvPath: s.EnvPath, Owner: s.Owner()}
		return flow.Both(s.SeeChecklist(), flow.Do(
			func(context.Context) (snippet.Project, error) { return project.Look(), nil },
			func(usage snippet.Project) { s.usage = usage },
		))
	}
	st.Shows = func() []flow.Exhibit {
		usage := Usage{Project: s.usage, Token: s.Token, KeyFile: s.Display(s.KeyFile), Tried: s.tried}
		if s.Token != nil {
			usage.Call = s.tryCall
		}
		return append(s.ShowChecklist(), usage)
	}
	return st
}

// A Usage shows how to use the credentials after a first set-up.
type Usage struct {
	Project snippet.Project
	Token   *coze.Token // nil: none was issued
	KeyFile string      // as it is shown
	// Call makes a first call with the token; nil where none was issued. Tried is what it answered,
	// nil where it was not made.
	Call  func() flow.Job
	Tried func(i18n.Speaker) string
}
