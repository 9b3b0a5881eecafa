package tui

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"cozejwt/internal/coze"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/setup"
	"cozejwt/internal/steps"
	"cozejwt/internal/testfile"
)

func TestEscAtTheBeginningReturnsToTheMenu(t *testing.T) {
	for _, menu := range []bool{true, false} {
		d := newDriver(t, i18n.English, 80, 24)
		d.wizard.menu = menu
		if menu {
			d.wants("esc menu")
		} else {
			d.lacks("esc ")
		}
		d.press("esc")
		if d.quit != menu || d.wizard.toMenu != menu {
			t.Errorf("with a menu %v: it quits %v, to the menu %v", menu, d.quit, d.wizard.toMenu)
		}
	}
}

func TestEscLaterReturnsToTheStepBeforeThoughThereIsAMenu(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.wizard.menu = true
	d.to(steps.Key)
	d.wants("esc back")
	d.lacks("esc menu")
	d.press("esc")
	if d.step() != steps.App || d.quit || d.wizard.toMenu {
		t.Errorf("at %s, quits %v", d.step(), d.quit)
	}
}

func TestEscInATextFieldIsBackAlsoAtTheBeginning(t *testing.T) {
	d := walk(t, questionAt(steps.AppID, "app_id"))
	d.wizard.menu = true
	d.wants("esc back")
	d.lacks("esc menu")
	a := ask(t, flow.Field{ID: "app_id"})
	a.wizard.menu = true
	a.wants("esc menu")
	a.lacks("esc back")
}

func TestEscAtTheQuestionToResumeReturnsToTheMenu(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.to(steps.KeyID)
	d.press("ctrl+c")
	d.open(i18n.English, 80, 24)
	d.lacks("esc ")
	d.wizard.menu = true
	d.wants("esc menu")
	d.press("esc")
	if !d.quit || !d.wizard.toMenu {
		t.Error("Esc does not lead to the menu")
	}
}

func TestTheLetterQLeavesWhereNothingIsTyped(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.to(steps.Key)
	d.wants("q quit")
	d.press("q")
	if !d.quit || d.wizard.finished {
		t.Error("q does not leave")
	}
	d.open(i18n.English, 80, 24)
	d.press("enter") // resumed
	d.to(steps.AppID)
	d.wants("ctrl+c quit")
	d.lacks("q quit ", "? help")
	d.press("q", "?", "L")
	d.wants("❯ q?L")
	if d.quit {
		t.Error("q in a text field leaves")
	}
	d.press("ctrl+u")
	d.to(steps.Done)
	d.press("q")
	if !d.quit || !d.wizard.finished {
		t.Error("q at the end does not finish")
	}
}

func TestAResumedRunBeginsWithoutAQuestionWhereItIsAskedFor(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.to(steps.KeyID)
	d.press("ctrl+c")
	d.openWith(func(s *setup.Setup) { s.Resumes = true })
	if d.step() != steps.KeyID {
		t.Errorf("it begins at %s", d.step())
	}
}

func TestARefusalThatBeginsTheRunIsExplained(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	*d.service = refusing
	d.to(steps.Test)
	refused := d.wizard.run.Diagnose(&coze.Refusal{Status: 401, Code: "invalid_client", Message: "invalid jwt: kid not been registred"})
	openPlan(d, func(env steps.Deps, dir, envPath string) (*setup.Setup, error) {
		return setup.OpenFix(env, dir, envPath, refused)
	}, i18n.English, 80, 24)
	d.wants("✗ invalid_client: invalid jwt: kid not been registred", "Key ID", "❯ "+keyID)
	if d.step() != steps.KeyID {
		t.Errorf("it begins at %s", d.step())
	}
	d.press("esc")
	d.lacks("kid not been registred")
}

