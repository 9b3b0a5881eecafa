package sandbox

import (
	"bytes"
	"html"
	"slices"
	"strings"
	"unicode"
)

// A node is a piece of a page: an element, text, an attribute of the element around it, or several
// of them. Pages are built of nodes and not of templates, because the reflection of html/template
// keeps 3 MB in the binary that no page needs.
type node interface {
	inTag(*bytes.Buffer)  // writes what it adds to the opening tag around it
	inBody(*bytes.Buffer) // writes what it adds to the content around it
}

// markup is HTML that is written as it is. Only constants of this package are markup; a test sees
// to it that nothing is converted to one.
type markup string

// text is escaped where it is written.
type text string

func (text) inTag(*bytes.Buffer) {}

func (t text) inBody(b *bytes.Buffer) { b.WriteString(escaped(string(t))) }

// unsafeInHTML are the characters that a browser does not read as they are written: the parser
// drops NUL, and makes CR a line feed (HTML 13.2.3.5).
var unsafeInHTML = strings.NewReplacer("\x00", "\ufffd", "\r", "&#13;")

func escaped(s string) string { return unsafeInHTML.Replace(html.EscapeString(s)) }

// attribute is name="value", or the name alone where bare.
type attribute struct {
	name  markup
	value string
	bare  bool
}

// attr is an attribute with a value. A value that is followed or sent to is a path of this server
// or a web address; another becomes "#", because javascript: is an address too.
func attr[S ~string](name markup, value S) node {
	if slices.Contains(addresses, name) && !followable(string(value)) {
		value = "#"
	}
	return attribute{name, string(value), false}
}

// addresses are the attributes of the pages whose values are addresses; data-to is one to the script.
var addresses = []markup{"href", "action", "src", "data-to"}

// followable reports whether an address is a path of this server or one of the web. Browsers drop
// tabs and line breaks, and take a backslash for a slash: //host is another host.
func followable(address string) bool {
	switch {
	case strings.ContainsFunc(address, unicode.IsControl), strings.HasPrefix(address, "//"), strings.HasPrefix(address, `/\`):
		return false
	}
	return strings.HasPrefix(address, "/") || strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "https://")
}

// flag is an attribute without a value that is there where on.
func flag(name markup, on bool) node {
	return when(on, attribute{name: name, bare: true})
}

func (a attribute) inTag(b *bytes.Buffer) {
	b.WriteString(" " + string(a.name))
	if !a.bare {
		b.WriteString(`="` + escaped(a.value) + `"`)
	}
}

func (attribute) inBody(*bytes.Buffer) {}

// group is several nodes, one after the other.
type group []node

func (g group) inTag(b *bytes.Buffer) {
	for _, n := range g {
		n.inTag(b)
	}
}

func (g group) inBody(b *bytes.Buffer) {
	for _, n := range g {
		n.inBody(b)
	}
}

// when is the nodes where the condition holds, and nothing where it does not.
func when(condition bool, nodes ...node) node {
	if !condition {
		return group{}
	}
	return group(nodes)
}

// either is one of two nodes.
func either(condition bool, yes, no node) node {
	if condition {
		return yes
	}
	return no
}

// each is a node for each item.
func each[T any](items []T, build func(T) node) node {
	all := make(group, len(items))
	for i, item := range items {
		all[i] = build(item)
	}
	return all
}

type element struct {
	open  markup
	parts group
}

// el is an element: its opening tag without the brackets, then the nodes in it. Attributes among
// them are added to the tag.
func el(open markup, parts ...node) node { return element{open, parts} }

// empty are the elements of the pages that have no content and no closing tag.
var empty = []string{"input", "link", "meta"}

// inline are those after which a space would be seen; the others are followed by a line feed.
var inline = []string{"code", "span", "strong", "summary", "textarea"}

func (element) inTag(*bytes.Buffer) {}

func (e element) inBody(b *bytes.Buffer) {
	name, _, _ := strings.Cut(string(e.open), " ")
	b.WriteString("<" + string(e.open))
	e.parts.inTag(b)
	b.WriteByte('>')
	if name == "textarea" || name == "pre" {
		b.WriteByte('\n') // the parser drops a first one, which may be the text's own
	}
	if !slices.Contains(empty, name) {
		e.parts.inBody(b)
		b.WriteString("</" + name + ">")
	}
	if !slices.Contains(inline, name) {
		b.WriteByte('\n')
	}
}
