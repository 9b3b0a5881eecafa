package review_test

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/review"
	"cozejwt/internal/testkey"
)

// applied is a review that is on the disk.
func (p *project) applied() *review.Review {
	p.t.Helper()
	r := p.review()
	if err := r.Apply(); err != nil {
		p.t.Fatal(err)
	}
	return r
}

// also adds a .env that is to hold the same set.
func (p *project) also(name string) {
	target := p.plan.Targets[0]
	target.Path = p.path(name)
	p.plan.Targets = append(p.plan.Targets, target)
}

func TestTwoReviewsOfAFileAreTakenBackTogether(t *testing.T) {
	p := newProject(t)
	p.write(".env", "A=1\n")
	first := p.applied().Edits[0]
	p.plan.Targets[0].Set.AppID = "2234567890123"
	both := first.Then(p.applied().Edits[0])
	if changed, err := both.ChangedSince(); changed || err != nil {
		t.Errorf("what both have written counts as changed: %v, %v", changed, err)
	}
	if changed, err := first.ChangedSince(); !changed || err != nil {
		t.Errorf("the first alone does not see the second: %v, %v", changed, err)
	}
	if err := (&review.Review{Edits: []review.Edit{both}}).Undo(nil); err != nil || p.read(".env") != "A=1\n" {
		t.Errorf("undone: %q, %v", p.read(".env"), err)
	}
}

func TestANewFileOfTwoReviewsIsRemoved(t *testing.T) {
	p := newProject(t)
	first := p.applied().Edits[0]
	p.plan.Targets[0].Set.AppID = "2234567890123"
	both := first.Then(p.applied().Edits[0])
	if err := (&review.Review{Edits: []review.Edit{both}}).Undo(nil); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(p.path(".env")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf(".env is still there: %v", err)
	}
}

func TestAFileAsItWasWrittenIsNotChangedSince(t *testing.T) {
	p := newProject(t)
	e := p.applied().Edits[0]
	if changed, err := e.ChangedSince(); changed || err != nil {
		t.Errorf("changed: %v, %v", changed, err)
	}
	if err := os.Remove(p.path(".env")); err != nil {
		t.Fatal(err)
	}
	if changed, err := e.ChangedSince(); changed || fault.ID(err) != "file.absent" {
		t.Errorf("of a file that is gone: %v, %v", changed, err)
	}
}

// The previous set comes back only where the new one was there before the review.
func TestUndoTakesThePreviousSetOnlyForABrokenOffRun(t *testing.T) {
	previous := credentials.Set{AppID: "2234567890123", KeyID: testkey.KeyID, KeyPath: "config/private_key.pem", APIBase: "https://api.coze.com"}
	p := newProject(t)
	p.write(".env", "A=1\n")
	if err := p.applied().Undo(&previous); err != nil || p.read(".env") != "A=1\n" {
		t.Errorf("a file that the review changed is %q, %v", p.read(".env"), err)
	}
	p.applied()
	written := p.read(".env")
	if err := p.review().Undo(nil); err != nil || p.read(".env") != written {
		t.Errorf("without a previous set it is %q, %v", p.read(".env"), err)
	}
}

func TestThePreviousSetComesBackUnderEachName(t *testing.T) {
	p := newProject(t)
	p.plan.Targets[0].Conventions = []credentials.Convention{credentials.Default, credentials.SDK}
	p.applied()
	previous := p.plan.Values
	previous.AppID = "2234567890123"
	if err := p.review().Undo(&previous); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"COZE_CLIENT_ID=2234567890123\n", "COZE_JWT_OAUTH_CLIENT_ID=2234567890123\n"} {
		if text := p.read(".env"); !strings.Contains(text, line) {
			t.Errorf("no %q in %s", line, text)
		}
	}
}

