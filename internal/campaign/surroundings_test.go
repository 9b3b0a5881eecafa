//go:build campaign && unix

package campaign

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// A surrounding is what a command finds: variables, what a shell sets before, files.
type surrounding struct {
	name    string
	env     []string
	shell   string
	flags   []string
	arrange func(*world) error
}

// surroundings are odd ones. No place that they name outside the scratch folder can be written, not
// even by root.
func surroundings(t *testing.T) (all []surrounding) {
	for _, name := range []string{"HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "TMPDIR", "PATH", "PWD"} {
		for _, value := range []string{"", ".", "relative/../x", "/proc/nonexistent/a", "/proc/version", "/proc", "a\nb", "\xff\xfe", "\x1b[2J", "~", "/proc/" + strings.Repeat("a/", 2100), strings.Repeat("n", 300)} {
			all = append(all, surrounding{name: fmt.Sprintf("%s=%.40q", name, value), env: []string{name + "=" + value}})
		}
		all = append(all, surrounding{name: "no " + name, shell: "unset " + name})
	}
	for _, variable := range []string{
		"LANG=xx_YY.UTF-8", "LANG=zh_CN.GBK", "LC_ALL=\xff", "LC_ALL=" + strings.Repeat("z", 100_000), "LC_MESSAGES=zh", "TERM=", "TERM=dumb", "TERM=\x1b[2J", "COLUMNS=-1", "COLUMNS=1", "COLUMNS=99999999999",
		"ACCESSIBLE=1", "NO_COLOR=", "TZ=/nonexistent", "TZ=\xff", "CI=true", "COZE_API_BASE=\x1b[2J", "COZE_CLIENT_ID=\u202e", "COZE_PRIVATE_KEY=-----BEGIN", "COZE_PRIVATE_KEY_BASE64=%%", "COZE_PRIVATE_KEY_PATH=/dev/zero",
		"GIT_DIR=/nonexistent", "GIT_CONFIG_GLOBAL=/dev/zero", "GIT_CEILING_DIRECTORIES=/", "GODEBUG=x=y,,=", "HTTP_PROXY=\x1b", "BROWSER=/bin/false", "SHELL=/nonexistent", "DISPLAY=:99",
	} {
		all = append(all, surrounding{name: fmt.Sprintf("%.60q", variable), env: []string{variable}})
	}
	for _, shell := range []string{
		"umask 0", "umask 777", "umask 077", "umask 444", "ulimit -n 12", "ulimit -n 16", "ulimit -n 20", "ulimit -f 0", "ulimit -f 1", "ulimit -f 2", "ulimit -f 3", "ulimit -f 5", "trap '' XFSZ; ulimit -f 1", "ulimit -d 100000", "ulimit -v 1500000", "ulimit -c 0; ulimit -s 256", "ulimit -v 4000000", "ulimit -t 5",
		"exec <&-", "exec >&-", "exec 2>&-", "exec <&- >&- 2>&-", "exec >/dev/full", "exec 2>/dev/full", "exec <config", "mkdir gone; cd gone; rmdir ../gone", "trap '' HUP INT TERM PIPE", "cd /proc", "cd config",
	} {
		all = append(all, surrounding{name: "sh: " + shell, shell: shell})
	}
	return slices.Concat(all, oddFiles(), oddFolders(), clocks(), fixed(t), strangers(t))
}

// oddFolders are folders with names that nobody expects.
func oddFolders() (all []surrounding) {
	for _, name := range []string{"a\nb", "\xff\xfe", "\x1b[2J\x07", "-rf", "--help", "a b", "'\"$(id)`id`", "%s%d", "{{verify}}", "\u202eabc", "e\u0301", "界", strings.Repeat("n", 250), "a#b", "a$HOME", "C:\\x", "a;b", " lead", "trail ", "a\tb", "...", "~", "*", "a\r\nb", "a\n", "\n", "a\u0085b", "a\u2028b", "\xe7\x95", "\xed\xa0\x80", "a\xffb", "\x7f"} {
		arrange := func(w *world) error {
			for from, f := range w.files() {
				rest, ok := strings.CutPrefix(from, "project/")
				if !ok || !f.mode.IsRegular() || strings.HasPrefix(rest, ".git/") {
					continue
				}
				to := w.path("./" + name + "/" + rest)
				if err := errors.Join(os.MkdirAll(filepath.Dir(to), 0o700), os.WriteFile(to, []byte(f.text), f.mode)); err != nil {
					return err
				}
			}
			return nil
		}
		all = append(
			all,
			surrounding{name: fmt.Sprintf("in the folder %.40q", name), env: []string{"ODD=./" + name}, shell: `cd "$ODD"`, arrange: arrange},
			surrounding{name: fmt.Sprintf("with the folder %.40q", name), flags: []string{"--dir=./" + name}, arrange: arrange},
		)
	}
	return all
}

