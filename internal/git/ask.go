package git

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Installed reports whether there is a git to ask.
func Installed() bool {
	_, err := exec.LookPath("git")
	return err == nil
}

// Ignored reports whether git's rules ignore the file, tracked or not. It asks
// git itself; where there is no git to ask, it says no.
func Ignored(dir, file string) bool {
	_, err := ask(dir, file, "check-ignore", "--quiet", "--no-index")
	return err == nil
}

// ignored is Ignored of several files, with one process for all of them. Git answers in their order:
// where a pattern is from, its line, the pattern, the file; the first three are empty where none
// matches, and the pattern begins with ! where it takes the file out again.
func ignored(dir string, files ...string) []bool {
	const answer = 4 // fields
	all := make([]bool, len(files))
	out, _ := askOf(dir, files, "check-ignore", "--no-index", "-z", "--stdin", "--verbose", "--non-matching")
	fields := strings.Split(string(out), "\x00")
	if len(fields) != answer*len(files)+1 { // git gave no answer about one of them
		for i, file := range files {
			all[i] = Ignored(dir, file)
		}
		return all
	}
	for i := range files {
		pattern := fields[answer*i+2]
		all[i] = pattern != "" && !strings.HasPrefix(pattern, "!")
	}
	return all
}

// Takes reports whether git says that no rule ignores the file. It is false where there is
// no answer: no git, or a repository that it cannot read.
func Takes(dir, file string) bool {
	_, err := ask(dir, file, "check-ignore", "--quiet", "--no-index")
	exit, answered := errors.AsType[*exec.ExitError](err)
	return answered && exit.ExitCode() == 1 // git-check-ignore(1): 128 is a fatal error
}

// Tracked reports whether the file is in git's index: then no .gitignore keeps
// it out of a commit.
func Tracked(dir, file string) bool {
	_, err := ask(dir, file, "--literal-pathspecs", "ls-files", "--error-unmatch")
	return err == nil
}

// Committed reports whether a commit of any branch holds the file: deleting it
// later does not take it out of the history.
func Committed(dir, file string) bool {
	out, err := ask(dir, file, "--literal-pathspecs", "rev-list", "--all", "--max-count=1")
	return err == nil && len(out) > 0
}

// patience is the time that git has. A large repository keeps it busy for seconds.
const patience = 20 * time.Second

// ask asks git about a file, which is the last argument.
func ask(dir, file string, args ...string) ([]byte, error) {
	return run(dir, []string{file}, func(cmd *exec.Cmd, files []string) { cmd.Args = slices.Concat(cmd.Args, args, []string{"--"}, files) })
}

// askOf asks git about files, which it reads from its input.
func askOf(dir string, files []string, args ...string) ([]byte, error) {
	return run(dir, files, func(cmd *exec.Cmd, files []string) {
		cmd.Args = append(cmd.Args, args...)
		cmd.Stdin = strings.NewReader(strings.Join(files, "\x00"))
	})
}

// run runs git for files, with the arguments that complete adds. The repository is somebody else's, and its configuration
// may name programs: only plumbing that needs none is run, the keys that would run one
// all the same are overridden, no protocol is allowed, and the repository is the one
// that Root finds, not one that lies bare in a folder of it or that the environment names.
func run(dir string, files []string, complete func(cmd *exec.Cmd, files []string)) ([]byte, error) {
	dir, files = real(dir), slices.Clone(files)
	root, ok := Root(dir)
	if !ok {
		return nil, os.ErrNotExist
	}
	for i, file := range files {
		files[i] = filepath.Join(real(filepath.Dir(file)), filepath.Base(file))
		if blocks(root, files[i]) {
			return nil, os.ErrInvalid
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	all := []string{"-C", dir, "--git-dir=" + filepath.Join(root, ".git"), "--work-tree=" + root}
	for _, setting := range overridden {
		all = append(all, "-c", setting)
	}
	cmd := exec.CommandContext(ctx, "git", all...)
	complete(cmd, files)
	cmd.Env = environment(os.Environ())
	cmd.WaitDelay = time.Second
	return cmd.Output()
}

// blocks reports whether git would read something that holds it up, such as a pipe that nobody
// writes to, in the place of a .gitignore on the way to the file or of a file of its own.
func blocks(root, file string) bool {
	var read []string
	for _, name := range []string{"HEAD", "config", "index", "packed-refs", "info/exclude"} {
		read = append(read, filepath.Join(root, ".git", filepath.FromSlash(name)))
	}
	for dir := filepath.Dir(file); ; dir = filepath.Dir(dir) {
		read = append(read, filepath.Join(dir, ".gitignore"))
		if dir == root || dir == filepath.Dir(dir) {
			break
		}
	}
	return slices.ContainsFunc(read, func(path string) bool {
		info, err := os.Stat(path)
		return err == nil && !info.Mode().IsRegular() && !info.IsDir()
	})
}

// overridden are the settings of git-config(1) that name a program and are read by the
// commands above, or by what they may come to.
var overridden = []string{
	"core.fsmonitor=false", "core.hooksPath=" + os.DevNull, "core.sshCommand=false", "core.gitProxy=false", "core.askPass=false",
	"core.alternateRefsCommand=false", "core.pager=cat", "credential.helper=", "diff.external=", "gpg.program=false",
	"log.showSignature=false", "protocol.allow=never", "safe.bareRepository=explicit",
}

// environment is that of the program without git's own variables. A partial clone fetches
// what it lacks when it is read; no protocol of that name exists, so it cannot.
func environment(all []string) []string {
	all = slices.DeleteFunc(slices.Clone(all), func(v string) bool { return strings.HasPrefix(v, "GIT_") })
	return append(all, "GIT_ALLOW_PROTOCOL=none", "GIT_NO_LAZY_FETCH=1", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0")
}

// real is a folder without the links on the way to it, or as it is where it does not exist.
func real(dir string) string {
	if resolved, err := filepath.EvalSymlinks(dir); err == nil {
		return resolved
	}
	return dir
}
