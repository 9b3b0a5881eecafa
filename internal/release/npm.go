package release

import (
	_ "embed"
	"encoding/json"
	"fmt"
)

//go:embed launcher.js
var launcher []byte

// A manifest is a package.json
// (https://docs.npmjs.com/cli/v11/configuring-npm/package-json).
type manifest struct {
	Name                 string            `json:"name"`
	Version              string            `json:"version"`
	Description          string            `json:"description"`
	Keywords             []string          `json:"keywords,omitempty"`
	License              string            `json:"license,omitempty"`
	Repository           *repository       `json:"repository,omitempty"`
	Bin                  map[string]string `json:"bin,omitempty"`
	Man                  []string          `json:"man,omitempty"`
	Engines              map[string]string `json:"engines,omitempty"`
	OS                   []string          `json:"os,omitempty"`
	CPU                  []string          `json:"cpu,omitempty"`
	Libc                 []string          `json:"libc,omitempty"`
	PreferUnplugged      bool              `json:"preferUnplugged,omitempty"` // Yarn must not leave the binary in an archive
	OptionalDependencies map[string]string `json:"optionalDependencies,omitempty"`
}

type repository struct {
	Type string `json:"type"`
	URL  string `json:"url"`
}

// npm returns the package cozejwt, which holds a launcher, and one package a system, of which
// npm installs the one that fits: no script runs at installation, nothing is downloaded later.
func (r Release) npm() ([]File, error) {
	main := r.manifest("cozejwt")
	main.Keywords = keywords
	main.Bin = map[string]string{"cozejwt": "bin/cozejwt.js"}
	main.Engines = map[string]string{"node": ">=14"}
	main.OptionalDependencies = map[string]string{}
	manuals := r.manuals("man/")
	for _, f := range manuals {
		main.Man = append(main.Man, "./"+f.Name)
	}
	var packed []File
	for _, b := range r.Binaries {
		p, err := b.platform()
		if err != nil {
			return nil, err
		}
		m := r.manifest("cozejwt-" + p.npmOS + "-" + p.npmCP)
		m.Description = fmt.Sprintf("The %s-%s binary of cozejwt", p.npmOS, p.npmCP)
		m.OS, m.CPU, m.PreferUnplugged = []string{p.npmOS}, []string{p.npmCP}, true
		if p.os == "linux" {
			m.Libc = []string{"glibc", "musl"}
		}
		main.OptionalDependencies[m.Name] = m.Version
		f, err := r.pack(m, File{Name: "bin/" + b.name(), Content: b.Content, Program: true})
		if err != nil {
			return nil, err
		}
		packed = append(packed, f)
	}
	f, err := r.pack(main, append(manuals,
		File{Name: "bin/cozejwt.js", Content: launcher, Program: true},
		File{Name: "README.md", Content: r.Readme})...)
	return append(packed, f), err
}

func (r Release) manifest(name string) manifest {
	m := manifest{Name: name, Version: r.Version, Description: summary}
	if r.Licence != nil {
		m.License = "SEE LICENSE IN LICENSE"
	}
	if r.Repository != "" {
		m.Repository = &repository{Type: "git", URL: "git+" + r.Repository + ".git"}
	}
	return m
}

func (r Release) pack(m manifest, files ...File) (File, error) {
	described, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return File{}, err
	}
	files = append(files, File{Name: "package.json", Content: append(described, '\n')})
	content, err := tarball(append(files, r.legal("")...), r.Date)
	return File{Name: m.Name + "-" + m.Version + ".tgz", Content: content}, err
}
