package rotation_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/i18n"
	"cozejwt/internal/rotation"
	"cozejwt/internal/steps"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testplan"
	"cozejwt/keygen"
)

func TestRotationLeavesTheOldKeyAndSwitchesTheEnv(t *testing.T) {
	w := testplan.Created(t)
	before, oldKey, text := w.Holding(".env"), w.Read("config/private_key.pem"), w.Read(".env")
	s := rotating(w)
	for _, id := range []string{"current", "key", "upload", "key_id", "test"} {
		testplan.Must(t, testplan.Do(s, id, nil))
		if w.Read(".env") != text {
			t.Fatalf("%s has changed the .env", id)
		}
	}
	testplan.Must(t, testplan.Do(s, "review", testplan.Yes))
	after := w.Holding(".env")
	if after.Set.AppID != before.Set.AppID || after.Set.KeyID == before.Set.KeyID || after.Set.APIBase != before.Set.APIBase {
		t.Errorf("the set became %+v", after.Set)
	}
	wantName := "config/private_key_" + w.Now.UTC().Format("20060102") + "_" + keygen.Fingerprint(&s.Key.PublicKey)[:8] + ".pem"
	if after.Set.KeyPath != wantName {
		t.Errorf("the new key is %s, want %s", after.Set.KeyPath, wantName)
	}
	if w.Read("config/private_key.pem") != oldKey {
		t.Error("the old key was touched")
	}
	want := strings.NewReplacer(before.Set.KeyID, after.Set.KeyID, "config/private_key.pem", after.Set.KeyPath).Replace(text)
	if got := w.Read(".env"); got != want {
		t.Errorf(".env is\n%s, want\n%s", got, want)
	}
	testplan.Must(t, w.Works(".env"))
	record, err := os.ReadFile(s.Record)
	testplan.Must(t, err)
	if strings.Contains(string(record), "KEY-----") || !json.Valid(record) || !strings.Contains(string(record), before.Set.KeyID) {
		t.Errorf("the record is %s", record)
	}
}

func TestARefusedNewKeyLeavesTheEnvAndWaits(t *testing.T) {
	w := testplan.Created(t)
	text := w.Read(".env")
	s := rotating(w)
	for _, id := range []string{"current", "key", "upload"} {
		testplan.Must(t, testplan.Do(s, id, nil))
	}
	testplan.Must(t, testplan.Do(s, "key_id", map[string]string{"key_id": testkey.KeyID})) // not the one that the console gave
	err := testplan.Do(s, "test", nil)
	if _, refused := errors.AsType[*coze.Refusal](err); !refused || w.Read(".env") != text {
		t.Fatalf("error is %v, .env %q", err, w.Read(".env"))
	}
	for _, c := range s.Diagnose(err).Causes {
		if c.ID == "kid.region" || c.ID == "kid.app_id" {
			t.Errorf("%s is given as a cause, although the app works with its other key", c.ID)
		}
	}
	made := s.KeyFile
	if next := rotating(w); next.KeyFile != made || testplan.Ask(t, next, "key")[0].Value != "reuse" {
		t.Errorf("the new key does not wait: %q is proposed", next.KeyFile)
	}
}

func TestATestOfTheFileThatFailsIsUndone(t *testing.T) {
	w := testplan.Created(t)
	w.Write(".env.production", w.Read(".env"))
	text := w.Read(".env")
	for name, from := range map[string]int{"the first file": 3, "the second file": 4} { // after the current set and the new key
		s := rotating(w)
		s.Client = &http.Client{Transport: &testplan.Tamperer{From: from}}
		for _, id := range []string{"current", "key", "upload", "key_id", "files", "test"} {
			testplan.Must(t, testplan.Do(s, id, nil))
		}
		if err := testplan.Do(s, "review", testplan.Yes); err == nil || !s.Undone || s.Written {
			t.Fatalf("%s: error is %v, undone %v", name, err, s.Undone)
		}
		if w.Read(".env") != text || w.Read(".env.production") != text {
			t.Errorf("%s: .env was not put back:\n%s", name, w.Read(".env"))
		}
		testplan.Must(t, w.Works(".env"))
		w.Forget(s.AppID, s.KeyID)
	}
}

func TestFilesThatNameTheSameKeyComeAlong(t *testing.T) {
	for answer, changed := range map[string]bool{"yes": true, "no": false} {
		w := testplan.Created(t)
		w.Write(".env.production", "A=1\n"+w.Read(".env")+"B=2\n")
		w.Write(".env.other", "COZE_CLIENT_ID="+testkey.AppID+"\n")
		w.Write(".env.example", w.Read(".env"))
		other, example, twin := w.Read(".env.other"), w.Read(".env.example"), w.Read(".env.production")
		testplan.Walk(t, rotating(w), map[string]string{"write": "yes", "together": answer})
		if w.Read(".env.other") != other || w.Read(".env.example") != example {
			t.Error("a file of another set was changed")
		}
		if (w.Read(".env.production") != twin) != changed {
			t.Errorf("together %s: .env.production is\n%s", answer, w.Read(".env.production"))
		}
		testplan.Must(t, w.Works(".env.production"))
	}
}

