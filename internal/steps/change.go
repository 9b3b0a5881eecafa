package steps

import (
	"cmp"
	"context"
	"crypto/rsa"
	"errors"
	"os"
	"path/filepath"
	"slices"

	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/paths"
	"cozejwt/internal/review"
	"cozejwt/keygen"
)

// A Change is what a run is about to write, and what it has written.
type Change struct {
	Review   *review.Review // nil before it is worked out
	Accepted bool           // what the review shows may be written
	Written  bool
	Kept     string        // the profile that holds the previous credentials, "" for none
	Edits    []review.Edit // by this run, from what was there before to what is there now

	keepAt  string              // the .env that takes the set which is replaced, "" where none has to
	current credentials.EnvFile // what the .env holds, once it is written
}

var (
	// ErrUnconfirmed is the fault of a review that no one can be asked to accept.
	ErrUnconfirmed = fault.Usage("review.unconfirmed")
	// ErrDeclined is the fault of a review that was not accepted.
	ErrDeclined = fault.Usage("review.declined")
)

// Previous is the complete credentials that a .env held when a run began.
type Previous struct {
	File credentials.EnvFile
	Key  *rsa.PrivateKey // nil where it is not looked for
}

// KeyFile is where the previous key is: where the .env names it, or in a backup
// where a new one has taken its place.
func (p Previous) KeyFile() string {
	path, _ := p.holding(Fingerprint(p.Key))
	return path
}

// Recalled is the previous credentials with the key of a fingerprint, which may be in a backup:
// an earlier run, which this one continues, has put another in its place.
func (p Previous) Recalled(fingerprint string) *Previous {
	if _, key := p.holding(fingerprint); key != nil {
		p.Key = key
	}
	return &p
}

// holding finds the key of a fingerprint in the file that the .env names, or in a backup of it; it is
// nil where it is in none of them.
func (p Previous) holding(fingerprint string) (path string, key *rsa.PrivateKey) {
	file := p.File.KeyFile()
	for _, path := range append([]string{file}, keygen.Backups(file)...) {
		if key, err := keygen.Load(path); err == nil && Fingerprint(key.Private) == fingerprint {
			return path, key.Private
		}
	}
	return file, nil
}

// keptAt is how the previous credentials are written into the profile at path.
func (p Previous) keptAt(project Project, path string) review.Target {
	set := p.File.Set
	if file := p.KeyFile(); file != p.File.KeyFile() || filepath.Dir(path) != filepath.Dir(p.File.Path) {
		set.KeyPath = credentials.RelativeKeyPath(project.Dir, path, file)
	}
	return review.Target{Path: path, Set: set, Conventions: p.File.Conventions[:1]}
}

// Conventions are the names that the .env is to have.
func (b *Base) Conventions() []credentials.Convention {
	if slices.Contains(b.Existing.Conventions, b.Names) {
		return b.Existing.Conventions
	}
	return []credentials.Convention{b.Names}
}

// PlanReview works out what p will change, of which it fills in what is the same in every plan, and
// which profile keeps the previous credentials; nil where none has to. That profile is written
// first, so that they are safe if a later write fails.
func (b *Base) PlanReview(keep *Previous, p review.Plan) flow.Job {
	b.Review = nil
	p.Dir, p.KeyFile, p.Values, p.Display, p.Key = b.Dir, b.KeyFile, b.Set, b.Display, cmp.Or(p.Key, review.Kept)
	project, key, complete := b.Project, b.Key, b.AppID != "" && b.KeyID != "" && b.APIBase != "" && b.Key != nil
	return func(context.Context) (flow.Effect, error) {
		if !complete {
			return nil, ErrIncomplete
		}
		if p.Key != review.Created {
			if err := stillThere(p.KeyFile, key); err != nil {
				return nil, err
			}
		}
		at := ""
		if keep != nil {
			at = project.placeToKeep()
		}
		if at != "" {
			p.Targets = slices.Insert(slices.Clone(p.Targets), 0, keep.keptAt(project, at))
		}
		planned, err := review.New(p)
		if err != nil {
			return nil, err
		}
		return func() { b.Review, b.keepAt = planned, at }, nil
	}
}

// ErrKeyReplaced is the fault of a key file in which someone else has put another key during the
// run.
var ErrKeyReplaced = fault.Invalid("key.replaced")

// stillThere is the fault of a key file that does not hold the key which the run is about.
func stillThere(file string, key *rsa.PrivateKey) error {
	now, err := keygen.Load(file)
	if err == nil && !now.Private.Equal(key) {
		err = ErrKeyReplaced.With("path", file)
	}
	return err
}

