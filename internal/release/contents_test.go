package release

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// published is a release with a repository and a licence.
func published() Release {
	r := release()
	r.Repository, r.Licence = "https://git.example/cozejwt", []byte("terms\n")
	return r
}

const mainManifest = `{
  "name": "cozejwt",
  "version": "1.2.3-rc.1",
  "description": "From nothing to a live Coze access token with a JWT OAuth app",
  "keywords": [
    "coze",
    "oauth",
    "jwt",
    "credentials",
    "dotenv",
    "扣子"
  ],
  "license": "SEE LICENSE IN LICENSE",
  "repository": {
    "type": "git",
    "url": "git+https://git.example/cozejwt.git"
  },
  "bin": {
    "cozejwt": "bin/cozejwt.js"
  },
  "man": [
    "./man/cozejwt-init.1",
    "./man/cozejwt.1"
  ],
  "engines": {
    "node": "\u003e=14"
  },
  "optionalDependencies": {
    "cozejwt-darwin-arm64": "1.2.3-rc.1",
    "cozejwt-darwin-x64": "1.2.3-rc.1",
    "cozejwt-linux-arm64": "1.2.3-rc.1",
    "cozejwt-linux-x64": "1.2.3-rc.1",
    "cozejwt-win32-arm64": "1.2.3-rc.1",
    "cozejwt-win32-x64": "1.2.3-rc.1"
  }
}
`

const linuxManifest = `{
  "name": "cozejwt-linux-x64",
  "version": "1.2.3-rc.1",
  "description": "The linux-x64 binary of cozejwt",
  "os": [
    "linux"
  ],
  "cpu": [
    "x64"
  ],
  "libc": [
    "glibc",
    "musl"
  ],
  "preferUnplugged": true
}
`

func TestAPackageJSONIsWhatNPMHasToKnow(t *testing.T) {
	for _, test := range []struct {
		r                 Release
		name, description string
	}{
		{published(), "cozejwt", mainManifest},
		{release(), "cozejwt-linux-x64", linuxManifest}, // without a repository or a licence
	} {
		files := untar(t, build(t, test.r)[test.name+"-1.2.3-rc.1.tgz"])
		if got := files["package/package.json"].content; got != test.description {
			t.Errorf("%s: package.json is\n%s\nwant\n%s", test.name, got, test.description)
		}
	}
}

func TestMetadataIsWhatPyPIShows(t *testing.T) {
	const head = `Metadata-Version: 2.4
Name: cozejwt
Version: 1.2.3rc1
Summary: From nothing to a live Coze access token with a JWT OAuth app
Keywords: coze,oauth,jwt,credentials,dotenv,扣子
`
	const tail = `Requires-Python: >=3.7
Description-Content-Type: text/markdown; charset=UTF-8

# cozejwt
`
	for _, test := range []struct {
		name    string
		r       Release
		between string
	}{
		{"published", published(), "Project-URL: Source, https://git.example/cozejwt\nLicense-File: THIRD_PARTY_LICENSES.txt\nLicense-File: LICENSE\n"},
		{"without a repository and a licence", release(), "License-File: THIRD_PARTY_LICENSES.txt\n"},
	} {
		files := unzip(t, build(t, test.r)["cozejwt-1.2.3rc1-py3-none-win_arm64.whl"])
		if got, want := files["cozejwt-1.2.3rc1.dist-info/METADATA"].content, head+test.between+tail; got != want {
			t.Errorf("%s: METADATA is\n%s\nwant\n%s", test.name, got, want)
		}
	}
}

func TestAPackageHasTheseFilesAndNoOthers(t *testing.T) {
	built := build(t, published())
	const program, plain = fs.FileMode(0o755), fs.FileMode(0o644)
	wheel := "cozejwt-1.2.3rc1."
	for _, test := range []struct {
		name  string
		files map[string]entry
		want  map[string]entry
	}{
		{"npm, launcher", untar(t, built["cozejwt-1.2.3-rc.1.tgz"]), map[string]entry{
			"package/bin/cozejwt.js":           {program, string(launcher)},
			"package/man/cozejwt.1":            {plain, ".TH"},
			"package/man/cozejwt-init.1":       {plain, ".TH"},
			"package/README.md":                {plain, "# cozejwt\n"},
			"package/LICENSE":                  {plain, "terms\n"},
			"package/THIRD_PARTY_LICENSES.txt": {plain, "licences\n"},
			"package/package.json":             {plain, ""},
		}},
		{"npm, binary", untar(t, built["cozejwt-win32-x64-1.2.3-rc.1.tgz"]), map[string]entry{
			"package/bin/cozejwt.exe":          {program, "windowsamd64"},
			"package/LICENSE":                  {plain, "terms\n"},
			"package/THIRD_PARTY_LICENSES.txt": {plain, "licences\n"},
			"package/package.json":             {plain, ""},
		}},
		{"wheel", unzip(t, built["cozejwt-1.2.3rc1-py3-none-win_arm64.whl"]), map[string]entry{
			wheel + "data/scripts/cozejwt.exe":                               {program, "windowsarm64"},
			wheel + "data/data/share/man/man1/cozejwt.1":                     {plain, ".TH"},
			wheel + "data/data/share/man/man1/cozejwt-init.1":                {plain, ".TH"},
			wheel + "data/data/share/bash-completion/completions/cozejwt":    {plain, "complete"},
			wheel + "data/data/share/zsh/site-functions/_cozejwt":            {plain, "#compdef"},
			wheel + "data/data/share/fish/vendor_completions.d/cozejwt.fish": {plain, "complete"},
			wheel + "dist-info/licenses/LICENSE":                             {plain, "terms\n"},
			wheel + "dist-info/licenses/THIRD_PARTY_LICENSES.txt":            {plain, "licences\n"},
			wheel + "dist-info/METADATA":                                     {plain, ""},
			wheel + "dist-info/RECORD":                                       {plain, ""},
			wheel + "dist-info/WHEEL": {
				plain,
				"Wheel-Version: 1.0\nGenerator: cozejwt\nRoot-Is-Purelib: false\nTag: py3-none-win_arm64\n",
			},
		}},
	} {
		wantFiles(t, test.name, test.files, test.want)
	}
}

