package steps_test

import (
	"context"
	"crypto/rsa"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cozejwt/internal/flow"
	"cozejwt/internal/paths"
	"cozejwt/internal/steps"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testplan"
	"cozejwt/keygen"
)

const keyFile = "config/private_key.pem"

func TestAKeyThatIsMadeIsSavedWithItsPublicKey(t *testing.T) {
	w := testplan.New(t)
	p := open(w)
	if st := testplan.Step(p, "key"); st.Answer() != "" {
		t.Errorf("before there is a key, the rail says %q", st.Answer())
	}
	p.do(t, "key")
	onDisk, err := keygen.Load(w.Path(keyFile))
	testplan.Must(t, err)
	if !p.KeyIsNew || !onDisk.Private.Equal(p.Key) || p.Saved.PublicPath != w.Path("config/public_key.pem") {
		t.Errorf("the key is new: %v, saved as %+v", p.KeyIsNew, p.Saved)
	}
	if answer := testplan.Step(p, "key").Answer(); answer != "RSA 2048" {
		t.Errorf("the rail says %q", answer)
	}
	before := p.Key
	p.do(t, "key") // coming back to the step
	if !p.Key.Equal(before) || p.Backups != nil {
		t.Error("the pair was made again")
	}
}

func TestAKeyIsMadeOnceAndInTheSizeThatIsAsked(t *testing.T) {
	w := testplan.New(t)
	var sizes []int
	pool := w.Generate
	w.Generate = func(bits int) (*rsa.PrivateKey, error) { sizes = append(sizes, bits); return pool(2048) }
	p := open(w)
	p.Bits = 3072
	p.Warm()
	p.Warm()
	p.do(t, "key")
	if len(sizes) != 1 || sizes[0] != 3072 {
		t.Errorf("keys of %v bits were made", sizes)
	}
	first := p.Key
	testplan.Must(t, testplan.Do(p, "key", map[string]string{"key_source": "another"}))
	if len(sizes) != 2 || p.Key.Equal(first) || len(p.Backups) != 2 || p.Source != steps.MakeKey {
		t.Errorf("another pair: %v, copies %v", sizes, p.Backups)
	}
}

func TestWithoutAGeneratorAKeyIsMadeAllTheSame(t *testing.T) {
	w := testplan.New(t)
	w.Generate = nil
	p := open(w)
	p.do(t, "key")
	if p.Key.N.BitLen() != keygen.DefaultBits {
		t.Errorf("the key has %d bits", p.Key.N.BitLen())
	}
}

func TestAKeyThatCannotBeMadeIsAnError(t *testing.T) {
	w, broken := testplan.New(t), errors.New("no entropy")
	w.Generate = func(int) (*rsa.PrivateKey, error) { return nil, broken }
	p := open(w)
	if err := testplan.Do(p, "key", nil); !errors.Is(err, broken) || p.Key != nil || p.KeyIsNew {
		t.Errorf("error is %v", err)
	}
}

