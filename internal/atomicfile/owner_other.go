//go:build !unix

package atomicfile

import (
	"io/fs"
	"os"
)

// keepOwner changes nothing where files have no Unix owner.
func keepOwner(_ *os.File, _ string, mode fs.FileMode) fs.FileMode { return mode }
