// Package snippet is the few lines that use a written .env with the official
// SDK of a language. It reads no credentials.
package snippet

import (
	"cmp"
	_ "embed"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"cozejwt/internal/credentials"
	"cozejwt/internal/i18n"
	"cozejwt/internal/paths"
)

// A Snippet is code in a language.
type Snippet struct {
	Name     string // as a command takes it: "go", "node"
	Language string // as people call it: "Go", "Node.js"
	Text     string
}

// language is how a project of it is told, and its code. In the code, a field's
// id in braces stands for the name of its variable, and {text.ID} for the text
// "snippet.ID" in the reader's language.
type language struct {
	id, name string
	markers  []string
	code     string
}

// The calls are those of the official SDKs' own JWT examples: coze-go
// examples/auth/jwt_oauth, coze-js examples/coze-js-node, coze-py
// examples/auth_oauth_jwt.py, coze-java example/auth/JWTOAuthExample. There is none for PHP.
var languages = []language{
	{"go", "Go", []string{"go.mod"}, `// go get github.com/coze-dev/coze-go; {text.variables}{source}
pem, _ := os.ReadFile(os.Getenv("{key_path}"))
client, err := coze.NewJWTOAuthClient(coze.NewJWTOAuthClientParam{
	ClientID: os.Getenv("{app_id}"), PublicKey: os.Getenv("{key_id}"), PrivateKeyPEM: string(pem),
}, coze.WithAuthBaseURL(os.Getenv("{api_base}")))
token, err := client.GetAccessToken(ctx, nil) // SessionName: {text.apart}
`},
	// Before Node.js: a PHP project often has a package.json for its assets.
	{"php", "PHP", []string{"composer.json"}, "<?php\n// {text.variables}{source}\n" + phpFunction + `
$token = coze_token('USER')['access_token'];
`},
	{"node", "Node.js", []string{"package.json"}, `// npm install @coze/api; node --env-file={env_quoted} app.mjs
import { getJWTToken } from '@coze/api';
const env = process.env, aud = env.{aud} || new URL(env.{api_base}).host;
const privateKey = (await import('node:fs')).readFileSync(env.{key_path}, 'utf8');
const token = await getJWTToken({ baseURL: env.{api_base}, aud, appId: env.{app_id}, keyid: env.{key_id}, privateKey }); // sessionName: {text.apart}
`},
	{"python", "Python", []string{"pyproject.toml", "requirements.txt", "setup.py", "Pipfile"}, `# pip install cozepy python-dotenv
import os; from cozepy import JWTOAuthApp; from dotenv import load_dotenv; load_dotenv("{env}")
app = JWTOAuthApp(client_id=os.environ["{app_id}"], public_key_id=os.environ["{key_id}"],
                  private_key=open(os.environ["{key_path}"]).read(), base_url=os.environ["{api_base}"])
token = app.get_access_token(ttl=900)  # session_name: {text.apart}
`},
	{"java", "Java", []string{"pom.xml", "build.gradle", "build.gradle.kts"}, `// com.coze:coze-api; {text.variables}{source}
var env = System.getenv();
var client = new JWTOAuthClient.JWTOAuthBuilder().clientID(env.get("{app_id}")).publicKey(env.get("{key_id}"))
    .privateKey(Files.readString(Path.of(env.get("{key_path}")))).baseURL(env.get("{api_base}")).build();
var token = client.getAccessToken(); // sessionName: {text.apart}
`},
}

//go:embed web/php_function.tmpl
var phpFunction string

var curl = language{"curl", "shell", nil, `set -a; . {env_here}; set +a
curl "${api_base}/v1/workspaces" -H "Authorization: Bearer $({token})"
`}

// A Project is what a snippet has to know of one.
type Project struct {
	Dir        string                 // its folder
	Convention credentials.Convention // of its .env
	EnvPath    string                 // of its .env
	APIBase    string                 // that its .env names, "" for none
	Owner      credentials.Field      // that its .env has: AccountID or EnterpriseID; "" for none

	language string // that its files suggest, "" for none
	here     string // the folder that the person is in
}

// Look finds out what only the disk knows of the project.
func (p Project) Look() Project {
	p.here, _ = os.Getwd()
	for _, l := range languages {
		for _, marker := range l.markers {
			if _, err := os.Stat(filepath.Join(p.Dir, marker)); err == nil && p.language == "" {
				p.language = l.id
			}
		}
	}
	return p
}

// Names lists what In takes.
func Names() []string {
	var names []string
	for _, l := range append(languages, curl) {
		names = append(names, l.id)
	}
	return names
}

// In returns the snippet in the language of a name, "" for the one that the
// project's files suggest, else curl. Ok is false for a name that is not known.
// Its comments and its commands are those of the reader's language.
func (p Project) In(reader i18n.Speaker, name string) (s Snippet, ok bool) {
	name = cmp.Or(name, p.language, curl.id)
	for _, l := range append(languages, curl) {
		if l.id == name {
			return Snippet{l.id, l.name, p.fill(reader, p.forOwner(l.id, l.code))}, true
		}
	}
	return Snippet{}, false
}

// fill puts the reader's texts and the project's names in. A program is started in
// the project's folder, a shell command where the person is.
func (p Project) fill(reader i18n.Speaker, code string) string {
	code = regexp.MustCompile(`\{text\.([a-z_.]+)\}`).ReplaceAllStringFunc(code, func(mark string) string {
		return reader.Text("snippet." + strings.TrimSuffix(strings.TrimPrefix(mark, "{text."), "}"))
	})
	env := paths.Within(p.Dir, p.EnvPath)
	names := []string{
		"{env}", env, "{env_quoted}", i18n.ScriptQuoted(env), "{token}", reader.Command("token"), "{web_sdk}", "",
		"{source}", "set -a; . " + sourced(env) + "; set +a", "{env_here}", sourced(paths.Within(p.here, p.EnvPath)),
	}
	for _, v := range credentials.Variables {
		names = append(names, "{"+string(v.Field)+"}", v.Names[p.Convention])
	}
	return strings.NewReplacer(names...).Replace(code)
}

// sourced is a file as the dot command of a shell takes it: without a slash, it
// would be looked for in the PATH.
func sourced(path string) string {
	if !filepath.IsAbs(path) && !strings.HasPrefix(path, "/") { // on Windows, from the root of the drive
		path = "./" + path
	}
	return i18n.ScriptQuoted(path)
}
