//go:build e2e && unix

package main

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"cozejwt/internal/release"
)

// packed builds the npm packages and wheels of a release, with the program of this machine
// and with stand-ins for the other systems.
func packed(t *testing.T) string {
	t.Helper()
	program, err := os.ReadFile(build(t, "."))
	if err != nil {
		t.Fatal(err)
	}
	dir, err := once("packages", func(dir string) error {
		r := release.Release{
			Version: "1.2.3", Date: time.Date(2026, time.November, 25, 12, 0, 0, 0, time.UTC),
			Readme: []byte("# cozejwt\n"), Notices: []byte("licences\n"),
			Manuals:     map[string][]byte{"cozejwt.1": []byte(".TH")},
			Completions: map[string][]byte{"bash": []byte("complete")},
		}
		for _, goos := range []string{"linux", "darwin", "windows"} {
			for _, arch := range []string{"amd64", "arm64"} {
				b := release.Binary{OS: goos, Arch: arch, Content: []byte("of another system")}
				if goos == runtime.GOOS && arch == runtime.GOARCH {
					b.Content = program
				}
				r.Binaries = append(r.Binaries, b)
			}
		}
		files, err := r.Build()
		for _, f := range files {
			if err := os.WriteFile(filepath.Join(dir, f.Name), f.Content, 0o644); err != nil {
				return err
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// registry serves packages as npm's registry does: a document about each name, and tarballs.
func registry(t *testing.T, dir string) *httptest.Server {
	t.Helper()
	files := http.FileServer(http.Dir(dir))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/")
		if strings.HasSuffix(name, ".tgz") {
			files.ServeHTTP(w, r)
			return
		}
		text, err := exec.Command("tar", "-xzOf", filepath.Join(dir, name+"-1.2.3.tgz"), "package/package.json").Output()
		var manifest map[string]any
		if err != nil || json.Unmarshal(text, &manifest) != nil {
			http.NotFound(w, r)
			return
		}
		manifest["dist"] = map[string]string{"tarball": "http://" + r.Host + "/" + name + "-1.2.3.tgz"}
		_ = json.NewEncoder(w).Encode(map[string]any{
			"name": name, "dist-tags": map[string]string{"latest": "1.2.3"}, "versions": map[string]any{"1.2.3": manifest},
		})
	}))
	t.Cleanup(server.Close)
	return server
}

// An npmProject is a folder, with a name that is hard on scripts, in which npm has installed cozejwt.
type npmProject struct {
	dir string
	env []string
}

func npmInstall(t *testing.T) npmProject {
	t.Helper()
	needNode(t)
	p := npmProject{dir: filepath.Join(t.TempDir(), "mein Projekt ü 项目")}
	if err := os.Mkdir(p.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	p.env = append(home(t), "PATH="+os.Getenv("PATH"), "npm_config_registry="+registry(t, packed(t)).URL)
	p.run(t, 0, "npm", "install", "--no-audit", "--no-fund", "-D", "cozejwt")
	return p
}

func (p npmProject) command(args ...string) *exec.Cmd {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir, cmd.Env = p.dir, p.env
	return cmd
}

// run runs a command in the project that must end with an exit code.
func (p npmProject) run(t *testing.T, code int, args ...string) string {
	t.Helper()
	out, err := p.command(args...).CombinedOutput()
	if got := exitCodeOf(err); got != code {
		t.Fatalf("%s: exit code %d, want %d\n%s", strings.Join(args, " "), got, code, out)
	}
	return string(out)
}

// exitCodeOf is -1 for a program that a signal ended or that never ran.
func exitCodeOf(err error) int {
	if err == nil {
		return 0
	}
	if exit, ok := err.(*exec.ExitError); ok {
		return exit.ExitCode()
	}
	return -1
}

func (p npmProject) launcher() string { return filepath.Join(p.dir, "node_modules", ".bin", "cozejwt") }

func TestNPXRunsTheBinaryOfThisMachine(t *testing.T) {
	t.Parallel()
	p := npmInstall(t)
	if out := p.run(t, 0, "npx", "cozejwt", "--version"); !strings.HasPrefix(out, "cozejwt version ") {
		t.Errorf("--version says %q", out)
	}
	if out := p.run(t, 0, "npx", "cozejwt", "version", "--json"); !strings.Contains(out, `"installed_by": "npm"`) {
		t.Errorf("version says %s", out)
	}
	installed, err := filepath.Glob(filepath.Join(p.dir, "node_modules", "cozejwt-*"))
	if err != nil || len(installed) != 1 {
		t.Errorf("npm installed %q, want the package of this system", installed)
	}
	out := p.run(t, 3, "npx", "cozejwt", "token")
	if !strings.Contains(out, "→ npx cozejwt init\n") {
		t.Errorf("the fix cannot be pasted:\n%s", out)
	}
	if out := p.run(t, 2, "npx", "cozejwt", "verify", "--nope"); !strings.Contains(out, "→ npx cozejwt verify --help\n") {
		t.Errorf("the fix cannot be pasted:\n%s", out)
	}
}

func TestTheLauncherLeavesTheTerminalToTheWizard(t *testing.T) {
	t.Parallel()
	p := npmInstall(t)
	term := start(t, answering, 80, 24, p.env, p.launcher(), "--region", "sandbox", "--dir", p.dir)
	term.wait("Step 2/9")
	term.resize(100, 30)
	term.press("\x03")
	if code := term.exit(); code != 130 {
		t.Errorf("Ctrl+C: exit code %d, want 130", code)
	}
}

func TestTheLauncherPassesSignalsOn(t *testing.T) {
	t.Parallel()
	p := npmInstall(t)
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		launcher, base := p.serveSandbox(t)
		if err := launcher.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		if code := exitCodeOf(launcher.Wait()); code != 130 {
			t.Errorf("%s: exit code %d, want 130", signal, code)
		}
		if conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://")); err == nil {
			conn.Close()
			t.Errorf("%s: the launcher has ended and left the program behind", signal)
		}
	}
}

func TestTheLauncherEndsByTheSignalThatEndedTheProgram(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("/proc tells who the launcher's child is")
	}
	launcher, _ := npmInstall(t).serveSandbox(t)
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%[1]d/children", launcher.Process.Pid))
	if err != nil {
		t.Skip(err)
	}
	program, err := strconv.Atoi(strings.TrimSpace(string(children)))
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(program, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = launcher.Wait()
	if status, ok := launcher.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
		t.Errorf("the launcher ended with %s, want SIGKILL", launcher.ProcessState)
	}
}

