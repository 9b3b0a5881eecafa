package setup

import (
	"crypto/rsa"
	"os"
	"path/filepath"
	"slices"

	"cozejwt/internal/credentials"
	"cozejwt/keygen"
)

// usage is which keys the .env files of a project name.
type usage struct {
	files []string
	keys  []*rsa.PrivateKey
}

// keysInUse looks at every .env of the project and beside the session's, in
// both conventions. A file that cannot be read may name any key: then nothing
// can be said.
func (s *Session) keysInUse() (usage, error) { return keysInUse(s.Dir, s.EnvPath) }

func keysInUse(dir, envPath string) (usage, error) {
	var u usage
	paths := slices.Concat(credentials.Files(dir), credentials.Files(filepath.Dir(envPath)), []string{envPath})
	slices.Sort(paths)
	for _, path := range slices.Compact(paths) {
		held, err := credentials.Load(path)
		if err != nil {
			return usage{}, err
		}
		u.add(held)
		if held.Second != nil {
			u.add(*held.Second)
		}
	}
	return u, nil
}

func (u *usage) add(h credentials.EnvFile) {
	file := h.KeyFile()
	if file == "" {
		return
	}
	u.files = append(u.files, file)
	if key, err := keygen.Load(file); err == nil {
		u.keys = append(u.keys, key.Private)
	}
}

// names reports whether a .env names the file.
func (u usage) names(file string) bool {
	return slices.ContainsFunc(u.files, func(f string) bool { return sameFile(f, file) })
}

// has reports whether a .env names the key, under whatever file name.
func (u usage) has(key *rsa.PrivateKey) bool {
	return slices.ContainsFunc(u.keys, func(k *rsa.PrivateKey) bool { return k.Equal(key) })
}

func sameFile(a, b string) bool {
	if a == b {
		return true
	}
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}
