package formats_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"cozejwt/envfile"
	"cozejwt/internal/fault"
	"cozejwt/internal/formats"
	"cozejwt/internal/i18n"
)

// Each is how the configuration of another product looks; {PEM} is a key.
var foreign = map[string]struct{ file, text string }{
	"a GitHub App": {".env", "APP_ID=123456\nCLIENT_ID=Iv1.8a61f9b3a7aba766\nPRIVATE_KEY_PATH=k.pem\n"},
	"a GitHub App beside Coze's token": {".env", `GITHUB_APP_ID=123456
GITHUB_PRIVATE_KEY="{PEM}"
COZE_API_TOKEN=pat_x
COZE_BOT_ID=7481617032355069967
COZE_API_BASE=https://api.coze.cn
`},
	"Alipay":                {"application.yml", "alipay:\n  appId: 2021000123456789\n  privateKeyPath: k.pem\n  publicKey: MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n"},
	"WeChat Pay":            {"application.yml", "wx: {pay: {appId: wx8888888888888888, mchId: 1, keyPath: classpath:apiclient_key.pem}}\n"},
	"a service account":     {"google.json", `{"client_id": "117612345678901234567", "private_key_id": "0123", "private_key": {PEMJSON}}`},
	"Box":                   {"box.json", `{"boxAppSettings": {"clientID": "abc", "appAuth": {"publicKeyID": "abcdefgh", "privateKey": {PEMJSON}}}}`},
	"Apple":                 {"apple.env", "APPLE_CLIENT_ID=com.x\nAPPLE_KEY_ID=ABC123DEFG\nAPPLE_PRIVATE_KEY_PATH=k.p8\n"},
	"a file of Coze's name": {"coze.env", "FEISHU_APP_ID=1234567890123\nFEISHU_PRIVATE_KEY_PATH=k.pem\nDINGTALK_CLIENT_ID=1\nDINGTALK_KID=2\n"},
	"below Coze's section":  {"application.yml", "coze: {plugins: {github: {clientId: 123456, privateKeyPath: k.pem}}}\n"},
	"an OAuth client":       {"application.yml", "spring: {security: {oauth2: {client: {registration: {x: {client-id: a, client-secret: b}}}}}}\n"},
}

func TestAnotherProductsCredentialsAreNone(t *testing.T) {
	m := fresh(t, 13)
	for name, test := range foreign {
		t.Run(name, func(t *testing.T) {
			text := strings.NewReplacer("{PEMJSON}", m.filled("PEMJSON"), "{PEM}", strings.TrimSpace(m.pem)).Replace(test.text)
			r, err := formats.Read(test.file, []byte(text), env)
			if len(r.Sets) > 0 && !r.Sets[0].Unsure || err == nil && len(r.Sets) == 0 {
				t.Errorf("found %+v, %v", r.Sets, err)
			}
			if err != nil && !errors.Is(err, formats.ErrNoSet) {
				t.Errorf("error is %v", err)
			}
		})
	}
}

func TestWithoutAWordOfCozeASetIsUnsure(t *testing.T) {
	ids := "client_id: " + app + ", kid: " + key + ", private_key_path: k.pem"
	for text, want := range map[string]bool{
		"{" + ids + "}":                                            true,
		"auth: {" + ids + "}":                                      true,
		"coze: {" + ids + "}":                                      false,
		"coze: {kefu: {" + ids + "}}":                              false,
		"a: {" + ids + ", base_url: 'https://api.coze.cn'}":        false,
		"a: {" + ids + ", coze_api_base: 'https://proxy.example'}": false,
		"a: {" + ids + ", base_url: 'https://api.other.com'}":      true,
		"a: {client_id: " + app + ", private_key_path: k.pem, coze_api_base: 'https://api.coze.cn'}": true,
		"a: {client_id: " + app + ", private_key_path: k.pem, base_url: 'https://api.coze.cn'}":      false,
		"a: {coze_client_id: " + app + ", private_key_path: k.pem, kid: " + key + "}":                false,
		"coze: {base: x}\na: {client_id: " + app + ", private_key_path: k.pem}":                      true,
		"feishu: {coze: {" + ids + "}}": false,
	} {
		r, err := formats.Read("a.yaml", []byte(text), env)
		if err != nil || len(r.Sets) != 1 || r.Sets[0].Unsure != want {
			t.Errorf("%s: found %+v, %v; want unsure %v", text, r.Sets, err, want)
		}
	}
	for file, want := range map[string]bool{"coze.yaml": false, "my-coze-app.yaml": false, "app.yaml": true, "扣子.yaml": false} {
		if r, err := formats.Read(file, []byte("{"+ids+"}"), env); err != nil || r.Sets[0].Unsure != want {
			t.Errorf("%s: found %+v, %v", file, r.Sets, err)
		}
	}
}

