// Package matching finds out which private key belongs to which Key ID: it collects the keys and
// the Key IDs of a project, and tries the pairs against one host.
package matching

import (
	"context"
	"crypto/rsa"
	"errors"
	"net/http"
	"slices"
	"sync"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/exchange"
	"cozejwt/internal/paths"
	"cozejwt/keygen"
)

// A Key is a private key that was found.
type Key struct {
	Path     string // of its file, absolute
	Where    string // its place in a file of settings, "" for a file that is read as a key
	Embedded bool   // the file holds other things than the key
	Form     keygen.Form
	Private  *rsa.PrivateKey
}

// Sum is the SHA-256 fingerprint of the key, as [keygen.Fingerprint] has it.
func (k Key) Sum() string { return keygen.Fingerprint(&k.Private.PublicKey) }

// An ID is a Key ID that was found, under the App ID that it stands beside.
type ID struct {
	AppID, KeyID string
	KeyFile      string // that stands beside it, absolute; "" for none
}

// Found is the keys and the Key IDs whose pairs can be tried. Several files may hold the same key.
type Found struct {
	Keys []Key
	IDs  []ID
	Cut  bool // the project has more files than were looked at
}

// A Trial is how a key came out with a Key ID. Err is a *coze.Refusal, nil where the key works.
type Trial struct {
	Key    Key
	ID     ID
	Err    error
	Proven bool // the Key ID is a digest of the key: no token was requested
}

// OK reports whether the key belongs to the Key ID.
func (t Trial) OK() bool { return t.Err == nil }

// atATime is how many tokens are requested side by side.
const atATime = 4

// A pair is a key, by its fingerprint, with an index into the IDs.
type pair struct {
	sum string
	id  int
}

// A search is the state of a run of Try.
type search struct {
	Found
	set   credentials.Set
	sums  []string // of the keys, each once, in their order
	mu    sync.Mutex
	known map[pair]Trial
}

func (f Found) search() *search {
	s := &search{Found: f, known: map[pair]Trial{}}
	for _, k := range f.Keys {
		if sum := k.Sum(); !slices.Contains(s.sums, sum) {
			s.sums = append(s.sums, sum)
		}
	}
	for i, id := range f.IDs {
		for _, k := range f.Keys {
			if exchange.DigestOf(id.KeyID, &k.Private.PublicKey) != "" {
				s.known[pair{k.Sum(), i}] = Trial{Key: k, ID: id, Proven: true}
			}
		}
	}
	return s
}

// MostCalls is how many tokens Try requests where no pair works.
func (f Found) MostCalls() int {
	s, calls := f.search(), 0
	for i := range s.IDs {
		calls += len(s.untried(i))
	}
	return calls
}

// TryPatiently is Try, once more for all pairs where none works, a refusal is one that passes, and the
// exchanger waits: right after its upload, Coze does not know a key. Round is called before each time
// and returns what is told of its answers. The errors are those of Try.
func (f Found) TryPatiently(ctx context.Context, x exchange.Exchanger, base string, set credentials.Set, round func() (report func(Trial))) ([]Trial, error) {
	trials, err := f.Try(ctx, x, base, set, round())
	passing := func(t Trial) bool { return x.Waiting.Passes != nil && x.Waiting.Passes(t.Err) }
	if err != nil || slices.ContainsFunc(trials, Trial.OK) || !slices.ContainsFunc(trials, passing) {
		return trials, err
	}
	again, err := x.Waiting.Once(ctx)
	if err != nil || !again {
		return trials, err
	}
	return f.Try(ctx, x, base, set, round())
}

// Try requests a token from the host of the API base for the pairs, up to four side by side, and
// returns those that were tried, in the order of the keys. A Key ID whose key was found is not
// tried again, nor is that key with another Key ID of the same app. Of the set, the aud goes with
// each request, and the owner with those of its app. No pair is waited for. Report is called for
// each answer, one at a time. The errors are those of a host that cannot be reached or is in
// trouble, and that of the context.
func (f Found) Try(ctx context.Context, x exchange.Exchanger, base string, set credentials.Set, report func(Trial)) ([]Trial, error) {
	s := f.search()
	s.set, x.Waiting = set, exchange.Waiting{}
	ctx = exchange.WithProgress(ctx, nil) // of one exchange alone
	for {
		// The pairs of a round have no key and no Key ID in common, so that the number of
		// requests does not depend on which answer comes first.
		round := s.round()
		if len(round) == 0 {
			return s.trials(), nil
		}
		if err := s.tryAll(ctx, x, base, round, report); err != nil {
			return nil, err
		}
	}
}

// tryAll requests a token for each pair. The first error ends the other requests.
func (s *search) tryAll(ctx context.Context, x exchange.Exchanger, base string, pairs []pair, report func(Trial)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	coze.SideBySide(len(pairs), atATime, func(i int) {
		if err := s.try(ctx, x, base, pairs[i], report); err != nil {
			cancel(err)
		}
	})
	return context.Cause(ctx)
}

