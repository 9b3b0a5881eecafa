package switching_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/steps"
	"cozejwt/internal/switching"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testplan"
	"cozejwt/keygen"
)

// using opens the switch of the .env.
func using(w *testplan.World) *switching.Switching {
	w.T.Helper()
	s, err := switching.Open(w.Deps(), w.Dir, w.Env())
	testplan.Must(w.T, err)
	return s
}

// twoApps is a world whose .env works and whose profile "staging" is of another app that works,
// under the names of the SDK.
func twoApps(t *testing.T) *testplan.World {
	t.Helper()
	w := testplan.Created(t)
	key := w.Key()
	_, err := keygen.Save(w.Path("config/staging.pem"), key, keygen.Refuse, w.Now)
	testplan.Must(t, err)
	app, err := w.Coze.CreateApp(t.Context(), "staging")
	testplan.Must(t, err)
	id, err := w.Coze.AddKey(t.Context(), app, keygen.EncodePublic(&key.PublicKey))
	testplan.Must(t, err)
	w.Write(".env.staging", "COZE_JWT_OAUTH_CLIENT_ID="+app+"\nCOZE_JWT_OAUTH_PUBLIC_KEY_ID="+id+"\nCOZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH=./config/staging.pem\nCOZE_API_BASE="+w.Coze.Base+"\n")
	return w
}

func ids(said []i18n.Message) (ids []string) {
	for _, m := range said {
		ids = append(ids, m.ID)
	}
	return ids
}

