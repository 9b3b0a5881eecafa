package formats_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"

	"cozejwt/internal/formats"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

// A short set, in the syntax that YAML and JSON share.
const flow = `"clientId": "` + app + `", "publicKey": "` + key + `", "privateKeyPath": "k.pem"`

func TestWhatMakesASet(t *testing.T) {
	for name, test := range map[string]struct{ file, text, want string }{
		"an App ID and a path": {"a.yaml", "c: {clientId: " + app + ", privateKeyPath: k.pem}", "c c " + app + "  k.pem "},
		"an App ID and key text": {
			"a.yaml", "c: {clientId: " + app + ", privateKey: \"-----BEGIN PRIVATE KEY-----\\nx\"}", "c c " + app + "  TEXT ",
		},
		"key text wins over a path": {
			"a.yaml", "c: {clientId: " + app + ", privateKeyPath: k.pem, privateKey: \"-----BEGIN PRIVATE KEY-----\\nx\"}", "c c " + app + "  TEXT ",
		},
		"key text where a path belongs": {
			"a.yaml", "c: {clientId: " + app + ", privateKey: k.pem, privateKeyPath: \"-----BEGIN PRIVATE KEY-----\\nx\"}", "c c " + app + "  TEXT ",
		},
		"an id above belongs to no set": {"a.yaml", "publicKey: x\nc: {clientId: " + app + ", privateKeyPath: k.pem}", "c c " + app + "  k.pem "},
		"null is no value":              {"a.yaml", "baseUrl: https://api.coze.cn\nc: {" + flow + ", baseUrl: ~}", "c c " + app + " KEY k.pem https://api.coze.cn"},
		"null in JSON":                  {"a.json", `{"c": {"clientId": "` + app + `", "kid": null}}`, "c c " + app + "   "},
		"a sign that opens nothing":     {"a.yaml", "c: {clientId: " + app + ", privateKeyPath: 'a${b'}", "c c " + app + "  a${b "},
		"the later of two keys": {
			"a.yaml", "spring.profiles: a\nx: 1\nspring: {profiles: b}\nc.clientId: 1\nc: {" + flow + "}", "c-b c " + app + " KEY k.pem ",
		},
		"the same set twice":      {"a.yaml", "c: {" + flow + "}\n---\nc: {" + flow + "}", "c c " + app + " KEY k.pem "},
		"one set under two names": {"a.yaml", "c: {" + flow + "}\nd: {" + flow + "}", "c c " + app + " KEY k.pem |d d " + app + " KEY k.pem "},
		"two sets under one name": {"a.yaml", "c: {" + flow + "}\n---\nc: {clientId: " + app2 + "}", "c c " + app + " KEY k.pem |c c " + app2 + " KEY k.pem "},
		"two keys under one name": {
			"a.yaml", "c: {clientId: 1, privateKey: \"-----BEGIN PRIVATE KEY-----\\nx\"}\n---\nc: {privateKey: \"-----BEGIN PRIVATE KEY-----\\ny\"}", "c c 1  TEXT |c c 1  TEXT ",
		},
		"YAML with a byte order mark":       {"a.yaml", "\ufeffc: {" + flow + "}", "c c " + app + " KEY k.pem "},
		"JSON with a byte order mark":       {"a.json", "\ufeff{\"c\": {" + flow + "}}", "c c " + app + " KEY k.pem "},
		"TOML with a byte order mark":       {"a.toml", "\ufeffclientId = 1\nkid = 'k'\n", "a  1 k  "},
		"properties with a byte order mark": {"a.properties", "\ufeffclientId=1\nkid=k\n", "a  1 k  "},
	} {
		t.Run(name, func(t *testing.T) {
			found, err := setsIn(test.file, []byte(test.text), env)
			if got := told(t, found); err != nil || got != test.want {
				t.Errorf("found %q, %v; want %q", got, err, test.want)
			}
		})
	}
}

func TestASpringProfileIsPutOnTopOfWhatIsForAll(t *testing.T) {
	text := "c: {" + flow + "}\n---\nspring.profiles: prod\nc: {clientId: " + app2 + "}\n---\nspring.profiles: dev\nc: {privateKeyPath: dev.pem}\n"
	found, err := setsIn("application.yaml", []byte(text), env)
	want := "c c " + app + " KEY k.pem |c-prod c " + app2 + " KEY k.pem |c-dev c " + app + " KEY dev.pem "
	if got := told(t, found); err != nil || got != want {
		t.Errorf("found %q, %v; want %q", got, err, want)
	}
}

func TestASetIsNamedByItsPlace(t *testing.T) {
	for _, test := range []struct{ file, text, name string }{
		{"a.json", `{"azAZ09_-b": {` + flow + `}}`, "azAZ09_-b"},
		{"a.json", "{\"x@y[z`w{v/u:t\": {" + flow + "}}", "x-y-z-w-v-u-t"},
		{"a.json", `{"配置": {` + flow + `}}`, "imported"},
		{"a.json", `{"-é-": {` + flow + `}}`, "imported"},
		{"a.json", `[{` + flow + `}]`, "1"},
		{"a.json", `{"apps": [{` + flow + `}]}`, "apps-1"},
		{"a.json", `{` + flow + `}`, "a"},
		{"application-test.yml", "c: {" + flow + "}", "c-test"},
		{"application-test.yml", "spring.profiles: prod\nc: {" + flow + "}", "c-prod"},
		{"application-prod.yml", "prod: {" + flow + "}", "prod"},
		{"shop/.env", "COZE_CLIENT_ID=1\nCOZE_PUBLIC_KEY=k\n", "shop"},
		{"shop/.env.prod", "COZE_CLIENT_ID=1\nCOZE_PUBLIC_KEY=k\n", "prod"},
	} {
		found, err := setsIn(test.file, []byte(test.text), env)
		if err != nil || len(found) != 1 || found[0].Name != test.name {
			t.Errorf("%s in %s: found %+v, %v; want the name %s", test.text, test.file, found, err, test.name)
		}
	}
}

