package steps

import (
	"cmp"
	"context"
	"crypto/rsa"
	"errors"
	"path/filepath"

	"cozejwt/internal/atomicfile"
	"cozejwt/internal/coze"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/keyfile"
	"cozejwt/internal/paths"
	"cozejwt/internal/review"
	"cozejwt/keygen"
)

// A KeySource says where the key pair comes from.
type KeySource string

// The sources.
const (
	MakeKey   KeySource = "make"   // made here, uploaded by hand
	ImportKey KeySource = "import" // made by the console, downloaded
	ReuseKey  KeySource = "reuse"  // the project's own
)

// KeyAnswers are what the person chose or typed about the key pair, without its file.
type KeyAnswers struct {
	Source KeySource `json:"key_source,omitempty"`
	Import string    `json:"import,omitempty"` // the file of the console's key
	Bits   int       `json:"bits,omitempty"`
}

// Keys is the key step of a plan: it gets the key pair, generated here, made by the console,
// or the project's own. It is the one step that writes before the review, and all it writes
// are the key files and .gitignore.
type Keys struct {
	KeyAnswers
	Replace bool // an existing private key may be replaced
	Discard bool // the console's download is to be removed
	Dry     bool // nothing is written: a key that is made stays in memory
	Exposed bool // the key may be saved although git cannot be made to ignore it

	KeyIsNew bool          // it was made or imported in this run
	Saved    *keygen.Saved // what was put on the disk for it; nil for nothing
	Backups  []string      // copies of key files that this run has replaced
	Uploaded bool          // the console has been seen to have the public key
	InUse    *rsa.PrivateKey

	base    *Base
	beside  func() string
	from    KeySource // where the key came from
	exposed bool      // git cannot be made to ignore the key
	removed string    // the download that was removed
	demo    *download // the demo file that the key came from; nil for none
	owner   string    // fingerprint of the key that the Key ID belongs to
	seen    keyFiles  // as they were when last looked at
	ahead   *future[*rsa.PrivateKey]
}

// NewKeys is the key step of a plan. Beside is the folder where a new key goes beside one that stays
// in use; "" where the key has a path of its own.
func NewKeys(b *Base, beside func() string) Keys {
	return Keys{base: b, beside: beside, KeyAnswers: KeyAnswers{Bits: keygen.DefaultBits}}
}

// ErrInUse is the fault of a key that a .env still uses: it cannot be the new key or be deleted.
var ErrInUse = fault.Usage("key.in_use")

// Step is the key step; fields are its questions, intro is what is said first.
func (k *Keys) Step(intro func() []i18n.Message) flow.Step {
	return flow.Step{
		ID: Key, Intro: intro, Look: k.look, Fields: k.fields, Work: k.acquire,
		Answer: k.found, Fixes: []diagnosis.FixAt{diagnosis.AtKey},
	}
}

// found is the size of the key, for the rail.
func (k *Keys) found() string {
	if k.base.Key == nil {
		return ""
	}
	return "RSA " + bitsOf(k.base.Key)
}

// Warm starts to make a key pair in the background, so that the step does not wait.
func (k *Keys) Warm() {
	if k.ahead == nil {
		generate, bits := k.base.GenerateKey, k.Bits
		if generate == nil {
			generate = keygen.Generate
		}
		k.ahead = start(func() (*rsa.PrivateKey, error) { return generate(bits) })
	}
}

// An acquisition is what it takes to get the key.
type acquisition struct {
	keyPlace
	ahead    *future[*rsa.PrivateKey]
	inUse    *rsa.PrivateKey
	beside   string
	existing keygen.Existing
	named    bool // a flag gave the path
	exposed  bool // the person agrees that git does not ignore it
	dry      bool
	discard  bool
}

// An acquired key, and what became of its files.
type acquired struct {
	download
	file    string
	saved   *keygen.Saved
	removed string
}

// acquire reads, makes or imports the key and saves what is new.
func (k *Keys) acquire() flow.Job {
	if k.isReady() {
		return flow.Nothing
	}
	if k.Source == MakeKey {
		k.Warm()
	}
	a := acquisition{
		keyPlace: k.place(), ahead: k.ahead, inUse: k.InUse, beside: k.beside(),
		named: k.base.Given("key_path"), exposed: k.Exposed, dry: k.Dry, discard: k.Discard,
	}
	if k.Replace || k.KeyIsNew {
		a.existing = keygen.KeepCopy
	}
	return func(ctx context.Context) (flow.Effect, error) {
		got, err := a.get(ctx)
		return func() { k.acquired(got, err) }, err
	}
}

// get gets the key and saves what is new. The errors are ErrInUse, and those of loading and of saving
// a key.
func (a acquisition) get(ctx context.Context) (acquired, error) {
	from, err := a.loadOrGenerate(ctx)
	switch {
	case err != nil:
		return acquired{}, err
	case a.inUse != nil && a.inUse.Equal(from.key.Private):
		return acquired{}, ErrInUse.With("path", cmp.Or(a.Import, a.file))
	case a.dry:
		return acquired{download: from}, nil
	}
	return Locked(ctx, a.Project, func() (acquired, error) { return a.put(from) })
}

