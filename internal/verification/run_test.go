package verification_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"cozejwt/internal/coze"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/internal/verification"
)

func TestEachResultIsReportedOnceAndALiveCheckAsItBegins(t *testing.T) {
	p := newProject(t)
	offline := verification.CheckIDs(verification.Offline)
	var begun, ended []string
	results := verification.Run(context.Background(), p.target, verification.Live, func(r verification.Result) {
		if r.Status == verification.Running {
			begun = append(begun, r.ID)
			return
		}
		ended = append(ended, r.ID)
	})
	var ids []string
	for _, r := range results {
		ids = append(ids, r.ID)
	}
	if all := verification.CheckIDs(verification.Live); !slices.Equal(ids, all) {
		t.Errorf("the results are %v", ids)
	}
	if !slices.Equal(ended[:len(offline)], offline) || len(ended) != len(ids) {
		t.Errorf("reported are %v", ended)
	}
	live := slices.Clone(ids[len(offline):])
	slices.Sort(live)
	if slices.Sort(begun); !slices.Equal(begun, live) {
		t.Errorf("begun are %v, want %v", begun, live)
	}
}

func TestOfflineChecksAreThoseWithoutTheService(t *testing.T) {
	ids := verification.CheckIDs(verification.Offline)
	for _, id := range []string{"api.reachable", "clock.skew", "token.exchange", "token.permission", "api.call", "region.match"} {
		if slices.Contains(ids, id) {
			t.Errorf("%s is made offline", id)
		}
	}
	if !slices.Contains(ids, "api.base") || len(ids)+6 != len(verification.CheckIDs(verification.Live)) {
		t.Errorf("they are %v", ids)
	}
}

func TestWhatFollowsAFailureIsNotMade(t *testing.T) {
	p := newProject(t)
	p.Write(".env", "nonsense\n")
	r := result(t, p.offline(), "env.complete")
	if seen(r, "after") != "skip verify.skipped env.readable" || !r.Unmade() {
		t.Errorf("it is %q", seen(r, "after"))
	}
	if title := result(t, p.offline(), "env.readable").Title(i18n.English); !strings.Contains(r.Detail(i18n.English), title) {
		t.Errorf("%q does not name %q", r.Detail(i18n.English), title)
	}
	if fixes := r.Fixes(i18n.English); fixes != nil {
		t.Errorf("it has the fixes %q", fixes)
	}
}

func TestOnlyASkipForAnEarlierCheckIsUnmade(t *testing.T) {
	for status, f := range map[verification.Status]*fault.Fault{
		verification.Pass: nil, verification.Fail: fault.Invalid("verify.skipped"), verification.Skip: fault.Invalid("verify.no_git"),
	} {
		if r := (verification.Result{Status: status, Fault: f}); r.Unmade() {
			t.Errorf("%s, %v is unmade", status, f)
		}
	}
}

func TestFixesAreOfWhatIsWrong(t *testing.T) {
	f := fault.Invalid("env.absent", "path", ".env")
	for status, want := range map[verification.Status]bool{verification.Fail: true, verification.Warn: true, verification.Skip: false} {
		if fixes := (verification.Result{Status: status, Fault: f}).Fixes(i18n.English); fixes != nil != want {
			t.Errorf("%s: fixes are %q", status, fixes)
		}
	}
}

func TestMarksTellStatusesApart(t *testing.T) {
	for status, want := range map[verification.Status]string{
		verification.Pass: "✓", verification.Warn: "!", verification.Fail: "✗", verification.Skip: "·", verification.Running: "",
	} {
		if got := status.Mark(); got != want {
			t.Errorf("the mark of %q is %q", status, got)
		}
	}
}

func TestTheColumnOfTitlesIsAsWideAsTheWidest(t *testing.T) {
	short, long := verification.Result{ID: "env.exists"}, verification.Result{ID: "token.permission"}
	a, b := len(short.Title(i18n.English)), len(long.Title(i18n.English))
	for _, results := range [][]verification.Result{{short, long}, {long, short}} {
		if got := verification.TitleWidth(results, i18n.English); got != max(a, b) || a == b {
			t.Errorf("the width is %d of %d and %d", got, a, b)
		}
	}
	if got := verification.TitleWidth(nil, i18n.English); got != 0 {
		t.Errorf("of nothing it is %d", got)
	}
}

func TestClassTellsAServiceInTroubleFromAVerdict(t *testing.T) {
	refused := func(status int) verification.Result {
		d := diagnosis.Diagnose(&coze.Refusal{Status: status, Code: "internal_error"}, diagnosis.Facts{})
		return verification.Result{Status: verification.Fail, Fault: fault.Invalid("verify.refused"), Diagnosis: &d}
	}
	warning := verification.Result{Status: verification.Warn, Fault: coze.ErrRefused}
	for name, test := range map[string]struct {
		results []verification.Result
		class   fault.Class
		ok      bool
	}{
		"nothing":            {nil, 0, true},
		"a warning":          {[]verification.Result{warning, {Status: verification.Pass}}, 0, true},
		"a refusal":          {[]verification.Result{refused(401)}, fault.ClassCheck, false},
		"the service's fail": {[]verification.Result{refused(500)}, fault.ClassUnreachable, false},
		"both":               {[]verification.Result{refused(401), refused(500)}, fault.ClassCheck, false},
	} {
		if class, ok := verification.Class(test.results); class != test.class || ok != test.ok {
			t.Errorf("%s: class %v, %v", name, class, ok)
		}
	}
}

