package setup

import (
	"cmp"
	"context"
	"crypto/rsa"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/internal/keyfile"
	"cozejwt/internal/profiles"
	"cozejwt/keygen"
)

// keyStep gets the key pair: generated here, made by the console, or the
// project's own. It is the one step that writes before the review, and all it
// writes are the key files.
var keyStep = Step{
	ID: StepKey,
	Intro: func(s *Session) []i18n.Message {
		return []i18n.Message{i18n.Msg("key.brief")}
	},
	Look:   lookAtKeys,
	Fields: keyFields,
	Work:   acquireKey,
}

func keyFields(s *Session) []Field {
	fields := []Field{sourceField(s)}
	if s.Answers.Source == ImportKey {
		fields = append(fields, importField(s))
	}
	if s.replaces() {
		fields = append(fields, replaceField(s))
	}
	if s.Answers.Source == ImportKey && s.keys.discardable {
		fields = append(fields, discardField(s))
	}
	return fields
}

// keyFiles is what a look at the places of keys has found.
type keyFiles struct {
	onDisk      *keygen.Key // at the key path; nil for none that can be used
	broken      error       // why the file there cannot be used
	about       []string    // what tells onDisk from other keys, as pairs for a text
	imported    *keygen.Key // at the path of the console's key; nil for none
	discardable bool        // that file is a copy which may be removed
	download    string      // the newest of the console's keys in the download folders, "" for none
	age         time.Duration
}

func (s *Session) keyFilesNow() keyFiles {
	var k keyFiles
	k.onDisk, k.broken = s.keyOnDisk()
	if k.onDisk != nil {
		k.about = s.describe(s.Answers.KeyFile, k.onDisk.Private)
	}
	k.download, k.age = newestDownload(s.Deps.Downloads, s.Deps.Now())
	if s.Answers.Import != "" {
		k.imported, _ = keygen.Load(s.Answers.Import) // that it cannot be read is said when it is given
	}
	k.discardable = s.mayDiscard()
	return k
}

// lookAtKeys sees which key files are there. A key that the console makes turns
// up in a download folder while the step waits for it.
func lookAtKeys(s *Session) Job {
	snapshot := *s
	return func(context.Context) (Effect, error) {
		found := snapshot.keyFilesNow()
		return func(s *Session) { s.keys = found }, nil
	}
}

// replaces reports whether the source that was chosen puts another key in the
// place of one from before this run.
func (s *Session) replaces() bool {
	onDisk, imported := s.keys.onDisk, s.keys.imported
	switch {
	case onDisk == nil && s.keys.broken == nil, s.newKeyFolder() != "", s.Answers.Source == ReuseKey, s.Answers.Source == "":
		return false
	case s.madeHere(onDisk):
		return false // a copy is kept all the same
	case s.Answers.Source == ImportKey && onDisk != nil:
		return imported == nil || !imported.Private.Equal(onDisk.Private)
	}
	return true
}

// madeHere reports whether a key was made or imported in this run.
func (s *Session) madeHere(key *keygen.Key) bool {
	return key != nil && s.Observed.KeyIsNew && s.Observed.Key != nil && key.Private.Equal(s.Observed.Key)
}

// makeAnother is the choice of a second pair where this run has made one.
const makeAnother KeySource = "another"

func sourceField(s *Session) Field {
	f := Field{ID: "key_source", Value: string(s.Answers.Source)}
	add := func(id string, source KeySource, pairs ...string) {
		f.Options = append(f.Options, Option{string(source), i18n.Msg("key."+id, pairs...), i18n.Msg("key."+id+".about", pairs...)})
	}
	made := s.Observed.Source == MakeKey && s.madeHere(s.keys.onDisk)
	switch {
	case made:
		add("made", MakeKey, s.keys.about...)
	case s.keys.onDisk != nil:
		add("reuse", ReuseKey, s.keys.about...)
	}
	switch {
	case made:
		add("another", makeAnother, "path", s.Display(s.newKeyPath()))
	case s.keys.onDisk != nil && s.newKeyFolder() == "":
		add("anew", MakeKey, "path", s.Display(s.newKeyPath()))
	default:
		add("make", MakeKey, "path", s.Display(s.newKeyPath()))
	}
	add("import", ImportKey)
	if f.Value == "" {
		f.Value = f.Options[0].Value
	}
	f.Put = func(s *Session, value string) {
		s.Answers.Source, s.Answers.Replace = KeySource(value), false
		if s.Answers.Source == makeAnother {
			s.Answers.Source, s.Observed.Source = MakeKey, "" // the pair that was made no longer serves
		}
	}
	return f
}

