package setup_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"cozejwt/internal/credentials"
	"cozejwt/internal/setup"
	"cozejwt/internal/testfile"
	"cozejwt/keygen"
)

func TestUseAndBackLosesNothing(t *testing.T) {
	w := created(t)
	_, err := keygen.Save(w.path("config/staging.pem"), must2(w.generate(2048)), keygen.Refuse, w.now)
	must(t, err)
	public, err := os.ReadFile(w.path("config/staging_public.pem"))
	must(t, err)
	app, err := w.coze.CreateApp(context.Background(), "staging")
	must(t, err)
	id, err := w.coze.AddKey(context.Background(), app, public)
	must(t, err)
	w.write(".env.staging", "X=1\nCOZE_JWT_OAUTH_CLIENT_ID="+app+"\nCOZE_JWT_OAUTH_PUBLIC_KEY_ID="+id+"\nCOZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH=config/staging.pem\nCOZE_API_BASE="+w.coze.Base+"\n")
	before, staging, first := w.read(".env"), w.read(".env.staging"), w.holding(".env").Set

	use := func(name string) {
		t.Helper()
		s, err := setup.OpenUse(w.env(), w.dir, w.path(".env"))
		must(t, err)
		walk(t, s, map[string]string{"profile": name, "write": "yes"})
		must(t, w.works(".env"))
	}
	use("staging")
	if got := w.holding(".env").Set; got.AppID != app || got.KeyID != id || got.KeyPath != "config/staging.pem" {
		t.Errorf("the set is %+v", got)
	}
	kept := "sandbox-" + first.AppID
	if got := w.holding(".env." + kept).Set; got != first {
		t.Errorf("kept is %+v, want %+v", got, first)
	}
	testfile.WantMode(t, w.path(".env."+kept), 0o600)
	use(kept)
	if w.read(".env") != before {
		t.Errorf("back again, .env is\n%s, want\n%s", w.read(".env"), before)
	}
	use("staging")
	use(kept)
	if files := credentials.Files(w.dir); w.read(".env") != before || w.read(".env.staging") != staging || len(files) != 3 {
		t.Errorf("after four switches there is %v", files)
	}
}

func TestUseOfASetThatIsRefusedChangesNothing(t *testing.T) {
	w := created(t)
	w.write(".env.dead", strings.ReplaceAll(w.read(".env"), w.holding(".env").Set.KeyID, keyID))
	before := w.read(".env")
	s, err := setup.OpenUse(w.env(), w.dir, w.path(".env"))
	must(t, err)
	must(t, do(t, s, "profile", map[string]string{"profile": "dead"}))
	if err := do(t, s, "test", nil); err == nil || w.read(".env") != before {
		t.Errorf("error is %v", err)
	}
	if files := credentials.Files(w.dir); len(files) != 2 {
		t.Errorf("files are %v", files)
	}
}

func TestUseLosesNothingWhereTheEnvIsAProfile(t *testing.T) {
	w := created(t)
	w.write(".env.staging", strings.ReplaceAll(w.read(".env"), w.holding(".env").Set.KeyID, keyID))
	must(t, os.Rename(w.path(".env"), w.path(".env.prod")))
	testfile.Symlink(t, ".env.prod", w.path(".env"))
	before := w.read(".env.prod")
	if _, err := setup.OpenUse(w.env(), w.dir, w.path(".env")); !errors.Is(err, setup.ErrLinked) || w.read(".env.prod") != before {
		t.Errorf("error is %v", err)
	}
}

func TestUseRefusesToReplaceKeyText(t *testing.T) {
	w := created(t)
	w.write(".env.staging", w.read(".env"))
	w.write(".env", "COZE_CLIENT_ID="+appID+"\nCOZE_PRIVATE_KEY_PATH=\""+w.read("config/private_key.pem")+"\"\n")
	if _, err := setup.OpenUse(w.env(), w.dir, w.path(".env")); !errors.Is(err, credentials.ErrEnvKeyText) {
		t.Errorf("error is %v", err)
	}
}

func TestUseKeepsAnOddSetUnderAPlainName(t *testing.T) {
	w := created(t)
	w.write(".env.prod", w.read(".env"))
	w.write(".env", strings.ReplaceAll(w.read(".env"), w.holding(".env").Set.AppID, "../../x"))
	s, err := setup.OpenUse(w.env(), w.dir, w.path(".env"))
	must(t, err)
	walk(t, s, map[string]string{"profile": "prod", "write": "yes"})
	if got := w.holding(".env.sandbox").Set.AppID; got != "../../x" {
		t.Errorf("kept is %q", got)
	}
}
