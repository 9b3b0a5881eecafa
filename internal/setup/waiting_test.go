package setup_test

import (
	"context"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/exchange"
	"cozejwt/internal/flow"
	"cozejwt/internal/sandbox"
	"cozejwt/internal/steps"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testplan"
	"cozejwt/internal/testsandbox"
)

// What the person has just changed in a console takes some seconds; the sandbox takes none.
func TestOnlyWhatAPersonHasUploadedIsWaitedFor(t *testing.T) {
	for name, test := range map[string]struct {
		forFlag time.Duration
		upload  bool
		want    int
	}{
		"uploaded":                  {0, true, 6},
		"uploaded, a longer --wait": {40 * time.Second, true, 8},
		"not in this run":           {0, false, 0},
		"only --wait":               {10 * time.Second, false, 2},
	} {
		t.Run(name, func(t *testing.T) {
			w := testplan.New(t)
			s := w.Setup()
			pauses := 0
			s.Waiting = exchange.Waiting{
				For: test.forFlag, AfterChange: 30 * time.Second, Passes: diagnosis.Passes,
				Sleep: func(context.Context, time.Duration, <-chan struct{}) error { pauses++; return nil },
			}
			id, err := w.Coze.CreateApp(context.Background(), "app")
			testplan.Must(t, err)
			if test.upload {
				w.Custom(s, id, testkey.KeyID)
			} else {
				for _, step := range []struct {
					id      string
					answers map[string]string
				}{
					{"region", map[string]string{"region": "custom", "api_base": w.Coze.Base}},
					{"key", nil},
					{"app_id", map[string]string{"app_id": id}},
					{"key_id", map[string]string{"key_id": testkey.KeyID}},
				} {
					testplan.Must(t, testplan.Do(s, step.id, step.answers))
				}
			}
			testplan.Must(t, testplan.Do(s, "review", testplan.Yes))
			if err := testplan.Do(s, "test", nil); err == nil || pauses != test.want {
				t.Errorf("%v after %d pauses, want %d", err, pauses, test.want)
			}
		})
	}
}

func TestTheSandboxIsNotWaitedFor(t *testing.T) {
	w := testplan.Created(t)
	s := w.Setup()
	pauses := 0
	s.Waiting = exchange.Waiting{
		AfterChange: 30 * time.Second, Passes: diagnosis.Passes,
		Sleep: func(context.Context, time.Duration, <-chan struct{}) error { pauses++; return nil },
	}
	for _, id := range []string{"region", "app", "key", "upload", "app_id", "key_id"} {
		testplan.Must(t, testplan.Do(s, id, nil))
	}
	testplan.Must(t, testplan.Do(s, "review", testplan.Yes))
	w.Forget(s.AppID, s.KeyID)
	if err := testplan.Do(s, "test", nil); err == nil || pauses != 0 {
		t.Errorf("%v after %d pauses", err, pauses)
	}
}

// With the failure "Delay", the sandbox needs some seconds, too.
func TestASandboxThatDelaysIsWaitedFor(t *testing.T) {
	w := testplan.New(t)
	w.Coze = testsandbox.At(t, func() time.Time { return w.Now })
	s := w.Setup()
	pauses := 0
	s.Waiting = exchange.Waiting{
		AfterChange: 30 * time.Second, Passes: diagnosis.Passes,
		Sleep: func(_ context.Context, pause time.Duration, _ <-chan struct{}) error {
			pauses++
			w.Now = w.Now.Add(pause)
			return nil
		},
	}
	testplan.Must(t, testplan.Do(s, "region", map[string]string{"region": "sandbox"}))
	testplan.Must(t, testplan.Do(s, "app", nil))
	testplan.Must(t, w.Coze.Fail(t.Context(), sandbox.Trouble{Kind: sandbox.TroubleDelay}))
	for _, id := range []string{"key", "upload", "app_id", "key_id"} {
		testplan.Must(t, testplan.Do(s, id, nil))
	}
	testplan.Must(t, testplan.Do(s, "review", testplan.Yes))
	if err := testplan.Do(s, "test", nil); err != nil || s.Token == nil || pauses != 2 {
		t.Errorf("%v after %d pauses of 5 s, want a token after 2", err, pauses)
	}
}

