package verification

import (
	"errors"

	"cozejwt/internal/credentials"
	"cozejwt/internal/exchange"
	"cozejwt/internal/fault"
	"cozejwt/keygen"
)

// An object is a file that a check looks at, which credentials of the environment may lack.
type object int

const (
	anything object = iota
	envFile         // the .env
	keyFile         // the file of the private key
)

// missing is the fault of an object that is not there by the way the credentials are given, nil
// where it has to be there.
func (c *run) missing(o object) *fault.Fault {
	switch {
	case c.Environment == nil || o == anything:
		return nil
	case o == envFile:
		return errNoEnvFile
	case c.Environment.KeyName != "":
		return errNoKeyFile.With("name", c.Environment.KeyName)
	}
	return nil
}

var (
	errNoEnvFile = fault.Invalid("verify.no_env_file")
	errNoKeyFile = fault.Invalid("verify.no_key_file")
)

// prevented reports whether a check that others wait for keeps them from being made: one without
// an object does not.
func (r Result) prevented() bool {
	return r.Status == Fail || r.Status == Skip && !errors.Is(r.Fault, errNoEnvFile) && !errors.Is(r.Fault, errNoKeyFile)
}

// know keeps the credentials that are checked.
func (c *run) know(set credentials.Set, names credentials.Convention) {
	if c.APIBase != "" {
		set = c.AtBase(set, c.APIBase)
	}
	set.Override(c.Override)
	c.known.set, c.known.names, c.known.keyFile = set, names, set.KeyFile(c.EnvPath)
}

// written is the value of a variable as it stands in the .env, or in the environment.
func (c *run) written(name string) string {
	if c.Environment != nil {
		return c.Getenv(name)
	}
	value, _ := c.known.file.Get(name)
	return value
}

// held is the file that the credentials are in, or the environment in its place.
func (c *run) held() credentials.EnvFile {
	if c.Environment != nil {
		return c.Environment.EnvFile
	}
	return credentials.FromFile(c.EnvPath, c.known.file)
}

// keyText checks a key that a variable of the environment holds. This program reads it in any
// form; what an SDK takes there depends on the code that passes it on.
func (c *run) keyText() Result {
	key, err := exchange.EnvironmentKey(*c.Environment)
	if errors.Is(err, keygen.ErrWeak) {
		c.known.weak = true
		return passed("form", "PEM")
	}
	if ft, ok := errors.AsType[*fault.Fault](err); ok {
		return failed(ft)
	}
	c.known.key = key
	return passed("form", string(key.Form))
}

func (c *run) loadKey() (*keygen.Key, error) {
	if c.Environment != nil {
		return exchange.EnvironmentKey(*c.Environment)
	}
	return keygen.LoadInUse(c.known.keyFile)
}
