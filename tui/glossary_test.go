package tui

import (
	"strings"
	"testing"

	"cozejwt/internal/i18n"
	"cozejwt/internal/steps"
)

// Where ? is typed text, another key opens the page, and the footer names it.
func TestHelpExplainsTheStepFirstAlsoWhereTextIsTyped(t *testing.T) {
	for _, lang := range i18n.Languages {
		d := newDriver(t, lang, 80, 24)
		d.to(steps.App)
		d.press("?")
		d.wants(strings.SplitN(lang.Text("help.step.app"), " ", 2)[0])
		d.press("esc")
		d.to(steps.AppID)
		d.wants("ctrl+g " + lang.Text("key.help"))
		d.typeText("?")
		d.lacks(lang.Text("help.keys"))
		d.press("ctrl+g")
		d.wants(strings.SplitN(lang.Text("help.step.app_id"), " ", 2)[0])
		d.press("ctrl+g")
		d.lacks(lang.Text("help.keys"))
	}
}
