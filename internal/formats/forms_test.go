package formats_test

import (
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"math/big"
	"strings"
	"testing"

	"cozejwt/internal/formats"
	"cozejwt/internal/testkey"
)

// A made set has values that were never seen before.
type made struct{ app, key, pem string }

func fresh(t *testing.T, digits int) made {
	t.Helper()
	limit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits-1)), nil)
	n, err := rand.Int(rand.Reader, new(big.Int).Mul(limit, big.NewInt(9)))
	if err != nil {
		t.Fatal(err)
	}
	random := make([]byte, 32)
	if _, err := rand.Read(random); err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(testkey.RSA())
	if err != nil {
		t.Fatal(err)
	}
	text := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	return made{n.Add(n, limit).String(), base64.RawURLEncoding.EncodeToString(random), text}
}

// filled replaces <APP>, <KID>, <PEM> and those in other forms, and tabs by two spaces.
func (m made) filled(text string) string {
	quoted, _ := json.Marshal(m.pem)
	indented := strings.ReplaceAll(strings.TrimSpace(m.pem), "\n", "\n      ")
	return strings.NewReplacer(
		"APP64", base64.StdEncoding.EncodeToString([]byte(m.app)), "KID64", base64.StdEncoding.EncodeToString([]byte(m.key)),
		"PEM64", base64.StdEncoding.EncodeToString([]byte(m.pem)), "PEMJSON", string(quoted), "PEMLINES", indented, "<PEM>", strings.TrimSpace(m.pem),
		"<APP>", m.app, "<KID>", m.key, "\t", "  ",
	).Replace(text)
}

type form struct {
	file, text string
	digits     int
	want       string // name, key (TEXT or a path), base
}

