package rotation_test

import (
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cozejwt/internal/fault"
	"cozejwt/internal/rotation"
	"cozejwt/internal/steps"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testplan"
	"cozejwt/keygen"
)

// pruning opens the deletion of old keys.
func pruning(w *testplan.World) *rotation.Prune {
	w.T.Helper()
	s, err := rotation.OpenPrune(w.Deps(), w.Dir, w.Env())
	testplan.Must(w.T, err)
	return s
}

func TestAPruneWithoutOldKeysSaysSo(t *testing.T) {
	w := testplan.Created(t)
	s := pruning(w)
	s.Client = &http.Client{Transport: &testplan.Tamperer{From: 1}} // nothing is asked
	testplan.Walk(t, s, nil)
	wantIDs(t, "it says", testplan.Step(s, "probe").Says())
	wantIDs(t, "its summary", s.Summary(), "prune.none")
	if !testplan.Step(s, "old_keys").Skips() {
		t.Error("it asks which to delete")
	}
}

// scripted is a service that gives one answer from a call on, counted from 1; with the status 0
// it cannot be reached.
type scripted struct {
	from   int
	status int
	body   string
}

func (s *scripted) RoundTrip(r *http.Request) (*http.Response, error) {
	if s.from--; s.from > 0 {
		return http.DefaultTransport.RoundTrip(r)
	}
	if s.status == 0 {
		return nil, errors.New("no network")
	}
	return &http.Response{StatusCode: s.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(s.body)), Request: r}, nil
}

func TestTheVerdictOnAKeyIsWhatTheServiceAnswers(t *testing.T) {
	w, _ := rotated(t)
	for name, row := range map[string]struct {
		client  *http.Client
		verdict rotation.Verdict
		fails   bool
	}{
		"granted":      {nil, rotation.Accepted, false},
		"unknown":      {&http.Client{Transport: &scripted{2, 401, `{"error_code":"invalid_client","error_message":"invalid jwt: kid not been registered"}`}}, rotation.Refused, false},
		"other reason": {&http.Client{Transport: &scripted{2, 401, `{"error_code":"access_deny","error_message":"no"}`}}, rotation.Unclear, false},
		"in trouble":   {&http.Client{Transport: &scripted{2, 503, `{"error_code":"internal","error_message":"later"}`}}, rotation.Unasked, true},
		"no network":   {&http.Client{Transport: &scripted{2, 0, ""}}, rotation.Unasked, true},
		"in use fails": {&http.Client{Transport: &scripted{1, 401, `{"error_code":"access_deny","error_message":"no"}`}}, rotation.Unasked, true},
	} {
		s := pruning(w)
		s.Client = row.client
		err := testplan.Do(s, "probe", nil)
		if (err != nil) != row.fails || len(s.Old) != 1 || s.Old[0].Verdict != row.verdict {
			t.Errorf("%s: error is %v, the keys %+v", name, err, s.Old)
		}
	}
}

// probed is a world after one rotation, whose old key the service still accepts or no longer knows,
// and a prune that has asked it.
func probed(t *testing.T, accepted bool) (*testplan.World, *rotation.Prune) {
	t.Helper()
	w, _ := rotated(t)
	if !accepted {
		w.Forget(w.Holding(".env").Set.AppID, rotation.Records(w.State, w.Env())[0].Previous.KeyID)
	}
	s := pruning(w)
	wantIDs(t, "before, it says", testplan.Step(s, "probe").Says(), "prune.brief")
	testplan.Must(t, testplan.Do(s, "probe", nil))
	return w, s
}

func TestAKeyThatMayStillBeNeededIsDeletedByItsNameAlone(t *testing.T) {
	for answer, row := range map[string]struct{ valid, deleted bool }{
		"keep": {true, false}, "private_key.pem": {true, true}, " private_key.pem ": {true, true}, "yes": {false, false}, "config/private_key.pem": {false, false},
	} {
		w, s := probed(t, true)
		f := s.Ask(testplan.Step(s, "old_keys"))[0]
		if f.ID != "delete_typed" || f.Value != "keep" || f.About.ID != "prune.accepted" {
			t.Errorf("the question is %+v", f)
		}
		if err := testplan.Do(s, "old_keys", map[string]string{"delete_typed": answer}); (err == nil) != row.valid {
			t.Errorf("%q: error is %v", answer, err)
		}
		if _, err := os.Stat(w.Path("config/private_key.pem")); errors.Is(err, os.ErrNotExist) != row.deleted || s.Old[0].Deleted != row.deleted {
			t.Errorf("%q: deleted %v, %v", answer, s.Old[0].Deleted, err)
		}
		wantIDs(t, answer, s.Summary(), map[bool]string{true: "prune.deleted", false: "prune.kept_accepted"}[row.deleted])
	}
}

func TestAKeyThatIsRefusedIsDeletedOnAYes(t *testing.T) {
	w, s := probed(t, false)
	wantIDs(t, "it asks", testplan.Step(s, "old_keys").Says(), "prune.ask")
	testplan.Must(t, testplan.Do(s, "old_keys", map[string]string{"delete": "no"}))
	wantIDs(t, "kept", s.Summary(), "prune.kept")
	testplan.Must(t, testplan.Do(s, "old_keys", map[string]string{"delete": "yes"}))
	testplan.Must(t, testplan.Do(s, "old_keys", map[string]string{"delete": "yes"})) // coming back to the step
	wantIDs(t, "deleted", s.Summary(), "prune.deleted")
	if left, _ := filepath.Glob(w.Path("config/p*_key.pem")); left != nil {
		t.Errorf("left are %v", left)
	}
	testplan.Must(t, w.Works(".env"))
}

