package diagnosis_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/i18n"
)

// order is the ids of causes, the likeliest first; one with evidence has a star.
func order(causes []diagnosis.Cause) string {
	var ids []string
	for _, c := range causes {
		id := c.ID
		if c.Evidence != nil {
			id += "*"
		}
		ids = append(ids, id)
	}
	return strings.Join(ids, " ")
}

const (
	unregistered = "invalid jwt: kid not been registred"
	somethingNew = "something new"
	badAudience  = "invalid jwt: aud is invalid"
)

// with is what is known of a JWT that was made with these ids.
func with(appID, keyID string) diagnosis.Facts {
	return diagnosis.OfExchange(coze.CN, set(appID, keyID), time.Time{})
}

// behind makes the facts those of a custom base, with the aud of the set.
func behind(base, aud string) func(*diagnosis.Facts) {
	return func(f *diagnosis.Facts) {
		*f = with(appID, keyID)
		f.Region, f.Base, f.Set.Aud = coze.Custom, base, aud
	}
}

// worked adds that the same values worked a while ago.
func worked(f *diagnosis.Facts) {
	f.Now = time.Unix(1_800_000_000, 0)
	f.Worked = f.Now.Add(-72 * time.Hour)
}

func TestWhatWorkedBeforeSaysWhen(t *testing.T) {
	f := with(appID, keyID)
	worked(&f)
	cause := diagnosis.Diagnose(refusal("invalid_client", unregistered), f).Causes[0]
	for _, test := range []struct {
		lang i18n.Language
		want string
	}{{i18n.English, "(the same values worked 3 days ago)"}, {i18n.Chinese, "3 天前，同样的值还能拿到令牌"}} {
		if text := cause.Text(test.lang); !strings.Contains(text, test.want) {
			t.Errorf("it says %q, want %q", text, test.want)
		}
	}
}

type change = func(*diagnosis.Facts)

