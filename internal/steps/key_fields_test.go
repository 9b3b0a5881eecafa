package steps_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/i18n"
	"cozejwt/internal/paths"
	"cozejwt/internal/steps"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testplan"
	"cozejwt/keygen"
)

func TestWhereTheKeyMayComeFrom(t *testing.T) {
	for name, row := range map[string]struct {
		there  bool // a key of before the run
		beside bool
		first  map[string]string // how the step was answered before
		wants  []string          // the options with their texts, the proposal first
	}{
		"no key":                     {false, false, nil, []string{"make", "make key.make", "import key.import"}},
		"a key":                      {true, false, nil, []string{"reuse", "reuse key.reuse", "make key.anew", "import key.import"}},
		"a key that stays in use":    {true, true, nil, []string{"reuse", "reuse key.reuse", "make key.make", "import key.import"}},
		"a place beside none":        {false, true, nil, []string{"make", "make key.make", "import key.import"}},
		"a key that this run made":   {false, false, map[string]string{"key_source": "make"}, []string{"make", "make key.made", "another key.another", "import key.import"}},
		"a key that was imported":    {false, false, map[string]string{"key_source": "import"}, []string{"import", "reuse key.reuse", "make key.anew", "import key.import"}},
		"a key that was used before": {true, false, map[string]string{"key_source": "reuse"}, []string{"reuse", "reuse key.reuse", "make key.anew", "import key.import"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := testplan.New(t)
			download := saved(w, "downloads/private_key.pem", testkey.RSA())
			if row.there {
				saved(w, keyFile, w.Key())
			}
			p := open(w)
			p.Downloads = []string{filepath.Dir(download)}
			if row.beside {
				p.beside = w.Path("config")
			}
			if row.first != nil {
				testplan.Must(t, testplan.Do(p, "key", row.first))
			}
			f := testplan.Ask(t, p, "key")[0]
			got := []string{f.Value}
			for _, o := range f.Options {
				got = append(got, o.Value+" "+o.Label.ID)
				if o.About.ID != o.Label.ID+".about" {
					t.Errorf("%s is about %s", o.Label.ID, o.About.ID)
				}
			}
			want(t, "the options", got, row.wants)
		})
	}
}

func TestAKeyOnTheDiskIsToldFromOthers(t *testing.T) {
	w := testplan.New(t)
	path := saved(w, keyFile, testkey.RSA())
	testplan.Must(t, os.Chtimes(path, w.Now, w.Now.Add(-90*time.Second)))
	f := testplan.Ask(t, open(w), "key")[0]
	pairs := []string{"path", keyFile, "bits", "2048", "age", i18n.Duration(90 * time.Second), "sha256", keygen.Fingerprint(&testkey.RSA().PublicKey)[:16]}
	want(t, "the key is described as", f.Options[0].Label.Pairs, pairs)
	want(t, "a new one goes to", f.Options[1].Label.Pairs, []string{"path", keyFile})
	p := open(w)
	p.beside = w.Path("keys")
	if pairs := testplan.Ask(t, p, "key")[0].Options[1].Label.Pairs; !strings.HasPrefix(pairs[1], "keys/private_key_") {
		t.Errorf("beside one in use it goes to %s", pairs[1])
	}
}

