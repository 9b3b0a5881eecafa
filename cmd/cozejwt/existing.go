package main

import (
	"context"
	"os"

	"cozejwt/envfile"
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
	written     credentials.EnvFile      // of the .env as it was read, with its own API base
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
	file, unread := a.readEnv()
	environment, err := a.environmentBeside(ctx, file, unread)
	if err != nil || environment != nil {
		e := existing{environment: environment}
		if environment != nil {
			e.EnvFile = environment.EnvFile
		}
		return e, err
	}
	switch {
	case unread != nil:
		return existing{}, unread
	case file == nil:
		return existing{}, fault.Invalid("env.absent", "path", a.envPath())
	}
	written := credentials.FromFile(a.envPath(), file)
	held := written
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
	return existing{EnvFile: held, written: written}, err
}

// readEnv reads the .env, nil for none.
func (a *app) readEnv() (*envfile.File, error) {
	if _, err := os.Stat(a.envPath()); err != nil {
		return nil, nil
	}
	return envfile.Load(a.envPath())
}

// environment returns the credentials of the environment where they stand in for the .env, nil
// where the .env counts: it was named, it holds one of our variables, or there are none in the
// environment. The two are never mixed, so that nobody has to guess where a value is from.
func (a *app) environment(ctx context.Context) (*credentials.Environment, error) {
	file, err := a.readEnv()
	return a.environmentBeside(ctx, file, err)
}

// environmentBeside is environment for what readEnv has returned.
func (a *app) environmentBeside(ctx context.Context, file *envfile.File, unread error) (*credentials.Environment, error) {
	if a.envFile != "" || a.profile != "" || unread != nil || file != nil && credentials.InFile(file) {
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
