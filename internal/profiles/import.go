package profiles

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cozejwt/envfile"
	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/exchange"
	"cozejwt/internal/fault"
	"cozejwt/internal/formats"
	"cozejwt/internal/keyfile"
	"cozejwt/internal/paths"
	"cozejwt/keygen"
)

// An Imported is a set that was taken out of a file, and the profile that it
// became.
type Imported struct {
	formats.Found
	Profile Profile
	Known   bool           // a profile held it already, so nothing was written
	Saved   *keygen.Saved  // the key file that was made of key text
	Notes   []*fault.Fault // what the person should check
}

// Import makes each set in the file at path a profile of the project folder dir. The
// only existing file that it changes is .gitignore. Base is the API base
// for sets that name none, "" for none; name is what to call the set where the
// file holds one, "" to call it after its place. Where git cannot be made to ignore what
// is written, the error is [keyfile.Unignored].
func Import(x exchange.Exchanger, dir, path, base, name string) ([]Imported, error) {
	return importAll(x, dir, path, base, name, false)
}

// ImportUnignored is Import after a person has agreed to files that git does not ignore.
func ImportUnignored(x exchange.Exchanger, dir, path, base, name string) ([]Imported, error) {
	return importAll(x, dir, path, base, name, true)
}

func importAll(x exchange.Exchanger, dir, path, base, name string, unignored bool) ([]Imported, error) {
	found, err := read(dir, path, name)
	if err != nil {
		return nil, err
	}
	imports := make([]Imported, len(found))
	for i, f := range found {
		if name != "" {
			f.Name = name
		}
		if imports[i], err = importOne(x, dir, path, base, f, unignored); err != nil {
			return imports[:i], err
		}
	}
	return imports, nil
}

// CheckImport says why Import could not read a file, and writes nothing.
func CheckImport(dir, path, name string) error {
	_, err := read(dir, path, name)
	return err
}

// read finds the sets in a file, and looks whether each could be written.
func read(dir, path, name string) ([]formats.Found, error) {
	if name == "" && paths.Same(path, filepath.Join(dir, ".env")) {
		return nil, fault.Usage("import.current", "path", path)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil, fault.Usage("import.folder", "path", path)
	}
	data, err := envfile.Read(path)
	if err != nil {
		return nil, fault.Unreadable(path, err)
	}
	found, err := formats.Read(path, data, projectVariables(dir))
	if err != nil {
		return nil, err
	}
	if name != "" && len(found) > 1 {
		return nil, fault.Usage("import.several", "profile", name, "path", path)
	}
	for _, f := range found {
		if !f.KeyText.IsZero() {
			if _, err := keygen.Parse([]byte(f.KeyText.Reveal())); err != nil {
				return nil, fault.At(path, err)
			}
		}
	}
	return found, nil
}

// projectVariables looks placeholders up in the environment, then in the .env. Only
// variables of Coze are: what fills a placeholder is sent to the host that the same file
// names, and other variables are other services' secrets.
func projectVariables(dir string) formats.Lookup {
	file, err := envfile.Load(filepath.Join(dir, ".env"))
	return func(name string) (string, bool) {
		if !strings.HasPrefix(strings.ToUpper(name), "COZE") {
			return "", false
		}
		if v, ok := os.LookupEnv(name); ok {
			return v, true
		}
		if err != nil {
			return "", false
		}
		return file.Get(name)
	}
}

func importOne(x exchange.Exchanger, dir, source, base string, f formats.Found, unignored bool) (Imported, error) {
	if credentials.CheckProfile(f.Name) != nil {
		f.Name = "imported" // such a file is read on top of .env, or by no one
	}
	made := Imported{Found: f, Notes: f.Doubts}
	keyFile, err := made.acquireKey(dir, source, x.Now(), unignored)
	if err != nil {
		return made, err
	}
	set := made.tidy(base)
	path := credentials.ProfilePath(dir, f.Name)
	if keyFile != "" {
		set.KeyPath = credentials.RelativeKeyPath(dir, path, keyFile)
	}
	held := credentials.EnvFile{Path: path, Set: set, Conventions: []credentials.Convention{credentials.Default}}
	if known, ok := heldAlready(dir, held); ok {
		made.Known, made.Profile = true, describe(x, known, credentials.EnvFile{})
		return made, nil
	}
	held.Path = Free(dir, f.Name)
	if err := writeProfile(dir, held, unignored); err != nil {
		return made, err
	}
	made.Profile = describe(x, held, credentials.EnvFile{})
	return made, nil
}

