package setup_test

import (
	"errors"
	"os"
	"testing"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/paths"
	"cozejwt/internal/steps"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testplan"
	"cozejwt/keygen"
)

func TestFlagsAnswerASetup(t *testing.T) {
	w := testplan.New(t)
	s := w.Setup()
	testplan.Must(t, s.Take(map[string]string{
		"app-id": testkey.AppID, "key-id": testkey.KeyID, "env-names": "sdk", "key-path": "keys/k.pem", "bits": "3072", "skip-test": "true", "yes": "true", "no-example": "true",
	}))
	if s.AppID != testkey.AppID || s.KeyID != testkey.KeyID || s.Names != credentials.SDK || s.KeyFile != w.Path("keys/k.pem") || s.Bits != 3072 || !s.Skipped || !s.Accepted || !s.NoExample {
		t.Errorf("the answers are %+v, %+v", s.Credentials, s.KeyAnswers)
	}
	for _, id := range []string{"app_id", "key_id", "key_path", "write"} {
		if !s.Given(id) {
			t.Errorf("%s is asked again", id)
		}
	}
	if s.Dry || !s.Lasting {
		t.Error("it is a dry run")
	}
	save(w, keyFile)
	s = w.Setup()
	testplan.Must(t, s.Take(map[string]string{"reuse-key": "true"}))
	if s.Source != steps.ReuseKey || !s.Given("key_source") || s.Accepted || s.Skipped || s.NoExample {
		t.Errorf("the key comes from %q", s.Source)
	}
}

func TestADryRunAsksNothingAndKeepsNothing(t *testing.T) {
	w := testplan.New(t)
	s := w.Setup()
	testplan.Must(t, s.Take(map[string]string{"dry-run": "true"}))
	if !s.Dry || !s.Skipped || !s.Accepted || s.Lasting || !s.Given("write") {
		t.Errorf("dry %v, skipped %v, accepted %v, lasting %v", s.Dry, s.Skipped, s.Accepted, s.Lasting)
	}
	w.Custom(s, testkey.AppID, testkey.KeyID)
	testplan.Must(t, testplan.Do(s, "review", nil))
	if left, _ := os.ReadDir(w.Dir); len(left) != 0 || s.Written || s.Review == nil {
		t.Errorf("written are %v", left)
	}
}

func TestFlagsThatCannotBeAreRefused(t *testing.T) {
	w := testplan.New(t)
	save(w, "downloaded.pem")
	for name, row := range map[string]struct {
		values map[string]string
		fault  error
	}{
		"two keys":               {map[string]string{"import-key": w.Path("downloaded.pem"), "reuse-key": "true"}, fault.Usage("key.two_sources")},
		"a key of its own, gone": {map[string]string{"reuse-key": "true"}, keygen.ErrAbsent},
		"a download, gone":       {map[string]string{"import-key": w.Path("none.pem")}, keygen.ErrAbsent},
		"no path":                {map[string]string{"key-path": ""}, paths.ErrEmpty},
		"an App ID":              {map[string]string{"app-id": testkey.KeyID}, credentials.ErrIsKeyID},
	} {
		if err := w.Setup().Take(row.values); !errors.Is(err, row.fault) {
			t.Errorf("%s: error is %v", name, err)
		}
	}
	for flag, value := range map[string]string{"bits": "1024", "env-names": "moon", "key-path": "a\nb.pem"} {
		if err := w.Setup().Take(map[string]string{flag: value}); err == nil {
			t.Errorf("--%s %q is taken", flag, value)
		}
	}
	for name, values := range map[string]map[string]string{
		"one of two":          {"import-key": w.Path("downloaded.pem")},
		"one of two, the two": {"import-key": w.Path("downloaded.pem"), "reuse-key": "false"},
	} {
		s := w.Setup()
		if err := s.Take(values); err != nil || s.Source != steps.ImportKey {
			t.Errorf("%s: error is %v, the key from %s", name, err, s.Source)
		}
	}
}

func TestStartingOverForgetsTheDraft(t *testing.T) {
	w := testplan.New(t)
	w.Setup().SaveDraft("key")()
	testplan.Must(t, w.Setup().Take(nil))
	if w.Setup().FindDraft() == nil {
		t.Fatal("the draft is gone, unasked")
	}
	testplan.Must(t, w.Setup().Take(map[string]string{"fresh": "true"}))
	if w.Setup().FindDraft() != nil {
		t.Error("--fresh leaves the draft")
	}
}

func TestTheRegionIsAskedWithItsBase(t *testing.T) {
	w := testplan.New(t)
	s := w.Setup()
	st := testplan.Step(s, "region")
	fields := s.Ask(st)
	if len(fields) != 1 || len(fields[0].Options) != 4 || st.Answer() != "" {
		t.Fatalf("asked is %+v", fields)
	}
	answer := func(id, value string) error {
		for _, f := range s.Ask(st) {
			if f.ID == id {
				_, err := f.Answer(s.Run, value)
				return err
			}
		}
		t.Fatalf("%s is not asked", id)
		return nil
	}
	testplan.Must(t, answer("region", "com"))
	if s.Region != coze.COM || s.APIBase != coze.COM.Base() || st.Answer() != "com" {
		t.Errorf("the region is %s at %s", s.Region, s.APIBase)
	}
	testplan.Must(t, answer("region", "custom"))
	if err := answer("api_base", "moon"); err == nil || s.APIBase != "" {
		t.Errorf("a base that is no URL: %q, %v", s.APIBase, err)
	}
	testplan.Must(t, answer("api_base", "https://api.example.com/"))
	testplan.Must(t, answer("region", "custom")) // coming back to the step
	if s.APIBase != "https://api.example.com" || s.Ask(st)[1].Value != s.APIBase {
		t.Errorf("the base is %q", s.APIBase)
	}
	s.APIBase = ""
	s.Region = coze.CN // as a file without a base leaves it
	testplan.Must(t, answer("region", "cn"))
	if s.APIBase != coze.CN.Base() {
		t.Errorf("the base of the region that stood there is %q", s.APIBase)
	}
	s.TakeBase(coze.Custom, "https://api.example.com")
	if fields := s.Ask(st); len(fields) != 1 || fields[0].Origin != flow.FromFlag {
		t.Errorf("given by flags, asked is %+v", fields)
	}
	s.Reopen(st)
	if fields := s.Ask(st); len(fields) != 2 {
		t.Error("the base is not asked again with the region")
	}
}

func TestTheRegionSaysWhatItHasFound(t *testing.T) {
	w := testplan.Created(t)
	s := w.Setup()
	wantIDs(t, "with credentials", testplan.Step(s, "region").Says(), "region.brief", "region.found")
	s.UseNewApp()
	wantIDs(t, "for a new app", testplan.Step(s, "region").Says(), "region.brief")
	wantIDs(t, "without", testplan.Step(testplan.New(t).Setup(), "region").Says(), "region.brief")
}

func TestChoosingTheSandboxOpensIt(t *testing.T) {
	w := testplan.New(t)
	s := w.Setup()
	testplan.Must(t, testplan.Do(s, "region", map[string]string{"region": "sandbox"}))
	if s.APIBase != w.Coze.Base || s.Page() != w.Coze.Console() {
		t.Errorf("it is at %s, its page at %s", s.APIBase, s.Page())
	}
	s = w.Setup()
	testplan.Must(t, testplan.Do(s, "region", map[string]string{"region": "cn"}))
	if s.APIBase != coze.CN.Base() {
		t.Errorf("a region is at %s", s.APIBase)
	}
}
