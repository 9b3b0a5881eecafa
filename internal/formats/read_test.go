package formats_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"cozejwt/envfile"
	"cozejwt/internal/fault"
	"cozejwt/internal/formats"
	"cozejwt/internal/i18n"
	"cozejwt/internal/testkey"
)

const (
	app  = testkey.AppID
	key  = testkey.KeyID
	app2 = "2234567890123"
)

func env(name string) (string, bool) {
	v, ok := map[string]string{"FROM_ENV": app, "COZE_BASE": "https://api.coze.com"}[name]
	return v, ok
}

// readCases are files as people write them.
var readCases = map[string]struct {
	file, text string
	want       string // of each set: name, place, App ID, Key ID, path, base
}{
	"two sets of one service": {"application.yaml", `
server: {port: 8080}
coze:
  oauth:
    baseUrl: https://api.coze.cn
    clientId: 1234567890123
    publicKey: ` + key + `
    privateKeyPath: config/private_key.pem
  oauth2:
    baseUrl: https://api.coze.com
    clientId: "2234567890123"
    publicKey: ` + key + `
    privateKeyPath: config/private_key.pem1
`, "oauth coze.oauth " + app + " KEY config/private_key.pem https://api.coze.cn|oauth2 coze.oauth2 " + app2 + " KEY config/private_key.pem1 https://api.coze.com"},
	"properties": {"application.properties", `
server.port=8080
coze.oauth.base-url = https://api.coze.cn
coze.oauth.client-id: 1234567890123
coze.oauth.public-key = ` + key + `
coze.oauth.private-key-path = ${KEY_DIR:config}/k.pem
#---
spring.config.activate.on-profile=prod
coze.oauth.client-id=2234567890123
`, "oauth coze.oauth " + app + " KEY config/k.pem https://api.coze.cn|oauth-prod coze.oauth " + app2 + " KEY config/k.pem https://api.coze.cn"},
	"of merged mappings the first": {"application.yaml", `
a: &a {clientId: ` + app + `, publicKey: ` + key + `}
b: &b {clientId: ` + app2 + `, baseUrl: https://api.coze.cn}
c:
  <<: [*a, *b]
  privateKeyPath: k.pem
`, "a a " + app + " KEY  |c c " + app + " KEY k.pem https://api.coze.cn"},
	"TOML": {"config.toml", `
title = "x"
[coze.oauth]
client_id = 1234567890123
kid = "` + key + `"
private_key_path = "k.pem"
api_base = "https://api.coze.cn"
`, "oauth coze.oauth " + app + " KEY k.pem https://api.coze.cn"},
	"kebab case, base of the parent": {"application.yml", `
coze:
  base-url: https://api.coze.cn
  jwt:
    client-id: 1234567890123
    public-key-id: ` + key + `
    private-key-file: classpath:keys/coze.pem
`, "jwt coze.jwt " + app + " KEY classpath:keys/coze.pem https://api.coze.cn"},
	"deep, snake case": {"application.yaml", `
a:
  b:
    c:
      d: {client_id: "1234567890123", kid: ` + key + `, private_key_path: /etc/k.pem, api_base: "https://api.coze.cn"}
`, "d a.b.c.d " + app + " KEY /etc/k.pem https://api.coze.cn"},
	"dotted keys": {"application.yaml", `
coze.oauth.clientId: 1234567890123
coze.oauth.publicKey: ` + key + `
coze.oauth.privateKeyPath: k.pem
coze.baseUrl: https://api.coze.cn
`, "oauth coze.oauth " + app + " KEY k.pem https://api.coze.cn"},
	"placeholders": {"application.yaml", `
coze:
  host: https://api.coze.cn
  oauth:
    baseUrl: ${coze.host}
    clientId: ${FROM_ENV}
    publicKey: ${NOT_SET:` + key + `}
    privateKeyPath: ${NOT_SET:${ALSO_NOT:config}/k.pem}
`, "oauth coze.oauth " + app + " KEY config/k.pem https://api.coze.cn"},
	"the environment wins": {"application.yaml", `
coze: {oauth: {baseUrl: "${COZE_BASE:https://api.coze.cn}", clientId: 1234567890123, publicKey: ` + key + `, privateKeyPath: k.pem}}
`, "oauth coze.oauth " + app + " KEY k.pem https://api.coze.com"},
	"a list": {"application.yaml", `
coze:
  apps:
    - {clientId: 1234567890123, publicKey: ` + key + `, privateKeyPath: a.pem, baseUrl: https://api.coze.cn}
    - {clientId: 2234567890123, publicKey: ` + key + `, privateKeyPath: b.pem, baseUrl: https://api.coze.cn}
`, "apps-1 coze.apps.1 " + app + " KEY a.pem https://api.coze.cn|apps-2 coze.apps.2 " + app2 + " KEY b.pem https://api.coze.cn"},
	"Spring profiles in documents": {"application.yaml", `
coze: {oauth: {baseUrl: https://api.coze.cn, clientId: 1234567890123, publicKey: ` + key + `, privateKeyPath: k.pem}}
---
spring: {config: {activate: {on-profile: prod}}}
coze: {oauth: {clientId: 2234567890123}}
---
spring: {config: {activate: {on-profile: other}}}
server: {port: 1}
`, "oauth coze.oauth " + app + " KEY k.pem https://api.coze.cn|oauth-prod coze.oauth " + app2 + " KEY k.pem https://api.coze.cn"},
	"Spring profile in the name": {"application-test.yml", `
coze: {oauth: {baseUrl: https://api.coze.cn, clientId: 1234567890123, publicKey: ` + key + `, privateKeyPath: k.pem}}
`, "oauth-test coze.oauth " + app + " KEY k.pem https://api.coze.cn"},
	"anchors and merges": {"application.yaml", `
common: &common {baseUrl: https://api.coze.cn, privateKeyPath: k.pem}
coze:
  one: {<<: *common, clientId: 1234567890123, publicKey: ` + key + `}
`, "one coze.one " + app + " KEY k.pem https://api.coze.cn"},
	"at the top": {
		"application.yaml", "clientId: 1234567890123\npublicKey: " + key + "\nprivateKeyPath: k.pem\nbaseUrl: https://api.coze.cn\n",
		"application  " + app + " KEY k.pem https://api.coze.cn",
	},
	"environment of a compose file": {"docker-compose.yml", `
services:
  web:
    environment:
      COZE_CLIENT_ID: "1234567890123"
      COZE_PUBLIC_KEY: ` + key + `
      COZE_PRIVATE_KEY_PATH: /run/secrets/coze.pem
      COZE_API_BASE: https://api.coze.cn
`, "web services.web.environment " + app + " KEY /run/secrets/coze.pem https://api.coze.cn"},
	"SDK JSON": {
		"coze_oauth_config.json", `{"client_type":"jwt","client_id":"1234567890123","public_key_id":"` + key + `","private_key":"-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----","coze_api_base":"https://api.coze.cn","coze_www_base":"https://www.coze.cn"}`,
		"coze_oauth_config  " + app + " KEY TEXT https://api.coze.cn",
	},
	"JSON with tabs and a number": {
		"config.json", "{\n\t\"jwt\": {\n\t\t\"clientId\": 1234567890123,\n\t\t\"keyId\": \"" + key + "\",\n\t\t\"privateKeyPath\": \"k.pem\"\n\t}\n}",
		"jwt jwt " + app + " KEY k.pem ",
	},
	"key text in YAML": {
		"application.yaml", "coze:\n  oauth:\n    clientId: 1234567890123\n    publicKey: " + key + "\n    privateKey: |\n      -----BEGIN PRIVATE KEY-----\n      x\n      -----END PRIVATE KEY-----\n",
		"oauth coze.oauth " + app + " KEY TEXT ",
	},
	"path under privateKey": {
		"application.yaml", "coze: {oauth: {clientId: 1234567890123, publicKey: " + key + ", privateKey: keys/k.pem}}",
		"oauth coze.oauth " + app + " KEY keys/k.pem ",
	},
	".env, default names": {
		".env.production", "COZE_CLIENT_ID=1234567890123\nCOZE_PUBLIC_KEY=" + key + "\nCOZE_PRIVATE_KEY_PATH=k.pem\nCOZE_API_BASE=https://api.coze.cn\n",
		"production  " + app + " KEY k.pem https://api.coze.cn",
	},
	".env, SDK names and key text": {
		"prod.env", "COZE_JWT_OAUTH_CLIENT_ID=1234567890123\nCOZE_JWT_OAUTH_PUBLIC_KEY_ID=" + key + "\nCOZE_JWT_OAUTH_PRIVATE_KEY=\"-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\"\nCOZE_API_BASE=https://api.coze.cn\n",
		"prod  " + app + " KEY TEXT https://api.coze.cn",
	},
	".env, JS names": {
		".env.js", "COZE_APP_ID=1234567890123\nCOZE_KEY_ID=" + key + "\nCOZE_PRIVATE_KEY_PATH=k.pem\nCOZE_BASE_URL=https://api.coze.cn\n",
		"js  " + app + " KEY k.pem https://api.coze.cn",
	},
	".env, two conventions": {
		".env.two", "COZE_CLIENT_ID=1234567890123\nCOZE_PUBLIC_KEY=" + key + "\nCOZE_PRIVATE_KEY_PATH=a.pem\nCOZE_JWT_OAUTH_CLIENT_ID=2234567890123\nCOZE_JWT_OAUTH_PUBLIC_KEY_ID=" + key + "\nCOZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH=b.pem\nCOZE_API_BASE=https://api.coze.cn\n",
		"two  " + app + " KEY a.pem https://api.coze.cn|two  " + app2 + " KEY b.pem https://api.coze.cn",
	},
}

