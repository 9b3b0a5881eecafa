package flow_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
)

var errBroken = errors.New("broken")

func TestAJobRecordsWhatItDid(t *testing.T) {
	for _, fails := range []error{nil, errBroken} {
		work := func(context.Context) (int, error) { return 7, fails }
		var tried, did []int
		var heard error
		try := flow.Job(func(ctx context.Context) (flow.Effect, error) {
			n, err := work(ctx)
			return func() { tried, heard = append(tried, n), err }, err
		})
		if err := try.Do(context.Background()); !errors.Is(err, fails) || !errors.Is(heard, fails) || !slices.Equal(tried, []int{7}) {
			t.Errorf("a job of %v: error is %v, recorded %v, %v", fails, err, tried, heard)
		}
		do := flow.Do(work, func(n int) { did = append(did, n) })
		if err := do.Do(context.Background()); !errors.Is(err, fails) || (len(did) == 1) != (fails == nil) {
			t.Errorf("Do of %v: error is %v, recorded %v", fails, err, did)
		}
	}
}

func TestAJobChangesNothingBeforeItsEffect(t *testing.T) {
	recorded := false
	job := flow.Do(func(context.Context) (bool, error) { return true, nil }, func(b bool) { recorded = b })
	effect, err := job(context.Background())
	if err != nil || recorded {
		t.Fatalf("error is %v, recorded %v", err, recorded)
	}
	if effect(); !recorded {
		t.Error("the effect records nothing")
	}
}

func TestAJobMayHaveNoEffect(t *testing.T) {
	for _, want := range []error{nil, errBroken} {
		job := flow.Job(func(context.Context) (flow.Effect, error) { return nil, want })
		if err := job.Do(context.Background()); !errors.Is(err, want) {
			t.Errorf("error is %v, want %v", err, want)
		}
	}
}

func TestAStepWithoutFunctionsHasNothingToSayOrShow(t *testing.T) {
	var st flow.Step
	if st.Says() != nil || st.Exhibits() != nil || st.Skips() {
		t.Error("it has")
	}
	st.Intro = func() []i18n.Message { return []i18n.Message{i18n.Msg("key.brief")} }
	st.Skip = func() bool { return false }
	if said := st.Says(); len(said) != 1 || said[0].ID != "key.brief" || st.Skips() {
		t.Errorf("it says %v", said)
	}
}

func TestAFrontFindsAnExhibitByItsType(t *testing.T) {
	st := flow.Step{Shows: func() []flow.Exhibit {
		return []flow.Exhibit{flow.Todo{}, flow.Link{URL: "first"}, flow.Link{URL: "second"}}
	}}
	if link, ok := flow.Shown[flow.Link](st); !ok || link.URL != "first" {
		t.Errorf("the link is %v, %v", link, ok)
	}
	if _, ok := flow.Shown[flow.Checklist](st); ok {
		t.Error("a checklist is found that is not shown")
	}
}

func TestFlagsAnswerInTheirOrderAndStopAtTheFirstError(t *testing.T) {
	type plan struct{ took []string }
	flag := func(name string, kind flow.Kind, err error) flow.Flag[*plan] {
		return flow.Flag[*plan]{Name: name, Kind: kind, Take: func(p *plan, v string) error {
			p.took = append(p.took, name+"="+v)
			return err
		}}
	}
	flags := []flow.Flag[*plan]{
		flag("app-id", flow.Text, nil), flag("yes", flow.Switch, nil), flag("bits", flow.Number, errBroken), flag("last", flow.Text, nil),
	}
	for name, row := range map[string]struct {
		values map[string]string
		want   []string
		err    error
	}{
		"none":           {nil, nil, nil},
		"in their order": {map[string]string{"last": "z", "app-id": "a"}, []string{"app-id=a", "last=z"}, nil},
		"an empty value": {map[string]string{"app-id": ""}, []string{"app-id="}, nil},
		"a switch":       {map[string]string{"yes": "true"}, []string{"yes=true"}, nil},
		"a switch off":   {map[string]string{"yes": "false"}, nil, nil},
		"an error":       {map[string]string{"bits": "1", "last": "z"}, []string{"bits=1"}, errBroken},
	} {
		p := &plan{}
		if err := flow.Take(p, flags, row.values); !errors.Is(err, row.err) || !slices.Equal(p.took, row.want) {
			t.Errorf("%s: error is %v, took %v", name, err, p.took)
		}
	}
}

func TestBothJobsAreDoneUnlessTheFirstFails(t *testing.T) {
	for _, row := range []struct {
		one, another flow.Job
		want         string
		err          error
	}{
		{noting("a", nil), noting("b", nil), "ab", nil},
		{noting("a", errBroken), noting("b", nil), "a", errBroken},
		{noting("a", nil), noting("b", errBroken), "ab", errBroken},
		{flow.Nothing, noting("b", nil), "b", nil},
		{noting("a", nil), flow.Nothing, "a", nil},
	} {
		noted = ""
		if err := flow.Both(row.one, row.another).Do(context.Background()); !errors.Is(err, row.err) || noted != row.want {
			t.Errorf("recorded %q with the error %v, want %q with %v", noted, err, row.want, row.err)
		}
	}
}

// noted is what the jobs of noting have recorded.
var noted string

func noting(name string, err error) flow.Job {
	return func(context.Context) (flow.Effect, error) { return func() { noted += name }, err }
}
