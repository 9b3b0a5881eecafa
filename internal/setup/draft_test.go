package setup_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/setup"
	"cozejwt/internal/steps"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testplan"
	"cozejwt/keygen"
)

func TestDraftHasNoSecretAndIsTakenUp(t *testing.T) {
	w := testplan.New(t)
	s := w.Setup()
	w.Custom(s, testkey.AppID, testkey.KeyID)
	s.SaveDraft("key_id")()
	files, err := filepath.Glob(filepath.Join(w.State, "drafts", "*"))
	testplan.Must(t, err)
	text, err := os.ReadFile(files[0])
	testplan.Must(t, err)
	if strings.Contains(string(text), "KEY-----") || strings.Contains(string(text), "token") {
		t.Errorf("the draft is %s", text)
	}
	next := w.Setup()
	d := next.FindDraft()
	if d == nil {
		t.Fatal("no draft was found")
	}
	if at := testplan.Resume(t, next, d); at != "key_id" || next.AppID != testkey.AppID || next.Key == nil {
		t.Errorf("resumed at %s with %+v", at, next.Answers())
	}
}

func TestUnfinishedProfilesAreThoseOfTheProjectWithoutItsOwn(t *testing.T) {
	w := testplan.New(t)
	begin := func(path, step string, ago time.Duration) {
		s, err := setup.Open(w.Deps(), filepath.Dir(path), path)
		testplan.Must(t, err)
		now := w.Now
		w.Now = now.Add(-ago)
		s.SaveDraft(step)()
		w.Now = now
	}
	begin(w.Env(), "app_id", 0)
	begin(w.Path(".env.older"), "app_id", time.Hour)
	begin(w.Path(".env.newer"), "key_id", time.Minute)
	begin(w.Path(".env.begun"), "region", 0)
	begin(w.Path(".env.forgotten"), "app_id", 15*24*time.Hour)
	begin(w.Path("sub/.env.other"), "app_id", 0)
	begin(w.Path("other.env"), "app_id", 0)
	var got []string
	for _, d := range w.Setup().UnfinishedProfiles() {
		got = append(got, setup.ProfileOf(d)+" "+d.Step)
	}
	if want := []string{"newer key_id", "older app_id"}; !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}

func TestResumeGoesBackToTheKeyWhenItIsGone(t *testing.T) {
	w := testplan.New(t)
	s := w.Setup()
	w.Custom(s, testkey.AppID, testkey.KeyID)
	s.SaveDraft("review")()
	testplan.Must(t, os.Remove(w.Path("config/private_key.pem")))
	next := w.Setup()
	if at := testplan.Resume(t, next, next.FindDraft()); at != "key" {
		t.Errorf("resumed at %s", at)
	}
}

func TestResumeGoesBackToTheKeyWhenItIsAnother(t *testing.T) {
	w := testplan.New(t)
	s := w.Setup()
	w.Custom(s, testkey.AppID, testkey.KeyID)
	s.SaveDraft("review")()
	_, err := keygen.Save(w.Path("config/private_key.pem"), testkey.RSA(), keygen.KeepCopy, w.Now)
	testplan.Must(t, err)
	next := w.Setup()
	if at := testplan.Resume(t, next, next.FindDraft()); at != "key" || next.KeyID != "" {
		t.Errorf("resumed at %s with the Key ID %q of another key", at, next.KeyID)
	}
}

func TestAKeyFlagWinsOverADraft(t *testing.T) {
	w := testplan.New(t)
	s := w.Setup()
	w.Custom(s, testkey.AppID, testkey.KeyID)
	s.SaveDraft("review")()
	next := w.Setup()
	downloaded := w.Path("downloaded.pem")
	_, err := keygen.Save(downloaded, testkey.RSA(), keygen.Refuse, w.Now)
	testplan.Must(t, err)
	testplan.Must(t, next.Take(map[string]string{"import-key": downloaded}))
	at := testplan.Resume(t, next, next.FindDraft())
	if at != "key" || next.Source != steps.ImportKey || next.Import != downloaded || next.KeyID != "" {
		t.Errorf("resumed at %s with %+v", at, next.Answers())
	}
}

func TestADryRunLeavesTheDraft(t *testing.T) {
	w := testplan.New(t)
	s := w.Setup()
	w.Custom(s, testkey.AppID, testkey.KeyID)
	s.SaveDraft("review")()
	dry := w.Setup()
	testplan.Must(t, dry.Take(map[string]string{"dry-run": "true"}))
	dry.DropDraft()()
	if w.Setup().FindDraft() == nil {
		t.Error("the draft is gone")
	}
}

func TestFlagsWinOverADraft(t *testing.T) {
	w := testplan.New(t)
	s := w.Setup()
	w.Custom(s, testkey.AppID, testkey.KeyID)
	s.SaveDraft("review")()
	next := w.Setup()
	next.TakeBase(coze.CN, coze.CN.Base())
	testplan.Resume(t, next, next.FindDraft())
	if next.Region != coze.CN || next.APIBase != "https://api.coze.cn" || next.AppID != testkey.AppID {
		t.Errorf("answers are %+v", next.Answers())
	}
}

func TestTheSameFlagAgainTakesTheSandboxRunUp(t *testing.T) {
	w := testplan.New(t)
	s := w.Setup()
	testplan.Must(t, testplan.Do(s, "region", map[string]string{"region": "sandbox"}))
	for _, id := range []string{"app", "key", "upload"} {
		testplan.Must(t, testplan.Do(s, id, nil))
	}
	s.SaveDraft("app_id")()
	next := w.Setup()
	next.TakeBase(coze.Sandbox, "")
	if at := testplan.Resume(t, next, next.FindDraft()); at != "app_id" || next.APIBase != w.Coze.Base {
		t.Errorf("resumed at %s with %+v", at, next.Answers())
	}
	for _, id := range []string{"app_id", "key_id"} {
		testplan.Must(t, testplan.Do(next, id, nil))
	}
	testplan.Must(t, testplan.Do(next, "review", map[string]string{"write": "yes"}))
	testplan.Must(t, testplan.Do(next, "test", nil))
}

func TestOldAndForeignDraftsAreLeft(t *testing.T) {
	w := testplan.New(t)
	s := w.Setup()
	s.SaveDraft("key")()
	w.Now = w.Now.Add(15 * 24 * time.Hour)
	if d := w.Setup().FindDraft(); d != nil {
		t.Errorf("a draft of %s was offered", d.Saved)
	}
	s.SaveDraft("region")()
	if d := w.Setup().FindDraft(); d != nil {
		t.Error("a run that had not begun was offered")
	}
}