// wantFiles fails where a package has other files. A content that is not given has a test of its
// own, and only must be there.
func wantFiles(t *testing.T, name string, files, want map[string]entry) {
	t.Helper()
	for path, f := range want {
		if f.content == "" {
			f.content = files[path].content
		}
		if got := files[path]; got != f || got.content == "" {
			t.Errorf("%s: %s has mode %s and says %q; want %s and %q", name, path, got.mode, got.content, f.mode, f.content)
		}
	}
	for path := range files {
		if _, ok := want[path]; !ok {
			t.Errorf("%s: %s is too many", name, path)
		}
	}
}

func TestACompletionThatThereIsNotIsLeftOut(t *testing.T) {
	r := release()
	r.Completions = nil
	for name := range unzip(t, build(t, r)["cozejwt-1.2.3rc1-py3-none-win_arm64.whl"]) {
		if strings.Contains(name, "/share/") && !strings.Contains(name, "/man1/") {
			t.Errorf("%s is in the wheel", name)
		}
	}
}

func TestFilesInAPackageHaveTheDateOfTheRelease(t *testing.T) {
	r := release()
	built := build(t, r)
	packed := built["cozejwt-1.2.3rc1-py3-none-win_amd64.whl"]
	zipped, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range zipped.File {
		if !f.Modified.Equal(r.Date) {
			t.Errorf("%s in the wheel is of %s", f.Name, f.Modified)
		}
	}
	unzipped, err := gzip.NewReader(bytes.NewReader(built["cozejwt-1.2.3-rc.1.tgz"]))
	if err != nil {
		t.Fatal(err)
	}
	tarred := tar.NewReader(unzipped)
	for header, err := tarred.Next(); !errors.Is(err, io.EOF); header, err = tarred.Next() {
		if err != nil {
			t.Fatal(err)
		}
		if !header.ModTime.Equal(r.Date) {
			t.Errorf("%s in the npm package is of %s", header.Name, header.ModTime)
		}
	}
}

func TestAReleaseThatCannotBePackedIsRefused(t *testing.T) {
	long := strings.Repeat("long", 20_000) // more than a name in a tar or zip archive may have
	for _, test := range []struct {
		name  string
		spoil func(*Release)
		want  string
	}{
		{"a system without a package", func(r *Release) { r.Binaries[0].OS = "plan9" }, "plan9/amd64: no package is made"},
		{"a processor without a package", func(r *Release) { r.Binaries[0].Arch = "mips" }, "linux/mips: no package is made"},
		{"a version that Python does not know", func(r *Release) { r.Version = "1.2.3-next" }, `version "1.2.3-next"`},
		{"a man page whose name is too long", func(r *Release) { r.Manuals[long] = nil }, "archive/tar: "},
		{"a date after those of tar", func(r *Release) { r.Date = time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC) }, "archive/tar: "},
	} {
		r := release()
		test.spoil(&r)
		if _, err := r.Build(); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: the error is %v, want one with %q", test.name, err, test.want)
		}
	}
	r := release()
	r.Manuals[long] = nil
	if _, err := r.wheels(); err == nil {
		t.Error("a wheel is made with a name that is too long")
	}
	r = release()
	r.Binaries[0].OS = "plan9"
	if wheels, err := r.wheels(); err == nil {
		t.Errorf("%d wheels are made for a system that has none", len(wheels))
	}
	if packed, err := r.npm(); err == nil {
		t.Errorf("%d npm packages are made for a system that has none", len(packed))
	}
}

func TestEachSystemHasANameOnNPMAndTagsOnPyPI(t *testing.T) {
	want := []string{
		"cozejwt-1.2.3-rc.1.tgz",
		"cozejwt-1.2.3rc1-py3-none-macosx_12_0_arm64.whl",
		"cozejwt-1.2.3rc1-py3-none-macosx_12_0_x86_64.whl",
		"cozejwt-1.2.3rc1-py3-none-manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64.whl",
		"cozejwt-1.2.3rc1-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64.whl",
		"cozejwt-1.2.3rc1-py3-none-win_amd64.whl",
		"cozejwt-1.2.3rc1-py3-none-win_arm64.whl",
		"cozejwt-darwin-arm64-1.2.3-rc.1.tgz",
		"cozejwt-darwin-x64-1.2.3-rc.1.tgz",
		"cozejwt-linux-arm64-1.2.3-rc.1.tgz",
		"cozejwt-linux-x64-1.2.3-rc.1.tgz",
		"cozejwt-win32-arm64-1.2.3-rc.1.tgz",
		"cozejwt-win32-x64-1.2.3-rc.1.tgz",
	}
	if got := slices.Sorted(maps.Keys(build(t, release()))); !slices.Equal(got, want) {
		t.Errorf("the packages are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestPackagesAreForTheBinariesThereAre(t *testing.T) {
	r := release()
	r.Binaries = r.Binaries[:1]
	want := []string{
		"cozejwt-1.2.3-rc.1.tgz",
		"cozejwt-1.2.3rc1-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64.whl",
		"cozejwt-linux-x64-1.2.3-rc.1.tgz",
	}
	if got := slices.Sorted(maps.Keys(build(t, r))); !slices.Equal(got, want) {
		t.Errorf("the packages are %q, want %q", got, want)
	}
}
