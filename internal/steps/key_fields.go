package steps

import (
	"cmp"
	"context"
	"crypto/rsa"
	"errors"
	"os"
	"strconv"
	"strings"
	"time"

	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/paths"
	"cozejwt/internal/profiles"
	"cozejwt/keygen"
)

// A keyPlace is where the keys of a run are looked for.
type keyPlace struct {
	Project
	KeyAnswers
	file    string // of the private key
	removed string // the download that was removed
	app     string // the App ID that is settled, "" for none
	base    string // the API base, "" for none
}

func (k *Keys) place() keyPlace {
	b := k.base
	p := keyPlace{Project: b.Project, KeyAnswers: k.KeyAnswers, file: b.KeyFile, removed: k.removed, base: b.APIBase}
	if k.InUse != nil || b.Given(string(credentials.AppID)) {
		p.app = b.AppID
	}
	return p
}

// keyFiles is what a look at the places of keys has found.
type keyFiles struct {
	onDisk      *keygen.Key // at the key path; nil for none that can be used
	broken      error       // why the file there cannot be used
	about       []string    // what tells onDisk from other keys, as pairs for a text
	imported    download    // at the path of the console's key
	discardable bool        // that file is a copy which may be removed
	download    string      // the newest of the console's keys in the download folders, "" for none
	age         time.Duration
}

// look sees which key files are there. A key that the console makes turns up in a download
// folder while the step waits for it.
func (k *Keys) look() flow.Job {
	place := k.place()
	return flow.Do(func(context.Context) (keyFiles, error) { return place.files(), nil }, func(seen keyFiles) { k.seen = seen })
}

func (p keyPlace) files() keyFiles {
	var seen keyFiles
	if p.file != "" {
		seen.onDisk, seen.broken = keygen.Load(p.file)
		if errors.Is(seen.broken, keygen.ErrAbsent) {
			seen.broken = nil
		}
	}
	if seen.onDisk != nil {
		seen.about = p.describe(seen.onDisk.Private)
	}
	// A browser names a second download "private_key (1).pem".
	seen.download, seen.age = newest(p.Downloads, p.Now(), "private_key*.pem*", "*.zip")
	if p.Import != "" {
		seen.imported, _ = loadDownload(p.Import) // that it cannot be read is said when it is given
	}
	seen.discardable = p.mayDiscard()
	return seen
}

// describe returns what tells the key at the key file from others, as pairs for a text: path,
// bits, age, SHA-256.
func (p keyPlace) describe(key *rsa.PrivateKey) []string {
	age := ""
	if info, err := os.Stat(p.file); err == nil {
		age = i18n.Duration(p.Now().Sub(info.ModTime()))
	}
	return []string{"path", p.Display(p.file), "bits", bitsOf(key), "age", age, "sha256", Fingerprint(key)[:16]}
}

func bitsOf(key *rsa.PrivateKey) string { return strconv.Itoa(key.N.BitLen()) }

// mayDiscard reports whether there is a second copy of the imported key: the
// file that was named may be the key file itself, by another name, or the key
// file of another profile.
func (p keyPlace) mayDiscard() bool {
	if p.Import == "" || p.Import == p.removed || paths.Same(p.Import, p.file) {
		return false
	}
	if d, err := loadDownload(p.Import); err == nil && !d.demo && d.key.Embedded() {
		return false // there is more in the file than the key
	}
	used, err := profiles.KeysInUse(p.Dir, p.EnvPath)
	return err == nil && !used.Names(p.Import)
}

func (k *Keys) fields() []flow.Field {
	fields := []flow.Field{k.sourceField()}
	if k.Source == ImportKey {
		fields = append(fields, k.importField())
	}
	if k.replaces() {
		fields = append(fields, k.replaceField())
	}
	if k.Source == ImportKey && k.seen.discardable {
		fields = append(fields, k.discardField())
	}
	if k.exposed {
		fields = append(fields, k.exposedField())
	}
	return fields
}

// replaces reports whether the source that was chosen puts another key in the
// place of one from before this run.
func (k *Keys) replaces() bool {
	onDisk, imported := k.seen.onDisk, k.seen.imported.key
	switch {
	case onDisk == nil && k.seen.broken == nil, k.beside() != "", k.Source == ReuseKey, k.Source == "":
		return false
	case k.madeHere(onDisk):
		return false // a copy is kept all the same
	case k.Source == ImportKey && onDisk != nil:
		return imported == nil || !imported.Private.Equal(onDisk.Private)
	}
	return true
}

