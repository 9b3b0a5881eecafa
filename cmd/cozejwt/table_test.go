package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// At any width a row is one line, and the name of a profile stays as long as another column can go.
func TestATableFitsTheTerminal(t *testing.T) {
	rows := [][]string{
		strings.Split(" |NAME|APP ID|KEY ID|REGION|KEY FILE|KEY PAIR|LAST TEST", "|"),
		strings.Split("*|.env|8739024366697|7SGew3tF…|sandbox|config/private_key.pem|✓|✓ 12 minutes ago", "|"),
		strings.Split("|production-cluster-eu|5049544180805|Ou6rDI2V…|sandbox|config/private_key_production.pem|✗|✗ 3 days ago", "|"),
	}
	before := slices.Clone(rows[2])
	for width := 4; width < 140; width++ {
		lines, left := tableLines(rows, width, profileFits...)
		for _, line := range lines {
			if got := ansi.StringWidth(line); got > width {
				t.Errorf("a row has %d cells in %d: %s", got, width, line)
			}
			for _, title := range left {
				if line == lines[0] && strings.Contains(line, title) {
					t.Errorf("%d: %s is said to be left out: %s", width, title, line)
				}
			}
		}
		if width >= 70 && !strings.Contains(lines[2], "production-cluster-eu") {
			t.Errorf("%d: the name is not complete: %s", width, lines[2])
		}
	}
	if !slices.Equal(rows[2], before) {
		t.Errorf("the caller's rows were changed: %v", rows[2])
	}
	for _, test := range []struct {
		width int
		left  string
	}{{0, ""}, {140, ""}, {110, ""}, {80, "KEY FILE, KEY PAIR"}, {70, "KEY FILE, KEY PAIR, KEY ID"}, {50, "KEY FILE, KEY PAIR, KEY ID, REGION"}} {
		if _, left := tableLines(rows, test.width, profileFits...); strings.Join(left, ", ") != test.left {
			t.Errorf("%d: left out are %v, want %s", test.width, left, test.left)
		}
	}
}

func TestACellIsShortenedInTheMiddle(t *testing.T) {
	for _, test := range []struct {
		text  string
		width int
		want  string
	}{
		{"config/private_key.pem", 22, "config/private_key.pem"},
		{"config/private_key.pem", 11, "confi…y.pem"},
		{"配置文件", 8, "配置文件"},
		{"config", 0, ""},
		{"config", 1, "…"},
	} {
		if got := middle(test.text, test.width); got != test.want {
			t.Errorf("%q in %d is %q, want %q", test.text, test.width, got, test.want)
		}
	}
}
