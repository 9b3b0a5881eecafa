package profiles

import (
	"cmp"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"cozejwt/envfile"
	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/demofile"
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
	Demo    bool           // the file is the console's demo file
	Known   bool           // a profile held it already, so nothing was written
	Saved   *keygen.Saved  // the key file that was made of key text
	Notes   []*fault.Fault // what the person should check
}

// ImportOptions say how a file is imported. The zero value asks nothing.
type ImportOptions struct {
	Base string // the API base for sets that name none, "" for none
	Name string // what to call the set where the file holds one, "" to call it after its place
	// Accept reports whether credentials that may be another product's are wanted; nil: no.
	Accept func(unsure *fault.Fault) bool
	// AskBase returns the API base of a set where nothing says which; nil: it stays empty.
	AskBase func(where string) (string, error)
	// Locked does what writes while no other run does; nil just does it.
	Locked func(do func() error) error
	// Unignored says that a person has agreed to files that git does not ignore.
	Unignored bool
	// Dry says that nothing is written. The profiles and keys returned are those that would be.
	Dry bool
	// Note gets what was found in the file and belongs to no profile; nil: nobody does.
	Note func(*fault.Fault)
}

// ErrUnsure is the fault of credentials that no word of Coze stands by.
var ErrUnsure = fault.Invalid("import.unsure")

// Import makes each set in the file at path a profile of the project folder dir. The only
// existing file that it changes is .gitignore. A file without a value makes none and is an
// error. Where git cannot be made to ignore what is written, the error is [keyfile.Unignored].
// All questions are asked before the first write.
func Import(x exchange.Exchanger, dir, path string, o ImportOptions) ([]Imported, error) {
	found, err := read(dir, path, &o)
	if err != nil {
		return nil, err
	}
	imports, sets := make([]Imported, len(found)), make([]credentials.Set, len(found))
	for i, f := range found {
		if imports[i], sets[i], err = prepare(x, path, o, f); err != nil {
			return nil, err
		}
	}
	saved := 0
	save := func() error {
		for there := heldIn(dir); saved < len(imports); saved++ {
			if err := imports[saved].save(x, dir, path, sets[saved], o, there); err != nil {
				return err
			}
		}
		return nil
	}
	if o.Locked == nil || o.Dry {
		err = save()
	} else {
		err = o.Locked(save)
	}
	return imports[:saved], err
}

// CheckImport says why Import could not read a file, and writes nothing. The errors are Import's.
func CheckImport(dir, path, name string) error {
	_, err := read(dir, path, &ImportOptions{Name: name, Accept: func(*fault.Fault) bool { return true }})
	return err
}

// read finds the sets in a file, and looks whether each could be written.
func read(dir, path string, o *ImportOptions) ([]formats.Found, error) {
	if o.Note == nil {
		o.Note = func(*fault.Fault) {}
	}
	if o.Name == "" && paths.Same(path, filepath.Join(dir, ".env")) {
		return nil, fault.Usage("import.current", "path", path)
	}
	all, err := setsOf(dir, path, o.Note)
	if err != nil {
		return nil, err
	}
	found, err := accepted(path, all, o)
	if err != nil {
		return nil, err
	}
	if o.Name != "" && len(found) > 1 {
		return nil, fault.Usage("import.several", "profile", o.Name, "path", path)
	}
	for _, f := range found {
		if f.KeyText.IsZero() {
			continue
		}
		if _, err := keygen.Parse([]byte(f.KeyText.Reveal())); err != nil {
			return nil, fault.At(path, err)
		}
	}
	return found, nil
}

// setsOf reads the sets of a file, and notes what else it holds.
func setsOf(dir, path string, note func(*fault.Fault)) ([]formats.Found, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil, fault.Usage("import.folder", "path", path)
	}
	data, read, err := content(path)
	if err != nil {
		return nil, err
	}
	reading, err := formats.Read(read, data, projectVariables(dir, filepath.Dir(path)))
	for _, n := range reading.Notes {
		note(n)
	}
	if err == nil || errors.Is(err, formats.ErrNoSet) {
		err = cmp.Or(notePersonalToken(path, data, reading.Sets), err)
	}
	return reading.Sets, err
}

