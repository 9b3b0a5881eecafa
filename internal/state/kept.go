package state

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"cozejwt/internal/disk"
	"cozejwt/internal/fault"
)

// Kept is a file that a room keeps, for the list of what is remembered.
type Kept struct {
	Kind  string    // what it is: the text "state.kind.<Kind>" says it
	Path  string    // of the file
	About string    // the file or folder of a project that it is about, "" where it is not known
	Saved time.Time // when it was written
}

// Files lists the regular files of a folder as being of a kind, in the order of their names.
// About says what each is about; nil for nothing.
func Files(folder, kind string, about func(path string) string) []Kept {
	entries, _ := os.ReadDir(folder) // one that is not there holds nothing
	var all []Kept
	for _, entry := range entries {
		path := filepath.Join(folder, entry.Name())
		kept, ok := FileOf(path, kind)
		if !ok {
			continue
		}
		if about != nil {
			kept.About = about(path)
		}
		all = append(all, kept)
	}
	return all
}

// FileOf is the file at path as being of a kind; ok is false where there is no regular file.
func FileOf(path, kind string) (kept Kept, ok bool) {
	info, err := os.Lstat(path)
	if err != nil || !info.Mode().IsRegular() {
		return Kept{}, false
	}
	return Kept{Kind: kind, Path: path, Saved: info.ModTime()}, true
}

// Delete removes the file, where it is still there, and its folder where nothing else is in it. The
// error is the fault of a file that cannot be removed.
func (k Kept) Delete() error {
	if err := disk.Remove(k.Path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fault.Unexpected("file.remove", err, "path", k.Path)
	}
	_ = disk.Remove(filepath.Dir(k.Path)) // fails where something else is in it
	return nil
}
