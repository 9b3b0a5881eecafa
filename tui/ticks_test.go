package tui

import (
	"slices"
	"testing"

	"cozejwt/internal/i18n"
	"cozejwt/internal/steps"
)

func TestWhatTheAppWillDoDecidesWhichPermissionsToSelect(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 40)
	d.to(steps.App)
	d.wants("Your app's tasks: Chat (streamed).", "p tasks")
	d.press("p")
	d.wants("Step 2/9", "What will the app do?", "❯ [✓] Chat (streamed)", "Needs chat", "enter done")
	d.lacks("Connector", i18n.English.Text("permission.task.channel"))
	d.press("p", "down", "down", " ", "up", "x") // p and x mean nothing here
	d.wants("❯ [ ] Chat (polling)", "[✓] Run workflows")
	d.press("enter")
	d.wants("Your app's tasks: Chat (streamed), Run workflows.")
	d.press("enter", "enter")
	d.wants("Step 4/9", "select chat.", "workflow (group not known): select run, listRunHistory.", "p tasks")
	d.press("p", "down", "down", "down", " ", "esc")
	d.lacks("uploadFile", "What will")
	d.press("p", " ", "down", "down", " ", "enter") // nothing is left: the default
	d.wants("select chat.")
	d.lacks("listRunHistory")
	d.press("p", "up", " ", "enter") // of the first and the default that is ticked again, none is left
	d.wants("select chat.")
}

func TestASelectionOfTasksStartsTheListOfTheStepAgain(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 40)
	d.to(steps.Upload)
	d.press(" ", " ")
	d.wants("✓ 2. Permissions")
	d.press("p", "down", "down", "down", "down", "down", "down", "down", "down", "down", "down", "down", " ", "enter")
	d.wants("● 1. On the app's page", "CozeLoop (罗盘): select all")
	d.paste("p")
	d.press("L", "p")
	d.wants("应用要做什么？", "[✓] 扣子罗盘")
	d.press("q")
	if !d.quit {
		t.Error("q does not leave")
	}
	if got := d.setup.Tasks; !slices.Equal(got, []string{"chat", "cozeloop"}) {
		t.Errorf("the tasks are %q", got)
	}
}

func TestAnAppThatIsThereHasItsPermissions(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 40)
	d.to(steps.App)
	d.press("e")
	d.lacks("p tasks", "Your app's tasks")
	d.press("p")
	d.lacks("What will the app do?")
}
