package steps

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/demofile"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/formats"
	"cozejwt/internal/i18n"
	"cozejwt/keygen"
)

// maxZips is how many zips of the download folders are opened in search of a demo file.
const maxZips = 20

// NewestDemo returns the newest demo file in the folders that a browser saves to, and its age; ""
// for none. The name of a demo file is not known, so zips are opened.
func NewestDemo(folders []string, now time.Time) (path string, age time.Duration) {
	return newest(folders, now, "*.zip")
}

func newest(folders []string, now time.Time, patterns ...string) (path string, age time.Duration) {
	type file struct {
		path string
		at   time.Time
	}
	var files []file
	for _, folder := range folders {
		for _, pattern := range patterns {
			for _, m := range GlobIn(folder, pattern) {
				if info, err := os.Stat(m); err == nil && info.Mode()&fs.ModeType == 0 {
					files = append(files, file{m, info.ModTime()})
				}
			}
		}
	}
	slices.SortStableFunc(files, func(a, b file) int { return b.at.Compare(a.at) })
	zips := 0
	for _, f := range files {
		if filepath.Ext(f.path) == ".zip" {
			if zips++; zips > maxZips || !demofile.Has(f.path) {
				continue
			}
		}
		return f.path, now.Sub(f.at)
	}
	return "", 0
}

// GlobIn lists the files of a folder, whatever its name has in it, whose slash-separated paths
// below it match a pattern.
func GlobIn(folder, pattern string) []string {
	matches, _ := fs.Glob(os.DirFS(folder), pattern)
	for i, m := range matches {
		matches[i] = filepath.Join(folder, filepath.FromSlash(m))
	}
	return matches
}

// A download is what a file of the console holds.
type download struct {
	key  *keygen.Key     // nil: none
	ids  credentials.Set // of a demo file: App ID, Key ID and API base; "" for what it does not have
	demo bool            // it is the zip of the console's demo project
}

// loadDownload reads the file at path: a demo file, or a key in any form. The errors are those of
// [keygen.Load] and [demofile.Config].
func loadDownload(path string) (download, error) {
	if !demofile.Is(path) {
		key, err := keygen.Load(path)
		return download{key: key}, err
	}
	config, err := demofile.Config(path)
	if err != nil {
		return download{}, err
	}
	key, err := keygen.Parse(config)
	if err != nil {
		return download{}, fault.At(demofile.ConfigPath(path), err)
	}
	d := download{key: key, demo: true}
	if found, err := formats.Read(demofile.ConfigName, config, nil); err == nil && len(found.Sets) == 1 {
		d.ids = idsOf(found.Sets[0].Set)
	}
	return d, nil
}

// idsOf leaves of a set what identifies its app, where that is well-formed.
func idsOf(set credentials.Set) (ids credentials.Set) {
	for _, field := range []credentials.Field{credentials.AppID, credentials.KeyID} {
		if value, _, err := credentials.Check(field, set.Get(field)); err == nil {
			*ids.At(field) = value
		}
	}
	if base, err := coze.ParseBase(set.APIBase); err == nil {
		ids.APIBase = base
	}
	return ids
}

// ErrOtherApp is the fault of a demo file of another app than the run is about.
var ErrOtherApp = fault.Usage("demo.other_app")

// ErrOtherRegion is the fault of a demo file of the other region's app.
var ErrOtherRegion = fault.Usage("demo.other_region")

// suits returns the fault of a demo file, read from path, that is not of the app or of the region
// that the run is about.
func (p keyPlace) suits(path string, d download) error {
	if p.app != "" && d.ids.AppID != "" && d.ids.AppID != p.app {
		return ErrOtherApp.With("path", path, "app_id", d.ids.AppID, "wanted", p.app)
	}
	// What a proxy stands for is not known.
	its, wanted := coze.RegionOf(d.ids.APIBase), coze.RegionOf(p.base)
	if its.Base() != "" && wanted.Base() != "" && its != wanted {
		return ErrOtherRegion.With("path", path, "base", d.ids.APIBase, "wanted", p.base, "region", string(its))
	}
	return nil
}

// provide answers with the ids that the key of a demo file was made with. What a flag has given
// stays.
func (k *Keys) provide(d download) {
	for _, field := range []credentials.Field{credentials.AppID, credentials.KeyID} {
		if id := d.ids.Get(field); id != "" && !k.base.Given(string(field)) {
			*k.base.At(field) = id
			k.base.Note(flow.FromDemo, string(field))
		}
	}
}

// proposal says which download was found.
func (k *Keys) proposal() *i18n.Message {
	if k.seen.download == "" {
		return nil
	}
	id := "field.import_key.newest"
	if demofile.Is(k.seen.download) {
		id = "field.import_key.newest_demo"
	}
	return new(i18n.Msg(id, "path", k.base.Display(k.seen.download), "age", i18n.Duration(k.seen.age)))
}

// DemoLines say, for a summary, that the key came from a demo file; none for another key.
func (k *Keys) DemoLines() []i18n.Message {
	if k.demo == nil {
		return nil
	}
	lines := []i18n.Message{i18n.Msg("key.demo", "key_id", k.base.KeyID)}
	if k.removed == "" {
		lines = append(lines, i18n.Msg("key.demo.kept", "path", k.base.Display(k.Import)))
	}
	return lines
}
