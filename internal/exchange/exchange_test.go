package exchange_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/exchange"
	"cozejwt/internal/fault"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testsandbox"
	"cozejwt/keygen"
)

// A place is a sandbox with an app, and an exchanger that knows it.
type place struct {
	exchange.Exchanger
	set credentials.Set
}

func newPlace(t *testing.T) *place {
	t.Helper()
	c := testsandbox.New(t)
	p := &place{Exchanger: exchange.Exchanger{
		Now: time.Now, StateDir: t.TempDir(), IsSandbox: func(base string) bool { return base == c.Base },
	}}
	p.set.APIBase = c.Base
	var err error
	if p.set.AppID, err = c.CreateApp(context.Background(), "app"); err != nil {
		t.Fatal(err)
	}
	if p.set.KeyID, err = c.AddKey(context.Background(), p.set.AppID, keygen.EncodePublic(&testkey.RSA().PublicKey)); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestTheLastTestIsRemembered(t *testing.T) {
	p := newPlace(t)
	public := &testkey.RSA().PublicKey
	if last := p.LastTestResult(p.set, public); last != nil {
		t.Errorf("before any test it is %+v", last)
	}
	grant, err := p.Test(context.Background(), p.set, testkey.RSA())
	if err != nil || grant.Token.AccessToken.IsZero() || grant.Base != p.set.APIBase {
		t.Fatalf("%+v, %v", grant, err)
	}
	if last := p.LastTestResult(p.set, public); last == nil || last.Refusal != "" {
		t.Errorf("after a token it is %+v", last)
	}
	p.set.KeyID = testkey.KeyID
	_, err = p.Test(context.Background(), p.set, testkey.RSA())
	if _, refused := errors.AsType[*coze.Refusal](err); !refused {
		t.Fatalf("error is %v, want a refusal", err)
	}
	if last := p.LastTestResult(p.set, public); last == nil || !strings.Contains(last.Refusal, "kid") {
		t.Errorf("after a refusal it is %+v", last)
	}
	p.set.APIBase = "http://127.0.0.1:1"
	if _, err := p.Test(context.Background(), p.set, testkey.RSA()); !errors.Is(err, coze.ErrRefused) {
		t.Errorf("error is %v", err)
	}
	if last := p.LastTestResult(p.set, public); last != nil {
		t.Errorf("a host that cannot be reached has said %+v", last)
	}
}

func TestAFileIsTestedAsAProgramReadsIt(t *testing.T) {
	p := newPlace(t)
	dir := t.TempDir()
	path := filepath.Join(dir, ".env")
	if _, err := keygen.Save(filepath.Join(dir, "config", "private_key.pem"), testkey.RSA(), keygen.Refuse, time.Now()); err != nil {
		t.Fatal(err)
	}
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("COZE_CLIENT_ID=" + p.set.AppID + "\nCOZE_PUBLIC_KEY=" + p.set.KeyID + "\nCOZE_PRIVATE_KEY_PATH=config/private_key.pem\nCOZE_API_BASE=" + p.set.APIBase + "\n")
	if grant, err := p.TestFile(context.Background(), path); err != nil || grant.Token.AccessToken.IsZero() || grant.Base != p.set.APIBase {
		t.Errorf("%+v, %v", grant, err)
	}
}

func TestAFileThatIsNotCompleteIsNotTested(t *testing.T) {
	c := testsandbox.New(t)
	complete := "COZE_CLIENT_ID=" + testkey.AppID + "\nCOZE_PUBLIC_KEY=" + testkey.KeyID + "\nCOZE_PRIVATE_KEY_PATH=key.pem\nCOZE_API_BASE=" + c.Base + "\n"
	x := exchange.Exchanger{Now: time.Now, Locate: func(_ context.Context, base string) (string, error) {
		t.Error("it is tested")
		return base, nil
	}}
	for name, test := range map[string]struct {
		file, text string
		want, path string // the fault and the file that it is about
	}{
		"no file":   {"another", "", "env.incomplete", ".env"},
		"a folder":  {".env/file", "", "file.irregular", ".env"},
		"no Key ID": {".env", strings.ReplaceAll(complete, testkey.KeyID, ""), "env.incomplete", ".env"},
		"no key":    {".env", complete, "key.absent", "key.pem"},
	} {
		f := testfile.NewFolder(t)
		f.Write(test.file, test.text)
		grant, err := x.TestFile(context.Background(), f.Path(".env"))
		about, ok := errors.AsType[*fault.Fault](err)
		if !ok || about.ID != test.want || filepath.Base(about.Value("path")) != test.path {
			t.Errorf("%s: error is %v, want %s of %s", name, err, test.want, test.path)
		}
		if grant != (exchange.Grant{}) {
			t.Errorf("%s: there is a grant, %+v", name, grant)
		}
	}
}

func TestAnAPIBaseThatIsNoneLeavesTheLastTest(t *testing.T) {
	p := newPlace(t)
	p.Locate = func(context.Context, string) (string, error) { return "", errors.New("no sandbox") }
	public := &testkey.RSA().PublicKey
	p.SaveTestResult(p.set, public, nil)
	if grant, err := p.Test(context.Background(), p.set, testkey.RSA()); err == nil || grant != (exchange.Grant{}) {
		t.Errorf("%+v, %v; want an error alone", grant, err)
	}
	p.set.APIBase += "/" // names the same set
	if last := p.LastTestResult(p.set, public); last == nil || last.Refusal != "" {
		t.Errorf("the last test is %+v", last)
	}
}

func TestWithoutAStateFolderNoResultIsKept(t *testing.T) {
	t.Chdir(t.TempDir())
	x := exchange.Exchanger{Now: time.Now}
	set, public := credentials.Set{AppID: testkey.AppID}, &testkey.RSA().PublicKey
	x.SaveTestResult(set, public, nil)
	if last := x.LastTestResult(set, public); last != nil {
		t.Errorf("it is %+v", last)
	}
	if entries, err := os.ReadDir("."); err != nil || len(entries) != 0 {
		t.Errorf("the working folder holds %v, %v", entries, err)
	}
}

func TestResolveFollowsTheSandbox(t *testing.T) {
	p := newPlace(t)
	p.Locate = func(_ context.Context, base string) (string, error) { return base + "0", nil }
	if base, err := p.Resolve(context.Background(), "http://127.0.0.1:1"); err != nil || base != "http://127.0.0.1:10" {
		t.Errorf("%s, %v", base, err)
	}
	if _, err := p.Resolve(context.Background(), "no url"); err == nil {
		t.Error("what is no URL is resolved")
	}
	if p.RegionOf(p.set.APIBase) != coze.Sandbox || p.RegionOf(coze.CN.Base()) != coze.CN {
		t.Error("regions are mixed up")
	}
	if (exchange.Exchanger{}).RegionOf(coze.CN.Base()) != coze.CN {
		t.Error("without a sandbox regions are mixed up")
	}
}

func TestTheKeptResultsOfAProjectAreAboutItsFile(t *testing.T) {
	p := newPlace(t)
	dir := t.TempDir()
	path := filepath.Join(dir, ".env")
	if _, err := keygen.Save(filepath.Join(dir, "key.pem"), testkey.RSA(), keygen.Refuse, time.Now()); err != nil {
		t.Fatal(err)
	}
	testfile.Write(t, path, "COZE_CLIENT_ID="+p.set.AppID+"\nCOZE_PUBLIC_KEY="+p.set.KeyID+"\nCOZE_PRIVATE_KEY_PATH=key.pem\nCOZE_API_BASE="+p.set.APIBase+"\n")
	if _, err := p.TestFile(context.Background(), path); err != nil {
		t.Fatal(err)
	}
	other := p.set
	other.AppID = "1"
	p.SaveTestResult(other, &testkey.RSA().PublicKey, nil)
	about := map[string]int{}
	for _, k := range exchange.TestResults(p.StateDir, path, filepath.Join(dir, "none")) {
		about[k.About]++
	}
	if len(about) != 2 || about[path] != 1 || about[""] != 1 {
		t.Errorf("they are about %v", about)
	}
}

func TestWhenItLastWorkedIsRememberedAcrossRefusals(t *testing.T) {
	p := newPlace(t)
	public := &testkey.RSA().PublicKey
	now := time.Unix(1_800_000_000, 0)
	p.Now = func() time.Time { return now }
	refusal := &coze.Refusal{Status: 401, Code: "invalid_client"}
	for _, step := range []struct {
		what   string
		err    error
		worked time.Time
	}{
		{"refused at first", refusal, time.Time{}},
		{"a token", nil, now.Add(2 * time.Hour)},
		{"refused", refusal, now.Add(2 * time.Hour)},
		{"refused again", refusal, now.Add(2 * time.Hour)},
		{"no answer", coze.ErrRefused, now.Add(2 * time.Hour)},
		{"another token", nil, now.Add(6 * time.Hour)},
	} {
		now = now.Add(time.Hour)
		p.SaveTestResult(p.set, public, step.err)
		if got := p.LastWorked(p.set, public); !got.Equal(step.worked) {
			t.Errorf("%s: it last worked %v, want %v", step.what, got, step.worked)
		}
	}
	other := p.set
	other.KeyID = testkey.KeyID
	if got := p.LastWorked(other, public); !got.IsZero() {
		t.Errorf("another Key ID worked %v", got)
	}
}
