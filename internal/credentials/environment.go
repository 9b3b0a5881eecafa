package credentials

import (
	"slices"
	"strings"

	"cozejwt/envfile"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/internal/secret"
)

// An Environment is the set that the variables of the process hold, as in CI and in
// containers, where there is no .env. Unlike a .env, it may hold the private key itself.
type Environment struct {
	EnvFile // its Path is the .env that does not hold the set; a relative key path is relative to its folder

	KeyName string        // the variable that holds the private key, "" where a path says where it is
	KeyText secret.String // its text: PEM, also with \n in place of line breaks, or Base64 of it
	Names   []string      // the variables that are read, in the order of Variables
}

// keyNames are the variables that hold a private key, in each convention, the one that counts
// first where several are set.
var keyNames = map[Convention][]string{
	Default: {"COZE_PRIVATE_KEY", "COZE_PRIVATE_KEY_BASE64"},
	SDK:     {"COZE_JWT_OAUTH_PRIVATE_KEY", "COZE_JWT_OAUTH_PRIVATE_KEY_BASE64"},
}

// FromEnvironment reads the set that the environment holds; ok is false where it holds nothing of
// one. EnvPath is the .env in whose place it is read. A variable that is empty counts as one that
// is not set: that is how CI passes on a secret that does not exist. Where both conventions are
// there, the fuller one counts. A key in the environment counts before a path.
func FromEnvironment(envPath string, getenv func(string) string) (e Environment, ok bool) {
	most := 0
	for _, c := range Conventions {
		if other, found := environmentAs(envPath, getenv, c); found > most {
			most, e = found, other
		}
	}
	return e, most > 0
}

func environmentAs(envPath string, getenv func(string) string, c Convention) (e Environment, found int) {
	get := func(name string) (string, bool) { return getenv(name), true }
	e.Path, e.Conventions = envPath, []Convention{c}
	e.Set, found = readAs(get, c)
	for _, name := range keyNames[c] {
		if text := getenv(name); text != "" {
			e.KeyName, e.KeyText = name, secret.New(text)
			e.Set.KeyPath = ""
			found++
			break
		}
	}
	_, e.refused = refusedIn(get, c)
	e.written = e.Set.KeyPath
	for _, row := range Variables {
		switch name := row.Names[c]; {
		case row.Field == KeyPath && e.KeyName != "":
			e.Names = append(e.Names, e.KeyName)
		case getenv(name) != "":
			e.Names = append(e.Names, name)
		}
	}
	return e, found
}

// The faults of an environment: one that lacks variables, a value that holds a key, a token or a
// control character where an id or a path belongs, and a home folder that nothing expands.
var (
	ErrEnvironmentIncomplete = fault.Usage("environment.incomplete")
	ErrEnvironmentValue      = fault.Usage("environment.value")
	ErrEnvironmentHome       = fault.Usage("environment.home")
)

// Missing lists the variables that are required and have no value. Any of the variables that a
// key can come from stands for it.
func (e Environment) Missing() []string {
	c := e.Conventions[0]
	missing := e.EnvFile.Missing()
	at := slices.Index(missing, c.VarName(KeyPath))
	switch {
	case at < 0:
	case e.KeyName != "":
		missing = slices.Delete(missing, at, at+1)
	default:
		missing[at] = keyNames[c][0]
	}
	return missing
}

// Validate returns the fault of an environment whose set is not complete, or has a value that
// can be no id and no path; nil for neither.
func (e Environment) Validate() error {
	c := e.Conventions[0]
	if e.refused != nil {
		return ErrEnvironmentValue.With("name", e.refused.Value("name"), "key", keyNames[c][0])
	}
	if missing := e.Missing(); len(missing) > 0 {
		return ErrEnvironmentIncomplete.With("names", i18n.List(missing), "key", keyNames[c][0], "text", i18n.List(keyNames[c]), "file", c.VarName(KeyPath))
	}
	if is := e.inHome(); is != nil {
		return ErrEnvironmentHome.With(is.Pairs...)
	}
	return nil
}

// InFile reports whether a .env holds one of our variables, and so is the one that counts. A variable
// without a value counts too, so that a file and the environment are never mixed.
func InFile(f *envfile.File) bool {
	for _, c := range Conventions {
		for _, name := range slices.Concat(c.VarNames(), keyNames[c]) {
			if _, there := f.Get(name); there {
				return true
			}
		}
	}
	return false
}

// IsPrivateKeyName reports whether a variable holds a private key or says where one is.
func IsPrivateKeyName(name string) bool {
	name = strings.ToUpper(name) // Windows does not tell the cases apart
	return slices.ContainsFunc(Conventions, func(c Convention) bool { return strings.HasPrefix(name, keyNames[c][0]) })
}
