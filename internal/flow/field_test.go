package flow_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
)

var (
	errTooShort = fault.Usage("value.missing")
	oddOne      = fault.Usage("value.odd_app_id")
)

// name is a question for a line: blanks around it are dropped, an empty one is refused, and
// "odd" is doubted.
func name(put func(string)) flow.Field {
	return flow.Field{ID: "name", Flag: "--name", Put: put, Check: func(raw string) (string, *fault.Fault, error) {
		value := strings.TrimSpace(raw)
		switch value {
		case "":
			return "", nil, errTooShort
		case "odd":
			return value, oddOne, nil
		}
		return value, nil, nil
	}}
}

func TestVerifyTidiesAndRefusesAndChangesNothing(t *testing.T) {
	choice := flow.Field{ID: "region", Flag: "--region", Options: []flow.Option{{Value: "cn"}, {Value: "com"}}}
	for label, row := range map[string]struct {
		field      flow.Field
		raw, value string
		notice     *fault.Fault
		err        error
	}{
		"tidied":     {name(nil), " a ", "a", nil, nil},
		"doubted":    {name(nil), "odd", "odd", oddOne, nil},
		"refused":    {name(nil), " ", "", nil, errTooShort},
		"unchecked":  {flow.Field{}, " a ", " a ", nil, nil},
		"an option":  {choice, "com", "com", nil, nil},
		"no option":  {choice, "moon", "", nil, fault.Usage("input.option")},
		"no options": {flow.Field{Options: []flow.Option{}}, "a", "", nil, fault.Usage("input.option")},
	} {
		value, notice, err := row.field.Verify(row.raw)
		if value != row.value || notice != row.notice || !errors.Is(err, row.err) {
			t.Errorf("%s: %q, %v, %v", label, value, notice, err)
		}
	}
	_, _, err := choice.Verify("moon")
	if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Value("value") != "moon" || f.Value("flag") != "--region" {
		t.Errorf("the fault is %v", err)
	}
}

func TestAnAnswerIsPutAndItsOriginNoted(t *testing.T) {
	for label, row := range map[string]struct {
		origin      flow.Origin
		value, raw  string
		put         []string
		wants       flow.Origin
		notice, err error
	}{
		"typed":            {"", "", "a", []string{"a"}, flow.FromPerson, nil, nil},
		"a proposal taken": {"", "a", "a", []string{"a"}, flow.FromPerson, nil, nil},
		"the .env's taken": {flow.FromEnv, "a", "a", []string{"a"}, flow.FromEnv, nil, nil},
		"the .env's over":  {flow.FromEnv, "a", "b", []string{"b"}, flow.FromPerson, nil, nil},
		"a flag's":         {flow.FromFlag, "a", "b", []string{"b"}, flow.FromFlag, nil, nil},
		"doubted":          {"", "", "odd", []string{"odd"}, flow.FromPerson, oddOne, nil},
		"refused":          {"", "", "", nil, "", nil, errTooShort},
	} {
		t.Run(label, func(t *testing.T) {
			var put []string
			r, f := walk("a"), name(func(v string) { put = append(put, v) })
			f.Value, f.Origin = row.value, row.origin
			if row.origin != "" {
				r.Note(row.origin, f.ID)
			}
			notice, err := f.AnswerNow(context.Background(), r, row.raw)
			if !errors.Is(err, row.err) || (notice != nil) != (row.notice != nil) {
				t.Errorf("notice is %v, error %v", notice, err)
			}
			if !slices.Equal(put, row.put) || r.Origin("name") != row.wants {
				t.Errorf("put %v, from %q", put, r.Origin("name"))
			}
		})
	}
}

func TestAnAnswerThatReadsFilesIsLoadedInPlaceOfPut(t *testing.T) {
	for _, fails := range []error{nil, errBroken} {
		loaded := ""
		f := flow.Field{
			ID:    "import_key",
			Check: func(string) (string, *fault.Fault, error) { t.Error("checked"); return "", nil, nil },
			Put:   func(string) { t.Error("put") },
			Load: func(raw string) flow.Job {
				return flow.Do(func(context.Context) (string, error) { return raw, fails }, func(v string) { loaded = v })
			},
		}
		if _, err := f.AnswerNow(context.Background(), walk("a"), "k.pem"); !errors.Is(err, fails) || (loaded == "k.pem") != (fails == nil) {
			t.Errorf("loaded %q, error is %v", loaded, err)
		}
	}
}

func TestAMissingAnswerNamesItsFlagOrItsOwnFault(t *testing.T) {
	err := flow.Field{Flag: "--name"}.Missing("Your name")
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok || !errors.Is(err, flow.ErrMissing) || f.Value("flag") != "--name" || f.Value("field") != "Your name" {
		t.Errorf("error is %v", err)
	}
	if err := (flow.Field{Unanswered: errTooShort}).Missing(""); !errors.Is(err, errTooShort) {
		t.Errorf("error is %v", err)
	}
}

func TestALineOfTextSaysWhereItsProposalCameFrom(t *testing.T) {
	options := []flow.Option{{Value: "cn"}}
	for origin, want := range map[flow.Origin]string{
		flow.FromEnv: "origin.env", flow.FromExample: "origin.example", flow.FromDraft: "origin.draft",
		flow.FromFlag: "", flow.FromPerson: "", flow.FromSandbox: "", "": "",
	} {
		got := ""
		if said := (flow.Field{Value: "cn", Origin: origin}).Source(); said != nil {
			got = said.ID
		}
		if got != want {
			t.Errorf("%q: %q, want %q", origin, got, want)
		}
		if said := (flow.Field{Origin: origin}).Source(); said != nil {
			t.Errorf("%q: of no value it says %q", origin, said.ID)
		}
		if said := (flow.Field{Value: "cn", Options: options, Origin: origin}).Source(); said != nil {
			t.Errorf("%q: of a choice it says %q", origin, said.ID)
		}
	}
}

func TestTheOptionOfTheValueStandsSelected(t *testing.T) {
	f := flow.Field{Options: flow.YesNo("write", "no", "yes")}
	for value, want := range map[string]int{"yes": 1, "no": 0, "": 0, "maybe": 0} {
		if f.Value = value; f.At() != want {
			t.Errorf("%q is at %d", value, f.At())
		}
	}
}

func TestAYesOrNoHasATextForEachAnswer(t *testing.T) {
	for i, o := range flow.YesNo("write", "yes", "no") {
		if value := []string{"yes", "no"}[i]; o.Value != value || !i18n.English.Has(o.Label.ID) || o.About.ID != "field.write."+value {
			t.Errorf("option %d is %+v", i, o)
		}
	}
}
