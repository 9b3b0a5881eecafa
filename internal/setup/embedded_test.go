package setup_test

import (
	"os"
	"strconv"
	"testing"

	"cozejwt/internal/testkey"
	"cozejwt/internal/testplan"
	"cozejwt/keygen"
)

// A file that holds more than the key is not the console's download: it is never removed.
func TestAFileOfSettingsThatHoldsTheKeyIsNotRemoved(t *testing.T) {
	w := testplan.New(t)
	w.Write("app.json", `{"coze":{"private_key":`+strconv.Quote(string(keygen.EncodePrivate(testkey.RSA())))+`,"other":"1"}}`)
	s := w.Setup()
	s.Discard = true // also where it is said without being asked
	testplan.Must(t, testplan.Do(s, "key", map[string]string{"key_source": "import", "import_key": w.Path("app.json")}))
	if _, err := os.Stat(w.Path("app.json")); err != nil {
		t.Errorf("it is gone: %v", err)
	}
	if key, err := keygen.Load(w.Path("config/private_key.pem")); err != nil || !key.Private.Equal(testkey.RSA()) {
		t.Errorf("the key is not imported: %v", err)
	}
}
