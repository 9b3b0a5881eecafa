package tui

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/bubbles/spinner"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"cozejwt/internal/exchange"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/rotation"
	"cozejwt/internal/setup"
	"cozejwt/internal/steps"
	"cozejwt/internal/switching"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

const (
	appID = testkey.AppID
	keyID = testkey.KeyID
)

// service answers token calls in place of the network.
type service struct {
	status int
	body   string
	block  chan struct{} // not nil: the answer waits for it, or for the caller to leave
}

var granting = service{200, `{"access_token":"abcdefghijkl","expires_in":1800000900}`, nil}

var refusing = service{401, `{"error_code":"invalid_client","error_message":"invalid jwt: kid not been registred"}`, nil}

func (s *service) RoundTrip(r *http.Request) (*http.Response, error) {
	if s.block != nil {
		select {
		case <-s.block:
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	return &http.Response{
		StatusCode: s.status, Header: http.Header{"X-Tt-Logid": {"20261123000000abcdef"}},
		Body: io.NopCloser(strings.NewReader(s.body)), Request: r,
	}, nil
}

// desk remembers what was copied and opened.
type desk struct{ copied, opened string }

func (d *desk) Copy(text string) { d.copied = text }

func (d *desk) Open(url string) error {
	d.opened = url
	if strings.Contains(url, "coze.com") {
		return errors.New("no browser")
	}
	return nil
}

// driver is a wizard with someone at its keys.
type driver struct {
	t       testing.TB
	dir     string
	state   string
	setup   *setup.Setup // the plan, where it is the one that creates an app
	wizard  *Wizard
	desk    *desk
	service *service
	quit    bool
}

// TestMain sets the time zone of the screens, once: jobs of a test that has ended may
// still read it.
func TestMain(m *testing.M) {
	time.Local = time.UTC
	if where := os.Getenv(crashVariable); where != "" {
		crashAt(where)
	}
	os.Exit(m.Run())
}

func newDriver(t testing.TB, lang i18n.Speaker, width, height int) *driver {
	t.Helper()
	d := &driver{t: t, dir: t.TempDir(), state: t.TempDir(), desk: &desk{}, service: &service{}}
	*d.service = granting
	d.open(lang, width, height)
	return d
}

// open starts the wizard, as a person does who comes back.
func (d *driver) open(lang i18n.Speaker, width, height int) {
	d.t.Helper()
	openPlan(d, setup.Open, lang, width, height)
}

// openPlan starts the wizard for one of the plans.
func openPlan[P interface{ Walk() *flow.Run }](d *driver, open func(steps.Deps, string, string) (P, error), lang i18n.Speaker, width, height int) P {
	d.t.Helper()
	p, err := open(steps.Deps{
		Exchanger: exchange.Exchanger{
			Now:    func() time.Time { return time.Unix(1_800_000_000, 0) },
			Client: &http.Client{Transport: d.service}, StateDir: d.state,
		},
		GenerateKey: testkey.Pool(),
	}, d.dir, filepath.Join(d.dir, ".env"))
	if err != nil {
		d.t.Fatal(err)
	}
	d.setup, _ = any(p).(*setup.Setup)
	d.quit = false
	d.wizard = New(context.Background(), p.Walk(), lang, d.desk)
	d.send(tea.WindowSizeMsg{Width: width, Height: height})
	d.run(d.wizard.Init())
	return p
}

// rotate starts a rotation in a project whose key two files name.
func (d *driver) rotate() {
	d.t.Helper()
	d.giveKey()
	text := "COZE_CLIENT_ID=" + appID + "\nCOZE_PUBLIC_KEY=" + keyID + "\nCOZE_PRIVATE_KEY_PATH=config/private_key.pem\nCOZE_API_BASE=https://api.coze.cn\n"
	for _, name := range []string{".env", ".env.production"} {
		testfile.Write(d.t, filepath.Join(d.dir, name), text)
	}
	openPlan(d, rotation.Open, d.wizard.lang, d.wizard.width, d.wizard.height)
}

// use starts the switch to another set.
func (d *driver) use() *switching.Switching {
	d.t.Helper()
	return openPlan(d, switching.Open, d.wizard.lang, d.wizard.width, d.wizard.height)
}

// publicPEM is the public key that the upload step shows.
func (d *driver) publicPEM() string {
	d.t.Helper()
	key, ok := flow.Shown[steps.PublicKey](d.wizard.step())
	if !ok {
		d.t.Fatalf("no key is shown:\n%s", d.screen())
	}
	return key.PEM
}

// send delivers a message and then all that follows from it.
func (d *driver) send(msg tea.Msg) {
	d.t.Helper()
	_, cmd := d.wizard.Update(msg)
	d.run(cmd)
}

func (d *driver) run(cmd tea.Cmd) {
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
	case spinner.TickMsg, nil:
	default:
		d.send(msg)
	}
}

// begin delivers a message and lets the work that follows run beside; its end
// comes over the channel.
func (d *driver) begin(msg tea.Msg, ended chan<- tea.Msg) {
	d.t.Helper()
	_, cmd := d.wizard.Update(msg)
	inBackground(cmd, ended)
}

func inBackground(cmd tea.Cmd, ended chan<- tea.Msg) {
	if cmd == nil {
		return
	}
	go func() {
		switch msg := cmd().(type) {
		case tea.BatchMsg:
			for _, c := range msg {
				inBackground(c, ended)
			}
		case jobDone:
			ended <- msg
		}
	}()
}

var namedKeys = map[string]tea.KeyType{
	"enter": tea.KeyEnter, "esc": tea.KeyEsc, "up": tea.KeyUp, "down": tea.KeyDown,
	"pgdown": tea.KeyPgDown, "backspace": tea.KeyBackspace, "ctrl+c": tea.KeyCtrlC, "ctrl+u": tea.KeyCtrlU,
}

// press presses keys, each by its name or as a character.
func (d *driver) press(keys ...string) {
	d.t.Helper()
	for _, k := range keys {
		if named, ok := namedKeys[k]; ok {
			d.send(tea.KeyMsg{Type: named})
			continue
		}
		d.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(k)})
	}
}

