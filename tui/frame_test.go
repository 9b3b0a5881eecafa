package tui

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"cozejwt/internal/i18n"
	"cozejwt/internal/setup"
	"cozejwt/internal/steps"
	"cozejwt/internal/testfile"
)

func TestTheRailStandsBesideTheTextWhereThereIsRoom(t *testing.T) {
	d := newDriver(t, i18n.English, 95, 30)
	for _, test := range []struct{ width, margin, rail, text int }{
		{40, 0, 0, 40}, {72, 0, 0, 72}, {95, 0, 0, 72}, {96, 0, 27, 69}, {99, 0, 27, 72}, {109, 5, 27, 72}, {200, 50, 27, 72},
	} {
		d.send(tea.WindowSizeMsg{Width: test.width, Height: 30})
		if got := d.wizard.layout(); got != (layout{test.margin, test.rail, test.text}) {
			t.Errorf("at %d columns it is %+v", test.width, got)
		}
		if shown := strings.Contains(d.screen(), "○ Key"); shown != (test.rail > 0) {
			t.Errorf("at %d columns the rail is shown %v:\n%s", test.width, shown, d.screen())
		}
		if shown := strings.Contains(d.screen(), "●○○"); shown != (test.rail == 0) {
			t.Errorf("at %d columns the marks are shown %v", test.width, shown)
		}
	}
}

func TestAQuestionOfNoStepHasNoRail(t *testing.T) {
	d := newDriver(t, i18n.English, 120, 30)
	d.to(steps.KeyID)
	d.press("ctrl+c")
	d.open(i18n.English, 120, 30)
	d.wants("cozejwt", "Resume where you left off?")
	d.lacks("○")
	if l := d.wizard.layout(); l.rail != 0 || l.margin != (120-27-72)/2 {
		t.Errorf("the layout is %+v", l)
	}
}

func TestTheRailSaysWhatWasAnswered(t *testing.T) {
	d := newDriver(t, i18n.English, 120, 40)
	d.to(steps.Review)
	rail := strings.Join(d.wizard.rail(), "\n")
	for _, want := range []string{"✓ Region  cn", "RSA 2048", "✓ App ID  " + appID, "✓ Key ID  _Abc-", "…", "● Review", "○ Token test"} {
		if !strings.Contains(ansi.Strip(rail), want) {
			t.Errorf("the rail lacks %q:\n%s", want, ansi.Strip(rail))
		}
	}
	for _, row := range d.wizard.rail() {
		if ansi.StringWidth(row) > railWidth {
			t.Errorf("a row is too wide: %q", ansi.Strip(row))
		}
	}
}

// openFile starts the wizard for another file than .env.
func (d *driver) openFile(name string, width, height int) {
	d.t.Helper()
	openPlan(d, func(env steps.Deps, dir, _ string) (*setup.Setup, error) {
		return setup.Open(env, dir, filepath.Join(dir, name))
	}, i18n.English, width, height)
}

func TestTheFileOfAProfileIsNamed(t *testing.T) {
	for _, width := range []int{60, 120} {
		d := newDriver(t, i18n.English, width, 24)
		d.lacks(".env")
		d.openFile(".env.production", width, 24)
		d.wants(".env.production")
		d.openFile(".env."+strings.Repeat("x", 90), width, 24)
		d.wants(".env.xxx", "…")
		wantFits(t, "long name", d.screen(), width, 24)
	}
}

func TestASmallScreenHasNoAirBetweenItsParts(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 18)
	d.to(steps.App)
	if !strings.Contains(d.screen(), "\n\n") || !d.wizard.spacious() {
		t.Errorf("there is no air:\n%s", d.screen())
	}
	d.send(tea.WindowSizeMsg{Width: 80, Height: 17})
	if d.wizard.spacious() {
		t.Error("there is air")
	}
}

func TestWhatWasDoneStandsAboveTheKeys(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.to(steps.Upload)
	d.press("c")
	rows := strings.Split(d.screen(), "\n")
	if last := strings.Join(rows[len(rows)-5:], "\n"); !strings.Contains(last, "● ") {
		t.Errorf("it is not above the keys:\n%s", d.screen())
	}
	d.press("x")
	if strings.Contains(d.screen(), "● "+i18n.English.Text("wizard.opened")) {
		t.Error("it stays")
	}
}

