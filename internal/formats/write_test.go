package formats_test

import (
	"encoding/base64"
	"errors"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"cozejwt/envfile"
	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/formats"
)

const pemText = "-----BEGIN PRIVATE KEY-----\nabc=\n-----END PRIVATE KEY-----\n"

// source is a set whose paths have what a shell or a quote could stumble over.
func source() formats.Source {
	return formats.Source{
		Set:     credentials.Set{AppID: app, KeyID: "kid", KeyPath: "config/my key.pem", APIBase: "https://api.coze.cn"},
		KeyFile: "/it's/my key.pem", KeyPEM: pemText, WebBase: "https://www.coze.cn",
	}
}

func write(t *testing.T, format string, s formats.Source) (string, error) {
	t.Helper()
	f, err := formats.ByName(format)
	if err != nil {
		t.Fatal(err)
	}
	return f.Write(s)
}

// written are the whole texts, each as the tool that takes it documents.
var written = map[string]string{
	"env": `COZE_CLIENT_ID=1234567890123
COZE_PUBLIC_KEY=kid
COZE_PRIVATE_KEY_PATH='config/my key.pem'
COZE_API_BASE=https://api.coze.cn
`,
	"sdk-env": `COZE_JWT_OAUTH_CLIENT_ID=1234567890123
COZE_JWT_OAUTH_PUBLIC_KEY_ID=kid
COZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH='config/my key.pem'
COZE_API_BASE=https://api.coze.cn
`,
	"sdk-json": `{
  "client_id": "1234567890123",
  "client_type": "jwt",
  "coze_api_base": "https://api.coze.cn",
  "coze_www_base": "https://www.coze.cn",
  "private_key": "-----BEGIN PRIVATE KEY-----\nabc=\n-----END PRIVATE KEY-----\n",
  "public_key_id": "kid"
}
`,
	"spring": `coze:
    oauth:
        baseUrl: "https://api.coze.cn"
        clientId: "1234567890123"
        privateKeyPath: "config/my key.pem"
        publicKey: "kid"
`,
	"shell": `export COZE_CLIENT_ID='1234567890123'
export COZE_PUBLIC_KEY='kid'
export COZE_PRIVATE_KEY_PATH='/it'\''s/my key.pem'
export COZE_API_BASE='https://api.coze.cn'
`,
	"docker": `# docker run --env-file FILE -v "/it's/my key.pem:/run/secrets/coze_private_key.pem:ro" IMAGE
COZE_CLIENT_ID=1234567890123
COZE_PUBLIC_KEY=kid
COZE_PRIVATE_KEY_PATH=/run/secrets/coze_private_key.pem
COZE_API_BASE=https://api.coze.cn
`,
	"fly": `COZE_CLIENT_ID=1234567890123
COZE_PUBLIC_KEY=kid
COZE_PRIVATE_KEY_PATH=/run/secrets/coze_private_key.pem
COZE_API_BASE=https://api.coze.cn
COZE_PRIVATE_KEY_BASE64=` + base64.StdEncoding.EncodeToString([]byte(pemText)) + `
`,
	"k8s": `apiVersion: v1
kind: Secret
metadata:
  name: coze-oauth
type: Opaque
stringData:
  COZE_API_BASE: https://api.coze.cn
  COZE_CLIENT_ID: "1234567890123"
  COZE_PRIVATE_KEY_PATH: /run/secrets/coze_private_key.pem
  COZE_PUBLIC_KEY: kid
---
apiVersion: v1
kind: Secret
metadata:
  name: coze-oauth-key
type: Opaque
stringData:
  private_key.pem: |
    -----BEGIN PRIVATE KEY-----
    abc=
    -----END PRIVATE KEY-----
`,
	"github": `printf %s 1234567890123 | gh secret set COZE_CLIENT_ID
printf %s kid | gh secret set COZE_PUBLIC_KEY
printf %s https://api.coze.cn | gh secret set COZE_API_BASE
gh secret set COZE_PRIVATE_KEY < "/it's/my key.pem"
`,
	"compose": `services:
  app:
    environment:
      COZE_API_BASE: https://api.coze.cn
      COZE_CLIENT_ID: "1234567890123"
      COZE_PRIVATE_KEY_PATH: /run/secrets/coze_private_key.pem
      COZE_PUBLIC_KEY: kid
    secrets:
      - coze_private_key.pem
secrets:
  coze_private_key.pem:
    file: /it's/my key.pem
`,
	"gitlab": `printf %s 1234567890123 | glab variable set COZE_CLIENT_ID --raw
printf %s kid | glab variable set COZE_PUBLIC_KEY --raw
printf %s https://api.coze.cn | glab variable set COZE_API_BASE --raw
glab variable set COZE_PRIVATE_KEY_PATH --raw --type file < "/it's/my key.pem"
`,
	"vercel": `printf %s 1234567890123 | vercel env add COZE_CLIENT_ID production
printf %s kid | vercel env add COZE_PUBLIC_KEY production
printf %s https://api.coze.cn | vercel env add COZE_API_BASE production
vercel env add COZE_PRIVATE_KEY production --sensitive < "/it's/my key.pem"
`,
	"wrangler": `{
  "COZE_API_BASE": "https://api.coze.cn",
  "COZE_CLIENT_ID": "1234567890123",
  "COZE_PRIVATE_KEY": "-----BEGIN PRIVATE KEY-----\nabc=\n-----END PRIVATE KEY-----\n",
  "COZE_PUBLIC_KEY": "kid"
}
`,
	"one-api": `{
  "client_id": "1234567890123",
  "client_type": "jwt",
  "coze_api_base": "https://api.coze.cn",
  "coze_www_base": "https://www.coze.cn",
  "private_key": "-----BEGIN PRIVATE KEY-----\nabc=\n-----END PRIVATE KEY-----\n",
  "public_key_id": "kid"
}
`,
	"cozeloop": `COZELOOP_API_BASE_URL='https://api.coze.cn'
COZELOOP_JWT_OAUTH_CLIENT_ID='1234567890123'
COZELOOP_JWT_OAUTH_PUBLIC_KEY_ID='kid'
COZELOOP_JWT_OAUTH_PRIVATE_KEY='` + pemText + `'
COZELOOP_WORKSPACE_ID=''
`,
}

