package review_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cozejwt/internal/credentials"
	"cozejwt/internal/i18n"
	"cozejwt/internal/review"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
)

// A project is a folder and what is to be on the disk there.
type project struct {
	t    *testing.T
	plan review.Plan
}

func newProject(t *testing.T) *project {
	t.Helper()
	p := &project{t: t}
	dir := t.TempDir()
	set := credentials.Set{AppID: testkey.AppID, KeyID: testkey.KeyID, KeyPath: "config/private_key.pem", APIBase: "https://api.coze.cn"}
	p.plan = review.Plan{
		Dir: dir, KeyFile: filepath.Join(dir, "config", "private_key.pem"), Key: review.Saved, Values: set,
		Targets: []review.Target{{Path: filepath.Join(dir, ".env"), Set: set, Conventions: []credentials.Convention{credentials.Default}}},
		Display: func(path string) string { rel, _ := filepath.Rel(dir, path); return rel },
	}
	return p
}

func (p *project) path(name string) string { return filepath.Join(p.plan.Dir, name) }

func (p *project) write(name, text string) {
	p.t.Helper()
	testfile.Write(p.t, p.path(name), text)
}

func (p *project) read(name string) string {
	p.t.Helper()
	text, err := os.ReadFile(p.path(name))
	if err != nil {
		p.t.Fatal(err)
	}
	return string(text)
}

func (p *project) review() *review.Review {
	p.t.Helper()
	r, err := review.New(p.plan)
	if err != nil {
		p.t.Fatal(err)
	}
	return r
}

func actions(r *review.Review) string {
	var all []string
	for _, c := range r.Changes {
		all = append(all, string(c.Action)+" "+filepath.ToSlash(c.Path))
	}
	return strings.Join(all, ", ")
}

func TestWhatIsShownIsWhatIsWritten(t *testing.T) {
	p := newProject(t)
	p.write(".env", "# mine\nDB_PASSWORD=hunter2\nCOZE_CLIENT_ID=1\n")
	before := p.read(".env")
	r := p.review()
	if got := actions(r); got != "edit .env, saved config/private_key.pem, saved config/public_key.pem" {
		t.Errorf("changes are %s", got)
	}
	if diff := r.Changes[0].Diff; strings.Contains(diff, "hunter2") || !strings.Contains(diff, "+COZE_CLIENT_ID="+testkey.AppID) {
		t.Errorf("the diff is %s", diff)
	}
	if p.read(".env") != before {
		t.Error("the review itself has written")
	}
	if err := r.Apply(); err != nil {
		t.Fatal(err)
	}
	if now := p.read(".env"); !strings.Contains(now, "# mine\nDB_PASSWORD=hunter2\nCOZE_CLIENT_ID="+testkey.AppID+"\n") {
		t.Errorf(".env is %s", now)
	}
	if again := p.review(); !again.Unchanged() || again.Changes[0].Action != review.Kept {
		t.Errorf("a second time: %s", actions(again))
	}
	if err := r.Undo(nil); err != nil || p.read(".env") != before {
		t.Errorf("undone: %s, %v", p.read(".env"), err)
	}
}

func TestANewFileIsRemovedByUndo(t *testing.T) {
	p := newProject(t)
	r := p.review()
	if r.Changes[0].Action != review.Created {
		t.Errorf("changes are %s", actions(r))
	}
	if err := r.Undo(nil); err != nil { // before it was applied
		t.Fatal(err)
	}
	if err := r.Apply(); err != nil {
		t.Fatal(err)
	}
	testfile.WantMode(t, p.path(".env"), 0o600)
	if err := r.Undo(nil); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(p.path(".env")); err == nil {
		t.Error(".env is still there")
	}
}

func TestWhatSomeoneElseHasWrittenStays(t *testing.T) {
	p := newProject(t)
	p.write(".env", "A=1\n")
	r := p.review()
	p.write(".env", "A=2\nCOZE_CLIENT_ID=1\n")
	if err := r.Apply(); !errors.Is(err, review.ErrReplaced) || p.read(".env") != "A=2\nCOZE_CLIENT_ID=1\n" {
		t.Errorf("applied over credentials: %q, %v", p.read(".env"), err)
	}
	p.write(".env", "A=1\n")
	r = p.review()
	p.write(".env", "A=2\n")
	if err := r.Apply(); err != nil || !strings.HasPrefix(p.read(".env"), "A=2\nCOZE_CLIENT_ID=") {
		t.Fatalf("a foreign line is lost: %q, %v", p.read(".env"), err)
	}
	p.write(".env", "A=3\n")
	if changed, err := r.Edits[0].ChangedSince(); !changed || err != nil {
		t.Errorf("changed: %v, %v", changed, err)
	}
	if err := r.Undo(nil); err != nil || p.read(".env") != "A=3\n" {
		t.Errorf("undone over a change: %q, %v", p.read(".env"), err)
	}
}

