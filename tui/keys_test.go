package tui

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/steps"
	"cozejwt/internal/testfile"
)

func TestDigitsAndArrowsChoose(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	for _, test := range []struct {
		keys   []string
		cursor int
	}{
		{[]string{"up"}, 0},
		{[]string{"down"}, 1},
		{[]string{"j", "j"}, 3},
		{[]string{"down"}, 3},
		{[]string{"k"}, 2},
		{[]string{"1"}, 0},
		{[]string{"4"}, 3},
		{[]string{"5"}, 3},
		{[]string{"0"}, 3},
		{[]string{"2"}, 1},
		{[]string{"x"}, 1},
	} {
		d.press(test.keys...)
		if got := d.wizard.view.(*formView).cursor; got != test.cursor {
			t.Errorf("after %v the option %d is marked, want %d", test.keys, got, test.cursor)
		}
	}
	d.paste("3")
	if got := d.wizard.view.(*formView).cursor; got != 1 {
		t.Errorf("a paste marks option %d", got)
	}
}

func TestAPasteIsNoKeyWhereNothingIsTyped(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	for _, step := range []string{steps.App, steps.Upload, steps.Review, steps.Test, steps.Done} {
		d.to(step)
		before := d.screen()
		for _, k := range []string{"e", "c", "o", "k", "r", "d", "1", "q", "?", "L", " "} {
			d.paste(k)
		}
		if d.screen() != before || d.desk.copied != "" || d.desk.opened != "" || d.quit {
			t.Errorf("at %s a paste does something:\n%s", step, d.screen())
		}
	}
}

func TestAPasteIsNoKeyAfterARefusal(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 40)
	*d.service = refusing
	d.to(steps.Test)
	before := d.screen()
	*d.service = granting
	if d.paste("d"); d.screen() != before {
		t.Errorf("a pasted d explains the causes:\n%s", d.screen())
	}
	if d.paste("r"); d.screen() != before {
		t.Errorf("a pasted r tries again:\n%s", d.screen())
	}
}

func TestTheConsoleOpensFromTheStepsThatAreAboutIt(t *testing.T) {
	for step, want := range map[string]string{
		steps.Region: "https://www.coze.cn/open/oauth/apps", steps.App: "https://www.coze.cn/open/oauth/apps",
		steps.Key: "https://www.coze.cn/open/oauth/apps", steps.Review: "", steps.Done: "",
	} {
		d := newDriver(t, i18n.English, 80, 24)
		if step == steps.Region {
			d.press("enter", "esc") // the console is known once a region is chosen
		}
		d.to(step)
		d.press("o")
		if d.desk.opened != want {
			t.Errorf("at %s it opens %q", step, d.desk.opened)
		}
	}
}

func TestAPageThatCannotBeOpenedIsGivenWhole(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.press("down", "enter", "o")
	d.wants("Could not open a browser", "https://www.coze.com/open/oauth/apps")
	if d.wizard.unopened != "https://www.coze.com/open/oauth/apps" {
		t.Errorf("the page is %q", d.wizard.unopened)
	}
	d.press("x")
	d.lacks("Could not open a browser")
}

func TestTheCommandsAtTheEndAreCopiedByTheirNumbers(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 40)
	d.to(steps.Done)
	for pressed, want := range map[string]string{"1": "cozejwt token", "2": "cozejwt snippet", "3": "cozejwt verify --call"} {
		d.desk.copied = ""
		d.press(pressed)
		if d.desk.copied != want {
			t.Errorf("%s copies %q", pressed, d.desk.copied)
		}
		d.wants("● ", want)
	}
	d.desk.copied = ""
	d.press("4", "0")
	if d.desk.copied != "" {
		t.Errorf("another key copies %q", d.desk.copied)
	}
	d.wants("1 2 3 ")
}

func TestTheCommandsAreOfferedAfterAFirstSetUpAlone(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 40)
	d.rotate()
	d.press("enter", "enter", "enter")
	d.paste("_New-" + keyID[5:])
	d.press("enter", "enter", "enter", "enter")
	if d.step() != steps.Done {
		t.Fatalf("at %s:\n%s", d.step(), d.screen())
	}
	d.press("1")
	d.lacks("1 2 3 ")
	if d.desk.copied != "" {
		t.Errorf("it copies %q", d.desk.copied)
	}
}

