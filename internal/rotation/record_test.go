package rotation_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/rotation"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testplan"
	"cozejwt/keygen"
)

// rotated is a world after one rotation, a second ago, with what its .env held before.
func rotated(t *testing.T) (w *testplan.World, before string) {
	t.Helper()
	w = testplan.Created(t)
	before = w.Read(".env")
	testplan.Walk(t, rotating(w), testplan.Yes)
	w.Now = w.Now.Add(time.Second)
	return w, before
}

// rollingBack opens the way back.
func rollingBack(w *testplan.World) *rotation.Rollback {
	w.T.Helper()
	s, err := rotation.OpenRollback(w.Deps(), w.Dir, w.Env())
	testplan.Must(w.T, err)
	return s
}

func TestRecordsComeNewestFirstAndOddOnesAreLeftOut(t *testing.T) {
	w, _ := rotated(t)
	first := w.Holding(".env").Set.KeyID
	testplan.Walk(t, rotating(w), testplan.Yes)
	records := rotation.Records(w.State, w.Env())
	if len(records) != 2 || records[0].Previous.KeyID != first || records[1].New.KeyID != first {
		t.Fatalf("the records are %+v", records)
	}
	folders, _ := filepath.Glob(filepath.Join(w.State, "rotations", "*"))
	for name, text := range map[string]string{"20990101T000000.000Z.json": "{", "20990102T000000.000Z.json": "{}"} {
		testplan.Must(t, os.WriteFile(filepath.Join(folders[0], name), []byte(text), 0o600))
	}
	if again := rotation.Records(w.State, w.Env()); len(again) != 2 || again[0].Previous.KeyID != first {
		t.Errorf("with odd ones, the records are %+v", again)
	}
	if of := rotation.Records(w.State, w.Path(".env.other")); of != nil {
		t.Errorf("the records of another file are %+v", of)
	}
}

func TestWhatTheNewestRecordSaysOfAKeyCounts(t *testing.T) {
	w, _ := rotated(t)
	second := w.Holding(".env").Set.KeyID
	testplan.Walk(t, rotating(w), testplan.Yes)
	files, _ := filepath.Glob(filepath.Join(w.State, "rotations", "*", "*.json"))
	older, err := os.ReadFile(files[0])
	testplan.Must(t, err)
	testplan.Must(t, os.WriteFile(files[0], []byte(strings.ReplaceAll(string(older), second, testkey.KeyID)), 0o600))
	ids := map[string]bool{}
	for _, k := range pruning(w).Old {
		ids[k.KeyID] = true
	}
	if len(ids) != 2 || !ids[second] {
		t.Errorf("the Key IDs of the old keys are %v, want %s among them", ids, second)
	}
}

func TestARecordOfARotationThatIsTriedAgainHasTheFilesOfBoth(t *testing.T) {
	w := testplan.Created(t)
	w.Write(".env.production", w.Read(".env"))
	before := w.Read(".env")
	s := rotating(w)
	review := toReview(t, s, nil)
	s.Together = false
	testplan.Must(t, testplan.Arrive(s, "review"))
	w.Write(".env", strings.Replace(before, "COZE_CLIENT_ID=", "COZE_CLIENT_ID=9", 1))
	if err := review.Work().Do(t.Context()); err == nil {
		t.Fatal("credentials that someone else wrote are overwritten")
	}
	w.Write(".env", before)
	if first := rotation.Records(w.State, w.Env()); len(first) != 1 || len(first[0].Files) != 1 {
		t.Fatalf("the records are %+v", first)
	}
	w.Now = w.Now.Add(time.Second)
	testplan.Walk(t, rotating(w), testplan.Yes)
	if both := rotation.Records(w.State, w.Env()); len(both) != 1 || len(both[0].Files) != 2 || both[0].Files[0].Path != w.Env() {
		t.Errorf("the records are %+v", both)
	}
}

