//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"cozejwt/internal/credentials"
	"cozejwt/internal/formats"
	"cozejwt/internal/i18n"
)

var shellBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")

// setupCommands are the two commands on the README's first screen.
func setupCommands(t *testing.T) (try, test string) {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := shellBlock.FindAllStringSubmatch(string(text), 2)
	if len(blocks) < 2 {
		t.Fatal("the README has no two command blocks")
	}
	return strings.TrimSpace(blocks[0][1]), strings.TrimSpace(blocks[1][1])
}

// The READMEs of both languages give the same commands.
func TestBothREADMEsGiveTheSameCommands(t *testing.T) {
	t.Parallel()
	comment := regexp.MustCompile(`(?m) +# .*$`)
	commands := func(name string) (blocks []string) {
		text, err := os.ReadFile("../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range shellBlock.FindAllStringSubmatch(string(text), -1) {
			blocks = append(blocks, comment.ReplaceAllString(block[1], ""))
		}
		return blocks
	}
	if en, zh := commands("README.md"), commands("README.zh-CN.md"); !slices.Equal(en, zh) {
		t.Errorf("English:\n%q\nChinese:\n%q", en, zh)
	}
}

// What comes after the first token is told in a few lines: the endpoint for a page, the way from a
// personal token, and the mistakes that explain finds in code.
func TestREADMEsAreShortAboutTheHourAfterTheToken(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"README.md", "README.zh-CN.md"} {
		text, err := os.ReadFile("../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		for what, about := range map[string]string{
			"the endpoint":       `snippet (\[?web|node|.*` + "`web`" + `)`,
			"the personal token": `pat_|^[1-5]\. `,
			"code":               `explain (src/|\[TEXT)|git diff`,
		} {
			lines := regexp.MustCompile(`(?m)`+about).FindAllString(string(text), -1)
			if n := len(lines); n < 1 || n > 10 {
				t.Errorf("%s has %d lines about %s", name, n, what)
			}
		}
	}
}

// The READMEs list what there is: variables, commands, formats.
func TestREADMEsListWhatThereIs(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"README.md", "README.zh-CN.md"} {
		text, err := os.ReadFile("../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		wants := func(what string) {
			if !strings.Contains(string(text), what) {
				t.Errorf("%s lacks %s", name, what)
			}
		}
		for _, v := range credentials.Variables {
			wants("| `" + v.Names[credentials.Default] + "` | `" + v.Names[credentials.SDK] + "` |")
		}
		for _, format := range formats.Names() {
			wants(format)
		}
		for _, c := range (&app{lang: i18n.Reader{Language: i18n.English}}).root("help").Commands() {
			if c.IsAvailableCommand() {
				wants("cozejwt " + c.Name())
			}
		}
	}
}

// The README's first command, with the program that go run would build, ends in a
// live token.
func TestREADMECommandEndsInALiveToken(t *testing.T) {
	t.Parallel()
	try, test := setupCommands(t)
	args, ok := strings.CutPrefix(try, "go run ./cmd/cozejwt ")
	if !ok || strings.Contains(args, "\n") || test != "go test ./..." {
		t.Fatalf("the commands are %q and %q", try, test)
	}
	dir := t.TempDir()
	term := start(t, answering, 80, 24, home(t), "sh", "-c", "cd "+dir+" && exec "+build(t, ".")+" "+args)
	term.walk(9)
	term.press("\r")
	if code := term.exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	wantSet(t, filepath.Join(dir, "practice", ".env"))
}

// Every other command of the README runs as written, with Enter for each
// question: in a project with two sets, in the sandbox.
func TestEveryREADMECommandRuns(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	project := filepath.Join(dir, "your-project")
	if err := os.Mkdir(project, 0o755); err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	if err := os.Symlink(build(t, "."), filepath.Join(bin, "cozejwt")); err != nil {
		t.Fatal(err)
	}
	env := append(home(t), "PATH="+bin+":"+os.Getenv("PATH"), "ACCESSIBLE=1", "KEY_ID="+testKeyID)
	run := func(script, in string) {
		t.Helper()
		cmd := exec.Command("sh", "-ec", "yes '' | ( "+script+"\n)")
		cmd.Dir, cmd.Env = in, env
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s\n%s", err, script, out)
		}
	}
	run(`cozejwt init --region sandbox --no-input --yes
cozejwt init --region sandbox --no-input --yes --profile staging --key-path config/staging.pem
cozejwt export --profile staging --format spring > application.yaml`, project)
	for i, block := range shellBlock.FindAllStringSubmatch(string(text), -1) {
		if i < 2 {
			continue // tested above
		}
		if strings.Contains(block[1], "npm install") {
			continue // TestTheInstallCommandsOfTheREADMERun
		}
		script := strings.ReplaceAll(block[1], "--region cn", "--region sandbox") // the real one is out of reach here
		script = strings.ReplaceAll(script, "cozejwt keygen", "cozejwt keygen --force")
		// What serves until it is interrupted is, once it serves.
		script = strings.ReplaceAll(script, "cozejwt sandbox --open", "cozejwt sandbox --open 2> serving & until grep -q session= serving; do :; done; kill $!; wait $! || true")
		if strings.Contains(script, "cd your-project") {
			run(script, dir)
			continue
		}
		run(script, project)
	}
}

