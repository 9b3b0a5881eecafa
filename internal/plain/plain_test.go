package plain_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/console"
	"cozejwt/internal/exchange"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/plain"
	"cozejwt/internal/sandbox"
	"cozejwt/internal/setup"
	"cozejwt/internal/steps"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testsandbox"
)

// A talk is a front with what is typed and what it has said.
type talk struct {
	t    *testing.T
	env  steps.Deps
	dir  string
	coze sandbox.Client
	said *bytes.Buffer
}

func newTalk(t *testing.T) *talk {
	t.Helper()
	k := &talk{t: t, dir: t.TempDir(), coze: testsandbox.New(t), said: &bytes.Buffer{}}
	k.env = steps.Deps{
		Exchanger:   exchange.Exchanger{Now: time.Now, StateDir: t.TempDir(), IsSandbox: func(base string) bool { return base == k.coze.Base }},
		GenerateKey: testkey.Pool(),
		Sandbox:     func(context.Context) (console.Server, error) { return k.coze, nil },
	}
	return k
}

func (k *talk) setup() *setup.Setup {
	k.t.Helper()
	s, err := setup.Open(k.env, k.dir, filepath.Join(k.dir, ".env"))
	if err != nil {
		k.t.Fatal(err)
	}
	return s
}

// run walks a plan with these lines typed.
func (k *talk) run(p interface{ Walk() *flow.Run }, lang i18n.Speaker, lines ...string) error {
	k.said.Reset()
	f := &plain.Prompter{In: strings.NewReader(strings.Join(lines, "\n") + "\n"), Out: k.said, Lang: lang}
	return f.Run(context.Background(), p.Walk())
}

func (k *talk) heard(texts ...string) {
	k.t.Helper()
	for _, text := range texts {
		if !strings.Contains(k.said.String(), text) {
			k.t.Errorf("it did not say %q:\n%s", text, k.said)
		}
	}
}

func TestTheSandboxWayIsWalkedWithAnswers(t *testing.T) {
	for _, lang := range i18n.Languages {
		t.Run(lang.Code, func(t *testing.T) {
			k := newTalk(t)
			s := k.setup()
			if err := k.run(s, lang, "3", "", "", "", "1"); err != nil {
				t.Fatalf("%v\n%s", err, k.said)
			}
			k.heard("✓", lang.Text("step.review"), lang.Text("step.done"))
			if strings.Contains(k.said.String(), "\n· ") || s.Token == nil {
				t.Errorf("something is open:\n%s", k.said)
			}
		})
	}
}

func TestABadAnswerIsAskedAgain(t *testing.T) {
	k := newTalk(t)
	s := k.setup()
	if err := k.run(s, i18n.English, "9", "sandbox", "", testkey.KeyID, "", "-----BEGIN PRIVATE KEY-----", "secret", "-----END PRIVATE KEY-----", "", "yes"); err != nil {
		t.Fatalf("%v\n%s", err, k.said)
	}
	k.heard("this is a Key ID", "this is a private key")
	if strings.Contains(k.said.String(), "secret") {
		t.Error("a line of the key was said")
	}
}

// refusedAt sets up the sandbox, then walks to the refusal of another Key ID and
// answers what is asked then.
func (k *talk) refusedAt(answers ...string) (*setup.Setup, error) {
	k.t.Helper()
	must(k.t, k.run(k.setup(), i18n.English, "sandbox", "", "", "", "yes"))
	s := k.setup()
	app := s.AppID
	s.TakeBase("custom", k.coze.Base)
	must(k.t, s.Take(map[string]string{"reuse-key": "true", "yes": "true", "app-id": app}))
	return s, k.run(s, i18n.English, append([]string{testkey.KeyID}, answers...)...)
}

func TestARefusalOffersTheStepThatFixesItAndTheWayBack(t *testing.T) {
	k := newTalk(t)
	_, err := k.refusedAt("r", "q")
	if err == nil {
		t.Fatalf("it went through:\n%s", k.said)
	}
	k.heard("kid not been registred", "Enter: back to", i18n.English.Text("plain.restore"))
	if n := strings.Count(k.said.String(), "kid not been registred"); n != 2 {
		t.Errorf("it was refused %d times, want 2", n)
	}
}

