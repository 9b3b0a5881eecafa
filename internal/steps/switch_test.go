package steps_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/review"
	"cozejwt/internal/steps"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testplan"
	"cozejwt/keygen"
)

// A turn is a plan that switches a .env, and others with it, to a second key of its app.
type turn struct {
	steps.Base
	steps.Switch
	w        *testplan.World
	before   credentials.Set
	others   []string
	recorded int
	record   error // of keeping the record
}

// turning is a world with a .env and those others, each with credentials that work, and the plan.
func turning(t *testing.T, others ...string) *turn {
	t.Helper()
	w := testplan.Created(t)
	for _, name := range others {
		w.Write(name, w.Read(".env"))
	}
	project, err := steps.OpenComplete(w.Deps(), w.Dir, w.Env())
	testplan.Must(t, err)
	s := &turn{Base: steps.NewBase(project), w: w, before: project.Existing.Set}
	for _, name := range others {
		s.others = append(s.others, w.Path(name))
	}
	key := w.Key()
	id, err := w.Coze.AddKey(background, s.before.AppID, keygen.EncodePublic(&key.PublicKey))
	testplan.Must(t, err)
	s.Preselect()
	s.KeyID, s.Key, s.KeyFile = id, key, saved(w, "config/new.pem", key)
	s.Switch = steps.NewSwitch(&s.Base, &s.before, func() []string { return s.others }, s.prepare, func() func() (string, error) {
		return func() (string, error) { s.recorded++; return w.Path("record.json"), s.record }
	})
	s.Run = project.NewRun(flow.Plan{Name: "turn", Steps: []flow.Step{s.TestStep(false), s.Switch.Step(), s.DoneStep(nil)}})
	return s
}

func (s *turn) prepare() flow.Job {
	var targets []review.Target
	for _, path := range append([]string{s.EnvPath}, s.others...) {
		targets = append(targets, review.Target{Path: path, Set: s.Values(), Conventions: s.Conventions()})
	}
	return s.PlanReview(nil, review.Plan{Targets: targets})
}

// refusing makes the service refuse the token of a call, counted from 1, and all after it.
func (s *turn) refusing(from int) {
	s.Client = &http.Client{Transport: &testplan.Tamperer{From: from}}
}

func TestASwitchWritesEachFileAndTestsIt(t *testing.T) {
	s := turning(t, ".env.production")
	testplan.Must(t, testplan.Arrive(s, "review"))
	want(t, "it says", said(testplan.Step(s, "review").Says()), []string{"switch.brief"})
	testplan.Must(t, testplan.Do(s, "review", testplan.Yes))
	for _, name := range []string{".env", ".env.production"} {
		if s.w.Holding(name).Set.KeyID != s.KeyID {
			t.Errorf("%s was not switched", name)
		}
		testplan.Must(t, s.w.Works(name))
	}
	if !s.Written || s.Undone || s.Token == nil || s.recorded != 1 || s.Record != s.w.Path("record.json") || s.Elapsed < 0 {
		t.Errorf("written %v, undone %v, token %v, record %q", s.Written, s.Undone, s.Token, s.Record)
	}
	if answer := testplan.Step(s, "review").Answer(); answer != ".env" {
		t.Errorf("the rail says %q", answer)
	}
	want(t, "it says of it", said(s.Lines()), []string{"summary.env", "summary.also", "summary.token", "summary.record"})
	if s.Lines()[1].Pairs[1] != ".env.production" || s.Lines()[3].Pairs[1] != "record.json" {
		t.Errorf("it names %q, %q", s.Lines()[1].Pairs, s.Lines()[3].Pairs)
	}
	testplan.Must(t, testplan.Arrive(s, "review"))
	want(t, "again, it says", said(testplan.Step(s, "review").Says()), []string{"review.unchanged"})
}

func TestASwitchWhoseTestFailsIsUndone(t *testing.T) {
	for name, from := range map[string]int{"the first file": 1, "the second file": 2} {
		s := turning(t, ".env.production")
		before := s.w.Read(".env")
		s.refusing(from)
		err := testplan.Do(s, "review", testplan.Yes)
		if _, refused := errors.AsType[*coze.Refusal](err); !refused || !s.Undone || s.Written || s.Record != "" || s.Token != nil || s.Edits != nil {
			t.Errorf("%s: error is %v, undone %v, written %v", name, err, s.Undone, s.Written)
		}
		if s.w.Read(".env") != before || s.w.Read(".env.production") != before {
			t.Errorf("%s: it was not put back", name)
		}
		st := testplan.Step(s, "review")
		if _, shown := flow.Shown[steps.Undone](st); !shown || st.Says()[0].ID != "switch.undone" {
			t.Errorf("%s: it is not said", name)
		}
		if files := st.Says()[0].Pairs[1]; !strings.Contains(files, ".env") || !strings.Contains(files, "production") {
			t.Errorf("%s: the files are %q", name, files)
		}
		s.Client = nil
		testplan.Must(t, testplan.Do(s, "review", testplan.Yes))
		if _, shown := flow.Shown[steps.Undone](st); shown || s.Undone || !s.Written {
			t.Errorf("%s: tried again, undone is %v", name, s.Undone)
		}
	}
}

