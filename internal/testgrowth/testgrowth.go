// Package testgrowth tells in tests and benchmarks how work grows with its size. A test counts
// allocations, which are the same on every machine, and never the time.
package testgrowth

import (
	"fmt"
	"testing"
)

// few and many are the sizes that Linear compares.
const few, many = 20, 160

// Linear fails a test where run allocates more for each of many items than for each of few. What
// it does for all together, once, does not count. The test must not be parallel.
func Linear(t *testing.T, run func(items int)) {
	t.Helper()
	at := func(items int) float64 { return testing.AllocsPerRun(1, func() { run(items) }) }
	none := at(0)
	each := func(items int) float64 { return (at(items) - none) / float64(items) }
	if atFew, atMany := each(few), each(many); atMany > 1.3*atFew {
		t.Errorf("each of %d takes %.0f allocations, each of %d takes %.0f", few, atFew, many, atMany)
	}
}

// Bench runs a benchmark at sizes that grow by tens. Prepare makes what a run of that size needs,
// and returns the run.
func Bench(b *testing.B, unit string, prepare func(b *testing.B, items int) (run func())) {
	for _, items := range []int{10, 100, 1000} {
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
