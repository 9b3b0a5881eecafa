package setup

import (
	"context"
	"crypto/rsa"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"cozejwt/internal/credentials"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/internal/profiles"
	"cozejwt/keygen"
)

// Prune is the plan "delete old private keys". One is deleted only where the
// service refuses its Key ID, or where the person types the file's name.
var Prune = Plan{Name: "prune", Flags: rotateFlags, Summary: pruneSummary, Steps: []Step{probeStep, pruneStep, prunedStep}}

// An OldKey is a private key that a rotation has left behind.
type OldKey struct {
	File    string
	KeyID   string // "" where it is not known
	Verdict Verdict
	Chosen  bool // it is to be deleted
	Deleted bool

	private *rsa.PrivateKey
	set     credentials.Set
}

// A Verdict is what the service says of an old key.
type Verdict string

// The verdicts.
const (
	Unasked  Verdict = "unasked"  // its Key ID is not known
	Refused  Verdict = "refused"  // the service no longer accepts its Key ID
	Accepted Verdict = "accepted" // a token is still granted for it
	Unclear  Verdict = "unclear"  // the service refused for some other reason
)

// OpenPrune begins a session that deletes the old keys of a project.
func OpenPrune(env Deps, dir, envPath string) (*Session, error) {
	s, err := openExisting(env, dir, envPath, Prune)
	if err != nil {
		return nil, err
	}
	s.Observed.Old, err = s.oldKeys()
	return s, err
}

// oldKeys lists the keys that rotations have made or replaced and that nothing
// in the project uses.
func (s *Session) oldKeys() ([]OldKey, error) {
	used, err := profiles.KeysInUse(s.Dir, s.EnvPath)
	if err != nil {
		return nil, err
	}
	known := s.recordedKeys()
	for _, file := range s.unusedKeys() {
		if _, is := known[file]; !is {
			known[file] = credentials.Set{}
		}
	}
	var old []OldKey
	for file, set := range known {
		key, err := keygen.Load(file)
		if err != nil || used.Names(file) || used.Has(key.Private) {
			continue
		}
		old = append(old, OldKey{File: file, KeyID: set.KeyID, Verdict: Unasked, private: key.Private, set: set})
	}
	slices.SortFunc(old, func(a, b OldKey) int { return strings.Compare(a.File, b.File) })
	return old, nil
}

// recordedKeys returns the key files of the records, each with its credentials. They
// are empty for a key of another app or API base: its refusal proves nothing, because
// only the current app is known to work.
func (s *Session) recordedKeys() map[string]credentials.Set {
	known := map[string]credentials.Set{}
	for _, r := range s.Deps.Records(s.EnvPath) {
		for _, ref := range []KeyRef{r.Previous, r.New} {
			if _, is := known[ref.File]; is {
				continue
			}
			known[ref.File] = credentials.Set{}
			if now := s.existing.Set; r.AppID == now.AppID && r.Base == now.APIBase {
				known[ref.File] = credentials.Set{AppID: r.AppID, KeyID: ref.KeyID, APIBase: r.Base}
			}
		}
	}
	return known
}

// probeStep asks the service about each old key, after the one in use: only
// where that works does a refusal say something of the key.
var probeStep = Step{
	ID: StepProbe,
	Intro: func(s *Session) []i18n.Message {
		if len(s.Observed.Old) == 0 {
			return nil // the last step says so
		}
		return []i18n.Message{i18n.Msg("prune.brief", "count", strconv.Itoa(len(s.Observed.Old)))}
	},
	Work: func(s *Session) Job {
		env, envPath, old := s.Deps, s.EnvPath, slices.Clone(s.Observed.Old)
		s.asked = s.existing.Set
		return func(ctx context.Context) (Effect, error) {
			if len(old) == 0 {
				return nil, nil
			}
			if _, err := env.TestFile(ctx, envPath); err != nil {
				return nil, err
			}
			for i := range old {
				if old[i].KeyID == "" {
					continue
				}
				_, err := env.Test(ctx, old[i].set, old[i].private)
				verdict, err := judge(err)
				if err != nil {
					return nil, err
				}
				old[i].Verdict = verdict
			}
			return func(s *Session) { s.Observed.Old = old }, nil
		}
	},
}

