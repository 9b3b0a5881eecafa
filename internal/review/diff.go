package review

import (
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"cozejwt/internal/secret"
	"cozejwt/internal/tty"
)

func change(path string, isNew, same bool, before, after string) Change {
	before, after = shown(before), shown(after)
	switch {
	case isNew:
		return Change{path, Created, udiff.Unified("/dev/null", path, before, after)}
	case same:
		return Change{Path: path, Action: Kept}
	}
	return Change{path, Edited, udiff.Unified(path, path, before, after)}
}

// longestLine is how many bytes of a line a diff shows. Ours are shorter: a path has at most 4,096
// (PATH_MAX of Linux).
const longestLine = 5000

// shown is a text as a diff shows it.
func shown(text string) string {
	text = secret.HiddenInText(tty.Clean(text), "…")
	var b strings.Builder
	for line := range strings.Lines(text) {
		if len(line) > longestLine {
			cut := strings.ToValidUTF8(line[:longestLine], "") + "…"
			if strings.HasSuffix(line, "\n") {
				cut += "\n"
			}
			line = cut
		}
		b.WriteString(line)
	}
	return b.String()
}
