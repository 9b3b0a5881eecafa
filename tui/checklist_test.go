//go:build !windows

// The screens show file modes.

package tui

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"cozejwt/internal/exchange"
	"cozejwt/internal/i18n"
	"cozejwt/internal/testfile"
	"cozejwt/internal/verification"
)

// checklistDriver is the checklist of a project with someone at its keys.
type checklistDriver struct {
	t    *testing.T
	dir  string
	list *checklist
	desk *desk
	quit bool
}

func newChecklistDriver(t *testing.T, lang i18n.Speaker, s *service, width, height int) *checklistDriver {
	t.Helper()
	w := newDriver(t, lang, width, height)
	w.giveKey()
	env := fmt.Sprintf("COZE_CLIENT_ID=%s\nCOZE_PUBLIC_KEY=%s\nCOZE_PRIVATE_KEY_PATH=config/private_key.pem\nCOZE_API_BASE=https://api.coze.cn\n", appID, keyID)
	testfile.Write(t, filepath.Join(w.dir, ".env"), env)
	d := &checklistDriver{t: t, dir: w.dir, desk: &desk{}}
	d.list = newChecklist(context.Background(), verification.Target{
		Dir: d.dir, EnvPath: filepath.Join(d.dir, ".env"), Getenv: func(string) string { return "" },
		Exchanger: exchange.Exchanger{
			Now:    func() time.Time { return time.Unix(1_800_000_000, 0) },
			Client: &http.Client{Transport: s}, Timeout: time.Minute,
		},
	}, verification.Live, lang, d.desk, func(rows []verification.Result) string { return fmt.Sprint(len(rows), " rows") })
	d.list.Update(tea.WindowSizeMsg{Width: width, Height: height})
	return d
}

func (d *checklistDriver) start() { d.run(d.list.Init()) }

func (d *checklistDriver) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		for _, c := range msg {
			d.run(c)
		}
	case tea.QuitMsg:
		d.quit = true
	case checkEvent, checksDone, repaired:
		_, next := d.list.Update(msg)
		d.run(next)
	}
}

func (d *checklistDriver) press(keys ...string) {
	d.t.Helper()
	for _, k := range keys {
		msg := tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(k)}
		if named, ok := namedKeys[k]; ok {
			msg = tea.KeyMsg{Type: named}
		}
		_, cmd := d.list.Update(msg)
		d.run(cmd)
	}
}

func (d *checklistDriver) screen() string {
	return strings.ReplaceAll(ansi.Strip(d.list.View()), d.dir, "/project")
}

func (d *checklistDriver) wants(texts ...string) {
	d.t.Helper()
	flat := strings.Join(strings.Fields(d.screen()), " ")
	for _, text := range texts {
		if !strings.Contains(flat, text) {
			d.t.Errorf("the screen lacks %q:\n%s", text, d.screen())
		}
	}
}

// both is a service that says the same to every call.
func both(s service) *service { return &s }

func TestChecklistScreens(t *testing.T) {
	for _, lang := range i18n.Languages {
		for _, size := range [][2]int{{120, 36}, {80, 24}, {40, 12}, {200, 50}} {
			name := fmt.Sprintf("verify-%s-%dx%d", lang, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				d := newChecklistDriver(t, lang, both(refusing), size[0], size[1])
				var all strings.Builder
				shot := func(what string) {
					wantFits(t, what, d.screen(), size[0], size[1])
					fmt.Fprintf(&all, "== %s ==\n%s\n", what, d.screen())
				}
				d.start()
				shot("refused")
				d.press("up", "up", "up")
				shot("another row")
				d.press("enter")
				shot("its details")
				d.press("a")
				shot("every check")
				wantGolden(t, filepath.Join("testdata", name+".golden"), all.String())
			})
		}
	}
}

func TestChecklistOpensTheWorstAndFixesIt(t *testing.T) {
	d := newChecklistDriver(t, i18n.English, both(refusing), 80, 40)
	key := filepath.Join(d.dir, "config", "private_key.pem")
	if err := os.Chmod(key, 0o644); err != nil {
		t.Fatal(err)
	}
	d.start()
	d.wants("❯ ✗ Key file mode", "Anyone who can read the key can act as your app", "f fix")
	d.press("f")
	d.wants("Can be fixed here", "Fix it? [y/N]")
	d.press("n")
	if info, _ := os.Stat(key); info.Mode().Perm() != 0o644 {
		t.Error("fixed without a yes")
	}
	d.press("f", "y")
	if info, _ := os.Stat(key); info.Mode().Perm() != 0o600 {
		t.Errorf("mode is %o", info.Mode().Perm())
	}
	d.wants("✓ Key ", "❯ ✗ Access token")
	d.press("a")
	d.wants("✓ Key file mode 0600")
	d.press("a")
	d.lacks("✓ Key file mode")
}

func TestChecklistAsksTheOtherRegionOnAYesAlone(t *testing.T) {
	d := newChecklistDriver(t, i18n.English, both(refusing), 100, 54)
	d.start()
	d.press("a")
	d.wants("the other region was not checked", "o check the other region")
	d.press("o")
	d.wants("Check https://api.coze.com too?")
	d.press("x")
	d.wants("the other region was not checked")
	d.press("o", "y")
	d.wants("https://api.coze.com does not know the app either")
}

func TestChecklistAsksWithinTheSmallestScreen(t *testing.T) {
	d := newChecklistDriver(t, i18n.English, both(refusing), 40, 12)
	swapped := fmt.Sprintf("COZE_CLIENT_ID=%s\nCOZE_PUBLIC_KEY=%s\nCOZE_PRIVATE_KEY_PATH=config/private_key.pem\nCOZE_API_BASE=https://api.coze.cn\n", keyID, appID)
	testfile.Write(t, filepath.Join(d.dir, ".env"), swapped)
	d.start()
	d.press("f")
	d.wants("Can be fixed here", "Fix it? [y/N]")
}

func TestChecklistExplainsWordsAndSpeaksBothLanguages(t *testing.T) {
	d := newChecklistDriver(t, i18n.English, both(refusing), 80, 40)
	d.start()
	d.press("?")
	d.wants("esc close")
	d.press("L")
	d.wants("esc 关闭")
	d.press("esc")
	d.wants("1 项失败", "q 退出")
	if d.quit {
		t.Error("esc quits")
	}
}

func TestChecklistCopiesRunsAgainAndQuits(t *testing.T) {
	d := newChecklistDriver(t, i18n.English, both(refusing), 80, 24)
	d.start()
	d.press("c")
	if d.desk.copied != "28 rows" {
		t.Errorf("copied %q", d.desk.copied)
	}
	d.wants("Report copied")
	d.press("r")
	d.wants("1 failed")
	d.press("q")
	if !d.quit {
		t.Error("q does not quit")
	}
}

func (d *checklistDriver) lacks(text string) {
	d.t.Helper()
	if strings.Contains(d.screen(), text) {
		d.t.Errorf("the screen shows %q:\n%s", text, d.screen())
	}
}
