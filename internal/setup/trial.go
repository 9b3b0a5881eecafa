package setup

import (
	"crypto/rsa"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/durable"
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
	if e.StateDir == "" || err != nil && !refused {
		return
	}
	t := Trial{Time: e.Now()}
	if refused {
		t.Refusal = refusal.Error()
	}
	path := e.trialPath(set, key)
	if data, err := json.Marshal(t); err == nil && os.MkdirAll(filepath.Dir(path), 0o700) == nil {
		_ = durable.WriteFile(path, append(data, '\n'), 0o600) // a convenience: nothing depends on it
	}
}

// LastTrial returns how the last live test of a set with a key came out; ok is
// false where none is known.
func (e Env) LastTrial(set credentials.Set, key *rsa.PublicKey) (t Trial, ok bool) {
	if e.StateDir == "" {
		return Trial{}, false
	}
	data, err := os.ReadFile(e.trialPath(set, key))
	return t, err == nil && json.Unmarshal(data, &t) == nil
}

// trialPath is named by all that a verdict depends on.
func (e Env) trialPath(set credentials.Set, key *rsa.PublicKey) string {
	name := digest(set.AppID, set.KeyID, strings.TrimRight(set.APIBase, "/"), keygen.Fingerprint(key))
	return filepath.Join(e.StateDir, "trials", name+".json")
}

// digest names a file of the state folder after what it is about.
func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:8])
}