func TestTheGlossaryIsReadAndClosed(t *testing.T) {
	for _, closing := range []string{"esc", "?", "？", "enter", "q"} {
		d := newDriver(t, i18n.English, 60, 20)
		d.to(steps.App)
		before := d.screen()
		d.press("?")
		title := i18n.English.Text("help.title")
		d.wants(title, i18n.English.Text("ui.more"), "esc close")
		d.press("x") // means nothing here
		d.wants(title)
		d.press("down")
		d.lacks(title + "\n")
		d.press("up")
		d.wants(title)
		d.press("pgdown", "L")
		d.wants(i18n.Chinese.Text("key.close"))
		d.press("L", closing)
		if d.screen() != before || d.quit {
			t.Errorf("%s leaves\n%s, want\n%s", closing, d.screen(), before)
		}
	}
}

func TestTheGlossaryScrollsWhereTheArrowsChoose(t *testing.T) {
	d := newDriver(t, i18n.English, 60, 20)
	d.press("?")
	first := d.screen()
	if d.press("down"); d.screen() == first {
		t.Error("down does not scroll")
	}
	if d.press("up"); d.screen() != first {
		t.Error("up does not scroll back")
	}
	if d.send(tea.KeyMsg{Type: tea.KeyPgDown}); d.screen() == first {
		t.Error("page down does not scroll")
	}
	d.press("esc")
	d.wants("❯ 1.")
}

func TestTheGlossaryListsTheKeysOfTheStep(t *testing.T) {
	d := newDriver(t, i18n.English, 100, 80)
	d.to(steps.App)
	d.press("?")
	d.wants(i18n.English.Text("key.tick"), i18n.English.Text("key.existing"), i18n.English.Text("key.scroll"), i18n.Chinese.Name)
}

func TestTheLanguageChangesAtAnyStep(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.to(steps.App)
	d.press("c", "L")
	d.wants(i18n.Chinese.Text("step.app"))
	d.press("L")
	d.wants(i18n.English.Text("step.app"))
}

func TestAPageThatIsTooLongScrolls(t *testing.T) {
	for _, test := range []struct{ step, down, up string }{{steps.App, "down", "up"}, {steps.Review, "down", "up"}, {steps.App, "pgdown", "pgup"}, {steps.Review, "pgdown", "pgup"}} {
		d := newDriver(t, i18n.English, 50, 12)
		d.to(test.step)
		d.wants(i18n.English.Text("ui.more"))
		first := d.screen()
		d.send(tea.KeyMsg{Type: map[string]tea.KeyType{"down": tea.KeyDown, "pgdown": tea.KeyPgDown}[test.down]})
		if d.screen() == first {
			t.Errorf("%s at %s does not scroll", test.down, test.step)
		}
		d.send(tea.KeyMsg{Type: map[string]tea.KeyType{"up": tea.KeyUp, "pgup": tea.KeyPgUp}[test.up]})
		if d.screen() != first {
			t.Errorf("%s at %s does not scroll back:\n%s", test.up, test.step, d.screen())
		}
	}
}

func TestTheSpaceBarScrollsWhereNothingIsTickedOff(t *testing.T) {
	d := newDriver(t, i18n.English, 50, 12)
	d.to(steps.Review)
	first := d.screen()
	if d.press(" "); d.screen() == first {
		t.Error("the space bar does not scroll")
	}
	d = newDriver(t, i18n.English, 80, 60)
	d.to(steps.App)
	d.press(" ")
	d.wants("✓ 1.")
}

func TestAPasteBeforeTheStepIsThereIsForTheStep(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.to(steps.AppID)
	d.paste(appID)
	_, cmd := d.wizard.Update(tea.KeyMsg{Type: tea.KeyEnter})
	if d.wizard.job == nil || !d.wizard.job.short {
		t.Fatalf("the next step is not under way at %s", d.step())
	}
	d.paste(keyID)
	d.press("esc") // for the step too
	d.run(cmd)
	if d.step() != steps.AppID || d.wizard.typed[steps.KeyID] != keyID {
		t.Errorf("at %s, typed was %v", d.step(), d.wizard.typed)
	}
}

func TestTheWayToTheConsoleKeyAndBackChangesNothing(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 40)
	d.to(steps.Upload)
	source := d.setup.Source
	d.press("k")
	if d.setup.Source != steps.ImportKey {
		t.Errorf("the source is %s", d.setup.Source)
	}
	d.press("esc")
	if d.setup.Source != source || d.step() != steps.Upload {
		t.Errorf("at %s, the source is %s", d.step(), d.setup.Source)
	}
	d.press("enter")
	d.wants(i18n.English.Text("field.app_id"), "❯")
	d.press("esc")
	if d.step() != steps.Upload { // Esc undoes the way once
		t.Errorf("at %s", d.step())
	}
	d.press("esc")
	if d.step() != steps.Key {
		t.Errorf("at %s", d.step())
	}
}

