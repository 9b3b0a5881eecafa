package formats

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"cozejwt/envfile"
	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
)

// A Source is the set that is written.
type Source struct {
	credentials.Set        // its KeyPath is as it is to be written
	KeyFile         string // the private key on this machine, absolute
	KeyPEM          string // its text
	WebBase         string // of the region's web pages, "" where none is known
}

// A Format is a way to hand a set to some tool.
type Format struct {
	Name string
	// HoldsKey says that the private key itself is in it.
	HoldsKey bool
	// Mounts says that the key's path is where the tool puts the key.
	Mounts bool
	write  func(Source) (string, error)
}

// guestKey is where a container finds the key that is mounted into it.
const guestKey = "/run/secrets/coze_private_key.pem"

// Formats are those that can be written. Each is what the tool that takes it
// documents.
var Formats = []Format{
	{Name: "env", write: dotenv(credentials.Default)},
	{Name: "sdk-env", write: dotenv(credentials.SDK)},
	{Name: "sdk-json", HoldsKey: true, write: sdkJSON},
	{Name: "spring", write: spring},
	{Name: "shell", write: shell},
	{Name: "docker", Mounts: true, write: docker},
	{Name: "compose", Mounts: true, write: compose},
	{Name: "fly", HoldsKey: true, Mounts: true, write: fly},
	{Name: "k8s", HoldsKey: true, Mounts: true, write: kubernetes},
	{Name: "github", write: github},
	{Name: "gitlab", write: gitlab},
	{Name: "vercel", write: vercel},
	{Name: "wrangler", HoldsKey: true, write: wrangler},
	{Name: "cozeloop", HoldsKey: true, write: cozeLoop},
	{Name: "one-api", HoldsKey: true, write: sdkJSON},
}

// WithKey lists the formats that hold the private key itself.
func WithKey() []string {
	var names []string
	for _, f := range Formats {
		if f.HoldsKey {
			names = append(names, f.Name)
		}
	}
	return names
}

// Names lists the formats.
func Names() []string {
	names := make([]string, len(Formats))
	for i, f := range Formats {
		names[i] = f.Name
	}
	return names
}

// ErrUnknown is the fault of a format that is not known.
var ErrUnknown = fault.Usage("export.format")

// ByName returns the format of a name. The error is ErrUnknown.
func ByName(name string) (Format, error) {
	at := slices.IndexFunc(Formats, func(f Format) bool { return f.Name == name })
	if at < 0 {
		return Format{}, ErrUnknown.With("format", name, "known", i18n.List(Names()))
	}
	return Formats[at], nil
}

// Write returns the text of a set. The error is the fault of a value that the format cannot hold.
func (f Format) Write(s Source) (string, error) {
	if f.Mounts {
		s.KeyPath = guestKey
	}
	return f.write(s)
}

// LeftOut lists the variables of a set that the format has no place for: its text is the same
// without them.
func (f Format) LeftOut(s Source) []string {
	text, err := f.Write(s)
	var names []string
	for _, v := range credentials.Variables {
		if !v.Optional || s.Get(v.Field) == "" || err != nil {
			continue
		}
		without := s
		*without.At(v.Field) = ""
		if other, err := f.Write(without); err == nil && other == text {
			names = append(names, v.Names[credentials.Default])
		}
	}
	return names
}

func dotenv(n credentials.Convention) func(Source) (string, error) {
	return func(s Source) (string, error) {
		f, err := envfile.Parse(nil)
		if err == nil {
			err = s.Set.Write(f, n)
		}
		if err != nil {
			return "", err
		}
		return string(f.Bytes()), nil
	}
}

// sdkJSON is what the official SDKs' examples load (coze_oauth_config.json). The Config field of a
// Coze channel of one-api takes the same JSON: github.com/Laisky/one-api/issues/71 lists its members.
func sdkJSON(s Source) (string, error) {
	config := map[string]string{"client_type": "jwt", "private_key": s.KeyPEM}
	if s.WebBase != "" {
		config["coze_www_base"] = s.WebBase
	}
	for _, v := range credentials.Variables {
		if value := s.Get(v.Field); v.JSON != "" && (value != "" || !v.Optional) {
			config[v.JSON] = value
		}
	}
	text, err := json.MarshalIndent(config, "", "  ")
	return string(text) + "\n", err
}

// spring is a part of an application.yaml. The App ID is quoted: as a number it
// would be one too long for an int.
func spring(s Source) (string, error) {
	values := map[string]yaml.Node{}
	for _, v := range credentials.Variables {
		if value := s.Get(v.Field); value != "" || !v.Optional {
			values[v.Spring] = yaml.Node{Kind: yaml.ScalarNode, Style: yaml.DoubleQuotedStyle, Value: value}
		}
	}
	text, err := yaml.Marshal(map[string]any{"coze": map[string]any{"oauth": values}})
	return string(text), err
}

