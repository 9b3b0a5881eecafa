// Package testplan walks plans in tests: a project folder, a state folder and a sandbox, and
// someone who answers.
package testplan

import (
	"context"
	"crypto/rsa"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/console"
	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/exchange"
	"cozejwt/internal/flow"
	"cozejwt/internal/sandbox"
	"cozejwt/internal/setup"
	"cozejwt/internal/steps"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testsandbox"
)

// Yes agrees to the review.
var Yes = map[string]string{"write": "yes"}

// A Plan is one that can be walked.
type Plan interface{ Walk() *flow.Run }

// A World is a project folder, a state folder and a sandbox.
type World struct {
	testfile.Folder
	T        *testing.T
	State    string
	Now      time.Time
	Coze     sandbox.Client
	Generate func(bits int) (*rsa.PrivateKey, error)
}

// New makes a world with an empty project.
func New(t *testing.T) *World {
	t.Helper()
	return &World{testfile.NewFolder(t), t, t.TempDir(), time.Now(), testsandbox.New(t), testkey.Pool()}
}

// Deps are what a plan is given in this world.
func (w *World) Deps() steps.Deps {
	return steps.Deps{
		Exchanger: exchange.Exchanger{
			Now: func() time.Time { return w.Now }, StateDir: w.State,
			IsSandbox: func(base string) bool { return base == w.Coze.Base },
		},
		GenerateKey: w.Generate,
		Sandbox:     func(context.Context) (console.Server, error) { return w.Coze, nil },
	}
}

// Env is the path of the .env.
func (w *World) Env() string { return w.Path(".env") }

// Setup opens the plan that creates an app.
func (w *World) Setup() *setup.Setup {
	w.T.Helper()
	s, err := setup.Open(w.Deps(), w.Dir, w.Env())
	Must(w.T, err)
	return s
}

// Created is a world with credentials that work.
func Created(t *testing.T) *World {
	t.Helper()
	w := New(t)
	w.Write(".env", "# ours\nDB=\"x y\"\n")
	s := w.Setup()
	Must(t, Do(s, "region", map[string]string{"region": "sandbox"}))
	for _, id := range []string{"app", "key", "upload", "app_id", "key_id"} {
		Must(t, Do(s, id, nil))
	}
	Must(t, Do(s, "review", Yes))
	Must(t, Do(s, "test", nil))
	return w
}

// Custom walks to the review with ids that are known, against the sandbox's address as if it
// were a server of someone else.
func (w *World) Custom(s *setup.Setup, app, key string) {
	w.T.Helper()
	Must(w.T, Do(s, "region", map[string]string{"region": "custom", "api_base": w.Coze.Base}))
	Must(w.T, Do(s, "app", nil))
	Must(w.T, Do(s, "key", nil))
	Must(w.T, Do(s, "upload", nil))
	Must(w.T, Do(s, "app_id", map[string]string{"app_id": app}))
	Must(w.T, Do(s, "key_id", map[string]string{"key_id": key}))
}

// Step is the step of an id.
func Step(p Plan, id string) flow.Step {
	r := p.Walk()
	return r.Steps[r.Index(id)]
}

// Arrive looks at what a step depends on and works out what it shows. The errors are those of the
// step's jobs.
func Arrive(p Plan, id string) error {
	st := Step(p, id)
	for _, job := range []func() flow.Job{st.Look, st.Prepare} {
		if job == nil {
			continue
		}
		if err := job().Do(context.Background()); err != nil {
			return err
		}
	}
	return nil
}

// Do walks one step: the answers by field id, then the work. The errors are those of the step's
// jobs and fields.
func Do(p Plan, id string, answers map[string]string) error {
	if err := Arrive(p, id); err != nil {
		return err
	}
	r, st := p.Walk(), Step(p, id)
	for i := 0; i < len(r.Ask(st)); i++ {
		f := r.Ask(st)[i]
		value, ok := answers[f.ID]
		if !ok {
			value = f.Value
		}
		if _, err := f.AnswerNow(context.Background(), r, value); err != nil {
			return err
		}
	}
	if st.Work == nil {
		return nil
	}
	return st.Work().Do(context.Background())
}

