package formats

import (
	"bytes"
	"strings"

	"cozejwt/envfile"
	"cozejwt/internal/lazyregexp"
)

// fromEnv reads a .env. The last value of a name counts.
func fromEnv(data []byte) ([]document, error) {
	f, err := envfile.Parse(data)
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

// unescaped is a written value without double quotes.
func unescaped(written string) string {
	if inner, ok := strings.CutPrefix(written, `"`); ok {
		return strings.NewReplacer(`\n`, "\n", `\r`, "", `\"`, `"`, `\\`, `\`, `\$`, dollar).Replace(strings.TrimSuffix(inner, `"`))
	}
	return written
}

// An assignment of a shell, a .env, PowerShell, a Dockerfile, a systemd unit or a .tfvars.
var assigned = lazyregexp.New(`^\s*(?:export\s+|set\s+|setx\s+|ENV\s+|ARG\s+|Environment=|declare -x\s+|\$env:)?"?([A-Za-z_][A-Za-z0-9_.-]*)\s*(?:=|:)\s*(.*)$`)

// fromText reads notes and scripts: their lines NAME=value, whatever stands between them.
func fromText(data []byte) ([]document, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if text := bytes.TrimSpace(data); bytes.HasPrefix(text, []byte("{")) {
		return fromJSON(data)
	}
	lines := strings.Split(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n")
	var r flattener
	for i := 0; i < len(lines); i++ {
		m := assigned().FindStringSubmatch(lines[i])
		if m == nil {
			continue
		}
		if err := r.enter(nil); err != nil {
			return nil, err
		}
		p := property{path: []string{m[1]}, value: strings.TrimSpace(m[2]), line: i + 1}
		if more := continued(p.value, lines[i+1:]); more > 0 {
			p.value = strings.Join(append([]string{p.value}, lines[i+1:i+1+more]...), "\n")
			i += more
		}
		p.literal = strings.HasPrefix(p.value, "'")
		p.value = strings.TrimSuffix(p.value, ";")
		for _, quote := range []string{`"`, `'`} {
			if inner, ok := strings.CutPrefix(p.value, quote); ok {
				p.value, _, _ = strings.Cut(inner, quote)
			}
		}
		if before, _, comment := strings.Cut(p.value, " #"); comment && !p.literal {
			p.value = strings.TrimSpace(before)
		}
		r.add(p)
	}
	return []document{r.doc}, nil
}

// continued is how many lines below a value belong to it: to its closing quote, or to the last
// line of a key.
func continued(value string, below []string) int {
	end := ""
	switch {
	case strings.Contains(value, "-----BEGIN") && !strings.Contains(value, "-----END"):
		end = "-----END"
	case strings.HasPrefix(value, `"`) && strings.Count(value, `"`) == 1:
		end = `"`
	case strings.HasPrefix(value, `'`) && strings.Count(value, `'`) == 1:
		end = `'`
	default:
		return 0
	}
	for i, line := range below[:min(len(below), 200)] {
		if strings.Contains(line, end) {
			return i + 1
		}
	}
	return 0
}
