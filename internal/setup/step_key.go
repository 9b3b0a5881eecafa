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
	"cozejwt/internal/profiles"
	"cozejwt/keygen"
)

// keyStep brings the key pair about: made here, made by the console, or the
// project's own. It is the one step that writes before the review, and all it
// writes are the key files.
var keyStep = Step{
	ID: StepKey,
	Intro: func(s *Session) []i18n.Message {
		return []i18n.Message{i18n.Msg("key.brief")}
	},
	Fields: keyFields,
	Work:   acquireKey,
}

func keyFields(s *Session) []Field {
	onDisk, broken := s.keyOnDisk()
	fields := []Field{sourceField(s, onDisk, s.newKeyPath())}
	if s.Answers.Source == ImportKey {
		fields = append(fields, importField(s))
	}
	if s.replaces(onDisk, broken) {
		fields = append(fields, replaceField(s, onDisk, broken))
	}
	if s.Answers.Source == ImportKey && s.mayDiscard() {
		fields = append(fields, discardField(s))
	}
	return fields
}

// replaces reports whether the source that was chosen puts another key in the
// place of one from before this run.
func (s *Session) replaces(onDisk *keygen.Key, broken error) bool {
	if onDisk == nil && broken == nil || s.newKeyFolder() != "" || s.Answers.Source == ReuseKey || s.Answers.Source == "" {
		return false
	}
	if onDisk != nil && s.Observed.KeyIsNew && s.Observed.Key != nil && onDisk.Private.Equal(s.Observed.Key) {
		return false // made a moment ago; a copy is kept all the same
	}
	if s.Answers.Source == ImportKey && onDisk != nil {
		imported, err := keygen.Load(s.Answers.Import)
		return err != nil || !imported.Private.Equal(onDisk.Private)
	}
	return true
}

func sourceField(s *Session, onDisk *keygen.Key, made string) Field {
	f := Field{ID: "key_source", Value: string(s.Answers.Source)}
	add := func(src KeySource, flagPairs ...string) {
		id := "key." + string(src)
		f.Options = append(f.Options, Option{string(src), i18n.Msg(id, flagPairs...), i18n.Msg(id+".about", flagPairs...)})
	}
	if onDisk != nil {
		add(ReuseKey, s.describe(s.Answers.KeyFile, onDisk.Private)...)
	}
	add(MakeKey, "path", s.Display(made))
	add(ImportKey)
	if f.Value == "" {
		f.Value = f.Options[0].Value
	}
	f.Put = func(s *Session, value string) { s.Answers.Source, s.Answers.Replace = KeySource(value), false }
	return f
}

func importField(s *Session) Field {
	f := Field{ID: "import_key", Flag: "--import-key", Value: s.Answers.Import, Late: true}
	if newest, age := newestDownload(s.Deps.Downloads, s.Deps.Now()); newest != "" {
		if f.Value == "" {
			f.Value = newest
		}
		m := i18n.Msg("field.import_key.newest", "path", s.Display(newest), "age", age.Round(time.Second).String())
		f.Hint = &m
	}
	removed := s.Observed.Removed
	f.Check = func(raw string) (string, *fault.Fault, error) {
		path, err := parseDroppedPath(raw)
		if err == nil && path != removed { // imported already
			_, err = keygen.Load(path)
		}
		return path, nil, err
	}
	f.Put = func(s *Session, value string) { s.Answers.Import = value }
	return f
}

// replaceField wants the word typed: Enter alone must never replace a key.
func replaceField(s *Session, onDisk *keygen.Key, broken error) Field {
	f := Field{ID: "replace_key", Late: true, Unanswered: keygen.ErrExists.With("path", s.Answers.KeyFile).Advise("key.exists.setup")}
	if unusable, ok := errors.AsType[*fault.Fault](broken); ok {
		f.Unanswered = unusable // not another key: no key at all
	}
	if s.Answers.Replace {
		f.Value = "yes"
	}
	about := i18n.Msg("field.replace_key.unreadable", "path", s.Display(s.Answers.KeyFile))
	if onDisk != nil {
		about = i18n.Msg("field.replace_key.about", s.describe(s.Answers.KeyFile, onDisk.Private)...)
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
	mayDiscard := s.mayDiscard()
	mine, inUse, folder := s.Observed.KeyIsNew, s.inUse, s.newKeyFolder()
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
			err := keygen.RestorePublic(a.KeyFile, key, now)
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
		existing := keygen.Refuse
		if a.Replace || mine {
			existing = keygen.KeepCopy
		}
		saved, err := keygen.Save(a.KeyFile, key, existing, now)
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

// keyIsReady reports whether the step was done in this run as it is
// answered now: a person who came back to it must not lose the pair.
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
