//go:build campaign && unix

package campaign

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/credentials"
	"cozejwt/internal/disk"
	"cozejwt/keygen"
)

// TestFaults makes each call that changes a file fail once, in each way, in each command, and
// kills the command before and after the call.
func TestFaults(t *testing.T) {
	c, r := begin(t, "faults"), random("faults")
	var kinds []string
	for kind := range disk.Faults {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	kinds = append(kinds, disk.KillBefore, disk.KillAfter)
	type broken struct {
		s    *scenario
		n    int
		kind string
	}
	var all []broken
	for i := range scenarios {
		s := &scenarios[i]
		s.learn(newWorld(t))
		for n := range s.calls {
			some := r.Perm(len(kinds))
			if !*long {
				some = some[:r.IntN(4)/3] // one of four calls, in one way
			}
			for _, k := range some {
				all = append(all, broken{s, n, kinds[k]})
			}
		}
	}
	ready := newWorlds(t)
	c.together(len(all), func(worker, n int) {
		b := all[n]
		w := ready.of(worker, b.s)
		call := b.s.calls[b.n]
		c.did(fmt.Sprintf("%s: %s at call %d, %s of %s", b.s.name, b.kind, b.n+1, call[0], call[1]), w.breaks(b.s, b.n, b.kind))
	})
}

// worlds are what each worker runs each scenario in.
type worlds map[string]*prepared

func newWorlds(t *testing.T) worlds {
	all := worlds{}
	for worker := range workers {
		for i := range scenarios {
			all[fmt.Sprint(worker, scenarios[i].name)] = &prepared{world: newWorld(t)}
		}
	}
	return all
}

// of is that of a worker, with the scenario run once.
func (all worlds) of(worker int, s *scenario) *prepared {
	w := all[fmt.Sprint(worker, s.name)]
	w.once(s)
	return w
}

// A scenario is a command in a project, and what it does without a fault.
type scenario struct {
	name    string
	prepare func(*world)
	args    []string

	calls  [][2]string // kind and file of each call
	again  int         // the exit code of a second run
	target string      // the .env or profile that the command writes
	lasts  bool        // the .env stays as it is
}

// learn runs the command without a fault, twice.
func (s *scenario) learn(w *world) {
	w.t.Helper()
	s.prepare(w)
	log := filepath.Join(w.root, "calls")
	if r := w.run([]string{disk.Calls + "=" + log}, s.args...); r.code != 0 {
		w.t.Fatalf("%s without a fault: exit code %d\n%s", s.name, r.code, r.all())
	}
	text, err := os.ReadFile(log)
	must(w.t, err)
	s.calls = nil // of another test
	for line := range strings.Lines(string(text)) {
		op, path, _ := strings.Cut(strings.TrimSpace(line), "\t")
		rel, _ := filepath.Rel(w.root, path)
		s.calls = append(s.calls, [2]string{op, rel})
	}
	if len(s.calls) == 0 {
		w.t.Fatalf("%s changes no file", s.name)
	}
	s.again = w.run(nil, s.args...).code
}

// A prepared world is one that a scenario is run in again and again.
type prepared struct {
	*world
	before, done files
	old, new     credentials.Set
	ready        bool
}

// once prepares the world, and learns what the command makes of it.
func (w *prepared) once(s *scenario) {
	if w.ready {
		return
	}
	w.ready = true
	s.prepare(w.world)
	w.before = w.files()
	w.old = w.held(s)
	w.run(nil, s.args...)
	w.done, w.new = w.files(), w.held(s)
}

// held is what the file that the command writes holds, nothing where there is none.
func (w *prepared) held(s *scenario) credentials.Set {
	held, _ := credentials.Load(w.path(s.file()))
	return held.Set
}

func (s *scenario) file() string {
	if s.target != "" {
		return s.target
	}
	return ".env"
}

// breaks runs the command with a fault, and returns what is wrong afterwards.
func (w *prepared) breaks(s *scenario, n int, kind string) (wrong []string) {
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	if err := w.restore(w.before); err != nil {
		return []string{err.Error()}
	}
	r := w.run([]string{disk.Broken + "=" + strconv.Itoa(n+1) + " " + kind}, s.args...)
	killed := kind == disk.KillBefore || kind == disk.KillAfter
	if killed != (r.code == -1) || r.code == -2 || !killed && r.code > 1 && r.code != 3 {
		say("exit code %d\n%s", r.code, r.all())
	}
	now := w.files()
	wrong = append(wrong, w.damage(s, now)...)
	set := w.held(s)
	switch {
	case r.code == 0 && set != w.new:
		say("exit code 0, but the file holds %+v", set)
	case r.code > 0 && s.changes() && set == w.new && w.old != w.new && !s.lasts:
		say("exit code %d, but the file holds the new credentials\n%s", r.code, r.all())
	}
	if name := target(s.calls[n][1]); r.code > 0 && strings.HasPrefix(name, "project/") && !strings.Contains(r.all(), plainName(name)) {
		say("%s is not named in\n%s", name, r.all())
	}
	wrong = append(wrong, w.recovers(s, now)...)
	return wrong
}

// changes reports whether the command changes the .env itself.
func (s *scenario) changes() bool { return !s.lasts }

// recovers runs the command again, without a fault, as people do.
func (w *prepared) recovers(s *scenario, now files) (wrong []string) {
	long := time.Now().Add(-2 * time.Hour)
	for _, name := range now.temporary() {
		_ = os.Chtimes(filepath.Join(w.root, name), long, long) // or it may be that of another process
	}
	began := time.Now()
	r := w.run(nil, s.args...)
	if r.code != 0 && r.code != s.again {
		wrong = append(wrong, fmt.Sprintf("the next run: exit code %d\n%s", r.code, r.all()))
	}
	after := w.files()
	if set := w.held(s); set != w.new {
		wrong = append(wrong, fmt.Sprintf("after the next run, exit code %d, the file holds %+v\n%s", r.code, set, r.all()))
	}
	for _, name := range after.temporary() {
		if after[target(name)].at.After(began) { // the run has written the file
			wrong = append(wrong, "after the next run there is "+name)
		}
	}
	return append(wrong, w.damage(s, after)...)
}

// damage is what no fault may do: half a set, a key that is lost, a file that others can read.
func (w *prepared) damage(s *scenario, now files) (wrong []string) {
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	if set := w.held(s); set != w.old && set != w.new {
		say("the file holds %+v", set)
	}
	for name, f := range now {
		base := filepath.Base(name)
		before, there := w.before[name]
		switch {
		case strings.HasPrefix(base, ".env") && f.mode.IsRegular() && !strings.Contains(base, ".tmp-") && base != ".env.example":
			if _, err := w.works(strings.TrimPrefix(name, "project/")); err != nil && !(there && before.text == f.text) {
				say("%s: %v", name, err)
			}
			if there && strings.Contains(before.text, foreign) && !strings.Contains(f.text, foreign) {
				say("%s lost other lines", name)
			}
		case strings.Contains(f.text, "PRIVATE KEY") && strings.HasSuffix(base, ".pem"):
			if _, err := keygen.Parse([]byte(f.text)); err != nil {
				say("%s: %v", name, err)
			}
		}
		if others := fs.FileMode(0o077); (private(name) || strings.Contains(f.text, "PRIVATE KEY")) && f.mode&others != 0 && !(there && before.mode == f.mode) {
			say("%s has the mode %04o", name, f.mode.Perm())
		}
	}
	found, ended := now.keys(), w.done.keys()
	for key := range w.before.keys() {
		if ended[key] && !found[key] {
			say("a private key is lost")
		}
	}
	return wrong
}

// private reports whether a file of the world is for its owner alone.
func private(name string) bool {
	return strings.HasPrefix(name, "state/cozejwt") || strings.HasPrefix(name, "cache/cozejwt") || strings.HasPrefix(name, "project/.env") && !strings.Contains(name, "example")
}

// target is the file that a temporary file is for.
func target(name string) string {
	name, _, _ = strings.Cut(name, ".tmp-")
	return name
}

// plainName is how a file is named in any message: its backups by its own name, and a profile
// without the App ID of the world where its name was seen.
func plainName(name string) string {
	name, _, _ = strings.Cut(filepath.Base(name), ".bak-")
	return strings.TrimRight(name, "-0123456789")
}

// repository makes the project one of git.
func (w *world) repository() {
	w.t.Helper()
	out, err := exec.Command("git", "init", "-q", "--template=", w.path("")).CombinedOutput()
	if err != nil {
		w.t.Fatalf("%v: %s", err, out)
	}
}
