package steps_test

import (
	"errors"
	"strings"
	"testing"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/steps"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testplan"
)

// complete is a .env with credentials that nothing is known of.
const complete = "COZE_CLIENT_ID=" + testkey.AppID + "\nCOZE_PUBLIC_KEY=" + testkey.KeyID + "\nCOZE_PRIVATE_KEY_PATH=config/private_key.pem\nCOZE_API_BASE=https://api.coze.com/\n"

func TestAPlanThatNeedsCredentialsSaysWhatIsMissing(t *testing.T) {
	for name, row := range map[string]struct {
		env   string
		fault string
	}{
		"no .env":         {"", "env.absent"},
		"a part of them":  {"COZE_CLIENT_ID=" + testkey.AppID + "\n", "env.incomplete"},
		"not a .env":      {"nonsense\n", "env.unreadable"},
		"all of them":     {complete, ""},
		"none of our own": {"A=1\n", "env.incomplete"},
	} {
		w := testplan.New(t)
		if row.env != "" {
			w.Write(".env", row.env)
		}
		p, err := steps.OpenComplete(w.Deps(), w.Dir, w.Env())
		if row.fault == "" {
			if err != nil || p.Existing.Set.AppID != testkey.AppID || p.Display(w.Env()) != ".env" {
				t.Errorf("%s: error is %v", name, err)
			}
			continue
		}
		if err == nil {
			t.Errorf("%s: no error", name)
		} else if id := fault.ID(err); id != row.fault {
			t.Errorf("%s: the fault is %s, want %s", name, id, row.fault)
		}
	}
}

func TestTheEnvsCredentialsAreProposed(t *testing.T) {
	for name, row := range map[string]struct {
		env    string
		key    bool
		region coze.Region
		base   string
		file   string
	}{
		"all of them":   {complete, true, coze.COM, "https://api.coze.com", keyFile},
		"without a key": {complete, false, coze.COM, "https://api.coze.com", "default.pem"},
		"an odd base":   {strings.ReplaceAll(complete, "https://api.coze.com/", "moon"), true, "", "", keyFile},
		"no key path":   {"COZE_CLIENT_ID=" + testkey.AppID + "\n", true, coze.CN, "https://api.coze.cn", "default.pem"},
	} {
		w := testplan.New(t)
		w.Write(".env", row.env)
		if row.key {
			saved(w, keyFile, testkey.RSA())
		}
		p := open(w)
		p.KeyFile = w.Path("default.pem")
		p.Preselect()
		if p.AppID != testkey.AppID || p.Names != credentials.Default || p.KeyFile != w.Path(row.file) {
			t.Errorf("%s: proposed is %+v", name, p.Credentials)
		}
		if name != "no key path" && (p.Region != row.region || p.APIBase != row.base) {
			t.Errorf("%s: the region is %q at %q", name, p.Region, p.APIBase)
		}
	}
}

func TestTheIDsOfTheSandboxStayInTheSandbox(t *testing.T) {
	for name, row := range map[string]struct {
		from, to coze.Region
		kept     bool
	}{
		"out of the sandbox":  {coze.Sandbox, coze.CN, false},
		"the sandbox again":   {coze.Sandbox, coze.Sandbox, true},
		"one region to other": {coze.CN, coze.COM, true},
		"into the sandbox":    {coze.CN, coze.Sandbox, true},
	} {
		p := open(testplan.New(t))
		p.ChooseBase(row.from, "")
		p.AppID, p.KeyID = testkey.AppID, testkey.KeyID
		p.ChooseBase(row.to, row.to.Base())
		if p.Region != row.to || p.APIBase != row.to.Base() || (p.AppID != "") != row.kept || (p.KeyID != "") != row.kept {
			t.Errorf("%s: %+v", name, p.Credentials)
		}
	}
}

func TestTheConsoleIsLinkedWhereItsPageIsKnown(t *testing.T) {
	p := open(testplan.New(t))
	page := func() string {
		if p.Link() == nil {
			return ""
		}
		return p.Link()[0].(flow.Link).URL
	}
	p.ChooseBase(coze.CN, coze.CN.Base())
	if p.Opened("http://127.0.0.1:1/"); page() != coze.CN.Console() || p.Page() != page() {
		t.Errorf("the page of a region is %q", page())
	}
	if p.ChooseBase(coze.Sandbox, ""); page() != "" {
		t.Errorf("the page of a sandbox that is not open is %q", page())
	}
	if p.Opened("http://127.0.0.1:1/"); page() != "http://127.0.0.1:1/" {
		t.Errorf("the page of the sandbox is %q", page())
	}
	if p.ChooseBase(coze.Custom, "https://api.example.com"); page() != "" {
		t.Errorf("the page of a server that is not known is %q", page())
	}
}

