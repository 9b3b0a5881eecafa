package rotation_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/flow"
	"cozejwt/internal/rotation"
	"cozejwt/internal/steps"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testplan"
	"cozejwt/keygen"
)

// toReview walks a rotation to its review, which has been prepared but not accepted.
func toReview(t *testing.T, r *rotation.Rotation, answers map[string]string) flow.Step {
	t.Helper()
	for _, st := range r.Steps {
		if st.Skips() {
			continue
		}
		if st.ID == steps.Review {
			testplan.Must(t, testplan.Arrive(r, st.ID))
			for _, f := range r.Ask(st) {
				_, err := f.AnswerNow(context.Background(), r.Run, "yes")
				testplan.Must(t, err)
			}
			return st
		}
		testplan.Must(t, testplan.Do(r, st.ID, answers))
	}
	t.Fatal("the plan has no review")
	return flow.Step{}
}

// brokenOff is a rotation whose second file was changed by someone else after the
// review: the switch stops there.
func brokenOff(t *testing.T) (w *testplan.World, s *rotation.Rotation, before string, err error) {
	t.Helper()
	w = testplan.Created(t)
	w.Write(".env.production", w.Read(".env"))
	before = w.Read(".env")
	s = rotating(w)
	review := toReview(t, s, testplan.Yes)
	w.Write(".env.production", theirs(before))
	return w, s, before, review.Work().Do(context.Background())
}

// theirs is a .env with another Key ID, and a line of someone else.
func theirs(env string) string { return env + "COZE_PUBLIC_KEY=" + testkey.KeyID + "\n# theirs\n" }

func TestASwitchThatFailsHalfwayPutsBackWhatItChanged(t *testing.T) {
	w, s, before, err := brokenOff(t)
	if err == nil {
		t.Fatal("a file that someone else changed is overwritten")
	}
	if w.Read(".env") != before {
		t.Errorf(".env is\n%s, want\n%s", w.Read(".env"), before)
	}
	if got := w.Read(".env.production"); got != theirs(before) {
		t.Errorf(".env.production is\n%s", got)
	}
	if s.Written {
		t.Error("the rotation is recorded as done")
	}
	testplan.Must(t, w.Works(".env"))
}

func TestARotationThatWasBrokenOffHasOneRecord(t *testing.T) {
	w, _, before, _ := brokenOff(t)
	w.Now = w.Now.Add(time.Second)
	testplan.Walk(t, rotating(w), testplan.Yes)
	records := rotation.Records(w.State, w.Env())
	if len(records) != 1 || len(records[0].Files) != 2 {
		t.Fatalf("the records are %+v, want one of two files", records)
	}
	s, err := rotation.OpenRollback(w.Deps(), w.Dir, w.Env())
	testplan.Must(t, err)
	testplan.Walk(t, s, testplan.Yes)
	if w.Read(".env") != before {
		t.Errorf("rolled back to\n%s, want\n%s", w.Read(".env"), before)
	}
}

// A key that a rotation has not made is somebody's, whatever folder it is in.
func TestOnlyKeysThatRotationsMadeAreNewOrOld(t *testing.T) {
	w := testplan.Created(t)
	_, err := keygen.Save(w.Path("config/somebodys.pem"), w.Key(), keygen.Refuse, w.Now)
	testplan.Must(t, err)
	s := rotating(w)
	toReview(t, s, testplan.Yes)
	if strings.HasSuffix(s.KeyFile, "somebodys.pem") {
		t.Error("it is taken for the new key")
	}
	p, err := rotation.OpenPrune(w.Deps(), w.Dir, w.Env())
	testplan.Must(t, err)
	for _, k := range p.Old {
		if strings.HasSuffix(k.File, "somebodys.pem") {
			t.Error("it may be pruned")
		}
	}
}