func TestTheKeyForAnExistingAppMeansNothingElsewhere(t *testing.T) {
	d := walk(t, flow.Step{ID: steps.Upload})
	if d.press("e"); d.setup.HasApp {
		t.Error("the app is taken to exist")
	}
}

func TestATokenLeavesNothingToPassOver(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 40)
	d.rotate()
	testfile.Write(t, filepath.Join(d.dir, ".env.other"), "COZE_CLIENT_ID=2234567890123\nCOZE_PUBLIC_KEY="+keyID+"\nCOZE_PRIVATE_KEY_PATH=config/private_key.pem\nCOZE_API_BASE=https://api.coze.cn\n")
	s := d.use()
	d.press("enter")
	d.wants("✓ Coze issued an access token")
	d.press("s", "f", "d", "u")
	if d.step() != steps.Test || s.Skipped || d.quit {
		t.Errorf("at %s, the test is skipped %v", d.step(), s.Skipped)
	}
}

func TestArrowsAreTheChoicesWhereThereIsOne(t *testing.T) {
	d := newDriver(t, i18n.English, 40, 10)
	d.press("down", "down", "down")
	d.wants("❯ 4.")
	d.press("pgdown")
	d.press("up", "up", "up")
	d.wants("❯ 1.")
}

func TestTheQuestionIsInSightOnASmallScreen(t *testing.T) {
	d := newDriver(t, i18n.English, 40, 9)
	d.to(steps.AppID)
	d.typeText(keyID)
	d.wants("❯ ")
	d.press("ctrl+u")
	d.typeText("1")
	d.wants("❯ 1")
}

func TestAWindowThatChangesShowsTheQuestionAgain(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 40)
	d.press("4")
	d.send(tea.WindowSizeMsg{Width: 40, Height: 9})
	d.wants("❯ 4.")
	wantFits(t, "small", d.screen(), 40, 9)
}

func TestTheCausesOfARefusalAreExplainedOnDemand(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 60)
	*d.service = refusing
	d.to(steps.Test)
	arrows := strings.Count(d.screen(), "→")
	d.wants("d " + i18n.English.Text("key.causes"))
	d.press("d")
	if n := strings.Count(d.screen(), "→"); n <= arrows {
		t.Errorf("there are %d fixes, before %d", n, arrows)
	}
	d.wants("d " + i18n.English.Text("key.fewer"))
	d.press("d")
	if n := strings.Count(d.screen(), "→"); n != arrows {
		t.Errorf("there are %d fixes, want %d", n, arrows)
	}
	d.press("d", "enter")
	d.to(steps.Test)
	if n := strings.Count(d.screen(), "→"); n != arrows {
		t.Errorf("after another visit there are %d fixes, want %d", n, arrows)
	}
}

func TestARefusalBecomesNoneByAnotherTry(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 40)
	*d.service = refusing
	d.to(steps.Test)
	*d.service = granting
	d.press("r")
	d.lacks("kid not been registred", "d "+i18n.English.Text("key.causes"))
	d.press("d", "enter")
	if d.step() != steps.Done {
		t.Errorf("Enter leads to %s", d.step())
	}
}

func TestAnOutageIsTriedAgainWithEnter(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 40)
	*d.service = service{500, `{"error_code":"internal_error","error_message":"Service internal error."}`, nil}
	d.to(steps.Test)
	d.wants("internal_error", "r retry")
	d.lacks("enter fix")
	*d.service = granting
	d.press("enter")
	d.wants("✓ Coze issued an access token")
}

func TestAnUploadThatFailsSaysWhy(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 60)
	d.to(steps.Upload)
	d.wizard.view.failed(errors.New("disk on fire"))
	d.wants("✗ disk on fire", "-----BEGIN PUBLIC KEY-----")
	d.press("enter", "esc")
	d.lacks("disk on fire")
}

func TestAReviewThatFailsCanBeWrittenAgain(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 40)
	d.to(steps.Review)
	env := filepath.Join(d.dir, ".env")
	if err := os.Mkdir(env, 0o755); err != nil {
		t.Fatal(err)
	}
	d.press("enter")
	d.wants("✗ ")
	if err := os.Remove(env); err != nil {
		t.Fatal(err)
	}
	d.press("enter")
	if d.step() == steps.Review {
		t.Errorf("it is not written:\n%s", d.screen())
	}
}
