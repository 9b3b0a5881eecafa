package setup_test

import (
	"context"
	"crypto/rsa"
	"errors"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"cozejwt/envfile"
	"cozejwt/internal/coze"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/exchange"
	"cozejwt/internal/fault"
	"cozejwt/internal/review"
	"cozejwt/internal/sandbox"
	"cozejwt/internal/setup"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

const (
	appID = testkey.AppID
	keyID = testkey.KeyID
)

// world is a project folder, a state folder and a sandbox.
type world struct {
	t     *testing.T
	dir   string
	state string
	now   time.Time
	coze  sandbox.Client

	generate func(bits int) (*rsa.PrivateKey, error)
}

func newWorld(t *testing.T) *world {
	t.Helper()
	s, err := sandbox.New("", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return &world{t, t.TempDir(), t.TempDir(), time.Now(), sandbox.Client{Base: server.URL}, testkey.Pool()}
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
	}, w.dir, filepath.Join(w.dir, ".env"))
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func (w *world) path(name string) string { return filepath.Join(w.dir, filepath.FromSlash(name)) }

func (w *world) write(name, text string) {
	w.t.Helper()
	testfile.Write(w.t, w.path(name), text)
}

func (w *world) read(name string) string {
	w.t.Helper()
	b, err := os.ReadFile(w.path(name))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(b)
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

func TestSandboxWayNeedsNoAnswers(t *testing.T) {
	w := newWorld(t)
	s := w.session()
	must(t, do(t, s, "region", map[string]string{"region": "sandbox"}))
	for _, id := range []string{"app", "key", "upload", "app_id", "key_id"} {
		must(t, do(t, s, id, nil))
	}
	must(t, do(t, s, "review", map[string]string{"write": "yes"}))
	must(t, do(t, s, "test", nil))
	must(t, do(t, s, "done", nil))
	if len(s.Observed.Checklist) != 5 {
		t.Errorf("the checklist has %d points", len(s.Observed.Checklist))
	}
	for _, item := range s.Observed.Checklist {
		if !item.Earned {
			t.Errorf("%s is not earned", item.Text.ID)
		}
	}
	want := "COZE_CLIENT_ID=" + s.Answers.AppID + "\nCOZE_PUBLIC_KEY=" + s.Answers.KeyID +
		"\nCOZE_PRIVATE_KEY_PATH=config/private_key.pem\nCOZE_API_BASE=" + w.coze.Base + "\n"
	if got := w.read(".env"); got != want {
		t.Errorf(".env is\n%s, want\n%s", got, want)
	}
}

func TestNothingButKeysIsWrittenBeforeTheReview(t *testing.T) {
	w := newWorld(t)
	s := w.session()
	w.custom(s, appID, keyID)
	must(t, func() error { _, err := planned(s); return err }())
	var names []string
	must(t, filepath.WalkDir(w.dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, filepath.ToSlash(strings.TrimPrefix(path, w.dir)))
		}
		return err
	}))
	if strings.Join(names, " ") != "/config/private_key.pem /config/public_key.pem" {
		t.Errorf("files are %v", names)
	}
}

func TestARefusalLeadsToTheStepThatFixesIt(t *testing.T) {
	w := newWorld(t)
	s := w.session()
	w.custom(s, appID, keyID)
	must(t, do(t, s, "review", map[string]string{"write": "yes"}))
	err := do(t, s, "test", nil)
	if _, ok := errors.AsType[*coze.Refusal](err); !ok {
		t.Fatalf("error is %v, want a refusal", err)
	}
	if step := s.Plan.StepToFix(s.Diagnose(err).FixAt()); step != "upload" {
		t.Errorf("fixed at %s, want upload: the pair is new", step)
	}
	must(t, do(t, s, "done", nil))
	for _, item := range s.Observed.Checklist {
		if item.Earned != (item.Text.ID == "check.pair") {
			t.Errorf("%s: earned %v", item.Text.ID, item.Earned)
		}
	}
}

func TestReviewShowsOursAndHidesTheirs(t *testing.T) {
	w := newWorld(t)
	w.write(".env", "# mine\nDB_PASSWORD=hunter2\nCOZE_CLIENT_ID=9999999999999 # old\n")
	s := w.session()
	w.custom(s, appID, keyID)
	r, err := planned(s)
	must(t, err)
	diff := r.Changes[0].Diff
	for _, want := range []string{"-COZE_CLIENT_ID=9999999999999 # old", "+COZE_CLIENT_ID=" + appID + " # old", "DB_PASSWORD=…", "# mine"} {
		if !strings.Contains(diff, want) {
			t.Errorf("the diff lacks %q:\n%s", want, diff)
		}
	}
	if strings.Contains(diff, "hunter2") {
		t.Errorf("the diff shows another's secret:\n%s", diff)
	}
}

