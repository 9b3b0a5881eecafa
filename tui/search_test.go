package tui

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"cozejwt/internal/i18n"
	"cozejwt/internal/steps"
)

// refusedDriver is a wizard whose token test was refused.
func refusedDriver(t *testing.T) *driver {
	t.Helper()
	d := newDriver(t, i18n.English, 80, 40)
	*d.service = refusing
	d.to(steps.Test)
	d.wants("kid not been registred", "f find the pair")
	return d
}

func TestAPairThatWorksIsTakenToTheReview(t *testing.T) {
	d := refusedDriver(t)
	*d.service = granting
	d.press("f")
	d.wants("config/private_key.pem belongs to Key ID", "✓ config/private_key.pem with", "enter review the change")
	d.press("enter")
	if d.step() != steps.Review || d.setup.Source != steps.ReuseKey {
		t.Errorf("it is at %s, with a key that is %s", d.step(), d.setup.Source)
	}
}

func TestWhereNoPairWorksTheRefusalIsFixedByHand(t *testing.T) {
	d := refusedDriver(t)
	d.press("f")
	d.wants("accepted none of these pairs", "✗ config/private_key.pem with", "unknown Key ID", "enter fix: App ID")
	d.lacks("review the change")
	d.press("esc")
	d.wants("kid not been registred", "f find the pair", "✓ Sign")
	d.press("f", "enter")
	if d.step() != steps.AppID {
		t.Errorf("Enter leads to %s", d.step())
	}
}

func TestASearchThatFailsSaysWhy(t *testing.T) {
	d := refusedDriver(t)
	*d.service = service{500, `{"error_code":"internal_error","error_message":"Service internal error."}`, nil}
	d.press("f")
	d.wants("Service internal error", "r retry")
	*d.service = granting
	d.press("r")
	d.wants("belongs to Key ID")
}

func TestASearchShowsHowFarItIs(t *testing.T) {
	s := &searchView{wizard: refusedDriver(t).wizard}
	if text := ansi.Strip(s.progress(60)); strings.Contains(text, "░") {
		t.Errorf("before it is known how many there are: %q", text)
	}
	s.report(1, 4)
	want := strings.Repeat("█", 10) + strings.Repeat("░", 30)
	if text := ansi.Strip(s.progress(60)); !strings.Contains(text, want+"\n\n1 of at most 4 requests") {
		t.Errorf("it is shown as %q", text)
	}
}

func TestASearchCanBeCalledOff(t *testing.T) {
	d := refusedDriver(t)
	d.service.block = make(chan struct{})
	ended := make(chan tea.Msg)
	d.begin(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("f")}, ended)
	d.wants("esc cancel")
	d.press("esc")
	d.send(<-ended)
	d.wants("kid not been registred", "f find the pair", "✓ Sign")
}

func TestTheOtherRegionIsOneKeyAway(t *testing.T) {
	d := refusedDriver(t)
	d.wants("g check the other region")
	d.press("g")
	d.wants("from the other region, api.coze.com", "api.coze.com refuses these values, too.", "✗ api.coze.com (unknown Key ID)", "enter fix: App ID")
	*d.service = granting
	d.press("r")
	d.wants("The app is at api.coze.com.", "✓ api.coze.com (works)", "enter review the change")
	d.press("enter")
	if d.step() != steps.Review || d.setup.APIBase != "https://api.coze.com" {
		t.Errorf("it is at %s with %s", d.step(), d.setup.APIBase)
	}
}
