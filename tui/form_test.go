package tui

import (
	"context"
	"errors"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/steps"
)

// asked is a wizard at a question of the test's own; answer is what was answered, "-" for nothing yet.
type asked struct {
	*driver
	answer string
}

func ask(t *testing.T, field flow.Field) *asked {
	t.Helper()
	a := &asked{newDriver(t, i18n.English, 80, 24), "-"}
	a.wizard.ask([]i18n.Message{i18n.Msg("what it is about")}, field, func(answer string) tea.Cmd {
		a.answer = answer
		return nil
	})
	return a
}

func (a *asked) input() string { return a.wizard.view.(*formView).input.Value() }

// lengthOf doubts what is longer than 5 and refuses what is longer than 10.
func lengthOf(raw string) (string, *fault.Fault, error) {
	raw = strings.TrimSpace(raw)
	switch {
	case len(raw) > 10:
		return "", nil, fault.Usage("too long")
	case len(raw) > 5:
		return raw, fault.Usage("rather long"), nil
	}
	return raw, nil, nil
}

func TestAQuestionOfNoStepIsAnswered(t *testing.T) {
	a := ask(t, flow.Field{ID: "app_id", Value: "proposed"})
	a.wants("cozejwt", "what it is about", i18n.English.Text("field.app_id"), "❯ proposed")
	a.lacks("Step ")
	a.press("enter")
	if a.answer != "proposed" {
		t.Errorf("the answer is %q", a.answer)
	}
}

func TestAnAddressInTheWordsIsALink(t *testing.T) {
	a := ask(t, flow.Field{ID: "app_id"})
	const url = "https://example.com/apps"
	a.wizard.ask([]i18n.Message{i18n.Msg(url)}, flow.Field{ID: "app_id"}, nil)
	if !strings.Contains(a.wizard.View(), ansi.SetHyperlink(url, "id="+url)) {
		t.Errorf("it is no link:\n%s", a.screen())
	}
}

func TestAChoiceOfNoStepIsTheMarkedOne(t *testing.T) {
	options := []flow.Option{{Value: "a", Label: i18n.Msg("first"), About: i18n.Msg("about the first")}, {Value: "b", Label: i18n.Msg("second"), About: i18n.Msg("about the second")}}
	a := ask(t, flow.Field{ID: "start", Value: "b", Options: options})
	a.wants("1. first about the first", "❯ 2. second about the second")
	a.press("up")
	a.wants("❯ 1. first")
	a.send(tea.WindowSizeMsg{Width: 80, Height: 12})
	a.wants("about the first")
	a.lacks("about the second")
	a.press("enter")
	if a.answer != "a" {
		t.Errorf("the answer is %q", a.answer)
	}
}

func TestAChoiceThatNeedsNoWordsTakesOneLine(t *testing.T) {
	a := ask(t, flow.Field{ID: "start", Options: []flow.Option{{Value: "a", Label: i18n.Msg("first")}, {Value: "b", Label: i18n.Msg("second")}}})
	if !strings.Contains(a.screen(), "❯ 1. first\n  2. second\n") {
		t.Errorf("it is\n%s", a.screen())
	}
}

func TestWhatIsTypedIsJudgedFromTheFourthCharacter(t *testing.T) {
	refuse := func(raw string) (string, *fault.Fault, error) { return "", nil, fault.Usage("no good") }
	for name, test := range map[string]struct {
		field flow.Field
		typed string
		wants string // "" for no verdict
	}{
		"three":            {flow.Field{ID: "app_id", Check: refuse}, "abc", ""},
		"four":             {flow.Field{ID: "app_id", Check: refuse}, "abcd", "✗ fault.no good"},
		"late":             {flow.Field{ID: "app_id", Check: refuse, Late: true}, "abcd", ""},
		"fine":             {flow.Field{ID: "app_id", Check: lengthOf}, "abcd", ""},
		"doubtful":         {flow.Field{ID: "app_id", Check: lengthOf}, "abcdef", "! fault.rather long"},
		"refused":          {flow.Field{ID: "app_id", Check: lengthOf}, "abcdefghijk", "✗ fault.too long"},
		"praised":          {flow.Field{ID: "app_id", Check: lengthOf, Fine: func(v string) i18n.Message { return i18n.Msg("good: " + v) }}, "abc", "✓ good: abc"},
		"empty":            {flow.Field{ID: "app_id", Check: lengthOf, Fine: func(v string) i18n.Message { return i18n.Msg("good: " + v) }}, "", ""},
		"praised too soon": {flow.Field{ID: "app_id", Check: refuse, Fine: func(v string) i18n.Message { return i18n.Msg("good: " + v) }}, "abc", ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := ask(t, test.field)
			a.typeText(test.typed)
			if test.wants != "" {
				a.wants(test.wants)
				return
			}
			a.lacks("✗")
			a.lacks("! ")
			a.lacks("✓")
		})
	}
}

