package steps_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/demofile"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/steps"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testplan"
	"cozejwt/keygen"
)

// demo puts a demo file of the app of the tests into a folder, and returns its path.
func demo(t *testing.T, folder, name, base string) string {
	t.Helper()
	config := fmt.Sprintf(`{"client_type": "jwt", "client_id": %q, "private_key": %s, "public_key_id": %q, "coze_www_base": "", "coze_api_base": %q}`,
		testkey.AppID, strconv.Quote(string(keygen.EncodePrivate(testkey.RSA()))), testkey.KeyID, base)
	path := filepath.Join(folder, name)
	testfile.Write(t, path, testfile.Zip("coze-demo/README.md", "# Demo", "coze-demo/coze_oauth_config.json", config))
	return path
}

func TestADemoFileIsTakenAsAKeyWithItsIDs(t *testing.T) {
	for answer, removed := range map[string]bool{"yes": true, "no": false} {
		w, downloads := testplan.New(t), t.TempDir()
		path := demo(t, downloads, "python.zip", coze.CN.Base())
		p := open(w)
		p.Downloads = []string{downloads}
		p.ChooseBase(coze.CN, coze.CN.Base())
		testplan.Must(t, testplan.Arrive(p, "key"))
		p.Source = steps.ImportKey
		f := question(t, p, "key", "import_key")
		if f.Value != path || f.Hint == nil || f.Hint.ID != "field.import_key.newest_demo" {
			t.Errorf("the proposal is %q, %+v", f.Value, f.Hint)
		}
		testplan.Must(t, testplan.Do(p, "key", map[string]string{"key_source": "import", "discard": answer}))
		if !p.KeyIsNew || !p.Key.Equal(testkey.RSA()) || p.AppID != testkey.AppID || p.KeyID != testkey.KeyID {
			t.Errorf("discard %s: the answers are %+v, %+v", answer, p.KeyAnswers, p.Set)
		}
		if key, err := keygen.Load(w.Path(keyFile)); err != nil || !key.Private.Equal(testkey.RSA()) || key.Flaws != nil {
			t.Errorf("discard %s: the key file: %v", answer, err)
		}
		if p.Origin("app_id") != flow.FromDemo || p.Origin("key_id") != flow.FromDemo || question(t, p, "key_id", "key_id").Source().ID != "origin.demo" {
			t.Errorf("the ids are from %q, %q", p.Origin("app_id"), p.Origin("key_id"))
		}
		if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) != removed {
			t.Errorf("discard %s: %v", answer, err)
		}
		lines := []string{"key.demo", "key.demo.kept"}
		if removed {
			lines = lines[:1]
		}
		want(t, "what is said of it", said(p.DemoLines()), lines)
		before := p.KeyID
		testplan.Must(t, testplan.Do(p, "key", map[string]string{"discard": answer})) // coming back to the step
		if p.KeyID != before || len(p.DemoLines()) == 0 {
			t.Errorf("discard %s: coming back forgets the demo file", answer)
		}
	}
}

func TestTheQuestionAboutTheOriginalSaysThatTheDemoFileHasAKey(t *testing.T) {
	p := open(testplan.New(t))
	testplan.Must(t, p.TakeImport(demo(t, t.TempDir(), "demo.zip", "")))
	testplan.Must(t, testplan.Arrive(p, "key"))
	if f := question(t, p, "key", "discard"); f.Hint.ID != "field.discard.demo" {
		t.Errorf("it says %s", f.Hint.ID)
	}
	if p.AppID != testkey.AppID || p.KeyID != testkey.KeyID {
		t.Errorf("a flag's demo file leaves the ids at %q, %q", p.AppID, p.KeyID)
	}
	p.do(t, "key")
	if p.KeyID != testkey.KeyID {
		t.Errorf("the key step makes the Key ID %q", p.KeyID)
	}
}

func TestAnotherKeyHasNoLinesOfADemoFile(t *testing.T) {
	w := testplan.New(t)
	p := open(w)
	testplan.Must(t, p.TakeImport(demo(t, t.TempDir(), "demo.zip", "")))
	p.do(t, "key")
	testplan.Must(t, testplan.Do(p, "key", map[string]string{"key_source": "make", "replace_key": "yes"}))
	if p.DemoLines() != nil || p.KeyID != "" {
		t.Errorf("a key that was made has %v and %q", said(p.DemoLines()), p.KeyID)
	}
}

func TestFlagsStayBeforeTheIDsOfADemoFile(t *testing.T) {
	p := open(testplan.New(t))
	p.KeyID = "_Other-ghijklmnopqrstuvwxyz0123456789ABCDEF"
	p.Note(flow.FromFlag, "key_id")
	testplan.Must(t, p.TakeImport(demo(t, t.TempDir(), "demo.zip", "")))
	p.do(t, "key")
	if p.KeyID == testkey.KeyID || p.AppID != testkey.AppID {
		t.Errorf("the ids are %q, %q", p.AppID, p.KeyID)
	}
}

