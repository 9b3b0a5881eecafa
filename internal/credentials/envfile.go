package credentials

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cozejwt/envfile"
	"cozejwt/internal/fault"
	"cozejwt/internal/secret"
)

// An EnvFile is a .env file and the set in it.
type EnvFile struct {
	Path        string // of the file
	Set         Set
	Conventions []Convention // that name this very set, the one that counts first; empty where the file holds none

	// Second is another set that stands in the file under the other convention.
	Second *EnvFile

	written string       // the path of the key as it stands in the file
	refused *fault.Fault // of a variable whose value can be no id and no path, nil for none
}

// Load reads the set that the .env file at path holds. The errors are those of [envfile.Load].
func Load(path string) (EnvFile, error) {
	f, err := envfile.Load(path)
	if err != nil {
		return EnvFile{}, err
	}
	return FromFile(path, f), nil
}

// FromFile is Load for a file that was read.
func FromFile(path string, f *envfile.File) EnvFile {
	e := EnvFile{Path: path}
	set, convention, ok := Read(f)
	e.Set = set
	if !ok {
		return e
	}
	e.Conventions = []Convention{convention}
	e.written = f.Written(convention.VarName(KeyPath))
	_, e.refused = RefusedIn(f, convention)
	for _, c := range Conventions {
		other, found := readAs(f.Get, c)
		switch {
		case c == convention || found == 0:
		case e.Equal(EnvFile{Path: path, Set: other}):
			e.Conventions = append(e.Conventions, c)
		default:
			e.Second = &EnvFile{Path: path, Set: other, Conventions: []Convention{c}}
		}
	}
	return e
}

// Found reports whether the file holds a set, or a part of one.
func (e EnvFile) Found() bool { return e.Conventions != nil }

// KeyFile is where the set's private key is, "" where none is named.
func (e EnvFile) KeyFile() string { return e.Set.KeyFile(e.Path) }

var (
	// ErrEnvKeyText is the fault of a .env that holds text of a key.
	ErrEnvKeyText = fault.Invalid("env.key_text")
	// ErrEnvToken is the fault of a .env that holds a token where an id or a path belongs.
	ErrEnvToken = fault.Invalid("env.token")
)

// Refused is the fault of a file that holds a key, a token or a control character where an
// id or a path belongs; nil for none.
func (e EnvFile) Refused() error {
	if e.refused == nil {
		return nil
	}
	return e.refused.With("path", e.Path)
}

// Validate returns the fault of a file whose set is not complete, or whose key is said to be
// in a home folder that nothing expands, or whose optional values cannot be right; nil for none.
func (e EnvFile) Validate() error {
	if err := e.Refused(); err != nil {
		return err
	}
	if missing := e.Missing(); missing != nil {
		return fault.Invalid("env.incomplete", "path", e.Path, "name", missing[0])
	}
	if is := e.inHome(); is != nil {
		return is
	}
	_, err := e.Set.CheckOptional()
	return err
}

// Missing lists the variables that are required and have no value.
func (e EnvFile) Missing() []string {
	convention := Default
	if e.Found() {
		convention = e.Conventions[0]
	}
	var names []string
	for _, row := range Variables {
		if *row.at(&e.Set) == "" && !row.Optional {
			names = append(names, row.Names[convention])
		}
	}
	return names
}

// Equal reports whether two files hold the same set, however the path of the
// key and the API base are written.
func (e EnvFile) Equal(other EnvFile) bool { return e.Normal() == other.Normal() }

// Normal returns the set as Equal compares it: with the absolute path of the key, and the API base
// without a slash at its end.
func (e EnvFile) Normal() Set {
	s := e.Set
	s.KeyPath, s.APIBase = e.KeyFile(), strings.TrimRight(s.APIBase, "/")
	return s
}

// Profile is the NAME of a profile .env.NAME, "" if the file is not a profile.
func (e EnvFile) Profile() string { return profileName(e.Path) }

func profileName(path string) string {
	name, ok := strings.CutPrefix(filepath.Base(path), ".env.")
	if !ok || IsTemplate(path) || name == "local" { // read on top of .env by many frameworks
		return ""
	}
	return name
}

// ProfilePath is the file of a profile of the project folder dir.
func ProfilePath(dir, name string) string { return filepath.Join(dir, ".env."+name) }

// CheckProfile returns the fault of a name that cannot be a profile's.
func CheckProfile(name string) error {
	if name != filepath.Base(name) || strings.ContainsAny(name, `/\`) || profileName(".env."+name) == "" || secret.In(name) != secret.None {
		return fault.Usage("profile.name", "profile", name)
	}
	return nil
}

// IsTemplate reports whether a .env file is an example, a backup or a temporary file, by its name.
func IsTemplate(path string) bool {
	name := filepath.Base(path)
	parts := strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune(".-_", r) })
	return strings.HasSuffix(name, "~") || slices.ContainsFunc(parts, func(part string) bool {
		return slices.Contains([]string{"example", "sample", "template", "dist", "bak", "tmp"}, part)
	})
}

// Files lists the .env files of a folder that may hold a set: .env first, then
// .env.NAME in the order of their names. A name that is a secret is left out: names are
// shown, and given to git.
func Files(dir string) []string {
	entries, _ := os.ReadDir(dir) // in the order of names
	var paths []string
	for _, e := range entries {
		name := e.Name()
		if !e.IsDir() && !IsTemplate(name) && !envfile.HasControl(name) && secret.In(name) == secret.None && (name == ".env" || strings.HasPrefix(name, ".env.")) {
			paths = append(paths, filepath.Join(dir, name))
		}
	}
	return paths
}

// Profiles lists the files of Files that are profiles.
func Profiles(dir string) []string {
	return slices.DeleteFunc(Files(dir), func(path string) bool { return profileName(path) == "" })
}
