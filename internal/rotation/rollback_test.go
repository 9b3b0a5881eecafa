package rotation_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

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
