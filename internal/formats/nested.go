package formats

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"
	"unicode/utf8"

	"cozejwt/internal/lazyregexp"
	"cozejwt/internal/secret"
)

// A section is a document, also one that stands in a value of another.
type section struct {
	document
	dialect
	kubernetes bool
}

// maxNested is how deep configurations stand in values of others.
const maxNested = 3

// sectionsOf reads the text of a file, and the configurations in its values.
func sectionsOf(path string, data []byte) ([]section, error) {
	k, ok := kindOf(path)
	if text := bytes.TrimSpace(data); bytes.HasPrefix(text, []byte("-----BEGIN")) && len(data) <= maxBytes && secret.In(string(text)) == secret.Key {
		return nil, ErrIsKey
	}
	if !ok {
		return nil, ErrKind
	}
	if len(data) > maxBytes {
		return nil, broken(k.name, data, errTooLarge)
	}
	if err := checkEncoding(k, data); err != nil {
		return nil, err
	}
	documents, err := k.read(data)
	if err != nil {
		return nil, broken(k.name, data, err)
	}
	b := budget{maxNodes}
	return joined(b.sections(path, k, documents, nil, 0)), nil
}

// joined makes one section of the objects of Kubernetes: a Pod has its variables from several.
func joined(all []section) []section {
	var others []section
	var objects section
	for _, s := range all {
		if !s.kubernetes {
			others = append(others, s)
			continue
		}
		objects = section{append(objects.document, s.document...), s.dialect, true}
	}
	if objects.kubernetes {
		others = append(others, objects)
	}
	return others
}

// A budget bounds what the values of a file are read to: each of many could hold a large one.
type budget struct{ nodes int }

func (b *budget) sections(path string, k kind, documents []document, below []string, depth int) []section {
	d := dialectOf(path, k, documents)
	var all []section
	for _, doc := range documents {
		environment(doc, d)
		doc, isKubernetes := objects(namedValues(doc))
		var inner []section
		own := doc[:0:0]
		for _, p := range doc {
			found := b.nested(p, depth)
			if found == nil {
				p.path = deeper(below, p.path...)
				own = append(own, p)
			}
			inner = append(inner, found...)
		}
		all = append(all, section{structures(own), d, isKubernetes})
		for _, s := range inner {
			for i := range s.document {
				s.document[i].path = deeper(below, s.document[i].path...)
			}
			all = append(all, s)
		}
	}
	return all
}

// nested reads the configuration that stands in a value, nil where there is none.
func (b *budget) nested(p property, depth int) []section {
	if b.nodes < 0 || depth == maxNested || strings.Contains(p.value, `"kty"`) { // a JWK is a value
		return nil
	}
	k, name, ok := embedded(p)
	if !ok {
		return nil
	}
	documents, err := k.read([]byte(p.value))
	for _, d := range documents {
		b.nodes -= len(d)
		for i := range d {
			d[i].line = p.line
		}
	}
	if err != nil {
		return nil
	}
	return b.sections(name, k, documents, p.path, depth+1)
}

// environment makes properties of the list NAME=VALUE that a compose file has. A name without a
// value is one of the shell's.
func environment(doc document, d dialect) {
	for i, p := range doc {
		n := len(p.path)
		if n < 2 || p.tag != "" {
			continue
		}
		name, value, given := strings.Cut(p.value, "=")
		list := isNumber(p.path[n-1]) && variableName().MatchString(name) && (given || d.compose && p.path[n-2] == "environment")
		switch {
		case list && given:
			doc[i].path, doc[i].value = deeper(p.path[:n-1], name), value
		case list:
			doc[i].path, doc[i].value = deeper(p.path[:n-1], name), "${"+name+"}"
		case d.compose && p.value == "" && p.path[n-2] == "environment" && variableName().MatchString(p.path[n-1]):
			doc[i].value = "${" + p.path[n-1] + "}"
		}
	}
}

