package atomicfile

import (
	"io/fs"
	"os"

	"cozejwt/internal/access"
	"cozejwt/internal/disk"
)

// temporary makes an empty file beside target. Where others may not read what it will hold,
// or only those who may read target, it is for this user alone from its first moment on.
func temporary(target string, mode fs.FileMode) (*disk.File, error) {
	if mode.Perm()&0o077 != 0 {
		if _, err := os.Stat(target); err != nil {
			return createTemporary(target, createPrivate)
		}
	}
	return createTemporary(target, func(name string) (*disk.File, error) { return disk.Create(name, access.Create) })
}

// protect gives f, which is still empty, the access list of the file that it replaces, where
// its content is not for the owner alone.
func protect(f *disk.File, target string, mode fs.FileMode) error {
	if _, err := os.Stat(target); err != nil || mode.Perm()&0o077 == 0 {
		return nil
	}
	return access.Inherit(f.Name(), target)
}
