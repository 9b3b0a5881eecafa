package formats_test

import (
	"errors"
	"slices"
	"testing"

	"cozejwt/internal/formats"
)

// Each source is one in which programs keep the credentials, beside the forms of configurations.
var sources = map[string]form{
	"constants of Python": {"settings.py", `
import os
COZE_CLIENT_ID = '<APP>'
COZE_PUBLIC_KEY_ID = "<KID>"  # of the console
COZE_PRIVATE_KEY = """<PEM>"""
COZE_API_BASE = 'https://api.coze.cn'
`, 13, "settings TEXT https://api.coze.cn"},
	"an object of JavaScript": {"config.js", "module.exports = {\n  cozeClientId: '<APP>',\n  cozeKeyId: `<KID>`,\n  cozePrivateKey: fs.readFileSync('./keys/coze.pem', 'utf8'),\n}\n", 13, "config ./keys/coze.pem "},
	"an object of TypeScript in a line": {"coze.ts", `export const config = { clientId: "<APP>", kid: "<KID>", privateKeyPath: './k.pem' } as const
`, 13, "coze ./k.pem "},
	"typed constants of TypeScript": {"coze.ts", `
const clientId: string = "<APP>";
export const publicKeyId: string = "<KID>";
const privateKeyPath: string = "k.pem";
`, 13, "coze k.pem "},
	"constants of Go": {"main.go", `
const (
	cozeClientID    = "<APP>"
	cozePublicKeyID = "<KID>"
	cozeKeyPath     = "k.pem"
)
`, 13, "main k.pem "},
	"constants of Java": {"Coze.java", `class A { static final String COZE_CLIENT_ID = "<APP>"; static final String COZE_PUBLIC_KEY_ID = "<KID>"; static final String COZE_PRIVATE_KEY_PATH = "k.pem"; }
`, 13, "Coze k.pem "},
	"a builder of Java": {"CozeAuth.java", `
	new JWTOAuthClient.JWTOAuthBuilder()
		.clientID("<APP>")
		.privateKey(new String(Files.readAllBytes(Paths.get("k.pem"))))
		.publicKey("<KID>")
		.baseURL("https://api.coze.cn")
`, 13, "CozeAuth k.pem https://api.coze.cn"},
	"an array of PHP": {"coze.php", `<?php
return [
	'client_id' => '<APP>',
	'public_key_id' => '<KID>',
	'private_key_path' => 'k.pem',
];
`, 13, "coze k.pem "},
	"define of PHP": {"wp.php", `<?php
define('COZE_CLIENT_ID', '<APP>');
define("COZE_PUBLIC_KEY_ID", "<KID>");
define('COZE_PRIVATE_KEY_PATH', 'k.pem');
`, 13, "wp k.pem "},
	"a block of Ruby":                {"coze.rb", "Coze.configure do |c|\n  c.client_id = '<APP>'\n  c.public_key_id = '<KID>'\n  c.private_key_path = 'k.pem'\nend\n", 13, "c k.pem "},
	"a makefile":                     {"Makefile", "export COZE_CLIENT_ID := <APP>\nexport COZE_PUBLIC_KEY_ID ?= <KID>\nexport COZE_PRIVATE_KEY_PATH = k.pem\n", 13, "Makefile k.pem "},
	"a request of an IDE":            {"coze.http", "@cozeClientId = <APP>\n@cozePublicKeyId = <KID>\n@cozePrivateKeyPath = k.pem\n", 13, "coze k.pem "},
	"a table of Markdown":            {"coze.md", "# Coze\n\n| what | value |\n|---|---|\n| App ID | `<APP>` |\n| Key ID | <KID> |\n| private key | k.pem |\n", 13, "coze k.pem "},
	"a list of Markdown":             {"coze.md", "# Coze\n- **App ID**: <APP>\n- **Key ID**: `<KID>`\n- private key: k.pem\n", 13, "coze k.pem "},
	"supervisord":                    {"supervisord.conf", `environment=COZE_CLIENT_ID="<APP>",COZE_PUBLIC_KEY_ID="<KID>",COZE_PRIVATE_KEY_PATH="k.pem"`, 13, "supervisord k.pem "},
	"appSettings of .NET":            {"web.config", `<?xml version="1.0"?><configuration><appSettings><add key="Coze:ClientId" value="<APP>"/><add key="Coze:PublicKeyId" value="<KID>"/><add key="Coze:PrivateKeyPath" value="k.pem"/></appSettings></configuration>`, 13, "web k.pem "},
	"properties of Spring":           {"beans.xml", "<bean>\n<property name=\"cozeClientId\" value=\"<APP>\"/>\n<property name=\"cozeKeyId\" value=\"<KID>\"/>\n<property name=\"cozeKeyPath\" value=\"k.pem\"/>\n</bean>", 13, "beans k.pem "},
	"variables of PHP":               {"coze.php", "<?php\n$COZE_APP_ID = '<APP>';\n$COZE_KEY_ID = '<KID>';\n$COZE_PRIVATE_KEY_FILE = __DIR__ . '/k.pem';\n", 13, "coze k.pem "},
	"members of PHP":                 {"Coze.php", "class Coze {\n  function __construct() {\n    $this->clientId = '<APP>';\n    $this->publicKeyId = '<KID>';\n    $this->privateKeyPath = 'k.pem';\n  }\n}", 13, "Coze k.pem "},
	"defaults of Laravel":            {"coze.php", "return [\n  'iss' => env('COZE_ISS', '<APP>'),\n  'kid' => env('COZE_KID', '<KID>'),\n  'private_key_path' => storage_path('coze/k.pem'),\n];\n", 13, "coze coze/k.pem "},
	"defaults of Node":               {"coze.ts", "export default {\n  clientId: process.env.COZE_ID || '<APP>',\n  publicKeyId: process.env['COZE_KID'] ?? \"<KID>\",\n  privateKeyPath: process.env.COZE_PATH || './k.pem',\n}\n", 13, "coze ./k.pem "},
	"defaults of Python":             {"coze.py", "client_id = os.getenv('COZE_ID', '<APP>')\nkid = os.environ.get(\"COZE_KID\") or \"<KID>\"\nprivate_key_path = config('COZE_PATH', default='k.pem')\n", 13, "coze k.pem "},
	"defaults of Ruby":               {"coze.rb", "client_id = ENV['COZE_ID'] || '<APP>'\nkid = ENV.fetch('COZE_KID', '<KID>')\nprivate_key_path = 'k.pem'\n", 13, "coze k.pem "},
	"a default that is set":          {"coze.js", "const clientId = process.env.COZE_ID || '<APP>'\nconst kid = process.env.COZE_KEY || 'other'\nconst privateKeyPath = 'k.pem'\n", 13, "coze k.pem "},
	"a header of C":                  {"coze_config.h", "#pragma once\n#define COZE_APP_ID      \"<APP>\"\n#define COZE_PUBLIC_KEY  \"<KID>\"   /* kid */\n#define COZE_KEY_FILE    \"k.pem\" // embedded\n", 13, "coze_config k.pem "},
	"a heredoc of Terraform":         {"terraform.tfvars", "coze_client_id = \"<APP>\"\ncoze_public_key_id = \"<KID>\"\ncoze_private_key = <<-EOT\n<PEM>\nEOT\n", 13, "terraform TEXT "},
	"a heredoc of a shell":           {"coze.sh", "CLIENT_ID=<APP>\nKEY_ID=<KID>\nPRIVATE_KEY=<<'END'\n<PEM>\nEND\n", 13, "coze TEXT "},
	"objects in objects":             {"settings.ts", "export const settings: Settings = {\n  db: { host: 'x' },\n  coze: {\n    oauth: {\n      clientId: '<APP>',\n      keyId: '<KID>',\n    },\n    privateKeyPath: 'k.pem', // beside it\n  },\n};\n", 13, "oauth k.pem "},
	"the host of a call":             {"coze.py", "APP_ID = '<APP>'\nKID = '<KID>'\nrequests.post('https://api.coze.cn/api/permission/oauth2/token')\nprivate_key_path = 'k.pem'\n", 13, "coze k.pem "},
	"a default of pydantic":          {"coze.py", "class S(BaseSettings):\n  COZE_CLIENT_ID: str = Field(default=\"<APP>\", description=\"id\")\n  COZE_PUBLIC_KEY_ID: str = Field(default=\"<KID>\", description=\"kid\")\n  COZE_KEY_FILE: str = Field(default='k.pem')\n", 13, "coze k.pem "},
	"defaults of argparse":           {"coze.py", "p.add_argument('--client-id', default='<APP>', help='x')\np.add_argument('--key-id', type=str, default=\"<KID>\")\np.add_argument('--private-key-file', type=str, default='k.pem')\n", 13, "coze k.pem "},
	"defaults of viper":              {"coze.go", "\tviper.SetDefault(\"coze.client_id\", \"<APP>\")\n\tviper.SetDefault(\"coze.public_key_id\", \"<KID>\")\n\tviper.SetDefault(\"coze.key_file\", \"k.pem\")\n", 13, "coze k.pem "},
	"fields of Gradle":               {"build.gradle", "coze {\n  buildConfigField \"String\", \"COZE_CLIENT_ID\", \"\\\"<APP>\\\"\"\n  buildConfigField \"String\", \"COZE_KEY_ID\", \"\\\"<KID>\\\"\"\n  buildConfigField(\"String\", \"COZE_KEY_FILE\", \"\\\"k.pem\\\"\")\n}\n", 13, "build k.pem "},
	"annotations of Spring":          {"Coze.java", "@Value(\"${coze.client.id:<APP>}\")\nprivate String a;\n@Value(\"${coze.public.key.id:<KID>}\")\nprivate String b;\n@Value(\"${coze.key.file:k.pem}\") String c;\n", 13, "Coze k.pem "},
	"properties of C#":               {"CozeOptions.cs", "public string AppId { get; set; } = \"<APP>\";\npublic string KeyId { get; init; } = \"<KID>\";\npublic string PrivateKey { get; set; } = @\"\n<PEM>\n\";\n", 13, "CozeOptions TEXT "},
	"constants of Dart":              {"coze.dart", "static const String clientId = '<APP>';\nstatic const String keyId = '<KID>';\nstatic const String privateKey = r'''\n<PEM>\n''';\n", 13, "coze TEXT "},
	"a table of Lua":                 {"coze.lua", "_M.coze = {\n  [\"app_id\"] = \"<APP>\",\n  kid = \"<KID>\",\n  private_key = [[\n<PEM>\n]],\n}\n", 13, "coze TEXT "},
	"a text of PowerShell":           {"coze.ps1", "$env:CLIENT_ID = '<APP>'\n$env:KEY_ID = \"<KID>\"\n$env:PRIVATE_KEY = @'\n<PEM>\n'@\n", 13, "coze TEXT "},
	"a document of Ruby":             {"coze.rb", "configure(\n  client_id: ENV.fetch(\"COZE_ID\") { \"<APP>\" },\n  public_key_id: \"<KID>\",\n  private_key: <<~PEM\n<PEM>\nPEM\n)\n", 13, "coze TEXT "},
	"members by an index":            {"coze.py", "cfg[\"client_id\"] = '<APP>'\ncfg['key_id'] = \"<KID>\"\ncfg['key_file'] = 'k.pem'\n", 13, "coze k.pem "},
	"variables of Terraform":         {"variables.tf", "variable \"coze_client_id\" {\n  type    = string\n  default = \"<APP>\"\n}\nvariable \"coze_public_key_id\" {\n  default = \"<KID>\"\n}\nlocals {\n  coze_key_file = \"k.pem\"\n}\n", 13, "variables k.pem "},
	"attributes the other way round": {"web.config", "<appSettings>\n<add value=\"<APP>\" key=\"Coze:ClientId\"/>\n<add key=\"Coze:KeyId\" value=\"<KID>\"/>\n<add value=\"k.pem\" key=\"Coze:KeyFile\"/>\n</appSettings>", 13, "web k.pem "},
	"a base by its value":            {"coze.ini", "[coze]\napp_id = <APP>\nkid = <KID>\nkey_file = k.pem\napi = https://api.coze.cn\n", 13, "coze k.pem https://api.coze.cn"},
	"an ini named .env":              {".env", "APP_DEBUG = false\nCOZE_APP_ID = <APP>\nCOZE_PUBLIC_KEY_FINGERPRINT = <KID>\nCOZE_KEY_PATH = k.pem\n\n[DATABASE]\nTYPE = mysql\n[LANG]\n", 13, "formats k.pem "},
	"a flow behind the name":         {"coze.txt", "KEFU_COZE_CLIENT_ID_JWT=<APP>\nKEFU_COZE_PUBLIC_KEY_ID_JWT=<KID>\nKEFU_COZE_PRIVATE_KEY_JWT=\"<PEM>\"\n", 13, "kefu TEXT "},
	"elements of XML":                {"coze.xml", "<coze>\n<clientId><APP></clientId>\n<publicKeyId><KID></publicKeyId>\n<privateKeyPath>k.pem</privateKeyPath>\n</coze>", 13, "coze k.pem "},
}