// madeHere reports whether a key was made or imported in this run.
func (k *Keys) madeHere(key *keygen.Key) bool {
	return key != nil && k.KeyIsNew && k.base.Key != nil && key.Private.Equal(k.base.Key)
}

// makeAnother is the choice of a second pair where this run has made one.
const makeAnother KeySource = "another"

func (k *Keys) sourceField() flow.Field {
	f := flow.Field{ID: "key_source", Value: string(k.Source)}
	add := func(id string, source KeySource, pairs ...string) {
		f.Options = append(f.Options, flow.Option{Value: string(source), Label: i18n.Msg("key."+id, pairs...), About: i18n.Msg("key."+id+".about", pairs...)})
	}
	path := k.base.Display(k.newPath())
	switch made := k.from == MakeKey && k.madeHere(k.seen.onDisk); {
	case made:
		add("made", MakeKey, k.seen.about...)
		add("another", makeAnother, "path", path)
	case k.seen.onDisk != nil && k.beside() == "":
		add("reuse", ReuseKey, k.seen.about...)
		add("anew", MakeKey, "path", path)
	case k.seen.onDisk != nil:
		add("reuse", ReuseKey, k.seen.about...)
		add("make", MakeKey, "path", path)
	default:
		add("make", MakeKey, "path", path)
	}
	add("import", ImportKey)
	f.Value = cmp.Or(f.Value, f.Options[0].Value)
	f.Put = func(value string) {
		k.Source, k.Replace = KeySource(value), false
		if k.Source == makeAnother {
			k.Source, k.from = MakeKey, "" // the pair that was made no longer serves
		}
	}
	return f
}

func (k *Keys) importField() flow.Field {
	value := cmp.Or(k.Import, k.seen.download)
	return flow.Field{ID: "import_key", Flag: "--import-key", Value: value, Hint: k.proposal(), Late: true, Load: k.load}
}

// load answers which file the console's key is.
func (k *Keys) load(raw string) flow.Job {
	place := k.place()
	return flow.Do(func(context.Context) (seen keyFiles, err error) {
		if place.Import, err = paths.Parse(raw); err != nil {
			return seen, err
		}
		if place.Import != place.removed { // else imported already
			var d download
			d, err = loadDownload(place.Import)
			if errors.Is(err, keygen.ErrAbsent) {
				return seen, keygen.ErrAbsent.With("path", place.Import).Advise("key.import_absent")
			}
			if err != nil {
				return seen, err
			}
			if err := place.suits(place.Import, d); err != nil {
				return seen, err
			}
		}
		return place.files(), nil
	}, func(seen keyFiles) {
		k.Import, k.seen = place.Import, seen
		if !k.base.Given("import_key") {
			k.base.Note(flow.FromPerson, "import_key")
		}
	})
}

// replaceField wants the word typed: Enter alone must never replace a key.
func (k *Keys) replaceField() flow.Field {
	f := flow.Field{ID: "replace_key", Late: true, Unanswered: keygen.ErrExists.With("path", k.base.KeyFile).Advise("key.exists.setup")}
	if unusable, ok := errors.AsType[*fault.Fault](k.seen.broken); ok {
		f.Unanswered = unusable // not another key: no key at all
	}
	if k.Replace {
		f.Value = "yes"
	}
	path := k.base.Display(k.base.KeyFile)
	f.Hint = new(i18n.Msg("field.replace_key.unreadable", "path", path))
	if k.seen.onDisk != nil {
		f.Hint = new(i18n.Msg("field.replace_key.about", k.seen.about...))
	}
	f.Check = func(raw string) (string, *fault.Fault, error) {
		if word := strings.ToLower(strings.TrimSpace(raw)); word != "yes" && word != "是" {
			return "", nil, fault.Usage("key.replace_unconfirmed", "path", path)
		}
		return "yes", nil, nil
	}
	f.Put = func(string) { k.Replace = true }
	return f
}

func (k *Keys) discardField() flow.Field {
	about := "field.discard.path"
	if k.seen.imported.demo {
		about = "field.discard.demo"
	}
	f := flow.Agree("discard", &k.Discard, "no", "yes")
	f.Value, f.Hint = cmp.Or(f.Value, "no"), new(i18n.Msg(about, "path", k.base.Display(k.Import)))
	return f
}

// exposedField asks, once saving has failed for that, whether the key may be where git takes it.
func (k *Keys) exposedField() flow.Field {
	f := flow.Agree("exposed", &k.Exposed, "no", "yes")
	f.Value = cmp.Or(f.Value, "no")
	return f
}
