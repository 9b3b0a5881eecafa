// Package programs keeps other people's folders off the search path: a project may bring
// a program that is called git. It starts nothing.
package programs

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Outside returns a search path without the entries that lead into a folder, whatever
// they are called, and without relative ones, which lead wherever one stands. npx and
// direnv put such entries there.
func Outside(folder, path string) string {
	folder = resolved(folder)
	entries := slices.DeleteFunc(filepath.SplitList(path), func(entry string) bool {
		return !filepath.IsAbs(entry) || within(folder, resolved(entry))
	})
	return strings.Join(entries, string(os.PathListSeparator))
}

// resolved follows the links of a path as far as it exists.
func resolved(path string) string {
	path, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	for rest := ""; ; {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			return filepath.Join(real, rest)
		}
		up := filepath.Dir(path)
		if up == path {
			return filepath.Join(path, rest)
		}
		path, rest = up, filepath.Join(filepath.Base(path), rest)
	}
}

func within(folder, path string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && filepath.IsLocal(rel)
}