func TestBothConventionsOfAFileAreSwitched(t *testing.T) {
	w := testplan.Created(t)
	h := w.Holding(".env")
	w.Write(".env", w.Read(".env")+"COZE_JWT_OAUTH_CLIENT_ID="+h.Set.AppID+"\nCOZE_JWT_OAUTH_PUBLIC_KEY_ID="+h.Set.KeyID+"\nCOZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH=config/private_key.pem\n")
	testplan.Walk(t, rotating(w), testplan.Yes)
	if text := w.Read(".env"); strings.Contains(text, h.Set.KeyID) || strings.Contains(text, "private_key.pem") {
		t.Errorf("the old key is still named:\n%s", text)
	}
}

func TestARunThatEndedBetweenSwitchAndTestIsTakenUp(t *testing.T) {
	w := testplan.Created(t)
	s := rotating(w)
	for _, id := range []string{"current", "key", "upload", "key_id", "test"} {
		testplan.Must(t, testplan.Do(s, id, nil))
	}
	s.SaveDraft("review")()
	testplan.Must(t, testplan.Arrive(s, "review"))
	before := w.Holding(".env")
	text := strings.NewReplacer(before.Set.KeyID, s.KeyID, "config/private_key.pem", credentials.RelativeKeyPath(w.Dir, w.Env(), s.KeyFile)).Replace(w.Read(".env"))
	w.Write(".env", text) // and then the power went

	next := rotating(w)
	d := next.FindDraft()
	if d == nil {
		t.Fatal("no draft is found")
	}
	if at := testplan.Resume(t, next, d); at != "test" {
		t.Fatalf("resumed at %s", at)
	}
	testplan.Must(t, testplan.Do(next, "test", nil))
	next.Client = &http.Client{Transport: &testplan.Tamperer{From: 1}}
	if err := testplan.Do(next, "review", testplan.Yes); err == nil {
		t.Fatal("no error")
	}
	if h := w.Holding(".env"); h.Set != before.Set {
		t.Errorf("the previous set is not back: %+v", h.Set)
	}
}

func TestADraftOfAnotherKeyIsNotTakenUp(t *testing.T) {
	w := testplan.Created(t)
	s := rotating(w)
	testplan.Must(t, testplan.Do(s, "current", nil))
	testplan.Must(t, testplan.Do(s, "key", nil))
	s.SaveDraft("upload")()
	w.Write(".env", strings.ReplaceAll(w.Read(".env"), w.Holding(".env").Set.KeyID, testkey.KeyID))
	if d := rotating(w).FindDraft(); d != nil {
		t.Error("a draft is offered although someone else has changed the key")
	}
}

func TestTheKeyInUseIsNoNewKey(t *testing.T) {
	w := testplan.Created(t)
	s := rotating(w)
	if err := s.UseNewKey(w.Path("config/private_key.pem")); !errors.Is(err, steps.ErrInUse) {
		t.Errorf("error is %v", err)
	}
	if err := testplan.Do(s, "key", map[string]string{"key_source": "import", "import_key": w.Path("config/private_key.pem")}); !errors.Is(err, steps.ErrInUse) {
		t.Errorf("imported: error is %v", err)
	}
	for _, st := range s.Steps {
		if st.ID == steps.KeyID {
			if _, err := s.Ask(st)[0].Answer(s.Run, s.Previous.KeyID); !errors.Is(err, rotation.ErrSameKeyID) {
				t.Errorf("the previous Key ID: error is %v", err)
			}
		}
	}
}

func TestAFullAppSaysWhatToDo(t *testing.T) {
	w := testplan.Created(t)
	for range 2 {
		testplan.Walk(t, rotating(w), testplan.Yes)
		w.Now = w.Now.Add(time.Second)
	}
	s := rotating(w)
	testplan.Must(t, testplan.Do(s, "current", nil))
	testplan.Must(t, testplan.Do(s, "key", nil))
	err := testplan.Do(s, "upload", nil)
	if err == nil || !strings.Contains(err.Error(), "3 keys at most") {
		t.Fatalf("error is %v", err)
	}
	d := s.Diagnose(err)
	if _, fixes := d.Explain(i18n.English); len(fixes) == 0 || !strings.Contains(fixes[0], w.Coze.Console()) {
		t.Errorf("fixes are %v", fixes)
	}
}

func TestAFileOfTwoNamesIsSwitchedOnce(t *testing.T) {
	w := testplan.Created(t)
	testfile.Symlink(t, ".env", w.Path(".env.local"))
	testplan.Must(t, os.Rename(w.Env(), w.Path(".env.prod")))
	testfile.Symlink(t, ".env.prod", w.Env())
	testplan.Walk(t, rotating(w), testplan.Yes)
	testplan.Must(t, w.Works(".env"))
	if to, err := os.Readlink(w.Env()); err != nil || to != ".env.prod" {
		t.Errorf("the link became %q, %v", to, err)
	}
}

