package rotation_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/rotation"
	"cozejwt/internal/steps"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testplan"
	"cozejwt/keygen"
)

// refusal is that of a Key ID which the service does not know.
var refusal = &coze.Refusal{Status: 401, Code: "invalid_client", Message: "invalid jwt: kid not been registered"}

// causes are the ids of those of a diagnosis.
func causes(d diagnosis.Diagnosis) (ids []string) {
	for _, c := range d.Causes {
		ids = append(ids, c.ID)
	}
	return ids
}

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

// newKey puts a key that nothing uses into a file of the project.
func newKey(w *testplan.World, name string) string {
	w.T.Helper()
	_, err := keygen.Save(w.Path(name), w.Key(), keygen.Refuse, w.Now)
	testplan.Must(w.T, err)
	return w.Path(name)
}

func TestARotationNeedsCompleteCredentials(t *testing.T) {
	w := testplan.New(t)
	for name, open := range map[string]func() error{
		"rotate":   func() error { _, err := rotation.Open(w.Deps(), w.Dir, w.Env()); return err },
		"rollback": func() error { _, err := rotation.OpenRollback(w.Deps(), w.Dir, w.Env()); return err },
		"prune":    func() error { _, err := rotation.OpenPrune(w.Deps(), w.Dir, w.Env()); return err },
	} {
		if err := open(); fault.ID(err) != "env.absent" {
			t.Errorf("%s: error is %v", name, err)
		}
	}
}

func TestTheCurrentCredentialsAreTestedFirst(t *testing.T) {
	w := testplan.Created(t)
	s := rotating(w)
	st := testplan.Step(s, "current")
	wantIDs(t, "it says", st.Says(), "current.brief", "current.set")
	if pairs := st.Says()[1].Pairs; !slices.Equal(pairs, []string{"app_id", s.Previous.AppID, "key_id", s.Previous.KeyID, "path", "config/private_key.pem"}) {
		t.Errorf("of them it says %q", pairs)
	}
	testplan.Must(t, testplan.Do(s, "current", nil))
	if x, _ := flow.Shown[steps.Exchange](st); x.Token == nil || st.Outcome != flow.TokenOptional {
		t.Error("no token is shown")
	}
	testplan.Must(t, testplan.Do(s, "key", nil))
	testplan.Must(t, testplan.Do(s, "upload", nil))
	testplan.Must(t, testplan.Do(s, "key_id", map[string]string{"key_id": testkey.KeyID}))
	known := func() []string { _ = testplan.Do(s, "test", nil); return causes(s.Diagnose(refusal)) }
	if ids := known(); slices.Contains(ids, "kid.app_id") {
		t.Errorf("the app works, and the causes are %q", ids)
	}
	testplan.Step(s, "current").Work() // a test that is begun has not passed
	if ids := known(); !slices.Contains(ids, "kid.app_id") {
		t.Errorf("while it is tested again, the causes are %q", ids)
	}
	testplan.Must(t, testplan.Do(s, "current", nil))
	testplan.Must(t, os.Remove(w.Path("config/private_key.pem")))
	if err := testplan.Do(s, "current", nil); !errors.Is(err, keygen.ErrAbsent) || s.Token != nil {
		t.Errorf("without the key: error is %v", err)
	}
	if ids := known(); !slices.Contains(ids, "kid.app_id") {
		t.Errorf("whether the app works is not known, and the causes are %q", ids)
	}
}

func TestAForgottenUploadIsEvidentOfAPairThatWasMadeHere(t *testing.T) {
	w := testplan.Created(t)
	for name, row := range map[string]struct {
		source          steps.KeySource
		isNew, uploaded bool
		want            string
	}{
		"made in this run":     {steps.MakeKey, true, false, "evident"},
		"imported in this run": {steps.ImportKey, true, false, "possible"},
		"of before":            {steps.ReuseKey, false, false, "possible"},
		"seen to be uploaded":  {steps.MakeKey, true, true, "ruled out"},
	} {
		s := rotating(w)
		s.AboutTo(s.Previous)
		s.Source, s.KeyIsNew, s.Uploaded = row.source, row.isNew, row.uploaded
		got := "ruled out"
		for _, c := range s.Diagnose(refusal).Causes {
			if c.ID == "kid.not_uploaded" {
				got = map[bool]string{true: "evident", false: "possible"}[c.Evidence != nil]
			}
		}
		if got != row.want {
			t.Errorf("%s: a forgotten upload is %s, want %s", name, got, row.want)
		}
	}
}

