package flow_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"cozejwt/internal/coze"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/flow"
)

// walk is a run of steps, by their ids. A mark before the id says what is special: "-" the step
// is skipped, "?" it asks a question, "+" it asks one that a flag has answered, "!" it shows
// something besides that.
func walk(ids string) *flow.Run {
	r := &flow.Run{Plan: flow.Plan{Name: "walk"}}
	for _, marked := range strings.Fields(ids) {
		id := strings.TrimLeft(marked, "-?+!")
		st := flow.Step{ID: id}
		if mark := marked[:len(marked)-len(id)]; mark == "-" {
			st.Skip = func() bool { return true }
		} else if mark != "" {
			st.Fields = func() []flow.Field { return []flow.Field{{ID: id}} }
			if mark != "?" {
				r.Note(flow.FromFlag, id)
			}
			if mark == "!" {
				st.Shows = func() []flow.Exhibit { return []flow.Exhibit{flow.Link{URL: "https://example.com"}} }
			}
		}
		r.Steps = append(r.Steps, st)
	}
	return r
}

func TestNextIsTheStepAfterThatHasSomethingToDo(t *testing.T) {
	for _, row := range []struct {
		steps    string
		at, want int
	}{
		{"a b c", -1, 0},
		{"a b c", 0, 1},
		{"a b c", 2, 2},
		{"-a -b c", -1, 2},
		{"a -b -c d", 0, 3},
		{"a -b -c", 0, 2}, // the last one, where none has
		{"a -b -c", 2, 2},
		{"a +b c", 0, 1}, // answered by flags, it still has its work
	} {
		if got := walk(row.steps).Next(row.at); got != row.want {
			t.Errorf("%s: after %d comes %d, want %d", row.steps, row.at, got, row.want)
		}
	}
	if first := walk("-a b").First(); first != 1 {
		t.Errorf("the first step is %d", first)
	}
}

func TestBackIsTheStepBeforeThatAsksOrShows(t *testing.T) {
	for _, row := range []struct {
		steps    string
		at, want int
	}{
		{"a b c", 2, 1},
		{"a b c", 0, 0},
		{"?a -b ?c", 2, 0},
		{"?a +b ?c", 2, 0}, // flags have answered it
		{"?a !b ?c", 2, 1}, // but it has something to show
		{"?a b ?c", 2, 1},  // it asks nothing, so nothing has answered it
		{"-a b c", 1, 1},   // there is nothing before the first one
		{"-a +b +c ?d", 3, 1},
	} {
		if got := walk(row.steps).Back(row.at); got != row.want {
			t.Errorf("%s: before %d comes %d, want %d", row.steps, row.at, got, row.want)
		}
	}
}

func TestAStepIsFoundByItsID(t *testing.T) {
	r := walk("a b")
	if r.Index("b") != 1 || r.Index("z") != -1 || r.Walk() != r {
		t.Errorf("b is at %d, z at %d", r.Index("b"), r.Index("z"))
	}
}

func TestTheFirstStepThatFixesAPlaceIsTheOneToGoTo(t *testing.T) {
	r := walk("a b c")
	r.Steps[1].Fixes = []diagnosis.FixAt{diagnosis.AtKey, diagnosis.AtUpload}
	r.Steps[2].Fixes = []diagnosis.FixAt{diagnosis.AtUpload}
	for place, want := range map[diagnosis.FixAt]int{diagnosis.AtKey: 1, diagnosis.AtUpload: 1, diagnosis.AtService: -1} {
		if got := r.StepToFix(place); got != want {
			t.Errorf("%s is fixed at %d, want %d", place, got, want)
		}
	}
}

func TestWhatIsAskedAgainIsNoLongerAnsweredByAFlag(t *testing.T) {
	r := walk("+a +b")
	r.Steps[0].Reopens = []string{"hidden"}
	r.Note(flow.FromFlag, "hidden")
	if !r.Answered(r.Steps[0]) || len(r.Unanswered(r.Steps[0])) != 0 {
		t.Fatal("a flag does not answer")
	}
	r.Reopen(r.Steps[0])
	if r.Answered(r.Steps[0]) || len(r.Unanswered(r.Steps[0])) != 1 || r.Given("hidden") {
		t.Error("the step is not asked again")
	}
	if !r.Answered(r.Steps[1]) {
		t.Error("another step is asked again too")
	}
}

func TestAStepWithoutQuestionsAsksNothing(t *testing.T) {
	r := walk("a")
	if r.Ask(r.Steps[0]) != nil || r.Answered(r.Steps[0]) {
		t.Error("it asks something")
	}
}

