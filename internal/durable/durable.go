// Package durable is the one way a file is written: whole, or not at all.
//
// The new content goes to a temporary file beside the target, with its final
// mode before the first byte, is flushed to the disk and then renamed over the
// target, and the folder is flushed after it. A crash at any instant leaves
// the old file or the new one.
package durable

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// WriteFile replaces the file at path, or makes it, with data and mode. A
// symbolic link is followed: the file it names is replaced, the link stays.
func WriteFile(path string, data []byte, mode fs.FileMode) error {
	target, err := resolve(path)
	if err != nil {
		return err
	}
	tmp, err := writeTemporary(target, data, mode)
	if err != nil {
		return err
	}
	if err := os.Rename(tmp, target); err != nil {
		return errors.Join(err, os.Remove(tmp))
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
	// Link, unlike Rename, refuses to replace what another process put there
	// between a check and this call.
	err = os.Link(tmp, path)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return renameNew(tmp, path) // a file system without hard links
	}
	if err = errors.Join(err, os.Remove(tmp)); err != nil {
		return err
	}
	syncDir(filepath.Dir(path))
	return nil
}

func renameNew(tmp, path string) error {
	if _, err := os.Lstat(path); err == nil {
		return errors.Join(&fs.PathError{Op: "create", Path: path, Err: fs.ErrExist}, os.Remove(tmp))
	}
	if err := os.Rename(tmp, path); err != nil {
		return errors.Join(err, os.Remove(tmp))
	}
	syncDir(filepath.Dir(path))
	return nil
}

// Keep leaves a second name for the file at path, dated and beside it, so that
// what WriteFile then puts at path costs nothing. It returns that name. The
// file stays at path all the while.
func Keep(path string, now time.Time) (string, error) {
	base := path + ".bak-" + now.UTC().Format("20060102T150405Z")
	for n, kept := 2, base; ; n, kept = n+1, fmt.Sprintf("%s-%d", base, n) {
		err := link(path, kept)
		if err == nil {
			syncDir(filepath.Dir(path))
			return kept, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return "", err
		}
	}
}

// link is os.Link, or a copy on a file system without hard links.
func link(path, kept string) error {
	target, err := resolve(path)
	if err != nil {
		return err
	}
	err = os.Link(target, kept)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := os.Stat(target)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(target)
	if err != nil {
		return err
	}
	return WriteNew(kept, data, info.Mode().Perm())
}

// resolve follows symbolic links as far as they go; the last may dangle.
func resolve(path string) (string, error) {
	for range 40 { // what Linux allows, path_resolution(7)
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
	f, err := os.CreateTemp(filepath.Dir(target), "."+filepath.Base(target)+".tmp-*") // made 0600
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	keepOwner(f, target)
	if err = f.Chmod(mode); err != nil && runtime.GOOS != "windows" {
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
func syncDir(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
}
