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
	"cozejwt/internal/steps"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

func TestEnterAndTwoPastesLeadToALiveToken(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.to(steps.Done)
	d.wants("Step 9/9", ".env works", "✓ Coze issued an access token")
	d.press("enter")
	if !d.quit || !d.wizard.finished {
		t.Error("Enter on the last step does not finish")
	}
	if env, err := os.ReadFile(filepath.Join(d.dir, ".env")); err != nil || !strings.Contains(string(env), "COZE_CLIENT_ID="+appID) {
		t.Errorf(".env is %q, %v", env, err)
	}
	if d.wizard.run.FindDraft() != nil {
		t.Error("a finished run left a draft")
	}
}

func TestFirstLineNamesTheStep(t *testing.T) {
	for _, lang := range i18n.Languages {
		d := newDriver(t, lang, 80, 24)
		for _, st := range d.wizard.steps() {
			d.to(st.ID)
			first, _, _ := strings.Cut(d.screen(), "\n")
			if !strings.HasSuffix(first, lang.Text("step."+st.ID)) || !strings.Contains(first, "/9") {
				t.Errorf("first line is %q", first)
			}
		}
	}
}

func TestBackKeepsWhatWasEntered(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.to(steps.AppID)
	d.typeText("12345")
	d.press("esc", "enter")
	d.wants("❯ 12345")
	d.press("ctrl+u")
	d.typeText(appID)
	d.press("enter")
	d.typeText("half-a-key")
	d.press("esc")
	d.wants("App ID", "❯ "+appID)
	d.press("enter")
	d.wants("Key ID", "❯ half-a-key")
	for range 12 {
		d.press("esc")
	}
	if d.step() != steps.Region {
		t.Errorf("Esc ended at %s", d.step())
	}
}

func TestAPasteTakesThePlaceOfWhatStood(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.to(steps.AppID)
	d.typeText("999")
	d.paste("export COZE_CLIENT_ID=\"" + appID + "\"\r\n")
	d.wants("❯ " + appID)
	d.lacks("999")
}

func TestNewlinesInAPasteAreNotEnter(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.to(steps.AppID)
	d.paste("\n" + appID + "\n\n")
	if d.step() != steps.AppID {
		t.Errorf("the paste continued to %s", d.step())
	}
}

func TestAPastedPrivateKeyIsNeverShown(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.to(steps.KeyID)
	d.paste(string(keygen.EncodePrivate(testkey.RSA())))
	d.wants("this is a private key")
	if strings.Contains(d.wizard.View(), "BEGIN PRIVATE") {
		t.Errorf("the key is on the screen:\n%s", d.wizard.View())
	}
	d.press("enter")
	if d.step() != steps.KeyID {
		t.Error("an empty value was taken")
	}
}

func TestAKeyThatIsTypedLeavesTheScreen(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.to(steps.AppID)
	pem := strings.Split(string(keygen.EncodePrivate(testkey.RSA())), "\n")
	d.typeText(pem[0]) // as a terminal without bracketed paste would
	d.wants("this is a private key")
	d.press("enter")
	d.typeText(pem[1])
	d.press("enter")
	d.lacks(pem[1][:4], pem[1][60:])
	if d.step() != steps.AppID {
		t.Error("a piece of a key was taken")
	}
	d.press("backspace")
	d.typeText(appID)
	d.press("enter")
	if d.step() != steps.KeyID {
		t.Error("the field stays blocked")
	}
}

func TestAVeryLongPasteIsBounded(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.to(steps.KeyID)
	d.paste(strings.Repeat("密钥abc ", 1<<17))
	if n := len([]rune(d.wizard.view.(*formView).input.Value())); n > maxTyped {
		t.Errorf("the field holds %d characters", n)
	}
	wantFits(t, "long paste", d.screen(), 80, 24)
}

func TestMistakesAreNamedAsTyped(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.to(steps.AppID)
	d.typeText(keyID)
	d.wants("this is a Key ID (43 characters), not an App ID")
	d.press("enter")
	if d.step() != steps.AppID {
		t.Error("a sure mistake was let through")
	}
}

func TestADoubtMayBePassed(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.to(steps.KeyID)
	d.typeText("test-key-1")
	d.wants("usually have 43")
	d.press("enter")
	if d.step() == steps.KeyID {
		t.Errorf("a doubt was a wall at %s", d.step())
	}
}

func TestUploadCopiesOpensAndSwitches(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.to(steps.Upload)
	made := d.publicPEM()
	d.press("c")
	if d.desk.copied != made {
		t.Errorf("copied %q", d.desk.copied)
	}
	d.press("o")
	if d.desk.opened != "https://www.coze.cn/open/oauth/apps" {
		t.Errorf("opened %q", d.desk.opened)
	}
	d.wants("Opening the page")
	d.press("k")
	d.wants("Step 3/9", "Path of the private key")
	d.press("esc")
	d.wants("Step 4/9", "-----BEGIN PUBLIC KEY-----") // where k led away from
	d.press("up", "enter", "enter")
	if d.step() == steps.Upload && d.publicPEM() != made {
		t.Error("the pair that was made is lost")
	}
}

func TestSwitchingToTheConsoleKeyKeepsThePairThatWasMade(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	download := filepath.Join(t.TempDir(), "private_key.pem")
	if err := os.WriteFile(download, keygen.EncodePrivate(testkey.RSA()), 0o600); err != nil {
		t.Fatal(err)
	}
	d.to(steps.Upload)
	d.press("k")
	d.paste("'" + download + "'\n")
	d.press("enter")
	d.wants("Delete the downloaded original")
	d.press("enter")
	d.wants("Step 5/9", "[Authorize] (授权)") // the upload is passed over, but not what it says last
	copies, err := filepath.Glob(filepath.Join(d.dir, "config", "private_key.pem.bak-*"))
	if err != nil || len(copies) != 1 {
		t.Errorf("copies of the first pair: %v, %v", copies, err)
	}
	key, err := keygen.Load(filepath.Join(d.dir, "config", "private_key.pem"))
	if err != nil || !key.Private.Equal(testkey.RSA()) {
		t.Errorf("the key in place is another: %v", err)
	}
}

