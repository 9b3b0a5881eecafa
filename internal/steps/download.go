package steps

import (
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// newestDownload finds the newest private_key*.pem in the folders a browser
// saves to; a second download is named "private_key (1).pem".
func newestDownload(folders []string, now time.Time) (path string, age time.Duration) {
	for _, folder := range folders {
		for _, m := range GlobIn(folder, "private_key*.pem*") {
			info, err := os.Stat(m)
			if err != nil || info.Mode()&fs.ModeType != 0 {
				continue
			}
			if a := now.Sub(info.ModTime()); path == "" || a < age {
				path, age = m, a
			}
		}
	}
	return path, age
}

// GlobIn lists the files of a folder, whatever its name has in it, whose slash-separated paths
// below it match a pattern.
func GlobIn(folder, pattern string) []string {
	matches, _ := fs.Glob(os.DirFS(folder), pattern)
	for i, m := range matches {
		matches[i] = filepath.Join(folder, filepath.FromSlash(m))
	}
	return matches
}
