//go:build e2e && unix

package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"cozejwt/internal/credentials"
	"cozejwt/internal/i18n"
	"cozejwt/internal/snippet"
)

// A gateway stands between a token endpoint and the sandbox, and knows for which session
// each token was issued.
type gateway struct {
	mu       sync.Mutex
	sessions map[string]string // session_name by access token
	paths    []string          // of the requests that were answered, in order
	lifetime time.Duration     // that tokens are said to have, 0 for their own
	refuses  bool
}

// behindGateway makes the API base of a project a gateway to its sandbox.
func behindGateway(p *project) *gateway {
	g := &gateway{sessions: map[string]string{}}
	target, _ := url.Parse(p.coze.Base)
	proxy := httputil.NewSingleHostReverseProxy(target) // keeps the host, which the aud names
	proxy.ModifyResponse = g.note
	server := httptest.NewServer(proxy)
	p.t.Cleanup(server.Close)
	p.set("COZE_API_BASE", server.URL)
	return g
}

// note remembers the session of a token request that was answered.
func (g *gateway) note(r *http.Response) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.paths = append(g.paths, r.Request.URL.Path)
	var answer map[string]any
	if err := json.NewDecoder(r.Body).Decode(&answer); err != nil {
		return err
	}
	_, jwt, _ := strings.Cut(r.Request.Header.Get("Authorization"), "Bearer ")
	part, err := base64.RawURLEncoding.DecodeString(strings.Split(jwt+"..", ".")[1])
	if err != nil {
		return err
	}
	var claims struct {
		Session string `json:"session_name"`
	}
	if err := json.Unmarshal(part, &claims); err != nil {
		return err
	}
	if g.lifetime != 0 {
		answer["expires_in"] = time.Now().Add(g.lifetime).Unix()
	}
	if g.refuses {
		r.StatusCode = http.StatusUnauthorized
		answer = map[string]any{"error_code": "invalid_client", "error_message": "invalid jwt: kid not been registred"}
	} else if token, ok := answer["access_token"].(string); ok {
		g.sessions[token] = claims.Session
	}
	body, _ := json.Marshal(answer)
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	r.Header.Del("Content-Length")
	return nil
}

// change changes how the gateway answers.
func (g *gateway) change(how func(*gateway)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	how(g)
}

func (g *gateway) session(token string) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.sessions[token]
}

// serveSnippet runs the endpoint of a language in a project, beside a server with a login,
// and returns its address and the page.
func serveSnippet(t *testing.T, p *project, language string, names credentials.Convention) (base, page string) {
	t.Helper()
	w, ok := snippet.Project{Dir: p.dir, Convention: names, EnvPath: p.path(".env"), APIBase: p.coze.Base, Owner: ownerOf(p)}.Web(i18n.English, language)
	if !ok {
		t.Fatalf("no endpoint in %s", language)
	}
	run := map[string]func(*testing.T, *project, string) *exec.Cmd{
		"node": nodeEndpoint, "go": goEndpoint, "php": phpEndpoint, "python": pythonEndpoint, "java": javaEndpoint,
	}[language](t, p, w.Text)
	run.Dir = p.dir
	if run.Env == nil {
		run.Env = append(p.env, envVariables(p)...)
	}
	if language == "php" {
		return servePHP(t, run), w.Page
	}
	run.Stderr = t.Output()
	return serve(t, run), w.Page
}

// envVariables are what a shell that reads the .env exports.
func envVariables(p *project) []string { return strings.Fields(p.read(".env")) }

// ownerOf is the field of the .env that names another owner of the token, "" for none.
func ownerOf(p *project) credentials.Field {
	held, err := credentials.Load(p.path(".env"))
	if err != nil {
		p.t.Fatal(err)
	}
	return held.Set.Owner()
}

// put writes the snippet beside the harness of its language into a new folder.
func put(t *testing.T, language, name, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/web/"+language)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// needProgram skips a test where the program is not installed.
func needProgram(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		giveUp(t, name+" is not installed here")
	}
}