func TestABrowserThatDoesNotOpenIsSaidSo(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.press("down", "enter", "o")
	d.wants("Could not open a browser")
}

func TestAChoiceIsTheOneOnTheScreen(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.giveKey()
	d.to(steps.Key)
	d.press("down", "down") // the console's key, third of three
	if err := os.Remove(filepath.Join(d.dir, "config", "private_key.pem")); err != nil {
		t.Fatal(err)
	}
	d.press("enter")
	if d.setup.Source != steps.ImportKey {
		t.Errorf("chosen is %s", d.setup.Source)
	}
	d.wants("Path of the private key")
}

func TestAnExistingKeyIsOfferedAndSafe(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.giveKey()
	d.to(steps.Key)
	d.wants("❯ 1. Use config/private_key.pem: 2048 bits, SHA-256 0123456789abcdef…", "saved 2 days ago")
	d.press("down", "enter", "enter")
	d.wants("is unchanged: the answer was not yes")
	d.typeText("yes")
	d.press("enter")
	if d.step() != steps.Upload || d.setup.Key.Equal(testkey.RSA()) {
		t.Errorf("at %s after a typed yes", d.step())
	}
}

func TestARefusalGoesToTheStepThatFixesItAndNothingIsTypedAgain(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	*d.service = refusing
	d.to(steps.Test)
	d.wants("kid not been registred", "Most likely cause", "1. App ID or Key ID is mistyped", "3. The app has no key with this Key ID", "enter fix: App ID", "r retry")
	d.press("r")
	d.wants("kid not been registred")
	d.press("enter")
	if d.step() != steps.AppID {
		t.Fatalf("Enter went to %s", d.step())
	}
	*d.service = granting
	d.wants("❯ " + appID)
	d.press("enter")
	d.wants("❯ " + keyID)
	d.press("enter", "enter")
	d.wants("✓ Coze issued an access token", "abcdefgh…")
	d.lacks("abcdefghi")
}

func TestATestCanBeCancelled(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.service.block = make(chan struct{})
	d.to(steps.Review)
	ended := make(chan tea.Msg)
	d.begin(tea.KeyMsg{Type: tea.KeyEnter}, ended) // the review writes
	d.begin(<-ended, ended)                        // the test is arrived at
	d.begin(<-ended, ended)                        // and asks, and gets no answer
	d.wants("Connect to api.coze.cn", "esc cancel")
	d.press("enter") // means nothing now
	d.press("esc")
	d.send(<-ended)
	d.wants("Cancelled before Coze answered.", "r retry")
	*d.service = granting
	d.press("r")
	d.wants("✓ Coze issued an access token")
}

func TestCtrlCKeepsTheRunForLater(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.to(steps.KeyID)
	d.press("ctrl+c")
	if !d.quit || d.wizard.finished {
		t.Fatal("Ctrl+C does not leave")
	}
	d.open(i18n.English, 80, 24)
	d.wants("Resume where you left off?", "❯ 1. Resume")
	d.press("enter")
	if d.step() != steps.KeyID || d.setup.AppID != appID {
		t.Errorf("continued at %s with App ID %s", d.step(), d.setup.AppID)
	}
	d.to(steps.Done)
}

func TestARunCanBeBegunAnew(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.to(steps.KeyID)
	d.press("ctrl+c")
	d.open(i18n.English, 80, 24)
	d.press("down", "enter")
	if d.step() != steps.Region || d.setup.AppID != "" {
		t.Errorf("began at %s with App ID %q", d.step(), d.setup.AppID)
	}
}

func TestCredentialsThatChangedSinceTheReviewAreNotOverwritten(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.to(steps.Review)
	env := filepath.Join(d.dir, ".env")
	if err := os.WriteFile(env, []byte("COZE_CLIENT_ID=1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d.press("enter")
	d.wants("COZE_CLIENT_ID changed during this run")
	if text, _ := os.ReadFile(env); string(text) != "COZE_CLIENT_ID=1\n" {
		t.Errorf(".env is %q", text)
	}
}

func TestHyperlinksAndColoursStayWithinThePalette(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.press("enter")
	view := d.wizard.View()
	if !strings.Contains(view, ansi.SetHyperlink("https://www.coze.cn/open/oauth/apps", "id=https://www.coze.cn/open/oauth/apps")) {
		t.Error("the URL is no hyperlink")
	}
	if strings.Contains(view, "38;2;") || strings.Contains(view, "38;5;") {
		t.Error("a colour is not of the 16")
	}
}

func TestLeftoverErrorsAreNotForgotten(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.to(steps.Review)
	d.wizard.view.failed(errors.New("disk on fire"))
	d.wants("✗ disk on fire")
}

// What a person types while a step is being worked out is for that step.
func TestKeysTypedAheadAreNotLost(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.to(steps.KeyID)
	d.paste(keyID)
	_, cmd := d.wizard.Update(tea.KeyMsg{Type: tea.KeyEnter})
	if d.wizard.job == nil || !d.wizard.job.short {
		t.Fatalf("the review is not being worked out at %s", d.step())
	}
	d.press("enter") // before it is there
	d.run(cmd)
	if d.step() == steps.Review {
		t.Errorf("the key was lost:\n%s", d.screen())
	}
}
