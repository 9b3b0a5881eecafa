package release

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func release() Release {
	r := Release{
		Version: "1.2.3-rc.1", Date: time.Date(2026, time.November, 25, 12, 0, 0, 0, time.UTC),
		Readme: []byte("# cozejwt\n"), Notices: []byte("licences\n"),
		Manuals:     map[string][]byte{"cozejwt.1": []byte(".TH"), "cozejwt-init.1": []byte(".TH")},
		Completions: map[string][]byte{"bash": []byte("complete"), "zsh": []byte("#compdef"), "fish": []byte("complete"), "powershell": []byte("Register")},
	}
	for _, p := range platforms {
		r.Binaries = append(r.Binaries, Binary{OS: p.os, Arch: p.arch, Content: []byte(p.os + p.arch)})
	}
	return r
}

func build(t *testing.T, r Release) map[string][]byte {
	t.Helper()
	files, err := r.Build()
	if err != nil {
		t.Fatal(err)
	}
	built := map[string][]byte{}
	for _, f := range files {
		built[f.Name] = f.Content
	}
	return built
}

func TestTheSameReleaseGivesTheSameBytes(t *testing.T) {
	first, r := build(t, release()), release()
	slices.Reverse(r.Binaries) // their order is the caller's accident
	for name, content := range build(t, r) {
		if !bytes.Equal(content, first[name]) {
			t.Errorf("%s differs", name)
		}
	}
	if len(first) != 2*len(platforms)+1 {
		t.Errorf("%d packages, want a launcher, and two for each of %d systems", len(first), len(platforms))
	}
}

func TestPackagesComeInOneOrder(t *testing.T) {
	names := func(r Release) (names []string) {
		files, err := r.Build()
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			names = append(names, f.Name)
		}
		return names
	}
	r := release()
	slices.Reverse(r.Binaries)
	if first, second := names(release()), names(r); !slices.Equal(first, second) {
		t.Errorf("the packages come as\n%q and as\n%q", first, second)
	}
}

// entry is a file in a package: its mode and content.
type entry struct {
	mode    fs.FileMode
	content string
}

func untar(t *testing.T, packed []byte) map[string]entry {
	t.Helper()
	unzipped, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	entries := map[string]entry{}
	for r := tar.NewReader(unzipped); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return entries
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		entries[header.Name] = entry{header.FileInfo().Mode(), string(content)}
	}
}

func unzip(t *testing.T, packed []byte) map[string]entry {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatal(err)
	}
	entries := map[string]entry{}
	for _, f := range r.File {
		content, err := fs.ReadFile(r, f.Name)
		if err != nil {
			t.Fatal(err)
		}
		entries[f.Name] = entry{f.Mode(), string(content)}
	}
	return entries
}

func TestNPMInstallsTheBinaryThatFits(t *testing.T) {
	built := build(t, release())
	for _, test := range []struct{ name, program, os, cpu, libc string }{
		{"cozejwt-linux-x64", "cozejwt", "linux", "x64", "glibc musl"},
		{"cozejwt-linux-arm64", "cozejwt", "linux", "arm64", "glibc musl"},
		{"cozejwt-darwin-arm64", "cozejwt", "darwin", "arm64", ""},
		{"cozejwt-win32-x64", "cozejwt.exe", "win32", "x64", ""},
	} {
		files := untar(t, built[test.name+"-1.2.3-rc.1.tgz"])
		var m manifest
		if err := json.Unmarshal([]byte(files["package/package.json"].content), &m); err != nil {
			t.Fatal(err)
		}
		if got := []string{m.Name, strings.Join(m.OS, " "), strings.Join(m.CPU, " "), strings.Join(m.Libc, " ")}; !slices.Equal(got, []string{test.name, test.os, test.cpu, test.libc}) {
			t.Errorf("%s: package.json says %q", test.name, got)
		}
		if mode := files["package/bin/"+test.program].mode; mode != 0o755 {
			t.Errorf("%s: the program has mode %s", test.name, mode)
		}
	}
}

func TestTheLauncherNamesEachSystem(t *testing.T) {
	files := untar(t, build(t, release())["cozejwt-1.2.3-rc.1.tgz"])
	var m manifest
	if err := json.Unmarshal([]byte(files["package/package.json"].content), &m); err != nil {
		t.Fatal(err)
	}
	if len(m.OptionalDependencies) != len(platforms) || m.OptionalDependencies["cozejwt-darwin-x64"] != "1.2.3-rc.1" {
		t.Errorf("optional dependencies: %v", m.OptionalDependencies)
	}
	if !slices.Equal(m.Man, []string{"./man/cozejwt-init.1", "./man/cozejwt.1"}) {
		t.Errorf("man pages: %q", m.Man)
	}
	for _, name := range []string{"bin/cozejwt.js", "man/cozejwt.1", "README.md", "THIRD_PARTY_LICENSES.txt"} {
		if files["package/"+name].content == "" {
			t.Errorf("%s is missing", name)
		}
	}
}

