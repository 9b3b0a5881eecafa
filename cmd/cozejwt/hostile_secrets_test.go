//go:build unix

package main

import (
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/secret"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

// A planted is a secret that somebody left somewhere, and pieces of it, in each writing, that
// nothing may show.
type planted struct {
	name    string
	text    string
	foreign bool // nothing tells that it is one: only what shows no foreign text keeps it
	pieces  []string
}

func newPlanted(name, text string) planted {
	return planted{name: name, text: text, pieces: append(pieces(text), pieces(base64.StdEncoding.EncodeToString([]byte(text)))...)}
}

// pieces are some 16 characters of the lines of a text, from more than one place: a line may
// be broken or cut where it is shown.
func pieces(text string) []string {
	var all []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "-----") || len(line) < 60 {
			continue
		}
		for _, part := range []int{4, 2} {
			at := len(line) / part
			all = append(all, line[at:at+16])
		}
	}
	return all
}

// plant makes the secrets, each of another key.
func plant(t *testing.T) []planted {
	t.Helper()
	next := testkey.Pool()
	der := func() (pkcs8 []byte, text string) {
		key, err := next(keygen.DefaultBits)
		if err != nil {
			t.Fatal(err)
		}
		if pkcs8, err = x509.MarshalPKCS8PrivateKey(key); err != nil {
			t.Fatal(err)
		}
		return pkcs8, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}))
	}
	_, whole := der()
	_, encoded := der()
	binary, _ := der()
	line := "" // one that can be known in a path and in Base64 too
	inBase64 := func() string { return base64.StdEncoding.EncodeToString([]byte(line)) }
	for secret.In(line) != secret.Key || secret.In(inBase64()) != secret.Key || strings.ContainsAny(line, "+/") {
		random := make([]byte, 48)
		_, _ = rand.Read(random)
		line = base64.StdEncoding.EncodeToString(random)
	}
	exponent := make([]byte, 256)
	_, _ = rand.Read(exponent)
	d := base64.RawURLEncoding.EncodeToString(exponent)
	key, err := next(keygen.DefaultBits)
	if err != nil {
		t.Fatal(err)
	}
	jwt, err := coze.Assertion{AppID: testAppID, KeyID: testKeyID, Audience: "api.coze.cn"}.Sign(key, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	jwk := newPlanted("JWK", `{"kty":"RSA","e":"AQAB","d":"`+d+`"}`)
	foreign := newPlanted("password", "")
	foreign.text, foreign.foreign = "correct-"+rand.Text()[:12], true
	foreign.pieces = []string{foreign.text, base64.StdEncoding.EncodeToString([]byte(foreign.text))[:20]}
	token := func(prefix string) planted { return newPlanted(prefix, prefix+"_"+rand.Text()+rand.Text()+rand.Text()) }
	return []planted{
		newPlanted("PEM", whole),
		newPlanted("Base64 of PEM", base64.StdEncoding.EncodeToString([]byte(encoded))),
		newPlanted("Base64 of DER", base64.StdEncoding.EncodeToString(binary)),
		jwk,
		newPlanted("line of a key", line),
		token("pat"), token("czs"), token("czu"),
		newPlanted("JWT", jwt.Reveal()),
		foreign,
	}
}

// encodings are the ways in which a text gets into a file.
var encodings = []struct {
	name  string
	write func(text string) string
}{
	{"plain", func(text string) string { return strings.TrimSpace(text) }},
	{"in double quotes", func(text string) string { return `"` + strings.ReplaceAll(strings.TrimSpace(text), `"`, `\"`) + `"` }},
	{"in single quotes", func(text string) string { return "'" + strings.TrimSpace(text) + "'" }},
	{"with \\n", func(text string) string {
		return `"` + strings.ReplaceAll(strings.ReplaceAll(text, `"`, `\"`), "\n", `\n`) + `"`
	}},
	{"as JSON", func(text string) string { out, _ := json.Marshal(text); return string(out) }},
	{"as Base64", func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }},
}

// A place is where a secret was left: a file of the project, by what goes into it.
type place struct {
	name    string
	file    func(n int) string
	text    func(secret string) string
	foreign bool // no variable of ours
}

// env is a .env whose variables are good but for some.
func env(changed ...string) string {
	lines := map[string]string{"COZE_CLIENT_ID": testAppID, "COZE_PUBLIC_KEY": testKeyID, "COZE_PRIVATE_KEY_PATH": "config/private_key.pem", "COZE_API_BASE": "https://api.coze.cn"}
	for i := 0; i+1 < len(changed); i += 2 {
		lines[changed[i]] = changed[i+1]
	}
	text := ""
	for _, name := range []string{"COZE_CLIENT_ID", "COZE_PUBLIC_KEY", "COZE_PRIVATE_KEY_PATH", "COZE_API_BASE"} {
		text += name + "=" + lines[name] + "\n"
	}
	return text
}

