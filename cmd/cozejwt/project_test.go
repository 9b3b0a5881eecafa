//go:build unix

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cozejwt/internal/sandbox"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

// A project is a folder with a set that works against a sandbox of its own,
// until a test breaks it.
type project struct {
	t        testing.TB
	dir      string
	env      []string // of the commands that run in it
	args     []string // more of them
	coze     sandbox.Client
	app, key string
	skew     atomic.Int64 // of the service's clock, in nanoseconds
}

func newProject(t testing.TB) *project {
	t.Helper()
	s, err := sandbox.New("", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	p := &project{t: t, dir: t.TempDir(), env: append(home(t), "PATH="+os.Getenv("PATH"))}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", time.Now().Add(time.Duration(p.skew.Load())).UTC().Format(http.TimeFormat))
		s.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	p.coze = sandbox.Client{Base: server.URL}
	ctx := context.Background()
	if p.app, err = p.coze.CreateApp(ctx, "app"); err != nil {
		t.Fatal(err)
	}
	if p.key, err = p.coze.AddKey(ctx, p.app, keygen.EncodePublic(&testkey.RSA().PublicKey)); err != nil {
		t.Fatal(err)
	}
	if _, err := keygen.Save(p.path("config/private_key.pem"), testkey.RSA(), keygen.Refuse, time.Now()); err != nil {
		t.Fatal(err)
	}
	p.write(".env", fmt.Sprintf("COZE_CLIENT_ID=%s\nCOZE_PUBLIC_KEY=%s\nCOZE_PRIVATE_KEY_PATH=config/private_key.pem\nCOZE_API_BASE=%s\n", p.app, p.key, p.coze.Base))
	return p
}

func (p *project) path(name string) string { return filepath.Join(p.dir, filepath.FromSlash(name)) }

func (p *project) write(name, text string) {
	p.t.Helper()
	if err := os.WriteFile(p.path(name), []byte(text), 0o600); err != nil {
		p.t.Fatal(err)
	}
}

func (p *project) read(name string) string {
	p.t.Helper()
	data, err := os.ReadFile(p.path(name))
	if err != nil {
		p.t.Fatal(err)
	}
	return string(data)
}

// set gives a variable of the .env another text, quotes and all.
func (p *project) set(name, text string) {
	p.t.Helper()
	lines := strings.Split(p.read(".env"), "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, name+"=") {
			lines[i] = name + "=" + text
		}
	}
	p.write(".env", strings.Join(lines, "\n"))
}

func (p *project) privateKey(text string) { p.write("config/private_key.pem", text) }

func (p *project) chmod(name string, mode os.FileMode) {
	p.t.Helper()
	if err := os.Chmod(p.path(name), mode); err != nil {
		p.t.Fatal(err)
	}
}

func (p *project) git(args ...string) {
	p.t.Helper()
	args = append([]string{"-C", p.dir, "-c", "user.name=t", "-c", "user.email=t@example.com"}, args...)
	if out, err := exec.Command("git", args...).CombinedOutput(); err != nil {
		p.t.Fatalf("git %v: %s", args, out)
	}
}

// change changes the app in the sandbox's console.
func (p *project) change(body string) {
	p.t.Helper()
	req, _ := http.NewRequest(http.MethodPatch, p.coze.Base+"/sandbox/apps/"+p.app, strings.NewReader(body))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	resp.Body.Close()
}

// answers makes the API base a server that answers everything alike.
func (p *project) answers(status int, contentType, body string) {
	p.t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Location", "https://login.example/")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	p.t.Cleanup(server.Close)
	p.set("COZE_API_BASE", server.URL)
}

// refuses makes the API base a Coze that refuses every JWT in these words.
func (p *project) refuses(status int, code, message string) {
	p.t.Helper()
	p.answers(status, "application/json", fmt.Sprintf(`{"error_code":%q,"error_message":%q,"error":%q}`, code, message, code))
}

// A report is what verify --json prints.
type report struct {
	OK     bool
	Checks []struct{ ID, Status, Title, Detail, Fix string }
}

// bad lists what was not passed or skipped, as "id status".
func (r report) bad() (list []string) {
	for _, c := range r.Checks {
		if c.Status == "fail" || c.Status == "warn" {
			list = append(list, c.ID+" "+c.Status)
		}
	}
	return list
}

// said is what the first of the bad checks says, detail and then fix.
func (r report) said() string {
	for _, c := range r.Checks {
		if c.Status == "fail" {
			return c.Detail + "\n" + c.Fix
		}
	}
	for _, c := range r.Checks {
		if c.Status == "warn" {
			return c.Detail + "\n" + c.Fix
		}
	}
	return ""
}

func (p *project) verify(args ...string) (report, int) {
	p.t.Helper()
	cmd := exec.Command(build(p.t, "."), append(append([]string{"verify", "--json", "--dir", p.dir}, p.args...), args...)...)
	cmd.Env = p.env
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	_ = cmd.Run()
	var r report
	if err := json.Unmarshal(stdout.Bytes(), &r); err != nil {
		p.t.Fatalf("%v in %s\n%s", err, &stdout, &stderr)
	}
	return r, cmd.ProcessState.ExitCode()
}
