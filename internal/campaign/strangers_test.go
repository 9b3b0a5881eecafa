//go:build campaign && unix

package campaign

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// stranger is another user, without rights of any kind: nobody of Debian and others.
const stranger = 65534

// as is the variable of a command that is run as another user, who is no member of any group.
func as(user int) string { return launches + "_AS=" + strconv.Itoa(user) }

// clocks are those of machines without a battery, and of those that run for long.
func clocks() (all []surrounding) {
	for _, start := range []string{"1969-12-31T23:59:50Z", "1970-01-01T00:00:00Z", "1980-01-01T00:00:00Z", "2038-01-19T03:14:00Z", "2100-01-01T00:00:00Z", "2106-02-07T06:28:10Z", "9999-12-31T23:59:59Z"} {
		all = append(all, surrounding{name: "clock at " + start, env: []string{"COZEJWT_CAMPAIGN_CLOCK=" + start}})
	}
	return all
}

// fixed are files and folders that not even root may change or remove, chattr(1); none where the
// file system or the user has no such thing.
func fixed(t *testing.T) (all []surrounding) {
	t.Helper()
	probe := filepath.Join(t.TempDir(), "probe")
	must(t, os.WriteFile(probe, nil, 0o600))
	for _, flag := range []string{"i", "a"} {
		if err := attribute("+"+flag, probe); err != nil {
			t.Logf("no file can be made +%s here: %v", flag, err)
			continue
		}
		must(t, attribute("-"+flag, probe))
		for _, name := range []string{".", ".env", ".env.other", "config", "config/private_key.pem", "config/next0.pem", ".gitignore", ".git", "../state", "../state/cozejwt", "../cache/cozejwt", "../home"} {
			all = append(all, surrounding{name: name + " is +" + flag, arrange: func(w *world) error {
				path := w.path(name)
				_, err := os.Lstat(path)
				if errors.Is(err, fs.ErrNotExist) && strings.HasPrefix(name, "..") {
					err = os.MkdirAll(path, 0o700)
				} else if errors.Is(err, fs.ErrNotExist) {
					err = os.WriteFile(path, nil, 0o600)
				}
				if err != nil {
					return err
				}
				w.undo = append(w.undo, func() error { return attribute("-"+flag, path) })
				return attribute("+"+flag, path)
			}})
		}
	}
	return all
}

func attribute(flag, path string) error {
	if out, err := exec.Command("chattr", flag, path).CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}

// strangers are projects and states of other users, and locks that they hold; none where the tests
// are not run by root.
func strangers(t *testing.T) (all []surrounding) {
	t.Helper()
	soon := []string{"--timeout", "1s"}
	all = append(all, surrounding{name: "a lock of another process", flags: soon, arrange: func(w *world) error { return w.holds(w.path("")) }})
	if os.Getuid() != 0 {
		t.Log("what other users do is left out: the tests are not run by root")
		return all
	}
	own := func(names ...string) func(*world) error {
		return func(w *world) error {
			for _, name := range names {
				if err := w.gives(name, stranger); err != nil {
					return err
				}
			}
			return nil
		}
	}
	modes := func(file, folder fs.FileMode, next func(*world) error) func(*world) error {
		return func(w *world) error {
			for name, f := range w.files() {
				mode := file
				if f.mode.IsDir() {
					mode = folder
				}
				if !strings.HasPrefix(name, "project/.git/") && strings.HasPrefix(name, "project") {
					if err := os.Chmod(filepath.Join(w.root, name), mode); err != nil {
						return err
					}
				}
			}
			return next(w)
		}
	}
	locked := func(next func(*world) error) func(*world) error {
		return func(w *world) error { return errors.Join(next(w), w.holds(w.path(""))) }
	}
	everything := []string{"project", "state", "cache", "home"}
	for name, arrange := range map[string]func(*world) error{
		"a project of root":                           own("state", "cache", "home"),
		"a project of root, readable":                 modes(0o644, 0o755, own("state", "cache", "home")),
		"a project of root, where all may write":      modes(0o666, 0o777, own("state", "cache", "home")),
		"a project of root, like /tmp":                modes(0o644, 0o777|fs.ModeSticky, own("state", "cache", "home")),
		"a project of root, a lock of root":           locked(modes(0o666, 0o777, own("state", "cache", "home"))),
		"a state folder of root":                      own("project", "cache", "home"),
		"a cache of root":                             own("project", "state", "home"),
		"everything but the project of root":          own("project"),
		"everything of root":                          own(),
		"a key of root":                               func(w *world) error { return errors.Join(own(everything...)(w), w.gives("project/config", 0)) },
		"a .env of root":                              func(w *world) error { return errors.Join(own(everything...)(w), w.gives("project/.env", 0)) },
		"a .gitignore of root":                        func(w *world) error { return errors.Join(own(everything...)(w), w.gives("project/.gitignore", 0)) },
		"a work tree of root":                         func(w *world) error { return errors.Join(own(everything...)(w), w.gives("project/.git", 0)) },
		"a project of its own, with a lock of root's": locked(own(everything...)),
	} {
		all = append(all, surrounding{name: "another user, " + name, arrange: arrange, env: []string{as(stranger)}, flags: soon})
	}
	return append(all,
		surrounding{name: "root, a project of another user", arrange: own("project")},
		surrounding{name: "root, everything of another user", arrange: own(everything...)},
		surrounding{name: "root, a state folder of another user", arrange: own("state", "cache", "home")},
	)
}

// gives makes everything at a path from the root, which is made if it is not there, another user's.
func (w *world) gives(name string, user int) error {
	top := filepath.Join(w.root, name)
	if err := os.Mkdir(top, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return filepath.WalkDir(top, func(path string, _ fs.DirEntry, err error) error {
		return errors.Join(err, os.Lchown(path, user, user))
	})
}

// holds takes the lock of a folder for as long as the surrounding lasts.
func (w *world) holds(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	w.undo = append(w.undo, f.Close)
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}
