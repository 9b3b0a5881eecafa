package setup_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cozejwt/internal/coze"
	"cozejwt/internal/setup"
	"cozejwt/keygen"
)

const wrongKeyID = "_zzz-fghijklmnopqrstuvwxyz0123456789ABCDEFG"

// refused sets up a second app with a Key ID that nobody knows, up to the
// refusal.
func refused(t *testing.T, w *world, source string) *setup.Session {
	t.Helper()
	s := w.session()
	app := s.Answers.AppID
	must(t, do(t, s, "region", map[string]string{"region": "custom", "api_base": w.coze.Base}))
	must(t, do(t, s, "app", nil))
	must(t, do(t, s, "key", map[string]string{"key_source": source, "replace_key": "yes"}))
	must(t, do(t, s, "upload", nil))
	must(t, do(t, s, "app_id", map[string]string{"app_id": app}))
	must(t, do(t, s, "key_id", map[string]string{"key_id": wrongKeyID}))
	must(t, do(t, s, "review", yes))
	err := do(t, s, "test", nil)
	if _, ok := errors.AsType[*coze.Refusal](err); !ok {
		t.Fatalf("the test says %v", err)
	}
	s.Fail(s.Plan.Index("test"), s.Diagnose(err))()
	return s
}

func TestARefusedSetupIsTakenBack(t *testing.T) {
	for _, source := range []string{"reuse", "make"} {
		t.Run(source, func(t *testing.T) {
			w := created(t)
			before := w.Read(".env")
			s := refused(t, w, source)
			if !strings.Contains(w.Read(".env"), wrongKeyID) || !s.CanRestore() {
				t.Fatal("the review did not write, or there is no way back")
			}
			must(t, s.Restore())
			if after := w.Read(".env"); after != before {
				t.Errorf(".env is\n%s, want\n%s", after, before)
			}
			must(t, w.works(".env"))
			if left, _ := filepath.Glob(w.Path(".env.*")); left != nil {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestTheCredentialsThatASetupReplacesAreKeptAsAProfileThatWorks(t *testing.T) {
	for _, source := range []string{"reuse", "make"} {
		t.Run(source, func(t *testing.T) {
			w := created(t)
			s := refused(t, w, source)
			if s.Observed.Kept == "" {
				t.Fatal("nothing was kept")
			}
			must(t, w.works(filepath.Base(s.Observed.Kept)))
			s.Answers.KeepRefused = true // and leaving does not change that
			must(t, s.Restore())
			if !strings.Contains(w.Read(".env"), wrongKeyID) {
				t.Error("the new values are gone")
			}
		})
	}
}

func TestWhatSomeoneElseHasWrittenIsNotTakenBack(t *testing.T) {
	w := created(t)
	s := refused(t, w, "reuse")
	w.Write(".env", w.Read(".env")+"OTHER=1\n")
	if err := s.Restore(); !errors.Is(err, setup.ErrNotRestored) {
		t.Errorf("error is %v", err)
	}
	if !strings.Contains(w.Read(".env"), "OTHER=1") {
		t.Error("the other program's line is gone")
	}
	must(t, w.works(filepath.Base(s.Observed.Kept)))
}

func TestAnUnreachableServiceTakesNothingBack(t *testing.T) {
	w := created(t)
	s := refused(t, w, "reuse")
	s.Observed.Refused = nil
	if s.CanRestore() {
		t.Error("it would restore without a refusal")
	}
}

func TestARefusedRunIsResumedWhereTheRefusalIsFixed(t *testing.T) {
	w := newWorld(t)
	s := w.session()
	w.custom(s, appID, keyID)
	must(t, do(t, s, "review", yes))
	err := do(t, s, "test", nil)
	s.Fail(s.Plan.Index("test"), s.Diagnose(err))()
	next := w.session()
	at := next.Resume(next.FindDraft())
	if got := next.Plan.Steps[at].ID; got != s.Plan.StepToFix(s.Diagnose(err).FixAt()) {
		t.Errorf("resumed at %s", got)
	}
	must(t, do(t, next, "app_id", nil))
	must(t, do(t, next, "key_id", nil))
	review := next.Plan.Steps[next.Plan.Index("review")]
	must(t, review.Prepare(next).Do(context.Background(), next))
	if id := review.Intro(next)[0].ID; id == "review.brief" {
		t.Error("the review says that nothing was written")
	}
	must(t, do(t, next, "key_id", map[string]string{"key_id": wrongKeyID}))
	must(t, do(t, next, "review", yes))
	if left, _ := filepath.Glob(w.Path(".env.*")); left != nil || next.CanRestore() {
		t.Errorf("this run's own refused values were kept: %v", left)
	}
}

func TestANewAppProposesNoOldIDsAndLeavesTheKeyInUse(t *testing.T) {
	w := created(t)
	before, err := os.ReadFile(w.Path("config/private_key.pem"))
	must(t, err)
	s := w.session()
	s.NewApp()
	if s.Answers.AppID != "" || s.Answers.KeyID != "" {
		t.Errorf("it proposes %s, %s", s.Answers.AppID, s.Answers.KeyID)
	}
	must(t, do(t, s, "region", map[string]string{"region": "sandbox"}))
	for _, id := range []string{"app", "key", "upload", "app_id", "key_id"} {
		must(t, do(t, s, id, nil))
	}
	must(t, do(t, s, "review", yes))
	must(t, do(t, s, "test", nil))
	after, err := os.ReadFile(w.Path("config/private_key.pem"))
	must(t, err)
	if string(after) != string(before) {
		t.Error("the key in use was replaced")
	}
	must(t, w.works(".env"))
	must(t, w.works(filepath.Base(s.Observed.Kept)))
}

func TestAKeyThatThisRunReplacesTwiceLeavesNoCopyUnmentioned(t *testing.T) {
	w := newWorld(t)
	s := w.session()
	w.custom(s, appID, keyID)
	path := w.Path("downloaded.pem")
	key, err := w.generate(2048)
	must(t, err)
	_, err = keygen.Save(path, key, keygen.Refuse, w.now)
	must(t, err)
	must(t, do(t, s, "key", map[string]string{"key_source": "import", "import_key": path, "discard": "no", "replace_key": "yes"}))
	var said strings.Builder
	for _, line := range s.Leftovers(true) {
		said.WriteString(strings.Join(line.Pairs, " ") + "\n")
	}
	backups, _ := filepath.Glob(w.Path("config/*.bak-*"))
	for _, b := range backups {
		if !strings.Contains(said.String(), filepath.Base(b)) {
			t.Errorf("%s is not mentioned in %s", b, said.String())
		}
	}
	if len(backups) == 0 {
		t.Error("no copy was kept")
	}
}

func TestARotationThatIsLeftAtOncePromisesNoKey(t *testing.T) {
	w := created(t)
	s := w.rotation()
	for _, line := range s.Leftovers(true) {
		if line.ID == "left.rotation" {
			t.Error("it says that the new key waits; there is none")
		}
	}
}
