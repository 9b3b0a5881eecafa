package formats

import (
	"slices"
	"strings"

	"cozejwt/internal/lazyregexp"
)

// Lookup returns the value of an environment variable.
type Lookup func(name string) (value string, ok bool)

// A dialect is how a file writes its variables. The zero one has ${NAME}, and the defaults of
// a shell.
type dialect struct {
	colon   bool // ${NAME:default}
	spring  bool // whatever the default begins with
	compose bool // $$ for a dollar sign
	bare    bool // $NAME anywhere in a value; elsewhere at its start alone
}

// A source looks variables up: in the environment, which wins with Spring and with compose
// too, then among the file's own properties.
type source struct {
	env   Lookup
	file  func(name string) (property, bool)
	where string   // the place that a doubt names
	of    []string // the path of the value that is filled: it is no value for itself
	dialect
}

func (s source) resolve(name string) (string, bool) {
	if s.env != nil {
		if v, ok := s.env(name); ok {
			return v, true
		}
	}
	if s.compose { // its variables are those of the shell and of a .env alone
		return "", false
	}
	p, ok := s.file(name)
	return p.value, ok && p.tag == "" && !slices.Equal(p.path, s.of)
}

var (
	braced = lazyregexp.New(`^([A-Za-z_][A-Za-z0-9_]*)(:?[-?+])(.*)$`) // compose-spec 12, POSIX XCU 2.6.2
	plain  = lazyregexp.New(`^\$([A-Za-z_][A-Za-z0-9_]*)`)
)

// dollar stands for a dollar sign that opens nothing while a value is filled.
const dollar = "\ue001"

// fill replaces the variables in a value, inner ones first. Unset names what nothing fills.
func (s source) fill(value string) (filled, unset string) {
	if s.compose {
		value = strings.ReplaceAll(value, "$$", dollar)
	}
	value, unset = s.braces(value)
	if unset == "" && (s.bare || strings.HasPrefix(value, "$")) {
		value, unset = s.bareNames(value)
	}
	return strings.ReplaceAll(value, dollar, "$"), unset
}

func (s source) braces(value string) (filled, unset string) {
	for depth := 0; ; depth++ {
		start := strings.LastIndex(value, "${")
		if start < 0 {
			return value, ""
		}
		length := strings.IndexByte(value[start:], '}')
		if length < 0 {
			return value, ""
		}
		name, got, ok := s.expression(value[start+2 : start+length])
		if !ok || depth == maxDepth || len(value)+len(got) > maxValue { // deep: it refers to itself
			return "", name
		}
		value = value[:start] + got + value[start+length+1:]
	}
}

// expression is the value of what stands between braces, and the name in it.
func (s source) expression(text string) (name, value string, ok bool) {
	name, fallback, hasDefault := strings.Cut(text, ":")
	if m := braced().FindStringSubmatch(text); m != nil && !s.spring {
		return s.shell(m[1], m[2], m[3])
	}
	name = strings.TrimSpace(name)
	value, ok = s.resolve(name)
	if hasDefault && !s.colon {
		return name, "", false // another tool's
	}
	if !ok && hasDefault {
		return name, fallback, true
	}
	return name, value, ok
}

// shell is ${NAME-default} and its kin: a colon takes an empty value for none.
func (s source) shell(name, operator, word string) (string, string, bool) {
	value, ok := s.resolve(name)
	if strings.HasPrefix(operator, ":") && value == "" {
		ok = false
	}
	switch operator[len(operator)-1] {
	case '-':
		if !ok {
			return name, word, true
		}
	case '+':
		if ok {
			return name, word, true
		}
	}
	return name, value, ok
}

// bareNames fills $NAME. One that a path continues is filled too.
func (s source) bareNames(value string) (filled, unset string) {
	var b strings.Builder
	for {
		at := strings.IndexByte(value, '$')
		if at < 0 {
			return b.String() + value, ""
		}
		b.WriteString(value[:at])
		m := plain().FindStringSubmatch(value[at:])
		if m == nil {
			b.WriteByte('$')
			value = value[at+1:]
			continue
		}
		got, ok := s.resolve(m[1])
		if !ok || b.Len()+len(got) > maxValue {
			return "", m[1]
		}
		b.WriteString(strings.ReplaceAll(got, "$", dollar))
		value = value[at+len(m[0]):]
	}
}
