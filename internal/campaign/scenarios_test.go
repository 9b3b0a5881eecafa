//go:build campaign && unix

package campaign

import (
	"encoding/json"
	"os"

	"cozejwt/keygen"
)

// unasked is how each command is run.
func unasked(args ...string) []string { return append(args, "--no-input", "--yes") }

// scenarios are the commands that change files. A value of the world is not known yet where they
// are listed, so that prepare writes it into the environment of the commands.
var scenarios = []scenario{
	{name: "keygen", args: []string{"keygen"}, prepare: func(w *world) { w.repository() }},
	{name: "keygen --force", args: []string{"keygen", "--force"}, prepare: func(w *world) { w.key("config/private_key.pem") }},
	{name: "init, new", args: unasked("init", "--skip-test", "--app-id", fixedApp, "--key-id", fixedKey, "--region", "cn"), prepare: func(w *world) {
		w.repository()
		w.write(".env.example", "COZE_CLIENT_ID=\n")
	}},
	{name: "init, import-key", args: unasked("init", "--import-key", "downloaded", "--key-id", "$NEW"), prepare: func(w *world) {
		w.repository()
		keyID, key := w.key("")
		w.variable("NEW", keyID)
		w.write("downloaded", string(keygen.EncodePrivate(key)))
		w.write(".env", foreign+"COZE_CLIENT_ID="+w.app+"\nCOZE_API_BASE="+w.coze.Base+"\n")
	}},
	{name: "init, over working", args: unasked("init", "--reuse-key", "--key-path", "config/new.pem", "--key-id", "$NEW"), prepare: func(w *world) {
		w.working()
		w.second()
	}},
	{name: "rotate", args: unasked("rotate", "--key-path", "config/new.pem", "--key-id", "$NEW"), prepare: func(w *world) {
		w.working()
		w.second()
	}},
	{name: "rotate --import-key", args: unasked("rotate", "--import-key", "downloaded", "--key-id", "$NEW"), prepare: func(w *world) {
		w.working()
		keyID, key := w.key("")
		w.write("downloaded", string(keygen.EncodePrivate(key)))
		w.variable("NEW", keyID)
	}},
	{name: "rotate --rollback", args: unasked("rotate", "--rollback"), prepare: func(w *world) { w.rotated() }},
	{name: "rotate --prune", args: unasked("rotate", "--prune"), lasts: true, prepare: func(w *world) { w.rotated() }},
	{name: "use", args: unasked("use", "other"), prepare: func(w *world) {
		w.working()
		keyID, _ := w.key("config/other.pem")
		w.write(".env.other", foreign+w.settings(keyID, "config/other.pem"))
	}},
	{name: "match --yes", args: unasked("match"), prepare: func(w *world) {
		keyID, _ := w.key("config/new.pem")
		w.key("config/old.pem")
		w.write(".env", foreign+w.settings(keyID, "config/old.pem"))
	}},
	{name: "import", args: unasked("import", "coze_oauth_config.json", "--profile", "other"), target: ".env.other", prepare: func(w *world) {
		w.working()
		keyID, key := w.key("")
		text, err := json.Marshal(map[string]string{
			"client_type": "jwt", "client_id": w.app, "public_key_id": keyID, "private_key": string(keygen.EncodePrivate(key)),
			"coze_api_base": w.coze.Base,
		})
		must(w.t, err)
		w.write("coze_oauth_config.json", string(text))
	}},
	{name: "verify --yes", args: []string{"verify", "--yes", "--no-input"}, lasts: true, prepare: func(w *world) {
		w.repository()
		w.working()
		must(w.t, os.Remove(w.path("config/public_key.pem")))
		must(w.t, os.Chmod(w.path("config/private_key.pem"), 0o644))
		must(w.t, os.Chmod(w.path(".env"), 0o644))
	}},
	{name: "token --cache", args: []string{"token", "--cache"}, lasts: true, prepare: (*world).working},
	{name: "api --cache", args: []string{"api", "/v1/workspaces", "--cache"}, lasts: true, prepare: (*world).working},
	{name: "export", args: []string{"export", "--format", "k8s", "--out", "secret.yaml"}, lasts: true, prepare: (*world).working},
}

// The ids of a setup that is not tested.
const (
	fixedApp = "1234567890123"
	fixedKey = "_Abc-fghijklmnopqrstuvwxyz0123456789ABCDEFG"
)

// second makes the key to change to.
func (w *world) second() {
	w.t.Helper()
	keyID, _ := w.key("config/new.pem")
	w.variable("NEW", keyID)
}

// rotated is a project after a rotation.
func (w *world) rotated() {
	w.t.Helper()
	w.working()
	w.second()
	if r := w.run(nil, unasked("rotate", "--key-path", "config/new.pem", "--key-id", "$NEW")...); r.code != 0 {
		w.t.Fatal(r.all())
	}
}
