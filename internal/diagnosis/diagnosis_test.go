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
	"cozejwt/internal/credentials"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/internal/testkey"
)

const (
	appID = testkey.AppID
	keyID = testkey.KeyID
)

func refusal(code, message string) *coze.Refusal {
	return &coze.Refusal{Status: 401, Code: code, Message: message, LogID: "log"}
}

var facts = with(appID, keyID)

func set(appID, keyID string) credentials.Set {
	return credentials.Set{AppID: appID, KeyID: keyID, APIBase: "https://api.coze.cn"}
}

func TestEachRefusalHasItsRule(t *testing.T) {
	for _, test := range []struct{ code, message, rule, first string }{
		{"invalid_client", "invalid jwt: kid not been registred", "kid_unknown", "kid.not_uploaded"},
		{"invalid_client", "invalid jwt: empty jwt token", "jwt_empty", "jwt.empty"},
		{"invalid_client", "invalid jwt: signature is invalid", "signature", "signature.pair"},
		{"invalid_client", "invalid jwt: aud is invalid", "audience", "audience"},
		{"invalid_client", "invalid jwt: token is expired", "jwt_time", "clock"},
		{"invalid_client", "invalid jwt: jti has been used", "jwt_reused", "jwt.reused"},
		{"invalid_client", "something new", "client", "client.ids"},
		{"access_deny", "connector app[1] should bind connector id", "connector_unbound", "app.channel"},
		{"access_deny", "invalid app type", "app_type", "app.type"},
		{"access_deny", "app: x is currently deactivated by the owner", "app_deactivated", "app.deactivated"},
		{"access_deny", "app: x is not authorized by the owner", "app_unauthorised", "app.unauthorised"},
		{"access_deny", "login session invalid", "login_session", "app.login"},
		{"access_denied", "no", "denied", "app.unauthorised"},
		{"unsupported_grant_type", "not supported grant type: x", "grant_type", "request.grant_type"},
		{"invalid_request", "invalid request: scope", "request_scope", "request.scope"},
		{"invalid_request", "invalid request: duration_seconds", "request_duration", "request.duration"},
		{"internal_error", "Service internal error.", "internal", "service.internal"},
		{"4100", "authentication is invalid", "authentication", "token.region"},
		{"4101", "no permission", "permission", "token.permission"},
		{"4013", "slow down", "rate", "service.rate"},
		{"404", "page not found", "no_such_path", "api.404"},
		{"teapot", "short and stout", "unknown", "unknown"},
	} {
		d := diagnosis.Diagnose(refusal(test.code, test.message), facts)
		if d.ID != test.rule || len(d.Causes) == 0 || d.Causes[0].ID != test.first {
			t.Errorf("%s %s: rule %s, causes %+v; want %s, %s", test.code, test.message, d.ID, d.Causes, test.rule, test.first)
		}
		if d.LogID() != "log" {
			t.Errorf("%s: log id %q", test.code, d.LogID())
		}
	}
}

func TestEvidencePutsACauseFirst(t *testing.T) {
	kid := refusal("invalid_client", "invalid jwt: kid not been registred")
	for name, test := range map[string]struct {
		change func(*diagnosis.Facts, *coze.Refusal)
		first  string
		fixAt  diagnosis.FixAt
	}{
		"Key ID is no fingerprint": {func(f *diagnosis.Facts, _ *coze.Refusal) { f.Set.KeyID = "test" }, "kid.not_fingerprint", diagnosis.AtKeyID},
		"App ID is odd":            {func(f *diagnosis.Facts, _ *coze.Refusal) { f.Set.AppID = "7" }, "kid.app_id", diagnosis.AtAppID},
		"pair made in this run":    {func(f *diagnosis.Facts, _ *coze.Refusal) { f.KeyFromHere, f.KeyIsNew = true, true }, "kid.not_uploaded", diagnosis.AtUpload},
	} {
		t.Run(name, func(t *testing.T) {
			f, r := with(appID, keyID), *kid
			test.change(&f, &r)
			d := diagnosis.Diagnose(&r, f)
			if d.Causes[0].ID != test.first || d.Causes[0].Evidence == nil || d.FixAt() != test.fixAt {
				t.Errorf("first cause is %+v, fixed at %s", d.Causes[0], d.FixAt())
			}
		})
	}
}

// What is not known is neither a cause nor ruled out.
func TestUnknownIsNotEmpty(t *testing.T) {
	kid := refusal("invalid_client", "invalid jwt: kid not been registred")
	first := func(d diagnosis.Diagnosis) diagnosis.Cause { return d.Causes[0] }
	if c := first(diagnosis.Diagnose(kid, diagnosis.Facts{})); c.Evidence != nil {
		t.Errorf("without facts, %s is blamed: %+v", c.ID, *c.Evidence)
	}
	if c := first(diagnosis.Diagnose(kid, with(appID, ""))); c.ID != "kid.not_fingerprint" || c.Evidence == nil {
		t.Errorf("with an empty Key ID the first cause is %+v", c)
	}
	named := func(d diagnosis.Diagnosis, id string) bool {
		return slices.ContainsFunc(d.Causes, func(c diagnosis.Cause) bool { return c.ID == id })
	}
	if !named(diagnosis.Diagnose(kid, diagnosis.Facts{}), "kid.not_fingerprint") {
		t.Error("a Key ID that is not known is taken for a right one")
	}
	if named(diagnosis.Diagnose(kid, facts), "kid.not_fingerprint") {
		t.Error("a Key ID of 43 characters is taken for a wrong one")
	}
}

