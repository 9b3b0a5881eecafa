package formats_test

import (
	"path/filepath"
	"testing"

	"cozejwt/internal/coze"
	"cozejwt/internal/formats"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
)

func TestTheFileThatNamesTheOtherRegion(t *testing.T) {
	env := func(app, base string) string {
		return "COZE_CLIENT_ID=" + app + "\nCOZE_PUBLIC_KEY=" + testkey.KeyID + "\nCOZE_PRIVATE_KEY_PATH=k.pem\nCOZE_API_BASE=" + base + "\n"
	}
	yaml := func(app, base string) string {
		return "coze:\n  oauth:\n    client-id: '" + app + "'\n    public-key: " + testkey.KeyID + "\n    private-key-path: k.pem\n    base-url: " + base + "\n"
	}
	const mine, other = testkey.AppID, "2234567890123"
	for name, test := range map[string]struct {
		files map[string]string
		base  string
		want  string
	}{
		"nothing":                  {nil, coze.CN.Base(), ""},
		"another .env":             {map[string]string{".env.com": env(mine, "https://api.coze.com")}, coze.CN.Base(), ".env.com"},
		"the .env that is skipped": {map[string]string{".env": env(mine, "https://api.coze.com")}, coze.CN.Base(), ""},
		"the same region":          {map[string]string{".env.com": env(mine, "https://api.coze.cn/")}, coze.CN.Base(), ""},
		"another app":              {map[string]string{".env.com": env(other, "https://api.coze.com")}, coze.CN.Base(), ""},
		"a proxy":                  {map[string]string{".env.com": env(mine, "https://proxy.example")}, coze.CN.Base(), ""},
		"a base that is a proxy":   {map[string]string{".env.com": env(mine, "https://api.coze.com")}, "https://proxy.example", ""},
		"Spring":                   {map[string]string{"src/main/resources/application-dev.yml": yaml(mine, "https://api.coze.cn")}, coze.COM.Base(), "src/main/resources/application-dev.yml"},
		"in config":                {map[string]string{"config/coze.yaml": yaml(mine, "https://api.coze.cn")}, coze.COM.Base(), "config/coze.yaml"},
		"another app in Spring":    {map[string]string{"application.yml": yaml(other, "https://api.coze.cn")}, coze.COM.Base(), ""},
		"not a configuration":      {map[string]string{"notes.yml": yaml(mine, "https://api.coze.cn")}, coze.COM.Base(), ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := testfile.NewFolder(t)
			for file, text := range test.files {
				f.Write(file, text)
			}
			want := ""
			if test.want != "" {
				want = f.Path(test.want)
			}
			if got := formats.NamingOtherRegion(f.Dir, filepath.Join(f.Dir, ".env"), mine, test.base); got != want {
				t.Errorf("it is %q, want %q", got, want)
			}
		})
	}
	if got := formats.NamingOtherRegion(t.TempDir(), "", "", coze.CN.Base()); got != "" {
		t.Errorf("without an App ID: %q", got)
	}
}
