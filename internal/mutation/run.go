package mutation

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Options say what is tried.
type Options struct {
	N    int    // mutants a package
	Seed uint64 // which of them
	// Workers are the tests that run side by side.
	Workers int
	// Limit is how long the tests may take beyond ten times what they take unbroken; 0
	// for 10 seconds. Those that take longer have noticed the mutant.
	Limit time.Duration
	// LeftOut says which mutants change nothing that a test could see.
	LeftOut func(pkg string, m Mutant) bool
}

// A Result is what became of a package's mutants.
type Result struct {
	Tried     int
	TimedOut  int // killed because the tests did not end
	Survivors []Mutant
	Tests     time.Duration // of one run of the tests, unbroken
}

// Killed is the number of mutants that the tests noticed.
func (r Result) Killed() int { return r.Tried - len(r.Survivors) }

// Try breaks a package, such as ./envfile, in opts.N places and runs its tests
// for each. The error is what keeps the unbroken tests from passing.
func Try(ctx context.Context, pkg string, opts Options) (Result, error) {
	dir, root, files, err := list(ctx, pkg)
	if err != nil {
		return Result{}, err
	}
	var sources []*source
	for _, name := range files {
		s, err := read(filepath.Join(dir, name))
		if err != nil {
			return Result{}, err
		}
		sources = append(sources, s)
	}
	mutants := choose(sources, opts.N, opts.Seed, func(m Mutant) bool { return opts.LeftOut(pkg, m) })
	scratch, err := os.MkdirTemp("", "cozejwt-mutation-*")
	if err != nil {
		return Result{}, err
	}
	defer os.RemoveAll(scratch)
	// The tests run in a copy: a broken line may write beside them.
	if err := copyTree(filepath.Join(scratch, "tree"), root); err != nil {
		return Result{}, err
	}
	run := run{pkg: pkg, dir: dir, copied: filepath.Join(scratch, "tree", strings.TrimPrefix(dir, root)), scratch: scratch, sources: sources}
	if mutants, err = run.build(ctx, mutants); err != nil {
		return Result{}, err
	}
	if _, err := os.Stat(run.binary()); errors.Is(err, fs.ErrNotExist) { // no test at all
		return Result{Tried: len(mutants), Survivors: mutants}, nil
	}
	return run.try(ctx, mutants, opts)
}

// list returns the folders of a package and of its module, and its files on this system.
func list(ctx context.Context, pkg string) (dir, root string, files []string, err error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-json=Dir,Module,GoFiles", pkg).Output()
	if err != nil {
		return "", "", nil, fmt.Errorf("go list %s: %w", pkg, err)
	}
	var p struct {
		Dir     string
		Module  struct{ Dir string }
		GoFiles []string
	}
	err = json.Unmarshal(out, &p)
	return p.Dir, p.Module.Dir, p.GoFiles, err
}

// copyTree copies the files of a module, without its history.
func copyTree(to, root string) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		name := filepath.Join(to, strings.TrimPrefix(path, root))
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == ".git":
			return filepath.SkipDir
		case d.IsDir():
			return os.MkdirAll(name, 0o755)
		case !d.Type().IsRegular():
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(name, data, 0o644)
	})
}

// A run is one package under test.
type run struct {
	pkg, dir, copied, scratch string
	sources                   []*source
}

func (r run) binary() string { return filepath.Join(r.scratch, "tests") }

// build compiles the tests with the mutants, and returns those that compile: a
// typed constant, for one, may not allow the replacement.
func (r run) build(ctx context.Context, mutants []Mutant) ([]Mutant, error) {
	for {
		numbers := map[string]int{}
		for i, m := range mutants {
			numbers[m.key()] = i + 1
		}
		if err := r.overlay(mutants, func(m Mutant) int { return numbers[m.key()] }); err != nil {
			return nil, err
		}
		out, err := exec.CommandContext(ctx, "go", "test", "-c", "-vet=off", "-gcflags=-e", "-overlay", filepath.Join(r.scratch, "overlay.json"), "-o", r.binary(), r.pkg).CombinedOutput()
		if err == nil {
			return mutants, nil
		}
		kept := r.compiling(mutants, string(out))
		if len(kept) == len(mutants) {
			return nil, fmt.Errorf("go test -c %s: %w\n%s", r.pkg, err, out)
		}
		mutants = kept
	}
}

func (m Mutant) key() string { return fmt.Sprint(m.File, ":", m.start, ":", m.end, ":", m.What) }

