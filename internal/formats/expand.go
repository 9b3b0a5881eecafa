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

// resolve returns what a variable stands for. A dollar sign in it that is no variable's is
// marked.
func (s source) resolve(name string) (string, bool) {
	if s.env != nil {
		if v, ok := s.env(name); ok {
			return strings.ReplaceAll(v, "$", dollar), true
		}
	}
	if s.compose { // its variables are those of the shell and of a .env alone
		return "", false
	}
	p, ok := s.file(name)
	if p.literal {
		p.value = strings.ReplaceAll(p.value, "$", dollar)
	}
	return p.value, ok && p.tag == "" && !slices.Equal(p.path, s.of)
}

var (
	braced = lazyregexp.New(`^([A-Za-z_][A-Za-z0-9_]*)(:?[-?+])(.*)$`) // compose-spec 12, POSIX XCU 2.6.2
	plain  = lazyregexp.New(`\$[A-Za-z_][A-Za-z0-9_]*`)
)

// dollar stands for a dollar sign that opens nothing while a value is filled.
const dollar = "\ue001"

// fill replaces the variables in a value, inner ones first. Unset names what nothing fills, or
// what refers to itself.
func (s source) fill(value string) (filled, unset string) {
	if s.compose {
		value = strings.ReplaceAll(value, "$$", dollar)
	}
	for round := 0; ; round++ {
		start, end, inner := s.next(value)
		if end == 0 {
			return strings.ReplaceAll(value, dollar, "$"), ""
		}
		name, got, ok := s.expression(inner)
		if !ok || round == maxDepth || len(value)+len(got) > maxValue {
			return "", name
		}
		value = value[:start] + got + value[end:]
	}
}

// next finds a variable that no other stands in: ${…}, then $NAME. Its end is 0 for none.
func (s source) next(value string) (start, end int, inner string) {
	for limit := len(value); ; limit = start {
		if start = strings.LastIndex(value[:limit], "${"); start < 0 {
			break
		}
		if length := strings.IndexByte(value[start:limit], '}'); length > 0 { // else it opens nothing
			return start, start + length + 1, value[start+2 : start+length]
		}
	}
	for _, at := range plain().FindAllStringIndex(value, -1) {
		if s.bare || at[0] == 0 {
			return at[0], at[1], value[at[0]+1 : at[1]]
		}
	}
	return 0, 0, ""
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
