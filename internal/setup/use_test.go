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
	_, err := keygen.Save(w.Path("config/staging.pem"), must2(w.generate(2048)), keygen.Refuse, w.now)
	must(t, err)
	public, err := os.ReadFile(w.Path("config/staging_public.pem"))
	must(t, err)
	app, err := w.coze.CreateApp(context.Background(), "staging")
	must(t, err)
	id, err := w.coze.AddKey(context.Background(), app, public)
	must(t, err)
	w.Write(".env.staging", "X=1\nCOZE_JWT_OAUTH_CLIENT_ID="+app+"\nCOZE_JWT_OAUTH_PUBLIC_KEY_ID="+id+"\nCOZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH=config/staging.pem\nCOZE_API_BASE="+w.coze.Base+"\n")
	before, staging, first := w.Read(".env"), w.Read(".env.staging"), w.holding(".env").Set

	use := func(name string) {
		t.Helper()
		s, err := setup.OpenUse(w.env(), w.Dir, w.Path(".env"))
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
	testfile.WantMode(t, w.Path(".env."+kept), 0o600)
	use(kept)
	if w.Read(".env") != before {
		t.Errorf("back again, .env is\n%s, want\n%s", w.Read(".env"), before)
	}
	use("staging")
	use(kept)
	if files := credentials.Files(w.Dir); w.Read(".env") != before || w.Read(".env.staging") != staging || len(files) != 3 {
		t.Errorf("after four switches there is %v", files)
	}
}

func TestUseOfASetThatIsRefusedChangesNothing(t *testing.T) {
	w := created(t)
	w.Write(".env.dead", strings.ReplaceAll(w.Read(".env"), w.holding(".env").Set.KeyID, keyID))
	before := w.Read(".env")
	s, err := setup.OpenUse(w.env(), w.Dir, w.Path(".env"))
	must(t, err)
	must(t, do(t, s, "profile", map[string]string{"profile": "dead"}))
	if err := do(t, s, "test", nil); err == nil || w.Read(".env") != before {
		t.Errorf("error is %v", err)
	}
	if files := credentials.Files(w.Dir); len(files) != 2 {
		t.Errorf("files are %v", files)
	}
}

func TestUseLosesNothingWhereTheEnvIsAProfile(t *testing.T) {
	w := created(t)
	w.Write(".env.staging", strings.ReplaceAll(w.Read(".env"), w.holding(".env").Set.KeyID, keyID))
	must(t, os.Rename(w.Path(".env"), w.Path(".env.prod")))
	testfile.Symlink(t, ".env.prod", w.Path(".env"))
	before := w.Read(".env.prod")
	if _, err := setup.OpenUse(w.env(), w.Dir, w.Path(".env")); !errors.Is(err, setup.ErrLinked) || w.Read(".env.prod") != before {
		t.Errorf("error is %v", err)
	}
}

func TestUseRefusesToReplaceKeyText(t *testing.T) {
	w := created(t)
	w.Write(".env.staging", w.Read(".env"))
	w.Write(".env", "COZE_CLIENT_ID="+appID+"\nCOZE_PRIVATE_KEY_PATH=\""+w.Read("config/private_key.pem")+"\"\n")
	if _, err := setup.OpenUse(w.env(), w.Dir, w.Path(".env")); !errors.Is(err, credentials.ErrEnvKeyText) {
		t.Errorf("error is %v", err)
	}
}

func TestUseKeepsAnOddSetUnderAPlainName(t *testing.T) {
	w := created(t)
	w.Write(".env.prod", w.Read(".env"))
	w.Write(".env", strings.ReplaceAll(w.Read(".env"), w.holding(".env").Set.AppID, "../../x"))
	s, err := setup.OpenUse(w.env(), w.Dir, w.Path(".env"))
	must(t, err)
	walk(t, s, map[string]string{"profile": "prod", "write": "yes"})
	if got := w.holding(".env.sandbox").Set.AppID; got != "../../x" {
		t.Errorf("kept is %q", got)
	}
}
