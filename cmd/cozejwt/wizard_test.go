//go:build unix

package main

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"cozejwt/envfile"
	"cozejwt/internal/credentials"
	"cozejwt/internal/i18n"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

const (
	testAppID = testkey.AppID
	testKeyID = testkey.KeyID
)

// home is an environment of its own for a program: no state, no settings.
func home(t testing.TB) []string {
	t.Helper()
	dir := t.TempDir()
	return []string{"HOME=" + dir, "XDG_STATE_HOME=" + filepath.Join(dir, "state"), "LANG=C.UTF-8", mark + "=" + strconv.Itoa(os.Getpid()), atOnce[0] + "=" + atOnce[1]}
}

// titles are the steps as their first line names them.
var titles = []string{"Region", "Create the app", "Key pair", "Upload the public key", "App ID", "Key ID", "Review", "Token test", "Done"}

func stepLine(n int) string { return "Step " + strconv.Itoa(n) + "/9  " + titles[n-1] }

// chooseSandbox answers the first step and walks to another.
func (term *terminal) chooseSandbox(to int) {
	term.t.Helper()
	term.wait(stepLine(1))
	if to > 1 {
		term.press("3\r")
		term.walk(to)
	}
}

// walk presses Enter from step 2 on, the first that a flag does not answer,
// until the step is there and has settled.
func (term *terminal) walk(to int) {
	term.t.Helper()
	for n := 2; n <= to; n++ {
		term.wait(stepLine(n))
		if n == 8 {
			term.wait("✓ The sandbox issued an access token")
		}
		if n < to {
			term.press("\r")
		}
	}
}

func TestWizardWalksFromFirstFrameToLiveToken(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	term := start(t, answering, 80, 24, home(t), build(t, "."), "--dir", dir)
	term.chooseSandbox(9)
	if first, _, _ := strings.Cut(term.text(), "\n"); strings.TrimSpace(first) != stepLine(9) {
		t.Errorf("first line is %q, want %q", first, stepLine(9))
	}
	term.press("\r")
	if code := term.exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	wantRestored(t, term)
	if !strings.Contains(term.text(), "Written: .env") {
		t.Errorf("nothing is left in the scrollback:\n%s", term.text())
	}
	wantSet(t, filepath.Join(dir, ".env"))
}

// wantSet checks that a .env holds complete credentials and that its key is there.
func wantSet(t *testing.T, path string) {
	t.Helper()
	f, err := envfile.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	set, _, _ := credentials.Read(f)
	if set.AppID == "" || set.KeyID == "" || set.APIBase == "" {
		t.Errorf("the set is %+v", set)
	}
	if _, err := keygen.Load(set.KeyFile(path)); err != nil {
		t.Error(err)
	}
}