// Ask returns what a step asks on arrival.
func Ask(t *testing.T, p Plan, id string) []flow.Field {
	t.Helper()
	st := Step(p, id)
	if st.Look != nil {
		Must(t, st.Look().Do(context.Background()))
	}
	return p.Walk().Ask(st)
}

// Walk walks a plan to its end.
func Walk(t *testing.T, p Plan, answers map[string]string) {
	t.Helper()
	for _, st := range p.Walk().Steps {
		if !st.Skips() {
			Must(t, Do(p, st.ID, answers))
		}
	}
}

// Resume resumes a draft and returns the id of the step to continue with.
func Resume(t *testing.T, p Plan, d *flow.Draft) string {
	t.Helper()
	if d == nil {
		t.Fatal("no draft is found")
	}
	at := -1
	Must(t, p.Walk().Resume(d, &at).Do(context.Background()))
	return p.Walk().Steps[at].ID
}

// Must ends a test that cannot go on.
func Must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Key makes another key.
func (w *World) Key() *rsa.PrivateKey {
	w.T.Helper()
	key, err := w.Generate(2048)
	Must(w.T, err)
	return key
}

// Holding is what a .env of the project holds.
func (w *World) Holding(name string) credentials.EnvFile {
	w.T.Helper()
	h, err := credentials.Load(w.Path(name))
	Must(w.T, err)
	return h
}

// Works requests a token with what a .env names, as a service does. The errors are those of
// [exchange.Load] and of the exchange.
func (w *World) Works(name string) error {
	h, err := exchange.Load(w.Path(name))
	if err != nil {
		return err
	}
	_, err = w.Deps().Exchange(context.Background(), h.Set.APIBase, coze.Assertion{AppID: h.Set.AppID, KeyID: h.Set.KeyID}, h.Key, coze.Request{})
	return err
}

// Forget deletes a public key in the console.
func (w *World) Forget(appID, keyID string) {
	w.T.Helper()
	w.edit(http.MethodDelete, appID+"/keys/"+keyID, "")
}

// Authorize authorizes an app in the console, or takes that back.
func (w *World) Authorize(appID string, on bool) {
	w.T.Helper()
	w.edit(http.MethodPatch, appID, fmt.Sprintf(`{"authorised":%t}`, on))
}

// edit makes a change in the console.
func (w *World) edit(method, path, body string) {
	w.T.Helper()
	r, err := http.NewRequest(method, w.Coze.Base+"/sandbox/apps/"+path, strings.NewReader(body))
	Must(w.T, err)
	resp, err := http.DefaultClient.Do(r)
	Must(w.T, err)
	resp.Body.Close()
	if resp.StatusCode >= 300 {
		w.T.Fatalf("HTTP %d", resp.StatusCode)
	}
}

// MoveEnv moves the .env into a folder of its own, and returns its path.
func (w *World) MoveEnv(folder string) string {
	w.T.Helper()
	Must(w.T, os.MkdirAll(w.Path(folder), 0o755))
	w.Write(folder+"/.env", strings.ReplaceAll(w.Read(".env"), "PATH=config", "PATH=../config"))
	Must(w.T, os.Remove(w.Env()))
	return filepath.Join(w.Path(folder), ".env")
}

// A Tamperer answers token calls in place of the service, with a refusal, from a call on.
type Tamperer struct {
	From  int // 1 for the first
	calls int
}

// RoundTrip passes the call on, or refuses it.
func (t *Tamperer) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.Contains(r.URL.Path, "oauth2") {
		t.calls++
	}
	if t.calls < t.From {
		return http.DefaultTransport.RoundTrip(r)
	}
	body := `{"error_code":"invalid_client","error_message":"invalid jwt: kid not been registred"}`
	return &http.Response{StatusCode: 401, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}
