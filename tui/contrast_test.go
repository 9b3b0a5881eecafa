package tui

import (
	"math"
	"regexp"
	"testing"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"cozejwt/internal/i18n"
	"cozejwt/internal/steps"
)

// Default palettes of common terminals, from their published settings: the
// background, the foreground, and the colours that the styles use.
var palettes = map[string]struct {
	dark                               bool
	background, text                   uint32
	red, green, yellow, cyan, faintest uint32 // faintest is what the terminal makes of faint text; 0: half way to the background
}{
	"xterm dark":            {true, 0x000000, 0xe5e5e5, 0xcd0000, 0x00cd00, 0xcdcd00, 0x00cdcd, 0},
	"VS Code dark":          {true, 0x1e1e1e, 0xcccccc, 0xcd3131, 0x0dbc79, 0xe5e510, 0x11a8cd, 0},
	"Windows Terminal dark": {true, 0x0c0c0c, 0xcccccc, 0xc50f1f, 0x13a10e, 0xc19c00, 0x3a96dd, 0},
	"macOS Terminal light":  {false, 0xffffff, 0x000000, 0x990000, 0x00a600, 0x999900, 0x00a6b2, 0},
	"GNOME Terminal dark":   {true, 0x171421, 0xd0cfcc, 0xc01c28, 0x26a269, 0xa2734c, 0x2aa1b3, 0},
	"GNOME Terminal light":  {false, 0xffffff, 0x171421, 0xc01c28, 0x26a269, 0xa2734c, 0x2aa1b3, 0},
	"VS Code light":         {false, 0xffffff, 0x333333, 0xcd3131, 0x107c10, 0x949800, 0x0598bc, 0},
}

// What has to be read is never said in a colour alone: the text beside a mark is
// in the terminal's own foreground, which its palette makes readable. The colours
// of the palettes themselves differ; those below 4.5:1 are listed in the log.
func TestWhatMustBeReadIsInTheForeground(t *testing.T) {
	for name, p := range palettes {
		if got := contrast(p.text, p.background); got < 4.5 {
			t.Errorf("%s: the foreground has a contrast of %.1f:1", name, got)
		}
		for colour, value := range map[string]uint32{"red": p.red, "green": p.green, "yellow": p.yellow, "cyan": p.cyan} {
			if got := contrast(value, p.background); got < 4.5 {
				t.Logf("%s: %s has %.1f:1", name, colour, got)
			}
			if got := contrast(value, p.background); got < 1.9 {
				t.Errorf("%s: %s has %.1f:1, which nobody sees", name, colour, got)
			}
		}
	}
}

// Colour is on marks alone: no word is drawn in one.
func TestNoWordIsInColour(t *testing.T) {
	coloured := regexp.MustCompile("\x1b\\[[0-9;]*3[1-6][0-9;]*m([^\x1b]*)")
	d := newDriver(t, i18n.English, 120, 36)
	lipgloss.SetColorProfile(termenv.ANSI)
	defer lipgloss.SetColorProfile(termenv.Ascii)
	check := func() {
		t.Helper()
		for _, m := range coloured.FindAllStringSubmatch(d.wizard.View(), -1) {
			if regexp.MustCompile(`\pL{2}`).MatchString(m[1]) {
				t.Errorf("%q is in colour", m[1])
			}
		}
	}
	*d.service = refusing
	for _, id := range []string{steps.Region, steps.App, steps.Key, steps.Upload, steps.AppID, steps.KeyID, steps.Review, steps.Test} {
		d.to(id)
		check()
	}
	*d.service = granting
	d.press("r")
	check()
	d.to(steps.Done)
	check()
}

// contrast is the ratio of WCAG 2.2 between two colours.
func contrast(a, b uint32) float64 {
	la, lb := luminance(a), luminance(b)
	return (math.Max(la, lb) + 0.05) / (math.Min(la, lb) + 0.05)
}

func luminance(c uint32) float64 {
	part := func(shift uint) float64 {
		v := float64(c>>shift&0xff) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*part(16) + 0.7152*part(8) + 0.0722*part(0)
}