// What stands in place of a value is named, and becomes none.
func TestEachReferenceIsNamed(t *testing.T) {
	for text, want := range map[string]string{
		"${{ secrets.X }}": "import.reference GitHub Actions", "$(cat k.pem)": "import.command", "`cat k.pem`": "import.command",
		"op://a/b/c": "import.secret_store 1Password", "encrypted:BDq": "import.encrypted dotenvx", "ENC(abc=)": "import.encrypted Jasypt",
		"${NAME}": "import.unset", "$NAME": "import.unset", "${NAME:?no}": "import.unset", "vault:secret/data/x#k": "import.secret_store Vault",
		"{{ .Values.x }}": "import.reference Helm, Jinja", "{{ x }}/k.pem": "import.reference Helm, Jinja", "${ssm:/coze/k}": "import.reference Serverless Framework",
		"${self:custom.x}": "import.reference Serverless Framework", "${env:X}": "import.reference Serverless Framework, VS Code",
		"${input:key}": "import.reference VS Code", "${var.key}": "import.reference Terraform", "var.key": "import.reference Terraform",
		"arn:aws:secretsmanager:x:1:secret:y": "import.secret_store AWS", "{{resolve:ssm:x}}": "import.reference Helm, Jinja",
		"projects/1/secrets/x/versions/2": "import.secret_store Google Secret Manager", "sm://x": "import.secret_store Google Secret Manager",
		"@Microsoft.KeyVault(SecretUri=https://x)": "import.secret_store Azure Key Vault", "{cipher}ab": "import.encrypted Spring Cloud Config",
		"ENC[AES256_GCM,data:x]": "import.encrypted SOPS", "$ANSIBLE_VAULT;1.1": "import.encrypted Ansible Vault", "%env(X)%": "import.reference Symfony",
		"#{systemProperties['x']}": "import.reference Spring (SpEL)", "@x.y@": "import.reference Maven, Ant", "%X%": "import.reference Windows",
		"<%= x %>": "import.reference ERB", "$(COZE_KEY)": "import.reference Kubernetes, make", "$(secrets.key)": "import.reference Azure Pipelines",
		"$env:X": "import.reference PowerShell", "ref+awssecrets://x": "import.secret_store vals", "bws://x": "import.secret_store Doppler, Infisical, Bitwarden, keyring",
		"EJ[1:x]": "import.encrypted ejson", "secure:abc": "import.encrypted Travis CI, git-crypt, age, PGP", "process.env.X": "import.expression",
		"<your key>": "import.placeholder", "xxx": "import.placeholder", "your-app-id": "import.placeholder", "YOUR_KEY_ID_HERE": "import.placeholder",
		"填写密钥": "import.placeholder", "***": "import.placeholder", "TODO": "import.placeholder", "changeme": "import.placeholder",
		"path/to/private_key.pem": "import.placeholder", "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----": "import.placeholder",
		`-----BEGIN PRIVATE KEY-----\nYOUR KEY\n-----END PRIVATE KEY-----`: "import.placeholder", "__KEY__": "import.placeholder", "$__file{/x}": "import.reference Docker",
		strings.Repeat("x", 43): "import.placeholder", "0000000000000": "import.placeholder",
	} {
		for _, file := range []string{"coze.json", "coze.toml"} {
			for _, field := range []string{"client_id", "public_key_id", "private_key", "private_key_path"} {
				if strings.HasPrefix(text, "-----") && strings.HasSuffix(field, "_id") {
					continue
				}
				quoted := strings.NewReplacer("\n", `\n`, `\n`, `\\n`, `"`, `\"`).Replace(text)
				content := `{"` + field + `": "` + quoted + `", "` + map[bool]string{true: "kid", false: "client_id"}[field == "client_id"] + `": "` + key + `"}`
				if file == "coze.toml" {
					content = field + " = \"" + quoted + "\"\n" + map[bool]string{true: "kid", false: "client_id"}[field == "client_id"] + " = \"" + key + "\"\n"
				}
				r, _ := formats.Read(file, []byte(content), env)
				var doubts []*fault.Fault
				for _, f := range r.Sets {
					doubts = append(doubts, f.Doubts...)
					if f.KeyPath != "" || !f.KeyText.IsZero() || field == "client_id" && f.AppID != "" {
						t.Errorf("%s, %s: %s became a value: %+v", file, field, text, f)
					}
				}
				if len(doubts) != 1 || strings.TrimSpace(doubts[0].ID+" "+doubts[0].Value("tool")) != want {
					t.Errorf("%s, %s: %s gives %v, want %s", file, field, text, doubts, want)
				}
			}
		}
	}
}

