package release

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// licenceFile is a file whose text has to go with the code beside it.
var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents|authors)([-.].*)?$`)

// notices are licence texts by what they belong to: a folder of a module, or Go itself.
type notices map[string]string

// Notices gathers the licences of Go and of every package that is linked into cozejwt, on all
// systems together. dir is a folder of this module; the modules have to be in the module cache. The
// errors are those of the go command, and of a package without a licence file.
func Notices(ctx context.Context, dir string) ([]byte, error) {
	found := notices{}
	for _, p := range platforms {
		if err := found.gather(ctx, dir, p); err != nil {
			return nil, err
		}
	}
	root, err := goTool(ctx, dir, nil, "env", "GOROOT", "GOVERSION")
	if err != nil {
		return nil, err
	}
	goroot, version, _ := strings.Cut(strings.TrimSpace(string(root)), "\n")
	licence, err := os.ReadFile(filepath.Join(goroot, "LICENSE"))
	if err != nil {
		return nil, err
	}
	found["Go, "+version] = string(licence)

	var b bytes.Buffer
	b.WriteString("cozejwt contains the following software.\n")
	for _, name := range slices.Sorted(maps.Keys(found)) {
		fmt.Fprintf(&b, "\n%s\n%s\n\n%s\n", name, strings.Repeat("=", len(name)), strings.TrimSpace(found[name]))
	}
	return b.Bytes(), nil
}

// MissingNotices returns the modules that a text of [Notices] does not name.
func MissingNotices(text []byte, modules []string) (missing []string) {
	for _, m := range modules {
		if !bytes.Contains(text, []byte("\n"+m+"\n")) {
			missing = append(missing, m)
		}
	}
	return missing
}

// A linked package as go list describes it.
type linked struct {
	ImportPath, Dir string
	Standard        bool
	Module          *struct {
		Path, Version, Dir string
		Main               bool
	}
}

// gather adds the licences of what is linked in on one system.
func (n notices) gather(ctx context.Context, dir string, p platform) error {
	env := []string{"GOOS=" + p.os, "GOARCH=" + p.arch, "CGO_ENABLED=0", "GOFLAGS="}
	out, err := goTool(ctx, dir, env, "list", "-deps", "-json=ImportPath,Dir,Standard,Module", "cozejwt/cmd/cozejwt")
	if err != nil {
		return err
	}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var l linked
		if err := d.Decode(&l); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if l.Standard || l.Module == nil || l.Module.Main {
			continue
		}
		if err := n.add(l); err != nil {
			return err
		}
	}
}

// add takes the licences beside a package, and those of the folders above it in its module.
func (n notices) add(l linked) error {
	module := l.Module.Path + "@" + l.Module.Version
	for dir := l.Dir; ; dir = filepath.Dir(dir) {
		within, err := filepath.Rel(l.Module.Dir, dir)
		if err != nil {
			return err
		}
		name := module
		if within != "." {
			name += "/" + filepath.ToSlash(within)
		}
		text, err := licenceText(dir)
		if err != nil {
			return err
		}
		if text != "" {
			n[name] = text
		}
		if within == "." {
			if text == "" {
				n[name], err = licenceInReadme(dir)
			}
			return err
		}
	}
}

func licenceText(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	var texts []string
	for _, e := range entries {
		if e.IsDir() || !licenceFile.MatchString(e.Name()) || strings.HasSuffix(e.Name(), ".go") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return "", err
		}
		texts = append(texts, strings.TrimSpace(string(text)))
	}
	return strings.Join(texts, "\n\n"), nil
}

var licenceHeading = regexp.MustCompile(`(?im)^#+ licen[cs]e$`)

// licenceInReadme returns the end of the README from its heading on, for a module that has no
// licence file.
func licenceInReadme(dir string) (string, error) {
	readme, err := os.ReadFile(filepath.Join(dir, "README.md"))
	if err != nil {
		return "", fmt.Errorf("no licence: %w", err)
	}
	at := licenceHeading.FindIndex(readme)
	if at == nil {
		return "", fmt.Errorf("%s: neither a licence file nor a heading License in README.md", dir)
	}
	return "No licence file. README.md says:\n\n" + strings.TrimSpace(string(readme[at[0]:])), nil
}

// goTool runs the go command in dir.
func goTool(ctx context.Context, dir string, env []string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w: %s", args[0], err, strings.TrimSpace(said.String()))
	}
	return out, nil
}