var yamlBlock = regexp.MustCompile("(?s)```yaml\n# (\\S+)\n(.*?)```")

// The pipelines of the README run as written, against a sandbox: npx is
// replaced by what it would start, the service's secrets by a project's.
func TestThePipelinesOfTheREADMERun(t *testing.T) {
	t.Parallel()
	bin := t.TempDir()
	npx := "#!/bin/sh\n[ \"$1 $2\" = '-y cozejwt' ] || exit 99\nshift 2\nexec " + build(t, ".") + " \"$@\"\n"
	if err := os.WriteFile(filepath.Join(bin, "npx"), []byte(npx), 0o755); err != nil {
		t.Fatal(err)
	}
	scripts := pipelineScripts(t)
	for file, report := range map[string]struct{ works, refused string }{
		".github/workflows/coze.yml": {"", "::error file=.env,title=Access token::"},
		".gitlab-ci.yml":             {`name="token.exchange"></testcase>`, "<failure message="},
	} {
		t.Run(file, func(t *testing.T) {
			p := newProject(t)
			key, err := os.ReadFile(p.path("config/private_key.pem"))
			if err != nil {
				t.Fatal(err)
			}
			secret := "COZE_PRIVATE_KEY=" + string(key)
			if file == ".gitlab-ci.yml" { // a variable of type File holds a path
				secret = "COZE_PRIVATE_KEY_PATH=" + p.path("config/private_key.pem")
			}
			run := func(keyID string) (string, int) {
				cmd := exec.Command("sh", "-ec", scripts[file])
				cmd.Dir = t.TempDir()
				cmd.Env = append(p.env, "PATH="+bin+":"+os.Getenv("PATH"), "COZE_CLIENT_ID="+p.app,
					"COZE_PUBLIC_KEY="+keyID, "COZE_API_BASE="+p.coze.Base, secret)
				out, _ := cmd.CombinedOutput()
				report, _ := os.ReadFile(filepath.Join(cmd.Dir, "coze.xml")) // GitLab's
				if left, _ := os.ReadDir(cmd.Dir); len(left) > 1 || len(left) == 1 && left[0].Name() != "coze.xml" {
					t.Errorf("files are left: %v", left)
				}
				return string(out) + string(report), cmd.ProcessState.ExitCode()
			}
			if out, code := run(p.key); code != 0 || !strings.Contains(out, report.works) || strings.Contains(out, "::error") {
				t.Errorf("exit code %d:\n%s", code, out)
			}
			if out, code := run(testKeyID); code != 3 || !strings.Contains(out, report.refused) {
				t.Errorf("a Key ID that Coze does not know: exit code %d:\n%s", code, out)
			}
		})
	}
}

// pipelineScripts are what the pipelines of the READMEs run, by the name of their file.
func pipelineScripts(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	chinese, err := os.ReadFile("../../README.zh-CN.md")
	if err != nil {
		t.Fatal(err)
	}
	scripts := map[string]string{}
	for _, block := range yamlBlock.FindAllStringSubmatch(string(text), -1) {
		if !strings.Contains(string(chinese), block[0]) {
			t.Errorf("README.zh-CN.md has another %s", block[1])
		}
		scripts[block[1]] = pipelineScript(t, block[2])
	}
	return scripts
}

// pipelineScript is what a GitHub workflow of one job, or a GitLab job, runs.
func pipelineScript(t *testing.T, text string) string {
	t.Helper()
	type job struct {
		Steps  []struct{ Run string }
		Script []string
	}
	var pipeline struct {
		Jobs map[string]job
		Coze job
	}
	if err := yaml.Unmarshal([]byte(text), &pipeline); err != nil {
		t.Fatal(err)
	}
	lines := pipeline.Coze.Script
	for _, step := range pipeline.Jobs["verify"].Steps {
		lines = append(lines, step.Run)
	}
	if len(lines) == 0 {
		t.Fatalf("nothing to run in:\n%s", text)
	}
	return strings.Join(lines, "\n")
}
