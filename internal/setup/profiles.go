package setup

import (
	"context"
	"crypto/rsa"
	"errors"
	"sync"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/fault"
	"cozejwt/keygen"
)

// A Profile is a credential set of a project and what is known of it.
type Profile struct {
	credentials.EnvFile
	Region   coze.Region
	Active   bool         // the .env holds this very set
	Flaw     *fault.Fault // why it cannot be used as it is; nil: nothing is seen
	LastTest *TestResult  // its last live test; nil: none is known
	Failed   *diagnosis.Diagnosis

	key *rsa.PrivateKey
}

// Profiles lists the sets of the project folder dir: the .env first, where it
// holds one, then the profiles.
func (e Deps) Profiles(dir, envPath string) []Profile {
	var all []Profile
	active, _ := credentials.Load(envPath)
	if active.Found() {
		all = append(all, e.profile(active, active))
	}
	for _, path := range credentials.Profiles(dir) {
		held, err := credentials.Load(path)
		if path == envPath || err == nil && !held.Found() {
			continue // some other program's
		}
		p := e.profile(held, active)
		p.Path = path
		if f, ok := errors.AsType[*fault.Fault](err); ok {
			p.Flaw = f
		}
		all = append(all, p)
	}
	return all
}

func (e Deps) profile(held, active credentials.EnvFile) Profile {
	p := Profile{EnvFile: held, Active: active.Found() && held.Equal(active)}
	base, err := coze.ParseBase(held.Set.APIBase)
	if err == nil {
		p.Region = coze.RegionOf(base)
		if e.IsSandbox != nil && e.IsSandbox(base) {
			p.Region = coze.Sandbox
		}
	}
	if missing := held.Validate(); missing != nil {
		err = missing
	}
	if err == nil {
		err = p.load()
	}
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		p.Flaw = f
	}
	if p.key == nil {
		return p
	}
	if t, ok := e.LastTestResult(held.Set, &p.key.PublicKey); ok {
		p.LastTest = &t
	}
	return p
}

// load reads the key, and the public key beside it where there is one.
func (p *Profile) load() error {
	file := p.KeyFile()
	key, err := keygen.Load(file)
	if errors.Is(err, keygen.ErrAbsent) {
		return keygen.Absent(file, file)
	}
	if err != nil {
		return err
	}
	p.key = key.Private
	public, err := keygen.LoadPublic(keygen.PublicPath(file))
	if err == nil && !keygen.IsPair(key.Private, public) {
		return fault.Invalid("key.no_pair", "path", file, "public", keygen.PublicPath(file))
	}
	return nil
}

// Try asks for a token for each set that has a key, side by side, and reports
// each as its answer comes. It returns how the first failure, if any, is
// classed: what the service refuses outweighs what could not be asked.
func (e Deps) Try(ctx context.Context, all []Profile, report func(Profile)) error {
	var group sync.WaitGroup
	var mu sync.Mutex
	for i := range all {
		p := &all[i]
		group.Go(func() {
			e.try(ctx, p)
			mu.Lock()
			defer mu.Unlock()
			report(*p)
		})
	}
	group.Wait()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return worst(all)
}

func (e Deps) try(ctx context.Context, p *Profile) {
	if p.key == nil {
		return
	}
	_, err := e.grant(ctx, p.Set, p.key)
	p.LastTest = nil
	if t, ok := e.LastTestResult(p.Set, &p.key.PublicKey); ok {
		p.LastTest = &t
	}
	if err != nil {
		d := diagnosis.Diagnose(err, diagnosis.Facts{Region: p.Region, Base: p.Set.APIBase, AppID: p.Set.AppID, KeyID: p.Set.KeyID, Now: e.Now()})
		p.Failed = &d
	}
}

// ErrSomeFail is the fault of sets of which not all work.
var ErrSomeFail = fault.Invalid("profiles.some_fail")

func worst(all []Profile) error {
	var unreachable error
	for _, p := range all {
		switch {
		case p.Flaw != nil, p.Failed != nil && p.Failed.Class() != fault.ClassUnreachable:
			return ErrSomeFail
		case p.Failed != nil:
			unreachable = p.Failed.Err
		}
	}
	return unreachable
}
