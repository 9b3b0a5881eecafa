//go:build unix

package main

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cozejwt/internal/i18n"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/internal/tty"
	"cozejwt/keygen"
)

// A leaky is a project with secrets all over, and a look at all that a command leaves.
//
// What may show one: export with --reveal, to a pipe or to --out, the token of token, the
// answer of a server that api was asked for, and the key files that import makes of key
// text. None of these is run here but as far as it must not show another.
type leaky struct {
	t        *testing.T
	dir      testfile.Folder
	home     string
	children string // the arguments of the programs that were started
	env      []string
	secrets  []planted
	there    map[string]bool // files of the project before the first command

	profiles, imports []string
}

func newLeaky(t *testing.T, every int) *leaky {
	t.Helper()
	testfile.NeedGit(t)
	l := &leaky{t: t, dir: testfile.NewFolder(t), children: filepath.Join(t.TempDir(), "children"), secrets: plant(t), there: map[string]bool{}}
	if _, err := keygen.Save(l.dir.Path("config/private_key.pem"), testkey.RSA(), keygen.Refuse, time.Now()); err != nil {
		t.Fatal(err)
	}
	l.dir.Write(".env", env())
	l.profiles, l.imports = leave(t, l.dir, l.secrets, every)
	own := home(t)
	l.home = strings.TrimPrefix(own[0], "HOME=")
	hosts := newHosts(t)
	l.env = slices.Concat(own, hosts.env(), []string{"PATH=" + l.shims() + ":" + os.Getenv("PATH"), "TZ=UTC", "TERM=xterm-256color"})
	l.repository()
	_ = filepath.WalkDir(l.dir.Dir, func(path string, _ fs.DirEntry, err error) error {
		l.there[path] = true
		return err
	})
	return l
}

// shims are in the place of the programs that may be started, and write down with what.
func (l *leaky) shims() string {
	l.t.Helper()
	folder := l.t.TempDir()
	for _, name := range []string{"git", "xclip", "xsel", "wl-copy", "xdg-open", "open"} {
		script := "#!/bin/sh\nprintf '%s\\n' \"$@\" >>'" + l.children + "'\n"
		if path, err := exec.LookPath(name); err == nil {
			script += "exec " + path + " \"$@\"\n"
		}
		testfile.Write(l.t, filepath.Join(folder, name), script)
		if err := os.Chmod(filepath.Join(folder, name), 0o700); err != nil {
			l.t.Fatal(err)
		}
	}
	return folder
}

// repository leaves secrets where git has them: comments and configuration.
func (l *leaky) repository() {
	l.t.Helper()
	if out, err := exec.Command("git", "-C", l.dir.Dir, "init", "-q").CombinedOutput(); err != nil {
		l.t.Fatalf("git: %s", out)
	}
	rules, settings := "", l.dir.Read(".git/config")
	for _, s := range l.secrets {
		flat := strings.ReplaceAll(s.text, "\n", "")
		rules += "# " + flat + "\n"
		settings += "[user]\n\tname = " + quote(flat) + "\n[remote \"origin\"]\n\turl = " + quote("https://"+flat+"@example.invalid/x") + "\n"
		if s.foreign || len(flat) > 200 || strings.ContainsAny(flat, "/") {
			continue
		}
		l.dir.Write(".env."+flat, env())
		l.dir.Write(flat+".pem", s.text)
		rules += flat + "\n"
	}
	l.dir.Write(".gitignore", rules)
	l.dir.Write(".git/config", settings)
}

// look fails where an output has a secret.
func (l *leaky) look(what, output string) {
	l.t.Helper()
	for _, s := range leaksOf(l.secrets, output) {
		l.t.Errorf("%s: shows %s", cut(what), s)
	}
}

func cut(text string) string { return text[:min(len(text), 120)] }

// run runs a command in a pipe, with all that it says of what it does.
func (l *leaky) run(env []string, args ...string) {
	l.t.Helper()
	cmd := exec.Command(build(l.t, "."), append(args, "--debug", "--timeout", "2s")...)
	cmd.Dir, cmd.Env = l.dir.Dir, append(slices.Clip(l.env), env...)
	out, _ := cmd.CombinedOutput()
	l.look(fmt.Sprintf("%q", args), string(out))
}