func TestReadFindsSetsAsPeopleWriteThem(t *testing.T) {
	for name, test := range readCases {
		t.Run(name, func(t *testing.T) {
			found, err := setsIn(test.file, []byte(test.text), env)
			if err != nil {
				t.Fatal(err)
			}
			if s := told(t, found); s != test.want {
				t.Errorf("found\n%s, want\n%s", strings.ReplaceAll(s, "|", "\n"), strings.ReplaceAll(test.want, "|", "\n"))
			}
		})
	}
}

// setsIn reads the sets of a file.
func setsIn(path string, data []byte, env formats.Lookup) ([]formats.Found, error) {
	r, err := formats.Read(path, data, env)
	return r.Sets, err
}

// told is each set that was found: its name, place, App ID, Key ID, path and base.
func told(t *testing.T, found []formats.Found) string {
	t.Helper()
	var all []string
	for _, f := range found {
		path := f.KeyPath
		if strings.HasPrefix(f.KeyText.Reveal(), "-----BEGIN PRIVATE KEY-----\n") {
			path += "TEXT"
		}
		id := strings.ReplaceAll(f.KeyID, key, "KEY")
		all = append(all, fmt.Sprintf("%s %s %s %s %s %s", f.Name, f.Where, f.AppID, id, path, f.APIBase))
		if len(f.Doubts) > 0 {
			t.Errorf("doubts: %v", f.Doubts)
		}
	}
	return strings.Join(all, "|")
}