func TestTagsAndMembersOfToolsAreNamed(t *testing.T) {
	for text, want := range map[string]string{
		"!Ref P": "CloudFormation", "!Sub '${A}'": "CloudFormation", "!GetAtt a.b": "CloudFormation", "{Ref: P}": "CloudFormation",
		"{'Fn::Sub': x}": "CloudFormation", "!Join ['', [a]]": "CloudFormation", "{valueFrom: {secretKeyRef: {name: s, key: k}}}": "Kubernetes",
		"{secretKeyRef: {name: s}}": "Kubernetes", "!vault |\n      abc": "Ansible Vault", "{from_secret: x}": "Drone", "!reference [a, b]": "GitLab CI",
		"!secret x": "Home Assistant", "!ENV '${X}'": "pyaml-env", "[a, b]": "", "{a: 1, b: 2}": "",
	} {
		r, err := formats.Read("coze.yaml", []byte("coze:\n  clientId: "+text+"\n  kid: "+key+"\n"), env)
		if err != nil || len(r.Sets) != 1 || len(r.Sets[0].Doubts) != 1 || r.Sets[0].AppID != "" {
			t.Errorf("%s: found %+v, %v", text, r, err)
			continue
		}
		if d := r.Sets[0].Doubts[0]; d.Value("tool") != want || d.Value("name") != "clientId" || (want == "") != errors.Is(d, formats.ErrStructure) {
			t.Errorf("%s: it is %v", text, d)
		}
	}
}

func TestAFileWithoutAValueHasNoSet(t *testing.T) {
	for file, text := range map[string]string{
		"coze.yaml": "coze: {clientId: '${A}', publicKey: '<your key>', privateKeyPath: '$(x)'}",
		"coze.env":  "COZE_CLIENT_ID=your_app_id\nCOZE_PUBLIC_KEY=your_key_id\nCOZE_PRIVATE_KEY_PATH=\nCOZE_API_BASE=https://api.coze.cn\n",
	} {
		r, err := formats.Read(file, []byte(text), nil)
		if !errors.Is(err, formats.ErrNoValues) || len(r.Sets) > 0 || len(r.Notes) < 2 {
			t.Errorf("%s: found %+v, %v", file, r, err)
		}
	}
}

