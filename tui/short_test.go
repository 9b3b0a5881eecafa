package tui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"

	"cozejwt/internal/i18n"
	"cozejwt/internal/steps"
)

// A refusal at 40x12 shows its likeliest cause first, at the test and at the step that fixes it.
func TestAShortScreenShowsTheCauseFirst(t *testing.T) {
	for _, lang := range i18n.Languages {
		d := newDriver(t, lang, 40, 12)
		d.to(steps.Review)
		*d.service = refusing
		d.press("enter")
		view, ok := d.wizard.view.(*testView)
		if !ok || view.diagnosis == nil {
			t.Fatalf("no refusal is shown:\n%s", d.screen())
		}
		causes, _ := view.diagnosis.Explain(lang)
		first := func() string {
			_, body, _ := strings.Cut(d.screen(), "\n")
			_, body, _ = strings.Cut(body, "\n")
			return strings.Join(strings.Fields(body), "")
		}
		want := "✗" + strings.Join(strings.Fields(causes[0]), "")
		if got := first(); !strings.HasPrefix(got, want) {
			t.Errorf("%s: the test begins with %s, want %s", lang, got, want)
		}
		d.press("enter")
		if got := first(); !strings.HasPrefix(got, want) || !strings.Contains(got, "┃❯") {
			t.Errorf("%s: the step that fixes it begins with %s, want %s and the field", lang, got, want)
		}
	}
}

// What is wider than the page ends in an ellipsis; spaces at its end are no text.
func TestNoLineOfAPageIsCutUnseen(t *testing.T) {
	w := newWindow(i18n.English, nil)
	w.page.Width, w.page.Height = 10, 3
	w.fill("1234567890\n12345678901\nabc" + strings.Repeat(" ", 20) + "\n")
	if got := strings.Fields(w.page.View()); len(got) != 3 || got[0] != "1234567890" || got[1] != "123456789…" || got[2] != "abc" {
		t.Errorf("the page shows %q", got)
	}
}

// A value that is longer than its field shows its end, where the cursor is, before and after a resize.
func TestALongValueShowsItsEnd(t *testing.T) {
	d := newDriver(t, i18n.English, 40, 12)
	d.to(steps.AppID)
	d.paste(strings.Repeat("1", 50) + "9")
	d.wants("119 ")
	d.wizard.width = 60
	d.wants("119 ")
}

// The bar of the field in focus is in the foreground, as what has to be read: a palette's accent may have less than 4.5:1.
func TestTheBarOfTheFieldIsInTheForeground(t *testing.T) {
	lipgloss.SetColorProfile(termenv.ANSI)
	defer lipgloss.SetColorProfile(termenv.Ascii)
	if got, want := barred("a\nb\n"), "\x1b[1m┃\x1b[0m a\n\x1b[1m┃\x1b[0m b\n"; got != want {
		t.Errorf("the field is %q, want %q", got, want)
	}
}

// An address without its session is said to be read only, beside it; one that holds no session is not.
func TestAnAddressWithoutItsSessionIsSaidToBeReadOnly(t *testing.T) {
	for _, lang := range i18n.Languages {
		w := newDriver(t, lang, 80, 24).wizard
		note := lang.Text("wizard.read_only")
		if got := ansi.Strip(w.address("http://127.0.0.1:1/?session=SECRET", 80)); got != "http://127.0.0.1:1/\n"+note {
			t.Errorf("it is %q", got)
		}
		if got := ansi.Strip(w.address("https://www.coze.cn/open/oauth/apps", 80)); got != "https://www.coze.cn/open/oauth/apps" {
			t.Errorf("it is %q", got)
		}
	}
}