func TestALicenceIsNamedOnlyWhereThereIsOne(t *testing.T) {
	r := release()
	if without := untar(t, build(t, r)["cozejwt-1.2.3-rc.1.tgz"])["package/package.json"].content; strings.Contains(without, `"license"`) {
		t.Errorf("package.json invents a licence:\n%s", without)
	}
	r.Licence = []byte("terms")
	built := build(t, r)
	files := untar(t, built["cozejwt-1.2.3-rc.1.tgz"])
	if !strings.Contains(files["package/package.json"].content, `"license": "SEE LICENSE IN LICENSE"`) || files["package/LICENSE"].content != "terms" {
		t.Error("the npm package lacks the licence")
	}
	wheel := unzip(t, built["cozejwt-1.2.3rc1-py3-none-win_amd64.whl"])
	if wheel["cozejwt-1.2.3rc1.dist-info/licenses/LICENSE"].content != "terms" ||
		!strings.Contains(wheel["cozejwt-1.2.3rc1.dist-info/METADATA"].content, "\nLicense-File: LICENSE\n") {
		t.Error("the wheel lacks the licence")
	}
}

func TestAWheelIsSound(t *testing.T) {
	tags := "manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64"
	files := unzip(t, build(t, release())["cozejwt-1.2.3rc1-py3-none-"+tags+".whl"])
	program := files["cozejwt-1.2.3rc1.data/scripts/cozejwt"]
	if program.content != "linuxamd64" || program.mode != 0o755 {
		t.Errorf("the script is %q with mode %s", program.content, program.mode)
	}
	for tag := range strings.SplitSeq(tags, ".") {
		if !strings.Contains(files["cozejwt-1.2.3rc1.dist-info/WHEEL"].content, "\nTag: py3-none-"+tag+"\n") {
			t.Errorf("WHEEL lacks the tag %s", tag)
		}
	}
	var lines []string
	for name, f := range files {
		if strings.HasSuffix(name, "/RECORD") {
			lines = append(lines, name+",,")
			continue
		}
		sum := sha256.Sum256([]byte(f.content))
		lines = append(lines, fmt.Sprintf("%s,sha256=%s,%d", name, base64.RawURLEncoding.EncodeToString(sum[:]), len(f.content)))
	}
	recorded := strings.Split(strings.TrimSpace(files["cozejwt-1.2.3rc1.dist-info/RECORD"].content), "\n")
	slices.Sort(lines)
	slices.Sort(recorded)
	if !slices.Equal(lines, recorded) {
		t.Errorf("RECORD is\n%s\nwant\n%s", strings.Join(recorded, "\n"), strings.Join(lines, "\n"))
	}
}

func TestVersionsAsPythonWritesThem(t *testing.T) {
	for version, want := range map[string]string{
		"1.2.3": "1.2.3", "1.2.3-alpha.1": "1.2.3a1", "1.2.3-beta.2": "1.2.3b2", "1.2.3-rc.10": "1.2.3rc10",
		"(devel)": "", "1.2.3-next": "", "v1.2.3": "",
	} {
		if got, err := pep440(version); got != want || (err != nil) != (want == "") {
			t.Errorf("%s: %q, %v; want %q", version, got, err, want)
		}
	}
}

// What is linked in is what go version -m reads from the binary.
func TestTheNoticesNameEveryLinkedModule(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("there is no go here to build with")
	}
	notices, err := Notices(t.Context(), ".")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "cozejwt")
	if out, err := exec.Command("go", "build", "-o", path, "cozejwt/cmd/cozejwt").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Inspect(content)
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Modules) == 0 {
		t.Fatal("the binary names no modules")
	}
	for _, m := range MissingNotices(notices, b.Modules) {
		t.Errorf("no licence of %s", m)
	}
	if got := MissingNotices(notices, []string{"example.com/none@v1.0.0"}); len(got) != 1 {
		t.Error("a module that is not named is not missed")
	}
	if !bytes.Contains(notices, []byte("The Go Authors")) {
		t.Error("no licence of Go")
	}
}