func TestReviewSendsNoEscapeSequenceToATerminal(t *testing.T) {
	w := newWorld(t)
	w.write(".env", "# \x1b]52;c;eA==\x07 \u202e\n")
	s := w.session()
	w.custom(s, appID, keyID)
	r, err := planned(s)
	must(t, err)
	if strings.ContainsAny(r.Changes[0].Diff, "\x1b\x07\u202e") {
		t.Errorf("the diff is %q", r.Changes[0].Diff)
	}
	if !strings.Contains(string(w.read(".env")), "\x1b") {
		t.Error("the file changed")
	}
}

func TestMakingAKeyAfterImportingOneMakesAnother(t *testing.T) {
	w := newWorld(t)
	download := filepath.Join(t.TempDir(), "private_key.pem")
	must(t, os.WriteFile(download, keygen.EncodePrivate(testkey.RSA()), 0o600))
	s := w.session()
	must(t, do(t, s, "key", map[string]string{"key_source": "import", "import_key": download}))
	must(t, do(t, s, "key", map[string]string{"key_source": "make"}))
	if s.Observed.Key.Equal(testkey.RSA()) || len(s.Observed.Saved.Kept) != 2 {
		t.Errorf("the key is the imported one: %v, copies %v", s.Observed.Key.Equal(testkey.RSA()), s.Observed.Saved.Kept)
	}
}

func TestApplyWritesWhatTheReviewShowed(t *testing.T) {
	w := newWorld(t)
	w.write(".env", "A=1\n")
	s := w.session()
	w.custom(s, appID, keyID)
	must(t, do(t, s, "review", map[string]string{"write": "yes"}))
	if got := w.read(".env"); !strings.HasPrefix(got, "A=1\nCOZE_CLIENT_ID="+appID+"\n") {
		t.Errorf(".env is %s", got)
	}
}

func TestApplyRefusesWhenTheFileChangedSinceTheReview(t *testing.T) {
	w := newWorld(t)
	s := w.session()
	w.custom(s, appID, keyID)
	st := setup.Create.Steps[setup.Create.Index("review")]
	must(t, st.Prepare(s).Do(context.Background(), s))
	s.Answers.Write = true
	w.write(".env", "B=2\n")
	if _, err := st.Work(s)(context.Background()); !errors.Is(err, envfile.ErrChanged) {
		t.Errorf("error is %v, want ErrChanged", err)
	}
	if got := w.read(".env"); got != "B=2\n" {
		t.Errorf(".env is %s", got)
	}
}

func TestADeclinedReviewWritesNothing(t *testing.T) {
	w := newWorld(t)
	s := w.session()
	w.custom(s, appID, keyID)
	if err := do(t, s, "review", map[string]string{"write": "no"}); !errors.Is(err, setup.ErrDeclined) {
		t.Errorf("error is %v, want ErrDeclined", err)
	}
	if _, err := os.Stat(w.path(".env")); !errors.Is(err, os.ErrNotExist) {
		t.Error(".env was written")
	}
}

func TestReviewKeepsGitFromTheSecrets(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed here")
	}
	w := newWorld(t)
	if out, err := exec.Command("git", "-C", w.dir, "init", "-q").CombinedOutput(); err != nil {
		t.Fatalf("%s", out)
	}
	s := w.session()
	w.custom(s, appID, keyID)
	must(t, do(t, s, "review", map[string]string{"write": "yes"}))
	if got := w.read(".gitignore"); got != "/.env\n/.env.tmp-*\n/config/private_key*.pem*\n" {
		t.Errorf(".gitignore is %q", got)
	}
}

func TestAnExistingSetIsProposed(t *testing.T) {
	w := newWorld(t)
	_, err := keygen.Save(w.path("keys/prod.pem"), testkey.RSA(), keygen.Refuse, w.now)
	must(t, err)
	w.write(".env", "COZE_JWT_OAUTH_CLIENT_ID="+appID+"\nCOZE_JWT_OAUTH_PUBLIC_KEY_ID="+keyID+
		"\nCOZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH=keys/prod.pem\nCOZE_API_BASE=https://api.coze.com\n")
	s := w.session()
	a := s.Answers
	if a.Region != coze.COM || a.AppID != appID || a.KeyID != keyID || a.Names != "sdk" || a.KeyFile != w.path("keys/prod.pem") {
		t.Errorf("answers are %+v", a)
	}
	field := ask(t, s, "key")[0]
	if field.Value != "reuse" {
		t.Errorf("the key step proposes %s", field.Value)
	}
}