// withValue is a command of Windows, which has no printf.
var withValue = regexp.MustCompile(`(?m)^(.*) --(?:body|value) (\S+)$`)

func TestEachFormatIsWrittenAsItsToolTakesIt(t *testing.T) {
	for _, name := range formats.Names() {
		t.Run(name, func(t *testing.T) {
			got, err := write(t, name, source())
			if runtime.GOOS == "windows" {
				got = withValue.ReplaceAllString(got, "printf %s $2 | $1")
			}
			if err != nil || got != written[name] {
				t.Errorf("%v, written\n%s, want\n%s", err, got, written[name])
			}
		})
	}
	if len(written) != len(formats.Names()) {
		t.Errorf("formats are %v", formats.Names())
	}
}

func TestAFormatSaysWhetherItHoldsTheKey(t *testing.T) {
	for _, f := range formats.Formats {
		holds := strings.Contains(written[f.Name], "PRIVATE KEY-----") || strings.Contains(written[f.Name], "BASE64=")
		if f.HoldsKey != holds {
			t.Errorf("%s: HoldsKey is %v", f.Name, f.HoldsKey)
		}
	}
}

func TestAnUnknownFormatIsToldTheKnownOnes(t *testing.T) {
	_, err := formats.ByName("ini")
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok || !errors.Is(err, formats.ErrUnknown) || f.Value("format") != "ini" || !strings.Contains(f.Value("known"), "sdk-json") {
		t.Errorf("error is %v", err)
	}
}

func TestAWebBaseThatIsNotKnownIsNotWritten(t *testing.T) {
	s := source()
	s.WebBase = ""
	if got, err := write(t, "sdk-json", s); err != nil || strings.Contains(got, "coze_www_base") || !strings.Contains(got, "coze_api_base") {
		t.Errorf("%v, written\n%s", err, got)
	}
}

func TestAnOptionalValueThatIsNotThereIsNotWritten(t *testing.T) {
	at := slices.IndexFunc(credentials.Variables, func(v credentials.Variable) bool { return v.Field == credentials.KeyID })
	credentials.Variables[at].Optional = true
	t.Cleanup(func() { credentials.Variables[at].Optional = false })
	names := map[string]string{"sdk-json": "public_key_id", "spring": "publicKey", "shell": "COZE_PUBLIC_KEY"}
	for format, name := range names {
		s := source()
		if got, err := write(t, format, s); err != nil || !strings.Contains(got, name) {
			t.Errorf("%s with a value: %v\n%s", format, err, got)
		}
		s.KeyID = ""
		if got, err := write(t, format, s); err != nil || strings.Contains(got, name) {
			t.Errorf("%s without a value: %v\n%s", format, err, got)
		}
	}
	s := source()
	s.APIBase = "" // which is required
	for _, format := range []string{"sdk-json", "spring"} {
		if got, err := write(t, format, s); err != nil || strings.Count(got, `""`) != 1 {
			t.Errorf("%s without a required value: %v\n%s", format, err, got)
		}
	}
}

func TestComposeReplacesNothingInAValue(t *testing.T) {
	s := source()
	s.KeyID, s.KeyFile = "a$b${c}", "/$HOME/k.pem"
	got, err := write(t, "compose", s)
	if err != nil || !strings.Contains(got, "a$$b$${c}") || !strings.Contains(got, "file: /$$HOME/k.pem") {
		t.Errorf("%v, written\n%s", err, got)
	}
}

func TestAValueThatAFormatCannotWriteIsRefused(t *testing.T) {
	for format, test := range map[string]struct {
		want   error
		values []string
	}{
		"env":      {envfile.ErrNoQuoting, []string{`it's "x"`}},
		"sdk-env":  {envfile.ErrNoQuoting, []string{`it's "x"`}},
		"docker":   {formats.ErrUnwritable, []string{"a\nb", "a\rb", "a ", "\ta"}},
		"fly":      {formats.ErrUnwritable, []string{"a\nb", "a\rb", `a"`, "a'", "a#b", "a`", "a b", `a\b`}},
		"cozeloop": {formats.ErrUnwritable, []string{"it's"}},
	} {
		for _, value := range test.values {
			s := source()
			s.APIBase = value
			got, err := write(t, format, s)
			f, ok := errors.AsType[*fault.Fault](err)
			if !errors.Is(err, test.want) || got != "" || !ok || !strings.Contains(f.Value("name"), "API_BASE") {
				t.Errorf("%s: %q is written as %q, error %v", format, value, got, err)
			}
		}
	}
}
