package verification

import (
	"crypto/rsa"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"time"

	"cozejwt/envfile"
	"cozejwt/internal/access"
	"cozejwt/internal/credentials"
	"cozejwt/internal/diff"
	"cozejwt/internal/fault"
	"cozejwt/internal/git"
	"cozejwt/internal/i18n"
	"cozejwt/keygen"
)

// A Repair is something that this program can fix itself. What says what it
// does; Diff shows it where it changes text. Nothing is changed before Apply.
type Repair struct {
	What  i18n.Message
	Diff  string
	apply func() error
}

// Apply fixes it. The errors are faults of the file that it changes.
func (r *Repair) Apply() error { return r.apply() }

// locked makes the repair one that is done by do.
func (r *Repair) locked(do func(func() error) error) {
	if r != nil && do != nil {
		apply := r.apply
		r.apply = func() error { return do(apply) }
	}
}

func (c *run) restrict(path string) *Repair {
	return &Repair{
		What: i18n.Msg("repair.mode", "path", c.typed(path)),
		apply: func() error {
			return fault.ModeUnset(path, access.Set(path, 0o600))
		},
	}
}

// ignore returns nil where .gitignore cannot help.
func (c *run) ignore(path string) *Repair {
	dir := c.Dir
	edit, err := git.Ignore(dir, path)
	if err != nil || edit == nil {
		return nil
	}
	before, after := edit.Shown()
	return &Repair{
		What: i18n.Msg("repair.ignore", "path", c.typed(edit.Path), "file", c.typed(path)),
		Diff: diff.Unified(".gitignore", ".gitignore", before, after),
		// Another repair may have added its line since: plan again, on what is there.
		apply: func() error { return git.Add(dir, path) },
	}
}

// rewriteKey writes the same key as PKCS#8. The old file stays under a dated
// name.
func (c *run) rewriteKey(path string, key *rsa.PrivateKey, now time.Time) *Repair {
	return &Repair{
		What: i18n.Msg("repair.key", "path", c.typed(path)),
		apply: func() error {
			return keygen.Rewrite(path, key, now)
		},
	}
}

// setBase puts the API base right that a fault names, nil where it names none.
func setBase(c *run, f *fault.Fault) *Repair {
	right := f.Value("right")
	if right == "" || c.APIBase != "" {
		return nil // a flag's value is not ours to fix
	}
	name := c.known.names.VarName(credentials.APIBase)
	return setValues(c, i18n.Msg("repair.value", "path", c.typed(c.EnvPath), "name", name, "right", right), map[string]string{name: right})
}

// setValue writes a value as it was understood.
func setValue(c *run, name, right string) *Repair {
	return setValues(c, i18n.Msg("repair.value", "path", c.typed(c.EnvPath), "name", name, "right", right), map[string]string{name: right})
}

// swapIDs exchanges App ID and Key ID where each is in the other's place, nil
// where they are not.
func swapIDs(c *run) *Repair {
	appID, keyID := c.known.names.VarName(credentials.AppID), c.known.names.VarName(credentials.KeyID)
	set := c.known.set
	if !credentials.IsAppID(set.KeyID) || !credentials.IsKeyID(set.AppID) {
		return nil
	}
	return setValues(c, i18n.Msg("repair.swap", "path", c.typed(c.EnvPath), "app_id", appID, "key_id", keyID), map[string]string{appID: set.KeyID, keyID: set.AppID})
}

// setValues changes variables of the .env; nil where that is not possible, as in the environment.
func setValues(c *run, what i18n.Message, values map[string]string) *Repair {
	if c.Environment != nil {
		return nil
	}
	path, names := c.EnvPath, slices.Sorted(maps.Keys(values))
	before, after, err := withValues(path, names, values)
	if err != nil {
		return nil
	}
	return &Repair{
		What: what,
		Diff: diff.Unified(".env", ".env", before.Redacted(names...), after.Redacted(names...)),
		apply: func() error {
			before, after, err := withValues(path, names, values)
			if err != nil {
				return err
			}
			return after.Save(path, before.Bytes())
		},
	}
}

func withValues(path string, names []string, values map[string]string) (before, after *envfile.File, err error) {
	data, err := envfile.Read(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fault.Unreadable(path, err)
	}
	if before, err = envfile.Parse(data); err != nil {
		return nil, nil, fault.At(path, err)
	}
	changed := *before // Set puts another file in its place
	after = &changed
	var pairs []envfile.Pair
	for _, name := range names {
		pairs = append(pairs, envfile.Pair{Name: name, Value: values[name]})
	}
	if err := after.SetAll(pairs...); err != nil {
		return nil, nil, fault.At(path, err)
	}
	return before, after, nil
}
