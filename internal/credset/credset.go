// Package credset knows what a credential set is: which variables of a .env
// file hold one, what its values look like, and what they are mistaken for.
// It reads and edits, but writes no file and asks no one.
package credset

import (
	"path/filepath"
	"strings"

	"cozejwt/envfile"
	"cozejwt/internal/fault"
)

// Names are the variables that hold a set.
type Names struct {
	ID                             string // as --env-names takes it
	AppID, KeyID, KeyPath, APIBase string
}

// The two conventions: the project's own, and the one that the official Go and
// Python SDK examples read.
var (
	Default = Names{"default", "COZE_CLIENT_ID", "COZE_PUBLIC_KEY", "COZE_PRIVATE_KEY_PATH", "COZE_API_BASE"}
	SDK     = Names{"sdk", "COZE_JWT_OAUTH_CLIENT_ID", "COZE_JWT_OAUTH_PUBLIC_KEY_ID", "COZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH", "COZE_API_BASE"}
)

// ParseNames returns the convention that s names.
func ParseNames(s string) (Names, error) {
	for _, n := range []Names{Default, SDK} {
		if n.ID == s {
			return n, nil
		}
	}
	return Names{}, fault.Usage("names.unknown", "names", s)
}

// Variables lists the names, in the order they are written.
func (n Names) Variables() []string { return []string{n.AppID, n.KeyID, n.KeyPath, n.APIBase} }

// A Set is what it takes to sign an assertion and where to send it.
type Set struct {
	AppID   string `json:"app_id"`   // the app's client id, iss
	KeyID   string `json:"key_id"`   // the public key's fingerprint in the console, kid
	KeyPath string `json:"key_path"` // of the private key, as written: "/" separates, relative to the .env's folder
	APIBase string `json:"api_base"`
}

// Read returns the set in f and by which names; ok is false where f holds
// nothing of one. Where both conventions are there, the fuller one counts.
func Read(f *envfile.File) (set Set, names Names, ok bool) {
	most := 0
	names = Default
	for _, n := range []Names{Default, SDK} {
		s, found := readAs(f, n)
		if found > most {
			most, set, names = found, s, n
		}
	}
	return set, names, most > 0
}

func readAs(f *envfile.File, n Names) (set Set, found int) {
	get := func(name string) string {
		v, _ := f.Get(name)
		if v != "" && name != n.APIBase { // shared by both conventions: no sign of either
			found++
		}
		if envfile.HoldsKey(v) || strings.HasPrefix(v, "#") {
			return "" // a key is to be shown nowhere; and godotenv takes a comment for a value
		}
		return v
	}
	set = Set{AppID: get(n.AppID), KeyID: get(n.KeyID), KeyPath: get(n.KeyPath), APIBase: get(n.APIBase)}
	return set, found
}

// KeyTextIn returns the variable that holds text of a key where its path or id
// belongs, "" for none. Read leaves such a value out.
func KeyTextIn(f *envfile.File, n Names) string {
	for _, name := range n.Variables() {
		if v, _ := f.Get(name); envfile.HoldsKey(v) {
			return name
		}
	}
	return ""
}

// Write puts the set into f under the given names.
func (s Set) Write(f *envfile.File, n Names) error {
	values := []string{s.AppID, s.KeyID, s.KeyPath, s.APIBase}
	for i, name := range n.Variables() {
		if envfile.HoldsKey(values[i]) {
			return ErrEnvKeyText.With("name", name)
		}
		if err := f.Set(name, values[i]); err != nil {
			return err
		}
	}
	return nil
}

// KeyFile returns where the private key is: a relative path is relative to the
// folder of the .env file.
func (s Set) KeyFile(envPath string) string {
	path := filepath.FromSlash(s.KeyPath)
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(envPath), path)
}

// WrittenKeyPath is the reverse of KeyFile: how the path of a key is written
// in the .env at envPath. A key inside the project folder dir is given
// relative, so that the folder can be moved; any other one absolute.
func WrittenKeyPath(dir, envPath, keyFile string) string {
	inside, err := filepath.Rel(dir, keyFile)
	if err == nil && inside != ".." && !strings.HasPrefix(inside, ".."+string(filepath.Separator)) {
		if rel, err := filepath.Rel(filepath.Dir(envPath), keyFile); err == nil {
			return filepath.ToSlash(rel)
		}
	}
	return filepath.ToSlash(keyFile)
}