func TestWithoutAStateFolderARotationHasNoRecord(t *testing.T) {
	w := testplan.Created(t)
	w.State = ""
	t.Chdir(t.TempDir())
	s := rotating(w)
	testplan.Walk(t, s, testplan.Yes)
	if s.Record != "" || rotation.Records("", w.Env()) != nil {
		t.Errorf("the record is %q", s.Record)
	}
	if left, _ := os.ReadDir("."); len(left) != 0 {
		t.Errorf("left in the working folder: %v", left)
	}
	if _, err := rotation.OpenRollback(w.Deps(), w.Dir, w.Env()); !errors.Is(err, rotation.ErrNoWayBack) {
		t.Errorf("error is %v", err)
	}
}

func TestARecordThatCannotBeKeptStopsTheSwitch(t *testing.T) {
	w := testplan.Created(t)
	before := w.Read(".env")
	s := rotating(w)
	review := toReview(t, s, testplan.Yes)
	testplan.Must(t, os.MkdirAll(w.State, 0o700))
	testplan.Must(t, os.WriteFile(filepath.Join(w.State, "rotations"), nil, 0o600)) // a file where the folder goes
	if err := review.Work().Do(t.Context()); fault.ID(err) != "file.write" || w.Read(".env") != before {
		t.Errorf("error is %v", err)
	}
}

func TestTheWayBackNeedsTheKeyAndTheRotationThatMadeTheEnv(t *testing.T) {
	for name, row := range map[string]struct {
		spoil func(*testplan.World, rotation.Record)
		fault error
	}{
		"no rotation of this key ID": {func(w *testplan.World, r rotation.Record) {
			w.Write(".env", strings.ReplaceAll(w.Read(".env"), r.New.KeyID, testkey.KeyID))
		}, rotation.ErrNoWayBack},
		"no rotation of this key file": {func(w *testplan.World, r rotation.Record) {
			w.Write(".env", strings.ReplaceAll(w.Read(".env"), filepath.Base(r.New.File), "other.pem"))
		}, rotation.ErrNoWayBack},
		"the previous key is gone": {func(w *testplan.World, r rotation.Record) { testplan.Must(w.T, os.Remove(r.Previous.File)) }, keygen.ErrAbsent},
		"no .env":                  {func(w *testplan.World, _ rotation.Record) { testplan.Must(w.T, os.Remove(w.Env())) }, fault.Invalid("env.absent")},
	} {
		w, _ := rotated(t)
		row.spoil(w, rotation.Records(w.State, w.Env())[0])
		if _, err := rotation.OpenRollback(w.Deps(), w.Dir, w.Env()); !errors.Is(err, row.fault) {
			t.Errorf("%s: error is %v", name, err)
		}
	}
}

func TestTheWayBackIsOfTheFilesThatAreAsTheRotationLeftThem(t *testing.T) {
	for name, change := range map[string]func(text string, r rotation.Record) string{
		"as it left it": func(text string, _ rotation.Record) string { return text },
		"another Key ID": func(text string, r rotation.Record) string {
			return strings.ReplaceAll(text, r.New.KeyID, testkey.KeyID)
		},
		"another key file": func(text string, r rotation.Record) string {
			return strings.ReplaceAll(text, filepath.Base(r.New.File), "other.pem")
		},
		"not readable": func(string, rotation.Record) string { return "nonsense\n" },
	} {
		w := testplan.Created(t)
		w.Write(".env.production", "A=1\n"+w.Read(".env"))
		before := w.Read(".env.production")
		testplan.Walk(t, rotating(w), testplan.Yes)
		changed := change(w.Read(".env.production"), rotation.Records(w.State, w.Env())[0])
		w.Write(".env.production", changed)
		s := rollingBack(w)
		testplan.Must(t, s.Take(map[string]string{"yes": "true"}))
		testplan.Walk(t, s, nil)
		want := changed
		if name == "as it left it" {
			want = before
		}
		if got := w.Read(".env.production"); got != want {
			t.Errorf("%s: .env.production is\n%s\nwant\n%s", name, got, want)
		}
		testplan.Must(t, w.Works(".env"))
	}
}

