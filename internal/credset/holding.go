package credset

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cozejwt/envfile"
	"cozejwt/internal/fault"
)

// A Holding is a .env file and the set in it.
type Holding struct {
	Path  string // of the file
	Set   Set
	Names []Names // the conventions that name this very set, the one that counts first

	// Second is another set that stands in the file under the other convention.
	Second *Holding

	keyText string // the variable that holds text of a key
}

// Load reads the set that the .env file at path holds. Its Names are empty
// where it holds none.
func Load(path string) (Holding, error) {
	f, err := envfile.Load(path)
	if err != nil {
		return Holding{}, err
	}
	return Hold(path, f), nil
}

// Hold is Load for a file that was read.
func Hold(path string, f *envfile.File) Holding {
	h := Holding{Path: path}
	set, names, ok := Read(f)
	h.Set = set
	if !ok {
		return h
	}
	h.Names, h.keyText = []Names{names}, KeyTextIn(f, names)
	for _, n := range []Names{Default, SDK} {
		other, found := readAs(f, n)
		switch {
		case n == names || found == 0:
		case h.Same(Holding{Path: path, Set: other}):
			h.Names = append(h.Names, n)
		default:
			h.Second = &Holding{Path: path, Set: other, Names: []Names{n}}
		}
	}
	return h
}

// KeyFile is where the set's private key is, "" where none is named.
func (h Holding) KeyFile() string { return h.Set.KeyFile(h.Path) }

// ErrEnvKeyText is the fault of a .env that holds text of a key.
var ErrEnvKeyText = fault.Check("env.key_text")

// Leak is the fault of a file that holds text of a key; nil for none.
func (h Holding) Leak() error {
	if h.keyText == "" {
		return nil
	}
	return ErrEnvKeyText.With("path", h.Path, "name", h.keyText)
}

// Missing is the fault of a file whose set is not whole; nil where it is.
func (h Holding) Missing() error {
	if err := h.Leak(); err != nil {
		return err
	}
	names := Default
	if h.Names != nil {
		names = h.Names[0]
	}
	for i, value := range []string{h.Set.AppID, h.Set.KeyID, h.Set.KeyPath, h.Set.APIBase} {
		if value == "" {
			return fault.Check("env.incomplete", "path", h.Path, "name", names.Variables()[i])
		}
	}
	return nil
}

// Same reports whether two files hold the same set: the same app, Key ID, key
// file and API base, however they are written.
func (h Holding) Same(other Holding) bool {
	a, b := h.Set, other.Set
	return a.AppID == b.AppID && a.KeyID == b.KeyID && h.KeyFile() == other.KeyFile() &&
		strings.TrimRight(a.APIBase, "/") == strings.TrimRight(b.APIBase, "/")
}

// Profile is the name of the profile that the file is, "" for one that is none.
func (h Holding) Profile() string { return profileName(h.Path) }

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
	if name == "" || name != filepath.Base(name) || strings.ContainsAny(name, `/\`) || profileName(".env."+name) == "" {
		return fault.Usage("profile.name", "profile", name)
	}
	return nil
}

// IsTemplate reports whether a .env file is there to be copied, not to be read.
func IsTemplate(path string) bool {
	for _, word := range []string{"example", "sample", "template", "dist", ".bak", ".tmp-", "~"} {
		if strings.Contains(filepath.Base(path), word) {
			return true
		}
	}
	return false
}

// Files lists the .env files of a folder that may hold a set: .env first, then
// .env.NAME in the order of their names.
func Files(dir string) []string {
	entries, _ := os.ReadDir(dir) // in the order of names
	var paths []string
	for _, e := range entries {
		name := e.Name()
		if !e.IsDir() && !IsTemplate(name) && (name == ".env" || strings.HasPrefix(name, ".env.")) {
			paths = append(paths, filepath.Join(dir, name))
		}
	}
	return paths
}

// Profiles lists the files of Files that are profiles.
func Profiles(dir string) []string {
	return slices.DeleteFunc(Files(dir), func(path string) bool { return profileName(path) == "" })
}
