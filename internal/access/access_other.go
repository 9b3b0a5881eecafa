//go:build !windows

package access

import (
	"fmt"
	"io/fs"
	"os"

	"cozejwt/internal/disk"
)

// Of returns who can read the file at path. The error is os.Stat's.
func Of(path string) (Access, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Access{}, err
	}
	return ofMode(info), nil
}

// OfFile is Of for an open file. The error is that of Stat.
func OfFile(f *os.File) (Access, error) {
	info, err := f.Stat()
	if err != nil {
		return Access{}, err
	}
	return ofMode(info), nil
}

func ofMode(info fs.FileInfo) Access {
	return Access{Mode: fmt.Sprintf("%04o", info.Mode().Perm()), Open: !private(info.Mode())}
}

// Set gives the file at path a mode. The error is that of Chmod.
func Set(path string, mode fs.FileMode) error { return disk.Chmod(path, mode) }