// Each form is one in which public projects keep the credentials.
var forms = map[string]form{
	"compose, a map with defaults": {"docker-compose.yml", `
services:
	bot:
		image: x
		environment:
			COZE_CLIENT_ID: ${COZE_UNSET:-<APP>}
			COZE_OAUTH_KID: ${COZE_UNSET-<KID>}
			COZE_PRIVATE_KEY_PATH: ${COZE_UNSET:-/run/secrets}/k.pem
			COZE_API_BASE: ${COZE_UNSET:-https://api.coze.cn}
`, 13, "bot /run/secrets/k.pem https://api.coze.cn"},
	"compose, a list": {"compose.prod.yaml", `
services:
	kefu:
		environment:
			- COZE_OAUTH_CLIENT_ID=<APP>
			- COZE_OAUTH_PUBLIC_KEY_ID=<KID>
			- COZE_OAUTH_PRIVATE_KEY_FILE=/k.pem
			- "COZE_BASE_URL=https://api.coze.com"
`, 12, "kefu /k.pem https://api.coze.com"},
	"compose, alternatives and dollars": {"docker-compose.yml", `
services:
	a:
		environment:
			COZE_CLIENT_ID: ${COZE_SET:+<APP>}
			COZE_PUBLIC_KEY: ${COZE_KEY:?is needed}
			COZE_PRIVATE_KEY_PATH: keys/$$k.pem
			COZE_API_BASE: $COZE_HOST
`, 13, "a keys/$k.pem https://api.coze.cn"},
	"Kubernetes, env": {"deploy.yaml", `
apiVersion: apps/v1
kind: Deployment
metadata: {name: coze-bot}
spec:
	template:
		spec:
			containers:
				- name: app
					env:
						- name: COZE_CLIENT_ID
							value: "<APP>"
						- {name: COZE_PUBLIC_KEY_ID, value: <KID>}
						- {name: COZE_PRIVATE_KEY_PATH, value: /etc/coze/k.pem}
						- {name: COZE_API_BASE, value: "https://api.coze.cn"}
`, 13, "coze-bot /etc/coze/k.pem https://api.coze.cn"},
	"Kubernetes, Secret data": {"secret.yaml", `
apiVersion: v1
kind: Secret
metadata: {name: coze-oauth}
data:
	COZE_CLIENT_ID: APP64
	COZE_PUBLIC_KEY_ID: KID64
	private_key.pem: PEM64
`, 13, "coze-oauth TEXT "},
	"Kubernetes, stringData and a key in another Secret": {"secrets.yml", `
apiVersion: v1
kind: Secret
metadata: {name: coze-ids}
stringData: {COZE_CLIENT_ID: "<APP>", COZE_PUBLIC_KEY: <KID>, COZE_API_BASE: "https://api.coze.cn"}
---
apiVersion: v1
kind: Secret
metadata: {name: coze-key}
data: {COZE_PRIVATE_KEY: PEM64}
`, 21, "coze-ids TEXT https://api.coze.cn"},
	"Kubernetes, application.yml in a ConfigMap": {"configmap.yaml", `
apiVersion: v1
kind: ConfigMap
metadata: {name: service}
data:
	application.yml: |
		server: {port: 8080}
		coze:
			support:
				client-id: ${COZE_UNSET:<APP>}
				public-key: <KID>
				private-key-path: /k.pem
				base-url: https://api.coze.cn
`, 13, "support /k.pem https://api.coze.cn"},
	"launch.json with comments": {"launch.json", `{
	// for VS Code
	"version": "0.2.0",
	"configurations": [
		{ "name": "api", "env": { "COZE_CLIENT_ID": "<APP>", /* the key */ "COZE_KID": "<KID>", "COZE_PRIVATE_KEY": PEMJSON, }, },
	],
}`, 13, "launch TEXT "},
	"wrangler.jsonc": {"wrangler.jsonc", `{
	"vars": { "COZE_APP_ID": <APP>, "COZE_KEY_ID": "<KID>", "COZE_JWT_OAUTH_PRIVATE_KEY_BASE64": "PEM64", "COZE_BASE_URL": "https://api.coze.cn" } // https://x
}`, 21, "wrangler TEXT https://api.coze.cn"},
	"wrangler.toml, an environment": {"wrangler.toml", `
[env.production.vars]
COZE_CLIENT_ID = <APP>
COZE_PUBLIC_KEY_FINGERPRINT = "<KID>"
COZE_PRIVATE_KEY_PATH = "k.pem"
`, 21, "production k.pem "},
	"notes with export": {"notes.txt", `
This is what the console gave:

export COZE_CLIENT_ID=<APP>
export COZE_PUBLIC_KEY_ID="<KID>"   # from the page
export COZE_PRIVATE_KEY="<PEM>"
export COZE_API_BASE='https://api.coze.cn'
`, 13, "notes TEXT https://api.coze.cn"},
	"Spring, a profile by its name": {"application-dev.yml", `
coze:
	jwt:
		oauth:
			client:
				id: <APP>
			public:
				key:
					id: <KID>
			private-key: {path: "classpath:k.pem"}
	api-base: https://api.coze.cn
`, 21, "oauth-dev classpath:k.pem https://api.coze.cn"},
	"Spring, properties": {"application.properties", `
coze.jwt.oauth.client.id=<APP>
coze.jwt.oauth.public.key.id=<KID>
coze.jwt.oauth.private.key.path=${COZE_UNSET:k.pem}
coze.base.url=https://api.coze.cn
`, 21, "oauth k.pem https://api.coze.cn"},
	"any order of the words": {".env.mixed", `
OAUTH_COZE_CLIENT_ID=<APP>
JWT_COZE_PUBLIC_KEY_ID=<KID>
COZE_AUTH_APP_PRIVATE_KEY_PATH=k.pem
COZE_API_ENDPOINT=https://api.coze.cn
`, 13, "mixed k.pem https://api.coze.cn"},
	"a product of the project": {".env.all", `
KEFU_COZE_CLIENT_ID=<APP>
KEFU_COZE_KID=<KID>
KEFU_COZE_PRIVATE_KEY_FILE=k.pem
COZE_API_BASE=https://api.coze.cn
GITHUB_CLIENT_ID=Iv1.0123456789abcdef
`, 13, "kefu k.pem https://api.coze.cn"},
	"camel case":                   {"settings.json", `{"cozeOauth": {"appId": "<APP>", "publicKeyFingerprint": "<KID>", "privateKeyFile": "k.pem", "apiUrl": "https://api.coze.cn"}}`, 12, "cozeOauth k.pem https://api.coze.cn"},
	"kebab case":                   {"config.yaml", "coze-jwt:\n  client-id: <APP>\n  key-id: <KID>\n  private-key-file: k.pem\n  api-endpoint: https://api.coze.com\n", 21, "coze-jwt k.pem https://api.coze.com"},
	"the SDKs' file":               {"coze_oauth_config.json", `{"client_type":"jwt","client_id":"<APP>","public_key_id":"<KID>","private_key":PEMJSON,"coze_www_base":"https://www.coze.cn","coze_api_base":"https://api.coze.cn"}`, 13, "coze_oauth_config TEXT https://api.coze.cn"},
	"that file under another name": {"prod.json", `{"client_type":"jwt","client_id":"<APP>","public_key_id":"<KID>","private_key":PEMJSON,"coze_api_base":"https://api.coze.cn"}`, 13, "prod TEXT https://api.coze.cn"},
	"that file in a variable":      {".env.x", "COZE_OAUTH_CONFIG='{\"client_id\":\"<APP>\",\"public_key_id\":\"<KID>\",\"private_key\":PEMJSON}'\n", 13, "x TEXT "},
	"an ECS task":                  {"task.json", `{"containerDefinitions": [{"name": "bot", "environment": [{"name": "COZE_CLIENT_ID", "value": "<APP>"}, {"name": "COZE_KID", "value": "<KID>"}, {"name": "COZE_PRIVATE_KEY", "value": PEMJSON}]}]}`, 13, "task TEXT "},
	"a workflow":                   {"deploy.yml", "jobs:\n  build:\n    env:\n      COZE_CLIENT_ID: <APP>\n      COZE_KID: <KID>\n      COZE_PRIVATE_KEY_PATH: k.pem\n", 13, "build k.pem "},
	"values of Helm":               {"values.yaml", "coze:\n  clientId: <APP>\n  publicKeyId: <KID>\n  privateKey: |\n      PEMLINES\n  tls: {{ .Values.tls }}\n", 21, "coze TEXT "},
	"Terraform's values":           {"prod.tfvars", "coze_client_id = \"<APP>\"\ncoze_public_key_id = \"<KID>\"\ncoze_private_key_path = \"k.pem\"\n", 13, "prod k.pem "},
	"a front end's prefix":         {".env.web", "VITE_COZE_CLIENT_ID=<APP>\nVITE_COZE_PUBLIC_KEY=<KID>\nVITE_COZE_PRIVATE_KEY_PATH=k.pem\nVITE_COZE_API_BASE=https://api.coze.cn\n", 13, "web k.pem https://api.coze.cn"},
	"a stage behind the names":     {".env.b", "COZE_CLIENT_ID_STAGING=<APP>\nCOZE_KID_STAGING=<KID>\nCOZE_PRIVATE_KEY_PATH_STAGING=k.pem\n", 13, "staging k.pem "},
}