func TestWhatIsAskedOfAKeyDependsOnItsSource(t *testing.T) {
	none := func(*testplan.World, *plan) {}
	there := func(w *testplan.World, _ *plan) { saved(w, keyFile, w.Key()) }
	broken := func(w *testplan.World, _ *plan) { w.Write(keyFile, "no key\n") }
	for name, row := range map[string]struct {
		arrange func(*testplan.World, *plan)
		source  steps.KeySource
		wants   []string
	}{
		"unanswered":                   {none, "", []string{"key_source"}},
		"unanswered, with a key":       {there, "", []string{"key_source"}},
		"made":                         {none, "make", []string{"key_source"}},
		"made over a key":              {there, "make", []string{"key_source", "replace_key"}},
		"made over what is no key":     {broken, "make", []string{"key_source", "replace_key"}},
		"reused":                       {there, "reuse", []string{"key_source"}},
		"imported":                     {none, "import", []string{"key_source", "import_key", "discard"}},
		"imported over a key":          {there, "import", []string{"key_source", "import_key", "replace_key", "discard"}},
		"imported over what is no key": {broken, "import", []string{"key_source", "import_key", "replace_key", "discard"}},
		"imported over itself":         {func(w *testplan.World, _ *plan) { saved(w, keyFile, testkey.RSA()) }, "import", []string{"key_source", "import_key", "discard"}},
		"imported, not yet named":      {func(w *testplan.World, p *plan) { there(w, p); p.Import = "" }, "import", []string{"key_source", "import_key", "replace_key"}},
		"imported from its place":      {func(w *testplan.World, p *plan) { p.Import = saved(w, keyFile, testkey.RSA()) }, "import", []string{"key_source", "import_key"}},
		"beside one in use":            {func(w *testplan.World, p *plan) { there(w, p); p.beside = w.Dir }, "make", []string{"key_source"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := testplan.New(t)
			p := open(w)
			p.Import = saved(w, "downloads/private_key.pem", testkey.RSA())
			row.arrange(w, p)
			p.Source = row.source
			want(t, "asked is", asked(t, p, "key"), row.wants)
		})
	}
}

func TestAKeyOfThisRunIsReplacedWithoutAWord(t *testing.T) {
	w := testplan.New(t)
	download := saved(w, "downloads/private_key.pem", testkey.RSA())
	p := open(w)
	p.do(t, "key")
	p.Source, p.Import = steps.ImportKey, download
	want(t, "asked is", asked(t, p, "key"), []string{"key_source", "import_key", "discard"})
	testplan.Must(t, testplan.Do(p, "key", nil))
	if len(p.Backups) != 2 {
		t.Errorf("the copies are %v", p.Backups)
	}
}

func TestAKeyThatSomeoneElsePutInItsPlaceIsNotTheOneThatWasMade(t *testing.T) {
	w := testplan.New(t)
	p := open(w)
	p.do(t, "key")
	w.Write(keyFile, string(keygen.EncodePrivate(testkey.RSA())))
	if f := testplan.Ask(t, p, "key")[0]; f.Options[0].Value != "reuse" {
		t.Errorf("the first option is %s", f.Options[0].Value)
	}
	want(t, "asked is", asked(t, p, "key"), []string{"key_source", "replace_key"})
}

func TestReplacingWantsTheWordTyped(t *testing.T) {
	w := testplan.New(t)
	saved(w, keyFile, testkey.RSA())
	p := open(w)
	p.Source = steps.MakeKey
	testplan.Ask(t, p, "key")
	f := question(t, p, "key", "replace_key")
	if f.Value != "" || f.Hint.ID != "field.replace_key.about" || !errors.Is(f.Missing(""), keygen.ErrExists) {
		t.Errorf("the question is %+v", f)
	}
	for word, agreed := range map[string]bool{"yes": true, " YES ": true, "是": true, "": false, "y": false, "no": false} {
		p.Replace = false
		if _, err := f.Answer(p.Run, word); (err == nil) != agreed || p.Replace != agreed {
			t.Errorf("%q: error is %v", word, err)
		}
	}
	p.Replace = true
	if f := question(t, p, "key", "replace_key"); f.Value != "yes" {
		t.Error("the word has to be typed again")
	}
	_, err := question(t, p, "key", "key_source").Answer(p.Run, "make")
	if testplan.Must(t, err); p.Replace {
		t.Error("the word holds for another choice")
	}
}

func TestWhatIsNoKeyIsSaidBeforeItIsReplaced(t *testing.T) {
	w := testplan.New(t)
	w.Write(keyFile, "no key\n")
	p := open(w)
	p.Source = steps.MakeKey
	testplan.Ask(t, p, "key")
	f := question(t, p, "key", "replace_key")
	if f.Hint.ID != "field.replace_key.unreadable" || !errors.Is(f.Missing(""), keygen.ErrNoPEM) {
		t.Errorf("it says %s, and where nobody can be asked %v", f.Hint.ID, f.Missing(""))
	}
}

