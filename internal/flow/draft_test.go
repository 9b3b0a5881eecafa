package flow_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/diagnosis"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/testfile"
)

// A place is a project folder with a state folder and a clock.
type place struct {
	testfile.Folder
	state string
	now   time.Time
}

func newPlace(t *testing.T) *place {
	t.Helper()
	return &place{testfile.NewFolder(t), t.TempDir(), time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
}

// lasting is a run of a plan that is kept, for a file of the project.
func (p *place) lasting(name string) *flow.Run {
	r := walk("region app key done")
	r.Lasting, r.Keep = true, func() flow.Kept { return flow.Kept{Answers: json.RawMessage(`{"app":"1"}`), Key: "abc", Written: true} }
	r.Store = flow.Store{Folder: p.state, Path: p.Path(name), Now: func() time.Time { return p.now }}
	return r
}

// wantDraft says at which step the run of .env would be resumed, "" for none.
func (p *place) wantDraft(t *testing.T, step string) {
	t.Helper()
	got := ""
	if d := p.lasting(".env").FindDraft(); d != nil {
		got = d.Step
	}
	if got != step {
		t.Errorf("the draft stands at %q, want %q", got, step)
	}
}

func TestADraftKeepsTheStepAndTheAnswers(t *testing.T) {
	p := newPlace(t)
	p.lasting(".env").SaveDraft("app")()
	d := p.lasting(".env").FindDraft()
	if d == nil {
		t.Fatal("no draft is found")
	}
	answers := struct{ App, Other string }{Other: "stays"}
	d.Decode(&answers)
	if d.Step != "app" || d.EnvPath != p.Path(".env") || !d.Saved.Equal(p.now) || d.Key != "abc" || !d.Written || answers.App != "1" || answers.Other != "stays" {
		t.Errorf("the draft is %+v, its answers %+v", d, answers)
	}
	flow.Kept{Answers: json.RawMessage(`[1]`)}.Decode(&answers)
	if answers.App != "1" {
		t.Error("answers of another form have taken the place of what was there")
	}
}

func TestWhatIsNotedLaterWinsWhicheverIsWrittenFirst(t *testing.T) {
	p := newPlace(t)
	r := p.lasting(".env")
	first, second := r.SaveDraft("app"), r.SaveDraft("key")
	second()
	first()
	p.wantDraft(t, "key")
	save, drop := r.SaveDraft("app"), r.DropDraft()
	drop()
	save()
	p.wantDraft(t, "")
	again := r.SaveDraft("key")
	again()
	p.wantDraft(t, "key")
	p.lasting(".env").DropDraft()()
	again() // it was written
	p.wantDraft(t, "")
}

func TestARunThatArrivesIsResumedThereUntilItEnds(t *testing.T) {
	p := newPlace(t)
	r := p.lasting(".env")
	r.Arrive(2)()
	if p.wantDraft(t, "key"); r.Ended() {
		t.Error("it has ended before its last step")
	}
	end := r.Arrive(3)
	if p.wantDraft(t, "key"); !r.Ended() {
		t.Error("it has not ended at its last step")
	}
	end()
	p.wantDraft(t, "")
	r.Pause()() // and leaving it then keeps nothing
	p.wantDraft(t, "")
	r.Arrive(1)()
	if p.wantDraft(t, "app"); r.Ended() {
		t.Error("back from the last step, it is still at its end")
	}
	r.Arrive(3)()
	p.wantDraft(t, "")
}

func TestARunThatIsLeftKeepsItsLastStep(t *testing.T) {
	p := newPlace(t)
	p.lasting(".env").SaveDraft("app")()
	r := p.lasting(".env")
	r.Pause()() // before it has come anywhere
	p.wantDraft(t, "app")
	r.SaveDraft("key") // noted, and written with the answers of later
	r.Pause()()
	p.wantDraft(t, "key")
}

func TestARefusedStepIsResumedWhereThatIsFixed(t *testing.T) {
	service := diagnosis.Diagnose(errors.New("no answer"), diagnosis.Facts{})
	for name, row := range map[string]struct {
		refused diagnosis.Diagnosis
		fixedAt int
		want    string
	}{
		"a refusal":                      {refusal(), 1, "app"},
		"a refusal that the first fixes": {refusal(), 0, ""}, // as from the beginning
		"a refusal that nothing fixes":   {refusal(), -1, "key"},
		"no refusal":                     {service, 1, "key"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t)
			r := p.lasting(".env")
			if row.fixedAt >= 0 {
				r.Steps[row.fixedAt].Fixes = []diagnosis.FixAt{row.refused.FixAt()}
			}
			r.Fail(2, row.refused)()
			p.wantDraft(t, row.want)
		})
	}
}

