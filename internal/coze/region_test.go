package coze_test

import (
	"errors"
	"strings"
	"testing"

	"cozejwt/internal/coze"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
)

func TestParseBase(t *testing.T) {
	for in, want := range map[string]string{
		"https://api.coze.cn":     "https://api.coze.cn",
		" https://api.coze.cn/ ":  "https://api.coze.cn",
		"https://API.coze.cn":     "https://api.coze.cn",
		"http://127.0.0.1:8370":   "http://127.0.0.1:8370",
		"http://localhost:8370/":  "http://localhost:8370",
		"http://[::1]:8370":       "http://[::1]:8370",
		"https://gw.example:8443": "https://gw.example:8443",
	} {
		if got, err := coze.ParseBase(in); err != nil || got != want {
			t.Errorf("ParseBase(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
	for in, want := range map[string]error{
		"":                              coze.ErrBase,
		"api.coze.cn":                   coze.ErrBase,
		"ftp://api.coze.cn":             coze.ErrBase,
		"https://":                      coze.ErrBase,
		"https://u:p@api.coze.cn":       coze.ErrBaseUser,
		"https://api.coze.cm":           coze.ErrBaseTypo,
		"https://apl.coze.cn":           coze.ErrBaseTypo,
		"https://aip.coze.com/":         coze.ErrBaseTypo,
		"http://api.coze.comm":          coze.ErrBaseTypo,
		"https://api.coe.cn/v1":         coze.ErrBaseTypo,
		"https://[::1":                  coze.ErrBase,
		"https://api.coze.cn#x":         coze.ErrBasePath,
		"https://www.coze.cn":           coze.ErrBaseConsole,
		"https://www.coze.com/open":     coze.ErrBaseConsole,
		"https://api.coze.cn/v1":        coze.ErrBasePath,
		"https://api.coze.cn?x=1":       coze.ErrBasePath,
		"http://api.coze.cn":            coze.ErrBasePlain,
		"http://192.168.1.5:8080":       coze.ErrBasePlain,
		"http://127.0.0.1.example:8080": coze.ErrBasePlain,
	} {
		if _, err := coze.ParseBase(in); !errors.Is(err, want) {
			t.Errorf("ParseBase(%q): error is %v, want %v", in, err, want)
		}
	}
}

func TestRegionsAndTheirPages(t *testing.T) {
	for region, want := range map[coze.Region][2]string{
		coze.CN:      {"https://api.coze.cn", "https://www.coze.cn/open/oauth/apps"},
		coze.COM:     {"https://api.coze.com", "https://www.coze.com/open/oauth/apps"},
		coze.Sandbox: {"", ""},
		coze.Custom:  {"", ""},
	} {
		if region.Base() != want[0] || region.Console() != want[1] {
			t.Errorf("%s: %s, %s", region, region.Base(), region.Console())
		}
	}
	if coze.RegionOf("https://api.coze.com") != coze.COM || coze.RegionOf("http://127.0.0.1:1") != coze.Custom {
		t.Error("RegionOf is wrong")
	}
}

func TestAudienceIsTheHostAlone(t *testing.T) {
	for base, want := range map[string]string{
		"https://api.coze.cn":     "api.coze.cn",
		"https://api.coze.cn:443": "api.coze.cn",
		"http://127.0.0.1:8370":   "127.0.0.1:8370",
		"http://localhost:80":     "localhost",
		"https://localhost:80":    "localhost:80",
		"http://localhost:443":    "localhost:443",
		"127.0.0.1:443":           "127.0.0.1:443",
	} {
		if got := coze.Audience(base); got != want {
			t.Errorf("Audience(%s) = %s, want %s", base, got, want)
		}
	}
}

func TestARegionIsParsedByItsName(t *testing.T) {
	for _, region := range []coze.Region{coze.CN, coze.COM, coze.Sandbox} {
		if got, err := coze.ParseRegion(string(region)); got != region || err != nil {
			t.Errorf("%s: %s, %v", region, got, err)
		}
	}
	for _, name := range []string{"", "custom", "CN", "us"} {
		if got, err := coze.ParseRegion(name); got != "" || !errors.Is(err, coze.ErrRegion) {
			t.Errorf("%q: %s, %v", name, got, err)
		}
	}
}

func TestTheGuideIsOnTheRegionsOwnPages(t *testing.T) {
	for region, want := range map[coze.Region]string{
		coze.CN:      "https://www.coze.cn/docs/developer_guides/oauth_jwt",
		coze.COM:     "https://www.coze.com/docs/developer_guides/oauth_jwt",
		coze.Sandbox: "https://www.coze.cn/docs/developer_guides/oauth_jwt",
	} {
		if got := region.Guide(); got != want {
			t.Errorf("%s: %s", region, got)
		}
	}
}

func TestLoopbackIsThisMachineAlone(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "127.0.0.1": true, "127.9.9.9": true, "::1": true, "[::1]": true,
		"": false, "10.0.0.1": false, "::2": false, "localhost.example": false, "127.0.0.1.example": false,
	} {
		if got := coze.IsLoopback(host); got != want {
			t.Errorf("IsLoopback(%q) = %v", host, got)
		}
	}
}

func TestOtherBaseIsThatOfTheOtherRegion(t *testing.T) {
	for base, want := range map[string]string{
		coze.CN.Base(): coze.COM.Base(), coze.COM.Base(): coze.CN.Base(), "http://127.0.0.1:1": "", "": "",
	} {
		if got := coze.OtherBase(base); got != want {
			t.Errorf("OtherBase(%s) = %q", base, got)
		}
	}
}

// What was meant stands in the fault, where it can only be one.
func TestParseBaseSaysWhatIsMeant(t *testing.T) {
	for in, want := range map[string]string{
		"api.coze.cn": "https://api.coze.cn", "www.coze.com/open": "https://api.coze.com", "apl.coze.cn": "https://api.coze.cn",
		"gateway.example.com": "https://gateway.example.com", "localhost:8080": "http://localhost:8080",
		"https://api.cose.com": "https://api.coze.com", "https://api.coze.cm": "", "api.coze.cm": "", "coze": "",
		"<https://api.coze.com|https://api.coze.com>": "https://api.coze.com", "[https://api.coze.cn](https://api.coze.cn/v1)": "https://api.coze.cn",
		"＂https://api.coze.con＂": "", "https://api.coze.cn // 国内站": "https://api.coze.cn", "“https://www.coze.cn”": "https://api.coze.cn",
		"https://api.coze.cn COZE_PUBLIC_KEY=x": "", "see https://": "", strings.Repeat("https://a,", 100): "",
		"https://api.coez.cn": "https://api.coze.cn", "https://apis.coze.cn": "https://api.coze.cn",
	} {
		_, err := coze.ParseBase(in)
		var f *fault.Fault
		if !errors.As(err, &f) || f.Value("right") != want {
			t.Errorf("ParseBase(%q): %v means %q, want %q", in, err, f.Value("right"), want)
		}
	}
	_, err := coze.ParseBase("https://api.coze.con")
	var f *fault.Fault
	if errors.As(err, &f); !strings.Contains(strings.Join(f.Fixes(i18n.English), ""), "https://api.coze.cn or https://api.coze.com") {
		t.Errorf("a base that may be either: %q", f.Fixes(i18n.English))
	}
	for _, in := range []string{"https://api.coze.example", "https://coze-api.example.com", "https://a.b"} {
		if _, err := coze.ParseBase(in); err != nil {
			t.Errorf("ParseBase(%q): %v", in, err)
		}
	}
	if _, err := coze.ParseBase("https://user:hidden@gw.example"); err == nil || strings.Contains(err.Error(), "hidden") {
		t.Errorf("a base with a password: %v", err)
	}
}