// The words of an API that refuses a call may be those of the token endpoint.
func TestACallIsNotRefusedForAJWTThatWasAccepted(t *testing.T) {
	for _, message := range []string{
		"key id of the plugin not found", "voiceprint verification failed", "audience is required", "the voucher has expired", "jti", "empty jwt",
	} {
		d := diagnosis.Diagnose(refusal("7", message), diagnosis.OfCall(coze.CN, "https://api.coze.cn", time.Time{}))
		if d.ID != "unknown" || len(d.Causes) != 1 || d.Causes[0].ID != "unknown" {
			t.Errorf("%s: rule %s, causes %+v", message, d.ID, d.Causes)
		}
	}
	if d := diagnosis.Diagnose(refusal("4101", "no permission"), diagnosis.OfCall(coze.CN, "https://api.coze.cn", time.Time{})); d.ID != "permission" {
		t.Errorf("4101: rule %s", d.ID)
	}
}

func TestTheClockIsBlamedOnEvidenceAlone(t *testing.T) {
	r := refusal("invalid_client", "something new")
	r.Date = time.Unix(1_800_000_000, 0)
	f := facts
	f.Now = r.Date.Add(5 * time.Second)
	if d := diagnosis.Diagnose(r, f); d.Causes[0].ID == "clock" {
		t.Error("blamed for 5 s")
	}
	f.Now = r.Date.Add(-5 * time.Minute)
	d := diagnosis.Diagnose(r, f)
	if d.Causes[0].ID != "clock" || !strings.Contains(d.Causes[0].Text(i18n.English), "5 minutes slow") {
		t.Errorf("first cause is %+v", d.Causes[0])
	}
}

func TestATypedBaseThatDoesNotAnswerIsFixedWhereItWasTyped(t *testing.T) {
	f := facts
	f.Region = coze.Custom
	if got := diagnosis.Diagnose(coze.ErrRefused, f).FixAt(); got != diagnosis.AtRegion {
		t.Errorf("fixed at %s", got)
	}
	if got := diagnosis.Diagnose(coze.ErrRefused, facts).FixAt(); got != diagnosis.AtService {
		t.Errorf("a real region is fixed at %s", got)
	}
}

func TestEveryCauseIsWrittenInBothLanguages(t *testing.T) {
	for _, id := range diagnosis.CauseIDs() {
		for _, l := range i18n.Languages {
			if !l.Has("cause."+id) || !l.Has("cause."+id+".fix") {
				t.Errorf("%s: cause %s has no text or no fix", l, id)
			}
		}
	}
}

func TestClassDecidesTheExitCode(t *testing.T) {
	internal := refusal("internal_error", "Service internal error.")
	internal.Status = 500
	for name, test := range map[string]struct {
		err  error
		want fault.Class
	}{
		"refusal":         {refusal("invalid_client", "x"), fault.ClassCheck},
		"service trouble": {internal, fault.ClassUnreachable},
		"nothing listens": {coze.ErrRefused, fault.ClassUnreachable},
		"wrong flag":      {coze.ErrRegion, fault.ClassUsage},
		"anything else":   {errors.New("x"), fault.ClassUnexpected},
		"wrapped refusal": {errors.Join(refusal("a", "b")), fault.ClassCheck},
		"cancelled":       {context.Canceled, fault.ClassUnexpected},
	} {
		if got := diagnosis.Diagnose(test.err, facts).Class(); got != test.want {
			t.Errorf("%s: class %d, want %d", name, got, test.want)
		}
	}
}

func TestExplainGivesAFixForEachCause(t *testing.T) {
	for _, l := range i18n.Languages {
		causes, fixes := diagnosis.Diagnose(refusal("invalid_client", "invalid jwt: kid not been registred"), facts).Explain(l)
		if len(causes) < 4 || len(causes) != len(fixes) || !strings.Contains(causes[0], "kid") {
			t.Errorf("%s: %q, %q", l, causes, fixes)
		}
	}
}

func TestOnlyWhatCozeStillHasToLearnPasses(t *testing.T) {
	for message, want := range map[string]bool{
		"invalid jwt: kid not been registred":          true,
		"app not authorized":                           true,
		"app: x is currently deactivated by the owner": true,
		"invalid jwt: aud is invalid":                  false,
		"invalid jwt: token expired":                   false,
		"empty jwt token":                              false,
		"invalid jwt: signature is invalid":            false,
		"something new":                                false,
	} {
		err := fmt.Errorf("wrapped: %w", &coze.Refusal{Status: 401, Code: "invalid_client", Message: message})
		if got := diagnosis.Passes(err); got != want {
			t.Errorf("%s: %v", message, got)
		}
	}
	if !diagnosis.Passes(&coze.Refusal{Status: 403, Code: "access_deny"}) || diagnosis.Passes(errors.New("no answer")) || diagnosis.Passes(nil) {
		t.Error("a refusal is told from its code, and nothing else passes")
	}
}

// The console of coze.com has no Chinese labels.
func TestFixesNameTheLabelsOfTheRegion(t *testing.T) {
	refusal := &coze.Refusal{Status: 403, Code: "4101", Message: "no"}
	for region, want := range map[coze.Region]bool{coze.CN: true, coze.COM: false, coze.Custom: true} {
		_, fixes := diagnosis.Diagnose(refusal, diagnosis.Facts{Region: region}).Explain(i18n.English)
		if all := strings.Join(fixes, "\n"); strings.Contains(all, "(授权)") != want || !strings.Contains(all, "Authorize") {
			t.Errorf("%s: %s", region, all)
		}
	}
}