func nodeEndpoint(t *testing.T, p *project, text string) *exec.Cmd {
	packages := install(t)
	dir := put(t, "node", "coze-token.mjs", text)
	if err := os.Symlink(filepath.Join(packages, "node_modules"), filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", "--env-file=.env", filepath.Join(dir, "server.mjs"))
	cmd.Env = p.env
	return cmd
}

// standIn says that an official SDK cannot be had. Its stand-in has the signatures that the
// snippet uses.
func standIn(t *testing.T, sdk string, err error) {
	t.Helper()
	t.Logf("%s cannot be had here, a stand-in with its signatures is used: %v", sdk, err)
}

func goEndpoint(t *testing.T, _ *project, text string) *exec.Cmd {
	dir := put(t, "go", "coze_token.go", text)
	goTool := func(args ...string) error {
		cmd := exec.Command("go", args...)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
		return tool(cmd)
	}
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module endpoint\n\ngo 1.22\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := goTool("get", "github.com/coze-dev/coze-go"); err != nil {
		standIn(t, "coze-go", err)
		if err := goTool("mod", "edit", "-require=github.com/coze-dev/coze-go@v0.0.0", "-replace=github.com/coze-dev/coze-go=./sdk"); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"vet", "."}, {"build", "-o", "server", "."}} {
		if err := goTool(args...); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
	}
	return exec.Command(filepath.Join(dir, "server"))
}

func pythonEndpoint(t *testing.T, p *project, text string) *exec.Cmd {
	needProgram(t, "python3")
	dir := put(t, "python", "coze_token.py", text)
	cmd := exec.Command("python3", filepath.Join(dir, "server.py"))
	cmd.Env = p.env
	if err := tool(exec.Command("python3", "-c", "import cozepy, dotenv")); err != nil {
		standIn(t, "cozepy", err)
		needProgram(t, "openssl")
		cmd.Env = append(p.env, "PYTHONPATH="+filepath.Join(dir, "sdk"))
	}
	return cmd
}

func javaEndpoint(t *testing.T, _ *project, text string) *exec.Cmd {
	needProgram(t, "javac")
	dir := put(t, "java", "CozeToken.java", text)
	standIn(t, "coze-api", fmt.Errorf("its Maven packages are not looked for"))
	out := filepath.Join(dir, "out")
	javac := exec.Command("javac", "-sourcepath", dir+":"+filepath.Join(dir, "sdk"), "-d", out, filepath.Join(dir, "Server.java"))
	if err := tool(javac); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return exec.Command("java", "-cp", out, "Server")
}

func phpEndpoint(t *testing.T, p *project, text string) *exec.Cmd {
	needProgram(t, "php")
	dir := put(t, "php", "public/coze/token/index.php", text)
	if err := os.CopyFS(p.path("public"), os.DirFS(filepath.Join(dir, "public"))); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("php", "-d", "session.save_path="+t.TempDir(), "-S", "127.0.0.1:0", "-t", "public")
	cmd.Env = append(p.env, envVariables(p)...)
	return cmd
}

// servePHP runs PHP's own server, which says on stderr where it listens.
func servePHP(t *testing.T, cmd *exec.Cmd) (base string) {
	t.Helper()
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	said := ""
	for buffer := make([]byte, 1024); ; {
		n, err := stderr.Read(buffer)
		said += string(buffer[:n])
		if m := regexp.MustCompile(`\((http://127\.0\.0\.1:\d+)\) started`).FindStringSubmatch(said); m != nil {
			go func() { _, _ = io.Copy(io.Discard, stderr) }()
			return m[1]
		}
		if err != nil {
			t.Fatalf("php: %v: %s", err, said)
		}
	}
}

// A visitor is a browser's session with a server.
type visitor struct {
	t      *testing.T
	base   string
	client *http.Client
}

func visit(t *testing.T, base, user string) visitor {
	t.Helper()
	jar, _ := cookiejar.New(nil)
	v := visitor{t, base, &http.Client{Jar: jar}}
	if user != "" {
		v.login(user)
	}
	return v
}

func (v visitor) login(user string) {
	v.t.Helper()
	resp, err := v.client.Get(v.base + "/login?as=" + user)
	if err != nil || resp.StatusCode != http.StatusNoContent {
		v.t.Fatalf("login: %v, %v", resp, err)
	}
	resp.Body.Close()
}

// token requests the route and returns the token of its answer.
func (v visitor) token(query string) (token string, resp *http.Response, body string) {
	v.t.Helper()
	resp, err := v.client.Get(v.base + "/coze/token" + query)
	if err != nil {
		v.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	var answer struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int64  `json:"expires_in"`
	}
	_ = json.Unmarshal(data, &answer)
	if resp.StatusCode == http.StatusOK && answer.ExpiresIn <= time.Now().Unix() {
		v.t.Errorf("expires_in is %d in %s", answer.ExpiresIn, data)
	}
	return answer.AccessToken, resp, string(data)
}
