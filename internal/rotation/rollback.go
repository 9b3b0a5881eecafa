package rotation

import (
	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/paths"
	"cozejwt/internal/review"
	"cozejwt/internal/steps"
	"cozejwt/keygen"
)

// A Rollback is one run of the plan "back to the previous key".
type Rollback struct {
	steps.Base
	steps.Switch
	back map[string]credentials.Set // what each .env named before the rotation, by its path
	with []credentials.EnvFile      // the other .env files that go back
}

// ErrNoWayBack is the fault of a .env whose current key no recorded rotation introduced.
var ErrNoWayBack = fault.Invalid("rollback.nothing")

// OpenRollback begins the way back to the key that the last rotation replaced. The errors are
// ErrNoWayBack, those of [steps.OpenComplete], and those of [keygen.Load] for the previous key.
func OpenRollback(deps steps.Deps, dir, envPath string) (*Rollback, error) {
	project, err := steps.OpenComplete(deps, dir, envPath)
	if err != nil {
		return nil, err
	}
	last, ok := lastRotation(project)
	if !ok {
		return nil, ErrNoWayBack.With("path", project.Display(envPath))
	}
	key, err := keygen.Load(last.Previous.File)
	if err != nil {
		return nil, err
	}
	r := &Rollback{Base: steps.NewBase(project), back: map[string]credentials.Set{}}
	r.Switch = steps.NewSwitch(&r.Base, &r.Existing.Set, func() []string { return pathsOf(r.with) }, r.planReview, nil)
	r.Preselect()
	r.KeyID, r.KeyFile, r.Key = last.Previous.KeyID, last.Previous.File, key.Private
	r.goBack(last)
	if base, err := coze.ParseBase(r.back[envPath].APIBase); err == nil {
		r.SetBase(base)
	}
	r.Run = project.NewRun(flow.Plan{
		Name:    "rollback",
		Steps:   []flow.Step{r.TestStep(true), r.Step(), r.DoneStep(r.done)},
		Summary: r.Lines, Leftovers: r.LeftAsItWas, Diagnose: r.DiagnoseSwitch, Console: r.Page,
	})
	return r, nil
}

// goBack finds the files that are as the rotation has left them: the others were changed since
// and are left alone.
func (r *Rollback) goBack(last Record) {
	for _, f := range last.Files {
		if paths.Same(f.Path, r.EnvPath) {
			f.Path = r.EnvPath
		}
		held, err := credentials.Load(f.Path)
		if err != nil || held.Set.KeyID != last.New.KeyID || !paths.Same(held.KeyFile(), last.New.File) {
			continue
		}
		r.back[f.Path] = f.Previous
		if f.Path != r.EnvPath {
			r.with = append(r.with, held)
		}
	}
}

// lastRotation finds the rotation that has made the .env what it is.
func lastRotation(p steps.Project) (Record, bool) {
	for _, r := range Records(p.StateDir, p.EnvPath) {
		if r.New.KeyID == p.Existing.Set.KeyID && paths.Same(r.New.File, p.Existing.KeyFile()) {
			return r, true
		}
	}
	return Record{}, false
}

// planReview puts each file back as it was written.
func (r *Rollback) planReview() flow.Job {
	targets := []review.Target{r.Target(r.back[r.EnvPath])}
	for _, f := range r.with {
		targets = append(targets, review.Target{Path: f.Path, Set: r.back[f.Path], Conventions: f.Conventions, Was: &f})
	}
	return r.PlanReview(nil, review.Plan{Targets: targets})
}

// done says which key the .env uses now, and what to do with the newer one that it no longer uses.
func (r *Rollback) done() []i18n.Message {
	newer := r.Existing.KeyFile()
	next := i18n.Msg("rolled_back.next", "path", r.Display(r.EnvPath), "newer_id", r.Existing.Set.KeyID, "file", r.Display(newer))
	if console, ok := r.Console().Later(); ok {
		next = i18n.Msg("rolled_back.next_at", next.Pairs...).Within("console", console)
	}
	return []i18n.Message{
		i18n.Msg("rolled_back.live", "path", r.Display(r.EnvPath), "key_id", r.KeyID),
		i18n.Msg("rolled_back.from", "newer_id", r.Existing.Set.KeyID, "file", r.Display(newer)), next,
	}
}