func (d *driver) typeText(text string) {
	d.t.Helper()
	for _, r := range text {
		d.press(string(r))
	}
}

func (d *driver) paste(text string) {
	d.t.Helper()
	d.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text), Paste: true})
}

// to continues with Enter until the step of an id is on.
func (d *driver) to(id string) {
	d.t.Helper()
	for range 20 {
		if d.step() == id {
			return
		}
		switch d.step() {
		case steps.AppID:
			d.paste(appID)
		case steps.KeyID:
			d.paste(keyID)
		}
		d.press("enter")
	}
	d.t.Fatalf("never came to %s:\n%s", id, d.screen())
}

func (d *driver) step() string {
	if d.wizard.at < 0 {
		return "resume"
	}
	return d.wizard.step().ID
}

// base64Line is a line of a key, which is another one in each run.
var (
	madeKey     = regexp.MustCompile(`_key_20270115_[0-9a-f]{1,8}`)
	base64Line  = regexp.MustCompile(`(?m)^[A-Za-z0-9+/=]{8,64}$|(?:^| )[A-Za-z0-9+/]{64}$|(?:^| )[A-Za-z0-9+/]{0,7}IDAQAB$`)
	notSpace    = regexp.MustCompile(`[^ ]`)
	fingerprint = regexp.MustCompile(`[0-9a-f]{16}…`)
)

// screen is what is seen, without colours, with what changes from run to run
// made the same.
func (d *driver) screen() string {
	text := ansi.Strip(d.wizard.View())
	text = base64Line.ReplaceAllStringFunc(text, func(s string) string { return notSpace.ReplaceAllString(s, "x") })
	text = madeKey.ReplaceAllStringFunc(text, func(s string) string { return "_key_20270115_" + "01234567"[:len(s)-len("_key_20270115_")] })
	text = fingerprint.ReplaceAllString(text, "0123456789abcdef…")
	return strings.ReplaceAll(text, d.dir, "/project")
}

func (d *driver) wants(texts ...string) {
	d.t.Helper()
	flat := strings.Join(strings.Fields(d.screen()), " ")
	for _, text := range texts {
		if !strings.Contains(flat, text) {
			d.t.Errorf("the screen lacks %q:\n%s", text, d.screen())
		}
	}
}

func (d *driver) lacks(texts ...string) {
	d.t.Helper()
	for _, text := range texts {
		if strings.Contains(d.screen(), text) {
			d.t.Errorf("the screen shows %q:\n%s", text, d.screen())
		}
	}
}

// giveKey puts a key of the test's own into the project.
func (d *driver) giveKey() {
	d.t.Helper()
	path := filepath.Join(d.dir, "config", "private_key.pem")
	if _, err := keygen.Save(path, testkey.RSA(), keygen.Refuse, time.Now()); err != nil {
		d.t.Fatal(err)
	}
	old := time.Unix(1_800_000_000, 0).Add(-48 * time.Hour)
	if err := os.Chtimes(path, old, old); err != nil {
		d.t.Fatal(err)
	}
}
