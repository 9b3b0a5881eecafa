package setup

import (
	"crypto/rsa"
	"errors"
	"path/filepath"
	"strings"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/state"
	"cozejwt/keygen"
)

// A Trial is how the last live test of a set came out. Refusal is the service's
// words, "" where a token was granted.
type Trial struct {
	Time    time.Time `json:"time"`
	Refusal string    `json:"refusal,omitempty"`
}

// Remember keeps how a live test of a set with a key came out. Only a verdict
// is kept: a service that could not be reached said nothing about the set.
func (e Env) Remember(set credentials.Set, key *rsa.PublicKey, err error) {
	refusal, refused := errors.AsType[*coze.Refusal](err)
	if err != nil && !refused {
		return
	}
	t := Trial{Time: e.Now()}
	if refused {
		t.Refusal = refusal.Error()
	}
	_ = e.trial(set, key).Write(t) // a convenience: nothing depends on it
}

// LastTrial returns how the last live test of a set with a key came out; ok is
// false where none is known.
func (e Env) LastTrial(set credentials.Set, key *rsa.PublicKey) (t Trial, ok bool) {
	return e.trial(set, key).Read()
}

// trial is named by all that a verdict depends on.
func (e Env) trial(set credentials.Set, key *rsa.PublicKey) state.File[Trial] {
	if e.StateDir == "" {
		return state.File[Trial]{}
	}
	name := state.Name(set.AppID, set.KeyID, strings.TrimRight(set.APIBase, "/"), keygen.Fingerprint(key))
	return state.File[Trial]{Path: filepath.Join(e.StateDir, "trials", name+".json")}
}