// Target is what the .env is to hold, which has to hold what the run knows of it until then.
func (b *Base) Target(set credentials.Set) review.Target {
	was := b.Existing
	if b.Written {
		was = b.current
	}
	return review.Target{Path: b.EnvPath, Set: set, Conventions: b.Conventions(), Was: &was}
}

// ReviewStep shows what prepare has worked out and, once that is accepted, does the work that writes
// it.
func (b *Base) ReviewStep(intro func() []i18n.Message, prepare, work func() flow.Job) flow.Step {
	return flow.Step{
		ID: Review, Intro: intro, Prepare: prepare, Work: work,
		Shows: func() []flow.Exhibit {
			if b.Review == nil {
				return nil
			}
			return []flow.Exhibit{b.Review}
		},
		Fields: func() []flow.Field {
			f := flow.Agree("write", &b.Accepted, "yes", "no")
			f.Flag, f.Unanswered = "--yes", ErrUnconfirmed
			return []flow.Field{f}
		},
		Answer: func() string {
			if !b.Written {
				return ""
			}
			return filepath.Base(b.EnvPath)
		},
	}
}

// consented is the fault of a review that may not be written.
func (b *Base) consented() error {
	switch {
	case !b.Accepted:
		return ErrDeclined
	case b.Review == nil:
		return ErrIncomplete
	}
	return nil
}

// Apply writes what the review promised and nothing else; where one file cannot be written, those
// before it are put back. The errors are ErrDeclined, ErrIncomplete and those of
// [review.Review.Apply] and [review.Review.Undo].
func (b *Base) Apply() flow.Job {
	planned, refused, project := b.Review.Clone(), b.consented(), b.Project
	return flow.Do(func(ctx context.Context) (struct{}, error) {
		if refused != nil {
			return struct{}{}, refused
		}
		return Locked(ctx, project, func() (none struct{}, err error) {
			if err = planned.Apply(); err != nil {
				err = errors.Join(err, planned.Undo(nil))
			}
			return none, err
		})
	}, func(struct{}) { b.applied(planned) })
}

// applied adds to what this run has written what a review has written now, so
// that all of it can be taken back at once.
func (b *Base) applied(r *review.Review) {
	b.Review, b.Written, b.current, b.Token = r, true, r.Now(b.EnvPath), nil
	for _, e := range r.Edits {
		at := slices.IndexFunc(b.Edits, func(w review.Edit) bool { return w.Path == e.Path })
		if at < 0 {
			b.Edits = append(b.Edits, e)
			continue
		}
		b.Edits[at] = b.Edits[at].Then(e)
	}
	if b.keepAt != "" {
		b.Kept = b.keepAt
	}
}

// Unchanged reports whether the review found nothing to write.
func (b *Base) Unchanged() bool { return b.Review != nil && b.Review.Unchanged() }

// KeptLines say where the previous credentials are.
func (b *Base) KeptLines() []i18n.Message {
	if b.Kept == "" {
		return nil
	}
	name := credentials.EnvFile{Path: b.Kept}.Profile()
	return []i18n.Message{i18n.Msg("used.kept", "path", b.Display(b.Kept), "profile", name)}
}

// SetLines say what the .env holds now.
func (b *Base) SetLines() []i18n.Message {
	values := []string{"path", paths.FromHere(b.Dir, b.EnvPath), "app_id", b.AppID, "key", paths.FromHere(b.Dir, b.KeyFile)}
	if b.Unchanged() {
		return []i18n.Message{i18n.Msg("summary.unchanged", values...)}
	}
	return []i18n.Message{i18n.Msg("summary.env", values...)}
}

// LeftLine says of a run that is left what its .env is: untouched and absent are the texts for one
// that is as it was, and for one that is not there.
func (b *Base) LeftLine(untouched, absent string) i18n.Message {
	id := untouched
	if _, err := os.Lstat(b.EnvPath); err != nil {
		id = absent
	}
	if b.Written {
		id = "left.env"
	}
	return i18n.Msg(id, "path", b.Display(b.EnvPath))
}

// LeftAsItWas is LeftLine for a plan that nobody resumes.
func (b *Base) LeftAsItWas(bool) []i18n.Message {
	return append([]i18n.Message{b.LeftLine("left.same", "left.absent")}, b.KeptLines()...)
}

// Accept agrees, for a flag, to what is asked before something is changed.
func (b *Base) Accept(more ...string) {
	b.Accepted = true
	b.Note(flow.FromFlag, append(more, "write")...)
}
