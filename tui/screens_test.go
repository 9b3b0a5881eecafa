package tui

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"cozejwt/internal/i18n"
	"cozejwt/internal/rotation"
	"cozejwt/internal/steps"
)

var update = flag.Bool("update", false, "write the golden screens again")

// tour shows every screen there is, one after the other.
func tour(d *driver, shot func(name string)) {
	shot("region")
	d.press("down", "down", "down", "enter")
	d.typeText("www.coze.cn")
	d.press("enter")
	shot("region, another API base")
	d.press("esc", "up", "up", "up", "enter")
	shot("app")
	d.press("p", "down", " ", "down")
	shot("app, what it will do")
	d.press("esc", "enter")
	shot("key")
	d.press("enter")
	shot("upload")
	d.press("c")
	shot("upload, copied")
	d.press("?")
	shot("upload, help")
	d.press("?", "p", "down", " ", "down", "down", "down", " ", "enter")
	shot("upload, other permissions")
	d.press("p", "down", " ", "down", "down", "down", " ", "enter", "enter")
	shot("app id")
	d.paste(keyID)
	shot("app id, a mistake")
	d.paste("COZE_CLIENT_ID='1234567890123'\n")
	d.press("enter")
	d.typeText("test-key")
	shot("key id, a doubt")
	d.paste(keyID)
	d.press("enter")
	shot("review")
	*d.service = refusing
	d.press("enter")
	shot("test, refused")
	d.press("f")
	shot("test, no pair works")
	*d.service = granting
	d.press("r")
	shot("test, a pair works")
	d.press("esc")
	*d.service = refusing
	d.press("enter")
	shot("App ID, again")
	*d.service = granting
	d.to(steps.Review)
	d.press("enter")
	shot("test, granted")
	d.press("enter")
	shot("done")
}

// rotationTour shows the screens of a rotation, and those of the switches that
// are like it.
func rotationTour(d *driver, shot func(name string)) {
	*d.service = refusing
	d.rotate()
	shot("current set, refused")
	*d.service = granting
	d.press("r")
	shot("current set")
	d.press("enter")
	shot("new key")
	d.press("enter")
	shot("new key, upload")
	d.press("enter")
	d.paste(keyID)
	d.press("enter")
	shot("the Key ID that is in use")
	d.paste("_New-" + keyID[5:])
	d.press("enter")
	shot("other files")
	*d.service = refusing
	d.press("enter")
	shot("new key, refused")
	*d.service = granting
	d.press("r", "enter")
	shot("switch")
	*d.service = refusing
	d.press("enter")
	shot("switch, undone")
	*d.service = granting
	d.press("enter")
	shot("rotated")
	d.use()
	shot("sets")
	d.press("enter")
	d.press("enter")
	shot("switch to another set")
	d.press("enter")
	shot("switched")
}

// backTour shows the screens of a rollback, and of the deletion of the key that it leaves.
func backTour(d *driver, shot func(name string)) {
	d.rotate()
	d.press("enter", "enter", "enter")
	d.paste("_New-" + keyID[5:])
	d.press("enter", "enter", "enter", "enter")
	shot("rotated")
	*d.service = refusing
	openPlan(d, rotation.OpenRollback, d.wizard.lang, d.wizard.width, d.wizard.height)
	shot("roll back, refused")
	*d.service = granting
	d.press("r")
	shot("roll back")
	d.press("enter")
	shot("roll back, review")
	d.press("enter")
	shot("rolled back")
	openPlan(d, rotation.OpenPrune, d.wizard.lang, d.wizard.width, d.wizard.height)
	shot("old keys")
	d.press("enter")
	shot("an old key that Coze accepts")
	d.press("enter")
	shot("kept")
}

var tours = map[string]func(*driver, func(string)){"": tour, "rotate-": rotationTour, "back-": backTour}

func TestScreens(t *testing.T) {
	for prefix, tour := range tours {
		for _, lang := range i18n.Languages {
			for _, size := range [][2]int{{120, 36}, {80, 24}, {40, 12}, {200, 50}} {
				name := fmt.Sprintf("%s%s-%dx%d", prefix, lang, size[0], size[1])
				t.Run(name, func(t *testing.T) {
					d := newDriver(t, lang, size[0], size[1])
					var all strings.Builder
					tour(d, func(name string) {
						t.Helper()
						screen := d.screen()
						wantFits(t, name, screen, size[0], size[1])
						fmt.Fprintf(&all, "== %s ==\n%s\n", name, screen)
					})
					wantGolden(t, filepath.Join("testdata", name+".golden"), all.String())
				})
			}
		}
	}
}

func TestScreensFitAnySize(t *testing.T) {
	for prefix, tour := range tours {
		for _, lang := range i18n.Languages {
			for _, size := range [][2]int{{200, 50}, {80, 10}, {33, 40}, {20, 9}} {
				t.Run(fmt.Sprintf("%s%s-%dx%d", prefix, lang, size[0], size[1]), func(t *testing.T) {
					d := newDriver(t, lang, size[0], size[1])
					tour(d, func(name string) { wantFits(t, name, d.screen(), size[0], size[1]) })
				})
			}
		}
	}
}

func wantFits(t *testing.T, name, screen string, width, height int) {
	t.Helper()
	lines := strings.Split(screen, "\n")
	if len(lines) > height {
		t.Errorf("%s: %d lines on a screen of %d:\n%s", name, len(lines), height, screen)
	}
	for _, line := range lines {
		if w := ansi.StringWidth(line); w > width {
			t.Errorf("%s: a line of %d cells on a screen of %d: %s", name, w, width, line)
		}
	}
}

func wantGolden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) == got {
		return
	}
	a, b := strings.Split(string(want), "\n"), strings.Split(got, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			t.Fatalf("line %d of %s is\n%s, want\n%s\n(go test ./tui -update writes it again)", i+1, path, b[i], a[i])
		}
	}
	t.Fatalf("%s has %d lines, want %d (go test ./tui -update writes it again)", path, len(b), len(a))
}
