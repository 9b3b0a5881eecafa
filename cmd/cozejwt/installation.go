package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"

	"cozejwt/internal/lazyregexp"
)

// An installation is how this program came to the machine. Its files tell: every
// package has the same binary in it.
type installation struct {
	By   string // an id, such as npm; its text is "installed.<By>"
	Path string // of the program, symbolic links followed
}

const inNodeModules = "/node_modules/cozejwt-" // a package of one system

// installers are recognized by the path of the program, with slashes. The first that
// matches counts.
var installers = []struct {
	by      string
	matches func(path string) bool
}{
	{"npm", contains(inNodeModules)},
	{"pypi", hasDistInfo},
	{"homebrew", func(p string) bool { return contains("/Caskroom/cozejwt/")(p) || contains("/Cellar/cozejwt/")(p) }},
	{"scoop", contains("/scoop/apps/cozejwt/")},
	{"deb", func(p string) bool { return p == "/usr/bin/cozejwt" && exists("/var/lib/dpkg/info/cozejwt.list") }},
	{"rpm", func(p string) bool {
		return p == "/usr/bin/cozejwt" && (exists("/usr/lib/sysimage/rpm") || exists("/var/lib/rpm"))
	}},
}

func contains(part string) func(string) bool {
	return func(path string) bool { return strings.Contains(path, part) }
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// hasDistInfo says whether a Python environment that holds the program knows it as a package
// (PEP 376): lib/pythonX.Y beside bin, Lib beside Scripts on Windows.
func hasDistInfo(path string) bool {
	prefix := filepath.Dir(filepath.Dir(path))
	for _, lib := range []string{"lib/python*", "Lib"} {
		if found, err := filepath.Glob(filepath.Join(prefix, lib, "site-packages", "cozejwt-*.dist-info")); err == nil && found != nil {
			return true
		}
	}
	return false
}

// pseudoVersion is what the toolchain records of a commit without a tag
// (https://go.dev/ref/mod#pseudo-versions).
var pseudoVersion = lazyregexp.New(`[-.]\d{14}-[0-9a-f]{12}`)

// installationOf judges by the program's path and by what the build recorded.
func installationOf(path string, build *debug.BuildInfo) installation {
	for _, i := range installers {
		if i.matches(filepath.ToSlash(path)) {
			return installation{i.by, path}
		}
	}
	switch {
	case build == nil || build.Main.Version == "(devel)" || pseudoVersion().MatchString(build.Main.Version):
		return installation{"source", path}
	case build.Main.Sum != "": // go install fetched it as a module
		return installation{"go", path}
	}
	return installation{"archive", path}
}

func thisInstallation() installation {
	build, _ := debug.ReadBuildInfo()
	path, err := os.Executable()
	if err != nil {
		return installation{By: "source"}
	}
	if followed, err := filepath.EvalSymlinks(path); err == nil {
		path = followed
	}
	return installationOf(path, build)
}

// programAt is how the reader starts the program of a path: one that a package runner started
// is not in the PATH, so what it prints has to name the runner. It looks at no file, because
// every start waits for it.
func programAt(path string, getenv func(string) string) string {
	path = filepath.ToSlash(path)
	switch {
	case strings.Contains(path, inNodeModules):
		// npx and npm run set npm_command (npm 7); a global installation is in the PATH.
		if _, err := exec.LookPath("cozejwt"); err != nil || getenv("npm_command") != "" {
			return "npx cozejwt"
		}
	case strings.Contains(path, "/go-build"): // where go run puts it
		return "go run ./cmd/cozejwt"
	// Where uv and pipx keep the environments of a single run; neither is run in the tests.
	case strings.Contains(path, "/uv/archive-v0/"):
		return "uvx cozejwt"
	case strings.Contains(path, "/pipx/") && !strings.Contains(path, "/venvs/"):
		return "pipx run cozejwt"
	}
	return "cozejwt"
}
