//go:build unix

package durable

import (
	"os"
	"syscall"
)

// keepOwner gives f the owner of the file it is to replace, where the process
// may: a root shell must not take a service's .env away from the service.
func keepOwner(f *os.File, target string) {
	info, err := os.Stat(target)
	if err != nil {
		return
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		_ = f.Chown(int(st.Uid), int(st.Gid))
	}
}
