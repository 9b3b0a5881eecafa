package matching

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cozejwt/envfile"
	"cozejwt/internal/boundedfile"
	"cozejwt/internal/fault"
	"cozejwt/internal/formats"
	"cozejwt/internal/secret"
	"cozejwt/keygen"
)

// The bounds of the walk through a folder.
const (
	maxEntries = 20_000
	maxDepth   = 8
	maxFile    = 128 << 10 // bytes; far above a key or a configuration
)

// skipped are folders of what others have made.
var skipped = []string{".git", ".hg", ".svn", "node_modules", ".venv", "venv", "__pycache__", ".gradle", ".m2", ".terraform"}

// A walk looks through a folder for keys, and for the Key IDs of configurations.
type walk struct {
	*finder
	keys, configs bool
	entries       int
}

// given looks for keys in a file or a folder that a person named. The errors are those of
// [keygen.Load] for a file, and of the folder.
func (w *walk) given(ctx context.Context, path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return w.folder(ctx, path)
	}
	key, err := keygen.Load(path)
	if errors.Is(err, keygen.ErrSeveral) {
		if data, unread := boundedfile.Read(path, maxFile); unread == nil && w.config(path, data) {
			return nil
		}
	}
	if err == nil {
		w.key(Key{Path: path, Embedded: key.Embedded(), Form: key.Form, Private: key.Private})
	}
	return err
}

// folder walks through a folder and follows no link. What cannot be read is passed over.
func (w *walk) folder(ctx context.Context, dir string) error {
	real, err := filepath.EvalSymlinks(dir) // the folder itself may be a link
	if err != nil {
		return fault.Unreadable(dir, err)
	}
	return filepath.WalkDir(real, func(path string, d fs.DirEntry, err error) error {
		path = filepath.Join(dir, path[len(real):])
		w.entries++
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case w.entries > maxEntries:
			w.Cut = true
			return fs.SkipAll
		case err != nil:
			return skipFolder(d)
		case d.IsDir():
			rel, _ := filepath.Rel(dir, path)
			if path != dir && (slices.Contains(skipped, d.Name()) || strings.Count(rel, string(filepath.Separator)) >= maxDepth) {
				return fs.SkipDir
			}
			return nil
		}
		w.file(path, d)
		return nil
	})
}

func skipFolder(d fs.DirEntry) error {
	if d != nil && d.IsDir() {
		return fs.SkipDir
	}
	return nil
}

// file looks into one file. A name that is a secret or has a control character is left out:
// names are shown.
func (w *walk) file(path string, d fs.DirEntry) {
	info, err := d.Info()
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxFile || info.Size() == 0 {
		return
	}
	if secret.In(d.Name()) != secret.None || envfile.HasControl(d.Name()) {
		return
	}
	data, err := boundedfile.Read(path, maxFile)
	if err != nil {
		return
	}
	if isConfig(path) && mentionsCoze(path, data) && w.config(path, data) || !w.keys || !mayBeKey(d.Name(), data) {
		return
	}
	if key, err := keygen.Parse(data); err == nil {
		w.key(Key{Path: path, Embedded: key.Embedded(), Form: key.Form, Private: key.Private})
	}
}

// isConfig reports whether a file is a configuration, by its name. A .env of the project is read
// by itself.
func isConfig(path string) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".yaml", ".yml", ".json", ".jsonc", ".json5", ".toml", ".properties", ".ini":
		return !formats.IsEnv(path)
	}
	return false
}

func mentionsCoze(path string, data []byte) bool {
	return bytes.Contains(bytes.ToLower(data), []byte("coze")) || strings.Contains(strings.ToLower(filepath.Base(path)), "coze")
}

// keyNames are what the names of key files have in them, such as private_key.pem1.
var keyNames = []string{".pem", ".key", ".der", ".p8", ".pk8", ".pkcs8", ".ppk", ".jwk", "private", "id_rsa", "rsa_key"}

// keyMarks are what a key has in it, whatever its name.
var keyMarks = [][]byte{[]byte("PRIVATE KEY"), []byte("RSAKeyValue"), []byte("PuTTY-User-Key-File"), []byte(`"kty"`)}

func mayBeKey(name string, data []byte) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(keyNames, func(part string) bool { return strings.Contains(name, part) }) ||
		slices.ContainsFunc(keyMarks, func(mark []byte) bool { return bytes.Contains(data, mark) })
}

// config adds what a configuration holds, and reports whether that includes a key.
func (w *walk) config(path string, data []byte) (hasKey bool) {
	// The error says that no set is complete; what is there is in the reading.
	read, _ := formats.Read(path, data, nil)
	texts := map[string]string{} // by place
	for _, set := range read.Sets {
		file := ""
		if set.KeyText.Reveal() != "" {
			texts[set.Where] = set.KeyText.Reveal()
		} else if set.KeyPath != "" {
			file = set.KeyFile(path)
		}
		if w.configs {
			w.set(set.Set, file)
		}
	}
	for _, id := range read.KeyIDs {
		if w.configs && id.Coze && !slices.ContainsFunc(read.Sets, func(f formats.Found) bool { return f.KeyID == id.Value }) {
			w.loose = append(w.loose, id.Value)
		}
	}
	for _, key := range read.Keys {
		texts[key.Where] = key.Text.Reveal()
	}
	for _, where := range slices.Sorted(maps.Keys(texts)) {
		key, err := keygen.Parse([]byte(texts[where]))
		if err == nil {
			hasKey = true
		}
		if err == nil && w.keys {
			w.key(Key{Path: path, Where: where, Embedded: true, Form: key.Form, Private: key.Private})
		}
	}
	return hasKey
}