func TestTheKeysOfEachStepAreShown(t *testing.T) {
	for step, want := range map[string]string{
		steps.Region: "enter next · ↑↓ choose · ? help · q quit",
		steps.App:    "enter next · o open console · space tick off · e use an existing app · esc back",
		steps.AppID:  "enter next · esc back · ctrl+c quit",
		steps.Review: "enter write · esc back · ? help · q quit",
	} {
		d := newDriver(t, i18n.English, 140, 40)
		d.to(step)
		keys := strings.Join(strings.Fields(ansi.Strip(d.wizard.footer(d.wizard.layout()))), " ")
		for _, part := range strings.Split(want, " · ") {
			label, _, _ := strings.Cut(part, " ")
			if !strings.Contains(keys, label+" ") {
				t.Errorf("at %s the key %s is not shown: %s", step, label, keys)
			}
		}
	}
}

func TestAnAppThatIsThereTurnsIntoANewOneWithTheSameKey(t *testing.T) {
	d := newDriver(t, i18n.English, 100, 40)
	d.to(steps.App)
	d.wants("e " + i18n.English.Text("key.existing"))
	d.press(" ", "e")
	d.wants("e "+i18n.English.Text("key.new_app"), "● 1.")
	d.press("e")
	d.wants("e " + i18n.English.Text("key.existing"))
}

func TestWithoutATokenTheEndPromisesNone(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 40)
	d.openWith(func(s *setup.Setup) { s.Skipped = true })
	d.to(steps.Done)
	d.lacks("abcdefgh…")
	if card := (&doneView{d.wizard}).card(setup.Usage{}, "it works", 72); strings.Contains(card, "✓") {
		t.Errorf("the card is\n%s", card)
	}
	if width := ansi.StringWidth(strings.Split((&doneView{d.wizard}).card(setup.Usage{}, strings.Repeat("word ", 30), 40), "\n")[0]); width != 40 {
		t.Errorf("the card is %d wide", width)
	}
}

func TestCommandsStandBesideWhatTheyDoWhereThereIsRoom(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 40)
	d.to(steps.Done)
	v := &doneView{d.wizard}
	wide, narrow := strings.Count(v.commandTable(120), "\n"), strings.Count(v.commandTable(40), "\n")
	if wide != 3 || narrow < 6 {
		t.Errorf("they take %d lines, and %d on a narrow screen", wide, narrow)
	}
	for _, line := range strings.Split(v.commandTable(16), "\n") {
		if ansi.StringWidth(line) > 16 {
			t.Errorf("a line is too wide: %q", line)
		}
	}
}

func TestAReviewSaysWhatItIsAbout(t *testing.T) {
	d := newDriver(t, i18n.English, 100, 60)
	testfile.Write(t, filepath.Join(d.dir, ".env"), "OTHER=1\nCOZE_CLIENT_ID=2234567890123\n")
	d.open(i18n.English, 100, 60)
	d.to(steps.Review)
	d.wants("edit .env", "-COZE_CLIENT_ID=2234567890123", "+COZE_CLIENT_ID="+appID, "enter "+i18n.English.Text("key.write"))
	for _, header := range []string{"@@", "--- ", "+++ "} {
		d.lacks(header)
	}
	d.to(steps.Done)
	d.open(i18n.English, 100, 60)
	d.to(steps.Review)
	d.wants("enter " + i18n.English.Text("key.next"))
	d.lacks("enter " + i18n.English.Text("key.write"))
}

func TestNoBrowserIsStartedWhereNoneIsWanted(t *testing.T) {
	if err := OpenPage("https://example.com", true); !errors.Is(err, errNoBrowser) {
		t.Errorf("error is %v", err)
	}
}

func TestTheOutputIsWrittenThrough(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := &sharedOutput{File: f}
	for range 2 { // the lock is free again
		if n, err := out.Write([]byte("ab")); n != 2 || err != nil {
			t.Errorf("%d bytes, %v", n, err)
		}
	}
	if text, err := os.ReadFile(f.Name()); string(text) != "abab" || err != nil {
		t.Errorf("written is %q, %v", text, err)
	}
}
