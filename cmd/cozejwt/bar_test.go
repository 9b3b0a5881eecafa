package main

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

func TestABarIsAsFullAsIsDone(t *testing.T) {
	for _, test := range []struct{ done, total, full int }{{0, 7, 0}, {1, 7, 4}, {3, 6, 15}, {599, 600, 29}, {2, 2, 30}} {
		line := ansi.Strip(barLine(test.done, test.total))
		if strings.Count(line, "█") != test.full || strings.Count(line, "░") != barWidth-test.full {
			t.Errorf("of %d of %d it is %s", test.done, test.total, line)
		}
	}
}