// A run that was broken off has written the new set; the previous one comes back.
func TestABrokenOffSwitchGoesBackToThePreviousSet(t *testing.T) {
	p := newProject(t)
	if err := p.review().Apply(); err != nil {
		t.Fatal(err)
	}
	previous := p.plan.Values
	previous.KeyID = "P" + testkey.KeyID[1:]
	if err := p.review().Undo(&previous); err != nil || !strings.Contains(p.read(".env"), previous.KeyID) {
		t.Errorf(".env is %s, %v", p.read(".env"), err)
	}
}

func TestGitIsKeptFromTheSecretsFirst(t *testing.T) {
	p := newProject(t)
	if out, err := exec.Command("git", "-C", p.plan.Dir, "init", "-q").CombinedOutput(); err != nil {
		t.Skipf("no git here: %s", out)
	}
	r := p.review()
	if got := actions(r); !strings.HasSuffix(got, "create .gitignore") {
		t.Errorf("changes are %s", got)
	}
	if err := r.Apply(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{".env", "config/private_key.pem"} {
		if err := exec.Command("git", "-C", p.plan.Dir, "check-ignore", "-q", name).Run(); err != nil {
			t.Errorf("git does not ignore %s", name)
		}
	}
}

func TestDoubtsAreWarnings(t *testing.T) {
	for name, test := range map[string]struct {
		change func(p *project)
		want   string
	}{
		"odd id":        {func(p *project) { p.plan.Values.KeyID = "key-7" }, "usually have 43"},
		"Windows lines": {func(p *project) { p.write(".env", "A=1\r\n") }, "CRLF"},
		"BOM":           {func(p *project) { p.write(".env", "\ufeffA=1\n") }, "BOM"},
		"another file":  {func(p *project) { p.plan.Others = []string{p.path(".env.other")} }, ".env.other"},
		"tracked": {func(p *project) {
			p.write(".env", "A=1\n")
			for _, args := range [][]string{{"init", "-q"}, {"add", "-f", ".env"}} {
				if out, err := exec.Command("git", append([]string{"-C", p.plan.Dir}, args...)...).CombinedOutput(); err != nil {
					p.t.Skipf("no git here: %s", out)
				}
			}
		}, "git"},
		"two sets": {func(p *project) {
			p.write(".env", "COZE_JWT_OAUTH_CLIENT_ID=2234567890123\nCOZE_JWT_OAUTH_PUBLIC_KEY_ID=x\n")
		}, "COZE_JWT_OAUTH_CLIENT_ID"},
		"@next/env": {func(p *project) { p.plan.Targets[0].Set.KeyPath = "keys/$prod.pem" }, "@next/env"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			test.change(p)
			var all []string
			for _, w := range p.review().Warnings {
				all = append(all, w.Message(i18n.English))
			}
			if !strings.Contains(strings.Join(all, "\n"), test.want) {
				t.Errorf("warnings are %q", all)
			}
		})
	}
}

func TestTheExampleGetsPlaceholders(t *testing.T) {
	p := newProject(t)
	p.plan.Example = p.path(".env.example")
	p.write(".env.example", "# copy to .env\nDB=\n")
	r := p.review()
	if err := r.Apply(); err != nil {
		t.Fatal(err)
	}
	text := p.read(".env.example")
	if !strings.HasPrefix(text, "# copy to .env\nDB=\n") || !strings.Contains(text, "COZE_CLIENT_ID=") || strings.Contains(text, testkey.KeyID) {
		t.Errorf(".env.example is %s", text)
	}
	if again := p.review(); strings.Contains(actions(again), ".env.example") {
		t.Errorf("a second time: %s", actions(again))
	}
	p.write(".env.example", "nonsense\n")
	if _, err := review.New(p.plan); err == nil {
		t.Error("a broken example is no error")
	}
}

func TestWhatCannotBeReadIsAnError(t *testing.T) {
	p := newProject(t)
	p.write(".env", "nonsense\n")
	if _, err := review.New(p.plan); err == nil || !strings.Contains(err.Error(), ".env") {
		t.Errorf("error is %v", err)
	}
	p = newProject(t)
	p.plan.Targets[0].Set.KeyPath = "a'b\"c"
	if _, err := review.New(p.plan); err == nil {
		t.Error("a value that no reader takes is no error")
	}
}

// Services read the .env, and what else is changed; a copy that is new is not theirs.
func TestTestedAreTheFilesThatServicesRead(t *testing.T) {
	p := newProject(t)
	p.write(".env.b", "A=1\n")
	for _, name := range []string{".env.b", ".env.new"} {
		target := p.plan.Targets[0]
		target.Path = p.path(name)
		p.plan.Targets = append(p.plan.Targets, target)
	}
	var names []string
	for _, e := range p.review().Tested(p.path(".env")) {
		names = append(names, filepath.Base(e.Path))
	}
	if strings.Join(names, " ") != ".env .env.b" {
		t.Errorf("tested are %v", names)
	}
}
