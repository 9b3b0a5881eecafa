package review

import "cozejwt/internal/diff"

func change(path string, isNew, same bool, before, after string) Change {
	switch {
	case isNew:
		return Change{path, Created, diff.Unified("/dev/null", path, before, after)}
	case same:
		return Change{Path: path, Action: Kept}
	}
	return Change{path, Edited, diff.Unified(path, path, before, after)}
}