var knownFacts = map[string]struct {
	message string
	change  change
	want    string
}{
	"nothing is known": {unregistered, func(*diagnosis.Facts) {}, "kid.not_uploaded kid.app_id kid.region kid.deleted"},
	"it was uploaded":  {unregistered, func(f *diagnosis.Facts) { f.Uploaded = true }, "kid.app_id kid.region kid.deleted"},
	"they say so":      {unregistered, func(f *diagnosis.Facts) { f.SaysUpload = true }, "kid.app_id kid.region kid.not_uploaded kid.deleted"},
	"they say so of a new key": {unregistered, func(f *diagnosis.Facts) {
		*f = with(appID, keyID)
		f.SaysUpload, f.KeyFromHere, f.KeyIsNew = true, true, true
	}, "kid.app_id kid.region kid.not_uploaded kid.deleted"},
	"they say so, it works":     {unregistered, func(f *diagnosis.Facts) { f.SaysUpload, f.AppWorks = true, true }, "kid.not_uploaded kid.deleted"},
	"they say so, a region":     {unregistered, func(f *diagnosis.Facts) { *f = with(appID, keyID); f.SaysUpload, f.RegionOpen = true, true }, "kid.region* kid.app_id kid.not_uploaded kid.deleted"},
	"the app works":             {unregistered, func(f *diagnosis.Facts) { f.AppWorks = true }, "kid.not_uploaded kid.deleted"},
	"the key worked":            {unregistered, func(f *diagnosis.Facts) { f.KeyWorked = true }, "accepted_before"},
	"a sandbox":                 {unregistered, func(f *diagnosis.Facts) { f.Region = coze.Sandbox }, "kid.not_uploaded kid.app_id kid.deleted"},
	"this machine":              {unregistered, func(f *diagnosis.Facts) { f.Region, f.Base = coze.Custom, "http://127.0.0.1:1" }, "kid.not_uploaded kid.app_id kid.deleted"},
	"another machine":           {unregistered, func(f *diagnosis.Facts) { f.Region, f.Base = coze.Custom, "https://coze.example.com" }, "kid.not_uploaded kid.app_id kid.region kid.deleted"},
	"no address":                {unregistered, func(f *diagnosis.Facts) { f.Base = "http://[::1" }, "kid.not_uploaded kid.app_id kid.region kid.deleted"},
	"made here before":          {unregistered, func(f *diagnosis.Facts) { f.KeyFromHere = true }, "kid.not_uploaded kid.app_id kid.region kid.deleted"},
	"brought along now":         {unregistered, func(f *diagnosis.Facts) { f.KeyIsNew = true }, "kid.not_uploaded kid.app_id kid.region kid.deleted"},
	"an odd App ID":             {unregistered, func(f *diagnosis.Facts) { *f = with("7", keyID) }, "kid.app_id* kid.not_uploaded kid.region kid.deleted"},
	"both ids are odd":          {unregistered, func(f *diagnosis.Facts) { *f = with("7", "x") }, "kid.not_fingerprint* kid.app_id* kid.not_uploaded kid.region kid.deleted"},
	"a proxy":                   {badAudience, behind("https://proxy.example", ""), "audience.proxy* audience"},
	"a proxy in new words":      {somethingNew, behind("https://proxy.example", ""), "audience.proxy* client.ids kid.region app.type clock"},
	"a proxy with its aud":      {badAudience, behind("https://proxy.example", "api.coze.cn"), "audience"},
	"a proxy on this machine":   {badAudience, behind("http://127.0.0.1:1", ""), "audience.proxy* audience"},
	"a sandbox and its aud":     {badAudience, func(f *diagnosis.Facts) { behind("http://127.0.0.1:1", "")(f); f.Region = coze.Sandbox }, "audience"},
	"this machine, new words":   {somethingNew, behind("http://127.0.0.1:1", ""), "client.ids app.type clock"},
	"aud without a proxy":       {badAudience, func(*diagnosis.Facts) {}, "audience"},
	"it worked before":          {unregistered, worked, "kid.deleted* app.gone*"},
	"it worked, odd ids":        {unregistered, func(f *diagnosis.Facts) { *f = with("7", "x"); worked(f) }, "kid.deleted* app.gone*"},
	"it worked, the app works":  {unregistered, func(f *diagnosis.Facts) { worked(f); f.AppWorks = true }, "kid.deleted*"},
	"it worked in this run":     {unregistered, func(f *diagnosis.Facts) { worked(f); f.KeyWorked = true }, "accepted_before"},
	"new words, it worked":      {somethingNew, worked, "kid.deleted* app.gone* app.deactivated* app.uninstalled* clock"},
	"a signature that worked":   {"invalid jwt: signature is invalid", worked, "signature.key_id*"},
	"a signature":               {"invalid jwt: signature is invalid", func(*diagnosis.Facts) {}, "signature.pair signature.key_id"},
	"never authorized":          {"app: x is not authorized by the owner", func(*diagnosis.Facts) {}, "app.unauthorised"},
	"no more authorized":        {"app: x is not authorized by the owner", worked, "app.uninstalled*"},
	"disabled since":            {"app: x is currently deactivated by the owner", worked, "app.deactivated*"},
	"a hint at another region":  {unregistered, func(f *diagnosis.Facts) { *f = with(appID, keyID); f.OtherHint = "application.yml" }, "kid.region* kid.not_uploaded kid.app_id kid.deleted"},
	"a region only chosen":      {unregistered, func(f *diagnosis.Facts) { *f = with(appID, keyID); f.RegionOpen = true }, "kid.region* kid.not_uploaded kid.app_id kid.deleted"},
	"a hint, new words":         {somethingNew, func(f *diagnosis.Facts) { *f = with(appID, keyID); f.OtherHint = "application.yml" }, "kid.region* client.ids app.type clock"},
	"a hint, but it worked":     {unregistered, func(f *diagnosis.Facts) { worked(f); f.OtherHint, f.RegionOpen = "application.yml", true }, "kid.deleted* app.gone*"},
	"new words":                 {somethingNew, func(*diagnosis.Facts) {}, "client.ids kid.region app.type clock"},
	"new words, the app works":  {somethingNew, func(f *diagnosis.Facts) { f.AppWorks = true }, ""},
	"new words, the key worked": {somethingNew, func(f *diagnosis.Facts) { f.KeyWorked = true }, "client.ids kid.region app.type clock"},
	"new words, uploaded":       {somethingNew, func(f *diagnosis.Facts) { f.Uploaded = true }, "client.ids kid.region app.type clock"},
}