func importField(s *Session) Field {
	f := Field{ID: "import_key", Flag: "--import-key", Value: s.Answers.Import, Late: true}
	if s.keys.download != "" {
		if f.Value == "" {
			f.Value = s.keys.download
		}
		m := i18n.Msg("field.import_key.newest", "path", s.Display(s.keys.download), "age", s.keys.age.Round(time.Second).String())
		f.Hint = &m
	}
	snapshot := *s
	f.Load = func(raw string) Job { return takeImport(snapshot, raw) }
	return f
}

// takeImport answers which file the console's key is.
func takeImport(s Session, raw string) Job {
	return func(context.Context) (Effect, error) {
		path, err := ParsePath(raw)
		if err != nil {
			return nil, err
		}
		if path != s.Observed.Removed { // imported already
			_, err = keygen.Load(path)
			if errors.Is(err, keygen.ErrAbsent) {
				return nil, keygen.ErrAbsent.With("path", path).Advise("key.import_absent")
			}
			if err != nil {
				return nil, err
			}
		}
		s.Answers.Import = path
		found := s.keyFilesNow()
		return func(s *Session) {
			s.Answers.Import, s.keys = path, found
			if !s.Given("import_key") {
				s.note(FromPerson, "import_key")
			}
		}, nil
	}
}

// replaceField wants the word typed: Enter alone must never replace a key.
func replaceField(s *Session) Field {
	f := Field{ID: "replace_key", Late: true, Unanswered: keygen.ErrExists.With("path", s.Answers.KeyFile).Advise("key.exists.setup")}
	if unusable, ok := errors.AsType[*fault.Fault](s.keys.broken); ok {
		f.Unanswered = unusable // not another key: no key at all
	}
	if s.Answers.Replace {
		f.Value = "yes"
	}
	about := i18n.Msg("field.replace_key.unreadable", "path", s.Display(s.Answers.KeyFile))
	if s.keys.onDisk != nil {
		about = i18n.Msg("field.replace_key.about", s.keys.about...)
	}
	f.Hint = &about
	path := s.Display(s.Answers.KeyFile)
	f.Check = func(raw string) (string, *fault.Fault, error) {
		if word := strings.ToLower(strings.TrimSpace(raw)); word != "yes" && word != "是" {
			return "", nil, fault.Usage("key.replace_unconfirmed", "path", path)
		}
		return "yes", nil, nil
	}
	f.Put = func(s *Session, _ string) { s.Answers.Replace = true }
	return f
}

func discardField(s *Session) Field {
	f := Field{ID: "discard", Value: "no", Options: yesNo("discard", "no", "yes")}
	if s.Answers.Discard {
		f.Value = "yes"
	}
	m := i18n.Msg("field.discard.path", "path", s.Display(s.Answers.Import))
	f.Hint = &m
	f.Put = func(s *Session, value string) { s.Answers.Discard = value == "yes" }
	return f
}

