package atomicfile

import (
	"io/fs"
	"os"

	"cozejwt/internal/access"
)

// protect gives f, which is still empty, the access list of who may read its
// content: the owner alone where the mode says so, else those who may read what
// it replaces. A file system without access lists (FAT) is no reason to write
// nothing; verify reports it.
func protect(f *os.File, target string, mode fs.FileMode) error {
	if mode.Perm()&0o077 == 0 {
		_ = access.Set(f.Name(), mode)
	} else if _, err := os.Stat(target); err == nil {
		_ = access.Inherit(f.Name(), target)
	}
	return nil
}