func TestWizardTakesPastedValuesAndFixesARefusal(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	coze := &foreignCoze{appID: testAppID}
	server := httptest.NewServer(coze)
	defer server.Close()
	term := start(t, answering, 80, 24, home(t), build(t, "."), "--api-base", server.URL, "--dir", dir)
	term.walk(5)
	term.paste("COZE_CLIENT_ID=\"" + testAppID + "\"\n")
	term.wait("❯ " + testAppID)
	term.press("\r")
	term.wait(stepLine(6))
	term.paste(testKeyID + "\r\n")
	term.wait("❯ " + testKeyID)
	term.press("\r")
	term.wait(stepLine(7))
	term.press("\r")
	term.wait("kid not been registred")
	public, err := keygen.LoadPublic(filepath.Join(dir, "config", "public_key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	coze.register(testKeyID, public) // someone uploads it
	term.press("r")
	term.wait("✓ Coze issued an access token")
	term.press("\r")
	term.wait(stepLine(9))
	term.press("\r")
	if code := term.exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	wantSet(t, filepath.Join(dir, ".env"))
}

func TestWizardUsesAnExistingApp(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	coze := &foreignCoze{appID: testAppID}
	server := httptest.NewServer(coze)
	defer server.Close()
	term := start(t, answering, 80, 24, home(t), build(t, "."), "--api-base", server.URL, "--dir", dir)
	term.wait("Already have a JWT app?")
	term.press("e")
	term.wait("The number of keys is limited")
	term.press("\r")
	term.wait(stepLine(3))
	term.press("\r")
	term.wait(stepLine(4))
	public, err := keygen.LoadPublic(filepath.Join(dir, "config", "public_key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	coze.register(testKeyID, public)
	term.press("\r")
	term.wait(stepLine(5))
	term.paste(testAppID)
	term.wait(testAppID)
	term.press("\r")
	term.wait(stepLine(6))
	term.paste(testKeyID)
	term.wait(testKeyID)
	term.press("\r")
	term.wait(stepLine(7))
	term.press("\r")
	term.wait("✓ Coze issued an access token")
	term.press("\r")
	term.wait(stepLine(9))
	term.press("\r")
	if code := term.exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	wantSet(t, filepath.Join(dir, ".env"))
}

func TestCtrlCLeavesAllSoundAtEveryStep(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 9; n++ {
		t.Run(titles[n-1], func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			term := start(t, answering, 80, 24, home(t), build(t, "."), "--dir", dir)
			term.chooseSandbox(n)
			term.press("\x03")
			if code := term.exit(); code != 130 {
				t.Errorf("exit code %d", code)
			}
			wantRestored(t, term)
			said := "Not finished. Files now:"
			if n == 9 {
				said = "Written: .env"
			}
			if !strings.Contains(term.text(), said) {
				t.Errorf("it does not say what exists:\n%s", term.text())
			}
			_, err := os.Stat(filepath.Join(dir, ".env"))
			if written := err == nil; written != (n > 7) {
				t.Errorf(".env is there: %v", written)
			}
			if n > 7 {
				wantSet(t, filepath.Join(dir, ".env"))
			}
		})
	}
}

func TestAKilledRunIsResumed(t *testing.T) {
	t.Parallel()
	dir, env := t.TempDir(), home(t)
	args := []string{"--region", "cn", "--dir", dir}
	term := start(t, answering, 80, 24, env, build(t, "."), args...)
	term.walk(5)
	term.paste(testAppID)
	term.wait(testAppID)
	term.press("\r")
	term.wait(stepLine(6))
	if err := term.cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	term.exit()
	key, err := os.ReadFile(filepath.Join(dir, "config", "private_key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	term = start(t, answering, 80, 24, env, build(t, "."), args...)
	term.wait("Resume where you left off?")
	term.press("\r")
	term.wait(stepLine(6))
	term.press("\x1b")
	term.wait(stepLine(5))
	term.wait("❯ " + testAppID)
	if now, err := os.ReadFile(filepath.Join(dir, "config", "private_key.pem")); err != nil || string(now) != string(key) {
		t.Errorf("the key is another: %v", err)
	}
}

func TestTheMenuResumesTheSetupOfAProfile(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	term := start(t, answering, 80, 24, p.env, build(t, "."), "--dir", p.dir, "--profile", "staging", "--region", "cn")
	term.walk(4)
	term.press("\x03")
	term.exit()
	term = start(t, answering, 80, 30, p.env, build(t, "."), "--dir", p.dir)
	term.wait("❯ 1. Check the current credentials")
	term.wait("3. Resume the unfinished setup of profile staging")
	term.press("3")
	term.press("\r")
	term.wait(stepLine(4))
	term.press("\x03")
	term.wait(".env.staging")
}

func TestWizardFollowsTheTerminalsSize(t *testing.T) {
	t.Parallel()
	term := start(t, answering, 200, 50, home(t), build(t, "."), "--dir", t.TempDir())
	term.wait(stepLine(1))
	term.press("\r")
	term.wait("Keep the page open")
	term.resize(40, 12)
	term.wait("↓ pgdn: more")
	term.press("\x1b[6~")
	term.wait("创建并继续")
	term.resize(80, 24)
	term.wait("Keep the page open")
}

func TestWizardSpeaksChinese(t *testing.T) {
	t.Parallel()
	term := start(t, answering, 80, 24, append(home(t), "LC_ALL=zh_CN.UTF-8"), build(t, "."), "--region", "cn", "--dir", t.TempDir())
	term.wait("步骤 2/9  创建应用")
}

// queries are what programs ask a terminal: colours, cursor position, device.
var queries = regexp.MustCompile(`\x1b\](?:10|11|4;\d+);\?|\x1b\[6n|\x1b\[[>=]?0?c`)

func TestNoCommandQuestionsTheTerminal(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"--region", "cn", "--dir", t.TempDir()}, {"version"}, {"keygen", "--dir", t.TempDir()}, {"--help"}} {
		term := start(t, mute, 80, 24, home(t), build(t, "."), args...)
		if args[0] == "--region" {
			term.wait(stepLine(2)) // though no answer ever came
			term.press("\x03")
		}
		term.exit()
		if asked := queries.FindString(term.output()); asked != "" {
			t.Errorf("cozejwt %s asks the terminal %q", strings.Join(args, " "), asked)
		}
	}
}

// BenchmarkFirstFrame compares the wizard's first frame with that of the least Bubble Tea
// program, turn by turn, because the machine's speed drifts: x-minimal is the ratio of the
// medians.
func BenchmarkFirstFrame(b *testing.B) {
	for name, m := range map[string]manners{"answering": answering, "mute": mute} {
		b.Run(name, func(b *testing.B) {
			wizard, minimal, env := build(b, "."), build(b, "./testdata/minimal"), home(b)
			dir := b.TempDir()
			var ours, least []float64
			for b.Loop() {
				least = append(least, firstFrame(b, answering, env, "first frame", minimal)) // it would wait for answers
				ours = append(ours, firstFrame(b, m, env, stepLine(2), wizard, "--region", "cn", "--fresh", "--dir", dir))
			}
			slices.Sort(ours)
			slices.Sort(least)
			b.ReportMetric(ours[len(ours)/2]/least[len(least)/2], "x-minimal")
		})
	}
}

// firstFrame is how many seconds a program takes until it shows a text.
func firstFrame(b *testing.B, m manners, env []string, text, program string, args ...string) float64 {
	began := time.Now()
	term := start(b, m, 80, 24, env, program, args...)
	term.wait(text)
	took := time.Since(began)
	_ = term.cmd.Process.Kill()
	_ = term.cmd.Wait()
	return took.Seconds()
}

// BenchmarkKeyPress compares how long a key takes to change a screen of 200x50 with the same in
// the least Bubble Tea program, turn by turn: x-minimal is the ratio of the medians.
func BenchmarkKeyPress(b *testing.B) {
	wizard := start(b, answering, 200, 50, home(b), build(b, "."), "--fresh", "--dir", b.TempDir())
	minimal := start(b, answering, 200, 50, home(b), build(b, "./testdata/minimal"))
	wizard.wait(stepLine(1))
	minimal.wait("first frame")
	answer := func(term *terminal, key, text string) float64 {
		began := time.Now()
		term.press(key)
		term.wait(text)
		return time.Since(began).Seconds()
	}
	var ours, least []float64
	for b.Loop() {
		for _, key := range []string{"2", "1"} {
			ours = append(ours, answer(wizard, key, "❯ "+key+"."))
			least = append(least, answer(minimal, key, "first frame "+key))
		}
	}
	slices.Sort(ours)
	slices.Sort(least)
	b.ReportMetric(ours[len(ours)/2]/least[len(least)/2], "x-minimal")
	for _, term := range []*terminal{wizard, minimal} {
		_ = term.cmd.Process.Kill()
		_ = term.cmd.Wait()
	}
}

// Whatever sizes come one after the other, the last one is drawn, and what was typed is there; L
// changes the language of the screen that is shown.
func TestAStormOfSizesAndALanguageSwitchKeepTheStep(t *testing.T) {
	t.Parallel()
	term := start(t, answering, 80, 24, home(t), build(t, "."), "--region", "cn", "--dir", t.TempDir())
	term.wait(stepLine(2))
	term.press("\r")
	term.wait(stepLine(3))
	term.press("L")
	term.wait("步骤 3/9  密钥对")
	for range 10 {
		for _, size := range [][2]int{{200, 50}, {40, 12}, {1, 1}, {120, 36}, {80, 24}} {
			term.resize(size[0], size[1])
		}
	}
	term.wait("❯ 1. 在本机生成密钥对")
	term.press(strings.Repeat("L", len(i18n.Languages)-1)) // all the way round
	term.wait(stepLine(3))
	term.resize(120, 36)
	term.wait("● Key pair") // the rail
	term.wait("✓ Region")
	term.press("\x03")
	if code := term.exit(); code != 130 {
		t.Errorf("exit code %d", code)
	}
	wantRestored(t, term)
}
