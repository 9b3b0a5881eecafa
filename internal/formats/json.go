package formats

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// fromJSON reads JSON, one value or several, also with the comments and trailing commas that
// launch.json and wrangler.jsonc have. A number stays the text that it is.
func fromJSON(data []byte) ([]document, error) {
	data = plainJSON(data)
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	r := jsonReader{dec: dec, text: data, line: 1}
	var all []document
	for {
		r.doc, r.at = nil, nil
		err := r.value(nil)
		if errors.Is(err, io.EOF) && len(all) > 0 {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		all = append(all, r.doc)
	}
}

// A jsonReader flattens JSON token by token, which keeps the order and gives the lines.
type jsonReader struct {
	flattener
	dec     *json.Decoder
	text    []byte
	counted int // up to where line counts
	line    int
}

func (r *jsonReader) value(path []string) error {
	token, err := r.dec.Token()
	if err != nil {
		return err
	}
	if err := r.enter(path); err != nil {
		return err
	}
	delim, nested := token.(json.Delim)
	if !nested {
		at := int(r.dec.InputOffset())
		r.line += bytes.Count(r.text[r.counted:at], []byte("\n"))
		r.counted = at
		p := property{path: path, line: r.line}
		if token != nil {
			p.value = fmt.Sprint(token)
		}
		r.add(p)
		return nil
	}
	for i := 1; r.dec.More(); i++ {
		key := strconv.Itoa(i)
		if delim == '{' {
			name, err := r.dec.Token()
			if err != nil {
				return err
			}
			key = fmt.Sprint(name)
		}
		if err := r.value(deeper(path, key)); err != nil {
			return err
		}
	}
	_, err = r.dec.Token() // the closing one
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// plainJSON replaces comments, trailing commas and a byte order mark by spaces, so that
// every other byte stays where it is.
func plainJSON(data []byte) []byte {
	text := bytes.Clone(data)
	if bytes.HasPrefix(text, []byte("\ufeff")) {
		copy(text, "   ")
	}
	comma := -1 // the last one with nothing but spaces behind it
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			comma, i = -1, stringEnd(text, i)
		case c == '/' && commentEnd(text, i) > i:
			end := commentEnd(text, i)
			blank(text[i:end])
			i = end - 1
		case c == ',':
			comma = i
		case strings.IndexByte("}]", c) >= 0 && comma >= 0:
			text[comma], comma = ' ', -1
		case strings.IndexByte(" \t\r\n", c) < 0:
			comma = -1
		}
	}
	return text
}

// stringEnd returns where the string that begins at i has its closing quote.
func stringEnd(text []byte, i int) int {
	for i++; i < len(text) && text[i] != '"'; i++ {
		if text[i] == '\\' {
			i++
		}
	}
	return i
}

// commentEnd returns where the comment that begins at i ends, i for none.
func commentEnd(text []byte, i int) int {
	end := 0
	switch rest := text[i:]; {
	case bytes.HasPrefix(rest, []byte("//")):
		end = bytes.IndexByte(rest, '\n')
	case bytes.HasPrefix(rest, []byte("/*")):
		end = bytes.Index(rest[2:], []byte("*/"))
		if end >= 0 {
			end += len("/**/")
		}
	}
	if end < 0 {
		return len(text)
	}
	return i + end
}

// blank makes spaces of a text, but for its line breaks.
func blank(text []byte) {
	for i, c := range text {
		if c != '\n' {
			text[i] = ' '
		}
	}
}

// fromTOML reads TOML 1.0 by its syntax alone: as a value, a number of 21 digits would not
// fit.
func fromTOML(data []byte) ([]document, error) {
	if tooDeep(data) {
		return nil, errTooLarge
	}
	var p unstable.Parser
	p.Reset(bytes.TrimPrefix(data, []byte("\ufeff")))
	r := tomlReader{p: &p, lists: map[string]int{}, line: 1}
	var table []string
	for p.NextExpression() {
		e := p.Expression()
		var err error
		switch e.Kind {
		case unstable.Table:
			table, err = r.table(e, false)
		case unstable.ArrayTable:
			table, err = r.table(e, true)
		case unstable.KeyValue:
			err = r.pair(e, table)
		}
		if err != nil {
			return nil, err
		}
	}
	if broken, ok := errors.AsType[*unstable.ParserError](p.Error()); ok {
		return nil, lineError(p.Shape(p.Range(broken.Highlight)).Start.Line)
	}
	return []document{r.doc}, p.Error()
}

type tomlReader struct {
	flattener
	p       *unstable.Parser
	lists   map[string]int // elements so far of each list of tables
	counted int
	line    int
}

// keys are the parts of a key; they end at the line that the reader is at then.
func (r *tomlReader) keys(n *unstable.Node) []string {
	var keys []string
	for it := n.Key(); it.Next(); {
		key := it.Node()
		keys = append(keys, string(key.Data))
		at := int(key.Raw.Offset)
		r.line += bytes.Count(r.p.Data()[r.counted:at], []byte("\n"))
		r.counted = at
	}
	return keys
}

// table is where the pairs below a header go. Each element of a list of tables has a number.
func (r *tomlReader) table(n *unstable.Node, list bool) ([]string, error) {
	var path []string
	keys := r.keys(n)
	for i, key := range keys {
		path = append(path, key)
		name := fmt.Sprintf("%q", path)
		if list && i == len(keys)-1 {
			r.lists[name]++
		}
		if r.lists[name] > 0 {
			path = append(path, strconv.Itoa(r.lists[name]))
		}
		if err := r.enter(path); err != nil {
			return nil, err
		}
	}
	return path, nil
}

func (r *tomlReader) pair(n *unstable.Node, path []string) error {
	return r.value(n.Value(), deeper(path, r.keys(n)...))
}

func (r *tomlReader) value(n *unstable.Node, path []string) error {
	if err := r.enter(path); err != nil {
		return err
	}
	switch n.Kind {
	case unstable.InlineTable:
		for it := n.Children(); it.Next(); {
			if err := r.pair(it.Node(), path); err != nil {
				return err
			}
		}
	case unstable.Array:
		i := 0
		for it := n.Children(); it.Next(); {
			i++
			if err := r.value(it.Node(), deeper(path, strconv.Itoa(i))); err != nil {
				return err
			}
		}
	case unstable.Integer:
		r.add(property{path: path, value: strings.ReplaceAll(string(n.Data), "_", ""), line: r.line})
	default:
		r.add(property{path: path, value: string(n.Data), line: r.line})
	}
	return nil
}
