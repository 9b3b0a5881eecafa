package formats

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/magiconair/properties"
	"github.com/pelletier/go-toml/v2"
	"go.yaml.in/yaml/v3"
)

// The bounds of a file that is read: far above a configuration, far below what
// aliases can make of a few lines.
const (
	maxDepth = 50
	maxNodes = 10000
)

var errTooLarge = errors.New("too deep or too large for a configuration")

func fromYAML(data []byte) ([]document, error) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var all []document
	nodes := 0
	for {
		var node yaml.Node
		err := dec.Decode(&node)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		f := flattener{nodes: nodes}
		if err := f.yaml(&node, nil); err != nil {
			return nil, err
		}
		nodes = f.nodes
		all = append(all, f.doc)
	}
}

// A flattener makes properties of a tree.
type flattener struct {
	doc   document
	at    map[string]int // where a path stands in doc
	nodes int            // seen so far in the file
}

// enter bounds what is read.
func (f *flattener) enter(path []string) error {
	f.nodes++
	if len(path) > maxDepth || f.nodes > maxNodes {
		return errTooLarge
	}
	return nil
}

// yaml flattens a node. A number stays the text that it is: an App ID is no
// quantity.
func (f *flattener) yaml(n *yaml.Node, path []string) error {
	if err := f.enter(path); err != nil {
		return err
	}
	switch n.Kind {
	case yaml.DocumentNode:
		for _, child := range n.Content {
			if err := f.yaml(child, path); err != nil {
				return err
			}
		}
	case yaml.AliasNode:
		return f.yaml(n.Alias, deeper(path, "")) // the path grows, so that maxDepth ends an alias within itself
	case yaml.SequenceNode:
		for i, child := range n.Content {
			if err := f.yaml(child, deeper(path, strconv.Itoa(i+1))); err != nil {
				return err
			}
		}
	case yaml.MappingNode:
		return f.mapping(n, path)
	case yaml.ScalarNode:
		value := n.Value
		if n.Tag == "!!null" {
			value = ""
		}
		f.add(path, value)
	}
	return nil
}

// mapping flattens merged keys (<<) first, so that the mapping's own keys override them.
func (f *flattener) mapping(n *yaml.Node, path []string) error {
	for _, merged := range []bool{true, false} {
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, value := n.Content[i], n.Content[i+1]
			if (key.Tag == "!!merge") != merged {
				continue
			}
			below := path
			if !merged {
				below = slices.Concat(path, strings.Split(key.Value, "."))
			} else if value.Kind == yaml.SequenceNode {
				for _, one := range slices.Backward(value.Content) { // the first has the last word
					if err := f.yaml(one, below); err != nil {
						return err
					}
				}
				continue
			}
			if err := f.yaml(value, below); err != nil {
				return err
			}
		}
	}
	return nil
}

func deeper(path []string, key string) []string { return append(slices.Clip(path), key) }

// add puts a property on top of what the path had.
func (f *flattener) add(path []string, value string) {
	path = slices.DeleteFunc(slices.Clone(path), func(key string) bool { return key == "" })
	if len(path) == 0 {
		return
	}
	name := strings.Join(path, "\x00")
	if i, there := f.at[name]; there {
		f.doc[i].value = value
		return
	}
	if f.at == nil {
		f.at = map[string]int{}
	}
	f.at[name] = len(f.doc)
	f.doc = append(f.doc, property{path, value})
}

func fromJSON(data []byte) ([]document, error) {
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil {
		return nil, err
	}
	var f flattener
	err := f.json(value, nil)
	return []document{f.doc}, err
}

func (f *flattener) json(v any, path []string) error {
	if err := f.enter(path); err != nil {
		return err
	}
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if err := f.json(v[key], deeper(path, key)); err != nil {
				return err
			}
		}
	case []any:
		for i, child := range v {
			if err := f.json(child, deeper(path, strconv.Itoa(i+1))); err != nil {
				return err
			}
		}
	case nil:
		f.add(path, "")
	default:
		f.add(path, fmt.Sprint(v))
	}
	return nil
}

// fill replaces each ${NAME} and ${NAME:default} in a value, inner ones first,
// as Spring does. Unset names what nothing fills.
func (ls layers) fill(value string, env Lookup, depth int) (filled, unset string) {
	for ; ; depth++ {
		start := strings.LastIndex(value, "${")
		if start < 0 {
			break
		}
		length := strings.IndexByte(value[start:], '}')
		if length < 0 {
			break
		}
		name, def, hasDefault := strings.Cut(value[start+2:start+length], ":")
		got, ok := ls.resolve(strings.TrimSpace(name), env)
		switch {
		case ok:
		case hasDefault:
			got = def
		default:
			return "", strings.TrimSpace(name)
		}
		if depth == maxDepth { // it refers to itself
			return "", strings.TrimSpace(name)
		}
		value = value[:start] + got + value[start+length+1:]
	}
	return value, ""
}

// resolve looks a placeholder up: in the environment, which wins with Spring
// too, then among the file's own properties.
func (ls layers) resolve(name string, env Lookup) (string, bool) {
	if env != nil {
		if v, ok := env(name); ok {
			return v, true
		}
	}
	return ls.get(nameKey(name))
}

// fromTOML reads TOML 1.0. A number is an int64, which holds every id seen.
func fromTOML(data []byte) ([]document, error) {
	if tooDeep(data) {
		return nil, errTooLarge
	}
	var value map[string]any
	if err := toml.Unmarshal(bytes.TrimPrefix(data, []byte("\ufeff")), &value); err != nil {
		return nil, err
	}
	var f flattener
	err := f.json(value, nil)
	return []document{f.doc}, err
}

// brackets are how a properties file writes the index of a list.
var brackets = strings.NewReplacer("[", ".", "]", "")

// fromProperties reads a Java properties file, such as Spring's
// application.properties. Its placeholders are filled as in YAML; Spring Boot
// divides it into documents at #---.
func fromProperties(data []byte) ([]document, error) {
	loader := properties.Loader{Encoding: properties.UTF8, DisableExpansion: true}
	var all []document
	for _, part := range regexp.MustCompile(`(?m)^[#!]---[ \t]*\r?$`).Split(string(bytes.TrimPrefix(data, []byte("\ufeff"))), -1) {
		read, err := loader.LoadBytes([]byte(part))
		if err != nil {
			return nil, err
		}
		var f flattener
		for _, name := range read.Keys() {
			path := strings.Split(brackets.Replace(name), ".")
			if err := f.enter(path); err != nil {
				return nil, err
			}
			value, _ := read.Get(name)
			f.add(path, value)
		}
		all = append(all, f.doc)
	}
	return all, nil
}