// try requests a token for a pair.
func (s *search) try(ctx context.Context, x exchange.Exchanger, base string, p pair, report func(Trial)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	t := Trial{Key: s.keyOf(p.sum), ID: s.IDs[p.id]}
	a, owner := coze.Assertion{AppID: t.ID.AppID, KeyID: t.ID.KeyID, Audience: s.set.Aud}, coze.Request{}
	if t.ID.AppID == s.set.AppID {
		owner = exchange.RequestFor(s.set)
	}
	_, t.Err = x.Exchange(ctx, base, a, t.Key.Private, owner)
	if t.Err != nil && !aboutPair(t.Err) {
		return t.Err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known[p] = t
	report(t)
	return nil
}

// aboutPair reports whether an error is an answer of the host about the pair. A host that is in
// trouble or wants fewer requests says the same of every pair.
func aboutPair(err error) bool {
	refusal, ok := errors.AsType[*coze.Refusal](err)
	return ok && refusal.Status < http.StatusInternalServerError && refusal.Status != http.StatusTooManyRequests
}

func (s *search) keyOf(sum string) Key {
	return s.Keys[slices.IndexFunc(s.Keys, func(k Key) bool { return k.Sum() == sum })]
}

// round returns what can be tried next, at most one pair for each Key ID and for each key of an app.
func (s *search) round() []pair {
	var round []pair
	for i, id := range s.IDs {
		for _, sum := range s.untried(i) {
			busy := slices.ContainsFunc(round, func(p pair) bool { return p.sum == sum && s.IDs[p.id].AppID == id.AppID })
			if !busy {
				round = append(round, pair{sum, i})
				break
			}
		}
	}
	return round
}

// untried are the keys that a Key ID may still belong to, first the one that stands beside it.
func (s *search) untried(i int) []string {
	var left []string
	for _, sum := range s.sums {
		switch _, tried := s.known[pair{sum, i}]; {
		case s.works(func(p pair) bool { return p.id == i }):
			return nil
		case tried, s.works(func(p pair) bool { return p.sum == sum && s.IDs[p.id].AppID == s.IDs[i].AppID }):
		case s.beside(sum, i):
			left = slices.Insert(left, 0, sum)
		default:
			left = append(left, sum)
		}
	}
	return left
}

func (s *search) works(is func(pair) bool) bool {
	for p, t := range s.known {
		if t.OK() && is(p) {
			return true
		}
	}
	return false
}

func (s *search) beside(sum string, i int) bool {
	file := s.IDs[i].KeyFile
	return slices.ContainsFunc(s.Keys, func(k Key) bool {
		return k.Sum() == sum && k.Where == "" && paths.Canonical(k.Path) == paths.Canonical(file)
	})
}

// trials are the pairs that are known, those of each file with the same key.
func (s *search) trials() []Trial {
	var all []Trial
	for _, k := range s.Keys {
		for i := range s.IDs {
			if t, known := s.known[pair{k.Sum(), i}]; known {
				t.Key = k
				all = append(all, t)
			}
		}
	}
	return all
}

// Choose returns the trial that worked for the Key ID of a .env; where none did, the one trial
// that worked at all. Of several files with the key, the one that the .env names comes first.
// Chosen is false where none works, or several that the .env does not name.
func Choose(trials []Trial, env credentials.EnvFile) (t Trial, chosen bool) {
	worked := slices.DeleteFunc(slices.Clone(trials), func(t Trial) bool { return !t.OK() })
	own := slices.DeleteFunc(slices.Clone(worked), func(t Trial) bool { return t.ID.AppID != env.Set.AppID || t.ID.KeyID != env.Set.KeyID })
	if len(own) > 0 {
		worked = own
	}
	for _, other := range worked {
		first := worked[0]
		if other.ID.AppID != first.ID.AppID || other.ID.KeyID != first.ID.KeyID || other.Key.Sum() != first.Key.Sum() {
			return Trial{}, false
		}
	}
	if len(worked) == 0 {
		return Trial{}, false
	}
	if at := slices.IndexFunc(worked, func(t Trial) bool { return paths.Same(t.Key.Path, env.KeyFile()) }); at >= 0 {
		return worked[at], true
	}
	// Every program reads PKCS#8, and none a file that holds other things than the key.
	pkcs8 := func(t Trial) bool { return !t.Key.Embedded && t.Key.Form == keygen.PKCS8 }
	alone := func(t Trial) bool { return !t.Key.Embedded }
	for _, fits := range []func(Trial) bool{pkcs8, alone} {
		if at := slices.IndexFunc(worked, fits); at >= 0 {
			return worked[at], true
		}
	}
	return worked[0], true
}