// A token for someone else needs their authorization: the link to it is shared where the app is
// authorized at all.
func TestTheAuthorizationLinkIsSharedWithAnotherOwner(t *testing.T) {
	for name, test := range map[string]struct {
		given  map[string]string
		has    bool
		upload int // points of the todo
		ids    int
	}{
		"of one's own":        {nil, false, 3, 2},
		"of an account":       {map[string]string{"account-id": "7301"}, false, 4, 3},
		"of an enterprise":    {map[string]string{"enterprise-id": "volcano_1"}, false, 4, 3},
		"of one that has it":  {map[string]string{"account-id": "7301"}, true, 1, 0},
		"one's own, has that": {nil, true, 1, 0},
	} {
		w := testplan.New(t)
		s := w.Setup()
		testplan.Must(t, s.Take(test.given))
		s.TakeBase(coze.COM, coze.COM.Base())
		s.HasApp = test.has
		if todo, _ := flow.Shown[flow.Todo](testplan.Step(s, "upload")); len(todo) != test.upload {
			t.Errorf("%s: the upload has %v", name, todo)
		}
		s.Source = steps.ImportKey
		if todo, _ := flow.Shown[flow.Todo](testplan.Step(s, "app_id")); len(todo) != test.ids {
			t.Errorf("%s: the App ID has %v", name, todo)
		}
	}
}

// Where nothing but a choice says where the app is, or a file says otherwise, the other region is named
// first; ids from the page that this run has opened are of its region.
func TestARegionThatWasOnlyChosenIsDoubtedFirst(t *testing.T) {
	for name, test := range map[string]struct {
		existing string // API base of the .env
		source   steps.KeySource
		yaml     string // API base that a configuration has for the app
		want     string
	}{
		"no .env, a key from elsewhere": {"", steps.ImportKey, "", "kid.region"},
		"no .env, a key that was there": {"", steps.ReuseKey, "", "kid.region"},
		"no .env, a key of this run":    {"", steps.MakeKey, "", "kid.not_uploaded"},
		"the region of the .env":        {"https://api.coze.cn", steps.ReuseKey, "", "kid.not_uploaded"},
		"another one than the .env's":   {"https://api.coze.com", steps.ReuseKey, "", "kid.region"},
		"a configuration says so":       {"https://api.coze.cn", steps.ReuseKey, "https://api.coze.com", "kid.region"},
		"a configuration agrees":        {"https://api.coze.cn", steps.ReuseKey, "https://api.coze.cn", "kid.not_uploaded"},
	} {
		t.Run(name, func(t *testing.T) {
			w := testplan.New(t)
			if test.existing != "" {
				w.Write(".env", "COZE_CLIENT_ID="+testkey.AppID+"\nCOZE_PUBLIC_KEY="+testkey.KeyID+"\nCOZE_API_BASE="+test.existing+"\n")
			}
			if test.yaml != "" {
				w.Write("application.yml", "coze:\n  client-id: '"+testkey.AppID+"'\n  public-key: "+testkey.KeyID+"\n  private-key-path: k.pem\n  base-url: "+test.yaml+"\n")
			}
			s := w.Setup()
			s.TakeBase(coze.CN, coze.CN.Base())
			s.Source, s.AppID, s.KeyID = test.source, testkey.AppID, testkey.KeyID
			s.AboutTo(s.Values())
			d := s.Diagnose(&coze.Refusal{Status: 401, Code: "invalid_client", Message: "invalid jwt: kid not been registred"})
			if d.Causes[0].ID != test.want {
				t.Errorf("the first cause is %s, want %s", d.Causes[0].ID, test.want)
			}
		})
	}
}