func TestARefusedAnswerStaysAndIsAskedAgain(t *testing.T) {
	a := ask(t, flow.Field{ID: "app_id", Check: lengthOf})
	a.typeText("abcdefghijk")
	a.press("enter")
	a.wants("✗ fault.too long", "❯ abcdefghijk")
	if a.answer != "-" {
		t.Errorf("the answer is %q", a.answer)
	}
	a.press("backspace")
	a.lacks("too long")
	a.press("enter")
	if a.answer != "abcdefghij" {
		t.Errorf("the answer is %q", a.answer)
	}
}

func TestAPasteIsShownAsItWasUnderstood(t *testing.T) {
	a := ask(t, flow.Field{ID: "app_id", Check: lengthOf})
	for pasted, want := range map[string]string{" ab ": "ab", "abcdefghijklm": "abcdefghijklm", "a\xffb": "ab"} {
		a.paste(pasted)
		if got := a.input(); got != want {
			t.Errorf("%q is shown as %q", pasted, got)
		}
	}
}

func TestAPasteAfterAKeyIsTaken(t *testing.T) {
	a := ask(t, flow.Field{ID: "app_id", Check: lengthOf})
	a.paste("-----BEGIN PRIVATE KEY-----")
	a.wants(i18n.English.Text("wizard.secret"))
	a.typeText("xyz")
	a.press("enter")
	a.wants(i18n.English.Text("wizard.secret"))
	if a.input() != "" || a.answer != "-" {
		t.Errorf("the field holds %q, the answer is %q", a.input(), a.answer)
	}
	a.press("ctrl+u")
	if a.typeText("x"); a.input() != "x" {
		t.Errorf("after ctrl+u the field holds %q", a.input())
	}
	a.paste("-----BEGIN PRIVATE KEY-----")
	if a.paste("abc"); a.input() != "abc" {
		t.Errorf("the field holds %q", a.input())
	}
	a.press("enter")
	if a.answer != "abc" {
		t.Errorf("the answer is %q", a.answer)
	}
}

// A message that is no key, such as of a mouse, says nothing about what is typed.
func TestOnlyAKeyFreesAFieldThatKeyTextCameInto(t *testing.T) {
	a := ask(t, flow.Field{ID: "app_id"})
	a.paste("-----BEGIN PRIVATE KEY-----")
	a.send(tea.MouseMsg{})
	if a.typeText("MIIEvQ"); a.input() != "" {
		t.Errorf("the field holds %q", a.input())
	}
}

// A value that is longer than its field is shown whole below it.
func TestALongValueIsShownWhole(t *testing.T) {
	a := ask(t, flow.Field{ID: "app_id"})
	short, long := strings.Repeat("a", 60), strings.Repeat("b", 90)+"END"
	a.paste(short)
	if n := strings.Count(a.screen(), strings.Repeat("a", 8)); n != 7 {
		t.Errorf("a short value is shown in %d parts:\n%s", n, a.screen())
	}
	fits := strings.Repeat("f", a.wizard.view.(*formView).input.Width)
	if a.paste(fits); strings.Count(a.screen(), "ffffffff") != len(fits)/8 {
		t.Errorf("a value that just fits is shown again:\n%s", a.screen())
	}
	a.paste(long)
	flat := strings.ReplaceAll(strings.ReplaceAll(a.screen(), "\n", ""), " ", "")
	if !strings.Contains(flat, long) {
		t.Errorf("it is not whole:\n%s", a.screen())
	}
	a.paste(strings.Repeat("c", 1000))
	if n := strings.Count(a.screen(), "\n  ccc"); n != 4 {
		t.Errorf("it takes %d lines:\n%s", n, a.screen())
	}
}

func TestAnAnswerThatIsReadTakesAWhile(t *testing.T) {
	read, fail := "", errors.New("cannot be read")
	a := ask(t, flow.Field{ID: "import_key", Load: func(raw string) flow.Job {
		return func(context.Context) (flow.Effect, error) {
			if raw == "bad" {
				return nil, fail
			}
			return func() { read = raw }, nil
		}
	}})
	a.typeText("bad")
	a.press("enter")
	a.wants("✗ cannot be read", "❯ bad")
	a.press("ctrl+u")
	a.typeText("good")
	a.press("enter")
	if read != "good" || a.answer == "-" {
		t.Errorf("it read %q, the answer is %q", read, a.answer)
	}
}

func TestAHintStandsBelowItsQuestion(t *testing.T) {
	hint := i18n.Msg("mind this")
	a := ask(t, flow.Field{ID: "app_id", Hint: &hint})
	a.wants(i18n.English.Text("field.app_id") + " ┃ ❯ mind this")
}

