package setup_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/setup"
	"cozejwt/keygen"
)

// toReview walks a rotation to its review, which has been prepared but not accepted.
func (w *world) toReview(s *setup.Session, answers map[string]string) setup.Step {
	w.t.Helper()
	for _, st := range s.Plan.Steps {
		if st.Skip != nil && st.Skip(s) {
			continue
		}
		if st.ID == setup.StepReview {
			must(w.t, st.Prepare(s).Do(context.Background(), s))
			for _, f := range st.Ask(s) {
				_, err := f.AnswerNow(context.Background(), s, "yes")
				must(w.t, err)
			}
			return st
		}
		must(w.t, do(w.t, s, st.ID, answers))
	}
	w.t.Fatal("the plan has no review")
	return setup.Step{}
}

// brokenOff is a rotation whose second file was changed by someone else after the
// review: the switch stops there.
func brokenOff(t *testing.T) (w *world, s *setup.Session, before string, err error) {
	t.Helper()
	w = created(t)
	w.Write(".env.production", w.Read(".env"))
	before = w.Read(".env")
	s = w.rotation()
	review := w.toReview(s, yes)
	w.Write(".env.production", before+"# theirs\n")
	return w, s, before, review.Work(s).Do(context.Background(), s)
}

func TestASwitchThatFailsHalfwayPutsBackWhatItChanged(t *testing.T) {
	w, s, before, err := brokenOff(t)
	if err == nil {
		t.Fatal("a file that someone else changed is overwritten")
	}
	if w.Read(".env") != before {
		t.Errorf(".env is\n%s, want\n%s", w.Read(".env"), before)
	}
	if got := w.Read(".env.production"); got != before+"# theirs\n" {
		t.Errorf(".env.production is\n%s", got)
	}
	if s.Observed.Written {
		t.Error("the rotation is recorded as done")
	}
	must(t, w.works(".env"))
}

func TestARotationThatWasBrokenOffHasOneRecord(t *testing.T) {
	w, _, before, _ := brokenOff(t)
	w.now = w.now.Add(time.Second)
	walk(t, w.rotation(), yes)
	records := w.env().Records(w.Path(".env"))
	if len(records) != 1 || len(records[0].Files) != 2 {
		t.Fatalf("the records are %+v, want one of two files", records)
	}
	s, err := setup.OpenRollback(w.env(), w.Dir, w.Path(".env"))
	must(t, err)
	walk(t, s, yes)
	if w.Read(".env") != before {
		t.Errorf("rolled back to\n%s, want\n%s", w.Read(".env"), before)
	}
}

// A key that a rotation has not made is somebody's, whatever folder it is in.
func TestOnlyKeysThatRotationsMadeAreNewOrOld(t *testing.T) {
	w := created(t)
	_, err := keygen.Save(w.Path("config/somebodys.pem"), must2(w.generate(2048)), keygen.Refuse, w.now)
	must(t, err)
	s := w.rotation()
	w.toReview(s, yes)
	if strings.HasSuffix(s.Answers.KeyFile, "somebodys.pem") {
		t.Error("it is taken for the new key")
	}
	p, err := setup.OpenPrune(w.env(), w.Dir, w.Path(".env"))
	must(t, err)
	for _, k := range p.Observed.Old {
		if strings.HasSuffix(k.File, "somebodys.pem") {
			t.Error("it may be pruned")
		}
	}
}
