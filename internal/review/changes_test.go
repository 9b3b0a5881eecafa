package review_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/review"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
)

func (p *project) git(args ...string) {
	p.t.Helper()
	testfile.NeedGit(p.t)
	if out, err := exec.Command("git", append([]string{"-C", p.plan.Dir}, args...)...).CombinedOutput(); err != nil {
		p.t.Fatalf("git %v: %s", args, out)
	}
}

func TestTheChangeOfTheExampleIsShown(t *testing.T) {
	p := newProject(t)
	p.plan.Example = p.path(".env.example")
	p.write(".env.example", "DB=\n")
	r := p.review()
	if got := actions(r); got != "create .env, saved config/private_key.pem, saved config/public_key.pem, edit .env.example" {
		t.Fatalf("changes are %s", got)
	}
	diff := r.Changes[3].Diff
	for _, line := range []string{"--- .env.example\n", " DB=\n", "+COZE_CLIENT_ID=your_app_id\n", "+COZE_API_BASE=https://api.coze.cn\n"} {
		if !strings.Contains(diff, line) {
			t.Errorf("no %q in the diff %s", line, diff)
		}
	}
	if p.read(".env.example") != "DB=\n" {
		t.Error("the review itself has written")
	}
}

// The example of a project with several files is that of the last, in its first convention.
func TestTheExampleFollowsTheLastFile(t *testing.T) {
	p := newProject(t)
	p.plan.Example = p.path(".env.example")
	p.write(".env.example", "")
	p.also(".env.b")
	p.plan.Targets[1].Set.APIBase = "https://api.coze.com"
	p.plan.Targets[1].Conventions = []credentials.Convention{credentials.SDK, credentials.Default}
	p.applied()
	text := p.read(".env.example")
	if !strings.Contains(text, "COZE_JWT_OAUTH_CLIENT_ID=your_app_id\n") || !strings.Contains(text, "https://api.coze.com") || strings.Contains(text, "COZE_CLIENT_ID") {
		t.Errorf(".env.example is %s", text)
	}
}

func TestADiffNamesTheFileAndIsFitForATerminal(t *testing.T) {
	p := newProject(t)
	p.write(".env.b", "A=1 # \x1b[31m\u202e\n")
	p.also(".env.b")
	r := p.review()
	for i, start := range []string{"--- /dev/null\n+++ .env\n", "--- .env.b\n+++ .env.b\n"} {
		if diff := r.Changes[i].Diff; !strings.HasPrefix(diff, start) || strings.ContainsAny(diff, "\x1b\u202e") {
			t.Errorf("the diff of %s is %q", r.Changes[i].Path, diff)
		}
	}
}

// What stands in a line of another program is as long as that likes; the lines that change are ours.
func TestADiffShortensLongLines(t *testing.T) {
	for name, long := range map[string]string{"one at the end": strings.Repeat("a", 1_000_000), "one before others": strings.Repeat("界", 300_000) + "\n*.log\n"} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			p.git("init", "-q")
			p.write(".gitignore", long)
			r := p.review()
			diff := r.Changes[len(r.Changes)-1].Diff
			if len(diff) > 11_000 || !strings.Contains(diff, "…\n") || !strings.Contains(diff, "\n+/.env\n") || strings.Contains(long, "*.log") != strings.Contains(diff, "\n *.log\n") {
				t.Errorf("the diff has %d bytes: %.100s … %s", len(diff), diff, diff[max(0, len(diff)-200):])
			}
			if err := r.Apply(); err != nil || !strings.HasPrefix(p.read(".gitignore"), long) {
				t.Errorf("the line itself is another one, %v", err)
			}
		})
	}
}

func TestAFileThatIsKeptHasNoDiff(t *testing.T) {
	p := newProject(t)
	p.applied()
	p.also(".env.b")
	r := p.review()
	if got := actions(r); !strings.HasPrefix(got, "keep .env, create .env.b, ") {
		t.Errorf("changes are %s", got)
	}
	if diff := r.Changes[0].Diff; diff != "" {
		t.Errorf("its diff is %s", diff)
	}
	if r.Unchanged() {
		t.Error("one of two files changes, and it says that none does")
	}
}

func TestOurVariablesAreShownUnderEachName(t *testing.T) {
	p := newProject(t)
	p.plan.Targets[0].Conventions = []credentials.Convention{credentials.Default, credentials.SDK}
	p.write(".env", "COZE_CLIENT_ID=old\nCOZE_JWT_OAUTH_CLIENT_ID=old\n")
	r := p.review()
	for _, name := range []string{"COZE_CLIENT_ID", "COZE_JWT_OAUTH_CLIENT_ID"} {
		for _, line := range []string{"-" + name + "=old\n", "+" + name + "=" + testkey.AppID + "\n"} {
			if diff := r.Changes[0].Diff; !strings.Contains(diff, line) {
				t.Errorf("no %q in the diff %s", line, diff)
			}
		}
	}
	if len(r.Warnings) > 0 {
		t.Errorf("warnings are %v", r.Warnings)
	}
}

