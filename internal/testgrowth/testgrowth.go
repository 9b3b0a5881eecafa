// Package testgrowth tells in tests and benchmarks how work grows with its size. A test counts
// allocations, which are the same on every machine, and never the time.
package testgrowth

import (
	"fmt"
	"runtime"
	"testing"
)

// few and many are the sizes that Linear compares.
const few, many = 20, 160

// What each of many may take of what each of few takes. Slices grow by doubling, so that bytes come
// in steps.
const mostAllocations, mostBytes = 1.3, 2

// Linear fails a test where run allocates more for each of many items than for each of few. What
// it does once for all together does not count. The test must not be parallel, and is skipped where
// RaceDetector is on.
func Linear(t *testing.T, run func(items int)) {
	t.Helper()
	if RaceDetector {
		t.Skip("the race detector changes what is allocated")
	}
	none := measure(0, run)
	atFew, atMany := measure(few, run).less(none, few), measure(many, run).less(none, many)
	if atMany.allocations > mostAllocations*atFew.allocations || atMany.bytes > mostBytes*atFew.bytes {
		t.Errorf("each of %d takes %v, each of %d takes %v", few, atFew, many, atMany)
	}
}

// A usage is what a run has allocated.
type usage struct{ allocations, bytes float64 }

func (u usage) String() string {
	return fmt.Sprintf("%.0f allocations of %.0f bytes", u.allocations, u.bytes)
}

// less is the usage for each of so many items, without what there is for none.
func (u usage) less(none usage, items int) usage {
	return usage{(u.allocations - none.allocations) / float64(items), (u.bytes - none.bytes) / float64(items)}
}

// measure returns what a run allocates after one that has filled what is kept.
func measure(items int, run func(items int)) usage {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // as testing.AllocsPerRun does
	run(items)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	run(items)
	runtime.ReadMemStats(&after)
	return usage{float64(after.Mallocs - before.Mallocs), float64(after.TotalAlloc - before.TotalAlloc)}
}

// Bench runs a benchmark at the sizes, without any at 10, 100 and 1,000. Prepare makes what a run of
// that size needs, and returns the run.
func Bench(b *testing.B, unit string, prepare func(b *testing.B, items int) (run func()), sizes ...int) {
	if len(sizes) == 0 {
		sizes = []int{10, 100, 1000}
	}
	for _, items := range sizes {
		b.Run(fmt.Sprintf("%s=%d", unit, items), func(b *testing.B) {
			run := prepare(b, items)
			b.ReportAllocs()
			for b.Loop() {
				run()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(items), "ns/item")
		})
	}
}
