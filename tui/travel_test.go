package tui

import (
	"context"
	"crypto/rsa"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/exchange"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/setup"
	"cozejwt/internal/steps"
)

// walk shows a plan of the test's own, whose fields a flag has answered where their id is region.
func walk(t *testing.T, all ...flow.Step) *driver {
	t.Helper()
	d := newDriver(t, i18n.English, 80, 24)
	d.openWith(func(s *setup.Setup) {
		s.Run.Plan = flow.Plan{Name: "walk", Steps: append(all, flow.Step{ID: steps.Done}), Diagnose: s.Diagnose}
		s.TakeBase("cn", "https://api.coze.cn")
	})
	return d
}

// questionAt is a step that asks for the value of an id.
func questionAt(step, id string) flow.Step {
	return flow.Step{ID: step, Fields: func() []flow.Field {
		return []flow.Field{{ID: id, Value: "1", Put: func(string) {}}}
	}}
}

// noted is a job that notes that it was done, and ends with what err points to.
func noted(did *[]string, what string, err *error) func() flow.Job {
	return func() flow.Job {
		return func(context.Context) (flow.Effect, error) {
			*did = append(*did, what)
			if err != nil {
				return nil, *err
			}
			return nil, nil
		}
	}
}

func TestAStepLooksAndPreparesBeforeItIsShown(t *testing.T) {
	var did []string
	first, second := questionAt(steps.AppID, "app_id"), questionAt(steps.KeyID, "key_id")
	second.Look, second.Prepare, second.Work = noted(&did, "look", nil), noted(&did, "prepare", nil), noted(&did, "work", nil)
	d := walk(t, first, second)
	d.press("enter")
	if !slices.Equal(did, []string{"look", "prepare"}) || d.step() != steps.KeyID {
		t.Errorf("at %s, it did %q", d.step(), did)
	}
	d.press("enter")
	if !slices.Equal(did, []string{"look", "prepare", "work"}) || d.step() != steps.Done {
		t.Errorf("at %s, it did %q", d.step(), did)
	}
}

func TestAStepThatCannotBePreparedSaysWhy(t *testing.T) {
	fail := errors.New("disk on fire")
	for _, part := range []string{"look", "prepare"} {
		var did []string
		st := questionAt(steps.KeyID, "key_id")
		st.Prepare = noted(&did, "prepare", nil)
		if part == "look" {
			st.Look = noted(&did, "look", &fail)
		} else {
			st.Prepare = noted(&did, "prepare", &fail)
		}
		d := walk(t, questionAt(steps.AppID, "app_id"), st)
		d.press("enter")
		d.wants("✗ disk on fire", i18n.English.Text("field.key_id"))
		if !slices.Equal(did, []string{part}) {
			t.Errorf("it did %q", did)
		}
	}
}

func TestWorkThatFailsKeepsTheStep(t *testing.T) {
	var did []string
	fail := errors.New("disk on fire")
	st := questionAt(steps.AppID, "app_id")
	st.Work = noted(&did, "work", &fail)
	d := walk(t, st)
	d.press("enter")
	d.wants("✗ disk on fire", i18n.English.Text("field.app_id"))
	fail = nil
	d.press("enter")
	if d.step() != steps.Done {
		t.Errorf("at %s", d.step())
	}
}

// The questions of a step that a flag has answered are asked where its work fails.
func TestAStepThatFlagsHaveAnsweredIsPassedUnlessItsWorkFails(t *testing.T) {
	for name, before := range map[string][]flow.Step{"first": nil, "later": {questionAt(steps.AppID, "app_id")}} {
		for _, fails := range []bool{false, true} {
			var did []string
			var fail error
			if fails {
				fail = errors.New("disk on fire")
			}
			st := questionAt(steps.Region, "region")
			st.Work = noted(&did, "work", &fail)
			d := walk(t, append(slices.Clone(before), st, questionAt(steps.KeyID, "key_id"))...)
			if before != nil {
				d.press("enter")
			}
			if !slices.Equal(did, []string{"work"}) {
				t.Errorf("%s: it did %q", name, did)
			}
			if !fails {
				d.wants(i18n.English.Text("field.key_id"))
				continue
			}
			d.wants("✗ disk on fire", i18n.English.Text("field.region"))
			if fail = nil; d.step() != steps.Region {
				t.Errorf("%s: at %s", name, d.step())
			}
			d.press("enter")
			d.wants(i18n.English.Text("field.key_id"))
		}
	}
}

func TestAStepWithoutWorkIsPassedToo(t *testing.T) {
	d := walk(t, questionAt(steps.AppID, "app_id"), questionAt(steps.Region, "region"), questionAt(steps.KeyID, "key_id"))
	d.press("enter")
	d.wants(i18n.English.Text("field.key_id"))
	d.press("esc")
	d.wants(i18n.English.Text("field.app_id"))
}