func TestWhatIsPutBackIsKeptInTheDraftToo(t *testing.T) {
	p := newPlace(t)
	r, written := p.lasting(".env"), true
	r.Keep = func() flow.Kept { return flow.Kept{Answers: json.RawMessage(`{}`), Written: written} }
	r.Undo = &flow.Undo{Can: func() bool { return written }, Do: func() error { written = false; return nil }}
	r.SaveDraft("key")()
	if err := r.Restore(); err != nil {
		t.Fatal(err)
	}
	if d := p.lasting(".env").FindDraft(); d == nil || d.Written {
		t.Errorf("the draft is %+v", d)
	}
}

func TestAPlanThatDoesNotLastKeepsNothing(t *testing.T) {
	p := newPlace(t)
	p.lasting(".env").SaveDraft("app")()
	r := p.lasting(".env")
	r.Lasting = false
	for name, save := range map[string]flow.Save{"save": r.SaveDraft("key"), "drop": r.DropDraft(), "arrive": r.Arrive(2), "pause": r.Pause(), "end": r.Arrive(3)} {
		if save(); p.lasting(".env").FindDraft().Step != "app" {
			t.Errorf("%s has changed the draft", name)
		}
	}
}

func TestWithoutAStateFolderNothingIsKept(t *testing.T) {
	t.Chdir(t.TempDir())
	p := newPlace(t)
	p.state = ""
	p.lasting(".env").SaveDraft("app")()
	p.wantDraft(t, "")
	if left, _ := os.ReadDir("."); len(left) != 0 {
		t.Errorf("left in the working folder: %v", left)
	}
	p.state = "."
	p.lasting(".env").SaveDraft("app")()
	p.state = ""
	if found := p.lasting(".env.b").DraftsBeside(); found != nil {
		t.Errorf("found %v", found)
	}
}

func TestADraftIsWorthResumingForTwoWeeks(t *testing.T) {
	p := newPlace(t)
	saved := p.now
	p.lasting(".env").SaveDraft("app")()
	p.now = saved.Add(14 * 24 * time.Hour)
	p.wantDraft(t, "app")
	p.now = p.now.Add(time.Second)
	p.wantDraft(t, "")
}

func TestADraftThatDoesNotFitIsNotOffered(t *testing.T) {
	p := newPlace(t)
	for _, step := range []string{"region", "gone"} { // nothing was answered, or the plan has changed
		p.lasting(".env").SaveDraft(step)()
		p.wantDraft(t, "")
	}
	p.lasting(".env").SaveDraft("app")()
	r := p.lasting(".env")
	r.Name = "other"
	if r.FindDraft() != nil {
		t.Error("it is offered to another plan")
	}
	for _, fits := range []bool{true, false} {
		r := p.lasting(".env")
		r.Continues = func(d *flow.Draft) bool { return fits && d.Step == "app" }
		if (r.FindDraft() != nil) != fits {
			t.Errorf("where the plan says %v, the draft is %v", fits, r.FindDraft())
		}
	}
	r = p.lasting(".env")
	r.Begin = &flow.Draft{Step: "key"}
	if r.FindDraft() != r.Begin {
		t.Error("a run that begins somewhere does not begin there")
	}
}