func TestReadSaysWhatItCannotUse(t *testing.T) {
	for name, test := range map[string]struct {
		file, text string
		want       error
	}{
		"another kind":       {"application.docx", "<a/>", formats.ErrKind},
		"broken YAML":        {"a.yaml", "a: [", formats.ErrSyntax},
		"broken JSON":        {"a.json", "{", formats.ErrSyntax},
		"no set":             {"a.yaml", "server: {port: 1}", formats.ErrNoSet},
		"an OAuth client":    {"a.yaml", "spring: {security: {oauth2: {client: {registration: {x: {client-id: a, client-secret: b}}}}}}", formats.ErrNoSet},
		"empty":              {"a.yaml", "", formats.ErrNoSet},
		"an alias of itself": {"a.yaml", "a: &a {b: *a}", formats.ErrSyntax},
		"many aliases":       {"a.yaml", "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]", formats.ErrSyntax},
		"broken in part":     {"a.yaml", "a: 1\n---\nb: [", formats.ErrSyntax},
		"merged with itself": {"a.yaml", "a: &a {<<: *a}", formats.ErrSyntax},
		"merged in a list":   {"a.yaml", "a: &a {<<: [*a]}", formats.ErrSyntax},
		"broken TOML":        {"a.toml", "a = [", formats.ErrSyntax},
		"broken properties":  {"a.properties", `a=\u00zz`, formats.ErrSyntax},
		"broken .env":        {".env", "A=1\nnonsense\n", envfile.ErrUnreadable},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := formats.Read(test.file, []byte(test.text), env)
			if !errors.Is(err, test.want) {
				t.Fatalf("error is %v, want %v", err, test.want)
			}
			if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Value("path") != test.file {
				t.Errorf("%v does not name the file", err)
			}
		})
	}
}