func TestTheNewestDownloadIsProposed(t *testing.T) {
	w := testplan.New(t)
	text := string(keygen.EncodePrivate(testkey.RSA()))
	for name, age := range map[string]time.Duration{
		"a/private_key.pem": time.Hour, "a/private_key (1).pem": 90 * time.Second, "b/private_key.pem1": 2 * time.Hour, "b/other.pem": 0,
	} {
		w.Write(name, text)
		testplan.Must(t, os.Chtimes(w.Path(name), w.Now, w.Now.Add(-age)))
	}
	testplan.Must(t, os.MkdirAll(w.Path("a/private_key.pem.d"), 0o700))
	p := open(w)
	p.Source, p.Downloads = steps.ImportKey, []string{w.Path("none"), w.Path("a"), w.Path("b")}
	testplan.Ask(t, p, "key")
	f := question(t, p, "key", "import_key")
	if f.Value != w.Path("a/private_key (1).pem") || f.Hint == nil || !slices.Equal(f.Hint.Pairs, []string{"path", "a/private_key (1).pem", "age", i18n.Duration(90 * time.Second)}) {
		t.Errorf("proposed is %+v, %v", f.Value, f.Hint)
	}
	p.Import = w.Path("b/other.pem")
	if f := question(t, p, "key", "import_key"); f.Value != p.Import || f.Hint == nil {
		t.Errorf("what was answered gives way to %s", f.Value)
	}
	p.Import, p.Downloads = "", nil
	testplan.Ask(t, p, "key")
	if f := question(t, p, "key", "import_key"); f.Value != "" || f.Hint != nil {
		t.Errorf("without downloads it proposes %q, %v", f.Value, f.Hint)
	}
}

func TestADownloadThatIsALinkToNothingIsNotProposed(t *testing.T) {
	w := testplan.New(t)
	testfile.Symlink(t, "gone", w.Path("private_key.pem"))
	p := open(w)
	p.Source, p.Downloads = steps.ImportKey, []string{w.Dir}
	testplan.Ask(t, p, "key")
	if f := question(t, p, "key", "import_key"); f.Value != "" {
		t.Errorf("proposed is %s", f.Value)
	}
}

func TestAPathOfNoKeyIsRefusedAndTheAnswerKept(t *testing.T) {
	w := testplan.New(t)
	good := saved(w, "good.pem", testkey.RSA())
	w.Write("text.pem", "no key\n")
	for raw, fault := range map[string]error{"": paths.ErrEmpty, w.Path("none.pem"): keygen.ErrAbsent, w.Path("text.pem"): keygen.ErrNoPEM} {
		p := open(w)
		p.Source, p.Import = steps.ImportKey, good
		if _, err := question(t, p, "key", "import_key").AnswerNow(background, p.Run, raw); !errors.Is(err, fault) || p.Import != good {
			t.Errorf("%q: error is %v, and the answer %s", raw, err, p.Import)
		}
	}
}

func TestTheDownloadStaysUnlessThePersonSaysSo(t *testing.T) {
	w := testplan.New(t)
	p := open(w)
	p.Source, p.Import = steps.ImportKey, saved(w, "downloads/private_key.pem", testkey.RSA())
	testplan.Ask(t, p, "key")
	f := question(t, p, "key", "discard")
	if f.Value != "no" || f.At() != 0 || f.Hint.Pairs[1] != "downloads/private_key.pem" {
		t.Errorf("the question is %+v", f)
	}
	for _, answer := range []string{"yes", "no"} {
		_, err := f.Answer(p.Run, answer)
		testplan.Must(t, err)
		if p.Discard != (answer == "yes") || question(t, p, "key", "discard").Value != answer {
			t.Errorf("after %s, it is %v", answer, p.Discard)
		}
	}
}
