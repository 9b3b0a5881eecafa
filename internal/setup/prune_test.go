package setup_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/setup"
	"cozejwt/internal/testfile"
	"cozejwt/keygen"
)

func TestPruneDeletesWhatTheServiceRefusesAndNothingElse(t *testing.T) {
	w := created(t)
	first := w.holding(".env")
	walk(t, w.rotation(), yes)
	second := w.holding(".env")
	w.now = w.now.Add(time.Second)
	walk(t, w.rotation(), yes)
	w.forget(first.Set.AppID, first.Set.KeyID)
	stray, err := w.generate(2048)
	must(t, err)
	_, err = keygen.Save(w.Path("config/private_key_20200101_01234567.pem"), stray, keygen.Refuse, w.now)
	must(t, err)

	prune := func(answers map[string]string) *setup.Session {
		t.Helper()
		s, err := setup.OpenPrune(w.env(), w.Dir, w.Path(".env"))
		must(t, err)
		walk(t, s, answers)
		return s
	}
	s := prune(map[string]string{"delete": "yes"})
	verdicts := map[setup.Verdict]bool{}
	for _, k := range s.Observed.Old {
		verdicts[k.Verdict] = k.Deleted
	}
	if want := map[setup.Verdict]bool{setup.Refused: true, setup.Accepted: false, setup.Unasked: false}; len(s.Observed.Old) != 3 || len(verdicts) != 3 || verdicts[setup.Refused] != want[setup.Refused] || verdicts[setup.Accepted] || verdicts[setup.Unasked] {
		t.Fatalf("deleted by verdict: %v", verdicts)
	}
	for _, gone := range []string{"config/private_key.pem", "config/public_key.pem"} {
		if _, err := os.Stat(w.Path(gone)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is still there", gone)
		}
	}
	if _, err := keygen.Load(second.KeyFile()); err != nil {
		t.Error("a key that the service accepts was deleted")
	}
	must(t, w.works(".env"))
	s, err = setup.OpenPrune(w.env(), w.Dir, w.Path(".env"))
	must(t, err)
	must(t, do(t, s, "probe", nil))
	for i, f := range s.Plan.Steps[1].Ask(s) {
		answer := "keep"
		if i == 0 {
			answer = filepath.Base(s.Observed.Old[0].File)
		}
		_, err := f.Answer(s, answer)
		must(t, err)
	}
	_, err = s.Plan.Steps[1].Work(s)(context.Background())
	must(t, err)
	if left := prune(nil); len(left.Observed.Old) != 1 {
		t.Errorf("left are %d old keys, want 1", len(left.Observed.Old))
	}
}

func TestPruneAsksNothingWhereTheSetInUseDoesNotWork(t *testing.T) {
	w := created(t)
	walk(t, w.rotation(), yes)
	now := w.holding(".env").Set
	w.forget(now.AppID, now.KeyID)
	s, err := setup.OpenPrune(w.env(), w.Dir, w.Path(".env"))
	must(t, err)
	if err := do(t, s, "probe", nil); err == nil {
		t.Error("a refusal would be believed")
	}
}

func TestPruneLeavesWhatAnyFileNames(t *testing.T) {
	for name, user := range map[string]func(w *world, old string){
		"in another folder": func(w *world, old string) { w.Write("sub/.env.prod", strings.ReplaceAll(old, "=config", "=../config")) },
		"in both conventions": func(w *world, old string) {
			w.Write(".env", w.Read(".env")+strings.NewReplacer("COZE_CLIENT_ID", "COZE_JWT_OAUTH_CLIENT_ID", "COZE_PUBLIC_KEY", "COZE_JWT_OAUTH_PUBLIC_KEY_ID", "COZE_PRIVATE_KEY_PATH", "COZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH").Replace(old))
		},
		"under another name": func(w *world, old string) {
			testfile.Symlink(w.t, "private_key.pem", w.Path("config/k.pem"))
			w.Write(".env.prod", strings.ReplaceAll(old, "private_key.pem", "k.pem"))
		},
		"where nobody can tell": func(w *world, old string) { w.Write(".env.prod", old+"garbage\n") },
	} {
		t.Run(name, func(t *testing.T) {
			w := created(t)
			old := w.Read(".env")
			walk(t, w.rotation(), map[string]string{"write": "yes", "together": "no"})
			env := w.Path(".env")
			if name == "in another folder" {
				env = w.moveEnv("sub")
			}
			user(w, old)
			s, err := setup.OpenPrune(w.env(), w.Dir, env)
			if name == "where nobody can tell" {
				if err == nil {
					t.Error("a file that cannot be read may name any key")
				}
				return
			}
			must(t, err)
			for _, k := range s.Observed.Old {
				if filepath.Base(k.File) == "private_key.pem" {
					t.Error("a key that is in use is offered")
				}
			}
		})
	}
}

func TestPruneBelievesNoRefusalOfAnotherApp(t *testing.T) {
	w := created(t)
	walk(t, w.rotation(), yes)
	app, err := w.coze.CreateApp(context.Background(), "other")
	must(t, err)
	key := must2(w.generate(2048))
	_, err = keygen.Save(w.Path("config/other.pem"), key, keygen.Refuse, w.now)
	must(t, err)
	id, err := w.coze.AddKey(context.Background(), app, keygen.EncodePublic(&key.PublicKey))
	must(t, err)
	w.Write(".env", "COZE_CLIENT_ID="+app+"\nCOZE_PUBLIC_KEY="+id+"\nCOZE_PRIVATE_KEY_PATH=config/other.pem\nCOZE_API_BASE="+w.coze.Base+"\n")
	s, err := setup.OpenPrune(w.env(), w.Dir, w.Path(".env"))
	must(t, err)
	must(t, do(t, s, "probe", nil))
	for _, k := range s.Observed.Old {
		if k.Verdict != setup.Unasked {
			t.Errorf("%s is %s, although the service was asked about another app", k.File, k.Verdict)
		}
	}
}
