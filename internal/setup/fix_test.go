package setup_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cozejwt/internal/coze"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/setup"
	"cozejwt/internal/steps"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testplan"
	"cozejwt/keygen"
)

// because is a refusal in a region, with the facts that are known of it.
func because(message string) diagnosis.Diagnosis {
	r := &coze.Refusal{Status: 401, Code: "invalid_client", Message: message}
	return diagnosis.Diagnose(r, diagnosis.Facts{Region: coze.CN, Base: coze.CN.Base()})
}

func TestWhatIsRefusedIsFixedByASetupUnlessTheServiceIsInTrouble(t *testing.T) {
	trouble := diagnosis.Diagnose(&coze.Refusal{Status: 503, Code: "internal", Message: "later"}, diagnosis.Facts{})
	unreachable := diagnosis.Diagnose(fault.Unreachable("network.refused"), diagnosis.Facts{Region: coze.Custom})
	for name, row := range map[string]struct {
		refused diagnosis.Diagnosis
		fixes   bool
	}{
		"an unknown Key ID": {because(unknownKey.Message), true},
		"in trouble":        {trouble, false},
		"unreachable":       {unreachable, false}, // although a region could be corrected
	} {
		if got := setup.Fixes(row.refused); got != row.fixes {
			t.Errorf("%s: fixed by a setup: %v (at %s)", name, got, row.refused.FixAt())
		}
	}
}

const inRegion = "COZE_CLIENT_ID=" + testkey.AppID + "\nCOZE_PUBLIC_KEY=" + testkey.KeyID + "\nCOZE_PRIVATE_KEY_PATH=config/private_key.pem\nCOZE_API_BASE=https://api.coze.cn\n"

func TestAFixBeginsWhereWhatWasRefusedIsCorrected(t *testing.T) {
	for name, row := range map[string]struct {
		key     bool
		refused diagnosis.Diagnosis
		begins  string
		at      string
	}{
		"an unknown Key ID":      {true, because(unknownKey.Message), "key_id", "key_id"},
		"an unknown app":         {true, because("invalid client id"), "app_id", "app_id"},
		"without the key file":   {false, because(unknownKey.Message), "key_id", "key"},
		"nothing that it can do": {true, diagnosis.Diagnose(errors.New("x"), diagnosis.Facts{}), "region", "region"},
	} {
		w := testplan.New(t)
		w.Write(".env", inRegion)
		if row.key {
			save(w, keyFile)
		}
		w.Setup().SaveDraft("app_id")()
		s, err := setup.OpenFix(w.Deps(), w.Dir, w.Env(), row.refused)
		testplan.Must(t, err)
		d := s.FindDraft()
		if d == nil || d.Step != row.begins || !s.Resumes || s.Lasting || s.Reason == nil || s.Reason.ID != row.refused.ID {
			t.Errorf("%s: it begins with %+v", name, d)
			continue
		}
		if at := testplan.Resume(t, s, d); at != row.at {
			t.Errorf("%s: it continues at %s, want %s", name, at, row.at)
		}
		if s.AppID != testkey.AppID || s.Region != coze.CN || s.Source != steps.ReuseKey || !s.HasApp || s.Origin("app_id") != flow.FromEnv {
			t.Errorf("%s: the answers are %+v from %q", name, s.Credentials, s.Origin("app_id"))
		}
		s.DropDraft()()
		if unfinished := w.Setup().FindDraft(); unfinished == nil || unfinished.Step != "app_id" {
			t.Errorf("%s: the unfinished setup is %+v", name, unfinished)
		}
	}
	w := testplan.New(t)
	w.Write(".env", "nonsense\n")
	if _, err := setup.OpenFix(w.Deps(), w.Dir, w.Env(), because(unknownKey.Message)); err == nil {
		t.Error("a .env that cannot be read is no error")
	}
}

func TestInTheSandboxAnUnknownKeyIsUploadedAgain(t *testing.T) {
	w := testplan.Created(t)
	set := w.Holding(".env").Set
	w.Forget(set.AppID, set.KeyID)
	refused := diagnosis.Diagnose(unknownKey, diagnosis.OfExchange(coze.Sandbox, set, w.Now))
	s, err := setup.OpenFix(w.Deps(), w.Dir, w.Env(), refused)
	testplan.Must(t, err)
	at := testplan.Resume(t, s, s.FindDraft())
	if at == "key_id" {
		t.Fatalf("it begins at %s, which the sandbox fills in", at)
	}
	for _, id := range []string{"upload", "app_id", "key_id"} {
		testplan.Must(t, testplan.Do(s, id, nil))
	}
	testplan.Must(t, testplan.Do(s, "review", testplan.Yes))
	testplan.Must(t, testplan.Do(s, "test", nil))
	if left, _ := filepath.Glob(w.Path(".env.*")); left != nil || s.Kept != "" {
		t.Errorf("what was refused is kept: %v", left)
	}
}

