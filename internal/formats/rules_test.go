package formats_test

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"cozejwt/internal/fault"
	"cozejwt/internal/formats"
)

// summary is what was read, in short: each set with its values and what is said of it, then
// what is said of the file.
func summary(r formats.Reading, err error) string {
	said := func(all []*fault.Fault) (short []string) {
		for _, f := range all {
			why := ""
			if cause, ok := errors.AsType[*fault.Fault](f.Err); ok {
				why = cause.ID
			}
			short = append(short, strings.TrimRight(strings.Join([]string{strings.TrimPrefix(f.ID, "import."), f.Value("field"), f.Value("name"), f.Value("names"), why}, " "), " "))
		}
		return short
	}
	var lines []string
	for _, f := range r.Sets {
		path := f.KeyPath
		if !f.KeyText.IsZero() {
			path = "TEXT"
		}
		notes := slices.Concat(said(f.Doubts), said(f.Unused))
		lines = append(lines, strings.TrimRight(fmt.Sprintf("%s: %s %s %s %s%s", f.Name, cmp.Or(f.AppID, "-"), cmp.Or(f.KeyID, "-"), cmp.Or(path, "-"), cmp.Or(f.APIBase, "-"),
			strings.Join(append([]string{""}, notes...), "; ")), " "))
	}
	lines = append(lines, said(r.Notes)...)
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		lines = append(lines, said([]*fault.Fault{f})...)
	}
	return strings.Join(lines, "\n")
}