func TestAFileThatAsksElsewhereIsNotSwitched(t *testing.T) {
	w := testplan.Created(t)
	w.Write(".env.dev", strings.ReplaceAll(w.Read(".env"), w.Coze.Base, "http://127.0.0.1:1"))
	before := w.Read(".env.dev")
	s := rotating(w)
	testplan.Walk(t, s, testplan.Yes)
	if w.Read(".env.dev") != before {
		t.Error("it was switched to a key that was not seen to work there")
	}
	warned := false
	for _, warning := range s.Review.Warnings {
		warned = warned || warning.ID == "env.elsewhere"
	}
	if !warned {
		t.Error("it is not said")
	}
}

func TestConventionsAreOneSetHoweverThePathIsWritten(t *testing.T) {
	w := testplan.Created(t)
	h := w.Holding(".env")
	w.Write(".env", w.Read(".env")+"COZE_JWT_OAUTH_CLIENT_ID="+h.Set.AppID+"\nCOZE_JWT_OAUTH_PUBLIC_KEY_ID="+h.Set.KeyID+"\nCOZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH=./config/private_key.pem\n")
	testplan.Walk(t, rotating(w), testplan.Yes)
	if text := w.Read(".env"); strings.Contains(text, h.Set.KeyID) {
		t.Errorf("the old key is still named:\n%s", text)
	}
}

func TestASecondSetInTheFileIsSaidAndLeft(t *testing.T) {
	w := testplan.Created(t)
	other := "COZE_JWT_OAUTH_CLIENT_ID=" + testkey.AppID + "\nCOZE_JWT_OAUTH_PUBLIC_KEY_ID=" + testkey.KeyID + "\nCOZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH=config/other.pem\n"
	w.Write(".env", w.Read(".env")+other)
	s := rotating(w)
	testplan.Walk(t, s, testplan.Yes)
	if !strings.HasSuffix(w.Read(".env"), other) {
		t.Errorf("it was changed:\n%s", w.Read(".env"))
	}
	if len(s.Review.Warnings) == 0 || s.Review.Warnings[0].ID != "env.second_set" {
		t.Errorf("warnings are %v", s.Review.Warnings)
	}
}

func TestARotationOfAnEnvInAnotherFolderCanBeRepeated(t *testing.T) {
	w := testplan.Created(t)
	env := w.MoveEnv("sub")
	for range 2 {
		s, err := rotation.Open(w.Deps(), w.Dir, env)
		testplan.Must(t, err)
		if s.KeyFile != "" {
			t.Fatalf("the key in use is taken for the new one: %s", s.KeyFile)
		}
		testplan.Walk(t, s, testplan.Yes)
		testplan.Must(t, w.Works("sub/.env"))
		w.Now = w.Now.Add(time.Second)
	}
}

func TestTheKeyOfAnotherSetIsNotDiscarded(t *testing.T) {
	w := testplan.Created(t)
	key := w.Key()
	_, err := keygen.Save(w.Path("config/staging.pem"), key, keygen.Refuse, w.Now)
	testplan.Must(t, err)
	w.Write(".env.staging", "COZE_CLIENT_ID="+testkey.AppID+"\nCOZE_PUBLIC_KEY="+testkey.KeyID+"\nCOZE_PRIVATE_KEY_PATH=config/staging.pem\n")
	s := rotating(w)
	s.Discard = true
	testplan.Must(t, testplan.Do(s, "current", nil))
	testplan.Must(t, testplan.Do(s, "key", map[string]string{"key_source": "import", "import_key": w.Path("config/staging.pem")}))
	if _, err := keygen.Load(w.Path("config/staging.pem")); err != nil {
		t.Error(err)
	}
}

func TestAKeyFlagGoesBeforeADraft(t *testing.T) {
	w := testplan.Created(t)
	s := rotating(w)
	testplan.Must(t, testplan.Do(s, "current", nil))
	s.Source = steps.ImportKey
	s.SaveDraft("key")()
	key := w.Key()
	_, err := keygen.Save(w.Path("config/new.pem"), key, keygen.Refuse, w.Now)
	testplan.Must(t, err)
	next := rotating(w)
	testplan.Must(t, next.UseNewKey(w.Path("config/new.pem")))
	at := testplan.Resume(t, next, next.FindDraft())
	if at != "key" || next.Source != steps.ReuseKey || next.KeyFile != w.Path("config/new.pem") {
		t.Errorf("resumed at %s with %+v", at, next.Answers())
	}
	testplan.Must(t, testplan.Do(next, "key", nil))
}

// rotating opens a rotation of the key of the .env.
func rotating(w *testplan.World) *rotation.Rotation {
	w.T.Helper()
	r, err := rotation.Open(w.Deps(), w.Dir, w.Env())
	testplan.Must(w.T, err)
	return r
}

func TestARotationThatIsLeftAtOncePromisesNoKey(t *testing.T) {
	w := testplan.Created(t)
	s := rotating(w)
	for _, line := range s.Leftovers(true) {
		if line.ID == "left.rotation" {
			t.Error("it says that the new key waits; there is none")
		}
	}
}
