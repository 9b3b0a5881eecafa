package disk

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// renameExclusive renames a file where nothing has the new name yet, and fails with fs.ErrExist
// otherwise: MoveFileW replaces nothing.
func renameExclusive(from, to string) error {
	old, err := syscall.UTF16PtrFromString(from)
	if err != nil {
		return err
	}
	new, err := syscall.UTF16PtrFromString(to)
	if err != nil {
		return err
	}
	switch err := syscall.MoveFile(old, new); {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrExist):
		return &fs.PathError{Op: "create", Path: to, Err: fs.ErrExist}
	default:
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
	}
}