func TestAnUnreadableEnvStopsAtOnce(t *testing.T) {
	w := newWorld(t)
	w.write(".env", "A=1\nnonsense\n")
	_, err := setup.Open(setup.Deps{Exchanger: w.exchanger()}, w.dir, w.path(".env"))
	if !errors.Is(err, envfile.ErrUnreadable) || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("error is %v", err)
	}
}

func TestAnExistingKeyIsReplacedOnATypedYesAlone(t *testing.T) {
	w := newWorld(t)
	_, err := keygen.Save(w.path("config/private_key.pem"), testkey.RSA(), keygen.Refuse, w.now)
	must(t, err)
	before := w.read("config/private_key.pem")
	for _, word := range []string{"", "y", "no"} {
		if err := do(t, w.session(), "key", map[string]string{"key_source": "make", "replace_key": word}); err == nil {
			t.Errorf("%q was taken for yes", word)
		}
	}
	if w.read("config/private_key.pem") != before {
		t.Fatal("the key changed")
	}
	s := w.session()
	must(t, do(t, s, "key", map[string]string{"key_source": "make", "replace_key": "yes"}))
	if w.read("config/private_key.pem") == before || len(s.Observed.Saved.Kept) != 2 {
		t.Errorf("replaced, copies %v", s.Observed.Saved.Kept)
	}
}

func TestAConsoleKeyIsImportedAsPKCS8(t *testing.T) {
	w := newWorld(t)
	downloads := t.TempDir()
	download := filepath.Join(downloads, "private_key (1).pem")
	text := strings.ReplaceAll(string(keygen.EncodePrivate(testkey.RSA())), "\n", "\r\n")
	must(t, os.WriteFile(download, []byte(text), 0o644))
	must(t, os.WriteFile(filepath.Join(downloads, "private_key.pem"), []byte("older"), 0o644))
	must(t, os.Chtimes(filepath.Join(downloads, "private_key.pem"), w.now.Add(-time.Hour), w.now.Add(-time.Hour)))
	s := w.session()
	s.Deps.Downloads = []string{filepath.Join(downloads, "none"), downloads}
	must(t, do(t, s, "region", map[string]string{"region": "cn"}))
	must(t, do(t, s, "key", map[string]string{"key_source": "import"})) // the newest download is proposed
	key, err := keygen.Load(w.path("config/private_key.pem"))
	must(t, err)
	if key.Form != keygen.PKCS8 || key.Flaws != nil || !key.Private.Equal(testkey.RSA()) {
		t.Errorf("the imported key is %s, %v", key.Form, key.Flaws)
	}
	if _, err := os.Stat(download); err != nil {
		t.Error("the original was removed unasked")
	}
	if !setup.Create.Steps[setup.Create.Index("upload")].Skip(s) {
		t.Error("the upload is not passed over")
	}
}

func TestTheDownloadIsRemovedOnAYesAlone(t *testing.T) {
	w := newWorld(t)
	download := filepath.Join(t.TempDir(), "private_key.pem")
	must(t, os.WriteFile(download, keygen.EncodePrivate(testkey.RSA()), 0o644))
	s := w.session()
	must(t, do(t, s, "key", map[string]string{"key_source": "import", "import_key": "'" + download + "'", "discard": "yes"}))
	if _, err := os.Stat(download); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the download is still there: %v", err)
	}
	if s.Observed.Removed != download {
		t.Errorf("removed %q", s.Observed.Removed)
	}
}

func TestAKeyThatIsItsOwnDownloadIsNotRemoved(t *testing.T) {
	w := newWorld(t)
	download := filepath.Join(t.TempDir(), "private_key.pem")
	must(t, os.WriteFile(download, keygen.EncodePrivate(testkey.RSA()), 0o600))
	must(t, os.Mkdir(w.path("config"), 0o700))
	testfile.Symlink(t, download, w.path("config/private_key.pem"))
	s := w.session()
	s.Answers.Discard = true // also where it is said without being asked
	must(t, do(t, s, "key", map[string]string{"key_source": "import", "import_key": download}))
	if _, err := keygen.Load(w.path("config/private_key.pem")); err != nil {
		t.Errorf("the only key is gone: %v", err)
	}
}

