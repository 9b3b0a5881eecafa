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

var (
	// assigned is a value in a shell, a .env, PowerShell, a Dockerfile, a systemd unit, a .tfvars, an
	// INI file or notes.
	assigned = lazyregexp.New(`^\s*(?:export\s+|set\s+|setx\s+|ENV\s+|ARG\s+|Environment=|declare -x\s+|\$env:)?"?([\pL_][\pL\pN_.-]*(?: [\pL\pN_]+){0,2})\s*[=:：]\s*(.*)$`)
	// setCommand is the same in csh, fish and setx of Windows.
	setCommand = lazyregexp.New(`^\s*(?:setenv|setx|set\s+-[A-Za-z]*x[A-Za-z]*)\s+([A-Za-z_][A-Za-z0-9_]*)\s+(.*)$`)
	// inARow are several in a line, and passed are those of docker run.
	inARow = lazyregexp.New(`(?:^|\s)` + oneOf + `(?:\s+` + oneOf + `)+`)
	passed = lazyregexp.New(`\s(?:-e|--env|--build-arg)[ =](` + oneOf + `)`)
	one    = lazyregexp.New(oneOf)
	header = lazyregexp.New(`^\s*\[([^\[\]]+)\]\s*$`)
)

const oneOf = `"?[A-Za-z_][A-Za-z0-9_]*=(?:"[^"]*"|'[^']*'|[^\s"']*)"?`

// assignments are the parts of a line that may each assign a value.
func assignments(line string) []string {
	if row := inARow().FindString(line); row != "" {
		return one().FindAllString(row, -1)
	}
	if !passed().MatchString(line) {
		return []string{line}
	}
	var all []string
	for _, m := range passed().FindAllStringSubmatch(line, -1) {
		all = append(all, m[1])
	}
	return all
}

// fromText reads notes and scripts: their lines NAME=value, whatever stands between them.
func fromText(data []byte) ([]document, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if text := bytes.TrimSpace(data); bytes.HasPrefix(text, []byte("{")) {
		return fromJSON(data)
	}
	return fromLines(data, false)
}

// fromINI reads sections of such lines.
func fromINI(data []byte) ([]document, error) {
	return fromLines(bytes.TrimPrefix(data, []byte("\ufeff")), true)
}

func fromLines(data []byte, sections bool) ([]document, error) {
	lines := strings.Split(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n")
	var r flattener
	var section []string
	for i := 0; i < len(lines); i++ {
		if m := header().FindStringSubmatch(lines[i]); m != nil && sections {
			section = strings.Split(m[1], ".")
		}
		at := i
		for _, part := range assignments(lines[i]) {
			m := assigned().FindStringSubmatch(part)
			if m == nil {
				m = setCommand().FindStringSubmatch(part)
			}
			if m == nil {
				continue
			}
			if err := r.enter(section); err != nil {
				return nil, err
			}
			value := strings.TrimSpace(m[2])
			if more := continued(value, lines[at+1:]); more > 0 {
				value = strings.Join(append([]string{value}, lines[at+1:at+1+more]...), "\n")
				i = at + more
			}
			p := plainlyWritten(value)
			p.path, p.line = deeper(section, m[1]), at+1
			r.add(p)
		}
	}
	return []document{r.doc}, nil
}

// plainlyWritten is a value without its quotes, the comment behind it, and the mark of a line that
// goes on in the next.
func plainlyWritten(value string) property {
	p := property{literal: strings.HasPrefix(value, "'"), value: strings.TrimSuffix(value, ";")}
	for _, quote := range []string{`"`, `'`} {
		if inner, ok := strings.CutPrefix(p.value, quote); ok {
			p.value, _, _ = strings.Cut(inner, quote)
			return p
		}
	}
	if before, _, comment := strings.Cut(p.value, " #"); comment {
		p.value = before
	}
	p.value = strings.TrimSpace(strings.TrimSuffix(p.value, " \\"))
	if strings.Count(p.value, `"`) == 1 { // "NAME=value", as systemd has it
		p.value = strings.TrimSuffix(p.value, `"`)
	}
	return p
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