func TestTheKeyPathIsWrittenRelativeToTheEnv(t *testing.T) {
	p := open(testplan.New(t))
	p.KeyPath = "as typed"
	if got := p.Values().KeyPath; got != keyFile {
		t.Errorf("it is %q", got)
	}
}

func TestAValueIsAskedForAndChecked(t *testing.T) {
	w := testplan.New(t)
	p := open(w)
	st := testplan.Step(p, "app_id")
	f := p.Ask(st)[0]
	if f.Flag != "--app-id" || f.Optional || p.StepToFix(diagnosis.AtAppID) != p.Index("app_id") {
		t.Errorf("the question is %+v", f)
	}
	if _, err := f.Answer(p.Run, testkey.KeyID); !errors.Is(err, credentials.ErrIsKeyID) || p.AppID != "" {
		t.Errorf("error is %v", err)
	}
	_, err := f.Answer(p.Run, " "+testkey.AppID+"\n")
	if testplan.Must(t, err); p.AppID != testkey.AppID || st.Answer() != testkey.AppID || p.Ask(st)[0].Value != testkey.AppID {
		t.Errorf("the answer is %q", p.AppID)
	}
	if fine := i18n.English.Say(f.Fine(testkey.AppID)); !strings.Contains(fine, "13") {
		t.Errorf("what is right about it: %q", fine)
	}
	want(t, "it says", said(st.Says()), []string{"app_id.brief"})
	p.ChooseBase(coze.CN, "")
	if st.Provided() {
		t.Error("a console in which a person acts gives no ids")
	}
	p.ChooseBase(coze.Sandbox, "")
	p.Provide(credentials.AppID, "9999999999999")
	want(t, "of the sandbox's, it says", said(st.Says()), []string{"app_id.sandbox"})
	if !st.Provided() || p.AppID != "9999999999999" {
		t.Error("the sandbox provides no ids")
	}
}

func TestAFlagGivesAValueUnlessItIsEmpty(t *testing.T) {
	flag := steps.ValueFlag[*plan](credentials.KeyID, i18n.Msg("flag.key_id"))
	for value, row := range map[string]struct {
		want  string
		fault error
	}{
		"":                          {"before", nil}, // an environment variable that is not set
		" " + testkey.KeyID + "\n":  {testkey.KeyID, nil},
		testkey.AppID:               {"before", credentials.ErrIsAppID},
		"-----BEGIN PUBLIC KEY----": {"before", credentials.ErrPublicPEM},
	} {
		p := open(testplan.New(t))
		p.KeyID = "before"
		err := flag.Take(p, value)
		if !errors.Is(err, row.fault) || p.KeyID != row.want || p.Given("key_id") != (row.want == testkey.KeyID) {
			t.Errorf("%q: the Key ID is %q, given %v, error %v", value, p.KeyID, p.Given("key_id"), err)
		}
	}
	if flag.Name != "key-id" || flag.Kind != flow.Text {
		t.Errorf("the flag is %+v", flag)
	}
}

func TestTheFactsAreThoseOfTheExchangeThatFailed(t *testing.T) {
	p := open(testplan.New(t))
	p.ChooseBase(coze.COM, coze.COM.Base())
	if f := p.Facts(); f.Set != nil || f.Region != coze.COM || f.Base != coze.COM.Base() {
		t.Errorf("before an exchange they are %+v", f)
	}
	p.AboutTo(credentials.Set{AppID: testkey.AppID})
	p.AppID = "another by now"
	if f := p.Facts(); f.Set == nil || f.Set.AppID != testkey.AppID || f.Base != coze.COM.Base() || p.Asked().AppID != testkey.AppID {
		t.Errorf("after it they are %+v", p.Facts().Set)
	}
}

func TestAKeyHasAFingerprintAndNoKeyHasNone(t *testing.T) {
	w := testplan.New(t)
	if a, b := steps.Fingerprint(testkey.RSA()), steps.Fingerprint(w.Key()); a == "" || a == b || steps.Fingerprint(nil) != "" {
		t.Errorf("%q, %q and %q", a, b, steps.Fingerprint(nil))
	}
}
