package plain_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/plain"
)

// doubtful refuses "bad", doubts "odd" and takes anything else as it is.
func doubtful(raw string) (string, *fault.Fault, error) {
	switch raw {
	case "odd":
		return raw, fault.Usage("key.two_sources"), nil
	case "bad":
		return "", nil, fault.Usage("input.option", "value", raw, "flag", "--x")
	}
	return raw, nil, nil
}

// choice is a question with two options, of which the second is proposed.
func (c *course) choice() flow.Field {
	f := c.text("region")
	f.Options = []flow.Option{{Value: "cn", Label: i18n.Msg("China"), About: i18n.Msg("in China")}, {Value: "com", Label: i18n.Msg("World"), About: i18n.Msg("elsewhere")}}
	f.Value = "com"
	return f
}

func TestAQuestionSaysWhatIsKnownAboutIt(t *testing.T) {
	c := newCourse(t)
	hint := i18n.Msg("a hint")
	field := c.text("app_id")
	field.Value, field.Hint = "1", &hint
	must(t, c.run(c.of(asks("app_id", field, c.text("key_id"))), i18n.English, "", "2"))
	c.heard("\n"+i18n.English.Text("field.app_id")+"\na hint\n[1] > \n", i18n.English.Text("field.key_id")+"\n> \n")
	c.wantDid("app_id=1", "key_id=2")
}

func TestAQuestionSaysWhereItsProposalIsFrom(t *testing.T) {
	c := newCourse(t)
	field := c.text("app_id")
	field.Value = "1"
	r := c.of(asks("app_id", field))
	r.Note(flow.FromEnv, "app_id")
	must(t, c.run(r, i18n.English, ""))
	c.heard(i18n.English.Text("field.app_id") + "\n" + i18n.English.Text("origin.env") + "\n[1] > ")
}

func TestAChoiceListsItsOptionsWithNumbers(t *testing.T) {
	c := newCourse(t)
	must(t, c.run(c.of(asks("region", c.choice())), i18n.English, ""))
	c.heard("  1) China\n     in China\n  2) World\n     elsewhere\n[2] > ")
	c.wantDid("region=com")
}

func TestAChoiceTakesANumberOrAValue(t *testing.T) {
	for typed, want := range map[string]string{"1": "cn", " 2 ": "com", " cn ": "cn", "": "com", "  ": "com"} {
		c := newCourse(t)
		must(t, c.run(c.of(asks("region", c.choice())), i18n.English, typed))
		if got := strings.Join(c.did, " "); got != "region="+want {
			t.Errorf("%q is taken for %s", typed, got)
		}
	}
}

func TestAChoiceThatIsNoneIsAskedAgain(t *testing.T) {
	for _, typed := range []string{"0", "-1", "3", "x"} {
		c := newCourse(t)
		must(t, c.run(c.of(asks("region", c.choice())), i18n.English, typed, "1"))
		c.wantDid("region=cn")
		c.heard("“" + typed + "”")
	}
}

func TestALineOfTextIsTakenAsItIs(t *testing.T) {
	for _, typed := range []string{"1", " padded "} {
		c := newCourse(t)
		must(t, c.run(c.of(asks("app_id", c.text("app_id"))), i18n.English, typed))
		c.wantDid("app_id=" + typed)
	}
}

func TestADoubtIsSaidAndAnErrorAskedAgain(t *testing.T) {
	c := newCourse(t)
	field := c.text("app_id")
	field.Check = doubtful
	must(t, c.run(c.of(asks("app_id", field)), i18n.English, "bad", "odd"))
	c.wantDid("app_id=odd")
	c.heard(fault.Usage("input.option", "value", "bad", "flag", "--x").Error(), "! "+fault.Usage("key.two_sources").Error()+"\n")
}

