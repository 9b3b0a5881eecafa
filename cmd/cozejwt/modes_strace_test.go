//go:build e2e && unix

package main

import (
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

var withIDs = []string{"--no-input", "--yes", "--skip-test", "--region", "cn", "--app-id", testAppID, "--key-id", newKeyID}

// download registers another key and leaves it in the project folder, also in a configuration,
// beside a second profile.
func (r *rotating) download() {
	r.t.Helper()
	key, err := testkey.Pool()(keygen.DefaultBits)
	if err != nil {
		r.t.Fatal(err)
	}
	r.coze.register(newKeyID, &key.PublicKey)
	r.write("downloaded", string(keygen.EncodePrivate(key)))
	r.write("coze.json", `{"client_id":"`+testAppID+`","public_key_id":"`+newKeyID+`","private_key":"`+strings.ReplaceAll(string(keygen.EncodePrivate(key)), "\n", `\n`)+`"}`)
	r.write(".env.other", strings.Replace(r.read(".env"), "DB=", "OTHER=", 1)+"\n")
}

// keyCommands are the commands that write a file with a key, or credentials.
var keyCommands = map[string]struct {
	args   []string
	begun  bool // there are credentials already
	noKeys bool // no key is written
}{
	"keygen":           {args: []string{"keygen"}},
	"keygen elsewhere": {args: []string{"keygen", "--key-path", "a/b/my.pem"}},
	"keygen --force":   {args: []string{"keygen", "--force"}, begun: true},
	"init":             {args: append([]string{"init"}, withIDs...)},
	"init with a key":  {args: append([]string{"init", "--import-key", "downloaded"}, withIDs...)},
	"rotate":           {args: []string{"rotate", "--no-input", "--import-key", "downloaded", "--key-id", newKeyID, "--yes"}, begun: true},
	"import":           {args: []string{"import", "coze.json", "--profile", "other"}, begun: true},
	"export k8s":       {args: []string{"export", "--format", "k8s", "--out", "k8s.yaml"}, begun: true},
	"export fly":       {args: []string{"export", "--format", "fly", "--out", "fly.env"}, begun: true},
	"export sdk-json":  {args: []string{"export", "--format", "sdk-json", "--out", "a.json"}, begun: true},
	"use":              {args: []string{"use", "other", "--yes", "--skip-test", "--no-input"}, begun: true, noKeys: true},
}

// At every instant a file that holds a key is for its owner alone, and git ignores it
// before it exists.
func TestAFileWithAKeyIsPrivateAndIgnoredAtEveryInstant(t *testing.T) {
	t.Parallel()
	testfile.NeedGit(t)
	if out, err := exec.Command("strace", "-o", "/dev/null", "true").CombinedOutput(); err != nil {
		t.Skipf("strace cannot be used here: %v %s", err, out)
	}
	for name, test := range keyCommands {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRotating(t)
			r.download()
			if !test.begun {
				for _, name := range []string{".env", ".env.other", "config"} {
					if err := os.RemoveAll(r.path(name)); err != nil {
						t.Fatal(err)
					}
				}
			}
			if out, code := r.runAs("git", "init", "-q"); code != 0 {
				t.Fatal(out)
			}
			if err := os.Chmod(r.dir, 0o755); err != nil {
				t.Fatal(err)
			}
			trace := filepath.Join(t.TempDir(), "trace")
			line := append([]string{"-c", `umask 0; exec "$@"`, "sh", "strace", "-f", "-y", "-s", "8192", "-qq", "-o", trace, "-e", "trace=openat,?open,?creat,write,pwrite64,?rename,renameat,renameat2,?link,linkat,?chmod,fchmod,fchmodat,?fchmodat2,?mkdir,mkdirat", build(t, ".")}, test.args...)
			if out, code := r.runAs("sh", line...); code != 0 {
				t.Fatalf("exit code %d: %s", code, out)
			}
			text, err := os.ReadFile(trace)
			if err != nil {
				t.Fatal(err)
			}
			w := watched{dir: r.dir, modes: map[string]uint64{}, made: map[string]int{}, keys: map[string]bool{}, ignored: -1}
			w.read(calls(string(text)))
			for _, problem := range w.problems {
				t.Error(problem)
			}
			if (len(w.keys) == 0) != test.noKeys {
				t.Errorf("files with a key: %v", w.keys)
			}
		})
	}
}