func TestARollbackAgreesOnlyWithAYes(t *testing.T) {
	w, before := rotated(t)
	s := rollingBack(w)
	testplan.Must(t, s.Take(nil))
	if s.Accepted || s.Given("write") {
		t.Error("it agrees without --yes")
	}
	testplan.Must(t, s.Take(map[string]string{"yes": "true"}))
	testplan.Walk(t, s, nil)
	if w.Read(".env") != before {
		t.Errorf(".env is\n%s", w.Read(".env"))
	}
	wantIDs(t, "in the end it says", s.Steps[2].Says(), "rolled_back.live", "rolled_back.from", "rolled_back.next_at")
	wantIDs(t, "its summary", s.Summary(), "summary.env", "summary.token")
	if s.Region != coze.Sandbox || s.Record != "" {
		t.Errorf("the region is %s, the record %q", s.Region, s.Record)
	}
}

func TestARollbackThatIsRefusedAfterItsTestIsUndoneAndExplained(t *testing.T) {
	w, _ := rotated(t)
	now := w.Read(".env")
	s := rollingBack(w)
	testplan.Must(t, testplan.Do(s, "test", nil))
	s.Client = &http.Client{Transport: &testplan.Tamperer{From: 1}}
	before := causes(s.Diagnose(refusal))
	if err := testplan.Do(s, "review", testplan.Yes); err == nil || !s.Undone || w.Read(".env") != now {
		t.Errorf("error is %v", err)
	}
	if after := causes(s.Diagnose(refusal)); len(after) != 1 || slices.Equal(before, after) {
		t.Errorf("the causes are %q, before %q", after, before)
	}
}

func TestTheWayBackGoesToTheBaseOfBefore(t *testing.T) {
	w := testplan.Created(t)
	s := rotating(w)
	s.TakeBase(coze.Custom, w.Coze.Base)
	if s.Region != coze.Custom || !s.Given("region") || !s.Given("api_base") || s.AppID != s.Previous.AppID || s.APIBase != w.Coze.Base {
		t.Errorf("the credentials are %+v", s.Credentials)
	}
	w.Write(".env", strings.ReplaceAll(w.Read(".env"), w.Coze.Base, "http://127.0.0.1:1"))
	s = rotating(w)
	s.TakeBase(coze.Sandbox, w.Coze.Base) // the .env names a host that is gone
	testplan.Walk(t, s, testplan.Yes)
	if got := w.Holding(".env").Set.APIBase; got != w.Coze.Base {
		t.Errorf("the base is %s", got)
	}
	if back := rollingBack(w); back.APIBase != "http://127.0.0.1:1" || back.Region != coze.Custom {
		t.Errorf("the way back goes to %s, %s", back.Region, back.APIBase)
	}
}

func TestADraftOfARotationContinuesWithTheNewCredentialsToo(t *testing.T) {
	w := testplan.Created(t)
	s := rotating(w)
	for _, id := range []string{"current", "key", "upload", "key_id", "test"} {
		testplan.Must(t, testplan.Do(s, id, nil))
	}
	s.SaveDraft("review")()
	set := s.Values()
	for name, row := range map[string]struct {
		now  credentials.Set
		fits bool
	}{
		"as before":              {s.Previous, true},
		"already switched":       {set, true},
		"its Key ID, other file": {credentials.Set{AppID: set.AppID, KeyID: set.KeyID, KeyPath: "config/private_key.pem", APIBase: set.APIBase}, false},
		"its file, other Key ID": {credentials.Set{AppID: set.AppID, KeyID: testkey.KeyID, KeyPath: set.KeyPath, APIBase: set.APIBase}, false},
	} {
		w.Write(".env", "COZE_CLIENT_ID="+row.now.AppID+"\nCOZE_PUBLIC_KEY="+row.now.KeyID+"\nCOZE_PRIVATE_KEY_PATH="+row.now.KeyPath+"\nCOZE_API_BASE="+row.now.APIBase+"\n")
		if got := rotating(w).FindDraft() != nil; got != row.fits {
			t.Errorf("%s: the draft is offered: %v", name, got)
		}
	}
}