// Objects with members of the same names are several sets.
func TestObjectsOfAProgramAreApart(t *testing.T) {
	r, err := formats.Read("config.ts", []byte(`
const config: CozeConfig = {
  cn: {
    COZE_BASE_URL: 'https://api.coze.cn',
    auth: {
      oauth_jwt: { // of the console
        COZE_APP_ID: '1114589318634',
        COZE_KEY_ID: '5NKixhMyyEReIDCSBCrXOt-PuVH3dS2pnrB88iNkH5M',
      },
      pat: { COZE_API_PAT_TOKEN: '' },
    },
  },
  en: {
    COZE_BASE_URL: 'https://api.coze.com',
    auth: {
      oauth_jwt: {
        COZE_APP_ID: '1184775702306',
        COZE_KEY_ID: 'SxebItAmTHG7gVnxTfCEOOjBu76lZxVUMj9VIQzCqv0',
      },
    },
  },
  server: { PORT: 3000 },
};
`), nil)
	if err != nil || len(r.Sets) != 2 {
		t.Fatalf("found %+v, %v", r, err)
	}
	for i, want := range []string{"cn 1114589318634 https://api.coze.cn", "en 1184775702306 https://api.coze.com"} {
		if got := r.Sets[i].Name + " " + r.Sets[i].AppID + " " + r.Sets[i].APIBase; got != want {
			t.Errorf("the set is %q, want %q", got, want)
		}
	}
}