// accepted are the sets that are Coze's, and those of which a person says so.
func accepted(path string, all []formats.Found, o *ImportOptions) ([]formats.Found, error) {
	var found []formats.Found
	var refused *fault.Fault
	for _, f := range all {
		unsure := ErrUnsure.With("path", path, "where", cmp.Or(f.Where, path), "names", strings.Join(f.Names(), ", "))
		if !f.Unsure || o.Accept != nil && o.Accept(unsure) {
			found = append(found, f)
			continue
		}
		refused = unsure
		if len(all) > 1 {
			o.Note(unsure)
		}
	}
	if len(found) == 0 {
		return nil, refused
	}
	return found, nil
}

// projectVariables looks variables up in the environment, then in the .env of the project and
// in that beside the file, which compose reads. Only variables of Coze are looked up: what fills
// a placeholder is sent to the host that the same file names, and other variables are other
// services' secrets. The home folder is no secret.
func projectVariables(dir, beside string) formats.Lookup {
	var files []*envfile.File
	for _, folder := range []string{dir, beside} {
		if file, err := envfile.Load(filepath.Join(folder, ".env")); err == nil {
			files = append(files, file)
		}
	}
	return func(name string) (string, bool) {
		if name == "HOME" || name == "user.home" {
			home, err := os.UserHomeDir()
			return home, err == nil
		}
		if !strings.HasPrefix(strings.ToUpper(name), "COZE") {
			return "", false
		}
		if v, ok := os.LookupEnv(name); ok {
			return v, true
		}
		for _, file := range files {
			if v, ok := file.Get(name); ok {
				return v, true
			}
		}
		return "", false
	}
}

// prepare is a set of the file as it will be written, at its API base.
func prepare(x exchange.Exchanger, source string, o ImportOptions, f formats.Found) (Imported, credentials.Set, error) {
	if o.Name != "" {
		f.Name = o.Name
	}
	if credentials.CheckProfile(f.Name) != nil {
		f.Name = "imported" // such a file is read on top of .env, or by no one
	}
	made := Imported{Found: f, Notes: slices.Concat(f.Doubts, f.Unused)}
	if made.Demo = demofile.Is(source); made.Demo {
		made.Notes = append(made.Notes, errDemo.With("key_id", f.KeyID))
	}
	set := made.tidy(source)
	base, err := made.base(set.APIBase, o)
	if err != nil {
		return made, set, err
	}
	if set = x.AtBase(set, base); set.Aud == coze.Audience(base) {
		set.Aud = "" // every client signs that by itself
	}
	return made, set, nil
}

// save writes the key and the profile, unless a profile holds them already.
func (m *Imported) save(x exchange.Exchanger, dir, source string, set credentials.Set, o ImportOptions, there held) error {
	keyFile, err := m.acquireKey(dir, source, x.Now(), o)
	if err != nil {
		return err
	}
	wanted := credentials.EnvFile{Path: credentials.ProfilePath(dir, m.Name), Conventions: []credentials.Convention{credentials.Default}}
	if keyFile != "" {
		set.KeyPath = credentials.RelativeKeyPath(dir, wanted.Path, keyFile)
	}
	wanted.Set = set
	if known, ok := there.bySet[wanted.Normal()]; ok {
		m.Known, m.Profile = true, describe(x, known, credentials.EnvFile{})
		return nil
	}
	wanted.Path = there.free(dir, m.Name)
	if !o.Dry {
		if err := writeProfile(dir, wanted, o.Unignored); err != nil {
			return err
		}
	}
	there.add(wanted.Path)
	m.Profile = describe(x, wanted, credentials.EnvFile{})
	return nil
}

// note adds what a person should check.
func (m *Imported) note(err error) {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		m.Notes = append(m.Notes, f)
	}
}

// tidy makes a set of what the file has, and notes what looks wrong in it.
func (m *Imported) tidy(source string) credentials.Set {
	set := m.Set
	for _, field := range append(credentials.Checked(), credentials.Optionals()...) {
		to := set.At(field)
		value, notice, err := credentials.Check(field, *to)
		switch {
		case err != nil && *to == "":
			continue // the profile's own flaw says so
		case err != nil:
			m.note(fault.Invalid("import.value", "where", cmp.Or(m.Where, filepath.Base(source)), "field", string(field)).Because(err))
			*to = ""
			continue
		case notice != nil:
			m.Notes = append(m.Notes, notice)
		}
		*to = value
	}
	return set
}

