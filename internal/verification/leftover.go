package verification

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"time"

	"cozejwt/internal/disk"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
)

// settled is how long ago a temporary file was written that no run of this moment is writing.
const settled = time.Minute

// envLeftover looks for what killed runs have left beside the .env and the key. It may hold a key,
// and nothing else looks after it until the next write.
func envLeftover(_ context.Context, c *run) Result {
	folders := []string{filepath.Dir(c.EnvPath)}
	if dir := filepath.Dir(c.known.keyFile); c.known.keyFile != "" && dir != folders[0] {
		folders = append(folders, dir)
	}
	var left, shown []string
	for _, dir := range folders {
		for _, path := range c.Project.leftoverIn(dir) {
			left, shown = append(left, path), append(shown, c.show(path))
		}
	}
	if left == nil {
		return passed()
	}
	r := warned(fault.Invalid("env.leftover", "names", i18n.List(shown)))
	r.Repair = remove(left, shown)
	return r
}

// remove deletes temporary files of killed runs.
func remove(paths, shown []string) *Repair {
	return &Repair{
		What: i18n.Msg("repair.leftover", "names", i18n.List(shown)),
		apply: func() error {
			for _, path := range paths {
				if err := disk.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
					return fault.Unexpected("file.remove", err, "path", path)
				}
			}
			return nil
		},
	}
}
