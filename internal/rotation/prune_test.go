package rotation_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/rotation"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testplan"
	"cozejwt/keygen"
)

func pruned(w *testplan.World, answers map[string]string) *rotation.Prune {
	w.T.Helper()
	s, err := rotation.OpenPrune(w.Deps(), w.Dir, w.Env())
	testplan.Must(w.T, err)
	testplan.Walk(w.T, s, answers)
	return s
}

func TestPruneDeletesWhatTheServiceRefusesAndNothingElse(t *testing.T) {
	w := testplan.Created(t)
	first := w.Holding(".env")
	testplan.Walk(t, rotating(w), testplan.Yes)
	second := w.Holding(".env")
	w.Now = w.Now.Add(time.Second)
	testplan.Walk(t, rotating(w), testplan.Yes)
	w.Forget(first.Set.AppID, first.Set.KeyID)
	stray, err := w.Generate(2048)
	testplan.Must(t, err)
	_, err = keygen.Save(w.Path("config/private_key_20200101_01234567.pem"), stray, keygen.Refuse, w.Now)
	testplan.Must(t, err)

	s := pruned(w, map[string]string{"delete": "yes"})
	verdicts := map[rotation.Verdict]bool{}
	for _, k := range s.Old {
		verdicts[k.Verdict] = k.Deleted
	}
	if want := map[rotation.Verdict]bool{rotation.Refused: true, rotation.Accepted: false, rotation.Unasked: false}; len(s.Old) != 3 || len(verdicts) != 3 || verdicts[rotation.Refused] != want[rotation.Refused] || verdicts[rotation.Accepted] || verdicts[rotation.Unasked] {
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
	testplan.Must(t, w.Works(".env"))
	s, err = rotation.OpenPrune(w.Deps(), w.Dir, w.Env())
	testplan.Must(t, err)
	testplan.Must(t, testplan.Do(s, "probe", nil))
	for i, f := range s.Ask(s.Steps[1]) {
		answer := "keep"
		if i == 0 {
			answer = filepath.Base(s.Old[0].File)
		}
		_, err := f.Answer(s.Run, answer)
		testplan.Must(t, err)
	}
	testplan.Must(t, s.Steps[1].Work().Do(context.Background()))
	if left := pruned(w, nil); len(left.Old) != 1 {
		t.Errorf("left are %d old keys, want 1", len(left.Old))
	}
}

func TestPruneAsksNothingWhereTheSetInUseDoesNotWork(t *testing.T) {
	w := testplan.Created(t)
	testplan.Walk(t, rotating(w), testplan.Yes)
	now := w.Holding(".env").Set
	w.Forget(now.AppID, now.KeyID)
	s, err := rotation.OpenPrune(w.Deps(), w.Dir, w.Env())
	testplan.Must(t, err)
	if err := testplan.Do(s, "probe", nil); err == nil {
		t.Error("a refusal would be believed")
	}
}

func TestPruneLeavesWhatAnyFileNames(t *testing.T) {
	for name, user := range map[string]func(w *testplan.World, old string){
		"in another folder": func(w *testplan.World, old string) {
			w.Write("sub/.env.prod", strings.ReplaceAll(old, "=config", "=../config"))
		},
		"in both conventions": func(w *testplan.World, old string) {
			w.Write(".env", w.Read(".env")+strings.NewReplacer("COZE_CLIENT_ID", "COZE_JWT_OAUTH_CLIENT_ID", "COZE_PUBLIC_KEY", "COZE_JWT_OAUTH_PUBLIC_KEY_ID", "COZE_PRIVATE_KEY_PATH", "COZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH").Replace(old))
		},
		"under another name": func(w *testplan.World, old string) {
			testfile.Symlink(w.T, "private_key.pem", w.Path("config/k.pem"))
			w.Write(".env.prod", strings.ReplaceAll(old, "private_key.pem", "k.pem"))
		},
		"where nobody can tell": func(w *testplan.World, old string) { w.Write(".env.prod", old+"garbage\n") },
	} {
		t.Run(name, func(t *testing.T) {
			w := testplan.Created(t)
			old := w.Read(".env")
			testplan.Walk(t, rotating(w), map[string]string{"write": "yes", "together": "no"})
			env := w.Env()
			if name == "in another folder" {
				env = w.MoveEnv("sub")
			}
			user(w, old)
			s, err := rotation.OpenPrune(w.Deps(), w.Dir, env)
			if name == "where nobody can tell" {
				if err == nil {
					t.Error("a file that cannot be read may name any key")
				}
				return
			}
			testplan.Must(t, err)
			for _, k := range s.Old {
				if filepath.Base(k.File) == "private_key.pem" {
					t.Error("a key that is in use is offered")
				}
			}
		})
	}
}

func TestPruneBelievesNoRefusalOfAnotherApp(t *testing.T) {
	w := testplan.Created(t)
	testplan.Walk(t, rotating(w), testplan.Yes)
	app, err := w.Coze.CreateApp(context.Background(), "other")
	testplan.Must(t, err)
	key := w.Key()
	_, err = keygen.Save(w.Path("config/other.pem"), key, keygen.Refuse, w.Now)
	testplan.Must(t, err)
	id, err := w.Coze.AddKey(context.Background(), app, keygen.EncodePublic(&key.PublicKey))
	testplan.Must(t, err)
	w.Write(".env", "COZE_CLIENT_ID="+app+"\nCOZE_PUBLIC_KEY="+id+"\nCOZE_PRIVATE_KEY_PATH=config/other.pem\nCOZE_API_BASE="+w.Coze.Base+"\n")
	s, err := rotation.OpenPrune(w.Deps(), w.Dir, w.Env())
	testplan.Must(t, err)
	testplan.Must(t, testplan.Do(s, "probe", nil))
	for _, k := range s.Old {
		if k.Verdict != rotation.Unasked {
			t.Errorf("%s is %s, although the service was asked about another app", k.File, k.Verdict)
		}
	}
}