func TestAnUntestedSwitchAsksForNoToken(t *testing.T) {
	s := turning(t)
	s.Skipped = true
	s.refusing(1)
	testplan.Must(t, testplan.Arrive(s, "review"))
	want(t, "it says", said(testplan.Step(s, "review").Says()), []string{"switch.untested"})
	testplan.Must(t, testplan.Do(s, "review", testplan.Yes))
	if !s.Written || s.Token != nil || s.w.Holding(".env").Set.KeyID != s.KeyID {
		t.Errorf("written %v, token %v", s.Written, s.Token)
	}
	want(t, "it says of it", said(s.Lines()), []string{"summary.env", "summary.record"})
	if !testplan.Step(s, "test").Skips() {
		t.Error("the test is not left out")
	}
}

func TestASwitchThatIsDeclinedOrCannotBeRecordedWritesNothing(t *testing.T) {
	s := turning(t)
	before := s.w.Read(".env")
	if err := testplan.Do(s, "review", map[string]string{"write": "no"}); !errors.Is(err, steps.ErrDeclined) || s.recorded != 0 {
		t.Errorf("declined: error is %v, records %d", err, s.recorded)
	}
	s.record = errors.New("disk full")
	if err := testplan.Do(s, "review", testplan.Yes); !errors.Is(err, s.record) || s.Undone || s.Record != "" {
		t.Errorf("not recorded: error is %v", err)
	}
	if s.w.Read(".env") != before || s.Written {
		t.Error("it was written")
	}
}

func TestASwitchThatCannotWriteOneFilePutsTheOthersBack(t *testing.T) {
	s := turning(t, ".env.production")
	before := s.w.Read(".env")
	testplan.Must(t, testplan.Arrive(s, "review"))
	s.Accepted = true
	s.w.Write(".env.production", strings.Replace(before, "COZE_CLIENT_ID=", "COZE_CLIENT_ID=9", 1))
	if err := testplan.Step(s, "review").Work().Do(background); err == nil || s.Written || s.w.Read(".env") != before {
		t.Errorf("error is %v, written %v", err, s.Written)
	}
}

// spoiling does something to the project when the service is asked, which refuses.
type spoiling struct{ spoil func() }

func (s spoiling) RoundTrip(r *http.Request) (*http.Response, error) {
	s.spoil()
	return (&testplan.Tamperer{From: 1}).RoundTrip(r)
}

func TestASwitchThatCannotBeUndoneNamesTheFile(t *testing.T) {
	for name, row := range map[string]struct {
		spoil func(*turn)
		path  string
		fault error
	}{
		"changed by someone else":         {func(s *turn) { s.w.Write(".env", s.w.Read(".env")+"# theirs\n") }, ".env", steps.ErrChanged},
		"another changed by someone else": {func(s *turn) { s.w.Write(".env.production", "# theirs\n") }, ".env.production", steps.ErrChanged},
		"deleted by someone else":         {func(s *turn) { testplan.Must(t, os.Remove(s.w.Env())) }, ".env", steps.ErrNotUndone},
	} {
		s := turning(t, ".env.production")
		s.Client = &http.Client{Transport: spoiling{func() { row.spoil(s) }}}
		err := testplan.Do(s, "review", testplan.Yes)
		f, ok := errors.AsType[*fault.Fault](err)
		if !ok || !errors.Is(err, row.fault) || f.Value("path") != s.w.Path(row.path) || s.Undone || s.Written {
			t.Errorf("%s: error is %v, undone %v", name, err, s.Undone)
		}
	}
}

func TestTheWayBackIsThatOfTheRecord(t *testing.T) {
	for recorded, want := range map[bool]string{true: "rotate --rollback", false: "use"} {
		s := turning(t)
		if !recorded {
			s.Switch = steps.NewSwitch(&s.Base, &s.before, func() []string { return nil }, s.prepare, nil)
			s.Run = s.NewRun(flow.Plan{Name: "turn", Steps: []flow.Step{s.TestStep(false), s.Switch.Step()}})
		}
		s.Client = &http.Client{Transport: spoiling{func() { testplan.Must(t, os.Remove(s.w.Env())) }}}
		err := testplan.Do(s, "review", testplan.Yes)
		f, ok := errors.AsType[*fault.Fault](err)
		if !ok || !strings.Contains(strings.Join(f.Fixes(i18n.English), " "), want) {
			t.Errorf("recorded %v: error is %v, want the fix to name %s", recorded, err, want)
		}
	}
}

func TestASwitchMayKeepNoRecord(t *testing.T) {
	s := turning(t)
	s.Switch = steps.NewSwitch(&s.Base, nil, func() []string { return nil }, s.prepare, nil)
	testplan.Must(t, testplan.Arrive(s, "review"))
	s.Accepted = true
	testplan.Must(t, s.Switch.Step().Work().Do(background))
	if s.Record != "" || !s.Written {
		t.Errorf("the record is %q", s.Record)
	}
}

