package credentials_test

import (
	"errors"
	"testing"

	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
)

func TestAnAudIsAHostAlone(t *testing.T) {
	for raw, want := range map[string]string{
		"":                       "",
		"api.coze.cn":            "api.coze.cn",
		" API.coze.cn\n":         "api.coze.cn",
		"api.coze.cn:8443":       "api.coze.cn:8443",
		"127.0.0.1:8080":         "127.0.0.1:8080",
		"[::1]:8080":             "[::1]:8080",
		"localhost":              "localhost",
		"\u200bapi．coze．cn":      "api.coze.cn",
		"https://api.coze.cn":    "!",
		"api.coze.cn/":           "!",
		"api.coze.cn/v1":         "!",
		"user@api.coze.cn":       "!",
		"api.coze.cn:":           "!",
		"api.coze.cn:port":       "!",
		"api.coze.cn:123456":     "!",
		"api.coze.cn api.coze.i": "!",
		"api.coze.cn?x":          "!",
		".coze.cn":               "!",
		"COZE_AUD=api.coze.cn":   "!",
	} {
		value, notice, err := credentials.Check(credentials.Aud, raw)
		if is := errors.Is(err, credentials.ErrAud); is != (want == "!") || notice != nil || !is && (err != nil || value != want) {
			t.Errorf("%q: %q, %v, %v", raw, value, notice, err)
		}
		if f, ok := errors.AsType[*fault.Fault](err); ok && (f.Class != fault.ClassUsage || f.Value("flag") != "--aud" || f.Value("field") != "aud") {
			t.Errorf("%q: %+v", raw, f)
		}
	}
}

func TestAnOwnerIsAnIDOfAnyShape(t *testing.T) {
	for _, field := range []credentials.Field{credentials.AccountID, credentials.EnterpriseID} {
		for raw, want := range map[string]string{
			"7301": "7301", "volcano_1-2": "volcano_1-2", " 7301 ": "7301", "": "",
			"a/b": "!", `a\b`: "!", "a?b": "!", "a#b": "!", "pat_abc": "!", "7 1": "!", "<id>": "!",
		} {
			value, _, err := credentials.Check(field, raw)
			if (err != nil) != (want == "!") || err == nil && value != want {
				t.Errorf("%s %q: %q, %v", field, raw, value, err)
			}
		}
	}
}

func TestAnOwnerReplacesTheOther(t *testing.T) {
	held := credentials.Set{AppID: "1", Aud: "a", AccountID: "7"}
	for name, test := range map[string]struct{ by, want credentials.Set }{
		"nothing":    {credentials.Set{AppID: "2"}, held},
		"aud":        {credentials.Set{Aud: "b"}, credentials.Set{AppID: "1", Aud: "b", AccountID: "7"}},
		"account":    {credentials.Set{AccountID: "8"}, credentials.Set{AppID: "1", Aud: "a", AccountID: "8"}},
		"enterprise": {credentials.Set{EnterpriseID: "9"}, credentials.Set{AppID: "1", Aud: "a", EnterpriseID: "9"}},
	} {
		set := held
		if set.Override(test.by); set != test.want {
			t.Errorf("%s: %+v", name, set)
		}
	}
}

func TestOptionalValuesAreCheckedTogether(t *testing.T) {
	set, err := credentials.Set{AppID: " x", Aud: " API.coze.cn", AccountID: " 7 "}.CheckOptional()
	if err != nil || set != (credentials.Set{AppID: " x", Aud: "api.coze.cn", AccountID: "7"}) {
		t.Errorf("%+v, %v", set, err)
	}
	for want, set := range map[*fault.Fault]credentials.Set{
		credentials.ErrAud:       {Aud: "https://api.coze.cn"},
		credentials.ErrNotOwner:  {EnterpriseID: "a/b"},
		credentials.ErrTwoOwners: {AccountID: "1", EnterpriseID: "2"},
	} {
		if _, err := set.CheckOptional(); !errors.Is(err, want) {
			t.Errorf("%+v: %v", set, err)
		}
		e := load(t, complete+"COZE_AUD="+set.Aud+"\nCOZE_ACCOUNT_ID="+set.AccountID+"\nCOZE_ENTERPRISE_ID="+set.EnterpriseID+"\n")
		if err := e.Validate(); !errors.Is(err, want) {
			t.Errorf("%+v in a .env: %v", set, err)
		}
	}
	if err := load(t, complete+"COZE_AUD=api.coze.cn\nCOZE_ACCOUNT_ID=1\n").Validate(); err != nil {
		t.Error(err)
	}
}
