//go:build unix

package atomicfile

import (
	"io/fs"
	"os"
	"syscall"

	"cozejwt/internal/disk"
)

// temporary makes an empty file beside target, with the mode 0600.
func temporary(target string, _ fs.FileMode) (*disk.File, error) {
	return createTemporary(target, createPrivate)
}

// protect gives f, which is still empty, the mode and the owner that it has to have.
func protect(f *disk.File, target string, mode fs.FileMode) error {
	return f.Chmod(keepOwner(f, target, mode))
}

// keepOwner gives f the owner of the file it is to replace, where the process
// may: a root shell must not take a service's .env away from the service. It
// returns the mode that f may have: what the group was allowed is not for
// another group.
func keepOwner(f *disk.File, target string, mode fs.FileMode) fs.FileMode {
	info, err := os.Stat(target)
	if err != nil {
		return mode
	}
	old, ok := info.Sys().(*syscall.Stat_t)
	if !ok || f.Chown(int(old.Uid), int(old.Gid)) == nil || f.Chown(-1, int(old.Gid)) == nil {
		return mode
	}
	if own, err := f.Stat(); err == nil {
		if st, ok := own.Sys().(*syscall.Stat_t); ok && st.Gid == old.Gid {
			return mode
		}
	}
	return mode &^ 0o070
}