// calls are the system calls of a trace, in the order in which they ended.
func calls(trace string) []string {
	begun, all := map[string]string{}, []string{}
	resumed := regexp.MustCompile(`^<\.\.\. \w+ resumed>`)
	for line := range strings.Lines(trace) {
		thread, call, _ := strings.Cut(strings.TrimSpace(line), " ")
		call = strings.TrimSpace(call)
		if before, ok := strings.CutSuffix(call, "<unfinished ...>"); ok {
			begun[thread] = before
			continue
		}
		if at := resumed.FindString(call); at != "" {
			call = begun[thread] + call[len(at):]
		}
		all = append(all, call)
	}
	return all
}

// watched is what a trace says of the files of a project.
type watched struct {
	dir      string
	modes    map[string]uint64 // with which a file or folder was made, and all that it was given
	made     map[string]int    // the call that made a file
	keys     map[string]bool   // files that hold a key
	ignored  int               // the call after which .gitignore is there, -1 for none
	problems []string
}

var (
	quoted  = regexp.MustCompile(`"((?:[^"\\]|\\.)*)"`)
	written = regexp.MustCompile(`^p?write(?:64)?\(\d+<([^>]*)>, "((?:[^"\\]|\\.)*)"`)
	opened  = regexp.MustCompile(`^(?:openat|open|creat)\(.*"((?:[^"\\]|\\.)*)", ([A-Z_|]*O_CREAT[A-Z_|]*), (0\d*)\)\s+= \d+<([^>]*)>`)
	moded   = regexp.MustCompile(`^f?chmod(?:at2?)?\(.*?(?:\d+<([^>]*)>|"([^"]*)"), (0\d*)`)
	folder  = regexp.MustCompile(`^mkdir(?:at)?\(.*"([^"]*)", (0\d*)\)\s+= 0`)
	moved   = regexp.MustCompile(`^(?:rename|link)\w*\(.*\)\s+= 0`)
)

func (w *watched) read(calls []string) {
	for i, call := range calls {
		if m := opened.FindStringSubmatch(call); m != nil {
			w.modes[m[4]], w.made[m[4]] = octal(m[3]), i
		} else if m := folder.FindStringSubmatch(call); m != nil {
			w.modes[w.absolute(m[1])] = octal(m[2])
		} else if m := moded.FindStringSubmatch(call); m != nil {
			w.given(w.absolute(m[1]+m[2]), octal(m[3]))
		} else if m := written.FindStringSubmatch(call); m != nil && holdsKey(m[2]) {
			w.holds(m[1])
		} else if names := quoted.FindAllStringSubmatch(call, -1); moved.MatchString(call) && len(names) == 2 {
			w.move(i, w.absolute(names[0][1]), w.absolute(names[1][1]))
		}
	}
}

// absolute is a path as strace says it of an open file.
func (w *watched) absolute(path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(w.dir, path)
}

// given: a file that holds a key is not opened for others, not even for a moment.
func (w *watched) given(path string, mode uint64) {
	w.modes[path] |= mode // whoever opened it before reads on
	if w.keys[path] && mode&0o077 != 0 {
		w.problems = append(w.problems, fmt.Sprintf("%s holds a key and is given the mode %04o", path, mode))
	}
}

func (w *watched) holds(path string) {
	if !strings.HasPrefix(path, w.dir) {
		return
	}
	w.keys[path] = true
	if mode, known := w.modes[path]; !known || mode&0o077 != 0 {
		w.problems = append(w.problems, fmt.Sprintf("%s gets a key and has the mode %04o", path, mode))
	}
	if w.ignored < 0 || w.made[path] < w.ignored {
		w.problems = append(w.problems, path+" was there before .gitignore")
	}
	if made, ours := w.modes[filepath.Dir(path)]; ours && made&0o077 != 0 {
		w.problems = append(w.problems, fmt.Sprintf("the folder of %s was made with the mode %04o", path, made))
	}
}

func (w *watched) move(i int, from, to string) {
	if filepath.Base(to) == ".gitignore" {
		w.ignored = i
	}
	if mode, known := w.modes[from]; known {
		w.modes[to] = mode
	}
	if w.keys[from] {
		w.keys[to] = true
	}
}

func octal(text string) uint64 {
	mode, _ := strconv.ParseUint(text, 8, 32)
	return mode
}

func holdsKey(text string) bool {
	return slices.ContainsFunc([]string{"PRIVATE KEY-----", base64.StdEncoding.EncodeToString([]byte("-----BEGIN PRIVATE KEY"))[:24]}, func(s string) bool { return strings.Contains(text, s) })
}