// judge turns the answer to an exchange into a verdict on its key.
func judge(err error) (Verdict, error) {
	if err == nil {
		return Accepted, nil
	}
	switch d := diagnosis.Diagnose(err, diagnosis.Facts{}); {
	case d.ID == "kid_unknown":
		return Refused, nil
	case d.Class() == fault.ClassCheck && d.Refusal != nil:
		return Unclear, nil
	}
	return "", err
}

// pruneStep asks about each key. What the service no longer accepts is deleted on a
// yes; for the others the name has to be typed.
var pruneStep = Step{
	ID: StepOldKeys,
	Intro: func(s *Session) []i18n.Message {
		return []i18n.Message{i18n.Msg("prune.ask")}
	},
	Fields: func(s *Session) []Field {
		var fields []Field
		for i, k := range s.Observed.Old {
			if k.Verdict == Refused {
				fields = append(fields, deleteField(s, i))
			} else {
				fields = append(fields, typedField(s, i))
			}
		}
		return fields
	},
	Work: func(s *Session) Job {
		old, dir, envPath := slices.Clone(s.Observed.Old), s.Dir, s.EnvPath
		return func(context.Context) (Effect, error) {
			err := deleteKeys(old, func() (profiles.Usage, error) { return profiles.KeysInUse(dir, envPath) })
			return func(s *Session) { s.Observed.Old = old }, err
		}
	},
	Skip: func(s *Session) bool { return len(s.Observed.Old) == 0 },
}

func deleteField(s *Session, i int) Field {
	k := s.Observed.Old[i]
	f := Field{ID: "delete", Flag: "--yes", Options: yesNo("delete", "no", "yes")}
	if s.Answers.Write {
		f.Value = "yes"
	}
	hint := i18n.Msg("prune.refused", "path", s.Display(k.File), "key_id", k.KeyID)
	f.Hint = &hint
	f.Put = func(s *Session, value string) { s.Observed.Old[i].Chosen = value == "yes" }
	return f
}

// keep is the answer that leaves a key where it is.
const keep = "keep"

func typedField(s *Session, i int) Field {
	k, name := s.Observed.Old[i], filepath.Base(s.Observed.Old[i].File)
	hint := i18n.Msg("prune."+string(k.Verdict), "path", s.Display(k.File), "key_id", k.KeyID, "name", name)
	return Field{
		ID: "delete_typed", Value: keep, Hint: &hint,
		Check: func(raw string) (string, *fault.Fault, error) {
			value := strings.TrimSpace(raw)
			if value != keep && value != name {
				return "", nil, fault.Usage("prune.name", "name", name)
			}
			return value, nil, nil
		},
		Put: func(s *Session, value string) { s.Observed.Old[i].Chosen = value == name },
	}
}

// deleteKeys removes the chosen keys with their public keys. Whether one has
// come into use since it was listed is seen again before each.
func deleteKeys(old []OldKey, inUse func() (profiles.Usage, error)) error {
	for i, k := range old {
		if !k.Chosen || k.Deleted {
			continue
		}
		used, err := inUse()
		if err != nil {
			return err
		}
		if used.Names(k.File) || used.Has(k.private) {
			return ErrInUse.With("path", k.File)
		}
		if err := os.Remove(k.File); err != nil {
			return fault.Unexpected("file.remove", err, "path", k.File)
		}
		old[i].Deleted = true
		public, err := keygen.LoadPublic(keygen.PublicPath(k.File))
		if err != nil || !keygen.IsPair(k.private, public) {
			continue // another key's, or none
		}
		if err := os.Remove(keygen.PublicPath(k.File)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fault.Unexpected("file.remove", err, "path", keygen.PublicPath(k.File))
		}
	}
	return nil
}

var prunedStep = Step{
	ID:    StepDone,
	Intro: pruneSummary,
}

func pruneSummary(s *Session) []i18n.Message {
	if len(s.Observed.Old) == 0 {
		return []i18n.Message{i18n.Msg("prune.none")}
	}
	var lines []i18n.Message
	for _, k := range s.Observed.Old {
		id := "prune.kept"
		switch {
		case k.Deleted:
			id = "prune.deleted"
		case k.Verdict == Accepted:
			id = "prune.kept_accepted"
		}
		lines = append(lines, i18n.Msg(id, "path", s.Display(k.File), "key_id", k.KeyID))
	}
	return lines
}
