package setup_test

import (
	"context"
	"crypto/rsa"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/exchange"
	"cozejwt/internal/sandbox"
	"cozejwt/internal/setup"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testsandbox"
	"cozejwt/keygen"
)

const (
	appID = testkey.AppID
	keyID = testkey.KeyID
)

var yes = map[string]string{"write": "yes"}

// world is a project folder, a state folder and a sandbox.
type world struct {
	testfile.Folder
	t     *testing.T
	state string
	now   time.Time
	coze  sandbox.Client

	generate func(bits int) (*rsa.PrivateKey, error)
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return &world{testfile.NewFolder(t), t, t.TempDir(), time.Now(), testsandbox.New(t), testkey.Pool()}
}

func (w *world) exchanger() exchange.Exchanger {
	return exchange.Exchanger{
		Now: func() time.Time { return w.now }, StateDir: w.state,
		IsSandbox: func(base string) bool { return base == w.coze.Base },
	}
}

func (w *world) session() *setup.Session {
	w.t.Helper()
	s, err := setup.Open(setup.Deps{
		Exchanger: w.exchanger(), GenerateKey: w.generate,
		Sandbox: func(context.Context) (setup.Sandbox, error) { return w.coze, nil },
	}, w.Dir, filepath.Join(w.Dir, ".env"))
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// do walks one step: the answers by field id, then the work.
func do(t *testing.T, s *setup.Session, id string, answers map[string]string) error {
	t.Helper()
	st := s.Plan.Steps[s.Plan.Index(id)]
	for _, job := range []func(*setup.Session) setup.Job{st.Look, st.Prepare} {
		if job == nil {
			continue
		}
		if err := job(s).Do(context.Background(), s); err != nil {
			return err
		}
	}
	for i := 0; i < len(st.Ask(s)); i++ {
		f := st.Ask(s)[i]
		value, ok := answers[f.ID]
		if !ok {
			value = f.Value
		}
		if _, err := f.AnswerNow(context.Background(), s, value); err != nil {
			return err
		}
	}
	if st.Work == nil {
		return nil
	}
	return st.Work(s).Do(context.Background(), s)
}

// ask returns what a step asks on arrival.
func ask(t *testing.T, s *setup.Session, id string) []setup.Field {
	t.Helper()
	st := s.Plan.Steps[s.Plan.Index(id)]
	if st.Look != nil {
		must(t, st.Look(s).Do(context.Background(), s))
	}
	return st.Ask(s)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// custom walks to the review with ids that are known, against the sandbox's
// address as if it were a server of someone else.
func (w *world) custom(s *setup.Session, app, key string) {
	w.t.Helper()
	must(w.t, do(w.t, s, "region", map[string]string{"region": "custom", "api_base": w.coze.Base}))
	must(w.t, do(w.t, s, "app", nil))
	must(w.t, do(w.t, s, "key", nil))
	must(w.t, do(w.t, s, "upload", nil))
	must(w.t, do(w.t, s, "app_id", map[string]string{"app_id": app}))
	must(w.t, do(w.t, s, "key_id", map[string]string{"key_id": key}))
}

func (w *world) env() setup.Deps {
	return setup.Deps{
		Exchanger: w.exchanger(), GenerateKey: w.generate,
		Sandbox: func(context.Context) (setup.Sandbox, error) { return w.coze, nil },
	}
}

// created is a project with a set that works.
func created(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.Write(".env", "# ours\nDB=\"x y\"\n")
	s := w.session()
	must(t, do(t, s, "region", map[string]string{"region": "sandbox"}))
	for _, id := range []string{"app", "key", "upload", "app_id", "key_id"} {
		must(t, do(t, s, id, nil))
	}
	must(t, do(t, s, "review", map[string]string{"write": "yes"}))
	must(t, do(t, s, "test", nil))
	return w
}

func (w *world) rotation() *setup.Session {
	w.t.Helper()
	s, err := setup.OpenRotation(w.env(), w.Dir, w.Path(".env"))
	must(w.t, err)
	return s
}

// walk walks a plan to its end.
func walk(t *testing.T, s *setup.Session, answers map[string]string) {
	t.Helper()
	for _, st := range s.Plan.Steps {
		if st.Skip == nil || !st.Skip(s) {
			must(t, do(t, s, st.ID, answers))
		}
	}
}

func (w *world) holding(name string) credentials.EnvFile {
	w.t.Helper()
	h, err := credentials.Load(w.Path(name))
	must(w.t, err)
	return h
}

// works asks for a token with what a .env names, as a service does.
func (w *world) works(name string) error {
	h := w.holding(name)
	key, err := keygen.Load(h.KeyFile())
	if err != nil {
		return err
	}
	_, err = w.exchanger().Exchange(context.Background(), h.Set.APIBase, coze.Assertion{AppID: h.Set.AppID, KeyID: h.Set.KeyID}, key.Private, coze.Request{})
	return err
}

// forget deletes a public key in the console.
func (w *world) forget(appID, keyID string) {
	w.t.Helper()
	r, err := http.NewRequest(http.MethodDelete, w.coze.Base+"/sandbox/apps/"+appID+"/keys/"+keyID, nil)
	must(w.t, err)
	resp, err := http.DefaultClient.Do(r)
	must(w.t, err)
	resp.Body.Close()
	if resp.StatusCode >= 300 {
		w.t.Fatalf("HTTP %d", resp.StatusCode)
	}
}

// A tamperer answers token calls in place of the service from the nth on.
type tamperer struct {
	from  int
	calls int
}

func (t *tamperer) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.Contains(r.URL.Path, "oauth2") {
		t.calls++
	}
	if t.calls < t.from {
		return http.DefaultTransport.RoundTrip(r)
	}
	body := `{"error_code":"invalid_client","error_message":"invalid jwt: kid not been registred"}`
	return &http.Response{StatusCode: 401, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

func must2[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// moveEnv moves the .env into a folder of its own.
func (w *world) moveEnv(folder string) string {
	w.t.Helper()
	must(w.t, os.MkdirAll(w.Path(folder), 0o755))
	w.Write(folder+"/.env", strings.ReplaceAll(w.Read(".env"), "PATH=config", "PATH=../config"))
	must(w.t, os.Remove(w.Path(".env")))
	return w.Path(folder + "/.env")
}