// runOnTerminal is run on a terminal.
func (l *leaky) runOnTerminal(args ...string) {
	l.t.Helper()
	term := startIn(l.t, l.dir.Dir, l.env, build(l.t, "."), append(args, "--no-input", "--timeout", "2s")...)
	term.exit()
	l.look(fmt.Sprintf("on a terminal, %q", args), term.output())
}

// lookAround looks at what was left: files that are new in the project, what is remembered,
// and the arguments of other programs.
func (l *leaky) lookAround() {
	l.t.Helper()
	for _, root := range []string{l.dir.Dir, l.home, l.children} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() || l.there[path] || strings.HasSuffix(path, ".pem") || strings.Contains(path, "/.git/") {
				return err
			}
			text, err := os.ReadFile(path)
			l.look("the file "+path, string(text))
			return err
		})
		if err != nil && root != l.children {
			l.t.Error(err)
		}
	}
}

func TestSecretsInFilesAreShownByNothing(t *testing.T) {
	t.Parallel()
	l := newLeaky(t, secretEvery)
	for _, args := range [][]string{
		{"verify", "--all", "--offline"},
		{"verify", "--all", "--offline", "--lang", "zh", "-v"},
		{"verify", "--all", "--offline", "--json"},
		{"verify", "--all", "--offline", "--format", "github"},
		{"verify", "--all", "--offline", "--format", "junit"},
		{"verify", "--all", "--yes"},
		{"profiles"},
		{"profiles", "--json"},
		{"profiles", "--test", "--yes"},
		{"__complete", "use", ""},
		{"__complete", "verify", "--profile", ""},
		{"init", "--dry-run", "--no-input"},
		{"init", "--no-input", "--yes", "--skip-test", "--region", "cn"},
		{"rotate", "--no-input", "--prune"},
		{"keygen"},
	} {
		l.run(nil, args...)
	}
	l.runOnTerminal("verify", "--all", "--offline")
	l.runOnTerminal("profiles")
	for i, name := range l.profiles {
		every := [][]string{
			{"token", "--profile", name},
			{"export", "--format", "spring", "--profile", name},
			{"use", name, "--no-input", "--yes", "--skip-test"},
			{"rotate", "--no-input", "--profile", name},
			{"import", ".env." + name, "--profile", "i" + name},
			{"snippet", "--profile", name},
			{"export", "--format", "docker", "--profile", name},
			{"explain", ".env." + name},
			{"init", "--dry-run", "--no-input", "--profile", name},
		}
		for k, args := range every {
			if (i+k)%len(every) == 0 || secretEvery < 10 {
				l.run(nil, args...)
			}
		}
	}
	for _, name := range l.imports {
		l.run(nil, "import", name)
	}
	l.lookAround()
}

// argumentsWith are command lines with a text in each place that takes one.
func argumentsWith(text string) [][]string {
	return [][]string{
		{"init", "--no-input", "--yes", "--skip-test", "--region", "cn", "--key-id", testKeyID, "--app-id", text},
		{"init", "--no-input", "--yes", "--skip-test", "--region", "cn", "--app-id", testAppID, "--key-id", text},
		{"init", "--no-input", "--yes", "--skip-test", "--region", "cn", "--import-key", text},
		{"init", "--no-input", "--region", text},
		{"rotate", "--no-input", "--yes", "--key-id", text},
		{"keygen", "--key-path", text, "--bits", "1"},
		{"verify", "--profile", text},
		{"use", text},
		{"token", "--env-file", text},
		{"verify", "--dir", text},
		{"import", text},
		{"export", "--format", text},
		{"explain", text},
		{"api", text},
		{"api", "/v1", "--jq", text},
		{"api", "/v1", "-f", text},
		{"api", "/v1", "-X", text},
		{text},
		{"verify", "--" + text},
		{"verify", text},
		{"verify", "--api-base", text},
		{"verify", "--api-base", "https://" + url.PathEscape(text)},
		{"sandbox", "--addr", text},
		{"snippet", text},
		{"verify", "--lang", text},
		{"verify", "--max-key-age", text},
		{"verify", "--offline", "--format", text},
		{"completion", text},
		{"help", text},
		{"exec", "--", text},
		{"token", "--timeout", text},
	}
}

