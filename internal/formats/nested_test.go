package formats_test

import (
	"errors"
	"strings"
	"testing"

	"cozejwt/internal/formats"
)

// object is a Kubernetes object.
func object(kind, name, rest string) string {
	return "---\napiVersion: v1\nkind: " + kind + "\nmetadata: {name: " + name + "}\n" + rest + "\n"
}

// structures are files in which other tools nest settings, and what is found in each.
var structures = map[string]struct{ file, text, want string }{
	// Kubernetes.
	"a sealed secret":        {"a.yaml", object("SealedSecret", "coze", "spec: {encryptedData: {COZE_CLIENT_ID: AgA=, COZE_KID: AgB=}}"), "encrypted  COZE_CLIENT_ID\nencrypted  COZE_KID\nno_values    import.encrypted"},
	"not sealed":             {"a.yaml", object("Other", "coze", "spec: {encryptedData: {COZE_CLIENT_ID: AgA=, COZE_KID: AgB=}}"), "encryptedData: AgA= AgB= - -"},
	"a list":                 {"a.yaml", "kind: List\nitems:\n- {kind: Secret, metadata: {name: coze-a}, data: {COZE_CLIENT_ID: MQ==, COZE_KID: YQ==}}\n- {kind: Secret, metadata: {name: coze-b}, data: {COZE_CLIENT_ID: Mg==, COZE_KID: Yg==}}\n", "coze-a: 1 a - -\ncoze-b: 2 b - -"},
	"items of another list":  {"coze.yaml", "items: {x: {metadata: {name: y}, kind: Secret, data: {client_id: MQ==, kid: YQ==}}}\n", "x: MQ== YQ== - -"},
	"text is not decoded":    {"a.yaml", object("Secret", "coze", "stringData: {COZE_CLIENT_ID: MQ==, COZE_KID: YQ==}"), "coze: MQ== YQ== - -"},
	"no Base64":              {"a.yaml", object("Secret", "coze", "data: {COZE_CLIENT_ID: MQ==, COZE_KID: a_b}"), "coze: 1 a_b - -"},
	"bytes":                  {"a.yaml", object("Secret", "coze", "data: {COZE_CLIENT_ID: MQ==, COZE_KID: /w==}"), "coze: 1 /w== - -"},
	"a ConfigMap's data":     {"a.yaml", object("ConfigMap", "coze", "data: {COZE_CLIENT_ID: MQ==, COZE_KID: YQ==}"), "coze: MQ== YQ== - -"},
	"a kind without a name":  {"a.yaml", "kind: Secret\ncoze: {client_id: MQ==, kid: YQ==}\n", "coze: MQ== YQ== - -"},
	"a name without a kind":  {"a.yaml", "metadata: {name: x}\ndata: {COZE_CLIENT_ID: MQ==, COZE_KID: YQ==}\n", "a: MQ== YQ== - -"},
	"annotations are copies": {"a.yaml", "kind: Secret\nmetadata: {name: coze, annotations: {x: '{\"data\": {\"COZE_CLIENT_ID\": \"2\", \"COZE_KID\": \"b\"}}'}}\ndata: {COZE_CLIENT_ID: MQ==, COZE_KID: YQ==}\n", "coze: 1 a - -"},
	"a key that is mounted":  {"a.yaml", object("Secret", "coze", "stringData: {COZE_CLIENT_ID: '1', COZE_PRIVATE_KEY_PATH: /run/k.pem}") + object("Secret", "coze-key", "stringData: {k.pem: x, private_key.pem: MIIEvAIBADANBgkqhkiG9w0BAQEFAASC}"), "coze: 1 - TEXT -; weaker  COZE_PRIVATE_KEY_PATH"},
	"names without a prefix": {"a.yaml", object("ConfigMap", "coze-x", "data: {client_id: '1', kid: a}") + object("Secret", "coze-y", "data: {private_key_path: ay5wZW0=}"), "coze-x: 1 a k.pem -"},
	"objects of another":     {"a.yaml", object("ConfigMap", "coze-x", "data: {client_id: '1', kid: a}") + object("Secret", "shop", "data: {private_key_path: ay5wZW0=}"), "coze-x: 1 a - -"},

	// Lists of names and values.
	"name and value":        {"a.yaml", "env: [{name: COZE_CLIENT_ID, value: 1}, {Key: COZE_KID, Value: a}]\n", "a: 1 a - -"},
	"such a list alone":     {"a.json", `[{"name": "COZE_CLIENT_ID", "value": "1"}, {"name": "COZE_KID", "value": "a", "slotSetting": false}]`, "a: 1 a - -"},
	"ECS, a parameter":      {"a.json", `{"secrets": [{"name": "COZE_CLIENT_ID", "value": "1"}, {"name": "COZE_KID", "valueFrom": "/coze/kid"}]}`, "a: 1 - - -; reference  COZE_KID"},
	"ECS, an ARN":           {"a.json", `{"secrets": [{"name": "COZE_CLIENT_ID", "value": "1"}, {"name": "COZE_KID", "valueFrom": "arn:aws:ssm:x"}]}`, "a: 1 - - -; secret_store  COZE_KID"},
	"Render":                {"a.yaml", "envVars: [{key: COZE_CLIENT_ID, value: 1}, {key: COZE_KID, sync: false}]\n", "a: 1 - - -; structure  COZE_KID"},
	"a name without fields": {"coze.yaml", "apps: [{name: shop, client_id: 1, kid: a}]\n", "apps-1: 1 a - -"},
	"a name and no list":    {"coze.yaml", "x: {name: COZE_CLIENT_ID, value: 1, kid: a}\n", "no_set    import.near"},

	// Mappings in place of values.
	"a value":              {"a.yaml", "coze: {client_id: {description: x, value: 1}, kid: {default: a}}\n", "coze: 1 a - -"},
	"a value of a tool":    {"a.yaml", "coze: {client_id: {value: !Ref X}, kid: a}\n", "coze: - a - -; reference  client_id"},
	"a mapping":            {"a.yaml", "coze: {client_id: {x: 1, y: 2}, kid: a}\n", "coze: - a - -; structure  client_id"},
	"deeper":               {"a.yaml", "coze: {client_id: {x: {value: 1}}, kid: a}\n", "coze: - a - -; structure  client_id"},
	"parts of a field":     {"a.yaml", "coze: {client: {id: 1, secret: x}, public-key: {id: a, path: b}, private-key: {file: k.pem}}\n", "coze: 1 a k.pem -\nleft   public-key.path"},
	"a field and a part":   {"a.yaml", "coze: {client_id: 1, public_key: {kid: a}}\n", "coze: 1 a - -"},
	"a tag without a name": {"a.yaml", "coze: {client_id: ! 1, kid: a}\n", "coze: 1 a - -"},

	// Configurations in values.
	"JSON in a variable":       {"a.env", `COZE_CONFIG='{"client_id": "1", "kid": "a"}'` + "\n", "a: 1 a - -"},
	"JSON cut off":             {"a.env", `COZE_CONFIG='{"client_id": "1", "kid": "a"'` + "\n", "no_set    import.near"},
	"a list of JSON":           {"coze.json", `{"x": "{\"apps\": [{\"client_id\": 1, \"kid\": \"a\"}]}"}`, "apps-1: 1 a - -"},
	"broken JSON":              {"a.env", `COZE_CONFIG='{"client_id": "1", "kid": a}'` + "\n", "no_set    import.near"},
	"three deep":               {"coze.json", `{"a": "{\"b\": \"{\\\"c\\\": {\\\"client_id\\\": 1, \\\"kid\\\": \\\"a\\\"}}\"}"}`, "c: 1 a - -"},
	"properties in a map":      {"a.yaml", "coze:\n  app.properties: |\n    client.id=1\n    kid=a\n", "app: 1 a - -"},
	"a .env in a map":          {"a.yaml", "x:\n  .env: |\n    COZE_CLIENT_ID=${X:-1}\n    COZE_KID=a\n", "x: 1 a - -"},
	"a name of a file alone":   {"a.yaml", "coze:\n  app.properties: client.id=1\n", "no_set    import.nothing_near"},
	"lines that are no file's": {"a.yaml", "coze:\n  text: |\n    client_id=1\n    kid=a\n", "text: 1 a - -"},
	"JSON in JSON's own name":  {"coze.json", `{"a.json": "{\n\"client_id\": 1, \"kid\": \"a\"}"}`, "a-json: 1 a - -"},

	// Text.
	"templates":             {"a.yaml", "{{- if .Values.x }}\n{% for x in y %}\ncoze:\n  client_id: {{ .x }}\n  kid: a\n- {{ y }}\n{{- end }}\n", "coze: - a - -; reference  client_id"},
	"GitHub's":              {"a.yaml", "coze:\n  client_id: ${{ x }}\n  kid: a\n", "coze: - a - -; reference  client_id"},
	"notes":                 {"a.txt", "\ufeffCOZE_CLIENT_ID=1\r\nhello: \"world\r\n  ENV COZE_KID=a\r\n", "a: 1 a - -"},
	"quotes over lines":     {"a.txt", "X=\"a\nCOZE_KID=b\n\"\nY='a\nCOZE_KID=c\n'\nCOZE_CLIENT_ID=1\nCOZE_KEY_FILE='a # b' \n", "a: 1 - a # b -"},
	"comments":              {"a.sh", "export COZE_CLIENT_ID=1 # x\nset COZE_KID=\"a\" # y\n$env:COZE_KEY_FILE = 'k.pem'\n", "a: 1 a k.pem -"},
	"several in a line":     {"a.sh", "export COZE_CLIENT_ID=1 COZE_KID='a' COZE_PRIVATE_KEY_PATH=\"k 1.pem\" # x\n", "a: 1 a k 1.pem -"},
	"before a command":      {"a.sh", "COZE_CLIENT_ID=1 COZE_KID=a node --env=x app.js\n", "a: 1 a - -"},
	"of docker run":         {"a.sh", "docker run -e COZE_CLIENT_ID=1 --env=COZE_KID=a -v COZE_X=1 image\n", "a: 1 a - -"},
	"a systemd unit":        {"a.service", "[Service]\nEnvironment=COZE_CLIENT_ID=1 \"COZE_KID=a\"\nEnvironment=\"COZE_KEY_FILE=k.pem\"\n", "a: 1 a k.pem -"},
	"a Dockerfile":          {"Dockerfile", "FROM x\nENV COZE_CLIENT_ID=1 \\\n    COZE_KID=a\n", "Dockerfile: 1 a - -"},
	"fish":                  {"a.fish", "set -gx COZE_CLIENT_ID 1\nset -x COZE_KID 'a'\nset COZE_KEY_FILE k.pem\n", "a: 1 a - -"},
	"csh and cmd":           {"a.csh", "setenv COZE_CLIENT_ID 1\nsetx COZE_KID \"a\" /M\n", "a: 1 a - -"},
	"sections":              {"a.ini", "client_id = 3\n[coze]\nclient_id = 1\nkid: a ; x\n[ other ]\nkid = b\n[coze.two]\nclient_id=2\nkid=b\n", "coze: 1 a ; x - -\ntwo: 2 b - -"},
	"notes in Chinese":      {"coze.txt", "扣子\n应用 ID：1\n公钥指纹：a\n私钥路径：k.pem\n", "coze: 1 a k.pem -"},
	"more than one quote":   {"a.txt", "COZE_CLIENT_ID='1';\nCOZE_KID=\"a\"; x\n", "a: 1 a - -"},
	"JSON in notes":         {"a.txt", `{"coze": {"client_id": 1, "kid": "a"}}`, "coze: 1 a - -"},
	"JSON lines":            {"a.json", "{\"coze\": {\"client_id\": 1, \"kid\": \"a\"}}\n{\"coze2\": {\"client_id\": 2, \"kid\": \"b\"}}\n", "coze: 1 a - -\ncoze2: 2 b - -"},
	"JSON and nonsense":     {"a.json", "{\"coze\": {\"client_id\": 1, \"kid\": \"a\"}}\nx", "syntax    import.line"},
	"JSON cut off in it":    {"a.json", "{\"coze\": {\"client_id\": 1, \"kid\": \"a\"}", "syntax    import.broken"},
	"commas and comments":   {"coze.json", "{\"client_id\": \"1,}\", /* , */ \"kid\": [\"//\",], // x\n}", "coze: 1,} - - -; structure  kid"},
	"TOML, lists of tables": {"a.toml", "[[coze.bots]]\nclient_id = 1_000\nkid = 'a'\n[[coze.bots]]\nclient_id = 2\n[coze.bots.x]\nkid = 'b'\n[[coze.bots]]\nclient_id = 3\nkid = 'c'\n", "bots-1: 1000 a - -\nbots-2: 2 b - -\nbots-3: 3 c - -"},
	"TOML, inline":          {"a.toml", "coze = {bots = [{client_id = 1, kid = 'a'}, {client_id = 2, kid = 'b'}]}\n", "bots-1: 1 a - -\nbots-2: 2 b - -"},
	"TOML, a broken end":    {"a.toml", "coze.client_id = 1\ncoze.kid = 'a'\n[", "syntax    import.line"},
}