func TestAKeyThatIsUploadedAgainHasAnotherKeyID(t *testing.T) {
	k := newTalk(t)
	must(t, k.run(k.setup(), i18n.English, "sandbox", "", "", "", "yes"))
	s := k.setup()
	app, right := s.AppID, s.KeyID
	s.TakeBase("custom", k.coze.Base)
	must(t, s.Take(map[string]string{"reuse-key": "true", "yes": "true", "app-id": app, "key-id": testkey.KeyID}))
	if err := k.run(s, i18n.English, "", right, ""); err != nil {
		t.Fatalf("%v\n%s", err, k.said)
	}
	if s.Token == nil || s.KeyID != right {
		t.Errorf("the Key ID is %s", s.KeyID)
	}
}

func TestStoppingAfterARefusalKeepsTheNewValuesOnlyOnDemand(t *testing.T) {
	for answer, kept := range map[string]bool{"q": false, "k": true} {
		k := newTalk(t)
		s, err := k.refusedAt(answer)
		if err == nil {
			t.Fatalf("%s: it went through:\n%s", answer, k.said)
		}
		if s.CanUndo() == kept {
			t.Errorf("%s: can restore: %v\n%s", answer, s.CanUndo(), k.said)
		}
	}
}

func TestAnUnfinishedRunIsOffered(t *testing.T) {
	k := newTalk(t)
	s := k.setup()
	if err := k.run(s, i18n.English, "sandbox", ""); err == nil {
		t.Fatal("it went through")
	}
	if err := k.run(k.setup(), i18n.English, "yes", "", "", "yes"); err != nil {
		t.Fatalf("%v\n%s", err, k.said)
	}
	k.heard(i18n.English.Text("field.resume"))
}

func TestWithoutInputWhatIsMissingIsSaidBeforeAnythingIsMade(t *testing.T) {
	k := newTalk(t)
	s := k.setup()
	s.TakeBase("cn", "https://api.coze.cn")
	f := &plain.Prompter{In: strings.NewReader(""), Out: k.said, Lang: i18n.English, NoInput: true}
	err := f.Run(context.Background(), s.Run)
	missing, ok := errors.AsType[*fault.Fault](err)
	if !ok || !slices.Equal(missing.Fixes(i18n.English), []string{"Pass --app-id, --key-id"}) {
		t.Errorf("error is %v", err)
	}
	if _, err := os.Stat(filepath.Join(k.dir, "config")); err == nil {
		t.Error("a key was made")
	}
}

func TestChooseTakesANumberOrAName(t *testing.T) {
	k := newTalk(t)
	s := k.setup()
	field := flow.Field{ID: "start", Options: []flow.Option{{Value: "verify"}, {Value: "rotate"}}}
	for typed, want := range map[string]string{"2": "rotate", "verify": "verify", "": "verify"} {
		f := &plain.Prompter{In: strings.NewReader(typed + "\n"), Out: k.said, Lang: i18n.English}
		if got, err := f.Choose(context.Background(), s.Run, field); got != want || err != nil {
			t.Errorf("%q chooses %q, %v", typed, got, err)
		}
	}
}

func TestBackReturnsToTheStepBefore(t *testing.T) {
	for _, word := range []string{"back", " Back ", "返回"} {
		k := newTalk(t)
		s := k.setup()
		// Region, back from the key step through the one before, and on.
		if err := k.run(s, i18n.English, "cn", word, "sandbox", "", "", "", "yes"); err != nil {
			t.Fatalf("%s: %v\n%s", word, err, k.said)
		}
		if s.Region != "sandbox" || s.KeyID == word {
			t.Errorf("%s: answers are %+v", word, s.Answers())
		}
	}
}

func TestYesIsUnderstoodInEveryLanguage(t *testing.T) {
	for line, want := range map[string]bool{"y\n": true, "YES": true, "是\n": true, " 好 ": true, "": false, "n": false, "no": false, "yet": false, "否": false} {
		if plain.IsYes(line) != want {
			t.Errorf("IsYes(%q) is %v", line, !want)
		}
	}
}

func TestAnInterruptEndsAQuestion(t *testing.T) {
	k := newTalk(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	hung, _ := newPipe(t)
	f := &plain.Prompter{In: hung, Out: k.said, Lang: i18n.English}
	if err := f.Run(ctx, k.setup().Run); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}

func newPipe(t *testing.T) (r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	must(t, err)
	t.Cleanup(func() { _ = w.Close(); _ = r.Close() })
	return r, w
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheConsoleOfTheOtherRegionHasNoChineseLabels(t *testing.T) {
	for region, want := range map[string]bool{"cn": true, "com": false} {
		k := newTalk(t)
		if err := k.run(k.setup(), i18n.English, region); err == nil {
			t.Fatal("a run without answers came to its end")
		}
		if got := strings.Contains(k.said.String(), "创建新应用"); got != want {
			t.Errorf("%s: %s", region, k.said)
		}
	}
}
