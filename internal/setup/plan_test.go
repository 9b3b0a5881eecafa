package setup_test

import (
	"os"
	"slices"
	"testing"

	"cozejwt/internal/coze"
	"cozejwt/internal/i18n"
	"cozejwt/internal/review"
	"cozejwt/internal/setup"
	"cozejwt/internal/snippet"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testplan"
	"cozejwt/keygen"
)

const keyFile = "config/private_key.pem"

// unknownKey is the refusal of a Key ID that the service does not know.
var unknownKey = &coze.Refusal{Status: 401, Code: "invalid_client", Message: "invalid jwt: kid not been registered"}

func wantIDs(t *testing.T, what string, said []i18n.Message, want ...string) {
	t.Helper()
	var got []string
	for _, m := range said {
		got = append(got, m.ID)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// at is a setup for a file of the project.
func at(w *testplan.World, name string) *setup.Setup {
	w.T.Helper()
	s, err := setup.Open(w.Deps(), w.Dir, w.Path(name))
	testplan.Must(w.T, err)
	return s
}

func save(w *testplan.World, name string) {
	w.T.Helper()
	_, err := keygen.Save(w.Path(name), testkey.RSA(), keygen.Refuse, w.Now)
	testplan.Must(w.T, err)
}

func TestATeamsExampleIsProposed(t *testing.T) {
	const sdk = "COZE_JWT_OAUTH_CLIENT_ID=" + testkey.AppID + "\nCOZE_JWT_OAUTH_PUBLIC_KEY_ID=" + testkey.KeyID + "\n"
	for name, row := range map[string]struct {
		example string
		region  coze.Region
		app     string
		names   string
		origin  string // of the App ID
	}{
		"none":            {"", "", "", "default", ""},
		"of no app":       {"A=1\n", "", "", "default", ""},
		"an app":          {sdk + "COZE_API_BASE=https://api.coze.com\n", coze.COM, testkey.AppID, "sdk", "example"},
		"a sandbox":       {sdk + "COZE_API_BASE=http://127.0.0.1:9\n", "", testkey.AppID, "sdk", "example"},
		"an odd base":     {sdk + "COZE_API_BASE=moon\n", "", testkey.AppID, "sdk", "example"},
		"placeholders":    {"COZE_CLIENT_ID=your-app-id\nCOZE_API_BASE=https://api.coze.com\n", coze.COM, "", "default", ""},
		"an odd App ID":   {"COZE_CLIENT_ID=12/45\nCOZE_API_BASE=https://api.coze.com\n", coze.COM, "", "default", ""},
		"not of settings": {"nonsense\n", "", "", "default", ""},
	} {
		w := testplan.New(t)
		if row.example != "" {
			w.Write(".env.example", row.example)
		}
		s := w.Setup()
		if s.Region != row.region || s.AppID != row.app || s.KeyID != "" || string(s.Names) != row.names || string(s.Origin("app_id")) != row.origin || s.Found() {
			t.Errorf("%s: proposed is %+v, from %q", name, s.Credentials, s.Origin("app_id"))
		}
	}
}

func TestAProfileGetsAKeyOfItsOwnWhereAnotherUsesTheDefault(t *testing.T) {
	complete := "COZE_CLIENT_ID=" + testkey.AppID + "\nCOZE_PUBLIC_KEY=" + testkey.KeyID + "\nCOZE_PRIVATE_KEY_PATH=config/private_key.pem\nCOZE_API_BASE=https://api.coze.cn\n"
	const own = "config/private_key_staging.pem"
	for name, row := range map[string]struct {
		env, file, text string
		flags           map[string]string
		want            string
	}{
		"another profile uses it":       {complete, ".env.staging", "", nil, own},
		"nobody uses it":                {"A=1\n", ".env.staging", "", nil, keyFile},
		"the .env itself":               {"A=1\n", ".env", "", nil, keyFile},
		"the profile has it already":    {complete, ".env.staging", complete, nil, keyFile},
		"its Key ID is given":           {complete, ".env.staging", "", map[string]string{"key-id": testkey.KeyID}, keyFile},
		"its path is given":             {complete, ".env.staging", "", map[string]string{"key-path": "x.pem"}, "x.pem"},
		"it is to be reused":            {complete, ".env.staging", "", map[string]string{"reuse-key": "true"}, keyFile},
		"whether it is used is unknown": {"nonsense\n", ".env.staging", "", nil, keyFile},
	} {
		w := testplan.New(t)
		save(w, keyFile)
		w.Write(".env", row.env)
		if row.text != "" {
			w.Write(row.file, row.text)
		}
		s := at(w, row.file)
		testplan.Must(t, s.Take(row.flags))
		if s.KeyFile != w.Path(row.want) {
			t.Errorf("%s: the key goes to %s, want %s", name, s.KeyFile, row.want)
		}
	}
}

func TestANewAppKeepsTheKeyOfACompleteOneAlone(t *testing.T) {
	w := testplan.New(t)
	w.Write(".env", "COZE_CLIENT_ID="+testkey.AppID+"\n")
	s := w.Setup()
	s.UseNewApp()
	testplan.Must(t, testplan.Do(s, "key", nil))
	if s.KeyFile != w.Path(keyFile) || s.AppID != "" {
		t.Errorf("of a part of credentials: the key is at %s", s.KeyFile)
	}
	created := testplan.Created(t)
	s = created.Setup()
	if testplan.Ask(t, s, "key")[0].Options[1].Label.ID != "key.anew" {
		t.Error("the same app has a place for a second key")
	}
	s.UseNewApp()
	testplan.Must(t, testplan.Do(s, "key", nil))
	if dated := keygen.DatedPath(created.Path("config"), &s.Key.PublicKey, created.Now); s.KeyFile != dated {
		t.Errorf("of complete ones: the key is at %s, want %s", s.KeyFile, dated)
	}
}

func TestTheReviewSaysWhatItIsAbout(t *testing.T) {
	w := testplan.New(t)
	flags := func(values map[string]string) *setup.Setup {
		s := w.Setup()
		testplan.Must(t, s.Take(values))
		w.Custom(s, testkey.AppID, testkey.KeyID)
		testplan.Must(t, testplan.Arrive(s, "review"))
		return s
	}
	says := func(s *setup.Setup) []i18n.Message { return testplan.Step(s, "review").Says() }
	wantIDs(t, "in a dry run", says(flags(map[string]string{"dry-run": "true"})), "review.dry")
	wantIDs(t, "with --yes", says(flags(map[string]string{"yes": "true"})), "review.accepted")
	s := flags(nil)
	wantIDs(t, "at first, with the key of an earlier run", says(s), "review.brief_reused")
	fresh := testplan.New(t)
	made := fresh.Setup()
	fresh.Custom(made, testkey.AppID, testkey.KeyID)
	testplan.Must(t, testplan.Arrive(made, "review"))
	wantIDs(t, "at first, with a key of this run", says(made), "review.brief")
	if answer := testplan.Step(s, "review").Answer(); answer != "" {
		t.Errorf("before it is written, the rail says %q", answer)
	}
	testplan.Must(t, testplan.Do(s, "review", testplan.Yes))
	wantIDs(t, "once written", says(s), "review.written")
	wantIDs(t, "where nothing changes", says(flags(nil)), "review.unchanged")
}

func TestTheReviewSaysWhatBecomesOfTheKey(t *testing.T) {
	for name, row := range map[string]struct {
		there bool
		flags map[string]string
		want  review.Action
	}{
		"made":             {false, nil, review.Saved},
		"made, dry":        {false, map[string]string{"dry-run": "true"}, review.Created},
		"its own":          {true, nil, review.Kept},
		"its own, and dry": {true, map[string]string{"dry-run": "true"}, review.Kept},
	} {
		w := testplan.New(t)
		if row.there {
			save(w, keyFile)
		}
		s := w.Setup()
		testplan.Must(t, s.Take(row.flags))
		w.Custom(s, testkey.AppID, testkey.KeyID)
		testplan.Must(t, testplan.Arrive(s, "review"))
		at := slices.IndexFunc(s.Review.Changes, func(c review.Change) bool { return c.Path == keyFile })
		if at < 0 || s.Review.Changes[at].Action != row.want {
			t.Errorf("%s: the changes are %+v", name, s.Review.Changes)
		}
	}
}

func TestATeamsExampleIsKeptUp(t *testing.T) {
	for name, row := range map[string]struct {
		arrange func(*testplan.World)
		flags   map[string]string
		region  string
		edited  bool
	}{
		"there":          {func(w *testplan.World) { w.Write(".env.example", "A=\n") }, nil, "custom", true},
		"not there":      {func(*testplan.World) {}, nil, "custom", false},
		"left alone":     {func(w *testplan.World) { w.Write(".env.example", "A=\n") }, map[string]string{"no-example": "true"}, "custom", false},
		"in the sandbox": {func(w *testplan.World) { w.Write(".env.example", "A=\n") }, nil, "sandbox", false},
		"a folder":       {func(w *testplan.World) { testplan.Must(w.T, os.Mkdir(w.Path(".env.example"), 0o700)) }, nil, "custom", false},
	} {
		w := testplan.New(t)
		row.arrange(w)
		s := w.Setup()
		testplan.Must(t, s.Take(row.flags))
		testplan.Must(t, testplan.Do(s, "region", map[string]string{"region": row.region, "api_base": w.Coze.Base}))
		for _, id := range []string{"app", "key", "upload"} {
			testplan.Must(t, testplan.Do(s, id, nil))
		}
		s.AppID, s.KeyID = testkey.AppID, testkey.KeyID
		testplan.Must(t, testplan.Arrive(s, "review"))
		if got := slices.ContainsFunc(s.Review.Changes, func(c review.Change) bool { return c.Path == ".env.example" }); got != row.edited {
			t.Errorf("%s: it is edited: %v", name, got)
		}
	}
}

func TestInTheEndItSaysWhatTheRunHasShown(t *testing.T) {
	w := testplan.Created(t)
	says := func(s *setup.Setup) []i18n.Message { return testplan.Step(s, "done").Says() }
	s := w.Setup()
	testplan.Must(t, testplan.Do(s, "region", nil))
	for _, id := range []string{"app", "key", "upload", "app_id", "key_id"} {
		testplan.Must(t, testplan.Do(s, id, nil))
	}
	testplan.Must(t, testplan.Do(s, "review", testplan.Yes))
	wantIDs(t, "untested", says(s), "done.untested")
	wantIDs(t, "its summary", s.Summary(), "summary.unchanged", "summary.untested")
	testplan.Must(t, testplan.Do(s, "test", nil))
	wantIDs(t, "in the sandbox", says(s), "done.sandbox_live", "done.sandbox")
	wantIDs(t, "its summary", s.Summary(), "summary.unchanged", "summary.token", "summary.next")
	testplan.Must(t, testplan.Arrive(s, "done"))
	var usage setup.Usage
	for _, x := range testplan.Step(s, "done").Exhibits() {
		if u, ok := x.(setup.Usage); ok {
			usage = u
		}
	}
	project := snippet.Project{Dir: w.Dir, Convention: s.Names, EnvPath: w.Env()}.Look()
	if usage.Project != project || usage.Token != s.Token || usage.KeyFile != keyFile {
		t.Errorf("how to use it: %+v", usage)
	}
	s.TakeBase(coze.Custom, w.Coze.Base)
	wantIDs(t, "in a region", says(s), "done.live", "done.permissions")
	s = w.Setup()
	testplan.Must(t, s.Take(map[string]string{"dry-run": "true"}))
	wantIDs(t, "in a dry run", says(s), "done.dry")
	wantIDs(t, "its summary", s.Summary(), "done.dry")
}

func TestARunThatIsLeftSaysWhatExists(t *testing.T) {
	w := testplan.New(t)
	s := w.Setup()
	wantIDs(t, "at once", s.Leftovers(true), "left.env_absent")
	wantIDs(t, "where nobody resumes it", s.Leftovers(false), "left.absent")
	testplan.Must(t, testplan.Do(s, "key", nil))
	wantIDs(t, "with a key", s.Leftovers(true), "left.key", "left.env_absent")
	w.Write(".env", "A=1\n")
	wantIDs(t, "with a .env", s.Leftovers(true), "left.key", "left.env_untouched")
	wantIDs(t, "where nobody resumes it", s.Leftovers(false), "left.key", "left.same")
	s.Lasting = false
	wantIDs(t, "where it does not last", s.Leftovers(true), "left.key", "left.same")
	created := testplan.Created(t)
	r := refused(t, created, "reuse")
	wantIDs(t, "refused", r.Leftovers(true), "left.env_refused", "used.kept")
	testplan.Must(t, r.Restore())
	wantIDs(t, "restored", r.Leftovers(true), "left.restored")
	if r.Written || r.Edits != nil || r.CanUndo() {
		t.Error("it would be restored again")
	}
}
