package setup_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testplan"
	"cozejwt/keygen"
)

func TestMakingAKeyAfterImportingOneMakesAnother(t *testing.T) {
	w := testplan.New(t)
	download := filepath.Join(t.TempDir(), "private_key.pem")
	testplan.Must(t, os.WriteFile(download, keygen.EncodePrivate(testkey.RSA()), 0o600))
	s := w.Setup()
	testplan.Must(t, testplan.Do(s, "key", map[string]string{"key_source": "import", "import_key": download}))
	testplan.Must(t, testplan.Do(s, "key", map[string]string{"key_source": "make"}))
	if s.Key.Equal(testkey.RSA()) || len(s.Saved.Kept) != 2 {
		t.Errorf("the key is the imported one: %v, copies %v", s.Key.Equal(testkey.RSA()), s.Saved.Kept)
	}
}

func TestAnExistingKeyIsReplacedOnATypedYesAlone(t *testing.T) {
	w := testplan.New(t)
	_, err := keygen.Save(w.Path("config/private_key.pem"), testkey.RSA(), keygen.Refuse, w.Now)
	testplan.Must(t, err)
	before := w.Read("config/private_key.pem")
	for _, word := range []string{"", "y", "no"} {
		if err := testplan.Do(w.Setup(), "key", map[string]string{"key_source": "make", "replace_key": word}); err == nil {
			t.Errorf("%q was taken for yes", word)
		}
	}
	if w.Read("config/private_key.pem") != before {
		t.Fatal("the key changed")
	}
	s := w.Setup()
	testplan.Must(t, testplan.Do(s, "key", map[string]string{"key_source": "make", "replace_key": "yes"}))
	if w.Read("config/private_key.pem") == before || len(s.Saved.Kept) != 2 {
		t.Errorf("replaced, copies %v", s.Saved.Kept)
	}
}

func TestAConsoleKeyIsImportedAsPKCS8(t *testing.T) {
	w := testplan.New(t)
	downloads := t.TempDir()
	download := filepath.Join(downloads, "private_key (1).pem")
	text := strings.ReplaceAll(string(keygen.EncodePrivate(testkey.RSA())), "\n", "\r\n")
	testplan.Must(t, os.WriteFile(download, []byte(text), 0o644))
	testplan.Must(t, os.WriteFile(filepath.Join(downloads, "private_key.pem"), []byte("older"), 0o644))
	testplan.Must(t, os.Chtimes(filepath.Join(downloads, "private_key.pem"), w.Now.Add(-time.Hour), w.Now.Add(-time.Hour)))
	s := w.Setup()
	s.Downloads = []string{filepath.Join(downloads, "none"), downloads}
	testplan.Must(t, testplan.Do(s, "region", map[string]string{"region": "cn"}))
	testplan.Must(t, testplan.Do(s, "key", map[string]string{"key_source": "import"})) // the newest download is proposed
	key, err := keygen.Load(w.Path("config/private_key.pem"))
	testplan.Must(t, err)
	if key.Form != keygen.PKCS8 || key.Flaws != nil || !key.Private.Equal(testkey.RSA()) {
		t.Errorf("the imported key is %s, %v", key.Form, key.Flaws)
	}
	if _, err := os.Stat(download); err != nil {
		t.Error("the original was removed unasked")
	}
	if !testplan.Step(s, "upload").Skips() {
		t.Error("the upload is not passed over")
	}
}

func TestTheDownloadIsRemovedOnAYesAlone(t *testing.T) {
	w := testplan.New(t)
	download := filepath.Join(t.TempDir(), "private_key.pem")
	testplan.Must(t, os.WriteFile(download, keygen.EncodePrivate(testkey.RSA()), 0o644))
	s := w.Setup()
	testplan.Must(t, testplan.Do(s, "key", map[string]string{"key_source": "import", "import_key": "'" + download + "'", "discard": "yes"}))
	if _, err := os.Stat(download); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the download is still there: %v", err)
	}
}

func TestAKeyThatIsItsOwnDownloadIsNotRemoved(t *testing.T) {
	w := testplan.New(t)
	download := filepath.Join(t.TempDir(), "private_key.pem")
	testplan.Must(t, os.WriteFile(download, keygen.EncodePrivate(testkey.RSA()), 0o600))
	testplan.Must(t, os.Mkdir(w.Path("config"), 0o700))
	testfile.Symlink(t, download, w.Path("config/private_key.pem"))
	s := w.Setup()
	s.Discard = true // also where it is said without being asked
	testplan.Must(t, testplan.Do(s, "key", map[string]string{"key_source": "import", "import_key": download}))
	if _, err := keygen.Load(w.Path("config/private_key.pem")); err != nil {
		t.Errorf("the only key is gone: %v", err)
	}
}

func TestAKeyIDIsForgottenWithItsKey(t *testing.T) {
	w := testplan.New(t)
	_, err := keygen.Save(w.Path("config/private_key.pem"), testkey.RSA(), keygen.Refuse, w.Now)
	testplan.Must(t, err)
	w.Write(".env", "COZE_CLIENT_ID="+testkey.AppID+"\nCOZE_PUBLIC_KEY="+testkey.KeyID+"\nCOZE_PRIVATE_KEY_PATH=config/private_key.pem\nCOZE_API_BASE=https://api.coze.cn\n")
	s := w.Setup()
	testplan.Must(t, testplan.Do(s, "key", nil))
	if s.KeyID != testkey.KeyID {
		t.Error("the Key ID of the same key is not proposed")
	}
	testplan.Must(t, testplan.Do(s, "key", map[string]string{"key_source": "make", "replace_key": "yes"}))
	if s.KeyID != "" {
		t.Error("the Key ID of the previous key is proposed for the new one")
	}
	testplan.Must(t, os.Remove(w.Path("config/private_key.pem")))
	if s := w.Setup(); s.KeyID != "" || s.AppID != testkey.AppID {
		t.Errorf("without the key, the answers are %+v", s.Answers())
	}
}

func TestComingBackAfterTheDownloadWasRemovedChangesNothing(t *testing.T) {
	w := testplan.New(t)
	download := filepath.Join(t.TempDir(), "private_key.pem")
	testplan.Must(t, os.WriteFile(download, keygen.EncodePrivate(testkey.RSA()), 0o600))
	s := w.Setup()
	testplan.Must(t, testplan.Do(s, "key", map[string]string{"key_source": "import", "import_key": download, "discard": "yes"}))
	testplan.Must(t, testplan.Do(s, "key", nil))
	if !s.Key.Equal(testkey.RSA()) {
		t.Error("the key is another one")
	}
}
