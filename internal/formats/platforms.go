package formats

import (
	"encoding/json"
	"fmt"
	"path"
	"runtime"
	"strings"

	"go.yaml.in/yaml/v3"

	"cozejwt/internal/credentials"
	"cozejwt/internal/i18n"
)

// keyVariable is the variable that holds the key's text where a platform gives programs no files.
const keyVariable = "COZE_PRIVATE_KEY"

// compose is a Compose file (docs.docker.com, "Compose file reference") with a service to merge
// into one's own: a secret is mounted at /run/secrets/NAME. Compose replaces $NAME in values, and
// $$ by a dollar sign.
func compose(s Source) (string, error) {
	secret := path.Base(s.KeyPath)
	env := map[string]string{}
	for _, v := range s.Pairs(credentials.Default) {
		env[v[0]] = dollars(v[1])
	}
	type service struct {
		Environment map[string]string `yaml:"environment"`
		Secrets     []string          `yaml:"secrets"`
	}
	var b strings.Builder
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	err := enc.Encode(struct {
		Services map[string]service           `yaml:"services"`
		Secrets  map[string]map[string]string `yaml:"secrets"`
	}{
		map[string]service{"app": {env, []string{secret}}},
		map[string]map[string]string{secret: {"file": dollars(s.KeyFile)}},
	})
	if err != nil {
		return "", err
	}
	return b.String(), enc.Close()
}

func dollars(value string) string { return strings.ReplaceAll(value, "$", "$$") }

// commands set the variables of a platform by a program that reads a value from its standard input:
// an argument could be read by everyone on the machine. Windows has no printf: there value is the
// flag for it, "" where the program has none and a POSIX shell is needed. None of the values is the key, and the path on this machine is of no use elsewhere.
func commands(s Source, set func(name string) string, value string) string {
	var b strings.Builder
	for _, v := range s.Pairs(credentials.Default) {
		switch {
		case v[0] == credentials.Default.VarName(credentials.KeyPath):
		case runtime.GOOS == "windows" && value != "":
			fmt.Fprintf(&b, "%s %s %s\n", set(v[0]), value, i18n.ShellQuoted(v[1]))
		default:
			fmt.Fprintf(&b, "printf %%s %s | %s\n", i18n.ShellQuoted(v[1]), set(v[0]))
		}
	}
	return b.String()
}

// github are commands for gh secret set.
func github(s Source) (string, error) {
	set := func(name string) string { return "gh secret set " + name }
	return commands(s, set, "--body") + i18n.FromFile(set(keyVariable), s.KeyFile) + "\n", nil
}

// gitlab are commands for glab variable set (docs.gitlab.com/cli/variable/set). A variable of type
// file is the path of a file with the value. Raw keeps GitLab from replacing $NAME in a value.
func gitlab(s Source) (string, error) {
	set := func(name string) string { return "glab variable set " + name + " --raw" }
	key := set(credentials.Default.VarName(credentials.KeyPath)) + " --type file"
	return commands(s, set, "--value") + i18n.FromFile(key, s.KeyFile) + "\n", nil
}

// vercel are commands for vercel env add (vercel.com/docs/cli/env), for the environment production.
func vercel(s Source) (string, error) {
	set := func(name string) string { return "vercel env add " + name + " production" }
	return commands(s, set, "") + i18n.FromFile(set(keyVariable)+" --sensitive", s.KeyFile) + "\n", nil
}

// wrangler is the JSON that wrangler secret bulk reads from its standard input
// (developers.cloudflare.com/workers/wrangler/commands). A Worker has no files: the key is in a
// secret.
func wrangler(s Source) (string, error) {
	secrets := map[string]string{keyVariable: s.KeyPEM}
	for _, v := range s.Pairs(credentials.Default) {
		if v[0] != credentials.Default.VarName(credentials.KeyPath) {
			secrets[v[0]] = v[1]
		}
	}
	text, err := json.MarshalIndent(secrets, "", "  ")
	return string(text) + "\n", err
}