func TestSecretsInArgumentsAreShownByNothing(t *testing.T) {
	t.Parallel()
	l := newLeaky(t, 1<<20)
	n := 0
	for _, s := range l.secrets {
		if s.foreign {
			continue // nothing tells that it is a secret
		}
		for _, e := range encodings {
			text := e.write(s.text)
			for _, args := range argumentsWith(text) {
				if n++; n%secretEvery == 0 {
					l.run(nil, args...)
				}
			}
		}
	}
	l.lookAround()
}

func TestSecretsInTheEnvironmentAreShownByNothing(t *testing.T) {
	t.Parallel()
	l := newLeaky(t, 1<<20)
	n := 0
	for _, s := range l.secrets {
		for _, e := range encodings {
			for _, name := range []string{"COZE_CLIENT_ID", "COZE_PUBLIC_KEY", "COZE_PRIVATE_KEY_PATH", "COZE_API_BASE", "COZE_PRIVATE_KEY", "DB_PASSWORD", "LANG", "SHELL", "EDITOR"} {
				if s.foreign && name != "DB_PASSWORD" {
					continue
				}
				for _, args := range [][]string{{"verify", "--offline"}, {"token"}, {"init", "--dry-run", "--no-input"}, {"import", "value.yaml"}} {
					if n++; n%secretEvery == 0 {
						l.run([]string{name + "=" + strings.ReplaceAll(e.write(s.text), "\x00", "")}, args...)
					}
				}
			}
		}
	}
	l.lookAround()
}

// A server repeats what it was sent, or sends what it should not.
func TestSecretsOfAServerAreShownByNothing(t *testing.T) {
	t.Parallel()
	l := newLeaky(t, 1<<20)
	var now atomic.Value
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := now.Load().(func(http.ResponseWriter))
		answer(w)
	}))
	t.Cleanup(server.Close)
	l.dir.Write(".env", env("COZE_API_BASE", server.URL))
	n := 0
	for _, s := range l.secrets {
		if s.foreign {
			continue // it is part of a refusal, which is shown
		}
		for _, e := range encodings {
			text := strings.ReplaceAll(e.write(s.text), "\n", "")
			for _, answer := range []func(http.ResponseWriter){
				func(w http.ResponseWriter) { reply(w, 401, `{"code":4100,"msg":`+quote(text)+`}`) },
				func(w http.ResponseWriter) {
					reply(w, 400, `{"error_code":"invalid_request","error_message":`+quote(text)+`}`)
				},
				func(w http.ResponseWriter) {
					reply(w, 400, `{"error":`+quote(text)+`,"error_description":`+quote(text)+`}`)
				},
				func(w http.ResponseWriter) { w.Header().Set("X-Tt-Logid", text); reply(w, 500, "<html>"+text) },
				func(w http.ResponseWriter) { w.Header().Set("Location", "/"+url.PathEscape(text)); reply(w, 302, text) },
				func(w http.ResponseWriter) { reply(w, 200, `{"access_token":`+quote(text)+`,"expires_in":900}`) },
			} {
				for _, args := range [][]string{{"verify"}, {"verify", "--json"}, {"rotate", "--no-input"}, {"profiles", "--test"}, {"init", "--no-input", "--reuse-key", "--yes"}} {
					if n++; n%secretEvery == 0 {
						now.Store(answer)
						l.run(nil, args...)
					}
				}
			}
		}
	}
	l.lookAround()
}

func reply(w http.ResponseWriter, status int, body string) {
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}

// The bug report is fit to be shown to others.
func TestSecretsAreInNoBugReport(t *testing.T) {
	t.Parallel()
	l := newLeaky(t, secretEvery)
	a := &app{streams: streams{getenv: func(string) string { return "" }}, lang: i18n.Reader{Language: i18n.English}, dir: l.dir.Dir, timeout: time.Second, sandbox: &sandboxHolder{}}
	a.out, a.err = tty.NewWriter(os.Stderr), tty.NewWriter(os.Stderr)
	for _, name := range l.profiles {
		a.profile = name
		target, err := a.target(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		sets, err := a.checkAll(context.Background(), target, []string{a.envPath()}, verifyOptions{offline: true, format: "json"})
		if err != nil {
			t.Fatal(err)
		}
		for _, set := range sets {
			l.look("the bug report of "+name, a.bugReport(set.results))
		}
	}
}
