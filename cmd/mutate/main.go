// Command mutate says how well a package's own tests see a broken line. It
// breaks each package in some places, one at a time, and lists those that no
// test noticed.
//
//	go run ./cmd/mutate ./envfile ./internal/review
//	go run ./cmd/mutate -n 200 -seed 7 ./internal/coze
//	go run ./cmd/mutate -promises
package main

import (
	"bufio"
	"context"
	_ "embed"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strings"

	"cozejwt/internal/mutation"
)

// equal are the mutants that change nothing a test could see, one a line:
// package, tab, name, tab, why.
//
//go:embed equal.tsv
var equal string

// promises are the lines that keep what SECURITY.md promises.
//
//go:embed promises.tsv
var promises string

func main() {
	n := flag.Int("n", 60, "`mutants` a package")
	seed := flag.Uint64("seed", 1, "which of the mutants")
	workers := flag.Int("workers", runtime.NumCPU(), "tests side by side")
	promised := flag.Bool("promises", false, "break each promise of SECURITY.md, and see its test fail")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if *promised {
		os.Exit(keep(ctx))
	}
	leftOut := read(equal)
	failed := false
	fmt.Printf("%-26s %5s %6s %5s %9s %8s\n", "package", "tried", "killed", "%", "timed out", "tests")
	for _, pkg := range flag.Args() {
		pkg = "./" + strings.Trim(strings.TrimPrefix(pkg, "./"), "/")
		result, err := mutation.Try(ctx, pkg, mutation.Options{
			N: *n, Seed: *seed, Workers: *workers,
			LeftOut: func(pkg string, m mutation.Mutant) bool { return leftOut[pkg+"\t"+m.Name()] },
		})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			failed = true
			continue
		}
		fmt.Printf("%-26s %5d %6d %5.0f %9d %7.1fs\n", pkg, result.Tried, result.Killed(),
			100*float64(result.Killed())/float64(max(result.Tried, 1)), result.TimedOut, result.Tests.Seconds())
		for _, m := range result.Survivors {
			fmt.Printf("  %s/%s:%d: %s: %s\n", pkg, m.File, m.Line, m.Func, m.What)
		}
	}
	if failed {
		os.Exit(1)
	}
}

// keep breaks each promise, and returns the exit code: 1 where one can be broken unseen.
func keep(ctx context.Context) (code int) {
	all, err := mutation.Promises(promises)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	for _, p := range all {
		result := "noticed"
		if err := p.Broken(ctx); err != nil {
			result, code = err.Error(), 1
		}
		fmt.Printf("%-52s %-46s %s\n", p.What, p.Test, result)
	}
	return code
}

// read returns the packages and names of a list of mutants.
func read(list string) map[string]bool {
	names := map[string]bool{}
	for lines := bufio.NewScanner(strings.NewReader(list)); lines.Scan(); {
		fields := strings.Split(lines.Text(), "\t")
		if len(fields) == 3 && !strings.HasPrefix(fields[0], "#") {
			names[fields[0]+"\t"+fields[1]] = true
		}
	}
	return names
}