// What was replaced by refused credentials comes back on demand alone.
func TestARefusedRunKeepsOrRestoresWhatWasThere(t *testing.T) {
	for pressed, keeps := range map[string]bool{"u": false, "k": true} {
		d := newDriver(t, i18n.English, 80, 40)
		d.giveKey()
		testfile.Write(t, filepath.Join(d.dir, ".env"), "COZE_CLIENT_ID=2234567890123\nCOZE_PUBLIC_KEY=_New-"+keyID[5:]+"\nCOZE_PRIVATE_KEY_PATH=config/private_key.pem\nCOZE_API_BASE=https://api.coze.cn\n")
		d.open(i18n.English, 80, 40)
		d.to(steps.AppID)
		*d.service = refusing
		d.to(steps.Test)
		d.wants(i18n.English.Text("key.restore"), i18n.English.Text("key.keep"), i18n.English.Text("restore.offer", "path", ".env"))
		d.press(pressed)
		if !d.quit || d.setup.KeepRefused != keeps || d.wizard.run.CanUndo() == keeps {
			t.Errorf("%s: it quits %v, keeps %v", pressed, d.quit, d.setup.KeepRefused)
		}
	}
}

func TestNothingIsRestoredWhereNothingWasThere(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 40)
	*d.service = refusing
	d.to(steps.Test)
	d.lacks("now holds the new values", i18n.English.Text("key.restore"), i18n.English.Text("key.untested"), "f fix")
	d.press("u", "k", "s", "f", "x")
	if d.quit || d.step() != steps.Test || d.setup.KeepRefused || d.setup.Skipped || d.wizard.correct != nil {
		t.Errorf("at %s, it quits %v", d.step(), d.quit)
	}
}

func TestARefusedRunGoesOnWhereItIsFixed(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 40)
	*d.service = refusing
	d.to(steps.Test)
	d.press("ctrl+c")
	d.open(i18n.English, 80, 40)
	d.press("enter")
	if d.step() != steps.AppID {
		t.Errorf("it goes on at %s", d.step())
	}
}

func TestARefusedProfileCanBeCorrected(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 40)
	d.rotate()
	testfile.Write(t, filepath.Join(d.dir, ".env.other"), "COZE_CLIENT_ID=2234567890123\nCOZE_PUBLIC_KEY="+keyID+"\nCOZE_PRIVATE_KEY_PATH=config/private_key.pem\nCOZE_API_BASE=https://api.coze.cn\n")
	*d.service = refusing
	d.use()
	d.press("enter")
	d.wants("f fix")
	d.press("f")
	if !d.quit || d.wizard.correct == nil || d.wizard.correct.ID != "kid_unknown" {
		t.Errorf("it quits %v to correct %+v", d.quit, d.wizard.correct)
	}
}

// A job has its things in order before the wizard is gone.
func TestCtrlCDuringAJobWaitsForItsEnd(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.service.block = make(chan struct{})
	d.to(steps.Review)
	ended := make(chan tea.Msg)
	d.begin(tea.KeyMsg{Type: tea.KeyEnter}, ended)
	d.begin(<-ended, ended)
	d.begin(<-ended, ended) // the test asks, and gets no answer
	d.press("ctrl+c")
	if d.quit || !d.wizard.leaving {
		t.Errorf("it quits %v before the job has ended", d.quit)
	}
	d.send(<-ended)
	if !d.quit {
		t.Error("it does not quit at the end of the job")
	}
}

func TestTheEndOfAJobThatIsNotUnderWayIsIgnored(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	followed, recorded := false, false
	stale := &job{then: func(error) tea.Cmd { followed = true; return nil }}
	d.send(jobDone{stale, func() { recorded = true }, nil})
	if followed || recorded {
		t.Errorf("it was followed %v, recorded %v", followed, recorded)
	}
}

func TestAJobWithoutAnEffectIsSettled(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	ended := d.underway(func(ctx context.Context) (flow.Effect, error) {
		<-ctx.Done()
		return nil, errors.New("called off")
	})
	d.wizard.settle()
	<-ended
	if d.wizard.job != nil {
		t.Error("the job is still under way")
	}
}