func TestEachFormIsRead(t *testing.T) {
	lookup := func(name string) (string, bool) {
		v, ok := map[string]string{"COZE_SET": "1", "COZE_KEY": "in the environment", "COZE_HOST": "https://api.coze.cn"}[name]
		return v, ok
	}
	maps.Copy(forms, sources)
	for name, form := range forms {
		t.Run(name, func(t *testing.T) {
			m := fresh(t, form.digits)
			r, err := formats.Read(form.file, []byte(m.filled(form.text)), func(name string) (string, bool) {
				if v, ok := lookup(name); ok && name == "COZE_KEY" {
					return m.key, v != ""
				}
				return lookup(name)
			})
			if err != nil || len(r.Sets) != 1 {
				t.Fatalf("found %+v, %v", r, err)
			}
			f := r.Sets[0]
			path := f.KeyPath
			if !f.KeyText.IsZero() {
				path += "TEXT"
				wantKey(t, f.KeyText.Reveal(), m.pem)
			}
			if got := fmt.Sprintf("%s %s %s", f.Name, path, f.APIBase); got != form.want {
				t.Errorf("found %q, want %q", got, form.want)
			}
			if f.AppID != m.app || f.KeyID != m.key || f.Unsure || len(f.Doubts) > 0 {
				t.Errorf("found %s, %s, unsure %v, doubts %v; want %s, %s", f.AppID, f.KeyID, f.Unsure, f.Doubts, m.app, m.key)
			}
		})
	}
}