// tidy makes a set of what the file has, and notes what looks wrong in it.
func (m *Imported) tidy(base string) credentials.Set {
	note := func(err error) {
		if f, ok := errors.AsType[*fault.Fault](err); ok {
			m.Notes = append(m.Notes, f)
		}
	}
	set := m.Set
	for _, field := range credentials.Checked() {
		to := set.At(field)
		value, notice, err := credentials.Check(field, *to)
		switch {
		case err != nil && *to == "":
			continue // the profile's own flaw says so
		case err != nil:
			note(fault.Invalid("import.value", "where", m.Where, "field", string(field)).Because(err))
			*to = ""
			continue
		case notice != nil:
			m.Notes = append(m.Notes, notice)
		}
		*to = value
	}
	if base != "" && set.APIBase == "" {
		set.APIBase = base
	}
	if parsed, err := coze.ParseBase(set.APIBase); err == nil {
		set.APIBase = parsed
	} else if set.APIBase != "" {
		note(err)
	}
	return set
}

// acquireKey finds the private key that a set names, or makes a file of its text.
func (m *Imported) acquireKey(dir, source string, now time.Time, unignored bool) (file string, err error) {
	if !m.KeyText.IsZero() {
		key, err := keygen.Parse([]byte(m.KeyText.Reveal()))
		if err != nil {
			return "", fault.At(source, err)
		}
		folder := filepath.Join(dir, "config")
		file := filepath.Join(folder, "private_key_"+m.Name+".pem")
		if other, err := keygen.Load(file); exists(file) && (err != nil || !other.Private.Equal(key.Private)) {
			file = filepath.Join(folder, "private_key_"+m.Name+"_"+keygen.Fingerprint(&key.Private.PublicKey)[:8]+".pem")
		}
		saved, err := keyfile.Save(keyfile.Place{Project: dir, Path: file, Unignored: unignored}, key.Private, keygen.Refuse, now)
		if err != nil {
			return "", err
		}
		m.Saved = &saved
		return file, nil
	}
	if m.KeyPath == "" {
		return "", nil
	}
	candidates := keyCandidates(m.KeyPath, dir, filepath.Dir(source))
	if formats.IsEnv(source) { // where a relative path has one meaning
		folder, err := filepath.Abs(filepath.Dir(source))
		return credentials.Set{KeyPath: m.KeyPath}.KeyFile(filepath.Join(folder, ".env")), err
	}
	var there []string
	for _, path := range candidates {
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			there = append(there, path)
		}
	}
	switch {
	case len(there) == 0:
		return candidates[0], nil
	case len(there) > 1 && !paths.Same(there[0], there[1]):
		m.Notes = append(m.Notes, fault.Invalid("import.ambiguous", "path", m.KeyPath, "taken", there[0], "other", there[1]))
	}
	return there[0], nil
}

// keyCandidates are the places that a path in a configuration can mean: with
// Spring, classpath: is the resources folder, where the YAML lies too, and a
// plain path is relative to where the service was started.
func keyCandidates(path, dir, folder string) []string {
	folder, _ = filepath.Abs(folder)
	path, isResource := strings.CutPrefix(path, "classpath:")
	if !isResource {
		path = strings.TrimPrefix(strings.TrimPrefix(path, "file:"), "//")
	}
	path = filepath.FromSlash(path)
	if !isResource && filepath.IsAbs(path) {
		return []string{path}
	}
	path = strings.TrimLeft(path, `/\`)
	candidates := []string{filepath.Join(folder, path), filepath.Join(dir, path)}
	if !isResource {
		candidates[0], candidates[1] = candidates[1], candidates[0]
	}
	for up := filepath.Dir(folder); up != filepath.Dir(up); up = filepath.Dir(up) {
		candidates = append(candidates, filepath.Join(up, path))
	}
	return candidates
}

func heldAlready(dir string, wanted credentials.EnvFile) (credentials.EnvFile, bool) {
	for _, path := range credentials.Profiles(dir) {
		if held, err := credentials.Load(path); err == nil && held.Found() && held.Equal(wanted) {
			return held, true
		}
	}
	return credentials.EnvFile{}, false
}

// writeProfile makes the file of a profile, after git was told to ignore it.
func writeProfile(dir string, held credentials.EnvFile, unignored bool) error {
	f, err := envfile.Parse(nil)
	if err == nil {
		err = held.Set.Write(f, held.Conventions[0])
	}
	if err != nil {
		return fault.At(held.Path, err)
	}
	if err := ignore(dir, held.Path, held.KeyFile()); err != nil && !unignored {
		return err
	}
	if exists(held.Path) {
		return envfile.ErrChanged.With("path", held.Path)
	}
	return f.Save(held.Path, nil)
}

// ignore keeps files out of git, before there is a secret in them.
func ignore(dir string, paths ...string) error {
	for _, path := range paths {
		if err := keyfile.Ignore(dir, path); err != nil {
			return err
		}
	}
	return nil
}