// serveSandbox starts a sandbox through the launcher, and returns its API base.
func (p npmProject) serveSandbox(t *testing.T) (launcher *exec.Cmd, base string) {
	t.Helper()
	launcher = p.command(p.launcher(), "sandbox", "--addr", "127.0.0.1:0", "--json")
	out, err := launcher.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := launcher.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = launcher.Process.Kill() })
	var served struct {
		Base string `json:"api_base"`
	}
	if err := json.NewDecoder(out).Decode(&served); err != nil {
		t.Fatal(err)
	}
	return launcher, served.Base
}

func TestTheLauncherSaysWhichPackageIsMissing(t *testing.T) {
	t.Parallel()
	p := npmInstall(t)
	installed, _ := filepath.Glob(filepath.Join(p.dir, "node_modules", "cozejwt-*"))
	for _, dir := range installed {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	for lang, want := range map[string]string{"C": "is not installed", "zh_CN.UTF-8": "没有安装"} {
		p.env = append(p.env, "LANG="+lang)
		if out := p.run(t, 1, p.launcher(), "--version"); !strings.Contains(out, want) || !strings.Contains(out, "npm install --include=optional cozejwt") {
			t.Errorf("%s: it says %s", lang, out)
		}
	}
}

// venv makes a Python environment in a folder with a name that is hard on scripts.
func venv(t *testing.T) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "meine Umgebung ü 环境")
	if out, err := exec.Command("python3", "-m", "venv", dir).CombinedOutput(); err != nil {
		giveUp(t, fmt.Sprintf("python3 -m venv: %v\n%s", err, out))
	}
	return dir
}

func TestPipInstallsTheWheelOfThisMachine(t *testing.T) {
	t.Parallel()
	dir := venv(t)
	p := npmProject{dir: t.TempDir(), env: append(home(t), "PATH="+os.Getenv("PATH"))}
	python, program := filepath.Join(dir, "bin", "python"), filepath.Join(dir, "bin", "cozejwt")
	p.run(t, 0, python, "-m", "pip", "install", "--no-index", "--disable-pip-version-check", "--find-links", packed(t), "cozejwt")
	if out := p.run(t, 0, program, "version", "--json"); !strings.Contains(out, `"installed_by": "pypi"`) {
		t.Errorf("version says %s", out)
	}
	p.run(t, 3, program, "token")
	for _, name := range []string{"share/man/man1/cozejwt.1", "share/bash-completion/completions/cozejwt"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	if out := p.run(t, 0, python, "-m", "pip", "show", "--files", "cozejwt"); !strings.Contains(out, "Version: 1.2.3\n") || !strings.Contains(out, "licenses/THIRD_PARTY_LICENSES.txt") {
		t.Errorf("pip show says %s", out)
	}
}
