package steps_test

import (
	"testing"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/flow"
	"cozejwt/internal/steps"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testplan"
	"cozejwt/keygen"
)

// drafted are answers of a run that was left.
func drafted(w *testplan.World) steps.Answers {
	return steps.Answers{
		Set:    credentials.Set{AppID: testkey.AppID, KeyID: testkey.KeyID, APIBase: "https://api.coze.cn"},
		Region: coze.CN, KeyFile: w.Path(keyFile), KeyAnswers: steps.KeyAnswers{Source: steps.MakeKey, Bits: 4096},
	}
}

// recall resumes a draft that was left at the key step, and reports whether the run begins at the first one.
func recall(p *plan, was steps.Answers) (first bool) {
	return p.Recall(&flow.Draft{Step: steps.Key}, was, nil, steps.Review) == p.First()
}

func TestTheAnswersOfADraftAreTakenUp(t *testing.T) {
	w := testplan.New(t)
	p := open(w)
	p.KeyFile = w.Path("other.pem")
	if p.FileIn(drafted(w)) != w.Path(keyFile) {
		t.Errorf("its key is at %s", p.FileIn(drafted(w)))
	}
	if recall(p, drafted(w)) {
		t.Error("no flag asks for another region")
	}
	was := drafted(w)
	was.Bits = keygen.DefaultBits // of this run: the pair of the other is made or is not wanted
	if got := p.Answers(); got != was {
		t.Errorf("the answers are %+v, want %+v", got, was)
	}
}

func TestFlagsWinOverTheAnswersOfADraft(t *testing.T) {
	w := testplan.New(t)
	p := open(w)
	p.ChooseBase(coze.COM, coze.COM.Base())
	p.KeyFile, p.AppID, p.Source, p.Import, p.Bits = w.Path("mine.pem"), "9999999999999", steps.ImportKey, "d.pem", 3072
	p.Note(flow.FromFlag, "region", "key_path", "app_id", "key_source")
	if !recall(p, drafted(w)) {
		t.Error("the region of the flags is the draft's")
	}
	want := steps.Answers{
		Set:    credentials.Set{AppID: "9999999999999", KeyID: testkey.KeyID, APIBase: "https://api.coze.com"},
		Region: coze.COM, KeyFile: w.Path("mine.pem"), KeyAnswers: steps.KeyAnswers{Source: steps.ImportKey, Import: "d.pem", Bits: 3072},
	}
	if got := p.Answers(); got != want {
		t.Errorf("the answers are %+v, want %+v", got, want)
	}
}

func TestTheSameRegionByAFlagIsNoOther(t *testing.T) {
	w := testplan.New(t)
	for name, row := range map[string]struct {
		region    coze.Region
		base      string
		elsewhere bool
	}{
		"the region alone":       {coze.CN, "", false},
		"with its base":          {coze.CN, "https://api.coze.cn", false},
		"with another base":      {coze.CN, "https://api.example.com", true},
		"another region, a base": {coze.Custom, "https://api.coze.cn", true},
	} {
		p := open(w)
		p.ChooseBase(row.region, row.base)
		p.Note(flow.FromFlag, "region")
		if got := recall(p, drafted(w)); got != row.elsewhere {
			t.Errorf("%s: elsewhere %v", name, got)
		}
		if want := map[bool]string{true: row.base, false: "https://api.coze.cn"}[row.elsewhere]; p.APIBase != want {
			t.Errorf("%s: the base is %s", name, p.APIBase)
		}
	}
	p := open(w)
	was := drafted(w)
	was.Region, was.APIBase = coze.Sandbox, "http://127.0.0.1:1"
	if recall(p, was); p.Page() != "http://127.0.0.1:1/" {
		t.Errorf("the page of the sandbox is %q", p.Page())
	}
}

func TestWhereTheAnswersCameFromIsNoted(t *testing.T) {
	w := testplan.New(t)
	p := open(w)
	p.Note(flow.FromFlag, "app_id")
	recall(p, drafted(w))
	for id, want := range map[string]flow.Origin{
		"region": flow.FromDraft, "api_base": flow.FromDraft, "key_id": flow.FromDraft, "key_source": flow.FromDraft, "app_id": flow.FromFlag, "import_key": "",
	} {
		if got := p.Origin(id); got != want {
			t.Errorf("%s came from %q, want %q", id, got, want)
		}
	}
}

func TestADraftContinuesWhereItsKeyIsStillThere(t *testing.T) {
	w := testplan.New(t)
	key := &keygen.Key{Private: testkey.RSA()}
	same, other := steps.Fingerprint(testkey.RSA()), steps.Fingerprint(w.Key())
	for name, row := range map[string]struct {
		at    string
		key   *keygen.Key
		draft string // fingerprint of its key
		given string // what a flag has answered
		want  string
		keyID bool // it is still the answer
	}{
		"before the key":            {"region", nil, same, "", "region", true},
		"at the key":                {"key", nil, same, "", "key", true},
		"after it":                  {"upload", key, same, "", "upload", true},
		"at the review":             {"review", key, same, "", "review", true},
		"after the review":          {"test", key, same, "", "review", true},
		"the key is gone":           {"upload", nil, same, "", "key", false},
		"the key is another":        {"upload", key, other, "", "key", false},
		"another by a flag":         {"upload", key, same, "key_source", "key", false},
		"gone, with its Key ID set": {"upload", nil, same, "key_id", "key", true},
	} {
		p := open(w)
		p.KeyID = testkey.KeyID // what a flag has given is there before
		if row.given != "" {
			p.Note(flow.FromFlag, row.given)
		}
		at := p.Recall(&flow.Draft{Step: row.at, Kept: flow.Kept{Key: row.draft}}, drafted(w), row.key, steps.Review)
		if p.Steps[at].ID != row.want || (p.KeyID != "") != row.keyID {
			t.Errorf("%s: continues at %s with the Key ID %q", name, p.Steps[at].ID, p.KeyID)
		}
		if taken := row.want == row.at && row.at != "region" && row.at != "key" || row.want == "review"; (p.Key != nil) != taken {
			t.Errorf("%s: the key is taken: %v", name, !taken)
		}
	}
}

func TestAKeyThatADraftMadeIsNotMadeAgain(t *testing.T) {
	w := testplan.New(t)
	for source, isNew := range map[steps.KeySource]bool{steps.MakeKey: true, steps.ReuseKey: false} {
		p, was := open(w), drafted(w)
		was.Source = source
		p.Recall(&flow.Draft{Step: "upload", Kept: flow.Kept{Key: steps.Fingerprint(testkey.RSA())}}, was, &keygen.Key{Private: testkey.RSA()}, steps.Review)
		if p.KeyIsNew != isNew {
			t.Errorf("%s: the key is new: %v", source, p.KeyIsNew)
		}
		if source == steps.MakeKey {
			testplan.Must(t, testplan.Step(p, "key").Work().Do(background))
			if !p.Key.Equal(testkey.RSA()) || p.KeyID != testkey.KeyID {
				t.Error("the step makes another key")
			}
		}
	}
}