func TestTheSummaryCounts(t *testing.T) {
	of := func(pass, warn, fail int) []verification.Result {
		return slices.Concat(slices.Repeat([]verification.Result{{Status: verification.Pass}}, pass),
			slices.Repeat([]verification.Result{{Status: verification.Warn}}, warn), slices.Repeat([]verification.Result{{Status: verification.Fail}}, fail))
	}
	text := func(id, passed, warned, failed string) string {
		return i18n.English.Text(id, "passed", passed, "warned", warned, "failed", failed, "skipped", "2")
	}
	skips := func(results []verification.Result) []verification.Result {
		return append(results, verification.Result{Status: verification.Skip}, verification.Result{Status: verification.Skip})
	}
	for _, test := range []struct {
		results []verification.Result
		want    string
	}{
		{of(3, 0, 0), text("verify.ok", "3", "0", "0")},
		{skips(of(3, 0, 0)), text("verify.ok_skipped", "3", "0", "0")},
		{skips(of(3, 1, 0)), text("verify.one_warning_skipped", "3", "1", "0")},
		{skips(of(3, 0, 1)), text("verify.not_ok_skipped", "3", "0", "1")},
		{of(3, 1, 0), text("verify.one_warning", "3", "1", "0")},
		{of(3, 1, 2), text("verify.one_warning", "3", "1", "2")},
		{of(3, 2, 0), text("verify.not_ok", "3", "2", "0")},
		{of(3, 0, 1), text("verify.not_ok", "3", "0", "1")},
	} {
		if got := verification.Summary(test.results, i18n.English); got != test.want {
			t.Errorf("it is %q, want %q", got, test.want)
		}
	}
}

func TestAGroupIsAsBadAsItsWorst(t *testing.T) {
	order := []verification.Status{verification.Skip, verification.Pass, verification.Running, verification.Warn, verification.Fail}
	for i, worst := range order {
		var g verification.Group
		for _, status := range order[:i+1] {
			g.Results = append(g.Results, verification.Result{ID: "env.exists", Status: status})
		}
		if got := g.Status(); got != worst {
			t.Errorf("of %v it is %q", order[:i+1], got)
		}
	}
}

func TestChecksAreInTheGroupOfWhatTheyAreAbout(t *testing.T) {
	var results []verification.Result
	for _, id := range []string{"api.call", "region.match", "token.exchange", "clock.skew", "api.reachable", "key.age", "api.base", "app_id.shape", "env.mode"} {
		results = append(results, verification.Result{ID: id})
	}
	var all []string
	for _, g := range verification.Groups(results) {
		all = append(all, g.ID+":")
		for _, r := range g.Results {
			all = append(all, r.ID)
		}
	}
	if got := strings.Join(all, " "); got != "env: api.base app_id.shape env.mode key: key.age network: clock.skew api.reachable coze: api.call region.match token.exchange" {
		t.Errorf("they are %s", got)
	}
	if groups := verification.Groups(results[:1]); len(groups) != 1 {
		t.Errorf("of one check there are %d groups", len(groups))
	}
}

func TestTheLineOfAGroupHoldsOnlyWhatPassed(t *testing.T) {
	p := newProject(t)
	p.keyAs(pkcs1)
	line := group(t, p.offline(), "key").Line(i18n.English)
	if !strings.HasPrefix(line, "config/private_key.pem · 2048 bits · ") || strings.Contains(line, "PKCS") {
		t.Errorf("it is %q", line)
	}
}

// The services of the person get the same answer where the credentials are refused, and nowhere else.
func TestWhyIsNotSaidOfWhatOthersMayNotGet(t *testing.T) {
	for _, test := range []struct {
		refusal coze.Refusal
		said    bool
	}{
		{coze.Refusal{Status: 401, Code: "invalid_client", Message: "invalid jwt: kid not been registred"}, true},
		{coze.Refusal{Status: 429, Code: "429", Message: "too many requests"}, false},
		{coze.Refusal{Status: 500, Code: "internal_error", Message: "Service internal error."}, false},
		{coze.Refusal{Status: 403, Code: "access_deny", Message: "login session invalid"}, false},
	} {
		d := diagnosis.Diagnose(&test.refusal, diagnosis.Facts{})
		r := verification.Result{Status: verification.Fail, Diagnosis: &d}
		r.ID = "token.exchange"
		if why := r.Why(i18n.English); (why != "") != test.said {
			t.Errorf("%v: it says %q", test.refusal, why)
		}
	}
}
