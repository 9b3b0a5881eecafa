package tui

import (
	"testing"

	"cozejwt/internal/i18n"
	"cozejwt/internal/steps"
)

// What is too short to be judged while it is typed is doubted at its field, once.
func TestAShortIDIsDoubtedAtItsField(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.to(steps.AppID)
	d.typeText("9")
	d.lacks("App ID 9:")
	d.press("enter")
	d.wants("Step 5/9", "! App ID 9:")
	d.press("enter")
	d.wants("Step 6/9")
}

func TestDigitsAreCountedAsTheyAreUnderstood(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.to(steps.AppID)
	d.typeText("「１１８０４３７４５４６６０」。")
	d.wants("✓ 13 digits")
	d.press("enter")
	d.wants("Step 6/9")
	if d.setup.AppID != "1180437454660" {
		t.Errorf("the App ID is %q", d.setup.AppID)
	}
}
