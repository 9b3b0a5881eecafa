package steps_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/review"
	"cozejwt/internal/steps"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testplan"
	"cozejwt/keygen"
)

const otherApp = "9876543210987"

// ready is a plan with all answers, for a .env of that text.
func ready(w *testplan.World, env string) *plan {
	w.T.Helper()
	if env != "" {
		w.Write(".env", env)
	}
	if _, err := os.Stat(w.Path(keyFile)); err != nil {
		saved(w, keyFile, testkey.RSA())
	}
	p := open(w)
	p.ChooseBase(coze.COM, coze.COM.Base())
	p.AppID, p.KeyID, p.Key = otherApp, testkey.KeyID, testkey.RSA()
	return p
}

func TestAReviewThatLacksAnAnswerIsIncomplete(t *testing.T) {
	for name, lack := range map[string]func(*plan){
		"the App ID":   func(p *plan) { p.AppID = "" },
		"the Key ID":   func(p *plan) { p.KeyID = "" },
		"the API base": func(p *plan) { p.APIBase = "" },
		"the key":      func(p *plan) { p.Key = nil },
	} {
		p := ready(testplan.New(t), "")
		testplan.Must(t, testplan.Arrive(p, "review"))
		lack(p)
		if err := testplan.Arrive(p, "review"); !errors.Is(err, steps.ErrIncomplete) || p.Review != nil || testplan.Step(p, "review").Exhibits() != nil {
			t.Errorf("%s: error is %v, the review %v", name, err, p.Review)
		}
		p.Accepted = true
		if err := testplan.Step(p, "review").Work().Do(background); !errors.Is(err, steps.ErrIncomplete) {
			t.Errorf("%s: written, error is %v", name, err)
		}
	}
}

func TestNothingIsWrittenWithoutAYes(t *testing.T) {
	w := testplan.New(t)
	p := ready(w, "A=1\n")
	if err := testplan.Do(p, "review", map[string]string{"write": "no"}); !errors.Is(err, steps.ErrDeclined) || w.Read(".env") != "A=1\n" || p.Written {
		t.Errorf("error is %v", err)
	}
	f := testplan.Step(p, "review").Fields()[0]
	if f.Value != "" || !errors.Is(f.Missing(""), steps.ErrUnconfirmed) || testplan.Step(p, "review").Answer() != "" {
		t.Errorf("the question is %+v", f)
	}
	p.Accept("more")
	if f := testplan.Step(p, "review").Fields()[0]; f.Value != "yes" || !p.Given("write") || !p.Given("more") {
		t.Errorf("with --yes it is %+v", f)
	}
	p.do(t, "review")
	if !p.Written || testplan.Step(p, "review").Answer() != ".env" || !strings.Contains(w.Read(".env"), otherApp) {
		t.Errorf("written %v:\n%s", p.Written, w.Read(".env"))
	}
	if r := p.Result(); r.AppID != otherApp || r.EnvPath != w.Env() || r.KeyFile != w.Path(keyFile) || r.Token != nil {
		t.Errorf("the result is %+v", r)
	}
}

func TestAWriteThatFailsIsNotRecorded(t *testing.T) {
	w := testplan.New(t)
	p := ready(w, "A=1\n")
	testplan.Must(t, testplan.Arrive(p, "review"))
	p.Accepted = true
	w.Write(".env", "A=1\nCOZE_CLIENT_ID=7\n")
	if err := testplan.Step(p, "review").Work().Do(background); err == nil || p.Written || p.Edits != nil {
		t.Errorf("error is %v, written %v", err, p.Written)
	}
}

func TestWhatIsWrittenTwiceIsTakenBackAtOnce(t *testing.T) {
	w := testplan.New(t)
	p := ready(w, "A=1\n")
	for _, app := range []string{otherApp, testkey.AppID} {
		p.AppID = app
		testplan.Must(t, testplan.Do(p, "review", testplan.Yes))
	}
	if len(p.Edits) != 1 {
		t.Fatalf("there are %d edits", len(p.Edits))
	}
	testplan.Must(t, (&review.Review{Edits: p.Edits}).Undo(nil))
	if got := w.Read(".env"); got != "A=1\n" {
		t.Errorf("taken back, it is\n%s", got)
	}
}

