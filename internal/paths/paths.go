// Package paths knows how people write the names of files, and how a name is shown to them.
// It opens no file.
package paths

import (
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"cozejwt/internal/fault"
)

// In makes a path that belongs to a folder absolute: a relative one starts there.
func In(dir, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(dir, path)
}

// Within gives a path inside a folder relative to that, with slashes; any other as it is.
func Within(dir, path string) string {
	if rel, err := filepath.Rel(dir, path); path != "" && err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return path
}

// Display shortens a path for the reader: relative to the project folder inside it, with ~ for
// the home folder elsewhere.
func Display(project, path string) string {
	if shown := Within(project, path); shown != path {
		return shown
	}
	if home, err := os.UserHomeDir(); err == nil {
		if shown := Within(home, path); shown != path {
			return "~/" + shown
		}
	}
	return path
}

// FromHere shows a path as it is typed where the person stands, if it is in that folder; any other
// as [Display] does.
func FromHere(project, path string) string {
	if here, err := os.Getwd(); err == nil {
		if shown := Within(here, path); shown != path {
			return shown
		}
	}
	return Display(project, path)
}

// Same reports whether two paths lead to one file.
func Same(a, b string) bool {
	if a == b {
		return true
	}
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

// Canonical is one name for a file, however its folder was named.
func Canonical(path string) string {
	if dir, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		return filepath.Join(dir, filepath.Base(path))
	}
	return path
}

// ErrEmpty is the fault of a path that was left empty.
var ErrEmpty = fault.Usage("import.no_path")

// Parse reads a path as a terminal types it when a file is dropped on it: in quotes, with
// backslashes before spaces, or as a file: URL; a ~ is the home folder. The path that it
// returns is absolute. The error is ErrEmpty, or that of a home folder that is not known.
func Parse(raw string) (string, error) {
	path := strings.TrimSpace(raw)
	switch {
	case path == "":
		return "", ErrEmpty
	case len(path) > 1 && (path[0] == '\'' || path[0] == '"') && path[len(path)-1] == path[0]:
		path = path[1 : len(path)-1]
	case strings.HasPrefix(path, "file://"):
		if u, err := url.Parse(path); err == nil {
			path = ofURL(u)
		}
	case runtime.GOOS != "windows":
		path = unescaped(path)
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

// ofURL is the path that a file: URL names (RFC 8089; its appendix E for the
// drives and servers of Windows).
func ofURL(u *url.URL) string {
	path := filepath.FromSlash(u.Path)
	switch {
	case runtime.GOOS != "windows":
		return path
	case u.Host != "":
		return `\\` + u.Host + path
	}
	return strings.TrimPrefix(path, `\`)
}

// unescaped drops the backslashes that a shell would, unless the path with them
// is a file.
func unescaped(path string) string {
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
