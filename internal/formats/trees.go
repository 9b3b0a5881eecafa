package formats

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/magiconair/properties"
	"go.yaml.in/yaml/v3"

	"cozejwt/internal/lazyregexp"
)

// The bounds of a file that is read: far above a configuration, far below what
// aliases can make of a few lines.
const (
	maxBytes = 1 << 20
	maxDepth = 50
	maxNodes = 10000
	maxKey   = 200      // bytes of a name
	maxValue = 64 << 10 // a key of 16384 bits takes 13 kB in PEM
	maxPaths = 16 << 20 // bytes of all paths together
)

var errTooLarge = errors.New("too deep or too large for a configuration")

// A document is a flat list of properties, as Spring sees a YAML document.
type document []property

// A property is a value and the keys that lead to it.
type property struct {
	path    []string
	value   string
	line    int    // in the file, 0 where that is not known
	tag     string // of a value that a tool computes, such as !Ref; its value is nothing then
	literal bool   // nothing is expanded in it
	refers  string // the variable of the program that it is, "" for none
}

// A flattener makes properties of a tree.
type flattener struct {
	doc   document
	at    map[string]int // where a path stands in doc
	nodes int            // seen so far in the file
	bytes int            // of their paths
}

// enter bounds what is read.
func (f *flattener) enter(path []string) error {
	f.nodes++
	for _, key := range path {
		f.bytes += len(key)
	}
	if len(path) > maxDepth || f.nodes > maxNodes || f.bytes > maxPaths {
		return errTooLarge
	}
	return nil
}

func deeper(path []string, keys ...string) []string { return slices.Concat(path, keys) }

// add puts a property on top of what the path had.
func (f *flattener) add(p property) {
	p.path = slices.DeleteFunc(slices.Clone(p.path), func(key string) bool { return key == "" })
	if len(p.path) == 0 {
		return
	}
	name := strings.Join(p.path, "\x00")
	if i, there := f.at[name]; there {
		f.doc[i] = p
		return
	}
	if f.at == nil {
		f.at = map[string]int{}
	}
	f.at[name] = len(f.doc)
	f.doc = append(f.doc, p)
}

// fromYAML reads YAML. Template expressions of Helm or Jinja are not valid YAML, so each is
// replaced by a mark first.
func fromYAML(data []byte) ([]document, error) {
	data = templateLine().ReplaceAll(data, nil)
	return yamlDocuments(templateText().ReplaceAll(data, []byte("${1}"+templateMark)))
}

// templateMark stands for a template expression; U+E000 has no meaning in any file.
const templateMark = "\ue000"

var (
	templateLine = lazyregexp.New(`(?m)^[ \t-]*(\{\{[^}\n]*\}\}|\{%[^\n]*%\})[ \t]*$`)
	templateText = lazyregexp.New(`(^|[^${])\{\{[^}\n]*\}\}`) // ${{ }} is of GitHub
)

func yamlDocuments(data []byte) ([]document, error) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var all []document
	nodes, size := 0, 0
	for {
		var node yaml.Node
		err := dec.Decode(&node)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		f := flattener{nodes: nodes, bytes: size}
		if err := f.yaml(&node, nil); err != nil {
			return nil, err
		}
		nodes, size = f.nodes, f.bytes
		all = append(all, f.doc)
	}
}

// yaml flattens a node. A number stays the text that it is: an App ID is no
// quantity.
func (f *flattener) yaml(n *yaml.Node, path []string) error {
	if err := f.enter(path); err != nil {
		return err
	}
	if tag := n.Tag; n.Kind != yaml.AliasNode && strings.HasPrefix(tag, "!") && !strings.HasPrefix(tag, "!!") && len(tag) > 1 {
		f.add(property{path: path, line: n.Line, tag: tag})
		return nil
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
		f.add(property{path: path, value: value, line: n.Line})
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

// brackets are how a properties file writes the index of a list.
var brackets = strings.NewReplacer("[", ".", "]", "")

// fromProperties reads a Java properties file, such as Spring's
// application.properties. Spring Boot divides it into documents at #---.
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
			f.add(property{path: path, value: value})
		}
		all = append(all, f.doc)
	}
	return all, nil
}
