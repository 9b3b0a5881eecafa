package release

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
)

// wheels returns one wheel a system, with the binary as a script
// (https://packaging.python.org/en/latest/specifications/binary-distribution-format/).
func (r Release) wheels() (wheels []File, err error) {
	version, err := pep440(r.Version)
	if err != nil {
		return nil, err
	}
	for _, b := range r.Binaries {
		p, err := b.platform()
		if err != nil {
			return nil, err
		}
		stem := "cozejwt-" + version
		files := []File{{Name: stem + ".data/scripts/" + b.name(), Content: b.Content, Program: true}}
		files = append(files, r.share(stem+".data/data/share/")...)
		info := stem + ".dist-info/"
		files = append(files, r.legal(info+"licenses/")...)
		files = append(files,
			File{Name: info + "METADATA", Content: r.metadata(version)},
			File{Name: info + "WHEEL", Content: wheelFile(p.wheel)})
		files = append(files, record(info+"RECORD", files))
		content, err := zipball(files, r.Date)
		if err != nil {
			return nil, err
		}
		wheels = append(wheels, File{Name: stem + "-py3-none-" + p.wheel + ".whl", Content: content})
	}
	return wheels, nil
}

// share are the man pages and completions, where the prefix of an environment has them.
func (r Release) share(folder string) []File {
	files := r.manuals(folder + "man/man1/")
	for _, c := range []struct{ shell, path string }{
		{"bash", "bash-completion/completions/cozejwt"},
		{"zsh", "zsh/site-functions/_cozejwt"},
		{"fish", "fish/vendor_completions.d/cozejwt.fish"},
	} {
		if script, ok := r.Completions[c.shell]; ok {
			files = append(files, File{Name: folder + c.path, Content: script})
		}
	}
	return files
}

// metadata is in the core metadata format, version 2.4.
func (r Release) metadata(version string) []byte {
	var b strings.Builder
	line := func(key, value string) { fmt.Fprintf(&b, "%s: %s\n", key, value) }
	line("Metadata-Version", "2.4")
	line("Name", "cozejwt")
	line("Version", version)
	line("Summary", summary)
	line("Keywords", strings.Join(keywords, ","))
	if r.Repository != "" {
		line("Project-URL", "Source, "+r.Repository)
	}
	for _, f := range r.legal("") {
		line("License-File", f.Name)
	}
	line("Requires-Python", ">=3.7")
	line("Description-Content-Type", "text/markdown; charset=UTF-8")
	b.WriteString("\n")
	b.Write(r.Readme)
	return []byte(b.String())
}

// wheelFile repeats the tags of the file name, one a line.
func wheelFile(tags string) []byte {
	var b strings.Builder
	b.WriteString("Wheel-Version: 1.0\nGenerator: cozejwt\nRoot-Is-Purelib: false\n")
	for tag := range strings.SplitSeq(tags, ".") {
		fmt.Fprintf(&b, "Tag: py3-none-%s\n", tag)
	}
	return []byte(b.String())
}

func record(name string, files []File) File {
	var b strings.Builder
	for _, f := range files {
		sum := sha256.Sum256(f.Content)
		fmt.Fprintf(&b, "%s,sha256=%s,%d\n", f.Name, base64.RawURLEncoding.EncodeToString(sum[:]), len(f.Content))
	}
	fmt.Fprintf(&b, "%s,,\n", name)
	return File{Name: name, Content: []byte(b.String())}
}

var semver = regexp.MustCompile(`^(\d+\.\d+\.\d+)(?:-(alpha|beta|rc)\.(\d+))?$`)

// pep440 returns a version as Python writes it (PEP 440): 1.2.3-rc.1 is 1.2.3rc1.
func pep440(version string) (string, error) {
	m := semver.FindStringSubmatch(version)
	if m == nil {
		return "", fmt.Errorf("version %q: use X.Y.Z or X.Y.Z-rc.N (alpha, beta)", version)
	}
	return m[1] + map[string]string{"alpha": "a", "beta": "b", "rc": "rc"}[m[2]] + m[3], nil
}