// acquireKey reads, makes or imports the key and saves what is new.
func acquireKey(s *Session) Job {
	if s.keyIsReady() {
		return func(context.Context) (Effect, error) { return nil, nil }
	}
	if s.Answers.Source == MakeKey {
		s.Warm()
	}
	a, spare, now := s.Answers, s.pregenerated, s.Deps.Now()
	snapshot := *s
	mine, inUse, folder := s.Observed.KeyIsNew, s.inUse, s.newKeyFolder()
	place := keyfile.Place{Project: s.Dir, Named: s.Given("key_path")}
	return func(ctx context.Context) (Effect, error) {
		key, err := loadOrGenerate(ctx, a, spare)
		if err != nil {
			return nil, err
		}
		if inUse != nil && inUse.Equal(key) {
			return nil, ErrInUse.With("path", cmp.Or(a.Import, a.KeyFile))
		}
		if a.Source != ReuseKey && folder != "" {
			a.KeyFile = keygen.DatedPath(folder, &key.PublicKey, now)
		}
		if a.Source == ReuseKey {
			place.Path = a.KeyFile
			err := keyfile.RestorePublic(place, key, now)
			return func(s *Session) {
				s.Observed.KeyIsNew, s.Observed.Source, s.Observed.Saved = false, ReuseKey, nil
				s.useKey(key)
			}, err
		}
		if a.DryRun {
			return func(s *Session) {
				s.Observed.KeyIsNew, s.Observed.Source = true, a.Source
				s.useKey(key)
			}, nil
		}
		mayDiscard := snapshot.mayDiscard() // before the key file is replaced
		existing := keygen.Refuse
		if a.Replace || mine {
			existing = keygen.KeepCopy
		}
		place.Path = a.KeyFile
		saved, err := keyfile.Save(place, key, existing, now)
		if err != nil {
			return nil, err
		}
		removed, err := discard(a, key, mayDiscard)
		return func(s *Session) {
			s.Observed.KeyIsNew, s.Observed.Saved, s.Observed.Removed = true, &saved, removed
			s.Observed.Backups = append(s.Observed.Backups, saved.Kept...)
			s.useKey(key)
			s.Observed.Source, s.Observed.Uploaded, s.Answers.KeyFile = a.Source, false, a.KeyFile
			s.pregenerated = nil // used: the next one has to be another
		}, err
	}
}

// newKeyPath is where a key that is made goes, as far as that is known before.
func (s *Session) newKeyPath() string {
	if folder := s.newKeyFolder(); folder != "" {
		return filepath.Join(folder, "private_key_….pem")
	}
	return s.Answers.KeyFile
}

// useKey makes key the one that the answers are about. A Key ID belongs to its
// key: one that came with another key is forgotten.
func (s *Session) useKey(key *rsa.PrivateKey) {
	s.Observed.Key = key
	if now := fingerprint(key); now != s.keyIDOwner {
		if !s.Given("key_id") {
			s.Answers.KeyID = ""
		}
		s.keyIDOwner = now
	}
}

// keyIsReady reports whether this run already did the step with the same answers:
// a person who came back to it must not lose the pair.
func (s *Session) keyIsReady() bool {
	if !s.Observed.KeyIsNew || s.Observed.Source != s.Answers.Source {
		return false
	}
	return s.Observed.Source == MakeKey || s.Observed.Removed != "" && s.Observed.Removed == s.Answers.Import
}

func loadOrGenerate(ctx context.Context, a Answers, spare *future[*rsa.PrivateKey]) (*rsa.PrivateKey, error) {
	switch a.Source {
	case MakeKey:
		return spare.wait(ctx)
	case ImportKey:
		key, err := keygen.Load(a.Import)
		if err != nil {
			return nil, err
		}
		return key.Private, nil
	}
	key, err := keygen.Load(a.KeyFile)
	if err != nil {
		return nil, err
	}
	return key.Private, nil
}

// mayDiscard reports whether there is a second copy of the imported key: the
// file that was named may be the key file itself, by another name, or the key
// file of another set.
func (s *Session) mayDiscard() bool {
	a := s.Answers
	if a.Import == "" || a.Import == s.Observed.Removed || credentials.SameFile(a.Import, a.KeyFile) {
		return false
	}
	used, err := profiles.KeysInUse(s.Dir, s.EnvPath)
	return err == nil && !used.Names(a.Import)
}

// discard removes the console's download once its copy was read back completely.
func discard(a Answers, key *rsa.PrivateKey, may bool) (removed string, err error) {
	if !may || a.Source != ImportKey || !a.Discard || credentials.SameFile(a.Import, a.KeyFile) {
		return "", nil
	}
	copied, err := keygen.Load(a.KeyFile)
	if err != nil {
		return "", err
	}
	if !copied.Private.Equal(key) {
		return "", errors.New("the key that was saved is not the one that was read")
	}
	if err := os.Remove(a.Import); err != nil {
		return "", fault.Unexpected("file.remove", err, "path", a.Import)
	}
	return a.Import, nil
}