func TestWhatIsKnownRulesCausesOut(t *testing.T) {
	for name, test := range knownFacts {
		t.Run(name, func(t *testing.T) {
			f := facts
			test.change(&f)
			if got := order(diagnosis.Diagnose(refusal("invalid_client", test.message), f).Causes); got != test.want {
				t.Errorf("causes are %s, want %s", got, test.want)
			}
		})
	}
}

func TestAClockWithinTheToleranceIsNotBlamed(t *testing.T) {
	date := time.Unix(1_800_000_000, 0)
	for name, test := range map[string]struct {
		date, now time.Time
		blamed    bool
	}{
		"equal":            {date, date, false},
		"just within":      {date, date.Add(diagnosis.MaxSkew), false},
		"just beyond":      {date, date.Add(diagnosis.MaxSkew + time.Second), true},
		"just behind":      {date, date.Add(-diagnosis.MaxSkew - time.Second), true},
		"theirs unknown":   {time.Time{}, date, false},
		"this one unknown": {date, time.Time{}, false},
	} {
		r, f := refusal("invalid_client", "token is expired"), facts
		r.Date, f.Now = test.date, test.now
		if got := diagnosis.Diagnose(r, f).Causes[0]; got.ID != "clock" || (got.Evidence != nil) != test.blamed {
			t.Errorf("%s: the cause is %+v", name, got)
		}
	}
}

func TestADiagnosisKeepsWhatHappened(t *testing.T) {
	refused, other := refusal("invalid_client", unregistered), errors.New("disk on fire")
	for name, test := range map[string]struct {
		err             error
		id, says, logID string
		fixAt           diagnosis.FixAt
	}{
		"a refusal":       {errors.Join(refused), "kid_unknown", unregistered, "log", diagnosis.AtUpload},
		"no answer":       {coze.ErrRefused.With("host", "example.com"), "net.refused", "example.com", "", diagnosis.AtService},
		"called off":      {context.Canceled, "interrupted", i18n.English.Text("fault.interrupted"), "", ""},
		"something else":  {other, "unexpected", "disk on fire", "", diagnosis.AtService},
		"an unknown area": {coze.ErrRegion.With("region", "mars"), "region.unknown", "mars", "", diagnosis.AtService},
	} {
		d := diagnosis.Diagnose(test.err, facts)
		if d.ID != test.id || !errors.Is(d.Err, test.err) || !strings.Contains(d.Message(i18n.English), test.says) || d.LogID() != test.logID || d.FixAt() != test.fixAt {
			t.Errorf("%s: %+v says %q, log id %q, fixed at %q", name, d, d.Message(i18n.English), d.LogID(), d.FixAt())
		}
		if (d.Refusal != nil) != (name == "a refusal") {
			t.Errorf("%s: the refusal is %v", name, d.Refusal)
		}
	}
}

// A flag that is wrong is not fixed where the base was typed.
func TestOnlyAWayThatFailsIsFixedAtTheRegion(t *testing.T) {
	f := facts
	f.Region = coze.Custom
	if got := diagnosis.Diagnose(coze.ErrRegion, f).FixAt(); got != diagnosis.AtService {
		t.Errorf("fixed at %s", got)
	}
}

func TestAFaultBringsItsOwnFixes(t *testing.T) {
	causes, fixes := diagnosis.Diagnose(coze.ErrRefused, facts).Explain(i18n.English)
	if want := coze.ErrRefused.Fixes(i18n.English); len(causes) != 0 || len(want) == 0 || !slices.Equal(fixes, want) {
		t.Errorf("causes are %q, fixes %q, want %q", causes, fixes, want)
	}
}

