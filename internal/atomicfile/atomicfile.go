// Package atomicfile is the one way a file is written: completely, or not at all.
//
// The new content goes to a temporary file beside the target, with its final
// mode before the first byte, is flushed to the disk and then renamed over the
// target, and the folder is flushed after it. A crash at any instant leaves
// the old file or the new one.
package atomicfile

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cozejwt/internal/access"
	"cozejwt/internal/boundedfile"
	"cozejwt/internal/disk"
)

// NotRegular is the error of a path that leads to something else than a regular file. It
// is never replaced: as root that would put a file in the place of a device.
type NotRegular = boundedfile.NotRegular

// regular returns a NotRegular error where something else is at path.
func regular(path string) error {
	info, err := os.Lstat(path)
	if err != nil || info.Mode().IsRegular() {
		return nil // what cannot be looked at cannot be written either
	}
	return &fs.PathError{Op: "replace", Path: path, Err: NotRegular(info.Mode())}
}

// Outside reports whether a path leads out of a folder by the links on its way, and where
// it really leads. The end of the path need not exist.
func Outside(folder, path string) (real string, outside bool) {
	real = path
	for rest := ""; ; {
		dir, err := filepath.EvalSymlinks(filepath.Join(filepath.Dir(real)))
		if err == nil {
			real = filepath.Join(dir, filepath.Base(real), rest)
			break
		}
		if filepath.Dir(real) == real {
			return path, false
		}
		real, rest = filepath.Dir(real), filepath.Join(filepath.Base(real), rest)
	}
	if target, err := resolve(real); err == nil {
		real = target
	}
	if resolved, err := filepath.EvalSymlinks(folder); err == nil {
		folder = resolved
	}
	rel, err := filepath.Rel(folder, real)
	return real, err != nil || !filepath.IsLocal(rel)
}

// WriteFile replaces the regular file at path, or makes it, with data and mode. A
// symbolic link is followed: the file it names is replaced, the link stays. Anything else
// is a NotRegular error.
func WriteFile(path string, data []byte, mode fs.FileMode) error {
	target, err := resolve(path)
	if err != nil {
		return err
	}
	if err := regular(target); err != nil {
		return err
	}
	return replace(target, data, mode, func() error { return nil })
}

// ErrChanged is returned by CompareAndSwap if the file no longer holds the expected content.
var ErrChanged = errors.New("changed in between")

// CompareAndSwap replaces the file at path with after, where it still holds before: that is seen at
// the last moment, when the new content is on the disk already. The file keeps its mode. Where
// before is nil, there must be no file yet; the new one gets mode. A symbolic link is followed. The
// errors are ErrChanged, and those of WriteFile.
func CompareAndSwap(path string, before, after []byte, mode fs.FileMode) error {
	target, err := resolve(path)
	if err != nil {
		return err
	}
	info, err := os.Stat(target)
	switch {
	case before == nil:
		if err := WriteNew(target, after, mode); !errors.Is(err, fs.ErrExist) {
			return err
		}
		return ErrChanged
	case errors.Is(err, fs.ErrNotExist):
		return ErrChanged
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return regular(target)
	}
	return replace(target, after, info.Mode().Perm(), func() error {
		now, err := boundedfile.Read(target, int64(len(before)))
		if _, grown := errors.AsType[boundedfile.TooLarge](err); grown || err == nil && !bytes.Equal(now, before) {
			err = ErrChanged
		}
		return err
	})
}

// replace puts data in the place of target, if the check then still says so.
func replace(target string, data []byte, mode fs.FileMode, check func() error) error {
	tmp, err := writeTemporary(target, data, mode)
	if err != nil {
		return err
	}
	if err = errors.Join(check(), regular(target)); err == nil {
		err = rename(tmp, target)
	}
	if err != nil {
		return errors.Join(err, disk.Remove(tmp))
	}
	syncDir(filepath.Dir(target))
	return nil
}

// WriteNew makes the file at path and fails with [fs.ErrExist] where
// something is there already.
func WriteNew(path string, data []byte, mode fs.FileMode) error {
	tmp, err := writeTemporary(path, data, mode)
	if err != nil {
		return err
	}
	// Not by a hard link, which would refuse that as well: a process that is killed before it
	// removes the temporary name leaves the key a second one.
	err = disk.RenameExclusive(tmp, path)
	if errors.Is(err, errors.ErrUnsupported) {
		return renameNew(tmp, path)
	}
	return settled(tmp, path, err)
}