// put puts the key where it belongs.
func (a acquisition) put(from download) (acquired, error) {
	key := from.key.Private
	if a.Source != ReuseKey && a.beside != "" {
		a.file = keygen.DatedPath(a.beside, &key.PublicKey, a.Now())
	}
	place := keyfile.Place{Project: a.Dir, Path: a.file, Named: a.named, Unignored: a.exposed}
	if a.Source == ReuseKey {
		return acquired{download: from, file: a.file}, keyfile.RestorePublic(place, key, a.Now())
	}
	atomicfile.Sweep(a.file, 0)  // under the lock, what is there was left by a run that was killed
	mayDiscard := a.mayDiscard() // before the key file is replaced
	saved, err := keyfile.Save(place, key, a.existing, a.Now())
	if err != nil {
		return acquired{}, err
	}
	done := acquired{download: from, file: a.file, saved: &saved}
	if mayDiscard && a.discard && a.Source == ImportKey && !paths.Same(a.Import, a.file) {
		if err := keyfile.Discard(a.Import, a.file, key); err != nil {
			return done, err
		}
		done.removed = a.Import
	}
	return done, nil
}

func (a acquisition) loadOrGenerate(ctx context.Context) (download, error) {
	switch a.Source {
	case MakeKey:
		key, err := a.ahead.wait(ctx)
		return download{key: &keygen.Key{Private: key}}, err
	case ImportKey:
		return loadDownload(a.Import)
	}
	key, err := keygen.Load(a.file)
	return download{key: key}, err
}

func (k *Keys) acquired(got acquired, err error) {
	_, k.exposed = errors.AsType[keyfile.Unignored](err)
	if got.key == nil {
		return
	}
	k.from, k.KeyIsNew, k.demo = k.Source, k.Source != ReuseKey, nil
	k.use(got.key.Private)
	if got.demo {
		k.demo = &got.download
		k.provide(got.download)
	}
	if k.Dry {
		return
	}
	k.Saved, k.base.KeyFile = got.saved, got.file
	if got.saved == nil {
		return
	}
	k.removed, k.Uploaded = got.removed, false
	k.Backups = append(k.Backups, got.saved.Kept...)
	k.ahead = nil // used: the next one has to be another
}

// use makes key the one that the answers are about. A Key ID belongs to its
// key: one that came with another key is forgotten.
func (k *Keys) use(key *rsa.PrivateKey) {
	k.base.Key = key
	if now := Fingerprint(key); now != k.owner {
		if !k.base.Given("key_id") {
			k.base.KeyID = ""
		}
		k.owner = now
	}
}

// Reuse answers the key step with a key that is there.
func (k *Keys) Reuse(file string, key *rsa.PrivateKey) {
	k.Source, k.from, k.KeyIsNew, k.Uploaded = ReuseKey, ReuseKey, false, false
	k.base.KeyFile = file
	k.use(key)
}

// Own notes that the Key ID belongs to a key.
func (k *Keys) Own(key *rsa.PrivateKey) { k.owner = Fingerprint(key) }

// isReady reports whether this run already did the step with the same answers:
// a person who came back to it must not lose the pair.
func (k *Keys) isReady() bool {
	if !k.KeyIsNew || k.from != k.Source {
		return false
	}
	return k.from == MakeKey || k.removed != "" && k.removed == k.Import
}

// newPath is where a new key will go, if that is known before it is made.
func (k *Keys) newPath() string {
	if folder := k.beside(); folder != "" {
		return filepath.Join(folder, "private_key_….pem")
	}
	return k.base.KeyFile
}

// Take answers the question where the key comes from, for a flag.
func (k *Keys) Take(source KeySource) {
	k.Source = source
	k.base.Note(flow.FromFlag, "key_source")
}

// TakeImport answers with the file of the console's key, for a flag. The errors are paths.ErrEmpty,
// for one made of a variable that is not set, those of [keygen.Load] and [demofile.Config],
// ErrOtherApp and ErrOtherRegion.
func (k *Keys) TakeImport(path string) error {
	if path == "" {
		return paths.ErrEmpty
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	d, err := loadDownload(path)
	if err == nil {
		err = k.place().suits(path, d)
	}
	if err != nil {
		return err
	}
	k.provide(d)
	if its := k.base.RegionOf(d.ids.APIBase); k.base.Region == "" && its != coze.Custom { // a file does not choose another's host
		k.base.SetBase(d.ids.APIBase)
	}
	k.Import = path
	k.base.Note(flow.FromFlag, "import_key")
	k.Take(ImportKey)
	return nil
}

// BackupLines name the copies of key files that this run has replaced.
func (k *Keys) BackupLines() []i18n.Message {
	var lines []i18n.Message
	for _, path := range k.Backups {
		lines = append(lines, i18n.Msg("left.kept", "path", k.base.Display(path)))
	}
	return lines
}

// KeyAction is what a review says of the key files.
func (k *Keys) KeyAction() review.Action {
	switch {
	case !k.KeyIsNew:
		return review.Kept
	case k.Dry:
		return review.Created
	}
	return review.Saved
}

// LeftLines say which key files a run that is left has made.
func (k *Keys) LeftLines() []i18n.Message {
	var lines []i18n.Message
	if k.Saved != nil {
		lines = append(lines, i18n.Msg("left.key", "path", k.base.Display(k.Saved.PrivatePath), "public", k.base.Display(k.Saved.PublicPath)))
	}
	return append(lines, k.BackupLines()...)
}
