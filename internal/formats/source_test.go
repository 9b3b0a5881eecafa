package formats_test

import (
	"errors"
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
	"a block of Ruby":      {"coze.rb", "Coze.configure do |c|\n  c.client_id = '<APP>'\n  c.public_key_id = '<KID>'\n  c.private_key_path = 'k.pem'\nend\n", 13, "c k.pem "},
	"a makefile":           {"Makefile", "export COZE_CLIENT_ID := <APP>\nexport COZE_PUBLIC_KEY_ID ?= <KID>\nexport COZE_PRIVATE_KEY_PATH = k.pem\n", 13, "Makefile k.pem "},
	"a request of an IDE":  {"coze.http", "@cozeClientId = <APP>\n@cozePublicKeyId = <KID>\n@cozePrivateKeyPath = k.pem\n", 13, "coze k.pem "},
	"a table of Markdown":  {"coze.md", "# Coze\n\n| what | value |\n|---|---|\n| App ID | `<APP>` |\n| Key ID | <KID> |\n| private key | k.pem |\n", 13, "coze k.pem "},
	"a list of Markdown":   {"coze.md", "# Coze\n- **App ID**: <APP>\n- **Key ID**: `<KID>`\n- private key: k.pem\n", 13, "coze k.pem "},
	"supervisord":          {"supervisord.conf", `environment=COZE_CLIENT_ID="<APP>",COZE_PUBLIC_KEY_ID="<KID>",COZE_PRIVATE_KEY_PATH="k.pem"`, 13, "supervisord k.pem "},
	"appSettings of .NET":  {"web.config", `<?xml version="1.0"?><configuration><appSettings><add key="Coze:ClientId" value="<APP>"/><add key="Coze:PublicKeyId" value="<KID>"/><add key="Coze:PrivateKeyPath" value="k.pem"/></appSettings></configuration>`, 13, "web k.pem "},
	"properties of Spring": {"beans.xml", "<bean>\n<property name=\"cozeClientId\" value=\"<APP>\"/>\n<property name=\"cozeKeyId\" value=\"<KID>\"/>\n<property name=\"cozeKeyPath\" value=\"k.pem\"/>\n</bean>", 13, "beans k.pem "},
	"elements of XML":      {"coze.xml", "<coze>\n<clientId><APP></clientId>\n<publicKeyId><KID></publicKeyId>\n<privateKeyPath>k.pem</privateKeyPath>\n</coze>", 13, "coze k.pem "},
}

// What a program computes is named as that, and is no value; nor is a comment.
func TestWhatAProgramComputesIsNoValue(t *testing.T) {
	m := fresh(t, 13)
	r, err := formats.Read("coze.py", []byte(m.filled(`
# client_id = "1234567890123"
client_id = os.environ["COZE_CLIENT_ID"] or "<APP>"
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
