//go:build !windows

package atomicfile

import "os"

// rename replaces target, also while someone has it open.
func rename(from, target string) error { return os.Rename(from, target) }