func named(prefix, suffix string) func(int) string {
	return func(n int) string { return prefix + strconv.Itoa(n) + suffix }
}

// places are those in files. Each ends up in a file of its own: one that is broken hides
// nothing of another.
var places = []place{
	{"App ID", named(".env.app", ""), func(s string) string { return env("COZE_CLIENT_ID", s) }, false},
	{"Key ID", named(".env.kid", ""), func(s string) string { return env("COZE_PUBLIC_KEY", s) }, false},
	{"key path", named(".env.path", ""), func(s string) string { return env("COZE_PRIVATE_KEY_PATH", s) }, false},
	{"API base", named(".env.base", ""), func(s string) string { return env("COZE_API_BASE", s) }, false},
	{"API base with it", named(".env.user", ""), func(s string) string { return env("COZE_API_BASE", "https://"+url.PathEscape(s)+"@api.coze.cn") }, false},
	{"comment", named(".env.comment", ""), func(s string) string { return "# " + s + "\n" + env() }, true},
	{"comment of a variable", named(".env.behind", ""), func(s string) string { return env("COZE_CLIENT_ID", "'x' # "+s) }, true},
	{"foreign variable", named(".env.foreign", ""), func(s string) string { return "SECRET=" + s + "\n" + env() }, true},
	{"line without a name", named(".env.line", ""), func(s string) string { return env() + s + "\n" }, true},
	{"broken line", named(".env.broken", ""), func(s string) string { return "A-B " + s + "=1\nDB=" + s + "\n" + env() }, true},
	{"YAML value", named("value", ".yaml"), func(s string) string {
		return "coze:\n  clientId: " + s + "\n  publicKey: " + testKeyID + "\n  privateKeyPath: k.pem\n"
	}, false},
	{"YAML foreign", named("foreign", ".yaml"), func(s string) string { return "db:\n  password: " + s + "\ncoze:\n  clientId: 1\n  publicKey: x\n" }, true},
	{"YAML key", named("key", ".yaml"), func(s string) string { return "coze:\n  " + s + ": 1\n" }, true},
	{"YAML comment", named("comment", ".yaml"), func(s string) string { return "# " + s + "\ncoze: [" }, true},
	{"JSON", named("value", ".json"), func(s string) string { return `{"client_id":` + s + `,"public_key_id":"x","private_key":` + s + `}` }, false},
	{"JSON in quotes", named("text", ".json"), func(s string) string { return `{"client_id":"` + s + `","public_key_id":"` + s + `"}` }, false},
	{"properties", named("value", ".properties"), func(s string) string { return "db=" + s + "\ncoze.client-id=" + s + "\ncoze.public-key=x\n" }, false},
	{"TOML", named("value", ".toml"), func(s string) string { return "[coze]\nclient_id = " + s + "\npublic_key = 'x'\n# " + s }, false},
}

// fits reports whether a place can hold a secret that only its strangeness keeps.
func (p place) fits(s planted) bool { return p.foreign || !s.foreign }

// leave puts the secrets into all places, and returns the names of the files with credentials
// and of those that can be imported.
func leave(t *testing.T, dir testfile.Folder, secrets []planted, every int) (profiles, imports []string) {
	t.Helper()
	n := 0
	for _, p := range places {
		for _, s := range secrets {
			for _, e := range encodings {
				n++
				if !p.fits(s) || n%every != 0 {
					continue
				}
				name := p.file(n)
				dir.Write(name, p.text(e.write(s.text)))
				if profile, ok := strings.CutPrefix(name, ".env."); ok {
					profiles = append(profiles, profile)
				} else {
					imports = append(imports, name)
				}
			}
		}
	}
	return profiles, imports
}

// leaksOf lists the secrets of which an output has a piece.
func leaksOf(secrets []planted, output string) []string {
	var all []string
	for _, s := range secrets {
		for _, piece := range s.pieces {
			if at := strings.Index(output, piece); at >= 0 {
				all = append(all, fmt.Sprintf("%s, in %q", s.name, output[max(0, at-160):min(len(output), at+40)]))
				break
			}
		}
	}
	return all
}

func quote(text string) string {
	out, _ := json.Marshal(text)
	return string(out)
}
