package setup_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"cozejwt/internal/setup"
	"cozejwt/internal/testfile"
)

func TestRollbackGoesBackAndNoFurtherThanWhatIsKnown(t *testing.T) {
	w := created(t)
	w.Write(".env.production", w.Read(".env"))
	first := w.Read(".env")
	walk(t, w.rotation(), yes)
	second := w.Read(".env")
	w.now = w.now.Add(time.Second)
	walk(t, w.rotation(), yes)
	for _, want := range []string{second, first} {
		s, err := setup.OpenRollback(w.env(), w.Dir, w.Path(".env"))
		must(t, err)
		walk(t, s, yes)
		if w.Read(".env") != want || w.Read(".env.production") != want {
			t.Fatalf("rolled back to\n%s, want\n%s", w.Read(".env"), want)
		}
		must(t, w.works(".env"))
	}
	if _, err := setup.OpenRollback(w.env(), w.Dir, w.Path(".env")); !errors.Is(err, setup.ErrNoWayBack) {
		t.Errorf("error is %v", err)
	}
}

func TestRollbackToAKeyThatIsGoneChangesNothing(t *testing.T) {
	w := created(t)
	old := w.holding(".env").Set
	walk(t, w.rotation(), yes)
	w.forget(old.AppID, old.KeyID)
	text := w.Read(".env")
	s, err := setup.OpenRollback(w.env(), w.Dir, w.Path(".env"))
	must(t, err)
	if err := do(t, s, "test", nil); err == nil || w.Read(".env") != text {
		t.Errorf("error is %v", err)
	}
}

func TestRollbackIsFoundUnderAnotherNameOfTheFolder(t *testing.T) {
	w := created(t)
	first := w.Read(".env")
	link := filepath.Join(t.TempDir(), "link")
	testfile.Symlink(t, w.Dir, link)
	s, err := setup.OpenRotation(w.env(), link, filepath.Join(link, ".env"))
	must(t, err)
	walk(t, s, yes)
	back, err := setup.OpenRollback(w.env(), w.Dir, w.Path(".env"))
	must(t, err)
	walk(t, back, yes)
	if w.Read(".env") != first {
		t.Errorf(".env is\n%s, want\n%s", w.Read(".env"), first)
	}
}