func TestADraftThatIsNotOfTheFileIsNotOffered(t *testing.T) {
	p := newPlace(t)
	p.lasting(".env").SaveDraft("app")()
	files, _ := filepath.Glob(filepath.Join(p.state, "drafts", "*"))
	if len(files) != 1 {
		t.Fatalf("the drafts are %v", files)
	}
	d := p.lasting(".env").FindDraft()
	d.EnvPath = p.Path(".env.other")
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	testfile.Write(t, files[0], string(text))
	p.wantDraft(t, "") // whatever its name is
	testfile.Write(t, files[0], "{")
	p.wantDraft(t, "")
}

func TestAFileHasOneDraftHoweverItsFolderIsNamed(t *testing.T) {
	p := newPlace(t)
	link := filepath.Join(t.TempDir(), "link")
	testfile.Symlink(t, p.Dir, link)
	r := p.lasting(".env")
	r.Store.Path = filepath.Join(link, ".env")
	r.SaveDraft("app")()
	p.wantDraft(t, "app")
}

func TestDraftsOfOtherFilesOfTheFolderAreFoundNewestFirst(t *testing.T) {
	p := newPlace(t)
	save := func(name, plan, step string, ago time.Duration) {
		now := p.now
		p.now = now.Add(-ago)
		r := p.lasting(name)
		r.Name = plan
		r.SaveDraft(step)()
		p.now = now
	}
	save(".env", "walk", "app", 0)
	save(".env.older", "walk", "app", time.Hour)
	save(".env.newest", "walk", "key", time.Minute)
	save(".env.middle", "walk", "app", 2*time.Minute)
	save(".env.begun", "walk", "region", 0)
	save(".env.forgotten", "walk", "app", 15*24*time.Hour)
	save(".env.plan", "walking", "app", 0)
	testfile.Write(t, p.Path("sub/.env"), "")
	save("sub/.env", "walk", "app", 0)
	testfile.Write(t, filepath.Join(p.state, "drafts", "walk-broken.json"), "{")
	var got []string
	for _, d := range p.lasting(".env").DraftsBeside() {
		got = append(got, filepath.Base(d.EnvPath)+" "+d.Step)
	}
	if want := []string{".env.newest key", ".env.middle app", ".env.older app"}; !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}

func TestTheQuestionToResumeSaysWhenAndWhere(t *testing.T) {
	p := newPlace(t)
	p.lasting(".env").SaveDraft("app")()
	p.now = p.now.Add(26 * time.Minute)
	r := p.lasting(".env")
	d := r.FindDraft()
	f := r.ResumeField(d)
	if f.ID != "resume" || f.Value != "yes" || len(f.Options) != 2 || f.At() != 0 || f.Options[1].Value != "no" {
		t.Errorf("the question is %+v", f)
	}
	for _, said := range []string{i18n.English.Say(*f.Hint), i18n.English.Say(r.Stopped(d))} {
		if !strings.Contains(said, i18n.English.Say(flow.Ago(26*time.Minute))) || !strings.Contains(said, i18n.English.Text("step.app")) {
			t.Errorf("it says %q", said)
		}
	}
	if _, err := f.Answer(r, "no"); err != nil {
		t.Error(err)
	}
}

func TestHowLongAgoIsSaidRoughly(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                            "ago.now",
		59 * time.Second:             "ago.now",
		time.Minute:                  "ago.minutes 1",
		59*time.Minute + time.Second: "ago.minutes 59",
		time.Hour:                    "ago.hours 1",
		24*time.Hour - time.Second:   "ago.hours 23",
		24 * time.Hour:               "ago.days 1",
		49 * time.Hour:               "ago.days 2",
	} {
		m := flow.Ago(d)
		if got := strings.Join(append([]string{m.ID}, m.Pairs...), " "); got != strings.Replace(want, " ", " n ", 1) {
			t.Errorf("%s: %q, want %q", d, got, want)
		}
	}
}
