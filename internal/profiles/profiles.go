// Package profiles knows the credentials of a project: the .env, the profiles
// beside it, the keys that they use, and how sets come in from other files.
package profiles

import (
	"context"
	"crypto/rsa"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/exchange"
	"cozejwt/internal/fault"
	"cozejwt/keygen"
)

// A Profile is the credentials in one .env and what is known of them.
type Profile struct {
	credentials.EnvFile
	Region   coze.Region
	Active   bool                 // the .env holds this very set
	Flaw     *fault.Fault         // why it cannot be used as it is; nil: nothing is seen
	LastTest *exchange.TestResult // its last live test; nil: none is known
	Failed   *diagnosis.Diagnosis

	key *rsa.PrivateKey
}

// List lists the sets of the project folder dir: the .env first, where it
// holds one, then the profiles.
func List(x exchange.Exchanger, dir, envPath string) []Profile {
	var all []Profile
	active, err := credentials.Load(envPath)
	if f, ok := errors.AsType[*fault.Fault](err); ok && !errors.Is(err, fs.ErrNotExist) {
		all = append(all, Profile{EnvFile: credentials.EnvFile{Path: envPath}, Flaw: f})
	}
	if active.Found() {
		all = append(all, describe(x, active, active))
	}
	for _, path := range credentials.Profiles(dir) {
		held, err := credentials.Load(path)
		if path == envPath || err == nil && !held.Found() {
			continue // some other program's
		}
		p := describe(x, held, active)
		p.Path = path
		if f, ok := errors.AsType[*fault.Fault](err); ok {
			p.Flaw = f
		}
		all = append(all, p)
	}
	return all
}

func describe(x exchange.Exchanger, held, active credentials.EnvFile) Profile {
	p := Profile{EnvFile: held, Active: active.Found() && held.Equal(active)}
	base, err := coze.ParseBase(held.Set.APIBase)
	if err == nil {
		p.Region = x.RegionOf(base)
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
	if p.key != nil {
		p.LastTest = x.LastTestResult(held.Set, &p.key.PublicKey)
	}
	return p
}

// load reads the key, and the public key beside it where there is one.
func (p *Profile) load() error {
	file := p.KeyFile()
	key, err := keygen.Load(file)
	if errors.Is(err, keygen.ErrAbsent) {
		if misplaced := p.Misplaced(); misplaced != nil {
			return misplaced
		}
		return keygen.Absent(file, file, filepath.Dir(p.Path))
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

// Try requests a token for each set that has a key, [coze.MostAtOnce] at the same time, and reports
// every profile, one at a time. It returns ErrSomeFail if a profile is flawed or refused, else the error
// of a host that could not be reached.
func Try(ctx context.Context, x exchange.Exchanger, all []Profile, report func(Profile)) error {
	var mu sync.Mutex
	coze.SideBySide(len(all), coze.MostAtOnce, func(i int) {
		try(ctx, x, &all[i])
		mu.Lock()
		defer mu.Unlock()
		report(all[i])
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return worst(all)
}

func try(ctx context.Context, x exchange.Exchanger, p *Profile) {
	if p.key == nil {
		return
	}
	_, err := x.Test(ctx, p.Set, p.key)
	p.LastTest = x.LastTestResult(p.Set, &p.key.PublicKey)
	if err != nil {
		facts := diagnosis.OfExchange(p.Region, p.Set, x.Now())
		facts.Worked = x.LastWorked(p.Set, &p.key.PublicKey)
		d := diagnosis.Diagnose(err, facts)
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

// Free returns the file for a new profile that is named like name.
func Free(dir, name string) string {
	path, _ := freeFrom(dir, name, 1)
	return path
}

// freeFrom is Free from the nth name on: name, name-2, name-3.
func freeFrom(dir, name string, n int) (path string, at int) {
	for ; ; n++ {
		path := credentials.ProfilePath(dir, name)
		if n > 1 {
			path = credentials.ProfilePath(dir, name+"-"+strconv.Itoa(n))
		}
		if !exists(path) {
			return path, n
		}
	}
}

// Names lists the names of the profiles in the project folder dir.
func Names(dir string) []string {
	var names []string
	for _, path := range credentials.Profiles(dir) {
		names = append(names, credentials.EnvFile{Path: path}.Profile())
	}
	return names
}

// exists says no where that cannot be told, as for a name that is too long:
// writing there says why.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