func TestTheChangeOfGitignoreIsShown(t *testing.T) {
	for name, test := range map[string]struct{ before, want, start string }{
		"a new one":      {"", "create .gitignore", "--- /dev/null\n+++ .gitignore\n"},
		"one that is":    {"node_modules/\n", "edit .gitignore", "--- .gitignore\n+++ .gitignore\n"},
		"one with all":   {"/.env*\n/config/\n", "saved config/public_key.pem", ""},
		"one that lacks": {"/.env*\n", "edit .gitignore", "--- .gitignore\n+++ .gitignore\n"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			p.git("init", "-q")
			if test.before != "" {
				p.write(".gitignore", test.before)
			}
			r := p.review()
			last := r.Changes[len(r.Changes)-1]
			if !strings.HasSuffix(actions(r), test.want) || !strings.HasPrefix(last.Diff, test.start) {
				t.Errorf("changes are %s, the last is %s", actions(r), last.Diff)
			}
			if err := r.Apply(); err != nil || !strings.HasPrefix(p.read(".gitignore"), test.before) {
				t.Errorf(".gitignore is %s, %v", p.read(".gitignore"), err)
			}
			if text := p.read(".env"); !strings.Contains(text, testkey.AppID) {
				t.Errorf(".env is %s", text)
			}
		})
	}
}

func TestGitignoreNamesTheFilesInTheOrderOfAProject(t *testing.T) {
	p := newProject(t)
	p.git("init", "-q")
	p.applied()
	if text := p.read(".gitignore"); !strings.HasPrefix(text, "/.env\n") || !strings.HasSuffix(text, "/config/private_key*.pem*\n") {
		t.Errorf(".gitignore is %s", text)
	}
}

func TestASecretIsNotWrittenWhereGitCannotBeKeptFromIt(t *testing.T) {
	p := newProject(t)
	p.git("init", "-q")
	r := p.review()
	p.write(".gitignore/x", "something else is there since the review")
	if err := r.Apply(); fault.ID(err) != "file.irregular" {
		t.Errorf("error is %v", err)
	}
	if _, err := os.Stat(p.path(".env")); err == nil {
		t.Error(".env was written")
	}
}

func TestApplyMakesTheFolderOfAFile(t *testing.T) {
	p := newProject(t)
	p.plan.Targets[0].Path = p.path("deploy/prod/.env")
	p.applied()
	if text := p.read("deploy/prod/.env"); !strings.Contains(text, testkey.AppID) {
		t.Errorf("it is %s", text)
	}
}

func TestApplyStopsAtAFolderThatCannotBeMade(t *testing.T) {
	p := newProject(t)
	p.plan.Targets[0].Path = p.path("deploy/.env")
	p.also(".env.b")
	r := p.review()
	p.write("deploy", "a file in the folder's place")
	err := r.Apply()
	if f, ok := errors.AsType[*fault.Fault](err); !ok || f.ID != "file.write" || f.Value("path") != p.path("deploy/.env") {
		t.Errorf("error is %v", err)
	}
	if _, err := os.Stat(p.path(".env.b")); err == nil {
		t.Error("it went on to .env.b")
	}
}

func TestEachFileThatCannotBeReadIsNamed(t *testing.T) {
	folder := func(name string) func(p *project) {
		return func(p *project) {
			if err := os.MkdirAll(p.path(name+"/x"), 0o755); err != nil {
				p.t.Fatal(err)
			}
		}
	}
	for name, test := range map[string]struct {
		broken   func(p *project)
		id, path string
	}{
		"a folder as .env":         {folder(".env"), "file.irregular", ".env"},
		"nonsense in .env":         {func(p *project) { p.write(".env", "nonsense\n") }, "env.unreadable", ".env"},
		"a value no reader takes":  {func(p *project) { p.plan.Targets[0].Set.KeyPath = "a'b\"c" }, "env.no_quoting", ".env"},
		"no .env.example":          {func(*project) {}, "file.absent", ".env.example"},
		"a folder as .env.example": {folder(".env.example"), "file.irregular", ".env.example"},
		"nonsense in .env.example": {func(p *project) { p.write(".env.example", "nonsense\n") }, "env.unreadable", ".env.example"},
		"a folder as .gitignore":   {func(p *project) { p.git("init", "-q"); folder(".gitignore")(p) }, "file.irregular", ".gitignore"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			p.plan.Example = p.path(".env.example")
			test.broken(p)
			_, err := review.New(p.plan)
			if f, ok := errors.AsType[*fault.Fault](err); !ok || f.ID != test.id || f.Value("path") != p.path(test.path) {
				t.Errorf("error is %v, want %s of %s", err, test.id, test.path)
			}
		})
	}
}

