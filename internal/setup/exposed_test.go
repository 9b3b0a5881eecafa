package setup_test

import (
	"errors"
	"os"
	"os/exec"
	"testing"

	"cozejwt/internal/git"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testplan"
)

// Where git cannot be made to ignore the key, it is saved only after a yes.
func TestAKeyThatGitWouldTakeIsSavedOnAYesAlone(t *testing.T) {
	testfile.NeedGit(t)
	for answer, saved := range map[string]bool{"no": false, "yes": true} {
		w := testplan.New(t)
		if out, err := exec.Command("git", "-C", w.Dir, "init", "-q").CombinedOutput(); err != nil {
			t.Fatalf("%s", out)
		}
		testfile.Symlink(t, "elsewhere", w.Path(".gitignore"))
		s := w.Setup()
		if len(testplan.Ask(t, s, "key")) != 1 {
			t.Error("it is asked before it is known")
		}
		if err := testplan.Do(s, "key", nil); !errors.Is(err, git.ErrLinked) {
			t.Fatalf("error is %v", err)
		}
		if err := testplan.Do(s, "key", map[string]string{"exposed": answer}); (err == nil) != saved {
			t.Errorf("%s: error is %v", answer, err)
		}
		if _, err := os.Stat(w.Path("config/private_key.pem")); (err == nil) != saved {
			t.Errorf("%s: the key is there: %v", answer, err == nil)
		}
	}
}
