package setup_test

import (
	"context"
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
	"cozejwt/internal/setup"
	"cozejwt/internal/testfile"
	"cozejwt/keygen"
)

func TestRotationLeavesTheOldKeyAndSwitchesTheEnv(t *testing.T) {
	w := created(t)
	before, oldKey, text := w.holding(".env"), w.Read("config/private_key.pem"), w.Read(".env")
	s := w.rotation()
	for _, id := range []string{"current", "key", "upload", "key_id", "test"} {
		must(t, do(t, s, id, nil))
		if w.Read(".env") != text {
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
	if w.Read("config/private_key.pem") != oldKey {
		t.Error("the old key was touched")
	}
	want := strings.NewReplacer(before.Set.KeyID, after.Set.KeyID, "config/private_key.pem", after.Set.KeyPath).Replace(text)
	if got := w.Read(".env"); got != want {
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
	text := w.Read(".env")
	s := w.rotation()
	for _, id := range []string{"current", "key", "upload"} {
		must(t, do(t, s, id, nil))
	}
	must(t, do(t, s, "key_id", map[string]string{"key_id": keyID})) // not the one that the console gave
	err := do(t, s, "test", nil)
	if _, refused := errors.AsType[*coze.Refusal](err); !refused || w.Read(".env") != text {
		t.Fatalf("error is %v, .env %q", err, w.Read(".env"))
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
	w.Write(".env.production", w.Read(".env"))
	text := w.Read(".env")
	for name, from := range map[string]int{"the first file": 3, "the second file": 4} { // after the current set and the new key
		s := w.rotation()
		s.Deps.Client = &http.Client{Transport: &tamperer{from: from}}
		for _, id := range []string{"current", "key", "upload", "key_id", "files", "test"} {
			must(t, do(t, s, id, nil))
		}
		if err := do(t, s, "review", yes); err == nil || !s.Observed.Undone || s.Observed.Written {
			t.Fatalf("%s: error is %v, undone %v", name, err, s.Observed.Undone)
		}
		if w.Read(".env") != text || w.Read(".env.production") != text {
			t.Errorf("%s: .env was not put back:\n%s", name, w.Read(".env"))
		}
		must(t, w.works(".env"))
		w.forget(s.Answers.AppID, s.Answers.KeyID)
	}
}

func TestFilesThatNameTheSameKeyComeAlong(t *testing.T) {
	for answer, changed := range map[string]bool{"yes": true, "no": false} {
		w := created(t)
		w.Write(".env.production", "A=1\n"+w.Read(".env")+"B=2\n")
		w.Write(".env.other", "COZE_CLIENT_ID="+appID+"\n")
		w.Write(".env.example", w.Read(".env"))
		other, example, twin := w.Read(".env.other"), w.Read(".env.example"), w.Read(".env.production")
		walk(t, w.rotation(), map[string]string{"write": "yes", "together": answer})
		if w.Read(".env.other") != other || w.Read(".env.example") != example {
			t.Error("a file of another set was changed")
		}
		if (w.Read(".env.production") != twin) != changed {
			t.Errorf("together %s: .env.production is\n%s", answer, w.Read(".env.production"))
		}
		must(t, w.works(".env.production"))
	}
}

func TestBothConventionsOfAFileAreSwitched(t *testing.T) {
	w := created(t)
	h := w.holding(".env")
	w.Write(".env", w.Read(".env")+"COZE_JWT_OAUTH_CLIENT_ID="+h.Set.AppID+"\nCOZE_JWT_OAUTH_PUBLIC_KEY_ID="+h.Set.KeyID+"\nCOZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH=config/private_key.pem\n")
	walk(t, w.rotation(), yes)
	if text := w.Read(".env"); strings.Contains(text, h.Set.KeyID) || strings.Contains(text, "private_key.pem") {
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
	text := strings.NewReplacer(before.Set.KeyID, s.Answers.KeyID, "config/private_key.pem", credentials.RelativeKeyPath(w.Dir, w.Path(".env"), s.Answers.KeyFile)).Replace(w.Read(".env"))
	w.Write(".env", text) // and then the power went

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
	w.Write(".env", strings.ReplaceAll(w.Read(".env"), w.holding(".env").Set.KeyID, keyID))
	if d := w.rotation().FindDraft(); d != nil {
		t.Error("a draft is offered although someone else has changed the key")
	}
}

func TestASecondRotationIsToldWhoHoldsTheFolder(t *testing.T) {
	w := created(t)
	release, err := w.env().Lock(w.Dir)
	must(t, err)
	_, err = w.env().Lock(w.Dir)
	if !errors.Is(err, setup.ErrHeld) || !strings.Contains(err.Error(), "process ") || strings.Contains(err.Error(), "?") {
		t.Errorf("error is %v", err)
	}
	release()
	release, err = w.env().Lock(w.Dir)
	must(t, err)
	release()
}

func TestTheKeyInUseIsNoNewKey(t *testing.T) {
	w := created(t)
	s := w.rotation()
	if err := s.UseNewKey(w.Path("config/private_key.pem")); !errors.Is(err, setup.ErrInUse) {
		t.Errorf("error is %v", err)
	}
	if err := do(t, s, "key", map[string]string{"key_source": "import", "import_key": w.Path("config/private_key.pem")}); !errors.Is(err, setup.ErrInUse) {
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

func TestAFileOfTwoNamesIsSwitchedOnce(t *testing.T) {
	w := created(t)
	testfile.Symlink(t, ".env", w.Path(".env.local"))
	must(t, os.Rename(w.Path(".env"), w.Path(".env.prod")))
	testfile.Symlink(t, ".env.prod", w.Path(".env"))
	walk(t, w.rotation(), yes)
	must(t, w.works(".env"))
	if to, err := os.Readlink(w.Path(".env")); err != nil || to != ".env.prod" {
		t.Errorf("the link became %q, %v", to, err)
	}
}

func TestAFileThatAsksElsewhereIsNotSwitched(t *testing.T) {
	w := created(t)
	w.Write(".env.dev", strings.ReplaceAll(w.Read(".env"), w.coze.Base, "http://127.0.0.1:1"))
	before := w.Read(".env.dev")
	s := w.rotation()
	walk(t, s, yes)
	if w.Read(".env.dev") != before {
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
	w.Write(".env", w.Read(".env")+"COZE_JWT_OAUTH_CLIENT_ID="+h.Set.AppID+"\nCOZE_JWT_OAUTH_PUBLIC_KEY_ID="+h.Set.KeyID+"\nCOZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH=./config/private_key.pem\n")
	walk(t, w.rotation(), yes)
	if text := w.Read(".env"); strings.Contains(text, h.Set.KeyID) {
		t.Errorf("the old key is still named:\n%s", text)
	}
}

func TestASecondSetInTheFileIsSaidAndLeft(t *testing.T) {
	w := created(t)
	other := "COZE_JWT_OAUTH_CLIENT_ID=" + appID + "\nCOZE_JWT_OAUTH_PUBLIC_KEY_ID=" + keyID + "\nCOZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH=config/other.pem\n"
	w.Write(".env", w.Read(".env")+other)
	s := w.rotation()
	walk(t, s, yes)
	if !strings.HasSuffix(w.Read(".env"), other) {
		t.Errorf("it was changed:\n%s", w.Read(".env"))
	}
	if len(s.Observed.Review.Warnings) == 0 || s.Observed.Review.Warnings[0].ID != "env.second_set" {
		t.Errorf("warnings are %v", s.Observed.Review.Warnings)
	}
}

func TestARotationOfAnEnvInAnotherFolderCanBeRepeated(t *testing.T) {
	w := created(t)
	env := w.moveEnv("sub")
	for range 2 {
		s, err := setup.OpenRotation(w.env(), w.Dir, env)
		must(t, err)
		if s.Answers.KeyFile != "" {
			t.Fatalf("the key in use is taken for the new one: %s", s.Answers.KeyFile)
		}
		walk(t, s, yes)
		must(t, w.works("sub/.env"))
		w.now = w.now.Add(time.Second)
	}
}

func TestTheKeyOfAnotherSetIsNotDiscarded(t *testing.T) {
	w := created(t)
	key := must2(w.generate(2048))
	_, err := keygen.Save(w.Path("config/staging.pem"), key, keygen.Refuse, w.now)
	must(t, err)
	w.Write(".env.staging", "COZE_CLIENT_ID="+appID+"\nCOZE_PUBLIC_KEY="+keyID+"\nCOZE_PRIVATE_KEY_PATH=config/staging.pem\n")
	s := w.rotation()
	s.Answers.Discard = true
	must(t, do(t, s, "current", nil))
	must(t, do(t, s, "key", map[string]string{"key_source": "import", "import_key": w.Path("config/staging.pem")}))
	if _, err := keygen.Load(w.Path("config/staging.pem")); err != nil {
		t.Error(err)
	}
}

func TestAKeyFlagGoesBeforeADraft(t *testing.T) {
	w := created(t)
	s := w.rotation()
	must(t, do(t, s, "current", nil))
	s.Answers.Source = setup.ImportKey
	s.SaveDraft("key")()
	key := must2(w.generate(2048))
	_, err := keygen.Save(w.Path("config/new.pem"), key, keygen.Refuse, w.now)
	must(t, err)
	next := w.rotation()
	must(t, next.UseNewKey(w.Path("config/new.pem")))
	at := next.Resume(next.FindDraft())
	if next.Plan.Steps[at].ID != "key" || next.Answers.Source != setup.ReuseKey || next.Answers.KeyFile != w.Path("config/new.pem") {
		t.Errorf("resumed at %s with %+v", next.Plan.Steps[at].ID, next.Answers)
	}
	must(t, do(t, next, "key", nil))
}