var variableName = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_]*$`)

// namedValues makes a property of each element {name: NAME, value: VALUE} of a list: env of
// Kubernetes and of ECS, envVars of Render, app settings of Azure.
func namedValues(doc document) document {
	names := map[string]string{} // by the path of the element
	for _, p := range doc {
		if n := len(p.path); n > 1 && isNumber(p.path[n-2]) && (strings.EqualFold(p.path[n-1], "name") || strings.EqualFold(p.path[n-1], "key")) {
			names[strings.Join(p.path[:n-1], "\x00")] = p.value
		}
	}
	if len(names) == 0 {
		return doc
	}
	for i, p := range doc {
		for n := 1; n < len(p.path); n++ {
			if named, ok := p.named(n, names[strings.Join(p.path[:n], "\x00")]); ok {
				doc[i] = named
				break
			}
		}
	}
	return doc
}

// named is a property of an element that has a name, as one of the list above it; ok is false where the
// n-th key of its path leads to nothing of the variable.
func (p property) named(n int, name string) (_ property, ok bool) {
	key, rest := strings.ToLower(p.path[n]), p.path[n:]
	_, field := meaningOf([]string{name})
	switch {
	case name == "", key == "name", key == "key", !field && !strings.HasPrefix(key, "value"):
		return p, false
	case key == "value":
		rest = rest[1:]
	case key == "valuefrom" && len(rest) == 1: // of ECS: the name of a parameter, or an ARN
		rest = nil
		if !strings.HasPrefix(p.value, "arn:") {
			p.tag = key
		}
	}
	p.path = slices.Concat(p.path[:n-1], []string{name}, rest)
	return p, true
}

// objects gives each object of Kubernetes its name for a place, and the data of a Secret the text that
// it stands for. It reports whether a document is one.
func objects(doc document) (document, bool) {
	kinds, names := map[string]string{}, map[string]string{} // by the number in a list of objects
	at := func(p property) (number string, rest []string) {
		if len(p.path) > 2 && p.path[0] == "items" && isNumber(p.path[1]) {
			return p.path[1], p.path[2:]
		}
		return "", p.path
	}
	for _, p := range doc {
		switch number, rest := at(p); strings.Join(rest, ".") {
		case "kind":
			kinds[number] = p.value
		case "metadata.name":
			names[number] = p.value
		}
	}
	var all document
	found := false
	for _, p := range doc {
		number, rest := at(p)
		kind, name := kinds[number], names[number]
		if kind == "" || name == "" {
			all = append(all, p)
			continue
		}
		found = true
		switch {
		case len(rest) > 2 && rest[0] == "metadata":
			continue // annotations repeat the object
		case kind == "Secret" && rest[0] == "data":
			p.value = decoded(p.value)
		case kind == "SealedSecret" && len(rest) > 2 && rest[1] == "encryptedData":
			p.tag = "encryptedData"
		}
		p.path = append([]string{name}, rest...)
		all = append(all, p)
	}
	return all, found
}

// decoded is the text that Base64 stands for; bytes that are not text stay Base64.
func decoded(text string) string {
	data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil || !utf8.Valid(data) {
		return text
	}
	return string(data)
}

// structures finds the fields that hold a mapping: {value: …}, which is one, and the references
// of tools, which are not values.
func structures(doc document) document {
	taken := map[string]bool{} // what holds a field of its own
	join := func(path []string) string { return strings.Join(path, "\x00") }
	for _, p := range doc {
		if _, ok := meaningOf(p.path); ok {
			taken[join(p.path)] = true
			for n := max(1, len(p.path)-3); n < len(p.path); n++ {
				taken[join(p.path[:n])] = true
			}
		}
	}
	added := map[string]int{} // where the mapping of a field stands in doc
	for _, p := range doc {
		for n := len(p.path) - 1; n > 0 && n >= len(p.path)-4; n-- {
			at := join(p.path[:n])
			if m, ok := meaningOf(p.path[:n]); !ok || m.keys > 1 || taken[at] {
				continue
			}
			i, there := added[at]
			if !there {
				i = len(doc)
				added[at] = i
				doc = append(doc, property{path: p.path[:n], line: p.line, tag: p.path[n]})
			}
			if last := strings.ToLower(p.path[n]); n == len(p.path)-1 && (last == "value" || last == "default") {
				doc[i].tag, doc[i].value = p.tag, p.value
			}
			break
		}
	}
	return doc
}
