package formats_test

import (
	"strings"
	"testing"

	"cozejwt/internal/formats"
)

// What a .env may leave out comes back from what is written, beside the base or below it.
func TestOptionalValuesAreReadBack(t *testing.T) {
	for format, file := range map[string]string{"env": "a.env", "sdk-env": "a.env", "spring": "application.yaml"} {
		s := source()
		s.Aud, s.AccountID = "api.coze.cn", "7301"
		text, err := write(t, format, s)
		if err != nil {
			t.Fatal(err)
		}
		got, err := formats.Read(file, []byte(text), nil)
		if err != nil || len(got.Sets) != 1 || got.Sets[0].Aud != s.Aud || got.Sets[0].AccountID != s.AccountID || got.Sets[0].APIBase != s.APIBase {
			t.Errorf("%s: %+v, %v\n%s", format, got.Sets, err, text)
		}
	}
}

func TestAnAudIsNoBase(t *testing.T) {
	text := "coze: {base_url: 'https://proxy.example', a: {client_id: 1, kid: a, aud: api.coze.cn}, b: {client_id: 2, kid: b, enterprise_id: volcano_1}}\n"
	got, err := formats.Read("a.yaml", []byte(text), nil)
	if err != nil || len(got.Sets) != 2 {
		t.Fatalf("%+v, %v", got.Sets, err)
	}
	for i, want := range []struct{ aud, enterprise string }{{"api.coze.cn", ""}, {"", "volcano_1"}} {
		if s := got.Sets[i]; s.APIBase != "https://proxy.example" || s.Aud != want.aud || s.EnterpriseID != want.enterprise {
			t.Errorf("set %d is %+v", i, s.Set)
		}
	}
}

func TestAFormatSaysWhatItHasNoPlaceFor(t *testing.T) {
	s := source()
	s.Aud, s.AccountID = "api.coze.cn", "7301"
	for _, f := range formats.Formats {
		want := ""
		switch f.Name {
		case "sdk-json", "one-api", "cozeloop": // whose members their tools name
			want = "COZE_AUD COZE_ACCOUNT_ID"
		}
		if got := strings.Join(f.LeftOut(s), " "); got != want {
			t.Errorf("%s leaves out %q, want %q", f.Name, got, want)
		}
		if got := f.LeftOut(source()); got != nil {
			t.Errorf("%s leaves out %q of a set without optional values", f.Name, got)
		}
	}
}
