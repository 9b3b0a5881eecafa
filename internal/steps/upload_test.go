package steps_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"cozejwt/internal/console"
	"cozejwt/internal/coze"
	"cozejwt/internal/flow"
	"cozejwt/internal/sandbox"
	"cozejwt/internal/steps"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testplan"
	"cozejwt/keygen"
)

func TestInTheRealConsoleThePersonUploads(t *testing.T) {
	w := testplan.New(t)
	p := open(w)
	p.ChooseBase(coze.CN, coze.CN.Base())
	p.do(t, "key", "upload")
	st := testplan.Step(p, "upload")
	public, _ := flow.Shown[steps.PublicKey](st)
	todo, _ := flow.Shown[flow.Todo](st)
	link, _ := flow.Shown[flow.Link](st)
	if public.PEM != string(keygen.EncodePublic(&p.Key.PublicKey)) || public.Path != "config/public_key.pem" || !public.ByHand {
		t.Errorf("the public key is %+v", public)
	}
	if len(todo) != 2 || link.URL != coze.CN.Console() {
		t.Errorf("to do is %v at %v", todo, link)
	}
	want(t, "it says", said(st.Says()), []string{"upload.brief"})
	if p.Uploaded || p.KeyID != "" {
		t.Error("the console has given a Key ID")
	}
}

func TestInTheSandboxTheKeyIsUploadedFromHere(t *testing.T) {
	w := testplan.New(t)
	p := in(w)
	p.do(t, "key")
	st := testplan.Step(p, "upload")
	want(t, "before, it says", said(st.Says()), []string{"upload.sandbox", "upload.by_hand"})
	if public, _ := flow.Shown[steps.PublicKey](st); public.ByHand {
		t.Error("a person has to upload it")
	}
	if _, todo := flow.Shown[flow.Todo](st); todo {
		t.Error("there is something to do")
	}
	p.do(t, "upload")
	if !p.Uploaded || p.AppID == "" || p.KeyID == "" || p.Origin("app_id") != flow.FromSandbox || p.Origin("key_id") != flow.FromSandbox {
		t.Errorf("the ids are %q, %q", p.AppID, p.KeyID)
	}
	want(t, "after, it says", said(st.Says()), []string{"upload.exists"})
	apps, err := w.Coze.Apps(background)
	if testplan.Must(t, err); len(apps) != 1 || apps[0].Name != filepath.Base(w.Dir) {
		t.Errorf("the apps are %+v", apps)
	}
	testplan.Must(t, testplan.Do(p, "key", map[string]string{"key_source": "another"}))
	if p.Uploaded || p.KeyID != "" {
		t.Error("another key is taken for uploaded")
	}
}

func TestAKeyThatIsUploadedByHandIsNoticed(t *testing.T) {
	w := testplan.New(t)
	p := in(w)
	app, err := w.Coze.CreateApp(background, "mine")
	testplan.Must(t, err)
	p.AppID = app
	testplan.Must(t, testplan.Arrive(p, "upload")) // there is no key yet
	p.do(t, "key")
	testplan.Must(t, testplan.Arrive(p, "upload"))
	if p.Uploaded || p.Page() != w.Coze.Console() {
		t.Errorf("uploaded %v, the page is %q", p.Uploaded, p.Page())
	}
	id, err := w.Coze.AddKey(background, app, keygen.EncodePublic(&p.Key.PublicKey))
	testplan.Must(t, err)
	testplan.Must(t, testplan.Arrive(p, "upload"))
	if !p.Uploaded || p.KeyID != id {
		t.Errorf("the Key ID is %q, want %s", p.KeyID, id)
	}
	w.Forget(app, id)
	testplan.Must(t, testplan.Arrive(p, "upload"))
	if p.Uploaded || p.KeyID != id {
		t.Errorf("deleted, uploaded is %v, the Key ID %q", p.Uploaded, p.KeyID)
	}
}

func TestALookThatFailsIsLeftToTheWork(t *testing.T) {
	w, broken := testplan.New(t), errors.New("no free port")
	p := in(w)
	p.do(t, "key")
	p.AppID = testkey.AppID
	p.Uploaded = true
	silent := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(silent.Close)
	p.Sandbox = func(context.Context) (console.Server, error) { return sandbox.Client{Base: silent.URL}, nil }
	if testplan.Must(t, testplan.Arrive(p, "upload")); !p.Uploaded {
		t.Error("what could not be seen is taken for deleted")
	}
	p.Uploaded = false
	p.Sandbox = func(context.Context) (console.Server, error) { return nil, broken }
	testplan.Must(t, testplan.Arrive(p, "upload"))
	if err := testplan.Do(p, "upload", nil); !errors.Is(err, broken) || p.Uploaded {
		t.Errorf("error is %v", err)
	}
}

func TestAnAppThatIsGoneIsMadeWhereThePlanMayMakeIt(t *testing.T) {
	w := testplan.New(t)
	p := in(w)
	p.do(t, "key")
	p.AppID = testkey.AppID
	st := p.UploadStep(steps.Uploading{Intro: nil, Left: func() (flow.Todo, []flow.Exhibit) { return nil, nil }})
	if err := st.Work().Do(background); !errors.Is(err, console.ErrAppGone) || p.AppID != testkey.AppID {
		t.Errorf("error is %v", err)
	}
	p.do(t, "upload")
	if p.AppID == testkey.AppID || !p.Uploaded {
		t.Errorf("the App ID is %s", p.AppID)
	}
}

func TestAnIDThatAFlagGaveStaysTheFlags(t *testing.T) {
	w := testplan.New(t)
	p := in(w)
	p.Note(flow.FromFlag, "key_id")
	p.do(t, "key", "upload")
	if !p.Given("key_id") || p.Given("app_id") {
		t.Errorf("the origins are %q, %q", p.Origin("key_id"), p.Origin("app_id"))
	}
}

func TestAKeyOfTheConsoleNeedsNoUploadThere(t *testing.T) {
	w := testplan.New(t)
	for source, skips := range map[steps.KeySource]bool{steps.ImportKey: true, steps.MakeKey: false, steps.ReuseKey: false} {
		p := open(w)
		p.ChooseBase(coze.CN, coze.CN.Base())
		if p.Source = source; testplan.Step(p, "upload").Skips() != skips {
			t.Errorf("%s: skipped %v", source, !skips)
		}
		p.ChooseBase(coze.Sandbox, "")
		if testplan.Step(p, "upload").Skips() {
			t.Errorf("%s: skipped in the sandbox, which has no such key", source)
		}
	}
}

func TestTheUploadLeadsToTheConsolesOwnKeyAndBack(t *testing.T) {
	w := testplan.New(t)
	p := open(w)
	p.do(t, "key")
	public, _ := flow.Shown[steps.PublicKey](testplan.Step(p, "upload"))
	step, field, back := public.FromConsole()
	if fields := asked(t, p, step); p.Source != steps.ImportKey || fields[field] != "import_key" {
		t.Errorf("it leads to field %d of %v", field, fields)
	}
	if back(); p.Source != steps.MakeKey {
		t.Errorf("and back to %s", p.Source)
	}
	if public, _ := flow.Shown[steps.PublicKey](testplan.Step(open(w), "upload")); public.PEM != "" {
		t.Error("there is a public key without a private one")
	}
}
