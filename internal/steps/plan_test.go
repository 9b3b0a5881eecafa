package steps_test

import (
	"context"
	"crypto/rsa"
	"path/filepath"
	"slices"
	"testing"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/review"
	"cozejwt/internal/steps"
	"cozejwt/internal/testplan"
	"cozejwt/keygen"
)

// A plan is made of the shared steps and nothing else.
type plan struct {
	steps.Base
	steps.Keys
	keep   *steps.Previous
	beside string // the folder of a new key, "" for none
}

// open is a plan for the .env of a world.
func open(w *testplan.World) *plan {
	w.T.Helper()
	project, err := steps.OpenProject(w.Deps(), w.Dir, w.Env())
	testplan.Must(w.T, err)
	p := &plan{Base: steps.NewBase(project)}
	p.Keys = steps.NewKeys(&p.Base, func() string { return p.beside })
	p.KeyFile = w.Path("config/private_key.pem")
	say := func(id string) func() []i18n.Message {
		return func() []i18n.Message { return []i18n.Message{i18n.Msg(id)} }
	}
	p.Run = project.NewRun(flow.Plan{Name: "shared", Steps: []flow.Step{
		{ID: steps.Region},
		p.Keys.Step(say("key.brief")),
		p.UploadStep(steps.Uploading{Intro: say("upload.brief"), Left: func() (flow.Todo, []flow.Exhibit) { return flow.Todo{i18n.Msg("upload.todo.authorize")}, nil }, MakesApp: true, Fixes: []diagnosis.FixAt{diagnosis.AtUpload}}),
		p.ValueStep(credentials.AppID, diagnosis.AtAppID),
		p.ValueStep(credentials.KeyID, diagnosis.AtKeyID),
		p.ReviewStep(nil, p.planReview, p.Apply),
		p.TestStep(true),
		p.DoneStep(say("done.dry")),
	}})
	return p
}

func (p *plan) planReview() flow.Job {
	target := review.Target{Path: p.EnvPath, Set: p.Values(), Conventions: p.Conventions()}
	return p.PlanReview(p.keep, review.Plan{Targets: []review.Target{target}, Key: review.Saved})
}

// in is a plan in the sandbox of a world.
func in(w *testplan.World) *plan {
	p := open(w)
	p.ChooseBase(coze.Sandbox, w.Coze.Base)
	return p
}

// do walks steps without an answer of a person.
func (p *plan) do(t *testing.T, ids ...string) {
	t.Helper()
	for _, id := range ids {
		testplan.Must(t, testplan.Do(p, id, nil))
	}
}

// saved puts a key into a file of the project.
func saved(w *testplan.World, name string, key *rsa.PrivateKey) string {
	w.T.Helper()
	_, err := keygen.Save(w.Path(name), key, keygen.Refuse, w.Now)
	testplan.Must(w.T, err)
	return w.Path(name)
}

// asked are the ids of the questions of a step.
func asked(t *testing.T, p *plan, id string) []string {
	t.Helper()
	var ids []string
	for _, f := range testplan.Ask(t, p, id) {
		ids = append(ids, f.ID)
	}
	return ids
}

// question is the one of an id that a step asks, as it stands.
func question(t *testing.T, p *plan, step, id string) flow.Field {
	t.Helper()
	for _, f := range p.Ask(testplan.Step(p, step)) {
		if f.ID == id {
			return f
		}
	}
	t.Fatalf("%s does not ask %s", step, id)
	return flow.Field{}
}

// said are the ids of texts.
func said(all []i18n.Message) []string {
	var ids []string
	for _, m := range all {
		ids = append(ids, m.ID)
	}
	return ids
}

func want(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// files are the names of what is in a folder of a project.
func files(w *testplan.World, pattern string) []string {
	var names []string
	found, _ := filepath.Glob(w.Path(pattern))
	for _, path := range found {
		names = append(names, filepath.Base(path))
	}
	return names
}

var background = context.Background()
