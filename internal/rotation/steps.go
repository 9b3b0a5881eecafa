package rotation

import (
	"cmp"
	"context"
	"slices"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/steps"
)

// currentStep tests the current credentials before anything is changed.
func (r *Rotation) currentStep() flow.Step {
	return flow.Step{
		ID:      steps.Current,
		Outcome: flow.TokenOptional,
		Intro: func() []i18n.Message {
			return []i18n.Message{
				i18n.Msg("current.brief", "path", r.Display(r.EnvPath), "host", coze.Audience(r.APIBase)),
				i18n.Msg("current.set", "app_id", r.Previous.AppID, "key_id", r.Previous.KeyID, "path", r.Display(r.Previous.KeyFile(r.EnvPath))),
			}
		},
		Shows: r.ShowExchange,
		Look:  r.LookForFix,
		Work: func() flow.Job {
			set := r.Previous
			set.APIBase, set.Aud = r.APIBase, r.Values().Aud
			set.AccountID, set.EnterpriseID = r.AccountID, r.EnterpriseID
			ask := r.RequestToken(set, load(r.Previous.KeyFile(r.EnvPath)))
			r.worked = false
			return func(ctx context.Context) (flow.Effect, error) {
				effect, err := ask(ctx)
				return func() {
					if r.worked = err == nil; effect != nil {
						effect()
					}
				}, err
			}
		},
	}
}

func (r *Rotation) keyIDStep() flow.Step {
	st := r.ValueStep(credentials.KeyID, diagnosis.AtKeyID)
	st.Fields = func() []flow.Field {
		f := r.ValueField(credentials.KeyID)
		check, previous := f.Check, r.Previous.KeyID
		f.Check = func(raw string) (string, *fault.Fault, error) {
			value, notice, err := check(raw)
			if err == nil && value == previous {
				err = ErrSameKeyID.With("value", value)
			}
			return value, notice, err
		}
		return []flow.Field{f}
	}
	return st
}

// filesStep asks whether the other .env files that name the old key come along.
func (r *Rotation) filesStep() flow.Step {
	return flow.Step{
		ID: steps.Files,
		Intro: func() []i18n.Message {
			return []i18n.Message{i18n.Msg("files.brief", "path", r.Display(r.EnvPath), "others", i18n.List(r.DisplayAll(pathsOf(r.sameKeyFiles))))}
		},
		Fields: func() []flow.Field {
			f := flow.Agree("together", &r.Together, "yes", "no")
			f.Value = cmp.Or(f.Value, "no")
			f.Options[0].Label, f.Options[1].Label = i18n.Msg("together.yes"), i18n.Msg("together.no")
			return []flow.Field{f}
		},
		Skip: func() bool { return len(r.sameKeyFiles) == 0 },
	}
}

// doneStep says what is left to do, in the order in which it is safe.
func (r *Rotation) doneStep() flow.Step {
	st := r.DoneStep(r.remaining)
	st.Prepare = func() flow.Job {
		dir := r.Dir
		return flow.Both(r.SeeChecklist(), flow.Do(
			func(context.Context) ([]string, error) { return toolsIn(dir), nil },
			func(tools []string) { r.tools = tools },
		))
	}
	return st
}

// remaining is what the person still has to do.
func (r *Rotation) remaining() []i18n.Message {
	path := r.Display(r.EnvPath)
	next := i18n.Msg("rotated.next", "path", path, "key_id", r.Previous.KeyID)
	if console, ok := r.Console().Later(); ok {
		next = i18n.Msg("rotated.next_at", "path", path, "key_id", r.Previous.KeyID).Within("console", console)
	}
	lines := append([]i18n.Message{i18n.Msg("rotated.live", "path", path), next}, deployed(r.tools)...)
	return append(lines, i18n.Msg("rotated.back", "path", r.Display(r.Previous.KeyFile(r.EnvPath))))
}

// tools are what may hold a copy of the previous key, by the files that they
// have in a project.
var tools = []struct {
	name  string
	files []string
}{
	{"fly", []string{"fly.toml"}},
	{"github", []string{".github/workflows/*.yml", ".github/workflows/*.yaml"}},
	{"docker", []string{"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml", "Dockerfile"}},
	{"k8s", []string{"k8s/*.yaml", "k8s/*.yml", "kustomization.yaml", "deploy/*.yaml"}},
	{"gitlab", []string{".gitlab-ci.yml"}},
	{"vercel", []string{"vercel.json", ".vercel/project.json"}},
	{"wrangler", []string{"wrangler.toml", "wrangler.json", "wrangler.jsonc"}},
}

// toolsIn names the tools whose files are in the project folder dir.
func toolsIn(dir string) []string {
	var found []string
	for _, tool := range tools {
		if slices.ContainsFunc(tool.files, func(pattern string) bool { return len(steps.GlobIn(dir, pattern)) > 0 }) {
			found = append(found, tool.name)
		}
	}
	return found
}

// deployed says how each tool gets the new key.
func deployed(tools []string) []i18n.Message {
	if len(tools) == 0 {
		return nil
	}
	lines := []i18n.Message{i18n.Msg("rotated.deployed")}
	for _, name := range tools {
		lines = append(lines, i18n.Msg("rotated.tool."+name))
	}
	return lines
}

func (r *Rotation) leftovers(resumes bool) []i18n.Message {
	untouched, absent := "left.same", "left.absent"
	if r.Key != nil {
		untouched = "left.rotation"
	}
	if resumes {
		absent = "left.env_absent"
	}
	return append(r.LeftLines(), r.LeftLine(untouched, absent))
}

func (r *Rotation) summary() []i18n.Message {
	return slices.Concat(r.Lines(), r.DemoLines(), r.remaining()[1:])
}