// form is the wizard at a step with these questions.
func (d *driver) form(fields func() []flow.Field) *formView {
	st := flow.Step{ID: steps.Key, Fields: func() []flow.Field { return fields() }}
	v := newFormView(d.wizard, st)
	v.done = func() tea.Cmd { return nil }
	d.wizard.view = v
	return v
}

func TestEscReturnsToTheQuestionBefore(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	put := func(string) {}
	v := d.form(func() []flow.Field { return []flow.Field{{ID: "app_id", Put: put}, {ID: "key_id", Put: put}} })
	d.typeText("one")
	d.press("enter")
	d.wants(i18n.English.Text("field.key_id"))
	d.lacks(i18n.English.Text("field.app_id"))
	d.typeText("two")
	d.press("esc")
	if v.index != 0 {
		t.Errorf("it is at question %d", v.index)
	}
	d.press("enter")
	if v.index != 1 || v.input.Value() != "two" {
		t.Errorf("question %d holds %q", v.index, v.input.Value())
	}
}

func TestEscKeepsWhatWasTypedAndNothingElse(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	value := "older"
	v := d.form(func() []flow.Field { return []flow.Field{{ID: "app_id", Value: value}} })
	for typed, want := range map[string]string{"": "newer", "x": "olderx"} {
		value = "older"
		delete(d.wizard.typed, "app_id")
		v.focus(0)
		d.typeText(typed)
		v.back()
		value = "newer"
		if v.focus(0); v.input.Value() != want {
			t.Errorf("after %q was typed it is %q, want %q", typed, v.input.Value(), want)
		}
	}
}

func TestAPasteDuringWorkIsNotLost(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	v := d.form(func() []flow.Field { return []flow.Field{{ID: "app_id"}} })
	d.wizard.job = &job{}
	if d.paste(appID); v.input.Value() != appID {
		t.Errorf("the field holds %q", v.input.Value())
	}
}

func TestAProposalGivesWayToANewerOneUnlessItWasTouched(t *testing.T) {
	for name, test := range map[string]struct{ typed, want string }{"untouched": {"", "newer"}, "touched": {"x", "olderx"}, "cleared": {"clear", "newer"}} {
		d := newDriver(t, i18n.English, 80, 24)
		value, id := "older", "app_id"
		v := d.form(func() []flow.Field { return []flow.Field{{ID: id, Value: value}} })
		if test.typed == "clear" {
			d.press("ctrl+u")
		} else {
			d.typeText(test.typed)
		}
		value = "newer"
		if v.refresh(); v.input.Value() != test.want {
			t.Errorf("%s: it is %q, want %q", name, v.input.Value(), test.want)
		}
		v.refresh() // nothing is newer than that
		if value, id = "of another", "key_id"; v.input.Value() != test.want {
			t.Errorf("%s: it becomes %q", name, v.input.Value())
		}
		if v.refresh(); v.input.Value() != test.want {
			t.Errorf("%s: another question proposes %q", name, v.input.Value())
		}
	}
}

func TestAClearedProposalStaysClearedWhereNoneIsNewer(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	v := d.form(func() []flow.Field { return []flow.Field{{ID: "app_id", Value: "older"}} })
	d.press("ctrl+u")
	if v.refresh(); v.input.Value() != "" {
		t.Errorf("it is %q again", v.input.Value())
	}
}

func TestWhatIsChosenStaysWhereTheOptionsChange(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	options := []flow.Option{{Value: "a"}, {Value: "b"}}
	v := d.form(func() []flow.Field { return []flow.Field{{ID: "start", Options: options}} })
	d.press("down")
	options = []flow.Option{{Value: "c"}}
	if v.refresh(); len(v.asked.Options) != 2 || v.cursor != 1 {
		t.Errorf("option %d of %v is marked", v.cursor, v.asked.Options)
	}
	options = nil
	v.fields = func() []flow.Field { return nil }
	v.refresh() // the question is gone
	if len(v.asked.Options) != 2 {
		t.Errorf("the options are %v", v.asked.Options)
	}
}

func TestAFailureShowsTheQuestionAsItIsNow(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	fields := []flow.Field{{ID: "app_id", Put: func(string) {}}, {ID: "key_id"}}
	v := d.form(func() []flow.Field { return fields })
	d.press("enter")
	fields = fields[:1]
	v.failed(errors.New("disk on fire"))
	d.wants("✗ disk on fire", i18n.English.Text("field.app_id"))
	if v.index != 0 {
		t.Errorf("it is at question %d", v.index)
	}
	v.failed(context.Canceled)
	d.wants(i18n.English.Text("wizard.cancelled"))
	d.lacks("✗")
}