func TestAFieldKnowsWhereItsValueCameFrom(t *testing.T) {
	r := walk("?a ?b")
	if r.Origin("a") != "" || r.Given("a") {
		t.Fatalf("nothing has answered a, but its origin is %q", r.Origin("a"))
	}
	r.Note(flow.FromEnv, "a", "b")
	r.Note(flow.FromDraft, "b")
	for i, want := range []flow.Origin{flow.FromEnv, flow.FromDraft} {
		if got := r.Ask(r.Steps[i])[0].Origin; got != want {
			t.Errorf("%s came from %q, want %q", r.Steps[i].ID, got, want)
		}
	}
}

func TestAnswersOfAFileDoNotTakeThePlaceOfAFlags(t *testing.T) {
	r := walk("?a ?b ?c")
	r.Note(flow.FromFlag, "a")
	r.NoteAnswers(flow.FromEnv, map[string]string{"a": "1", "b": "2", "c": ""})
	if r.Origin("a") != flow.FromFlag || r.Origin("b") != flow.FromEnv || r.Origin("c") != "" {
		t.Errorf("the origins are %q, %q, %q", r.Origin("a"), r.Origin("b"), r.Origin("c"))
	}
}

func TestThePageIsThatOfThePlan(t *testing.T) {
	r := walk("a")
	if r.Page() != "" {
		t.Errorf("a plan without a console has the page %s", r.Page())
	}
	if r.Console = func() string { return "https://example.com" }; r.Page() != "https://example.com" {
		t.Errorf("the page is %q", r.Page())
	}
}

func TestTheRailShowsHowFarTheRunHasCome(t *testing.T) {
	r := walk("a -b c d e")
	answer := func(text string) func() string { return func() string { return text } }
	r.Steps[0].Answer, r.Steps[1].Answer, r.Steps[3].Answer = answer("cn"), answer("skipped"), answer("too early")
	for _, row := range []struct {
		at   int
		want []flow.Stop
		n    int
	}{
		{2, []flow.Stop{{"a", flow.Passed, "cn"}, {"c", flow.Current, ""}, {"d", flow.ToCome, ""}, {"e", flow.ToCome, ""}}, 2},
		{0, []flow.Stop{{"a", flow.Current, ""}, {"c", flow.ToCome, ""}, {"d", flow.ToCome, ""}, {"e", flow.ToCome, ""}}, 1},
		{4, []flow.Stop{{"a", flow.Passed, "cn"}, {"c", flow.Passed, ""}, {"d", flow.Passed, "too early"}, {"e", flow.Current, ""}}, 4},
	} {
		if got := r.Stops(row.at); !slices.Equal(got, row.want) {
			t.Errorf("at %d: %v, want %v", row.at, got, row.want)
		}
		if n, of := r.Number(row.at); n != row.n || of != 4 {
			t.Errorf("at %d: step %d of %d, want %d of 4", row.at, n, of, row.n)
		}
	}
	if n, of := r.Number(1); n != 2 || of != 5 {
		t.Errorf("a skipped step that is shown is step %d of %d, want 2 of 5", n, of)
	}
}

// A choice that makes a step needless changes no number.
func TestAStepThatIsSkippedLaterKeepsItsPlace(t *testing.T) {
	r := walk("a b c")
	needless := false
	r.Steps[1].Skip = func() bool { return needless }
	if n, of := r.Number(0); n != 1 || of != 3 {
		t.Errorf("step %d of %d", n, of)
	}
	needless = true
	if n, of := r.Number(2); n != 3 || of != 3 || r.Stops(2)[1].State != flow.Skipped {
		t.Errorf("step %d of %d, the second is %v", n, of, r.Stops(2)[1])
	}
}

func TestARunPutsBackWhatItReplacedWhereItCan(t *testing.T) {
	broken := errors.New("broken")
	for name, row := range map[string]struct {
		can, done bool
		err       error
	}{
		"it can":     {true, true, nil},
		"it cannot":  {false, false, nil},
		"it is hard": {true, true, broken},
	} {
		t.Run(name, func(t *testing.T) {
			r, done := walk("a b c"), false
			r.Undo = &flow.Undo{Can: func() bool { return row.can }, Do: func() error { done = true; return row.err }}
			if r.CanUndo() != row.can {
				t.Error("CanUndo says otherwise")
			}
			if err := r.Restore(); !errors.Is(err, row.err) || done != row.done {
				t.Errorf("error is %v, done %v", err, done)
			}
		})
	}
	if r := walk("a"); r.CanUndo() || r.Restore() != nil {
		t.Error("a plan that replaces nothing can be undone")
	}
}

// refusal is one that an upload fixes.
func refusal() diagnosis.Diagnosis {
	return diagnosis.Diagnose(&coze.Refusal{Status: 401, Code: "invalid_client", Message: "invalid jwt: kid not been registered"}, diagnosis.Facts{})
}
