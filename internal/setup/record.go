package setup

import (
	"os"
	"path/filepath"
	"slices"
	"time"

	"cozejwt/internal/credentials"
	"cozejwt/internal/state"
)

// A Record is what a rotation changed, kept for the way back. It holds paths
// and ids, no secret.
type Record struct {
	Time     time.Time  `json:"time"`
	AppID    string     `json:"app_id"`
	Base     string     `json:"api_base"`
	Previous KeyRef     `json:"former"`
	New      KeyRef     `json:"new"`
	Files    []Switched `json:"files"` // the project's .env first
}

// A KeyRef names a key: by its Key ID in the console and its file here.
type KeyRef struct {
	KeyID string `json:"key_id"`
	File  string `json:"file"`
}

// Switched is a .env that was switched, and what it named before.
type Switched struct {
	Path     string          `json:"path"`
	Previous credentials.Set `json:"former"`
}

func (e Deps) recordFolder(envPath string) string {
	return filepath.Join(e.StateDir, "rotations", state.Name(canonical(envPath)))
}

// canonical is one name for a file, however its folder was named.
func canonical(path string) string {
	if dir, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		return filepath.Join(dir, filepath.Base(path))
	}
	return path
}

// Records returns the rotations of a .env, the newest first.
func (e Deps) Records(envPath string) []Record {
	if e.StateDir == "" {
		return nil
	}
	folder := e.recordFolder(envPath)
	entries, _ := os.ReadDir(folder) // named by their dates
	var records []Record
	for _, entry := range slices.Backward(entries) {
		r, ok := state.File[Record]{Path: filepath.Join(folder, entry.Name())}.Read()
		if ok && len(r.Files) > 0 {
			records = append(records, r)
		}
	}
	return records
}

// write keeps the record and returns its file. A rotation that was broken off
// has kept it already.
func (r Record) write(e Deps, envPath string) (string, error) {
	folder := e.recordFolder(envPath)
	if known := e.Records(envPath); len(known) > 0 && known[0].Previous == r.Previous && known[0].New == r.New {
		r = known[0].with(r.Files)
	}
	file := state.File[Record]{Path: filepath.Join(folder, r.Time.UTC().Format("20060102T150405.000Z")+".json")}
	return file.Path, file.Write(r)
}

// with adds the files that the record does not have yet.
func (r Record) with(files []Switched) Record {
	for _, f := range files {
		if !slices.ContainsFunc(r.Files, func(g Switched) bool { return g.Path == f.Path }) {
			r.Files = append(r.Files, f)
		}
	}
	return r
}