// renameNew is disk.RenameExclusive where the system or the file system has none. What another process
// makes in the same instant is replaced.
func renameNew(tmp, path string) error {
	_, err := os.Lstat(path)
	if err == nil {
		err = &fs.PathError{Op: "create", Path: path, Err: fs.ErrExist}
	} else {
		err = rename(tmp, path)
	}
	return settled(tmp, path, err)
}

// settled ends the making of path: the name lasts, or the temporary file goes.
func settled(tmp, path string, err error) error {
	if err != nil {
		return errors.Join(err, disk.Remove(tmp))
	}
	syncDir(filepath.Dir(path))
	return nil
}

// Backup keeps the file at path under a second, dated name in the same folder, and returns that
// name. The file also stays at path; a later WriteFile replaces it without touching the backup. The
// backup gets what mode and the file's own have in common: it must not be readable by more people
// than the file was, or than the one that replaces it. The error is that of the file system; a file
// that does not exist is fs.ErrNotExist.
func Backup(path string, mode fs.FileMode, now time.Time) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	mode &= info.Mode().Perm()
	if who, err := access.Of(path); err == nil && !who.Open { // Windows says no mode
		mode &= 0o600
	}
	base := path + backupMark + now.UTC().Format("20060102T150405Z")
	for n, kept := 2, base; ; n, kept = n+1, fmt.Sprintf("%s-%d", base, n) {
		err := link(path, kept)
		if err == nil {
			if err := access.Set(kept, mode); err != nil { // the file is another user's
				return "", errors.Join(err, disk.Remove(kept))
			}
			syncDir(filepath.Dir(path))
			return kept, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return "", err
		}
	}
}

// Backups lists what Backup has made of the file at path.
func Backups(path string) []string {
	entries, _ := os.ReadDir(filepath.Dir(path))
	var all []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), filepath.Base(path)+backupMark) {
			all = append(all, filepath.Join(filepath.Dir(path), e.Name()))
		}
	}
	return all
}

// backupMark stands between the name of a file and the date of its backup.
const backupMark = ".bak-"

// link is disk.Link, or a copy on a file system without hard links.
func link(path, kept string) error {
	target, err := resolve(path)
	if err != nil {
		return err
	}
	err = disk.Link(target, kept)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := os.Stat(target)
	if err != nil {
		return err
	}
	data, err := boundedfile.Read(target, boundedfile.Most)
	if err != nil {
		return err
	}
	return WriteNew(kept, data, info.Mode().Perm())
}

// resolve follows symbolic links as far as they go; the last may dangle.
func resolve(path string) (string, error) {
	for range 40 { // what Linux allows, path_resolution(7)
		// A link's ".." is the parent of the folder that it really lies in.
		if dir, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
			path = filepath.Join(dir, filepath.Base(path))
		}
		info, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) || err == nil && info.Mode()&fs.ModeSymlink == 0 {
			return path, nil
		}
		if err != nil {
			return "", err
		}
		next, err := os.Readlink(path)
		if err != nil {
			return "", err
		}
		if !filepath.IsAbs(next) {
			next = filepath.Join(filepath.Dir(path), next)
		}
		path = next
	}
	return "", fmt.Errorf("%s: too many symbolic links", path)
}

func writeTemporary(target string, data []byte, mode fs.FileMode) (name string, err error) {
	sweepStale(target)
	f, err := temporary(target, mode) // what ignores the file and its copies ignores this
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		p.Path = target // whose name means something to the reader
	}
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			_ = disk.Remove(f.Name())
		}
	}()
	if err = protect(f, target, mode); err != nil {
		_ = f.Close()
		return "", err
	}
	if _, err = f.Write(data); err == nil {
		err = f.Sync()
	}
	return f.Name(), errors.Join(err, f.Close())
}

// syncDir makes a rename last through a power cut. The rename has happened by
// then and some file systems refuse the call, so there is no error to report.
func syncDir(dir string) { _ = disk.SyncDir(dir) }