func TestAnEnvOfCozeLoopHasABaseOfItsOwn(t *testing.T) {
	coze := "COZE_CLIENT_ID=" + app + "\nCOZE_PUBLIC_KEY=" + key + "\nCOZE_PRIVATE_KEY_PATH=k.pem\n"
	loop := "COZELOOP_API_BASE_URL=https://loop.example\nCOZELOOP_JWT_OAUTH_CLIENT_ID=" + app2 + "\nCOZELOOP_JWT_OAUTH_PUBLIC_KEY_ID=" + key + "\n"
	loopSet := "x  " + app2 + " KEY  https://loop.example"
	for text, want := range map[string]string{
		coze + loop: "x  " + app + " KEY k.pem |" + loopSet,
		coze + "COZE_API_BASE=https://api.coze.cn\n" + loop: "x  " + app + " KEY k.pem https://api.coze.cn|" + loopSet,
		loop: loopSet,
	} {
		found, err := setsIn(".env.x", []byte(text), env)
		if got := told(t, found); err != nil || got != want {
			t.Errorf("found %q, %v; want %q", got, err, want)
		}
	}
}

// wantKey fails where a text is not the key of a PEM in any form that keygen reads.
func wantKey(t *testing.T, text, pem string) {
	t.Helper()
	want, err := keygen.Parse([]byte(pem))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := keygen.Parse([]byte(text)); err != nil || !got.Private.Equal(want.Private) {
		t.Errorf("the key text is read with %v, or is another key", err)
	}
}

func TestKeyTextIsFoundInTheFormsThatPeopleWrite(t *testing.T) {
	pem := string(keygen.EncodePrivate(testkey.RSA()))
	lines := strings.Split(strings.TrimSpace(pem), "\n")
	body := strings.Join(lines[1:len(lines)-1], "")
	for _, text := range []string{pem, strings.ReplaceAll(pem, "\n", `\n`), body, " " + body[:300] + "\n" + body[300:], base64.StdEncoding.EncodeToString([]byte(pem))} {
		found, err := setsIn("a.json", fmt.Appendf(nil, `{"clientId": "1", "private_key": %q}`, text), env)
		if err != nil || len(found) != 1 {
			t.Fatalf("found %+v, %v", found, err)
		}
		wantKey(t, found[0].KeyText.Reveal(), pem)
	}
}

func TestAPlaceholderNeedsNoEnvironment(t *testing.T) {
	found, err := setsIn("a.yaml", []byte("app: "+app+"\nc: {clientId: '${app}', kid: '${none:k}'}"), nil)
	if got := told(t, found); err != nil || got != "c c "+app+" k  " {
		t.Errorf("found %q, %v", got, err)
	}
}

// The limits are far above a configuration: 50 levels and 10000 values.
func TestAFileIsReadUpToItsLimits(t *testing.T) {
	deep := func(levels int) string { // of keys, the set's included
		return strings.Repeat(`{"a": `, levels-1) + "{" + flow + "}" + strings.Repeat("}", levels-1)
	}
	lists := func(levels int) string {
		return `{"c": {` + flow + `}, "a": ` + strings.Repeat("[", levels-1) + "1" + strings.Repeat("]", levels-1) + "}"
	}
	long := func(values int) string { // two mappings, the set's three, a list of lists
		return `{"c": {` + flow + `}, "l": [[]` + strings.Repeat(", []", values-7) + `]}`
	}
	properties := func(lines int) string {
		var b strings.Builder
		for i := range lines - 2 {
			fmt.Fprintf(&b, "k%d=v\n", i)
		}
		return b.String() + "c.clientId=1\nc.kid=k\n"
	}
	for name, test := range map[string]struct {
		file       string
		text       func(int) string
		last, over int
	}{
		"levels of YAML":       {"a.yaml", deep, 50, 51},
		"levels of JSON":       {"a.json", deep, 50, 51},
		"levels of YAML lists": {"a.yaml", lists, 50, 51},
		"levels of JSON lists": {"a.json", lists, 50, 51},
		"values of JSON":       {"a.json", long, 10000, 10001},
		"levels of TOML": {"a.toml", func(n int) string {
			return "c = {clientId = 1, kid = 'k'}\n[" + strings.Repeat("a.", n-2) + "a]\nx = 1\n"
		}, 50, 51},
		"lines of properties":    {"a.properties", properties, 100, 10001},
		"levels of a properties": {"a.properties", func(n int) string { return "c.clientId=1\nc.kid=k\n" + strings.Repeat("a.", n-1) + "a=1\n" }, 50, 51},
	} {
		t.Run(name, func(t *testing.T) {
			if found, err := setsIn(test.file, []byte(test.text(test.last)), env); err != nil || len(found) != 1 {
				t.Errorf("%d: found %d, %v", test.last, len(found), err)
			}
			if _, err := formats.Read(test.file, []byte(test.text(test.over)), env); !errors.Is(err, formats.ErrSyntax) {
				t.Errorf("%d: error is %v", test.over, err)
			}
		})
	}
}
