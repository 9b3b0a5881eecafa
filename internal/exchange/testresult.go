package exchange

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

// A TestResult is how the last live test of a set came out. Refusal is the
// host's words, "" where it issued a token.
type TestResult struct {
	Time    time.Time `json:"time"`
	Refusal string    `json:"refusal,omitempty"`
	// Worked is when a token was last issued for exactly these values; zero where that is not
	// known.
	Worked time.Time `json:"worked,omitzero"`
}

// SaveTestResult keeps how a live test of a set with a key came out. Only a
// verdict is kept: a host that could not be reached said nothing about the set.
func (x Exchanger) SaveTestResult(set credentials.Set, key *rsa.PublicKey, err error) {
	refusal, refused := errors.AsType[*coze.Refusal](err)
	if err != nil && !refused {
		return
	}
	t := TestResult{Time: x.Now(), Worked: x.Now()}
	if refused {
		t.Refusal, t.Worked = refusal.Error(), x.LastWorked(set, key)
	}
	_ = x.testResult(set, key).Write(t) // a convenience: nothing depends on it
}

// LastTestResult returns how the last live test of a set with a key came out,
// nil where none is known.
func (x Exchanger) LastTestResult(set credentials.Set, key *rsa.PublicKey) *TestResult {
	if t, ok := x.testResult(set, key).Read(); ok {
		return &t
	}
	return nil
}

// LastWorked returns when a token was last issued for a set with a key, the zero time where that is
// not known.
func (x Exchanger) LastWorked(set credentials.Set, key *rsa.PublicKey) time.Time {
	switch t := x.LastTestResult(set, key); {
	case t == nil:
		return time.Time{}
	case t.Refusal == "":
		return t.Time // earlier versions kept nothing else
	default:
		return t.Worked
	}
}

// testResult returns the file of a result, named by App ID, Key ID, API base and key fingerprint,
// and by the optional values where there are some.
func (x Exchanger) testResult(set credentials.Set, key *rsa.PublicKey) state.File[TestResult] {
	if x.StateDir == "" {
		return state.File[TestResult]{}
	}
	parts := []string{set.AppID, set.KeyID, strings.TrimRight(set.APIBase, "/"), keygen.Fingerprint(key)}
	for _, field := range credentials.Optionals() {
		if value := set.Get(field); value != "" {
			parts = append(parts, string(field), value)
		}
	}
	return state.File[TestResult]{Path: filepath.Join(testResults(x.StateDir), state.Name(parts...)+".json")}
}

func testResults(stateDir string) string { return filepath.Join(stateDir, "trials") }

// TestResults lists the results that a state folder has. A result does not name its project: those
// of the credentials in the files at envPaths are about them.
func TestResults(stateDir string, envPaths ...string) []state.Kept {
	of := map[string]string{}
	for _, path := range envPaths {
		if held, err := Load(path); err == nil {
			of[Exchanger{StateDir: stateDir}.testResult(held.Set, &held.Key.PublicKey).Path] = path
		}
	}
	return state.Files(testResults(stateDir), "test", func(path string) string { return of[path] })
}