// shell is for eval in any POSIX shell (XCU 2.2.2: within single quotes nothing
// has a meaning).
func shell(s Source) (string, error) {
	s.KeyPath = s.KeyFile
	var b strings.Builder
	for _, v := range s.Pairs(credentials.Default) {
		fmt.Fprintf(&b, "export %s=%s\n", v[0], shellQuoted(v[1]))
	}
	return b.String(), nil
}

func shellQuoted(v string) string { return "'" + strings.ReplaceAll(v, "'", `'\''`) + "'" }

// ErrUnwritable is the fault of a value that a format has no way to write.
var ErrUnwritable = fault.Invalid("export.value")

// docker is for docker run --env-file, which takes the rest of a line as it is:
// no quotes, no escapes, no line breaks.
func docker(s Source) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "# docker run --env-file FILE -v %s IMAGE\n", i18n.ShellQuoted(s.KeyFile+":"+s.KeyPath+":ro"))
	for _, v := range s.Pairs(credentials.Default) {
		if strings.ContainsAny(v[1], "\r\n") || strings.TrimSpace(v[1]) != v[1] {
			return "", ErrUnwritable.With("name", v[0], "format", "docker")
		}
		fmt.Fprintf(&b, "%s=%s\n", v[0], v[1])
	}
	return b.String(), nil
}

// keySecret is the secret that holds the key where a tool keeps no files.
const keySecret = "COZE_PRIVATE_KEY_BASE64"

// fly is for fly secrets import. Its reader strips quotes and what follows a #,
// so values with them are refused. A secret becomes a file by the [[files]] of
// fly.toml, which wants it in Base64.
func fly(s Source) (string, error) {
	all := append(s.Pairs(credentials.Default), [2]string{keySecret, base64.StdEncoding.EncodeToString([]byte(s.KeyPEM))})
	var b strings.Builder
	for _, v := range all {
		if strings.ContainsAny(v[1], "\r\n\"'#` \\") {
			return "", ErrUnwritable.With("name", v[0], "format", "fly")
		}
		fmt.Fprintf(&b, "%s=%s\n", v[0], v[1])
	}
	return b.String(), nil
}

// FlyFiles is the part of fly.toml that makes the secret the file that
// COZE_PRIVATE_KEY_PATH names.
const FlyFiles = "[[files]]\n  guest_path = \"" + guestKey + "\"\n  secret_name = \"" + keySecret + "\"\n"

// kubernetes is two Secrets (v1): one for the environment, one that is mounted as
// the key's file. In one, envFrom would put the key into the environment.
func kubernetes(s Source) (string, error) {
	env := map[string]string{}
	for _, v := range s.Pairs(credentials.Default) {
		env[v[0]] = v[1]
	}
	var b strings.Builder
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	for _, secret := range []struct {
		name string
		data map[string]string
	}{{"coze-oauth", env}, {"coze-oauth-key", map[string]string{"private_key.pem": s.KeyPEM}}} {
		err := enc.Encode(struct {
			APIVersion string            `yaml:"apiVersion"`
			Kind       string            `yaml:"kind"`
			Metadata   map[string]string `yaml:"metadata"`
			Type       string            `yaml:"type"`
			StringData map[string]string `yaml:"stringData"`
		}{"v1", "Secret", map[string]string{"name": secret.name}, "Opaque", secret.data})
		if err != nil {
			return "", err
		}
	}
	return b.String(), enc.Close()
}

// KubernetesMount are the parts of a container that use the Secrets.
const KubernetesMount = "envFrom: [{secretRef: {name: coze-oauth}}]\n" +
	"volumeMounts: [{name: coze-key, mountPath: " + guestKey + ", subPath: private_key.pem, readOnly: true}]"

// KubernetesVolumes is the part of the Pod that [KubernetesMount] uses.
const KubernetesVolumes = "volumes: [{name: coze-key, secret: {secretName: coze-oauth-key}}]"

// cozeLoop are the variables that CozeLoop's SDKs read (loop.coze.cn), as a .env.
// They hold the key's text over several lines, which every .env reader but
// ruby-dotenv 2.4 handles. The person fills in the workspace.
func cozeLoop(s Source) (string, error) {
	var b strings.Builder
	for _, v := range [][2]string{
		{"COZELOOP_API_BASE_URL", s.APIBase},
		{"COZELOOP_JWT_OAUTH_CLIENT_ID", s.AppID},
		{"COZELOOP_JWT_OAUTH_PUBLIC_KEY_ID", s.KeyID},
		{"COZELOOP_JWT_OAUTH_PRIVATE_KEY", s.KeyPEM},
		{"COZELOOP_WORKSPACE_ID", ""},
	} {
		if strings.Contains(v[1], "'") {
			return "", ErrUnwritable.With("name", v[0], "format", "cozeloop")
		}
		fmt.Fprintf(&b, "%s='%s'\n", v[0], v[1])
	}
	return b.String(), nil
}
