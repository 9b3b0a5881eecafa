package verification_test

import (
	"cmp"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/access"
	"cozejwt/internal/i18n"
	"cozejwt/internal/testfile"
	"cozejwt/internal/verification"
)

func group(t *testing.T, results []verification.Result, id string) verification.Group {
	t.Helper()
	groups := verification.Groups(results)
	at := slices.IndexFunc(groups, func(g verification.Group) bool { return g.ID == id })
	if at < 0 {
		t.Fatalf("there is no group %s", id)
	}
	return groups[at]
}

func TestGroupsHoldEveryCheckOnce(t *testing.T) {
	p := newProject(t)
	count := 0
	for _, g := range verification.Groups(p.run()) {
		count += len(g.Results)
		for _, l := range i18n.Languages {
			if !l.Has("verify.group." + g.ID) {
				t.Errorf("%s: the group %s has no title", l, g.ID)
			}
		}
	}
	if want := len(verification.CheckIDs(verification.Live)); count != want {
		t.Errorf("%d checks are in groups, want %d", count, want)
	}
}

func TestAGroupThatPassedIsOneLine(t *testing.T) {
	p := newProject(t)
	results := p.run()
	who, err := access.Of(p.Path(".env"))
	if err != nil {
		t.Fatal(err)
	}
	mine := cmp.Or(who.Mode, who.Accounts)
	for id, want := range map[string]string{
		"env": ".env · complete (4) · " + mine, "key": "config/private_key.pem · PKCS#8 · 2048 bits · " + mine,
	} {
		g := group(t, results, id)
		if g.Status() != verification.Pass || g.Line(i18n.English) != want || len(g.Trouble()) > 0 {
			t.Errorf("%s is %s: %q, %v", id, g.Status(), g.Line(i18n.English), g.Trouble())
		}
	}
}

func TestAGroupShowsFailuresBeforeWarnings(t *testing.T) {
	p := newProject(t)
	p.set(p.value("COZE_CLIENT_ID"), "short")
	testfile.Open(t, p.Path(".env"))
	trouble := group(t, p.run(), "env").Trouble()
	var ids []string
	for _, r := range trouble {
		ids = append(ids, r.ID)
	}
	if got := strings.Join(ids, " "); got != "app_id.shape env.mode" {
		t.Errorf("trouble is %s", got)
	}
}

func TestKeyAge(t *testing.T) {
	day := 24 * time.Hour
	for name, test := range map[string]struct {
		made time.Time // by the record; zero: none
		file time.Duration
		max  time.Duration
		want verification.Status
		says string
	}{
		"new":                     {file: 0, want: verification.Pass, says: "0 days (file date"},
		"old":                     {file: 200 * day, want: verification.Warn, says: "200 days old"},
		"older than allowed":      {file: 91 * day, max: 90 * day, want: verification.Fail, says: "--max-key-age allows 90"},
		"the record counts first": {made: time.Now().Add(-3 * day), file: 200 * day, want: verification.Pass, says: "3 days (rotated"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			old := time.Now().Add(-test.file)
			if err := os.Chtimes(p.Path("config/private_key.pem"), old, old); err != nil {
				t.Fatal(err)
			}
			p.target.MaxKeyAge = test.max
			p.target.KeyMade = func(string) time.Time { return test.made }
			r := result(t, p.run(), "key.age")
			if detail := r.Detail(i18n.English); r.Status != test.want || !strings.Contains(detail, test.says) {
				t.Errorf("it is %s: %s", r.Status, detail)
			}
		})
	}
}

func TestACallIsMadeOnlyWhereItIsAskedFor(t *testing.T) {
	p := newProject(t)
	if r := result(t, p.run(), "api.call"); r.Status != verification.Skip {
		t.Errorf("unasked it is %s", r.Status)
	}
	p.target.Call = true
	if r := result(t, p.run(), "api.call"); r.Status != verification.Pass || !strings.Contains(r.Detail(i18n.English), "/v1/users/me") {
		t.Errorf("it is %s: %s", r.Status, r.Detail(i18n.English))
	}
}