func TestAKeyIDIsForgottenWithItsKey(t *testing.T) {
	w := newWorld(t)
	_, err := keygen.Save(w.path("config/private_key.pem"), testkey.RSA(), keygen.Refuse, w.now)
	must(t, err)
	w.write(".env", "COZE_CLIENT_ID="+appID+"\nCOZE_PUBLIC_KEY="+keyID+"\nCOZE_PRIVATE_KEY_PATH=config/private_key.pem\nCOZE_API_BASE=https://api.coze.cn\n")
	s := w.session()
	must(t, do(t, s, "key", nil))
	if s.Answers.KeyID != keyID {
		t.Error("the Key ID of the same key is not proposed")
	}
	must(t, do(t, s, "key", map[string]string{"key_source": "make", "replace_key": "yes"}))
	if s.Answers.KeyID != "" {
		t.Error("the Key ID of the previous key is proposed for the new one")
	}
	must(t, os.Remove(w.path("config/private_key.pem")))
	if s := w.session(); s.Answers.KeyID != "" || s.Answers.AppID != appID {
		t.Errorf("without the key, the answers are %+v", s.Answers)
	}
}

func TestComingBackAfterTheDownloadWasRemovedChangesNothing(t *testing.T) {
	w := newWorld(t)
	download := filepath.Join(t.TempDir(), "private_key.pem")
	must(t, os.WriteFile(download, keygen.EncodePrivate(testkey.RSA()), 0o600))
	s := w.session()
	must(t, do(t, s, "key", map[string]string{"key_source": "import", "import_key": download, "discard": "yes"}))
	must(t, do(t, s, "key", nil))
	if !s.Observed.Key.Equal(testkey.RSA()) {
		t.Error("the key is another one")
	}
}

func TestDroppedPathsAreUnderstood(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "my keys")
	must(t, os.Mkdir(dir, 0o755))
	path := filepath.Join(dir, "private_key (1).pem")
	must(t, os.WriteFile(path, keygen.EncodePrivate(testkey.RSA()), 0o600))
	w := newWorld(t)
	dropped := []string{path, "  " + path + " ", "'" + path + "'", `"` + path + `"`}
	url := "file://" + strings.ReplaceAll(path, " ", "%20")
	if runtime.GOOS == "windows" {
		url = "file:///" + strings.ReplaceAll(filepath.ToSlash(path), " ", "%20")
	} else {
		dropped = append(dropped, strings.NewReplacer(" ", `\ `, "(", `\(`, ")", `\)`).Replace(path))
	}
	for _, raw := range append(dropped, url) {
		s := w.session()
		s.Answers.Source = setup.ImportKey
		_, err := ask(t, s, "key")[1].AnswerNow(context.Background(), s, raw)
		if err != nil || s.Answers.Import != path {
			t.Errorf("%q is understood as %q, %v", raw, s.Answers.Import, err)
		}
	}
}

func TestEveryPlaceIsFixedAtAStepOfThePlan(t *testing.T) {
	for _, plan := range []setup.Plan{setup.Create, setup.Rotate, setup.Rollback, setup.Use, setup.Prune} {
		ids := map[string]bool{"": true}
		for _, st := range plan.Steps {
			if ids[st.ID] {
				t.Errorf("%s: %s is there twice", plan.Name, st.ID)
			}
			ids[st.ID] = true
		}
		for _, place := range []diagnosis.FixAt{diagnosis.AtRegion, diagnosis.AtConsole, diagnosis.AtKey, diagnosis.AtUpload, diagnosis.AtAppID, diagnosis.AtKeyID, diagnosis.AtService} {
			if id := plan.StepToFix(place); !ids[id] {
				t.Errorf("%s: %s is fixed at %s, which is no step", plan.Name, place, id)
			}
		}
	}
	if setup.Create.StepToFix(diagnosis.AtConsole) != setup.StepApp || setup.Rotate.StepToFix(diagnosis.AtConsole) != setup.StepUpload {
		t.Error("the console's part is fixed elsewhere")
	}
}

func TestOddIDsAreAWarningInTheReview(t *testing.T) {
	w := newWorld(t)
	s := w.session()
	w.custom(s, "12345", "key-7")
	r, err := planned(s)
	must(t, err)
	var ids []string
	for _, warning := range r.Warnings {
		ids = append(ids, fault.ID(warning))
	}
	if strings.Join(ids, " ") != "value.odd_app_id value.odd_key_id" {
		t.Errorf("warnings are %v", ids)
	}
}

// planned is the review of what the answers change.
func planned(s *setup.Session) (*review.Review, error) {
	effect, err := s.Plan.Steps[s.Plan.Index(setup.StepReview)].Prepare(s)(context.Background())
	if effect != nil {
		effect(s)
	}
	return s.Observed.Review, err
}
