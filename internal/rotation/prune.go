package rotation

import (
	"cmp"
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
	"cozejwt/internal/disk"
	"cozejwt/internal/exchange"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/profiles"
	"cozejwt/internal/steps"
	"cozejwt/keygen"
)

// A Prune is one run of the plan "delete old private keys". One is deleted only where the
// service refuses its Key ID, or where the person types the file's name.
type Prune struct {
	steps.Base
	Old []OldKey
}

// An OldKey is a private key that a rotation has left behind.
type OldKey struct {
	File    string
	KeyID   string // "" where it is not known
	Origin  Origin
	Verdict Verdict
	Chosen  bool // it is to be deleted
	Deleted bool

	private *rsa.PrivateKey
	set     credentials.Set
}

// An Origin is where an old key comes from, as the records of rotations say.
type Origin string

// The origins.
const (
	Replaced   Origin = "replaced"    // a rotation replaced it
	RolledBack Origin = "rolled_back" // a rotation made it, and was rolled back or did not finish
	Unrecorded Origin = "unrecorded"  // no rotation on record
)

// A Verdict is what the service says of an old key.
type Verdict string

// The verdicts.
const (
	Unasked  Verdict = "unasked"  // its Key ID is not known
	Refused  Verdict = "refused"  // the service no longer accepts its Key ID
	Accepted Verdict = "accepted" // a token is still granted for it
	Unclear  Verdict = "unclear"  // the service refused for some other reason
)

// OpenPrune begins a run that deletes the old keys of a project. The errors are those of
// [steps.OpenComplete] and [profiles.KeysInUse].
func OpenPrune(deps steps.Deps, dir, envPath string) (*Prune, error) {
	project, err := steps.OpenComplete(deps, dir, envPath)
	if err != nil {
		return nil, err
	}
	p := &Prune{Base: steps.NewBase(project)}
	p.Preselect()
	p.Run = project.NewRun(flow.Plan{
		Name:    "prune",
		Steps:   []flow.Step{p.probeStep(), p.oldKeysStep(), {ID: steps.Done, Intro: p.summary}},
		Summary: p.summary, Leftovers: p.LeftAsItWas,
		Diagnose: func(err error) diagnosis.Diagnosis {
			f := p.Facts()
			f.KeyFromHere = true
			return diagnosis.Diagnose(err, f)
		},
		Console: p.Page,
	})
	p.Old, err = oldKeys(project)
	return p, err
}

// oldKeys lists the keys that rotations have made or replaced and that nothing
// in the project uses.
func oldKeys(p steps.Project) ([]OldKey, error) {
	used, err := profiles.KeysInUse(p.Dir, p.EnvPath)
	if err != nil {
		return nil, err
	}
	known, origins := recordedKeys(p), recordedOrigins(p)
	for _, file := range unusedKeys(p) {
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
		old = append(old, OldKey{File: file, KeyID: set.KeyID, Origin: cmp.Or(origins[file], Unrecorded), Verdict: Unasked, private: key.Private, set: set})
	}
	slices.SortFunc(old, func(a, b OldKey) int { return strings.Compare(a.File, b.File) })
	return old, nil
}

// recordedKeys returns the key files of the records, each with its credentials. They
// are empty for a key of another app or API base: its refusal proves nothing, because
// only the current app is known to work.
func recordedKeys(p steps.Project) map[string]credentials.Set {
	known := map[string]credentials.Set{}
	for _, r := range Records(p.StateDir, p.EnvPath) {
		for _, ref := range []KeyRef{r.Previous, r.New} {
			if _, is := known[ref.File]; is {
				continue
			}
			known[ref.File] = credentials.Set{}
			if now := p.Existing.Set; r.AppID == now.AppID && r.Base == now.APIBase {
				known[ref.File] = credentials.Set{AppID: r.AppID, KeyID: ref.KeyID, APIBase: r.Base}
			}
		}
	}
	return known
}

// recordedOrigins returns where the keys of the records come from, by their files. What a rotation
// has made is newer than the current key where that is the key it replaced, and so on.
func recordedOrigins(p steps.Project) map[string]Origin {
	origins := map[string]Origin{}
	newer := map[string]bool{p.Existing.KeyFile(): true}
	for _, r := range slices.Backward(Records(p.StateDir, p.EnvPath)) { // the oldest first
		if newer[r.Previous.File] {
			newer[r.New.File], origins[r.New.File] = true, RolledBack
			continue
		}
		origins[r.Previous.File] = Replaced
		if origins[r.New.File] == "" {
			origins[r.New.File] = RolledBack // until a later rotation has replaced it
		}
	}
	return origins
}

