package flow_test

import (
	"slices"
	"testing"

	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
)

var some = flow.Ticks{
	ID:      "tasks",
	Options: []flow.Option{{Value: "chat", Label: i18n.Msg("option.yes")}, {Value: "files", Label: i18n.Msg("option.no")}, {Value: "voice", Label: i18n.Msg("ui.step")}},
	Chosen:  []string{"chat", "files"},
}

func TestALineTicksOptionsByNumberOrName(t *testing.T) {
	for line, want := range map[string][]string{
		"":            {"chat", "files"},
		"  ":          {"chat", "files"},
		"3 1":         {"chat", "voice"},
		"2，3":         {"files", "voice"},
		"Voice, 1、1":  {"chat", "voice"},
		"files":       {"files"},
		"4":           nil,
		"0":           nil,
		"-1":          nil,
		"1 something": nil,
	} {
		got, err := some.Parse(line)
		if !slices.Equal(got, want) || (fault.ID(err) == "input.ticks") != (want == nil) {
			t.Errorf("%q ticks %q, %v; want %q", line, got, err, want)
		}
	}
	if got := some.Numbers(); got != "1 2" {
		t.Errorf("the numbers are %q", got)
	}
	if got, want := some.Names(i18n.English), i18n.List([]string{i18n.English.Text("option.yes"), i18n.English.Text("option.no")}); got != want {
		t.Errorf("the names are %q", got)
	}
}

func TestToggleTicksAndUnticks(t *testing.T) {
	if got := some.Toggle(some.Chosen, 2); !slices.Equal(got, []string{"chat", "files", "voice"}) {
		t.Errorf("ticked %q", got)
	}
	if got := some.Toggle([]string{"voice", "chat"}, 0); !slices.Equal(got, []string{"voice"}) || !slices.Equal(some.Chosen, []string{"chat", "files"}) {
		t.Errorf("unticked %q of %q", got, some.Chosen)
	}
}