func wantIDs(t *testing.T, what string, said []i18n.Message, want ...string) {
	t.Helper()
	if got := ids(said); !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

func TestASwitchBeginsWhereThereIsAProfileAndNothingIsLost(t *testing.T) {
	const staging = "COZE_CLIENT_ID=" + testkey.AppID + "\n"
	for name, row := range map[string]struct {
		arrange func(*testplan.World)
		fault   string
	}{
		"no profile":         {func(w *testplan.World) { w.Write(".env", staging) }, "profile.none"},
		"no .env":            {func(w *testplan.World) { w.Write(".env.staging", staging) }, ""},
		"a .env of no app":   {func(w *testplan.World) { w.Write(".env.staging", staging); w.Write(".env", "A=1\n") }, ""},
		"a .env of an app":   {func(w *testplan.World) { w.Write(".env.staging", staging); w.Write(".env", staging) }, ""},
		"a .env that is odd": {func(w *testplan.World) { w.Write(".env.staging", staging); w.Write(".env", "nonsense\n") }, "env.unreadable"},
		"a link to a profile": {func(w *testplan.World) {
			w.Write(".env.staging", staging)
			testfile.Symlink(w.T, ".env.staging", w.Env())
		}, "profile.linked"},
		"a link to elsewhere": {func(w *testplan.World) {
			w.Write(".env.staging", staging)
			w.Write("e", staging)
			testfile.Symlink(w.T, "e", w.Env())
		}, ""},
		"a hard link to one": {func(w *testplan.World) {
			w.Write(".env.staging", staging)
			testplan.Must(w.T, os.Link(w.Path(".env.staging"), w.Env()))
		}, ""},
		"a link to nothing": {func(w *testplan.World) { w.Write(".env.staging", staging); testfile.Symlink(w.T, "none", w.Env()) }, ""},
		"a .env with key text": {func(w *testplan.World) {
			w.Write(".env.staging", staging)
			w.Write(".env", "COZE_CLIENT_ID=1\nCOZE_PUBLIC_KEY=\"-----BEGIN PRIVATE KEY-----\"\n")
		}, "env.key_text"},
	} {
		w := testplan.New(t)
		row.arrange(w)
		if _, err := switching.Open(w.Deps(), w.Dir, w.Env()); (err == nil) != (row.fault == "") || err != nil && fault.ID(err) != row.fault {
			t.Errorf("%s: error is %v", name, err)
		}
	}
}

func TestTheProfilesAreOfferedWithWhatTheyHold(t *testing.T) {
	w := twoApps(t)
	w.Write(".env.same", w.Read(".env"))
	w.Write(".env.odd", "nonsense\n")
	s := using(w)
	f := testplan.Ask(t, s, "profile")[0]
	var got []string
	for _, o := range f.Options {
		got = append(got, o.Value+" "+o.Label.ID+" "+o.About.ID)
	}
	want := []string{"odd profile.label fault.env.unreadable", "same profile.active profile.about", "staging profile.label profile.about"}
	if !slices.Equal(got, want) {
		t.Errorf("offered is %q, want %q", got, want)
	}
	staging := w.Holding(".env.staging").Set
	if about := f.Options[2].About.Pairs; !slices.Equal(about, []string{"app_id", staging.AppID, "key_id", staging.KeyID, "base", staging.APIBase, "path", staging.KeyPath}) {
		t.Errorf("staging is about %q", about)
	}
	missing, ok := errors.AsType[*fault.Fault](f.Missing(""))
	if !ok || !errors.Is(missing, switching.ErrNoProfile) || missing.Value("known") != i18n.List([]string{"odd", "same", "staging"}) {
		t.Errorf("where nobody can be asked: %v", missing)
	}
	wantIDs(t, "it says", testplan.Step(s, "profile").Says(), "profile.brief")
	testplan.Must(t, os.Remove(w.Env()))
	if label := testplan.Ask(t, using(w), "profile")[0].Options[0].Label.ID; label != "profile.label" {
		t.Errorf("without a .env, a profile that cannot be read is %s", label)
	}
	testplan.Must(t, testplan.Do(s, "profile", map[string]string{"profile": "staging"}))
	if f := s.Ask(testplan.Step(s, "profile"))[0]; f.Value != "staging" || testplan.Step(s, "profile").Answer() != "staging" {
		t.Errorf("the answer is %q", f.Value)
	}
}

func TestAProfileIsTakenByItsNameWhereItCanBeUsed(t *testing.T) {
	for name, row := range map[string]struct {
		profile, text string // of .env.staging; "" for the one that works
		fault         string
	}{
		"one that works":         {"staging", "", ""},
		"none such":              {"production", "", "profile.unknown"},
		"no name of a profile":   {"../x", "", "profile.name"},
		"incomplete":             {"staging", "COZE_CLIENT_ID=" + testkey.AppID + "\n", "env.incomplete"},
		"without its key":        {"staging", "COZE_CLIENT_ID=" + testkey.AppID + "\nCOZE_PUBLIC_KEY=" + testkey.KeyID + "\nCOZE_PRIVATE_KEY_PATH=none.pem\nCOZE_API_BASE=https://api.coze.cn\n", "key.absent"},
		"with an odd base":       {"staging", "COZE_CLIENT_ID=" + testkey.AppID + "\nCOZE_PUBLIC_KEY=" + testkey.KeyID + "\nCOZE_PRIVATE_KEY_PATH=config/staging.pem\nCOZE_API_BASE=ftp://x\n", "base"},
		"not a file of settings": {"staging", "nonsense\n", "env.unreadable"},
	} {
		t.Run(name, func(t *testing.T) {
			w := twoApps(t)
			if row.text != "" {
				w.Write(".env.staging", row.text)
			}
			s := using(w)
			err := s.TakeProfile(row.profile)
			if row.fault != "" {
				if err == nil || !strings.HasPrefix(fault.ID(err), row.fault) || s.Profile != "" {
					t.Errorf("error is %v (%s), the profile %q", err, fault.ID(err), s.Profile)
				}
				if err := testplan.Do(using(w), "profile", map[string]string{"profile": row.profile}); err == nil {
					t.Error("chosen, there is no error")
				}
				return
			}
			testplan.Must(t, err)
			held := w.Holding(".env.staging")
			if s.Profile != "staging" || s.AppID != held.Set.AppID || s.KeyFile != w.Path("config/staging.pem") || s.Key == nil || s.Region != coze.Sandbox || s.APIBase != w.Coze.Base {
				t.Errorf("taken is %+v", s.Credentials)
			}
			if s.Names != credentials.Default || !s.Accepted || !s.Given("write") || !testplan.Step(s, "profile").Skips() {
				t.Errorf("names %s, accepted %v", s.Names, s.Accepted)
			}
		})
	}
	f, _ := errors.AsType[*fault.Fault](using(twoApps(t)).TakeProfile("production"))
	if f.Value("profile") != "production" || f.Value("known") != "staging" {
		t.Errorf("the fault is %v", f)
	}
}

func TestASwitchKeepsTheNamesOfTheEnvAndThePathOfTheProfile(t *testing.T) {
	for name, row := range map[string]struct {
		env  string // in place of the one that works
		want string // of the first line that is ours
	}{
		"its own names":     {"as it is", "COZE_JWT_OAUTH_CLIENT_ID="},
		"those of staging":  {"A=1\n", "COZE_JWT_OAUTH_CLIENT_ID="},
		"where none is yet": {"", "COZE_JWT_OAUTH_CLIENT_ID="},
	} {
		w := twoApps(t)
		switch row.env {
		case "":
			testplan.Must(t, os.Remove(w.Env()))
		case "as it is":
			text := w.Read(".env.staging") // the other way about: a .env with the names of the SDK
			w.Write(".env.staging", strings.NewReplacer("JWT_OAUTH_CLIENT", "CLIENT", "JWT_OAUTH_PUBLIC_KEY_ID", "PUBLIC_KEY", "JWT_OAUTH_PRIVATE_KEY_FILE", "PRIVATE_KEY").Replace(text))
			w.Write(".env", strings.NewReplacer("CLIENT_ID", "JWT_OAUTH_CLIENT_ID", "PUBLIC_KEY", "JWT_OAUTH_PUBLIC_KEY_ID", "PRIVATE_KEY_PATH", "JWT_OAUTH_PRIVATE_KEY_FILE_PATH").Replace(w.Read(".env")))
		default:
			w.Write(".env", row.env)
		}
		s := using(w)
		testplan.Walk(t, s, map[string]string{"profile": "staging", "write": "yes"})
		if text := w.Read(".env"); !strings.Contains(text, row.want+s.AppID) || !strings.Contains(text, "PATH=./config/staging.pem") {
			t.Errorf("%s:\n%s", name, text)
		}
		if (s.Kept != "") != (row.env == "as it is") {
			t.Errorf("%s: kept is %q", name, s.Kept)
		}
		testplan.Must(t, w.Works(".env"))
	}
}

func TestAnEnvInAnotherFolderNamesTheKeyFromThere(t *testing.T) {
	w := twoApps(t)
	env := w.MoveEnv("sub")
	s, err := switching.Open(w.Deps(), w.Dir, env)
	testplan.Must(t, err)
	testplan.Walk(t, s, map[string]string{"profile": "staging", "write": "yes"})
	if got := w.Holding("sub/.env"); got.KeyFile() != w.Path("config/staging.pem") {
		t.Errorf("it names %s", got.Set.KeyPath)
	}
	testplan.Must(t, w.Works("sub/.env"))
	testplan.Must(t, w.Works(filepath.Base(s.Kept)))
}

func TestASwitchSaysWhatItDid(t *testing.T) {
	w := twoApps(t)
	s := using(w)
	wantIDs(t, "left at once, it says", s.Leftovers(true), "left.same")
	answers := map[string]string{"profile": "staging", "write": "yes"}
	testplan.Walk(t, s, answers)
	wantIDs(t, "in the end it says", s.Summary(), "used.switched", "used.kept", "summary.token")
	if pairs := s.Summary()[0].Pairs; !slices.Equal(pairs, []string{"path", ".env", "profile", "staging", "app_id", s.AppID, "key_id", s.KeyID}) {
		t.Errorf("of it, it says %q", pairs)
	}
	if list, _ := flow.Shown[flow.Checklist](testplan.Step(s, "done")); len(list) != 5 {
		t.Errorf("the checklist has %d points", len(list))
	}
	again := using(w)
	testplan.Walk(t, again, answers)
	wantIDs(t, "again, it says", again.Summary(), "used.already", "summary.token")
	untested := using(w)
	testplan.Must(t, untested.Take(map[string]string{"skip-test": "true", "yes": "true"}))
	if !untested.Accepted || !untested.Given("write") {
		t.Error("--yes does not agree")
	}
	testplan.Walk(t, untested, map[string]string{"profile": "staging"})
	wantIDs(t, "untested, it says", untested.Summary(), "used.already", "summary.untested")
}

func TestAProfileThatIsRefusedIsUsedOnceTheTestIsPassedOver(t *testing.T) {
	w := twoApps(t)
	w.Write(".env.dead", strings.ReplaceAll(w.Read(".env"), w.Holding(".env").Set.KeyID, testkey.KeyID))
	s := using(w)
	testplan.Must(t, testplan.Do(s, "profile", map[string]string{"profile": "dead"}))
	if err := testplan.Do(s, "test", nil); err == nil {
		t.Fatal("it is not refused")
	}
	s.SkipTest()
	if !testplan.Step(s, "test").Skips() {
		t.Error("it is tested again")
	}
	testplan.Must(t, testplan.Do(s, "review", testplan.Yes))
	if w.Holding(".env").Set.KeyID != testkey.KeyID || s.Token != nil {
		t.Errorf("the .env holds %+v", w.Holding(".env").Set)
	}
}

func TestARefusalAfterATestThatPassedIsExplainedSo(t *testing.T) {
	w := twoApps(t)
	refused := &coze.Refusal{Status: 401, Code: "invalid_client", Message: "invalid jwt: kid not been registered"}
	causes := func(s *switching.Switching) (ids []string) {
		for _, c := range s.Diagnose(refused).Causes {
			ids = append(ids, c.ID)
		}
		return ids
	}
	s := using(w)
	testplan.Must(t, testplan.Do(s, "profile", map[string]string{"profile": "staging"}))
	testplan.Must(t, testplan.Do(s, "test", nil))
	before := causes(s)
	s.Client = &http.Client{Transport: &testplan.Tamperer{From: 1}}
	if err := testplan.Do(s, "review", testplan.Yes); err == nil || !s.Undone {
		t.Fatalf("error is %v", err)
	}
	after := causes(s)
	if len(after) != 1 || slices.Equal(before, after) {
		t.Errorf("before, the causes are %q, then %q", before, after)
	}
	s.Skipped = true
	if got := causes(s); !slices.Equal(got, before) {
		t.Errorf("without a test that passed, the causes are %q, want %q", got, before)
	}
	if _, shown := flow.Shown[steps.Undone](testplan.Step(s, "review")); !shown {
		t.Error("it is not shown that it was undone")
	}
}

// Where the service cannot be reached, the advice says how to switch without it.
func TestAProfileCanBeUsedWithoutTheNetwork(t *testing.T) {
	s := using(twoApps(t))
	testplan.Must(t, s.TakeProfile("staging"))
	d := s.Diagnose(coze.ErrDNS.With("host", "api.coze.cn"))
	_, fixes := d.Explain(i18n.English)
	if !slices.Contains(fixes, "To switch without a test: cozejwt use staging --skip-test") {
		t.Errorf("the fixes are %q", fixes)
	}
	d = s.Diagnose(fault.Invalid("key.absent", "path", "k.pem"))
	if _, fixes = d.Explain(i18n.English); strings.Contains(strings.Join(fixes, "\n"), "--skip-test") {
		t.Errorf("a missing key needs no --skip-test: %q", fixes)
	}
}
