package setup

import (
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"cozejwt/internal/fault"
)

// newestDownload finds the newest private_key*.pem in the folders a browser
// saves to; a second download is named "private_key (1).pem".
func newestDownload(folders []string, now time.Time) (path string, age time.Duration) {
	for _, folder := range folders {
		for _, m := range globIn(folder, "private_key*.pem*") {
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

// globIn lists the files of a folder, whatever its name has in it, whose slash-separated paths
// below it match a pattern.
func globIn(folder, pattern string) []string {
	matches, _ := fs.Glob(os.DirFS(folder), pattern)
	for i, m := range matches {
		matches[i] = filepath.Join(folder, filepath.FromSlash(m))
	}
	return matches
}

// ErrNoPath is the fault of a path that was left empty.
var ErrNoPath = fault.Usage("import.no_path")

// ParsePath reads a path as a terminal types it when a file is dropped on
// it: in quotes, with backslashes before spaces, or as a file: URL; a ~ is the
// home folder. The path that it returns is absolute.
func ParsePath(raw string) (string, error) {
	path := strings.TrimSpace(raw)
	switch {
	case path == "":
		return "", ErrNoPath
	case len(path) > 1 && (path[0] == '\'' || path[0] == '"') && path[len(path)-1] == path[0]:
		path = path[1 : len(path)-1]
	case strings.HasPrefix(path, "file://"):
		if u, err := url.Parse(path); err == nil {
			path = pathOfURL(u)
		}
	case runtime.GOOS != "windows":
		path = unescape(path)
	}
	if rest, ok := strings.CutPrefix(path, "~"); ok && (rest == "" || os.IsPathSeparator(rest[0])) {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		path = home + rest
	}
	return filepath.Abs(path)
}

// pathOfURL is the path that a file: URL names (RFC 8089; its appendix E for the
// drives and servers of Windows).
func pathOfURL(u *url.URL) string {
	path := filepath.FromSlash(u.Path)
	switch {
	case runtime.GOOS != "windows":
		return path
	case u.Host != "":
		return `\\` + u.Host + path
	}
	return strings.TrimPrefix(path, `\`)
}

// unescape drops the backslashes that a shell would, unless the path with them
// is a file.
func unescape(path string) string {
	if _, err := os.Lstat(path); err == nil || !strings.Contains(path, `\`) {
		return path
	}
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		if path[i] == '\\' && i+1 < len(path) {
			i++
		}
		b.WriteByte(path[i])
	}
	return b.String()
}
