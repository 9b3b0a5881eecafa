// Package snippet is the few lines that use a written .env with the official
// SDK of a language. It reads no credentials.
package snippet

import (
	"cmp"
	"os"
	"path/filepath"
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

// language is how a project of it is told, and its code. A field's
// id in braces stands for the name of its variable.
type language struct {
	id, name string
	markers  []string
	code     string
}

// The calls are those of the official SDKs' own JWT examples: coze-go
// examples/auth/jwt_oauth, coze-js examples/coze-js-node, coze-py
// examples/auth_oauth_jwt.py, coze-java example/auth/JWTOAuthExample.
var languages = []language{
	{"go", "Go", []string{"go.mod"}, `// go get github.com/coze-dev/coze-go; variables from {env}: set -a; . ./{env}
pem, _ := os.ReadFile(os.Getenv("{key_path}"))
client, err := coze.NewJWTOAuthClient(coze.NewJWTOAuthClientParam{
	ClientID: os.Getenv("{app_id}"), PublicKey: os.Getenv("{key_id}"), PrivateKeyPEM: string(pem),
}, coze.WithAuthBaseURL(os.Getenv("{api_base}")))
token, err := client.GetAccessToken(ctx, nil) // SessionName in the request keeps users apart
`},
	{"node", "Node.js", []string{"package.json"}, `// npm install @coze/api; node --env-file={env} app.mjs
import { getJWTToken } from '@coze/api';
const env = process.env, aud = new URL(env.{api_base}).host;
const privateKey = (await import('node:fs')).readFileSync(env.{key_path}, 'utf8');
const token = await getJWTToken({ baseURL: env.{api_base}, aud, appId: env.{app_id}, keyid: env.{key_id}, privateKey }); // sessionName keeps users apart
`},
	{"python", "Python", []string{"pyproject.toml", "requirements.txt", "setup.py", "Pipfile"}, `# pip install cozepy python-dotenv
import os; from cozepy import JWTOAuthApp; from dotenv import load_dotenv; load_dotenv("{env}")
app = JWTOAuthApp(client_id=os.environ["{app_id}"], public_key_id=os.environ["{key_id}"],
                  private_key=open(os.environ["{key_path}"]).read(), base_url=os.environ["{api_base}"])
token = app.get_access_token(ttl=900)  # session_name keeps users apart
`},
	{"java", "Java", []string{"pom.xml", "build.gradle", "build.gradle.kts"}, `// com.coze:coze-api; variables from {env}: set -a; . ./{env}
var env = System.getenv();
var client = new JWTOAuthClient.JWTOAuthBuilder().clientID(env.get("{app_id}")).publicKey(env.get("{key_id}"))
    .privateKey(Files.readString(Path.of(env.get("{key_path}")))).baseURL(env.get("{api_base}")).build();
var token = client.getAccessToken(); // sessionName keeps users apart
`},
}

var curl = language{"curl", "shell", nil, `set -a; . {env_here}; set +a
curl "${api_base}/v1/workspaces" -H "Authorization: Bearer $({token})"
`}

// A Project is what a snippet has to know of one.
type Project struct {
	Dir        string                 // its folder
	Convention credentials.Convention // of its .env
	EnvPath    string                 // of its .env

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
// Token is the command that prints a token for the project, as it is typed here.
func (p Project) In(name, token string) (s Snippet, ok bool) {
	name = cmp.Or(name, p.language, curl.id)
	for _, l := range append(languages, curl) {
		if l.id == name {
			return Snippet{l.id, l.name, p.fill(l.code, token)}, true
		}
	}
	return Snippet{}, false
}

// fill puts the project's names in. A program is started in the project's
// folder, a shell command where the person is.
func (p Project) fill(code, token string) string {
	fromHere := paths.Within(p.here, p.EnvPath)
	if !filepath.IsAbs(fromHere) {
		fromHere = "./" + fromHere // without a slash, a shell looks for it in the PATH
	}
	names := []string{"{env}", paths.Within(p.Dir, p.EnvPath), "{env_here}", i18n.ScriptQuoted(fromHere), "{token}", token}
	for _, v := range credentials.Variables {
		names = append(names, "{"+string(v.Field)+"}", v.Names[p.Convention])
	}
	return strings.NewReplacer(names...).Replace(code)
}