func TestEachStructure(t *testing.T) {
	for name, test := range structures {
		t.Run(name, func(t *testing.T) {
			if got := summary(formats.Read(test.file, []byte(test.text), nil)); got != test.want {
				t.Errorf("found\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// What a file holds is bounded, whatever it is made of.
func TestBoundsOfEachSyntax(t *testing.T) {
	ids := "client_id = 1\nkid = 'a'\n"
	for name, test := range map[string]struct{ file, text string }{
		"lines of a text":  {"coze.txt", strings.Repeat("A=1\n", 10001)},
		"lines of a .env":  {"coze.env", strings.Repeat("A=1\n", 10001)},
		"arrays of TOML":   {"coze.toml", ids + "a = " + strings.Repeat("[", 52) + strings.Repeat("]", 52)},
		"tables in TOML":   {"coze.toml", ids + "a = " + strings.Repeat("{a = ", 52) + "1" + strings.Repeat("}", 52)},
		"long names":       {"coze.json", longNames(2000)},
		"many of a family": {"coze.yaml", manyOfAFamily(400)},
	} {
		if _, err := formats.Read(test.file, []byte(test.text), nil); !errors.Is(err, formats.ErrSyntax) {
			t.Errorf("%s: error is %v", name, err)
		}
	}
	if _, err := formats.Read("coze.json", []byte(longNames(1500)), nil); err != nil {
		t.Error(err)
	}
	if r, err := formats.Read("coze.yaml", []byte(manyOfAFamily(300)), nil); err != nil || len(r.Sets) != 300 {
		t.Errorf("found %d sets, %v", len(r.Sets), err)
	}
}

// longNames has nine thousand values below a name of so many bytes.
func longNames(bytes int) string {
	return `{"client_id": 1, "kid": "a", "` + strings.Repeat("k", bytes) + `": [` + strings.Repeat("1,", 9000) + "]}"
}

// manyOfAFamily are documents that each add to the same credentials.
func manyOfAFamily(documents int) string {
	var b strings.Builder
	for i := range documents {
		prefix := strings.Repeat("auth_", i%20) + strings.Repeat("jwt_", i/20)
		b.WriteString("---\n" + prefix + "client_id: " + prefix + "1\n" + prefix + "kid: a\n")
	}
	return b.String()
}
