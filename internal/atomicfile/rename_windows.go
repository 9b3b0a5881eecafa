package atomicfile

import (
	"errors"
	"syscall"
	"time"

	"cozejwt/internal/disk"
)

const (
	errSharingViolation = syscall.Errno(32) // winerror.h
	patience            = time.Second
)

// rename replaces target. Windows refuses that while someone has it open who does
// not share it, as virus scanners and editors do for a moment.
func rename(from, target string) error {
	for wait := time.Millisecond; ; wait *= 2 {
		err := disk.Rename(from, target)
		taken := errors.Is(err, errSharingViolation) || errors.Is(err, syscall.ERROR_ACCESS_DENIED)
		if !taken || wait > patience {
			return err
		}
		time.Sleep(wait)
	}
}
