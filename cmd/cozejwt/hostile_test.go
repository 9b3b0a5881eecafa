//go:build unix

package main

import (
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

// A hostile is a folder that was cloned a minute ago. It tries to command the terminal, to
// show secrets, to run a program, to have something written elsewhere, and to be sent a
// signature.
type hostile struct {
	t       *testing.T
	dir     string
	home    string // has what is remembered: drafts, records, results, the sandbox
	env     []string
	started string            // a file that is there once a program of the folder has run
	victims map[string]string // files elsewhere, and what is in them
	secrets []string          // what nothing may show
	hosts   *hosts
	reached map[string]bool // hosts that some command has contacted
}

const (
	osc52    = "\x1b]52;c;aHVudGVyMg==\x07"
	password = "hunter2hunter2"
)

func newHostile(t *testing.T) *hostile {
	t.Helper()
	testfile.NeedGit(t)
	h := &hostile{t: t, dir: filepath.Join(t.TempDir(), "cloned"), victims: map[string]string{}, hosts: newHosts(t), reached: map[string]bool{}}
	elsewhere := t.TempDir()
	h.started = filepath.Join(elsewhere, "started")
	pem := string(keygen.EncodePrivate(testkey.RSA()))
	inBase64, token := base64.StdEncoding.EncodeToString([]byte(pem)), "pat_"+strings.Repeat("aB3dE5", 6)
	h.secrets = []string{password, inBase64[:40], strings.Split(pem, "\n")[3], token}
	for name, text := range map[string]string{
		".env": "# " + password + osc52 + "\n# \u202e" + password + "\nDB_PASSWORD=" + password + "\nCOZE_CLIENT_ID='123456" + "\u202e" + "7890123'\n" +
			"COZE_PUBLIC_KEY=" + testKeyID + "\nCOZE_PRIVATE_KEY_PATH=" + elsewhere + "/private_key.pem\nCOZE_API_BASE=https://coze.invalid\n",
		".env.base64":             "COZE_CLIENT_ID=1234567890123\nCOZE_PUBLIC_KEY=" + testKeyID + "\nCOZE_PRIVATE_KEY_PATH=" + inBase64 + "\nCOZE_API_BASE=https://api.coze.cn\n",
		".env.token":              "COZE_CLIENT_ID=" + token + "\nCOZE_PUBLIC_KEY=" + testKeyID + "\nCOZE_PRIVATE_KEY_PATH=k.pem\nCOZE_API_BASE=https://api.coze.cn\n",
		".env.broken":             "A-B=1\nDB_PASSWORD=" + password + "\nCOZE_CLIENT_ID=1\n",
		".env.a" + osc52:          "COZE_CLIENT_ID=1234567890123\nCOZE_PUBLIC_KEY=" + testKeyID + "\n",
		".env.folder":             "COZE_CLIENT_ID=1234567890123\nCOZE_PUBLIC_KEY=" + testKeyID + "\nCOZE_PRIVATE_KEY_PATH=.\nCOZE_API_BASE=https://api.coze.cn\n",
		".env.loop":               "COZE_CLIENT_ID=1234567890123\nCOZE_PUBLIC_KEY=" + testKeyID + "\nCOZE_PRIVATE_KEY_PATH=" + elsewhere + "/private_key.pem\nCOZE_API_BASE=" + h.hosts.base + "\n",
		".env.lines":              "COZE_CLIENT_ID=1234567890123\nCOZE_PUBLIC_KEY=" + testKeyID + "\nCOZE_PRIVATE_KEY_PATH=\"k\n!.env\"\nCOZE_API_BASE=https://api.coze.cn\n",
		".gitignore":              "# " + password + osc52 + "\nnode_modules\n",
		"application.yaml":        "coze:\n  clientId: '1234567890123'\n  publicKey: ${GITHUB_TOKEN}\n  privateKeyPath: " + elsewhere + "/private_key.pem\n  baseUrl: https://coze.invalid\n",
		"coze.yaml":               "coze:\n  clientId: '1234567890123'\n  publicKey: " + testKeyID + "\n  privateKeyPath: " + elsewhere + "/private_key.pem\n  baseUrl: https://coze.invalid\n",
		"broken.yaml":             "a: *" + password + "\n",
		"src/broken.json":         "{\"password\": " + password + "}",
		"node_modules/.bin/git":   "#!/bin/sh\n: >" + h.started + "\nexit 1\n",
		"node_modules/.bin/xclip": "#!/bin/sh\n: >" + h.started + "\n",
	} {
		testfile.Write(t, filepath.Join(h.dir, name), text)
	}
	for name, text := range map[string]string{"private_key.pem": pem, "id_ed25519": "a key of ssh", "bashrc": "alias l=ls\n"} {
		h.victims[filepath.Join(elsewhere, name)] = text
		testfile.Write(t, filepath.Join(elsewhere, name), text)
	}
	testfile.Symlink(t, elsewhere, filepath.Join(h.dir, "config"))
	h.repository()
	shims := filepath.Join(h.dir, "node_modules", ".bin")
	for _, name := range []string{"git", "xclip"} {
		if err := os.Chmod(filepath.Join(shims, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	own := home(t)
	h.home = strings.TrimPrefix(own[0], "HOME=")
	h.env = append(own, "PATH="+shims+":"+os.Getenv("PATH"), "TZ=UTC", "TERM=xterm-256color", "GITHUB_TOKEN="+password)
	h.env = append(h.env, h.hosts.env()...)
	return h
}

// repository makes the folder one whose configuration runs a program.
func (h *hostile) repository() {
	h.t.Helper()
	program := filepath.Join(h.dir, "node_modules", "program")
	testfile.Write(h.t, program, "#!/bin/sh\n: >"+h.started+"\n")
	if err := os.Chmod(program, 0o755); err != nil {
		h.t.Fatal(err)
	}
	for _, args := range [][]string{
		{"init", "-q"},
		{"add", "--force", ".env"},
		{"commit", "-q", "-m", "x"},
		{"config", "core.fsmonitor", program},
		{"config", "log.showSignature", "true"},
		{"config", "gpg.program", program},
		{"config", "core.pager", program},
	} {
		cmd := exec.Command("git", append([]string{"-C", h.dir, "-c", "user.name=t", "-c", "user.email=t@example.com"}, args...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			h.t.Fatalf("git %v: %v %s", args, err, out)
		}
	}
}

// hostileCommands are what people run in a folder that they have cloned.
var hostileCommands = [][]string{
	{"verify", "--offline"},
	{"verify", "--all", "--offline"},
	{"verify", "--all", "--offline", "--format", "github"},
	{"verify", "--all", "--offline", "--format", "junit"},
	{"verify", "--all"},
	{"verify", "--all", "--offline", "--yes"},
	{"verify", "--offline", "--json"},
	{"profiles"},
	{"profiles", "--json"},
	{"profiles", "--test"},
	{"use", "base64"},
	{"use", "token"},
	{"use", "lines"},
	{"use", "folder", "--yes"},
	{"token"},
	{"token", "--profile", "broken"},
	{"token", "--profile", "token"},
	{"api", "/v1/workspaces"},
	{"exec", "--", "true"},
	{"verify", "--profile", "loop"},
	{"verify", "--profile", "folder"},
	{"token", "--profile", "loop"},
	{"token", "--profile", "loop", "--debug"},
	{"api", "/v1/workspaces", "--profile", "loop"},
	{"exec", "--profile", "loop", "--", "true"},
	{"use", "loop"},
	{"rotate", "--yes"},
	{"rotate", "--prune"},
	{"keygen"},
	{"keygen", "--force"},
	{"init", "--yes", "--skip-test", "--region", "cn"},
	{"init", "--dry-run"},
	{"import", "application.yaml", "--test"},
	{"import", "coze.yaml", "--profile", "of-yaml", "--test"},
	{"import", "broken.yaml"},
	{"import", "src/broken.json"},
	{"import", ".env.base64", "--profile", "other"},
	{"export", "--format", "shell"},
	{"export", "--format", "docker"},
	{"export", "--format", "spring", "--profile", "token"},
	{"snippet", "python"},
	{"explain", ".env"},
	{"__complete", "use", ""},
	{"version"},
}

// check looks at what a command has printed and done.
func (h *hostile) check(what, output string) {
	h.t.Helper()
	for _, bad := range append([]string{"\x1b]52", "\u202e", "aHVudGVyMg==\x07"}, h.secrets...) {
		if strings.Contains(output, bad) {
			h.t.Errorf("%s: %q is printed in\n%q", what, bad, output)
		}
	}
	h.checkRemembered(what)
	if _, err := os.Stat(h.started); !errors.Is(err, fs.ErrNotExist) {
		h.t.Errorf("%s: a program of the folder was run", what)
		_ = os.Remove(h.started)
	}
	for path, text := range h.victims {
		if now, err := os.ReadFile(path); err != nil || string(now) != text {
			h.t.Errorf("%s: %s was written: %v", what, filepath.Base(path), err)
		}
	}
	names, _ := os.ReadDir(filepath.Dir(h.started))
	if len(names) != len(h.victims) {
		h.t.Errorf("%s: there is more beside the victims: %v", what, names)
	}
}

// checkRemembered looks for secrets in what the program keeps between runs.
func (h *hostile) checkRemembered(what string) {
	h.t.Helper()
	err := filepath.WalkDir(h.home, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		for _, secret := range h.secrets {
			if strings.Contains(string(text), secret) {
				h.t.Errorf("%s: %q is kept in %s", what, secret, path)
			}
		}
		return err
	})
	if err != nil {
		h.t.Error(err)
	}
}

func TestHostileFolderInAPipe(t *testing.T) {
	t.Parallel()
	for _, lang := range pipeLanguages {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			h := newHostile(t)
			for _, args := range hostileCommands {
				cmd := exec.Command(build(t, "."), h.flags(lang, args)...)
				cmd.Dir, cmd.Env = h.dir, h.env
				out, _ := cmd.CombinedOutput()
				h.check(strings.Join(args, " "), string(out))
				h.checkHosts(args)
			}
			h.checkReached()
		})
	}
}

func TestHostileFolderOnATerminal(t *testing.T) {
	t.Parallel()
	for _, lang := range terminalLanguages {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			h := newHostile(t)
			for _, args := range hostileCommands {
				term := startIn(t, h.dir, h.env, build(t, "."), h.flags(lang, args)...)
				term.exit()
				h.check(strings.Join(args, " "), term.output())
				h.checkHosts(args)
			}
			h.checkReached()
		})
	}
}

// flags are the arguments with which nothing is asked.
func (h *hostile) flags(lang string, args []string) []string {
	if args[0] == "__complete" || args[0] == "version" {
		return args
	}
	return append([]string{args[0], "--lang", lang, "--no-input", "--timeout", "2s"}, args[1:]...)
}

// startIn starts a program in a folder on a terminal that answers.
func startIn(t *testing.T, dir string, env []string, program string, args ...string) *terminal {
	t.Helper()
	line := []string{"-c", `cd "$1" && shift && exec "$@"`, "sh", dir, program}
	return start(t, answering, 100, 30, env, "sh", append(line, args...)...)
}

func TestHostileFolderOnTheScreens(t *testing.T) {
	t.Parallel()
	h := newHostile(t)
	for _, args := range [][]string{{"verify", "--offline"}, {"init", "--region", "cn"}} {
		term := startIn(t, h.dir, h.env, build(t, "."), args...)
		if args[0] == "verify" {
			term.wait("run again")
			term.press("f")
			term.press("jjjjjjjj")
		} else {
			term.wait("Step ")
		}
		term.press("\x03")
		term.exit()
		h.check(strings.Join(args, " "), term.output())
	}
}
