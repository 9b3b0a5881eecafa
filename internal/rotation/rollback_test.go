package rotation_test

import (
	"errors"
	"maps"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/i18n"
	"cozejwt/internal/rotation"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testplan"
)

func TestRollbackGoesBackAndNoFurtherThanWhatIsKnown(t *testing.T) {
	w := testplan.Created(t)
	w.Write(".env.production", w.Read(".env"))
	first := w.Read(".env")
	testplan.Walk(t, rotating(w), testplan.Yes)
	second := w.Read(".env")
	w.Now = w.Now.Add(time.Second)
	testplan.Walk(t, rotating(w), testplan.Yes)
	for _, want := range []string{second, first} {
		s, err := rotation.OpenRollback(w.Deps(), w.Dir, w.Env())
		testplan.Must(t, err)
		testplan.Walk(t, s, testplan.Yes)
		if w.Read(".env") != want || w.Read(".env.production") != want {
			t.Fatalf("rolled back to\n%s, want\n%s", w.Read(".env"), want)
		}
		testplan.Must(t, w.Works(".env"))
	}
	if _, err := rotation.OpenRollback(w.Deps(), w.Dir, w.Env()); !errors.Is(err, rotation.ErrNoWayBack) {
		t.Errorf("error is %v", err)
	}
}

func TestRollbackToAKeyThatIsGoneChangesNothing(t *testing.T) {
	w := testplan.Created(t)
	old := w.Holding(".env").Set
	testplan.Walk(t, rotating(w), testplan.Yes)
	w.Forget(old.AppID, old.KeyID)
	text := w.Read(".env")
	s, err := rotation.OpenRollback(w.Deps(), w.Dir, w.Env())
	testplan.Must(t, err)
	if err := testplan.Do(s, "test", nil); err == nil || w.Read(".env") != text {
		t.Errorf("error is %v", err)
	}
}

func TestRollbackIsFoundUnderAnotherNameOfTheFolder(t *testing.T) {
	w := testplan.Created(t)
	first := w.Read(".env")
	link := filepath.Join(t.TempDir(), "link")
	testfile.Symlink(t, w.Dir, link)
	s, err := rotation.Open(w.Deps(), link, filepath.Join(link, ".env"))
	testplan.Must(t, err)
	testplan.Walk(t, s, testplan.Yes)
	back, err := rotation.OpenRollback(w.Deps(), w.Dir, w.Env())
	testplan.Must(t, err)
	testplan.Walk(t, back, testplan.Yes)
	if w.Read(".env") != first {
		t.Errorf(".env is\n%s, want\n%s", w.Read(".env"), first)
	}
}

// What a rollback went back from stays known: its end says so, and prune calls it what it is.
func TestRollbackSaysWhichKeyItWentBackFrom(t *testing.T) {
	w := testplan.Created(t)
	first := w.Holding(".env")
	testplan.Walk(t, rotating(w), testplan.Yes)
	w.Now = w.Now.Add(time.Second)
	testplan.Walk(t, rotating(w), testplan.Yes)
	newer := w.Holding(".env")
	s, err := rotation.OpenRollback(w.Deps(), w.Dir, w.Env())
	testplan.Must(t, err)
	testplan.Walk(t, s, testplan.Yes)
	for _, l := range i18n.Languages {
		text := ""
		for _, m := range s.Steps[2].Says() {
			text += l.Say(m) + "\n"
		}
		again := "cozejwt rotate --key-id " + newer.Set.KeyID + " --key-path " + newer.Set.KeyPath
		if !strings.Contains(text, again) || !strings.Contains(text, "cozejwt rotate --prune") {
			t.Errorf("%s: the way on is not said:\n%s", l, text)
		}
	}
	p, err := rotation.OpenPrune(w.Deps(), w.Dir, w.Env())
	testplan.Must(t, err)
	if got, want := originsOf(p), map[string]rotation.Origin{first.KeyFile(): rotation.Replaced, newer.KeyFile(): rotation.RolledBack}; !maps.Equal(got, want) {
		t.Errorf("origins are %v, want %v", got, want)
	}
	// Another rotation after the rollback leaves the newer key aside.
	w.Now = w.Now.Add(time.Second)
	second := w.Holding(".env")
	w.Forget(first.Set.AppID, first.Set.KeyID) // an app holds three keys
	aside := rotating(w)
	testplan.Must(t, aside.Take(map[string]string{"key-path": newKey(w, "config/third.pem")}))
	testplan.Walk(t, aside, testplan.Yes)
	p, err = rotation.OpenPrune(w.Deps(), w.Dir, w.Env())
	testplan.Must(t, err)
	if got := originsOf(p); got[newer.KeyFile()] != rotation.RolledBack || got[second.KeyFile()] != rotation.Replaced {
		t.Errorf("origins are %v", got)
	}
}

func originsOf(p *rotation.Prune) map[string]rotation.Origin {
	origins := map[string]rotation.Origin{}
	for _, k := range p.Old {
		origins[k.File] = k.Origin
	}
	return origins
}
