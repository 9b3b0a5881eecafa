package setup_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/i18n"
	"cozejwt/internal/setup"
	"cozejwt/internal/testfile"
	"cozejwt/keygen"
)

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
	w.write(".env", "# ours\nDB=\"x y\"\n")
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
	s, err := setup.OpenRotation(w.env(), w.dir, w.path(".env"))
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

var yes = map[string]string{"write": "yes"}

func (w *world) holding(name string) credentials.EnvFile {
	w.t.Helper()
	h, err := credentials.Load(w.path(name))
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

func TestRotationLeavesTheOldKeyAndSwitchesTheEnv(t *testing.T) {
	w := created(t)
	before, oldKey, text := w.holding(".env"), w.read("config/private_key.pem"), w.read(".env")
	s := w.rotation()
	for _, id := range []string{"current", "key", "upload", "key_id", "test"} {
		must(t, do(t, s, id, nil))
		if w.read(".env") != text {
			t.Fatalf("%s has changed the .env", id)
		}
	}
	must(t, do(t, s, "review", yes))
	after := w.holding(".env")
	if after.Set.AppID != before.Set.AppID || after.Set.KeyID == before.Set.KeyID || after.Set.APIBase != before.Set.APIBase {
		t.Errorf("the set became %+v", after.Set)
	}
	wantName := "config/private_key_" + w.now.UTC().Format("20060102") + "_" + keygen.Fingerprint(&s.Observed.Key.PublicKey)[:8] + ".pem"
	if after.Set.KeyPath != wantName {
		t.Errorf("the new key is %s, want %s", after.Set.KeyPath, wantName)
	}
	if w.read("config/private_key.pem") != oldKey {
		t.Error("the old key was touched")
	}
	want := strings.NewReplacer(before.Set.KeyID, after.Set.KeyID, "config/private_key.pem", after.Set.KeyPath).Replace(text)
	if got := w.read(".env"); got != want {
		t.Errorf(".env is\n%s, want\n%s", got, want)
	}
	must(t, w.works(".env"))
	record, err := os.ReadFile(s.Observed.Record)
	must(t, err)
	if strings.Contains(string(record), "KEY-----") || !json.Valid(record) || !strings.Contains(string(record), before.Set.KeyID) {
		t.Errorf("the record is %s", record)
	}
}

func TestARefusedNewKeyLeavesTheEnvAndWaits(t *testing.T) {
	w := created(t)
	text := w.read(".env")
	s := w.rotation()
	for _, id := range []string{"current", "key", "upload"} {
		must(t, do(t, s, id, nil))
	}
	must(t, do(t, s, "key_id", map[string]string{"key_id": keyID})) // not the one that the console gave
	err := do(t, s, "test", nil)
	if _, refused := errors.AsType[*coze.Refusal](err); !refused || w.read(".env") != text {
		t.Fatalf("error is %v, .env %q", err, w.read(".env"))
	}
	for _, c := range s.Diagnose(err).Causes {
		if c.ID == "kid.region" || c.ID == "kid.app_id" {
			t.Errorf("%s is given as a cause, although the app works with its other key", c.ID)
		}
	}
	made := s.Answers.KeyFile
	if next := w.rotation(); next.Answers.KeyFile != made || ask(t, next, "key")[0].Value != "reuse" {
		t.Errorf("the new key does not wait: %q is proposed", next.Answers.KeyFile)
	}
}

func TestATestOfTheFileThatFailsIsUndone(t *testing.T) {
	w := created(t)
	w.write(".env.production", w.read(".env"))
	text := w.read(".env")
	for name, from := range map[string]int{"the first file": 3, "the second file": 4} { // after the current set and the new key
		s := w.rotation()
		s.Deps.Client = &http.Client{Transport: &tamperer{from: from}}
		for _, id := range []string{"current", "key", "upload", "key_id", "files", "test"} {
			must(t, do(t, s, id, nil))
		}
		if err := do(t, s, "review", yes); err == nil || !s.Observed.Undone || s.Observed.Written {
			t.Fatalf("%s: error is %v, undone %v", name, err, s.Observed.Undone)
		}
		if w.read(".env") != text || w.read(".env.production") != text {
			t.Errorf("%s: .env was not put back:\n%s", name, w.read(".env"))
		}
		must(t, w.works(".env"))
		w.forget(s.Answers.AppID, s.Answers.KeyID)
	}
}

func TestFilesThatNameTheSameKeyComeAlong(t *testing.T) {
	for answer, changed := range map[string]bool{"yes": true, "no": false} {
		w := created(t)
		w.write(".env.production", "A=1\n"+w.read(".env")+"B=2\n")
		w.write(".env.other", "COZE_CLIENT_ID="+appID+"\n")
		w.write(".env.example", w.read(".env"))
		other, example, twin := w.read(".env.other"), w.read(".env.example"), w.read(".env.production")
		walk(t, w.rotation(), map[string]string{"write": "yes", "together": answer})
		if w.read(".env.other") != other || w.read(".env.example") != example {
			t.Error("a file of another set was changed")
		}
		if (w.read(".env.production") != twin) != changed {
			t.Errorf("together %s: .env.production is\n%s", answer, w.read(".env.production"))
		}
		must(t, w.works(".env.production"))
	}
}

func TestBothConventionsOfAFileAreSwitched(t *testing.T) {
	w := created(t)
	h := w.holding(".env")
	w.write(".env", w.read(".env")+"COZE_JWT_OAUTH_CLIENT_ID="+h.Set.AppID+"\nCOZE_JWT_OAUTH_PUBLIC_KEY_ID="+h.Set.KeyID+"\nCOZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH=config/private_key.pem\n")
	walk(t, w.rotation(), yes)
	if text := w.read(".env"); strings.Contains(text, h.Set.KeyID) || strings.Contains(text, "private_key.pem") {
		t.Errorf("the old key is still named:\n%s", text)
	}
}

func TestARunThatEndedBetweenSwitchAndTestIsTakenUp(t *testing.T) {
	w := created(t)
	s := w.rotation()
	for _, id := range []string{"current", "key", "upload", "key_id", "test"} {
		must(t, do(t, s, id, nil))
	}
	s.SaveDraft("review")()
	must(t, s.Plan.Steps[s.Plan.Index("review")].Prepare(s).Do(context.Background(), s))
	before := w.holding(".env")
	text := strings.NewReplacer(before.Set.KeyID, s.Answers.KeyID, "config/private_key.pem", credentials.RelativeKeyPath(w.dir, w.path(".env"), s.Answers.KeyFile)).Replace(w.read(".env"))
	w.write(".env", text) // and then the power went

	next := w.rotation()
	d := next.FindDraft()
	if d == nil {
		t.Fatal("no draft is found")
	}
	if at := next.Resume(d); next.Plan.Steps[at].ID != "test" {
		t.Fatalf("resumed at %s", next.Plan.Steps[at].ID)
	}
	must(t, do(t, next, "test", nil))
	next.Deps.Client = &http.Client{Transport: &tamperer{from: 1}}
	if err := do(t, next, "review", yes); err == nil {
		t.Fatal("no error")
	}
	if h := w.holding(".env"); h.Set != before.Set {
		t.Errorf("the previous set is not back: %+v", h.Set)
	}
}

func TestADraftOfAnotherKeyIsNotTakenUp(t *testing.T) {
	w := created(t)
	s := w.rotation()
	must(t, do(t, s, "current", nil))
	must(t, do(t, s, "key", nil))
	s.SaveDraft("upload")()
	w.write(".env", strings.ReplaceAll(w.read(".env"), w.holding(".env").Set.KeyID, keyID))
	if d := w.rotation().FindDraft(); d != nil {
		t.Error("a draft is offered although someone else has changed the key")
	}
}

func TestRollbackGoesBackAndNoFurtherThanWhatIsKnown(t *testing.T) {
	w := created(t)
	w.write(".env.production", w.read(".env"))
	first := w.read(".env")
	walk(t, w.rotation(), yes)
	second := w.read(".env")
	w.now = w.now.Add(time.Second)
	walk(t, w.rotation(), yes)
	for _, want := range []string{second, first} {
		s, err := setup.OpenRollback(w.env(), w.dir, w.path(".env"))
		must(t, err)
		walk(t, s, yes)
		if w.read(".env") != want || w.read(".env.production") != want {
			t.Fatalf("rolled back to\n%s, want\n%s", w.read(".env"), want)
		}
		must(t, w.works(".env"))
	}
	if _, err := setup.OpenRollback(w.env(), w.dir, w.path(".env")); !errors.Is(err, setup.ErrNoWayBack) {
		t.Errorf("error is %v", err)
	}
}

func TestRollbackToAKeyThatIsGoneChangesNothing(t *testing.T) {
	w := created(t)
	old := w.holding(".env").Set
	walk(t, w.rotation(), yes)
	w.forget(old.AppID, old.KeyID)
	text := w.read(".env")
	s, err := setup.OpenRollback(w.env(), w.dir, w.path(".env"))
	must(t, err)
	if err := do(t, s, "test", nil); err == nil || w.read(".env") != text {
		t.Errorf("error is %v", err)
	}
}

func TestPruneDeletesWhatTheServiceRefusesAndNothingElse(t *testing.T) {
	w := created(t)
	first := w.holding(".env")
	walk(t, w.rotation(), yes)
	second := w.holding(".env")
	w.now = w.now.Add(time.Second)
	walk(t, w.rotation(), yes)
	w.forget(first.Set.AppID, first.Set.KeyID)
	stray, err := w.generate(2048)
	must(t, err)
	_, err = keygen.Save(w.path("config/private_key_20200101_01234567.pem"), stray, keygen.Refuse, w.now)
	must(t, err)

	prune := func(answers map[string]string) *setup.Session {
		t.Helper()
		s, err := setup.OpenPrune(w.env(), w.dir, w.path(".env"))
		must(t, err)
		walk(t, s, answers)
		return s
	}
	s := prune(map[string]string{"delete": "yes"})
	verdicts := map[setup.Verdict]bool{}
	for _, k := range s.Observed.Old {
		verdicts[k.Verdict] = k.Deleted
	}
	if want := map[setup.Verdict]bool{setup.Refused: true, setup.Accepted: false, setup.Unasked: false}; len(s.Observed.Old) != 3 || len(verdicts) != 3 || verdicts[setup.Refused] != want[setup.Refused] || verdicts[setup.Accepted] || verdicts[setup.Unasked] {
		t.Fatalf("deleted by verdict: %v", verdicts)
	}
	for _, gone := range []string{"config/private_key.pem", "config/public_key.pem"} {
		if _, err := os.Stat(w.path(gone)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is still there", gone)
		}
	}
	if _, err := keygen.Load(second.KeyFile()); err != nil {
		t.Error("a key that the service accepts was deleted")
	}
	must(t, w.works(".env"))
	s, err = setup.OpenPrune(w.env(), w.dir, w.path(".env"))
	must(t, err)
	must(t, do(t, s, "probe", nil))
	for i, f := range s.Plan.Steps[1].Ask(s) {
		answer := "keep"
		if i == 0 {
			answer = filepath.Base(s.Observed.Old[0].File)
		}
		_, err := f.Answer(s, answer)
		must(t, err)
	}
	_, err = s.Plan.Steps[1].Work(s)(context.Background())
	must(t, err)
	if left := prune(nil); len(left.Observed.Old) != 1 {
		t.Errorf("left are %d old keys, want 1", len(left.Observed.Old))
	}
}

func TestPruneAsksNothingWhereTheSetInUseDoesNotWork(t *testing.T) {
	w := created(t)
	walk(t, w.rotation(), yes)
	now := w.holding(".env").Set
	w.forget(now.AppID, now.KeyID)
	s, err := setup.OpenPrune(w.env(), w.dir, w.path(".env"))
	must(t, err)
	if err := do(t, s, "probe", nil); err == nil {
		t.Error("a refusal would be believed")
	}
}

func TestASecondRotationIsToldWhoHoldsTheFolder(t *testing.T) {
	w := created(t)
	release, err := w.env().Lock(w.dir)
	must(t, err)
	_, err = w.env().Lock(w.dir)
	if !errors.Is(err, setup.ErrHeld) || !strings.Contains(err.Error(), "process ") || strings.Contains(err.Error(), "?") {
		t.Errorf("error is %v", err)
	}
	release()
	release, err = w.env().Lock(w.dir)
	must(t, err)
	release()
}

func TestTheKeyInUseIsNoNewKey(t *testing.T) {
	w := created(t)
	s := w.rotation()
	if err := s.UseNewKey(w.path("config/private_key.pem")); !errors.Is(err, setup.ErrInUse) {
		t.Errorf("error is %v", err)
	}
	if err := do(t, s, "key", map[string]string{"key_source": "import", "import_key": w.path("config/private_key.pem")}); !errors.Is(err, setup.ErrInUse) {
		t.Errorf("imported: error is %v", err)
	}
	for _, st := range s.Plan.Steps {
		if st.ID == setup.StepKeyID {
			if _, err := st.Ask(s)[0].Answer(s, s.Answers.Previous.KeyID); !errors.Is(err, setup.ErrSameKeyID) {
				t.Errorf("the previous Key ID: error is %v", err)
			}
		}
	}
}

func TestAFullAppSaysWhatToDo(t *testing.T) {
	w := created(t)
	for range 2 {
		walk(t, w.rotation(), yes)
		w.now = w.now.Add(time.Second)
	}
	s := w.rotation()
	must(t, do(t, s, "current", nil))
	must(t, do(t, s, "key", nil))
	err := do(t, s, "upload", nil)
	if err == nil || !strings.Contains(err.Error(), "3 keys at most") {
		t.Fatalf("error is %v", err)
	}
	d := s.Diagnose(err)
	if _, fixes := d.Explain(i18n.English); len(fixes) == 0 || !strings.Contains(fixes[0], w.coze.Console()) {
		t.Errorf("fixes are %v", fixes)
	}
}

func TestUseAndBackLosesNothing(t *testing.T) {
	w := created(t)
	_, err := keygen.Save(w.path("config/staging.pem"), must2(w.generate(2048)), keygen.Refuse, w.now)
	must(t, err)
	public, err := os.ReadFile(w.path("config/staging_public.pem"))
	must(t, err)
	app, err := w.coze.CreateApp(context.Background(), "staging")
	must(t, err)
	id, err := w.coze.AddKey(context.Background(), app, public)
	must(t, err)
	w.write(".env.staging", "X=1\nCOZE_JWT_OAUTH_CLIENT_ID="+app+"\nCOZE_JWT_OAUTH_PUBLIC_KEY_ID="+id+"\nCOZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH=config/staging.pem\nCOZE_API_BASE="+w.coze.Base+"\n")
	before, staging, first := w.read(".env"), w.read(".env.staging"), w.holding(".env").Set

	use := func(name string) {
		t.Helper()
		s, err := setup.OpenUse(w.env(), w.dir, w.path(".env"))
		must(t, err)
		walk(t, s, map[string]string{"profile": name, "write": "yes"})
		must(t, w.works(".env"))
	}
	use("staging")
	if got := w.holding(".env").Set; got.AppID != app || got.KeyID != id || got.KeyPath != "config/staging.pem" {
		t.Errorf("the set is %+v", got)
	}
	kept := "sandbox-" + first.AppID
	if got := w.holding(".env." + kept).Set; got != first {
		t.Errorf("kept is %+v, want %+v", got, first)
	}
	testfile.WantMode(t, w.path(".env."+kept), 0o600)
	use(kept)
	if w.read(".env") != before {
		t.Errorf("back again, .env is\n%s, want\n%s", w.read(".env"), before)
	}
	use("staging")
	use(kept)
	if files := credentials.Files(w.dir); w.read(".env") != before || w.read(".env.staging") != staging || len(files) != 3 {
		t.Errorf("after four switches there is %v", files)
	}
}

func TestUseOfASetThatIsRefusedChangesNothing(t *testing.T) {
	w := created(t)
	w.write(".env.dead", strings.ReplaceAll(w.read(".env"), w.holding(".env").Set.KeyID, keyID))
	before := w.read(".env")
	s, err := setup.OpenUse(w.env(), w.dir, w.path(".env"))
	must(t, err)
	must(t, do(t, s, "profile", map[string]string{"profile": "dead"}))
	if err := do(t, s, "test", nil); err == nil || w.read(".env") != before {
		t.Errorf("error is %v", err)
	}
	if files := credentials.Files(w.dir); len(files) != 2 {
		t.Errorf("files are %v", files)
	}
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
	must(w.t, os.MkdirAll(w.path(folder), 0o755))
	w.write(folder+"/.env", strings.ReplaceAll(w.read(".env"), "PATH=config", "PATH=../config"))
	must(w.t, os.Remove(w.path(".env")))
	return w.path(folder + "/.env")
}

func TestAFileOfTwoNamesIsSwitchedOnce(t *testing.T) {
	w := created(t)
	testfile.Symlink(t, ".env", w.path(".env.local"))
	must(t, os.Rename(w.path(".env"), w.path(".env.prod")))
	testfile.Symlink(t, ".env.prod", w.path(".env"))
	walk(t, w.rotation(), yes)
	must(t, w.works(".env"))
	if to, err := os.Readlink(w.path(".env")); err != nil || to != ".env.prod" {
		t.Errorf("the link became %q, %v", to, err)
	}
}

func TestAFileThatAsksElsewhereIsNotSwitched(t *testing.T) {
	w := created(t)
	w.write(".env.dev", strings.ReplaceAll(w.read(".env"), w.coze.Base, "http://127.0.0.1:1"))
	before := w.read(".env.dev")
	s := w.rotation()
	walk(t, s, yes)
	if w.read(".env.dev") != before {
		t.Error("it was switched to a key that was not seen to work there")
	}
	warned := false
	for _, warning := range s.Observed.Review.Warnings {
		warned = warned || warning.ID == "env.elsewhere"
	}
	if !warned {
		t.Error("it is not said")
	}
}

func TestConventionsAreOneSetHoweverThePathIsWritten(t *testing.T) {
	w := created(t)
	h := w.holding(".env")
	w.write(".env", w.read(".env")+"COZE_JWT_OAUTH_CLIENT_ID="+h.Set.AppID+"\nCOZE_JWT_OAUTH_PUBLIC_KEY_ID="+h.Set.KeyID+"\nCOZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH=./config/private_key.pem\n")
	walk(t, w.rotation(), yes)
	if text := w.read(".env"); strings.Contains(text, h.Set.KeyID) {
		t.Errorf("the old key is still named:\n%s", text)
	}
}

func TestASecondSetInTheFileIsSaidAndLeft(t *testing.T) {
	w := created(t)
	other := "COZE_JWT_OAUTH_CLIENT_ID=" + appID + "\nCOZE_JWT_OAUTH_PUBLIC_KEY_ID=" + keyID + "\nCOZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH=config/other.pem\n"
	w.write(".env", w.read(".env")+other)
	s := w.rotation()
	walk(t, s, yes)
	if !strings.HasSuffix(w.read(".env"), other) {
		t.Errorf("it was changed:\n%s", w.read(".env"))
	}
	if len(s.Observed.Review.Warnings) == 0 || s.Observed.Review.Warnings[0].ID != "env.second_set" {
		t.Errorf("warnings are %v", s.Observed.Review.Warnings)
	}
}

func TestARotationOfAnEnvInAnotherFolderCanBeRepeated(t *testing.T) {
	w := created(t)
	env := w.moveEnv("sub")
	for range 2 {
		s, err := setup.OpenRotation(w.env(), w.dir, env)
		must(t, err)
		if s.Answers.KeyFile != "" {
			t.Fatalf("the key in use is taken for the new one: %s", s.Answers.KeyFile)
		}
		walk(t, s, yes)
		must(t, w.works("sub/.env"))
		w.now = w.now.Add(time.Second)
	}
}

func TestPruneLeavesWhatAnyFileNames(t *testing.T) {
	for name, user := range map[string]func(w *world, old string){
		"in another folder": func(w *world, old string) { w.write("sub/.env.prod", strings.ReplaceAll(old, "=config", "=../config")) },
		"in both conventions": func(w *world, old string) {
			w.write(".env", w.read(".env")+strings.NewReplacer("COZE_CLIENT_ID", "COZE_JWT_OAUTH_CLIENT_ID", "COZE_PUBLIC_KEY", "COZE_JWT_OAUTH_PUBLIC_KEY_ID", "COZE_PRIVATE_KEY_PATH", "COZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH").Replace(old))
		},
		"under another name": func(w *world, old string) {
			testfile.Symlink(w.t, "private_key.pem", w.path("config/k.pem"))
			w.write(".env.prod", strings.ReplaceAll(old, "private_key.pem", "k.pem"))
		},
		"where nobody can tell": func(w *world, old string) { w.write(".env.prod", old+"garbage\n") },
	} {
		t.Run(name, func(t *testing.T) {
			w := created(t)
			old := w.read(".env")
			walk(t, w.rotation(), map[string]string{"write": "yes", "together": "no"})
			env := w.path(".env")
			if name == "in another folder" {
				env = w.moveEnv("sub")
			}
			user(w, old)
			s, err := setup.OpenPrune(w.env(), w.dir, env)
			if name == "where nobody can tell" {
				if err == nil {
					t.Error("a file that cannot be read may name any key")
				}
				return
			}
			must(t, err)
			for _, k := range s.Observed.Old {
				if filepath.Base(k.File) == "private_key.pem" {
					t.Error("a key that is in use is offered")
				}
			}
		})
	}
}

func TestPruneBelievesNoRefusalOfAnotherApp(t *testing.T) {
	w := created(t)
	walk(t, w.rotation(), yes)
	app, err := w.coze.CreateApp(context.Background(), "other")
	must(t, err)
	key := must2(w.generate(2048))
	_, err = keygen.Save(w.path("config/other.pem"), key, keygen.Refuse, w.now)
	must(t, err)
	id, err := w.coze.AddKey(context.Background(), app, keygen.EncodePublic(&key.PublicKey))
	must(t, err)
	w.write(".env", "COZE_CLIENT_ID="+app+"\nCOZE_PUBLIC_KEY="+id+"\nCOZE_PRIVATE_KEY_PATH=config/other.pem\nCOZE_API_BASE="+w.coze.Base+"\n")
	s, err := setup.OpenPrune(w.env(), w.dir, w.path(".env"))
	must(t, err)
	must(t, do(t, s, "probe", nil))
	for _, k := range s.Observed.Old {
		if k.Verdict != setup.Unasked {
			t.Errorf("%s is %s, although the service was asked about another app", k.File, k.Verdict)
		}
	}
}

func TestRollbackIsFoundUnderAnotherNameOfTheFolder(t *testing.T) {
	w := created(t)
	first := w.read(".env")
	link := filepath.Join(t.TempDir(), "link")
	testfile.Symlink(t, w.dir, link)
	s, err := setup.OpenRotation(w.env(), link, filepath.Join(link, ".env"))
	must(t, err)
	walk(t, s, yes)
	back, err := setup.OpenRollback(w.env(), w.dir, w.path(".env"))
	must(t, err)
	walk(t, back, yes)
	if w.read(".env") != first {
		t.Errorf(".env is\n%s, want\n%s", w.read(".env"), first)
	}
}

func TestTheKeyOfAnotherSetIsNotDiscarded(t *testing.T) {
	w := created(t)
	key := must2(w.generate(2048))
	_, err := keygen.Save(w.path("config/staging.pem"), key, keygen.Refuse, w.now)
	must(t, err)
	w.write(".env.staging", "COZE_CLIENT_ID="+appID+"\nCOZE_PUBLIC_KEY="+keyID+"\nCOZE_PRIVATE_KEY_PATH=config/staging.pem\n")
	s := w.rotation()
	s.Answers.Discard = true
	must(t, do(t, s, "current", nil))
	must(t, do(t, s, "key", map[string]string{"key_source": "import", "import_key": w.path("config/staging.pem")}))
	if _, err := keygen.Load(w.path("config/staging.pem")); err != nil {
		t.Error(err)
	}
}

func TestUseLosesNothingWhereTheEnvIsAProfile(t *testing.T) {
	w := created(t)
	w.write(".env.staging", strings.ReplaceAll(w.read(".env"), w.holding(".env").Set.KeyID, keyID))
	must(t, os.Rename(w.path(".env"), w.path(".env.prod")))
	testfile.Symlink(t, ".env.prod", w.path(".env"))
	before := w.read(".env.prod")
	if _, err := setup.OpenUse(w.env(), w.dir, w.path(".env")); !errors.Is(err, setup.ErrLinked) || w.read(".env.prod") != before {
		t.Errorf("error is %v", err)
	}
}

func TestUseRefusesToReplaceKeyText(t *testing.T) {
	w := created(t)
	w.write(".env.staging", w.read(".env"))
	w.write(".env", "COZE_CLIENT_ID="+appID+"\nCOZE_PRIVATE_KEY_PATH=\""+w.read("config/private_key.pem")+"\"\n")
	if _, err := setup.OpenUse(w.env(), w.dir, w.path(".env")); !errors.Is(err, credentials.ErrEnvKeyText) {
		t.Errorf("error is %v", err)
	}
}

func TestUseKeepsAnOddSetUnderAPlainName(t *testing.T) {
	w := created(t)
	w.write(".env.prod", w.read(".env"))
	w.write(".env", strings.ReplaceAll(w.read(".env"), w.holding(".env").Set.AppID, "../../x"))
	s, err := setup.OpenUse(w.env(), w.dir, w.path(".env"))
	must(t, err)
	walk(t, s, map[string]string{"profile": "prod", "write": "yes"})
	if got := w.holding(".env.sandbox").Set.AppID; got != "../../x" {
		t.Errorf("kept is %q", got)
	}
}

func TestAKeyFlagGoesBeforeADraft(t *testing.T) {
	w := created(t)
	s := w.rotation()
	must(t, do(t, s, "current", nil))
	s.Answers.Source = setup.ImportKey
	s.SaveDraft("key")()
	key := must2(w.generate(2048))
	_, err := keygen.Save(w.path("config/new.pem"), key, keygen.Refuse, w.now)
	must(t, err)
	next := w.rotation()
	must(t, next.UseNewKey(w.path("config/new.pem")))
	at := next.Resume(next.FindDraft())
	if next.Plan.Steps[at].ID != "key" || next.Answers.Source != setup.ReuseKey || next.Answers.KeyFile != w.path("config/new.pem") {
		t.Errorf("resumed at %s with %+v", next.Plan.Steps[at].ID, next.Answers)
	}
	must(t, do(t, next, "key", nil))
}
