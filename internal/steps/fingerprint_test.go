package steps_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"cozejwt/internal/coze"
	"cozejwt/internal/exchange"
	"cozejwt/internal/i18n"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testplan"
)

// granting issues a token to everyone.
type granting struct{}

func (granting) RoundTrip(r *http.Request) (*http.Response, error) {
	body := io.NopCloser(strings.NewReader(`{"access_token":"abcdefghijkl","expires_in":1800000900}`))
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: body, Request: r}, nil
}

func TestTheKeyIDStepComparesTheFingerprint(t *testing.T) {
	w := testplan.New(t)
	p := open(w)
	p.ChooseBase(coze.CN, coze.CN.Base())
	p.do(t, "key")
	public := &p.Key.PublicKey
	own := exchange.SPKI.Of(public)
	verdict := func(value string) (fine, notice string) {
		t.Helper()
		testplan.Must(t, testplan.Arrive(p, "key_id"))
		f := p.Ask(testplan.Step(p, "key_id"))[0]
		_, doubt, err := f.Verify(value)
		testplan.Must(t, err)
		if doubt != nil {
			notice = doubt.ID + " " + doubt.Value("expected")
		}
		return i18n.English.Say(f.Fine(value)), notice
	}
	check := func(when, value, wantFine, wantNotice string) {
		t.Helper()
		if fine, notice := verdict(value); fine != wantFine || notice != wantNotice {
			t.Errorf("%s: %q, %q; want %q, %q", when, fine, notice, wantFine, wantNotice)
		}
	}
	check("its own", own, "this is the fingerprint of config/private_key.pem", "")
	check("another", testkey.KeyID, "43 characters", "")
	p.do(t, "upload")
	check("uploaded", own, "this is the fingerprint of the key you just uploaded", "")
	check("another, uploaded", testkey.KeyID, "43 characters", "")

	other := testkey.New()
	p.Client = &http.Client{Transport: granting{}}
	_, err := p.Exchange(t.Context(), coze.CN.Base(), coze.Assertion{AppID: "1", KeyID: exchange.SPKI.Of(&other.PublicKey)}, other, coze.Request{})
	testplan.Must(t, err)
	check("a mismatch", testkey.KeyID, "43 characters", "value.other_fingerprint "+own)
	check("a match", own, "this is the fingerprint of the key you just uploaded", "")
	check("another digest of it", exchange.PKCS1.Of(public), "this is the fingerprint of the key you just uploaded", "")
	p.ChooseBase(coze.COM, coze.COM.Base())
	check("another host", testkey.KeyID, "43 characters", "")
}