// base is the API base of a set: its own, as a URL of a host; else the one that is wanted, the
// one of the region that the file speaks of, or the one that a person chooses.
func (m *Imported) base(own string, o ImportOptions) (string, error) {
	if own == "" {
		own = o.Base
	}
	if region := coze.Region(m.Region).Base(); own == "" && region != "" {
		own = region
		m.note(fault.Invalid("import.region", "base", region, "name", m.RegionFrom))
	}
	if own == "" && o.AskBase != nil {
		var err error
		if own, err = o.AskBase(m.Name); err != nil {
			return "", err
		}
	}
	if own == "" {
		return "", nil
	}
	if !strings.Contains(own, "://") {
		own = "https://" + strings.TrimPrefix(own, "//")
	}
	parsed, err := coze.ParseBase(own)
	if f, ok := errors.AsType[*fault.Fault](err); ok && errors.Is(err, coze.ErrBasePath) && coze.RegionOf(f.Value("right")) != coze.Custom {
		parsed, err = f.Value("right"), nil // an address of the API, such as that of its tokens
	}
	if err != nil {
		m.note(err)
		return own, nil
	}
	return parsed, nil
}

// acquireKey finds the private key that a set names, or makes a file of its text.
func (m *Imported) acquireKey(dir, source string, now time.Time, o ImportOptions) (file string, err error) {
	switch {
	case !m.KeyText.IsZero():
		return m.saveKey(dir, source, now, o)
	case m.KeyPath == "":
		return "", nil
	case formats.IsEnv(source) && !strings.HasPrefix(m.KeyPath, "~"): // where a relative path has one meaning
		folder, err := filepath.Abs(filepath.Dir(source))
		return credentials.Set{KeyPath: m.KeyPath}.KeyFile(filepath.Join(folder, ".env")), err
	}
	return m.findKey(keyCandidates(m.KeyPath, dir, filepath.Dir(source))), nil
}

// saveKey makes a file of the key that stands in the configuration. One of that name with another
// key stays.
func (m *Imported) saveKey(dir, source string, now time.Time, o ImportOptions) (file string, err error) {
	key, err := keygen.Parse([]byte(m.KeyText.Reveal()))
	if err != nil {
		return "", fault.At(source, err)
	}
	file = filepath.Join(dir, "config", "private_key_"+m.Name+".pem")
	if other, err := keygen.Load(file); exists(file) && (err != nil || !other.Private.Equal(key.Private)) {
		file = strings.TrimSuffix(file, ".pem") + "_" + keygen.Fingerprint(&key.Private.PublicKey)[:8] + ".pem"
	}
	saved := keygen.Saved{PrivatePath: file}
	if !o.Dry {
		saved, err = keyfile.Save(keyfile.Place{Project: dir, Path: file, Unignored: o.Unignored}, key.Private, keygen.Refuse, now)
	}
	if err != nil {
		return "", err
	}
	m.Saved = &saved
	return file, nil
}

// findKey is the first of some places where a file is, and the first of all where none is.
func (m *Imported) findKey(candidates []string) string {
	var there []string
	for _, path := range candidates {
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			there = append(there, path)
		}
	}
	switch {
	case len(there) == 0:
		return candidates[0]
	case len(there) > 1 && !paths.Same(there[0], there[1]):
		m.Notes = append(m.Notes, fault.Invalid("import.ambiguous", "path", m.KeyPath, "taken", there[0], "other", there[1]))
	}
	return there[0]
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
	if home, err := os.UserHomeDir(); err == nil && strings.HasPrefix(path, "~"+string(filepath.Separator)) {
		path = home + path[1:]
	}
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

// writeProfile makes the file of a profile, after git was told to ignore it.
func writeProfile(dir string, file credentials.EnvFile, unignored bool) error {
	f, err := envfile.Parse(nil)
	if err == nil {
		err = file.Set.Write(f, file.Conventions[0])
	}
	if err != nil {
		return fault.At(file.Path, err)
	}
	return keyfile.Write(dir, unignored, func() error {
		if exists(file.Path) {
			return envfile.ErrChanged.With("path", file.Path)
		}
		return f.Save(file.Path, nil)
	}, file.Path, file.KeyFile())
}