func TestAFixThatChangesTheAppKeepsTheOther(t *testing.T) {
	w := testplan.New(t)
	w.Write(".env", inRegion)
	save(w, keyFile)
	s, err := setup.OpenFix(w.Deps(), w.Dir, w.Env(), because(unknownKey.Message))
	testplan.Must(t, err)
	testplan.Resume(t, s, s.FindDraft())
	testplan.Must(t, testplan.Do(s, "app_id", map[string]string{"app_id": "9876543210987"}))
	testplan.Must(t, testplan.Do(s, "review", testplan.Yes))
	if filepath.Base(s.Kept) != ".env.cn-"+testkey.AppID {
		t.Errorf("kept is %q", s.Kept)
	}
}

func TestAResumedRunThatAsksForAnotherRegionBeginsAgain(t *testing.T) {
	w := testplan.New(t)
	s := w.Setup()
	w.Custom(s, testkey.AppID, testkey.KeyID)
	s.SaveDraft("key_id")()
	next := w.Setup()
	next.TakeBase(coze.CN, coze.CN.Base())
	if at := testplan.Resume(t, next, next.FindDraft()); at != "region" {
		t.Errorf("it continues at %s", at)
	}
	next = w.Setup()
	if testplan.Resume(t, next, next.FindDraft()); next.Origin("app_id") != flow.FromDraft || next.Written {
		t.Errorf("the App ID is from %q, written %v", next.Origin("app_id"), next.Written)
	}
}

func TestTheKeyThatARefusedRunReplacedIsPutBack(t *testing.T) {
	for name, again := range map[string]bool{"in the same run": false, "in a later one": true} {
		w := testplan.Created(t)
		before, key := w.Read(".env"), w.Read(keyFile)
		s := refused(t, w, "make")
		if again {
			next := w.Setup()
			testplan.Resume(t, next, next.FindDraft())
			for _, id := range []string{"key_id"} {
				testplan.Must(t, testplan.Do(next, id, nil))
			}
			testplan.Must(t, testplan.Do(next, "review", testplan.Yes))
			if err := testplan.Do(next, "test", nil); err == nil {
				t.Fatal("it is not refused again")
			}
			if next.CanUndo() { // its own refused values are nobody's previous ones
				t.Errorf("%s: the refused values would be put back", name)
			}
			continue
		}
		copies := len(s.Backups)
		testplan.Must(t, s.Restore())
		if w.Read(".env") != before || w.Read(keyFile) != key {
			t.Errorf("%s: the .env or the key is another", name)
		}
		if len(s.Backups) == copies || !s.Restored {
			t.Errorf("%s: the copies are %v", name, s.Backups)
		}
	}
}

func TestAnEnvThatIsGoneIsNotRestoredAndNeitherIsItsKey(t *testing.T) {
	w := testplan.Created(t)
	s := refused(t, w, "make")
	key := w.Read(keyFile)
	testplan.Must(t, os.Remove(w.Env()))
	if err := s.Restore(); !errors.Is(err, setup.ErrNotRestored) || s.Restored || w.Read(keyFile) != key {
		t.Errorf("error is %v, restored %v", err, s.Restored)
	}
}

func TestAKeyThatCannotBePutBackLeavesTheEnv(t *testing.T) {
	w := testplan.Created(t)
	s := refused(t, w, "make")
	now := w.Read(".env")
	testplan.Must(t, os.Remove(w.Path("config/public_key.pem")))
	testplan.Must(t, os.MkdirAll(w.Path("config/public_key.pem/x"), 0o700))
	if err := s.Restore(); err == nil || s.Restored || w.Read(".env") != now {
		t.Errorf("error is %v, restored %v", err, s.Restored)
	}
}

func TestTheFirstCredentialsAreKeptThroughASecondRun(t *testing.T) {
	w := testplan.Created(t)
	first := w.Holding(".env").Set
	old, err := keygen.Load(w.Path(keyFile))
	testplan.Must(t, err)
	s := w.Setup()
	testplan.Must(t, testplan.Do(s, "key", map[string]string{"key_source": "make", "replace_key": "yes"}))
	s.SaveDraft("upload")() // left with a new key in the place of the first
	next := w.Setup()
	testplan.Resume(t, next, next.FindDraft())
	testplan.Must(t, testplan.Do(next, "upload", nil))
	testplan.Must(t, testplan.Do(next, "review", testplan.Yes))
	kept := w.Holding(filepath.Base(next.Kept))
	if kept.Set.KeyID != first.KeyID || !strings.Contains(kept.Set.KeyPath, ".bak-") {
		t.Fatalf("kept is %+v", kept.Set)
	}
	if key, err := keygen.Load(kept.KeyFile()); err != nil || !key.Private.Equal(old.Private) {
		t.Errorf("its key: %v", err)
	}
}
