package profiles

import (
	"crypto/rsa"
	"os"
	"path/filepath"
	"slices"

	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/formats"
	"cozejwt/internal/paths"
	"cozejwt/keygen"
)

// A Usage is which keys the .env files of a project name.
type Usage struct {
	files []string
	keys  []*rsa.PrivateKey
}

// KeysInUse returns the keys that the .env files in dir and beside envPath use, in
// both conventions, also those that are templates or backups by their names. A folder or
// file that cannot be read is an error, because it may use any key.
func KeysInUse(dir, envPath string) (Usage, error) {
	var u Usage
	paths := []string{envPath}
	for _, folder := range []string{dir, filepath.Dir(envPath)} {
		entries, err := os.ReadDir(folder)
		if err != nil {
			return Usage{}, fault.Unreadable(folder, err)
		}
		for _, e := range entries {
			if !e.IsDir() && formats.IsEnv(e.Name()) {
				paths = append(paths, filepath.Join(folder, e.Name()))
			}
		}
	}
	slices.Sort(paths)
	for _, path := range slices.Compact(paths) {
		held, err := credentials.Load(path)
		if err != nil {
			return Usage{}, err
		}
		u.add(held)
		if held.Second != nil {
			u.add(*held.Second)
		}
	}
	return u, nil
}

func (u *Usage) add(h credentials.EnvFile) {
	file := h.KeyFile()
	if file == "" {
		return
	}
	u.files = append(u.files, file)
	if key, err := keygen.Load(file); err == nil {
		u.keys = append(u.keys, key.Private)
	}
}

// Names reports whether a .env names the file.
func (u Usage) Names(file string) bool {
	return slices.ContainsFunc(u.files, func(f string) bool { return paths.Same(f, file) })
}

// Has reports whether a .env names the key, under whatever file name.
func (u Usage) Has(key *rsa.PrivateKey) bool {
	return slices.ContainsFunc(u.keys, func(k *rsa.PrivateKey) bool { return k.Equal(key) })
}