var ruleCases = map[string]struct{ file, text, want string }{
	// Which candidates are one set.
	"two prefixes, each complete":      {"a.env", "COZE_CLIENT_ID=1\nCOZE_KID=a\nCOZE_OAUTH_CLIENT_ID=2\nCOZE_OAUTH_KID=b\n", "a: 1 a - -\na: 2 b - -"},
	"two prefixes with paths":          {"a.env", "COZE_CLIENT_ID=1\nCOZE_KEY_FILE=a.pem\nCOZE_OAUTH_CLIENT_ID=2\nCOZE_OAUTH_KEY_FILE=b.pem\n", "a: 1 - a.pem -\na: 2 - b.pem -"},
	"two prefixes, one complete":       {"a.env", "COZE_CLIENT_ID=1\nCOZE_KID=a\nCOZE_OAUTH_KEY_FILE=k.pem\n", "a: 1 a k.pem -"},
	"the other's App ID is left":       {"a.env", "COZE_CLIENT_ID=1\nCOZE_KID=a\nCOZE_OAUTH_CLIENT_ID=2\n", "a: 1 a - -\nleft   COZE_OAUTH_CLIENT_ID"},
	"two prefixes, none complete":      {"a.env", "COZE_CLIENT_ID=1\nCOZE_OAUTH_KID=a\n", "a: 1 a - -"},
	"two complete, and a rest":         {"a.env", "COZE_CLIENT_ID=1\nCOZE_KID=a\nCOZE_OAUTH_CLIENT_ID=2\nCOZE_OAUTH_KID=b\nCOZE_JWT_KEY_FILE=k.pem\n", "a: 1 a - -\na: 2 b - -\nleft   COZE_JWT_KEY_FILE"},
	"a key without a prefix":           {"a.env", "COZE_CLIENT_ID=1\nCOZE_KID=a\nPRIVATE_KEY_PATH=k.pem\n", "a: 1 a k.pem -"},
	"a key of an app of its own":       {"a.env", "COZE_CLIENT_ID=1\nCOZE_KID=a\nAPP_ID=2\nPRIVATE_KEY_PATH=k.pem\n", "a: 1 a - -\na: 2 - k.pem -"},
	"key text without a prefix":        {"a.env", "COZE_CLIENT_ID=1\nCOZE_KID=a\nPRIVATE_KEY=MIIEvAIBADANBgkqhkiG9w0BAQEFAASC\n", "a: 1 a - -\nleft   PRIVATE_KEY"},
	"one section without a prefix":     {"a.yaml", "x: {coze_client_id: 1, kid: a}\n", "x: 1 a - -"},
	"another section without a prefix": {"a.yaml", "x: {coze_client_id: 1}\ny: {kid: a}\n", "no_set    import.near"},
	"the section's name again":         {"a.yaml", "coze: {coze_client_id: 1, kid: a}\n", "coze: 1 a - -"},
	"coze and loop apart":              {"a.env", "COZE_LOOP_CLIENT_ID=1\nCOZE_LOOP_KID=a\nCOZE_API_BASE=https://api.coze.cn\n", "a: 1 a - -"},
	"loop has its own base":            {"a.env", "COZE_LOOP_CLIENT_ID=1\nCOZELOOP_KID=a\nCOZE_LOOP_BASE_URL=https://x.example\n", "a: 1 a - https://x.example"},
	"loop without coze":                {"coze.yaml", "loop: {client_id: 1, kid: a}\nkefu: {client_id: 2, kid: b}\n", "loop: 1 a - -\nkefu: 2 b - -"},
	"a base two sections above":        {"a.yaml", "base_url: https://api.coze.cn\ncoze: {a: {b: {client_id: 1, kid: a}}}\n", "b: 1 a - https://api.coze.cn"},
	"a base beside, with a prefix":     {"a.yaml", "coze_api_base: https://api.coze.cn\ncoze: {a: {client_id: 1, kid: a}}\n", "a: 1 a - https://api.coze.cn"},
	"the nearest base":                 {"a.yaml", "base_url: https://a.example\ncoze: {base_url: https://b.example, a: {client_id: 1, kid: a}}\n", "a: 1 a - https://b.example"},
	"an empty base is none":            {"a.yaml", "base_url: https://a.example\ncoze: {base_url: '', a: {client_id: 1, kid: a}}\n", "a: 1 a - https://a.example"},
	"a base that is a reference":       {"a.yaml", "coze: {base_url: !Ref X, client_id: 1, kid: a}\n", "coze: 1 a - -; reference  base_url"},
	"parts at places apart":            {"a.yaml", "coze: {app-id: 1, oauth: {kid: a}, key: {path: k.pem}}\n", "coze: 1 a k.pem -"},
	"one value at places apart":        {"a.yaml", "coze: {auth: {client-id: 1}, oauth: {client-id: 1}, key: {id: a}}\n", "auth: 1 a - -"},

	// Which value counts.
	"text before a path":        {"a.env", "COZE_PRIVATE_KEY_PATH=k.pem\nCOZE_PRIVATE_KEY=MIIEvAIBADANBgkqhkiG9w0BAQEFAASC\nCOZE_CLIENT_ID=1\n", "a: 1 - TEXT -; weaker  COZE_PRIVATE_KEY_PATH"},
	"a placeholder and a path":  {"a.env", "COZE_PRIVATE_KEY=your-private-key\nCOZE_KEY_FILE=k.pem\nCOZE_CLIENT_ID=1\n", "a: 1 - k.pem -; placeholder  COZE_PRIVATE_KEY"},
	"Base64 that is none":       {"a.env", "COZE_PRIVATE_KEY_BASE64=abcd\nCOZE_CLIENT_ID=1\n", "a: 1 - TEXT -"},
	"the same twice":            {"a.env", "COZE_KID=a\nCOZE_KEY_ID=a\nCOZE_CLIENT_ID=1\n", "a: 1 a - -"},
	"the later of one name":     {"a.env", "COZE_KID=a\nCOZE_CLIENT_ID=1\nCOZE_KID=b\n", "a: 1 b - -"},
	"too long":                  {"coze.json", `{"client_id": "` + strings.Repeat("1", 65<<10) + `", "kid": "a"}`, "coze: - a - -; too_long  client_id"},
	"as long as may be":         {"coze.json", `{"client_id": "` + strings.Repeat("1", 64<<10) + `", "kid": "a"}`, "coze: " + strings.Repeat("1", 64<<10) + " a - -"},
	"a key that is a reference": {"a.env", "COZE_PRIVATE_KEY='-----BEGIN PRIVATE KEY-----\n{{ x }}\n-----END PRIVATE KEY-----'\nCOZE_CLIENT_ID=1\n", "a: 1 - - -; reference  COZE_PRIVATE_KEY"},
	"a JWK":                     {"coze.json", `{"client_id": "1", "private_key": "{\"kty\": \"RSA\", \"d\": \"` + strings.Repeat("aB3", 20) + `\"}"}`, "coze: 1 - TEXT -"},
	"digits that are a Key ID":  {"coze.json", `{"client_id": 1, "kid": ` + strings.Repeat("12", 21) + `1}`, "coze: 1 " + strings.Repeat("12", 21) + "1 - -"},
	"capitals alone are no id":  {"coze.json", `{"client_id": 1, "kid": "` + strings.Repeat("YOUR-", 8) + `KEY"}`, "coze: 1 - - -; placeholder  kid"},
	"a path with a word":        {"a.env", "COZE_PRIVATE_KEY_PATH=/srv/example/here.pem\nCOZE_CLIENT_ID=1\n", "a: 1 - /srv/example/here.pem -"},
	"a comment for a value":     {"a.env", "COZE_KID= # the key\nCOZE_CLIENT_ID=1\nCOZE_KEY_FILE=k.pem\n", "a: 1 - k.pem -"},

	// Variables.
	"a .env's own":                  {"a.env", "ID=1\nCOZE_CLIENT_ID=$ID\nCOZE_KID=${ID}b\nCOZE_KEY_FILE=\"x/$ID/k.pem\"\n", "a: 1 1b x/1/k.pem -"},
	"a .env's quotes":               {"a.env", "ID=1\nCOZE_CLIENT_ID='$ID'\nCOZE_KID=\"a\\$b\"\nCOZE_KEY_FILE=k$.pem\n", "a: $ID a$b k$.pem -"},
	"a name without a value":        {"a.env", "COZE_CLIENT_ID=1\nCOZE_KEY_FILE=a/$NONE/k.pem\n", "a: 1 - - -; unset COZE_KEY_FILE NONE"},
	"defaults of a shell":           {"a.env", "E=\nCOZE_CLIENT_ID=${E:-1}\nCOZE_KID=x${E-2}\nCOZE_KEY_FILE=${E:+3}k.pem\n", "a: 1 x - -; unset COZE_KEY_FILE E"},
	"an alternative":                {"a.env", "E=1\nCOZE_CLIENT_ID=${E:+2}\nCOZE_KID=${E+3}\nCOZE_KEY_FILE=${E:?no}\n", "a: 2 3 1 -"},
	"a name for itself":             {"a.env", "COZE_CLIENT_ID=${COZE_CLIENT_ID:-1}\nCOZE_KID=a\n", "a: 1 a - -"},
	"through another":               {"a.env", "C=1\nB=$C\nA=${B}\nCOZE_CLIENT_ID=$A\nCOZE_KID=a\n", "a: 1 a - -"},
	"beside one that opens nothing": {"coze.json", `{"x": "1", "client_id": "${x}${b", "kid": "a"}`, "coze: 1${b a - -"},
	"in a circle":                   {"a.env", "A=$B\nB=$A\nCOZE_CLIENT_ID=${A}\nCOZE_KID=a\n", "a: - a - -; unset COZE_CLIENT_ID A"},
	"Spring's in Spring":            {"application.yml", "coze: {clientId: '${A:1}', kid: '${ B : b}', base-url: '${C:-https://x}'}\n", "coze: 1 b - -https://x"},
	"Spring's by its section":       {"x.yml", "server: {port: 1}\ncoze: {clientId: '${A:1}', kid: '${B:-b}'}\n", "coze: 1 -b - -"},
	"Spring's and a shell's":        {"x.yml", "coze: {clientId: '${A:1}', kid: '${B:-b}'}\n", "coze: 1 b - -"},
	"Spring's in compose":           {"compose.yml", "services: {a: {environment: {COZE_CLIENT_ID: '${A:1}', COZE_KID: b}}}\n", "a: - b - -; unset COZE_CLIENT_ID A"},
	"Spring's in a workflow":        {"x.yml", "jobs: {a: {env: {COZE_CLIENT_ID: '${A:1}', COZE_KID: b}}}\n", "a: - b - -; unset COZE_CLIENT_ID A"},
	"Spring's in TOML":              {"x.toml", "[coze]\nclient_id = '${A:1}'\nkid = '${B:-b}'\n", "coze: - b - -; unset client_id A"},
	"compose by its section":        {"x.yml", "services: {a: {environment: {COZE_CLIENT_ID: '${A:-1}', COZE_KID: '$$b'}}}\n", "a: 1 $b - -"},
	"services alone are none":       {"x.yml", "services: x\ncoze: {client_id: '${A:1}', kid: '$$b'}\n", "coze: 1 $$b - -"},
	"compose passes on":             {"compose.yml", "services: {a: {environment: {COZE_CLIENT_ID: , COZE_KID: b}}}\n", "a: - b - -; unset COZE_CLIENT_ID COZE_CLIENT_ID"},
	"compose passes on in a list":   {"compose.yml", "services: {a: {environment: [COZE_CLIENT_ID, COZE_KID=b, 'not a name=x']}}\n", "a: - b - -; unset COZE_CLIENT_ID COZE_CLIENT_ID"},
	"an empty one elsewhere":        {"x.yml", "environment: {COZE_CLIENT_ID: , COZE_KID: b}\n", "x: - b - -"},
	"elsewhere nothing is passed":   {"x.json", `{"environment": ["COZE_CLIENT_ID", "COZE_KID=b"], "args": ["COZE_KEY_FILE=k.pem"]}`, "no_set    import.near"},
	"the whole value":               {"coze.json", `{"id": "1", "client_id": "$id", "kid": "b$id", "private_key_path": "$id/k.pem"}`, "coze: 1 b$id 1/k.pem -"},
	"text around a reference":       {"a.toml", "x = '1'\n[coze]\nclient_id = '${x}2'\nkid = '${coze.client_id}b'\n", "coze: 12 12b - -"},
	"a reference to a reference":    {"a.yaml", "x: !Ref Y\ncoze: {client_id: '${x}', kid: b}\n", "coze: - b - -; unset client_id x"},

	// Names of profiles.
	"a stage":                 {"a.env", "COZE_CLIENT_ID_PROD=1\nCOZE_KID_PROD=a\nCOZE_CLIENT_ID_2=2\nCOZE_KID_2=b\n", "prod: 1 a - -\n2: 2 b - -"},
	"a generic section":       {"wrangler.toml", "[vars]\nCOZE_CLIENT_ID = '1'\nCOZE_KID = 'a'\n", "wrangler: 1 a - -"},
	"a list of a section":     {"a.json", `{"coze": {"bots": [{"client_id": 1, "kid": "a"}]}}`, "bots-1: 1 a - -"},
	"a list of a generic one": {"a.json", `{"coze": {"env": [{"client_id": 1, "kid": "a"}]}}`, "coze: 1 a - -"},
	"a list at the top":       {"coze.json", `[{"client_id": 1, "kid": "a"}]`, "1: 1 a - -"},
	"a profile's own name":    {"application-dev.yml", "coze: {dev: {client_id: 1, kid: a}}\n", "dev: 1 a - -"},
	"no name at all":          {"coze.json", `{"coze": {"例": {"client_id": 1, "kid": "a"}}}`, "imported: 1 a - -"},
	"a name of no profile":    {"coze.yaml", "example: {client_id: 1, kid: a}\n", "imported: 1 a - -"},
	"an env file":             {"coze/env", "COZE_CLIENT_ID=1\nCOZE_KID=a\n", "env: 1 a - -"},
}

func TestEachRule(t *testing.T) {
	for name, test := range ruleCases {
		t.Run(name, func(t *testing.T) {
			if got := summary(formats.Read(test.file, []byte(test.text), nil)); got != test.want {
				t.Errorf("found\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}
