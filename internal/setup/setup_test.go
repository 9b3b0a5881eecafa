package setup_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cozejwt/envfile"
	"cozejwt/internal/coze"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/review"
	"cozejwt/internal/setup"
	"cozejwt/internal/steps"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testplan"
	"cozejwt/keygen"
)

func TestSandboxWayNeedsNoAnswers(t *testing.T) {
	w := testplan.New(t)
	s := w.Setup()
	testplan.Must(t, testplan.Do(s, "region", map[string]string{"region": "sandbox"}))
	for _, id := range []string{"app", "key", "upload", "app_id", "key_id"} {
		testplan.Must(t, testplan.Do(s, id, nil))
	}
	testplan.Must(t, testplan.Do(s, "review", map[string]string{"write": "yes"}))
	testplan.Must(t, testplan.Do(s, "test", nil))
	testplan.Must(t, testplan.Do(s, "done", nil))
	if len(s.Checklist) != 5 {
		t.Errorf("the checklist has %d points", len(s.Checklist))
	}
	for _, item := range s.Checklist {
		if !item.Earned {
			t.Errorf("%s is not earned", item.Text.ID)
		}
	}
	want := "COZE_CLIENT_ID=" + s.AppID + "\nCOZE_PUBLIC_KEY=" + s.KeyID +
		"\nCOZE_PRIVATE_KEY_PATH=config/private_key.pem\nCOZE_API_BASE=" + w.Coze.Base + "\n"
	if got := w.Read(".env"); got != want {
		t.Errorf(".env is\n%s, want\n%s", got, want)
	}
}

