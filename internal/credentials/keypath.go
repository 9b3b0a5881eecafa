package credentials

import (
	"os"
	"path/filepath"

	"cozejwt/internal/fault"
	"cozejwt/internal/lazyregexp"
)

// The faults of a key path that leads elsewhere than its writer means.
var (
	ErrHome        = fault.Invalid("key.home")
	ErrOtherFolder = fault.Invalid("key.other_folder")
)

// homeFolder is how people write their home folder; a shell expands it, a .env does not.
var homeFolder = lazyregexp.New(`(?i)^["']?(~|\$HOME|\$\{HOME\}|%USERPROFILE%|%HOME%|\$env:USERPROFILE)[/\\]([^"']*)`)

// Misplaced returns why the private key is not at KeyFile: ErrHome where the path begins with
// a home folder, ErrOtherFolder where the key lies at that path below the working directory or
// a folder above the .env, from which other programs resolve it; nil where neither explains it.
func (e EnvFile) Misplaced() *fault.Fault {
	if is := e.inHome(); is != nil {
		return is
	}
	path := filepath.FromSlash(e.Set.KeyPath)
	if path == "" || rooted(path) {
		return nil
	}
	for _, folder := range foldersAbove(e.Path) {
		there := filepath.Join(folder, path)
		if info, err := os.Stat(there); err == nil && info.Mode().IsRegular() && there != e.KeyFile() {
			return ErrOtherFolder.With("path", e.KeyFile(), "there", there)
		}
	}
	return nil
}

// rooted reports whether a path does not depend on a folder; on Windows also where it begins at the
// root of the drive.
func rooted(path string) bool { return filepath.IsAbs(path) || os.IsPathSeparator(path[0]) }

// InHome reports whether the path of the key begins with a home folder.
func (e EnvFile) InHome() bool { return e.inHome() != nil }

// inHome is ErrHome, nil where the path of the key does not begin with a home folder.
func (e EnvFile) inHome() *fault.Fault {
	m := homeFolder().FindStringSubmatch(e.written)
	if m == nil {
		return nil
	}
	home, _ := os.UserHomeDir()
	real := filepath.ToSlash(filepath.Join(home, filepath.FromSlash(m[2])))
	return ErrHome.With("path", e.Path, "name", e.Conventions[0].VarName(KeyPath), "home", m[1], "real", real)
}

// foldersAbove are the working directory and the folders above a .env, the nearest first.
func foldersAbove(envPath string) []string {
	const most = 8
	var folders []string
	if here, err := os.Getwd(); err == nil {
		folders = append(folders, here)
	}
	dir, err := filepath.Abs(filepath.Dir(envPath))
	if err != nil {
		return folders
	}
	for range most {
		above := filepath.Dir(dir)
		if above == dir {
			break
		}
		folders = append(folders, above)
		dir = above
	}
	return folders
}
