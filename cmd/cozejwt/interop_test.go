//go:build e2e && unix

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/joho/godotenv"

	"cozejwt/envfile"
	"cozejwt/internal/coze"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

// The programs here were written by others: what this project writes is right
// only if they take it. go test -tags e2e ./cmd/cozejwt -run TestInterop -v prints the
// table.

// output runs a program and returns its stdout, or skips the test where there is
// none, but not in CI.
func output(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, os.ErrNotExist) {
		giveUp(t, fmt.Sprintf("%s is not installed here", filepath.Base(cmd.Path)))
	}
	if lacks := missing.FindString(stderr.String()); err != nil && lacks != "" {
		giveUp(t, filepath.Base(cmd.Path)+": "+lacks)
	}
	if err != nil {
		t.Fatalf("%s: %v\n%s%s", strings.Join(cmd.Args, " "), err, stderr.String(), out)
	}
	return string(out)
}

// missing is what Python, Ruby and Go say of a library that is not there.
var missing = regexp.MustCompile(`ModuleNotFoundError.*|cannot load such file.*|go: .*(dial tcp|lookup|no such host).*`)

// goTool builds a program of the module in testdata/golang, which has
// dependencies of its own.
func goTool(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	cmd := exec.Command("go", "build", "-o", path, "./"+name)
	cmd.Dir = "testdata/golang"
	output(t, cmd)
	return path
}

func asJSON(t *testing.T, text string) map[string]string {
	t.Helper()
	var values map[string]string
	if err := json.Unmarshal([]byte(text), &values); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return values
}

// asLines reads NAME=value lines that a shell has printed with a zero byte after
// each.
func asLines(text string) map[string]string {
	values := map[string]string{}
	for _, line := range strings.Split(text, "\x00") {
		if name, value, ok := strings.Cut(line, "="); ok {
			values[name] = value
		}
	}
	return values
}

// readers read the .env at path as each program does and return its variables. Node
// is the folder with node_modules.
var readers = map[string]func(t *testing.T, node, path string) map[string]string{
	"godotenv": func(t *testing.T, _, path string) map[string]string {
		values, err := godotenv.Read(path)
		if err != nil {
			t.Fatal(err)
		}
		return values
	},
	"compose-go": func(t *testing.T, _, path string) map[string]string {
		return asJSON(t, output(t, exec.Command(goTool(t, "composego"), path)))
	},
	"npm dotenv": func(t *testing.T, node, path string) map[string]string {
		return asJSON(t, output(t, exec.Command("node", filepath.Join(node, "dotenv.mjs"), path)))
	},
	"node --env-file": func(t *testing.T, node, path string) map[string]string {
		return asJSON(t, output(t, exec.Command("node", "--env-file="+path, filepath.Join(node, "environment.mjs"))))
	},
	"python-dotenv": func(t *testing.T, _, path string) map[string]string {
		python := exec.Command("/usr/bin/python3", "-c", "import dotenv, json, sys; print(json.dumps(dotenv.dotenv_values(sys.argv[1])))", path)
		return asJSON(t, output(t, python))
	},
	"ruby-dotenv": func(t *testing.T, _, path string) map[string]string {
		ruby := exec.Command("ruby", "-rdotenv", "-rjson", "-e", "puts JSON.generate(Dotenv::Parser.call(File.read(ARGV[0])))", path)
		ruby.Env = append(os.Environ(), "LANG=C.UTF-8")
		return asJSON(t, output(t, ruby))
	},
	"bash": func(t *testing.T, _, path string) map[string]string {
		return asLines(output(t, exec.Command("bash", "-c", `set -a; . "$1"; env -0`, "-", path)))
	},
	"dash": func(t *testing.T, _, path string) map[string]string {
		return asLines(output(t, exec.Command("dash", "-c", `set -a; . "$1"; env -0`, "-", path)))
	},
	"systemd": systemdReads,
}

