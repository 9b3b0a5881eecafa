// Package git keeps secrets out of git: it says which files of a work
// tree git would ignore, and what .gitignore needs so that it does. It changes
// no repository.
package git

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"unicode"

	"cozejwt/internal/atomicfile"
	"cozejwt/internal/boundedfile"
	"cozejwt/internal/fault"
	"cozejwt/internal/lazyregexp"
)

// An Edit is what a .gitignore has to become. Before is nil where there is no
// file yet.
type Edit struct {
	Path          string
	Before, After []byte
}

// Root returns the top folder of the work tree that dir is in.
func Root(dir string) (root string, ok bool) {
	for {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil { // a folder, or a file in a linked work tree
			return dir, true
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", false
		}
		dir = up
	}
}

// Ignore plans the edit of dir's .gitignore that makes git ignore the files, each with the names
// that start with its own: the copies that are kept of a key, and what a crash leaves of a file
// that was being written. It returns nil where nothing is to be done: all are ignored, or dir is in
// no work tree. Files outside of dir are left to their owner. The errors are ErrLinked where a link
// stands in the way, and faults of a .gitignore that cannot be read or of a name that cannot stand
// in one.
func Ignore(dir string, files ...string) (*Edit, error) {
	inside, err := within(dir, files)
	if _, ok := Root(dir); !ok || len(inside) == 0 || err != nil {
		return nil, err
	}
	name := filepath.Join(dir, ".gitignore")
	before, err := read(name)
	linked := errors.Is(err, ErrLinked)
	if err != nil && !linked && !errors.Is(err, fs.ErrNotExist) { // git would wait for a pipe
		return nil, fault.Unreadable(name, err)
	}
	after := string(before)
	var asked []string
	for _, rel := range inside {
		asked = append(asked, copies(dir, rel)...)
	}
	now := ignored(dir, asked...)
	for i, rel := range inside {
		for _, pattern := range missing(rel, now[3*i:3*i+3]) {
			after = withLine(after, pattern)
		}
	}
	switch {
	case after == string(before):
		return nil, nil
	case linked:
		return nil, err
	}
	return &Edit{name, before, []byte(after)}, nil
}

// tries is how often Add plans again: each other try means that somebody else has written.
const tries = 100

// Add makes git ignore the files as Ignore plans it, on .gitignore as it is then: lines that others
// add at the same time stay. The errors are those of Ignore, and faults of a file that cannot be
// written or that changes all the time.
func Add(dir string, files ...string) (err error) {
	for range tries {
		var edit *Edit
		if edit, err = Ignore(dir, files...); err != nil || edit == nil {
			return err
		}
		if err = edit.Write(); fault.ID(err) != changed {
			return err
		}
	}
	return err
}

// within returns those of the files that are in dir, relative to it, with slashes. A folder
// on the way that is a link is the one that it leads to: git looks there.
func within(dir string, files []string) (inside []string, err error) {
	dir = filepath.Dir(located(filepath.Join(dir, ".gitignore")))
	for _, file := range files {
		rel, err := filepath.Rel(dir, located(file))
		if err != nil || !filepath.IsLocal(rel) {
			continue
		}
		if strings.ContainsFunc(rel, unicode.IsControl) { // each line is a pattern of its own
			return nil, ErrControl.With("path", file)
		}
		inside = append(inside, filepath.ToSlash(rel))
	}
	return inside, nil
}

// located is a path whose folders are no links. Those at its end need not exist.
func located(path string) string {
	folder, rest := filepath.Dir(path), filepath.Base(path)
	for folder != filepath.Dir(folder) {
		if resolved, err := filepath.EvalSymlinks(folder); err == nil {
			return filepath.Join(resolved, rest)
		}
		folder, rest = filepath.Dir(folder), filepath.Join(filepath.Base(folder), rest)
	}
	return path
}

// withLine adds a line to a text that lacks it, with the line ending of the others.
func withLine(text, line string) string {
	if hasLine(text, line) {
		return text
	}
	end := "\n"
	if strings.Contains(text, "\r\n") {
		end = "\r\n"
	}
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += end
	}
	return text + line + end
}

// ErrControl is the fault of a path with a line break or another control character.
var ErrControl = fault.Invalid("path.control")

// ErrLinked is the fault of a .gitignore that is a symbolic link: git does not follow it,
// so nothing that is written there is ignored.
var ErrLinked = fault.Invalid("git.linked")

// read reads a .gitignore, which has to be a regular file.
func read(name string) ([]byte, error) {
	info, err := os.Lstat(name)
	if err != nil {
		return nil, err
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		return nil, ErrLinked.With("path", name)
	}
	return boundedfile.Read(name, boundedfile.Most)
}

// copies are a file and the names of its copies and temporary files that git should ignore, too.
func copies(dir, rel string) []string {
	file := filepath.Join(dir, filepath.FromSlash(rel))
	return []string{file, file + ".bak-1", file + ".tmp-1"}
}

// missing returns the patterns that .gitignore lacks to ignore a file, its backups
// and its temporary files, of which ignored says whether git does now.
func missing(rel string, ignored []bool) []string {
	itself, copied, unfinished := ignored[0], ignored[1], ignored[2]
	folder, name := path.Split("/" + rel)
	var all []string
	switch {
	case name == ".env": // its pattern must not match .env.example
		if !itself {
			all = append(all, escape(folder+name))
		}
		if !unfinished {
			all = append(all, escape(folder+name)+".tmp-*")
		}
	case itself && copied && unfinished:
	case strings.HasPrefix(name, "private_key") && strings.HasSuffix(name, ".pem"):
		all = append(all, escape(folder)+"private_key*.pem*") // the keys of rotations are named alike
	default:
		all = append(all, escape(folder+name)+"*")
	}
	return all
}

func hasLine(text, line string) bool {
	for have := range strings.Lines(text) {
		if strings.TrimSpace(have) == line {
			return true
		}
	}
	return false
}

// Shown returns the file before and after the edit, as it may be shown: what comments say
// is somebody else's.
func (e *Edit) Shown() (before, after string) {
	hide := func(text []byte) string { return comment().ReplaceAllString(string(text), "#…$1") }
	return hide(e.Before), hide(e.After)
}

var comment = lazyregexp.New(`(?m)^#[^\r\n]+(\r?)$`)

// changed is the id of the fault of a file that has another content than expected.
const changed = "env.changed"

// Write makes the file what the edit says, unless someone else has changed it since: then it is
// left alone. The errors are faults of a file that cannot be read or written, or that has changed.
func (e *Edit) Write() error {
	now, err := read(e.Path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fault.Unreadable(e.Path, err)
	}
	if bytes.Equal(now, e.After) {
		return nil
	}
	err = atomicfile.CompareAndSwap(e.Path, e.Before, e.After, 0o644)
	if errors.Is(err, atomicfile.ErrChanged) {
		return fault.Invalid(changed, "path", e.Path)
	}
	return fault.Unwritable(e.Path, err)
}

// escape makes a path a pattern that matches it alone, gitignore(5).
func escape(path string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`, " ", `\ `).Replace(path)
}