func TestAFirstStepThatLooksIsLookedAtBeforeItIsPassed(t *testing.T) {
	var did []string
	st := questionAt(steps.Region, "region")
	st.Look, st.Work = noted(&did, "look", nil), noted(&did, "work", nil)
	d := walk(t, st, questionAt(steps.KeyID, "key_id"))
	if !slices.Equal(did, []string{"look", "work"}) {
		t.Errorf("it did %q", did)
	}
	d.wants(i18n.English.Text("field.key_id"))
}

func TestAStepIsLookedAtAgainWhileItWaits(t *testing.T) {
	var did []string
	st := questionAt(steps.AppID, "app_id")
	d := walk(t, st)
	if d.wizard.every = time.Nanosecond; d.wizard.watch() != nil {
		t.Error("a step that depends on nothing is looked at")
	}
	st.Look = noted(&did, "look", nil)
	d = walk(t, st)
	if d.wizard.watch() != nil {
		t.Error("it is looked at though it was to be looked at once")
	}
	d.wizard.every = time.Nanosecond
	msg, ok := d.wizard.watch()().(lookAgain)
	if !ok || msg.visit != d.wizard.visit {
		t.Fatalf("the message is %v", msg)
	}
	_, cmd := d.wizard.Update(msg)
	_, next := d.wizard.Update(cmd())
	if len(did) != 2 || next == nil {
		t.Errorf("it did %q, and looks again: %v", did, next != nil)
	}
	if d.wizard.at = -1; d.wizard.watch() != nil {
		t.Error("a question of no step is looked at")
	}
}

func TestALookOfAnotherVisitIsDropped(t *testing.T) {
	var did []string
	st := questionAt(steps.AppID, "app_id")
	st.Look = noted(&did, "look", nil)
	d := walk(t, st)
	if _, cmd := d.wizard.Update(lookAgain{d.wizard.visit - 1}); cmd != nil || len(did) != 1 {
		t.Errorf("it did %q", did)
	}
	d.wizard.every = time.Nanosecond
	seen := false
	late := looked{d.wizard.visit - 1, d.wizard.version, func() { seen = true }}
	if _, cmd := d.wizard.Update(late); cmd != nil || seen {
		t.Errorf("it is recorded %v, and looks again %v", seen, cmd != nil)
	}
}

func TestALookDuringAJobIsDropped(t *testing.T) {
	d := walk(t, questionAt(steps.AppID, "app_id"))
	seen := false
	look := func() {
		d.wizard.Update(looked{d.wizard.visit, d.wizard.version, func() { seen = true }})
	}
	d.wizard.job = &job{}
	if look(); seen {
		t.Error("it is recorded during a job")
	}
	d.wizard.job = nil
	if look(); !seen {
		t.Error("it is not recorded after the job")
	}
}

func TestAKeyIsMadeOnceTheFirstFrameIsThere(t *testing.T) {
	made := make(chan int, 2)
	d := newDriver(t, i18n.English, 80, 24)
	d.openWith(func(s *setup.Setup) {
		generate := s.GenerateKey
		s.GenerateKey = func(bits int) (*rsa.PrivateKey, error) { made <- bits; return generate(bits) }
	})
	if len(made) != 0 {
		t.Error("a key was made before")
	}
	d.send(warm{})
	if bits := <-made; bits != 2048 {
		t.Errorf("it has %d bits", bits)
	}
}

func TestTheProgressOfATestIsShown(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.to(steps.Test)
	parts := d.screen()
	if n := strings.Count(parts, "✓"); n < len(exchange.Parts) {
		t.Errorf("%d parts are done:\n%s", n, parts)
	}
	d.press("L")
	d.wants(i18n.Chinese.Text("wizard.success"))
}

func TestTheSpinnerTurnsOnlyDuringAJob(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	tick := d.wizard.spinner.Tick()
	if _, cmd := d.wizard.Update(tick); cmd != nil {
		t.Error("it turns without a job")
	}
	d.wizard.job = &job{began: time.Now().Add(-time.Hour)}
	if _, cmd := d.wizard.Update(tick); cmd == nil {
		t.Error("it does not turn during a job")
	}
	if d.wizard.spin() == " " {
		t.Error("a job that takes long is not shown")
	}
	d.wants("esc cancel")
	if d.wizard.job.began = time.Now().Add(time.Hour); d.wizard.spin() != " " {
		t.Error("a job that has just begun is shown")
	}
}

func TestTheFocusIsScrolledIntoSight(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	w := d.wizard
	w.page.Width, w.page.Height = 20, 5
	w.page.SetContent(strings.Repeat("x\n", 40))
	for _, test := range []struct {
		focus []int
		want  int
	}{{[]int{0, 4}, 0}, {[]int{5}, 1}, {[]int{20}, 16}, {[]int{18}, 16}, {[]int{16}, 16}, {[]int{15}, 15}, {[]int{30, 2}, 2}, {nil, 2}} {
		if w.follow(test.focus); w.page.YOffset != test.want {
			t.Errorf("for %v it begins at %d, want %d", test.focus, w.page.YOffset, test.want)
		}
	}
	w.follow([]int{20})
	w.page.SetYOffset(0)
	if w.follow([]int{20}); w.page.YOffset != 0 {
		t.Error("who has scrolled away is brought back")
	}
}
