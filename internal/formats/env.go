package formats

import (
	"strings"

	"cozejwt/envfile"
	"cozejwt/internal/lazyregexp"
)

// fromEnv reads a .env. The last value of a name counts.
func fromEnv(data []byte) ([]document, error) {
	f, err := envfile.Parse(data)
	if err != nil && sectionLine().Match(data) { // of ThinkPHP, which reads its .env as an INI file
		return fromINI(data)
	}
	if err != nil {
		return nil, err
	}
	var r flattener
	for _, a := range f.Assignments() {
		if err := r.enter(nil); err != nil {
			return nil, err
		}
		value, _ := f.Get(a.Name)
		literal := strings.HasPrefix(a.Written, "'")
		if !literal && strings.Contains(a.Written, "$") { // godotenv has expanded it by its own rules
			value = unescaped(a.Written)
		}
		if strings.HasPrefix(value, "#") { // godotenv takes a comment for a value
			value = ""
		}
		r.add(property{path: []string{a.Name}, value: value, line: a.Line, literal: literal})
	}
	return []document{r.doc}, nil
}

var sectionLine = lazyregexp.New(`(?m)^\s*\[[A-Za-z_]\w*\]\s*$`)

// unescaped is a written value without double quotes.
func unescaped(written string) string {
	if inner, ok := strings.CutPrefix(written, `"`); ok {
		return strings.NewReplacer(`\n`, "\n", `\r`, "", `\"`, `"`, `\\`, `\`, `\$`, dollar).Replace(strings.TrimSuffix(inner, `"`))
	}
	return written
}