func TestABrokenFileIsToldByItsLine(t *testing.T) {
	for file, text := range map[string]string{"a.yaml": "a: 1\nb: [", "a.toml": "a = 1\nb = ["} {
		_, err := formats.Read(file, []byte(text), env)
		if f, ok := errors.AsType[*fault.Fault](err); !ok || !strings.Contains(f.Message(i18n.English), "line 2 is not valid") {
			t.Errorf("%s: error is %v", file, err)
		}
	}
}

func TestAPlaceholderThatRefersToItselfIsADoubt(t *testing.T) {
	found, err := setsIn("a.yaml", []byte("c: {clientId: '${c.clientId}', publicKey: k}"), env)
	if err != nil || len(found) != 1 || len(found[0].Doubts) != 1 || found[0].AppID != "" {
		t.Errorf("found %+v, %v", found, err)
	}
}

func TestManyDocumentsHaveOneLimit(t *testing.T) {
	text := strings.Repeat("---\n"+strings.Repeat("k: {a: 1}\n", 1)+"l: [1, 2, 3]\n", 5000)
	if _, err := formats.Read("a.yaml", []byte(text), env); !errors.Is(err, formats.ErrSyntax) {
		t.Errorf("error is %v", err)
	}
}

func TestAPlaceholderThatNothingFillsIsADoubt(t *testing.T) {
	found, err := setsIn("a.yaml", []byte("coze: {oauth: {clientId: '${NOWHERE}', publicKey: k}}"), env)
	if err != nil || len(found) != 1 || len(found[0].Doubts) != 1 || !errors.Is(found[0].Doubts[0], formats.ErrUnset) || found[0].AppID != "" {
		t.Errorf("found %+v, %v", found, err)
	}
}

// FuzzRead: whatever comes, it is read or refused; what is read is no reference.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"a: &a [*a]", "{<<: {}}", "${a:${b}}", "clientId: ${clientId}\nkid: x", "{\"client_id\":1,\"kid\":[null]}", "---\n---\n", "? a\n: b",
		"{/* x */\"coze\": {\"client_id\": 117612345678901234567, \"kid\": \"k\",},}", "[coze]\nclient_id = 117612345678901234567\n[[a.b]]\nkid = 'x'",
		"kind: Secret\nmetadata: {name: coze}\ndata: {COZE_CLIENT_ID: MTIz, COZE_KID: a2lk}", "services: {a: {environment: [COZE_CLIENT_ID=${A:-1}, COZE_KID]}}",
		"export COZE_CLIENT_ID=\"$A\"\nCOZE_PRIVATE_KEY='-----BEGIN\n", "coze.client.id=${{ x }}\ncoze.kid={{ y }}", "COZE_CONFIG={\"client_id\":\"1\",\"kid\":\"2\"}",
		"env:\n- {name: COZE_CLIENT_ID, value: 1}\n- {name: COZE_KID, valueFrom: {x: y}}", "data:\n  application.yml: |\n    coze: {clientId: 1, kid: '$$x'}", "\xff\xfeC\x00",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range []string{"coze.yaml", "a.json", "coze.toml", "a.properties", ".env", "coze.txt", "docker-compose.yml", "application.yml"} {
			r, err := formats.Read(name, []byte(text), env)
			if err == nil && len(r.Sets) == 0 {
				t.Errorf("%s: neither sets nor an error", name)
			}
			for _, found := range r.Sets {
				if found.AppID == "" && found.KeyID == "" && found.KeyPath == "" && found.KeyText.IsZero() {
					t.Errorf("%s: a set without a value", name)
				}
				for _, v := range []string{found.AppID, found.KeyID, found.KeyPath, found.APIBase} {
					if strings.Contains(v, "${{") || strings.HasPrefix(v, "op://") || strings.HasPrefix(v, "$(") {
						t.Errorf("%s: %q became a value", name, v)
					}
				}
			}
		}
	})
}