func TestTheNewKeyIDIsAnotherAndOfTheRightShape(t *testing.T) {
	w := testplan.Created(t)
	s := rotating(w)
	f := s.Ask(testplan.Step(s, "key_id"))[0]
	for raw, want := range map[string]error{
		s.Previous.KeyID:    rotation.ErrSameKeyID,
		s.Previous.AppID:    credentials.ErrIsAppID,
		"":                  credentials.ErrMissing,
		testkey.KeyID + " ": nil,
	} {
		if _, err := f.Answer(s.Run, raw); !errors.Is(err, want) {
			t.Errorf("%q: error is %v", raw, err)
		}
	}
	if s.KeyID != testkey.KeyID {
		t.Errorf("the Key ID is %q", s.KeyID)
	}
}

func TestTheOtherFilesOfTheKeyAreAskedAbout(t *testing.T) {
	w := testplan.Created(t)
	if st := testplan.Step(rotating(w), "files"); !st.Skips() {
		t.Error("there are none, and it is asked")
	}
	w.Write(".env.production", w.Read(".env"))
	s := rotating(w)
	st := testplan.Step(s, "files")
	if said := i18n.English.Say(st.Says()[0]); st.Skips() || !strings.Contains(said, ".env.production") {
		t.Errorf("it says %q", said)
	}
	for _, answer := range []string{"no", "yes"} {
		f := s.Ask(st)[0]
		_, err := f.Answer(s.Run, answer)
		if testplan.Must(t, err); s.Together != (answer == "yes") || s.Ask(st)[0].Value != answer {
			t.Errorf("after %s: %v", answer, s.Together)
		}
		for i, id := range []string{"together.yes", "together.no"} {
			if f.Options[i].Label.ID != id {
				t.Errorf("option %d is %s", i, f.Options[i].Label.ID)
			}
		}
	}
}

func TestToolsThatMayHoldThePreviousKeyAreNamed(t *testing.T) {
	for name, row := range map[string]struct {
		files []string
		want  []string
	}{
		"none":             {nil, nil},
		"fly":              {[]string{"fly.toml"}, []string{"rotated.deployed", "rotated.tool.fly"}},
		"github":           {[]string{".github/workflows/ci.yaml"}, []string{"rotated.deployed", "rotated.tool.github"}},
		"docker, once":     {[]string{"compose.yaml", "Dockerfile"}, []string{"rotated.deployed", "rotated.tool.docker"}},
		"k8s":              {[]string{"deploy/app.yaml"}, []string{"rotated.deployed", "rotated.tool.k8s"}},
		"gitlab":           {[]string{".gitlab-ci.yml"}, []string{"rotated.deployed", "rotated.tool.gitlab"}},
		"vercel":           {[]string{"vercel.json"}, []string{"rotated.deployed", "rotated.tool.vercel"}},
		"wrangler":         {[]string{"wrangler.jsonc"}, []string{"rotated.deployed", "rotated.tool.wrangler"}},
		"several, ordered": {[]string{"k8s/a.yml", "fly.toml"}, []string{"rotated.deployed", "rotated.tool.fly", "rotated.tool.k8s"}},
		"in other folders": {[]string{"sub/fly.toml", ".github/ci.yml"}, nil},
	} {
		w := testplan.Created(t)
		for _, file := range row.files {
			w.Write(file, "x: 1\n")
		}
		s := rotating(w)
		testplan.Must(t, testplan.Arrive(s, "done"))
		want := slices.Concat([]string{"rotated.live", "rotated.next_at"}, row.want, []string{"rotated.back"})
		wantIDs(t, name, testplan.Step(s, "done").Says(), want...)
	}
}

func TestWhatIsLeftToDoSaysWhereAndWhen(t *testing.T) {
	w := testplan.Created(t)
	s := rotating(w)
	testplan.Walk(t, s, testplan.Yes)
	wantIDs(t, "its summary", s.Summary(), "summary.env", "summary.token", "summary.record", "rotated.next_at", "rotated.back")
	if list, _ := flow.Shown[flow.Checklist](testplan.Step(s, "done")); len(list) != 5 {
		t.Errorf("the checklist has %d points", len(list))
	}
	said := i18n.English.Say(testplan.Step(s, "done").Says()[1])

	if !strings.Contains(said, "sandbox --open") || !strings.Contains(said, s.Previous.KeyID) {
		t.Errorf("it says %q", said)
	}
	s.TakeBase(coze.Custom, w.Coze.Base)
	wantIDs(t, "where no console is known", testplan.Step(s, "done").Says(), "rotated.live", "rotated.next", "rotated.back")
}

