// Package release builds what people without Go install: npm packages and Python
// wheels around the binaries of a release. The same input gives the same bytes.
package release

import (
	"bytes"
	"debug/buildinfo"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// summary describes the program on npm and PyPI.
const summary = "From nothing to a live Coze access token with a JWT OAuth app"

var keywords = []string{"coze", "oauth", "jwt", "credentials", "dotenv", "扣子"}

// A Release is what goes into the packages.
type Release struct {
	Version     string    // SemVer 2.0.0 without a leading v
	Date        time.Time // the modification time of each file
	Repository  string    // the URL of the sources; "" where there is none
	Readme      []byte
	Licence     []byte            // of cozejwt itself; nil until its owner has chosen one
	Notices     []byte            // the licences of what is linked in, see [Notices]
	Manuals     map[string][]byte // by file name, such as cozejwt.1
	Completions map[string][]byte // by shell
	Binaries    []Binary
}

// A Binary is the program for one system.
type Binary struct {
	OS, Arch string // as GOOS and GOARCH
	Content  []byte
}

// A File is one package, or a file within one.
type File struct {
	Name    string // with slashes
	Content []byte
	Program bool // has the mode 0755 in place of 0644
}

// A platform is a system as npm and Python name it.
type platform struct {
	os, arch     string // as GOOS and GOARCH
	npmOS, npmCP string // as process.platform and process.arch of Node.js
	wheel        string // the compatibility tag (PEP 425, PEP 600, PEP 656)
}

// The binaries are linked statically, so one wheel serves glibc and musl. Go 1.26 needs
// macOS 12.
var platforms = []platform{
	{"linux", "amd64", "linux", "x64", "manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64"},
	{"linux", "arm64", "linux", "arm64", "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64"},
	{"darwin", "amd64", "darwin", "x64", "macosx_12_0_x86_64"},
	{"darwin", "arm64", "darwin", "arm64", "macosx_12_0_arm64"},
	{"windows", "amd64", "win32", "x64", "win_amd64"},
	{"windows", "arm64", "win32", "arm64", "win_arm64"},
}

func (b Binary) platform() (platform, error) {
	at := slices.IndexFunc(platforms, func(p platform) bool { return p.os == b.OS && p.arch == b.Arch })
	if at < 0 {
		return platform{}, fmt.Errorf("%s/%s: no package is made for this system", b.OS, b.Arch)
	}
	return platforms[at], nil
}

func (b Binary) name() string {
	if b.OS == "windows" {
		return "cozejwt.exe"
	}
	return "cozejwt"
}

// Inspected is what a Go binary says of itself.
type Inspected struct {
	Binary
	Version string    // of the main module, such as v1.2.3 or (devel)
	Date    time.Time // of the commit; zero where the build did not record it
	Modules []string  // linked in, each as path@version
}

// Inspect reads a binary that the Go toolchain built. The error is buildinfo's, for a file that is
// no such binary.
func Inspect(content []byte) (Inspected, error) {
	info, err := buildinfo.Read(bytes.NewReader(content))
	if err != nil {
		return Inspected{}, err
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	found := Inspected{
		Binary:  Binary{OS: settings["GOOS"], Arch: settings["GOARCH"], Content: content},
		Version: info.Main.Version,
	}
	found.Date, _ = time.Parse(time.RFC3339, settings["vcs.time"])
	for _, module := range info.Deps {
		if module.Replace != nil {
			module = module.Replace
		}
		found.Modules = append(found.Modules, module.Path+"@"+module.Version)
	}
	return found, nil
}

// Build returns the npm packages and the wheels. The errors are those of a binary that is missing
// or is not the release's.
func (r Release) Build() ([]File, error) {
	slices.SortFunc(r.Binaries, func(a, b Binary) int { return strings.Compare(a.OS+"/"+a.Arch, b.OS+"/"+b.Arch) })
	npm, err := r.npm()
	if err != nil {
		return nil, err
	}
	wheels, err := r.wheels()
	return append(npm, wheels...), err
}

// legal are the licence files that every package carries.
func (r Release) legal(folder string) []File {
	files := []File{{Name: folder + "THIRD_PARTY_LICENSES.txt", Content: r.Notices}}
	if r.Licence != nil {
		files = append(files, File{Name: folder + "LICENSE", Content: r.Licence})
	}
	return files
}

// manuals are the man pages, in a folder.
func (r Release) manuals(folder string) (files []File) {
	for _, name := range slices.Sorted(maps.Keys(r.Manuals)) {
		files = append(files, File{Name: folder + name, Content: r.Manuals[name]})
	}
	return files
}
