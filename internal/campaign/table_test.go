//go:build campaign && unix

package campaign

import (
	"context"
	"flag"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"
)

var (
	long = flag.Bool("long", false, "try everything: an hour in place of minutes")
	seed = flag.Uint64("seed", 1, "of what is chosen at random")
	each = flag.Duration("each", 0, "how long a class may take; it leaves out what is not done then. 0: no limit")
	show = flag.Int("show", 20, "how many failures of a class are described; the others are counted")
)

// program is the binary that is attacked; it is built with the tag campaign.
var program string

func TestMain(m *testing.M) {
	if os.Getenv(launches) != "" {
		os.Exit(launch())
	}
	flag.Parse()
	dir, err := os.MkdirTemp("", "cozejwt-campaign-*")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	_ = os.Chmod(dir, 0o755) // other users run it, too
	program = filepath.Join(dir, "cozejwt")
	code := 1
	build := exec.Command("go", "build", "-tags", "campaign", "-o", program, "cozejwt/cmd/cozejwt")
	build.Env = append(os.Environ(), "CGO_ENABLED=0") // as it is released
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%v: %s\n", err, out)
	} else {
		code = m.Run()
	}
	printTable()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// A class is a row of the table.
type class struct {
	t               *testing.T
	name            string
	mu              sync.Mutex
	began           time.Time
	took            time.Duration
	cases, failures int
}

var table []*class

func begin(t *testing.T, name string) *class {
	t.Helper()
	c := &class{t: t, name: name, began: time.Now()}
	table = append(table, c)
	t.Cleanup(func() {
		c.took = time.Since(c.began)
		if c.cases == 0 && !t.Skipped() {
			t.Error("nothing was tried")
		}
	})
	return c
}

// did counts a case that ended with what is wrong, none for nothing.
func (c *class) did(about string, wrong []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cases++
	if len(wrong) == 0 {
		return
	}
	c.failures++
	if c.failures <= *show {
		for _, w := range wrong {
			c.t.Errorf("%s: %s", about, w)
		}
	} else {
		c.t.Fail()
	}
}

// late reports whether the time of a class is over.
func (c *class) late() bool { return *each > 0 && time.Since(c.began) > *each }

// random is the source of a class, the same for the same seed.
func random(name string) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name))
	return rand.New(rand.NewPCG(*seed, h.Sum64()))
}

// sized is how many cases a class tries: short, or long.
func sized(short, all int) int {
	if *long {
		return all
	}
	return short
}

// workers is how many cases run at once where they keep processors busy.
var workers = min(runtime.NumCPU(), 8)

// together runs work for each of so many numbers, in any order, with the number of the worker.
func (c *class) together(count int, work func(worker, n int)) {
	next := make(chan int)
	var running sync.WaitGroup
	for worker := range workers {
		running.Go(func() {
			for n := range next {
				work(worker, n)
			}
		})
	}
	for _, n := range random(c.name + ", order").Perm(count) {
		if c.late() {
			break
		}
		next <- n
	}
	close(next)
	running.Wait()
}

// patience ends a process that hangs.
const patience = 30 * time.Second

func patient() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), patience)
}

func printTable() {
	fmt.Printf("\n%-24s %9s %9s %8s   seed %d\n", "class", "cases", "failures", "seconds", *seed)
	for _, c := range table {
		fmt.Printf("%-24s %9d %9d %8.0f\n", c.name, c.cases, c.failures, c.took.Seconds())
	}
}
