package setup_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/setup"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

func TestMakingAKeyAfterImportingOneMakesAnother(t *testing.T) {
	w := newWorld(t)
	download := filepath.Join(t.TempDir(), "private_key.pem")
	must(t, os.WriteFile(download, keygen.EncodePrivate(testkey.RSA()), 0o600))
	s := w.session()
	must(t, do(t, s, "key", map[string]string{"key_source": "import", "import_key": download}))
	must(t, do(t, s, "key", map[string]string{"key_source": "make"}))
	if s.Observed.Key.Equal(testkey.RSA()) || len(s.Observed.Saved.Kept) != 2 {
		t.Errorf("the key is the imported one: %v, copies %v", s.Observed.Key.Equal(testkey.RSA()), s.Observed.Saved.Kept)
	}
}

func TestAnExistingKeyIsReplacedOnATypedYesAlone(t *testing.T) {
	w := newWorld(t)
	_, err := keygen.Save(w.Path("config/private_key.pem"), testkey.RSA(), keygen.Refuse, w.now)
	must(t, err)
	before := w.Read("config/private_key.pem")
	for _, word := range []string{"", "y", "no"} {
		if err := do(t, w.session(), "key", map[string]string{"key_source": "make", "replace_key": word}); err == nil {
			t.Errorf("%q was taken for yes", word)
		}
	}
	if w.Read("config/private_key.pem") != before {
		t.Fatal("the key changed")
	}
	s := w.session()
	must(t, do(t, s, "key", map[string]string{"key_source": "make", "replace_key": "yes"}))
	if w.Read("config/private_key.pem") == before || len(s.Observed.Saved.Kept) != 2 {
		t.Errorf("replaced, copies %v", s.Observed.Saved.Kept)
	}
}

func TestAConsoleKeyIsImportedAsPKCS8(t *testing.T) {
	w := newWorld(t)
	downloads := t.TempDir()
	download := filepath.Join(downloads, "private_key (1).pem")
	text := strings.ReplaceAll(string(keygen.EncodePrivate(testkey.RSA())), "\n", "\r\n")
	must(t, os.WriteFile(download, []byte(text), 0o644))
	must(t, os.WriteFile(filepath.Join(downloads, "private_key.pem"), []byte("older"), 0o644))
	must(t, os.Chtimes(filepath.Join(downloads, "private_key.pem"), w.now.Add(-time.Hour), w.now.Add(-time.Hour)))
	s := w.session()
	s.Deps.Downloads = []string{filepath.Join(downloads, "none"), downloads}
	must(t, do(t, s, "region", map[string]string{"region": "cn"}))
	must(t, do(t, s, "key", map[string]string{"key_source": "import"})) // the newest download is proposed
	key, err := keygen.Load(w.Path("config/private_key.pem"))
	must(t, err)
	if key.Form != keygen.PKCS8 || key.Flaws != nil || !key.Private.Equal(testkey.RSA()) {
		t.Errorf("the imported key is %s, %v", key.Form, key.Flaws)
	}
	if _, err := os.Stat(download); err != nil {
		t.Error("the original was removed unasked")
	}
	if !setup.Create.Steps[setup.Create.Index("upload")].Skip(s) {
		t.Error("the upload is not passed over")
	}
}

func TestTheDownloadIsRemovedOnAYesAlone(t *testing.T) {
	w := newWorld(t)
	download := filepath.Join(t.TempDir(), "private_key.pem")
	must(t, os.WriteFile(download, keygen.EncodePrivate(testkey.RSA()), 0o644))
	s := w.session()
	must(t, do(t, s, "key", map[string]string{"key_source": "import", "import_key": "'" + download + "'", "discard": "yes"}))
	if _, err := os.Stat(download); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the download is still there: %v", err)
	}
	if s.Observed.Removed != download {
		t.Errorf("removed %q", s.Observed.Removed)
	}
}

func TestAKeyThatIsItsOwnDownloadIsNotRemoved(t *testing.T) {
	w := newWorld(t)
	download := filepath.Join(t.TempDir(), "private_key.pem")
	must(t, os.WriteFile(download, keygen.EncodePrivate(testkey.RSA()), 0o600))
	must(t, os.Mkdir(w.Path("config"), 0o700))
	testfile.Symlink(t, download, w.Path("config/private_key.pem"))
	s := w.session()
	s.Answers.Discard = true // also where it is said without being asked
	must(t, do(t, s, "key", map[string]string{"key_source": "import", "import_key": download}))
	if _, err := keygen.Load(w.Path("config/private_key.pem")); err != nil {
		t.Errorf("the only key is gone: %v", err)
	}
}

func TestAKeyIDIsForgottenWithItsKey(t *testing.T) {
	w := newWorld(t)
	_, err := keygen.Save(w.Path("config/private_key.pem"), testkey.RSA(), keygen.Refuse, w.now)
	must(t, err)
	w.Write(".env", "COZE_CLIENT_ID="+appID+"\nCOZE_PUBLIC_KEY="+keyID+"\nCOZE_PRIVATE_KEY_PATH=config/private_key.pem\nCOZE_API_BASE=https://api.coze.cn\n")
	s := w.session()
	must(t, do(t, s, "key", nil))
	if s.Answers.KeyID != keyID {
		t.Error("the Key ID of the same key is not proposed")
	}
	must(t, do(t, s, "key", map[string]string{"key_source": "make", "replace_key": "yes"}))
	if s.Answers.KeyID != "" {
		t.Error("the Key ID of the previous key is proposed for the new one")
	}
	must(t, os.Remove(w.Path("config/private_key.pem")))
	if s := w.session(); s.Answers.KeyID != "" || s.Answers.AppID != appID {
		t.Errorf("without the key, the answers are %+v", s.Answers)
	}
}

func TestComingBackAfterTheDownloadWasRemovedChangesNothing(t *testing.T) {
	w := newWorld(t)
	download := filepath.Join(t.TempDir(), "private_key.pem")
	must(t, os.WriteFile(download, keygen.EncodePrivate(testkey.RSA()), 0o600))
	s := w.session()
	must(t, do(t, s, "key", map[string]string{"key_source": "import", "import_key": download, "discard": "yes"}))
	must(t, do(t, s, "key", nil))
	if !s.Observed.Key.Equal(testkey.RSA()) {
		t.Error("the key is another one")
	}
}

func TestDroppedPathsAreUnderstood(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "my keys")
	must(t, os.Mkdir(dir, 0o755))
	path := filepath.Join(dir, "private_key (1).pem")
	must(t, os.WriteFile(path, keygen.EncodePrivate(testkey.RSA()), 0o600))
	w := newWorld(t)
	dropped := []string{path, "  " + path + " ", "'" + path + "'", `"` + path + `"`}
	url := "file://" + strings.ReplaceAll(path, " ", "%20")
	if runtime.GOOS == "windows" {
		url = "file:///" + strings.ReplaceAll(filepath.ToSlash(path), " ", "%20")
	} else {
		dropped = append(dropped, strings.NewReplacer(" ", `\ `, "(", `\(`, ")", `\)`).Replace(path))
	}
	for _, raw := range append(dropped, url) {
		s := w.session()
		s.Answers.Source = setup.ImportKey
		_, err := ask(t, s, "key")[1].AnswerNow(context.Background(), s, raw)
		if err != nil || s.Answers.Import != path {
			t.Errorf("%q is understood as %q, %v", raw, s.Answers.Import, err)
		}
	}
}