func TestARotationThatIsLeftSaysWhatExists(t *testing.T) {
	w := testplan.Created(t)
	s := rotating(w)
	wantIDs(t, "at once", s.Leftovers(true), "left.same")
	testplan.Must(t, testplan.Do(s, "current", nil))
	testplan.Must(t, testplan.Do(s, "key", nil))
	wantIDs(t, "with a new key", s.Leftovers(true), "left.key", "left.rotation")
	text := w.Read(".env")
	testplan.Must(t, os.Remove(w.Env()))
	wantIDs(t, "without its .env", s.Leftovers(false), "left.key", "left.absent")
	wantIDs(t, "without its .env, resumed", s.Leftovers(true), "left.key", "left.env_absent")
	w.Write(".env", text)
	for _, id := range []string{"upload", "key_id", "test"} {
		testplan.Must(t, testplan.Do(s, id, nil))
	}
	testplan.Must(t, testplan.Do(s, "review", testplan.Yes))
	wantIDs(t, "switched", s.Leftovers(true), "left.key", "left.env")
}

func TestTheNewestKeyThatWaitsIsTheNewOne(t *testing.T) {
	w := testplan.Created(t)
	dated := func(day string, age time.Duration) string {
		path := newKey(w, "config/private_key_"+day+"_01234567.pem")
		testplan.Must(t, os.Chtimes(path, w.Now, w.Now.Add(-age)))
		return path
	}
	if s := rotating(w); s.KeyFile != "" {
		t.Errorf("nothing waits, and the new key is %s", s.KeyFile)
	}
	dated("20260101", time.Hour)
	newest := dated("20261201", time.Minute)
	dated("20270101", 2*time.Hour)
	newKey(w, "config/somebodys.pem")
	broken := w.Path("config/private_key_20280101_01234567.pem")
	w.Write("config/private_key_20280101_01234567.pem", "no key\n")
	if s := rotating(w); s.KeyFile != newest {
		t.Errorf("the new key is %s, want %s", s.KeyFile, newest)
	}
	testplan.Must(t, os.Remove(broken))
	w.Write(".env.production", strings.ReplaceAll(w.Read(".env"), "private_key.pem", "private_key_20261201_01234567.pem"))
	if s := rotating(w); s.KeyFile != w.Path("config/private_key_20260101_01234567.pem") {
		t.Errorf("one that a file uses is taken, or an older one: %s", s.KeyFile)
	}
	w.Write(".env.odd", "nonsense\n")
	if s := rotating(w); s.KeyFile != "" {
		t.Errorf("any of them may be in use, and %s is taken", s.KeyFile)
	}
}

func TestAnUnaskedRotationTakesTheKeyThatWaits(t *testing.T) {
	w := testplan.Created(t)
	if err := rotating(w).ReadyUnasked(); err != nil {
		t.Errorf("in the sandbox, where a key is made: error is %v", err)
	}
	elsewhere := func() *rotation.Rotation {
		s := rotating(w)
		s.TakeBase(coze.Custom, w.Coze.Base)
		return s
	}
	if err := elsewhere().ReadyUnasked(); !errors.Is(err, rotation.ErrNoNewKey) {
		t.Errorf("no key waits: error is %v", err)
	}
	path := newKey(w, "config/private_key_20260101_01234567.pem")
	s := elsewhere()
	if err := s.ReadyUnasked(); err != nil || s.KeyFile != path || s.Source != steps.ReuseKey || !s.Given("key_path") {
		t.Errorf("error is %v, the key %s", err, s.KeyFile)
	}
	s = elsewhere()
	s.Source = steps.ImportKey
	if err := s.ReadyUnasked(); err != nil || s.Source != steps.ImportKey {
		t.Errorf("a key by a flag: error is %v, from %s", err, s.Source)
	}
	s = elsewhere()
	testplan.Must(t, os.Remove(path))
	if err := s.ReadyUnasked(); !errors.Is(err, keygen.ErrAbsent) {
		t.Errorf("gone in between: error is %v", err)
	}
}
