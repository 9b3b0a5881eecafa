package state

import (
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// folderLock locks a file that stands for the folder: Windows locks no folder.
func folderLock(folder string) *flock.Flock {
	return flock.New(filepath.Join(os.TempDir(), "cozejwt-"+Name(folder)+".lock"))
}