// oddFiles are files of a project that are none, or other ones than their names say.
func oddFiles() (all []surrounding) {
	utf16 := func(text string, first, second int) string {
		b := []byte{0, 0}
		b[first], b[second] = 0xff, 0xfe
		for _, c := range []byte(text) {
			pair := []byte{0, 0}
			pair[first] = c
			b = append(b, pair...)
		}
		return string(b)
	}
	kinds := map[string]func(w *world, path, text string) error{
		"a FIFO":          func(_ *world, path, _ string) error { return syscall.Mkfifo(path, 0o600) },
		"a folder":        func(_ *world, path, _ string) error { return os.MkdirAll(path+"/x", 0o755) },
		"a loop":          func(_ *world, path, _ string) error { return os.Symlink(path, path) },
		"a link to zeros": func(w *world, path, _ string) error { return linkToDevice(w, path, 5) },
		"a link to full":  func(w *world, path, _ string) error { return linkToDevice(w, path, 7) },
		"a link to none":  func(_ *world, path, _ string) error { return os.Symlink("nowhere/x", path) },
		"a link out": func(w *world, path, text string) error {
			if err := os.WriteFile(w.root+"/outside", []byte(text), 0o600); err != nil {
				return err
			}
			return os.Symlink(w.root+"/outside", path)
		},
		"gone": func(*world, string, string) error { return nil },
	}
	for name, make := range map[string]func(text string) string{
		"empty": func(string) string { return "" }, "binary": func(string) string { return "\x7fELF\x00\xff\xfe" + strings.Repeat("\x00\xff", 5000) }, "UTF-16LE": func(t string) string { return utf16(t, 0, 1) },
		"UTF-16BE": func(t string) string { return utf16(t, 1, 0) }, "with a BOM": func(t string) string { return "\ufeff" + t }, "with zero bytes": func(t string) string { return t + "A=\x00\n" }, "with CR alone": func(t string) string { return strings.ReplaceAll(t, "\n", "\r") },
		"huge": func(t string) string { return t + strings.Repeat("# "+strings.Repeat("c", 98)+"\n", 200_000) }, "just small enough": func(t string) string { return t + strings.Repeat("#\n", (1<<20-len(t))/2-10) },
		"one long line": func(t string) string { return t + "A=" + strings.Repeat("a", 1_000_000) + "\n" }, "a long quote": func(t string) string { return t + "A=\"" + strings.Repeat("a\n", 400_000) }, "many variables": func(t string) string { return t + strings.Repeat("A=1\n", 200_000) },
		"latin1": func(t string) string { return t + "A=\xe9\n" }, "escapes": func(t string) string { return t + "\x1b[2J\u202e=1\nA=\x1b]0;x\x07\n" }, "twice": func(t string) string { return t + t },
	} {
		kinds[name] = func(_ *world, path, text string) error { return os.WriteFile(path, []byte(make(text)), 0o600) }
	}
	for _, file := range []string{".env", "config/private_key.pem", "config", ".gitignore", ".git", ".env.other", "old.json", "config/public_key.pem", "../state/cozejwt", "../cache/cozejwt", "../home"} {
		for _, kind := range slices.Sorted(maps.Keys(kinds)) {
			all = append(all, surrounding{name: file + " is " + kind, arrange: func(w *world) error {
				path := w.path(file)
				text, _ := os.ReadFile(path)
				if err := errors.Join(os.RemoveAll(path), os.MkdirAll(filepath.Dir(path), 0o700)); err != nil {
					return err
				}
				return kinds[kind](w, path, string(text))
			}})
		}
	}
	return all
}

// linkToDevice makes a memory device of Linux in the scratch folder, for root alone, and a link to
// it: what goes wrong harms no device of the system. For others it is a link to a FIFO.
func linkToDevice(w *world, path string, minor int) error {
	const memory = 1 << 8 // the major number
	device := fmt.Sprintf("%s/device-%d", w.root, minor)
	err := syscall.Mknod(device, syscall.S_IFCHR|0o666, memory|minor)
	if err != nil {
		err = syscall.Mkfifo(device, 0o600)
	}
	if err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return os.Symlink(device, path)
}