// systemdReads uses the one part of systemd that reads such a file without a
// systemd that runs: the generator for environment.d. Unlike EnvironmentFile= it
// expands $, so those values are left out for it.
func systemdReads(t *testing.T, _, path string) map[string]string {
	config := t.TempDir()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(config, "environment.d"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(config, "environment.d", "1.conf"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator")
	cmd.Env = []string{"XDG_CONFIG_HOME=" + config, "HOME=" + config}
	printed := filepath.Join(config, "printed")
	if err := os.WriteFile(printed, []byte(output(t, cmd)), 0o600); err != nil {
		t.Fatal(err)
	}
	// What it prints is for a shell, its own escapes being $'…'.
	shell := exec.Command("bash", "-c", `set -a; . "$1"; env -0`, "-", printed)
	shell.Env = []string{"HOME=~", "PATH=" + os.Getenv("PATH")} // it prints ~ as it is
	return asLines(output(t, shell))
}

// values are what a key's path, an id or a URL may be, and random ones made of
// what makes trouble.
func values() []string {
	all := []string{
		"config/private_key.pem", "1234567890123", testKeyID, "https://api.coze.cn", "0012", "true",
		"with space", " edge ", "a#b", "a #b", "#a", `C:\keys\new.pem`, `a\nb`, "`tick`", `say "hi"`, "it's", "a;b", "a&b", "(x)", "~/k", "~x",
		"配置/私钥.pem", "é", "a=b", "a:b", "a,b", "!x", "*", "%s", "=", "+", "k (1).pem", "a|b", "<x>", "[x]", "{x}", "a?b", "^",
	}
	random := rand.New(rand.NewPCG(1, 2)) // the same ones each time
	alphabet := []rune(`ab0/_.-: #'"\;&()~!*%=+,` + "`" + `配é|<>[]{}?^@`)
	for range 200 {
		value := make([]rune, 1+random.IntN(12))
		for i := range value {
			value[i] = alphabet[random.IntN(len(alphabet))]
		}
		all = append(all, string(value))
	}
	return all
}

func TestInteropReadersReadWhatIsWritten(t *testing.T) {
	t.Parallel()
	node := install(t)
	f, err := envfile.Parse([]byte("# the project's own\nOTHER=1\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	refused := 0
	for i, value := range values() {
		name := fmt.Sprintf("INTEROP_%d", i)
		if err := f.Set(name, value); err != nil {
			refused++ // no way of writing it is read alike
			continue
		}
		want[name] = value
	}
	if refused > len(values())/3 {
		t.Errorf("%d of %d values are refused", refused, len(values()))
	}
	path := filepath.Join(t.TempDir(), ".env")
	if err := f.Save(path, nil); err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(readers)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := readers[name](t, node, path)
			right, warned := 0, 0
			for variable, value := range want {
				switch {
				case got[variable] == value:
					right++
				case slices.Contains(envfile.Unserved(value), name):
					warned++ // the review says so
				default:
					t.Errorf("%q is read as %q", value, got[variable])
				}
			}
			row(t, name, "reads %d of %d values alike, %d differently as the review warns", right, len(want), warned)
		})
	}
}

// row is a line of the table.
func row(t *testing.T, who, what string, args ...any) {
	t.Logf("| %-16s | %s", who, fmt.Sprintf(what, args...))
}

// inSandbox is a project whose set works in a sandbox that is served.
func inSandbox(t *testing.T, flags ...string) (dir string, run func(args ...string) string) {
	t.Helper()
	dir = t.TempDir()
	env := append(os.Environ(), home(t)...)
	run = func(args ...string) string {
		t.Helper()
		cmd := exec.Command(build(t, "."), append(args, "--dir", dir)...)
		cmd.Env, cmd.Dir = env, dir
		return output(t, cmd)
	}
	sandbox := exec.Command(build(t, "."), "sandbox", "--addr", "127.0.0.1:0", "--json")
	sandbox.Env = env
	serve(t, sandbox)
	run(append([]string{"init", "--region", "sandbox", "--no-input", "--yes"}, flags...)...)
	return dir, run
}

func TestInteropOfficialSDK(t *testing.T) {
	t.Parallel()
	node := install(t)
	for _, names := range []string{"default", "sdk"} {
		dir, run := inSandbox(t, "--env-names", names)
		sdk := exec.Command("node", "--env-file="+filepath.Join(dir, ".env"), filepath.Join(node, "sdk.mjs"), names)
		sdk.Dir = dir
		appID := strings.TrimSpace(output(t, sdk))
		if len(appID) != 13 {
			t.Errorf("the App ID is %q", appID)
		}
		row(t, "@coze/api 1.3.9", "gets a token with the names %s", names)
		if names == "sdk" {
			continue
		}
		file := filepath.Join(dir, "coze_oauth_config.json")
		run("export", "--format", "sdk-json", "--out", file)
		if got := strings.TrimSpace(output(t, exec.Command("node", filepath.Join(node, "sdk.mjs"), "json", file))); got != appID {
			t.Errorf("the App ID is %q, want %q", got, appID)
		}
		row(t, "@coze/api 1.3.9", "gets a token with coze_oauth_config.json")
	}
}

func sign(t *testing.T) string {
	t.Helper()
	signed, err := coze.Assertion{AppID: testAppID, KeyID: testKeyID, Audience: "api.coze.cn"}.Sign(testkey.RSA(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return signed.Reveal()
}

func TestInteropLibrariesVerifyTheJWT(t *testing.T) {
	t.Parallel()
	signed := sign(t)
	token, err := jwt.Parse(signed, func(*jwt.Token) (any, error) { return &testkey.RSA().PublicKey, nil },
		jwt.WithValidMethods([]string{"RS256"}), jwt.WithAudience("api.coze.cn"), jwt.WithIssuer(testAppID))
	if err != nil || token.Header["kid"] != testKeyID {
		t.Errorf("golang-jwt: %v, %v", token, err)
	}
	row(t, "golang-jwt", "verifies the JWT")

	node := install(t)
	key := filepath.Join(t.TempDir(), "public.pem")
	if err := os.WriteFile(key, keygen.EncodePublic(&testkey.RSA().PublicKey), 0o600); err != nil {
		t.Fatal(err)
	}
	text := output(t, exec.Command("node", filepath.Join(node, "verify.mjs"), signed, key, "api.coze.cn"))
	var claims struct{ Iss, Aud, Jti string }
	if err := json.Unmarshal([]byte(text), &claims); err != nil || claims.Iss != testAppID || claims.Aud != "api.coze.cn" || len(claims.Jti) < 32 {
		t.Errorf("the claims are %s, %v", text, err)
	}
	row(t, "jsonwebtoken", "verifies the JWT")
}

func TestInteropKubernetesTakesTheSecrets(t *testing.T) {
	t.Parallel()
	dir, run := inSandbox(t)
	tool := exec.Command(goTool(t, "kubesecret"))
	tool.Stdin = strings.NewReader(run("export", "--format", "k8s"))
	var secrets map[string]map[string]string
	if err := json.Unmarshal([]byte(output(t, tool)), &secrets); err != nil {
		t.Fatal(err)
	}
	key, err := keygen.Parse([]byte(secrets["coze-oauth-key"]["private_key.pem"]))
	if err != nil {
		t.Fatal(err)
	}
	saved, err := keygen.Load(filepath.Join(dir, "config", "private_key.pem"))
	if err != nil || !saved.Private.Equal(key.Private) || secrets["coze-oauth"]["COZE_CLIENT_ID"] == "" {
		t.Errorf("the Secrets hold %v, %v", slices.Collect(maps.Keys(secrets)), err)
	}
	for name, value := range secrets["coze-oauth"] {
		if strings.Contains(value, "KEY-----") {
			t.Errorf("%s holds the key, and would be in the environment", name)
		}
	}
	row(t, "kubernetes API", "its types take the Secrets, strictly")
}