// The members of Google's service accounts have the names of credentials.
func TestAServiceAccountIsNoSet(t *testing.T) {
	m := fresh(t, 21)
	_, err := formats.Read("service-account.json", []byte(m.filled(`{"type":"service_account","client_email":"coze-sync@x.iam","private_key_id":"24","private_key":PEMJSON,"client_id":"<APP>"}`)), nil)
	if !errors.Is(err, formats.ErrNoSet) {
		t.Errorf("error is %v", err)
	}
}

// What a program computes is named as that, and is no value; nor is a comment.
func TestWhatAProgramComputesIsNoValue(t *testing.T) {
	m := fresh(t, 13)
	r, err := formats.Read("coze.py", []byte(m.filled(`
# client_id = "1234567890123"
client_id = os.environ["COZE_CLIENT_ID"]
public_key_id = "<KID>"
private_key = settings.key
base_url = COZE_CN_BASE_URL
`)), func(string) (string, bool) { return "", false })
	if err != nil || len(r.Sets) != 1 {
		t.Fatalf("found %+v, %v", r, err)
	}
	f := r.Sets[0]
	if f.AppID != "" || f.KeyID != m.key || f.KeyPath != "" || !f.KeyText.IsZero() || f.APIBase != "" {
		t.Errorf("values are %+v", f)
	}
	for _, doubt := range f.Doubts {
		if !errors.Is(doubt, formats.ErrExpression) {
			t.Errorf("a doubt is %v", doubt)
		}
	}
	if len(f.Doubts) != 3 {
		t.Errorf("doubts are %v", f.Doubts)
	}
}

