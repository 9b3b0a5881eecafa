// Package disk has the calls that change files, as package os has them. Every other package
// changes files through it, so that the campaign of internal/campaign can make each call fail.
// Without the build tag "campaign" it adds nothing to the calls.
package disk

import (
	"io/fs"
	"os"
)

// The kinds of calls, as a campaign names them.
const (
	opCreate  = "create"
	opWrite   = "write"
	opSync    = "sync"
	opClose   = "close"
	opChmod   = "chmod"
	opChown   = "chown"
	opRename  = "rename"
	opLink    = "link"
	opRemove  = "remove"
	opMkdir   = "mkdir"
	opSyncDir = "syncdir"
)

// A File is a file that is being written.
type File struct{ *os.File }

// OpenFile is [os.OpenFile], with its errors, for a file that is to be made or changed.
func OpenFile(name string, flag int, mode fs.FileMode) (*File, error) {
	return Create(name, func(name string) (*os.File, error) { return os.OpenFile(name, flag, mode) })
}

// Create makes a file by a function that does it, and returns its error.
func Create(name string, create func(name string) (*os.File, error)) (f *File, err error) {
	err = Change(opCreate, name, func() error {
		opened, err := create(name)
		f = &File{opened}
		return err
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Write is that of [os.File], with its errors.
func (f *File) Write(data []byte) (n int, err error) {
	if err := before(opWrite, f.Name()); err != nil {
		n, _ = f.File.Write(data[:written(err, len(data))])
		return n, err
	}
	n, err = f.File.Write(data)
	after()
	return n, err
}

// Sync is that of [os.File], with its errors.
func (f *File) Sync() error { return Change(opSync, f.Name(), f.File.Sync) }

// Close is that of [os.File], with its errors. Where it fails, the file is closed.
func (f *File) Close() error {
	err := before(opClose, f.Name())
	if closed := f.File.Close(); err == nil {
		err = closed
	}
	after()
	return err
}

// Chmod is that of [os.File], with its errors.
func (f *File) Chmod(mode fs.FileMode) error {
	return Change(opChmod, f.Name(), func() error { return f.File.Chmod(mode) })
}

// Chown is that of [os.File], with its errors.
func (f *File) Chown(uid, gid int) error {
	return Change(opChown, f.Name(), func() error { return f.File.Chown(uid, gid) })
}

// Chmod is that of package os, with its errors.
func Chmod(name string, mode fs.FileMode) error {
	return Change(opChmod, name, func() error { return os.Chmod(name, mode) })
}

// Rename is that of package os, with its errors.
func Rename(from, to string) error {
	return Change(opRename, to, func() error { return os.Rename(from, to) })
}

// RenameExclusive renames a file where nothing has the new name yet, and fails with fs.ErrExist
// otherwise. Where the system or the file system has no such call, the error is
// errors.ErrUnsupported.
func RenameExclusive(from, to string) error {
	return Change(opRename, to, func() error { return renameExclusive(from, to) })
}

// Link is that of package os, with its errors.
func Link(from, to string) error {
	return Change(opLink, to, func() error { return os.Link(from, to) })
}

// Remove is that of package os, with its errors.
func Remove(name string) error {
	if _, err := os.Lstat(name); err != nil {
		return os.Remove(name) // changes nothing
	}
	return Change(opRemove, name, func() error { return os.Remove(name) })
}

// Mkdir is that of package os, with its errors.
func Mkdir(name string, mode fs.FileMode) error {
	if _, err := os.Lstat(name); err == nil {
		return os.Mkdir(name, mode) // changes nothing
	}
	return Change(opMkdir, name, func() error { return os.Mkdir(name, mode) })
}

// MkdirAll is that of package os, with its errors.
func MkdirAll(name string, mode fs.FileMode) error {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return nil
	}
	return Change(opMkdir, name, func() error { return os.MkdirAll(name, mode) })
}

// SyncDir flushes a folder, so that what was renamed in it lasts. The errors are those
// of [os.Open] and [os.File.Sync].
func SyncDir(name string) error {
	return Change(opSyncDir, name, func() error {
		d, err := os.Open(name)
		if err != nil {
			return err
		}
		err = d.Sync()
		_ = d.Close()
		return err
	})
}

// Change makes a change of the file name by a function, and returns its error, for calls that
// are in no other function of this package. Op says what it does.
func Change(op, name string, change func() error) error {
	if err := before(op, name); err != nil {
		return err
	}
	err := change()
	after()
	return err
}
