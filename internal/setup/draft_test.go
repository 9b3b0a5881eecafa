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
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

func TestDraftHasNoSecretAndIsTakenUp(t *testing.T) {
	w := newWorld(t)
	s := w.session()
	w.custom(s, appID, keyID)
	s.SaveDraft("key_id")()
	files, err := filepath.Glob(filepath.Join(w.state, "drafts", "*"))
	must(t, err)
	text, err := os.ReadFile(files[0])
	must(t, err)
	if strings.Contains(string(text), "KEY-----") || strings.Contains(string(text), "token") {
		t.Errorf("the draft is %s", text)
	}
	next := w.session()
	d := next.FindDraft()
	if d == nil {
		t.Fatal("no draft was found")
	}
	if at := next.Resume(d); setup.Create.Steps[at].ID != "key_id" || next.Answers.AppID != appID || next.Observed.Key == nil {
		t.Errorf("resumed at %s with %+v", setup.Create.Steps[at].ID, next.Answers)
	}
}

func TestUnfinishedProfilesAreThoseOfTheProjectWithoutItsOwn(t *testing.T) {
	w := newWorld(t)
	begin := func(path, step string, ago time.Duration) {
		s, err := setup.Open(setup.Deps{Exchanger: w.exchanger()}, filepath.Dir(path), path)
		must(t, err)
		now := w.now
		w.now = now.Add(-ago)
		s.SaveDraft(step)()
		w.now = now
	}
	begin(w.Path(".env"), "app_id", 0)
	begin(w.Path(".env.older"), "app_id", time.Hour)
	begin(w.Path(".env.newer"), "key_id", time.Minute)
	begin(w.Path(".env.begun"), "region", 0)
	begin(w.Path(".env.forgotten"), "app_id", 15*24*time.Hour)
	begin(w.Path("sub/.env.other"), "app_id", 0)
	begin(w.Path("other.env"), "app_id", 0)
	var got []string
	for _, d := range w.session().UnfinishedProfiles() {
		got = append(got, d.Profile()+" "+d.Step)
	}
	if want := []string{"newer key_id", "older app_id"}; !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}

func TestResumeGoesBackToTheKeyWhenItIsGone(t *testing.T) {
	w := newWorld(t)
	s := w.session()
	w.custom(s, appID, keyID)
	s.SaveDraft("review")()
	must(t, os.Remove(w.Path("config/private_key.pem")))
	next := w.session()
	if at := next.Resume(next.FindDraft()); setup.Create.Steps[at].ID != "key" {
		t.Errorf("resumed at %s", setup.Create.Steps[at].ID)
	}
}

func TestResumeGoesBackToTheKeyWhenItIsAnother(t *testing.T) {
	w := newWorld(t)
	s := w.session()
	w.custom(s, appID, keyID)
	s.SaveDraft("review")()
	_, err := keygen.Save(w.Path("config/private_key.pem"), testkey.RSA(), keygen.KeepCopy, w.now)
	must(t, err)
	next := w.session()
	if at := next.Resume(next.FindDraft()); setup.Create.Steps[at].ID != "key" || next.Answers.KeyID != "" {
		t.Errorf("resumed at %s with the Key ID %q of another key", setup.Create.Steps[at].ID, next.Answers.KeyID)
	}
}

func TestAKeyFlagWinsOverADraft(t *testing.T) {
	w := newWorld(t)
	s := w.session()
	w.custom(s, appID, keyID)
	s.SaveDraft("review")()
	next := w.session()
	downloaded := w.Path("downloaded.pem")
	_, err := keygen.Save(downloaded, testkey.RSA(), keygen.Refuse, w.now)
	must(t, err)
	must(t, next.Take(map[string]string{"import-key": downloaded}))
	at := next.Resume(next.FindDraft())
	if setup.Create.Steps[at].ID != "key" || next.Answers.Source != setup.ImportKey || next.Answers.Import != downloaded || next.Answers.KeyID != "" {
		t.Errorf("resumed at %s with %+v", setup.Create.Steps[at].ID, next.Answers)
	}
}

func TestADryRunLeavesTheDraft(t *testing.T) {
	w := newWorld(t)
	s := w.session()
	w.custom(s, appID, keyID)
	s.SaveDraft("review")()
	dry := w.session()
	dry.Answers.DryRun = true
	dry.DropDraft()()
	if w.session().FindDraft() == nil {
		t.Error("the draft is gone")
	}
}

func TestFlagsWinOverADraft(t *testing.T) {
	w := newWorld(t)
	s := w.session()
	w.custom(s, appID, keyID)
	s.SaveDraft("review")()
	next := w.session()
	next.TakeBase(coze.CN, coze.CN.Base())
	next.Resume(next.FindDraft())
	if next.Answers.Region != coze.CN || next.Answers.APIBase != "https://api.coze.cn" || next.Answers.AppID != appID {
		t.Errorf("answers are %+v", next.Answers)
	}
}

func TestTheSameFlagAgainTakesTheSandboxRunUp(t *testing.T) {
	w := newWorld(t)
	s := w.session()
	must(t, do(t, s, "region", map[string]string{"region": "sandbox"}))
	for _, id := range []string{"app", "key", "upload"} {
		must(t, do(t, s, id, nil))
	}
	s.SaveDraft("app_id")()
	next := w.session()
	next.TakeBase(coze.Sandbox, "")
	if at := next.Resume(next.FindDraft()); setup.Create.Steps[at].ID != "app_id" || next.Answers.APIBase != w.coze.Base {
		t.Errorf("resumed at %s with %+v", setup.Create.Steps[at].ID, next.Answers)
	}
	for _, id := range []string{"app_id", "key_id"} {
		must(t, do(t, next, id, nil))
	}
	must(t, do(t, next, "review", map[string]string{"write": "yes"}))
	must(t, do(t, next, "test", nil))
}

func TestOldAndForeignDraftsAreLeft(t *testing.T) {
	w := newWorld(t)
	s := w.session()
	s.SaveDraft("key")()
	w.now = w.now.Add(15 * 24 * time.Hour)
	if d := w.session().FindDraft(); d != nil {
		t.Errorf("a draft of %s was offered", d.Saved)
	}
	s.SaveDraft("region")()
	if d := w.session().FindDraft(); d != nil {
		t.Error("a run that had not begun was offered")
	}
}
