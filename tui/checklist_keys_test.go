//go:build !windows

// The rows tell file modes.

package tui

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"cozejwt/internal/i18n"
	"cozejwt/internal/verification"
)

func TestChecklistSaysThatItRuns(t *testing.T) {
	d := newChecklistDriver(t, i18n.English, both(refusing), 80, 24)
	d.list.menu = true
	cmd := d.list.Init()
	d.wants(i18n.English.Text("verify.running"), "q quit")
	d.lacks("esc menu")
	if screen := d.screen(); strings.Contains(screen, "r again") || strings.Contains(screen, "c copy") || strings.Contains(screen, "✓") || strings.Contains(screen, "✗") {
		t.Errorf("it shows results before there are any:\n%s", screen)
	}
	d.press("r", "f", "o", "c", "esc") // these need the results
	if d.quit || d.list.toMenu || d.list.asking != nothing || d.desk.copied != "" || !d.list.running() {
		t.Errorf("it quits %v, to the menu %v", d.quit, d.list.toMenu)
	}
	d.run(cmd)
	d.wants("1 failed", "esc menu")
}

func TestChecklistSpinsWhileItRuns(t *testing.T) {
	d := newChecklistDriver(t, i18n.English, both(refusing), 80, 24)
	cmd := d.list.Init()
	if _, next := d.list.Update(d.list.spinner.Tick()); next == nil {
		t.Error("the spinner stands still")
	}
	d.run(cmd)
	if _, next := d.list.Update(d.list.spinner.Tick()); next != nil {
		t.Error("the spinner turns at the end")
	}
}

func TestChecklistEndsWithQThoughItRuns(t *testing.T) {
	for _, pressed := range []string{"q", "ctrl+c"} {
		d := newChecklistDriver(t, i18n.English, both(refusing), 80, 24)
		cmd := d.list.Init()
		d.press(pressed)
		if !d.quit {
			t.Errorf("%s does not quit", pressed)
		}
		d.run(cmd)
	}
}

func TestChecklistReturnsToTheMenuWhereThereIsOne(t *testing.T) {
	for _, menu := range []bool{true, false} {
		d := newChecklistDriver(t, i18n.English, both(refusing), 80, 24)
		d.list.menu = menu
		d.start()
		if shown := strings.Contains(d.screen(), "esc menu"); shown != menu {
			t.Errorf("with a menu %v, the key for it is shown %v", menu, shown)
		}
		d.press("esc")
		if d.quit != menu || d.list.toMenu != menu {
			t.Errorf("with a menu %v, it quits %v, to the menu %v", menu, d.quit, d.list.toMenu)
		}
	}
}

func TestChecklistLeadsToTheCorrectionOfARefusal(t *testing.T) {
	d := newChecklistDriver(t, i18n.English, both(refusing), 80, 40)
	d.start()
	d.wants("❯ ✗ Access token", "f fix")
	d.press("up", "f")
	if d.quit {
		t.Error("a group is corrected")
	}
	d.lacks("f fix")
	d.press("down", "f")
	if !d.quit || d.list.correct == nil || d.list.correct.ID != "kid_unknown" {
		t.Errorf("it quits %v to correct %+v", d.quit, d.list.correct)
	}
}

func TestChecklistOffersNoFixWhereThereIsNone(t *testing.T) {
	d := newChecklistDriver(t, i18n.English, both(service{500, `{"error_code":"internal_error","error_message":"x"}`, nil}), 80, 40)
	d.start()
	d.wants("❯ ✗ Access token", "internal_error")
	d.lacks("f fix")
	d.lacks("o check")
	d.press("f", "o")
	if d.quit || d.list.asking != nothing {
		t.Error("something is fixed")
	}
}

func TestChecklistMovesFromRowToRow(t *testing.T) {
	d := newChecklistDriver(t, i18n.English, both(refusing), 80, 40)
	d.start()
	for range 40 {
		d.press("up")
	}
	rows := len(d.list.entries())
	for _, test := range []struct {
		pressed string
		times   int
		want    int
	}{{"up", 1, 0}, {"down", 1, 1}, {"j", 1, 2}, {"k", 1, 1}, {"up", 9, 0}, {"down", 40, rows - 1}} {
		for range test.times {
			d.press(test.pressed)
		}
		if got := d.list.at(d.list.entries()); got != test.want {
			t.Errorf("after %d times %s it is at %d, want %d", test.times, test.pressed, got, test.want)
		}
	}
}

func TestChecklistOpensAGroupAndACheck(t *testing.T) {
	d := newChecklistDriver(t, i18n.English, both(refusing), 80, 60)
	d.start()
	for range 40 {
		d.press("up")
	}
	closed := d.screen()
	d.press("enter")
	if d.screen() == closed {
		t.Errorf("the group is not opened:\n%s", d.screen())
	}
	d.press("down")
	line := d.screen()
	d.press("enter")
	if d.screen() == line {
		t.Errorf("the check is not opened:\n%s", d.screen())
	}
	d.press("enter")
	if d.screen() != line {
		t.Errorf("the check is not closed:\n%s", d.screen())
	}
	d.press("enter", "up")
	if d.list.open {
		t.Error("another row is open")
	}
	d.press("enter")
	if d.screen() != closed {
		t.Errorf("the group is not closed:\n%s", d.screen())
	}
}