func TestNothingButKeysIsWrittenBeforeTheReview(t *testing.T) {
	w := testplan.New(t)
	s := w.Setup()
	w.Custom(s, testkey.AppID, testkey.KeyID)
	testplan.Must(t, func() error { _, err := planned(s); return err }())
	var names []string
	testplan.Must(t, filepath.WalkDir(w.Dir, func(path string, d os.DirEntry, err error) error {
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
	w := testplan.New(t)
	s := w.Setup()
	w.Custom(s, testkey.AppID, testkey.KeyID)
	testplan.Must(t, testplan.Do(s, "review", map[string]string{"write": "yes"}))
	err := testplan.Do(s, "test", nil)
	if _, ok := errors.AsType[*coze.Refusal](err); !ok {
		t.Fatalf("error is %v, want a refusal", err)
	}
	if step := s.Steps[s.StepToFix(s.Diagnose(err).FixAt())].ID; step != "app_id" {
		t.Errorf("fixed at %s, want app_id: the person has uploaded the key in this run", step)
	}
	again := w.Setup()
	again.KeyIsNew, again.AppID, again.KeyID = true, s.AppID, s.KeyID
	again.AboutTo(again.Values())
	if step := again.Steps[again.StepToFix(again.Diagnose(err).FixAt())].ID; step != "upload" {
		t.Errorf("fixed at %s, want upload: the pair is new", step)
	}
	testplan.Must(t, testplan.Do(s, "done", nil))
	for _, item := range s.Checklist {
		if item.Earned != (item.Text.ID == "check.pair") {
			t.Errorf("%s: earned %v", item.Text.ID, item.Earned)
		}
	}
}

func TestReviewShowsOursAndHidesTheirs(t *testing.T) {
	w := testplan.New(t)
	w.Write(".env", "# mine: hunter2\nDB_PASSWORD=hunter2\nCOZE_CLIENT_ID=9999999999999 # hunter2\n")
	s := w.Setup()
	w.Custom(s, testkey.AppID, testkey.KeyID)
	r, err := planned(s)
	testplan.Must(t, err)
	diff := r.Changes[0].Diff
	for _, want := range []string{"-COZE_CLIENT_ID=9999999999999 # …", "+COZE_CLIENT_ID=" + testkey.AppID + " # …", "DB_PASSWORD=…", "# …"} {
		if !strings.Contains(diff, want) {
			t.Errorf("the diff lacks %q:\n%s", want, diff)
		}
	}
	if strings.Contains(diff, "hunter2") {
		t.Errorf("the diff shows another's secret:\n%s", diff)
	}
}

func TestReviewSendsNoEscapeSequenceToATerminal(t *testing.T) {
	w := testplan.New(t)
	w.Write(".env", "# \x1b]52;c;eA==\x07 \u202e\n")
	s := w.Setup()
	w.Custom(s, testkey.AppID, testkey.KeyID)
	r, err := planned(s)
	testplan.Must(t, err)
	if strings.ContainsAny(r.Changes[0].Diff, "\x1b\x07\u202e") {
		t.Errorf("the diff is %q", r.Changes[0].Diff)
	}
	if !strings.Contains(string(w.Read(".env")), "\x1b") {
		t.Error("the file changed")
	}
}

func TestApplyWritesWhatTheReviewShowed(t *testing.T) {
	w := testplan.New(t)
	w.Write(".env", "A=1\n")
	s := w.Setup()
	w.Custom(s, testkey.AppID, testkey.KeyID)
	testplan.Must(t, testplan.Do(s, "review", map[string]string{"write": "yes"}))
	if got := w.Read(".env"); !strings.HasPrefix(got, "A=1\nCOZE_CLIENT_ID="+testkey.AppID+"\n") {
		t.Errorf(".env is %s", got)
	}
}

// What arrives between the review and the write stays, as long as that are not the credentials.
func TestForeignLinesThatArriveAfterTheReviewStay(t *testing.T) {
	for name, before := range map[string]string{"a new file": "", "a file that was there": "A=1\n"} {
		w := testplan.New(t)
		if before != "" {
			w.Write(".env", before)
		}
		s := w.Setup()
		w.Custom(s, testkey.AppID, testkey.KeyID)
		testplan.Must(t, testplan.Arrive(s, "review"))
		s.Accepted = true
		w.Write(".env", "B=2 # theirs\n")
		testplan.Must(t, testplan.Step(s, "review").Work().Do(t.Context()))
		if got := w.Read(".env"); !strings.HasPrefix(got, "B=2 # theirs\nCOZE_CLIENT_ID="+testkey.AppID+"\n") {
			t.Errorf("%s: .env is %s", name, got)
		}
	}
}

// Credentials that arrive during a run are nobody's to overwrite: when they come, and whether
// there were some before.
func TestCredentialsThatArriveDuringARunAreNotOverwritten(t *testing.T) {
	theirs := "COZE_CLIENT_ID=9234567890123\nCOZE_PUBLIC_KEY=" + testkey.KeyID + "\nCOZE_PRIVATE_KEY_PATH=theirs.pem\nCOZE_API_BASE=https://api.coze.cn\n"
	for name, test := range map[string]struct {
		made      bool // there are credentials that work
		reviewed  bool // they come after the review was shown
		forgotten bool // the file is deleted instead
	}{
		"before the review of a new .env": {},
		"after the review of a new .env":  {reviewed: true},
		"before the review of another":    {made: true},
		"after the review of another":     {made: true, reviewed: true},
		"the file goes before the review": {made: true, forgotten: true},
		"the file goes after its review":  {made: true, reviewed: true, forgotten: true},
	} {
		w := testplan.New(t)
		if test.made {
			w = testplan.Created(t)
		}
		s := w.Setup()
		w.Custom(s, testkey.AppID, testkey.KeyID)
		arrive := func() {
			if test.forgotten {
				testplan.Must(t, os.Remove(w.Env()))
				return
			}
			w.Write(".env", theirs)
		}
		if !test.reviewed {
			arrive()
		}
		err := testplan.Arrive(s, "review")
		if test.reviewed {
			testplan.Must(t, err)
			s.Accepted = true
			arrive()
			err = testplan.Step(s, "review").Work().Do(t.Context())
		}
		if !errors.Is(err, review.ErrReplaced) {
			t.Errorf("%s: error is %v", name, err)
		}
		if got, _ := os.ReadFile(w.Env()); string(got) != theirs && !test.forgotten || len(got) > 0 && test.forgotten {
			t.Errorf("%s: .env is %s", name, got)
		}
	}
}

func TestAKeyThatArrivesDuringARunIsSeenAtTheReview(t *testing.T) {
	w := testplan.New(t)
	s := w.Setup()
	w.Custom(s, testkey.AppID, testkey.KeyID)
	_, err := keygen.Save(w.Path("config/private_key.pem"), testkey.RSA(), keygen.KeepCopy, w.Now)
	testplan.Must(t, err)
	if err := testplan.Arrive(s, "review"); !errors.Is(err, steps.ErrKeyReplaced) {
		t.Errorf("error is %v", err)
	}
}

func TestADeclinedReviewWritesNothing(t *testing.T) {
	w := testplan.New(t)
	s := w.Setup()
	w.Custom(s, testkey.AppID, testkey.KeyID)
	if err := testplan.Do(s, "review", map[string]string{"write": "no"}); !errors.Is(err, steps.ErrDeclined) {
		t.Errorf("error is %v, want ErrDeclined", err)
	}
	if _, err := os.Stat(w.Env()); !errors.Is(err, os.ErrNotExist) {
		t.Error(".env was written")
	}
}

func TestReviewKeepsGitFromTheSecrets(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed here")
	}
	w := testplan.New(t)
	if out, err := exec.Command("git", "-C", w.Dir, "init", "-q").CombinedOutput(); err != nil {
		t.Fatalf("%s", out)
	}
	s := w.Setup()
	w.Custom(s, testkey.AppID, testkey.KeyID)
	if got := w.Read(".gitignore"); got != "/config/private_key*.pem*\n" {
		t.Errorf("once there is a key, .gitignore is %q", got)
	}
	testplan.Must(t, testplan.Do(s, "review", map[string]string{"write": "yes"}))
	if got := w.Read(".gitignore"); got != "/config/private_key*.pem*\n/.env\n/.env.tmp-*\n" {
		t.Errorf(".gitignore is %q", got)
	}
}

func TestAnExistingSetIsProposed(t *testing.T) {
	w := testplan.New(t)
	_, err := keygen.Save(w.Path("keys/prod.pem"), testkey.RSA(), keygen.Refuse, w.Now)
	testplan.Must(t, err)
	w.Write(".env", "COZE_JWT_OAUTH_CLIENT_ID="+testkey.AppID+"\nCOZE_JWT_OAUTH_PUBLIC_KEY_ID="+testkey.KeyID+
		"\nCOZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH=keys/prod.pem\nCOZE_API_BASE=https://api.coze.com\n")
	s := w.Setup()
	if a := s; a.Region != coze.COM || a.AppID != testkey.AppID || a.KeyID != testkey.KeyID || a.Names != "sdk" || a.KeyFile != w.Path("keys/prod.pem") {
		t.Errorf("answers are %+v", s.Credentials)
	}
	if from := s.Origin("app_id"); from != flow.FromEnv {
		t.Errorf("the App ID is from %q", from)
	}
	field := testplan.Ask(t, s, "key")[0]
	if field.Value != "reuse" {
		t.Errorf("the key step proposes %s", field.Value)
	}
}

func TestAnUnreadableEnvStopsAtOnce(t *testing.T) {
	w := testplan.New(t)
	w.Write(".env", "A=1\nnonsense\n")
	_, err := setup.Open(w.Deps(), w.Dir, w.Env())
	if !errors.Is(err, envfile.ErrUnreadable) || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("error is %v", err)
	}
}

func TestOddIDsAreAWarningInTheReview(t *testing.T) {
	w := testplan.New(t)
	s := w.Setup()
	w.Custom(s, "12345", "key-7")
	r, err := planned(s)
	testplan.Must(t, err)
	var ids []string
	for _, warning := range r.Warnings {
		ids = append(ids, fault.ID(warning))
	}
	if strings.Join(ids, " ") != "value.odd_key_id" {
		t.Errorf("warnings are %v", ids)
	}
}

// planned is the review of what the answers change.
func planned(s *setup.Setup) (*review.Review, error) {
	err := testplan.Arrive(s, "review")
	return s.Review, err
}