func TestTheNamesOfTheEnvAreKept(t *testing.T) {
	sdk := "COZE_JWT_OAUTH_CLIENT_ID=" + testkey.AppID + "\nCOZE_JWT_OAUTH_PUBLIC_KEY_ID=" + testkey.KeyID + "\nCOZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH=config/private_key.pem\n"
	for name, row := range map[string]struct {
		env   string
		names credentials.Convention
		want  int
	}{
		"none yet":        {"A=1\n", credentials.SDK, 1},
		"both, as before": {complete + sdk, credentials.Default, 2},
		"others by a flag": {
			complete, credentials.SDK, 1,
		},
	} {
		p := ready(testplan.New(t), row.env)
		p.Names = row.names
		if got := p.Conventions(); len(got) != row.want || row.want == 1 && got[0] != row.names {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// previous is the credentials that the .env of a plan holds.
func previous(p *plan) *steps.Previous { return &steps.Previous{File: p.Existing} }

func TestWhatIsReplacedIsKeptAsAProfile(t *testing.T) {
	for name, row := range map[string]struct {
		env, profile string
		kept         string // the file, "" for none
	}{
		"by its region and app":     {complete, "", ".env.com-" + testkey.AppID},
		"under an odd base":         {strings.ReplaceAll(complete, "https://api.coze.com/", "moon"), "", ".env.previous-" + testkey.AppID},
		"with an odd App ID":        {strings.ReplaceAll(complete, testkey.AppID, "../../x"), "", ".env.com"},
		"where a profile has it":    {complete, complete, ""},
		"where a profile has other": {complete, strings.ReplaceAll(complete, testkey.AppID, "1111111111111"), ".env.com-" + testkey.AppID},
	} {
		t.Run(name, func(t *testing.T) {
			w := testplan.New(t)
			if row.profile != "" {
				w.Write(".env.held", row.profile)
			}
			p := ready(w, row.env)
			p.keep = previous(p)
			before := w.Holding(".env").Set
			testplan.Must(t, testplan.Do(p, "review", testplan.Yes))
			if filepath.Base(p.Kept) != row.kept && p.Kept+row.kept != "" {
				t.Fatalf("kept is %s, want %s", p.Kept, row.kept)
			}
			if want(t, "it says", said(p.KeptLines()), map[bool][]string{true: {"used.kept"}}[row.kept != ""]); row.kept == "" {
				return
			}
			if got := w.Holding(row.kept).Set; got != before {
				t.Errorf("kept is %+v, want %+v", got, before)
			}
			if pairs := p.KeptLines()[0].Pairs; pairs[1] != row.kept || pairs[3] != strings.TrimPrefix(row.kept, ".env.") {
				t.Errorf("it says %q", pairs)
			}
			p.keep, p.KeyID = nil, "_zzz-fghijklmnopqrstuvwxyz0123456789ABCDEFG"
			testplan.Must(t, testplan.Do(p, "review", testplan.Yes))
			if filepath.Base(p.Kept) != row.kept {
				t.Errorf("after a second change, kept is %q", p.Kept)
			}
		})
	}
}

func TestThePreviousKeyIsNamedWhereItIsNow(t *testing.T) {
	w := testplan.New(t)
	old := w.Key()
	saved(w, keyFile, old)
	p := ready(w, complete)
	p.keep = &steps.Previous{File: p.Existing, Key: old}
	if file := p.keep.KeyFile(); file != w.Path(keyFile) {
		t.Errorf("it is at %s", file)
	}
	_, err := keygen.Save(w.Path(keyFile), testkey.RSA(), keygen.KeepCopy, w.Now)
	testplan.Must(t, err)
	backups := keygen.Backups(w.Path(keyFile))
	if len(backups) != 1 || p.keep.KeyFile() != backups[0] || previous(p).KeyFile() != w.Path(keyFile) {
		t.Errorf("it is at %s, and unknown at %s", p.keep.KeyFile(), previous(p).KeyFile())
	}
	testplan.Must(t, testplan.Do(p, "review", testplan.Yes))
	if got := w.Holding(filepath.Base(p.Kept)).KeyFile(); got != backups[0] {
		t.Errorf("the profile names %s", got)
	}
	testplan.Must(t, os.Remove(backups[0]))
	if file := p.keep.KeyFile(); file != w.Path(keyFile) {
		t.Errorf("gone, it is at %s", file)
	}
}

func TestAKeptProfileOfAnEnvInAnotherFolderNamesTheSameKey(t *testing.T) {
	w := testplan.New(t)
	saved(w, keyFile, testkey.RSA())
	w.Write("sub/.env", strings.ReplaceAll(complete, "config/", "../config/"))
	project, err := steps.OpenProject(w.Deps(), w.Dir, w.Path("sub/.env"))
	testplan.Must(t, err)
	p := ready(w, "")
	p.Project, p.EnvPath, p.keep = project, w.Path("sub/.env"), &steps.Previous{File: project.Existing}
	testplan.Must(t, testplan.Do(p, "review", testplan.Yes))
	if got := w.Holding(filepath.Base(p.Kept)); got.Set.KeyPath != keyFile || got.KeyFile() != w.Path(keyFile) {
		t.Errorf("it names %s", got.Set.KeyPath)
	}
}

func TestThePreviousKeyOfAnEarlierRunIsFoundInItsCopy(t *testing.T) {
	w := testplan.New(t)
	old, older := w.Key(), w.Key()
	saved(w, keyFile, old)
	_, err := keygen.Save(w.Path(keyFile), testkey.RSA(), keygen.KeepCopy, w.Now)
	testplan.Must(t, err)
	w.Write(".env", complete)
	now := steps.Previous{File: open(w).Existing, Key: testkey.RSA()}
	for name, row := range map[string]struct{ fingerprint, want string }{
		"none was known": {"", steps.Fingerprint(testkey.RSA())},
		"the same":       {steps.Fingerprint(testkey.RSA()), steps.Fingerprint(testkey.RSA())},
		"in a copy":      {steps.Fingerprint(old), steps.Fingerprint(old)},
		"nowhere":        {steps.Fingerprint(older), steps.Fingerprint(testkey.RSA())},
	} {
		if got := steps.Fingerprint(now.Recalled(row.fingerprint).Key); got != row.want {
			t.Errorf("%s: the key is %s, want %s", name, got, row.want)
		}
	}
}

func TestARunThatIsLeftSaysWhatItsEnvIs(t *testing.T) {
	untouched, absent := "left.env_untouched", "left.env_absent"
	w := testplan.New(t)
	p := ready(w, "")
	if got := p.LeftLine(untouched, absent); got.ID != absent {
		t.Errorf("without a .env it says %s", got.ID)
	}
	want(t, "it says", said(p.LeftAsItWas(false)), []string{"left.absent"})
	p = ready(w, complete)
	if got := p.LeftLine(untouched, absent); got.ID != untouched {
		t.Errorf("before it is written it says %s", got.ID)
	}
	want(t, "it says", said(p.LeftAsItWas(true)), []string{"left.same"})
	p.keep = previous(p)
	testplan.Must(t, testplan.Do(p, "review", testplan.Yes))
	want(t, "it says", said(p.LeftAsItWas(false)), []string{"left.env", "used.kept"})
}

func TestAnEnvThatHoldsItAlreadyIsUnchanged(t *testing.T) {
	w := testplan.New(t)
	p := ready(w, "")
	if p.Unchanged() {
		t.Error("before the review, it is unchanged")
	}
	testplan.Must(t, testplan.Do(p, "review", testplan.Yes))
	want(t, "it says", said(p.SetLines()), []string{"summary.env"})
	testplan.Must(t, testplan.Arrive(p, "review"))
	if !p.Unchanged() {
		t.Error("what is there already changes")
	}
	want(t, "it says", said(p.SetLines()), []string{"summary.unchanged"})
}

func TestAReviewThatCannotBeMadeIsAnError(t *testing.T) {
	w := testplan.New(t)
	p := ready(w, "")
	w.Write(".env", "nonsense\n")
	if err := testplan.Arrive(p, "review"); err == nil || fault.ID(err) != "env.unreadable" || p.Review != nil {
		t.Errorf("error is %v", err)
	}
}