func TestTheDemoFileOfAFlagSaysTheRegionWhereNothingElseDoes(t *testing.T) {
	path := demo(t, t.TempDir(), "demo.zip", coze.COM.Base())
	p := open(testplan.New(t))
	testplan.Must(t, p.TakeImport(path))
	if p.Region != coze.COM || p.APIBase != coze.COM.Base() {
		t.Errorf("the region is %s, %s", p.Region, p.APIBase)
	}
	p = open(testplan.New(t))
	testplan.Must(t, p.TakeImport(demo(t, t.TempDir(), "demo.zip", "https://else.example")))
	if p.Region != "" || p.APIBase != "" {
		t.Errorf("a host that is not Coze's is taken as %s, %s", p.Region, p.APIBase)
	}
	p = open(testplan.New(t))
	p.ChooseBase(coze.Custom, "https://proxy.example")
	testplan.Must(t, p.TakeImport(path))
	if p.APIBase != "https://proxy.example" {
		t.Errorf("the base that was chosen is now %s", p.APIBase)
	}
}

func TestADemoFileOfAnotherAppOrRegionIsRefused(t *testing.T) {
	path := demo(t, t.TempDir(), "demo.zip", coze.CN.Base())
	for name, row := range map[string]struct {
		set  func(p *plan)
		want error
	}{
		"the app of a flag":          {func(p *plan) { p.AppID = "9234567890123"; p.Note(flow.FromFlag, "app_id") }, steps.ErrOtherApp},
		"the app of a rotation":      {func(p *plan) { p.AppID, p.InUse = "9234567890123", testkey.New() }, steps.ErrOtherApp},
		"the same app":               {func(p *plan) { p.AppID, p.InUse = testkey.AppID, testkey.New() }, nil},
		"a proposal":                 {func(p *plan) { p.AppID = "9234567890123" }, nil},
		"the other region":           {func(p *plan) { p.ChooseBase(coze.COM, coze.COM.Base()) }, steps.ErrOtherRegion},
		"the region":                 {func(p *plan) { p.ChooseBase(coze.CN, coze.CN.Base()) }, nil},
		"a proxy, of whichever host": {func(p *plan) { p.ChooseBase(coze.Custom, "https://proxy.example") }, nil},
	} {
		p := open(testplan.New(t))
		row.set(p)
		p.Source = steps.ImportKey
		if err := question(t, p, "key", "import_key").Load(path).Do(background); !errors.Is(err, row.want) {
			t.Errorf("%s: error is %v", name, err)
		}
		if err := p.TakeImport(path); !errors.Is(err, row.want) {
			t.Errorf("%s, as a flag: error is %v", name, err)
		}
	}
}

func TestAZipWithoutAUsableKeyIsRefused(t *testing.T) {
	dir := testfile.NewFolder(t)
	dir.Write("other.zip", testfile.Zip("a.txt", "a"))
	dir.Write("none.zip", testfile.Zip("coze_oauth_config.json", `{"client_id": "1234567890123", "private_key": ""}`))
	for name, want := range map[string]error{"other.zip": demofile.ErrNoConfig, "none.zip": keygen.ErrNoPEM} {
		if err := open(testplan.New(t)).TakeImport(dir.Path(name)); !errors.Is(err, want) {
			t.Errorf("%s: error is %v", name, err)
		}
	}
}

func TestOnlyWellFormedIDsAreTakenFromADemoFile(t *testing.T) {
	dir := testfile.NewFolder(t)
	dir.Write("odd.zip", testfile.Zip("coze_oauth_config.json", fmt.Sprintf(`{"client_id": "my app", "public_key_id": %q, "private_key": %s}`,
		testkey.KeyID, strconv.Quote(string(keygen.EncodePrivate(testkey.RSA()))))))
	p := open(testplan.New(t))
	testplan.Must(t, p.TakeImport(dir.Path("odd.zip")))
	p.do(t, "key")
	if p.AppID != "" || p.KeyID != testkey.KeyID || p.Origin(string(credentials.AppID)) == flow.FromDemo {
		t.Errorf("the ids are %q, %q", p.AppID, p.KeyID)
	}
}

func TestTheNewestDownloadOfTheConsoleIsFound(t *testing.T) {
	folder, now := testfile.NewFolder(t), time.Now()
	at := func(name, text string, age time.Duration) {
		folder.Write(name, text)
		testplan.Must(t, os.Chtimes(folder.Path(name), now, now.Add(-age)))
	}
	if path, _ := steps.NewestDemo([]string{folder.Dir}, now); path != "" {
		t.Errorf("in an empty folder there is %s", path)
	}
	config := testfile.Zip("d/coze_oauth_config.json", "{}")
	at("old.zip", config, 3*time.Hour)
	at("new.zip", config, time.Hour)
	at("photos.zip", testfile.Zip("a.jpg", ""), time.Minute)
	at("private_key.pem", "", 2*time.Hour)
	if path, age := steps.NewestDemo([]string{folder.Dir}, now); path != folder.Path("new.zip") || i18n.Duration(age) != i18n.Duration(time.Hour) {
		t.Errorf("the newest is %s, %v", path, age)
	}
	w := testplan.New(t)
	p := open(w)
	p.Downloads = []string{folder.Dir}
	propose := func() string {
		testplan.Must(t, testplan.Arrive(p, "key"))
		p.Source = steps.ImportKey
		return question(t, p, "key", "import_key").Value
	}
	if got := propose(); got != folder.Path("new.zip") {
		t.Errorf("the step proposes %s", got)
	}
	at("private_key (1).pem", "", time.Second)
	if got := propose(); got != folder.Path("private_key (1).pem") {
		t.Errorf("the step proposes %s", got)
	}
	for i := range 21 { // more than are opened
		at(fmt.Sprintf("z%d.zip", i), "", 0)
	}
	if path, _ := steps.NewestDemo([]string{folder.Dir}, now); path != "" {
		t.Errorf("behind many others it is %s", path)
	}
}