func TestTheTokenTestShowsWhatItHasSeen(t *testing.T) {
	s := turning(t)
	st := testplan.Step(s, "test")
	want(t, "it says", said(st.Says()), []string{"test.brief"})
	testplan.Must(t, testplan.Do(s, "test", nil))
	x, _ := flow.Shown[steps.Exchange](st)
	if s.Token == nil || x.Token != s.Token || x.Host != coze.Audience(s.w.Coze.Base) || x.Line.ID != "summary.token" || s.Asked().KeyID != s.KeyID {
		t.Errorf("it shows %+v", x)
	}
	if s.Page() != s.w.Coze.Base+"/" {
		t.Errorf("the page of the sandbox is %q", s.Page())
	}
	s.Opened("http://127.0.0.1:1/")
	s.refusing(2)
	testplan.Must(t, testplan.Do(s, "test", nil))
	if s.Page() != "http://127.0.0.1:1/" {
		t.Errorf("the page that was open is %q", s.Page())
	}
	err := testplan.Do(s, "test", nil)
	if _, refused := errors.AsType[*coze.Refusal](err); !refused || s.Token != nil {
		t.Errorf("error is %v", err)
	}
	if x, _ := flow.Shown[steps.Exchange](st); x.Token != nil || x.Line.ID != "" {
		t.Errorf("it shows %+v", x)
	}
	s.Client = nil
	testplan.Must(t, testplan.Do(s, "test", nil))
	if s.Token == nil {
		t.Error("granted, there is no token")
	}
	s.Key = nil
	if err := testplan.Do(s, "test", nil); !errors.Is(err, steps.ErrIncomplete) || s.Token != nil {
		t.Errorf("without a key: error is %v", err)
	}
}

func TestATestBeforeTheEnvIsChangedSaysThatItIsUntouched(t *testing.T) {
	p := open(testplan.New(t))
	want(t, "it says", said(testplan.Step(p, "test").Says()), []string{"test.brief", "test.untouched"})
}

func TestATestThatIsCalledOffHasNoToken(t *testing.T) {
	s := turning(t)
	ctx, cancel := context.WithCancel(background)
	cancel()
	if err := testplan.Step(s, "test").Work().Do(ctx); err == nil || s.Token != nil {
		t.Errorf("error is %v", err)
	}
}

// A checklistCase is a run, and the points of its checklist that it has not earned.
type checklistCase struct {
	tested  bool
	spoil   func(*turn)
	unseen  string // the points that are not earned
	byLogID bool
}

var checklistCases = map[string]checklistCase{
	"everything":    {true, func(*turn) {}, "", true},
	"untested":      {false, func(*turn) {}, "jwt_app ids uploaded token", false},
	"no log id":     {true, func(s *turn) { s.Token.LogID = "" }, "", false},
	"no key file":   {true, func(s *turn) { testplan.Must(s.w.T, os.Remove(s.KeyFile)) }, "pair", true},
	"no public key": {true, func(s *turn) { testplan.Must(s.w.T, os.Remove(keygen.PublicPath(s.KeyFile))) }, "pair", true},
	"another public key": {true, func(s *turn) {
		s.w.Write("config/new_public.pem", string(keygen.EncodePublic(&testkey.RSA().PublicKey)))
	}, "pair", true},
	"not about a key":     {true, func(s *turn) { s.Key = nil }, "all", false},
	"seen on the disk":    {true, func(s *turn) { s.Key = testkey.RSA() }, "", true},
	"the key file is odd": {true, func(s *turn) { s.w.Write("config/new.pem", "no key") }, "pair", true},
}

func TestTheChecklistIsWhatTheRunHasSeen(t *testing.T) {
	for name, row := range checklistCases {
		s := turning(t)
		if filepath.Base(keygen.PublicPath(s.KeyFile)) != "new_public.pem" {
			t.Fatal(keygen.PublicPath(s.KeyFile))
		}
		if row.tested {
			testplan.Must(t, testplan.Do(s, "test", nil))
		}
		row.spoil(s)
		testplan.Must(t, testplan.Arrive(s, "done"))
		list, _ := flow.Shown[flow.Checklist](testplan.Step(s, "done"))
		if row.unseen == "all" {
			if list != nil {
				t.Errorf("%s: %v", name, list)
			}
			continue
		}
		var unseen []string
		for _, item := range list {
			if !item.Earned {
				unseen = append(unseen, strings.TrimPrefix(strings.TrimPrefix(item.Text.ID, "check."), "sandbox_"))
			}
			if item.Earned == (item.Evidence.ID == "check.unseen") {
				t.Errorf("%s: the evidence of %s is %s", name, item.Text.ID, item.Evidence.ID)
			}
		}
		if got := strings.Join(unseen, " "); len(list) != 5 || got != row.unseen {
			t.Errorf("%s: of %d points, not earned are %q", name, len(list), got)
		}
		if last := list[len(list)-1]; row.tested && (last.Evidence.ID == "check.by_log_id") != row.byLogID {
			t.Errorf("%s: the token is seen by %s", name, last.Evidence.ID)
		}
	}
}
