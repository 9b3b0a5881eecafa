package matching

import (
	"cmp"
	"context"
	"path/filepath"
	"slices"

	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/paths"
	"cozejwt/keygen"
)

// A Request says where to look for keys and Key IDs.
type Request struct {
	Dir, EnvPath string   // of the project and its .env, absolute
	Files        []string // in which keys are looked for in place of the project, absolute; a folder stands for its files
	KeyIDs       []string // besides those that are found
	AppID        string   // of Key IDs that stand beside none, "" for that of the .env
}

var (
	// ErrNoKeys is the fault of a place without a private key.
	ErrNoKeys = fault.Invalid("match.no_keys")
	// ErrNoIDs is the fault of a project without a Key ID.
	ErrNoIDs = fault.Invalid("match.no_ids")
	// ErrNoApp is the fault of a Key ID that stands beside no App ID.
	ErrNoApp = fault.Usage("match.no_app")
)

// Find collects the keys and the Key IDs. The errors are ErrNoKeys, ErrNoIDs, ErrNoApp, those of a
// given file, of a given id and of the .env, and that of the context.
func Find(ctx context.Context, r Request) (Found, error) {
	main, err := credentials.Load(r.EnvPath)
	if err != nil {
		return Found{}, err
	}
	f := finder{app: r.AppID}
	if f.app == "" {
		f.app, _, _ = credentials.Check(credentials.AppID, main.Set.AppID)
	} else if f.app, _, err = credentials.Check(credentials.AppID, r.AppID); err != nil {
		return Found{}, err
	}
	f.env(main)
	for _, path := range credentials.Files(r.Dir) {
		if held, err := credentials.Load(path); err == nil && path != r.EnvPath {
			f.env(held)
		}
	}
	for _, raw := range r.KeyIDs {
		keyID, _, err := credentials.Check(credentials.KeyID, raw)
		if err != nil {
			return Found{}, err
		}
		f.loose = append(f.loose, keyID)
	}
	if err := f.files(ctx, r); err != nil {
		return Found{}, err
	}
	return f.found(r)
}

// A finder collects.
type finder struct {
	Found
	app   string   // of Key IDs that stand beside none
	loose []string // those
	named []string // key files that a .env names
}

// files looks into the files of the project, and into those that were given.
func (f *finder) files(ctx context.Context, r Request) error {
	project := walk{finder: f, keys: r.Files == nil, configs: true}
	if err := project.folder(ctx, r.Dir); err != nil {
		return err
	}
	for _, path := range r.Files {
		given := walk{finder: f, keys: true}
		if err := given.given(ctx, path); err != nil {
			return err
		}
	}
	if r.Files == nil {
		for _, path := range f.named {
			if key, err := keygen.Load(path); err == nil {
				f.key(Key{Path: path, Embedded: key.Embedded(), Form: key.Form, Private: key.Private})
			}
		}
	}
	return nil
}

// found gives the Key IDs that stand beside no App ID theirs.
func (f *finder) found(r Request) (Found, error) {
	if f.app == "" && len(f.IDs) > 0 {
		f.app = f.IDs[0].AppID
		if slices.ContainsFunc(f.IDs, func(id ID) bool { return id.AppID != f.app }) {
			f.app = ""
		}
	}
	for _, keyID := range f.loose {
		switch {
		case f.app != "":
			f.id(ID{AppID: f.app, KeyID: keyID})
		case len(r.KeyIDs) > 0:
			return Found{}, ErrNoApp
		}
	}
	switch {
	case len(f.Keys) == 0:
		return Found{}, ErrNoKeys.With("dir", r.Dir)
	case len(f.IDs) == 0 && len(f.loose) > 0:
		return Found{}, ErrNoApp
	case len(f.IDs) == 0:
		return Found{}, ErrNoIDs.With("dir", r.Dir)
	}
	return f.Found, nil
}

// env adds what a .env holds, under both namings.
func (f *finder) env(held credentials.EnvFile) {
	for h := &held; h != nil; h = h.Second {
		if h.Refused() != nil {
			continue
		}
		file := h.KeyFile()
		if file != "" {
			file = filepath.Clean(file)
			f.named = append(f.named, file)
		}
		f.set(h.Set, file)
	}
}

// set adds the ids of a set, with the key that stands beside them.
func (f *finder) set(set credentials.Set, keyFile string) {
	keyID, _, err := credentials.Check(credentials.KeyID, set.KeyID)
	if err != nil || keyID == "" {
		return
	}
	app, _, err := credentials.Check(credentials.AppID, set.AppID)
	if err != nil || app == "" {
		f.loose = append(f.loose, keyID)
		return
	}
	f.id(ID{AppID: app, KeyID: keyID, KeyFile: keyFile})
}

// id adds a Key ID, once for each app.
func (f *finder) id(id ID) {
	at := slices.IndexFunc(f.IDs, func(known ID) bool { return known.AppID == id.AppID && known.KeyID == id.KeyID })
	if at < 0 {
		f.IDs = append(f.IDs, id)
		return
	}
	f.IDs[at].KeyFile = cmp.Or(f.IDs[at].KeyFile, id.KeyFile)
}

// key adds a key, once for each place.
func (f *finder) key(k Key) {
	same := func(known Key) bool {
		return known.Sum() == k.Sum() && paths.Canonical(known.Path) == paths.Canonical(k.Path)
	}
	if !slices.ContainsFunc(f.Keys, same) {
		f.Keys = append(f.Keys, k)
	}
}