func TestChecklistSaysWhyARepairFailed(t *testing.T) {
	d := newChecklistDriver(t, i18n.English, both(refusing), 80, 40)
	key := filepath.Join(d.dir, "config", "private_key.pem")
	if err := os.Chmod(key, 0o644); err != nil {
		t.Fatal(err)
	}
	d.start()
	d.wants("f make ", "readable by you alone")
	d.press("f", "n")
	d.list.Update(repaired{errors.New("disk on fire")})
	d.wants("✗ disk on fire", "❯ ✗ Key file mode")
	d.press("x")
	d.lacks("disk on fire")
}

func TestChecklistTakesAPasteForNoKey(t *testing.T) {
	d := newChecklistDriver(t, i18n.English, both(refusing), 80, 40)
	d.start()
	before := d.screen()
	for _, k := range []string{"q", "f", "a", "r", "?"} {
		if _, cmd := d.list.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(k), Paste: true}); cmd != nil {
			d.run(cmd)
		}
	}
	if d.quit || d.screen() != before {
		t.Errorf("a paste does something:\n%s", d.screen())
	}
}

func TestChecklistKeepsTheMarkedRowInSight(t *testing.T) {
	d := newChecklistDriver(t, i18n.English, both(refusing), 60, 14)
	d.start()
	d.wants("❯ ✗ Access token")
	d.press("a")
	for range 40 {
		d.press("up")
		d.wants("❯ ")
	}
	d.wants(i18n.English.Text("ui.more"))
	first := d.screen()
	d.press("pgdown")
	if d.screen() == first {
		t.Error("the page does not scroll")
	}
	d.press("down")
	d.wants("❯ ")
	for range 40 {
		d.press("down")
		d.wants("❯ ")
	}
	d.lacks(i18n.English.Text("ui.more"))
}

func TestChecklistReadsThroughTheGlossary(t *testing.T) {
	d := newChecklistDriver(t, i18n.English, both(refusing), 60, 14)
	d.start()
	before := d.screen()
	d.press("?")
	title := i18n.English.Text("help.title")
	d.wants(title)
	d.press("r", "f", "up", "enter")
	if d.screen() != before {
		t.Errorf("it is\n%s, want\n%s", d.screen(), before)
	}
	d.press("?")
	d.wants(title)
	d.press("pgdown")
	d.lacks(title)
	d.press("q")
	if d.quit {
		t.Error("q quits while the words are read")
	}
}

func TestChecklistForgetsWhatItSaid(t *testing.T) {
	d := newChecklistDriver(t, i18n.English, both(refusing), 80, 40)
	d.start()
	d.press("c")
	d.wants("✓ " + i18n.English.Text("verify.copied"))
	d.press("down")
	d.lacks(i18n.English.Text("verify.copied"))
}

func TestChecklistStandsInTheMiddleOfAWideScreen(t *testing.T) {
	d := newChecklistDriver(t, i18n.English, both(refusing), 199, 50)
	d.start()
	for width, want := range map[int]int{199: 50, 99: 0, 60: 0} {
		d.list.Update(tea.WindowSizeMsg{Width: width, Height: 50})
		first, _, _ := strings.Cut(d.screen(), "\n")
		if got := len(first) - len(strings.TrimLeft(first, " ")); got != want {
			t.Errorf("at %d columns the margin is %d, want %d", width, got, want)
		}
	}
}

func TestChecklistMarksAWarningWhereNothingFailed(t *testing.T) {
	d := newChecklistDriver(t, i18n.English, both(refusing), 80, 40)
	d.list.kind = verification.Offline
	if err := os.Chmod(filepath.Join(d.dir, ".env"), 0o644); err != nil {
		t.Fatal(err)
	}
	d.start()
	if d.list.cursor != "env.mode" || !d.list.open {
		t.Errorf("at %s, open %v:\n%s", d.list.cursor, d.list.open, d.screen())
	}
}

// The finding stands beside the question, and f pressed twice is no answer.
func TestTheQuestionToFixShowsTheFinding(t *testing.T) {
	d := newChecklistDriver(t, i18n.English, both(refusing), 80, 40)
	if err := os.Chmod(filepath.Join(d.dir, "config", "private_key.pem"), 0o644); err != nil {
		t.Fatal(err)
	}
	d.start()
	ask := strings.TrimSpace(i18n.English.Text("verify.ask_fix"))
	for range 3 {
		d.press("f")
		d.wants("✗ Key file mode", "config/private_key.pem", ask)
	}
	d.press("n")
	d.lacks(ask)
}