// warnings are the ids of a review's warnings, each with the file that it names.
func warnings(r *review.Review) []string {
	var all []string
	for _, w := range r.Warnings {
		all = append(all, strings.TrimSpace(w.ID+" "+strings.ReplaceAll(w.Value("path"), `\`, "/")))
	}
	return all
}

func TestWarningsAreExactlyTheDoubts(t *testing.T) {
	tracked := func(names ...string) func(p *project) {
		return func(p *project) {
			p.git("init", "-q")
			for _, name := range names {
				p.write(name, "A=1\n")
			}
			p.git(append([]string{"add", "-f"}, names...)...)
		}
	}
	for name, test := range map[string]struct {
		change func(p *project)
		want   []string
	}{
		"nothing odd":          {func(*project) {}, nil},
		"a short App ID":       {func(p *project) { p.plan.Values.AppID = "1234567" }, nil},
		"an odd Key ID":        {func(p *project) { p.plan.Values.KeyID = "1234abc" }, []string{"value.odd_key_id"}},
		"Windows lines":        {func(p *project) { p.write(".env", "A=1\r\n") }, []string{"env.windows_lines .env"}},
		"a byte order mark":    {func(p *project) { p.write(".env", "\ufeffA=1\n") }, []string{"env.bom .env"}},
		"other files":          {func(p *project) { p.plan.Others = []string{p.path(".env.a"), p.path(".env.b")} }, []string{"env.elsewhere .env.a", "env.elsewhere .env.b"}},
		"a tracked .env":       {tracked(".env"), []string{"git.tracked .env"}},
		"a tracked key":        {tracked("config/private_key.pem"), []string{"git.tracked config/private_key.pem"}},
		"another tracked file": {tracked("README"), nil},
		"a second set": {func(p *project) {
			p.write(".env", "COZE_JWT_OAUTH_CLIENT_ID=2234567890123\n")
		}, []string{"env.second_set .env"}},
		"a path with $": {func(p *project) { p.plan.Targets[0].Set.KeyPath = "keys/$prod.pem" }, []string{"env.some_readers"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			test.change(p)
			if got := warnings(p.review()); !slices.Equal(got, test.want) {
				t.Errorf("warnings are %q, want %q", got, test.want)
			}
		})
	}
}

func TestTestedLeavesOutOnlyWhatNoServiceReads(t *testing.T) {
	p := newProject(t)
	p.applied()
	p.also(".env.b")
	p.applied()
	p.write(".env.c", "A=1\n")
	p.also(".env.c")
	p.also(".env.new")
	r := p.review()
	var names []string
	for _, e := range r.Tested(p.path(".env")) {
		names = append(names, strings.TrimPrefix(e.Path, p.path("")))
	}
	if got := strings.ReplaceAll(strings.Join(names, " "), `\`, "/"); got != "/.env /.env.c" {
		t.Errorf("tested are %s", got)
	}
	if len(r.Edits) != 4 {
		t.Errorf("%d edits are left of 4", len(r.Edits))
	}
}

// Another run of ours, or a person, adds lines while the review is read.
func TestWhatIsAddedToGitignoreSinceTheReviewStays(t *testing.T) {
	for name, before := range map[string]string{"none at the review": "", "one at the review": "node_modules/\n"} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			p.git("init", "-q")
			if before != "" {
				p.write(".gitignore", before)
			}
			r := p.review()
			p.write(".gitignore", before+"/config/private_key*.pem*\n*.log\n")
			if err := r.Apply(); err != nil {
				t.Fatal(err)
			}
			if text := p.read(".gitignore"); text != before+"/config/private_key*.pem*\n*.log\n/.env\n/.env.tmp-*\n" {
				t.Errorf(".gitignore is %q", text)
			}
		})
	}
}

func TestApplyStopsAtALinkThatLeadsNowhere(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Wine makes such a link, but replaces it as if it were a file")
	}
	for name, before := range map[string]string{"from the start": "", "since the review": "A=1\n"} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			path := p.path(".env")
			if before != "" {
				p.write(".env", before)
			} else if err := os.Symlink(filepath.Join("nowhere", "x"), path); err != nil {
				t.Skip(err) // Windows lets few users make links
			}
			r := p.review()
			if before != "" {
				if err := errors.Join(os.Remove(path), os.Symlink(filepath.Join("nowhere", "x"), path)); err != nil {
					t.Skip(err)
				}
			}
			if err := r.Apply(); fault.ID(err) != "file.write" {
				t.Errorf("error is %v", err)
			}
		})
	}
}
