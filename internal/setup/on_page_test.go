package setup_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/exchange"
	"cozejwt/internal/flow"
	"cozejwt/internal/setup"
	"cozejwt/internal/steps"
	"cozejwt/internal/testplan"
)

// unauthorized answers as for an app that is not authorized.
type unauthorized struct{}

func (unauthorized) RoundTrip(r *http.Request) (*http.Response, error) {
	body := `{"error_code":"access_deny","error_message":"app: x is not authorized by the owner"}`
	return &http.Response{StatusCode: 403, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

// admitted says whether the test step has seen the console let the app in, after a look.
func admitted(t *testing.T, s *setup.Setup) bool {
	t.Helper()
	st := testplan.Step(s, "test")
	testplan.Must(t, st.Look().Do(t.Context()))
	x, _ := flow.Shown[steps.Exchange](st)
	return x.Admitted
}

// The sandbox is watched while a refusal is on that ends there.
func TestAnAppThatIsAuthorizedAfterARefusalIsNoticed(t *testing.T) {
	w := testplan.Created(t)
	s := w.Setup()
	for _, id := range []string{"region", "app", "key", "upload", "app_id", "key_id", "review"} {
		testplan.Must(t, testplan.Do(s, id, testplan.Yes))
	}
	if admitted(t, s) {
		t.Error("before the test, the app was let in")
	}
	w.Authorize(s.AppID, false)
	err := testplan.Do(s, "test", nil)
	d := s.Diagnose(err)
	if d.ID != "app_unauthorised" || d.FixAt() != diagnosis.AtPage || s.StepToFix(d.FixAt()) >= 0 {
		t.Fatalf("refused by %s, fixed at %s", d.ID, d.FixAt())
	}
	if admitted(t, s) {
		t.Error("an app that is not authorized was let in")
	}
	w.Authorize(s.AppID, true)
	for range 2 { // it stays so until the next test
		if !admitted(t, s) {
			t.Error("the authorization was not noticed")
		}
	}
	testplan.Must(t, testplan.Do(s, "test", nil))
	if s.Token == nil || admitted(t, s) {
		t.Error("after the token, the app was let in again")
	}
}

// A failure that the sandbox simulates is refused again and again, but no reason to try for ever.
func TestARefusalWithoutAChangeIsNotTriedAgain(t *testing.T) {
	w := testplan.Created(t)
	s := w.Setup()
	s.SetBase(w.Coze.Base)
	testplan.Must(t, testplan.Do(s, "key", nil))
	s.Client = &http.Client{Transport: unauthorized{}}
	err := testplan.Do(s, "test", nil)
	for range 2 {
		if err == nil || admitted(t, s) {
			t.Errorf("after %v, the app was let in", err)
		}
	}
}

// What was changed in the console takes seconds, also where the person says that it was changed.
func TestAChangeInTheConsoleIsWaitedFor(t *testing.T) {
	w := testplan.Created(t)
	s := w.Setup()
	pauses := 0
	s.Waiting = exchange.Waiting{
		AfterChange: 10 * time.Second, Passes: diagnosis.Passes,
		Sleep: func(context.Context, time.Duration, <-chan struct{}) error { pauses++; return nil },
	}
	testplan.Must(t, testplan.Do(s, "key", nil))
	w.Authorize(s.AppID, false)
	if err := testplan.Do(s, "test", nil); err == nil || pauses != 0 {
		t.Errorf("%v after %d pauses", err, pauses)
	}
	x, _ := flow.Shown[steps.Exchange](testplan.Step(s, "test"))
	if x.Changed(); !x.Watched {
		t.Error("the sandbox is not watched")
	}
	if err := testplan.Do(s, "test", nil); err == nil || pauses != 2 {
		t.Errorf("%v after %d pauses, want 2", err, pauses)
	}
}

func TestAFixThatIsMadeInTheConsoleBeginsWithTheTest(t *testing.T) {
	w := testplan.Created(t)
	refused := diagnosis.Diagnose(&coze.Refusal{Status: 403, Code: "access_deny", Message: "app: x is not authorized by the owner"}, diagnosis.Facts{})
	s, err := setup.OpenFix(w.Deps(), w.Dir, w.Env(), refused)
	testplan.Must(t, err)
	if d := s.FindDraft(); !setup.Fixes(refused) || d == nil || d.Step != steps.Test {
		t.Errorf("it begins with %+v", d)
	}
}