func TestAServiceInTroubleIsNoVerdict(t *testing.T) {
	for status, want := range map[int]string{400: "check", 428: "check", 429: "away", 499: "check", 500: "away", 503: "away"} {
		r := refusal("x", "y")
		r.Status = status
		got := map[bool]string{true: "away", false: "check"}[diagnosis.Diagnose(r, facts).Class() == diagnosis.Diagnose(coze.ErrRefused, facts).Class()]
		if got != want {
			t.Errorf("HTTP %d counts as %s", status, got)
		}
	}
}

func TestACauseNamesWhatWasAsked(t *testing.T) {
	c := diagnosis.Diagnose(refusal("invalid_client", unregistered), facts).Causes[0]
	want := []string{"app_id", appID, "key_id", keyID, "base", facts.Base, "audience", "api.coze.cn", "code", "invalid_client", "message", unregistered, "said", "invalid_client " + unregistered}
	if !slices.Equal(c.Pairs, want) {
		t.Errorf("it knows %q", c.Pairs)
	}
	odd := diagnosis.Diagnose(refusal("invalid_client", unregistered), with(appID, "public.pem")).Causes[0]
	if text := odd.Text(i18n.English); !strings.Contains(text, i18n.English.Say(*odd.Evidence)) {
		t.Errorf("%q does not give its evidence", text)
	}
}

// A gateway answers in words of its own.
func TestAnHTTPStatusAloneIsEnough(t *testing.T) {
	for status, want := range map[int]string{404: "no_such_path", 429: "rate", 504: "gateway_timeout", 401: "unknown"} {
		r := refusal("x", "y")
		r.Status = status
		if d := diagnosis.Diagnose(r, facts); d.ID != want {
			t.Errorf("HTTP %d is taken for %s", status, d.ID)
		}
	}
}

func TestAMessageIsTheServicesWordsOrTheReadersLanguage(t *testing.T) {
	r := refusal("invalid_client", unregistered)
	for _, l := range i18n.Languages {
		if got := diagnosis.Diagnose(fmt.Errorf("while asking: %w", r), facts).Message(l); got != r.Error() {
			t.Errorf("%s: a refusal says %q", l, got)
		}
		if got := diagnosis.Diagnose(coze.ErrRefused, facts).Message(l); got != coze.ErrRefused.Message(l) {
			t.Errorf("%s: a host that does not answer says %q", l, got)
		}
	}
}

// Here the base was chosen, so that it is the default of SDKs says nothing.
func TestTheDefaultHostIsEvidenceInPastedTextAlone(t *testing.T) {
	f := facts
	f.Region, f.Base = coze.COM, coze.COM.Base()
	if got := order(diagnosis.Diagnose(refusal("4100", "authentication is invalid"), f).Causes); got != "token.region token.expired" {
		t.Errorf("causes are %s", got)
	}
}

// A Key ID of another length is said with both lengths, and one of the right length with what is
// wrong in it.
func TestAnOddKeyIDIsSaidWithItsLength(t *testing.T) {
	for _, test := range []struct{ id, en, zh string }{
		{strings.Repeat("a", 46), "has 46 characters; a fingerprint has 43", "有 46 个字符，公钥指纹是 43 个"},
		{strings.Repeat("a", 12), "has 12 characters; a fingerprint has 43", "有 12 个字符，公钥指纹是 43 个"},
		{strings.Repeat("指", 43), "not only letters, digits, - and _", "不全是字母、数字、- 和 _"},
	} {
		cause := diagnosis.Diagnose(refusal("invalid_client", unregistered), with(appID, test.id)).Causes[0]
		if en := cause.Text(i18n.English); !strings.Contains(en, test.en) {
			t.Errorf("%s: %s", test.id, en)
		}
		if zh := cause.Text(i18n.Chinese); !strings.Contains(zh, test.zh) {
			t.Errorf("%s: %s", test.id, zh)
		}
	}
}
