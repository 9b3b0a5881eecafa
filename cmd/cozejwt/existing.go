package main

import (
	"context"
	"os"

	"cozejwt/internal/credentials"
	"cozejwt/internal/exchange"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/keygen"
)

// existing are the credentials that a command uses: those of the .env, or of the environment
// where there is no .env that holds any.
type existing struct {
	credentials.EnvFile
	environment *credentials.Environment // nil where they are those of the .env
}

// key reads the private key.
func (e existing) key() (*keygen.Key, error) {
	if e.environment != nil {
		return exchange.EnvironmentKey(*e.environment)
	}
	return keygen.LoadInUse(e.KeyFile())
}

// existing reads the credentials, with the API base that the flags ask for in place of their own.
func (a *app) existing(ctx context.Context) (existing, error) {
	environment, err := a.environment(ctx)
	if err != nil || environment != nil {
		e := existing{environment: environment}
		if environment != nil {
			e.EnvFile = environment.EnvFile
		}
		return e, err
	}
	path := a.envPath()
	if _, err := os.Stat(path); err != nil {
		return existing{}, fault.Invalid("env.absent", "path", path)
	}
	held, err := credentials.Load(path)
	if err != nil {
		return existing{}, err
	}
	base, err := a.wantedBase(ctx)
	if err != nil {
		return existing{}, err
	}
	if base != "" {
		held.Set = a.env().AtBase(held.Set, base)
	}
	if err := held.Validate(); err != nil {
		return existing{}, err
	}
	held.Set, err = held.Set.CheckOptional()
	return existing{EnvFile: held}, err
}

// environment returns the credentials of the environment where they stand in for the .env, nil
// where the .env counts: it was named, it holds one of our variables, or there are none in the
// environment. The two are never mixed, so that nobody has to guess where a value is from.
func (a *app) environment(ctx context.Context) (*credentials.Environment, error) {
	if a.envFile != "" || a.profile != "" || credentials.InFile(a.envPath()) {
		return nil, nil
	}
	environment, found := credentials.FromEnvironment(a.envPath(), a.getenv)
	if !found {
		return nil, nil
	}
	base, err := a.wantedBase(ctx)
	if err != nil {
		return nil, err
	}
	if base != "" {
		environment.Set = a.env().AtBase(environment.Set, base)
	}
	if err := environment.Validate(); err != nil {
		return nil, err
	}
	if environment.Set, err = environment.Set.CheckOptional(); err != nil {
		return nil, err
	}
	if !a.saidSource {
		a.say("environment.used", "names", i18n.List(environment.Names))
		a.saidSource = true
	}
	return &environment, nil
}
