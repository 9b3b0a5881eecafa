package setup_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"cozejwt/internal/console"
	"cozejwt/internal/coze"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/steps"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testplan"
)

func TestAnAppOfBeforeIsAChoiceInTheConsoleAndBack(t *testing.T) {
	s := testplan.New(t).Setup()
	s.TakeBase(coze.CN, coze.CN.Base())
	st := testplan.Step(s, "app")
	for _, row := range []struct {
		todo   int
		choice string
		undoes bool
		says   string
	}{{5, "app.existing", false, "app.why"}, {2, "app.existing.undo", true, "app.existing.keys"}, {5, "app.existing", false, "app.why"}} {
		todo, _ := flow.Shown[flow.Todo](st)
		choice, _ := flow.Shown[flow.Choice](st)
		link, _ := flow.Shown[flow.Link](st)
		if len(todo) != row.todo || choice.Text.ID != row.choice || choice.Undoes != row.undoes || link.URL != coze.CN.Console() || st.Says()[0].ID != row.says {
			t.Errorf("it shows %v, %v at %v and says %s", todo, choice, link, st.Says()[0].ID)
		}
		upload, _ := flow.Shown[flow.Todo](testplan.Step(s, "upload"))
		if authorized := len(upload) == 1; authorized != row.undoes {
			t.Errorf("to do at the upload is %v", upload)
		}
		choice.Take()
	}
	s.TakeBase(coze.Sandbox, "")
	if _, offered := flow.Shown[flow.Choice](st); offered {
		t.Error("the sandbox, which makes the app, offers it too")
	}
}

func TestTheSandboxMakesTheAppAndForgetsTheKeyOfAnother(t *testing.T) {
	w := testplan.New(t)
	s := w.Setup()
	testplan.Must(t, testplan.Do(s, "region", map[string]string{"region": "sandbox"}))
	s.AppID, s.KeyID = testkey.AppID, testkey.KeyID // of a sandbox that is gone
	testplan.Must(t, testplan.Arrive(s, "app"))
	wantIDs(t, "before", testplan.Step(s, "app").Says(), "app.sandbox", "app.by_hand")
	testplan.Must(t, testplan.Do(s, "app", nil))
	if s.AppID == testkey.AppID || s.KeyID != "" || s.Origin("app_id") != flow.FromSandbox {
		t.Errorf("the ids are %s, %q", s.AppID, s.KeyID)
	}
	made := s.AppID
	s.KeyID = testkey.KeyID
	testplan.Must(t, testplan.Do(s, "app", nil))
	wantIDs(t, "after", testplan.Step(s, "app").Says(), "app.exists")
	if s.AppID != made || s.KeyID != testkey.KeyID {
		t.Errorf("coming back, the ids are %s, %q", s.AppID, s.KeyID)
	}
}

func TestALookForTheAppOpensTheConsoleAndMayFail(t *testing.T) {
	w, broken := testplan.New(t), errors.New("no free port")
	s := w.Setup()
	s.TakeBase(coze.Sandbox, "")
	testplan.Must(t, testplan.Arrive(s, "app"))
	if s.Page() != w.Coze.Console() {
		t.Errorf("the page is %q", s.Page())
	}
	s.AppID = testkey.AppID
	s.Sandbox = func(context.Context) (console.Server, error) { return nil, broken }
	testplan.Must(t, testplan.Arrive(s, "app"))
	if s.AppID != testkey.AppID {
		t.Errorf("what could not be seen has changed the App ID to %q", s.AppID)
	}
	if err := testplan.Do(s, "app", nil); !errors.Is(err, broken) {
		t.Errorf("error is %v", err)
	}
	s.TakeBase(coze.CN, coze.CN.Base())
	s.AppID = testkey.AppID
	testplan.Must(t, testplan.Do(s, "app", nil))
	if s.AppID != testkey.AppID {
		t.Error("a console in which a person acts has changed the App ID")
	}
}

func TestAnImportedKeyStillLeavesTheAppToAuthorize(t *testing.T) {
	for name, row := range map[string]struct {
		source steps.KeySource
		has    bool
		shown  bool
	}{
		"imported":             {steps.ImportKey, false, true},
		"imported, authorized": {steps.ImportKey, true, false},
		"uploaded":             {steps.MakeKey, false, false},
	} {
		s := testplan.New(t).Setup()
		s.TakeBase(coze.CN, coze.CN.Base())
		s.Source, s.HasApp = row.source, row.has
		if todo, shown := flow.Shown[flow.Todo](testplan.Step(s, "app_id")); shown != row.shown || shown && len(todo) != 2 {
			t.Errorf("%s: to do is %v", name, todo)
		}
	}
}

func TestWhatIsKnownOfTheKeyIsInTheDiagnosis(t *testing.T) {
	w := testplan.New(t)
	for name, row := range map[string]struct {
		source          steps.KeySource
		isNew, uploaded bool
		want            string // that the upload was forgotten
	}{
		"made in this run":     {steps.MakeKey, true, false, "evident"},
		"imported in this run": {steps.ImportKey, true, false, "possible"},
		"of before":            {steps.ReuseKey, false, false, "possible"},
		"seen to be uploaded":  {steps.MakeKey, true, true, "ruled out"},
	} {
		s := w.Setup()
		s.TakeBase(coze.CN, coze.CN.Base())
		s.AppID, s.KeyID, s.Source, s.KeyIsNew, s.Uploaded = testkey.AppID, testkey.KeyID, row.source, row.isNew, row.uploaded
		s.AboutTo(s.Values())
		got := "ruled out"
		for _, c := range s.Diagnose(unknownKey).Causes {
			if c.ID == "kid.not_uploaded" {
				got = map[bool]string{true: "evident", false: "possible"}[c.Evidence != nil]
			}
		}
		if got != row.want {
			t.Errorf("%s: a forgotten upload is %s, want %s", name, got, row.want)
		}
	}
}

// The console of coze.com has no Chinese labels; that of coze.cn and of a host that is not known may.
func TestTheLabelsAreThoseOfTheRegion(t *testing.T) {
	for region, want := range map[coze.Region]bool{coze.CN: true, coze.COM: false, coze.Custom: true, coze.Sandbox: true} {
		s := testplan.New(t).Setup()
		s.ChooseBase(region, region.Base())
		if got := s.Speaker(i18n.English).Text("app.todo.new"); strings.Contains(got, "创建新应用") != want {
			t.Errorf("%s: %q", region, got)
		}
	}
}
