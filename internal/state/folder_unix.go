//go:build unix

package state

import (
	"os"

	"github.com/gofrs/flock"
)

// folderLock locks the folder itself: flock(2) takes whatever can be opened.
func folderLock(folder string) *flock.Flock { return flock.New(folder, flock.SetFlag(os.O_RDONLY)) }
