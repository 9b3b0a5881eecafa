package main

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"
)

func TestTheInstallationShowsInThePath(t *testing.T) {
	venv := t.TempDir()
	if err := os.MkdirAll(filepath.Join(venv, "lib", "python3.12", "site-packages", "cozejwt-1.2.3.dist-info"), 0o755); err != nil {
		t.Fatal(err)
	}
	build := func(version, sum string) *debug.BuildInfo {
		return &debug.BuildInfo{Main: debug.Module{Version: version, Sum: sum}}
	}
	for _, test := range []struct {
		path  string
		build *debug.BuildInfo
		want  string
	}{
		{"/app/node_modules/cozejwt-linux-x64/bin/cozejwt", build("v1.2.3", ""), "npm"},
		{filepath.Join(venv, "bin", "cozejwt"), build("v1.2.3", ""), "pypi"},
		{"/opt/homebrew/Caskroom/cozejwt/1.2.3/cozejwt", build("v1.2.3", ""), "homebrew"},
		{"/home/me/go/bin/cozejwt", build("v1.2.3", "h1:sum"), "go"},
		{"/home/me/cozejwt", build("(devel)", ""), "source"},
		{"/home/me/cozejwt", build("v0.0.0-20261125120000-c08c46600000+dirty", ""), "source"},
		{"/home/me/cozejwt", nil, "source"},
		{"/home/me/bin/cozejwt", build("v1.2.3", ""), "archive"},
	} {
		if got := installationOf(test.path, test.build).By; got != test.want {
			t.Errorf("%s: %s, want %s", test.path, got, test.want)
		}
	}
}

func TestPrintedCommandsNameTheRunner(t *testing.T) {
	none := func(string) string { return "" }
	npx := func(name string) string { return map[string]string{"npm_command": "exec"}[name] }
	t.Setenv("PATH", t.TempDir())
	for _, test := range []struct {
		path   string
		getenv func(string) string
		want   string
	}{
		{"/app/node_modules/cozejwt-linux-x64/bin/cozejwt", npx, "npx cozejwt"},
		{"/app/node_modules/cozejwt-linux-x64/bin/cozejwt", none, "npx cozejwt"},
		{"/home/me/.cache/uv/archive-v0/abc/bin/cozejwt", none, "uvx cozejwt"},
		{"/home/me/.cache/pipx/abc/bin/cozejwt", none, "pipx run cozejwt"},
		{"/home/me/.local/pipx/venvs/cozejwt/bin/cozejwt", none, "cozejwt"},
		{"/tmp/go-build123/b001/exe/cozejwt", none, "go run ./cmd/cozejwt"},
		{"/home/me/bin/cozejwt", npx, "cozejwt"},
	} {
		if got := programAt(test.path, test.getenv); got != test.want {
			t.Errorf("%s: %s, want %s", test.path, got, test.want)
		}
	}
}