func TestTheNearestNamesAreTold(t *testing.T) {
	for text, want := range map[string]string{
		"COZE_KID=" + key + "\nDB_PASSWORD=hunter2\nCOZE_BOT_ID=1\n": "COZE_KID, COZE_BOT_ID",
		"GITHUB_CLIENT_ID=hunter2\nPORT=1\n":                         "GITHUB_CLIENT_ID",
		"API_KEY=hunter2\n":                                          "API_KEY",
		"PORT=1\nCOZE_CLIENT_ID=\n":                                  "",
		"A_CLIENT_ID=1\nB_KID=1\nC_CLIENT_ID=1\nD_CLIENT_ID=1\nE_KID=1\nF_KID=1\nG_KID=1\n": "A_CLIENT_ID, B_KID, C_CLIENT_ID, D_CLIENT_ID, E_KID, F_KID, …",
	} {
		_, err := formats.Read("a.env", []byte(text), nil)
		f, ok := errors.AsType[*fault.Fault](err)
		if !ok || !errors.Is(err, formats.ErrNoSet) {
			t.Errorf("%q: error is %v", text, err)
			continue
		}
		why, _ := errors.AsType[*fault.Fault](f.Err)
		if got := why.Value("names"); got != want {
			t.Errorf("%q: names are %q, want %q", text, got, want)
		}
		if strings.Contains(f.Message(i18n.English), "hunter2") {
			t.Errorf("a value is shown: %s", f.Message(i18n.English))
		}
	}
}

func TestEncodingsAreNamed(t *testing.T) {
	utf16le := []byte{0xFF, 0xFE}
	for _, u := range utf16.Encode([]rune("COZE_CLIENT_ID=1\n")) {
		utf16le = append(utf16le, byte(u), byte(u>>8))
	}
	gbk := "coze:\n  # \xc4\xe3\xba\xc3\n  clientId: 1\n"
	for name, test := range map[string]struct {
		file, text string
		want       *fault.Fault
		encoding   string
	}{
		"UTF-16, .env":             {".env.x", string(utf16le), envfile.ErrEncoding, "UTF-16"},
		"UTF-16, JSON":             {"a.json", string(utf16le), envfile.ErrEncoding, "UTF-16"},
		"UTF-16 without its mark":  {"a.yaml", string(utf16le[2:]), envfile.ErrEncoding, "UTF-16"},
		"GBK, YAML":                {"a.yaml", gbk, envfile.ErrEncoding, "GBK"},
		"GBK, properties":          {"a.properties", "# \xc4\xe3\na=1\n", envfile.ErrEncoding, "GBK"},
		"another":                  {"a.yaml", "a: \xff\xfa\n", fault.Invalid("file.not_utf8"), ""},
		"GBK in a .env's comments": {"coze.env", "# \xc4\xe3\nCOZE_CLIENT_ID=1\nCOZE_KID=k\n", nil, ""},
	} {
		_, err := formats.Read(test.file, []byte(test.text), nil)
		if test.want == nil {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		f, ok := errors.AsType[*fault.Fault](err)
		if !ok || f.ID != test.want.ID || f.Value("encoding") != test.encoding || f.Value("path") != test.file {
			t.Errorf("%s: error is %v", name, err)
		}
	}
}

func TestAKeyIsNoConfiguration(t *testing.T) {
	m := fresh(t, 13)
	for _, file := range []string{"k.pem", "k.txt", "k.json"} {
		if _, err := formats.Read(file, []byte("\n"+m.pem), nil); !errors.Is(err, formats.ErrIsKey) {
			t.Errorf("%s: error is %v", file, err)
		}
	}
	_, err := formats.Read("a.json", []byte(m.filled(`{"signing_key": PEMJSON}`)), nil)
	if f, _ := errors.AsType[*fault.Fault](err); f == nil || !slices.Contains(f.Fixes(i18n.English), "Use the key for a new setup: cozejwt init --import-key KEY_FILE") {
		t.Errorf("error is %v", err)
	}
}

func TestAFileIsReadUpToAMebibyte(t *testing.T) {
	text := "coze: {clientId: 1, kid: k}\n#"
	for _, test := range []struct {
		size int
		ok   bool
	}{{1 << 20, true}, {1<<20 + 1, false}} {
		data := []byte(text + strings.Repeat("x", test.size-len(text)))
		if _, err := formats.Read("a.yaml", data, nil); (err == nil) != test.ok || err != nil && !errors.Is(err, formats.ErrSyntax) {
			t.Errorf("%d bytes: %v", test.size, err)
		}
	}
}
