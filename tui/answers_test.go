package tui

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"cozejwt/internal/coze"
	"cozejwt/internal/i18n"
	"cozejwt/internal/setup"
	"cozejwt/internal/steps"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

// openWith starts the wizard after something has changed its plan, as flags do.
func (d *driver) openWith(change func(*setup.Setup)) {
	d.t.Helper()
	openPlan(d, func(env steps.Deps, dir, envPath string) (*setup.Setup, error) {
		env.Downloads = []string{filepath.Join(d.state, "downloads")}
		s, err := setup.Open(env, dir, envPath)
		if err == nil {
			change(s)
		}
		return s, err
	}, i18n.English, 120, 36)
}

func TestWhatAFlagGivesIsNotAskedAgain(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.openWith(func(s *setup.Setup) {
		s.TakeBase(coze.CN, coze.CN.Base())
		if err := s.Take(map[string]string{"app-id": appID}); err != nil {
			t.Fatal(err)
		}
	})
	d.wants("Step 2/9", "✓ Region cn")
	d.press("esc", "esc")
	d.wants("Step 2/9") // there is nothing to go back to
	d.to(steps.Upload)
	d.press("enter")
	d.wants("Step 6/9 Key ID", "✓ App ID 1234567890123")
	d.press("esc")
	d.wants("Step 4/9")
}

func TestAnAnswerSaysWhereItCameFrom(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	testfile.Write(t, filepath.Join(d.dir, ".env"), "COZE_CLIENT_ID="+appID+"\n")
	d.open(i18n.English, 80, 24)
	for d.step() != steps.AppID {
		d.press("enter")
	}
	d.wants("Current value in the .env.")
	d.press("backspace")
	d.lacks("Current value in the .env.")
}

func TestADownloadThatArrivesIsNoticed(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.openWith(func(*setup.Setup) {})
	d.to(steps.Upload)
	d.press("k")
	d.lacks("private_key.pem,")
	download := filepath.Join(d.state, "downloads", "private_key.pem")
	if err := os.MkdirAll(filepath.Dir(download), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(download, keygen.EncodePrivate(testkey.RSA()), 0o600); err != nil {
		t.Fatal(err)
	}
	now := time.Unix(1_800_000_000, 0).Add(-3 * time.Second)
	if err := os.Chtimes(download, now, now); err != nil {
		t.Fatal(err)
	}
	d.send(lookAgain{d.wizard.visit})
	d.wants("private_key.pem, 3 seconds old")
	d.press("enter")
	d.wants("Delete the downloaded original")
}

func TestAnotherPairIsOfferedWhereOneWasMade(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.to(steps.Upload)
	made := d.publicPEM()
	d.press("esc")
	d.wants("❯ 1. Use the key pair made", "2. Generate another key pair")
	d.press("enter")
	if d.publicPEM() != made {
		t.Error("the pair that was made is lost")
	}
	d.press("esc", "2", "enter")
	if d.step() != steps.Upload || d.publicPEM() == made {
		t.Errorf("at %s with the same pair", d.step())
	}
}

// What is seen after an answer has changed is of no use.
func TestALookIsDroppedOnceTheAnswerChanges(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.to(steps.Key)
	_, cmd := d.wizard.Update(lookAgain{d.wizard.visit})
	d.wizard.version++
	seen := false
	msg := cmd().(looked)
	msg.effect = func() { seen = true }
	d.wizard.Update(tea.Msg(msg))
	if seen {
		t.Error("an old look was recorded")
	}
}

func TestAnExistingAppSkipsWhatIsDone(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.to(steps.App)
	d.wants("Already have a JWT app? Press e.", "[Create new app]")
	d.press("e")
	d.lacks("[Create new app]")
	d.wants("Give each developer and each machine a key of its own", "[Configuration]")
	d.to(steps.Upload)
	d.wants("[Public & Private Keys]")
	d.lacks("[OK]", "[Authorize]")
	d.to(steps.Done)
}

func TestPointsAreTickedOff(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.to(steps.App)
	d.wants("● 1. Open the page", "○ 2.")
	d.press(" ", " ")
	d.wants("✓ 1. Open the page", "✓ 2.", "● 3.")
	d.press("enter", "esc")
	d.wants("✓ 2.", "● 3.")
	d.press(" ", " ", " ", " ")
	d.wants("● 1.")
}

func TestARefusedSwitchCanBeMadeAnyway(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.rotate()
	text := "COZE_CLIENT_ID=2234567890123\nCOZE_PUBLIC_KEY=" + keyID + "\nCOZE_PRIVATE_KEY_PATH=config/private_key.pem\nCOZE_API_BASE=https://api.coze.cn\n"
	testfile.Write(t, filepath.Join(d.dir, ".env.other"), text)
	*d.service = refusing
	d.use()
	d.press("enter")
	d.wants("kid not been registred", "s switch anyway")
	d.press("s")
	d.wants("Review the changes. They are not tested.")
	d.press("enter")
	d.wants("is switched to profile other")
}

func TestTheConsoleOfTheOtherRegionHasNoChineseLabels(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.press("down", "enter") // coze.com, the second region
	d.wants("Step 2", "[Create new app].", "App type: [Normal]. Client type: [Service app].")
	d.lacks("创建新应用", "授权")
	d.press("esc", "up", "enter")
	d.wants("[Create new app] (创建新应用)")
}