func TestAPreviousSetThatNoReaderTakesIsAnError(t *testing.T) {
	p := newProject(t)
	p.applied()
	written := p.read(".env")
	previous := p.plan.Values
	previous.KeyPath = "a'b\"c"
	err := p.review().Undo(&previous)
	if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Value("path") != p.path(".env") {
		t.Errorf("error is %v", err)
	}
	if p.read(".env") != written {
		t.Errorf(".env is %s", p.read(".env"))
	}
}

func TestUndoGoesOnAfterAFileThatIsGone(t *testing.T) {
	p := newProject(t)
	p.write(".env", "A=1\n")
	p.write(".env.b", "B=1\n")
	p.also(".env.b")
	r := p.applied()
	if err := os.Remove(p.path(".env.b")); err != nil {
		t.Fatal(err)
	}
	if err := r.Undo(nil); fault.ID(err) != "file.absent" || !strings.Contains(err.Error(), ".env.b") {
		t.Errorf("error is %v", err)
	}
	if p.read(".env") != "A=1\n" {
		t.Errorf(".env is %s", p.read(".env"))
	}
}

// The name leaves no room for that of a temporary file beside it.
func TestAFileThatCannotBePutBackIsAnError(t *testing.T) {
	p := newProject(t)
	p.applied()
	name := ".env." + strings.Repeat("x", 250-len(".env."))
	p.write(name, p.read(".env"))
	p.plan.Targets[0].Path = p.path(name)
	previous := p.plan.Values
	previous.AppID = "2234567890123"
	if err := p.review().Undo(&previous); fault.ID(err) != "file.write" {
		t.Errorf("error is %v", err)
	}
}

func TestANewFileThatSomeoneElseHasChangedStays(t *testing.T) {
	p := newProject(t)
	r := p.applied()
	p.write(".env", "A=3\n")
	if err := r.Undo(nil); err != nil || p.read(".env") != "A=3\n" {
		t.Errorf("undone over a change: %q, %v", p.read(".env"), err)
	}
}

func TestAnEmptyFileIsEmptyAgainAfterUndo(t *testing.T) {
	p := newProject(t)
	p.write(".env", "")
	r := p.applied()
	if r.Changes[0].Action != review.Edited {
		t.Errorf("changes are %s", actions(r))
	}
	if err := r.Undo(nil); err != nil || p.read(".env") != "" {
		t.Errorf("undone: %q, %v", p.read(".env"), err)
	}
}

// Two runs keep the previous credentials in the same file, with the same text. The one that comes
// too late takes nothing of the other's back.
func TestWhatAnotherRunHasWrittenStays(t *testing.T) {
	p := newProject(t)
	p.write(".env.both", "A=1\n")
	p.also(".env.both")
	first, second := p.review(), p.review()
	if err := first.Apply(); err != nil {
		t.Fatal(err)
	}
	new, edited := p.read(".env"), p.read(".env.both")
	if err := second.Apply(); !errors.Is(err, review.ErrReplaced) {
		t.Errorf("error is %v", err)
	}
	if err := second.Undo(nil); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(p.path(".env")); err != nil || p.read(".env") != new || p.read(".env.both") != edited {
		t.Errorf("the files of the first run became %q and %q (%v)", new, p.read(".env.both"), err)
	}
}

// A review is on the screen while a job applies a copy of it.
func TestACopyIsAppliedAndTheReviewStaysAsItWas(t *testing.T) {
	p := newProject(t)
	r := p.review()
	c := r.Clone()
	p.write(".env", "A=1\n") // arrives after the review
	if err := c.Apply(); err != nil {
		t.Fatal(err)
	}
	if err := r.Undo(nil); err != nil || !strings.HasPrefix(p.read(".env"), "A=1\nCOZE_CLIENT_ID=") {
		t.Errorf("the review knows what its copy has done: .env is %q, %v", p.read(".env"), err)
	}
	if err := c.Undo(nil); err != nil || p.read(".env") != "A=1\n" {
		t.Errorf("undone: %q, %v", p.read(".env"), err)
	}
	if (*review.Review)(nil).Clone() != nil {
		t.Error("a copy of nothing is something")
	}
}