// surrounded are the commands that are run in each.
var surrounded = [][]string{
	{"verify"},
	{"verify", "--yes", "--no-input", "--json"},
	{"token"},
	{"token", "--cache", "--json"},
	{"api", "/v1/workspaces", "--cache"},
	unasked("init", "--reuse-key", "--key-path", "config/next0.pem", "--key-id", "$NEXT0"),
	unasked("init", "--skip-test", "--app-id", fixedApp, "--key-id", fixedKey, "--region", "cn"),
	unasked("rotate", "--key-path", "config/next0.pem", "--key-id", "$NEXT0"),
	unasked("use", "other"),
	{"import", "old.json", "--yes", "--no-input"},
	{"keygen"},
	{"keygen", "--force"},
	{"profiles", "--test"},
	{"match", "--no-input", "--json"},
	{"export", "--format", "k8s", "--out", "secret.yaml"},
	{"snippet", "go"},
	{"state", "--all"},
	{"explain", "invalid jwt: kid not been registred"},
	{"man", "pages"},
}

// TestSurroundings runs commands where nobody expects to be run.
func TestSurroundings(t *testing.T) {
	c, r := begin(t, "environment"), random("environment")
	worlds, starts := map[int]*world{}, map[int]files{}
	for worker := range workers {
		w := newWorld(t)
		w.crowded()
		must(t, os.Chmod(filepath.Dir(w.root), 0o755)) // for other users
		worlds[worker], starts[worker] = w, w.files()
	}
	type run struct {
		surrounding
		args []string
	}
	var all []run
	for _, s := range surroundings(t) {
		for _, n := range r.Perm(len(surrounded))[:sized(r.IntN(4)/3, len(surrounded))] {
			all = append(all, run{s, surrounded[n]})
		}
	}
	c.together(len(all), func(worker, n int) {
		w, x := worlds[worker], all[n]
		if err := w.restore(starts[worker]); err != nil {
			c.did("restore", []string{err.Error()})
			return
		}
		c.did(fmt.Sprintf("%s, %s", strings.Join(x.args[:min(2, len(x.args))], " "), x.name), w.surrounds(x.surrounding, x.args))
	})
}

// surrounds runs a command in a surrounding, and returns what is wrong.
func (w *world) surrounds(s surrounding, args []string) (wrong []string) {
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	defer func() {
		for _, undo := range slices.Backward(w.undo) {
			if err := undo(); err != nil {
				say("%v", err)
			}
		}
		w.undo = nil
	}()
	if s.arrange != nil {
		if err := s.arrange(w); err != nil {
			return []string{err.Error()}
		}
	}
	before := w.files()
	w.shell = s.shell
	r, used := w.measure(s.env, slices.Concat(args, s.flags)...)
	w.shell = ""
	now := w.files()
	silent, estranged := strings.Contains(s.shell, ">"), slices.Contains(s.env, as(stranger))
	if wrong = excess(r, used, 128<<10); silent {
		wrong = slices.DeleteFunc(wrong, func(what string) bool { return strings.Contains(what, "without a word") })
	}
	if r.code < 0 || r.code > 4 {
		say("exit code %d\n%s", r.code, r.all())
	}
	for name, f := range before {
		is, there := now[name]
		switch {
		case there && is.mode.Type() != f.mode.Type():
			say("%s was %v and is %v", name, f.mode, is.mode)
		case !there && !strings.Contains(name, ".tmp-"):
			say("%s is gone", name)
		case there && is.owner != f.owner && !(estranged && is.owner == stranger): // who is no root can only make its own
			say("%s was of the user %d, and is of %d", name, f.owner, is.owner)
		case strings.HasPrefix(name, "project/.env") && is.text != f.text && f.text != "" && !strings.Contains(is.text, "=") && r.code != 0:
			say("exit code %d, and %s is %.100q", r.code, name, is.text)
		}
	}
	for name, f := range now {
		if lax := f.mode&0o077 != 0 && f.mode.IsRegular(); lax && (f.mode&^before[name].mode != 0 && private(name) || strings.Contains(f.text, "PRIVATE KEY") && before[name].text != f.text) {
			say("%s has the mode %04o", name, f.mode.Perm())
		}
	}
	found := now.keys()
	for key := range before.keys() {
		if !found[key] {
			say("a private key is lost")
		}
	}
	return wrong
}
