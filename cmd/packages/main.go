// Command packages builds the npm packages and Python wheels of a release from its binaries.
//
//	packages notices
//	packages build [-version V] [-repository URL] -extra DIR -out DIR BINARY...
//
// notices prints the licences of what is linked into cozejwt. DIR of -extra holds them as
// THIRD_PARTY_LICENSES.txt, the man pages in man and the completions in completions. The npm
// packages go to npm in DIR of -out, the wheels to pypi.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cozejwt/internal/release"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "packages:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	switch strings.Join(args[:min(1, len(args))], "") {
	case "notices":
		text, err := release.Notices(ctx, ".")
		if err != nil {
			return err
		}
		_, err = os.Stdout.Write(text)
		return err
	case "build":
		return build(args[1:])
	}
	return errors.New("use: packages notices, or packages build -extra DIR -out DIR BINARY")
}

func build(args []string) error {
	flags := flag.NewFlagSet("build", flag.ContinueOnError)
	var r release.Release
	var extra, out string
	flags.StringVar(&r.Version, "version", "", "of the release; else what the binaries say")
	flags.StringVar(&r.Repository, "repository", "", "URL of the sources")
	flags.StringVar(&extra, "extra", "", "folder with man, completions and THIRD_PARTY_LICENSES.txt")
	flags.StringVar(&out, "out", "", "folder for the packages")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if err := readExtra(&r, extra); err != nil {
		return err
	}
	if err := readBinaries(&r, flags.Args()); err != nil {
		return err
	}
	files, err := r.Build()
	if err != nil {
		return err
	}
	for _, f := range files {
		path := filepath.Join(out, registries[filepath.Ext(f.Name)], f.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, f.Content, 0o644); err != nil {
			return err
		}
		fmt.Printf("%7.1f kB  %s\n", float64(len(f.Content))/1e3, path)
	}
	return nil
}

// registries are the folders of -out, by the ending of what goes there.
var registries = map[string]string{".tgz": "npm", ".whl": "pypi"}

// readExtra takes what goes beside the binaries. The project's own licence is LICENSE at the top
// of the repository, once its owner has put it there.
func readExtra(r *release.Release, dir string) (err error) {
	if r.Notices, err = os.ReadFile(filepath.Join(dir, "THIRD_PARTY_LICENSES.txt")); err != nil {
		return err
	}
	if r.Readme, err = os.ReadFile("README.md"); err != nil {
		return err
	}
	if r.Licence, err = os.ReadFile("LICENSE"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if r.Manuals, err = readFolder(filepath.Join(dir, "man")); err != nil {
		return err
	}
	r.Completions = map[string][]byte{}
	scripts, err := readFolder(filepath.Join(dir, "completions"))
	for name, script := range scripts {
		r.Completions[strings.TrimPrefix(filepath.Ext(name), ".")] = script
	}
	return err
}

func readFolder(dir string) (map[string][]byte, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, e := range entries {
		if files[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// readBinaries takes system, version and date from the binaries, and refuses one that links a
// module whose licence is not among the notices.
func readBinaries(r *release.Release, paths []string) error {
	if len(paths) == 0 {
		return errors.New("name at least one binary")
	}
	given := r.Version != ""
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		b, err := release.Inspect(content)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if missing := release.MissingNotices(r.Notices, b.Modules); missing != nil {
			return fmt.Errorf("%s: THIRD_PARTY_LICENSES.txt has no licence of %s", path, strings.Join(missing, ", "))
		}
		switch version := strings.TrimPrefix(b.Version, "v"); {
		case given:
		case r.Version == "":
			r.Version = version
		case r.Version != version:
			return fmt.Errorf("%s is version %s, another is %s", path, version, r.Version)
		}
		r.Date = b.Date
		r.Binaries = append(r.Binaries, b.Binary)
	}
	if r.Date.IsZero() {
		r.Date = time.Date(1985, time.October, 26, 8, 15, 0, 0, time.UTC) // as npm pack has it
	}
	return nil
}