// What an object of a program has from variables is the object's, and what only mentions them is not one.
func TestTheMembersOfAnObjectAreItsVariables(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		want []string // App ID, Key ID and key path of each set
	}{
		"all from variables":       {"CLIENT_ID = \"<APP>\"\nPUBLIC_KEY_ID = \"<KID>\"\napp = JWTOAuthApp(\n    client_id=CLIENT_ID,\n    private_key=open(\"keys/a.pem\").read(),\n    public_key_id=PUBLIC_KEY_ID,\n)\n", []string{"<APP> <KID> keys/a.pem"}},
		"a mention":                {"# coze\nCLIENT_ID = \"<APP>\"\nKEY_ID = \"<KID>\"\nPRIVATE_KEY_PATH = \"keys/a.pem\"\nr = post(\n    json={\n        \"client_id\": CLIENT_ID,\n    },\n)\n", []string{"<APP> <KID> keys/a.pem"}},
		"in a payload":             {"APP_ID = \"<APP>\"\nKID = \"<KID>\"\nPRIVATE_KEY_PATH = \"keys/a.pem\"\ndef jwt():\n    payload = {\n        \"iss\": APP_ID,\n        \"kid\": KID,\n        \"aud\": \"api.coze.cn\",\n        \"jti\": uuid(),\n    }\n", []string{"<APP> <KID> keys/a.pem"}},
		"two objects, one base":    {"# coze\nBASE = \"https://api.coze.com\"\ndev = JWTOAuthApp(\n    client_id=\"1180123456789\",\n    private_key=open(\"dev.pem\").read(),\n    public_key_id=\"<KID>\",\n    base_url=BASE,\n)\nprod = JWTOAuthApp(\n    client_id=\"<APP>\",\n    private_key=open(\"prod.pem\").read(),\n    public_key_id=\"<KID>\",\n    base_url=BASE,\n)\n", []string{"1180123456789 <KID> dev.pem", "<APP> <KID> prod.pem"}},
		"a call that sets nothing": {"# coze\nclient_id = \"<APP>\"\npublic_key_id = \"<KID>\"\nprivate_key_path = \"keys/a.pem\"\nlogger.info(\"client_id\", \"1180000000002\")\nassertEqual(\"client_id\", \"1180000000003\")\n", []string{"<APP> <KID> keys/a.pem"}},
	} {
		m := fresh(t, 31)
		r, err := formats.Read("a.py", []byte(m.filled(test.text)), nil)
		var got, want []string
		for _, set := range r.Sets {
			got = append(got, set.AppID+" "+set.KeyID+" "+set.KeyPath)
		}
		for _, set := range test.want {
			want = append(want, m.filled(set))
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: the sets are %q, %v; want %q", name, got, err, want)
		}
	}
}

func TestACommentSaysNothingOfTheRegion(t *testing.T) {
	m := fresh(t, 32)
	for text, want := range map[string]string{
		"# docs: https://api.coze.com/docs\nclient_id = \"<APP>\"\nkid = \"<KID>\"\nBASE = COZE_CN_BASE_URL\n": "cn",
		"# https://api.coze.com\nclient_id = \"<APP>\"\nkid = \"<KID>\" # not api.coze.com\n":                  "",
		"client_id = \"<APP>\"\nkid = \"<KID>\"\nfetch(\"https://api.coze.com/v3/chat\")\n":                    "com",
	} {
		r, err := formats.Read("coze.py", []byte(m.filled(text)), nil)
		if err != nil || len(r.Sets) != 1 || r.Sets[0].Region != want {
			t.Errorf("%q: found %+v, %v; want the region %q", text, r, err, want)
		}
	}
}
