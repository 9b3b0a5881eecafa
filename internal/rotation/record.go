package rotation

import (
	"os"
	"path/filepath"
	"slices"
	"time"

	"cozejwt/internal/credentials"
	"cozejwt/internal/paths"
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

func recordFolder(stateDir, envPath string) string {
	return filepath.Join(recordFolders(stateDir), state.Name(paths.Canonical(envPath)))
}

func recordFolders(stateDir string) string { return filepath.Join(stateDir, "rotations") }

// AllRecords lists the records of all projects that a state folder has.
func AllRecords(stateDir string) []state.Kept {
	folders, _ := os.ReadDir(recordFolders(stateDir))
	var all []state.Kept
	for _, folder := range folders {
		all = append(all, state.Files(filepath.Join(recordFolders(stateDir), folder.Name()), "rotation", func(path string) string {
			if r, ok := (state.File[Record]{Path: path}).Read(); ok && len(r.Files) > 0 {
				return r.Files[0].Path
			}
			return ""
		})...)
	}
	return all
}

// Records returns the rotations of a .env that are recorded in a state folder, the newest first.
func Records(stateDir, envPath string) []Record {
	if stateDir == "" {
		return nil
	}
	folder := recordFolder(stateDir, envPath)
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

// write keeps the record, where there is a state folder, and returns its file. A rotation that
// was broken off has kept it already.
func (r Record) write(stateDir, envPath string) (string, error) {
	if stateDir == "" {
		return "", nil
	}
	if known := Records(stateDir, envPath); len(known) > 0 && known[0].Previous == r.Previous && known[0].New == r.New {
		r = known[0].with(r.Files)
	}
	file := state.File[Record]{Path: filepath.Join(recordFolder(stateDir, envPath), r.Time.UTC().Format("20060102T150405.000Z")+".json")}
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
