package profiles_test

import (
	"errors"
	"os"
	"strconv"
	"testing"

	"cozejwt/internal/demofile"
	"cozejwt/internal/profiles"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

// demo writes a demo file with the key of the tests.
func (p *project) demo(name string) {
	p.t.Helper()
	p.Write(name, testfile.Zip("demo/coze_oauth_config.json", `{"client_type": "jwt", "client_id": "`+p.appID+`", "public_key_id": "`+p.keyID+
		`", "coze_api_base": "`+p.base+`", "private_key": `+strconv.Quote(string(keygen.EncodePrivate(testkey.RSA())))+`}`))
}

func TestADemoFileBecomesAProfileAndIsRemovedOnceItsKeyWasReadBack(t *testing.T) {
	p := emptyProject(t)
	p.demo("demo.zip")
	m := p.take("demo.zip")
	if !m.Demo || m.Known || m.Profile.Set.AppID != testkey.AppID || m.Profile.Set.KeyID != testkey.KeyID || len(m.Notes) != 1 || m.Notes[0].ID != "import.demo" {
		t.Errorf("it became %+v", m)
	}
	if key, err := keygen.Load(m.Profile.KeyFile()); err != nil || !key.Private.Equal(testkey.RSA()) || m.Saved == nil {
		t.Errorf("its key: %v", err)
	}
	if again := p.take("demo.zip"); !again.Known || again.Profile.Path != m.Profile.Path {
		t.Errorf("a second time it became %+v", again)
	}
	other := keygen.EncodePrivate(anotherKey())
	before := p.Read("config/private_key_" + m.Name + ".pem")
	testfile.Write(t, m.Profile.KeyFile(), string(other))
	if err := m.DiscardDemo(p.Path("demo.zip")); err == nil || !demofile.Has(p.Path("demo.zip")) {
		t.Errorf("where another key was saved, the error is %v", err)
	}
	testfile.Write(t, m.Profile.KeyFile(), before)
	if err := m.DiscardDemo(p.Path("demo.zip")); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(p.Path("demo.zip")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the demo file: %v", err)
	}
	if err := m.DiscardDemo(p.Path("demo.zip")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("one that is gone: %v", err)
	}
}

func TestAZipOfSomethingElseIsNotImported(t *testing.T) {
	p := emptyProject(t)
	p.Write("photos.zip", testfile.Zip("a.jpg", ""))
	if _, err := profiles.Import(p.exchange, p.Dir, p.Path("photos.zip"), profiles.ImportOptions{}); !errors.Is(err, demofile.ErrNoConfig) {
		t.Errorf("error is %v", err)
	}
	p.Write("key.zip", testfile.Zip("coze_oauth_config.json", `{"client_id": "1234567890123"}`))
	p.yaml("config/private_key.pem", "")
	p.key("config/private_key.pem")
	if m := p.take("src/app.yaml"); m.Demo || m.DiscardDemo(p.Path("key.zip")) == nil {
		t.Errorf("a YAML is a demo file: %v", m.Demo)
	}
}
