// Package formats reads credentials out of the files in which other
// programs keep them: Spring's application.yaml or application.properties, the
// SDKs' coze_oauth_config.json, TOML, another .env. It reads and makes text; it writes no
// file and asks no one.
package formats

import (
	"bytes"
	"encoding/base64"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"cozejwt/envfile"
	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/secret"
)

// A Found is the credentials at one place of a file.
type Found struct {
	credentials.Set                // as the file has it; without a KeyPath where KeyText is there
	Name            string         // what to call it, taken from where it stands
	Where           string         // the place in the file, such as coze.oauth
	KeyText         secret.String  // the private key itself, in PEM
	Doubts          []*fault.Fault // what could not be understood
}

var (
	// ErrKind is the fault of an unsupported file type.
	ErrKind = fault.Usage("import.kind")
	// ErrSyntax is the fault of a file that is broken.
	ErrSyntax = fault.Invalid("import.syntax")
	// ErrNoSet is the fault of a file that holds no set.
	ErrNoSet = fault.Invalid("import.no_set")
	// ErrUnset is the doubt about a placeholder that nothing fills.
	ErrUnset = fault.Invalid("import.unset")
)

// Lookup returns the value of an environment variable.
type Lookup func(name string) (value string, ok bool)

// kindOf returns what a file is by its name, and what reads it; nil for a kind that is not
// known.
func kindOf(path string) (kind string, read func([]byte) ([]document, error)) {
	switch name := strings.ToLower(filepath.Base(path)); {
	case strings.HasSuffix(name, ".yaml"), strings.HasSuffix(name, ".yml"):
		return "YAML", fromYAML
	case strings.HasSuffix(name, ".json"):
		return "JSON", fromJSON
	case strings.HasSuffix(name, ".toml"):
		return "TOML", fromTOML
	case strings.HasSuffix(name, ".properties"):
		return "properties", fromProperties
	case IsEnv(path):
		return ".env", fromEnv
	}
	return "", nil
}

// Read returns the sets in data, the content of the file at path, in order. A ${NAME:default} is
// filled from env first, then from the file itself. Errors: ErrKind, ErrSyntax, ErrNoSet.
func Read(path string, data []byte, env Lookup) ([]Found, error) {
	kind, read := kindOf(path)
	if read == nil {
		return nil, ErrKind.With("path", path)
	}
	documents, err := read(data)
	if err != nil {
		return nil, fault.At(path, broken(kind, data, err))
	}
	found := sets(documents, env, path)
	if IsEnv(path) {
		for i := range found {
			found[i].Name, found[i].Where = envName(path), ""
		}
	}
	found = distinct(found)
	if len(found) == 0 {
		return nil, ErrNoSet.With("path", path)
	}
	return found, nil
}

// A document is a flat list of properties, as Spring sees a YAML document.
type document []property

// A property is a value and the keys that lead to it.
type property struct {
	path  []string
	value string
}

// keyText is the private key itself, which no variable of a .env holds.
const keyText credentials.Field = "key_text"

// fields says which value a name stands for, in lower case and without
// separators: camelCase, kebab-case and SNAKE_CASE are one to Spring.
var fields = func() map[string]credentials.Field {
	all := map[string]credentials.Field{"privatekey": keyText, "privatekeypem": keyText, "privatekeycontent": keyText}
	for _, v := range credentials.Variables {
		for _, alias := range v.Aliases {
			all[alias] = v.Field
		}
	}
	return all
}()

var separators = strings.NewReplacer("-", "", "_", "", ".", "")

// relaxed is a name as Spring compares it, without the prefixes that variables
// of the environment have.
func relaxed(name string) string {
	name = separators.Replace(strings.ToLower(name))
	if _, known := fields[name]; known {
		return name
	}
	for _, prefix := range []string{"coze", "loop", "jwtoauth"} { // COZELOOP_JWT_OAUTH_… too
		name = strings.TrimPrefix(name, prefix)
	}
	return name
}

// sets groups properties by the place they stand at: an App ID with a part of a
// key beside it is a set.
func sets(documents []document, env Lookup, path string) []Found {
	common := layer{}
	var all []Found
	for _, doc := range documents {
		profile, known := springProfile(doc), layers{common}
		if profile == "" {
			common.add(doc)
		} else {
			own := layer{}
			own.add(doc)
			known = layers{own, common}
		}
		for _, place := range doc.places() { // what stands elsewhere was found already
			if f, ok := known.set(place, env); ok {
				f.Name = nameOf(place, path, profile)
				all = append(all, f)
			}
		}
	}
	return all
}

// places are where properties stand, each once, in order.
func (d document) places() [][]string {
	seen := map[string]bool{}
	var all [][]string
	for _, p := range d {
		place := p.path[:len(p.path)-1]
		if at := strings.Join(place, "\x00"); !seen[at] {
			seen[at] = true
			all = append(all, place)
		}
	}
	return all
}

// A layer has the values of documents by where they are looked for: the field at a place,
// and the name that a placeholder has. The later value counts.
type layer map[string]string

func fieldKey(place []string, f credentials.Field) string {
	return strings.Join(place, "\x00") + "\x00=" + string(f)
}

func nameKey(name string) string { return "$" + separators.Replace(strings.ToLower(name)) }

func (l layer) add(d document) {
	for _, p := range d {
		place, name := p.path[:len(p.path)-1], p.path[len(p.path)-1]
		if field, known := fields[relaxed(name)]; known {
			l[fieldKey(place, field)] = p.value
		}
		l[nameKey(strings.Join(p.path, "."))] = p.value
	}
}