func TestTheStateOfTheDiskIsSeenAgainBeforeAKeyIsDeleted(t *testing.T) {
	other := string(keygen.EncodePublic(&testkey.RSA().PublicKey))
	for name, row := range map[string]struct {
		change  func(w *testplan.World, old string)
		fault   string
		deleted bool
		public  bool // the public key file is still there
	}{
		"named by a file since": {func(w *testplan.World, old string) { w.Write(".env.production", old) }, "key.in_use", false, true},
		"in use under another name": {func(w *testplan.World, old string) {
			w.Write("config/copy.pem", w.Read("config/private_key.pem"))
			w.Write(".env.production", strings.ReplaceAll(old, "private_key.pem", "copy.pem"))
		}, "key.in_use", false, true},
		"nobody can tell":           {func(w *testplan.World, _ string) { w.Write(".env.production", "nonsense\n") }, "env.unreadable", false, true},
		"gone already":              {func(w *testplan.World, _ string) { testplan.Must(w.T, os.Remove(w.Path("config/private_key.pem"))) }, "file.remove", false, true},
		"without its public key":    {func(w *testplan.World, _ string) { testplan.Must(w.T, os.Remove(w.Path("config/public_key.pem"))) }, "", true, false},
		"with another's public key": {func(w *testplan.World, _ string) { w.Write("config/public_key.pem", other) }, "", true, true},
		"with its own":              {func(*testplan.World, string) {}, "", true, false},
	} {
		t.Run(name, func(t *testing.T) {
			w, s := probed(t, false)
			old := strings.NewReplacer(s.Existing.Set.KeyPath, "config/private_key.pem", s.Existing.Set.KeyID, testkey.KeyID).Replace(w.Read(".env"))
			row.change(w, old)
			err := testplan.Do(s, "old_keys", map[string]string{"delete": "yes"})
			if (err == nil) != (row.fault == "") || err != nil && fault.ID(err) != row.fault {
				t.Errorf("error is %v", err)
			}
			if s.Old[0].Deleted != row.deleted {
				t.Errorf("deleted is %v", s.Old[0].Deleted)
			}
			if _, err := os.Stat(w.Path("config/public_key.pem")); (err == nil) != row.public {
				t.Errorf("the public key: %v", err)
			}
		})
	}
}

func TestOldKeysAreThoseThatNothingUses(t *testing.T) {
	w, _ := rotated(t)
	stray := newKey(w, "config/private_key_20200101_01234567.pem")
	w.Write("config/private_key_20210101_01234567.pem", "no key\n")
	w.Write("config/private_key_20220101_01234567.pem", w.Read(w.Holding(".env").Set.KeyPath)) // the key in use, under another name
	newKey(w, "config/somebodys.pem")
	var files []string
	for _, k := range pruning(w).Old {
		files = append(files, filepath.Base(k.File))
		if (k.KeyID == "") != (k.File == stray) || k.Verdict != rotation.Unasked {
			t.Errorf("%s: %q, %s", k.File, k.KeyID, k.Verdict)
		}
	}
	if got := strings.Join(files, " "); got != "private_key.pem private_key_20200101_01234567.pem" {
		t.Errorf("old are %s", got)
	}
}

func TestAKeyOfAnotherAppOrHostIsNotAskedAbout(t *testing.T) {
	for name, change := range map[string]func(w *testplan.World) string{
		"another app": func(w *testplan.World) string {
			return strings.ReplaceAll(w.Read(".env"), w.Holding(".env").Set.AppID, testkey.AppID)
		},
		"another host": func(w *testplan.World) string {
			return strings.ReplaceAll(w.Read(".env"), w.Coze.Base, "http://127.0.0.1:1")
		},
	} {
		w, _ := rotated(t)
		w.Write(".env", change(w))
		s := pruning(w)
		if len(s.Old) != 1 || s.Old[0].KeyID != "" {
			t.Errorf("%s: the old keys are %+v", name, s.Old)
		}
	}
}

func TestAPruneThatFailsIsExplainedByTheKeyInUse(t *testing.T) {
	w, _ := rotated(t)
	now := w.Holding(".env").Set
	w.Forget(now.AppID, now.KeyID)
	s := pruning(w)
	err := testplan.Do(s, "probe", nil)
	if d := s.Diagnose(err); d.Refusal == nil || s.Asked() != now || len(d.Causes) == 0 {
		t.Errorf("error is %v, asked is %+v", err, s.Asked())
	}
}

func TestAKeyThatIsGivenAndInUseIsRefused(t *testing.T) {
	w := testplan.Created(t)
	w.Write("config/copy.pem", w.Read("config/private_key.pem"))
	if err := rotating(w).UseNewKey(w.Path("config/copy.pem")); !errors.Is(err, steps.ErrInUse) {
		t.Errorf("under another name: error is %v", err)
	}
}
