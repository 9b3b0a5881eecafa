package switching_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"cozejwt/internal/credentials"
	"cozejwt/internal/switching"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testplan"
	"cozejwt/keygen"
)

func TestUseAndBackLosesNothing(t *testing.T) {
	w := testplan.Created(t)
	_, err := keygen.Save(w.Path("config/staging.pem"), w.Key(), keygen.Refuse, w.Now)
	testplan.Must(t, err)
	public, err := os.ReadFile(w.Path("config/staging_public.pem"))
	testplan.Must(t, err)
	app, err := w.Coze.CreateApp(context.Background(), "staging")
	testplan.Must(t, err)
	id, err := w.Coze.AddKey(context.Background(), app, public)
	testplan.Must(t, err)
	w.Write(".env.staging", "X=1\nCOZE_JWT_OAUTH_CLIENT_ID="+app+"\nCOZE_JWT_OAUTH_PUBLIC_KEY_ID="+id+"\nCOZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH=config/staging.pem\nCOZE_API_BASE="+w.Coze.Base+"\n")
	before, staging, first := w.Read(".env"), w.Read(".env.staging"), w.Holding(".env").Set

	use := func(name string) {
		t.Helper()
		s, err := switching.Open(w.Deps(), w.Dir, w.Env())
		testplan.Must(t, err)
		testplan.Walk(t, s, map[string]string{"profile": name, "write": "yes"})
		testplan.Must(t, w.Works(".env"))
	}
	use("staging")
	if got := w.Holding(".env").Set; got.AppID != app || got.KeyID != id || got.KeyPath != "config/staging.pem" {
		t.Errorf("the set is %+v", got)
	}
	kept := "sandbox-" + first.AppID
	if got := w.Holding(".env." + kept).Set; got != first {
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
	w := testplan.Created(t)
	w.Write(".env.dead", strings.ReplaceAll(w.Read(".env"), w.Holding(".env").Set.KeyID, testkey.KeyID))
	before := w.Read(".env")
	s, err := switching.Open(w.Deps(), w.Dir, w.Env())
	testplan.Must(t, err)
	testplan.Must(t, testplan.Do(s, "profile", map[string]string{"profile": "dead"}))
	if err := testplan.Do(s, "test", nil); err == nil || w.Read(".env") != before {
		t.Errorf("error is %v", err)
	}
	if files := credentials.Files(w.Dir); len(files) != 2 {
		t.Errorf("files are %v", files)
	}
}

func TestUseLosesNothingWhereTheEnvIsAProfile(t *testing.T) {
	w := testplan.Created(t)
	w.Write(".env.staging", strings.ReplaceAll(w.Read(".env"), w.Holding(".env").Set.KeyID, testkey.KeyID))
	testplan.Must(t, os.Rename(w.Env(), w.Path(".env.prod")))
	testfile.Symlink(t, ".env.prod", w.Env())
	before := w.Read(".env.prod")
	if _, err := switching.Open(w.Deps(), w.Dir, w.Env()); !errors.Is(err, switching.ErrLinked) || w.Read(".env.prod") != before {
		t.Errorf("error is %v", err)
	}
}

func TestUseRefusesToReplaceKeyText(t *testing.T) {
	w := testplan.Created(t)
	w.Write(".env.staging", w.Read(".env"))
	w.Write(".env", "COZE_CLIENT_ID="+testkey.AppID+"\nCOZE_PRIVATE_KEY_PATH=\""+w.Read("config/private_key.pem")+"\"\n")
	if _, err := switching.Open(w.Deps(), w.Dir, w.Env()); !errors.Is(err, credentials.ErrEnvKeyText) {
		t.Errorf("error is %v", err)
	}
}

func TestUseKeepsAnOddSetUnderAPlainName(t *testing.T) {
	w := testplan.Created(t)
	w.Write(".env.prod", w.Read(".env"))
	w.Write(".env", strings.ReplaceAll(w.Read(".env"), w.Holding(".env").Set.AppID, "../../x"))
	s, err := switching.Open(w.Deps(), w.Dir, w.Env())
	testplan.Must(t, err)
	testplan.Walk(t, s, map[string]string{"profile": "prod", "write": "yes"})
	if got := w.Holding(".env.sandbox").Set.AppID; got != "../../x" {
		t.Errorf("kept is %q", got)
	}
}