// layers are read from the top.
type layers []layer

func (ls layers) get(key string) (string, bool) {
	for _, l := range ls {
		if v, there := l[key]; there {
			return v, true
		}
	}
	return "", false
}

func (ls layers) set(place []string, env Lookup) (f Found, ok bool) {
	f.Where = strings.Join(place, ".")
	get := func(place []string, field credentials.Field) string {
		raw, _ := ls.get(fieldKey(place, field))
		value, unset := ls.fill(raw, env, 0)
		if unset != "" {
			f.Doubts = append(f.Doubts, ErrUnset.With("where", f.Where, "name", unset))
		}
		return value
	}
	has := func(field credentials.Field) bool { _, there := ls.get(fieldKey(place, field)); return there }
	if !has(credentials.AppID) || !has(credentials.KeyID) && !has(credentials.KeyPath) && !has(keyText) {
		return f, false
	}
	for _, v := range credentials.Variables {
		*f.At(v.Field) = get(place, v.Field)
		// One that several sets have in common may be given above them.
		for up := place; v.Shared && f.Get(v.Field) == "" && len(up) > 0; {
			up = up[:len(up)-1]
			*f.At(v.Field) = get(up, v.Field)
		}
	}
	for _, text := range []string{get(place, keyText), f.KeyPath} { // whatever they are called
		switch {
		case text == "":
		case envfile.HoldsKey(text):
			f.KeyText, f.KeyPath = secret.New(asPEM(text)), ""
		case f.KeyText.IsZero():
			f.KeyPath = text
		}
	}
	return f, true
}

// asPEM gives key text the lines that people leave off, and the line breaks that they
// write as \n. Base64 of a PEM, as Kubernetes and CI have it, is that PEM.
func asPEM(text string) string {
	text = strings.ReplaceAll(text, `\n`, "\n")
	if strings.Contains(text, "-----BEGIN") {
		return text
	}
	body := strings.Join(strings.Fields(text), "")
	if pem, err := base64.StdEncoding.DecodeString(body); err == nil && bytes.Contains(pem, []byte("-----BEGIN")) {
		return string(pem)
	}
	return "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n"
}

// springProfile is the profile that a document is for, "" for all.
func springProfile(d document) string {
	for _, p := range d {
		switch separators.Replace(strings.ToLower(strings.Join(p.path, "."))) {
		case "springconfigactivateonprofile", "springprofiles":
			return p.value
		}
	}
	return ""
}

// nameOf makes a profile's name of a place: its last key, or the file's; with
// the Spring profile behind it.
func nameOf(place []string, path, profile string) string {
	file := strings.TrimPrefix(filepath.Base(path), ".")
	file = strings.TrimSuffix(file, filepath.Ext(file))
	if spring, ok := strings.CutPrefix(file, "application-"); ok && profile == "" {
		profile = spring
	}
	name := file
	if last := len(place) - 1; last >= 0 {
		name = place[last]
		if _, err := strconv.Atoi(name); err == nil && last > 0 {
			name = place[last-1] + "-" + name
		}
	}
	if profile != "" && profile != name {
		name += "-" + profile
	}
	return plainName(name)
}

// IsEnv reports whether a file is a .env by its name.
func IsEnv(path string) bool {
	name := filepath.Base(path)
	return strings.HasPrefix(name, ".env") || strings.HasSuffix(name, ".env")
}

// envName is the profile that a .env is for, or the project that it is of.
func envName(path string) string {
	name := filepath.Base(path)
	name = strings.Trim(strings.TrimSuffix(strings.TrimPrefix(name, ".env"), ".env"), ".")
	if dir, err := filepath.Abs(filepath.Dir(path)); name == "" && err == nil {
		name = filepath.Base(dir)
	}
	return plainName(name)
}

// plainName replaces all but ASCII letters, digits, - and _ with -; "imported" if nothing remains.
func plainName(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		}
		return '-'
	}, s)
	if s = strings.Trim(s, "-"); s == "" {
		return "imported"
	}
	return s
}

// distinct drops a set that stands in the file a second time under the same
// name.
func distinct(all []Found) []Found {
	type same struct {
		set     credentials.Set
		name    string
		keyText secret.String
	}
	seen := map[same]bool{}
	return slices.DeleteFunc(all, func(f Found) bool {
		key := same{f.Set, f.Name, f.KeyText}
		twice := seen[key]
		seen[key] = true
		return twice
	})
}

func fromEnv(data []byte) ([]document, error) {
	f, err := envfile.Parse(data)
	if err != nil {
		return nil, err
	}
	var doc document
	for _, name := range f.Names() {
		value, _ := f.Get(name)
		// Two conventions in one file are two sets, however much they agree.
		convention := string(credentials.Default)
		switch {
		case strings.HasPrefix(name, "COZE_JWT_OAUTH_"):
			convention = string(credentials.SDK)
		case strings.HasPrefix(name, "COZELOOP_"):
			convention = "cozeloop"
		}
		if slices.ContainsFunc(credentials.Variables, func(v credentials.Variable) bool {
			return v.Shared && convention != "cozeloop" && fields[relaxed(name)] == v.Field
		}) {
			doc = append(doc, property{[]string{name}, value})
			continue
		}
		doc = append(doc, property{[]string{convention, name}, value})
	}
	return []document{doc}, nil
}
