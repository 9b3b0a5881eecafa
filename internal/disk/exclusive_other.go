//go:build !linux && !darwin && !windows

package disk

import "errors"

// renameExclusive is not to be had here.
func renameExclusive(string, string) error { return errors.ErrUnsupported }
