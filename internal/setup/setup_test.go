package setup_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cozejwt/envfile"
	"cozejwt/internal/coze"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/fault"
	"cozejwt/internal/review"
	"cozejwt/internal/setup"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

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
	if got := w.Read(".env"); got != want {
		t.Errorf(".env is\n%s, want\n%s", got, want)
	}
}

func TestNothingButKeysIsWrittenBeforeTheReview(t *testing.T) {
	w := newWorld(t)
	s := w.session()
	w.custom(s, appID, keyID)
	must(t, func() error { _, err := planned(s); return err }())
	var names []string
	must(t, filepath.WalkDir(w.Dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, filepath.ToSlash(strings.TrimPrefix(path, w.Dir)))
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
	w.Write(".env", "# mine: hunter2\nDB_PASSWORD=hunter2\nCOZE_CLIENT_ID=9999999999999 # hunter2\n")
	s := w.session()
	w.custom(s, appID, keyID)
	r, err := planned(s)
	must(t, err)
	diff := r.Changes[0].Diff
	for _, want := range []string{"-COZE_CLIENT_ID=9999999999999 # …", "+COZE_CLIENT_ID=" + appID + " # …", "DB_PASSWORD=…", "# …"} {
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
	w.Write(".env", "# \x1b]52;c;eA==\x07 \u202e\n")
	s := w.session()
	w.custom(s, appID, keyID)
	r, err := planned(s)
	must(t, err)
	if strings.ContainsAny(r.Changes[0].Diff, "\x1b\x07\u202e") {
		t.Errorf("the diff is %q", r.Changes[0].Diff)
	}
	if !strings.Contains(string(w.Read(".env")), "\x1b") {
		t.Error("the file changed")
	}
}

func TestApplyWritesWhatTheReviewShowed(t *testing.T) {
	w := newWorld(t)
	w.Write(".env", "A=1\n")
	s := w.session()
	w.custom(s, appID, keyID)
	must(t, do(t, s, "review", map[string]string{"write": "yes"}))
	if got := w.Read(".env"); !strings.HasPrefix(got, "A=1\nCOZE_CLIENT_ID="+appID+"\n") {
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
	w.Write(".env", "B=2\n")
	if _, err := st.Work(s)(context.Background()); !errors.Is(err, envfile.ErrChanged) {
		t.Errorf("error is %v, want ErrChanged", err)
	}
	if got := w.Read(".env"); got != "B=2\n" {
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
	if _, err := os.Stat(w.Path(".env")); !errors.Is(err, os.ErrNotExist) {
		t.Error(".env was written")
	}
}

func TestReviewKeepsGitFromTheSecrets(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed here")
	}
	w := newWorld(t)
	if out, err := exec.Command("git", "-C", w.Dir, "init", "-q").CombinedOutput(); err != nil {
		t.Fatalf("%s", out)
	}
	s := w.session()
	w.custom(s, appID, keyID)
	if got := w.Read(".gitignore"); got != "/config/private_key*.pem*\n" {
		t.Errorf("once there is a key, .gitignore is %q", got)
	}
	must(t, do(t, s, "review", map[string]string{"write": "yes"}))
	if got := w.Read(".gitignore"); got != "/config/private_key*.pem*\n/.env\n/.env.tmp-*\n" {
		t.Errorf(".gitignore is %q", got)
	}
}

func TestAnExistingSetIsProposed(t *testing.T) {
	w := newWorld(t)
	_, err := keygen.Save(w.Path("keys/prod.pem"), testkey.RSA(), keygen.Refuse, w.now)
	must(t, err)
	w.Write(".env", "COZE_JWT_OAUTH_CLIENT_ID="+appID+"\nCOZE_JWT_OAUTH_PUBLIC_KEY_ID="+keyID+
		"\nCOZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH=keys/prod.pem\nCOZE_API_BASE=https://api.coze.com\n")
	s := w.session()
	a := s.Answers
	if a.Region != coze.COM || a.AppID != appID || a.KeyID != keyID || a.Names != "sdk" || a.KeyFile != w.Path("keys/prod.pem") {
		t.Errorf("answers are %+v", a)
	}
	field := ask(t, s, "key")[0]
	if field.Value != "reuse" {
		t.Errorf("the key step proposes %s", field.Value)
	}
}

func TestAnUnreadableEnvStopsAtOnce(t *testing.T) {
	w := newWorld(t)
	w.Write(".env", "A=1\nnonsense\n")
	_, err := setup.Open(setup.Deps{Exchanger: w.exchanger()}, w.Dir, w.Path(".env"))
	if !errors.Is(err, envfile.ErrUnreadable) || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("error is %v", err)
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