func TestWhatAFlagAnswersIsNotAsked(t *testing.T) {
	for value, want := range map[string]error{"fine": nil, "odd": nil, "bad": fault.Usage("input.option")} {
		c := newCourse(t)
		field := c.text("region")
		field.Check, field.Value = doubtful, value
		s := c.of(asks("region", field))
		s.Note(flow.FromFlag, "region")
		if err := c.run(s, i18n.English, "typed"); !errors.Is(err, want) {
			t.Errorf("%s: error is %v", value, err)
		}
		c.notHeard(i18n.English.Text("field.region"))
		doubt := strings.Contains(c.said.String(), fault.Usage("key.two_sources").Error())
		if doubt != (value == "odd") {
			t.Errorf("%s: a doubt is said: %v", value, doubt)
		}
	}
}

func TestNoLineOfAPastedKeyIsAnAnswer(t *testing.T) {
	for name, pasted := range map[string][]string{
		"lines":    {"-----BEGIN KEY-----", "a", "b", "c", "-----END KEY-----"},
		"one line": {`-----BEGIN KEY-----\na\n-----END KEY-----`},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCourse(t)
			field := c.text("app_id")
			field.Check = func(raw string) (string, *fault.Fault, error) {
				if strings.Contains(raw, "-----") {
					return "", nil, fault.Usage("key.two_sources")
				}
				return raw, nil, nil
			}
			must(t, c.run(c.of(asks("app_id", field)), i18n.English, append(pasted, "1")...))
			c.wantDid("app_id=1")
		})
	}
}

func TestAKeyThatNeverEndsIsNoAnswer(t *testing.T) {
	c := newCourse(t)
	field := c.text("app_id")
	field.Check = func(string) (string, *fault.Fault, error) { return "", nil, fault.Usage("key.two_sources") }
	if err := c.run(c.of(asks("app_id", field)), i18n.English, "-----BEGIN KEY-----", "x"); !errors.Is(err, flow.ErrMissing) {
		t.Errorf("error is %v", err)
	}
}

// Where In ends, a question that no flag could answer takes what is proposed.
func TestTheEndOfTheInputIsAnAnswerWhereNoFlagIsMissing(t *testing.T) {
	unanswered := fault.Usage("profile.unknown")
	for name, test := range map[string]struct {
		change func(*flow.Field)
		want   error
	}{
		"a flag could say it":  {func(*flow.Field) {}, flow.ErrMissing},
		"no flag could say it": {func(f *flow.Field) { f.Flag = "" }, nil},
		"a fault of its own":   {func(f *flow.Field) { f.Flag, f.Unanswered = "", unanswered }, unanswered},
		"optional":             {func(f *flow.Field) { f.Optional = true }, nil},
		"optional with a fault of its own": {func(f *flow.Field) {
			f.Optional, f.Unanswered = true, unanswered
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCourse(t)
			field := c.text("app_id")
			field.Value = "proposed"
			test.change(&field)
			f := &plain.Prompter{In: strings.NewReader(""), Out: c.said, Lang: i18n.English}
			err := f.Run(context.Background(), c.of(asks("app_id", field)))
			if test.want == nil {
				must(t, err)
				c.wantDid("app_id=proposed")
				return
			}
			if !errors.Is(err, test.want) || !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("error is %v, want %v", err, test.want)
			}
			c.wantDid()
		})
	}
}

// A doubtful value is asked about once, where it was typed: Enter takes it, and another value takes
// its place. A script has no line for that.
func TestADoubtfulValueIsAskedAboutOnce(t *testing.T) {
	for name, test := range map[string]struct {
		present bool
		lines   []string
		want    string
	}{
		"taken":    {true, []string{"9", ""}, "app_id=9"},
		"another":  {true, []string{"9", "1180437454660。"}, "app_id=1180437454660"},
		"a script": {false, []string{"9"}, "app_id=9"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCourse(t)
			field := c.text("app_id")
			field.Check = func(raw string) (string, *fault.Fault, error) { return credentials.Check(credentials.AppID, raw) }
			f := &plain.Prompter{In: strings.NewReader(strings.Join(test.lines, "\n") + "\n"), Out: c.said, Lang: i18n.English, Present: test.present}
			must(t, f.Run(context.Background(), c.of(asks("app_id", field))))
			c.wantDid(test.want)
			if n := strings.Count(c.said.String(), "! App ID 9:"); n != 1 {
				t.Errorf("it doubts %d times:\n%s", n, c.said)
			}
		})
	}
}
