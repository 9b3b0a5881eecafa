//go:build unix

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

// download puts the demo file of the project's app into the folder that its browser saves to, and
// returns its path.
func (p *project) download() string {
	p.t.Helper()
	config, err := json.Marshal(map[string]string{
		"client_type": "jwt", "client_id": p.app, "public_key_id": p.key, "private_key": string(keygen.EncodePrivate(testkey.RSA())),
		"coze_www_base": p.coze.Base, "coze_api_base": p.coze.Base,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	home, _ := strings.CutPrefix(p.env[0], "HOME=")
	path := filepath.Join(home, "Downloads", "coze-demo.zip")
	testfile.Write(p.t, path, testfile.Zip("coze-demo/README.md", "# Demo", "coze-demo/coze_oauth_config.json", string(config)))
	return path
}

func wantGone(t *testing.T, path string, gone bool) {
	t.Helper()
	if _, err := os.Stat(path); os.IsNotExist(err) != gone {
		t.Errorf("%s: %v", path, err)
	}
}

func TestTheWizardFindsTheDemoFileAndImportsIt(t *testing.T) {
	t.Parallel()
	p, dir := newProject(t), t.TempDir()
	file := p.download()
	term := start(t, answering, 80, 24, p.env, build(t, "."), "--api-base", p.coze.Base, "--dir", dir)
	term.wait(stepLine(2))
	term.press("\r")
	term.wait(stepLine(3))
	term.press("\x1b[B\r") // a key that the console generated
	term.wait("Found the demo file")
	term.wait("key of its own. Press enter")
	term.press("\r")
	term.wait("Delete the downloaded original")
	term.wait("Downloading the demo file made a key")
	wantGone(t, file, false)
	term.press("\x1b[B\r") // yes
	term.wait("Step 5/9  App ID")
	term.wait("From the demo file.")
	term.press("\r")
	term.wait(stepLine(6))
	term.wait(p.key)
	term.press("\r")
	term.wait(stepLine(7))
	term.press("\r")
	term.wait("✓ Coze issued an access token")
	wantGone(t, file, true)
	term.press("\x03")
	term.exit()
	wantSet(t, filepath.Join(dir, ".env"))
}

func TestImportRemovesTheDemoFileOnAYes(t *testing.T) {
	t.Parallel()
	for answer, gone := range map[string]bool{"y": true, "": false} {
		p, dir := newProject(t), t.TempDir()
		file := p.download()
		term := start(t, answering, 80, 24, p.env, build(t, "."), "import", file, "--dir", dir, "--profile", "demo")
		term.wait("The console made a new key for this download")
		term.wait("[y/N]")
		wantGone(t, file, false)
		term.press(answer + "\r")
		if code := term.exit(); code != 0 {
			t.Errorf("%q: exit code %d: %s", answer, code, term.output())
		}
		wantGone(t, file, gone)
		if key, err := keygen.Load(filepath.Join(dir, "config", "private_key_demo.pem")); err != nil || !key.Private.Equal(testkey.RSA()) {
			t.Errorf("%q: the key: %v", answer, err)
		}
	}
}