// where finds the files and lines that the compiler complains about.
var where = regexp.MustCompile(`(?m)([\w.]+\.go):(\d+):\d+: `)

// compiling leaves out the mutants at the lines that the compiler refuses.
func (r run) compiling(mutants []Mutant, complaints string) (kept []Mutant) {
	refused := map[string]bool{}
	for _, m := range where.FindAllStringSubmatch(complaints, -1) {
		refused[m[1]+":"+m[2]] = true
	}
	for _, m := range mutants {
		if !refused[m.File+":"+strconv.Itoa(m.Line)] {
			kept = append(kept, m)
		}
	}
	return kept
}

// overlay writes the broken sources, for go's -overlay.
func (r run) overlay(mutants []Mutant, number func(Mutant) int) error {
	replace := map[string]string{}
	var pkg string
	for i, s := range r.sources {
		var mine []Mutant
		for _, m := range mutants {
			if m.File == filepath.Base(s.path) {
				mine = append(mine, m)
			}
		}
		pkg = regexp.MustCompile(`(?m)^package (\w+)`).FindStringSubmatch(s.text)[1]
		if len(mine) == 0 {
			continue
		}
		to := filepath.Join(r.scratch, fmt.Sprintf("source%d.go", i))
		replace[s.path] = to
		if err := os.WriteFile(to, []byte(s.apply(mine, number)), 0o600); err != nil {
			return err
		}
	}
	to := filepath.Join(r.scratch, "mutant.go")
	replace[filepath.Join(r.dir, "cozejwt_mutant.go")] = to
	if err := os.WriteFile(to, fmt.Appendf(nil, chooser, pkg, variable), 0o600); err != nil {
		return err
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(r.scratch, "overlay.json"), overlay, 0o600)
}

// chooser is the file that a broken package gets.
const chooser = `package %s

import (
	"os"
	"strconv"
)

var cozejwtMutant, _ = strconv.Atoi(os.Getenv(%q))

func cozejwtEither[T any](on bool, a, b T) T {
	if on {
		return a
	}
	return b
}

var _ = cozejwtEither[int]
`

// try runs the tests once as they are and once for each mutant.
func (r run) try(ctx context.Context, mutants []Mutant, opts Options) (Result, error) {
	began := time.Now()
	if out, err := r.test(ctx, 0, 10*time.Minute); err != nil {
		return Result{}, fmt.Errorf("%s, unbroken: %w\n%s", r.pkg, err, out)
	}
	result := Result{Tried: len(mutants), Tests: time.Since(began)}
	limit := cmp.Or(opts.Limit, 10*time.Second) + 10*result.Tests
	var (
		mu    sync.Mutex
		group sync.WaitGroup
		next  = make(chan int)
		lives = make([]bool, len(mutants))
	)
	for range max(opts.Workers, 1) {
		group.Go(func() {
			for i := range next {
				out, err := r.test(ctx, i+1, limit)
				mu.Lock()
				lives[i] = err == nil
				if bytes.Contains(out, []byte("panic: test timed out")) || errors.Is(err, context.DeadlineExceeded) {
					result.TimedOut++
				}
				mu.Unlock()
			}
		})
	}
	for i := range mutants {
		next <- i
	}
	close(next)
	group.Wait()
	for i, m := range mutants {
		if lives[i] {
			result.Survivors = append(result.Survivors, m)
		}
	}
	return result, ctx.Err()
}

// test runs the tests with a mutant, in a home of its own: what a broken line
// writes stays in it.
func (r run) test(ctx context.Context, mutant int, limit time.Duration) ([]byte, error) {
	home, err := os.MkdirTemp(r.scratch, "home-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(home)
	ctx, cancel := context.WithTimeout(ctx, limit+10*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, r.binary(), "-test.failfast", "-test.timeout="+limit.String())
	cmd.Dir = r.copied
	cmd.WaitDelay = time.Second
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "XDG_") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env, variable+"="+strconv.Itoa(mutant), "HOME="+home, "TMPDIR="+home, "GOCACHE="+cache(), "GOMODCACHE="+modules(), "GOMEMLIMIT=1GiB")
	return cmd.CombinedOutput()
}

// The folders of go itself, which depend on the home.
var (
	cache   = sync.OnceValue(func() string { return goEnv("GOCACHE") })
	modules = sync.OnceValue(func() string { return goEnv("GOMODCACHE") })
)

func goEnv(name string) string {
	out, _ := exec.Command("go", "env", name).Output()
	return strings.TrimSpace(string(out))
}