// probeStep asks the service about each old key, after the one in use: only
// where that works does a refusal say something of the key.
func (p *Prune) probeStep() flow.Step {
	return flow.Step{
		ID: steps.Probe,
		Intro: func() []i18n.Message {
			if len(p.Old) == 0 {
				return nil // the last step says so
			}
			return []i18n.Message{i18n.Msg("prune.brief", "count", strconv.Itoa(len(p.Old)))}
		},
		Work: func() flow.Job {
			x, envPath, old := p.Exchanger, p.EnvPath, slices.Clone(p.Old)
			x.Waiting.For = 0 // that an old key is refused is what it is about
			p.AboutTo(p.Existing.Set)
			return flow.Do(func(ctx context.Context) ([]OldKey, error) { return old, probe(ctx, x, envPath, old) }, func(old []OldKey) { p.Old = old })
		},
	}
}

// probe finds the verdict on each key. The error is that of the key in use, or of a service
// that cannot be reached.
func probe(ctx context.Context, x exchange.Exchanger, envPath string, old []OldKey) error {
	if len(old) == 0 {
		return nil
	}
	if _, err := x.TestFile(ctx, envPath); err != nil {
		return err
	}
	for i := range old {
		if old[i].KeyID == "" {
			continue
		}
		_, err := x.Test(ctx, old[i].set, old[i].private)
		verdict, err := judge(err)
		if err != nil {
			return err
		}
		old[i].Verdict = verdict
	}
	return nil
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

// oldKeysStep asks about each key. What the service no longer accepts is deleted on a
// yes; for the others the name has to be typed.
func (p *Prune) oldKeysStep() flow.Step {
	return flow.Step{
		ID:    steps.OldKeys,
		Intro: func() []i18n.Message { return []i18n.Message{i18n.Msg("prune.ask")} },
		Fields: func() []flow.Field {
			var fields []flow.Field
			for i, k := range p.Old {
				if k.Verdict == Refused {
					fields = append(fields, p.deleteField(i))
				} else {
					fields = append(fields, p.typedField(i))
				}
			}
			return fields
		},
		Work: func() flow.Job {
			old, project := slices.Clone(p.Old), p.Project
			return func(ctx context.Context) (flow.Effect, error) {
				err := project.Locked(ctx, project.Dir, func() error {
					return deleteKeys(old, func() (profiles.Usage, error) { return profiles.KeysInUse(project.Dir, project.EnvPath) })
				})
				return func() { p.Old = old }, err
			}
		},
		Skip: func() bool { return len(p.Old) == 0 },
	}
}

// message says where the key comes from, in brackets behind its file.
func (o Origin) message() i18n.Message { return i18n.Msg("prune.origin." + string(o)) }

func (p *Prune) deleteField(i int) flow.Field {
	k := p.Old[i]
	f := flow.Agree("delete", &p.Base.Accepted, "no", "yes")
	f.Flag, f.About = "--yes", new(i18n.Msg("prune.refused", "path", p.Display(k.File), "key_id", k.KeyID).Within("origin", k.Origin.message()))
	f.Put = func(value string) { p.Old[i].Chosen = value == "yes" }
	return f
}

// keepAnswer is the answer that leaves a key where it is.
const keepAnswer = "keep"

func (p *Prune) typedField(i int) flow.Field {
	k, name := p.Old[i], filepath.Base(p.Old[i].File)
	return flow.Field{
		ID: "delete_typed", Value: keepAnswer,
		About: new(i18n.Msg("prune."+string(k.Verdict), "path", p.Display(k.File), "key_id", k.KeyID, "name", name).Within("origin", k.Origin.message())),
		Check: func(raw string) (string, *fault.Fault, error) {
			value := strings.TrimSpace(raw)
			if value != keepAnswer && value != name {
				return "", nil, fault.Usage("prune.name", "name", name)
			}
			return value, nil, nil
		},
		Put: func(value string) { p.Old[i].Chosen = value == name },
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
			return steps.ErrInUse.With("path", k.File)
		}
		if err := disk.Remove(k.File); err != nil {
			return fault.Unexpected("file.remove", err, "path", k.File)
		}
		old[i].Deleted = true
		public, err := keygen.LoadPublic(keygen.PublicPath(k.File))
		if err != nil || !keygen.IsPair(k.private, public) {
			continue // another key's, or none
		}
		if err := disk.Remove(keygen.PublicPath(k.File)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fault.Unexpected("file.remove", err, "path", keygen.PublicPath(k.File))
		}
	}
	return nil
}

func (p *Prune) summary() []i18n.Message {
	if len(p.Old) == 0 {
		return []i18n.Message{i18n.Msg("prune.none")}
	}
	var lines []i18n.Message
	for _, k := range p.Old {
		id := "prune.kept"
		switch {
		case k.Deleted:
			id = "prune.deleted"
		case k.Verdict == Accepted:
			id = "prune.kept_accepted"
		}
		lines = append(lines, i18n.Msg(id, "path", p.Display(k.File), "key_id", k.KeyID).Within("origin", k.Origin.message()))
	}
	return lines
}