func TestWhoDoesNotWaitForTheKeyGetsNone(t *testing.T) {
	w := testplan.New(t)
	goOn := make(chan struct{})
	defer close(goOn)
	w.Generate = func(int) (*rsa.PrivateKey, error) { <-goOn; return nil, errors.New("too late") }
	p := open(w)
	p.Source = steps.MakeKey
	ctx, cancel := context.WithCancel(background)
	cancel()
	if err := testplan.Step(p, "key").Work().Do(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}

func TestTheProjectsOwnKeyIsUsedAndItsPublicKeyMadeAgain(t *testing.T) {
	w := testplan.New(t)
	saved(w, keyFile, testkey.RSA())
	before := w.Read(keyFile)
	testplan.Must(t, os.Remove(w.Path("config/public_key.pem")))
	p := open(w)
	p.do(t, "key")
	if p.Source != steps.ReuseKey || p.KeyIsNew || p.Saved != nil || !p.Key.Equal(testkey.RSA()) || w.Read(keyFile) != before {
		t.Errorf("the answers are %+v", p.KeyAnswers)
	}
	if public, err := keygen.LoadPublic(w.Path("config/public_key.pem")); err != nil || !keygen.IsPair(testkey.RSA(), public) {
		t.Errorf("the public key: %v", err)
	}
	testplan.Must(t, os.Remove(w.Path("config/public_key.pem")))
	testplan.Must(t, os.Mkdir(w.Path("config/public_key.pem"), 0o700))
	if err := testplan.Do(open(w), "key", nil); err == nil {
		t.Error("a public key that cannot be written is no error")
	}
	testplan.Must(t, os.Remove(w.Path(keyFile)))
	p = open(w)
	p.Source = steps.ReuseKey
	if err := testplan.Step(p, "key").Work().Do(background); !errors.Is(err, keygen.ErrAbsent) {
		t.Errorf("a key that is gone: error is %v", err)
	}
}

func TestADryRunMakesAKeyInMemoryAlone(t *testing.T) {
	w := testplan.New(t)
	p := open(w)
	p.Dry = true
	p.do(t, "key")
	if p.Key == nil || !p.KeyIsNew || p.Saved != nil || files(w, "*") != nil {
		t.Errorf("saved is %+v, the files are %v", p.Saved, files(w, "*"))
	}
	reused := saved(w, keyFile, testkey.RSA())
	p = open(w)
	p.Dry, p.KeyFile = true, ""
	p.KeyFile = reused
	p.do(t, "key")
	if p.KeyIsNew || p.KeyFile != reused {
		t.Errorf("the key at %s is new", p.KeyFile)
	}
}

func TestAKeyInUseIsNoNewKey(t *testing.T) {
	w := testplan.New(t)
	path := saved(w, keyFile, testkey.RSA())
	for _, source := range []string{"reuse", "import"} {
		p := open(w)
		p.InUse = testkey.RSA()
		err := testplan.Do(p, "key", map[string]string{"key_source": source, "import_key": path})
		if !errors.Is(err, steps.ErrInUse) || !strings.Contains(err.Error(), path) || p.Key != nil {
			t.Errorf("%s: error is %v", source, err)
		}
	}
	p := open(w)
	p.InUse = w.Key()
	p.do(t, "key") // another one is
}

func TestANewKeyBesideOneInUseIsNamedByItsDate(t *testing.T) {
	w := testplan.New(t)
	old := saved(w, keyFile, testkey.RSA())
	p := open(w)
	p.beside = w.Path("keys")
	testplan.Must(t, testplan.Do(p, "key", map[string]string{"key_source": "make"}))
	if dated := keygen.DatedPath(w.Path("keys"), &p.Key.PublicKey, w.Now); p.KeyFile != dated || p.Saved.PrivatePath != dated {
		t.Errorf("the key is at %s, want %s", p.KeyFile, dated)
	}
	if key, err := keygen.Load(old); err != nil || !key.Private.Equal(testkey.RSA()) || p.Backups != nil {
		t.Errorf("the key in use: %v", err)
	}
	p = open(w)
	p.beside = w.Path("keys")
	testplan.Must(t, testplan.Do(p, "key", map[string]string{"key_source": "reuse"}))
	if p.KeyFile != old {
		t.Errorf("one that is reused is looked for at %s", p.KeyFile)
	}
}

func TestAnImportedKeyIsCopiedAndTheDownloadRemovedOnAYes(t *testing.T) {
	for answer, removed := range map[string]bool{"yes": true, "no": false} {
		w := testplan.New(t)
		download := filepath.Join(t.TempDir(), "private_key.pem")
		testplan.Must(t, os.WriteFile(download, keygen.EncodePrivate(testkey.RSA()), 0o600))
		p := open(w)
		answers := map[string]string{"key_source": "import", "import_key": download, "discard": answer}
		testplan.Must(t, testplan.Do(p, "key", answers))
		if _, err := os.Stat(download); errors.Is(err, os.ErrNotExist) != removed {
			t.Errorf("discard %s: %v", answer, err)
		}
		if !p.KeyIsNew || !p.Key.Equal(testkey.RSA()) || p.KeyFile != w.Path(keyFile) || p.Origin("import_key") != flow.FromPerson {
			t.Errorf("discard %s: the answers are %+v", answer, p.KeyAnswers)
		}
		p.Uploaded = true
		testplan.Must(t, testplan.Do(p, "key", answers)) // coming back to the step
		if !p.Key.Equal(testkey.RSA()) || p.Uploaded != removed {
			t.Errorf("discard %s: the step was done again: %v", answer, !p.Uploaded)
		}
	}
}

func TestADownloadThatIsAKeyOfTheProjectIsNotRemoved(t *testing.T) {
	for name, place := range map[string]string{"the key file itself": keyFile, "the key file of a profile": "config/other.pem"} {
		w := testplan.New(t)
		path := saved(w, place, testkey.RSA())
		w.Write(".env.other", "COZE_CLIENT_ID="+testkey.AppID+"\nCOZE_PUBLIC_KEY="+testkey.KeyID+"\nCOZE_PRIVATE_KEY_PATH=config/other.pem\n")
		p := open(w)
		p.Discard = true // also where it is said without being asked
		testplan.Must(t, testplan.Do(p, "key", map[string]string{"key_source": "import", "import_key": path}))
		if _, err := keygen.Load(path); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestADownloadThatAMakeDoesNotUseIsNotRemoved(t *testing.T) {
	w := testplan.New(t)
	download := filepath.Join(t.TempDir(), "private_key.pem")
	testplan.Must(t, os.WriteFile(download, keygen.EncodePrivate(testkey.RSA()), 0o600))
	p := open(w)
	p.Import, p.Discard, p.Source = download, true, steps.MakeKey
	testplan.Must(t, testplan.Step(p, "key").Work().Do(background))
	if _, err := keygen.Load(download); err != nil || p.Key.Equal(testkey.RSA()) {
		t.Errorf("the download: %v", err)
	}
}

func TestAKeyIsReplacedWithACopyOnceThatIsAgreed(t *testing.T) {
	w := testplan.New(t)
	saved(w, keyFile, testkey.RSA())
	p := open(w)
	p.Source = steps.MakeKey
	if err := testplan.Step(p, "key").Work().Do(background); !errors.Is(err, keygen.ErrExists) || p.Key != nil {
		t.Errorf("unasked: error is %v", err)
	}
	p.Replace = true
	testplan.Must(t, testplan.Step(p, "key").Work().Do(background))
	if len(p.Backups) != 2 || p.Key.Equal(testkey.RSA()) {
		t.Errorf("the copies are %v", p.Backups)
	}
	want(t, "what is said of the copies", said(p.BackupLines()), []string{"left.kept", "left.kept"})
	want(t, "what is said of a run that is left", said(p.LeftLines()), []string{"left.key", "left.kept", "left.kept"})
	want(t, "what is said of a run that made nothing", said(open(w).LeftLines()), nil)
}

func TestAKeyIDBelongsToItsKey(t *testing.T) {
	w := testplan.New(t)
	saved(w, keyFile, testkey.RSA())
	p := open(w)
	p.KeyID = testkey.KeyID
	p.Own(testkey.RSA())
	p.do(t, "key")
	if p.KeyID != testkey.KeyID {
		t.Error("the Key ID of the same key is forgotten")
	}
	testplan.Must(t, testplan.Do(p, "key", map[string]string{"key_source": "make", "replace_key": "yes"}))
	if p.KeyID != "" {
		t.Error("the Key ID of another key is proposed")
	}
	given := open(w)
	given.KeyID = testkey.KeyID
	given.Note(flow.FromFlag, "key_id")
	given.do(t, "key")
	if given.KeyID != testkey.KeyID {
		t.Error("the Key ID that a flag gave is forgotten")
	}
}

func TestFlagsAnswerWhereTheKeyComesFrom(t *testing.T) {
	w := testplan.New(t)
	path := saved(w, "downloaded.pem", testkey.RSA())
	p := open(w)
	testplan.Must(t, p.TakeImport(path))
	if p.Source != steps.ImportKey || p.Import != path || !p.Given("import_key") || !p.Given("key_source") {
		t.Errorf("the answers are %+v", p.KeyAnswers)
	}
	p.do(t, "key")
	if !p.Given("import_key") || !p.Key.Equal(testkey.RSA()) {
		t.Error("the flag's answer is no longer the flag's")
	}
	t.Chdir(w.Dir)
	if p = open(w); p.TakeImport("downloaded.pem") != nil || !filepath.IsAbs(p.Import) {
		t.Errorf("a relative path is taken as %q", p.Import)
	}
	if p = open(w); !errors.Is(p.TakeImport(""), paths.ErrEmpty) || p.Source != "" {
		t.Errorf("a variable that is not set is taken for %+v", p.KeyAnswers)
	}
	if p = open(w); !errors.Is(p.TakeImport(w.Path("none.pem")), keygen.ErrAbsent) || p.Source != "" || p.Given("key_source") {
		t.Errorf("a file that is not there is taken: %+v", p.KeyAnswers)
	}
}
