//go:build !windows

package atomicfile

import "cozejwt/internal/disk"

// rename replaces target, also while someone has it open.
func rename(from, target string) error { return disk.Rename(from, target) }
