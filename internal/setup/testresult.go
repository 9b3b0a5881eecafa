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

// A TestResult is how the last live test of a set came out. Refusal is the service's
// words, "" where a token was granted.
type TestResult struct {
	Time    time.Time `json:"time"`
	Refusal string    `json:"refusal,omitempty"`
}

// SaveTestResult keeps how a live test of a set with a key came out. Only a verdict
// is kept: a service that could not be reached said nothing about the set.
func (e Deps) SaveTestResult(set credentials.Set, key *rsa.PublicKey, err error) {
	refusal, refused := errors.AsType[*coze.Refusal](err)
	if err != nil && !refused {
		return
	}
	t := TestResult{Time: e.Now()}
	if refused {
		t.Refusal = refusal.Error()
	}
	_ = e.trial(set, key).Write(t) // a convenience: nothing depends on it
}

// LastTestResult returns how the last live test of a set with a key came out; ok is
// false where none is known.
func (e Deps) LastTestResult(set credentials.Set, key *rsa.PublicKey) (t TestResult, ok bool) {
	return e.trial(set, key).Read()
}

// trial is named by all that a verdict depends on.
func (e Deps) trial(set credentials.Set, key *rsa.PublicKey) state.File[TestResult] {
	if e.StateDir == "" {
		return state.File[TestResult]{}
	}
	name := state.Name(set.AppID, set.KeyID, strings.TrimRight(set.APIBase, "/"), keygen.Fingerprint(key))
	return state.File[TestResult]{Path: filepath.Join(e.StateDir, "trials", name+".json")}
}
